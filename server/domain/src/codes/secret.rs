//! The code's value and token: hashed to be looked up, encrypted to be shown again.

use age::x25519::Identity;
use model::{
    codes::{CodeSecret, LinkToken, TransferCode},
    establishments::Slug,
    ids::EstablishmentId,
};
use serde::{Deserialize, Serialize};

use crate::{
    Domain, Fault,
    vault::{self, Purpose},
};

/// What is encrypted to the establishment's key.
#[derive(Serialize, Deserialize)]
pub(super) struct Sealed {
    pub value: TransferCode,
    pub token: LinkToken,
}

impl Sealed {
    pub fn new(d: &Domain) -> Result<Self, Fault> {
        Ok(Self {
            value: TransferCode::from_random(d.random.bytes()?),
            token: LinkToken::from_random(d.random.bytes()?),
        })
    }

    pub fn seal(&self, recipient: &str) -> Result<Vec<u8>, Fault> {
        vault::encrypt_to(recipient, &serde_json::to_vec(self)?)
    }

    pub fn open(identity: &Identity, sealed: &[u8]) -> Result<Self, Fault> {
        Ok(serde_json::from_slice(&vault::decrypt(identity, sealed)?)?)
    }

    /// The addresses under which patients use it.
    pub fn view(self, d: &Domain, slug: &Slug) -> CodeSecret {
        let typed_address = format!("{}/d/{slug}", d.policy.public_url);
        CodeSecret {
            link: format!("{typed_address}/{}", self.token.as_ref()),
            typed_address,
            value: self.value,
        }
    }
}

/// A typed code, within its establishment.
pub(super) fn value_hash(d: &Domain, establishment: EstablishmentId, value: &TransferCode) -> Vec<u8> {
    d.pepper.hash(Purpose::CodeValue, &[establishment.0.as_bytes(), value.as_bytes()]).to_vec()
}

/// A link's token, within its establishment.
pub(super) fn token_hash(d: &Domain, establishment: EstablishmentId, token: &LinkToken) -> Vec<u8> {
    d.pepper.hash(Purpose::LinkToken, &[establishment.0.as_bytes(), token.as_ref().as_bytes()]).to_vec()
}
