//! Numbers with limits: a value outside them cannot exist.

/// A number was outside its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must lie between {min} and {max}")]
pub struct OutOfRange {
    /// Smallest accepted.
    pub min: u32,
    /// Largest accepted.
    pub max: u32,
}

macro_rules! bounded {
    ($($(#[$doc:meta])* $name:ident: $min:literal ..= $max:literal, default $default:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "u32", into = "u32")]
        pub struct $name(u32);

        impl $name {
            /// Smallest accepted.
            pub const MIN: u32 = $min;
            /// Largest accepted.
            pub const MAX: u32 = $max;
            /// The number.
            pub const fn get(self) -> u32 {
                self.0
            }
        }
        impl Default for $name {
            fn default() -> Self {
                Self($default)
            }
        }
        impl TryFrom<u32> for $name {
            type Error = crate::number::OutOfRange;
            fn try_from(n: u32) -> Result<Self, crate::number::OutOfRange> {
                if ($min..=$max).contains(&n) { Ok(Self(n)) } else { Err(crate::number::OutOfRange { min: $min, max: $max }) }
            }
        }
        impl std::str::FromStr for $name {
            type Err = crate::number::OutOfRange;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let outside = crate::number::OutOfRange { min: $min, max: $max };
                text.trim().parse::<u32>().map_err(|_| outside).and_then(Self::try_from)
            }
        }
        impl From<$name> for u32 {
            fn from(n: $name) -> u32 {
                n.0
            }
        }
    )*};
}
pub(crate) use bounded;
