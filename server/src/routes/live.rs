//! `/ws`: kinds and ids of what happens in the session's establishment.

use std::time::Duration;

use app::ssr::Caller;
use axum::{
    Extension,
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    response::{IntoResponse, Response},
};
use domain::{Domain, events::Event, identity};
use http::{HeaderMap, StatusCode};
use model::{
    ids::{EstablishmentId, SessionId},
    roles::Permission,
};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::layers::refusal;

/// The session is looked at this often: an ended one closes its sockets within five seconds.
const CHECK: Duration = Duration::from_secs(2);
/// A proxy closes silent connections.
const PING_EVERY: u32 = 12;
/// The last frame may take so long.
const FAREWELL: Duration = Duration::from_secs(1);

/// Our origin and the server's end.
#[derive(Clone)]
pub struct Setup {
    /// The domain.
    pub domain: Domain,
    /// Our origin.
    pub origin: std::sync::Arc<str>,
    /// Cancelled when the server stops.
    pub stop: CancellationToken,
}

/// Upgrades for a signed-in person of ours: a GET that browsers send with cookies from any site, so its origin counts.
pub async fn socket(
    State(setup): State<Setup>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let origin = headers.get("origin").and_then(|value| value.to_str().ok());
    if origin.is_some_and(|origin| origin != &*setup.origin) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let who = match caller.staff() {
        Ok(who) => who,
        Err(kind) => return refusal::status(kind).into_response(),
    };
    let (session, establishment) = (who.session, who.establishment);
    let events = setup.domain.events.subscribe();
    upgrade
        .max_message_size(1024)
        .on_upgrade(move |socket| run(setup, socket, session, establishment, events))
        .into_response()
}

async fn run(
    setup: Setup,
    mut socket: WebSocket,
    session: SessionId,
    establishment: EstablishmentId,
    events: Receiver<Event>,
) {
    tokio::select! {
        // Whatever is awaited: the database's answer, or a peer that takes nothing.
        () = setup.stop.cancelled() => {}
        () = tell(&setup.domain, &mut socket, session, establishment, events) => {}
    }
    let _ = timeout(FAREWELL, socket.send(Message::Close(None))).await;
}

/// Until the session ends or the peer goes.
async fn tell(
    d: &Domain,
    socket: &mut WebSocket,
    session: SessionId,
    establishment: EstablishmentId,
    mut events: Receiver<Event>,
) {
    let mut tick = tokio::time::interval(CHECK);
    let mut ticks = 0_u32;
    let mut may_codes = false;
    let mut may_documents = false;
    let mut may_people = false;
    let mut failing = false;
    loop {
        let message = tokio::select! {
            _ = tick.tick() => {
                let who = match identity::authenticate_id(d, session, true).await {
                    Ok(Some(who)) => who,
                    Ok(None) => {
                        let _ = socket.send(Message::text(r#"{"kind":"session.ended"}"#)).await;
                        break;
                    }
                    // Not the end: an incident must not take half-typed forms away from everybody.
                    Err(error) => {
                        if !failing {
                            tracing::error!(%error, %session, "incident: a socket's session can't be looked at");
                        }
                        failing = true;
                        continue;
                    }
                };
                failing = false;
                may_codes = who.roles.allow(Permission::Codes);
                may_documents = who.roles.allow(Permission::ListDocuments);
                may_people = who.roles.allow(Permission::People);
                ticks = ticks.wrapping_add(1);
                if !ticks.is_multiple_of(PING_EVERY) { continue }
                Message::Ping(bytes::Bytes::new())
            }
            came = socket.recv() => match came {
                // Nothing that a browser says here means anything.
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => continue,
            },
            event = events.recv() => match event {
                Ok(event) if event.establishment == establishment => {
                    let may = match event.kind.split('.').next() {
                        Some("codes") => may_codes,
                        Some("members") => may_people,
                        _ => may_documents,
                    };
                    if !may { continue }
                    match serde_json::to_string(&event) {
                        Ok(text) => Message::text(text),
                        Err(_) => continue,
                    }
                }
                Ok(_) => continue,
                // Too far behind: the page connects again, and reads everything again then.
                Err(RecvError::Lagged(_) | RecvError::Closed) => break,
            },
        };
        if socket.send(message).await.is_err() {
            break;
        }
    }
}
