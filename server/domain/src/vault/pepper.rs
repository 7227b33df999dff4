//! Keyed hashes under a secret that lies outside the database.
//!
//! Six characters can be tried out in a second by who holds a database dump; without the pepper there is nothing to
//! try against.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// 256 bits kept outside the database.
#[derive(Clone)]
pub struct Pepper([u8; 32]);

/// What a hash is for: the same bytes never hash alike in two places.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// Six characters of a code, within one establishment.
    CodeValue,
    /// Token of a link.
    LinkToken,
    /// A depositor's capability.
    Capability,
    /// A receipt's token, derived from the capability.
    Receipt,
    /// Look-up of a receipt by its token.
    ReceiptLookup,
    /// What makes a file that is sent again the same file.
    File,
    /// What a limit counts.
    Limit,
    /// Token against cross-site requests.
    Csrf,
    /// Ticket for the pages of an opened document.
    PageTicket,
    /// Secret of a session's refresh tokens.
    Refresh,
    /// Id of a browser's server-side session.
    Browser,
    /// Token of something that is begun in one request and finished in another.
    Ceremony,
    /// A recovery code.
    RecoveryCode,
    /// A browser that somebody has signed in with before.
    KnownBrowser,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::CodeValue => b"code value",
            Self::LinkToken => b"link token",
            Self::Capability => b"capability",
            Self::Receipt => b"receipt",
            Self::ReceiptLookup => b"receipt lookup",
            Self::File => b"file",
            Self::Limit => b"limit",
            Self::Csrf => b"csrf",
            Self::PageTicket => b"page ticket",
            Self::Refresh => b"refresh",
            Self::Browser => b"browser",
            Self::Ceremony => b"ceremony",
            Self::RecoveryCode => b"recovery code",
            Self::KnownBrowser => b"known browser",
        }
    }
}

impl Pepper {
    /// Takes the secret.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// HMAC-SHA-256 of the parts, each preceded by its length so that no two lists read alike.
    pub fn hash(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        hmac(&self.0, purpose.label(), parts)
    }
}

/// HMAC-SHA-256 under a 256-bit key, with a label and length-prefixed parts.
pub(crate) fn hmac(key: &[u8; 32], label: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // RFC 2104 pads a short key with zeros to the block size.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(label);
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_and_part_boundaries_separate_hashes() {
        let pepper = Pepper::new([7; 32]);
        let a = pepper.hash(Purpose::CodeValue, &[b"ab", b"c"]);
        assert_ne!(a, pepper.hash(Purpose::CodeValue, &[b"a", b"bc"]));
        assert_ne!(a, pepper.hash(Purpose::LinkToken, &[b"ab", b"c"]));
        assert_ne!(a, Pepper::new([8; 32]).hash(Purpose::CodeValue, &[b"ab", b"c"]));
    }
}
