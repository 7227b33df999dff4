//! Keys and documents: the age format (age-encryption.org/v1) around an object store.
//!
//! One X25519 pair per establishment. A deposit needs only the public half; reading needs the private half, which lies
//! in `control.establishments` encrypted to the platform's master key.

mod pepper;
mod places;
mod seal;
mod store;

use std::{
    collections::HashMap,
    io::{Read, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use age::{
    Recipient,
    secrecy::ExposeSecret,
    x25519::{self, Identity},
};
use model::ids::EstablishmentId;
use object_store::ObjectStore;
pub(crate) use pepper::hmac;
pub use pepper::{Pepper, Purpose};
use places::{Place, Places};
pub use seal::Sealer;
pub(crate) use store::Upload;

use crate::Fault;

/// Where payloads lie.
pub struct Store {
    /// A folder, or a bucket.
    pub objects: Arc<dyn ObjectStore>,
    /// Bytes gathered before a part is written. Bounds the memory of an upload: one part gathers while one is written.
    pub part: usize,
}

/// The platform's master key, an optional offline recovery key, and where payloads lie.
pub struct Vault {
    master: Identity,
    recovery: Option<x25519::Recipient>,
    store: Arc<dyn ObjectStore>,
    part: usize,
    places: Places,
    opened: Mutex<HashMap<EstablishmentId, Identity>>,
}

/// An establishment's key pair as `control` keeps it.
pub struct KeyPair {
    /// Public half: `age1…`.
    pub recipient: String,
    /// Private half, encrypted to the master key (and the recovery key).
    pub wrapped_identity: Vec<u8>,
}

fn vault(error: impl std::fmt::Display) -> Fault {
    Fault::Vault(error.to_string())
}

/// SHA-256, for versions of files that the program carries.
pub fn digest(content: &[u8]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::digest(content).into()
}

impl Vault {
    /// Puts a vault together from the master identity (`AGE-SECRET-KEY-1…`) and a recovery recipient (`age1…`).
    ///
    /// # Errors
    /// A key doesn't parse.
    pub fn new(master: &str, recovery: Option<&str>, store: Store) -> Result<Self, Fault> {
        let master = master.trim().parse::<Identity>().map_err(vault)?;
        let recovery = recovery.map(|key| key.trim().parse().map_err(vault)).transpose()?;
        let Store { objects: store, part } = store;
        let places = Places::new(part);
        Ok(Self { master, recovery, store, part, places, opened: Mutex::default() })
    }

    /// A place for an upload of this deposit, or none in time.
    pub(crate) async fn place(&self, deposit: uuid::Uuid) -> Option<Place<'_>> {
        self.places.take(deposit).await
    }

    /// A new master key, to be kept where backups of the database are not.
    pub fn new_master() -> String {
        Identity::generate().to_string().expose_secret().to_owned()
    }

    /// A new key pair for an establishment.
    ///
    /// # Errors
    /// Encryption failed.
    pub fn new_key_pair(&self) -> Result<KeyPair, Fault> {
        let identity = Identity::generate();
        let master = self.master.to_public();
        let mut to: Vec<&dyn Recipient> = vec![&master];
        if let Some(recovery) = &self.recovery {
            to.push(recovery);
        }
        let wrapped_identity = encrypt(&to, identity.to_string().expose_secret().as_bytes())?;
        Ok(KeyPair { recipient: identity.to_public().to_string(), wrapped_identity })
    }

    /// The private half of an establishment, unwrapped once and then kept in memory.
    pub(crate) fn identity(&self, establishment: EstablishmentId, wrapped: &[u8]) -> Result<Identity, Fault> {
        let text = String::from_utf8(decrypt(&self.master, wrapped)?).map_err(vault)?;
        let identity: Identity = text.parse().map_err(vault)?;
        self.open_keys().insert(establishment, identity.clone());
        Ok(identity)
    }

    /// The private half, where it was unwrapped before.
    pub(crate) fn opened(&self, establishment: EstablishmentId) -> Option<Identity> {
        self.open_keys().get(&establishment).cloned()
    }

    /// Encrypts a small secret of the platform's own to the master key.
    pub(crate) fn wrap(&self, plain: &[u8]) -> Result<Vec<u8>, Fault> {
        encrypt(&[&self.master.to_public()], plain)
    }

    /// Decrypts what [`Vault::wrap`] encrypted.
    pub(crate) fn open_wrapped(&self, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
        decrypt(&self.master, sealed)
    }

    fn open_keys(&self) -> MutexGuard<'_, HashMap<EstablishmentId, Identity>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets an establishment's key.
    pub(crate) fn forget(&self, establishment: EstablishmentId) {
        self.open_keys().remove(&establishment);
    }
}

/// Encrypts a small secret to a recipient (`age1…`).
pub(crate) fn encrypt_to(recipient: &str, plain: &[u8]) -> Result<Vec<u8>, Fault> {
    let recipient: x25519::Recipient = recipient.parse().map_err(vault)?;
    encrypt(&[&recipient], plain)
}

fn encrypt(to: &[&dyn Recipient], plain: &[u8]) -> Result<Vec<u8>, Fault> {
    let encryptor = age::Encryptor::with_recipients(to.iter().copied()).map_err(vault)?;
    let mut sealed = Vec::new();
    let mut writer = encryptor.wrap_output(&mut sealed)?;
    writer.write_all(plain)?;
    writer.finish()?;
    Ok(sealed)
}

/// Decrypts a small secret.
pub(crate) fn decrypt(identity: &Identity, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
    let decryptor = age::Decryptor::new(sealed).map_err(vault)?;
    let mut plain = Vec::new();
    decryptor
        .decrypt(std::iter::once(identity as &dyn age::Identity))
        .map_err(vault)?
        .read_to_end(&mut plain)?;
    Ok(plain)
}
