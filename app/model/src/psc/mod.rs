//! Pro Santé Connect: who a professional is, as ANS's identity provider says in its `UserInfo` answer (`scope_all`).
//!
//! The answer is read leniently and in bounded room, because its shape has changed over the years and a sandbox sends
//! what it likes. What it says is evidence, not a right: whether somebody may work in an establishment is decided there.

mod lenient;
mod link;
mod practices;
#[cfg(test)]
mod tests;
mod userinfo;
mod wire;

pub use lenient::{MAX_CHARACTERS, MAX_ITEMS};
pub use link::{LinkOffer, LinkedIdentity};
pub use practices::{Practice, practices};
pub use userinfo::{Activity, Coded, Exercise, OtherId, UserInfo, UserInfoProblem};
pub use wire::RawUserInfo;
