//! An identity that had opened an account of its own, which nobody let in anywhere, is linked to another: that account goes, and
//! nothing of it goes unseen.

use std::{sync::Arc, time::Duration};

use domain::{
    identity::{
        self, Identified,
        psc::{self, Came, Finished, PscError, Turned},
    },
    members::{self, AnswerError},
};
use model::roles::Role;
use sqlx::{AssertSqlSafe, Executor, PgConnection};

use crate::support::{App, DEVICE, House, app, origin};

struct Desk {
    app: App,
    house: House,
    /// Who has a local account, and links.
    who: Arc<Identified>,
    /// Whom the identity opened until then.
    stranger: Arc<Identified>,
}

impl Desk {
    async fn new() -> Self {
        let app = app().await;
        let house = app.house("Pharmacie des Lilas").await;
        let arrived = app.arrive().await;
        let stranger = app.who(&arrived).await.unwrap();
        let (_, email) = app.person(&house, &[Role::Nurse]).await;
        let issued = app.sign_in(&email, None).await;
        let who = app.shown(&issued).await;
        Self { app, house, who, stranger }
    }

    /// Comes back from the provider: the names differ, so there is something to confirm.
    async fn asked(&self) -> String {
        let visit = self.app.go_to_link(&self.who).await;
        match self.app.returned(&visit, Some(&self.who)).await.map_err(|turned| turned.why).unwrap() {
            Came::Asks(token) => token,
            Came::In(_) => panic!("linked without a question"),
        }
    }

    async fn confirms(&self, token: &str) -> Result<Finished, Turned> {
        psc::confirm_link(&self.app.d, origin("192.0.2.1"), DEVICE, &self.who, token).await
    }

    /// Does something more in a transaction, once another one waits for it.
    async fn then(&self, tx: &mut PgConnection, sql: &str) {
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while self.app.count(waiting).await == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tx.execute(AssertSqlSafe(sql)).await.unwrap();
    }

    async fn forgotten(&self) -> i64 {
        self.app.count("SELECT count(*) FROM control.audit WHERE action = 'identity.forget_stranger'").await
    }

    async fn woken(&self) -> i64 {
        self.app.count("SELECT count(*) FROM queue.outbox WHERE kind = 'members.requests'").await
    }
}

#[tokio::test]
async fn the_account_leaves_its_row_its_sessions_end_and_administrators_who_were_asked_hear_of_it() {
    let desk = Desk::new().await;
    let Desk { app, house, who, stranger } = &desk;
    members::ask(&app.d, stranger, origin("192.0.2.1"), house.id, None).await.unwrap();
    let woken = desk.woken().await;
    let token = desk.asked().await;
    assert_eq!((desk.forgotten().await, desk.woken().await), (0, woken), "nothing before it is confirmed");
    let still = identity::authenticate_id(&app.d, stranger.session, false).await.unwrap();
    assert!(still.is_some());

    let issued = desk.confirms(&token).await.map_err(|turned| turned.why).unwrap().issued;
    let row = format!(
        "SELECT count(*) FROM control.audit WHERE action = 'identity.forget_stranger' AND outcome = 'done'
           AND object_kind = 'user' AND object_id = '{}' AND actor_id = '{}' AND session_id = '{}'
           AND address = '192.0.2.1' AND detail IS NULL",
        stranger.user, who.user, issued.session
    );
    assert_eq!((app.count(&row).await, desk.forgotten().await), (1, 1));
    let ended = identity::authenticate_id(&app.d, stranger.session, false).await.unwrap();
    assert!(ended.is_none(), "at once, on this node");
    assert_eq!(desk.woken().await, woken + 1);
}

#[tokio::test]
async fn who_is_let_in_meanwhile_keeps_account_and_place() {
    let desk = Desk::new().await;
    let token = desk.asked().await;
    // An administrator's answer that has not ended yet.
    let mut answer = desk.app.look().await;
    let member = format!(
        "BEGIN; INSERT INTO control.memberships (user_id, establishment_id, roles, created_at)
         VALUES ('{}', '{}', '{{nurse}}', now())",
        desk.stranger.user, desk.house.id
    );
    answer.execute(AssertSqlSafe(member)).await.unwrap();
    let (linked, ()) = tokio::time::timeout(Duration::from_secs(10), async {
        tokio::join!(desk.confirms(&token), desk.then(&mut answer, "COMMIT"))
    })
    .await
    .unwrap();
    assert!(matches!(linked.map(drop).map_err(|turned| turned.why), Err(PscError::AlreadyLinked)));
    let kept = format!("SELECT count(*) FROM control.memberships WHERE user_id = '{}'", desk.stranger.user);
    assert_eq!((desk.app.count(&kept).await, desk.forgotten().await), (1, 0));
}

#[tokio::test]
async fn an_account_with_another_way_in_is_not_given_up() {
    for way in [
        // "This wasn't me" took the password away: a mailed link brings another.
        "UPDATE control.users SET password_hash = NULL, password_changed_at = now() WHERE id = '{}'",
        "INSERT INTO control.passkeys VALUES ('{}', '{}', 'x', '{}', 'Clé', now(), NULL)",
    ] {
        let desk = Desk::new().await;
        let token = desk.asked().await;
        let user = desk.stranger.user.to_string();
        desk.app.alter(&way.replacen("'{}'", &format!("'{user}'"), 2)).await;
        let linked = desk.confirms(&token).await.map(drop).map_err(|turned| turned.why);
        assert!(matches!(linked, Err(PscError::AlreadyLinked)), "{way}: {linked:?}");
        assert_eq!(desk.forgotten().await, 0);
    }
}

#[tokio::test]
async fn an_answer_that_comes_while_the_account_goes_finds_nobody() {
    let desk = Desk::new().await;
    members::ask(&desk.app.d, &desk.stranger, origin("192.0.2.1"), desk.house.id, None).await.unwrap();
    let admin = desk.app.admin(&desk.house).await;
    let (user, roles) = (desk.stranger.user, vec![Role::Nurse].into());
    // The account first and then, with it, its request.
    let mut goes = desk.app.look().await;
    let lock = format!("BEGIN; SELECT id FROM control.users WHERE id = '{user}' FOR UPDATE");
    goes.execute(AssertSqlSafe(lock)).await.unwrap();
    let delete = format!("DELETE FROM control.users WHERE id = '{user}'; COMMIT");
    let answer = members::accept(&desk.app.d, &admin, user, &roles);
    let (answered, ()) = tokio::join!(answer, desk.then(&mut goes, &delete));
    assert!(matches!(answered, Err(AnswerError::NotFound)), "{answered:?}");
}
