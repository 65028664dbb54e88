//! Document numbers: `青政发〔2031〕12号`, `青石县人民政府令第12号`, `府水字第1200012345號`, `2031年第5号`.

use super::LineText;
use crate::text::cursor::is_blank;
use std::ops::Range;

/// Most chars of the organs that give an order: `生态环境部、公安部、交通运输部令`.
const MAX_ORGAN_CHARS: usize = 36;
/// Most chars of the word before a year or before 字第: `青政办发`, `台內團字`.
const MAX_WORD_CHARS: usize = 12;

/// The first document number in `range`.
pub(super) fn find_number(line: &LineText, range: Range<usize>) -> Option<Range<usize>> {
    let chars = line.folded().get(..range.end)?;
    let mut ends = range.clone().filter(|at| chars.get(*at) == Some(&'号'));
    ends.find_map(|end| NumberScan { chars, start: range.start, end }.find())
}

/// The number that begins or ends a title: `青政发〔2031〕5号|关于清淤的通知`, `关于清淤的通知|（青政发〔2031〕5号）`. Not one
/// that a title speaks of: `关于废止青政发〔2029〕5号文件的通知`.
pub(in crate::document) fn number_of_title(line: &LineText) -> Option<Range<usize>> {
    let all = line.all();
    let number = find_number(line, all.clone())?;
    let is_bracket = |at: Option<usize>, bracket: char| at.and_then(|at| line.folded().get(at)) == Some(&bracket);
    let bracketed = number.end + 1 == all.end
        && is_bracket(number.start.checked_sub(1), '(')
        && is_bracket(Some(number.end), ')')
        && number.start > all.start + 1;
    let closed = line.folded().get(number.clone()).is_some_and(|chars| chars.iter().any(|c| matches!(c, '〕' | ']')));
    let leading = number.start == all.start && number.end < all.end && closed && !line.starts_with("关于", all.clone());
    if bracketed { Some(number.start - 1..all.end) } else { leading.then_some(number) }
}

/// The search for the number that ends with the 号 at `end`, backwards from it.
struct NumberScan<'a> {
    /// The folded chars up to the end of what is searched.
    chars: &'a [char],
    /// Where the search ends.
    start: usize,
    end: usize,
}

impl NumberScan<'_> {
    fn char_before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).filter(|before| *before >= self.start).and_then(|before| self.chars.get(before).copied())
    }

    /// Goes back from `at` over chars that fit.
    fn back(&self, mut at: usize, fits: impl Fn(char) -> bool) -> usize {
        while self.char_before(at).is_some_and(&fits) {
            at -= 1;
        }
        at
    }

    fn find(&self) -> Option<Range<usize>> {
        let figures_end = self.back(self.end, is_blank);
        let arabic = self.back(figures_end, |c| c.is_ascii_digit() || c == '-');
        let is_arabic = arabic < figures_end && self.chars.get(arabic).is_some_and(char::is_ascii_digit);
        let figures = if is_arabic { arabic } else { self.back(figures_end, is_han_figure) };
        if figures == figures_end {
            return None;
        }
        let ordinal = self.back(figures, |c| c == '第');
        let counted = ordinal < figures;
        let word_end = self.back(ordinal, is_blank);
        match self.char_before(word_end)? {
            '令' if counted => self.order(word_end, self.end + 1),
            // `青石县人民政府令（第12号）`.
            '(' if counted && self.chars.get(self.end + 1) == Some(&')') => {
                let word_end = self.back(word_end - 1, is_blank);
                (self.char_before(word_end)? == '令').then(|| self.order(word_end, self.end + 2)).flatten()
            }
            '字' if counted && is_arabic => self.letter(word_end),
            '年' if counted => self.announcement(word_end - 1),
            '〕' | ']' | ')' | '】' if is_arabic => self.with_year(word_end - 1),
            _ => None,
        }
    }

    /// `青石县人民政府令|第12号`: the order whose word ends at `word_end`.
    fn order(&self, word_end: usize, end: usize) -> Option<Range<usize>> {
        let start = self.behind_date(self.back(word_end, |c| is_ideograph(c) || c == '、'), word_end);
        (word_end - start <= MAX_ORGAN_CHARS && word_end - start >= 2).then_some(start..end)
    }

    /// `（120）府水字|第1200012345號`.
    fn letter(&self, word_end: usize) -> Option<Range<usize>> {
        let start = self.behind_date(self.back(word_end, is_ideograph), word_end);
        let year = self.char_before(start).filter(|c| *c == ')').map(|_| self.back(start - 1, |c| c.is_ascii_digit()));
        let opened = year.filter(|year| *year < start - 1 && self.char_before(*year) == Some('('));
        (2..=MAX_WORD_CHARS).contains(&(word_end - start)).then_some(opened.map_or(start, |year| year - 1)..self.end + 1)
    }

    /// `2031年|第5号`, alone or behind 公告: `青石县水利局公告（2031年第5号）`. `word_end`: where 年 stands.
    fn announcement(&self, word_end: usize) -> Option<Range<usize>> {
        let year = self.back(word_end, |c| c.is_ascii_digit());
        (word_end - year == 4).then_some(())?;
        let bracket = self.char_before(year) == Some('(') && self.chars.get(self.end + 1) == Some(&')');
        let before = self.back(if bracket { year - 1 } else { year }, is_blank);
        let organ = self.back(before, is_ideograph);
        let named = ["公告", "通告"]
            .iter()
            .any(|word| self.chars.get(before.saturating_sub(2)..before).is_some_and(|end| word.chars().eq(end.iter().copied())));
        let end = self.end + if bracket { 2 } else { 1 };
        let alone = before == self.start && end == self.chars.len();
        match (named, alone) {
            (true, _) => Some(organ..end),
            (false, true) => Some(year..self.end + 1),
            _ => None,
        }
    }

    /// `青政发〔2031〕12号`; the word may be missing if nothing else is on the line. `closing`: where the bracket behind the
    /// year stands.
    fn with_year(&self, closing: usize) -> Option<Range<usize>> {
        let year = self.back(closing, |c| c.is_ascii_digit());
        let open = year.checked_sub(1).filter(|_| self.char_before(year).is_some_and(|c| matches!(c, '〔' | '[' | '(' | '【')))?;
        (closing - year == 4).then_some(())?;
        let start = self.behind_date(self.back(open, is_ideograph), open);
        let alone = open == start && start == self.start && self.end + 1 == self.chars.len();
        ((1..=MAX_WORD_CHARS).contains(&(open - start)) || alone).then_some(start..self.end + 1)
    }

    /// Where the name of an organ begins between `start` and `end`, behind the 日 of a date and 以:
    /// `2031年1月6日以|青府令第5号`.
    fn behind_date(&self, start: usize, end: usize) -> usize {
        let ends_date = |at: &usize| {
            self.chars.get(*at) == Some(&'日') && self.char_before(*at).is_some_and(|c| c.is_ascii_digit() || is_han_figure(c))
        };
        let start = (start..end).rev().find(ends_date).map_or(start, |day| day + 1);
        let named = self.chars.get(start..end).unwrap_or_default();
        start + named.iter().take_while(|c| matches!(c, '以' | '、')).count()
    }
}

/// Whether `c` is a figure of a number written in Han numerals.
fn is_han_figure(c: char) -> bool {
    "〇零一二三四五六七八九十百".contains(c)
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}

/// Whether the line is nothing but `第12号` or `（第十二号）`, as stands below the title of an order.
pub(super) fn is_bare_number(bare: &str) -> bool {
    let inner = bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(bare);
    let figures = inner.strip_prefix('第').and_then(|rest| rest.strip_suffix('号'));
    figures.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || is_han_figure(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_among_other_words() {
        for (text, number) in [
            ("（2031年1月19日青石县环境保护局令第28号公布　自2031年3月1日起施行）", "青石县环境保护局令第28号"),
            ("（2031年1月30日水利局、公安局、交通局令第23号公布）", "水利局、公安局、交通局令第23号"),
            ("二〇三一年三月一日青石县人民政府令第十二号公布", "青石县人民政府令第十二号"),
            ("青石县人民政府令（第12号）", "青石县人民政府令（第12号）"),
            ("（2031年3月1日 青石县人民政府令 第12号）", "青石县人民政府令 第12号"),
            ("2031年3月29日以青府令第197号发布", "青府令第197号"),
            ("（编号：甲号　青政发〔2031〕37号）", "青政发〔2031〕37号"),
            ("【发文字号】青政发［2031］5-1 号", "青政发［2031］5-1 号"),
            ("〔2031〕12号", "〔2031〕12号"),
            ("中華民國120年3月1日府水字第1200012345號函頒布", "府水字第1200012345號"),
            ("民國120年3月1日（120）府水字第1200012345號令訂定", "（120）府水字第1200012345號"),
            ("青石县水利局公告（2031年第5号）", "青石县水利局公告（2031年第5号）"),
            ("2031年第5号", "2031年第5号"),
        ] {
            let line = LineText::from_text(text);
            assert_eq!(find_number(&line, line.all()).map(|range| line.text(range)).as_deref(), Some(number), "{text}");
        }
        for text in ["第12号", "青石路5号", "自2031年第5号台风以来", "2031年3月1号", "（2031）号", "12号"] {
            let line = LineText::from_text(text);
            assert_eq!(find_number(&line, line.all()), None, "{text}");
        }
    }

    #[test]
    fn titles_carry_numbers_at_their_ends() {
        let of = |text: &str| {
            let line = LineText::from_text(text);
            number_of_title(&line).map(|range| line.text(range))
        };
        assert_eq!(of("关于清淤的通知（青政发〔2031〕5号）").as_deref(), Some("（青政发〔2031〕5号）"));
        assert_eq!(of("青政发〔2031〕5号关于清淤的通知").as_deref(), Some("青政发〔2031〕5号"));
        for none in ["关于废止青政发〔2029〕5号文件的通知", "青政发〔2031〕5号", "国务院令第5号的说明", "关于清淤的通知"]
        {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
