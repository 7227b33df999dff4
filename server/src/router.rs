//! The whole table of routes, and the layers in their order.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use app::{App, deposit::views::Publisher, document};
use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use domain::{Domain, clock::Clock};
use http::{HeaderValue, Method, StatusCode, header};
use leptos::config::LeptosOptions;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list, render_app_async};
use tokio_util::sync::CancellationToken;
use tower_http::{
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
    cors::CorsLayer,
    limit::RequestBodyLimitLayer,
    services::{ServeDir, ServeFile},
};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

use crate::{
    config::{Config, Mode},
    layers::{anonymous, caller, csrf, functions, headers, portal, request, strangers::Strangers},
    routes::{
        assets, audit, browsers::Store, deposit, documents, health, identity, language, links, live, psc,
        registration,
    },
    start::StartError,
};

/// A depositor's browser is remembered so long after its last visit.
const DEPOSITOR_DAYS: i64 = 30;
/// Most of a server function's body.
const API_BODY: usize = 256 * 1024;

/// The portal's pages, listed once a process: while Leptos lists them, every resource that begins to load anywhere in the
/// process waits for good (leptos issue 4773), so this must be over before the first request of the first router.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// Builds the router.
///
/// # Errors
/// A configured origin is no header value.
pub fn build(config: &Config, domain: Domain, stop: &CancellationToken) -> Result<Router, StartError> {
    let server = &config.server;
    let secure = server.is_secure();
    let origin: Arc<str> = server.origin().into();
    let site = server.site_root.clone();
    let options = LeptosOptions::builder()
        .output_name("carelink")
        .site_root(site.display().to_string())
        .site_pkg_dir("pkg")
        .hash_files(has_hashes())
        .build();

    let sessions = SessionManagerLayer::new(Store(domain.clone()))
        .with_name(app::ssr::cookies::name("deposit", secure))
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(time::Duration::days(DEPOSITOR_DAYS)));
    let patient =
        deposit::routes(deposit::Setup { domain: domain.clone(), publisher: Arc::new(publisher(config)) })
            .layer(sessions);

    let live = live::Setup { domain: domain.clone(), origin: origin.clone(), stop: stop.clone() };
    let plain = Router::new()
        .route("/api/v1/documents/{id}/download", post(documents::download))
        .route("/api/v1/documents/{id}/pages/{number}", get(documents::page))
        .route("/api/v1/audit/export", post(audit::export))
        .route("/.well-known/jwks.json", get(identity::jwks))
        .route("/language/{tag}", get(language::choose))
        .route("/portal/sign-in", post(identity::sign_in))
        .route("/portal/sign-in/factor", post(identity::show_factor))
        .route("/portal/forgotten", post(links::ask_reset))
        .route("/portal/reset", post(links::reset))
        .route("/portal/not-me", post(links::not_me))
        .route("/portal/register", post(registration::register))
        .route("/portal/registration", post(registration::confirm))
        .route("/auth/psc", get(psc::begin))
        .route("/auth/psc/callback", get(psc::callback))
        .route("/auth/psc/link", post(psc::confirm_link))
        .route(psc::BACKCHANNEL, post(psc::backchannel_logout))
        .with_state(domain.clone())
        .route("/ws", get(live::socket).with_state(live))
        .layer(RequestBodyLimitLayer::new(API_BODY));

    let (portal_options, unknown_options) = (options.clone(), options.clone());
    let staff = Router::new()
        .leptos_routes(&options, PAGES.clone(), move || document(portal_options.clone()))
        // The portal says itself that a page is not there: who is signed in finds back to it.
        .route("/portal/{*unknown}", get(render_app_async(move || document(unknown_options.clone()))))
        .layer(from_fn(policy_of_pages))
        .layer(from_fn(functions::layer))
        .layer(from_fn(portal::layer))
        .layer(RequestBodyLimitLayer::new(API_BODY))
        .with_state(options);

    let limiter = anonymous::Limiter::per_minute(config.limits.anonymous_per_minute);
    let strangers = Strangers::per_minute(config.limits.anonymous_per_minute);
    sweep(domain.clock.clone(), limiter.clone(), strangers.clone(), stop.clone());
    let counted = patient
        .merge(plain)
        .merge(staff)
        .fallback(missing)
        .layer(from_fn_with_state(
            csrf::Setup {
                domain: domain.clone(),
                origin: origin.clone(),
                friends: server.cors_origins.clone().into(),
            },
            csrf::layer,
        ))
        .layer(from_fn_with_state(limiter, anonymous::layer))
        .layer(from_fn(language_of_query))
        .layer(from_fn_with_state(
            caller::Setup {
                domain: domain.clone(),
                secure,
                trusted_proxies: server.trusted_proxies.clone().into(),
                demonstration: server.mode == Mode::Demonstration,
                strangers,
            },
            caller::layer,
        ));

    let health = Router::new()
        .route("/health", get(health::ready))
        .route("/health/ready", get(health::ready))
        .route("/health/live", get(health::live))
        .with_state(health::Setup::new(domain.clone()));

    let files = Router::new()
        .nest_service("/pkg", ServeDir::new(site.join("pkg")).precompressed_br().precompressed_gzip())
        .layer(from_fn(assets::cache))
        .route_service("/arrive.wav", ServeFile::new(site.join("arrive.wav")))
        .merge(assets::routes());

    let routes = counted
        .merge(health)
        .merge(files)
        .layer(CompressionLayer::new().compress_when(shrinks()))
        .layer(cors(&server.cors_origins)?)
        .layer(from_fn_with_state(origin, canonical_host));
    Ok(around(routes, domain, secure))
}

/// What every answer passes last. The headers lie outside the request's task: the answer to a panic there has them too.
pub fn around(routes: Router, domain: Domain, secure: bool) -> Router {
    routes
        .layer(from_fn_with_state(domain, request::layer))
        .layer(from_fn_with_state(headers::Transport { secure }, headers::layer))
}

/// Not for pictures (which the default leaves alone), PDF and whatever else is downloaded: they are compressed already, and
/// only as they are can an answer tell its length before it is sent.
fn shrinks() -> impl Predicate {
    DefaultPredicate::new()
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("application/octet-stream"))
}

/// Whether `cargo leptos` left the names of hashed assets beside the program: Leptos would panic on every page without.
fn has_hashes() -> bool {
    std::env::current_exe().is_ok_and(|program| program.with_file_name("hash.txt").exists())
}

fn publisher(config: &Config) -> Publisher {
    let server = &config.server;
    Publisher {
        service: "CareLink".to_owned(),
        url: server.origin(),
        name: server.publisher.clone(),
        contact: server.publisher_contact.clone(),
        host: server.host.clone(),
        dpo: server.dpo.clone(),
        ..Publisher::default()
    }
}

/// Closed unless origins are named. Cookies are never allowed across origins: other sites use bearer tokens.
fn cors(origins: &[String]) -> Result<CorsLayer, StartError> {
    let origins: Vec<HeaderValue> = origins.iter().map(|origin| origin.parse()).collect::<Result<_, _>>()?;
    Ok(CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE]))
}

fn sweep(clock: Clock, limiter: anonymous::Limiter, strangers: Strangers, stop: CancellationToken) {
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(Duration::from_mins(1));
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = tick.tick() => {
                    limiter.sweep();
                    strangers.sweep(clock.now());
                }
            }
        }
    });
}

/// Pages of the portal run WebAssembly and the scripts that carry their data: a nonce for those, made by Leptos for
/// this response alone.
async fn policy_of_pages(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !html {
        response.headers_mut().remove(app::ssr::NONCE_HEADER);
        return response;
    }
    let nonce = response.headers_mut().remove(app::ssr::NONCE_HEADER);
    let nonce = nonce.as_ref().and_then(|value| value.to_str().ok()).unwrap_or("none");
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' blob: data:; media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    );
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value);
    }
    response
}

/// `?lang=` works on every page and is remembered.
async fn language_of_query(mut request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let wanted = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("lang="))
        .and_then(model::time::Language::from_tag);
    let Some(language) = wanted else { return next.run(request).await };
    let mut secure = false;
    if let Some(caller) = request.extensions_mut().get_mut::<app::ssr::Caller>() {
        caller.language = language;
        secure = caller.secure;
    }
    let mut response = next.run(request).await;
    let line =
        app::ssr::cookies::line(app::ssr::cookies::LANGUAGE, language.tag(), secure, Some(language::KEPT));
    response.headers_mut().append(header::SET_COOKIE, line);
    response
}

/// `localhost` is the one name of a local server: an IP address can't have passkeys, and its cookies are others.
async fn canonical_host(State(origin): State<Arc<str>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let local = origin.starts_with("http://localhost") && host.starts_with("127.0.0.1");
    let get = request.method() == Method::GET && !request.uri().path().starts_with("/health");
    if local && get {
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        return Redirect::permanent(&format!("{origin}{target}")).into_response();
    }
    next.run(request).await
}

/// Nothing lies at this address: a page for people, a status for programs.
async fn missing(request: Request) -> Response {
    deposit::not_found(&request).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}
