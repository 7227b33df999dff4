//! What Pro Santé Connect says of a professional, in our words.
//!
//! Identifiers of structures stay text: those of the sandbox hold letters, and nothing rests on them. Codes stay codes;
//! [`crate::professions`] knows their labels.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::wire::RawUserInfo;
use crate::identifiers::NationalId;

/// Who somebody is and where they work (PSC `UserInfo`, `scope_all`). No text is longer than [`super::MAX_CHARACTERS`],
/// no list longer than [`super::MAX_ITEMS`].
///
/// Its own serde form is the one that is stored. The provider's form is read by [`UserInfo::parse`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserInfo {
    /// `sub`; empty if missing. Must be equal to that of the id token (`OpenID` Connect Core 5.3.2). It is not stable.
    pub subject: String,
    /// `SubjectNameID`: the key of an account.
    pub national_id: NationalId,
    /// `preferred_username`: the same today, and no key of ours.
    #[serde(default)]
    pub username: Option<String>,
    /// `email_verified` (older answers; there is no `email`): `true`, `false`.
    #[serde(default)]
    pub email_verified: Option<String>,
    /// Given name: of the first exercise, else `given_name`. It or the family name is there.
    pub given_name: Option<String>,
    /// Family name: of the first exercise, else `family_name`.
    pub family_name: Option<String>,
    /// `codeCivilite`, at the top (2023) or in `SubjectRefPro` (2021): `M`, `MME`.
    pub civility: Option<String>,
    /// `Secteur_Activite` (`TRE_R02`).
    pub sector: Option<Coded>,
    /// `codeGenreActivite` (`TRE_R22`), of the person as a whole.
    #[serde(default)]
    pub genre: Option<String>,
    /// `PSI_Locale`: an OID.
    #[serde(default)]
    pub locale: Option<String>,
    /// `Palier_Authentification`: `APPPRIP3` for a card. Evidence only: the level is `acr`'s to say.
    #[serde(default)]
    pub authentication_level: Option<Coded>,
    /// `Mode_Acces_Raison`; empty in the samples.
    #[serde(default)]
    pub access_reason: Option<String>,
    /// `Acces_Regulation_Medicale`: `FAUX`, `VRAI`.
    #[serde(default)]
    pub medical_regulation: Option<String>,
    /// `UITVersion`: `1.0`.
    #[serde(default)]
    pub uit_version: Option<String>,
    /// `SubjectOrganization`: name of the structure.
    pub organization: Option<String>,
    /// `SubjectOrganizationID`.
    pub organization_id: Option<String>,
    /// `SubjectRole`.
    pub subject_roles: Vec<Coded>,
    /// `otherIds`.
    pub other_ids: Vec<OtherId>,
    /// `SubjectRefPro.exercices`. Without any, the person is no professional for us.
    pub exercises: Vec<Exercise>,
}

/// `code^oid`: a code and the nomenclature that it is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Coded {
    /// The code.
    pub code: String,
    /// OID of the nomenclature.
    pub system: Option<String>,
}

/// Another identifier of the person (`otherIds`).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherId {
    /// `identifiant`.
    pub identifier: String,
    /// `origine`, `RPPS` or `EDIT`; empty if missing.
    pub origin: String,
    /// `qualite`: `1`.
    pub quality: Option<String>,
}

/// A profession that the person exercises (`exercices`).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Exercise {
    /// `codeProfession` (`TRE_G15`, R94, R95, R291).
    pub profession_code: Option<String>,
    /// `codeCategorieProfessionnelle` (`TRE_R09`); `E` is a student.
    pub category: Option<String>,
    /// `codeCiviliteDexercice`: `DR`, `MME`.
    pub civility: Option<String>,
    /// `nomDexercice`.
    pub family_name: Option<String>,
    /// `prenomDexercice`.
    pub given_name: Option<String>,
    /// `codeTypeSavoirFaire`: `S` is a speciality.
    pub skill_type: Option<String>,
    /// `codeSavoirFaire`: `SM26`.
    pub skill_code: Option<String>,
    /// Where and how.
    pub activities: Vec<Activity>,
}

/// A place where the person exercises (`activities`).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Activity {
    /// `codeModeExercice` (`TRE_R23`).
    pub mode: Option<String>,
    /// `codeSecteurDactivite` (`TRE_R02`).
    pub sector: Option<String>,
    /// `codeSectionPharmacien` (`TRE_G05`, `TRE_R06`).
    pub pharmacist_section: Option<String>,
    /// `codeRole` (`TRE_R85`).
    pub role: Option<String>,
    /// `codeGenreActivite` (`TRE_R22`).
    pub genre: Option<String>,
    /// `numeroSiretSite`.
    pub siret: Option<String>,
    /// `numeroSirenSite`.
    pub siren: Option<String>,
    /// `numeroFinessSite`: of the geographic site.
    pub finess_site: Option<String>,
    /// `numeroFinessetablissementJuridique` (sic): of the legal entity.
    pub finess_legal: Option<String>,
    /// `identifiantTechniqueDeLaStructure`: `F` and the FINESS, or `R` and a number.
    pub structure_id: Option<String>,
    /// `raisonSocialeSite`.
    pub company_name: Option<String>,
    /// `enseigneCommercialeSite`.
    pub trade_name: Option<String>,
    /// Lines 2 to 5 of the postal address (AFNOR XP Z10-011), without the empty ones.
    pub address_lines: Vec<String>,
    /// `bureauCedex`, line 6 of the address: `75012 PARIS`.
    pub postal_line: Option<String>,
    /// `codePostal`.
    pub postal_code: Option<String>,
    /// `codeCommune` (INSEE).
    pub municipality_code: Option<String>,
    /// `codePays` (INSEE); `99000` is France.
    pub country: Option<String>,
    /// `telephone`.
    pub phone: Option<String>,
    /// `telephone2`.
    pub other_phone: Option<String>,
    /// `telecopie`.
    pub fax: Option<String>,
    /// `adresseEMail`, of the structure and not checked: good for no identification.
    pub email: Option<String>,
    /// `codeDepartement`.
    pub department: Option<String>,
    /// `ancienIdentifiantDeLaStructure`.
    pub former_structure_id: Option<String>,
    /// `autoriteDenregistrement`: `ONI/ONI/ARS`.
    pub registration_authority: Option<String>,
}

/// Why an answer is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UserInfoProblem {
    /// Not JSON.
    #[error("unreadable")]
    Unreadable,
    /// No `SubjectNameID`. `preferred_username` is no substitute: nothing says that it stays the same.
    #[error("without SubjectNameID")]
    MissingSubjectNameId,
    /// A `SubjectNameID` that is no [`NationalId`]. It is the key of an account, so it isn't mended.
    #[error("malformed SubjectNameID")]
    BadSubjectNameId,
    /// Neither a given nor a family name.
    #[error("without a name")]
    MissingName,
}

impl UserInfo {
    /// Reads the provider's answer: of a `&serde_json::Value` or any other deserializer. For bytes, deserialise a
    /// [`RawUserInfo`] and convert it. Limit the answer's size first: a great deal fits within the bounds of all parts.
    ///
    /// # Errors
    /// See [`UserInfoProblem`].
    pub fn parse<'de, D: Deserializer<'de>>(answer: D) -> Result<Self, UserInfoProblem> {
        RawUserInfo::deserialize(answer).map_err(|_| UserInfoProblem::Unreadable)?.try_into()
    }
}

// All of them name people, or structures that bear a person's name. None of that belongs into a log.
macro_rules! debug_hides {
    ($($name:ident)*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}
debug_hides!(UserInfo OtherId Exercise Activity RawUserInfo);
