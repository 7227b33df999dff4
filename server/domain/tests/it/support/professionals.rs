//! People who come with Pro Santé Connect.

use std::sync::Arc;

use domain::identity::{
    self, Identified, Issued,
    psc::{self, Callback, Came, Finished, Intent, PscError, Turned},
};

use model::ids::UserId;

use super::{App, DEVICE, House, app, origin};

/// The identifier of the provider's first person.
pub const NURSE: &str = "899700123450";

/// A browser on its way there and back.
pub struct Visit {
    pub browser: String,
    pub callback: Callback,
}

impl App {
    pub async fn go(&self, intent: Intent) -> Visit {
        self.goes(None, intent).await.unwrap()
    }

    /// To link an identity to the account that they are signed in to, with a factor of now.
    pub async fn go_to_link(&self, who: &Identified) -> Visit {
        self.goes(Some(who), Intent::Link { user: who.user, session: who.session }).await.unwrap()
    }

    pub async fn goes(&self, who: Option<&Identified>, intent: Intent) -> Result<Visit, PscError> {
        let begun = psc::begin(&self.d, None, who, intent, "/portal/documents".into()).await?;
        Ok(Visit { browser: begun.browser, callback: self.psc.sign_in(&begun.address) })
    }

    /// The same session, in which a factor was shown a moment ago.
    pub async fn shown(&self, issued: &Issued) -> Arc<Identified> {
        let (now, session) = (self.clock.now(), issued.session);
        self.alter(&format!("UPDATE control.sessions SET factor_at = '{now}' WHERE id = '{session}'")).await;
        self.d.sessions.forget(session);
        self.who(issued).await.unwrap()
    }

    /// Comes back; of another name than the account, says that it is the same person.
    pub async fn back(&self, visit: &Visit, who: Option<&Identified>) -> Result<Finished, Turned> {
        match (self.returned(visit, who).await?, who) {
            (Came::In(finished), _) => Ok(finished),
            (Came::Asks(token), Some(who)) => {
                psc::confirm_link(&self.d, origin("192.0.2.1"), DEVICE, who, &token).await
            }
            (Came::Asks(_), None) => panic!("asked of nobody"),
        }
    }

    pub async fn returned(&self, visit: &Visit, who: Option<&Identified>) -> Result<Came, Turned> {
        let from = origin("192.0.2.1");
        psc::finish(&self.d, from, DEVICE, Some(&visit.browser), who, &visit.callback).await
    }

    /// Signs in with Pro Santé Connect.
    pub async fn arrive(&self) -> Issued {
        let visit = self.go(Intent::SignIn).await;
        self.back(&visit, None).await.unwrap().issued
    }

    /// Has an identity of the provider recognised as this account.
    pub async fn link(&self, user: UserId) {
        self.alter(&format!(
            "INSERT INTO control.psc_identities (issuer, subject_name_id, user_id, sub, profile, linked_at, last_sign_in_at)
             VALUES ('{}', '{}', '{user}', 'sub', '{{}}', now(), now())",
            self.psc.settings().issuer,
            user.0.simple()
        ))
        .await;
    }

    pub async fn refused(&self) -> PscError {
        let visit = self.go(Intent::SignIn).await;
        self.back(&visit, None).await.err().map(|turned| turned.why).unwrap()
    }

    pub async fn who(&self, issued: &Issued) -> Option<Arc<Identified>> {
        identity::authenticate_id(&self.d, issued.session, false).await.unwrap()
    }

    pub async fn sessions(&self) -> i64 {
        self.count("SELECT count(*) FROM control.sessions").await
    }

    pub async fn turned_away(&self) -> i64 {
        self.count("SELECT count(*) FROM control.audit WHERE action = 'identity.psc_sign_in' AND outcome = 'refused'").await
    }
}

/// The nurse of the provider, with a place in an establishment.
pub async fn nurse_with_a_place() -> (App, House) {
    let app = app().await;
    let house = app.house("SSIAD du Canal").await;
    let issued = app.arrive().await;
    let user = app.who(&issued).await.unwrap().user;
    app.alter(&format!(
        "INSERT INTO control.memberships (user_id, establishment_id, roles, created_at) VALUES ('{user}', '{}', '{{nurse}}', now())",
        house.id
    ))
    .await;
    app.alter(&format!(
        "INSERT INTO {}.staff (id, display_name, search_text) VALUES ('{user}', 'CAMILLE EXEMPLE', 'camille exemple')",
        house.schema()
    ))
    .await;
    (app, house)
}
