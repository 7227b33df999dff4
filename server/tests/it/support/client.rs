//! A browser, as far as a server can tell: cookies, and the headers that a page of ours sends.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
};

use axum::{Router, body::Body, extract::ConnectInfo};
use bytes::Bytes;
use domain::Domain;
use http::{HeaderMap, HeaderName, Method, Request};
use http_body_util::BodyExt;
use model::ids::SessionId;
use server::layers::csrf;
use tower::ServiceExt;

use super::App;

/// A request to be.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

const BOUNDARY: &str = "carelink-boundary";
const FORM: &str = "application/x-www-form-urlencoded";

impl Call {
    pub fn new(method: &str, path: impl Into<String>) -> Self {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        Self { method, path: path.into(), headers: vec![], body: Bytes::new() }
    }

    pub fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    pub fn post(path: impl Into<String>) -> Self {
        Self::new("POST", path)
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// A header by another value, or without it.
    pub fn replace(mut self, name: &str, value: Option<&str>) -> Self {
        self.headers.retain(|(key, _)| key != name);
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub fn raw(self, kind: &str, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..self.with("content-type", kind) }
    }

    pub fn json(self, value: &serde_json::Value) -> Self {
        self.with("accept", "application/json").raw("application/json", value.to_string())
    }

    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let pairs: Vec<String> =
            fields.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
        self.with("accept", "text/html").raw(FORM, pairs.join("&"))
    }

    /// Fields, then files of a name and a type.
    pub fn multipart(self, fields: &[(&str, &str)], sent: &[(&str, &str, &[u8])]) -> Self {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.bytes());
        }
        for (name, kind, content) in sent {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: {kind}\r\n\r\n"
            );
            body.extend(head.bytes());
            body.extend_from_slice(content);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        self.with("accept", "text/html").raw(&format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }

    fn is_form(&self) -> bool {
        self.headers
            .iter()
            .any(|(key, value)| key == "content-type" && (value == FORM || value.starts_with("multipart/")))
    }
}

/// Percent-encodes everything that is not plain.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// A server's whole answer.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// Every `Set-Cookie` line.
    pub fn cookies(&self) -> Vec<String> {
        self.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap().to_owned()).collect()
    }

    /// The `Set-Cookie` line of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies().into_iter().find(|line| line.starts_with(&format!("{name}=")))
    }
}

/// Somebody's browser. Its cookies are its own; its address can be changed.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    d: Domain,
    origin: String,
    secure: bool,
    pub jar: BTreeMap<String, String>,
    pub session: Option<SessionId>,
    pub address: IpAddr,
}

impl Browser {
    /// A browser that was here before: it holds the cookie that anonymous forms are bound to.
    pub fn new(app: &App) -> Self {
        let secure = app.config.server.is_secure();
        let name = app::ssr::cookies::name("browser", secure);
        Self {
            router: app.router.clone(),
            d: app.d.clone(),
            origin: app.config.server.origin(),
            secure,
            jar: [(name, "0123456789abcdef0123456789abcdef".to_owned())].into(),
            session: None,
            address: IpAddr::from([198, 51, 100, 7]),
        }
    }

    /// The same browser at another node.
    pub fn at(&self, router: Router) -> Self {
        Self { router, ..self.clone() }
    }

    /// Full name of one of our cookies.
    pub fn name(&self, base: &str) -> String {
        app::ssr::cookies::name(base, self.secure)
    }

    pub fn holds(&self, base: &str) -> bool {
        self.jar.contains_key(&self.name(base))
    }

    /// What a page rendered for this browser carries against cross-site requests.
    pub fn token(&self) -> String {
        let browser = self.jar.get(&self.name("browser")).cloned().unwrap_or_default();
        csrf::token(&self.d, &self.session.map_or(browser, |session| session.to_string()))
    }

    /// Adds what a page of ours sends with this call.
    pub fn page_call(&self, call: Call) -> Call {
        let form = call.is_form();
        let call = call.with("origin", self.origin.clone()).with("sec-fetch-site", "same-origin");
        if form { call } else { call.with("x-csrf-token", self.token()) }
    }

    /// Sends with cookies, and nothing that isn't said.
    pub async fn send(&mut self, call: Call) -> Reply {
        let length = call.body.len();
        let body = Body::from(call.body.clone());
        let call = if length == 0 { call } else { call.with("content-length", length.to_string()) };
        self.stream(call, body).await
    }

    /// Sends this body instead of the call's own.
    pub async fn stream(&mut self, call: Call, body: Body) -> Reply {
        let host = self.origin.split("://").nth(1).unwrap();
        let mut request = Request::builder().method(call.method).uri(&call.path);
        if !call.headers.iter().any(|(name, _)| name == "host") {
            request = request.header("host", host);
        }
        for (name, value) in &call.headers {
            request = request.header(HeaderName::from_bytes(name.as_bytes()).unwrap(), value);
        }
        if !self.jar.is_empty() {
            let pairs: Vec<String> = self.jar.iter().map(|(key, value)| format!("{key}={value}")).collect();
            request = request.header("cookie", pairs.join("; "));
        }
        let mut request = request.body(body).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((self.address, 40_000))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        let reply = Reply { status: parts.status.as_u16(), headers: parts.headers, body };
        self.keep(&reply);
        reply
    }

    /// The head of this request as it goes over a connection.
    pub fn head(&self, call: &Call) -> String {
        let host = self.origin.split("://").nth(1).unwrap();
        let cookies: Vec<String> = self.jar.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let mut lines = vec![format!("{} {} HTTP/1.1", call.method, call.path), format!("host: {host}")];
        lines.extend(call.headers.iter().map(|(name, value)| format!("{name}: {value}")));
        lines.extend([format!("cookie: {}", cookies.join("; ")), String::new(), String::new()]);
        lines.join("\r\n")
    }

    fn keep(&mut self, reply: &Reply) {
        for line in reply.cookies() {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Sends from a page of ours.
    pub async fn act(&mut self, call: Call) -> Reply {
        self.send(self.page_call(call)).await
    }

    /// Goes to an address.
    pub async fn get(&mut self, path: &str) -> Reply {
        let accept =
            if path.starts_with("/api/") { "application/json" } else { "text/html,application/xhtml+xml" };
        self.send(Call::get(path).with("accept", accept)).await
    }

    pub async fn json(&mut self, path: &str, value: serde_json::Value) -> Reply {
        self.act(Call::post(path).json(&value)).await
    }

    /// Sends a form with its token as the first field.
    pub async fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let token = self.token();
        let fields: Vec<_> =
            std::iter::once(("csrf", token.as_str())).chain(fields.iter().copied()).collect();
        self.act(Call::post(path).form(&fields)).await
    }

    /// Sends the deposit page's form.
    pub async fn deposit(&mut self, slug: &str, key: &str, sent: &[(&str, &str, &[u8])]) -> Reply {
        let token = self.token();
        let fields = [("csrf", token.as_str()), ("idempotency_key", key)];
        self.act(Call::post(format!("/d/{slug}/deposit")).multipart(&fields, sent)).await
    }

    /// Sends one file as the script does.
    pub async fn file(&mut self, slug: &str, key: &str, (name, kind, content): (&str, &str, &[u8])) -> Reply {
        let call = Call::post(format!("/d/{slug}/deposit/files"))
            .with("x-file-name", encode(name))
            .with("x-idempotency-key", key)
            .raw(kind, content.to_vec());
        self.act(call).await
    }
}
