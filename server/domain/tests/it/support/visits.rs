//! Codes, and the depositors who use them.

use std::{
    convert::Infallible,
    sync::atomic::{AtomicU32, Ordering},
};

use bytes::Bytes;
use domain::{
    Depositor, Staff, codes,
    documents::{self, Incoming, ReceiveError, Received},
};
use futures_util::{Stream, stream};
use jiff::SignedDuration;
use model::{
    codes::{CodeView, LinkToken, MaxDeposits, NewCode},
    documents::DocumentQuery,
    ids::DocumentId,
};

use super::{App, House, origin};

static KEY: AtomicU32 = AtomicU32::new(1);

pub fn new_code() -> NewCode {
    NewCode {
        label: "Ordonnance du 12 mars".parse().unwrap(),
        note: None,
        validity: 60.try_into().unwrap(),
        max_deposits: MaxDeposits::default(),
        max_files: 3.try_into().unwrap(),
    }
}

/// A request's body, in pieces of a few kibibytes.
pub fn body(bytes: &[u8]) -> impl Stream<Item = Result<Bytes, Infallible>> + Send + use<> {
    let bytes = Bytes::copy_from_slice(bytes);
    let pieces: Vec<_> =
        (0..bytes.len()).step_by(5_000).map(|at| Ok(bytes.slice(at..bytes.len().min(at + 5_000)))).collect();
    stream::iter(pieces)
}

pub fn token(code: &CodeView) -> LinkToken {
    code.secret.as_ref().unwrap().link.rsplit('/').next().unwrap().parse().unwrap()
}

impl App {
    pub async fn code(&self, who: &Staff) -> CodeView {
        codes::generate(&self.d, who, &new_code()).await.unwrap()
    }

    pub async fn code_for(&self, who: &Staff, deposits: u32) -> CodeView {
        let new = NewCode { max_deposits: deposits.try_into().unwrap(), ..new_code() };
        codes::generate(&self.d, who, &new).await.unwrap()
    }

    /// A browser that follows the code's link.
    pub async fn visitor(&self, house: &House, code: &CodeView) -> Depositor {
        codes::follow(&self.d, origin("198.51.100.7"), house.id, &token(code)).await.unwrap()
    }

    /// Sends a file under a key of its own.
    pub async fn deposit(&self, who: &Depositor, name: &str, bytes: &[u8]) -> Result<Received, ReceiveError> {
        let key = format!("cle-{:08}", KEY.fetch_add(1, Ordering::Relaxed));
        self.deposit_as(who, &key, name, bytes).await
    }

    pub async fn deposit_as(
        &self,
        who: &Depositor,
        key: &str,
        name: &str,
        bytes: &[u8],
    ) -> Result<Received, ReceiveError> {
        let incoming = Incoming {
            name,
            declared_type: None,
            idempotency_key: key,
            declared_size: Some(bytes.len() as u64),
        };
        documents::receive(&self.d, who, incoming, body(bytes)).await
    }

    /// A document that came in under a code of its own.
    pub async fn document(
        &self,
        house: &House,
        staff: &Staff,
        name: &str,
        bytes: &[u8],
    ) -> (DocumentId, Depositor) {
        // A moment of its own: the newest is this one.
        self.advance(SignedDuration::from_millis(1));
        let code = self.code(staff).await;
        let visitor = self.visitor(house, &code).await;
        self.deposit(&visitor, name, bytes).await.unwrap();
        (self.newest(staff).await, visitor)
    }

    pub async fn newest(&self, staff: &Staff) -> DocumentId {
        documents::list(&self.d, staff, &DocumentQuery::default()).await.unwrap().items[0].id
    }
}
