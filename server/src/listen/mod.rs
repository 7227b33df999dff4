//! Accepting connections: HTTP/1.1 alone (a proxy in front speaks the rest), so many at once, a time limit for whatever
//! is awaited, and an end that lets requests finish.

mod place;
mod upload;

use std::{
    net::SocketAddr,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Body, extract::ConnectInfo, extract::Request};
use http::header;
use hyper::{
    body::{Body as _, Incoming},
    server::conn::http1,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use place::Placed;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;
use upload::Upload;

/// Most of a request's headers, cookies included.
const HEADER_BYTES: usize = 32 * 1024;
/// That there is no place left is said so often.
const SAID_AGAIN: Duration = Duration::from_mins(1);

/// How long a client is waited for, and how many there may be at once.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// From the acceptance of the connection, or the end of the request before, until all headers are there: whoever
    /// takes longer is not a patient on a slow network but a slow attack, or has gone.
    pub headers: Duration,
    /// For the next piece of a body.
    pub silence: Duration,
    /// For a peer that takes no byte of an answer. Long, for a proxy in front fills its buffers for a slow network and then
    /// takes nothing until they are empty.
    pub unread: Duration,
    /// For the rest of a body that was answered before its end…
    pub rest: Duration,
    /// …and for so many bytes of it.
    pub rest_bytes: u64,
    /// Connections at once: whoever comes then waits until one is closed.
    pub connections: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(20),
            silence: Duration::from_mins(1),
            unread: Duration::from_mins(5),
            rest: Duration::from_secs(10),
            rest_bytes: 32 * 1024 * 1024,
            connections: 4096,
        }
    }
}

/// Serves until `stop`, then waits for what is under way, at most `drain`.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken, drain: Duration) {
    serve_with(Patience::default(), listener, router, stop, drain).await;
}

/// The same with another patience.
pub async fn serve_with(
    patience: Patience,
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
    drain: Duration,
) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(patience.headers).max_header_size(HEADER_BYTES);
    let connections = TaskTracker::new();
    let places = Arc::new(Semaphore::new(patience.connections.min(Semaphore::MAX_PERMITS)));
    let mut full = None;
    loop {
        let (stream, peer, place) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accept(&listener, &places, &mut full) => accepted,
        };
        let stream = Placed::new(stream, place, patience.unread);
        let service = router.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer));
            let held_back = request.headers().contains_key(header::EXPECT);
            request.map(|body| {
                if body.is_end_stream() {
                    Body::empty()
                } else {
                    Body::new(Upload::new(body, patience, held_back))
                }
            })
        });
        let connection =
            builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).with_upgrades();
        let stop = stop.clone();
        connections.spawn(async move {
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = stop.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "connection");
            }
        });
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(drain, connections.wait()).await.is_err() {
        tracing::warn!("stopping with requests still under way");
    }
}

/// The next connection, once there is a place for it. Until then the kernel keeps it waiting.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    full: &mut Option<Instant>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        if places.available_permits() == 0 && full.is_none_or(|at| at.elapsed() > SAID_AGAIN) {
            tracing::warn!("as many connections as there may be (server.max_connections)");
            *full = Some(Instant::now());
        }
        match (Arc::clone(places).acquire_owned().await, listener.accept().await) {
            (Ok(place), Ok((stream, peer))) => return (stream, peer, place),
            (_, Err(error)) => {
                // Too many open files, most likely: a moment later some are closed.
                tracing::warn!(%error, "accept");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            // Nobody closes them.
            (Err(_), _) => {}
        }
    }
}
