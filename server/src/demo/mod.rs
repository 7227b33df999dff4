//! Demonstration data: two establishments, plainly fictional people, codes and documents in every state. Idempotent:
//! what is there already is left alone.

mod files;
mod people;

use std::{fmt::Write, path::Path};

use domain::{
    Depositor, Domain, Origin, PlatformAdmin, Staff, clock, codes, documents,
    documents::Incoming,
    establishments::{self, NewEstablishment},
    members,
};
use futures_util::stream;
use model::{
    codes::{CodeScope, LinkToken, NewCode},
    documents::{DocumentQuery, RetentionChange},
    establishments::EstablishmentCard,
    identity::Password,
    ids::{EstablishmentId, RequestId},
    list::Page,
};
use people::{Asked, Deposit, PEOPLE, PLACES, Then};

use crate::{keys, start::StartError};

const ORIGIN: Origin = Origin {
    address: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
    request: RequestId(uuid::Uuid::nil()),
};

/// Makes what is missing; the answer tells addresses, accounts and the folder.
///
/// # Errors
/// A sentence.
pub async fn make(d: &Domain, data_dir: &Path, password: Option<&str>) -> Result<String, StartError> {
    let passwords = data_dir.join("demonstration-password");
    let kept = std::fs::read_to_string(&passwords).ok().map(|text| text.trim().to_owned());
    let new = match (password, &kept) {
        (Some(given), Some(kept)) if given == kept => None,
        (Some(given), _) => Some(given.to_owned()),
        (None, Some(_)) => None,
        (None, None) => Some(people::random_password(d)?),
    };
    let who = PlatformAdmin::operator();
    let mut earlier = Vec::new();
    for person in &PEOPLE {
        let email = person.email.parse()?;
        if members::find_user(d, &who, &email).await?.is_some() {
            earlier.push(email);
        }
    }
    let password = new.clone().or(kept).unwrap_or_default();
    for place in &PLACES {
        let card = establishment(d, &who, place).await?;
        let (mut author, mut administrator) = (None, None);
        for person in PEOPLE.iter().filter(|person| person.is_at(place.slug)) {
            let staff = person.join(d, &who, &card, &password).await?;
            if person.email == place.author {
                author = Some(staff);
            } else if person.email == place.administrator {
                administrator = Some(staff);
            }
        }
        let (author, administrator) = author.zip(administrator).ok_or("nobody to act")?;
        transfers(d, place, author, administrator)
            .await
            .map_err(|error| format!("{}: {error}", place.slug))?;
    }
    for person in PEOPLE.iter().filter(|person| person.is_platform()) {
        person.administers(d, &who, &password).await?;
    }
    if let Some(new) = new {
        // Accounts of an earlier start follow a password that is given now; each is told, as by any operator.
        for email in &earlier {
            members::reset_password(d, &who, email, &Password::new(new.clone())).await?;
        }
        keys::write_secret(&passwords, &new)?;
    }
    Ok(told(d, data_dir, &password))
}

async fn establishment(
    d: &Domain,
    who: &PlatformAdmin,
    place: &people::Place,
) -> Result<EstablishmentCard, StartError> {
    if let Some(public) = establishments::by_slug(d, &place.slug.parse()?).await? {
        return Ok(public.card);
    }
    let new = NewEstablishment {
        name: place.name.parse()?,
        town: place.town.parse()?,
        slug: Some(place.slug.parse()?),
        kind: place.kind,
        finess: None,
    };
    Ok(establishments::create(d, who, &new).await?)
}

async fn transfers(
    d: &Domain,
    place: &people::Place,
    who: Staff,
    administrator: Staff,
) -> Result<(), StartError> {
    let public = establishments::by_slug(d, &place.slug.parse()?).await?.ok_or("no establishment")?;
    if codes::list(d, &who, CodeScope::All, None, Page::default()).await?.total > 0 {
        return Ok(());
    }
    settings(d, place, administrator, &public).await?;
    for asked in place.asked {
        ask(d, asked, public.card.id, &who).await?;
    }
    Ok(())
}

/// Everything happens at its own hour: lists, chart and receipts look lived in.
async fn ask(d: &Domain, asked: &Asked, place: EstablishmentId, who: &Staff) -> Result<(), StartError> {
    let then = |hours: i64| d.at(clock::minutes(d.now(), -60 * hours));
    let new = NewCode {
        label: asked.label.parse()?,
        note: asked.note.map(str::parse).transpose()?,
        validity: asked.minutes.try_into()?,
        max_deposits: asked.most.try_into()?,
        max_files: 10.try_into()?,
    };
    let code = codes::generate(&then(asked.hours_ago), who, &new).await?;
    let link = code.secret.ok_or("no secret")?.link;
    let token: LinkToken = link.rsplit('/').next().unwrap_or_default().parse()?;
    for deposit in asked.deposits {
        let at = then(deposit.hours_ago);
        let depositor = codes::follow(&at, ORIGIN, place, &token).await?;
        receive(&at, deposit, &depositor, who).await?;
    }
    if asked.revoked {
        codes::revoke(d, who, code.summary.id).await?;
    }
    Ok(())
}

async fn receive(
    d: &Domain,
    deposit: &Deposit,
    depositor: &Depositor,
    who: &Staff,
) -> Result<(), StartError> {
    for (n, name) in deposit.files.iter().enumerate() {
        let key = format!("demonstration-{n}");
        let incoming = Incoming { name, declared_type: None, idempotency_key: &key, declared_size: None };
        let body = stream::iter([Ok::<_, std::io::Error>(files::content(name))]);
        documents::receive(d, depositor, incoming, body).await?;
    }
    if deposit.then == Then::Withdrawn {
        return Ok(documents::withdraw(d, depositor).await?);
    }
    documents::close(d, depositor).await?;
    let page = Page::new(1, u32::try_from(deposit.files.len())?);
    let newest = DocumentQuery { code: Some(depositor.code), page, ..DocumentQuery::default() };
    for document in documents::list(d, who, &newest).await?.items {
        match deposit.then {
            Then::Unseen | Then::Withdrawn => {}
            Then::Seen => drop(documents::open(d, who, document.id).await?),
            Then::Done => {
                documents::open(d, who, document.id).await?;
                documents::mark_done(d, who, document.id, true).await?;
            }
            Then::Held(reason) => {
                documents::open(d, who, document.id).await?;
                let hold = RetentionChange::Hold { reason: reason.parse()? };
                documents::change_retention(d, who, document.id, &hold).await?;
            }
        }
    }
    Ok(())
}

async fn settings(
    d: &Domain,
    place: &people::Place,
    administrator: Staff,
    public: &establishments::Public,
) -> Result<(), StartError> {
    let admin = domain::Admin::of(d, administrator, "settings.change").await?;
    let mut settings = public.settings.clone();
    settings.address = Some(place.address.parse()?);
    settings.phone = Some(place.phone.parse()?);
    settings.opening_note = Some(place.opening.parse()?);
    establishments::change_settings(d, &admin, &settings).await?;
    Ok(())
}

fn told(d: &Domain, data_dir: &Path, password: &str) -> String {
    let url = &d.policy.public_url;
    let mut text = format!(
        "\nDemonstration data. Professionals: {url}/portal   Patients: {url}/\nPassword of every account: {password}\n"
    );
    for person in &PEOPLE {
        let places: Vec<String> =
            person.places.iter().map(|(slug, roles)| format!("{} at {slug}", roles.join("+"))).collect();
        let what = if person.is_platform() { "platform administrator".to_owned() } else { places.join("; ") };
        let _ = writeln!(text, "  {:<34} {} {} ({what})", person.email, person.given, person.family);
    }
    let _ = writeln!(
        text,
        "In this demonstration a password is enough; with real data a second factor is compulsory. Data folder: {}",
        data_dir.display()
    );
    text
}
