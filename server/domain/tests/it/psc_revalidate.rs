//! Asking the provider whether a session still stands: what of its answer is believed, and for which sessions.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::identity::{self, Issued, RefreshError};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{
    App, NURSE, nurse_with_a_place, origin,
    psc::{SUB, Signed, query},
};

impl App {
    /// Somebody acts, so long after the last time that the provider is asked.
    async fn acts(&self, issued: &Issued) -> Result<Issued, RefreshError> {
        self.advance(SignedDuration::from_mins(11));
        identity::refresh(&self.d, &issued.refresh, origin("192.0.2.1"), true).await
    }

    /// Claims of the token that the session keeps, as its end at the provider shows them.
    async fn kept(&self, issued: &Issued) -> Value {
        let who = self.who(issued).await.unwrap();
        let address = identity::sign_out(&self.d, &who, origin("192.0.2.1")).await.unwrap().unwrap();
        let token = query(address.split_once('?').unwrap().1)["id_token_hint"].clone();
        let claims = token.split('.').nth(1).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
    }

    async fn tokens(&self, issued: &Issued) -> Vec<u8> {
        sqlx::query_scalar("SELECT psc_tokens FROM control.sessions WHERE id = $1")
            .bind(issued.session.0)
            .fetch_one(&mut self.look().await)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_renewed_token_is_kept_where_it_is_of_the_same_person() {
    let (app, _) = nurse_with_a_place().await;
    let issued = app.arrive().await;
    // It has no nonce of ours, and says nothing of the level (OpenID Connect Core, 12.2).
    app.psc.claims(|claims| {
        claims.as_object_mut().unwrap().retain(|name, _| name != "nonce" && name != "acr");
    });
    let issued = app.acts(&issued).await.unwrap();
    let now = app.clock.now().as_second();
    assert_eq!(app.kept(&issued).await["iat"], json!(now));
}

#[tokio::test]
async fn a_renewed_token_that_does_not_hold_is_not_kept_and_the_next_time_decides() {
    type Wrong = fn(&mut Value);
    let wrong: [(Wrong, Signed); 5] = [
        (|claims| claims["iss"] = json!("https://other.example"), Signed::Well),
        (|claims| claims["aud"] = json!("other"), Signed::Well),
        (|claims| claims["sub"] = json!("f:1:2"), Signed::Well),
        (|_| {}, Signed::WithForeignKey),
        (|_| {}, Signed::Not),
    ];
    let (app, _) = nurse_with_a_place().await;
    for (n, (change, signed)) in wrong.into_iter().enumerate() {
        let (began, issued, other) = (app.clock.now().as_second(), app.arrive().await, app.arrive().await);
        app.psc.claims(change).signs(signed);
        let issued = app.acts(&issued).await.unwrap();
        let other = app.acts(&other).await.unwrap();
        assert!(app.who(&issued).await.is_some(), "{n}: it goes on");
        app.psc.claims(|_| {}).signs(Signed::Well);
        let kept = app.kept(&issued).await;
        assert_eq!((&kept["iat"], &kept["sub"]), (&json!(began), &json!(format!("{SUB}{NURSE}"))), "{n}");
        // The provider gave other tokens: those of before are over there.
        assert!(matches!(app.acts(&other).await, Err(RefreshError::NoSession)), "{n}");
    }
}

#[tokio::test]
async fn without_a_sid_an_answer_is_about_one_sign_in() {
    let (app, _) = nurse_with_a_place().await;
    app.psc.claims(|claims| drop(claims.as_object_mut().unwrap().remove("sid")));
    let (one, other) = (app.arrive().await, app.arrive().await);
    let (before, elsewhere) = (app.tokens(&one).await, app.tokens(&other).await);
    let one = app.acts(&one).await.unwrap();
    assert!(app.tokens(&one).await != before);
    assert!(app.tokens(&other).await == elsewhere, "nobody asked about that one");
    app.psc.ends_sessions();
    assert!(matches!(app.acts(&one).await, Err(RefreshError::NoSession)));
    assert!(app.who(&one).await.is_none());
    assert!(app.who(&other).await.is_some());
    assert!(matches!(app.acts(&other).await, Err(RefreshError::NoSession)), "its own answer");
}
