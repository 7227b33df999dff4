//! What a session keeps of Pro Santé Connect: for signing out there, and for asking whether it still stands.

use jiff::Timestamp;
use model::ids::SessionId;
use openidconnect::url::Url;
use serde::{Deserialize, Serialize};

use crate::{Domain, Fault};

/// Columns of a session's row.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::identity) struct PscSession {
    pub issuer: String,
    pub sub: String,
    pub sid: Option<String>,
    /// [`Kept`], encrypted to the master key.
    pub tokens: Vec<u8>,
    pub checked_at: Timestamp,
}

/// The provider's tokens that a session keeps.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub id_token: String,
    pub refresh_token: Option<String>,
}

impl Kept {
    pub fn seal(&self, d: &Domain) -> Result<Vec<u8>, Fault> {
        d.vault.wrap(&serde_json::to_vec(self)?)
    }

    pub fn open(d: &Domain, sealed: &[u8]) -> Result<Self, Fault> {
        Ok(serde_json::from_slice(&d.vault.open_wrapped(sealed)?)?)
    }
}

/// Where the browser goes to end the session at the provider too (OpenID Connect RP-Initiated Logout 1.0). `None` for a session
/// of another kind, or a provider that can't be asked: ours is ended anyway.
pub(in crate::identity) async fn end_of_session(
    d: &Domain,
    session: SessionId,
) -> Result<Option<String>, Fault> {
    let Some(psc) = d.psc.as_ref() else { return Ok(None) };
    // Taken out: the tokens have served.
    let sealed = sqlx::query_scalar!(
        "UPDATE control.sessions s SET psc_tokens = NULL FROM control.sessions old
         WHERE s.id = $1 AND s.psc_issuer = $2 AND old.id = s.id RETURNING old.psc_tokens",
        session.0,
        psc.settings.issuer
    )
    .fetch_optional(&d.db.pool)
    .await?
    .flatten();
    let Some(sealed) = sealed else { return Ok(None) };
    let Ok(provider) = psc.provider(d).await else { return Ok(None) };
    let Some(endpoint) = &provider.metadata.end_session_endpoint else { return Ok(None) };
    let Ok(mut address) = Url::parse(endpoint) else { return Ok(None) };
    let kept = Kept::open(d, &sealed)?;
    address
        .query_pairs_mut()
        .append_pair("id_token_hint", &kept.id_token)
        .append_pair("post_logout_redirect_uri", &psc.settings.post_logout_redirect_uri);
    Ok(Some(address.into()))
}
