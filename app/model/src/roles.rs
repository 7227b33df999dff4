//! Who may do what: the matrix of SECURITY.md, and nothing else decides.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A person's role in one establishment. A person may hold several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Pharmacist (profession 21).
    Pharmacist,
    /// Physician (profession 10).
    Physician,
    /// Nurse (profession 60).
    Nurse,
    /// Coordinator of care.
    Coordinator,
    /// Nursing assistant (profession 35, or 99 with role 313).
    NursingAssistant,
    /// Secretary.
    Secretary,
    /// Researcher.
    Researcher,
    /// Administrator of the establishment: people and settings, never contents.
    Administrator,
}

/// Something that a role allows in an establishment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Generate, list, show, extend and revoke codes.
    Codes,
    /// See the list of documents.
    ListDocuments,
    /// Open a document (which marks it seen) and download its original.
    OpenDocuments,
    /// Delete documents, hold them, shorten their retention.
    DeleteDocuments,
    /// Change the establishment's settings.
    Settings,
    /// Add people, change their roles, disable them.
    People,
    /// Read and export the audit.
    Audit,
}

impl Role {
    /// Every role, in the order in which pages list them.
    pub const ALL: [Self; 8] = [
        Self::Pharmacist,
        Self::Physician,
        Self::Nurse,
        Self::Coordinator,
        Self::NursingAssistant,
        Self::Secretary,
        Self::Researcher,
        Self::Administrator,
    ];

    /// What the role allows.
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission::{Audit, Codes, DeleteDocuments, ListDocuments, OpenDocuments, People, Settings};
        match self {
            Self::Pharmacist | Self::Physician | Self::Nurse | Self::Coordinator => {
                &[Codes, ListDocuments, OpenDocuments, DeleteDocuments]
            }
            Self::NursingAssistant | Self::Secretary => &[Codes, ListDocuments, OpenDocuments],
            Self::Researcher => &[],
            Self::Administrator => &[Settings, People, Audit],
        }
    }

    /// The name in the database, in tokens and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pharmacist => "pharmacist",
            Self::Physician => "physician",
            Self::Nurse => "nurse",
            Self::Coordinator => "coordinator",
            Self::NursingAssistant => "nursing_assistant",
            Self::Secretary => "secretary",
            Self::Researcher => "researcher",
            Self::Administrator => "administrator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(raw: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == raw).ok_or(UnknownRole)
    }
}

/// No such role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown role: one of pharmacist, physician, nurse, coordinator, nursing_assistant, secretary, researcher, administrator"
)]
pub struct UnknownRole;

/// The roles that a person holds in one establishment: no duplicates, in the listed order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Role>", into = "Vec<Role>")]
pub struct Roles(Vec<Role>);

impl From<Vec<Role>> for Roles {
    fn from(mut roles: Vec<Role>) -> Self {
        roles.sort_unstable();
        roles.dedup();
        Self(roles)
    }
}

impl From<Roles> for Vec<Role> {
    fn from(roles: Roles) -> Self {
        roles.0
    }
}

impl Roles {
    /// Reads the database's array; a name that this version doesn't know grants nothing.
    pub fn from_names<S: AsRef<str>>(names: &[S]) -> Self {
        names.iter().filter_map(|name| name.as_ref().parse().ok()).collect::<Vec<Role>>().into()
    }

    /// The names, for the database.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }

    /// The roles themselves.
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }

    /// Whether any of the roles allows it.
    pub fn allow(&self, permission: Permission) -> bool {
        self.0.iter().any(|role| role.permissions().contains(&permission))
    }

    /// Whether the person holds the role.
    pub fn hold(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// No role at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_administrator_sees_no_content_unless_also_a_carer() {
        let admin = Roles::from(vec![Role::Administrator]);
        assert!(!admin.allow(Permission::ListDocuments) && !admin.allow(Permission::OpenDocuments));
        let both = Roles::from(vec![Role::Administrator, Role::Nurse]);
        assert!(both.allow(Permission::OpenDocuments) && both.allow(Permission::People));
    }

    #[test]
    fn only_four_care_roles_delete() {
        let may: Vec<Role> = Role::ALL
            .into_iter()
            .filter(|role| role.permissions().contains(&Permission::DeleteDocuments))
            .collect();
        assert_eq!(may, [Role::Pharmacist, Role::Physician, Role::Nurse, Role::Coordinator]);
    }

    #[test]
    fn an_unknown_role_name_grants_nothing() {
        assert!(Roles::from_names(&["god"]).is_empty());
    }

    #[test]
    fn names_and_roles_correspond_one_to_one() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
    }
}
