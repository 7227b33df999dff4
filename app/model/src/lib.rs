//! Types that the browser and the server both speak: ids, values that validate by parsing, what goes in, what comes out.
//!
//! Nothing here does I/O, reads a clock or knows a database: the same checks run in a form on a phone and
//! behind the server function that receives it. A value that exists is a value that is right.

pub mod account;
pub mod audit;
pub mod codes;
pub mod documents;
pub mod establishments;
pub mod factors;
pub mod identifiers;
pub mod identity;
pub mod ids;
pub mod list;
pub mod members;
pub mod number;
pub mod professions;
pub mod psc;
pub mod psc_only;
pub mod registration;
pub mod roles;
pub mod sessions;
pub mod statistics;
pub mod text;
pub mod time;

/// Implements serde through a type's `FromStr` and `AsRef<str>`, so that a bad value can't be deserialised.
macro_rules! serde_by_parsing {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_ref())
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = String::deserialize(deserializer)?;
                raw.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_by_parsing;
