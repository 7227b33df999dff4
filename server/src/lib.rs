//! The axum host: configuration, layers, routes, the command line. Nothing else knows HTTP.

#![recursion_limit = "512"]

pub mod admin;
pub mod cli;
pub mod config;
pub mod demo;
pub mod fetch;
pub mod keys;
pub mod layers;
pub mod listen;
pub mod log;
pub mod mail;
pub mod router;
pub mod routes;
pub mod serve;
pub mod start;
pub mod store;
