//! A use case's error → kind, status, log line. The last ring but one: pages word the kind.

use domain::{
    Fault, Refused,
    codes::ExtendError,
    documents::RetentionError,
    establishments::{PscOnlyError, SettingsError},
    identity::{
        ChangePasswordError, EmailChangeError, NotMeError, ProfileError, RefreshError, ResetError,
        SignInError, SwitchError, factors::FactorError, psc::UnlinkError,
    },
    limits::Limited,
    members::{AnswerError, AskError, ChangeError, InviteError, InvitedError},
    registration::{RegisterError, RegistrationError, RegistrationLinkError},
};
use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::error::{ApiError, ErrorKind};

/// What a use case's error means to a caller.
pub trait Fail {
    /// The kind; incidents are logged here, once.
    fn kind(self) -> ErrorKind;
}

/// Makes the answer of a failed server function and sets its status.
pub fn fail(error: impl Fail) -> ApiError {
    let kind = error.kind();
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        if let ErrorKind::TooMany(seconds) = kind
            && let Ok(value) = http::HeaderValue::from_str(&seconds.to_string())
        {
            response.insert_header(http::header::RETRY_AFTER, value);
        }
    }
    let request_id = super::caller().ok().map(|caller| caller.origin.request.to_string());
    ApiError { kind, request_id }
}

impl Fail for ErrorKind {
    fn kind(self) -> ErrorKind {
        self
    }
}

impl Fail for Fault {
    fn kind(self) -> ErrorKind {
        let request = super::caller().ok().map(|caller| caller.origin.request.to_string());
        tracing::error!(error = %self, request, "incident");
        ErrorKind::Internal
    }
}

impl Fail for Refused {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Forbidden => ErrorKind::Forbidden,
            Self::NotFound => ErrorKind::NotFound,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for Limited {
    fn kind(self) -> ErrorKind {
        match self {
            Self::TooMany(wait) => ErrorKind::TooMany(wait.retry_after),
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for SignInError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Wrong => ErrorKind::WrongCredentials,
            Self::TooMany(wait) => ErrorKind::TooMany(wait.retry_after),
            Self::NoEstablishment => ErrorKind::NoEstablishment,
            Self::PscOnly => ErrorKind::PscOnly,
            Self::WrongFactor => ErrorKind::WrongFactor,
            Self::Expired => ErrorKind::BeginAgain,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for SwitchError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::PscOnly => ErrorKind::PscOnly,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for PscOnlyError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::StepUp(_) => ErrorKind::StepUpNeeded,
            Self::NotConfigured => ErrorKind::NoPsc,
            Self::NoLinkedAdministrator => ErrorKind::NoLinkedAdministrator,
            Self::Changed => ErrorKind::ChangedMeanwhile,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for UnlinkError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::StepUp => ErrorKind::StepUpNeeded,
            Self::NotFound => ErrorKind::NotFound,
            Self::OnlyWay => ErrorKind::OnlyWay,
            Self::NoLinkedAdministrator => ErrorKind::NoLinkedAdministrator,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for RefreshError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::NoSession | Self::Reused => ErrorKind::NotSignedIn,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for ChangePasswordError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Wrong => ErrorKind::WrongPassword,
            Self::TooMany(wait) => ErrorKind::TooMany(wait.retry_after),
            Self::Refused(problem) => ErrorKind::Password(problem),
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for ResetError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Expired => ErrorKind::LinkOver,
            Self::Refused(problem) => ErrorKind::Password(problem),
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for EmailChangeError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::StepUp => ErrorKind::StepUpNeeded,
            Self::Same => ErrorKind::SameEmail,
            Self::Expired => ErrorKind::LinkOver,
            Self::TooMany(wait) => ErrorKind::TooMany(wait.retry_after),
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for ProfileError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::NotYours => ErrorKind::NameGiven,
            Self::Over => ErrorKind::NotSignedIn,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for NotMeError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Expired => ErrorKind::LinkOver,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for FactorError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::StepUp => ErrorKind::StepUpNeeded,
            Self::Wrong => ErrorKind::WrongFactor,
            Self::TooMany(wait) => ErrorKind::TooMany(wait.retry_after),
            Self::Expired => ErrorKind::BeginAgain,
            Self::NotFound => ErrorKind::NotFound,
            Self::Last => ErrorKind::LastFactor,
            Self::NoPassword => ErrorKind::NoPassword,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for AskError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Forbidden => ErrorKind::Forbidden,
            Self::NotFound => ErrorKind::NotFound,
            Self::AlreadyMember => ErrorKind::AlreadyMember,
            Self::Open => ErrorKind::TooManyRequests,
            Self::TooMany(wait) => ErrorKind::TooMany(wait.retry_after),
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for AnswerError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::NoRole => ErrorKind::NoRole,
            Self::StepUp(_) => ErrorKind::StepUpNeeded,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for ExtendError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Refused(refused) => refused.kind(),
            Self::Ended => ErrorKind::CodeEnded,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for RetentionError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Refused(refused) => refused.kind(),
            Self::NotSeen => ErrorKind::NotSeen,
            Self::NotHeld => ErrorKind::NotHeld,
            Self::NotEarlier => ErrorKind::NotEarlier,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for SettingsError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Changed => ErrorKind::ChangedMeanwhile,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for InviteError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::AlreadyMember => ErrorKind::AlreadyMember,
            Self::NoRole => ErrorKind::NoRole,
            Self::NotFound => ErrorKind::NotFound,
            Self::TooMany(wait) => ErrorKind::TooMany(wait.retry_after),
            Self::StepUp(_) => ErrorKind::StepUpNeeded,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for InvitedError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Expired => ErrorKind::LinkOver,
            Self::HasAccount => ErrorKind::HasAccount,
            Self::AlreadyMember => ErrorKind::AlreadyMember,
            Self::Refused(problem) => ErrorKind::Password(problem),
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for ChangeError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::OwnRights => ErrorKind::OwnRights,
            Self::LastAdministrator => ErrorKind::LastAdministrator,
            Self::NoLinkedAdministrator => ErrorKind::NoLinkedAdministrator,
            Self::NoRole => ErrorKind::NoRole,
            Self::StepUp(_) => ErrorKind::StepUpNeeded,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for RegisterError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Closed => ErrorKind::RegistrationClosed,
            Self::TooMany(wait) => ErrorKind::TooMany(wait.retry_after),
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for RegistrationLinkError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Expired => ErrorKind::LinkOver,
            Self::Fault(fault) => fault.kind(),
        }
    }
}

impl Fail for RegistrationError {
    fn kind(self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::StepUp(_) => ErrorKind::StepUpNeeded,
            Self::NoOwner => ErrorKind::NoCreation,
            Self::Fault(fault) => fault.kind(),
        }
    }
}
