//! Who and what is made up. Names of streets and people that exist nowhere together; telephone numbers that France
//! keeps for fiction (ARCEP, 01 99 00 …).

use domain::{
    Domain, Fault, PlatformAdmin, Staff,
    members::{self, AddError},
};
use model::{
    establishments::{EstablishmentCard, EstablishmentKind},
    identity::Password,
    ids::SessionId,
    members::NewMember,
    roles::Role,
};

use crate::start::StartError;

/// A request for documents and what came.
pub struct Asked {
    pub label: &'static str,
    pub note: Option<&'static str>,
    /// Asked so many hours ago.
    pub hours_ago: i64,
    pub minutes: u32,
    pub most: u32,
    pub deposits: &'static [Deposit],
    pub revoked: bool,
}

/// One visit of a patient.
pub struct Deposit {
    pub hours_ago: i64,
    pub files: &'static [&'static str],
    pub then: Then,
}

/// What became of its documents.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Unseen,
    Seen,
    Done,
    /// Not deleted on their day, with the reason.
    Held(&'static str),
    Withdrawn,
}

/// Long enough for everything that is still open.
const MONTH: u32 = 43_200;
const DAY: u32 = 1_440;

const fn deposit(hours_ago: i64, files: &'static [&'static str], then: Then) -> Deposit {
    Deposit { hours_ago, files, then }
}

/// A made-up establishment.
pub struct Place {
    pub slug: &'static str,
    pub name: &'static str,
    pub town: &'static str,
    pub kind: EstablishmentKind,
    pub address: &'static str,
    pub phone: &'static str,
    pub opening: &'static str,
    pub author: &'static str,
    pub administrator: &'static str,
    pub asked: &'static [Asked],
}

pub const PLACES: [Place; 2] = [
    Place {
        slug: "pharmacie-des-lilas",
        name: "Pharmacie des Lilas",
        town: "Valfleury-sur-Orne",
        kind: EstablishmentKind::Pharmacy,
        address: "12 place du Marché-Imaginaire\n61999 Valfleury-sur-Orne",
        phone: "01 99 00 12 34",
        opening: "Du lundi au samedi, de 9\u{a0}h à 19\u{a0}h\u{a0}30",
        author: "camille.demo@lilas.example",
        administrator: "alix.demo@lilas.example",
        asked: &[
            Asked {
                label: "Ordonnance de renouvellement",
                note: Some("Merci de photographier les deux pages, bien à plat."),
                hours_ago: 220,
                minutes: MONTH,
                most: 5,
                deposits: &[
                    deposit(215, &["ordonnance.pdf"], Then::Done),
                    deposit(170, &["ordonnance de mai.pdf", "ordonnance de juin.pdf"], Then::Done),
                    deposit(1, &["photo de l’ordonnance.jpg", "page 2.jpg"], Then::Unseen),
                ],
                revoked: false,
            },
            Asked {
                label: "Carte Vitale et mutuelle",
                note: None,
                hours_ago: 30,
                minutes: MONTH,
                most: 2,
                deposits: &[deposit(26, &["carte mutuelle.png"], Then::Seen)],
                revoked: false,
            },
            Asked {
                label: "Résultats d’analyses",
                note: None,
                hours_ago: 0,
                minutes: DAY,
                most: 1,
                deposits: &[],
                revoked: false,
            },
            Asked {
                label: "Protocole de soins",
                note: None,
                hours_ago: 400,
                minutes: DAY,
                most: 1,
                deposits: &[deposit(399, &["protocole.pdf"], Then::Held("Réclamation en cours"))],
                revoked: false,
            },
            Asked {
                label: "Compte rendu d’hospitalisation",
                note: None,
                hours_ago: 96,
                minutes: MONTH,
                most: 2,
                deposits: &[
                    deposit(80, &["mauvais document.pdf"], Then::Withdrawn),
                    deposit(79, &["compte rendu illisible.pdf"], Then::Unseen),
                ],
                revoked: false,
            },
            Asked {
                label: "Bilan sanguin",
                note: None,
                hours_ago: 500,
                minutes: DAY,
                most: 1,
                deposits: &[],
                revoked: false,
            },
            Asked {
                label: "Certificat médical",
                note: None,
                hours_ago: 50,
                minutes: MONTH,
                most: 1,
                deposits: &[],
                revoked: true,
            },
        ],
    },
    Place {
        slug: "ssiad-du-canal",
        name: "SSIAD du Canal",
        town: "Pontmarais",
        kind: EstablishmentKind::HomeCare,
        address: "3 quai des Péniches-Rêvées\n80998 Pontmarais",
        phone: "01 99 00 56 78",
        opening: "Du lundi au vendredi, de 8\u{a0}h à 18\u{a0}h",
        author: "sacha.demo@canal.example",
        administrator: "alix.demo@lilas.example",
        asked: &[
            Asked {
                label: "Prescription de soins infirmiers",
                note: Some("Le médecin peut aussi l’envoyer lui-même."),
                hours_ago: 120,
                minutes: MONTH,
                most: 2,
                deposits: &[deposit(3, &["prescription.pdf"], Then::Unseen)],
                revoked: false,
            },
            Asked {
                label: "Attestation de droits",
                note: None,
                hours_ago: 2,
                minutes: DAY,
                most: 1,
                deposits: &[],
                revoked: false,
            },
        ],
    },
];

/// A made-up person.
pub struct Person {
    pub email: &'static str,
    pub given: &'static str,
    pub family: &'static str,
    /// Slug and roles there.
    pub places: &'static [(&'static str, &'static [&'static str])],
}

pub const PEOPLE: [Person; 8] = [
    Person {
        email: "camille.demo@lilas.example",
        given: "Camille",
        family: "Exemple",
        places: &[("pharmacie-des-lilas", &["pharmacist"])],
    },
    Person {
        email: "noa.demo@lilas.example",
        given: "Noa",
        family: "Modèle",
        places: &[("pharmacie-des-lilas", &["secretary"])],
    },
    Person {
        email: "alix.demo@lilas.example",
        given: "Alix",
        family: "Fictif",
        places: &[("pharmacie-des-lilas", &["administrator"]), ("ssiad-du-canal", &["administrator"])],
    },
    Person {
        email: "sacha.demo@canal.example",
        given: "Sacha",
        family: "Imaginaire",
        places: &[("ssiad-du-canal", &["coordinator"])],
    },
    Person {
        email: "lou.demo@canal.example",
        given: "Lou",
        family: "Inventé",
        places: &[("ssiad-du-canal", &["nurse"]), ("pharmacie-des-lilas", &["nurse"])],
    },
    Person {
        email: "eden.demo@canal.example",
        given: "Eden",
        family: "Supposé",
        places: &[("ssiad-du-canal", &["nursing_assistant"])],
    },
    Person {
        email: "charlie.demo@canal.example",
        given: "Charlie",
        family: "Présumé",
        places: &[("ssiad-du-canal", &["researcher"])],
    },
    // Nobody's staff: administers the platform.
    Person {
        email: "dominique.demo@plateforme.example", given: "Dominique", family: "Imaginé", places: &[]
    },
];

impl Person {
    /// Whether the person works there.
    pub fn is_at(&self, slug: &str) -> bool {
        self.places.iter().any(|(place, _)| *place == slug)
    }

    /// Whether the person administers the platform.
    pub fn is_platform(&self) -> bool {
        self.places.is_empty()
    }

    fn account(&self, roles: Vec<Role>, password: &str) -> Result<NewMember, StartError> {
        Ok(NewMember {
            given_name: self.given.parse()?,
            family_name: self.family.parse()?,
            email: self.email.parse()?,
            roles: roles.into(),
            password: Some(Password::new(password)),
        })
    }

    /// Makes the account of an administrator of the platform, where it is missing.
    pub async fn administers(
        &self,
        d: &Domain,
        who: &PlatformAdmin,
        password: &str,
    ) -> Result<(), StartError> {
        match members::create_user(d, who, &self.account(vec![], password)?, None, true).await {
            Ok(_) | Err(AddError::HasAccount) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    /// Makes the account and the membership, where they are missing, and lets the person act: codes and documents are
    /// made through the same use cases as anybody’s.
    pub async fn join(
        &self,
        d: &Domain,
        who: &PlatformAdmin,
        card: &EstablishmentCard,
        password: &str,
    ) -> Result<Staff, StartError> {
        let names = self
            .places
            .iter()
            .find(|(slug, _)| *slug == card.slug.as_ref())
            .map_or(&[][..], |(_, roles)| roles);
        let roles: Vec<Role> = names.iter().map(|name| name.parse()).collect::<Result<_, _>>()?;
        let new = self.account(roles.clone(), password)?;
        let user = match members::create_user(d, who, &new, Some(card.id), false).await {
            Ok(user) => user,
            // Of the other establishment, or of an earlier start.
            Err(AddError::HasAccount) => {
                match members::join(d, who, &new.email, card.id, &new.roles).await {
                    Ok(_) | Err(AddError::AlreadyMember) => {}
                    Err(other) => return Err(other.into()),
                }
                members::find_user(d, who, &new.email).await?.ok_or("no account")?.0
            }
            Err(AddError::Password(problem)) => {
                return Err(format!("the demonstration password is refused: {problem}").into());
            }
            Err(other) => return Err(other.into()),
        };
        Ok(Staff {
            user,
            session: SessionId(uuid::Uuid::nil()),
            establishment: card.id,
            roles: roles.into(),
            name: format!("{} {}", self.given, self.family),
            factor_at: None,
            origin: super::ORIGIN,
        })
    }
}

/// Four groups of four symbols without look-alikes: 80 bits, easy to type.
pub fn random_password(d: &Domain) -> Result<String, Fault> {
    let random: [u8; 16] = d.random.bytes()?;
    let symbols: Vec<char> = random
        .iter()
        .map(|b| char::from(b"abcdefghjkmnpqrstvwxyz23456789abcd"[usize::from(b & 31)]))
        .collect();
    Ok(symbols.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}
