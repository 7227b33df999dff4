//! The use cases on a real PostgreSQL, as the run-time login. One database a test.
#![expect(clippy::large_futures, reason = "a test hands whole use cases around")]
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod support;

mod audit;
mod audit_names;
mod bench;
mod codes;
mod connections;
mod deposits;
mod documents;
mod email;
mod events;
mod factors;
mod hashes;
mod identity;
mod inbox;
mod interleaving;
mod invitations;
mod isolation;
mod jobs;
mod locks;
mod mails;
mod members;
mod migrations;
mod operate;
mod passkeys;
mod places;
mod psc;
mod psc_given_up;
mod psc_hostile;
mod psc_link;
mod psc_logout;
mod psc_only;
mod psc_revalidate;
mod psc_sessions;
mod psc_unlink;
mod recovery;
mod refresh;
mod registration;
mod registration_races;
mod requests;
mod retention;
mod roles;
mod sessions;
mod settings;
mod sign_out;
mod simulate;
mod timing;
mod transfer;
mod uploads;
mod vault;
mod volume;
