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
    establishments::{EstablishmentCard, EstablishmentKind},
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
            kind: EstablishmentKind::Pharmacy,
            finess: None,
        };
        let nobody = PlatformAdmin::operator();
        let EstablishmentCard { id, slug, .. } =
            establishments::create(&self.d, &nobody, &new).await.unwrap();
        House { id, slug: slug.to_string() }
    }

    /// A member with roles, and the address that they sign in with.
    pub async fn person(&self, house: &House, roles: &[Role]) -> (UserId, String) {
        let email = fresh_email();
        let new = new_member(&email, roles);
        let nobody = PlatformAdmin::operator();
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
        let operator = PlatformAdmin::operator();
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
        self.browser_in(email, Some(house.id)).await
    }

    /// The browser of a new administrator of the platform, who works nowhere.
    pub async fn platform(&self) -> Browser {
        let email = fresh_email();
        let operator = PlatformAdmin::operator();
        members::create_user(&self.d, &operator, &new_member(&email, &[]), None, true).await.unwrap();
        self.browser_in(&email, None).await
    }

    async fn browser_in(&self, email: &str, establishment: Option<EstablishmentId>) -> Browser {
        let with = Credentials {
            email: email.into(),
            password: Password::new(PASSWORD),
            establishment,
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

fn new_member(email: &str, roles: &[Role]) -> NewMember {
    NewMember {
        given_name: "Camille".parse().unwrap(),
        family_name: "Fictif".parse().unwrap(),
        email: email.parse().unwrap(),
        roles: roles.to_vec().into(),
        password: Some(Password::new(PASSWORD)),
    }
}
