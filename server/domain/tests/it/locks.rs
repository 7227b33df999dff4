//! Who locks what first: the person's row comes before what is theirs, or two acts wait for each other. And what two acts at once
//! leave in an establishment's list.

use domain::{
    identity::{
        self, EmailChangeError, ProfileError,
        psc::{self, Intent, UnlinkError},
    },
    members,
};
use model::{account::Profile, roles::Role, time::Language};
use sqlx::{AssertSqlSafe, Executor, PgConnection};

use crate::{
    factors,
    support::{App, app, nurse_with_a_place, origin},
};

impl App {
    /// Another act, in the middle of its transaction.
    pub async fn halfway(&self, sql: &str) -> PgConnection {
        let mut other = self.look().await;
        other.execute(AssertSqlSafe(format!("BEGIN; {sql}"))).await.unwrap();
        other
    }

    /// Until so many use cases wait for another act.
    pub async fn are_waiting(&self, many: i64) {
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'carelink_app'
                       AND wait_event_type = 'Lock'";
        let mut looks = 0..2_000;
        while self.count(waiting).await < many {
            assert!(looks.next().is_some(), "fewer than {many} wait");
        }
    }

    /// It goes on once a use case waits for it.
    pub async fn goes_on(&self, mut other: PgConnection, sql: &str) {
        self.are_waiting(1).await;
        // Two that wait for each other show here, or at the use case: the database ends one of them.
        other.execute(AssertSqlSafe(format!("{sql}; COMMIT"))).await.unwrap();
    }
}

#[tokio::test]
async fn who_comes_with_pro_sante_connect_waits_for_the_person_before_the_identity() {
    let (app, _) = nurse_with_a_place().await;
    let user = app.who(&app.arrive().await).await.unwrap().user;
    // As unlinking does it.
    let unlinking =
        app.halfway(&format!("SELECT FROM control.users WHERE id = '{user}' FOR NO KEY UPDATE")).await;
    let visit = app.go(Intent::SignIn).await;
    let gone = format!("DELETE FROM control.psc_identities WHERE user_id = '{user}'");
    let (came, ()) = tokio::join!(app.back(&visit, None), app.goes_on(unlinking, &gone));
    let stranger = app.who(&came.expect("in").issued).await.unwrap();
    assert_ne!(stranger.user, user, "the identity was taken off that account");
}

#[tokio::test]
async fn an_identity_that_is_another_accounts_meanwhile_begins_again() {
    let (app, house) = nurse_with_a_place().await;
    let user = app.who(&app.arrive().await).await.unwrap().user;
    let (other, _) = app.person(&house, &[Role::Nurse]).await;
    let linking =
        app.halfway(&format!("SELECT FROM control.users WHERE id = '{user}' FOR NO KEY UPDATE")).await;
    let visit = app.go(Intent::SignIn).await;
    let moved = format!("UPDATE control.psc_identities SET user_id = '{other}' WHERE user_id = '{user}'");
    let (came, ()) = tokio::join!(app.back(&visit, None), app.goes_on(linking, &moved));
    assert_eq!(came.err().unwrap().why.word(), "expired");
    let came = app.back(&app.go(Intent::SignIn).await, None).await.expect("in");
    assert_eq!(app.who(&came.issued).await.unwrap().user, other);
}

#[tokio::test]
async fn a_change_of_rights_waits_for_the_person_before_their_membership() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let admin = app.admin(&house).await;
    let (user, email) = app.person(&house, &[Role::Nurse]).await;
    app.sign_in(&email, None).await;
    // As a change of establishment does it: the person, the session that ends, and then the membership.
    let switching = app
        .halfway(&format!(
            "SELECT FROM control.users WHERE id = '{user}' FOR NO KEY UPDATE;
             UPDATE control.sessions SET last_active_at = now() WHERE user_id = '{user}'"
        ))
        .await;
    let opened = format!("UPDATE control.memberships SET last_sign_in_at = now() WHERE user_id = '{user}'");
    let (disabled, ()) =
        tokio::join!(members::disable(&app.d, &admin, user), app.goes_on(switching, &opened));
    disabled.unwrap();
}

#[tokio::test]
async fn of_disabling_and_enabling_at_once_the_list_keeps_what_the_membership_says() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let admin = app.admin(&house).await;
    let (user, _) = app.person(&house, &[Role::Nurse]).await;
    let schema = house.schema();
    // Somebody else enables them between the two steps.
    let enabling = app.halfway(&format!("SELECT FROM {schema}.staff WHERE id = '{user}' FOR UPDATE")).await;
    let enabled = format!(
        "UPDATE control.memberships SET disabled_at = NULL WHERE user_id = '{user}';
         UPDATE {schema}.staff SET active = true WHERE id = '{user}'"
    );
    let (disabled, ()) =
        tokio::join!(members::disable(&app.d, &admin, user), app.goes_on(enabling, &enabled));
    disabled.unwrap();
    let active = format!("SELECT count(*) FROM {schema}.staff WHERE id = '{user}' AND active");
    assert_eq!(app.count(&active).await, 1);
    let rows = format!("SELECT count(*) FROM {schema}.audit WHERE action = 'members.disable'");
    assert_eq!(app.count(&rows).await, 1, "one act, one row");
    // Other roles let nobody back in.
    members::disable(&app.d, &admin, user).await.unwrap();
    members::change_roles(&app.d, &admin, user, &vec![Role::Secretary].into()).await.unwrap();
    assert_eq!(app.count(&active).await, 0);
}

#[tokio::test]
async fn what_a_session_asked_for_before_it_ended_is_not_done() {
    let p = factors::nurse(true).await;
    let (_, _, local) = p.enrol(&p.session().await).await;
    p.app.link(p.user).await;
    let (who, from) = (p.who(&local).await, origin("192.0.2.1"));
    let user = p.user;
    // As a new password does it, or "this wasn't me".
    let ends = format!(
        "UPDATE control.sessions SET revoked_at = now(), revoked_reason = 'password' WHERE user_id = '{user}'"
    );
    let lock = format!("SELECT FROM control.users WHERE id = '{user}' FOR NO KEY UPDATE");
    let other = p.app.halfway(&lock).await;
    let (unlinked, ()) = tokio::join!(psc::unlink(&p.app.d, &who, from), p.app.goes_on(other, &ends));
    assert!(matches!(unlinked, Err(UnlinkError::NotFound)), "{unlinked:?}");
    assert_eq!(p.app.count("SELECT count(*) FROM control.psc_identities").await, 1);
    let new = "ailleurs@exemple.fr".parse().unwrap();
    let asked = identity::ask_email_change(&p.app.d, &who, from, &new).await;
    assert!(matches!(asked, Err(EmailChangeError::Expired)), "{asked:?}");
    let profile = Profile { name: None, language: Language::En };
    let changed = identity::change_profile(&p.app.d, &who, from, &profile).await;
    assert!(matches!(changed, Err(ProfileError::Over)), "{changed:?}");
}
