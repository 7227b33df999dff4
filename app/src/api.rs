//! How the browser calls server functions: with the token against cross-site requests, the establishment that the
//! page was rendered for, and a mark on what no person asked for. What is refused because the session has ended locks the
//! page (`identity::lock`); reads are asked again when it is open again.

use std::{
    cell::Cell,
    future::{Future, poll_fn},
    pin::pin,
};

use leptos::prelude::*;
use leptos::server_fn::{
    Bytes,
    client::{Client, browser::BrowserClient},
    error::{FromServerFnError, ServerFnErrorErr},
    request::{ClientReq, browser::BrowserRequest},
    response::{ClientRes, browser::BrowserResponse},
};

use crate::gate;

/// Meta element that carries the token against cross-site requests.
pub const CSRF_META: &str = "csrf-token";
/// Meta element that carries the establishment.
pub const ESTABLISHMENT_META: &str = "establishment";

thread_local! {
    static BACKGROUND: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` so that the requests which it causes at once don't count as a person's activity.
pub fn in_background(work: impl FnOnce()) {
    BACKGROUND.set(true);
    work();
    // Resources start their requests in the next turns of the event loop.
    set_timeout(|| BACKGROUND.set(false), std::time::Duration::from_millis(250));
}

/// Does `work`, whose own requests count as a person's activity, whatever else of this moment does not.
pub async fn in_foreground<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    poll_fn(|context| {
        let marked = BACKGROUND.take();
        let polled = work.as_mut().poll(context);
        // What an answer set off may have marked its own requests.
        if marked {
            BACKGROUND.set(true);
        }
        polled
    })
    .await
}

/// Content of a `<meta name=…>` of this page.
pub fn meta(name: &str) -> Option<String> {
    let selector = format!("meta[name='{name}']");
    let element = document().query_selector(&selector).ok().flatten()?;
    element.get_attribute("content").filter(|content| !content.is_empty())
}

/// The question what became of the session (`identity::api::resume`): the only one that is asked while the gate is shut.
pub(crate) const RESUME: &str = "/api/v1/auth/resume";

/// The browser's client with CareLink's headers.
pub struct Browser;

fn mark(request: &BrowserRequest) {
    let headers = request.headers();
    if let Some(token) = meta(CSRF_META) {
        headers.set("X-CSRF-Token", &token);
    }
    if let Some(establishment) = meta(ESTABLISHMENT_META) {
        headers.set("X-Establishment", &establishment);
    }
    if BACKGROUND.get() {
        headers.set("X-Background", "1");
    }
}

/// The same read once more, for a request is gone once it is sent. Of acts there is none.
fn repeated<E: FromServerFnError>(request: &BrowserRequest) -> Option<BrowserRequest> {
    if request.method().as_str() != "GET" {
        return None;
    }
    let (url, headers) = (request.url(), request.headers());
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let header = |name| headers.get(name).unwrap_or_default();
    let (content_type, accepts) = (header("Content-Type"), header("Accept"));
    ClientReq::<E>::try_new_req_query(path, &content_type, &accepts, query, request.method()).ok()
}

/// Passes what our server says. A proxy's page ("502 Bad Gateway") is no answer: read as one it would be a value that was refused.
fn ours<E: FromServerFnError>(response: BrowserResponse) -> Result<BrowserResponse, E> {
    if ClientRes::<E>::status(&response) < 400 {
        return Ok(response);
    }
    let headers = response.generate_headers();
    if headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"application/json")) {
        Ok(response)
    } else {
        Err(E::from_server_fn_error(ServerFnErrorErr::Response("no answer of ours".into())))
    }
}

impl<E, I, O> Client<E, I, O> for Browser
where
    E: FromServerFnError,
    I: FromServerFnError,
    O: FromServerFnError,
{
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(request: BrowserRequest) -> impl Future<Output = Result<BrowserResponse, E>> + Send {
        mark(&request);
        let asks = request.url().contains(RESUME);
        let again = repeated::<E>(&request).filter(|_| !asks);
        async move {
            if again.is_some() {
                gate::opened().await;
            }
            let response = ours(<BrowserClient as Client<E, I, O>>::send(request).await?)?;
            let refused = !asks && ClientRes::<E>::status(&response) == 401 && gate::refused();
            match again {
                Some(again) if refused => {
                    gate::opened().await;
                    mark(&again);
                    ours(<BrowserClient as Client<E, I, O>>::send(again).await?)
                }
                _ => Ok(response),
            }
        }
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl futures_util::Stream<Item = Result<Bytes, Bytes>> + Send + 'static,
                impl futures_util::Sink<Bytes> + Send + 'static,
            ),
            E,
        >,
    > + Send {
        <BrowserClient as Client<E, I, O>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<E, I, O>>::spawn(future);
    }
}
