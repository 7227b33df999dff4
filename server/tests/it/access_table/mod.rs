//! Who may do what over HTTP: one row a route. The matrix of roles is SECURITY.md's, written a second time.

mod rows;

use model::roles::Role;
pub use rows::ROWS;

use crate::support::{Call, Objects, SCRIPT};

/// What a request carries. `{typed}`, `{code}`, `{document}`, `{member}`, `{email}`, `{house}` are filled in.
pub enum Input {
    /// Nothing, or what the address says.
    Address(&'static str),
    Json(&'static str),
    Form(&'static [(&'static str, &'static str)]),
    /// The form with a file.
    Files,
    /// A file as the body.
    File,
    /// An upgrade, which needs a connection: see `sockets`.
    Upgrade,
}

/// Expected statuses.
pub enum Gives {
    /// The same to everybody.
    All(u16),
    /// One to who is signed in, another to who isn't.
    SignedIn { yes: u16, no: u16 },
    /// A page of the portal: 200 to these roles, 403 to others, the sign-in page to nobody.
    Page { who: &'static [Role] },
    /// To these roles `ok`; to other roles 403; to nobody 401; to staff of another establishment `foreign`.
    Roles { who: &'static [Role], ok: u16, foreign: u16 },
}

pub struct Row {
    pub method: &'static str,
    pub path: &'static str,
    pub input: Input,
    pub gives: Gives,
}

impl Row {
    /// Whether the request is about something that has an id.
    pub fn is_about_an_object(&self) -> bool {
        let body = if let Input::Json(body) = self.input { body } else { "" };
        self.path.contains("{id}")
            || ["{code}", "{document}", "{member}", "{deleted}", "{disabled}", "{house}"]
                .iter()
                .any(|id| body.contains(id))
    }

    /// The request, about these objects, with the token that its form needs.
    pub fn call(&self, about: &Objects, token: &str, email: &str) -> Call {
        let id = if self.path.starts_with("/portal/codes") {
            about.code.to_string()
        } else {
            about.document.to_string()
        };
        let path = self
            .path
            .replace("{slug}", &about.slug)
            .replace("{token}", if self.path.contains("/r/") { &about.receipt } else { &about.link })
            .replace("{id}", &id)
            .replace("{number}", "1")
            .replace("{tag}", "en")
            .replace("{*__private__axum_nest_tail_param}", SCRIPT.trim_start_matches("/pkg/"));
        let fill = |text: &str| {
            text.replace("{slug}", &about.slug)
                .replace("{typed}", &about.typed)
                .replace("{code}", &about.code.to_string())
                .replace("{document}", &about.document.to_string())
                .replace("{deleted}", &about.document.to_string())
                .replace("{member}", &about.member.to_string())
                .replace("{disabled}", &about.member.to_string())
                .replace("{house}", &about.depositor.establishment.to_string())
                .replace("{email}", email)
                .replace("{fresh}", &crate::support::fresh_email())
        };
        let call = |path: &str| Call::new(self.method, path);
        match self.input {
            Input::Address("") | Input::Upgrade => call(&path)
                .with("accept", if path.starts_with("/api/") { "application/json" } else { "text/html" }),
            Input::Address(query) => {
                call(&format!("{path}?{}", fill(query))).with("accept", "application/json")
            }
            Input::Json(body) => {
                call(&path).with("accept", "application/json").raw("application/json", fill(body))
            }
            Input::Form(fields) => {
                let filled: Vec<_> = fields.iter().map(|(key, value)| (*key, fill(value))).collect();
                let mut pairs = vec![("csrf", token)];
                pairs.extend(filled.iter().map(|(key, value)| (*key, value.as_str())));
                call(&path).form(&pairs)
            }
            Input::Files => call(&path).multipart(
                &[("csrf", token), ("idempotency_key", "form-0011223344")],
                &[("a.jpg", "image/jpeg", crate::support::files::JPEG)],
            ),
            Input::File => call(&format!("{path}?establishment={}", about.slug))
                .with("x-idempotency-key", "cle-0011223344")
                .raw("image/jpeg", crate::support::files::JPEG),
        }
    }

    /// What has to be true of the objects before: something deleted to be taken back, somebody disabled to be enabled.
    pub fn before(&self, about: &Objects, schema: &str) -> Option<String> {
        let Input::Json(body) = self.input else { return None };
        if body.contains("{deleted}") {
            return Some(format!(
                "UPDATE {schema}.documents SET deleting_since = received_at + interval '1 year' WHERE id = '{}'",
                about.document
            ));
        }
        body.contains("{disabled}").then(|| {
            format!("UPDATE control.memberships SET disabled_at = now() WHERE user_id = '{}'", about.member)
        })
    }
}
