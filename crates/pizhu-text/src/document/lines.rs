//! Logical lines: physical lines joined where a converter broke them, and split where it turned
//! line breaks into spaces.
//!
//! Invariants: the lines are in order and do not overlap; only white space and page marks lie
//! between them.

use super::{
    OrdinalKind, boilerplate,
    line_recognizers::{lists_annexes, names_document, names_speech},
    numeral::chinese_digit,
    ordinal_forms::ordinal_at,
    punctuation::{SentenceEnders, is_closing, is_finished, is_stop},
};
use crate::text::CjkSet;
use crate::text::Cleaning;
use crate::text::Cursor;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::clean::PhysicalLine;
use crate::text::clean::scan::LineScan;
use crate::text::cursor::is_blank;
use crate::text::fold::fold;
use crate::text::fold::fold_text;
use crate::text::parallel::par_chunks;

/// Shortest line, in chars, that may hide several lines whose breaks were lost.
const MIN_LOST_BREAKS_CHARS: usize = 120;
/// Longest open-ended line, in chars, that counts as a heading or the like and not as a broken
/// sentence.
const MAX_HEADING_CHARS: usize = 20;
/// Longest marker without a title, in chars.
const MAX_MARKER_CHARS: usize = 12;
/// Like [`MAX_HEADING_CHARS`], for a line without a comma.
const MAX_HEADING_WITHOUT_COMMA_CHARS: usize = 30;

/// Brackets longer than this, in chars, count as unclosed.
const MAX_BRACKET_CHARS: usize = 40;

/// Fewest lines set off by empty lines.
const MIN_LINES_SET_APART: usize = 4;

/// Shortest line, in chars, that goes on behind a running head.
const MIN_BROKEN_CHARS: usize = 8;

/// Longest line of the front matter, in chars.
const MAX_FRONT_CHARS: usize = 80;

/// A logical line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LogicalLine {
    /// Its chars without surrounding white space; physical line breaks may lie inside.
    pub span: Span,
    /// Its first char.
    pub first: char,
    /// Its last char.
    pub last: char,
    /// Whether it was one line originally: a physical line, hard-wrapped lines, or a fragment
    /// between two lost breaks.
    pub single: bool,
    /// Whether it is a fragment of a physical line that was split at lost breaks.
    pub from_lost_break: bool,
}

/// The kind of break before a fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BreakKind {
    /// The end of a paragraph, as the format says.
    Paragraph,
    /// A line break that the author made.
    Hard,
    /// A line break at the full width of a hard-wrapped text.
    Wrapped,
    /// White space in place of a lost line break.
    Soft,
}

#[derive(Debug, Clone, Copy)]
struct LineFragment {
    span: Span,
    first: char,
    last: char,
    break_before: BreakKind,
    /// Whether its physical line was split at lost breaks.
    lost_breaks: bool,
    /// Whether an empty line stands before it.
    after_blank_line: bool,
    /// Whether a running head or the like stood before it.
    goes_on: bool,
}

/// Minimum lines per thread.
const MIN_LINES_PER_THREAD: usize = 4000;

/// Ideographs and commas: they end nothing, are not blank, and begin an ordinal only right after a
/// blank.
static RUNNING_TEXT: CjkSet = CjkSet::ideographs_except(&[]).with(&['，', '、']);

/// Builds the logical lines of a scanned text.
pub(super) fn logical_lines(source: &SourceText, cleaning: &Cleaning, enders: SentenceEnders, scan: &LineScan) -> Vec<LogicalLine> {
    let wrap = LineWrapping::detect(scan);
    let lost_breaks = LostBreaks::detect(source, cleaning, enders, scan);
    let all = scan.lines.as_slice();
    // Lines never join across this boundary, so the parts are independent.
    let safe_start = |from: usize| {
        (from..all.len()).find(|index| {
            let Some(before) = index.checked_sub(1).map(|before| &all[before]) else { return true };
            is_finished(before.last) && before.space_runs == 0 && before.span.len() > MAX_MARKER_CHARS && !wrap.joins(before, &all[*index])
        })
    };
    let mut parts = par_chunks(all.len(), MIN_LINES_PER_THREAD, |part| {
        let (from, to) = (safe_start(part.start).unwrap_or(all.len()), safe_start(part.end).unwrap_or(all.len()));
        let mut lines: Vec<LogicalLine> = Vec::with_capacity(to - from);
        let mut open: Option<LineBuilder> = None;
        let mut ahead = Cursor::new(source, cleaning, Span::empty(all.get(from).map_or(0, |line| line.span.start)));
        for index in from..to {
            let line = &all[index];
            let break_before = match index.checked_sub(1).map(|before| &all[before]) {
                _ if line.begins_paragraph => BreakKind::Paragraph,
                Some(before) if wrap.joins(before, line) => BreakKind::Wrapped,
                _ => BreakKind::Hard,
            };
            lost_breaks.fragments(source, cleaning, line, break_before, |fragment| {
                ahead.advance_to(fragment.span);
                let after_title = from > 0 || !lines.is_empty();
                match &mut open {
                    Some(builder)
                        if builder.is_broken_off(&fragment, &ahead, source, cleaning, wrap.set_apart)
                            || builder.continues_with(&fragment, &ahead, source, cleaning, after_title) =>
                    {
                        builder.append(&fragment);
                    }
                    _ => {
                        lines.extend(open.take().map(|builder| builder.line));
                        open = Some(LineBuilder::new(&fragment));
                    }
                }
            });
        }
        lines.extend(open.map(|builder| builder.line));
        lines
    });
    if parts.len() == 1 {
        return parts.pop().unwrap_or_default();
    }
    let mut lines = Vec::with_capacity(parts.iter().map(Vec::len).sum());
    for mut part in parts {
        lines.append(&mut part);
    }
    lines
}

/// A logical line under construction.
struct LineBuilder {
    line: LogicalLine,
}

impl LineBuilder {
    fn new(fragment: &LineFragment) -> Self {
        let line = LogicalLine {
            span: fragment.span,
            first: fragment.first,
            last: fragment.last,
            single: true,
            from_lost_break: fragment.lost_breaks,
        };
        Self { line }
    }

    fn append(&mut self, fragment: &LineFragment) {
        self.line.span.end = fragment.span.end;
        self.line.last = fragment.last;
        // A hard-wrapped line is still one line.
        self.line.single &= fragment.break_before == BreakKind::Wrapped;
    }

    /// Whether this line was broken off where the format had a link or the like: `关于《` / `青石规划` / `》的说明`.
    /// `set_apart`: empty lines set off the paragraphs.
    fn is_broken_off(
        &self,
        fragment: &LineFragment,
        ahead: &Cursor<'_>,
        source: &SourceText,
        cleaning: &Cleaning,
        set_apart: bool,
    ) -> bool {
        let special = |c: char| matches!(c, '#' | '|' | '>' | '<' | '`' | '=' | '~');
        if fragment.break_before != BreakKind::Hard || fragment.after_blank_line || special(fragment.first) || special(self.line.first) {
            return false;
        }
        let last = self.line.last;
        if matches!(last, '《' | '“' | '「') || separates(fragment.first) {
            return true;
        }
        if fragment.goes_on && !is_finished(last) && self.line.span.len() >= MIN_BROKEN_CHARS {
            return !opens_line(ahead.clone(), fragment.break_before);
        }
        if last == '第' && self.line.span.len() > 1 && chinese_digit(fragment.first).is_some() {
            return true; // `由第` / `二、三支队负责`.
        }
        if is_unclosed_title(source, cleaning, self.line.span) {
            return !opens_line(ahead.clone(), fragment.break_before);
        }
        // `经济增速是综合性指标，今年预期目标设定` / `为6%以上。`
        set_apart
            && !is_closing(last)
            && !matches!(last, ',' | '，')
            && !matches!(fragment.first, '—' | '-' | '–' | '─' | '―' | '（' | '(' | '【' | '[')
            && !opens_line(ahead.clone(), fragment.break_before)
            && Cursor::new(source, cleaning, self.line.span).any(|(_, c)| matches!(c, '。' | '，'))
    }

    /// Whether `fragment`, which `ahead` is at, continues this line.
    fn continues_with(
        &self,
        fragment: &LineFragment,
        ahead: &Cursor<'_>,
        source: &SourceText,
        cleaning: &Cleaning,
        after_title: bool,
    ) -> bool {
        if fragment.break_before == BreakKind::Paragraph {
            return false;
        }
        let last = self.line.last;
        // A row of signs underlines a heading; a heading or a row of a table is a line of its own.
        let underline = matches!(fragment.first, '=' | '-') && fragment.last == fragment.first && fragment.span.len() >= 3;
        if underline || matches!(fragment.first, '#' | '|') {
            return false;
        }
        if self.line.single
            && self.line.span.len() <= MAX_MARKER_CHARS
            && let Some(kind) = self.bare_marker(source, cleaning)
        {
            let part = matches!(kind, OrdinalKind::Part(_));
            // The list of an article that has no title; `第六条` / `第四条、第五条以外…` goes on.
            let mut next = ahead.clone();
            let lists = next.next().and_then(|(_, c)| ordinal_at(c, &next)).is_some_and(|next| !matches!(next.kind, OrdinalKind::Part(_)));
            if part && lists && opens_line(ahead.clone(), fragment.break_before) {
                return false;
            }
            // An article alone on its line, in bold or with its paragraph below an empty line.
            let sentence = is_finished(fragment.last) || fragment.span.len() > MAX_HEADING_WITHOUT_COMMA_CHARS;
            let bold = || source.char_at(self.line.span.end) == Some('*');
            return !(part && sentence && (fragment.after_blank_line || bold()));
        }
        // `2031年4月10日青石县第五届人民代表大会第二次会议通过`.
        let adopted = self.line.first.is_ascii_digit() && matches!(last, '过' | '過' | '准' | '正' | '布' | '订' | '訂');
        if adopted && self.line.single && fragment.first.is_ascii_digit() && fragment.break_before != BreakKind::Soft {
            return false;
        }
        let semicolon = matches!(last, '；' | ';');
        // An enumeration goes on: `海、` / `陆、空交通`.
        if matches!(last, '、' | '､') && fragment.break_before == BreakKind::Hard && fragment.span.len() > MAX_MARKER_CHARS {
            return true;
        }
        if is_finished(last) && fragment.break_before != BreakKind::Wrapped {
            return false;
        }
        if opens_line(ahead.clone(), fragment.break_before) {
            return false;
        }
        if fragment.break_before == BreakKind::Wrapped {
            return true;
        }
        if matches!(fragment.first, '#' | '|' | '>' | '<') || (matches!(self.line.first, '#' | '|' | '<') && self.line.single) {
            return false;
        }
        // A subtitle or a title of a document does not go on, nor does a line before a salutation or a list of annexes.
        if fragment.break_before == BreakKind::Hard {
            if self.line.first == '附' && lists_annexes(&fold_text(&cleaning.text(source, self.line.span))) {
                return false;
            }
            let dashed = matches!(self.line.first, '—' | '-' | '–' | '─' | '―');
            let dated = last == '上' && (self.line.first == '在' || self.line.first.is_ascii_digit());
            if (dashed || (dated && self.line.single)) && self.line.span.len() <= MAX_FRONT_CHARS {
                // `——2031年1月8日在青石县人民代表大会` / `第五次会议上`.
                return dashed && last != '上' && fragment.last == '上' && fragment.span.len() <= MAX_HEADING_WITHOUT_COMMA_CHARS;
            }
            let salutes = matches!(fragment.last, ':' | '：') && fragment.span.len() <= 40 && begins_salutation(fragment.first);
            // Shorter lines are not joined below.
            let titled =
                || (MAX_HEADING_CHARS + 1..=MAX_FRONT_CHARS).contains(&self.line.span.len()) && self.names_document(source, cleaning);
            if self.line.single && (salutes || titled()) {
                return false;
            }
        }
        let length = self.line.span.len();
        if fragment.break_before == BreakKind::Soft {
            // The space may end a heading; any other space in mid-sentence is noise.
            let fresh = self.line.single && !semicolon;
            return !(fresh
                && (length <= MAX_HEADING_CHARS
                    || self.is_heading(source, cleaning)
                    || self.is_front_matter(fragment, source, cleaning, after_title)));
        }
        if semicolon {
            return length > MAX_HEADING_CHARS && fragment.span.len() > 4;
        }
        if !after_title || self.is_heading(source, cleaning) {
            return false;
        }
        let comma = Cursor::new(source, cleaning, self.line.span)
            .take(2 * MAX_HEADING_WITHOUT_COMMA_CHARS)
            .any(|(_, c)| matches!(c, '，' | ',' | '。'));
        if length <= if comma { MAX_HEADING_CHARS } else { MAX_HEADING_WITHOUT_COMMA_CHARS } {
            // A comma does not end a line, except in verse.
            return matches!(last, '，' | ',' | '、') && (length > 12 || fragment.span.len() > 16);
        }
        fragment.span.len() > 4
            && !matches!(fragment.first, '（' | '(' | '—' | '【' | '[')
            && !is_boilerplate(&cleaning.text(source, line_head(self.line.span)))
            && !is_boilerplate(&cleaning.text(source, line_head(fragment.span)))
    }

    /// Whether this line of a text with lost breaks is the title, or precedes a salutation or a
    /// date, so that `fragment` begins a new line.
    fn is_front_matter(&self, fragment: &LineFragment, source: &SourceText, cleaning: &Cleaning, after_title: bool) -> bool {
        let length = self.line.span.len();
        let addressed = matches!(fragment.last, ':' | '：') && fragment.span.len() <= 40;
        let dated = matches!(fragment.first, '(' | '（') && is_closing(fragment.last) && fragment.span.len() <= 24;
        length <= 80 && (!after_title || addressed || dated || names_speech(&fold_text(&cleaning.text(source, self.line.span))))
    }

    /// Whether the line is the title of a speech or of another document.
    fn names_document(&self, source: &SourceText, cleaning: &Cleaning) -> bool {
        let folded = fold_text(&cleaning.text(source, self.line.span));
        (names_speech(&folded) || names_document(&folded)) && !folded.contains([',', '。', ';'])
    }

    /// The kind of the line if it is a marker whose title has not come yet (`一、`).
    fn bare_marker(&self, source: &SourceText, cleaning: &Cleaning) -> Option<OrdinalKind> {
        let mut cursor = Cursor::new(source, cleaning, self.line.span);
        let (_, c) = cursor.next()?;
        ordinal_at(c, &cursor).filter(|ordinal| ordinal.well_formed && ordinal.next.is_none()).map(|ordinal| ordinal.kind)
    }

    /// Whether the line is a heading only: an ordinal and a title.
    fn is_heading(&self, source: &SourceText, cleaning: &Cleaning) -> bool {
        let mut cursor = Cursor::new(source, cleaning, self.line.span);
        let Some((_, c)) = cursor.next() else { return false };
        ordinal_at(c, &cursor).is_some() && !cursor.take(200).any(|(_, c)| is_stop(c))
    }
}

/// Whether `c` separates or closes, so that no line of the author begins with it.
fn separates(c: char) -> bool {
    matches!(c, '，' | '、' | '。' | '；' | '：' | '！' | '？' | '》' | '）')
}

/// Whether the title of a book or a document is still open at the end of `span`: `三、关于《青石`.
fn is_unclosed_title(source: &SourceText, cleaning: &Cleaning, span: Span) -> bool {
    let tail = Span::new(span.end.saturating_sub(MAX_BRACKET_CHARS).max(span.start), span.end);
    Cursor::new(source, cleaning, tail).filter(|(_, c)| matches!(c, '《' | '》')).last().is_some_and(|(_, c)| c == '《')
}

/// Whether a salutation may begin with `c` (`各位代表：`, `同志们：`).
fn begins_salutation(c: char) -> bool {
    matches!(c, '各' | '同' | '尊' | '女' | '朋' | '代' | '委' | '老' | '乡' | '鄉' | '亲' | '親')
}

/// Whether a line that begins with `text` is boilerplate.
fn is_boilerplate(text: &str) -> bool {
    let folded: String = text.chars().filter(|c| !is_blank(*c)).map(fold).collect();
    boilerplate::is_boilerplate(text, &folded)
}

/// The first 100 chars of a span, which suffice to recognise boilerplate.
fn line_head(span: Span) -> Span {
    Span::new(span.start, span.end.min(span.start + 100))
}

/// Whether the fragment at `cursor` begins with an ordinal or bullet that starts a line of its own.
fn opens_line(mut cursor: Cursor<'_>, break_before: BreakKind) -> bool {
    let Some((_, c)) = cursor.next() else { return false };
    if is_bullet(c) && break_before != BreakKind::Wrapped && cursor.peek().is_some_and(|(_, c)| is_blank(c)) {
        return true;
    }
    let Some(ordinal) = ordinal_at(c, &cursor) else { return false };
    match ordinal.kind {
        // A hard wrap may have split 统|一是.
        OrdinalKind::Shi | OrdinalKind::Yao | OrdinalKind::Sequence => break_before != BreakKind::Wrapped && ordinal.well_formed,
        _ => ordinal.well_formed || ordinal.maybe_shifted,
    }
}

/// Whether `c`, followed by a blank, begins a list item.
fn is_bullet(c: char) -> bool {
    matches!(c, '-' | '*' | '+' | '–' | '•' | '·' | '●' | '○' | '◆' | '■' | '▪')
}

/// The detected wrap widths: of page lines, and of all others.
struct LineWrapping {
    pages: WrapWidth,
    others: WrapWidth,
    /// Whether empty lines set off most lines, so that a line without one may go on from the line before.
    set_apart: bool,
}

/// The width at which some lines were hard-wrapped.
struct WrapWidth {
    /// Shortest line, in chars, that may continue on the next; `None` if the lines are not wrapped.
    full: Option<usize>,
    /// Whether paragraphs are set off by empty lines or indents, so that even a full line that ends
    /// a sentence continues.
    set_off: bool,
    /// Whether empty lines are between most lines, so that they do not set off paragraphs.
    spaced: bool,
}

impl LineWrapping {
    fn detect(scan: &LineScan) -> Self {
        let apart = scan.lines.iter().skip(1).filter(|line| line.after_blank_line).count();
        Self {
            pages: WrapWidth::detect(scan.lines.iter().filter(|line| line.is_page_line), true),
            others: WrapWidth::detect(scan.lines.iter().filter(|line| !line.is_page_line), false),
            set_apart: apart >= MIN_LINES_SET_APART && apart * 2 >= scan.lines.len(),
        }
    }

    /// Whether `line` continues `before`, which was wrapped.
    fn joins(&self, before: &PhysicalLine, line: &PhysicalLine) -> bool {
        before.is_page_line == line.is_page_line && (if line.is_page_line { &self.pages } else { &self.others }).joins(before, line)
    }
}

impl WrapWidth {
    fn detect<'a>(lines: impl Iterator<Item = &'a PhysicalLine> + Clone, pages: bool) -> Self {
        let none = Self { full: None, set_off: false, spaced: false };
        let mut lengths: Vec<usize> = lines.clone().map(|line| line.span.len()).collect();
        if lengths.is_empty() {
            return none;
        }
        let count = lengths.len();
        let nth = (count * 9 / 10).min(count - 1);
        let widest = *lengths.select_nth_unstable(nth).1;
        let full = (widest * 3 / 4).max(12);
        let near = lengths.iter().filter(|length| (full..=widest * 5 / 4).contains(*length)).count();
        let open = lines.clone().filter(|line| line.span.len() >= full && !is_closing(line.last)).count();
        let wrapped = if pages { open * 3 >= near } else { count >= 4 && near * 2 >= count && open * 2 >= near && widest <= 400 };
        if !wrapped {
            return none;
        }
        let gaps = lines.clone().skip(1).filter(|line| line.after_blank_line).count();
        let spaced = gaps * 5 >= (count - 1) * 4;
        let set_off = lines.skip(1).filter(|line| (line.after_blank_line && !spaced) || line.indented).count() * 20 >= count;
        Self { full: Some(full), set_off, spaced }
    }

    fn joins(&self, before: &PhysicalLine, line: &PhysicalLine) -> bool {
        let set_off = (line.after_blank_line && !self.spaced) || (line.indented && !before.indented);
        self.full.is_some_and(|full| before.span.len() >= full && !set_off && (self.set_off || !is_closing(before.last)))
    }
}

/// The lines whose inner line breaks were turned into spaces.
struct LostBreaks {
    /// Whether all page lines are.
    pages: bool,
    /// Start offsets of the other such lines, sorted.
    starts: Vec<usize>,
}

impl LostBreaks {
    fn detect(source: &SourceText, cleaning: &Cleaning, enders: SentenceEnders, scan: &LineScan) -> Self {
        let parts = par_chunks(scan.lines.len(), MIN_LINES_PER_THREAD, |part| {
            let mut starts = Vec::new();
            let (mut page_breaks, mut page_stops) = (0, 0);
            let suspects = scan.lines[part]
                .iter()
                .filter(|line| (line.is_page_line || line.span.len() >= MIN_LOST_BREAKS_CHARS) && line.space_runs >= 1);
            for line in suspects {
                let (breaks, stops, ordinals) = count_lost_breaks(Cursor::new(source, cleaning, line.span), enders);
                if line.is_page_line {
                    page_breaks += breaks;
                    page_stops += stops;
                    continue;
                }
                let dominates = line.span.len() * 2 >= source.len();
                if breaks >= 2 && (dominates || (ordinals >= 1 && breaks * 2 <= stops)) {
                    starts.push(line.span.start);
                }
            }
            (starts, page_breaks, page_stops)
        });
        let (page_breaks, page_stops) = parts.iter().fold((0, 0), |sums, part| (sums.0 + part.1, sums.1 + part.2));
        let starts = parts.into_iter().flat_map(|part| part.0).collect();
        Self { pages: page_breaks >= 2 && page_breaks <= page_stops.max(4), starts }
    }

    /// Passes the fragments of `line` to `each`: the whole line, or its parts between spaces if it
    /// lost breaks.
    fn fragments(
        &self,
        source: &SourceText,
        cleaning: &Cleaning,
        line: &PhysicalLine,
        break_before: BreakKind,
        mut each: impl FnMut(LineFragment),
    ) {
        if line.space_runs == 0 || !((line.is_page_line && self.pages) || self.starts.binary_search(&line.span.start).is_ok()) {
            let after_blank_line = line.after_blank_line;
            let goes_on = line.goes_on;
            let (span, first, last) = (line.span, line.first, line.last);
            each(LineFragment { span, first, last, break_before, lost_breaks: false, after_blank_line, goes_on });
            return;
        }
        let mut open: Option<LineFragment> = None;
        let mut break_before = break_before;
        let mut bracket: Option<usize> = None;
        let mut cursor = Cursor::new(source, cleaning, line.span);
        while let Some((at, c)) = cursor.next() {
            match c {
                '（' | '(' => bracket = Some(at),
                '）' | ')' => bracket = None,
                _ => {}
            }
            // No line ends inside a bracket: `（约10: 7）`.
            if is_blank(c) && bracket.is_some_and(|open| at - open <= MAX_BRACKET_CHARS) {
                continue;
            }
            if is_blank(c) {
                if let Some(fragment) = open.take() {
                    each(fragment);
                    break_before = BreakKind::Soft;
                }
                continue;
            }
            let fragment = open.get_or_insert(LineFragment {
                span: Span::empty(at),
                first: c,
                last: c,
                break_before,
                lost_breaks: true,
                after_blank_line: false,
                goes_on: false,
            });
            fragment.last = cursor.skip_run(&RUNNING_TEXT).unwrap_or(c);
            fragment.span.end = cursor.offset();
        }
        open.into_iter().for_each(each);
    }
}

/// Counts the spaces where a line may have ended, the stops, and the spaces before an ordinal.
fn count_lost_breaks(mut cursor: Cursor<'_>, enders: SentenceEnders) -> (usize, usize, usize) {
    let (mut breaks, mut stops, mut ordinals) = (0, 0, 0);
    let mut before = '\0';
    let mut gap = false;
    let mut bracket: Option<usize> = None;
    while let Some((at, c)) = cursor.next() {
        if is_blank(c) {
            gap = true;
            continue;
        }
        gap &= bracket.is_none_or(|open| at - open > MAX_BRACKET_CHARS);
        match c {
            '（' | '(' => bracket = Some(at),
            '）' | ')' => bracket = None,
            _ => {}
        }
        if gap && !before.is_ascii_alphanumeric() && !c.is_ascii_alphanumeric() || gap && c.is_ascii_digit() {
            let ordinal = ordinal_at(c, &cursor).is_some_and(|ordinal| ordinal.well_formed && ordinal.kind != OrdinalKind::Sequence);
            breaks += usize::from(is_closing(before) || ordinal);
            ordinals += usize::from(ordinal);
        }
        stops += usize::from(enders.is_stop(before, c));
        gap = false;
        before = cursor.skip_run(&RUNNING_TEXT).unwrap_or(c);
    }
    (breaks, stops, ordinals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::clean::scan::scan;

    /// The cleaned logical lines of a text.
    fn joined(text: &str) -> Vec<String> {
        let source = SourceText::from(text);
        let scan = scan(&source);
        let cleaning = Cleaning::new(scan.removed.clone());
        let lines = logical_lines(&source, &cleaning, SentenceEnders::new(&source), &scan);
        lines.iter().map(|line| cleaning.text(&source, line.span).replace('\n', "")).collect()
    }

    const TITLE: &str = "在青禾县工作会议上的讲话";

    #[test]
    fn open_sentences_are_joined_and_finished_ones_are_not() {
        let text = format!("{TITLE}\n这一年全县上下齐心协力，办成了许多过去想办而没有办成的\n大事，群众看在眼里。\n今年任务更重。\n");
        assert_eq!(joined(&text), [TITLE, "这一年全县上下齐心协力，办成了许多过去想办而没有办成的大事，群众看在眼里。", "今年任务更重。"]);
    }

    #[test]
    fn front_matter_lines_stay_apart() {
        let lines = ["政府工作报告", "--2031年2月5日在青石区第十四届人民代表大会第四次会议上", "青石区人民政府区长 林某", "各位代表："];
        assert_eq!(joined(&lines.join("\n")), lines);
        let subtitle = ["政府工作报告", "——2031年1月8日在青石县第十五届人民代表大会", "第五次会议上", "县长 林某"];
        assert_eq!(joined(&subtitle.join("\n")), [subtitle[0], &subtitle[1..3].concat(), subtitle[3]]);
        let adopted = [
            "2031年4月10日 青石县第五届人民代表大会常务委员会第二十次会议通过",
            "2032年1月5日 青石县第六届人民代表大会常务委员会第三次会议修正",
        ];
        assert_eq!(joined(&format!("{TITLE}\n\n{}\n\n一、总则", adopted.join("\n\n")))[1..3], adopted.map(|line| line.replace('\n', "")));
        let title = "青石县人民政府办公室关于进一步加强全县农田水利设施管护工作的实施意见";
        assert_eq!(joined(&format!("青政办发〔2031〕2号\n{title}\n青石县水利局负责落实这件事情。")).len(), 3);
    }

    #[test]
    fn an_enumeration_goes_on_in_the_next_line() {
        let text = format!("{TITLE}\n為了改善出海的航道，我們會加緊規劃海、\n陸、空交通運輸基建工程項目。\n");
        assert_eq!(joined(&text), [TITLE, "為了改善出海的航道，我們會加緊規劃海、陸、空交通運輸基建工程項目。"]);
    }

    #[test]
    fn list_items_begin_lines() {
        let items = ["- 前岭村种羊肚菌，每亩纯收入1.6万元，比上年翻了一番；", "- 上塘村养稻田鱼，一亩田多收入2400元；", "• 新桥村做电商。"];
        let mut lines = joined(&format!("{TITLE}\n村里有三样做法，办成了许多过去想办而没有办成的\n{}\n", items.join("\n")));
        assert_eq!(lines.split_off(2), items);
    }

    #[test]
    fn headings_and_ordinals_begin_lines() {
        let text = format!(
            "{TITLE}\n一、总体要求\n（一）把方向\n要把牢方向，一步一个脚印地往前走，不走弯路，不走回头路\n（二）抓落实\n落实见效。\n"
        );
        assert_eq!(
            joined(&text),
            [TITLE, "一、总体要求", "（一）把方向", "要把牢方向，一步一个脚印地往前走，不走弯路，不走回头路", "（二）抓落实", "落实见效。"]
        );
    }

    #[test]
    fn bare_markers_take_the_next_line_as_title() {
        assert_eq!(joined(&format!("{TITLE}\n一、\n总体要求\n要稳。\n")), [TITLE, "一、总体要求", "要稳。"]);
        assert_eq!(joined(&format!("{TITLE}\n\n第一條\n\n塘坝归乡管。\n")), [TITLE, "第一條", "塘坝归乡管。"]);
        assert_eq!(joined(&format!("{TITLE}\n第一條\n1. 塘坝归乡管。\n")), [TITLE, "第一條", "1. 塘坝归乡管。"]);
        assert_eq!(joined(&format!("{TITLE}\n\n第一章\n\n總則\n\n塘坝归乡管。\n")), [TITLE, "第一章總則", "塘坝归乡管。"]);
    }

    #[test]
    fn hard_wrapped_lines_are_joined_up_to_an_indent() {
        let row = "这是一段按固定宽度折行的文字每行都有二十个字";
        let text = format!("　　{row}\n{row}\n{row}。\n　　{row}\n{row}\n{row}。\n");
        assert_eq!(joined(&text), [format!("{row}{row}{row}。"), format!("{row}{row}{row}。")]);
    }

    #[test]
    fn page_lines_are_joined_across_empty_lines() {
        let page = "要把这件事情办好，必须紧紧依靠群众，从村里走来又往村里去，把大家的智慧和力量集中起来，形成";
        let text = format!("1、{page}\n\n2、{page}\n\n3、{page}\n\n4、合力。\n");
        assert_eq!(joined(&text), [format!("{page}{page}{page}合力。")]);
    }

    #[test]
    fn no_line_ends_inside_a_bracket() {
        let said = "塘坝要修好，渠道要修通，账目要公开，群众才会放心，干部才有威信（见表15: 52）。";
        assert_eq!(joined(&format!("{TITLE}\n{}\n", said.repeat(4))).len(), 2);
    }

    #[test]
    fn lost_line_breaks_are_restored_at_headings_and_sentence_ends() {
        let body = "今年以来，各项工作都有新的进展，群众的获得感更加充实，干部的劲头更足。";
        let text = format!("{TITLE} 同志们： {body} 一、总体要求 {body} 二、保障措施 {body} （一）加强领导 {body}");
        let expected = [TITLE, "同志们：", body, "一、总体要求", body, "二、保障措施", body, "（一）加强领导", body];
        assert_eq!(joined(&text), expected);
    }
}
