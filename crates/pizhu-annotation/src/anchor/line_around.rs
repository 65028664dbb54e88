//! Whether the line that a quote begins or ends in, next to another one, is the same line still.
//!
//! Titles stand twice or end alike, and many lines begin with the same few letters. Without the text that a quote was marked
//! in, what of such a line is in the quote may be what is left of another one.

use super::{
    boundaries::is_visible,
    normalized_text::SignificantChars,
    passage::{MAX_INSERTED, PassageSearch},
};
use pizhu_text::text::{Span, fold::fold};
use std::ops::Range;

/// Letters with which many lines begin or end.
const MAX_ALIKE: usize = 6;
/// Letters of the longest line that is taken for a title.
const MAX_TITLE: usize = 30;
/// Letters of a title that are more than its number.
const MIN_REST: usize = 3;
/// Letters of a line that are not elsewhere by chance.
const PART: usize = 6;

/// The line that a quote begins or ends in.
struct LineAround {
    /// As it was, and as it is where the quote was found; as far as they are known.
    lines: [String; 2],
    /// Number of letters of it that the context has.
    in_context: usize,
    /// Those of them that are not next to the quote any more, and the outermost ones of these.
    rest: SignificantChars,
    outermost: SignificantChars,
    /// What the context has next to it.
    next: SignificantChars,
    /// Number of letters of the context that are next to the quote as before.
    agreement: usize,
    /// Where the rest of it is if text was put in before that.
    near: Range<usize>,
}

impl LineAround {
    /// The line that the quote begins in, if it goes on to the next one.
    fn at_start(search: &PassageSearch<'_>, core: Span, found: usize, agreement: usize) -> Option<Self> {
        let (quote, context) = (&search.selector.quote, &search.selector.before);
        let (own, (next, beyond)) = (quote.split_once('\n')?.0, context.rsplit_once('\n').unwrap_or(("", context)));
        let ahead: String = line_of(search.document.source.chars_before(core.start)).chars().rev().collect();
        let there = search.document.quote(core);
        let (edge, letters) = (found.saturating_sub(agreement), SignificantChars::from_text(beyond));
        let rest = letters.first(letters.len().saturating_sub(agreement));
        let line = Self {
            lines: [format!("{beyond}{own}"), format!("{ahead}{}", there.split('\n').next().unwrap_or_default())],
            in_context: letters.len(),
            outermost: rest.first(part_of(&rest)),
            next: SignificantChars::from_text(next),
            agreement,
            near: edge.saturating_sub(rest.len() + MAX_INSERTED)..edge,
            rest,
        };
        Some(line).filter(|_| own.chars().any(is_visible))
    }

    /// The line that the quote ends in, if it begins before that.
    fn at_end(search: &PassageSearch<'_>, core: Span, found: usize, agreement: usize) -> Option<Self> {
        let (quote, context) = (&search.selector.quote, &search.selector.after);
        let (own, (beyond, next)) = (quote.rsplit_once('\n')?.1, context.split_once('\n').unwrap_or((context, "")));
        let behind = line_of(search.document.source.chars_from(core.end));
        let there = search.document.quote(core);
        let (edge, letters) = (found + agreement, SignificantChars::from_text(beyond));
        let rest = letters.last(letters.len().saturating_sub(agreement));
        let line = Self {
            lines: [format!("{own}{beyond}"), format!("{}{behind}", there.rsplit('\n').next().unwrap_or_default())],
            in_context: letters.len(),
            outermost: rest.last(part_of(&rest)),
            next: SignificantChars::from_text(next),
            agreement,
            near: edge..edge + rest.len() + MAX_INSERTED,
            rest,
        };
        Some(line).filter(|_| own.chars().any(is_visible))
    }

    /// Whether it may be another line than the one that was there.
    fn may_be_other(&self, search: &PassageSearch<'_>, found: &Range<usize>) -> bool {
        let [own, there] = &self.lines;
        let is_like_others = SignificantChars::from_text(own).len() - self.rest.len() <= MAX_ALIKE;
        let is_in = |words: &SignificantChars, range: Range<usize>| !search.normalized.chars.find(words, range, 1).is_empty();
        let is_anywhere = |words: &SignificantChars| {
            // Not the line itself.
            let around = [0..found.start.saturating_sub(self.in_context), found.end + self.in_context..search.normalized.chars.len()];
            let mut parts = (0..(words.len() + 1).saturating_sub(PART)).map(|at| words.slice(at..at + PART));
            parts.any(|part| around.iter().any(|range| is_in(&part, range.clone())))
        };
        match self.rest.len() {
            // All of it is there, so that what was next to it shows whether it is the same.
            0 => {
                let is_alone = !self.next.is_empty() && self.agreement <= self.in_context + 1;
                is_alone && (is_like_others || is_title(own)) && !is_anywhere(&self.next)
            }
            rest => {
                let is_title_end = rest >= MIN_REST && (is_title(own) || is_title(there));
                let is_gone = is_like_others || (is_title_end && !is_anywhere(&self.rest));
                // Beyond an edit the line goes on as it was.
                is_gone && !is_in(&self.outermost, self.near.clone())
            }
        }
    }
}

/// Number of letters of the rest of a line that show that it is there: of a few letters an edit has left half.
fn part_of(rest: &SignificantChars) -> usize {
    PART.min(rest.len().div_ceil(2))
}

/// The chars up to a line end; not many more than a title has.
fn line_of(chars: impl Iterator<Item = (usize, char)>) -> String {
    chars.map(|(_, c)| c).take_while(|c| *c != '\n').take(2 * MAX_TITLE).collect()
}

/// Whether a line is short and without a mark at its end.
fn is_title(line: &str) -> bool {
    let last = line.chars().rev().find(|c| is_visible(*c));
    let is_closing = |c: char| matches!(c, '》' | '”' | '"' | '）' | ')');
    SignificantChars::from_text(line).len() <= MAX_TITLE && last.is_some_and(|c| fold(c).is_alphanumeric() || is_closing(c))
}

impl PassageSearch<'_> {
    /// Whether the quote begins or ends within a line that may be another one. It is the same line where what is beyond of it
    /// is still there, or, beyond all of it, what is next to it.
    ///
    /// Example: the quote `队伍。⏎第一，要` after `用心培养耐劳果农`, and the text `二、培养耐劳果农队伍⏎第一，要`: 用心 is gone, and
    /// this is a title that ends like the line. Or the quote `果园果树；⏎要` before `坚持挂牌式`, and the line `要坚持打分式`.
    pub(super) fn has_other_line_around(&self, found: &Range<usize>, left: usize, right: usize) -> bool {
        let Some(core) = self.normalized.source_span(found.start, found.end) else { return false };
        let lines = [LineAround::at_start(self, core, found.start, left), LineAround::at_end(self, core, found.end, right)];
        lines.into_iter().flatten().any(|line| line.may_be_other(self, found))
    }
}

#[cfg(test)]
mod tests {
    use crate::anchor::test_help::words_selected;

    const TITLE: &str = "在玉带市人才工作推进会上的讲话";
    const BODY: &str = "同志们：各位同志去年全县新办夜校三十所，培训村组干部两千多人次，群众反映很好，今年要接着办，而且要办得更活。";

    #[test]
    fn a_quote_on_a_title_is_asked_about_when_all_that_was_around_the_title_is_gone() {
        let intro = "发布时间二〇二四年七月八日上午，供大家参考。";
        let old = format!("{TITLE}\n{intro}\n{TITLE}\n{BODY}");
        let quote = "推进会上的讲话\n同志们：各位同志去年";
        assert_eq!(words_selected(&old, quote, &format!("{TITLE}\n{BODY}")), None, "the second title may be gone");
        let moved = format!("散会以后另行通知。\n{old}");
        assert_eq!(words_selected(&old, quote, &moved).as_deref(), Some(quote));
        let parted = old.replace("，供大家参考", "，和\n散会以后另行通知");
        assert_eq!(words_selected(&old, quote, &parted).as_deref(), Some(quote), "what was before it is still there");
        let (old, quote) = (format!("{BODY}\n{TITLE}\n{intro}\n{TITLE}\n"), "办得更活。\n在玉带市人才工作");
        assert_eq!(words_selected(&old, quote, &format!("{BODY}\n{TITLE}\n")), None, "the first title may be gone");
    }

    #[test]
    fn a_quote_is_asked_about_when_only_the_end_of_its_first_line_is_left() {
        let (before, rest) = ("剪枝在行、嫁接在行，用心", "培养本乡里年轻些果园能手队伍");
        let next = "第一，要筑牢根基，做到心里有数。果园是大家的饭碗，守不住它，说什么都是空话。";
        let quote = "队伍。\n第一，要筑牢根基，做到心里有数";
        let old = format!("一、牢牢把握要求，{rest}\n{BODY}{before}{rest}。\n{next}");
        let new = format!("一、牢牢把握要求，{rest}\n{next}");
        assert_eq!(words_selected(&old, quote, &new), None, "its own line may be gone");
        let edited = old.replace("用心培养", "要继续培养");
        assert_eq!(words_selected(&old, quote, &edited).as_deref(), Some(quote), "the words before are still there");
    }

    #[test]
    fn a_quote_is_asked_about_when_its_first_line_has_another_mark_and_other_words_before() {
        let rest = "帮着果园年年挂果修好四通八达的水渠";
        let next = "第二，要筑牢根基，做到心里有数。果园是大家的饭碗，守不住它，说什么都是空话。";
        let line = format!("去年各村各组为这件事想了不少办法，出了不少力气，归根到底是为{rest}。");
        let own = format!("一年到头，各村的骨干都要下到田头地角，手把手地教，面对面地帮，为{rest}；");
        let old = format!("{BODY}\n{line}\n{own}\n{next}");
        assert_eq!(
            words_selected(&old, "水渠；\n第二，要筑牢根基，做到", &format!("{BODY}\n{line}\n{next}")),
            None,
            "its own line is gone"
        );
    }

    #[test]
    fn a_quote_is_asked_about_when_its_line_is_another_with_some_of_the_same_words() {
        let own = "今年要下力提高看护果园水渠的本领，下力增添种果班组的人手和活力。";
        let other = "（一）以提高种果水平为头件，往后去增添种果班组和种果队伍活力。";
        let next = "一是要坚持办好夜校。今年先在全县的果园里开展冬季学习，把办法讲透。";
        let quote = "活力。\n一是要坚持办好夜校。今年先在";
        let old = format!("{BODY}\n{other}\n{BODY}{own}\n{next}");
        assert_eq!(words_selected(&old, quote, &format!("{BODY}\n{other}\n{next}")), None, "its own line is gone");
        let edited = old.replace("的人手和活力", "和种果队伍活力");
        assert_eq!(words_selected(&old, quote, &edited).as_deref(), Some(quote), "beyond the edit the line is as it was");
    }
}
