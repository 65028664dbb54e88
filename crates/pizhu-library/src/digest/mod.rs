//! What parsing found in a speech, packed: so much of it as searching needs.
//!
//! A speech that was parsed once is searched again without being parsed: what cleaning removes,
//! the title, the date, and the sections with their paths are kept in about a twentieth of the text's
//! size, and hold as long as the file stays as it was (see [`Stamp`]).

mod stamp;
mod store;

pub use stamp::{Stamp, StampMap};
pub use store::Digests;

use pizhu_text::document::Document;
use pizhu_text::document::Metadata;
use pizhu_text::document::Outline;
use crate::source;
use crate::source::Contents;
use crate::source::Manner;
use pizhu_text::text::Cleaning;
use pizhu_text::text::RemovedKind;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Digests that may wait in memory to be saved, some megabytes.
const UNSAVED: usize = 4096;

/// One speech, packed: numbers in seven bits a byte, texts behind their length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest(Arc<[u8]>);

impl Digest {
    /// Packs what was found in a speech.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let mut to = Writer::default();
        to.text(document.metadata.title.as_deref());
        to.text(document.metadata.date.as_deref());
        to.span(document.metadata.title_span.unwrap_or_default(), 0);
        let removed = document.cleaning.removed();
        to.number(removed.len());
        let mut before = 0;
        for removed in removed {
            to.span(removed.span, before);
            before = removed.span.end;
        }
        let outline = &document.outline;
        to.number(outline.sections().len());
        before = 0;
        for (id, section) in outline.iter() {
            to.span(section.heading, before);
            to.number(usize::from(section.depth));
            to.text(outline.step(id));
            before = section.heading.start;
        }
        Self(Arc::from(to.0))
    }

    /// The packed bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The speech of which this is the digest and `source` the text, for searching only: without
    /// paragraphs, and of each section only its place, its heading's place, its depth and its
    /// path. `None` where the two do not belong together.
    #[must_use]
    pub fn unpack(&self, source: SourceText) -> Option<Document> {
        let mut from = Reader { bytes: &self.0, chars: source.len() };
        let title = from.text()?.map(Arc::from);
        let date = from.text()?.map(Arc::from);
        let title_span = from.span(0)?;
        let mut before = 0;
        let mut removed = Vec::new();
        for _ in 0..from.number()? {
            let span = from.span(before)?;
            before = span.end;
            removed.push((span, RemovedKind::Space));
        }
        before = 0;
        let mut sections = Vec::new();
        for _ in 0..from.number()? {
            let heading = from.span(before)?;
            before = heading.start;
            let depth = u16::try_from(from.number()?).ok()?;
            sections.push((depth, heading, from.text()?.unwrap_or_default().to_owned()));
        }
        let outline = Outline::of_steps(sections, source.len());
        Some(Document {
            source,
            cleaning: Cleaning::new(removed),
            outline,
            metadata: Metadata { title, title_span: Some(title_span).filter(|span| !span.is_empty()), date, ..Metadata::default() },
            is_final: true,
            ..Document::default()
        })
    }
}

/// The speech of a file, so far as searching needs it, by its digest or else parsed, its digest
/// taken. `None` where it cannot be read or is no longer the one of that stamp.
#[must_use]
pub fn read(path: &Path, stamp: Stamp, digests: &Digests) -> Option<Document> {
    match source::read_where(path, Manner::default(), |_| true).ok()?? {
        Contents::Speech(speech) => {
            let same = fs::metadata(path).is_ok_and(|metadata| Stamp::of(path, &metadata) == stamp);
            if same && !digests.has(stamp) {
                digests.add(stamp, Digest::of(&speech.document));
            }
            same.then(|| (*speech.document).clone())
        }
        Contents::Text(text) => {
            if Stamp::of(path, &text.metadata) != stamp {
                return None;
            }
            digests.get(stamp).and_then(|digest| digest.unpack(text.source().clone())).or_else(|| {
                let document = (*text.parse().document).clone();
                digests.add(stamp, Digest::of(&document));
                Some(document)
            })
        }
    }
}

/// Takes the digests of those of `files` that have none, so that the first search need not. Those
/// of long files are left to that: they take long each. They are saved every now and then, as they
/// take memory until they are. `go_on` is asked before each file.
pub fn complete(files: &[(PathBuf, Stamp)], digests: &Digests, mut go_on: impl FnMut() -> bool) {
    let mut can_save = true;
    for (path, stamp) in files.iter().filter(|(_, stamp)| !digests.has(*stamp)) {
        if !go_on() {
            return;
        }
        if fs::metadata(path).is_ok_and(|metadata| metadata.len() < source::FIRST_BYTES) {
            let _ = read(path, *stamp, digests);
        }
        if can_save && digests.unsaved() >= UNSAVED {
            can_save = digests.save(None).is_ok();
        }
    }
}

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, mut number: usize) {
        while number > 0x7F {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// None as 0, a text as its length in bytes and one.
    fn text(&mut self, text: Option<&str>) {
        self.number(text.map_or(0, |text| text.len() + 1));
        self.0.extend_from_slice(text.unwrap_or_default().as_bytes());
    }

    /// A span that begins at or behind `before`.
    fn span(&mut self, span: Span, before: usize) {
        self.number(span.start.saturating_sub(before));
        self.number(span.len());
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    /// No span reaches beyond these.
    chars: usize,
}

impl<'a> Reader<'a> {
    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..usize::BITS).step_by(7) {
            let (byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            number |= usize::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    #[expect(clippy::option_option, reason = "what is spoiled is told from what is none")]
    fn text(&mut self) -> Option<Option<&'a str>> {
        let Some(length) = self.number()?.checked_sub(1) else { return Some(None) };
        let (text, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        std::str::from_utf8(text).ok().map(Some)
    }

    fn span(&mut self, before: usize) -> Option<Span> {
        let start = before.checked_add(self.number()?)?;
        let end = start.checked_add(self.number()?)?;
        (end <= self.chars).then(|| Span::new(start, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find;
    use crate::find::Hits;
    use crate::find::Question;
    use crate::sample_data::sample_files;
    use pizhu_text::search::Matcher;
    use pizhu_text::search::Mode;
    use crate::source;
    use proptest::prelude::*;

    #[test]
    fn what_is_unpacked_is_searched_as_what_was_parsed() {
        for (name, bytes) in sample_files() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(&name);
            std::fs::write(&path, bytes).unwrap();
            let document = source::open(&path, None).unwrap().document;
            let digest = Digest::of(&document);
            assert!(digest.bytes().len() * 15 < document.source.len_bytes(), "{name} {}", digest.bytes().len());
            let unpacked = digest.unpack(document.source.clone()).unwrap();
            assert_eq!(unpacked.metadata.title, document.metadata.title);
            for words in ["工作", "的", "一", "人"] {
                let matcher = Matcher::new(words, Mode::Folded).unwrap();
                for part in [find::Part::Text, find::Part::Title, find::Part::Heading] {
                    for level in [None, Some(1), Some(2)] {
                        let question = Question { part, level, ..Question::default() };
                        let found = |document| Hits::of(document, &matcher, &question, None).described().collect::<Vec<_>>();
                        assert_eq!(found(&unpacked), found(&document));
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn what_was_not_packed_is_refused_or_unpacked_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..60), text in "[一、甲\n]{0,20}") {
            let source = SourceText::from(text.as_str());
            if let Some(document) = Digest(Arc::from(bytes)).unpack(source) {
                for (id, section) in document.outline.iter() {
                    prop_assert!(section.span.end <= document.source.len());
                    let _ = document.outline.path(id);
                }
            }
        }
    }
}
