//! The server through its real router, on a real PostgreSQL. One database a test.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a helper that fails fails its test")]

mod support;

mod access;
mod access_table;
mod bearer;
mod bucket;
mod cookies;
mod csrf;
mod deposit;
mod download;
mod early;
mod enumeration;
mod headers;
mod hoards;
mod hosts;
mod keys;
mod limits;
mod logs;
mod mail;
mod notice;
mod pages;
mod patience;
mod psc;
mod reads;
mod refusals;
mod registrations;
mod routes;
mod script;
mod sessions;
mod shutdown;
mod sockets;
mod stale;
mod weights;
