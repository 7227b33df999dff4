//! Keys: given by configuration, or made once in the data folder (0600) and read from there ever after.

use std::{
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use domain::{random::Random, vault::Vault};

use crate::config::{ConfigError, Secret, Secrets, secret};

/// The platform's secrets.
pub struct Keys {
    /// age identity.
    pub master: String,
    /// Offline recovery recipient.
    pub recovery: Option<String>,
    /// Pepper.
    pub pepper: [u8; 32],
    /// Seed of the signing key.
    pub signing: [u8; 32],
    /// Previous seed.
    pub previous_signing: Option<[u8; 32]>,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// Configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A file.
    #[error("{path}: {error}")]
    File {
        /// Where.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// Not 64 hexadecimal digits.
    #[error("{0} must be 64 hexadecimal digits")]
    Hex(&'static str),
    /// No randomness.
    #[error(transparent)]
    Randomness(#[from] domain::random::NoRandomness),
}

/// Reads or makes the keys.
///
/// # Errors
/// See [`KeysError`].
pub fn load(secrets: &Secrets, data_dir: &Path, random: &Random) -> Result<Keys, KeysError> {
    let folder = data_dir.join("keys");
    let given = |direct: &Option<Secret>, file: &Option<_>| secret(direct.as_ref(), file.as_ref());
    let master = match given(&secrets.master_key, &secrets.master_key_file)? {
        Some(key) => key,
        None => kept(&folder, "master.age-identity", random, Vault::new_master)?,
    };
    let hex_key = |name: &'static str, text: Option<String>| -> Result<[u8; 32], KeysError> {
        let text = if let Some(text) = text {
            text
        } else {
            let fresh: [u8; 32] = random.bytes()?;
            kept(&folder, name, random, || to_hex(&fresh))?
        };
        from_hex(&text).ok_or(KeysError::Hex(name))
    };
    let pepper = hex_key("pepper", given(&secrets.pepper, &secrets.pepper_file)?)?;
    let signing = hex_key("signing", given(&secrets.signing_key, &secrets.signing_key_file)?)?;
    let previous_signing = given(&secrets.previous_signing_key, &secrets.previous_signing_key_file)?
        .map(|text| from_hex(&text).ok_or(KeysError::Hex("previous_signing_key")))
        .transpose()?;
    Ok(Keys { master, recovery: secrets.recovery_recipient.clone(), pepper, signing, previous_signing })
}

/// The text of a file, made the first time. Of several first starts at once one makes it, and all read the same: data
/// encrypted under a key that another start has replaced would be lost.
fn kept(
    folder: &Path,
    name: &'static str,
    random: &Random,
    make: impl FnOnce() -> String,
) -> Result<String, KeysError> {
    let path = folder.join(name);
    let failed = |error| KeysError::File { path: path.display().to_string(), error };
    match fs::read_to_string(&path) {
        Ok(text) => return Ok(text.trim().to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    // A name of its own, so that nobody else writes there.
    let mark: [u8; 8] = random.bytes()?;
    let new = folder.join(format!(".{name}-{}", to_hex(&mark)));
    write_whole(&new, &make()).map_err(failed)?;
    // Unlike a rename, a link never replaces what is there.
    let placed = fs::hard_link(&new, &path);
    fs::remove_file(&new).map_err(failed)?;
    if let Err(error) = placed
        && error.kind() != ErrorKind::AlreadyExists
    {
        return Err(failed(error));
    }
    // The name outlasts a power cut as the content does; so does the folder's own, where its parent is ours to read.
    sync_folder(folder).map_err(failed)?;
    let _ = folder.parent().map(sync_folder);
    Ok(fs::read_to_string(&path).map_err(failed)?.trim().to_owned())
}

/// Writes a file that only its owner reads, whole or not at all, in the place of what was there.
///
/// # Errors
/// The folder can't be written.
pub fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    let new = path.with_extension("new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => write_whole(&new, text)?,
    }
    fs::rename(new, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

/// Lower-case hexadecimal digits.
pub fn to_hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(i * 2..i * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_for_their_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let random = Random::seeded(1);
        let first = load(&Secrets::default(), folder.path(), &random).unwrap();
        let second = load(&Secrets::default(), folder.path(), &random).unwrap();
        assert_eq!(
            (first.master, first.pepper, first.signing),
            (second.master, second.pepper, second.signing)
        );
        let mode = fs::metadata(folder.path().join("keys/pepper")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_malformed_key_is_refused() {
        let secrets = Secrets { pepper: Some("abc".into()), ..Secrets::default() };
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(load(&secrets, folder.path(), &Random::seeded(1)), Err(KeysError::Hex("pepper"))));
    }
}
