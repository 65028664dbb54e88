//! The identity of a speech: a hash of its letters and digits.
//!
//! The text is normalized to NFKC and everything but letters and digits is left out, so that the
//! same speech in another encoding, width, line layout or punctuation has the same identity. Text
//! that cleaning removes is included: the identity must not change when cleaning improves.

use pizhu_text::text::CjkSet;
use pizhu_text::text::SourceText;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use unicode_normalization::UnicodeNormalization as _;

/// The identity of a speech: the first 128 bits of BLAKE3 over its letters and digits.
///
/// ```
/// use pizhu_annotation::SpeechHash;
/// use pizhu_text::text::SourceText;
///
/// let hash = SpeechHash::from_text(&SourceText::from("一、加强２０２４年的工作。"));
/// assert_eq!(hash, SpeechHash::from_text(&SourceText::from("一、加强2024年\n的工作")));
/// assert_eq!(hash.to_string().len(), 32);
/// assert_eq!(hash.to_string().parse(), Ok(hash));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpeechHash([u8; 16]);

/// A text that is not a speech hash of 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a speech's hash: {0:?}")]
pub struct HashError(String);

impl SpeechHash {
    /// Hashes a text. Takes time proportional to its length (about a second for some hundred MB),
    /// so not for the drawing thread.
    #[must_use]
    pub fn from_text(source: &SourceText) -> Self {
        let mut hasher = NormalizingHasher::default();
        for chunk in source.chunks() {
            hasher.push_str(chunk.text());
        }
        hasher.finish()
    }
}

impl SpeechHash {
    /// Whether this is the hash of texts without a letter or digit: empty files are no copies of each
    /// other.
    #[must_use]
    pub fn is_of_no_letters(self) -> bool {
        self == NormalizingHasher::default().finish()
    }
}

/// Ideographs, the bulk of most texts, which are consumed in runs.
static IDEOGRAPHS: CjkSet = CjkSet::ideographs_except(&[]);

/// Whether NFKC leaves the char unchanged, whatever precedes it.
fn is_plain(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}')
}

/// Whether the char is Chinese punctuation that NFKC never turns into a letter or digit, nor
/// composes across.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '‘' | '’' | '“' | '”' | '—' | '！' | '（' | '）' | '，' | '：' | '；' | '？')
}

/// Hashes a text while normalizing it piece by piece.
#[derive(Default)]
struct NormalizingHasher {
    hasher: blake3::Hasher,
    /// Letters and digits not yet hashed.
    bytes: String,
    /// The last plain char, which a combining mark may follow.
    last: Option<char>,
    /// Pending chars that NFKC may change, starting with the plain one before them.
    pending: String,
}

impl NormalizingHasher {
    fn push_str(&mut self, text: &str) {
        let mut rest = text;
        loop {
            let (run, tail) = IDEOGRAPHS.split_prefix(rest);
            if let Some((before, last)) = run.char_indices().next_back() {
                self.flush_pending();
                self.bytes.push_str(run.get(..before).unwrap_or_default());
                self.last = Some(last);
            }
            let mut chars = tail.chars();
            let Some(c) = chars.next() else { break };
            rest = chars.as_str();
            if is_plain(c) {
                self.flush_pending();
                self.last = Some(c);
            } else if is_mark(c) {
                self.flush_pending();
            } else {
                self.pending.extend(self.last.take());
                self.pending.push(c);
            }
        }
        self.hash_bytes();
    }

    /// Flushes the pending chars: a plain char follows, so they cannot change any more.
    fn flush_pending(&mut self) {
        if let Some(last) = self.last.take() {
            // The plain chars beyond ASCII are all letters.
            if last.is_ascii_alphanumeric() || !last.is_ascii() {
                self.bytes.push(last);
            }
        } else if !self.pending.is_empty() {
            self.bytes.extend(self.pending.nfkc().filter(|c| c.is_alphanumeric()));
            self.pending.clear();
        }
    }

    fn hash_bytes(&mut self) {
        self.hasher.update(self.bytes.as_bytes());
        self.bytes.clear();
    }

    fn finish(mut self) -> SpeechHash {
        self.flush_pending();
        self.hash_bytes();
        let mut short = [0; 16];
        self.hasher.finalize_xof().fill(&mut short);
        SpeechHash(short)
    }
}

impl fmt::Display for SpeechHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for SpeechHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SpeechHash({self})")
    }
}

impl FromStr for SpeechHash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        let number = u128::from_str_radix(text, 16).ok().filter(|_| text.len() == 32 && !text.starts_with('+'));
        number.map(|number| Self(number.to_be_bytes())).ok_or_else(|| HashError(text.to_owned()))
    }
}

impl Serialize for SpeechHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SpeechHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hash(text: &str) -> SpeechHash {
        SpeechHash::from_text(&SourceText::from(text))
    }

    #[test]
    fn layout_width_and_punctuation_do_not_change_the_hash() {
        let speech = hash("一、加强２０２４年的工作。\n大家好，ＡＢ é");
        assert_eq!(speech, hash("　一、加强2024年\n的工作.\n大家好AB e\u{301}"));
        assert_ne!(speech, hash("一、加强2025年的工作。\n大家好，AB é"));
        assert_ne!(hash("ab"), hash("Ab"), "case is significant");
        assert_eq!(speech.to_string().parse(), Ok(speech));
        assert!("+123".parse::<SpeechHash>().is_err());
    }

    proptest! {
        #[test]
        fn piecewise_hash_equals_the_hash_of_the_whole_normalized_text(text in "[a-cA0 工作、，“—é①\u{301}\u{1100}-\u{1120}\u{1161}-\u{1175}\u{11A8}-\u{11C2}か\u{3099}ﾊﾟｶ\u{FF9E} \n２]{0,40}") {
            let letters: String = text.nfkc().filter(|c| c.is_alphanumeric()).collect();
            let mut short = [0; 16];
            blake3::Hasher::new().update(letters.as_bytes()).finalize_xof().fill(&mut short);
            prop_assert_eq!(hash(&text), SpeechHash(short));
        }
    }
}
