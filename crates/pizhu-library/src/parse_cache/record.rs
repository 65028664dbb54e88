//! A parse record: the parse result of a speech, packed.

use crate::varint::{read_varint, write_varint};
use pizhu_text::document::Document;
use pizhu_text::document::Metadata;
use pizhu_text::document::Outline;
use pizhu_text::text::CleanText;
use pizhu_text::text::Cleaning;
use pizhu_text::text::RemovedKind;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use std::sync::Arc;

/// The packed parse result of one speech: varints and length-prefixed strings.
///
/// ```
/// use pizhu_library::parse_cache::ParseRecord;
/// use pizhu_text::document::{Hints, parse};
/// use pizhu_text::text::SourceText;
///
/// let source = SourceText::from("在青禾县会议上的讲话\n同志们：\n一、抓组织工作\n工作要实。\n");
/// let document = parse(source.clone(), &Hints::default());
/// let unpacked = ParseRecord::pack(&document).unpack(source).unwrap();
/// assert_eq!(unpacked.metadata.title, document.metadata.title);
/// assert_eq!(unpacked.outline.sections().len(), document.outline.sections().len());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseRecord(pub(super) Arc<[u8]>);

impl ParseRecord {
    /// Packs the parse result of a speech.
    #[must_use]
    pub fn pack(document: &Document) -> Self {
        let mut writer = RecordWriter::default();
        writer.text(document.metadata.title.as_deref());
        writer.text(document.metadata.date.as_deref());
        writer.span(document.metadata.title_span.unwrap_or_default(), 0);
        let removed = document.cleaning.removed();
        writer.number(removed.len());
        let mut previous = 0;
        for removed in removed {
            writer.span(removed.span, previous);
            previous = removed.span.end;
        }
        let outline = &document.outline;
        writer.number(outline.sections().len());
        previous = 0;
        for (id, section) in outline.iter() {
            writer.span(section.heading, previous);
            writer.number(usize::from(section.depth));
            writer.text(outline.step(id));
            previous = section.heading.start;
        }
        Self(Arc::from(writer.0))
    }

    /// The packed bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Rebuilds the document from its text, for searching only: it has no paragraphs, and each
    /// section has only its span, heading span, depth and path. `None` if record and text do not
    /// fit.
    #[must_use]
    pub fn unpack(&self, source: SourceText) -> Option<Document> {
        let mut reader = RecordReader { bytes: &self.0, chars: source.len() };
        let title = reader.text()?.map(Arc::from);
        let date = reader.text()?.map(Arc::from);
        let title_span = reader.span(0)?;
        let mut previous = 0;
        let mut removed = Vec::new();
        for _ in 0..reader.number()? {
            let span = reader.span(previous)?;
            previous = span.end;
            removed.push((span, RemovedKind::Space));
        }
        previous = 0;
        let mut sections = Vec::new();
        for _ in 0..reader.number()? {
            let heading = reader.span(previous)?;
            previous = heading.start;
            let depth = u16::try_from(reader.number()?).ok()?;
            sections.push((depth, heading, reader.text()?.unwrap_or_default().to_owned()));
        }
        let outline = Outline::from_steps(sections, source.len());
        Some(Document {
            clean_text: CleanText { source, cleaning: Cleaning::new(removed) },
            outline,
            metadata: Metadata { title, title_span: Some(title_span).filter(|span| !span.is_empty()), date, ..Metadata::default() },
            is_final: true,
            ..Document::default()
        })
    }
}

#[derive(Default)]
struct RecordWriter(Vec<u8>);

impl RecordWriter {
    fn number(&mut self, number: usize) {
        write_varint(&mut self.0, number as u64);
    }

    /// `None` as 0, a string as its length in bytes plus one, and its bytes.
    fn text(&mut self, text: Option<&str>) {
        self.number(text.map_or(0, |text| text.len() + 1));
        self.0.extend_from_slice(text.unwrap_or_default().as_bytes());
    }

    /// A span that starts at or after `previous`, as the distance from it and the length.
    fn span(&mut self, span: Span, previous: usize) {
        self.number(span.start.saturating_sub(previous));
        self.number(span.len());
    }
}

struct RecordReader<'a> {
    bytes: &'a [u8],
    /// Length of the text in chars; a span beyond it is invalid.
    chars: usize,
}

impl<'a> RecordReader<'a> {
    fn number(&mut self) -> Option<usize> {
        usize::try_from(read_varint(&mut self.bytes)?).ok()
    }

    #[expect(clippy::option_option, reason = "a damaged string is not an absent one")]
    fn text(&mut self) -> Option<Option<&'a str>> {
        let Some(length) = self.number()?.checked_sub(1) else { return Some(None) };
        let (text, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        std::str::from_utf8(text).ok().map(Some)
    }

    fn span(&mut self, previous: usize) -> Option<Span> {
        let start = previous.checked_add(self.number()?)?;
        let end = start.checked_add(self.number()?)?;
        (end <= self.chars).then(|| Span::new(start, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find;
    use crate::find::Hits;
    use crate::find::Query;
    use crate::sample_data::sample_files;
    use crate::source;
    use pizhu_text::search::MatchMode;
    use pizhu_text::search::Matcher;
    use proptest::prelude::*;

    #[test]
    fn unpacked_documents_give_the_same_hits() {
        for (name, bytes) in sample_files() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(&name);
            std::fs::write(&path, bytes).unwrap();
            let document = source::open(&path, None).unwrap().document;
            let record = ParseRecord::pack(&document);
            assert!(record.bytes().len() * 15 < document.source.len_bytes(), "{name} {}", record.bytes().len());
            let unpacked = record.unpack(document.source.clone()).unwrap();
            assert_eq!(unpacked.metadata.title, document.metadata.title);
            for words in ["工作", "的", "一", "人"] {
                let matcher = Matcher::new(words, MatchMode::Folded).unwrap();
                for part in [find::Field::Text, find::Field::Title, find::Field::Heading] {
                    for level in [None, Some(1), Some(2)] {
                        let query = Query { field: part, level, ..Query::default() };
                        let found = |document| Hits::new(document, &matcher, &query, None).with_snippets().collect::<Vec<_>>();
                        assert_eq!(found(&unpacked), found(&document));
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn unpacking_arbitrary_bytes_is_safe(bytes in prop::collection::vec(any::<u8>(), 0..60), text in "[一、甲\n]{0,20}") {
            let source = SourceText::from(text.as_str());
            if let Some(document) = ParseRecord(Arc::from(bytes)).unpack(source) {
                for (id, section) in document.outline.iter() {
                    prop_assert!(section.span.end <= document.source.len());
                    let _ = document.outline.path(id);
                }
            }
        }
    }
}
