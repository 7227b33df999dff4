//! Codes: what staff ask with. Six characters within one establishment, and a link of 128 bits.

mod end;
mod enter;
mod generate;
mod list;
mod secret;
mod show;

pub(crate) use end::wipe_ended;
pub use end::{ExtendError, extend, revoke};
pub use enter::{EnterError, Presented, Request, enter, follow, is_held, request};
pub use generate::generate;
pub use list::list;
pub(crate) use list::{Row, summary};
pub use show::show;
