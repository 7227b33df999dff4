//! The body of a request: silence ends it, and what nobody wants of it is read all the same.
//!
//! A server that answers early and closes makes a client that is still sending see a broken connection instead of the
//! answer. So the rest is swallowed while the answer goes out, up to a limit in bytes and in time.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::BoxError;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::{
    runtime::Handle,
    time::{Instant, Sleep, sleep, timeout},
};

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
    /// Whether the client waits for our word before it sends anything.
    held_back: bool,
}

impl Upload {
    /// Of a request; `held_back` where it came with `Expect: 100-continue` (RFC 9110, 10.1.1).
    pub const fn new(inner: Incoming, patience: Patience, held_back: bool) -> Self {
        Self { inner: Some(inner), patience, timer: None, waiting: false, held_back }
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
        self.held_back = false;
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

impl Drop for Upload {
    fn drop(&mut self) {
        let Some(rest) = self.inner.take().filter(|rest| !rest.is_end_stream()) else { return };
        // Who waits for our word has sent nothing, and now gets the answer instead.
        if self.held_back {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(swallow(rest, self.patience));
        }
    }
}

/// Reads and forgets. Where the limits are met the connection is closed, as if nobody had read on.
async fn swallow(mut rest: Incoming, patience: Patience) {
    let mut left = patience.rest_bytes;
    let reading = async {
        while let Some(Ok(frame)) = rest.frame().await {
            let came = frame.data_ref().map_or(0, |data| data.len() as u64);
            let Some(less) = left.checked_sub(came) else { break };
            left = less;
        }
    };
    // Out of time is as good as out of bytes.
    let _ = timeout(patience.rest, reading).await;
}
