//! Quotations: the text of a span as one would quote it elsewhere.

use super::{Document, ParagraphKind};
use crate::text::Span;

/// Whether a quotation shows the source of a damaged heading beside the restored one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DamagedHeading {
    /// The restored heading alone; the source is given elsewhere.
    Restored,
    /// The restored heading, and its source in brackets: `背景履职能力…［原文：2贝葱…］`.
    RestoredWithSource,
}

impl Document {
    /// The text of `span` for a quotation: clean text, without lines that are set apart as
    /// boilerplate, and with damaged headings restored. Boilerplate is kept if the span holds
    /// nothing else, and a heading as it stands if the span holds only a part of it.
    ///
    /// ```
    /// use pizhu_text::document::{DamagedHeading, Hints, parse};
    /// use pizhu_text::text::SourceText;
    ///
    /// let text = "在青禾县会议上的讲话\n一、总体要求\n要稳。\n二、保障措施\n要实。\n【打印本页】【关闭窗口】\n";
    /// let document = parse(SourceText::from(text), &Hints::default());
    /// let last = document.outline.sections().iter().last().unwrap();
    /// assert!(document.text(last.span).contains("打印本页"));
    /// assert_eq!(document.quotation(last.span, DamagedHeading::Restored), "二、保障措施\n要实。");
    /// ```
    #[must_use]
    pub fn quotation(&self, span: Span, damaged: DamagedHeading) -> String {
        let mut text = String::new();
        for (index, part) in self.quotable_spans(span).into_iter().enumerate() {
            if index > 0 && !text.ends_with('\n') {
                text.push('\n');
            }
            self.push_quotation(part, damaged, &mut text);
        }
        text
    }

    /// The parts of `span` that are not boilerplate; all of it if there are none.
    fn quotable_spans(&self, span: Span) -> Vec<Span> {
        let first = self.paragraph_at(span.start).unwrap_or(0);
        let here = self.paragraphs.get(first..).unwrap_or_default().iter().take_while(|paragraph| paragraph.span.start < span.end);
        let apart: Vec<Span> =
            here.clone().filter(|paragraph| paragraph.kind == ParagraphKind::Boilerplate).map(|paragraph| paragraph.span).collect();
        let holds_more = || here.clone().any(|one| one.kind != ParagraphKind::Boilerplate && one.span.intersection(span).is_some());
        if !apart.iter().any(|apart| apart.intersection(span).is_some()) || !holds_more() {
            return vec![span];
        }
        let mut parts = Vec::new();
        let mut start = span.start;
        for apart in apart {
            parts.push(Span::new(start, apart.start.clamp(start, span.end)));
            start = apart.end.clamp(start, span.end);
        }
        parts.push(Span::new(start, span.end));
        let is_white = |part: &Span| self.source.chars_from(part.start).take(part.len()).all(|(_, c)| c.is_whitespace());
        parts.retain(|part| !is_white(part));
        // The line end before what was left out belongs to it.
        for part in parts.iter_mut().filter(|part| part.end != span.end) {
            part.end -= self.source.chars_before(part.end).take(part.len()).take_while(|(_, c)| c.is_whitespace()).count();
        }
        parts
    }

    /// Appends the clean text of `span` with its damaged headings restored.
    fn push_quotation(&self, span: Span, damaged: DamagedHeading, text: &mut String) {
        let sections = self.outline.sections();
        let mut start = span.start;
        for section in sections.range(sections.lower_bound(span.start)..sections.lower_bound(span.end)) {
            let Some(restored) = section.repaired_title else { continue };
            if section.title.start < start || section.title.end > span.end {
                continue;
            }
            text.push_str(&self.text(Span::new(start, section.title.start)));
            text.push_str(restored);
            if damaged == DamagedHeading::RestoredWithSource {
                let source = self.quote(section.title);
                text.extend(["［原文：", source.trim(), "］"]);
            }
            start = section.title.end;
        }
        text.push_str(&self.text(Span::new(start, span.end)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Hints, parse};
    use crate::text::SourceText;

    const DAMAGED: &str = "在青禾县会议上的讲话\n一、总体要求\n1.基础得到进一步夯实\n要稳。\n2贝葱履芰Φ玫浇一步提升\n要实。\n3.作风得到进一步转变\n要严。\n二、保障措施\n要快。\n【打印本页】 【关闭窗口】\n版权所有：青禾县人民政府 备案号：苏ICP备12345678号\n";

    /// `S y` copied the damaged heading.
    #[test]
    fn damaged_headings_are_quoted_as_restored() {
        let document = parse(SourceText::from(DAMAGED), &Hints::default());
        let section = document.outline.sections().iter().find(|section| section.repaired_title.is_some()).unwrap();
        let restored = section.repaired_title.unwrap();
        let quoted = document.quotation(section.span, DamagedHeading::Restored);
        assert!(quoted.contains(restored) && !quoted.contains("贝葱") && quoted.contains("要实。"), "{quoted}");
        let beside = document.quotation(section.span, DamagedHeading::RestoredWithSource);
        assert!(beside.contains(&format!("{restored}［原文：贝葱履芰Φ玫浇一步提升］")), "{beside}");
        let part = Span::new(section.title.start + 2, section.span.end);
        assert!(document.quotation(part, DamagedHeading::Restored).starts_with("履芰"), "a part of it stays as it is");
    }

    /// The last section's quotation took the footer of the page along.
    #[test]
    fn footers_are_in_no_quotation_of_more_than_themselves() {
        let document = parse(SourceText::from(DAMAGED), &Hints::default());
        let last = document.outline.sections().iter().last().unwrap();
        assert_eq!(document.quotation(last.span, DamagedHeading::Restored), "二、保障措施\n要快。");
        let footer = document.paragraphs.iter().find(|paragraph| paragraph.kind == ParagraphKind::Boilerplate).unwrap().span;
        assert_eq!(document.quotation(footer, DamagedHeading::Restored), document.text(footer));
        let across = Span::new(last.span.start + 8, last.span.end);
        assert_eq!(document.quotation(across, DamagedHeading::Restored), "快。");
        // What lies between the lines of the speech is left out there too.
        let text = "在青禾县会议上的讲话\n一、总体要求\n要稳。\n【打印本页】\n要实。\n二、保障措施\n要快。\n";
        let document = parse(SourceText::from(text), &Hints::default());
        let first = document.outline.sections().first().unwrap();
        let quoted = document.quotation(first.span, DamagedHeading::Restored);
        assert!(quoted.starts_with("一、总体要求\n要稳。\n") && quoted.contains("要实。"), "{quoted}");
    }
}
