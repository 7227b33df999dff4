//! The audit as administrators read, filter and export it.

pub mod api;
mod export;
mod filter;
mod page;
mod table;
mod words;

pub use page::ListPage;
