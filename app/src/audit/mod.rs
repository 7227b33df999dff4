//! The audit as administrators read, filter and export it.

pub mod api;
mod detail;
mod export;
#[cfg(feature = "ssr")]
mod file;
mod filter;
mod page;
mod table;
mod words;

#[cfg(feature = "ssr")]
pub use file::words;
pub use page::ListPage;
