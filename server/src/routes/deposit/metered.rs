//! The body of the form without script, metered, so that the parser of its parts can't be made to hoard.
//!
//! That parser (multer, behind axum's `Multipart`) gathers bytes until it finds the first boundary or the end of a part's
//! headers, however far away, and takes as much at a time as there is. So what feeds it is stingy: a piece, then the
//! parser must look at it; and an error once too much went by without a byte of any field's content coming out.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use axum::{
    BoxError,
    body::{Body, BodyDataStream},
    extract::multipart::{Field, MultipartError},
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};

/// Bytes that the parser gets before it must look at them.
const PIECE: usize = 32 * 1024;
/// Most bytes between two pieces of content: boundaries, and headers with a name of any honest length.
const OUTSIDE: u64 = 64 * 1024;

/// What was too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Excess {
    /// Bytes that belong to no field's content.
    #[error("more than {OUTSIDE} bytes outside of any field")]
    Outside,
    /// The whole body.
    #[error("the whole form is too large")]
    Whole,
}

/// Counts a body's bytes. Shared by the stream that feeds the parser and by the readers of fields.
#[derive(Clone)]
pub struct Meter(Arc<Counters>);

struct Counters {
    outside: AtomicU64,
    whole: AtomicU64,
    most: u64,
}

impl Meter {
    fn count(&self, bytes: u64) {
        self.0.outside.fetch_add(bytes, Ordering::Relaxed);
        self.0.whole.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Why the body was broken off, if it was.
    pub fn excess(&self) -> Option<Excess> {
        if self.0.whole.load(Ordering::Relaxed) > self.0.most {
            Some(Excess::Whole)
        } else {
            (self.0.outside.load(Ordering::Relaxed) > OUTSIDE).then_some(Excess::Outside)
        }
    }
}

/// A body that ends with an error after `most` bytes, or after too many outside of fields.
pub fn metered(body: Body, most: u64) -> (Body, Meter) {
    let meter = Meter(Arc::new(Counters { outside: 0.into(), whole: 0.into(), most }));
    let stream =
        Metered { inner: body.into_data_stream(), rest: Bytes::new(), given: 0, meter: meter.clone() };
    (Body::from_stream(stream), meter)
}

struct Metered {
    inner: BodyDataStream,
    rest: Bytes,
    given: usize,
    meter: Meter,
}

impl Stream for Metered {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.given >= PIECE {
            // The parser asks until it is told to wait: now it looks at what it has.
            self.given = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        while self.rest.is_empty() {
            match ready!(self.inner.poll_next_unpin(cx)) {
                Some(came) => self.rest = came?,
                None => return Poll::Ready(None),
            }
        }
        let size = self.rest.len().min(PIECE - self.given);
        let piece = self.rest.split_to(size);
        self.given += size;
        self.meter.count(size as u64);
        Poll::Ready(Some(match self.meter.excess() {
            Some(excess) => Err(excess.into()),
            None => Ok(piece),
        }))
    }
}

/// A field's content. Each piece of it proves that the parser gets on.
pub struct Content<'a> {
    field: Field<'a>,
    meter: Meter,
}

impl<'a> Content<'a> {
    /// Of this field.
    pub const fn new(field: Field<'a>, meter: Meter) -> Self {
        Self { field, meter }
    }

    /// Reads on to the next field. What goes wrong here goes wrong again when the next field is asked for.
    pub async fn skip(mut self) {
        while let Some(Ok(_)) = self.next().await {}
    }

    /// A short text of ours: a hundred bytes at most, whatever is sent.
    pub async fn short(mut self) -> String {
        let mut text = Vec::new();
        while let Some(Ok(chunk)) = self.next().await {
            if text.len() + chunk.len() > 100 {
                self.skip().await;
                return String::new();
            }
            text.extend_from_slice(&chunk);
        }
        String::from_utf8(text).unwrap_or_default()
    }
}

impl Stream for Content<'_> {
    type Item = Result<Bytes, MultipartError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = self.field.poll_next_unpin(cx);
        if let Poll::Ready(Some(Ok(_))) = &polled {
            self.meter.0.outside.store(0, Ordering::Relaxed);
        }
        polled
    }
}
