//! Encrypting a document as it streams in: the header apart, the payload in pieces.
//!
//! age writes its header (which wraps the file key) first. It goes into the document's row and the payload into the
//! object store: deleting the row destroys the key, and `cat header payload | age -d` is the independent check.

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use age::{stream::StreamWriter, x25519};

use super::vault;
use crate::Fault;

/// The writer below age: what it writes is taken out after each step, so that memory doesn't grow with the file.
#[derive(Clone, Default)]
struct Out(Arc<Mutex<Vec<u8>>>);

impl Out {
    fn take(&self) -> Vec<u8> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Encrypts one document.
pub struct Sealer {
    out: Out,
    writer: StreamWriter<Out>,
}

impl Sealer {
    /// Begins, and gives the header to keep in the row.
    ///
    /// # Errors
    /// The recipient doesn't parse, or encryption fails.
    pub fn new(recipient: &str) -> Result<(Self, Vec<u8>), Fault> {
        let recipient: x25519::Recipient = recipient.parse().map_err(vault)?;
        let out = Out::default();
        let to = std::iter::once(&recipient as &dyn age::Recipient);
        let writer = age::Encryptor::with_recipients(to).map_err(vault)?.wrap_output(out.clone())?;
        let header = out.take();
        Ok((Self { out, writer }, header))
    }

    /// Encrypts the next bytes; gives what is ready to be stored (in whole 64 KiB pieces).
    ///
    /// # Errors
    /// Encryption fails.
    pub fn push(&mut self, plain: &[u8]) -> Result<Vec<u8>, Fault> {
        self.writer.write_all(plain)?;
        Ok(self.out.take())
    }

    /// Ends; gives the rest.
    ///
    /// # Errors
    /// Encryption fails.
    pub fn finish(self) -> Result<Vec<u8>, Fault> {
        self.writer.finish()?;
        Ok(self.out.take())
    }
}
