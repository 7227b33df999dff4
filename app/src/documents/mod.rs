//! Documents: the inbox, and one document read page by page.

mod acts;
mod address;
pub mod api;
mod focus;
mod list;
mod preferences;
mod viewer;
mod words;

pub use list::ListPage;
pub use viewer::ViewerPage;
