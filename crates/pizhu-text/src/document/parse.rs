//! Parsing: source text to document.
//!
//! Scan (physical lines, page marks, glosses) → logical lines → line roles → ordinal candidates →
//! outline decoder → section tree and paragraphs. Every stage is linear in the length of the text.

use super::{
    Document, Hints, Metadata, candidate_context,
    candidate_scanner::{OutlineToken, scan_candidates},
    lines::{LogicalLine, logical_lines},
    markup,
    outline_decoder::decode_outline,
    punctuation::SentenceEnders,
    roles::assign_roles,
    tree::{build_outline, build_paragraphs},
};
use crate::text::CleanText;
use crate::text::Cleaning;
use crate::text::RemovedKind;
use crate::text::SourceBuilder;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::clean::scan::{scan, scan_paragraphs};
use std::sync::Arc;

/// Length of the first block, which a provisional document is parsed from, in chars.
const PROVISIONAL_CHARS: usize = 64 * 1024;

/// Parses the whole source.
///
/// ```
/// use pizhu_text::document::{Hints, OrdinalKind, parse};
/// use pizhu_text::text::SourceText;
///
/// let text = "在青禾县会议上的讲话\n\n同志们：\n\n一、总体要求\n\n要稳。\n\n二、保障措施\n\n要实。\n";
/// let document = parse(SourceText::from(text), &Hints::default());
/// let titles: Vec<&str> = document.outline.sections().iter().map(|section| section.title_text).collect();
/// assert_eq!(titles, ["总体要求", "保障措施"]);
/// let last = document.outline.sections().get(1).unwrap();
/// assert_eq!((last.kind, last.number), (OrdinalKind::HanEnumComma, 2));
/// assert!(document.is_final);
/// ```
#[must_use]
pub fn parse(source: SourceText, hints: &Hints) -> Document {
    build(source, hints, true)
}

/// Parses the first block of a source that is still being loaded, for the first paint. The
/// document holds all of `source`, but paragraphs and sections of the first 64 Ki chars only.
///
/// ```
/// use pizhu_text::document::{Hints, parse_provisional};
/// use pizhu_text::text::SourceText;
///
/// let document = parse_provisional(SourceText::from("同志们：\n\n一、总体要求\n\n要稳。\n"), &Hints::default());
/// assert!(!document.is_final);
/// ```
#[must_use]
pub fn parse_provisional(source: SourceText, hints: &Hints) -> Document {
    if source.len() <= PROVISIONAL_CHARS {
        return build(source, hints, false);
    }
    let mut head = SourceBuilder::default();
    for piece in source.pieces(Span::new(0, PROVISIONAL_CHARS)) {
        head.push_str(piece);
    }
    {
        let mut document = build(head.finish(), hints, false);
        document.clean_text.source = source;
        document
    }
}

/// Parses title, date and boilerplate only, for about a quarter of the cost of [`parse`]. The
/// result equals [`Document::metadata`].
///
/// ```
/// use pizhu_text::document::{Hints, parse_metadata};
/// use pizhu_text::text::SourceText;
///
/// let source = SourceText::from("在青禾县会议上的讲话\n\n（2024年3月1日）\n\n同志们：\n\n今年任务更重，大家要抓紧。\n");
/// let metadata = parse_metadata(&source, &Hints::default());
/// assert_eq!(metadata.title.as_deref(), Some("在青禾县会议上的讲话"));
/// assert_eq!(metadata.date.as_deref(), Some("2024-03-01"));
/// ```
#[must_use]
pub fn parse_metadata(source: &SourceText, hints: &Hints) -> Metadata {
    let analysis = LineAnalysis::new(source, hints);
    assign_roles(source, &analysis.cleaning, &analysis.lines, hints).1
}

fn build(source: SourceText, hints: &Hints, is_final: bool) -> Document {
    let LineAnalysis { mut removed, cleaning, enders, mut lines } = LineAnalysis::new(&source, hints);
    let (roles, metadata) = assign_roles(&source, &cleaning, &lines, hints);
    if hints.markdown {
        removed.append(&mut markup::heading_signs(&source, &mut lines, &roles));
    }
    let mut scan = scan_candidates(&source, &cleaning, enders, &lines, &roles);
    candidate_context::settle(&mut scan.tokens);
    removed.append(&mut scan.removed);
    let cleaning = Cleaning::new(removed);
    let nodes = decode_outline(&scan.tokens);
    let outline = build_outline(&source, &cleaning, enders, &lines, &scan, &nodes);
    let paragraphs = Arc::new(build_paragraphs(&lines, &roles, &scan, &nodes));
    Document { clean_text: CleanText { source, cleaning }, outline, paragraphs, metadata, is_final }
}

/// The tokens of a text from which its outline is decoded.
pub(super) fn outline_tokens(source: &SourceText, hints: &Hints) -> Vec<OutlineToken> {
    let LineAnalysis { cleaning, enders, mut lines, .. } = LineAnalysis::new(source, hints);
    let roles = assign_roles(source, &cleaning, &lines, hints).0;
    if hints.markdown {
        markup::heading_signs(source, &mut lines, &roles);
    }
    let mut tokens = scan_candidates(source, &cleaning, enders, &lines, &roles).tokens;
    candidate_context::settle(&mut tokens);
    tokens
}

/// The logical lines of a text, with the results of the scan that later stages need.
struct LineAnalysis {
    /// The ranges removed so far: page marks, glosses and signs of emphasis.
    removed: Vec<(Span, RemovedKind)>,
    /// The cleaning that removes them.
    cleaning: Cleaning,
    enders: SentenceEnders,
    lines: Vec<LogicalLine>,
}

impl LineAnalysis {
    fn new(source: &SourceText, hints: &Hints) -> Self {
        let mut scan = match &hints.soft_breaks {
            Some(_) => scan_paragraphs(source, |gap| hints.ends_paragraph(gap)),
            None => scan(source),
        };
        if hints.markdown {
            let signs = markup::emphasis(source, &scan.lines);
            scan.remove(source, signs);
        }
        let cleaning = Cleaning::new(scan.removed.clone());
        let enders = SentenceEnders::new(source);
        let lines = logical_lines(source, &cleaning, enders, &scan);
        Self { removed: scan.removed, cleaning, enders, lines }
    }
}
