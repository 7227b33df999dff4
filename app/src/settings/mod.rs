//! What administrators set for their establishment.

pub mod api;
mod draft;
mod fallback;
mod form;
mod leave;
mod page;
mod preview;
mod psc_only;
mod words;

pub use page::SettingsPage;
