//! The people of an establishment: who works there, with which roles.

mod add;
mod change;
mod list;

pub use add::{AddError, add, create_user, reset_password};
pub use change::{ChangeError, change_roles, disable, enable};
pub use list::list;
