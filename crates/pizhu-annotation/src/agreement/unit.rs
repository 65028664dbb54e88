//! Units of coding: the parts of a speech that coders are compared in.

use pizhu_text::document::{Document, ParagraphKind};
use pizhu_text::text::{Span, segmentation::ParagraphText};

/// What coders are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnitKind {
    /// Sections, each with its own text up to the next section, and the text before the first.
    #[default]
    Section,
    /// Paragraphs, but for those of the web page.
    Paragraph,
    /// Sentences of these paragraphs.
    Sentence,
    /// Chars of these paragraphs.
    Char,
}

impl UnitKind {
    /// Its name on the command line and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Section => "section",
            Self::Paragraph => "paragraph",
            Self::Sentence => "sentence",
            Self::Char => "char",
        }
    }
}

/// A part of a speech that is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UnitSpan {
    /// The text in which a passage counts.
    pub(super) own: Span,
    /// What belongs together when units are drawn anew: for chars, the paragraph.
    pub(super) cluster: usize,
}

/// The units of a document in order. Chars that no boundary of `marks` parts are one unit, as long as
/// it has chars.
pub(super) fn unit_spans(document: &Document, kind: UnitKind, marks: &[Span]) -> Vec<UnitSpan> {
    let paragraphs = || document.paragraphs.iter().filter(|paragraph| paragraph.kind != ParagraphKind::Boilerplate).map(|one| one.span);
    let each = |spans: Vec<Span>| spans.into_iter().enumerate().map(|(cluster, own)| UnitSpan { own, cluster }).collect();
    match kind {
        UnitKind::Section => {
            let starts: Vec<usize> = document.outline.iter().map(|(_, section)| section.span.start).collect();
            let ends = starts.iter().copied().chain([document.source.len()]);
            let own = std::iter::once(0).chain(starts.iter().copied()).zip(ends).map(|(start, end)| Span::new(start, end.max(start)));
            each(own.collect())
        }
        UnitKind::Paragraph => each(paragraphs().collect()),
        UnitKind::Sentence => each(paragraphs().flat_map(|span| sentences(document, span)).collect()),
        UnitKind::Char => {
            let mut cuts: Vec<usize> = marks.iter().flat_map(|mark| [mark.start, mark.end]).collect();
            cuts.sort_unstable();
            cuts.dedup();
            let mut units = Vec::new();
            for (cluster, span) in paragraphs().enumerate() {
                let mut start = span.start;
                let first = cuts.partition_point(|cut| *cut <= span.start);
                for end in cuts[first..].iter().copied().take_while(|cut| *cut < span.end).chain([span.end]) {
                    units.push(UnitSpan { own: Span::new(start, end), cluster });
                    start = end;
                }
            }
            units
        }
    }
}

/// The sentences of a paragraph, without the blanks between them.
fn sentences(document: &Document, paragraph: Span) -> Vec<Span> {
    let text = ParagraphText { source: &document.source, cleaning: &document.cleaning, span: paragraph };
    let (mut found, mut at) = (Vec::new(), paragraph.start);
    while at < paragraph.end {
        let Some(sentence) = text.sentence_at(at).filter(|sentence| sentence.end > at) else { break };
        found.push(sentence);
        at = sentence.end;
    }
    found
}

/// The units that a span overlaps, as a range of their indices; `units` are disjoint and in order.
pub(super) fn overlapped(units: &[UnitSpan], span: Span) -> std::ops::Range<usize> {
    let first = units.partition_point(|unit| unit.own.end <= span.start);
    let end = units.partition_point(|unit| unit.own.start < span.end);
    first..end.max(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::document::{Hints, parse};
    use pizhu_text::text::SourceText;

    #[test]
    fn units_are_disjoint_and_in_order() {
        let text = "在青禾县会议上的讲话\n同志们：\n一、抓人才\n要引进人才。要用好人才！\n（一）引才\n多引进。\n二、抓党建\n要建强支部。\n";
        let document = parse(SourceText::from(text), &Hints::default());
        let mark = Span::new(text.chars().position(|c| c == '引').unwrap(), text.chars().position(|c| c == '好').unwrap());
        let of = |kind| -> Vec<String> {
            let units = unit_spans(&document, kind, &[mark]);
            assert!(units.windows(2).all(|pair| pair[0].own.end <= pair[1].own.start), "{kind:?}");
            units.iter().map(|unit| document.quote(unit.own).trim().replace('\n', "|")).collect()
        };
        assert_eq!(of(UnitKind::Section)[1..], ["一、抓人才|要引进人才。要用好人才！", "（一）引才|多引进。", "二、抓党建|要建强支部。"]);
        assert!(of(UnitKind::Sentence).contains(&"要用好人才！".to_owned()) && of(UnitKind::Sentence).contains(&"要引进人才。".to_owned()));
        let chars = of(UnitKind::Char);
        assert!(chars.contains(&"引进人才。要用".to_owned()) && chars.contains(&"好人才！".to_owned()), "{chars:?}");
        let units = unit_spans(&document, UnitKind::Section, &[]);
        assert_eq!(overlapped(&units, mark), 1..2);
        assert_eq!(overlapped(&units, document.source.span()), 0..4);
    }
}
