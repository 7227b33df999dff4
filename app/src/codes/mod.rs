//! Codes: listing them, generating one, showing it, printing it.

pub mod api;
mod ended;
mod extend;
mod form;
mod hand_over;
mod list;
mod list_query;
mod new;
mod quick;
mod received;
mod sheet;
mod shortcut;
mod show;
mod show_code;
mod shown;
mod spelling;
mod words;

pub use list::ListPage;
pub use new::NewPage;
pub(crate) use quick::QuickCode;
pub(crate) use received::document_item;
pub use sheet::SheetPage;
pub(crate) use shortcut::Shortcuts;
pub use show::ShowPage;
pub(crate) use words::{plural, uses_of};
