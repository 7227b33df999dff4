//! What every request passes through, outermost first: see `router::build`.

pub mod anonymous;
pub mod caller;
pub mod client;
pub mod csrf;
pub mod functions;
pub mod headers;
pub mod portal;
pub mod refusal;
pub mod request;
pub mod strangers;
