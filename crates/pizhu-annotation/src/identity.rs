//! Which speech a text is: the hash of its letters and digits.
//!
//! The text is normalised by NFKC first and everything but letters and digits left out, so that
//! the same speech in another encoding, width, line layout or punctuation is the same. What
//! cleaning takes out is kept in: the identity must not change when cleaning improves.

use pizhu_text::text::PlainSet;
use pizhu_text::text::SourceText;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use unicode_normalization::UnicodeNormalization as _;

/// The identity of a speech: the first 128 bits of BLAKE3 over its letters and digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpeechHash([u8; 16]);

/// Not the 32 hexadecimal digits of a speech's hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a speech's hash: {0:?}")]
pub struct HashError(String);

impl SpeechHash {
    /// The hash of a text. Takes time in proportion to the text (a second for some hundred MB):
    /// not for the drawing thread.
    #[must_use]
    pub fn of(source: &SourceText) -> Self {
        let mut sink = Sink::default();
        for chunk in source.chunks() {
            sink.push_str(chunk.text());
        }
        sink.finish()
    }
}

/// The letters that most texts are made of: they are taken by runs.
static IDEOGRAPHS: PlainSet = PlainSet::ideographs_but(&[]);

/// Whether NFKC leaves the char alone whatever stands before it.
fn is_plain(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}')
}

/// Whether the char is a mark of Chinese punctuation: NFKC makes no letter or digit of it, and
/// composes nothing across it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '‘' | '’' | '“' | '”' | '—' | '！' | '（' | '）' | '，' | '：' | '；' | '？')
}

#[derive(Default)]
struct Sink {
    hasher: blake3::Hasher,
    /// Letters and digits not hashed yet.
    bytes: String,
    /// The last plain char: a combining mark may follow it.
    last: Option<char>,
    /// Chars that NFKC may change, from the plain one before them on.
    held: String,
}

impl Sink {
    fn push_str(&mut self, text: &str) {
        let mut rest = text;
        loop {
            let (run, behind) = IDEOGRAPHS.split(rest);
            if let Some((before, last)) = run.char_indices().next_back() {
                self.release();
                self.bytes.push_str(run.get(..before).unwrap_or_default());
                self.last = Some(last);
            }
            let mut chars = behind.chars();
            let Some(c) = chars.next() else { break };
            rest = chars.as_str();
            if is_plain(c) {
                self.release();
                self.last = Some(c);
            } else if is_mark(c) {
                self.release();
            } else {
                self.held.extend(self.last.take());
                self.held.push(c);
            }
        }
        self.hash_bytes();
    }

    /// Takes over what is held: a plain char follows, so nothing in it can change any more.
    fn release(&mut self) {
        if let Some(last) = self.last.take() {
            // Of the plain chars, those beyond ASCII are all letters.
            if last.is_ascii_alphanumeric() || !last.is_ascii() {
                self.bytes.push(last);
            }
        } else if !self.held.is_empty() {
            self.bytes.extend(self.held.nfkc().filter(|c| c.is_alphanumeric()));
            self.held.clear();
        }
    }

    fn hash_bytes(&mut self) {
        self.hasher.update(self.bytes.as_bytes());
        self.bytes.clear();
    }

    fn finish(mut self) -> SpeechHash {
        self.release();
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
        SpeechHash::of(&SourceText::from(text))
    }

    #[test]
    fn layout_width_and_punctuation_are_not_the_speech() {
        let speech = hash("一、加强２０２４年的工作。\n大家好，ＡＢ é");
        assert_eq!(speech, hash("　一、加强2024年\n的工作.\n大家好AB e\u{301}"));
        assert_ne!(speech, hash("一、加强2025年的工作。\n大家好，AB é"));
        assert_ne!(hash("ab"), hash("Ab"), "case is the speech's own");
        assert_eq!(speech.to_string().parse(), Ok(speech));
        assert!("+123".parse::<SpeechHash>().is_err());
    }

    proptest! {
        #[test]
        fn it_is_the_hash_of_the_whole_text_normalised_at_once(text in "[a-cA0 工作、，“—é①\u{301}\u{1100}-\u{1120}\u{1161}-\u{1175}\u{11A8}-\u{11C2}か\u{3099}ﾊﾟｶ\u{FF9E} \n２]{0,40}") {
            let letters: String = text.nfkc().filter(|c| c.is_alphanumeric()).collect();
            let mut short = [0; 16];
            blake3::Hasher::new().update(letters.as_bytes()).finalize_xof().fill(&mut short);
            prop_assert_eq!(hash(&text), SpeechHash(short));
        }
    }
}
