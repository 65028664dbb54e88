//! Parsing: source text to document.
//!
//! Scan (lines, page marks, glosses) → logical lines → their roles → candidates → the reading of
//! the whole → section tree and paragraphs. Every stage is linear in the text.

use super::{
    Document, Hints, Metadata,
    find::find,
    lines::{Logical, Stops, logical_lines},
    markup,
    reading::read,
    roles::roles,
    tree::{outline, paragraphs},
};
use crate::text::Cleaning;
use crate::text::RemovedKind;
use crate::text::SourceBuilder;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::clean::scan::scan;
use std::sync::Arc;

/// How much of the source a provisional document is made of, in chars.
const PROVISIONAL_CHARS: usize = 64 * 1024;

/// Parses the whole source.
#[must_use]
pub fn parse(source: SourceText, hints: &Hints) -> Document {
    build(source, hints, true)
}

/// Parses what has come of a source so far, quickly, for the first paint. The document has the
/// whole of `source` as its text, but paragraphs and sections of its first block alone.
#[must_use]
pub fn parse_provisional(source: SourceText, hints: &Hints) -> Document {
    if source.len() <= PROVISIONAL_CHARS {
        return build(source, hints, false);
    }
    let mut head = SourceBuilder::default();
    for piece in source.pieces(Span::new(0, PROVISIONAL_CHARS)) {
        head.push_str(piece);
    }
    Document { source, ..build(head.finish(), hints, false) }
}

/// What [`parse`] tells of a source's title and date, without its sections and paragraphs: about a
/// quarter of the work.
#[must_use]
pub fn metadata(source: &SourceText, hints: &Hints) -> Metadata {
    let found = Lines::of(source, hints);
    roles(source, &found.marks, &found.logical, hints).1
}

fn build(source: SourceText, hints: &Hints, is_final: bool) -> Document {
    let Lines { mut removed, marks, stops, logical: mut lines } = Lines::of(&source, hints);
    let (roles, metadata) = roles(&source, &marks, &lines, hints);
    if hints.markdown {
        removed.append(&mut markup::heading_signs(&source, &mut lines, &roles));
    }
    let mut found = find(&source, &marks, stops, &lines, &roles);
    removed.append(&mut found.removed);
    let cleaning = Cleaning::new(removed);
    let nodes = read(&found.events);
    let outline = outline(&source, &cleaning, stops, &lines, &found, &nodes);
    let paragraphs = Arc::new(paragraphs(&lines, &roles, &found, &nodes));
    Document { source, cleaning, outline, paragraphs, metadata, is_final }
}

/// The logical lines of a text, and what was found on the way to them. What that stage alone
/// needs is gone.
struct Lines {
    /// What is taken out so far, and the cleaning it makes.
    removed: Vec<(Span, RemovedKind)>,
    marks: Cleaning,
    stops: Stops,
    logical: Vec<Logical>,
}

impl Lines {
    fn of(source: &SourceText, hints: &Hints) -> Self {
        let mut scan = scan(source);
        if hints.markdown {
            let signs = markup::emphasis(source, &scan.lines);
            scan.take_out(source, signs);
        }
        let marks = Cleaning::new(scan.removed.clone());
        let stops = Stops::of(source);
        let logical = logical_lines(source, &marks, stops, &scan);
        Self { removed: scan.removed, marks, stops, logical }
    }
}
