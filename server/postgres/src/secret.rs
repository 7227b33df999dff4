//! Passwords and the addresses that hold them. They come from the kernel (`/dev/urandom`) and not from the
//! domain's `Random`: no test needs to know them in advance, and the supervisor runs before there is a domain.

use std::fmt::{self, Write};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::error::{OnPath, StartError};
use crate::folder;

/// A text that no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// 256 random bits in hexadecimal: safe in SQL, in an address and in a file.
    pub(crate) fn random() -> Result<Self, StartError> {
        Ok(Self(bytes::<32>()?.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })))
    }

    /// What [`Secret::keep`] kept; `None` if there is no such file or it does not hold a password of ours.
    pub(crate) fn kept(path: &Path) -> Result<Option<Self>, StartError> {
        match fs::read_to_string(path) {
            Ok(text) => {
                let text = text.trim();
                let ours = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
                Ok(ours.then(|| Self(text.to_owned())))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).on("read", path),
        }
    }

    pub(crate) fn keep(&self, path: &Path) -> Result<(), StartError> {
        folder::write(path, format!("{}\n", self.0).as_bytes(), 0o600)
    }
}

/// Random bytes of the kernel.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], StartError> {
    let source = Path::new("/dev/urandom");
    let mut bytes = [0_u8; N];
    File::open(source).and_then(|mut file| file.read_exact(&mut bytes)).on("read", source)?;
    Ok(bytes)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// An address that libpq and sqlx both read: the socket's folder is the `host` parameter.
pub(crate) fn url(user: &str, password: &Secret, database: &str, socket: &Path) -> Secret {
    let mut host = String::new();
    for byte in socket.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            host.push(char::from(*byte));
        } else {
            let _ = write!(host, "%{byte:02X}");
        }
    }
    Secret(format!("postgres://{user}:{}@localhost/{database}?host={host}", password.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself() {
        let secret = Secret::random().unwrap();
        assert_eq!(secret.expose().len(), 64);
        assert_ne!(secret, Secret::random().unwrap());
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    #[test]
    fn an_address_survives_unusual_folders() {
        let secret = Secret("ab".to_owned());
        let url = url("me", &secret, "db", Path::new("/a b/é+&"));
        assert_eq!(url.expose(), "postgres://me:ab@localhost/db?host=/a%20b/%C3%A9%2B%26");
    }
}
