//! The status of a page, where the page itself knows it.

use crate::error::ErrorKind;

/// Says with which status the page that is being rendered is to be sent. In the browser there is nothing to say.
#[cfg(feature = "ssr")]
pub fn set_status(kind: ErrorKind) {
    // The error that comes back is for server functions; here its status counts.
    let _ = crate::ssr::fail(kind);
}

/// Says with which status the page that is being rendered is to be sent. In the browser there is nothing to say.
#[cfg(not(feature = "ssr"))]
pub const fn set_status(_kind: ErrorKind) {}
