//! Words that several pages share: what an error says, how a role or a state is called.

use std::sync::Arc;

use leptos::prelude::*;
use model::{
    codes::CodeState,
    documents::{DocumentState, FileKind},
    identity::PasswordProblem,
    roles::Role,
    time::Language,
};

use crate::{
    I18n,
    error::{ApiError, ErrorKind},
    i18n::use_i18n,
    identity::Lock,
    tx,
    ui::{Notice, PaginationTexts, Tone},
};

/// The sentence of an error: what happened and what to do.
pub fn error_text(i18n: I18n, error: &ApiError) -> String {
    let text = match error.kind {
        ErrorKind::NotSignedIn => tx!(i18n, common.error_not_signed_in),
        ErrorKind::Forbidden => tx!(i18n, common.error_forbidden),
        ErrorKind::NotFound => tx!(i18n, common.error_not_found),
        ErrorKind::Invalid => tx!(i18n, common.error_invalid),
        ErrorKind::OtherEstablishment => tx!(i18n, common.error_other_establishment),
        ErrorKind::ChangedMeanwhile => tx!(i18n, common.error_changed_meanwhile),
        ErrorKind::StalePage => tx!(i18n, common.error_stale_page),
        ErrorKind::WrongCredentials => tx!(i18n, common.error_wrong_credentials),
        ErrorKind::WrongFactor => tx!(i18n, common.error_wrong_factor),
        ErrorKind::WrongRecovery => tx!(i18n, common.error_wrong_recovery),
        ErrorKind::WrongPasskey => tx!(i18n, common.error_wrong_passkey),
        ErrorKind::PasskeyNotMade => tx!(i18n, common.error_passkey_not_made),
        ErrorKind::NoPasskey => tx!(i18n, common.error_no_passkey),
        ErrorKind::PasskeyThere => tx!(i18n, common.error_passkey_there),
        ErrorKind::NoPasskeysHere => tx!(i18n, common.error_no_passkeys_here),
        ErrorKind::FactorNeeded => tx!(i18n, common.error_factor_needed),
        ErrorKind::StepUpNeeded => tx!(i18n, common.error_step_up_needed),
        ErrorKind::LastFactor => tx!(i18n, common.error_last_factor),
        ErrorKind::NoPassword => tx!(i18n, common.error_no_password),
        ErrorKind::PracticeNeeded => tx!(i18n, common.error_practice_needed),
        ErrorKind::BeginAgain => tx!(i18n, common.error_begin_again),
        ErrorKind::SameEmail => tx!(i18n, common.error_same_email),
        ErrorKind::NameGiven => tx!(i18n, common.error_name_given),
        ErrorKind::LinkOver => tx!(i18n, common.error_link_over),
        ErrorKind::TooManyRequests => tx!(i18n, common.error_too_many_requests),
        ErrorKind::WrongPassword => tx!(i18n, common.error_wrong_password),
        ErrorKind::Password(problem) => password_text(i18n, problem),
        ErrorKind::NoEstablishment => tx!(i18n, common.error_no_establishment),
        ErrorKind::PscOnly => tx!(i18n, common.error_psc_only),
        ErrorKind::NoPsc => tx!(i18n, common.error_no_psc),
        ErrorKind::NoLinkedAdministrator => tx!(i18n, common.error_no_linked_administrator),
        ErrorKind::OnlyWay => tx!(i18n, common.error_only_way),
        ErrorKind::TooMany(seconds) => {
            let minutes = seconds.div_ceil(60);
            tx!(i18n, common.error_too_many, minutes = minutes)
        }
        ErrorKind::CodeEnded => tx!(i18n, common.error_code_ended),
        ErrorKind::NotSeen => tx!(i18n, common.error_not_seen),
        ErrorKind::NotHeld => tx!(i18n, common.error_not_held),
        ErrorKind::NotEarlier => tx!(i18n, common.error_not_earlier),
        ErrorKind::AlreadyMember => tx!(i18n, common.error_already_member),
        ErrorKind::HasAccount => tx!(i18n, common.error_has_account),
        ErrorKind::NoRole => tx!(i18n, common.error_no_role),
        ErrorKind::OwnRights => tx!(i18n, common.error_own_rights),
        ErrorKind::LastAdministrator => tx!(i18n, common.error_last_administrator),
        ErrorKind::RegistrationClosed => tx!(i18n, common.error_registration_closed),
        ErrorKind::PlatformOnly => tx!(i18n, common.error_platform_only),
        ErrorKind::NoCreation => tx!(i18n, common.error_no_creation),
        ErrorKind::Unreachable => tx!(i18n, common.error_unreachable),
        ErrorKind::Internal => tx!(i18n, common.error_internal),
    };
    match (&error.request_id, error.kind) {
        (Some(id), ErrorKind::Internal) => format!("{text} ({id})"),
        _ => text,
    }
}

fn password_text(i18n: I18n, problem: PasswordProblem) -> String {
    match problem {
        PasswordProblem::TooShort => tx!(i18n, common.password_too_short),
        PasswordProblem::TooLong => tx!(i18n, common.password_too_long),
        PasswordProblem::Common => tx!(i18n, common.password_common),
        PasswordProblem::Context => tx!(i18n, common.password_context),
        PasswordProblem::Same => tx!(i18n, common.password_same),
    }
}

/// An error where a page's content would be.
#[expect(clippy::needless_pass_by_value, reason = "a component's properties are its own")]
#[component]
pub fn Failure(error: ApiError) -> impl IntoView {
    let text = error_text(use_i18n(), &error);
    if let Some(lock) = use_context::<Lock>().filter(|_| error.kind == ErrorKind::NotSignedIn) {
        // Where the content would be there is nothing typed: when somebody is back, it is read again.
        Effect::new(move |was: Option<bool>| {
            let shut = lock.is_shut().get();
            if was == Some(true) && !shut {
                drop(window().location().reload());
            }
            shut
        });
    }
    view! { <Notice tone=Tone::Danger>{text}</Notice> }
}

/// Why a form or an act was refused; nothing while it was not.
#[component]
pub fn Failed(#[prop(into)] error: Signal<Option<ApiError>>) -> impl IntoView {
    let i18n = use_i18n();
    let times = StoredValue::new(0_u32);
    // Each time another element: the same sentence written into the same one is no change, and no screen reader says it again.
    let now = move || {
        error.get().map(|failed| {
            times.update_value(|n| *n += 1);
            (times.get_value(), error_text(i18n, &failed))
        })
    };
    view! {
        <For each=now key=|(n, _)| *n children=|(_, text)| view! { <Notice tone=Tone::Danger>{text}</Notice> } />
    }
    .into_any()
}

/// A role's name.
pub fn role_name(i18n: I18n, role: Role) -> String {
    match role {
        Role::Pharmacist => tx!(i18n, common.role_pharmacist),
        Role::Physician => tx!(i18n, common.role_physician),
        Role::Nurse => tx!(i18n, common.role_nurse),
        Role::Coordinator => tx!(i18n, common.role_coordinator),
        Role::NursingAssistant => tx!(i18n, common.role_nursing_assistant),
        Role::Secretary => tx!(i18n, common.role_secretary),
        Role::Researcher => tx!(i18n, common.role_researcher),
        Role::Administrator => tx!(i18n, common.role_administrator),
    }
}

/// A code's state.
pub fn code_state(i18n: I18n, state: CodeState) -> String {
    match state {
        CodeState::Active => tx!(i18n, common.code_active),
        CodeState::Exhausted => tx!(i18n, common.code_exhausted),
        CodeState::Expired => tx!(i18n, common.code_expired),
        CodeState::Revoked => tx!(i18n, common.code_revoked),
    }
}

/// A document's state.
pub fn document_state(i18n: I18n, state: DocumentState) -> String {
    match state {
        DocumentState::Received => tx!(i18n, common.document_received),
        DocumentState::Checked => tx!(i18n, common.document_checked),
        DocumentState::Unreadable => tx!(i18n, common.document_unreadable),
    }
}

/// A format's short name, the same in every language.
pub const fn file_kind(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => "PDF",
        FileKind::Jpeg => "JPEG",
        FileKind::Png => "PNG",
    }
}

/// "2,4 Mo" / "2.4 MB", from a thousand of them on "1,2 Go" (powers of ten, as phones show them).
pub fn file_size(bytes: u64, language: Language) -> String {
    let (kilo, mega, giga, point) = match language {
        Language::Fr => ("ko", "Mo", "Go", ','),
        Language::En => ("kB", "MB", "GB", '.'),
    };
    let (tenths, unit) = match bytes {
        0 => return format!("0\u{a0}{kilo}"),
        1..1_000_000 => return format!("{}\u{a0}{kilo}", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => (bytes / 100_000, mega),
        _ => (bytes / 100_000_000, giga),
    };
    // Rounded down and without false precision, as patients read it too.
    match (tenths / 10, tenths % 10) {
        (whole, tenth) if whole >= 10 || tenth == 0 => format!("{whole}\u{a0}{unit}"),
        (whole, tenth) => format!("{whole}{point}{tenth}\u{a0}{unit}"),
    }
}

/// Texts of the pagination below a list.
pub fn pagination_texts(i18n: I18n) -> PaginationTexts {
    let of = tx!(i18n, common.pagination_of);
    PaginationTexts {
        label: tx!(i18n, common.pagination_label),
        previous: tx!(i18n, common.pagination_previous),
        next: tx!(i18n, common.pagination_next),
        summary: Arc::new(move |first, last, total| format!("{first}–{last} {of} {total}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_in_both_languages() {
        assert_eq!(file_size(1, Language::Fr), "1\u{a0}ko");
        assert_eq!(file_size(2_450_000, Language::Fr), "2,4\u{a0}Mo");
        assert_eq!(file_size(2_450_000, Language::En), "2.4\u{a0}MB");
        assert_eq!(file_size(53_687_091_200, Language::Fr), "53\u{a0}Go");
        assert_eq!(file_size(0, Language::Fr), "0\u{a0}ko");
    }
}
