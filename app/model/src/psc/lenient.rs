//! Reading JSON in which any value may be of any type: what fits is kept and bounded, the rest is passed over.
//!
//! Only broken JSON is an error. A name that comes twice counts where it comes last, as in `serde_json::Value`.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// Most characters (Unicode scalar values) kept of a text.
pub const MAX_CHARACTERS: usize = 256;

/// Most elements kept of an array.
pub const MAX_ITEMS: usize = 50;

/// Whatever is deserialised, read as a `T`.
pub(super) struct Any<T>(pub T);

/// What can be read from anything: the default where nothing fits.
pub(super) trait Lenient: Default {
    /// From a text or an integer.
    fn of_text(_text: &str) -> Self {
        Self::default()
    }
    /// From a truth value or a number with a fraction.
    fn of_inexact(text: &str) -> Self {
        Self::of_text(text)
    }
    /// From an object.
    fn of_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        pass_over(map)?;
        Ok(Self::default())
    }
    /// From an array.
    fn of_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
}

/// Something that stands alone or in an array; `None` where nothing usable is there.
pub(super) trait Item: Sized {
    /// As [`Lenient::of_text`].
    fn of_text(_text: &str) -> Option<Self> {
        None
    }
    /// As [`Lenient::of_inexact`].
    fn of_inexact(text: &str) -> Option<Self> {
        Self::of_text(text)
    }
    /// As [`Lenient::of_map`].
    fn of_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        pass_over(map)?;
        Ok(None)
    }
}

/// An object whose fields are taken one by one.
pub(super) trait Object: Default {
    /// Takes or passes over the value of `name`, which is next in `map`.
    fn take<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error>;
}

/// Reads an object's fields.
pub(super) fn object<'de, T: Object, A: MapAccess<'de>>(mut map: A) -> Result<T, A::Error> {
    let mut object = T::default();
    while let Some(name) = map.next_key::<String>()? {
        object.take(&name, &mut map)?;
    }
    Ok(object)
}

/// Implements [`Object`]: the provider's names, and where their values go.
macro_rules! fields {
    ($type:ty { $($name:literal => $($field:ident).+,)* }) => {
        impl $crate::psc::lenient::Object for $type {
            fn take<'de, A: serde::de::MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
                match name {
                    $($name => self.$($field).+ = map.next_value::<$crate::psc::lenient::Any<_>>()?.0,)*
                    _ => {
                        map.next_value::<serde::de::IgnoredAny>()?;
                    }
                }
                Ok(())
            }
        }
    };
}
pub(super) use fields;

fn pass_over<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

/// A text in one line, trimmed and bounded, without control characters and bidirectional overrides (Unicode TR36).
/// Cleaning twice changes nothing.
pub(super) fn clean(raw: &str) -> String {
    let visible = raw.chars().filter_map(|c| match c {
        '\t' | '\n' | '\r' => Some(' '),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' => None,
        c => (!c.is_control()).then_some(c),
    });
    let bounded: String = visible.skip_while(|c| c.is_whitespace()).take(MAX_CHARACTERS).collect();
    bounded.trim_end().to_owned()
}

impl Lenient for String {
    fn of_text(text: &str) -> Self {
        clean(text)
    }
}

impl Item for String {
    fn of_text(text: &str) -> Option<Self> {
        Some(clean(text)).filter(|text| !text.is_empty())
    }
}

impl<T: Item> Lenient for Option<T> {
    fn of_text(text: &str) -> Self {
        T::of_text(text)
    }
    fn of_inexact(text: &str) -> Self {
        T::of_inexact(text)
    }
    fn of_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        T::of_map(map)
    }
}

// A single thing stands for an array of it.
impl<T: Item> Lenient for Vec<T> {
    fn of_text(text: &str) -> Self {
        T::of_text(text).into_iter().collect()
    }
    fn of_inexact(text: &str) -> Self {
        T::of_inexact(text).into_iter().collect()
    }
    fn of_map<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        Ok(T::of_map(map)?.into_iter().collect())
    }
    fn of_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        let mut kept = Self::new();
        while kept.len() < MAX_ITEMS {
            match seq.next_element::<Any<Option<T>>>()? {
                Some(Any(item)) => kept.extend(item),
                None => return Ok(kept),
            }
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(kept)
    }
}

impl<'de, T: Lenient> Deserialize<'de> for Any<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Read(PhantomData)).map(Self)
    }
}

struct Read<T>(PhantomData<T>);

impl<'de, T: Lenient> Visitor<'de> for Read<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::default())
    }
    fn visit_bool<E>(self, value: bool) -> Result<T, E> {
        Ok(T::of_inexact(if value { "true" } else { "false" }))
    }
    fn visit_i64<E>(self, value: i64) -> Result<T, E> {
        Ok(T::of_text(&value.to_string()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<T, E> {
        Ok(T::of_text(&value.to_string()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<T, E> {
        Ok(T::of_inexact(&value.to_string()))
    }
    fn visit_str<E>(self, value: &str) -> Result<T, E> {
        Ok(T::of_text(value))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<T, A::Error> {
        T::of_seq(seq)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::of_map(map)
    }
}
