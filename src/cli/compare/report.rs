//! A comparison as JSON.

use crate::app::compare::ComparedSpeeches;
use pizhu_library::compare::{ComparedSection, SectionSide};
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use serde::Serialize;
use std::borrow::Cow;

/// The comparison in JSON.
#[derive(Serialize)]
pub(super) struct CompareReport<'a> {
    version: u32,
    a: ComparedSpeech<'a>,
    b: ComparedSpeech<'a>,
    sections: Vec<ComparedSectionReport<'a>>,
    moves: Vec<SpanPair>,
}

/// One of the two speeches.
#[derive(Serialize)]
struct ComparedSpeech<'a> {
    document: Cow<'a, str>,
    title: Option<&'a str>,
    date: Option<&'a str>,
    /// The share of its letters that the other has.
    kept: f64,
}

/// A section, and what it has become.
#[derive(Serialize)]
struct ComparedSectionReport<'a> {
    /// Path in the first speech, null if only the second has it, empty for what stands before the first
    /// section.
    a: Option<String>,
    b: Option<String>,
    state: &'static str,
    similarity: f64,
    a_title: Option<&'a str>,
    b_title: Option<&'a str>,
    /// Its own text: up to the next heading.
    a_span: Option<Span>,
    b_span: Option<Span>,
    /// The share of it, with all below it, that the other speech has.
    a_kept: Option<f64>,
    b_kept: Option<f64>,
    changes: Vec<SpanPair>,
}

/// A section as a record of JSON lines.
#[derive(Serialize)]
pub(super) struct ComparedSectionRecord<'a> {
    a_document: Cow<'a, str>,
    b_document: Cow<'a, str>,
    a: Option<String>,
    b: Option<String>,
    state: &'static str,
    similarity: f64,
    a_title: Option<&'a str>,
    b_title: Option<&'a str>,
    a_start: Option<usize>,
    a_end: Option<usize>,
    b_start: Option<usize>,
    b_end: Option<usize>,
    a_kept: Option<f64>,
    b_kept: Option<f64>,
    changes: Vec<SpanPair>,
}

/// A stretch of either source.
#[derive(Serialize)]
struct SpanPair {
    a: Span,
    b: Span,
}

impl From<[Span; 2]> for SpanPair {
    fn from([a, b]: [Span; 2]) -> Self {
        Self { a, b }
    }
}

pub(super) fn report(compared: &ComparedSpeeches) -> CompareReport<'_> {
    let speech = |side: usize| ComparedSpeech {
        document: compared.paths[side].to_string_lossy(),
        title: compared.documents[side].metadata.title.as_deref(),
        date: compared.documents[side].metadata.date.as_deref(),
        kept: rounded(compared.comparison.kept[side]),
    };
    CompareReport {
        version: 1,
        a: speech(0),
        b: speech(1),
        sections: compared.comparison.sections.iter().map(|section| section_report(compared, section)).collect(),
        moves: compared.comparison.moves.iter().copied().map(SpanPair::from).collect(),
    }
}

pub(super) fn records(compared: &ComparedSpeeches) -> impl Iterator<Item = ComparedSectionRecord<'_>> {
    compared.comparison.sections.iter().map(|section| {
        let ComparedSectionReport { a, b, state, similarity, a_title, b_title, a_span, b_span, a_kept, b_kept, changes } =
            section_report(compared, section);
        ComparedSectionRecord {
            a_document: compared.paths[0].to_string_lossy(),
            b_document: compared.paths[1].to_string_lossy(),
            a,
            b,
            state,
            similarity,
            a_title,
            b_title,
            a_start: a_span.map(|span| span.start),
            a_end: a_span.map(|span| span.end),
            b_start: b_span.map(|span| span.start),
            b_end: b_span.map(|span| span.end),
            a_kept,
            b_kept,
            changes,
        }
    })
}

fn section_report<'a>(compared: &'a ComparedSpeeches, section: &ComparedSection) -> ComparedSectionReport<'a> {
    let side = |index: usize| section.sides[index].as_ref();
    let [one, other] = [0, 1].map(|index: usize| compared.documents[index].as_ref());
    ComparedSectionReport {
        a: side(0).map(|side| path(one, side)),
        b: side(1).map(|side| path(other, side)),
        state: section.state.name(),
        similarity: rounded(section.similarity),
        a_title: side(0).map(|side| title(one, side)),
        b_title: side(1).map(|side| title(other, side)),
        a_span: side(0).map(|side| side.span),
        b_span: side(1).map(|side| side.span),
        a_kept: side(0).map(|side| rounded(side.kept)),
        b_kept: side(1).map(|side| rounded(side.kept)),
        changes: section.changes.iter().copied().map(SpanPair::from).collect(),
    }
}

/// The path of a section; empty for what stands before the first.
pub(super) fn path(document: &Document, side: &SectionSide) -> String {
    side.id.map(|id| document.outline.path_text(id)).unwrap_or_default()
}

/// The title of a section, restored if it is damaged; empty for what stands before the first.
pub(super) fn title<'a>(document: &'a Document, side: &SectionSide) -> &'a str {
    side.id.and_then(|id| document.outline.get(id)).map(|section| section.display_title()).unwrap_or_default()
}

fn rounded(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}
