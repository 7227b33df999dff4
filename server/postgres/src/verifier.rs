//! What PostgreSQL keeps instead of a password: `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`
//! (RFC 5802, RFC 7677; PostgreSQL's `pg_authid.rolpassword`). Made here, so that no statement holds the password.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::secret::Secret;

/// RFC 7677 asks for 4,096 so that a stolen verifier of a password that somebody thought of costs time to guess. Ours are 256
/// random bits, which nobody guesses; and every new connection pays for the rounds, in turns of the scheduler that it shares
/// with all other work (sqlx yields every fifth round: 7 to 10 seconds for a connection were seen on a busy node).
const ITERATIONS: u32 = 1;

/// The verifier of a password.
pub(crate) fn of(password: &Secret, salt: [u8; 16]) -> String {
    let salted = salted(password.expose().as_bytes(), &salt, ITERATIONS);
    let stored = Sha256::digest(hmac(&salted, b"Client Key"));
    let server = hmac(&salted, b"Server Key");
    let text = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    format!("SCRAM-SHA-256${ITERATIONS}:{}${}:{}", text(&salt), text(&stored), text(&server))
}

/// `Hi()` of RFC 5802.
fn salted(password: &[u8], salt: &[u8], iterations: u32) -> [u8; 32] {
    let mut last = hmac(password, &[salt, &1_u32.to_be_bytes()].concat());
    let mut all = last;
    for _ in 1..iterations {
        last = hmac(password, &last);
        all.iter_mut().zip(last).for_each(|(sum, byte)| *sum ^= byte);
    }
    all
}

/// A key of any length: a longer one than SHA-256's block is hashed first (RFC 2104), which the crate does.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length")
    };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exchange of RFC 7677, section 3: user "user", password "pencil".
    #[test]
    fn salted_passwords_and_keys_are_those_of_the_rfc() {
        let salt = BASE64_STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let message = "n=user,r=rOprNGfwEbeRWgbNEkqO,\
            r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,\
            c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        let server = hmac(&salted(b"pencil", &salt, 4096), b"Server Key");
        let signature = BASE64_STANDARD.encode(hmac(&server, message.as_bytes()));
        assert_eq!(signature, "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }
}
