//! The provider says that a session of its own has ended: what was begun with it, and what came after.

use domain::identity::{Issued, psc};
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    psc_link::Desk,
    psc_sessions::logout,
    support::{App, nurse_with_a_place, origin},
};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

impl App {
    async fn logged_out(&self, claims: &serde_json::Value) -> u64 {
        let token = self.psc.logout_token(claims);
        psc::backchannel_logout(&self.d, origin("192.0.2.1"), &token).await.unwrap()
    }

    async fn text(&self, sql: &str) -> String {
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut self.look().await).await.unwrap()
    }

    async fn sid(&self, issued: &Issued) -> String {
        self.text(&format!("SELECT psc_sid FROM control.sessions WHERE id = '{}'", issued.session)).await
    }
}

#[tokio::test]
async fn a_token_that_somebody_kept_ends_no_session_of_later() {
    let (app, _) = nurse_with_a_place().await;
    app.alter("DELETE FROM control.sessions").await;
    let (first, made_at) = (app.arrive().await, app.clock.now().as_second());
    app.advance(MINUTE);
    let near = app.arrive().await;
    app.advance(MINUTE * 4);
    let later = app.arrive().await;
    let of_person = logout(|claims| claims["exp"] = json!(made_at + 900), made_at);
    assert_eq!(app.logged_out(&of_person).await, 2, "clocks may be two minutes apart");
    assert!(app.who(&first).await.is_none() && app.who(&near).await.is_none());
    assert_eq!(app.logged_out(&of_person).await, 0);
    assert!(app.who(&later).await.is_some());
    // Nor one of which we were never told the `sid`.
    let sid = app.sid(&later).await;
    app.alter("UPDATE control.sessions SET psc_sid = NULL").await;
    let of_session = |sid: &str| {
        let sid = json!(sid);
        logout(
            |claims| {
                claims["exp"] = json!(made_at + 900);
                claims["sid"] = sid;
            },
            made_at,
        )
    };
    assert_eq!(app.logged_out(&of_session("another")).await, 0);
    // What it names is over, whenever it began.
    app.alter(&format!("UPDATE control.sessions SET psc_sid = '{sid}'")).await;
    assert_eq!(app.logged_out(&of_session(&sid)).await, 1);
    assert!(app.who(&later).await.is_none());
}

#[tokio::test]
async fn an_identity_that_waits_to_be_linked_goes_with_the_session_there() {
    let desk = Desk::new().await;
    let (app, now) = (&desk.app, desk.app.clock.now().as_second());
    let told = "SELECT count(*) FROM control.audit WHERE action = 'identity.psc_backchannel_logout' AND detail = 'a link that waited'";
    for named in [false, true] {
        let token = desk.asked().await;
        let sid =
            app.text("SELECT data->'session'->>'sid' FROM control.ceremonies WHERE kind = 'psc_link'").await;
        // Of another session, of somebody else, of before.
        for other in [
            logout(|claims| claims["sid"] = json!("another"), now),
            logout(|claims| claims["sub"] = json!("f:1:2"), now),
            logout(|_| {}, now - 200),
        ] {
            assert_eq!(app.logged_out(&other).await, 0);
        }
        assert!(desk.offer(&desk.who, &token).await.is_some());
        let over = logout(
            |claims| {
                if named {
                    claims["sid"] = json!(sid);
                }
            },
            now,
        );
        assert_eq!(app.logged_out(&over).await, 0, "no session yet");
        assert!(desk.offer(&desk.who, &token).await.is_none());
        assert!(desk.confirms(&desk.who, &token).await.is_err());
        assert_eq!(desk.linked().await, 0);
        assert_eq!(app.count(told).await, 1 + i64::from(named));
    }
}

#[tokio::test]
async fn a_logout_that_comes_while_the_answer_is_on_its_way_leaves_no_session() {
    let desk = Desk::new().await;
    let (app, user) = (&desk.app, desk.who.user);
    let (token, now) = (desk.asked().await, app.clock.now().as_second());
    // Both wait for the person; whichever comes first, what the provider ended is over.
    let other = app.halfway(&format!("SELECT FROM control.users WHERE id = '{user}' FOR UPDATE")).await;
    let over = logout(|_| {}, now);
    let confirmed = desk.confirms(&desk.who, &token);
    let ended = async {
        app.are_waiting(1).await;
        tokio::join!(app.logged_out(&over), async {
            app.are_waiting(2).await;
            app.goes_on(other, "SELECT").await;
        })
    };
    let _ = tokio::join!(confirmed, ended);
    let open = "SELECT count(*) FROM control.sessions WHERE method = 'psc' AND revoked_at IS NULL";
    assert_eq!(app.count(open).await, 0);
}

#[tokio::test]
async fn tokens_with_keys_that_nobody_knows_have_the_provider_asked_once() {
    let (app, _) = nurse_with_a_place().await;
    app.psc.header(|header| header["kid"] = json!("nobody's"));
    let token = app.psc.logout_token(&logout(|_| {}, app.clock.now().as_second()));
    let asked = || app.psc.asked().iter().filter(|path| path.ends_with("/certs")).count();
    for out in [false, true] {
        app.psc.is_out(out);
        app.advance(SignedDuration::from_secs(31));
        let before = asked();
        let many = (0..20).map(|_| psc::backchannel_logout(&app.d, origin("192.0.2.1"), &token));
        for refused in futures_util::future::join_all(many).await {
            assert!(refused.is_err());
        }
        assert_eq!(asked() - before, 1, "out: {out}");
    }
}
