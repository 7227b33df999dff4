//! The patient's pages: HTML made on the server, complete without script. Each page is a function from plain views
//! (`views`) to a whole document; the texts are a typed table (`texts`), so that a missing one does not compile.
//! Floor: Safari of iOS 12 and Chrome 70. No resource, no hydration, no router: `server` renders these in its handlers.

mod code_page;
mod deposit_page;
mod home_page;
mod information_pages;
mod message_page;
mod parts;
mod receipt_page;
mod script_texts;
mod shell;
pub mod texts;
pub mod views;
pub mod wire;
mod withdraw_page;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use code_page::enter_code;
pub use deposit_page::deposit;
pub use home_page::home;
pub use information_pages::{accessibility, legal, privacy};
pub use message_page::message;
pub use receipt_page::receipt;
pub use texts::Lang;
pub use withdraw_page::withdraw_confirm;

/// Addresses that the pages link to; the router uses the same constants.
pub mod paths {
    /// Sign-in of the professionals.
    pub const PORTAL: &str = "/portal";
    /// Legal notice.
    pub const LEGAL: &str = "/legal";
    /// Accessibility statement.
    pub const ACCESSIBILITY: &str = "/accessibility";
    /// Personal data.
    pub const PRIVACY: &str = "/privacy";
}
