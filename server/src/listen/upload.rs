//! The body of a request: silence ends it.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::BoxError;
use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

use super::Patience;

/// The client has said nothing for too long.
#[derive(Debug, thiserror::Error)]
#[error("no byte of the body came in time")]
pub struct Silent;

/// A body whose next piece is awaited for a limited time. Time that the handler takes does not count.
pub struct Upload {
    /// Until its end, or until it is given up.
    inner: Option<Incoming>,
    patience: Patience,
    timer: Option<Pin<Box<Sleep>>>,
    waiting: bool,
}

impl Upload {
    /// Of a request.
    pub const fn new(inner: Incoming, patience: Patience) -> Self {
        Self { inner: Some(inner), patience, timer: None, waiting: false }
    }

    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let silence = self.patience.silence;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(silence)));
        if !self.waiting {
            timer.as_mut().reset(Instant::now() + silence);
            self.waiting = true;
        }
        timer.as_mut().poll(cx)
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Some(inner) = &mut self.inner else { return Poll::Ready(None) };
        if let Poll::Ready(frame) = Pin::new(inner).poll_frame(cx) {
            self.waiting = false;
            if !matches!(frame, Some(Ok(_))) {
                self.inner = None;
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        ready!(self.poll_silence(cx));
        // Without its reader the connection is closed.
        self.inner = None;
        Poll::Ready(Some(Err(Silent.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map(Body::size_hint).unwrap_or_default()
    }
}
