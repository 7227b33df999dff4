//! Payloads in the object store: written in parts, read as a stream, decrypted on the way.

use std::sync::Arc;

use age::x25519::Identity;
use bytes::Bytes;
use futures_util::{
    Stream, StreamExt, TryStreamExt,
    future::ready,
    stream::{self, BoxStream},
};
use model::ids::EstablishmentId;
use object_store::{
    GetOptions, GetRange, GetResultPayload, ObjectMeta, ObjectStore, ObjectStoreExt, WriteMultipart,
    path::Path,
};
use tokio::io::AsyncRead;
use tokio_util::compat::{FuturesAsyncReadCompatExt, TokioAsyncReadCompatExt};
use tokio_util::io::{ReaderStream, StreamReader};

use super::{Vault, vault};
use crate::Fault;

/// Bytes read at a time: four of age's chunks.
const PIECE: usize = 256 * 1024;
/// Parts under way at once: bounds the memory of one upload.
const PARTS_AT_ONCE: usize = 1;

/// A payload being written. Dropped without [`Upload::finish`], it must be [aborted](Upload::abort).
pub struct Upload {
    parts: WriteMultipart,
}

impl Upload {
    /// Adds encrypted bytes.
    ///
    /// # Errors
    /// The store refuses.
    pub async fn write(&mut self, sealed: &[u8]) -> Result<(), Fault> {
        self.parts.wait_for_capacity(PARTS_AT_ONCE).await?;
        self.parts.write(sealed);
        Ok(())
    }

    /// Makes the payload last (fsync, rename).
    ///
    /// # Errors
    /// The store refuses: nothing is left of it.
    pub async fn finish(self) -> Result<(), Fault> {
        self.parts.finish().await?;
        Ok(())
    }

    /// Gives up; what was written is removed.
    ///
    /// # Errors
    /// The store refuses; the collector of orphans will find it.
    pub async fn abort(self) -> Result<(), Fault> {
        self.parts.abort().await?;
        Ok(())
    }
}

impl Vault {
    /// Begins a payload.
    ///
    /// # Errors
    /// The store refuses.
    pub async fn upload(&self, blob: &str) -> Result<Upload, Fault> {
        let upload = self.store.put_multipart(&Path::from(blob)).await?;
        Ok(Upload { parts: WriteMultipart::new_with_chunk_size(upload, self.part) })
    }

    /// Reads a document in clear, as a stream.
    pub(crate) async fn read(
        &self,
        identity: &Identity,
        header: Vec<u8>,
        blob: &str,
    ) -> Result<impl AsyncRead + Send + Unpin + use<>, Fault> {
        let path = Path::from(blob);
        let found = self.store.get(&path).await?;
        let size = found.meta.size;
        let payload = match found.payload {
            // The store's own stream of a file is one task on another thread for every 8 KiB.
            GetResultPayload::File(file, _) => {
                ReaderStream::with_capacity(tokio::fs::File::from_std(file), PIECE).boxed()
            }
            GetResultPayload::Stream(stream) => {
                let rest = Rest { store: Arc::clone(&self.store), path, at: 0, size, stream, moved: true };
                rest.read().map_err(std::io::Error::other).boxed()
            }
        };
        let head = stream::once(async move { Ok(Bytes::from(header)) });
        let sealed = StreamReader::new(head.chain(payload).boxed());
        let buffered = futures_util::io::BufReader::with_capacity(PIECE, sealed.compat());
        let decryptor = age::Decryptor::new_async_buffered(buffered).await.map_err(vault)?;
        let plain =
            decryptor.decrypt_async(std::iter::once(identity as &dyn age::Identity)).map_err(vault)?;
        Ok(Box::pin(plain).compat())
    }

    /// Removes a payload; one that is gone already is fine.
    ///
    /// # Errors
    /// The store refuses.
    pub async fn erase(&self, blob: &str) -> Result<(), Fault> {
        match self.store.delete(&Path::from(blob)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Every payload of an establishment last written before `before`.
    pub(crate) fn blobs(
        &self,
        establishment: EstablishmentId,
        before: jiff::Timestamp,
    ) -> BoxStream<'static, Result<String, Fault>> {
        let list = self.store.list(Some(&Path::from(establishment.0.simple().to_string())));
        let old = move |meta: &ObjectMeta| meta.last_modified.timestamp_millis() < before.as_millisecond();
        list.try_filter(move |meta| ready(old(meta)))
            .map_ok(|meta| meta.location.to_string())
            .map_err(Fault::from)
            .boxed()
    }

    /// Whether the store answers: lists nothing, costs nothing.
    ///
    /// # Errors
    /// It doesn't.
    pub async fn check_store(&self) -> Result<(), Fault> {
        let mut list = self.store.list(Some(&Path::from("health")));
        list.try_next().await?;
        Ok(())
    }

    /// The raw store, for export and import.
    pub(crate) fn store(&self) -> &dyn ObjectStore {
        self.store.as_ref()
    }
}

/// What is still to come of a payload that another machine sends.
///
/// The reader may be a telephone that takes half an hour and pauses: services close a connection on which nothing moves,
/// and the client takes such a pause for the service's silence. So a stream that breaks is asked for again where it
/// broke, as often as it has brought something.
struct Rest {
    store: Arc<dyn ObjectStore>,
    path: Path,
    at: u64,
    size: u64,
    stream: BoxStream<'static, object_store::Result<Bytes>>,
    /// Whether this stream has brought something.
    moved: bool,
}

impl Rest {
    fn read(self) -> impl Stream<Item = object_store::Result<Bytes>> + Send {
        stream::try_unfold(self, |mut rest| async move {
            while rest.at < rest.size {
                match rest.stream.next().await {
                    Some(Ok(bytes)) => {
                        rest.at += bytes.len() as u64;
                        rest.moved = true;
                        return Ok(Some((bytes, rest)));
                    }
                    Some(Err(error)) if !rest.moved => return Err(error),
                    Some(Err(error)) => {
                        tracing::info!(%error, "documents: a stream is asked for again where it broke");
                        let range = Some(GetRange::Offset(rest.at));
                        let again = GetOptions { range, ..GetOptions::default() };
                        rest.stream = rest.store.get_opts(&rest.path, again).await?.into_stream();
                        rest.moved = false;
                    }
                    None => break,
                }
            }
            Ok(None)
        })
    }
}
