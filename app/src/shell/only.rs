//! Pages that ask nothing of the server while it renders them, and still must not look reachable to everybody.

use leptos::prelude::*;
use model::{identity::Me, roles::Permission};

use super::{Failure, set_status};
use crate::error::ErrorKind;

/// A page for those whose roles allow it; to others it says so, with the status that the page's functions answer too.
#[component]
pub fn Only(permission: Permission, children: Children) -> impl IntoView {
    if expect_context::<Me>().may(permission) {
        children().into_any()
    } else {
        set_status(ErrorKind::Forbidden);
        view! { <Failure error=ErrorKind::Forbidden.into() /> }.into_any()
    }
}
