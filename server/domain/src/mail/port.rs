//! The way out: what use cases need of whoever delivers mails.

use std::{future::Future, pin::Pin, sync::Arc};

use model::identity::Email;

/// A mail, ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Whose.
    pub to: Email,
    /// One line.
    pub subject: String,
    /// The whole of it as plain text, lines of any length.
    pub text: String,
    /// The same as a small HTML document without anything that has to be fetched.
    pub html: String,
    /// BCP 47 tag of its language.
    pub language: &'static str,
}

/// It was not delivered. The text names no address: it goes to logs and into the queue.
#[derive(Debug, thiserror::Error)]
#[error("mail: {0}")]
pub struct MailError(pub String);

type Delivered = Pin<Box<dyn Future<Output = Result<(), MailError>> + Send>>;

/// Delivers mails.
#[derive(Clone)]
pub struct Mailer(Arc<dyn Fn(Mail) -> Delivered + Send + Sync>);

impl Mailer {
    /// One made of a function.
    pub fn new<F, A>(deliver: F) -> Self
    where
        F: Fn(Mail) -> A + Send + Sync + 'static,
        A: Future<Output = Result<(), MailError>> + Send + 'static,
    {
        Self(Arc::new(move |mail| Box::pin(deliver(mail))))
    }

    /// Delivers a mail: somebody else has taken it over when this is over.
    ///
    /// # Errors
    /// See [`MailError`].
    pub async fn deliver(&self, mail: Mail) -> Result<(), MailError> {
        (self.0)(mail).await
    }
}
