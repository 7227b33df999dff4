//! What the tests of `domain` and `server` stand on: a PostgreSQL database of their own, and small honest files.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a helper that fails fails its test")]

mod database;
pub mod files;
mod postbox;
pub mod psc;

pub use database::Database;
pub use postbox::{Postbox, token_of};
