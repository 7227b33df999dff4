//! Plain routes: what server functions can't carry (streams, files, sockets) and the patient's pages.

pub mod assets;
pub mod audit;
pub mod browsers;
pub mod deposit;
pub mod documents;
pub mod health;
pub mod identity;
pub mod language;
pub mod links;
pub mod live;
pub mod psc;
pub mod registration;
