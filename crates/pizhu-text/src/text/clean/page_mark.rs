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
    // A list of short items ends no sentence, either, but pages are of one size.
    let breaks_off = |line: &&PhysicalLine| ends_mid_sentence(line.last) && line.span.len() * 2 * count >= chars;
    let broken = lines[..count - 1].iter().filter(breaks_off).count();
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

/// Where a footer begins in its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FooterPosition {
    LineStart,
    AfterBlank,
    InText,
}

/// What a footer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PageNumber {
    page: u32,
    /// Total number of pages; 0 if not given.
    pages: u32,
    /// Whether its form alone makes it a footer.
    certain: bool,
}

/// Parses the footer that begins with `c` at `at`; `cursor` is after `c`.
pub(super) fn parse_footer(at: usize, c: char, cursor: &Cursor<'_>, position: FooterPosition) -> Option<Footer> {
    let mut after = cursor.clone();
    let number = match c {
        '第' | '共' => counted_pages(c, &mut after),
        'P' | 'p' => english_page(&mut after),
        '-' | '—' | '－' | '–' | '·' => dashed_page(c, &mut after),
        _ => page_and_total(c, &mut after),
    }?;
    let PageNumber { page, pages, certain } = number;
    if page == 0 || (pages > 0 && page > pages) {
        return None;
    }
    let end = after.offset();
    after.skip_blanks(8);
    let ends_line = after.peek().is_none_or(|(_, c)| c == '\n');
    let closed = ends_line || end < after.offset();
    let own_line = position == FooterPosition::LineStart && ends_line;
    let only_number = pages == 0 && digit_value(c).is_some();
    // `第3页，共9页` is one wherever it is, `第3页` between blanks, `3` alone on its line.
    let fits = own_line || (pages > 0 && certain) || (position != FooterPosition::InText && closed && !only_number);
    // Inside a line the spaces after it are removed too.
    let span = Span::new(at, if ends_line { end } else { after.offset() });
    let certain = certain || (own_line && !only_number);
    fits.then_some(Footer { span, page, pages, certain, inside: position == FooterPosition::AfterBlank })
}

/// `第3页` `共9页` `第3页，共9页` `共9页 / 第3页`, after 第 or 共.
fn counted_pages(first: char, cursor: &mut Cursor<'_>) -> Option<PageNumber> {
    let number = parse_pages(cursor)?;
    let mut joined = cursor.clone();
    joined.skip_blanks(4);
    while let Some((_, '/' | '／' | '，' | ',' | '|')) = joined.peek() {
        joined.next();
        joined.skip_blanks(4);
    }
    let other = if first == '第' { '共' } else { '第' };
    let second = joined.next().filter(|(_, c)| *c == other).and_then(|_| parse_pages(&mut joined));
    let Some(second) = second else { return Some(PageNumber { page: number, pages: 0, certain: false }) };
    *cursor = joined;
    let (page, pages) = if first == '第' { (number, second) } else { (second, number) };
    Some(PageNumber { page, pages, certain: pages > 0 })
}

/// ` 3 页`, after 第 or 共.
fn parse_pages(cursor: &mut Cursor<'_>) -> Option<u32> {
    cursor.skip_blanks(3);
    let value = parse_number(None, cursor)?;
    cursor.skip_blanks(3);
    cursor.next().filter(|(_, c)| matches!(c, '页' | '頁')).map(|_| value)
}

/// `Page 3` `page 3 of 9`, after the P.
fn english_page(cursor: &mut Cursor<'_>) -> Option<PageNumber> {
    skip_word("age", cursor)?;
    cursor.skip_blanks(2);
    let page = parse_number(None, cursor)?;
    let mut of = cursor.clone();
    of.skip_blanks(2);
    let pages = skip_word("of", &mut of).and_then(|()| {
        of.skip_blanks(2);
        parse_number(None, &mut of)
    });
    if pages.is_some() {
        *cursor = of;
    }
    Some(PageNumber { page, pages: pages.unwrap_or(0), certain: pages.is_some() })
}

/// Moves over the letters of `word`; `None` if they are not there.
fn skip_word(word: &str, cursor: &mut Cursor<'_>) -> Option<()> {
    word.chars().all(|letter| cursor.next().is_some_and(|(_, c)| c == letter)).then_some(())
}

/// `- 3 -` `—— 3 ——` `·3·`, after the first dash.
fn dashed_page(dash: char, cursor: &mut Cursor<'_>) -> Option<PageNumber> {
    skip_dashes(dash, cursor);
    cursor.skip_blanks(2);
    let page = parse_number(None, cursor)?;
    cursor.skip_blanks(2);
    cursor.next().filter(|(_, close)| *close == dash)?;
    skip_dashes(dash, cursor);
    Some(PageNumber { page, pages: 0, certain: true })
}

fn skip_dashes(dash: char, cursor: &mut Cursor<'_>) {
    while cursor.peek().is_some_and(|(_, next)| next == dash) {
        cursor.next();
    }
}

/// `3` `3/9` `3 / 9`, after the first digit.
fn page_and_total(first: char, cursor: &mut Cursor<'_>) -> Option<PageNumber> {
    let page = parse_number(Some(first), cursor)?;
    let mut slash = cursor.clone();
    slash.skip_blanks(1);
    let mut pages = 0;
    if let Some((_, '/' | '／')) = slash.next() {
        slash.skip_blanks(1);
        pages = parse_number(None, &mut slash)?;
        *cursor = slash;
    }
    Some(PageNumber { page, pages, certain: false })
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

#[cfg(test)]
mod tests {
    use super::*;
    use FooterPosition::{AfterBlank, InText, LineStart};

    #[test]
    fn footers_of_each_form_are_parsed() {
        // The text, where its first char is, and what the footer covers: page, total pages, certain.
        let forms = [
            ("第3页", LineStart, Some(("第3页", 3, 0, true))),
            ("第 3 页 下文", AfterBlank, Some(("第 3 页 ", 3, 0, false))),
            ("第3页下文", AfterBlank, None),
            ("第3章", LineStart, None),
            ("共9页", LineStart, Some(("共9页", 9, 0, true))),
            ("第3页，共9页下文", InText, Some(("第3页，共9页", 3, 9, true))),
            ("共9頁 / 第3頁", LineStart, Some(("共9頁 / 第3頁", 3, 9, true))),
            ("第9页，共3页", LineStart, None),
            ("第0页", LineStart, None),
            ("Page 3", LineStart, Some(("Page 3", 3, 0, true))),
            ("page 3 of 9 下文", AfterBlank, Some(("page 3 of 9 ", 3, 9, true))),
            ("Part 3", LineStart, None),
            ("- 3 -", LineStart, Some(("- 3 -", 3, 0, true))),
            ("—— 3 ——\n下文", LineStart, Some(("—— 3 ——", 3, 0, true))),
            ("·3- ", LineStart, None),
            ("- 3 -下文", LineStart, None),
            ("3/9", LineStart, Some(("3/9", 3, 9, true))),
            ("３ ／ ９ 下文", AfterBlank, Some(("３ ／ ９ ", 3, 9, false))),
            ("3\n", LineStart, Some(("3", 3, 0, false))),
            ("3 下文", LineStart, None),
            ("12345", LineStart, None),
        ];
        for (text, position, expected) in forms {
            let source = SourceText::from(text);
            let mut cursor = Cursor::raw(&source, source.span());
            let (at, c) = cursor.next().unwrap();
            let footer = parse_footer(at, c, &cursor, position);
            let found = footer.as_ref().map(|footer| (source.slice(footer.span), footer.page, footer.pages, footer.certain));
            let expected = expected.map(|(span, page, pages, certain)| (span.into(), page, pages, certain));
            assert_eq!(found, expected, "{text}");
        }
    }
}
