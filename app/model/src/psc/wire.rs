//! The provider's names (PSC `UserInfo`, `scope_all`) and where their values go.

use serde::{Deserialize, Deserializer, de::MapAccess};

use super::{
    lenient::{Any, Item, Lenient, MAX_CHARACTERS, clean, fields, object},
    userinfo::{Activity, Coded, Exercise, OtherId, UserInfo, UserInfoProblem},
};

/// The provider's answer, bounded but not yet checked: `serde_json::from_slice::<RawUserInfo>(…)?.try_into()` gives a
/// [`UserInfo`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawUserInfo {
    subject: String,
    national_id: Option<Unmended>,
    username: Option<String>,
    email_verified: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    civility: Option<String>,
    sector: Option<Coded>,
    genre: Option<String>,
    locale: Option<String>,
    authentication_level: Option<Coded>,
    access_reason: Option<String>,
    medical_regulation: Option<String>,
    uit_version: Option<String>,
    organization: Option<String>,
    organization_id: Option<String>,
    subject_roles: Vec<Coded>,
    other_ids: Vec<OtherId>,
    professional: Professional,
}

fields!(RawUserInfo {
    "sub" => subject,
    "SubjectNameID" => national_id,
    "preferred_username" => username,
    "email_verified" => email_verified,
    "given_name" => given_name,
    "family_name" => family_name,
    "codeCivilite" => civility,
    "Secteur_Activite" => sector,
    "codeGenreActivite" => genre,
    "PSI_Locale" => locale,
    "Palier_Authentification" => authentication_level,
    "Mode_Acces_Raison" => access_reason,
    "Acces_Regulation_Medicale" => medical_regulation,
    "UITVersion" => uit_version,
    "SubjectOrganization" => organization,
    "SubjectOrganizationID" => organization_id,
    "SubjectRole" => subject_roles,
    "otherIds" => other_ids,
    "SubjectRefPro" => professional,
});

/// `SubjectRefPro`.
#[derive(Clone, Default, PartialEq, Eq)]
struct Professional {
    civility: Option<String>,
    exercises: Vec<Exercise>,
}

fields!(Professional {
    "codeCivilite" => civility,
    "exercices" => exercises,
});

fields!(OtherId {
    "identifiant" => identifier,
    "origine" => origin,
    "qualite" => quality,
});

fields!(Exercise {
    "codeProfession" => profession_code,
    "codeCategorieProfessionnelle" => category,
    "codeCiviliteDexercice" => civility,
    "nomDexercice" => family_name,
    "prenomDexercice" => given_name,
    "codeTypeSavoirFaire" => skill_type,
    "codeSavoirFaire" => skill_code,
    "activities" => activities,
});

/// An activity with the parts of its address.
#[derive(Default)]
struct RawActivity {
    activity: Activity,
    addressee: Option<String>,
    spot: Option<String>,
    number: Option<String>,
    repetition: Option<String>,
    street_type: Option<String>,
    street: Option<String>,
    delivery: Option<String>,
}

fields!(RawActivity {
    "codeModeExercice" => activity.mode,
    "codeSecteurDactivite" => activity.sector,
    "codeSectionPharmacien" => activity.pharmacist_section,
    "codeRole" => activity.role,
    "codeGenreActivite" => activity.genre,
    "numeroSiretSite" => activity.siret,
    "numeroSirenSite" => activity.siren,
    "numeroFinessSite" => activity.finess_site,
    "numeroFinessetablissementJuridique" => activity.finess_legal,
    "identifiantTechniqueDeLaStructure" => activity.structure_id,
    "raisonSocialeSite" => activity.company_name,
    "enseigneCommercialeSite" => activity.trade_name,
    "complementDestinataire" => addressee,
    "complementPointGeographique" => spot,
    "numeroVoie" => number,
    "indiceRepetitionVoie" => repetition,
    "codeTypeDeVoie" => street_type,
    "libelleVoie" => street,
    "mentionDistribution" => delivery,
    "bureauCedex" => activity.postal_line,
    "codePostal" => activity.postal_code,
    "codeCommune" => activity.municipality_code,
    "codePays" => activity.country,
    "telephone" => activity.phone,
    "telephone2" => activity.other_phone,
    "telecopie" => activity.fax,
    "adresseEMail" => activity.email,
    "codeDepartement" => activity.department,
    "ancienIdentifiantDeLaStructure" => activity.former_structure_id,
    "autoriteDenregistrement" => activity.registration_authority,
});

impl RawActivity {
    fn finish(self) -> Activity {
        let Self { mut activity, addressee, spot, number, repetition, street_type, street, delivery } = self;
        let parts: Vec<String> = [number, repetition, street_type, street].into_iter().flatten().collect();
        let street = Some(clean(&parts.join(" "))).filter(|line| !line.is_empty());
        activity.address_lines = [addressee, spot, street, delivery].into_iter().flatten().collect();
        activity
    }
}

/// The key of an account, as it came: trimmed, and cut only where it is far too long already. Removing characters could
/// make one person's key of another's.
#[derive(Clone, PartialEq, Eq)]
struct Unmended(String);

impl Item for Unmended {
    fn of_text(text: &str) -> Option<Self> {
        Some(text.trim())
            .filter(|text| !text.is_empty())
            .map(|text| Self(text.chars().take(MAX_CHARACTERS).collect()))
    }
    // Neither is a key: many people would share `true`, and fractions are rounded.
    fn of_inexact(_text: &str) -> Option<Self> {
        Some(Self(String::new()))
    }
}

impl Item for Coded {
    fn of_text(text: &str) -> Option<Self> {
        let text = clean(text);
        let (code, system) = text.split_once('^').unwrap_or((&text, ""));
        let some = |part: &str| Some(part.trim().to_owned()).filter(|part| !part.is_empty());
        Some(Self { code: some(code)?, system: some(system) })
    }
}

impl Item for OtherId {
    fn of_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Ok(Some(object::<Self, A>(map)?).filter(|id| !id.identifier.is_empty()))
    }
}

// An exercise or activity that says nothing at all is none: nobody could choose it.
impl Item for Exercise {
    fn of_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Ok(Some(object::<Self, A>(map)?).filter(|exercise| *exercise != Self::default()))
    }
}

impl Item for Activity {
    fn of_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Ok(Some(object::<RawActivity, A>(map)?.finish()).filter(|activity| *activity != Self::default()))
    }
}

impl Lenient for Professional {
    fn of_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        object(map)
    }
}

impl Lenient for RawUserInfo {
    fn of_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        object(map)
    }
}

impl<'de> Deserialize<'de> for RawUserInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Any::deserialize(deserializer).map(|Any(info)| info)
    }
}

impl TryFrom<RawUserInfo> for UserInfo {
    type Error = UserInfoProblem;

    fn try_from(raw: RawUserInfo) -> Result<Self, UserInfoProblem> {
        let id = raw.national_id.ok_or(UserInfoProblem::MissingSubjectNameId)?;
        let national_id = id.0.parse().map_err(|_| UserInfoProblem::BadSubjectNameId)?;
        let Professional { civility, exercises } = raw.professional;
        let first = exercises.first();
        let given_name = first.and_then(|exercise| exercise.given_name.clone()).or(raw.given_name);
        let family_name = first.and_then(|exercise| exercise.family_name.clone()).or(raw.family_name);
        if given_name.is_none() && family_name.is_none() {
            return Err(UserInfoProblem::MissingName);
        }
        Ok(Self {
            subject: raw.subject,
            national_id,
            username: raw.username,
            email_verified: raw.email_verified,
            given_name,
            family_name,
            civility: raw.civility.or(civility),
            sector: raw.sector,
            genre: raw.genre,
            locale: raw.locale,
            authentication_level: raw.authentication_level,
            access_reason: raw.access_reason,
            medical_regulation: raw.medical_regulation,
            uit_version: raw.uit_version,
            organization: raw.organization,
            organization_id: raw.organization_id,
            subject_roles: raw.subject_roles,
            other_ids: raw.other_ids,
            exercises,
        })
    }
}
