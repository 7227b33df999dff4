//! Registering an establishment: the form, the confirmation of the mailed link, the platform's answer.

pub mod api;
mod confirm;
mod decide;
mod form;
mod list;
mod words;

pub use confirm::ConfirmPage;
pub use form::RegisterPage;
pub use list::ListPage;
