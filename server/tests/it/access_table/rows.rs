//! The rows.

use model::roles::Role;

use super::{Gives, Input, Row};

const CARE: &[Role] = &[
    Role::Pharmacist,
    Role::Physician,
    Role::Nurse,
    Role::Coordinator,
    Role::NursingAssistant,
    Role::Secretary,
];
const DELETE: &[Role] = &[Role::Pharmacist, Role::Physician, Role::Nurse, Role::Coordinator];
const ADMIN: &[Role] = &[Role::Administrator];
const EVERYBODY: &[Role] = &Role::ALL;

const fn get(path: &'static str, query: &'static str, gives: Gives) -> Row {
    Row { method: "GET", path, input: Input::Address(query), gives }
}

const fn post(path: &'static str, input: Input, gives: Gives) -> Row {
    Row { method: "POST", path, input, gives }
}

const fn page(path: &'static str, who: &'static [Role]) -> Row {
    get(path, "", Gives::Page { who })
}

/// An act on something: staff of another establishment don't find it.
const fn object(path: &'static str, body: &'static str, who: &'static [Role]) -> Row {
    post(path, Input::Json(body), Gives::Roles { who, ok: 200, foreign: 404 })
}

/// Something of one's own establishment, whichever that is.
const fn own(path: &'static str, input: Input, who: &'static [Role]) -> Row {
    post(path, input, Gives::Roles { who, ok: 200, foreign: 200 })
}

/// Something of one's own account: the same to everybody who is signed in.
const fn mine(path: &'static str, body: &'static str, yes: u16) -> Row {
    post(path, Input::Json(body), Gives::SignedIn { yes, no: 401 })
}

const fn read(path: &'static str, query: &'static str, who: &'static [Role]) -> Row {
    get(path, query, Gives::Roles { who, ok: 200, foreign: 200 })
}

pub const ROWS: &[Row] = &[
    // The patient's pages: whoever has the address. Deposits need this browser's own capability.
    get("/", "", Gives::All(200)),
    get("/d/{slug}", "", Gives::All(200)),
    post("/d/{slug}", Input::Form(&[("code", "{typed}")]), Gives::All(303)),
    get("/d/{slug}/{token}", "", Gives::All(303)),
    get("/d/{slug}/deposit", "", Gives::All(303)),
    post("/d/{slug}/deposit", Input::Files, Gives::All(403)),
    post("/d/{slug}/deposit/files", Input::File, Gives::All(403)),
    post("/d/{slug}/deposit/close", Input::Form(&[]), Gives::All(403)),
    get("/d/{slug}/r/{token}", "", Gives::All(200)),
    get("/d/{slug}/r/{token}/withdraw", "", Gives::All(409)),
    post("/d/{slug}/r/{token}/withdraw", Input::Form(&[("confirm", "yes")]), Gives::All(409)),
    post(
        "/api/v1/codes/validate",
        Input::Json(r#"{"establishment":"{slug}","code":"{typed}"}"#),
        Gives::All(200),
    ),
    post("/api/v1/documents/upload", Input::File, Gives::All(403)),
    get("/legal", "", Gives::All(200)),
    get("/privacy", "", Gives::All(200)),
    get("/accessibility", "", Gives::All(200)),
    get("/language/{tag}", "", Gives::All(303)),
    // The program's own.
    get("/health", "", Gives::All(200)),
    get("/health/live", "", Gives::All(200)),
    get("/health/ready", "", Gives::All(200)),
    get("/.well-known/jwks.json", "", Gives::All(200)),
    get("/assets/deposit.css", "", Gives::All(200)),
    get("/assets/deposit.js", "", Gives::All(200)),
    get("/icon.svg", "", Gives::All(200)),
    get("/favicon.ico", "", Gives::All(200)),
    get("/arrive.wav", "", Gives::All(200)),
    get("/pkg/{*__private__axum_nest_tail_param}", "", Gives::All(200)),
    // The portal's pages. What they show is asked of the functions below, with the same rights.
    get("/portal/sign-in", "", Gives::SignedIn { yes: 303, no: 200 }),
    post(
        "/portal/sign-in",
        Input::Form(&[("email", "{email}"), ("password", "trois bateaux verts")]),
        Gives::All(303),
    ),
    post("/portal/sign-in/factor", Input::Form(&[("code", "123456")]), Gives::All(303)),
    // An invitation that is none.
    get("/portal/invitation", "", Gives::All(409)),
    // Mailed links: whoever holds the token, signed in or not.
    get("/portal/email", "", Gives::All(409)),
    get("/portal/forgotten", "", Gives::All(200)),
    post("/portal/forgotten", Input::Form(&[("email", "{fresh}")]), Gives::All(303)),
    get("/portal/reset", "", Gives::All(409)),
    post("/portal/reset", Input::Form(&[("t", "nonsense"), ("new", "a"), ("again", "a")]), Gives::All(303)),
    get("/portal/not-me", "", Gives::All(200)),
    post("/portal/not-me", Input::Form(&[("t", "nonsense")]), Gives::All(303)),
    // Registering an establishment.
    get("/portal/register", "", Gives::All(200)),
    post(
        "/portal/register",
        Input::Form(&[("name", "Pharmacie du Port"), ("email", "{fresh}")]),
        Gives::All(303),
    ),
    get("/portal/registration", "", Gives::All(409)),
    post("/portal/registration", Input::Form(&[("t", "nonsense")]), Gives::All(303)),
    page("/portal/signed-in", EVERYBODY),
    page("/portal/second-factor", EVERYBODY),
    page("/portal/choose", EVERYBODY),
    // To Pro Santé Connect and back; what it says by itself is signed, or refused.
    get("/auth/psc", "", Gives::All(303)),
    get("/auth/psc/callback", "", Gives::All(303)),
    post("/auth/psc/link", Input::Form(&[("link", "nonsense")]), Gives::All(303)),
    post("/auth/psc/backchannel-logout", Input::Form(&[("logout_token", "nonsense")]), Gives::All(400)),
    page("/portal", EVERYBODY),
    page("/portal/codes", CARE),
    page("/portal/codes/new", CARE),
    page("/portal/codes/{id}", CARE),
    page("/portal/codes/{id}/sheet", CARE),
    page("/portal/documents", CARE),
    page("/portal/documents/{id}", CARE),
    page("/portal/people", ADMIN),
    page("/portal/settings", ADMIN),
    page("/portal/audit", ADMIN),
    page("/portal/account", EVERYBODY),
    // The platform's administrators only, who are nobody here: `registrations` has one.
    get("/portal/registrations", "", Gives::SignedIn { yes: 403, no: 303 }),
    get("/portal/{*unknown}", "", Gives::SignedIn { yes: 404, no: 303 }),
    Row { method: "GET", path: "/ws", input: Input::Upgrade, gives: Gives::SignedIn { yes: 101, no: 401 } },
    // Files.
    post(
        "/api/v1/documents/{id}/download",
        Input::Form(&[]),
        Gives::Roles { who: CARE, ok: 200, foreign: 404 },
    ),
    // Without a ticket of this session a page is not there; `download` has those with one.
    get(
        "/api/v1/documents/{id}/pages/{number}",
        "ticket=1.x",
        Gives::Roles { who: CARE, ok: 404, foreign: 404 },
    ),
    own("/api/v1/audit/export", Input::Form(&[("search", "")]), ADMIN),
    // Signing in.
    post(
        "/api/v1/auth/login",
        Input::Json(r#"{"with":{"email":"{email}","password":"trois bateaux verts","establishment":null}}"#),
        Gives::All(200),
    ),
    post("/api/v1/auth/refresh", Input::Json(r#"{"refresh_token":"nonsense"}"#), Gives::All(401)),
    get("/api/v1/auth/ways", "", Gives::All(200)),
    post(
        "/api/v1/auth/factor",
        Input::Json(r#"{"ticket":null,"answer":{"factor":"totp","answer":"123456"}}"#),
        Gives::All(409),
    ),
    post("/api/v1/auth/reset/ask", Input::Json(r#"{"email":"{fresh}"}"#), Gives::All(200)),
    get("/api/v1/auth/reset/check", "token=nonsense", Gives::All(409)),
    post(
        "/api/v1/auth/reset",
        Input::Json(r#"{"token":"nonsense","new":"quatre barques rouges"}"#),
        Gives::All(409),
    ),
    post("/api/v1/auth/not_me", Input::Json(r#"{"token":"nonsense"}"#), Gives::All(409)),
    read("/api/v1/auth/account", "", EVERYBODY),
    mine("/api/v1/auth/account/change", r#"{"new":{"name":null,"language":"fr"}}"#, 200),
    mine("/api/v1/auth/account/mails", r#"{"choice":{"topic":"guessing","wanted":false}}"#, 200),
    post(
        "/api/v1/auth/register",
        Input::Json(
            r#"{"new":{"name":"Pharmacie du Port","town":"Brest","kind":"pharmacy","finess":"290000017","given_name":"Noa","family_name":"Neuf","email":"{fresh}"}}"#,
        ),
        Gives::All(200),
    ),
    get("/api/v1/auth/register/offer", "token=nonsense", Gives::All(409)),
    post("/api/v1/auth/register/confirm", Input::Json(r#"{"token":"nonsense"}"#), Gives::All(409)),
    mine("/api/v1/auth/email/ask", r#"{"email":"{fresh}"}"#, 200),
    mine("/api/v1/auth/email/cancel", "{}", 200),
    get("/api/v1/auth/email/check", "token=nonsense", Gives::All(409)),
    post("/api/v1/auth/email/confirm", Input::Json(r#"{"token":"nonsense"}"#), Gives::All(409)),
    mine("/api/v1/auth/practice", r#"{"index":0}"#, 404),
    read("/api/v1/auth/factors", "", EVERYBODY),
    read("/api/v1/auth/psc_identity", "", EVERYBODY),
    // Nobody of these has one.
    read("/api/v1/auth/psc_identity/offer", "token=nonsense", EVERYBODY),
    mine("/api/v1/auth/psc_identity/unlink", "{}", 404),
    mine("/api/v1/auth/factors/totp/begin", "{}", 200),
    mine("/api/v1/auth/factors/totp/confirm", r#"{"ticket":"nonsense","code":"123456"}"#, 409),
    mine("/api/v1/auth/factors/totp/remove", "{}", 403),
    mine("/api/v1/auth/factors/recovery/renew", "{}", 403),
    mine("/api/v1/auth/factors/passkeys/begin", "{}", 200),
    mine(
        "/api/v1/auth/factors/passkeys/confirm",
        r#"{"ticket":"nonsense","name":"Clé","credential":"{}"}"#,
        409,
    ),
    mine("/api/v1/auth/factors/passkeys/remove", r#"{"id":"018f0000-0000-7000-8000-000000000000"}"#, 403),
    post("/api/v1/auth/passkey/challenge", Input::Json(r#"{"anybody":true,"ticket":null}"#), Gives::All(200)),
    post(
        "/api/v1/auth/passkey",
        Input::Json(r#"{"ticket":"nonsense","credential":"{}","transport":"cookie"}"#),
        Gives::All(401),
    ),
    mine("/api/v1/auth/step_up", r#"{"answer":{"factor":"totp","answer":"123456"}}"#, 401),
    own("/api/v1/auth/logout", Input::Json("{}"), EVERYBODY),
    read("/api/v1/auth/me", "", EVERYBODY),
    read("/api/v1/auth/resume", "", EVERYBODY),
    read("/api/v1/auth/sessions", "", EVERYBODY),
    // One's own only: nobody has this one.
    post(
        "/api/v1/auth/sessions/end",
        Input::Json(r#"{"session":"018f0000-0000-7000-8000-000000000000"}"#),
        Gives::SignedIn { yes: 404, no: 401 },
    ),
    own("/api/v1/auth/sessions/end_others", Input::Json("{}"), EVERYBODY),
    object("/api/v1/auth/switch", r#"{"establishment":"{house}"}"#, EVERYBODY),
    own(
        "/api/v1/auth/password",
        Input::Json(r#"{"current":"trois bateaux verts","new":"quatre barques rouges"}"#),
        EVERYBODY,
    ),
    // Codes.
    own(
        "/api/v1/codes/generate",
        Input::Json(r#"{"new":{"label":"Radio","note":null,"validity":60,"max_deposits":1,"max_files":3}}"#),
        CARE,
    ),
    read("/api/v1/codes/active", "scope=active&page[number]=1", CARE),
    object("/api/v1/codes/show", r#"{"id":"{code}"}"#, CARE),
    object("/api/v1/codes/extend", r#"{"id":"{code}","validity":60}"#, CARE),
    object("/api/v1/codes/revoke", r#"{"id":"{code}"}"#, CARE),
    // Documents.
    read("/api/v1/documents", "query[page][number]=1", CARE),
    read("/api/v1/documents/unseen", "", CARE),
    object("/api/v1/documents/open", r#"{"id":"{document}"}"#, CARE),
    object("/api/v1/documents/bulk", r#"{"ids":["{document}"],"act":"done"}"#, CARE),
    object("/api/v1/documents/delete", r#"{"id":"{document}"}"#, DELETE),
    object("/api/v1/documents/undelete", r#"{"id":"{deleted}"}"#, DELETE),
    object(
        "/api/v1/documents/retention",
        r#"{"id":"{document}","change":{"change":"shorten","days":1}}"#,
        DELETE,
    ),
    // Shows nothing to who may see nothing.
    read("/api/v1/statistics/overview", "", EVERYBODY),
    // Administration.
    read("/api/v1/members", "page[number]=1", ADMIN),
    own(
        "/api/v1/members/invite",
        Input::Json(r#"{"new":{"email":"{fresh}","roles":["nurse"],"language":"fr"}}"#),
        ADMIN,
    ),
    read("/api/v1/members/invitations", "", ADMIN),
    // Nobody of these is invited.
    post(
        "/api/v1/members/invitations/again",
        Input::Json(r#"{"id":"018f0000-0000-7000-8000-000000000000"}"#),
        Gives::Roles { who: ADMIN, ok: 404, foreign: 404 },
    ),
    post(
        "/api/v1/members/invitations/withdraw",
        Input::Json(r#"{"id":"018f0000-0000-7000-8000-000000000000"}"#),
        Gives::Roles { who: ADMIN, ok: 404, foreign: 404 },
    ),
    // Whoever holds the link's token.
    get("/api/v1/members/invitation", "token=nonsense", Gives::All(409)),
    post(
        "/api/v1/members/invitation/account",
        Input::Json(
            r#"{"token":"nonsense","new":{"given_name":"Noa","family_name":"Neuf","password":"quatre barques rouges"}}"#,
        ),
        Gives::All(409),
    ),
    mine("/api/v1/members/invitation/accept", r#"{"token":"nonsense"}"#, 409),
    // Only an identity of Pro Santé Connect can be recognised by who is asked.
    mine(
        "/api/v1/members/ask",
        r#"{"establishment":"018f0000-0000-7000-8000-000000000000","message":null}"#,
        403,
    ),
    mine("/api/v1/members/withdraw", r#"{"establishment":"018f0000-0000-7000-8000-000000000000"}"#, 404),
    read("/api/v1/members/asked", "", EVERYBODY),
    read("/api/v1/establishments", "search=lilas", EVERYBODY),
    read("/api/v1/members/requests", "", ADMIN),
    read("/api/v1/members/requests/count", "", ADMIN),
    // Nobody of these asks.
    post(
        "/api/v1/members/accept",
        Input::Json(r#"{"user":"{member}","roles":["nurse"]}"#),
        Gives::Roles { who: ADMIN, ok: 404, foreign: 404 },
    ),
    post(
        "/api/v1/members/decline",
        Input::Json(r#"{"user":"{member}"}"#),
        Gives::Roles { who: ADMIN, ok: 404, foreign: 404 },
    ),
    object("/api/v1/members/roles", r#"{"user":"{member}","roles":["physician"]}"#, ADMIN),
    get("/api/v1/members/sessions", "user={member}", Gives::Roles { who: ADMIN, ok: 200, foreign: 404 }),
    object("/api/v1/members/sessions/end", r#"{"user":"{member}","reason":"téléphone perdu"}"#, ADMIN),
    object("/api/v1/members/disable", r#"{"user":"{member}"}"#, ADMIN),
    object("/api/v1/members/enable", r#"{"user":"{disabled}"}"#, ADMIN),
    read("/api/v1/settings", "", ADMIN),
    read("/api/v1/settings/room", "", ADMIN),
    own(
        "/api/v1/settings/change",
        Input::Json(
            r#"{"settings":{"address":null,"phone":null,"opening_note":null,"privacy_contact":null,"retention":30,"max_file":10,"time_zone":"Europe/Paris","drop_metadata":true,"legal_basis":"public_interest","version":1}}"#,
        ),
        ADMIN,
    ),
    read("/api/v1/settings/psc_only", "", ADMIN),
    // It is off, and nobody is linked: nothing to change.
    post(
        "/api/v1/settings/psc_only/change",
        Input::Json(r#"{"on":true}"#),
        Gives::Roles { who: ADMIN, ok: 409, foreign: 409 },
    ),
    post(
        "/api/v1/settings/fallback/open",
        Input::Json(r#"{"hours":2,"reason":"panne"}"#),
        Gives::Roles { who: ADMIN, ok: 409, foreign: 409 },
    ),
    post(
        "/api/v1/settings/fallback/close",
        Input::Json("{}"),
        Gives::Roles { who: ADMIN, ok: 409, foreign: 409 },
    ),
    // The platform's own.
    get("/api/v1/registrations", "", Gives::SignedIn { yes: 403, no: 401 }),
    get("/api/v1/registrations/count", "", Gives::SignedIn { yes: 403, no: 401 }),
    mine("/api/v1/registrations/invite_again", r#"{"id":"018f0000-0000-7000-8000-000000000000"}"#, 403),
    mine("/api/v1/registrations/approve", r#"{"id":"018f0000-0000-7000-8000-000000000000"}"#, 403),
    mine(
        "/api/v1/registrations/decline",
        r#"{"id":"018f0000-0000-7000-8000-000000000000","reason":"inconnu"}"#,
        403,
    ),
    own("/api/v1/audit", Input::Json(r#"{"query":{"page":{"number":1,"size":25}}}"#), ADMIN),
];
