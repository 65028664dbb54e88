//! One pass over the source as it stands: its lines, and what is to be taken out of them.

use super::{
    RemovedKind, gloss,
    page_mark::{self, Footer, LineNumber},
};
use crate::text::Cursor;
use crate::text::PlainSet;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::parts::in_parts;

/// A physical line that holds more than white space and page marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Its chars without the white space around them; never empty.
    pub span: Span,
    /// Its first char.
    pub first: char,
    /// Its last char.
    pub last: char,
    /// Whether an empty line (or the text's start) stands before it.
    pub after_gap: bool,
    /// Whether white space indents it.
    pub indented: bool,
    /// Runs of white space inside it (and one behind it, where it ends in white space).
    pub gaps: u32,
    /// It carried a page number in step with the lines around it, so that its end may be the
    /// page's and not the paragraph's.
    pub page: bool,
}

/// Chars that begin neither a page mark nor a gloss, and are no white space.
static PLAIN: PlainSet =
    PlainSet::ideographs_but(&['第', '共']).and(&['，', '。', '、', '；', '：', '！', '？', '“', '”', '《', '》', '）']);

/// The lines of a text and what is removed inside them.
#[derive(Debug, Default)]
pub struct Scan {
    /// The lines in order.
    pub lines: Vec<Line>,
    /// Page marks and glosses, in order of their kinds.
    pub removed: Vec<(Span, RemovedKind)>,
}

impl Scan {
    /// Takes out `ranges` too; a line that was nothing else goes.
    pub fn take_out(&mut self, source: &SourceText, ranges: Vec<(Span, RemovedKind)>) {
        trim_lines(source, &mut self.lines, ranges.iter().map(|(span, _)| *span));
        self.removed.extend(ranges);
    }
}

/// Chunks that a thread of its own is worth.
const LEAST_CHUNKS: usize = 8;

/// Reads the source once and finds page marks and glosses.
#[must_use]
pub fn scan(source: &SourceText) -> Scan {
    let chunks = source.chunks();
    // A part begins where a line does.
    let line_start = |index: usize| (index..chunks.len()).find(|index| *index == 0 || chunks[index - 1].text().ends_with('\n'));
    let offset = |index: usize| line_start(index).map_or(source.len(), |index| chunks[index].span().start);
    let parts = in_parts(chunks.len(), LEAST_CHUNKS, |part| {
        let to = if part.end == chunks.len() { source.len() } else { offset(part.end) };
        Part::of(source, Span::new(offset(part.start), to))
    });
    let mut whole = Part { breaks: 2, ..Part::default() };
    for part in parts {
        whole.append(part);
    }
    let Part { mut lines, numbers, mut footers, glosses, .. } = whole;
    let mut removed: Vec<(Span, RemovedKind)> = glosses.accepted().map(|span| (span, RemovedKind::Gloss)).collect();
    page_mark::accept_footers(&mut footers);
    let pages = page_mark::pages_in_step(&lines, &numbers, source);
    for page in pages.iter().filter(|page| page.broken) {
        lines[page.line].page = true;
    }
    removed.extend(pages.iter().map(|page| (page.mark, RemovedKind::PageMark)));
    removed.extend(footers.iter().map(|footer| (footer.span, RemovedKind::PageMark)));
    trim_lines(source, &mut lines, pages.iter().map(|page| page.mark).chain(footers.iter().map(|footer| footer.span)));
    Scan { lines, removed }
}

/// What was seen of some lines of the text that follow one another.
#[derive(Debug, Default)]
struct Part {
    lines: Vec<Line>,
    numbers: Vec<LineNumber>,
    footers: Vec<Footer>,
    glosses: gloss::Glosses,
    /// Line ends before the first line that holds something.
    first_breaks: usize,
    /// Line ends behind the last.
    breaks: usize,
}

impl Part {
    /// Reads `span`, which begins where a line does and ends where one ends.
    fn of(source: &SourceText, span: Span) -> Self {
        let mut part = Self::default();
        let mut open: Option<Line> = None;
        let mut indent = false;
        let mut before = '\n';
        // Behind the last footer: what is inside it is no other.
        let mut looked = 0;
        let mut blanks_from = 0;
        // A bracket may be looked into beyond the end.
        let mut cursor = Cursor::raw(source, Span::new(span.start, source.len()));
        while cursor.offset() < span.end
            && let Some((at, c)) = cursor.next()
        {
            if c == '\n' {
                part.lines.extend(open.take());
                part.breaks += 1;
                indent = false;
            } else if is_blank(c) {
                if !is_blank(before) {
                    blanks_from = at;
                }
                match &mut open {
                    // Counted once a run, as gaps between words.
                    Some(line) if !is_blank(before) => line.gaps += 1,
                    Some(_) => {}
                    None => indent = true,
                }
            } else {
                if open.is_none() {
                    part.numbers.extend(page_mark::line_number(at, c, &cursor, part.lines.len()));
                    if part.lines.is_empty() {
                        part.first_breaks = part.breaks;
                    }
                }
                let line = open.get_or_insert_with(|| Line {
                    span: Span::empty(at),
                    first: c,
                    last: c,
                    after_gap: part.breaks > 1,
                    indented: indent,
                    gaps: 0,
                    page: false,
                });
                match c {
                    '第' | '共' | '-' | '—' | '－' | '–' | '·' | 'P' | 'p' | '0'..='9' | '０'..='９' => {
                        let starts = line.span.is_empty();
                        if at >= looked
                            && (starts || is_blank(before) || matches!(c, '第' | '共'))
                            && let Some(footer) = page_mark::footer(at, c, &cursor, starts, is_blank(before))
                        {
                            looked = footer.span.end;
                            part.footers.push(footer.behind(blanks_from));
                        }
                    }
                    '(' | '（' | '[' | '〔' => part.glosses.look(at, before, &cursor),
                    _ => {}
                }
                let last = cursor.skip_run(&PLAIN);
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

    /// Adds the lines behind these.
    fn append(&mut self, mut next: Self) {
        let before = self.lines.len();
        match next.lines.first_mut() {
            Some(first) => {
                first.after_gap = self.breaks + next.first_breaks > 1;
                self.breaks = next.breaks;
            }
            None => self.breaks += next.breaks,
        }
        self.numbers.extend(next.numbers.into_iter().map(|number| number.behind(before)));
        self.footers.append(&mut next.footers);
        self.glosses.append(next.glosses);
        if self.lines.is_empty() {
            self.lines = next.lines;
        } else {
            self.lines.append(&mut next.lines);
        }
    }
}

/// Takes page marks off the ends of lines; a line that was nothing else goes.
fn trim_lines(source: &SourceText, lines: &mut Vec<Line>, marks: impl Iterator<Item = Span>) {
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
