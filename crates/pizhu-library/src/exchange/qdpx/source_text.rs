//! The text of a source in a project, and what positions in it mean.

use pizhu_annotation::SpeechHash;
use pizhu_text::text::{SourceText, decode};
use std::sync::Arc;

/// A source of a project: its text, held once, and the hash of it. Cheap to clone.
#[derive(Clone)]
pub(super) struct ProjectSource {
    pub(super) hash: SpeechHash,
    pub(super) text: SourceText,
    /// Where the file has a carriage return before a line feed, which the text has not, in chars of the file.
    carriage_returns: Arc<Vec<usize>>,
}

impl ProjectSource {
    pub(super) fn decode(bytes: &[u8]) -> Self {
        let text = decode::decode(bytes, None).source;
        let carriage_returns = std::str::from_utf8(bytes).map(carriage_returns).unwrap_or_default();
        Self { hash: SpeechHash::from_text(&text), text, carriage_returns: Arc::new(carriage_returns) }
    }

    /// The position in the text of a position that a program gives: all but ATLAS.ti count both characters
    /// of a line end, where the file has two.
    pub(super) fn position(&self, given: usize, is_atlas: bool) -> usize {
        if is_atlas { given } else { given - self.carriage_returns.partition_point(|at| *at < given) }
    }
}

fn carriage_returns(text: &str) -> Vec<usize> {
    if !text.contains("\r\n") {
        return Vec::new();
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let next = text.chars().skip(1).map(Some).chain(std::iter::once(None));
    let pairs = text.chars().zip(next).enumerate();
    pairs.filter(|(_, (c, next))| *c == '\r' && *next == Some('\n')).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::text::Span;

    #[test]
    fn line_ends_of_two_characters_count_twice_but_for_atlas() {
        let source = ProjectSource::decode("\u{FEFF}一甲\r\n二乙\r\n三丙".as_bytes());
        let at = |given, is_atlas| {
            source.text.slice(Span::new(source.position(given, is_atlas), source.position(given + 2, is_atlas))).into_owned()
        };
        assert_eq!([at(0, false), at(4, false), at(8, false)], ["一甲", "二乙", "三丙"]);
        assert_eq!([at(3, true), at(6, true)], ["二乙", "三丙"]);
        let plain = ProjectSource::decode("一\n二".as_bytes());
        assert_eq!(plain.position(2, false), 2);
    }
}
