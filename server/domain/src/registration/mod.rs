//! Registering an establishment: somebody asks for it, their mailbox answers, an administrator of the platform lets it in (or it
//! opens by itself, where the operator has it so), and whoever registered it is invited as its first administrator.
//!
//! Asking does the same whoever the address belongs to: it adds a row and a job. Nothing is looked up, then or later: with an
//! account or without, the way in is an invitation.

mod again;
mod approve;
mod ask;
mod confirm;
mod decline;
mod open;
mod waiting;

pub use again::invite_again;
pub use approve::approve;
pub(crate) use ask::draft;
pub use ask::{RegisterError, register};
pub use confirm::{RegistrationLinkError, confirm, registration};
pub use decline::decline;
pub(crate) use decline::{Declined, draft as draft_declined};
pub use open::RegistrationError;
pub(crate) use waiting::{Waiting, draft as draft_waiting};
pub use waiting::{registrations, registrations_waiting};
