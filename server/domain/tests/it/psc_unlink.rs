//! Taking an identity of Pro Santé Connect off an account.

use domain::{
    establishments,
    identity::{
        self,
        psc::{self, UnlinkError},
    },
};
use jiff::SignedDuration;
use model::{
    account::{FullName, Profile},
    roles::Role,
    time::Language,
};

use crate::{
    factors,
    support::{App, app, nurse_with_a_place, origin},
};

async fn identities(app: &App) -> i64 {
    app.count("SELECT count(*) FROM control.psc_identities").await
}

#[tokio::test]
async fn who_has_another_way_in_unlinks_and_only_the_providers_sessions_end() {
    let p = factors::nurse(true).await;
    let (phone, _, local) = p.enrol(&p.session().await).await;
    let who = p.who(&local).await;
    let visit = p.app.go_to_link(&who).await;
    let linked = p.app.back(&visit, Some(&who)).await.expect("linked").issued;
    assert_eq!(p.who(&linked).await.method, identity::Method::Psc);
    p.app.advance(SignedDuration::from_secs(30));
    let local = p.show(&p.ticket().await, &phone.answer(&p.app)).await.unwrap();
    let who = p.who(&local).await;
    let seen = psc::linked_identity(&p.app.d, &who).await.unwrap().unwrap();
    assert!(seen.removable && seen.needed_by.is_empty());
    assert!(!psc::unlink(&p.app.d, &who, origin("192.0.2.1")).await.unwrap(), "not this session");
    assert!(p.app.who(&local).await.is_some());
    assert!(p.app.who(&linked).await.is_none());
    assert_eq!(identities(&p.app).await, 0);
    assert_eq!(p.rows("identity.psc_unlink", "done").await, 1);
    let kept = "SELECT count(*) FROM control.sessions WHERE psc_tokens IS NOT NULL AND revoked_at IS NOT NULL AND revoked_reason = 'psc'";
    assert_eq!(p.app.count(kept).await, 0, "its tokens go too");
    assert_eq!(psc::linked_identity(&p.app.d, &who).await.unwrap(), None);
    let again = psc::unlink(&p.app.d, &who, origin("192.0.2.1")).await;
    assert!(matches!(again, Err(UnlinkError::NotFound)));
    // The identity opens another account from now on, which is nobody's staff.
    let arrived = p.app.arrive().await;
    let stranger = p.app.who(&arrived).await.unwrap();
    assert!(stranger.user != p.user && stranger.establishment.is_none());
}

#[tokio::test]
async fn who_came_with_the_provider_unlinks_and_is_signed_out() {
    let p = factors::nurse(true).await;
    let (_, _, local) = p.enrol(&p.session().await).await;
    let who = p.who(&local).await;
    let visit = p.app.go_to_link(&who).await;
    let issued = p.app.back(&visit, Some(&who)).await.expect("linked").issued;
    let who = p.who(&issued).await;
    assert!(psc::unlink(&p.app.d, &who, origin("192.0.2.1")).await.unwrap(), "this session");
    assert!(p.app.who(&issued).await.is_none());
}

#[tokio::test]
async fn who_has_no_other_way_in_keeps_it() {
    let (app, _) = nurse_with_a_place().await;
    let issued = app.arrive().await;
    let who = app.who(&issued).await.unwrap();
    assert!(!psc::linked_identity(&app.d, &who).await.unwrap().unwrap().removable);
    let refused = psc::unlink(&app.d, &who, origin("192.0.2.1")).await;
    assert!(matches!(refused, Err(UnlinkError::OnlyWay)));
    assert_eq!(identities(&app).await, 1);
    assert!(app.who(&issued).await.is_some(), "and nothing ended");
    assert_eq!(app.count("SELECT count(*) FROM control.audit WHERE action = 'identity.psc_unlink'").await, 0);
}

#[tokio::test]
async fn a_password_without_the_second_factor_that_it_needs_is_no_other_way() {
    let p = factors::nurse(true).await;
    let (_, _, local) = p.enrol(&p.session().await).await;
    p.app.link(p.user).await;
    let who = p.who(&local).await;
    p.app.alter("DELETE FROM control.totp").await;
    assert!(!psc::linked_identity(&p.app.d, &who).await.unwrap().unwrap().removable);
    let refused = psc::unlink(&p.app.d, &who, origin("192.0.2.1")).await;
    assert!(matches!(refused, Err(UnlinkError::OnlyWay)));
    p.app
        .alter(&format!(
            "INSERT INTO control.passkeys VALUES ('{0}', '{0}', 'x', '{{}}', 'Clé', now(), NULL)",
            p.user
        ))
        .await;
    psc::unlink(&p.app.d, &who, origin("192.0.2.1")).await.unwrap();
}

#[tokio::test]
async fn it_wants_a_factor_of_now() {
    let p = factors::nurse(true).await;
    let (_, _, local) = p.enrol(&p.session().await).await;
    p.app.link(p.user).await;
    p.app.advance(SignedDuration::from_mins(11));
    let who = p.who(&local).await;
    let refused = psc::unlink(&p.app.d, &who, origin("192.0.2.1")).await;
    assert!(matches!(refused, Err(UnlinkError::StepUp)));
    assert_eq!(identities(&p.app).await, 1);
}

#[tokio::test]
async fn the_last_administrator_whom_an_establishment_of_the_provider_alone_recognises_keeps_it() {
    let app = app().await;
    let house = app.house("SSIAD du Canal").await;
    let (user, email) = app.person(&house, &[Role::Administrator]).await;
    let admin = app.admin(&house).await;
    app.link(admin.staff().user).await;
    let elsewhere = app.house("Pharmacie des Lilas").await;
    app.joins(&elsewhere, &email, Role::Nurse).await;
    app.link(user).await;
    let issued = app.sign_in(&email, Some(&elsewhere)).await;
    let who = app.who(&issued).await.unwrap();
    establishments::change_psc_only(&app.d, &admin, true).await.unwrap();
    let needed = psc::linked_identity(&app.d, &who).await.unwrap().unwrap().needed_by;
    assert_eq!(needed, ["SSIAD du Canal"]);
    let forget = format!("DELETE FROM control.psc_identities WHERE user_id = '{}'", admin.staff().user);
    app.alter(&forget).await;
    let refused = psc::unlink(&app.d, &who, origin("192.0.2.1")).await;
    assert!(matches!(refused, Err(UnlinkError::NoLinkedAdministrator)));
    assert_eq!(identities(&app).await, 1);
    app.link(admin.staff().user).await;
    psc::unlink(&app.d, &who, origin("192.0.2.1")).await.unwrap();
}

#[tokio::test]
async fn a_passkey_without_a_password_is_no_other_way() {
    let p = factors::nurse(true).await;
    let (_, _, local) = p.enrol(&p.session().await).await;
    p.app.link(p.user).await;
    let who = p.who(&local).await;
    p.app
        .alter(&format!(
            "INSERT INTO control.passkeys VALUES ('{0}', '{0}', 'x', '{{}}', 'Clé', now(), NULL);
             UPDATE control.users SET password_hash = NULL",
            p.user
        ))
        .await;
    assert!(!psc::linked_identity(&p.app.d, &who).await.unwrap().unwrap().removable);
    let refused = psc::unlink(&p.app.d, &who, origin("192.0.2.1")).await;
    assert!(matches!(refused, Err(UnlinkError::OnlyWay)));
    assert_eq!(identities(&p.app).await, 1);
}

#[tokio::test]
async fn an_identity_of_another_provider_hides_nothing_and_stays() {
    let p = factors::nurse(true).await;
    let (_, _, local) = p.enrol(&p.session().await).await;
    p.app.link(p.user).await;
    let who = p.who(&local).await;
    p.app.alter("UPDATE control.psc_identities SET issuer = 'https://sandbox.example', last_sign_in_at = now() + interval '1 hour'").await;
    assert_eq!(psc::linked_identity(&p.app.d, &who).await.unwrap(), None);
    assert!(!identity::own_account(&p.app.d, &who).await.unwrap().name_is_given);
    let refused = psc::unlink(&p.app.d, &who, origin("192.0.2.1")).await;
    assert!(matches!(refused, Err(UnlinkError::NotFound)));
    // Of two, this provider's is the one that is shown, gives the name and goes.
    p.app.link(p.user).await;
    let name = FullName { given_name: "Sophie".parse().unwrap(), family_name: "Modèle".parse().unwrap() };
    let new = Profile { name: Some(name), language: Language::Fr };
    let named = identity::change_profile(&p.app.d, &who, origin("192.0.2.1"), &new).await;
    assert!(matches!(named, Err(identity::ProfileError::NotYours)));
    psc::unlink(&p.app.d, &who, origin("192.0.2.1")).await.unwrap();
    assert_eq!(identities(&p.app).await, 1);
    identity::change_profile(&p.app.d, &who, origin("192.0.2.1"), &new).await.unwrap();
}
