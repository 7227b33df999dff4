//! Finding an establishment, presenting a code.

use app::{
    deposit::{
        self,
        views::{CodeProblem, EnterCode, FoundEstablishment, Message, Search, SearchOutcome},
    },
    ssr::Caller,
};
use axum::{
    Extension, Form,
    extract::{Path, Query, RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Fault, codes,
    codes::{EnterError, Presented},
    establishments,
};
use http::{HeaderValue, header};
use model::codes::{LinkToken, TransferCode};
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    parts,
    setup::{self, Setup, failure, html, message, shell},
};
use crate::layers::csrf;

const LEAST: u32 = 2;
const MOST: usize = 20;

/// What the home page is asked.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: Option<String>,
}

/// `/`: finds the establishment.
pub async fn home(
    State(setup): State<Setup>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<Asked>,
) -> Response {
    let mut shell = shell(&caller, "/");
    let Some(query) =
        asked.q.map(|q| q.trim().chars().take(100).collect::<String>()).filter(|q| !q.is_empty())
    else {
        return html(200, deposit::home(&shell, None));
    };
    let encoded: String = query
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect();
    shell.path_for_lang_switch = format!("/?q={encoded}&lang={}", shell.lang.other().code());
    let outcome = match query.parse() {
        Ok(words) if query.chars().count() >= LEAST as usize => {
            match establishments::search(&setup.domain, &words).await {
                Ok(found) => SearchOutcome::Found {
                    more: found.len() >= MOST,
                    results: found
                        .into_iter()
                        .map(|card| FoundEstablishment {
                            slug: card.slug.to_string(),
                            name: card.name,
                            place: card.town,
                        })
                        .collect(),
                },
                Err(fault) => return failure(&caller, "/", &fault),
            }
        }
        _ => SearchOutcome::TooShort { least: LEAST },
    };
    html(200, deposit::home(&shell, Some(&Search { query, outcome })))
}

/// What the address says when another code is wanted than that of the deposit that is open.
pub const OTHER: &str = "other";

/// `/d/<slug>`: asks the code, or goes on where this browser may deposit already, unless another code is wanted.
pub async fn ask(
    State(setup): State<Setup>,
    Extension(caller): Extension<Caller>,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
    session: Session,
) -> Response {
    let public = match setup::establishment(&setup.domain, &caller, &slug).await {
        Ok(public) => public,
        Err(response) => return *response,
    };
    if query.is_some_and(|query| query.split('&').any(|part| part == OTHER)) {
        return code_page(&caller, &public, String::new(), None, 200);
    }
    match goes_on(&setup, &caller, &public, &session, None).await {
        Ok(true) => Redirect::to(&format!("/d/{slug}/deposit")).into_response(),
        Ok(false) => code_page(&caller, &public, String::new(), None, 200),
        Err(fault) => failure(&caller, &format!("/d/{slug}"), &fault),
    }
}

fn code_page(
    caller: &Caller,
    public: &establishments::Public,
    typed: String,
    problem: Option<CodeProblem>,
    status: u16,
) -> Response {
    let shell = shell(caller, &format!("/d/{}", public.card.slug));
    let view = EnterCode { establishment: parts::establishment(public), typed, problem };
    html(status, deposit::enter_code(&shell, &view))
}

/// The form of the code page.
#[derive(Deserialize)]
pub struct Typed {
    csrf: Option<String>,
    #[serde(default)]
    code: String,
}

/// `POST /d/<slug>`: typed characters.
pub async fn enter(
    State(setup): State<Setup>,
    Extension(caller): Extension<Caller>,
    Extension(bound): Extension<csrf::Bound>,
    Path(slug): Path<String>,
    session: Session,
    Form(form): Form<Typed>,
) -> Response {
    let d = &setup.domain;
    let public = match setup::establishment(d, &caller, &slug).await {
        Ok(public) => public,
        Err(response) => return *response,
    };
    let typed: String = form.code.chars().take(40).collect();
    if !csrf::check_field(d, &bound, form.csrf.as_deref()) {
        // The cookie that the token is bound to did not come back.
        return code_page(&caller, &public, typed, Some(CodeProblem::NoCookie), 403);
    }
    if typed.trim().is_empty() {
        return code_page(&caller, &public, typed, Some(CodeProblem::Missing), 422);
    }
    let Ok(value) = typed.parse::<TransferCode>() else {
        return code_page(&caller, &public, typed, Some(CodeProblem::Malformed), 422);
    };
    match goes_on(&setup, &caller, &public, &session, Some(&Presented::Typed(value))).await {
        Ok(true) => return Redirect::to(&format!("/d/{slug}/deposit")).into_response(),
        Ok(false) => {}
        Err(fault) => return failure(&caller, &format!("/d/{slug}"), &fault),
    }
    match codes::enter(d, caller.origin, public.card.id, &typed).await {
        Ok(who) => match setup::hold(d, &session, &public, &who).await {
            Ok(()) => Redirect::to(&format!("/d/{slug}/deposit")).into_response(),
            Err(fault) => failure(&caller, &format!("/d/{slug}"), &fault),
        },
        Err(EnterError::NotValid) => code_page(&caller, &public, typed, Some(CodeProblem::Wrong), 422),
        Err(EnterError::TooMany(wait)) => {
            let problem = CodeProblem::TooManyAttempts { wait_seconds: wait.retry_after };
            let mut response = code_page(&caller, &public, typed, Some(problem), 429);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.retry_after));
            response
        }
        Err(EnterError::Fault(fault)) => failure(&caller, &format!("/d/{slug}"), &fault),
    }
}

/// Whether this browser has something to go on with, under that very code or under any: it takes up its own deposit, even
/// where its reservation is the code's last.
async fn goes_on(
    setup: &Setup,
    caller: &Caller,
    public: &establishments::Public,
    session: &Session,
    presented: Option<&Presented>,
) -> Result<bool, Fault> {
    let d = &setup.domain;
    for (nth, who) in setup::depositors(session, public, caller).await?.iter().enumerate() {
        let fits = match presented {
            Some(presented) => codes::is_held(d, who, presented).await?,
            None => codes::request(d, who).await?.is_some(),
        };
        if fits && nth > 0 {
            setup::hold(d, session, public, who).await?;
        }
        if fits {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `/d/<slug>/<token>`: the link. Gives the browser a capability and leaves the address; nothing is consumed.
pub async fn follow(
    State(setup): State<Setup>,
    Extension(caller): Extension<Caller>,
    Path((slug, token)): Path<(String, String)>,
    session: Session,
) -> Response {
    let d = &setup.domain;
    let public = match setup::establishment(d, &caller, &slug).await {
        Ok(public) => public,
        Err(response) => return *response,
    };
    let Ok(token) = token.parse::<LinkToken>() else { return message(&caller, "/", &Message::NotFound) };
    match goes_on(&setup, &caller, &public, &session, Some(&Presented::Link(token.clone()))).await {
        Ok(true) => return Redirect::to(&format!("/d/{slug}/deposit")).into_response(),
        Ok(false) => {}
        Err(fault) => return failure(&caller, &format!("/d/{slug}"), &fault),
    }
    match codes::follow(d, caller.origin, public.card.id, &token).await {
        Ok(who) => match setup::hold(d, &session, &public, &who).await {
            Ok(()) => Redirect::to(&format!("/d/{slug}/deposit")).into_response(),
            Err(fault) => failure(&caller, &format!("/d/{slug}"), &fault),
        },
        Err(EnterError::Fault(fault)) => failure(&caller, &format!("/d/{slug}"), &fault),
        Err(_) => {
            let establishment = Some(parts::establishment(&public));
            message(&caller, &format!("/d/{slug}"), &Message::CodeNoLongerValid { establishment })
        }
    }
}
