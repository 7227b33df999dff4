//! Where the mails of a test arrive.

use std::sync::{Arc, Mutex};

use domain::mail::{Mail, MailError, Mailer};

/// Takes every mail, unless it is shut.
#[derive(Clone, Default)]
pub struct Postbox(Arc<Mutex<(Vec<Mail>, bool)>>);

impl Postbox {
    /// A mailer that puts mails in here.
    pub fn mailer(&self) -> Mailer {
        let post = self.clone();
        Mailer::new(move |mail| {
            let post = post.clone();
            async move {
                let mut inside = post.0.lock().unwrap();
                if inside.1 {
                    return Err(MailError("shut".into()));
                }
                inside.0.push(mail);
                Ok(())
            }
        })
    }

    /// From now on mails are refused, or taken again.
    pub fn shut(&self, shut: bool) {
        self.0.lock().unwrap().1 = shut;
    }

    /// The mails since this was last called.
    pub fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut self.0.lock().unwrap().0)
    }
}

/// The token of the first link to a page, `/portal/reset` for example, in a mail.
pub fn token_of(mail: &Mail, page: &str) -> Option<String> {
    let (_, rest) = mail.text.split_once(&format!("{page}?t="))?;
    Some(rest.split_whitespace().next()?.to_owned())
}
