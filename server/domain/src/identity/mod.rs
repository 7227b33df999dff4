//! Signing in, staying signed in, signing out. The session row in PostgreSQL is the authority.

mod account;
mod authenticate;
mod ceremony;
mod choose;
mod door;
mod factor_step;
pub mod factors;
mod passkey_sign_in;
mod passwords;
mod policy;
pub mod psc;
mod refresh;
mod session;
mod sessions;
mod sign_in;
mod sign_out;
mod tokens;

pub use account::{ChangePasswordError, change_password, me};
pub use authenticate::{Identified, SessionCache, authenticate, authenticate_id};
pub use choose::choose_practice;
pub use factor_step::{challenge_waiting, show_factor};
pub(crate) use factors::FRESH;
pub use model::identity::Method;
pub use passkey_sign_in::sign_in_with_passkey;
pub use passwords::Passwords;
pub use policy::IdentityPolicy;
pub use psc::Psc;
pub use refresh::{RefreshError, Refreshed, refresh};
pub use session::{Device, Issued, SessionPolicy};
pub use sessions::{end_other_sessions, end_session, end_sessions_of, sessions, sessions_of};
pub use sign_in::{SignInError, SignedIn, SwitchError, sign_in, switch};
pub use sign_out::sign_out;
pub use tokens::{AccessTokens, Claims, RefreshToken};
