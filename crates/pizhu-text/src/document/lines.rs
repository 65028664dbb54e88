//! Logical lines: physical lines joined where a converter broke them, and split where it turned
//! line breaks into spaces.
//!
//! Invariants: the lines are in order and do not overlap; only white space and page marks lie
//! between them.

pub(super) use super::logical_line::LogicalLine;
use super::{
    OrdinalKind,
    line_join::{LineTexts, MAX_BRACKET_CHARS, MAX_MARKER_CHARS, joins},
    logical_line::{BreakKind, LineFragment},
    ordinal_forms::ordinal_at,
    punctuation::{SentenceEnders, is_closing, is_finished},
};
use crate::text::CjkSet;
use crate::text::Cleaning;
use crate::text::Cursor;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::clean::PhysicalLine;
use crate::text::clean::scan::LineScan;
use crate::text::cursor::is_blank;
use crate::text::parallel::par_chunks;
use std::ops::Range;

/// Shortest line, in chars, that may hide several lines whose breaks were lost.
const MIN_LOST_BREAKS_CHARS: usize = 120;
/// Fewest lines set off by empty lines.
const MIN_LINES_SET_APART: usize = 4;

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
                let text = LineTexts { source, cleaning, set_apart: wrap.set_apart, after_title: from > 0 || !lines.is_empty() };
                match &mut open {
                    Some(builder) if joins(text, &builder.line, &fragment, &ahead) => builder.append(&fragment),
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
        // The marker inside a fragment; one that begins a fragment takes the next as its title.
        let mut marker = 0..0;
        while let Some((at, c)) = cursor.next() {
            match c {
                '（' | '(' => bracket = Some(at),
                '）' | ')' => bracket = None,
                _ => {}
            }
            // No line ends inside a bracket (`（约10: 7）`) or behind a marker (`1. 塘坝`).
            if is_blank(c) && (marker.contains(&at) || bracket.is_some_and(|open| at - open <= MAX_BRACKET_CHARS)) {
                continue;
            }
            if is_closing(c) {
                marker = next_marker(cursor.clone()).unwrap_or(marker);
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

/// The marker right at `cursor`, with the blanks behind it: `1. 塘坝`.
fn next_marker(mut cursor: Cursor<'_>) -> Option<Range<usize>> {
    let (at, c) = cursor.next()?;
    let ordinal = ordinal_at(c, &cursor).filter(|ordinal| ordinal.well_formed && !ordinal.kind.is_word())?;
    Some(at..ordinal.title_start as usize)
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
        let text = format!("{TITLE}\n这一年全县上下齐心协力，修通了几条往年想修而没能修通的\n水渠，群众看在眼里。\n今年任务更重。\n");
        assert_eq!(joined(&text), [TITLE, "这一年全县上下齐心协力，修通了几条往年想修而没能修通的水渠，群众看在眼里。", "今年任务更重。"]);
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
        let mut lines = joined(&format!("{TITLE}\n村里有三样做法，修通了几条往年想修而没能修通的\n{}\n", items.join("\n")));
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
