//! Page numbers and page footers that a host left in the text.

use super::scan::Line;
use crate::text::Cursor;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::fold::simplify;

/// A number at the start of a line, which may be the page's.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineNumber {
    line: usize,
    value: u32,
    /// The number, its separator and the spaces behind.
    mark: Span,
    /// A separator or space follows.
    separated: bool,
    /// What follows looks like an ordinal of its own.
    before_ordinal: bool,
}

impl LineNumber {
    /// The same, of a line that `lines` more stand before.
    pub(super) fn behind(self, lines: usize) -> Self {
        Self { line: self.line + lines, ..self }
    }
}

/// A line's page number that is to be taken out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub mark: Span,
    /// The line's index.
    pub line: usize,
    /// Joining the lines of its run mends sentences.
    pub broken: bool,
}

/// Something that looks like a page footer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Footer {
    pub span: Span,
    /// Page and, where it is told, the number of pages.
    page: u32,
    pages: u32,
    /// It can be nothing else.
    certain: bool,
    /// White space stands before it, and text before that.
    inside: bool,
}

impl Footer {
    /// With the white space from `from` on, where it stands right before a footer inside a line.
    pub(super) fn behind(self, from: usize) -> Self {
        Self { span: Span::new(if self.inside && from < self.span.start { from } else { self.span.start }, self.span.end), ..self }
    }
}

/// The value of a digit, ASCII or full width.
fn digit(c: char) -> Option<u32> {
    c.to_digit(10).or_else(|| matches!(c, '０'..='９').then(|| u32::from(c) - u32::from('０')))
}

/// Reads a number of up to four digits, the first of which may have been read.
fn number(first: Option<char>, cursor: &mut Cursor<'_>) -> Option<u32> {
    let mut value = match first {
        Some(c) => digit(c)?,
        None => digit(cursor.next()?.1)?,
    };
    while let Some(next) = cursor.peek().and_then(|(_, c)| digit(c)) {
        value = value * 10 + next;
        if value > 9999 {
            return None;
        }
        cursor.next();
    }
    Some(value)
}

/// The number that line `line` begins with.
pub(super) fn line_number(at: usize, c: char, cursor: &Cursor<'_>, line: usize) -> Option<LineNumber> {
    digit(c)?;
    let mut after = cursor.clone();
    let value = number(Some(c), &mut after)?;
    let behind = after.offset();
    if let Some((_, '、' | '.' | '．' | '､' | ',' | '，')) = after.peek() {
        after.next();
    }
    after.skip_blanks(8);
    let separated = after.offset() > behind;
    let before_ordinal = after.peek().is_some_and(|(_, c)| matches!(c, '一'..='十' | '（' | '(' | '第') || digit(c).is_some());
    Some(LineNumber { line, value, mark: Span::new(at, after.offset()), separated, before_ordinal })
}

/// The numbers that are the pages' because they run in step with the lines: 1 to n over a run of
/// lines, where joining the lines mends broken sentences or where all lines carry one.
pub(super) fn pages_in_step(lines: &[Line], numbers: &[LineNumber], source: &SourceText) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut rest = numbers;
    while let Some(first) = rest.first() {
        let run = rest.iter().zip(0..).take_while(|(number, n)| number.line == first.line + n && number.value == 1 + *n as u32).count();
        if run > 0 {
            let (run, _) = rest.split_at(run);
            if let Some(broken) = are_pages(&lines[first.line..first.line + run.len()], run, lines.len(), source) {
                pages.extend(run.iter().map(|number| Page { mark: number.mark, line: number.line, broken }));
            }
        }
        rest = &rest[run.max(1)..];
    }
    pages
}

/// Whether the numbers of these lines are their pages', and if so, whether lines are broken.
fn are_pages(lines: &[Line], run: &[LineNumber], all: usize, source: &SourceText) -> Option<bool> {
    let count = lines.len();
    let chars: usize = lines.iter().map(|line| line.span.len()).sum();
    let broken = lines[..count - 1].iter().filter(|line| ends_open(line.last)).count();
    let whole = count == all || (count + 6 >= all && count >= 3) || chars * 10 >= source.len() * 8;
    let nested = run.iter().filter(|number| number.before_ordinal).count();
    if count == 1 {
        // A single page can only be told by its title.
        return (whole && run[0].separated && begins_with_title(source, run[0].mark.end, lines[0].span.end)).then_some(false);
    }
    let mends = broken * 5 >= (count - 1) * 2;
    if mends && whole && (chars / count >= 30 || nested > 1) {
        return Some(chars / count >= 30);
    }
    if mends && chars / count >= 80 && count >= 3 {
        return Some(true);
    }
    // Every line has its number, and some of these stand before an ordinal of the text.
    (count == all && count >= 5 && nested >= 1).then_some(false)
}

/// Whether a text that ends in `c` goes on on the next line.
fn ends_open(c: char) -> bool {
    !matches!(c, '。' | '！' | '？' | '；' | '：' | '.' | '｡' | '!' | '?' | ';' | ':' | '…' | '”' | '"' | '』' | '」' | '）' | ')' | '》')
}

/// Whether the text from `from` on begins with what looks like a speech's title, ended by a space.
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

/// The footer that begins with `c` at `at`. `starts`: it begins its line; `spaced`: white space
/// stands before it.
pub(super) fn footer(at: usize, c: char, cursor: &Cursor<'_>, starts: bool, spaced: bool) -> Option<Footer> {
    let mut after = cursor.clone();
    let (page, pages, certain) = match c {
        '第' | '共' => {
            let (first_is_page, mut page) = (c == '第', sheet(&mut after)?);
            let mut joined = after.clone();
            joined.skip_blanks(4);
            while let Some((_, '/' | '／' | '，' | ',' | '|')) = joined.peek() {
                joined.next();
                joined.skip_blanks(4);
            }
            let other = if first_is_page { '共' } else { '第' };
            let mut pages = 0;
            if joined.next().is_some_and(|(_, c)| c == other)
                && let Some(second) = sheet(&mut joined)
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
            let page = number(None, &mut after)?;
            let mut of = after.clone();
            of.skip_blanks(2);
            let (o, f) = (of.next().map(|(_, c)| c), of.next().map(|(_, c)| c));
            of.skip_blanks(2);
            match (o, f, number(None, &mut of)) {
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
            let page = number(None, &mut after)?;
            after.skip_blanks(2);
            after.next().filter(|(_, close)| *close == c)?;
            while after.peek().is_some_and(|(_, next)| next == c) {
                after.next();
            }
            (page, 0, true)
        }
        _ => {
            let page = number(Some(c), &mut after)?;
            let mut slash = after.clone();
            slash.skip_blanks(1);
            let pages = match slash.next() {
                Some((_, '/' | '／')) => {
                    slash.skip_blanks(1);
                    let pages = number(None, &mut slash)?;
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
    let plain_number = pages == 0 && digit(c).is_some();
    let fits = own_line || (pages > 0 && certain) || ((starts || spaced) && closed && !plain_number);
    if !fits || (pages > 0 && page > pages) || page == 0 {
        return None;
    }
    // Inside a sentence the spaces around it go with it.
    let span = if own_line { Span::new(at, end) } else { Span::new(at, if ends { end } else { after.offset() }) };
    Some(Footer { span, page, pages, certain: certain || (own_line && !plain_number), inside: spaced && !starts })
}

/// Reads ` 3 页` behind 第 or 共.
fn sheet(cursor: &mut Cursor<'_>) -> Option<u32> {
    cursor.skip_blanks(3);
    let value = number(None, cursor)?;
    cursor.skip_blanks(3);
    cursor.next().filter(|(_, c)| matches!(c, '页' | '頁')).map(|_| value)
}

/// Keeps of the doubtful footers (`3/9`, `第 3 页`, a number alone on its line) those that count on.
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
