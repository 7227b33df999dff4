//! The people of an establishment: who works here, with which roles.

pub mod api;
mod change;
mod invitations;
mod invite;
mod invited;
mod page;
mod requests;
mod role_boxes;
mod sessions;
mod table;

pub use invited::InvitationPage;
pub use page::ListPage;
pub use requests::practice_name;
