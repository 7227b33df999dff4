//! An identity provider inside the test: it keeps the protocol of Pro Santé Connect, and breaks one rule of it when a test asks.
//!
//! The real program is tried against a real provider in `end2end/psc`. This one can lie.

mod changes;
mod wire;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use domain::{
    clock::Clock,
    fetch::{Fetch, FetchRequest, FetchResponse},
    identity::psc::{Callback, ClientAuthentication, PscSettings, SignatureAlgorithm},
};
use jsonwebtoken::{Algorithm, EncodingKey, crypto, jwk::Jwk};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
pub use wire::query;
use wire::{document, respond};

/// Issuer of this provider.
pub const ISSUER: &str = "https://auth.psc.example/auth/realms/esante-wallet";
/// Client id and secret that it knows.
pub const CLIENT: &str = "carelink";
/// Its secret.
pub const SECRET: &str = "not really a secret";
/// Where it wants a certificate of the connection (RFC 8705, section 5).
const MTLS: &str = "mtls.psc.example";
/// Start of every `sub`.
pub const SUB: &str = "f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd:";

/// What a test changes in a document before it is sent.
type Change = Box<dyn Fn(&mut Value) + Send>;

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// With the first published key.
    Well,
    /// With a key that is published from now on, under its own name.
    WithNewKey,
    /// With a key that nobody publishes, under the published one's name.
    WithForeignKey,
    /// Not at all (`alg: none`).
    Not,
    /// With the client's secret (`HS256`).
    WithSecret,
    /// With the published key's text as a shared secret: the classic confusion of algorithms.
    WithPublicKeyAsSecret,
    /// Well, then one byte of the claims is changed.
    AndChanged,
}

struct State {
    clock: Clock,
    keys: [EncodingKey; 2],
    inner: Mutex<Inner>,
}

struct Inner {
    authentication: ClientAuthentication,
    published: usize,
    signed: Signed,
    header: Change,
    claims: Change,
    tokens: Change,
    userinfo: Change,
    userinfo_signed: bool,
    metadata: Change,
    outage: bool,
    person: Value,
    auth_time: Option<i64>,
    codes: HashMap<String, (String, String)>,
    refresh: HashMap<String, Value>,
    asked: Vec<String>,
    n: u32,
}

/// The provider. Cloning shares it.
#[derive(Clone)]
pub struct Provider(Arc<State>);

/// A person of these professions, each with so many activities: `("60", 2)`.
pub fn person(national_id: &str, given: &str, family: &str, exercises: &[(&str, usize)]) -> Value {
    let exercises: Vec<Value> = exercises
        .iter()
        .map(|(profession, activities)| {
            let activities: Vec<Value> = (0..*activities)
                .map(|n| json!({"codeModeExercice": "S", "raisonSocialeSite": format!("STRUCTURE FICTIVE {n}"), "codePostal": "75012"}))
                .collect();
            json!({"codeProfession": profession, "codeCategorieProfessionnelle": "C", "nomDexercice": family,
                   "prenomDexercice": given, "activities": activities})
        })
        .collect();
    json!({"sub": format!("{SUB}{national_id}"), "SubjectNameID": national_id, "preferred_username": national_id,
           "given_name": given, "family_name": family, "codeCivilite": "", "SubjectRefPro": {"exercices": exercises}})
}

impl Provider {
    /// One that keeps every rule, with a nurse of one activity.
    pub fn new(clock: &Clock) -> Self {
        let key = |pem: &[u8]| EncodingKey::from_rsa_pem(pem).expect("a key");
        let keep = || -> Change { Box::new(|_| {}) };
        let inner = Inner {
            authentication: ClientAuthentication::SecretPost(SECRET.into()),
            published: 1,
            signed: Signed::Well,
            header: keep(),
            claims: keep(),
            tokens: keep(),
            userinfo: keep(),
            userinfo_signed: false,
            metadata: keep(),
            outage: false,
            person: person("899700123450", "CAMILLE", "EXEMPLE", &[("60", 1)]),
            auth_time: None,
            codes: HashMap::new(),
            refresh: HashMap::new(),
            asked: vec![],
            n: 0,
        };
        let keys = [key(include_bytes!("files/psc-key-1.pem")), key(include_bytes!("files/psc-key-2.pem"))];
        Self(Arc::new(State { clock: clock.clone(), keys, inner: Mutex::new(inner) }))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.inner.lock().unwrap()
    }

    /// Settings that fit it.
    pub fn settings(&self) -> PscSettings {
        PscSettings {
            client_id: CLIENT.into(),
            authentication: self.inner().authentication.clone(),
            issuer: ISSUER.into(),
            algorithms: vec![SignatureAlgorithm::Rs256],
            redirect_uri: "https://carelink.example/auth/psc/callback".into(),
            post_logout_redirect_uri: "https://carelink.example/portal/sign-in".into(),
            simulated: false,
        }
    }

    /// How it knows the client from now on, and what [`Self::settings`] say.
    pub fn authenticates(&self, how: ClientAuthentication) -> &Self {
        self.inner().authentication = how;
        self
    }

    /// The way to it.
    pub fn fetch(&self) -> Fetch {
        let provider = self.clone();
        Fetch::new(move |request| {
            let answer = provider.answer(&request);
            // Nobody answers before others have had their turn.
            async move {
                tokio::task::yield_now().await;
                Ok(answer)
            }
        })
    }

    /// Paths that were asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.inner().asked.clone()
    }

    /// The person signs in at this authorization address, and the browser comes back with this.
    pub fn sign_in(&self, address: &str) -> Callback {
        let query = query(address.split_once('?').expect("a request").1);
        let get = |name: &str| query.get(name).cloned().unwrap_or_default();
        assert_eq!(get("response_type"), "code");
        assert_eq!(get("client_id"), CLIENT);
        assert_eq!(get("acr_values"), "eidas1", "the level is asked for");
        assert_eq!(get("scope"), "openid scope_all");
        assert_eq!(get("code_challenge_method"), "S256");
        let mut inner = self.inner();
        inner.n += 1;
        let code = format!("code-{}", inner.n);
        inner.codes.insert(code.clone(), (get("nonce"), get("code_challenge")));
        Callback { code: Some(code), state: Some(get("state")), iss: Some(ISSUER.into()), error: None }
    }

    /// A logout token.
    pub fn logout_token(&self, claims: &Value) -> String {
        self.sign(claims, "logout+jwt")
    }

    fn sign(&self, claims: &Value, kind: &str) -> String {
        let inner = self.inner();
        let mut header = json!({"alg": "RS256", "typ": kind, "kid": "key-0"});
        let (key, algorithm) = match inner.signed {
            Signed::Well | Signed::AndChanged | Signed::Not => (self.0.keys[0].clone(), Algorithm::RS256),
            Signed::WithNewKey => {
                header["kid"] = json!("key-1");
                (self.0.keys[1].clone(), Algorithm::RS256)
            }
            Signed::WithForeignKey => (self.0.keys[1].clone(), Algorithm::RS256),
            Signed::WithSecret => (EncodingKey::from_secret(SECRET.as_bytes()), Algorithm::HS256),
            Signed::WithPublicKeyAsSecret => {
                let public = serde_json::to_vec(&self.jwk(0)).expect("a key");
                (EncodingKey::from_secret(&public), Algorithm::HS256)
            }
        };
        if algorithm == Algorithm::HS256 {
            header["alg"] = json!("HS256");
        }
        if inner.signed == Signed::Not {
            header["alg"] = json!("none");
        }
        (inner.header)(&mut header);
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&header), part(claims));
        let signature = match inner.signed {
            Signed::Not => String::new(),
            _ => crypto::sign(message.as_bytes(), &key, algorithm).expect("a signature"),
        };
        if inner.signed == Signed::AndChanged {
            let mut other = claims.clone();
            other["sub"] = json!(format!("{SUB}899700000000"));
            return format!("{}.{}.{signature}", part(&header), part(&other));
        }
        format!("{message}.{signature}")
    }

    fn jwk(&self, n: usize) -> Value {
        let jwk = Jwk::from_encoding_key(&self.0.keys[n], Algorithm::RS256).expect("a key");
        let mut jwk = serde_json::to_value(jwk).expect("JSON");
        jwk["kid"] = json!(format!("key-{n}"));
        jwk["use"] = json!("sig");
        jwk
    }

    /// Publishes the second key too, as a provider does that changes its keys.
    pub fn publishes_new_key(&self) {
        self.inner().published = 2;
    }

    fn now(&self) -> i64 {
        self.0.clock.now().as_second()
    }

    fn answer(&self, request: &FetchRequest) -> FetchResponse {
        let uri = request.uri().to_string();
        let with_certificate = || uri.strip_prefix("https://").and_then(|rest| rest.strip_prefix(MTLS));
        let path = uri.strip_prefix(ISSUER).or_else(with_certificate).unwrap_or(&uri).to_owned();
        self.inner().asked.push(path.clone());
        if self.inner().outage {
            return respond(503, "text/html", b"<h1>Service Unavailable</h1>".to_vec());
        }
        match path.as_str() {
            "/.well-known/wallet-openid-configuration" => {
                let endpoint = |name: &str| format!("{ISSUER}/protocol/openid-connect/{name}");
                let mut metadata = json!({
                    "issuer": ISSUER, "authorization_endpoint": "https://wallet.psc.example/auth",
                    "token_endpoint": endpoint("token"), "userinfo_endpoint": endpoint("userinfo"),
                    "jwks_uri": endpoint("certs"), "end_session_endpoint": endpoint("logout"),
                    "authorization_response_iss_parameter_supported": true, "acr_values_supported": ["0", "0"],
                });
                if matches!(self.inner().authentication, ClientAuthentication::Certificate) {
                    let alias = |name: &str| format!("https://{MTLS}/protocol/openid-connect/{name}");
                    metadata["mtls_endpoint_aliases"] =
                        json!({"token_endpoint": alias("token"), "userinfo_endpoint": alias("userinfo")});
                }
                (self.inner().metadata)(&mut metadata);
                document(200, &metadata)
            }
            "/protocol/openid-connect/certs" => {
                let published = self.inner().published;
                document(200, &json!({"keys": (0..published).map(|n| self.jwk(n)).collect::<Vec<_>>()}))
            }
            "/protocol/openid-connect/token" => self.token(request),
            "/protocol/openid-connect/userinfo" => self.identity(request),
            _ => respond(404, "text/plain", vec![]),
        }
    }

    /// By what it has settled on with the client. A certificate would be seen by the connection, at an address of its own.
    fn knows_client(&self, request: &FetchRequest, id: &str, secret: &str) -> bool {
        let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        match self.inner().authentication {
            ClientAuthentication::SecretPost(_) => header.is_none() && id == CLIENT && secret == SECRET,
            ClientAuthentication::SecretBasic(_) => {
                // Each part as in a form (RFC 6749, section 2.3.1).
                let pair = format!("{CLIENT}:{}", SECRET.replace(' ', "+"));
                header == Some(&format!("Basic {}", STANDARD.encode(pair))) && secret.is_empty()
            }
            ClientAuthentication::Certificate => {
                with_certificate(request) && header.is_none() && id == CLIENT && secret.is_empty()
            }
        }
    }

    fn token(&self, request: &FetchRequest) -> FetchResponse {
        let form = query(std::str::from_utf8(request.body()).unwrap_or_default());
        let get = |name: &str| form.get(name).cloned().unwrap_or_default();
        let refused = |error: &str| document(400, &json!({"error": error}));
        if !self.knows_client(request, &get("client_id"), &get("client_secret")) {
            return refused("invalid_client");
        }
        if get("grant_type") == "refresh_token" {
            let Some(session) = self.inner().refresh.remove(&get("refresh_token")) else {
                return refused("invalid_grant");
            };
            return self.grant(session);
        }
        let Some((nonce, challenge)) = self.inner().codes.remove(&get("code")) else {
            return refused("invalid_grant");
        };
        let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(get("code_verifier")));
        if proof != challenge || get("redirect_uri") != self.settings().redirect_uri {
            return refused("invalid_grant");
        }
        let (person, auth_time) = {
            let inner = self.inner();
            (inner.person.clone(), inner.auth_time.unwrap_or(self.now()))
        };
        self.grant(json!({"sub": person["sub"], "nonce": nonce, "auth_time": auth_time, "sid": format!("sid-{}", get("code"))}))
    }

    fn grant(&self, session: Value) -> FetchResponse {
        let now = self.now();
        let mut claims = json!({
            "iss": ISSUER, "aud": CLIENT, "azp": CLIENT, "iat": now, "exp": now + 120, "acr": "eidas1",
            "sub": session["sub"], "nonce": session["nonce"], "auth_time": session["auth_time"], "sid": session["sid"],
        });
        (self.inner().claims)(&mut claims);
        let id_token = self.sign(&claims, "JWT");
        let mut inner = self.inner();
        inner.n += 1;
        let refresh = format!("refresh-{}", inner.n);
        inner.refresh.insert(refresh.clone(), session);
        let mut tokens = json!({"access_token": "access", "expires_in": 120, "refresh_token": refresh,
            "refresh_expires_in": 1800, "token_type": "Bearer", "id_token": id_token, "scope": "openid scope_all",
            "session_state": "s"});
        (inner.tokens)(&mut tokens);
        document(200, &tokens)
    }

    fn identity(&self, request: &FetchRequest) -> FetchResponse {
        let mutual = matches!(self.inner().authentication, ClientAuthentication::Certificate);
        if mutual != with_certificate(request)
            || request.headers().get("authorization").is_none_or(|value| value != "Bearer access")
        {
            return respond(401, "text/plain", vec![]);
        }
        let (mut value, signed) = {
            let inner = self.inner();
            (inner.person.clone(), inner.userinfo_signed)
        };
        if signed {
            value["iss"] = json!(ISSUER);
            value["aud"] = json!([CLIENT]);
        }
        (self.inner().userinfo)(&mut value);
        if signed {
            respond(200, "application/jwt", self.sign(&value, "JWT").into_bytes())
        } else {
            document(200, &value)
        }
    }
}

/// Whether it was asked where the connection has a certificate.
fn with_certificate(request: &FetchRequest) -> bool {
    request.uri().host() == Some(MTLS)
}
