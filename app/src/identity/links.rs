//! What the pages behind mailed links share.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use model::identity::PasswordProblem;

use crate::{
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    tx,
    ui::{LinkButton, Notice, Tone},
};

/// What the server's answer to a form says (`failed` of the address), for a page that was not alive yet.
pub(crate) fn failure(query: &ParamsMap) -> Option<ApiError> {
    let word = query.get("failed")?;
    let kind = match word.as_str() {
        "over" => ErrorKind::LinkOver,
        "closed" => ErrorKind::RegistrationClosed,
        "invalid" => ErrorKind::Invalid,
        "too-short" => ErrorKind::Password(PasswordProblem::TooShort),
        "too-long" => ErrorKind::Password(PasswordProblem::TooLong),
        "common" => ErrorKind::Password(PasswordProblem::Common),
        "same" => ErrorKind::Password(PasswordProblem::Same),
        "context" => ErrorKind::Password(PasswordProblem::Context),
        other => ErrorKind::TooMany(other.strip_prefix("wait-")?.parse().ok()?),
    };
    Some(kind.into())
}

/// The link has served, or its time is over.
#[component]
pub(crate) fn LinkOver(
    /// Where another one can be asked for.
    #[prop(optional)]
    again: Option<&'static str>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Notice tone=Tone::Warning>{tx!(i18n, common.error_link_over)}</Notice>
        {again.map(|again| view! { <LinkButton href=again>{tx!(i18n, identity.link_again)}</LinkButton> })}
    }
}
