//! Mails to people who work with CareLink: about their own access, never about a patient.
//!
//! The act that causes a mail adds a job to its own transaction. The job looks the person up, makes the link's token and hands
//! the mail to the port that the host gave: no token lies in the queue, and no request waits for a mail server.

mod letter;
mod port;
mod render;
mod words;

pub(crate) use letter::{Draft, Letter, send};
pub use port::{Mail, MailError, Mailer};
pub(crate) use words::{Link, Words, colon};
