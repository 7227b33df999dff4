//! Argon2id, off the async threads and a few at a time.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use model::{
    identity::{Password, PasswordProblem, check_new_password},
    ids::UserId,
};
use tokio::sync::Semaphore;

use crate::{
    Domain, Fault, Origin,
    audit::{self, PlatformAct},
    random::Random,
};

/// Hashes and checks passwords. Cloning shares the semaphore.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    at_once: Arc<Semaphore>,
    /// Hash of nothing anybody knows: checked for unknown accounts, so that they cost the same time.
    decoy: Arc<str>,
}

fn argon(error: impl std::fmt::Display) -> Fault {
    Fault::Data(format!("argon2: {error}"))
}

impl Passwords {
    /// 64 MiB, three passes, one lane (OWASP and RFC 9106's second choice, rounded up).
    ///
    /// # Errors
    /// No randomness.
    pub fn new(random: &Random, at_once: usize) -> Result<Self, Fault> {
        Self::with(random, at_once, 64 * 1024, 3)
    }

    /// Cheap parameters, for tests that sign in hundreds of times.
    ///
    /// # Errors
    /// No randomness.
    pub fn cheap(random: &Random) -> Result<Self, Fault> {
        Self::with(random, 8, 64, 1)
    }

    fn with(random: &Random, at_once: usize, kibibytes: u32, passes: u32) -> Result<Self, Fault> {
        let params = Params::new(kibibytes, passes, 1, None).map_err(argon)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash_with(&argon2, &random.bytes::<32>()?, random.bytes()?)?.into();
        Ok(Self { argon2, at_once: Arc::new(Semaphore::new(at_once.max(1))), decoy })
    }

    /// Hashes a new password to a PHC string.
    ///
    /// # Errors
    /// No randomness.
    pub async fn hash(&self, random: &Random, password: &Password) -> Result<String, Fault> {
        let salt = random.bytes::<16>()?;
        let (argon2, password) = (self.argon2.clone(), password.clone());
        self.run(move || hash_with(&argon2, password.expose().as_bytes(), salt)).await?
    }

    /// Checks a password; without a hash it costs the same time and is wrong.
    ///
    /// # Errors
    /// The stored hash doesn't parse.
    pub async fn verify(&self, password: &Password, hash: Option<&str>) -> Result<bool, Fault> {
        let known = hash.is_some();
        let stored = hash.map_or_else(|| self.decoy.to_string(), str::to_owned);
        let (argon2, password) = (self.argon2.clone(), password.clone());
        let matches = self
            .run(move || -> Result<bool, Fault> {
                let parsed = PasswordHash::new(&stored).map_err(argon)?;
                Ok(argon2.verify_password(password.expose().as_bytes(), &parsed).is_ok())
            })
            .await??;
        Ok(known && matches)
    }

    /// Whether a hash was made with other costs than today's.
    fn is_outdated(&self, hash: &str) -> bool {
        let of = PasswordHash::new(hash).ok().and_then(|parsed| Params::try_from(&parsed).ok());
        of.is_none_or(|params| {
            let now = self.argon2.params();
            (params.m_cost(), params.t_cost(), params.p_cost()) != (now.m_cost(), now.t_cost(), now.p_cost())
        })
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        let _permit = self.at_once.acquire().await.map_err(argon)?;
        tokio::task::spawn_blocking(work).await.map_err(argon)
    }
}

/// What a new password of somebody must not be made of: their names, their address, and where they work.
async fn context(d: &Domain, user: UserId) -> Result<Vec<String>, Fault> {
    let words = sqlx::query_scalar!(
        r#"SELECT array_remove(ARRAY[u.email, u.given_name, u.family_name], NULL) || ARRAY(
               SELECT e.name FROM control.memberships m JOIN control.establishments e ON e.id = m.establishment_id
               WHERE m.user_id = u.id) AS "words!"
           FROM control.users u WHERE u.id = $1"#,
        user.0
    )
    .fetch_optional(&d.db.pool)
    .await?;
    Ok(words.unwrap_or_default())
}

/// Checks a new password of somebody who has an account.
pub(crate) async fn check_new(
    d: &Domain,
    user: UserId,
    new: &Password,
) -> Result<Result<(), PasswordProblem>, Fault> {
    let words = context(d, user).await?;
    Ok(check_new_password(new, &words.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// Hashes a password that was right again, where its hash was made with other costs than today's, and gives the new hash. Nothing
/// happens to one that was changed meanwhile.
pub(super) async fn upgrade(
    d: &Domain,
    origin: Origin,
    user: UserId,
    password: &Password,
    hash: &str,
) -> Result<Option<String>, Fault> {
    if !d.passwords.is_outdated(hash) {
        return Ok(None);
    }
    let new = d.passwords.hash(&d.random, password).await?;
    let mut tx = d.db.pool.begin().await?;
    let changed = sqlx::query!(
        "UPDATE control.users SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
        user.0,
        hash,
        new
    )
    .execute(&mut *tx)
    .await?;
    if changed.rows_affected() == 0 {
        return Ok(None);
    }
    let act = PlatformAct {
        actor: Some(user),
        origin: Some(origin),
        ..PlatformAct::done("identity.upgrade_password_hash")
    };
    audit::platform(d, &mut tx, act).await?;
    tx.commit().await?;
    Ok(Some(new))
}

fn hash_with(argon2: &Argon2<'_>, password: &[u8], salt: [u8; 16]) -> Result<String, Fault> {
    Ok(argon2.hash_password_with_salt(password, &salt).map_err(argon)?.to_string())
}
