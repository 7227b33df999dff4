//! The people of an establishment: who works there, with which roles.

mod add;
mod change;
mod list;
mod operate;

pub use add::{AddError, add};
pub use change::{ChangeError, change_roles, disable, enable};
pub use list::list;
pub use operate::{create_user, find_user, join, reset_password};
