//! Joining of lines: whether a fragment continues the logical line before it.
//!
//! [`JOIN_RULES`] are tried in order, and the first that decides is followed. Each has the text that it is
//! for as an example, in which ` / ` is the break.

use super::{
    OrdinalKind, boilerplate,
    candidate::Ordinal,
    line_recognizers::{lists_annexes, names_document, names_speech},
    logical_line::{BreakKind, LineFragment, LogicalLine},
    numeral::chinese_digit,
    ordinal_forms::ordinal_at,
    punctuation::{is_closing, is_finished, is_stop},
};
use crate::text::Cleaning;
use crate::text::Cursor;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::fold::fold;
use crate::text::fold::fold_text;

/// Longest open-ended line, in chars, that counts as a heading or the like and not as a broken
/// sentence.
const MAX_HEADING_CHARS: usize = 20;
/// Longest marker without a title, in chars.
pub(super) const MAX_MARKER_CHARS: usize = 12;
/// Like [`MAX_HEADING_CHARS`], for a line without a comma.
const MAX_HEADING_WITHOUT_COMMA_CHARS: usize = 30;
/// Brackets longer than this, in chars, count as unclosed.
pub(super) const MAX_BRACKET_CHARS: usize = 40;
/// Shortest line, in chars, that goes on behind a running head.
const MIN_BROKEN_CHARS: usize = 8;
/// Longest line of the front matter, in chars.
const MAX_FRONT_CHARS: usize = 80;
/// Longest line of address, in chars.
const MAX_ADDRESS_CHARS: usize = 40;
/// Longest date in brackets, in chars.
const MAX_DATE_CHARS: usize = 24;
/// Fragments up to this length, in chars, are no end of a sentence.
const MAX_STRAY_CHARS: usize = 4;

/// The text whose lines are joined.
#[derive(Clone, Copy)]
pub(super) struct LineTexts<'a> {
    pub source: &'a SourceText,
    pub cleaning: &'a Cleaning,
    /// Whether empty lines set off the paragraphs.
    pub set_apart: bool,
    /// Whether a line precedes the one under construction.
    pub after_title: bool,
}

/// Whether `fragment`, which `ahead` is at, continues `line`.
pub(super) fn joins(text: LineTexts<'_>, line: &LogicalLine, fragment: &LineFragment, ahead: &Cursor<'_>) -> bool {
    let junction = Junction { text, line, fragment, ahead };
    JOIN_RULES.iter().find_map(|rule| rule(&junction)).unwrap_or_else(|| goes_on(&junction))
}

/// A rule of joining; `None` if it does not decide.
type JoinRule = fn(&Junction<'_>) -> Option<bool>;

/// The rules of joining, the first first.
const JOIN_RULES: [JoinRule; 20] = [
    unclosed_quotation,
    before_numeral,
    after_running_head,
    unclosed_title,
    line_without_blank,
    paragraph,
    markup,
    bare_marker,
    adoption,
    enumeration,
    finished_sentence,
    ordinal,
    wrapped,
    markup_in_line,
    annexes,
    front_matter,
    lost_break,
    clause,
    heading,
    short_line,
];

/// A line under construction and the fragment after it.
struct Junction<'a> {
    text: LineTexts<'a>,
    line: &'a LogicalLine,
    fragment: &'a LineFragment,
    ahead: &'a Cursor<'a>,
}

impl Junction<'_> {
    fn len(&self) -> usize {
        self.line.span.len()
    }

    fn chars(&self) -> Cursor<'_> {
        Cursor::new(self.text.source, self.text.cleaning, self.line.span)
    }

    fn folded(&self) -> String {
        fold_text(&self.text.cleaning.text(self.text.source, self.line.span))
    }

    /// Whether the break is one within a paragraph, between two lines without markup.
    fn may_be_broken_off(&self) -> bool {
        let is_special = |c: char| matches!(c, '#' | '|' | '>' | '<' | '`' | '=' | '~');
        self.fragment.break_before == BreakKind::Hard
            && !self.fragment.after_blank_line
            && !is_special(self.fragment.first)
            && !is_special(self.line.first)
    }

    /// Whether the fragment begins with an ordinal or bullet that starts a line of its own.
    fn opens_line(&self) -> bool {
        let break_before = self.fragment.break_before;
        let mut cursor = self.ahead.clone();
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

    /// The ordinal that the line begins with, and the rest of the line.
    fn line_ordinal(&self) -> Option<(Ordinal, Cursor<'_>)> {
        let mut rest = self.chars();
        let (_, c) = rest.next()?;
        Some((ordinal_at(c, &rest)?, rest))
    }

    /// The kind of the line if it is a marker whose title has not come yet (`一、`).
    fn bare_marker(&self) -> Option<OrdinalKind> {
        let (ordinal, _) = self.line_ordinal()?;
        (ordinal.well_formed && ordinal.next.is_none()).then_some(ordinal.kind)
    }

    /// Whether the line is a heading only: an ordinal and a title.
    fn is_heading(&self) -> bool {
        self.line_ordinal().is_some_and(|(_, rest)| !rest.take(200).any(|(_, c)| is_stop(c)))
    }

    /// Whether the line is the title of a speech or of another document.
    fn names_document(&self) -> bool {
        let folded = self.folded();
        (names_speech(&folded) || names_document(&folded)) && !folded.contains([',', '。', ';'])
    }

    /// Whether this line of a text with lost breaks is the title, or precedes a salutation or a
    /// date, so that the fragment begins a new line.
    fn is_front_matter(&self) -> bool {
        let (first, last, length) = (self.fragment.first, self.fragment.last, self.fragment.span.len());
        let addressed = matches!(last, ':' | '：') && length <= MAX_ADDRESS_CHARS;
        let dated = matches!(first, '(' | '（') && is_closing(last) && length <= MAX_DATE_CHARS;
        self.len() <= MAX_FRONT_CHARS && (!self.text.after_title || addressed || dated || names_speech(&self.folded()))
    }

    /// Whether these chars are boilerplate.
    fn is_boilerplate(&self, span: Span) -> bool {
        // 100 chars suffice to recognise it.
        let head = Span::new(span.start, span.end.min(span.start + 100));
        let text = self.text.cleaning.text(self.text.source, head);
        let folded: String = text.chars().filter(|c| !is_blank(*c)).map(fold).collect();
        boilerplate::is_boilerplate(&text, &folded)
    }
}

/// A link or the like was on a line of its own: `关于《 / 青石规划`, `青石规划 / 》的说明`.
fn unclosed_quotation(at: &Junction<'_>) -> Option<bool> {
    // No line of the author begins with a sign that separates or closes.
    let separates = matches!(at.fragment.first, '，' | '、' | '。' | '；' | '：' | '！' | '？' | '》' | '）');
    (at.may_be_broken_off() && (matches!(at.line.last, '《' | '“' | '「') || separates)).then_some(true)
}

/// `由第 / 二、三支队负责`.
fn before_numeral(at: &Junction<'_>) -> Option<bool> {
    (at.may_be_broken_off() && at.line.last == '第' && at.len() > 1 && chinese_digit(at.fragment.first).is_some()).then_some(true)
}

/// A running head was taken out of a sentence.
fn after_running_head(at: &Junction<'_>) -> Option<bool> {
    let breaks_sentence = at.fragment.goes_on && !is_finished(at.line.last) && at.len() >= MIN_BROKEN_CHARS;
    (at.may_be_broken_off() && breaks_sentence && !at.opens_line()).then_some(true)
}

/// The title of a book or a document is still open: `三、关于《青石 / 规划》的说明`.
fn unclosed_title(at: &Junction<'_>) -> Option<bool> {
    let span = at.line.span;
    let tail = Span::new(span.end.saturating_sub(MAX_BRACKET_CHARS).max(span.start), span.end);
    let last_mark = || Cursor::new(at.text.source, at.text.cleaning, tail).filter(|(_, c)| matches!(c, '《' | '》')).last();
    (at.may_be_broken_off() && last_mark().is_some_and(|(_, c)| c == '《') && !at.opens_line()).then_some(true)
}

/// Where empty lines set off the paragraphs, a line without one goes on: `今年预期目标设定 / 为6%以上。`
fn line_without_blank(at: &Junction<'_>) -> Option<bool> {
    let ends_open = !is_closing(at.line.last) && !matches!(at.line.last, ',' | '，');
    let begins_aside = matches!(at.fragment.first, '—' | '-' | '–' | '─' | '―' | '（' | '(' | '【' | '[');
    (at.text.set_apart
        && at.may_be_broken_off()
        && ends_open
        && !begins_aside
        && !at.opens_line()
        && at.chars().any(|(_, c)| matches!(c, '。' | '，')))
    .then_some(true)
}

/// The end of a paragraph, as the format says.
fn paragraph(at: &Junction<'_>) -> Option<bool> {
    (at.fragment.break_before == BreakKind::Paragraph).then_some(false)
}

/// A row of signs underlines a heading; a heading or a row of a table is a line of its own: `总体要求 / ====`,
/// `全文 / | 甲 | 乙 |`.
fn markup(at: &Junction<'_>) -> Option<bool> {
    let LineFragment { first, last, span, .. } = at.fragment;
    let underlines = matches!(first, '=' | '-') && last == first && span.len() >= 3;
    (underlines || matches!(first, '#' | '|')).then_some(false)
}

/// A marker takes the next line as its title, `一、 / 总体要求`; an article that has none, its text:
/// `第六条 / 第四条、第五条以外的塘坝归乡管`, but not the list in it, nor a paragraph below an empty line.
fn bare_marker(at: &Junction<'_>) -> Option<bool> {
    if !at.line.single || at.len() > MAX_MARKER_CHARS {
        return None;
    }
    let kind = at.bare_marker()?;
    if !matches!(kind, OrdinalKind::Part(_)) {
        return Some(true);
    }
    let mut next = at.ahead.clone();
    let lists = next.next().and_then(|(_, c)| ordinal_at(c, &next)).is_some_and(|next| !matches!(next.kind, OrdinalKind::Part(_)));
    if lists && at.opens_line() {
        return Some(false);
    }
    let sentence = is_finished(at.fragment.last) || at.fragment.span.len() > MAX_HEADING_WITHOUT_COMMA_CHARS;
    let is_bold = || at.text.source.char_at(at.line.span.end) == Some('*');
    Some(!(sentence && (at.fragment.after_blank_line || is_bold())))
}

/// Dates of adoption and amendment: `2031年4月10日青石县第五届人民代表大会通过 / 2032年1月5日修正`.
fn adoption(at: &Junction<'_>) -> Option<bool> {
    let adopted = at.line.first.is_ascii_digit() && matches!(at.line.last, '过' | '過' | '准' | '正' | '布' | '订' | '訂');
    (adopted && at.line.single && at.fragment.first.is_ascii_digit() && at.fragment.break_before != BreakKind::Soft).then_some(false)
}

/// `海、 / 陆、空交通运输基建工程项目`, but not an ordinal below an empty line.
fn enumeration(at: &Junction<'_>) -> Option<bool> {
    let is_long = at.fragment.span.len() > MAX_MARKER_CHARS;
    let goes_on = matches!(at.line.last, '、' | '､') && at.fragment.break_before == BreakKind::Hard && is_long;
    (goes_on && !(at.fragment.after_blank_line && at.opens_line())).then_some(true)
}

/// `群众看在眼里。 / 今年任务更重。`
fn finished_sentence(at: &Junction<'_>) -> Option<bool> {
    (is_finished(at.line.last) && at.fragment.break_before != BreakKind::Wrapped).then_some(false)
}

/// `总体要求 / （一）把方向`, `办成了没有办成的 / - 前岭村种羊肚菌`.
fn ordinal(at: &Junction<'_>) -> Option<bool> {
    at.opens_line().then_some(false)
}

/// A full line of a hard-wrapped text.
fn wrapped(at: &Junction<'_>) -> Option<bool> {
    (at.fragment.break_before == BreakKind::Wrapped).then_some(true)
}

/// `全文 / > 引文`, `# 总体要求 / 要稳`.
fn markup_in_line(at: &Junction<'_>) -> Option<bool> {
    let is_own_line = at.line.single && matches!(at.line.first, '#' | '|' | '<');
    (is_own_line || matches!(at.fragment.first, '#' | '|' | '>' | '<')).then_some(false)
}

/// A list of annexes does not go on: `附：1.经费表 / 2.人员表`.
fn annexes(at: &Junction<'_>) -> Option<bool> {
    let is_own_line = at.fragment.break_before == BreakKind::Hard && at.line.first == '附';
    (is_own_line && lists_annexes(&at.folded())).then_some(false)
}

/// A subtitle or a title of a document does not go on, nor does a line before a salutation: `关于管护工作的
/// 实施意见 / 青石县水利局负责`, but `——2031年1月8日在青石县人民代表大会 / 第五次会议上`.
fn front_matter(at: &Junction<'_>) -> Option<bool> {
    let (line, LineFragment { last, first, span, break_before, .. }) = (at.line, at.fragment);
    if *break_before != BreakKind::Hard {
        return None;
    }
    let dashed = matches!(line.first, '—' | '-' | '–' | '─' | '―');
    let dated = line.last == '上' && (line.first == '在' || line.first.is_ascii_digit());
    if (dashed || (dated && line.single)) && at.len() <= MAX_FRONT_CHARS {
        return Some(dashed && line.last != '上' && *last == '上' && span.len() <= MAX_HEADING_WITHOUT_COMMA_CHARS);
    }
    let salutes = matches!(last, ':' | '：') && span.len() <= MAX_ADDRESS_CHARS && begins_salutation(*first);
    // Shorter lines are not joined by the rules below.
    let titled = || (MAX_HEADING_CHARS + 1..=MAX_FRONT_CHARS).contains(&at.len()) && at.names_document();
    (line.single && (salutes || titled())).then_some(false)
}

/// A space may end a heading or the front matter; any other in mid-sentence is noise: `一、总体要求 今年要稳`.
fn lost_break(at: &Junction<'_>) -> Option<bool> {
    if at.fragment.break_before != BreakKind::Soft {
        return None;
    }
    let is_fresh = at.line.single && !ends_clause(at.line.last);
    Some(!(is_fresh && (at.len() <= MAX_HEADING_CHARS || at.is_heading() || at.is_front_matter())))
}

/// `要统筹推进各乡镇塘坝的加固、清淤和管护工作； / 要落实责任人。`, but not the items of a list.
fn clause(at: &Junction<'_>) -> Option<bool> {
    ends_clause(at.line.last).then(|| at.len() > MAX_HEADING_CHARS && at.fragment.span.len() > MAX_STRAY_CHARS)
}

/// The title, and headings with an ordinal: `一、总体要求 / 今年要稳`.
fn heading(at: &Junction<'_>) -> Option<bool> {
    (!at.text.after_title || at.is_heading()).then_some(false)
}

/// A short line may be a heading, `总体思路 / 今年要稳`, or a verse, if it ends in a comma.
fn short_line(at: &Junction<'_>) -> Option<bool> {
    let has_comma = at.chars().take(2 * MAX_HEADING_WITHOUT_COMMA_CHARS).any(|(_, c)| matches!(c, '，' | ',' | '。'));
    let longest = if has_comma { MAX_HEADING_CHARS } else { MAX_HEADING_WITHOUT_COMMA_CHARS };
    let is_long_verse = at.len() > 12 || at.fragment.span.len() > 16;
    (at.len() <= longest).then_some(matches!(at.line.last, '，' | ',' | '、') && is_long_verse)
}

/// Whether a long line that ends open goes on, if no rule decides: `办成了没有办成的 / 大事，群众看在眼里`.
fn goes_on(at: &Junction<'_>) -> bool {
    at.fragment.span.len() > MAX_STRAY_CHARS
        && !matches!(at.fragment.first, '（' | '(' | '—' | '【' | '[')
        && !at.is_boilerplate(at.line.span)
        && !at.is_boilerplate(at.fragment.span)
}

/// Whether `c` ends a clause.
fn ends_clause(c: char) -> bool {
    matches!(c, '；' | ';')
}

/// Whether a salutation may begin with `c` (`各位代表：`, `同志们：`).
fn begins_salutation(c: char) -> bool {
    matches!(c, '各' | '同' | '尊' | '女' | '朋' | '代' | '委' | '老' | '乡' | '鄉' | '亲' | '親')
}

/// Whether `c`, followed by a blank, begins a list item.
fn is_bullet(c: char) -> bool {
    matches!(c, '-' | '*' | '+' | '–' | '•' | '·' | '●' | '○' | '◆' | '■' | '▪')
}
