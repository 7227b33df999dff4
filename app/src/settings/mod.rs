//! What administrators set for their establishment.

pub mod api;
mod draft;
mod form;
mod leave;
mod page;
mod preview;
mod words;

pub use page::SettingsPage;
