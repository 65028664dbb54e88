//! Scan of the source text in one pass: its physical lines, page marks and glosses.
//!
//! Long texts are scanned in parallel, in parts that begin at line starts.

use super::forum_noise::forum_noise;
use super::physical_line::PhysicalLine;
use super::running_head::running_heads;
use super::{
    RemovedKind, gloss,
    page_mark::{self, Footer, FooterPosition, LeadingNumber},
};
use crate::text::CjkSet;
use crate::text::Cursor;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::parallel::par_chunks;

/// Chars that begin neither a page mark nor a gloss and are not white space.
static PLAIN_CHARS: CjkSet =
    CjkSet::ideographs_except(&['第', '共']).with(&['，', '。', '、', '；', '：', '！', '？', '“', '”', '《', '》', '）']);

/// The physical lines of a text and the ranges removed from them.
#[derive(Debug, Default)]
pub struct LineScan {
    /// The lines in order.
    pub lines: Vec<PhysicalLine>,
    /// Glosses and page marks, and what [`Self::remove`] added; not sorted.
    pub removed: Vec<(Span, RemovedKind)>,
}

impl LineScan {
    /// Removes further ranges; a line that has nothing else is dropped.
    pub fn remove(&mut self, source: &SourceText, ranges: Vec<(Span, RemovedKind)>) {
        trim_lines(source, &mut self.lines, ranges.iter().map(|(span, _)| *span));
        self.removed.extend(ranges);
    }
}

/// Minimum chunks per thread.
const MIN_CHUNKS: usize = 8;

/// Scans a source text for its lines, page marks and glosses.
///
/// ```
/// use pizhu_text::text::{SourceText, Span, clean::scan::scan};
///
/// let lines = scan(&SourceText::from("青禾县\n\n  工作报告\n")).lines;
/// assert_eq!(lines.len(), 2);
/// assert_eq!(lines[1].span, Span::new(7, 11));
/// assert!(lines[1].indented && lines[1].after_blank_line);
/// ```
#[must_use]
pub fn scan(source: &SourceText) -> LineScan {
    scan_lines(source, None)
}

/// [`scan`] for a text of which the format says where paragraphs end: `ends_paragraph` tells it of
/// the gap between two lines. A number before such a line is the author's, never that of a page.
#[must_use]
pub fn scan_paragraphs(source: &SourceText, ends_paragraph: impl Fn(Span) -> bool) -> LineScan {
    scan_lines(source, Some(&ends_paragraph))
}

fn scan_lines(source: &SourceText, ends_paragraph: Option<&dyn Fn(Span) -> bool>) -> LineScan {
    let chunks = source.chunks();
    // Parts begin at line starts.
    let line_start = |index: usize| (index..chunks.len()).find(|index| *index == 0 || chunks[index - 1].text().ends_with('\n'));
    let offset = |index: usize| line_start(index).map_or(source.len(), |index| chunks[index].span().start);
    let parts = par_chunks(chunks.len(), MIN_CHUNKS, |range| {
        let to = if range.end == chunks.len() { source.len() } else { offset(range.end) };
        PartialScan::read(source, Span::new(offset(range.start), to))
    });
    let mut whole = PartialScan { breaks: 2, ..PartialScan::default() };
    for part in parts {
        whole.append(part);
    }
    let PartialScan { mut lines, mut numbers, mut footers, glosses, .. } = whole;
    let mut removed: Vec<(Span, RemovedKind)> = glosses.accepted().map(|span| (span, RemovedKind::Gloss)).collect();
    page_mark::accept_footers(&mut footers);
    if let Some(ends_paragraph) = ends_paragraph {
        numbers.clear();
        let mut before = 0;
        for line in &mut lines {
            line.begins_paragraph = ends_paragraph(Span::new(before, line.span.start));
            before = line.span.end;
        }
    }
    let pages = page_mark::page_lines(&lines, &numbers, source);
    for page in pages.iter().filter(|page| page.broken) {
        lines[page.line].is_page_line = true;
    }
    removed.extend(pages.iter().map(|page| (page.mark, RemovedKind::PageMark)));
    removed.extend(footers.iter().map(|footer| (footer.span, RemovedKind::PageMark)));
    trim_lines(source, &mut lines, pages.iter().map(|page| page.mark).chain(footers.iter().map(|footer| footer.span)));
    let hyphens = hyphens_at_line_ends(&lines, source);
    removed.extend(hyphens.iter().map(|span| (*span, RemovedKind::LineBreak)));
    trim_lines(source, &mut lines, hyphens.into_iter());
    let noise = forum_noise(&lines, source);
    removed.extend(noise.iter().map(|span| (*span, RemovedKind::PageMark)));
    trim_lines(source, &mut lines, noise.into_iter());
    let heads = running_heads(&lines, source);
    removed.extend(heads.iter().map(|index| (lines[*index].span, RemovedKind::PageMark)));
    drop_lines(&mut lines, &heads);
    LineScan { lines, removed }
}

/// The hyphens that break a Latin word at the end of a line, with the line end: `govern-` / `ment`.
fn hyphens_at_line_ends(lines: &[PhysicalLine], source: &SourceText) -> Vec<Span> {
    let breaks_word = |pair: &&[PhysicalLine]| {
        pair[0].last == '-'
            && pair[1].first.is_ascii_lowercase()
            && !pair[1].after_blank_line
            && source.chars_before(pair[0].span.end).nth(1).is_some_and(|(_, c)| c.is_ascii_alphabetic())
    };
    lines.windows(2).filter(breaks_word).map(|pair| Span::new(pair[0].span.end - 1, pair[1].span.start)).collect()
}

/// Drops the lines of these indices, which are sorted. The line after one continues the line before.
fn drop_lines(lines: &mut Vec<PhysicalLine>, dropped: &[usize]) {
    for index in dropped {
        if let Some(next) = lines.get_mut(index + 1) {
            next.after_blank_line = false;
            next.goes_on = true;
        }
    }
    let (mut index, mut dropped) = (0, dropped.iter().peekable());
    lines.retain(|_| {
        let drop = dropped.next_if(|at| **at == index).is_some();
        index += 1;
        !drop
    });
}

/// Scan of a part of the text.
#[derive(Debug, Default)]
struct PartialScan {
    lines: Vec<PhysicalLine>,
    numbers: Vec<LeadingNumber>,
    footers: Vec<Footer>,
    glosses: gloss::Glosses,
    /// Line feeds before the first line that is not blank.
    first_breaks: usize,
    /// Line feeds after the last char that is not white space.
    breaks: usize,
}

impl PartialScan {
    /// Scans `span`, which consists of whole lines.
    fn read(source: &SourceText, span: Span) -> Self {
        let mut part = Self::default();
        let mut open: Option<PhysicalLine> = None;
        let mut indent = false;
        let mut before = '\n';
        // Whether the line so far is nothing but chars that are not seen: it is no empty line.
        let mut unseen = false;
        let mut broken = false;
        // End of the last footer; another does not begin inside it.
        let mut footer_end = 0;
        let mut blanks_from = 0;
        // Lookahead after a bracket may go past the end of the span.
        let mut cursor = Cursor::raw(source, Span::new(span.start, source.len()));
        while cursor.offset() < span.end
            && let Some((at, c)) = cursor.next()
        {
            if c == '\n' {
                part.lines.extend(open.take());
                part.breaks += usize::from(!unseen);
                broken = unseen || (broken && part.breaks < 2);
                (indent, unseen) = (false, false);
            } else if is_blank(c) {
                if !is_blank(before) {
                    blanks_from = at;
                }
                match &mut open {
                    // One for each run of white space.
                    Some(line) if !is_blank(before) => line.space_runs += 1,
                    Some(_) => {}
                    None => {
                        unseen = matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}') && !indent;
                        indent = !unseen;
                    }
                }
            } else {
                if open.is_none() {
                    part.numbers.extend(page_mark::leading_number(at, c, &cursor, part.lines.len()));
                    if part.lines.is_empty() {
                        part.first_breaks = part.breaks;
                    }
                }
                let line = open.get_or_insert_with(|| PhysicalLine {
                    span: Span::empty(at),
                    first: c,
                    last: c,
                    after_blank_line: part.breaks > 1,
                    begins_paragraph: false,
                    indented: indent,
                    space_runs: 0,
                    goes_on: broken,
                    is_page_line: false,
                });
                broken = false;
                match c {
                    '第' | '共' | '-' | '—' | '－' | '–' | '·' | 'P' | 'p' | '0'..='9' | '０'..='９' => {
                        let position = match before {
                            _ if line.span.is_empty() => FooterPosition::LineStart,
                            _ if is_blank(before) => FooterPosition::AfterBlank,
                            _ => FooterPosition::InText,
                        };
                        if at >= footer_end
                            && (position != FooterPosition::InText || matches!(c, '第' | '共'))
                            && let Some(footer) = page_mark::parse_footer(at, c, &cursor, position)
                        {
                            footer_end = footer.span.end;
                            part.footers.push(footer.with_blanks_from(blanks_from));
                        }
                    }
                    '(' | '（' | '[' | '〔' => part.glosses.check_bracket(at, before, &cursor),
                    _ => {}
                }
                let last = cursor.skip_run(&PLAIN_CHARS);
                line.span.end = cursor.offset();
                line.last = last.unwrap_or(c);
                part.breaks = 0;
                before = line.last;
                continue;
            }
            before = c;
        }
        part.lines.extend(open);
        part
    }

    /// Appends the scan of the part that follows.
    fn append(&mut self, mut next: Self) {
        let before = self.lines.len();
        match next.lines.first_mut() {
            Some(first) => {
                first.after_blank_line = self.breaks + next.first_breaks > 1;
                self.breaks = next.breaks;
            }
            None => self.breaks += next.breaks,
        }
        self.numbers.extend(next.numbers.into_iter().map(|number| number.shifted(before)));
        self.footers.append(&mut next.footers);
        self.glosses.append(next.glosses);
        if self.lines.is_empty() {
            self.lines = next.lines;
        } else {
            self.lines.append(&mut next.lines);
        }
    }
}

/// Trims removed ranges off the ends of lines; drops lines that have nothing else.
fn trim_lines(source: &SourceText, lines: &mut Vec<PhysicalLine>, marks: impl Iterator<Item = Span>) {
    let mut touched = false;
    for mark in marks {
        let index = lines.partition_point(|line| line.span.end <= mark.start);
        let Some(line) = lines.get_mut(index) else { continue };
        if mark.start <= line.span.start && mark.end > line.span.start {
            touched = true;
            line.span.start = mark.end.min(line.span.end);
            let mut rest = Cursor::raw(source, line.span);
            rest.skip_blanks(usize::MAX);
            line.span.start = rest.offset();
            line.first = rest.next().map_or(line.first, |(_, c)| c);
        } else if mark.end >= line.span.end {
            touched = true;
            line.span.end = mark.start;
            let kept = source.chars_before(line.span.end).find(|(_, c)| !is_blank(*c));
            if let Some((at, c)) = kept.filter(|(at, _)| *at >= line.span.start) {
                line.span.end = at + 1;
                line.last = c;
            }
        }
    }
    if touched {
        lines.retain(|line| !line.span.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Cleaning;

    #[test]
    fn hyphens_at_line_ends_join_words() {
        let source = SourceText::from("外商投资企业的 manage-\nment 要规范，做到 A-\nB 两不误。\n");
        let scan = scan(&source);
        let text = Cleaning::new(scan.removed).text(&source, source.span());
        assert_eq!(text, "外商投资企业的 management 要规范，做到 A-\nB 两不误。\n");
        assert_eq!(scan.lines.len(), 3);
    }
}
