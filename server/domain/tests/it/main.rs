//! The use cases on a real PostgreSQL, as the run-time login. One database a test.

mod support;

mod isolation;
mod interleaving;
mod migrations;
