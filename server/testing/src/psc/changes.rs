//! What a test makes the provider do next.

use serde_json::Value;

use super::{Provider, Signed};

impl Provider {
    /// Who signs in next.
    pub fn is(&self, person: Value) -> &Self {
        self.inner().person = person;
        self
    }

    /// How the next tokens are signed.
    pub fn signs(&self, signed: Signed) -> &Self {
        self.inner().signed = signed;
        self
    }

    /// When the person showed who they are (seconds), if not now.
    pub fn authenticated_at(&self, at: Option<i64>) -> &Self {
        self.inner().auth_time = at;
        self
    }

    /// Changes the header of the next tokens.
    pub fn header(&self, change: impl Fn(&mut Value) + Send + 'static) -> &Self {
        self.inner().header = Box::new(change);
        self
    }

    /// Changes the claims of the next tokens.
    pub fn claims(&self, change: impl Fn(&mut Value) + Send + 'static) -> &Self {
        self.inner().claims = Box::new(change);
        self
    }

    /// Changes the next answers of the token endpoint.
    pub fn tokens(&self, change: impl Fn(&mut Value) + Send + 'static) -> &Self {
        self.inner().tokens = Box::new(change);
        self
    }

    /// Changes the next identities.
    pub fn userinfo(&self, change: impl Fn(&mut Value) + Send + 'static) -> &Self {
        self.inner().userinfo = Box::new(change);
        self
    }

    /// Whether identities come as signed tokens.
    pub fn signs_userinfo(&self, signed: bool) -> &Self {
        self.inner().userinfo_signed = signed;
        self
    }

    /// Changes the metadata.
    pub fn metadata(&self, change: impl Fn(&mut Value) + Send + 'static) -> &Self {
        self.inner().metadata = Box::new(change);
        self
    }

    /// Answers nothing but 503 from now on, or again.
    pub fn is_out(&self, outage: bool) -> &Self {
        self.inner().outage = outage;
        self
    }

    /// Every session of its own is over: no refresh token is good.
    pub fn ends_sessions(&self) {
        self.inner().refresh.clear();
    }
}
