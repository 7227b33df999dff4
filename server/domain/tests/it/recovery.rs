//! Recovery codes that are used, factors that a session which has ended meanwhile would change, and several changes at once.

use domain::identity::factors::{self as factors_of, FactorError};
use jiff::SignedDuration;
use model::factors::FactorAnswer;

use crate::{
    factors,
    support::{DEVICE, origin},
};

#[tokio::test]
async fn of_several_new_sets_of_recovery_codes_at_once_ten_codes_are_good() {
    let p = factors::nurse(true).await;
    let (_, _, issued) = p.enrol(&p.session().await).await;
    let who = p.who(&issued).await;
    let renewals = (0..4).map(|_| factors_of::renew_recovery_codes(&p.app.d, &who, origin("192.0.2.1")));
    for renewed in futures_util::future::join_all(renewals).await {
        assert_eq!(renewed.unwrap().len(), 10);
    }
    assert_eq!(p.app.count("SELECT count(*) FROM control.recovery_codes").await, 10);
}

#[tokio::test]
async fn a_session_that_has_ended_meanwhile_changes_no_factor() {
    // Of who needs no factor: none is the last.
    let p = factors::nurse(false).await;
    let (_, _, issued) = p.enrol(&p.session().await).await;
    p.app
        .alter(&format!(
            "INSERT INTO control.passkeys VALUES ('{0}', '{0}', 'x', '{{}}', 'Clé', now(), NULL)",
            p.user
        ))
        .await;
    let (who, from) = (p.who(&issued).await, origin("192.0.2.1"));
    p.app.advance(SignedDuration::from_secs(1));
    // As "this wasn't me" ends it: here the request was let in a moment before.
    p.app.alter("UPDATE control.sessions SET revoked_at = now(), revoked_reason = 'not_me'").await;
    let renewed = factors_of::renew_recovery_codes(&p.app.d, &who, from).await;
    assert!(matches!(renewed, Err(FactorError::Expired)));
    let removed = factors_of::remove_totp(&p.app.d, &who, from).await;
    assert!(matches!(removed, Err(FactorError::Expired)));
    let removed = factors_of::remove_passkey(&p.app.d, &who, from, model::ids::PasskeyId(p.user.0)).await;
    assert!(matches!(removed, Err(FactorError::Expired)));
    for table in ["totp", "passkeys"] {
        assert_eq!(p.app.count(&format!("SELECT count(*) FROM control.{table}")).await, 1, "{table}");
    }
    assert_eq!(p.rows("identity.renew_recovery_codes", "done").await, 0);
}

#[tokio::test]
async fn whose_recovery_code_was_used_is_told_and_of_a_wrong_one_nothing() {
    let p = factors::nurse(true).await;
    let (_, codes, issued) = p.enrol(&p.session().await).await;
    let subjects = async || {
        p.app.jobs().await;
        p.app.post.take().into_iter().map(|mail| mail.subject).collect::<Vec<_>>()
    };
    subjects().await;
    let code = |n: usize| FactorAnswer::Recovery(codes[n].clone());
    let told = "CareLink\u{a0}: un code de secours a servi";
    // At the door, a second time with the same one, and before something that matters.
    p.show(&p.ticket().await, &code(0)).await.unwrap();
    assert!(subjects().await.contains(&told.to_owned()));
    assert!(p.show(&p.ticket().await, &code(0)).await.is_err());
    assert_eq!(subjects().await, Vec::<String>::new());
    let (who, from) = (p.who(&issued).await, origin("192.0.2.1"));
    factors_of::step_up(&p.app.d, &who, from, DEVICE, &code(1)).await.unwrap();
    assert_eq!(subjects().await, [told]);
}
