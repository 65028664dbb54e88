//! Page numbers and page footers of the original pages, left in the text.
//!
//! Page lines are lines that begin with a page number: `1、同志们…`, `2、会议…`, running from 1. A
//! footer is a page number of its own: `第 3 页`, `第3页，共9页`, `Page 3 of 9`, `— 3 —`, `3/9`.

use super::physical_line::PhysicalLine;
use crate::text::Cursor;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::fold::simplify;

/// A number at the start of a line, which may be a page number.
#[derive(Debug, Clone, Copy)]
pub(super) struct LeadingNumber {
    /// Index of the line.
    line: usize,
    value: u32,
    /// The number, its separator and the spaces after it.
    mark: Span,
    /// A separator or space follows.
    separated: bool,
    /// An ordinal of the text follows: `3、（一）`.
    before_ordinal: bool,
}

impl LeadingNumber {
    /// The same number with its line index increased by `lines`.
    pub(super) fn shifted(self, lines: usize) -> Self {
        Self { line: self.line + lines, ..self }
    }
}

/// A page number at the start of a line, to be removed.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageLine {
    /// The number, its separator and the spaces after it.
    pub mark: Span,
    /// Index of the line.
    pub line: usize,
    /// Whether sentences continue across the lines of its sequence, so the lines must be joined.
    pub broken: bool,
}

/// A candidate for a page footer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Footer {
    pub span: Span,
    /// Page number.
    page: u32,
    /// Total number of pages; 0 if not given.
    pages: u32,
    /// Whether it can be nothing else.
    certain: bool,
    /// Whether text and white space precede it on its line.
    inside: bool,
}

impl Footer {
    /// Extends a footer inside a line over the white space before it, which begins at `from`.
    pub(super) fn with_blanks_from(self, from: usize) -> Self {
        Self { span: Span::new(if self.inside && from < self.span.start { from } else { self.span.start }, self.span.end), ..self }
    }
}

/// The value of a digit, ASCII or full width.
fn digit_value(c: char) -> Option<u32> {
    c.to_digit(10).or_else(|| matches!(c, '０'..='９').then(|| u32::from(c) - u32::from('０')))
}

/// Parses a number of up to four digits; `first` is its first digit if already read.
fn parse_number(first: Option<char>, cursor: &mut Cursor<'_>) -> Option<u32> {
    let mut value = match first {
        Some(c) => digit_value(c)?,
        None => digit_value(cursor.next()?.1)?,
    };
    while let Some(next) = cursor.peek().and_then(|(_, c)| digit_value(c)) {
        value = value * 10 + next;
        if value > 9999 {
            return None;
        }
        cursor.next();
    }
    Some(value)
}

/// Parses the number that line `line` begins with; `c`, at `at`, is its first char and `cursor` is
/// after it.
pub(super) fn leading_number(at: usize, c: char, cursor: &Cursor<'_>, line: usize) -> Option<LeadingNumber> {
    digit_value(c)?;
    let mut after = cursor.clone();
    let value = parse_number(Some(c), &mut after)?;
    let number_end = after.offset();
    if let Some((_, '、' | '.' | '．' | '､' | ',' | '，')) = after.peek() {
        after.next();
    }
    after.skip_blanks(8);
    let separated = after.offset() > number_end;
    let before_ordinal = after.peek().is_some_and(|(_, c)| matches!(c, '一'..='十' | '（' | '(' | '第') || digit_value(c).is_some());
    Some(LeadingNumber { line, value, mark: Span::new(at, after.offset()), separated, before_ordinal })
}

/// The page lines: sequences of contiguous lines numbered 1 to n, if the sentences continue from
/// line to line or every line of the text has a number.
pub(super) fn page_lines(lines: &[PhysicalLine], numbers: &[LeadingNumber], source: &SourceText) -> Vec<PageLine> {
    let mut pages = Vec::new();
    let mut rest = numbers;
    while let Some(first) = rest.first() {
        let run = rest.iter().zip(0..).take_while(|(number, n)| number.line == first.line + n && number.value == 1 + *n as u32).count();
        if run > 0 {
            let (run, _) = rest.split_at(run);
            if let Some(broken) = are_page_lines(&lines[first.line..first.line + run.len()], run, lines.len(), source) {
                pages.extend(run.iter().map(|number| PageLine { mark: number.mark, line: number.line, broken }));
            }
        }
        rest = &rest[run.max(1)..];
    }
    pages
}

/// Decides whether lines numbered 1 to n are page lines (`None` if not), and if so, whether
/// sentences continue from line to line. `all` is the number of lines of the text.
fn are_page_lines(lines: &[PhysicalLine], run: &[LeadingNumber], all: usize, source: &SourceText) -> Option<bool> {
    let count = lines.len();
    let chars: usize = lines.iter().map(|line| line.span.len()).sum();
    let broken = lines[..count - 1].iter().filter(|line| ends_mid_sentence(line.last)).count();
    let whole = count == all || (count + 6 >= all && count >= 3) || chars * 10 >= source.len() * 8;
    let nested = run.iter().filter(|number| number.before_ordinal).count();
    if count == 1 {
        // A single page is recognised only by its title: `1、在大会上的讲话 同志们…`.
        return (whole && run[0].separated && begins_with_title(source, run[0].mark.end, lines[0].span.end)).then_some(false);
    }
    let mends_sentences = broken * 5 >= (count - 1) * 2;
    if mends_sentences && whole && (chars / count >= 30 || nested > 1) {
        return Some(chars / count >= 30);
    }
    if mends_sentences && chars / count >= 80 && count >= 3 {
        return Some(true);
    }
    // Every line is numbered, and some numbers precede an ordinal of the text.
    (count == all && count >= 5 && nested >= 1).then_some(false)
}

/// Whether a line that ends in `c` ends inside a sentence.
fn ends_mid_sentence(c: char) -> bool {
    !matches!(c, '。' | '！' | '？' | '；' | '：' | '.' | '｡' | '!' | '?' | ';' | ':' | '…' | '”' | '"' | '』' | '」' | '）' | ')' | '》')
}

/// Whether the text from `from` to `to` begins with the title of a speech, ended by a space:
/// `在动员会上的讲话 同志们`.
fn begins_with_title(source: &SourceText, from: usize, to: usize) -> bool {
    let mut last = ['\0'; 2];
    for (_, c) in Cursor::raw(source, Span::new(from, to.min(from + 60))) {
        if is_blank(c) {
            let word: String = last.iter().map(|c| simplify(*c)).collect();
            return ["讲话", "发言", "报告", "致辞"].contains(&word.as_str());
        }
        last = [last[1], c];
    }
    false
}

/// Parses the footer that begins with `c` at `at`; `cursor` is after `c`. `starts`: it begins its
/// line; `spaced`: white space precedes it.
///
/// Forms: `第3页`, `共9页`, `第3页 / 共9页`, `Page 3`, `Page 3 of 9`, `- 3 -`, `—— 3 ——`, `3/9`, `3`.
pub(super) fn parse_footer(at: usize, c: char, cursor: &Cursor<'_>, starts: bool, spaced: bool) -> Option<Footer> {
    let mut after = cursor.clone();
    let (page, pages, certain) = match c {
        '第' | '共' => {
            let (first_is_page, mut page) = (c == '第', parse_pages(&mut after)?);
            let mut joined = after.clone();
            joined.skip_blanks(4);
            while let Some((_, '/' | '／' | '，' | ',' | '|')) = joined.peek() {
                joined.next();
                joined.skip_blanks(4);
            }
            let other = if first_is_page { '共' } else { '第' };
            let mut pages = 0;
            if joined.next().is_some_and(|(_, c)| c == other)
                && let Some(second) = parse_pages(&mut joined)
            {
                (page, pages) = if first_is_page { (page, second) } else { (second, page) };
                after = joined;
            }
            (page, pages, pages > 0)
        }
        'P' | 'p' => {
            let mut word = after.by_ref().take(3).map(|(_, c)| c);
            if !(word.next() == Some('a') && word.next() == Some('g') && word.next() == Some('e')) {
                return None;
            }
            after.skip_blanks(2);
            let page = parse_number(None, &mut after)?;
            let mut of = after.clone();
            of.skip_blanks(2);
            let (o, f) = (of.next().map(|(_, c)| c), of.next().map(|(_, c)| c));
            of.skip_blanks(2);
            match (o, f, parse_number(None, &mut of)) {
                (Some('o'), Some('f'), Some(pages)) => {
                    after = of;
                    (page, pages, true)
                }
                _ => (page, 0, false),
            }
        }
        '-' | '—' | '－' | '–' | '·' => {
            while after.peek().is_some_and(|(_, next)| next == c) {
                after.next();
            }
            after.skip_blanks(2);
            let page = parse_number(None, &mut after)?;
            after.skip_blanks(2);
            after.next().filter(|(_, close)| *close == c)?;
            while after.peek().is_some_and(|(_, next)| next == c) {
                after.next();
            }
            (page, 0, true)
        }
        _ => {
            let page = parse_number(Some(c), &mut after)?;
            let mut slash = after.clone();
            slash.skip_blanks(1);
            let pages = match slash.next() {
                Some((_, '/' | '／')) => {
                    slash.skip_blanks(1);
                    let pages = parse_number(None, &mut slash)?;
                    after = slash;
                    pages
                }
                _ => 0,
            };
            (page, pages, false)
        }
    };
    let end = after.offset();
    let blanks = after.clone();
    after.skip_blanks(8);
    let ends = after.peek().is_none_or(|(_, c)| c == '\n');
    let closed = ends || blanks.offset() < after.offset();
    let own_line = starts && ends;
    let plain_number = pages == 0 && digit_value(c).is_some();
    let fits = own_line || (pages > 0 && certain) || ((starts || spaced) && closed && !plain_number);
    if !fits || (pages > 0 && page > pages) || page == 0 {
        return None;
    }
    // Inside a line the spaces after it are removed too.
    let span = if own_line { Span::new(at, end) } else { Span::new(at, if ends { end } else { after.offset() }) };
    Some(Footer { span, page, pages, certain: certain || (own_line && !plain_number), inside: spaced && !starts })
}

/// Parses ` 3 页` after 第 or 共.
fn parse_pages(cursor: &mut Cursor<'_>) -> Option<u32> {
    cursor.skip_blanks(3);
    let value = parse_number(None, cursor)?;
    cursor.skip_blanks(3);
    cursor.next().filter(|(_, c)| matches!(c, '页' | '頁')).map(|_| value)
}

/// Drops the uncertain footers (`3/9`, `第 3 页`, a number alone on its line) that are not in a
/// sequence of consecutive page numbers.
pub(super) fn accept_footers(footers: &mut Vec<Footer>) {
    let mut keep: Vec<bool> = footers.iter().map(|footer| footer.certain).collect();
    let mut last: Option<usize> = None;
    for (index, footer) in footers.iter().enumerate() {
        if footer.certain {
            continue;
        }
        if let Some(before) = last
            && footers[before].pages == footer.pages
            && footer.page == footers[before].page + 1
        {
            keep[before] = true;
            keep[index] = true;
        }
        last = Some(index);
    }
    let mut kept = keep.into_iter();
    footers.retain(|_| kept.next().unwrap_or(false));
}
