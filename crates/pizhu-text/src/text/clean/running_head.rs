//! Running heads: the line at the top or the foot of each page of the original, which comes again and
//! again through the text: `青石議會 ─ 2031年12月12日`.

use super::physical_line::PhysicalLine;
use crate::text::Cursor;
use crate::text::SourceText;
use crate::text::cursor::is_blank;
use std::collections::HashMap;

/// Length of a running head, in chars.
const CHARS: std::ops::RangeInclusive<usize> = 4..=60;
/// Occurrences of a head with a date or a page number.
const MIN_DATED: usize = 2;
/// Occurrences of a head without one, which must fall into sentences.
const MIN_PLAIN: usize = 3;
/// Shortest line, in chars, into which such a head falls; verse has shorter ones.
const MIN_BROKEN_CHARS: usize = 15;
/// Fewest lines from one occurrence to the next.
const MIN_DISTANCE: usize = 2;

/// What a line shows of a running head.
struct Shape {
    /// Hash of its chars, with all numbers alike and without white space.
    hash: u64,
    /// Whether it has a date or a number of a page, set off by a separator or wide space.
    dated: bool,
}

/// The lines that are running heads, as indices.
pub(super) fn running_heads(lines: &[PhysicalLine], source: &SourceText) -> Vec<usize> {
    let mut groups: HashMap<u64, (bool, Vec<usize>)> = HashMap::new();
    for (index, line) in lines.iter().enumerate() {
        if !CHARS.contains(&line.span.len()) || ends_sentence(line.last) || !may_begin_head(line.first) || is_numbered(line, source) {
            continue;
        }
        let shape = shape(Cursor::raw(source, line.span));
        let group = groups.entry(shape.hash).or_default();
        group.0 = shape.dated;
        group.1.push(index);
    }
    let mut heads: Vec<usize> =
        groups.into_values().filter(|(dated, at)| is_running_head(*dated, at, lines)).flat_map(|(_, at)| at).collect();
    heads.sort_unstable();
    heads
}

/// Whether lines alike, at these indices, are the running head of pages.
fn is_running_head(dated: bool, at: &[usize], lines: &[PhysicalLine]) -> bool {
    if at.len() < MIN_DATED || at.windows(2).any(|pair| pair[1] - pair[0] < MIN_DISTANCE) {
        return false;
    }
    if dated {
        return true;
    }
    // A paragraph that the format sets apart breaks no sentence.
    if at.iter().any(|index| lines[*index].begins_paragraph) {
        return false;
    }
    let breaks = at.iter().filter(|index| {
        let before = index.checked_sub(1).and_then(|before| lines.get(before));
        let after = lines.get(**index + 1);
        before.is_some_and(|line| line.span.len() >= MIN_BROKEN_CHARS && !ends_sentence(line.last)) && after.is_some()
    });
    at.len() >= MIN_PLAIN && breaks.count() * 2 > at.len()
}

fn shape(cursor: Cursor<'_>) -> Shape {
    // FNV-1a.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |c: char| hash = (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3);
    let (mut number, mut numbers, mut separated) = (false, 0, false);
    let (mut year, mut page) = (false, false);
    let (mut blanks, mut before) = (0, '\0');
    let (mut latin, mut digits) = (false, 0);
    for (_, c) in cursor {
        if is_blank(c) {
            blanks += 1;
            separated |= blanks >= 2;
            continue;
        }
        blanks = 0;
        if c.is_ascii_digit() || matches!(c, '０'..='９') {
            if !number {
                add('0');
                numbers += 1;
                digits = 0;
            }
            number = true;
            digits += 1;
        } else {
            number = false;
            latin |= c.is_ascii_uppercase();
            add(c);
            separated |= matches!(c, '─' | '—' | '–' | '|' | '｜' | '·' | '／');
            year |= c == '年' && before.is_ascii_digit();
            page |= matches!(c, '页' | '頁') && before.is_ascii_digit();
        }
        before = c;
    }
    // `LEGISLATIVE COUNCIL ─ 12 December 2031`.
    let english = latin && number && digits == 4 && numbers == 2;
    Shape { hash, dated: separated && (page || english || (year && numbers >= 3)) }
}

/// Whether the line begins with the number of a section: `1.2 概述` comes again as `2.2 概述`.
fn is_numbered(line: &PhysicalLine, source: &SourceText) -> bool {
    line.first.is_ascii_digit() && {
        let mut rest = Cursor::raw(source, line.span).skip_while(|(_, c)| c.is_ascii_digit());
        rest.next().is_some_and(|(_, c)| matches!(c, '.' | '．' | '、' | ')' | '）'))
    }
}

/// Whether a head may begin with `c`: not with an ordinal or a sign.
fn may_begin_head(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '首' | '其' | '最')
}

/// Whether a line that ends in `c` ends a sentence.
fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | '：' | '!' | '?' | ';' | ':' | '…' | '”' | '』' | '」' | '，' | '、')
}

#[cfg(test)]
mod tests {
    use crate::text::{SourceText, clean::scan::scan};

    /// The lines that are left of a text.
    fn lines(text: &str) -> Vec<String> {
        let source = SourceText::from(text);
        scan(&source).lines.iter().map(|line| source.slice(line.span).into_owned()).collect()
    }

    #[test]
    fn dated_heads_of_pages_are_page_marks() {
        let head = "青石議會  ─  2031年 12月 12日";
        let text = format!("第一，碼頭會先修東面一段，讓大小漁船\n都可以靠岸。\n{head}\n西面的冷庫會加建，費用由基金\n{head}\n支付。\n");
        assert_eq!(lines(&text), lines(&text.replace(&format!("{head}\n"), "")));
        assert_eq!(lines(&text).len(), 4);
    }

    #[test]
    fn running_heads_inside_sentences_are_page_marks() {
        let row = "我们要把山塘水库一口一口地查清楚，把底数\n";
        let text = format!("{row}青石县工作报告\n{row}{row}青石县工作报告\n{row}{row}青石县工作报告\n摸清。\n");
        assert!(lines(&text).iter().all(|line| line != "青石县工作报告"));
        let verse = "山高高\n水长长\n我家住在河边上\n".repeat(4);
        assert_eq!(lines(&verse).len(), 12);
    }

    #[test]
    fn numbered_headings_that_come_again_are_kept() {
        let row = "我们要把山塘水库一口一口地查清楚，把底数\n";
        let text = [1, 2, 3, 4].map(|n| format!("{row}{n}.2 概述\n{row}")).concat();
        assert_eq!(lines(&text).iter().filter(|line| line.ends_with("概述")).count(), 4);
    }

    #[test]
    fn unrepeated_line_is_no_running_head() {
        assert_eq!(lines("青石議會 ─ 2031年12月12日\n第一，碼頭會先修。\n第二，冷庫會加建。\n").len(), 3);
    }
}
