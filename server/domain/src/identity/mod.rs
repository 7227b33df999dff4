//! Signing in, staying signed in, signing out. The session row in PostgreSQL is the authority.

mod account;
mod authenticate;
mod ceremony;
mod choose;
mod door;
pub(crate) mod email;
mod factor_step;
pub mod factors;
pub(crate) mod notices;
mod passkey_sign_in;
mod passwords;
mod policy;
mod profile;
pub mod psc;
mod refresh;
pub(crate) mod reset;
mod session;
mod sessions;
mod sign_in;
mod sign_out;
mod tokens;

pub use account::{ChangePasswordError, change_password, me};
pub use authenticate::{Identified, SessionCache, authenticate, authenticate_id};
pub(crate) use ceremony::token as new_token;
pub use choose::choose_practice;
pub use email::{
    EmailChangeError, ask_email_change, cancel_email_change, check_email, confirm_email, email_change,
};
pub use factor_step::{challenge_waiting, show_factor};
pub(crate) use factors::FRESH;
pub use model::identity::Method;
pub(crate) use notices::KNOWN_DAYS;
pub use notices::{NotMeError, not_me};
pub use passkey_sign_in::sign_in_with_passkey;
pub use passwords::Passwords;
pub(crate) use passwords::check_new;
pub use policy::IdentityPolicy;
pub use profile::{ProfileError, change_profile, choose_mails, own_account};
pub use psc::Psc;
pub use refresh::{RefreshError, Refreshed, refresh};
pub(crate) use reset::replace_password;
pub use reset::{ResetError, ask_reset, check_reset, reset};
pub use session::{Device, Issued, SessionPolicy};
pub use sessions::{end_other_sessions, end_session, end_sessions_of, sessions, sessions_of};
pub(crate) use sign_in::lock_open;
pub use sign_in::{SignInError, SignedIn, SwitchError, sign_in, switch};
pub use sign_out::sign_out;
pub use tokens::{AccessTokens, Claims, RefreshToken};
