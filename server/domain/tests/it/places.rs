//! What the establishments of somebody are told of their account, and what the platform's own audit keeps of it.

use domain::{
    PlatformAdmin, establishments,
    identity::{self, psc},
};
use model::{
    account::{FullName, Profile},
    identity::Password,
    ids::UserId,
    roles::Role,
    time::Language,
};
use uuid::Uuid;

use crate::{
    factors,
    support::{App, House, NURSE, PASSWORD, app, nurse_with_a_place, origin, psc::person, token_of},
};

/// Who, with which session, from where.
type By = (String, Option<Uuid>, Option<Uuid>, Option<String>);

fn themselves(user: UserId, session: model::ids::SessionId) -> Vec<By> {
    vec![("staff".to_owned(), Some(user.0), Some(session.0), Some("192.0.2.1".to_owned()))]
}

impl App {
    async fn by(&self, house: &House, action: &str) -> Vec<By> {
        let sql = format!(
            "SELECT actor_kind, actor_id, session_id, host(address) FROM {}.audit WHERE action = '{action}' ORDER BY id",
            house.schema()
        );
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut self.look().await).await.unwrap()
    }

    /// What the platform's last row of an act says.
    async fn detail(&self, action: &str) -> Option<String> {
        let sql =
            format!("SELECT detail FROM control.audit WHERE action = '{action}' ORDER BY id DESC LIMIT 1");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut self.look().await).await.unwrap()
    }

    async fn listed(&self, house: &House, name: &str) -> bool {
        let sql = format!("SELECT count(*) FROM {}.staff WHERE display_name = '{name}'", house.schema());
        self.count(&sql).await == 1
    }
}

#[tokio::test]
async fn another_name_of_the_provider_stands_in_the_platforms_row_and_says_whose_sign_in_it_was() {
    let (app, house) = nurse_with_a_place().await;
    assert_eq!(app.detail("identity.psc_sign_in").await.as_deref(), Some("new account"));
    app.psc.is(person(NURSE, "SOPHIE", "MODÈLE", &[("60", 1)]));
    let issued = app.arrive().await;
    let user = app.who(&issued).await.unwrap().user;
    let named = app.detail("identity.psc_sign_in").await;
    assert_eq!(named.as_deref(), Some("CAMILLE EXEMPLE → SOPHIE MODÈLE"));
    assert_eq!(app.by(&house, "members.rename").await, themselves(user, issued.session));
    app.arrive().await;
    assert_eq!(app.detail("identity.psc_sign_in").await, None, "the same name again");
    assert_eq!(app.by(&house, "members.rename").await.len(), 1);
}

#[tokio::test]
async fn a_suspended_establishment_is_told_too() {
    let (app, house) = nurse_with_a_place().await;
    let why = "impayé".parse().unwrap();
    establishments::suspend(&app.d, &PlatformAdmin::operator(), house.id, &why).await.unwrap();
    app.psc.is(person(NURSE, "SOPHIE", "MODÈLE", &[("60", 1)]));
    app.arrive().await;
    assert!(app.listed(&house, "SOPHIE MODÈLE").await);
    assert_eq!(app.by(&house, "members.rename").await.len(), 1);
}

#[tokio::test]
async fn an_establishment_that_could_not_be_told_is_told_at_the_next_sign_in() {
    let (app, house) = nurse_with_a_place().await;
    let version = format!("SELECT schema_version FROM control.establishments WHERE id = '{}'", house.id);
    let version = app.count(&version).await;
    let at = |version: i64| format!("UPDATE control.establishments SET schema_version = {version}");
    app.alter(&at(version - 1)).await;
    app.psc.is(person(NURSE, "SOPHIE", "MODÈLE", &[("60", 1)]));
    app.arrive().await;
    assert!(app.listed(&house, "CAMILLE EXEMPLE").await, "an upgrade left it behind");
    app.alter(&at(version)).await;
    app.arrive().await;
    assert!(app.listed(&house, "SOPHIE MODÈLE").await);
    assert_eq!(app.by(&house, "members.rename").await.len(), 1);
}

#[tokio::test]
async fn linking_and_unlinking_say_who_did_it_and_linking_which_name_there_was() {
    let p = factors::nurse(true).await;
    let (_, _, local) = p.enrol(&p.session().await).await;
    let who = p.who(&local).await;
    let visit = p.app.go_to_link(&who).await;
    let issued = p.app.back(&visit, Some(&who)).await.map_err(|turned| turned.why).unwrap().issued;
    let by = themselves(p.user, issued.session);
    assert_eq!(p.app.by(&p.house, "members.psc_link").await, by);
    assert_eq!(p.app.by(&p.house, "members.rename").await, by);
    let named = p.app.detail("identity.psc_link").await.unwrap();
    assert!(named.starts_with("Camille Fictif → "), "{named}");

    let who = p.who(&issued).await;
    psc::unlink(&p.app.d, &who, origin("192.0.2.1")).await.unwrap();
    assert_eq!(p.app.by(&p.house, "members.psc_unlink").await, by);
}

#[tokio::test]
async fn ones_own_name_and_who_chose_it_stand_in_both_audits() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (user, email) = app.person(&house, &[Role::Pharmacist]).await;
    let issued = app.sign_in(&email, None).await;
    let who = app.who(&issued).await.unwrap();
    for (family, language, said) in [
        ("Modèle", Language::Fr, "Camille Fictif → Camille Modèle"),
        ("Démo", Language::En, "Camille Modèle → Camille Démo, language"),
        ("Démo", Language::Fr, "language"),
        ("Démo", Language::Fr, "nothing"),
    ] {
        let name = FullName { given_name: "Camille".parse().unwrap(), family_name: family.parse().unwrap() };
        let new = Profile { name: Some(name), language };
        identity::change_profile(&app.d, &who, origin("192.0.2.1"), &new).await.unwrap();
        assert_eq!(app.detail("identity.change_profile").await.as_deref(), Some(said));
    }
    let by = themselves(user, issued.session);
    assert_eq!(app.by(&house, "members.rename").await, [by.clone(), by].concat());
}

#[tokio::test]
async fn an_identity_that_this_was_not_me_takes_off_leaves_its_row() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let (user, email) = app.person(&house, &[Role::Nurse]).await;
    for linked in [false, true] {
        let issued = app.sign_in(&email, None).await;
        let who = app.who(&issued).await.unwrap();
        if linked {
            app.link(user).await;
        }
        let (now, next) = (Password::new(PASSWORD), Password::new("quatre voiles blanches"));
        identity::change_password(&app.d, &who, origin("192.0.2.1"), &now, &next).await.unwrap();
        app.jobs().await;
        let token = app.post.take().iter().find_map(|mail| token_of(mail, "/portal/not-me")).unwrap();
        identity::not_me(&app.d, origin("192.0.2.1"), &token).await.unwrap();
        let told = app.by(&house, "members.psc_unlink").await;
        // Whoever reads somebody's mails need not be they.
        let by_link = ("system".to_owned(), None, None, Some("192.0.2.1".to_owned()));
        assert_eq!(told, if linked { vec![by_link] } else { vec![] });
        if !linked {
            app.jobs().await;
            let link = app.post.take().iter().find_map(|mail| token_of(mail, "/portal/reset")).unwrap();
            identity::reset(&app.d, origin("192.0.2.1"), &link, &now).await.unwrap();
            app.jobs().await;
            app.post.take();
        }
    }
}
