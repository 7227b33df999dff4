//! Establishments and the people who work there.

use std::{
    net::IpAddr,
    sync::atomic::{AtomicU32, Ordering},
};

use domain::{
    Admin, Origin, PlatformAdmin, Staff,
    db::Db,
    establishments::{self, NewEstablishment},
    identity::{self, Device, SignedIn},
    members,
};
use model::{
    establishments::EstablishmentKind,
    identity::{Credentials, Password, Transport},
    ids::{EstablishmentId, RequestId, SessionId, UserId},
    members::{Invite, NewMember},
    roles::Role,
    time::Language,
};
use uuid::Uuid;

use super::App;

/// A browser that says nothing of itself, and is the same wherever it stands.
pub const DEVICE: Device<'static> =
    Device { transport: Transport::Cookie, user_agent: None, known_as: Some("a browser") };

/// Everybody's.
pub const PASSWORD: &str = "trois bateaux verts";

static PERSON: AtomicU32 = AtomicU32::new(1);

/// A request from an address.
pub fn origin(address: &str) -> Origin {
    Origin { address: address.parse::<IpAddr>().unwrap(), request: RequestId(Uuid::from_u128(1)) }
}

/// An establishment.
#[derive(Clone)]
pub struct House {
    pub id: EstablishmentId,
}

impl House {
    /// Its schema, for looking.
    pub fn schema(&self) -> String {
        Db::schema_of(self.id)
    }
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
        let card = establishments::create(&self.d, &PlatformAdmin::operator(), &new).await.unwrap();
        House { id: card.id }
    }

    /// A member with roles, and the address that they sign in with.
    pub async fn person(&self, house: &House, roles: &[Role]) -> (UserId, String) {
        let email = format!("personne{}@exemple.fr", PERSON.fetch_add(1, Ordering::Relaxed));
        let user = members::create_user(
            &self.d,
            &PlatformAdmin::operator(),
            &new_member(&email, roles),
            Some(house.id),
            false,
        )
        .await
        .unwrap();
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
            origin: origin("192.0.2.10"),
        }
    }

    /// Makes somebody who has an account a member of another establishment, as the operator does.
    pub async fn joins(&self, house: &House, email: &str, role: Role) {
        let operator = PlatformAdmin::operator();
        members::join(&self.d, &operator, &email.parse().unwrap(), house.id, &vec![role].into())
            .await
            .unwrap();
    }

    pub async fn pharmacist(&self, house: &House) -> Staff {
        self.member(house, &[Role::Pharmacist]).await
    }

    pub async fn admin(&self, house: &House) -> Admin {
        let staff = self.member(house, &[Role::Administrator]).await;
        Admin::of(&self.d, staff, "test").await.unwrap()
    }

    /// Signs in, where there is one establishment or one is chosen.
    pub async fn sign_in(&self, email: &str, house: Option<&House>) -> identity::Issued {
        let with = credentials(email, PASSWORD, house.map(|house| house.id));
        match identity::sign_in(&self.d, origin("192.0.2.1"), DEVICE, &with).await {
            Ok(SignedIn::Open(_, issued)) => issued,
            Ok(_) => panic!("must choose, or show a factor"),
            Err(error) => panic!("{error}"),
        }
    }
}

pub fn new_member(email: &str, roles: &[Role]) -> NewMember {
    NewMember {
        given_name: "Camille".parse().unwrap(),
        family_name: "Fictif".parse().unwrap(),
        email: email.parse().unwrap(),
        roles: roles.to_vec().into(),
        password: Some(Password::new(PASSWORD)),
    }
}

pub fn invite(email: &str) -> Invite {
    Invite { email: email.parse().unwrap(), roles: vec![Role::Nurse].into(), language: Language::Fr }
}

pub fn credentials(email: &str, password: &str, establishment: Option<EstablishmentId>) -> Credentials {
    Credentials {
        email: email.into(),
        password: Password::new(password),
        establishment,
        transport: Transport::Cookie,
    }
}
