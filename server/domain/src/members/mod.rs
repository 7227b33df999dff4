//! The people of an establishment: who works there, with which roles.

mod add;
mod answer;
mod answered;
mod ask;
mod change;
mod invite;
mod invited;
mod list;
mod operate;
mod places;
mod tell;

pub use add::AddError;
pub use answer::{AnswerError, accept, decline, requests, requests_waiting};
pub(crate) use answered::{Answered, draft as answered_draft};
pub(crate) use ask::wake;
pub use ask::{AskError, ask, asked, withdraw};
pub use change::{ChangeError, change_roles, disable, enable};
pub(crate) use invite::{
    DAYS as INVITATION_DAYS, FirstAdministrator, draft as invitation_draft, hash as invitation_hash,
    invite_first,
};
pub use invite::{InviteError, invitations, invite, invite_again, withdraw_invitation};
pub(crate) use invited::invites;
pub use invited::{InvitedError, accept_invitation, accept_with_account, invitation};
pub use list::list;
pub use operate::{create_user, find_user, join, reset_password};
pub(crate) use places::{News, tell_places};
pub(crate) use tell::{About, Told, draft as administrator_draft, stop as how_to_stop, tell_administrators};
