//! Live events: the socket, what it wakes up, and how it comes back.
//!
//! Events carry kinds and ids only. A page that shows what an event is about re-reads it through its own server
//! function, marked as background so that nobody stays signed in by it.

use leptos::prelude::*;
use model::identity::Me;
use serde::Deserialize;

/// What the socket says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Event {
    /// `documents.received`, `documents.changed`, `codes.changed`, `codes.guessing`, `members.requests`, `session.ended`.
    pub kind: String,
    /// What it is about.
    pub object: Option<String>,
}

/// The page's view of the socket.
#[derive(Clone, Copy)]
pub struct Live {
    /// Whether events are coming in.
    pub connected: RwSignal<bool>,
    /// The last event; its number grows with each, also when the same kind comes twice.
    pub last: RwSignal<(u64, Option<Event>)>,
    /// Grows whenever something about documents happened.
    pub documents: RwSignal<u64>,
    /// Grows whenever something about codes happened.
    pub codes: RwSignal<u64>,
    /// Grows whenever somebody waits for an administrator's answer, or was answered.
    pub waiting: RwSignal<u64>,
}

impl Live {
    #[cfg_attr(feature = "ssr", expect(dead_code, reason = "only the browser has a socket"))]
    fn take(self, event: Event) {
        crate::api::in_background(|| {
            if event.kind.starts_with("documents.") {
                self.documents.update(|n| *n += 1);
            }
            if event.kind.starts_with("codes.") || event.kind == "documents.received" {
                self.codes.update(|n| *n += 1);
            }
            if event.kind == "members.requests" {
                self.waiting.update(|n| *n += 1);
            }
            self.last.update(|(n, last)| {
                *n += 1;
                *last = Some(event);
            });
        });
    }

    /// Everything may have changed while nobody listened.
    #[cfg_attr(feature = "ssr", expect(dead_code, reason = "only the browser has a socket"))]
    fn catch_up(self) {
        crate::api::in_background(|| {
            self.documents.update(|n| *n += 1);
            self.codes.update(|n| *n += 1);
            self.waiting.update(|n| *n += 1);
        });
    }
}

/// Opens the socket for as long as the portal is open, and provides [`Live`].
pub fn provide_live(me: &Me) {
    let live = Live {
        connected: RwSignal::new(false),
        last: RwSignal::new((0, None)),
        documents: RwSignal::new(0),
        codes: RwSignal::new(0),
        waiting: RwSignal::new(0),
    };
    provide_context(live);
    #[cfg(feature = "hydrate")]
    if me.establishment.is_some() {
        Effect::new(move |_| browser::connect(live, 0));
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = me;
}

/// The socket of this portal.
pub fn use_live() -> Live {
    expect_context::<Live>()
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::{cell::RefCell, time::Duration};

    use leptos::prelude::*;
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{MessageEvent, WebSocket};

    use super::{Event, Live};

    type Handlers = (Closure<dyn FnMut()>, Closure<dyn FnMut(MessageEvent)>, Closure<dyn FnMut()>);

    thread_local! {
        /// The handlers of the socket of now: a page that is open all day connects many times.
        static HELD: RefCell<Option<Handlers>> = const { RefCell::new(None) };
    }

    /// Connects; when the socket drops, again after 1, 2, 4… at most 16 seconds.
    pub fn connect(live: Live, tries: u32) {
        let location = window().location();
        let (Ok(protocol), Ok(host)) = (location.protocol(), location.host()) else { return };
        let scheme = if protocol == "https:" { "wss" } else { "ws" };
        let Ok(socket) = WebSocket::new(&format!("{scheme}://{host}/ws")) else { return };
        let opened = Closure::<dyn FnMut()>::new(move || {
            live.connected.set(true);
            // The first time too: something may have come between the server's page and this moment.
            live.catch_up();
        });
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            if let Ok(event) = serde_json::from_str::<Event>(&text) {
                live.take(event);
            }
        });
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        let closed = Closure::<dyn FnMut()>::new(move || {
            let was_open = live.connected.get_untracked();
            live.connected.set(false);
            let next = if was_open { 1 } else { tries.saturating_add(1) };
            let again = move || {
                // The socket itself never renews tokens; this request does, and says when the session is over: then it waits, with
                // all reads of a locked page, until somebody is back.
                leptos::task::spawn_local(async move {
                    crate::api::in_background(|| ());
                    let _ = crate::identity::api::me().await;
                    connect(live, next);
                });
            };
            set_timeout(again, Duration::from_secs(1 << next.min(5).saturating_sub(1)));
        });
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        // Those of the socket before have served.
        HELD.set(Some((opened, message, closed)));
    }
}
