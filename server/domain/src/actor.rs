//! Who acts. The type states the right, so that a signature says who may call.

use std::net::IpAddr;

use jiff::Timestamp;
use model::{
    ids::{CodeId, EstablishmentId, RequestId, SessionId, UserId},
    roles::{Permission, Role, Roles},
};

use crate::{Domain, Refused, audit, identity};

/// Where a request came from, for the audit and the limits.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// Client's address (behind configured proxies, the one that they report).
    pub address: IpAddr,
    /// The request.
    pub request: RequestId,
}

/// Somebody who works in an establishment, in a session that is alive.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Person.
    pub user: UserId,
    /// Session.
    pub session: SessionId,
    /// Where the session works.
    pub establishment: EstablishmentId,
    /// Roles held there.
    pub roles: Roles,
    /// Given and family name.
    pub name: String,
    /// When something beyond a password was last shown.
    pub factor_at: Option<Timestamp>,
    /// Of this request.
    pub origin: Origin,
}

/// A second factor must be shown again before this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fresh factor is needed")]
pub struct StepUp;

impl Staff {
    /// Passes who showed a second factor within ten minutes. Where none is needed (a demonstration), who has none passes too.
    ///
    /// # Errors
    /// [`StepUp`].
    pub fn must_be_fresh(&self, d: &Domain) -> Result<(), StepUp> {
        fresh(d, self.factor_at)
    }

    /// Passes who holds the permission; a refusal is audited, in a transaction of its own.
    ///
    /// # Errors
    /// [`Refused::Forbidden`], or an incident while the refusal was written.
    pub async fn require(&self, d: &Domain, permission: Permission, action: &str) -> Result<(), Refused> {
        if self.roles.allow(permission) {
            return Ok(());
        }
        audit::refuse(d, self, action).await?;
        Err(Refused::Forbidden)
    }
}

/// An administrator of an establishment: settings, people, audit; no contents.
#[derive(Clone, Debug)]
pub struct Admin(Staff);

impl Admin {
    /// Promotes who holds the role; a refusal is audited.
    ///
    /// # Errors
    /// [`Refused::Forbidden`], or an incident while the refusal was written.
    pub async fn of(d: &Domain, staff: Staff, action: &str) -> Result<Self, Refused> {
        if staff.roles.hold(Role::Administrator) {
            return Ok(Self(staff));
        }
        audit::refuse(d, &staff, action).await?;
        Err(Refused::Forbidden)
    }

    /// The person.
    pub fn staff(&self) -> &Staff {
        &self.0
    }
}

/// An administrator of the platform: establishments, nothing inside them.
#[derive(Clone, Debug)]
pub struct PlatformAdmin {
    /// The person, or nobody on the command line.
    pub(crate) user: Option<UserId>,
    pub(crate) session: Option<SessionId>,
    pub(crate) origin: Option<Origin>,
    factor_at: Option<Timestamp>,
}

impl PlatformAdmin {
    /// Whoever types commands on the machine itself.
    pub const fn operator() -> Self {
        Self { user: None, session: None, origin: None, factor_at: None }
    }

    /// Whoever holds a mailed link, where that alone opens an establishment: audited as nobody, from where they came.
    pub(crate) const fn holder(origin: Origin) -> Self {
        Self { origin: Some(origin), ..Self::operator() }
    }

    /// Promotes who administers the platform; a refusal is audited.
    ///
    /// # Errors
    /// [`Refused::Forbidden`], or an incident while the refusal was written.
    pub async fn of(
        d: &Domain,
        who: &identity::Identified,
        origin: Origin,
        action: &str,
    ) -> Result<Self, Refused> {
        if who.platform_administrator && !who.needs_factor {
            let (user, session) = (Some(who.user), Some(who.session));
            return Ok(Self { user, session, origin: Some(origin), factor_at: who.factor_at });
        }
        audit::refuse_platform(d, who, origin, action).await?;
        Err(Refused::Forbidden)
    }

    /// Passes who showed a second factor within ten minutes, and whoever sits at the machine itself.
    ///
    /// # Errors
    /// [`StepUp`].
    pub fn must_be_fresh(&self, d: &Domain) -> Result<(), StepUp> {
        if self.user.is_none() { Ok(()) } else { fresh(d, self.factor_at) }
    }
}

/// Where no second factor is needed (a demonstration), who has none passes too.
fn fresh(d: &Domain, factor_at: Option<Timestamp>) -> Result<(), StepUp> {
    match factor_at {
        Some(at) if d.now().duration_since(at) <= identity::FRESH => Ok(()),
        None if !d.policy.identity.second_factor => Ok(()),
        _ => Err(StepUp),
    }
}

/// A patient or carer with a code: may deposit under it and see the receipt of that deposit, nothing else.
#[derive(Clone, Debug)]
pub struct Depositor {
    /// Establishment that asks.
    pub establishment: EstablishmentId,
    /// Code that was presented.
    pub code: CodeId,
    /// 128 random bits that only this browser holds; one deposit each.
    pub capability: [u8; 16],
    /// When the code was presented: a deposit opened in time may finish after expiry.
    pub opened_at: Timestamp,
    /// Of this request.
    pub origin: Origin,
}

/// CareLink itself: jobs.
#[derive(Clone, Copy, Debug)]
pub struct System;
