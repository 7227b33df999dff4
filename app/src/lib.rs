//! CareLink's pages: rendered on the server, alive in the browser, one folder per capability.
//!
//! `deposit` is the patient's face: server only, complete without script. Everything else is the staff's portal.

#![recursion_limit = "512"]
#![expect(
    missing_docs,
    reason = "`#[component]` and `#[server]` generate fields that they give no way to document"
)]

pub mod api;
pub mod audit;
pub mod codes;
#[cfg(feature = "ssr")]
pub mod deposit;
pub mod documents;
pub mod error;
pub mod gate;
pub mod home;
pub mod identity;
pub mod live;
pub mod members;
pub mod registration;
pub mod settings;
pub mod shell;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod ui;

/// A text in the reader's language as a `String`: `tx!(i18n, codes.title)`. The language never changes within a page.
macro_rules! tx {
    ($i18n:expr, $($key:tt)*) => {
        ::std::string::ToString::to_string(&::leptos_i18n::tu_string!($i18n, $($key)*))
    };
}
pub(crate) use tx;

include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

pub use shell::{App, document};

/// The texts of the reader's language.
pub type I18n = leptos_i18n::I18nContext<i18n::Locale>;
