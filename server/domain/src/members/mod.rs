//! The people of an establishment: who works there, with which roles.

mod add;
mod answer;
mod ask;
mod change;
mod list;
mod operate;

pub(crate) use add::rename;
pub use add::{AddError, add};
pub use answer::{AnswerError, accept, decline, requests};
pub use ask::{AskError, ask, asked, withdraw};
pub use change::{ChangeError, change_roles, disable, enable};
pub use list::list;
pub use operate::{create_user, find_user, join, reset_password};
