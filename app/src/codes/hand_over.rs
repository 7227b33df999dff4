//! What one page of codes hands to the next in the same tab: a code that was just shown (showing it again would be
//! another act in the audit), a request to repeat. Kept in memory only, never in an address or in storage.

use std::cell::RefCell;

use model::{codes::CodeView, ids::CodeId};

/// What a new code should ask again.
#[derive(Clone, Default)]
pub(super) struct Request {
    pub label: String,
    pub note: String,
}

/// What is handed over and when. A link may open in another tab instead: then nobody takes it, and it goes stale.
struct Fresh<T>(T, f64);

/// Milliseconds after which nothing is taken any more.
const STALE: f64 = 10_000.0;

impl<T> Fresh<T> {
    fn new(value: T) -> Self {
        Self(value, js_sys::Date::now())
    }

    fn take(self) -> Option<T> {
        (js_sys::Date::now() - self.1 < STALE).then_some(self.0)
    }
}

thread_local! {
    static SHOWN: RefCell<Option<Fresh<CodeView>>> = const { RefCell::new(None) };
    static REQUEST: RefCell<Option<Fresh<Request>>> = const { RefCell::new(None) };
}

/// For the page that shows or prints this code next.
pub(super) fn put(view: CodeView) {
    SHOWN.set(Some(Fresh::new(view)));
}

/// The code that the page before handed over, if it is this one; whatever was handed over is forgotten.
pub(super) fn take(id: CodeId) -> Option<CodeView> {
    SHOWN.take()?.take().filter(|view| view.summary.id == id)
}

/// For the form of a new code.
pub(super) fn ask_again(request: Request) {
    REQUEST.set(Some(Fresh::new(request)));
}

/// What the page before asks to repeat.
pub(super) fn request() -> Option<Request> {
    REQUEST.take()?.take()
}
