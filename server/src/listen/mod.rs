//! Accepting connections: HTTP/1.1 alone (a proxy in front speaks the rest), a time limit for whatever is awaited, and an
//! end that lets requests finish.

mod upload;

use std::{net::SocketAddr, pin::pin, time::Duration};

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
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;
use upload::Upload;

/// Most of a request's headers, cookies included.
const HEADER_BYTES: usize = 32 * 1024;

/// How long a client is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// From the acceptance of the connection, or the end of the request before, until all headers are there: whoever
    /// takes longer is not a patient on a slow network but a slow attack, or has gone.
    pub headers: Duration,
    /// For the next piece of a body.
    pub silence: Duration,
    /// For the rest of a body that was answered before its end…
    pub rest: Duration,
    /// …and for so many bytes of it.
    pub rest_bytes: u64,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(20),
            silence: Duration::from_mins(1),
            rest: Duration::from_secs(10),
            rest_bytes: 32 * 1024 * 1024,
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
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Too many open files, most likely: a moment later some are closed.
                tracing::warn!(%error, "accept");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
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
