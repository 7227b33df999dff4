//! Establishments and the people who work there.

use std::{
    net::IpAddr,
    sync::atomic::{AtomicU32, Ordering},
};

use domain::{
    Origin, PlatformAdmin, Staff,
    establishments::{self, NewEstablishment},
    identity::{self, Device, SignedIn},
    members,
};
use model::{
    establishments::EstablishmentCard,
    identity::{Credentials, Password, Transport},
    ids::{EstablishmentId, RequestId, SessionId, UserId},
    members::NewMember,
    roles::Role,
};
use uuid::Uuid;

use super::{App, Browser};

/// Everybody's.
pub const PASSWORD: &str = "trois bateaux verts";

static PERSON: AtomicU32 = AtomicU32::new(1);

/// An establishment.
#[derive(Clone)]
pub struct House {
    pub id: EstablishmentId,
    pub slug: String,
}

pub fn origin() -> Origin {
    Origin { address: IpAddr::from([192, 0, 2, 10]), request: RequestId(Uuid::from_u128(1)) }
}

/// An address that nobody else has.
pub fn fresh_email() -> String {
    format!("personne{}@exemple.fr", PERSON.fetch_add(1, Ordering::Relaxed))
}

impl App {
    pub async fn house(&self, name: &str) -> House {
        let new = NewEstablishment {
            name: name.parse().unwrap(),
            town: "Lyon".parse().unwrap(),
            slug: None,
            kind: "pharmacy".into(),
            finess: None,
        };
        let nobody = PlatformAdmin { user: None };
        let EstablishmentCard { id, slug, .. } =
            establishments::create(&self.d, &nobody, &new).await.unwrap();
        House { id, slug: slug.to_string() }
    }

    /// A member with roles, and the address that they sign in with.
    pub async fn person(&self, house: &House, roles: &[Role]) -> (UserId, String) {
        let email = fresh_email();
        let new = NewMember {
            given_name: "Camille".parse().unwrap(),
            family_name: "Fictif".parse().unwrap(),
            email: email.parse().unwrap(),
            roles: roles.to_vec().into(),
            password: Some(Password::new(PASSWORD)),
        };
        let nobody = PlatformAdmin { user: None };
        let user = members::create_user(&self.d, &nobody, &new, Some(house.id), false).await.unwrap();
        (user, email)
    }

    /// A member as the actor of use cases (whose session nothing asks for).
    pub async fn member(&self, house: &House, roles: &[Role]) -> Staff {
        let (user, _) = self.person(house, roles).await;
        Staff {
            user,
            session: SessionId(Uuid::from_u128(2)),
            establishment: house.id,
            roles: roles.to_vec().into(),
            name: "Camille Fictif".into(),
            factor_at: None,
            origin: origin(),
        }
    }

    /// Makes somebody who has an account a member of another establishment, as the operator does.
    pub async fn joins(&self, house: &House, email: &str, role: Role) {
        let operator = PlatformAdmin { user: None };
        members::join(&self.d, &operator, &email.parse().unwrap(), house.id, &vec![role].into())
            .await
            .unwrap();
    }

    /// The browser of a new member, signed in.
    pub async fn signed_in(&self, house: &House, roles: &[Role]) -> Browser {
        let (_, email) = self.person(house, roles).await;
        self.browser_of(&email, house).await
    }

    /// A browser that signed in a moment ago (the form has tests of its own).
    pub async fn browser_of(&self, email: &str, house: &House) -> Browser {
        let with = Credentials {
            email: email.into(),
            password: Password::new(PASSWORD),
            establishment: Some(house.id),
            transport: Transport::Cookie,
        };
        let device = Device { transport: Transport::Cookie, user_agent: None, known_as: Some("a browser") };
        let Ok(SignedIn::Open(_, issued)) = identity::sign_in(&self.d, origin(), device, &with).await else {
            panic!("{email} was not signed in");
        };
        let mut browser = Browser::new(self);
        browser.jar.insert(browser.name("access"), issued.access);
        browser.jar.insert(browser.name("refresh"), issued.refresh);
        browser.session = Some(issued.session);
        browser
    }
}
