//! Logical lines: physical lines joined where a host broke them, and parted where a host lost
//! the line ends and left spaces.
//!
//! Invariants: the lines are in order and do not overlap; between two of them stand only white
//! space and page marks.

use super::{OrdinalKind, boilerplate, candidate::ordinal_at, traits::is_titled};
use crate::text::Cleaning;
use crate::text::Cursor;
use crate::text::PlainSet;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::clean::scan::Line;
use crate::text::clean::scan::Scan;
use crate::text::cursor::is_blank;
use crate::text::fold::fold;
use crate::text::fold::fold_text;
use crate::text::parts::in_parts;
use memchr::memmem;

/// A line this long, in chars, may be several whose ends were lost.
const LONG: usize = 120;
/// An open-ended line up to this length, in chars, is a heading or the like and not a broken
/// sentence.
const SHORT: usize = 20;
/// The longest ordinal without a title, in chars.
const MARKER: usize = 12;
/// As [`SHORT`], for a line without any comma.
const SHORT_WITHOUT_COMMA: usize = 30;

/// One logical line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Logical {
    /// Its chars without the white space around them; line ends may lie inside.
    pub span: Span,
    /// Its first char.
    pub first: char,
    /// Its last char.
    pub last: char,
    /// It is one line: a physical one, or several that were one before they were wrapped, or the
    /// piece of one between two spaces.
    pub single: bool,
    /// It is part of a physical line that was parted at spaces.
    pub soft: bool,
}

/// How a piece is set off from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// A line end that means something.
    Hard,
    /// A line end at the full width of the page.
    Wrapped,
    /// White space in a text that lost its line ends.
    Soft,
}

#[derive(Debug, Clone, Copy)]
struct Piece {
    span: Span,
    first: char,
    last: char,
    joint: Joint,
    /// Its physical line was parted at spaces.
    parted: bool,
}

/// Lines that a thread of its own is worth.
const LEAST_LINES: usize = 4000;

/// Ideographs and commas: no ends of anything, no blanks, and nothing an ordinal can begin with
/// but right behind a blank.
static PLAIN: PlainSet = PlainSet::ideographs_but(&[]).and(&['，', '、']);

/// The logical lines of a scanned text.
pub(super) fn logical_lines(source: &SourceText, cleaning: &Cleaning, stops: Stops, scan: &Scan) -> Vec<Logical> {
    let wrap = Wrap::of(scan);
    let parted = Parted::of(source, cleaning, stops, scan);
    let all = scan.lines.as_slice();
    // What stands before such a place and behind it is never joined, whatever stands before that.
    let part_start = |from: usize| {
        (from..all.len()).find(|index| {
            let Some(before) = index.checked_sub(1).map(|before| &all[before]) else { return true };
            is_finished(before.last) && before.gaps == 0 && before.span.len() > MARKER && !wrap.joins(before, &all[*index])
        })
    };
    let mut parts = in_parts(all.len(), LEAST_LINES, |part| {
        let (from, to) = (part_start(part.start).unwrap_or(all.len()), part_start(part.end).unwrap_or(all.len()));
        let mut lines: Vec<Logical> = Vec::with_capacity(to - from);
        let mut open: Option<Open> = None;
        let mut ahead = Cursor::new(source, cleaning, Span::empty(all.get(from).map_or(0, |line| line.span.start)));
        for index in from..to {
            let line = &all[index];
            let joint = match index.checked_sub(1).map(|before| &all[before]) {
                Some(before) if wrap.joins(before, line) => Joint::Wrapped,
                _ => Joint::Hard,
            };
            parted.pieces(source, cleaning, line, joint, |piece| {
                ahead.move_to(piece.span);
                let behind_title = from > 0 || !lines.is_empty();
                match &mut open {
                    Some(whole) if whole.takes(&piece, &ahead, source, cleaning, behind_title) => whole.take(&piece),
                    _ => {
                        lines.extend(open.take().map(|whole| whole.line));
                        open = Some(Open::new(&piece));
                    }
                }
            });
        }
        lines.extend(open.map(|whole| whole.line));
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

/// The logical line that is being put together.
struct Open {
    line: Logical,
}

impl Open {
    fn new(piece: &Piece) -> Self {
        let line = Logical { span: piece.span, first: piece.first, last: piece.last, single: true, soft: piece.parted };
        Self { line }
    }

    fn take(&mut self, piece: &Piece) {
        self.line.span.end = piece.span.end;
        self.line.last = piece.last;
        // The full width of a page parts no line in two.
        self.line.single &= piece.joint == Joint::Wrapped;
    }

    /// Whether `piece`, which `ahead` goes over, goes on with what this line says.
    fn takes(&self, piece: &Piece, ahead: &Cursor<'_>, source: &SourceText, cleaning: &Cleaning, behind_title: bool) -> bool {
        let last = self.line.last;
        if self.line.single && self.line.span.len() <= MARKER && self.is_bare_marker(source, cleaning) {
            return true;
        }
        let semicolon = matches!(last, '；' | ';');
        if is_finished(last) && piece.joint != Joint::Wrapped {
            return false;
        }
        if opens_line(ahead.clone(), piece.joint) {
            return false;
        }
        if piece.joint == Joint::Wrapped {
            return true;
        }
        if matches!(piece.first, '#' | '|' | '>') || (matches!(self.line.first, '#' | '|') && self.line.single) {
            return false;
        }
        let length = self.line.span.len();
        if piece.joint == Joint::Soft {
            // The space that ends a heading; any other space in mid-sentence is dirt.
            let fresh = self.line.single && !semicolon;
            return !(fresh
                && (length <= SHORT || self.is_heading(source, cleaning) || self.is_front(piece, source, cleaning, behind_title)));
        }
        if semicolon {
            return length > SHORT && piece.span.len() > 4;
        }
        if !behind_title || self.is_heading(source, cleaning) {
            return false;
        }
        let comma =
            Cursor::new(source, cleaning, self.line.span).take(2 * SHORT_WITHOUT_COMMA).any(|(_, c)| matches!(c, '，' | ',' | '。'));
        if length <= if comma { SHORT } else { SHORT_WITHOUT_COMMA } {
            // A comma cannot end a line, unless it is verse.
            return matches!(last, '，' | ',' | '、') && (length > 12 || piece.span.len() > 16);
        }
        piece.span.len() > 4
            && !matches!(piece.first, '（' | '(' | '—' | '【' | '[')
            && !is_boilerplate(&cleaning.text(source, head(self.line.span)))
            && !is_boilerplate(&cleaning.text(source, head(piece.span)))
    }

    /// Whether a piece of a text that lost its line ends is the title, or stands before a
    /// salutation or a date.
    fn is_front(&self, piece: &Piece, source: &SourceText, cleaning: &Cleaning, behind_title: bool) -> bool {
        let length = self.line.span.len();
        let addressed = matches!(piece.last, ':' | '：') && piece.span.len() <= 40;
        let dated = matches!(piece.first, '(' | '（') && is_closing(piece.last) && piece.span.len() <= 24;
        length <= 80 && (!behind_title || addressed || dated || is_titled(&fold_text(&cleaning.text(source, self.line.span))))
    }

    /// Whether the line is an ordinal whose title has not come yet.
    fn is_bare_marker(&self, source: &SourceText, cleaning: &Cleaning) -> bool {
        let mut cursor = Cursor::new(source, cleaning, self.line.span);
        let Some((_, c)) = cursor.next() else { return false };
        ordinal_at(c, &cursor).is_some_and(|ordinal| ordinal.sound && ordinal.next.is_none())
    }

    /// Whether the line is an ordinal and a title, and nothing behind it.
    fn is_heading(&self, source: &SourceText, cleaning: &Cleaning) -> bool {
        let mut cursor = Cursor::new(source, cleaning, self.line.span);
        let Some((_, c)) = cursor.next() else { return false };
        ordinal_at(c, &cursor).is_some() && !cursor.take(200).any(|(_, c)| is_stop(c))
    }
}

/// Whether a line that begins so is about the page.
fn is_boilerplate(text: &str) -> bool {
    let folded: String = text.chars().filter(|c| !is_blank(*c)).map(fold).collect();
    boilerplate::is_boilerplate(text, &folded)
}

/// The first chars of a span, enough to tell what a line is.
fn head(span: Span) -> Span {
    Span::new(span.start, span.end.min(span.start + 100))
}

/// Whether the piece that `cursor` goes over begins with an ordinal that can open a line of its
/// own there.
fn opens_line(mut cursor: Cursor<'_>, joint: Joint) -> bool {
    let Some((_, c)) = cursor.next() else { return false };
    if is_bullet(c) && joint != Joint::Wrapped && cursor.peek().is_some_and(|(_, c)| is_blank(c)) {
        return true;
    }
    let Some(ordinal) = ordinal_at(c, &cursor) else { return false };
    match ordinal.kind {
        // Behind the full width of a page 统|一是 may have been broken.
        OrdinalKind::Shi | OrdinalKind::Yao | OrdinalKind::Sequence => joint != Joint::Wrapped && ordinal.sound,
        _ => ordinal.sound || ordinal.shifted,
    }
}

/// Whether `c`, with a blank behind it, begins an item of a list.
fn is_bullet(c: char) -> bool {
    matches!(c, '-' | '*' | '+' | '–' | '•' | '·' | '●' | '○' | '◆' | '■' | '▪')
}

/// Whether `c` closes a sentence or a part of one, so that a line may end behind it.
pub(super) fn is_closing(c: char) -> bool {
    is_stop(c) || matches!(c, '…' | '.' | '”' | '』' | '」' | '"' | '’' | '）' | ')' | '｡' | '》' | '】' | '］' | ']')
}

/// Whether nothing is joined to a line that ends in `c`, but at the full width of a page.
fn is_finished(c: char) -> bool {
    is_closing(c) && !matches!(c, '；' | ';')
}

/// Whether a title ends before `c`.
pub(super) fn is_stop(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | '：' | '!' | '?' | ';' | ':' | '｡')
}

/// What ends a title or a sentence in a text: the marks that always do, and in a text typed in
/// half width `.` too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stops {
    half: bool,
}

impl Stops {
    /// Chars by which a text is judged.
    const HEAD: usize = 64 * 1024;

    /// The stops of a text.
    pub(super) fn of(source: &SourceText) -> Self {
        let head = || source.pieces(Span::new(0, Self::HEAD.min(source.len())));
        let behind_sentence = |piece: &str, at: usize| piece.get(..at).and_then(|head| head.chars().next_back()).is_some_and(ends_sentence);
        let dots: usize =
            head().map(|piece| memchr::memchr_iter(b'.', piece.as_bytes()).filter(|at| behind_sentence(piece, *at)).count()).sum();
        // One or two stand between names.
        let half = dots > 2 && head().flat_map(|piece| memmem::find_iter(piece.as_bytes(), "。")).take(dots / 4 + 1).count() * 4 <= dots;
        Self { half }
    }

    /// Whether a title ends before `c`, which stands behind `before`.
    pub(super) fn is_stop(self, before: char, c: char) -> bool {
        is_stop(c) || self.is_half(before, c)
    }

    /// Whether `c` is a full stop in half width.
    pub(super) fn is_half(self, before: char, c: char) -> bool {
        c == '.' && self.half && ends_sentence(before)
    }
}

/// Whether a `.` behind `c` may be a full stop: it is none behind figures and Latin letters.
fn ends_sentence(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '）' | ')' | '”' | '"' | '』' | '」' | '》' | '%' | '％')
}

/// What is known about the width that lines were wrapped at: pages and other lines apart.
struct Wrap {
    pages: Width,
    others: Width,
}

/// The width of some lines.
struct Width {
    /// Lines at least this long, in chars, may go on on the next; `None` where they are not
    /// wrapped.
    full: Option<usize>,
    /// Paragraphs are set off by empty lines or indents, so that a full line that ends a sentence
    /// goes on too.
    set_off: bool,
    /// Empty lines stand between most lines, so that they set nothing off.
    spaced: bool,
}

impl Wrap {
    fn of(scan: &Scan) -> Self {
        Self {
            pages: Width::of(scan.lines.iter().filter(|line| line.page), true),
            others: Width::of(scan.lines.iter().filter(|line| !line.page), false),
        }
    }

    /// Whether `line` only carries on what `before` had no room for.
    fn joins(&self, before: &Line, line: &Line) -> bool {
        before.page == line.page && (if line.page { &self.pages } else { &self.others }).joins(before, line)
    }
}

impl Width {
    fn of<'a>(lines: impl Iterator<Item = &'a Line> + Clone, pages: bool) -> Self {
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
        let gaps = lines.clone().skip(1).filter(|line| line.after_gap).count();
        let spaced = gaps * 5 >= (count - 1) * 4;
        let set_off = lines.skip(1).filter(|line| (line.after_gap && !spaced) || line.indented).count() * 20 >= count;
        Self { full: Some(full), set_off, spaced }
    }

    fn joins(&self, before: &Line, line: &Line) -> bool {
        let set_off = (line.after_gap && !self.spaced) || (line.indented && !before.indented);
        self.full.is_some_and(|full| before.span.len() >= full && !set_off && (self.set_off || !is_closing(before.last)))
    }
}

/// Which lines lost line ends of their own to spaces.
struct Parted {
    /// All pages did.
    pages: bool,
    /// The start offsets of the other lines that did, sorted.
    starts: Vec<usize>,
}

impl Parted {
    fn of(source: &SourceText, cleaning: &Cleaning, stops: Stops, scan: &Scan) -> Self {
        let parts = in_parts(scan.lines.len(), LEAST_LINES, |part| {
            let mut starts = Vec::new();
            let (mut all_breaks, mut all_stops) = (0, 0);
            let suspects = scan.lines[part].iter().filter(|line| (line.page || line.span.len() >= LONG) && line.gaps >= 1);
            for line in suspects {
                let (breaks, ends, strong) = lost_ends(Cursor::new(source, cleaning, line.span), stops);
                if line.page {
                    all_breaks += breaks;
                    all_stops += ends;
                    continue;
                }
                let most = line.span.len() * 2 >= source.len();
                if breaks >= 2 && (most || (strong >= 1 && breaks * 2 <= ends)) {
                    starts.push(line.span.start);
                }
            }
            (starts, all_breaks, all_stops)
        });
        let (all_breaks, all_stops) = parts.iter().fold((0, 0), |sums, part| (sums.0 + part.1, sums.1 + part.2));
        let starts = parts.into_iter().flat_map(|part| part.0).collect();
        Self { pages: all_breaks >= 2 && all_breaks <= all_stops.max(4), starts }
    }

    /// Hands on the pieces of `line`.
    fn pieces(&self, source: &SourceText, cleaning: &Cleaning, line: &Line, joint: Joint, mut each: impl FnMut(Piece)) {
        if line.gaps == 0 || !((line.page && self.pages) || self.starts.binary_search(&line.span.start).is_ok()) {
            each(Piece { span: line.span, first: line.first, last: line.last, joint, parted: false });
            return;
        }
        let mut open: Option<Piece> = None;
        let mut joint = joint;
        for (at, c) in Cursor::new(source, cleaning, line.span) {
            if is_blank(c) {
                if let Some(piece) = open.take() {
                    each(piece);
                    joint = Joint::Soft;
                }
                continue;
            }
            let piece = open.get_or_insert(Piece { span: Span::empty(at), first: c, last: c, joint, parted: true });
            piece.span.end = at + 1;
            piece.last = c;
        }
        open.into_iter().for_each(each);
    }
}

/// How many spaces stand where a line may have ended, how many stops there are, and how many of
/// the spaces stand before an ordinal.
fn lost_ends(mut cursor: Cursor<'_>, stops: Stops) -> (usize, usize, usize) {
    let (mut breaks, mut ends, mut strong) = (0, 0, 0);
    let mut before = '\0';
    let mut gap = false;
    while let Some((_, c)) = cursor.next() {
        if is_blank(c) {
            gap = true;
            continue;
        }
        if gap && !before.is_ascii_alphanumeric() && !c.is_ascii_alphanumeric() || gap && c.is_ascii_digit() {
            let ordinal = ordinal_at(c, &cursor).is_some_and(|ordinal| ordinal.sound && ordinal.kind != OrdinalKind::Sequence);
            breaks += usize::from(is_closing(before) || ordinal);
            strong += usize::from(ordinal);
        }
        ends += usize::from(stops.is_stop(before, c));
        gap = false;
        before = cursor.skip_run(&PLAIN).unwrap_or(c);
    }
    (breaks, ends, strong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::clean::scan::scan;

    /// The logical lines of a text, as they are read.
    fn joined(text: &str) -> Vec<String> {
        let source = SourceText::from(text);
        let scan = scan(&source);
        let cleaning = Cleaning::new(scan.removed.clone());
        let lines = logical_lines(&source, &cleaning, Stops::of(&source), &scan);
        lines.iter().map(|line| cleaning.text(&source, line.span).replace('\n', "")).collect()
    }

    const TITLE: &str = "在青禾县工作会议上的讲话";

    #[test]
    fn a_broken_sentence_goes_on_and_a_finished_one_does_not() {
        let text = format!("{TITLE}\n这一年全县上下齐心协力，办成了许多过去想办而没有办成的\n大事，群众看在眼里。\n今年任务更重。\n");
        assert_eq!(joined(&text), [TITLE, "这一年全县上下齐心协力，办成了许多过去想办而没有办成的大事，群众看在眼里。", "今年任务更重。"]);
    }

    #[test]
    fn items_of_a_list_begin_lines_of_their_own() {
        let items = ["- 前岭村种羊肚菌，每亩纯收入1.6万元，比上年翻了一番；", "- 上塘村养稻田鱼，一亩田多收入2400元；", "• 新桥村做电商。"];
        let mut lines = joined(&format!("{TITLE}\n村里有三样做法，办成了许多过去想办而没有办成的\n{}\n", items.join("\n")));
        assert_eq!(lines.split_off(2), items);
    }

    #[test]
    fn headings_and_ordinals_begin_lines_of_their_own() {
        let text = format!(
            "{TITLE}\n一、总体要求\n（一）把方向\n要把牢方向，一步一个脚印地往前走，不走弯路，不走回头路\n（二）抓落实\n落实见效。\n"
        );
        assert_eq!(
            joined(&text),
            [TITLE, "一、总体要求", "（一）把方向", "要把牢方向，一步一个脚印地往前走，不走弯路，不走回头路", "（二）抓落实", "落实见效。"]
        );
    }

    #[test]
    fn a_marker_alone_takes_its_title_from_the_next_line() {
        assert_eq!(joined(&format!("{TITLE}\n一、\n总体要求\n要稳。\n")), [TITLE, "一、总体要求", "要稳。"]);
    }

    #[test]
    fn lines_of_one_width_are_joined_and_indents_part_them() {
        let row = "这是一段按固定宽度折行的文字每行都有二十个字";
        let text = format!("　　{row}\n{row}\n{row}。\n　　{row}\n{row}\n{row}。\n");
        assert_eq!(joined(&text), [format!("{row}{row}{row}。"), format!("{row}{row}{row}。")]);
    }

    #[test]
    fn pages_are_joined_through_empty_lines() {
        let page = "要把这件事情办好，必须紧紧依靠群众，从村里走来又往村里去，把大家的智慧和力量集中起来，形成";
        let text = format!("1、{page}\n\n2、{page}\n\n3、{page}\n\n4、合力。\n");
        assert_eq!(joined(&text), [format!("{page}{page}{page}合力。")]);
    }

    #[test]
    fn lost_line_ends_part_at_headings_and_at_finished_sentences() {
        let body = "今年以来，各项工作都有新的进展，群众的获得感更加充实，干部的劲头更足。";
        let text = format!("{TITLE} 同志们： {body} 一、总体要求 {body} 二、保障措施 {body} （一）加强领导 {body}");
        let expected = [TITLE, "同志们：", body, "一、总体要求", body, "二、保障措施", body, "（一）加强领导", body];
        assert_eq!(joined(&text), expected);
    }
}
