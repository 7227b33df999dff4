//! The viewer as the server uses it: a real child, real documents.

#![expect(clippy::unwrap_used, reason = "helpers of tests are not in functions marked as tests")]

mod documents;
mod made;
mod strangers;
mod timings;
