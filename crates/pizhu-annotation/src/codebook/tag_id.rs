//! The identity of a tag.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// Digits of an id: Crockford's base 32, which has no i, l, o and u.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Number of digits.
const LENGTH: usize = 10;
/// Bits of a digit.
const DIGIT_BITS: u32 = 5;
/// Context in which names are hashed.
const NAME_CONTEXT: &str = "pizhu 2026 tag id of a name";

/// The permanent id of a tag: 50 bits, written as ten characters.
///
/// A new tag gets a random id. The ids of tags that were known by their name only (of the first
/// version of the store, of the starter codebook) are derived from the name, so that they are the
/// same on every machine.
///
/// ```
/// use pizhu_annotation::TagId;
///
/// assert_eq!(TagId::from_name("人才工作"), TagId::from_name("人才工作"));
/// assert_ne!(TagId::new(), TagId::new());
/// let id = TagId::new();
/// assert_eq!(id.to_string().parse(), Ok(id));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TagId(u64);

/// The text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a tag: {0:?}")]
pub struct TagIdError(String);

impl TagId {
    /// Creates a new random id.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "each is another one")]
    pub fn new() -> Self {
        Self::from_hash(&blake3::hash(Uuid::now_v7().as_bytes()))
    }

    /// The id derived from a name.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key(NAME_CONTEXT);
        hasher.update(name.as_bytes());
        Self::from_hash(&hasher.finalize())
    }

    fn from_hash(hash: &blake3::Hash) -> Self {
        let bytes = hash.as_bytes().iter().take(8).fold(0, |bits: u64, byte| (bits << 8) | u64::from(*byte));
        Self(bytes >> (u64::BITS - DIGIT_BITS * LENGTH as u32))
    }

    /// The id as a UUID, for formats that want one; [`Self::from_uuid`] gives the id back.
    #[must_use]
    pub fn uuid(self) -> Uuid {
        Uuid::from_u64_pair(UUID_HIGH, UUID_LOW | self.0)
    }

    /// The id that [`Self::uuid`] made the UUID of; of another UUID, one derived from it.
    #[must_use]
    pub fn from_uuid(uuid: Uuid) -> Self {
        let (high, low) = uuid.as_u64_pair();
        if high == UUID_HIGH && low & !ID_MASK == UUID_LOW { Self(low & ID_MASK) } else { Self::from_name(&uuid.hyphenated().to_string()) }
    }
}

/// The bits of a UUID that hold an id.
const ID_MASK: u64 = (1 << (DIGIT_BITS * LENGTH as u32)) - 1;
/// The other bits of the UUID of an id: of version 8, whose content is the program's own.
const UUID_HIGH: u64 = 0x7069_7a68_7574_8a67;
const UUID_LOW: u64 = 0x8000_0000_0000_0000;

impl fmt::Display for TagId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = (0..LENGTH as u32)
            .rev()
            .map(|at| char::from(DIGITS.get((self.0 >> (at * DIGIT_BITS)) as usize & 31).copied().unwrap_or(b'0')))
            .collect();
        f.pad(&text)
    }
}

impl fmt::Debug for TagId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for TagId {
    type Err = TagIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digit = |byte: u8| DIGITS.iter().position(|digit| *digit == byte.to_ascii_lowercase());
        let bits = text.bytes().try_fold(0_u64, |bits, byte| Some((bits << DIGIT_BITS) | digit(byte)? as u64));
        match bits {
            Some(bits) if text.len() == LENGTH => Ok(Self(bits)),
            _ => Err(TagIdError(text.to_owned())),
        }
    }
}

impl Serialize for TagId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TagId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdVisitor;
        impl de::Visitor<'_> for IdVisitor {
            type Value = TagId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the id of a tag")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<TagId, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(IdVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ten_characters_and_survive_text_and_uuids() {
        for id in (0..1000).map(|_| TagId::new()).chain([TagId(0), TagId(ID_MASK), TagId::from_name("人才工作")]) {
            let text = id.to_string();
            assert_eq!(text.len(), LENGTH);
            assert_eq!(text.parse(), Ok(id));
            assert_eq!(text.to_uppercase().parse(), Ok(id));
            assert_eq!(TagId::from_uuid(id.uuid()), id);
            assert_eq!(id.uuid().get_version_num(), 8);
        }
        let strange = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"a code of another program");
        assert_eq!(TagId::from_uuid(strange), TagId::from_uuid(strange));
    }

    /// The ids of names are in everybody's stores: they must never change.
    #[test]
    fn ids_of_names_are_fixed() {
        assert_eq!(TagId::from_name("人才工作").to_string(), "1732cm639x");
    }

    #[test]
    fn malformed_tag_ids_are_rejected() {
        for text in ["", "123456789", "12345678901", "123456789u", "一二三四五六七八九十"] {
            assert!(text.parse::<TagId>().is_err(), "{text}");
        }
    }
}
