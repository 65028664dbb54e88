//! What may make a place that was found for a quote another's: letters at its ends that may be those of the text around, and
//! words in place of its own.
//!
//! All lengths are in significant chars (letters and digits) unless noted.

use super::{
    boundaries::{is_visible, normalize_mark},
    normalized_text::SignificantChars,
    pairs::pairs,
    passage::{ContextWindow, MAX_INSERTED, MAX_OCCURRENCES, Occurrence, PassageSearch},
    similarity::similarity_within,
};
use pizhu_text::text::{Span, fold::fold};
use std::ops::Range;

/// Letters of the quote that may be gone between two that are compared at its end.
const QUOTE_SLACK: usize = 3;
impl PassageSearch<'_> {
    /// Whether a doubled char at one end makes the boundary ambiguous.
    pub(super) fn has_ambiguous_edge(&self, occurrence: Occurrence) -> bool {
        let chars = &self.normalized.chars;
        let (start, end) = (occurrence.at, occurrence.at + self.quote.len());
        let (first, last) = (self.quote.first(1), self.quote.last(1));
        let before = occurrence.left == 0 && (self.before.last(1) == first || (start > 0 && chars.slice(start - 1..start) == first));
        let after = occurrence.right == 0 && (self.after.first(1) == last || chars.slice(end..end + 1) == last);
        before
            || after
            || self.has_doubled_end(occurrence)
            || self.has_end_at_context(occurrence)
            || self.has_end_of_context(occurrence)
            || self.has_lost_context(occurrence)
            || self.has_other_line_around(&(start..end), occurrence.left, occurrence.right)
            || self.has_ambiguous_run(occurrence)
            || self.has_ambiguous_insertion(occurrence)
            || self.has_other_marks(occurrence)
    }

    /// Whether the marks near an end of the quote are others, with nothing of its context beyond: the letters there may be
    /// those of other words.
    ///
    /// Example: the quote `小组，问题先` before `查自己的`, and the text `小组，问题，先在下周`.
    fn has_other_marks(&self, occurrence: Occurrence) -> bool {
        const NEAR: usize = 4;
        let Some(core) = self.normalized.source_span(occurrence.at, occurrence.at + self.quote.len()) else { return false };
        let there = self.document.quote(core);
        let is_letter = |c: char| fold(c).is_alphanumeric();
        // From the outermost letter to the fourth.
        let end = |chars: &mut dyn Iterator<Item = char>| -> Vec<char> {
            let mut letters = 0;
            let from_letter = chars.filter(|c| is_visible(*c)).skip_while(|c| !is_letter(*c));
            let near = from_letter.take_while(|c| {
                letters += usize::from(is_letter(*c));
                letters < NEAR
            });
            near.map(normalize_mark).collect()
        };
        let quote = &self.selector.quote;
        // To the end of the first line, and of the last one.
        let has_other_line = |line: Option<&str>, there: &mut dyn Iterator<Item = char>, is_last: bool| {
            let forms = |chars: &mut dyn Iterator<Item = char>| chars.filter(|c| is_visible(*c)).map(normalize_mark).collect::<Vec<char>>();
            let line = line.map_or_else(Vec::new, |line| if is_last { forms(&mut line.chars().rev()) } else { forms(&mut line.chars()) });
            let line: Vec<char> = line.into_iter().skip_while(|c| !c.is_alphanumeric()).collect();
            forms(there).into_iter().take(line.len()).ne(line.iter().copied())
        };
        let (first, last) = (quote.split_once('\n').map(|(first, _)| first), quote.rsplit_once('\n').map(|(_, last)| last));
        if (occurrence.left < self.before.len() && has_other_line(first, &mut there.chars(), false))
            || (occurrence.right < self.after.len() && has_other_line(last, &mut there.chars().rev(), true))
        {
            return true;
        }
        (occurrence.left == 0 && end(&mut there.chars()) != end(&mut quote.chars()))
            || (occurrence.right == 0 && end(&mut there.chars().rev()) != end(&mut quote.chars().rev()))
    }

    /// Whether the text next to the quote repeats its end where the context did not: either of the two may be the one put in.
    ///
    /// Example: the quote `翻新村的水渠` before `和塘坝`, and the text `翻新村的水渠水渠和塘坝`.
    fn has_doubled_end(&self, occurrence: Occurrence) -> bool {
        const MAX_DOUBLED: usize = 8;
        let chars = &self.normalized.chars;
        let (start, end) = (occurrence.at, occurrence.at + self.quote.len());
        (2..=MAX_DOUBLED.min(self.quote.len())).any(|len| {
            (occurrence.right < len && chars.slice(end..end + len) == self.quote.last(len))
                || (occurrence.left < len && start >= len && chars.slice(start - len..start) == self.quote.first(len))
        })
    }

    /// Whether the first letter of the quote, or the last one, is also where its context ends, with letters put in between that
    /// and the quote: either may be the quote's.
    ///
    /// Example: the quote `实现目标` after `为如期`, and the text `为如期实，切实现目标`.
    fn has_end_at_context(&self, occurrence: Occurrence) -> bool {
        const CONTEXT: usize = 2;
        const MAX_BETWEEN: usize = 8;
        let chars = &self.normalized.chars;
        let (start, end) = (occurrence.at, occurrence.at + self.quote.len());
        let (before, after) = (self.before.last(CONTEXT), self.after.first(CONTEXT));
        let is_there = |at: Option<usize>, what: &SignificantChars| at.is_some_and(|at| chars.slice(at..at + what.len()) == *what);
        let (head, tail) = (before.concat(&self.quote.first(1)), self.quote.last(1).concat(&after));
        (occurrence.left == 0
            && before.len() == CONTEXT
            && (1..=MAX_BETWEEN).any(|between| is_there(start.checked_sub(between + CONTEXT), &head)))
            || (occurrence.right == 0 && after.len() == CONTEXT && (0..MAX_BETWEEN).any(|between| is_there(Some(end + between), &tail)))
            || self.has_end_at_edited_context(occurrence)
    }

    /// [`Self::has_end_at_context`] where the context was edited: most of it is there.
    ///
    /// Example: the quote `实干促跨越` after `班子真抓`, and the text `班子真和抓实，切实干促跨越`.
    fn has_end_at_edited_context(&self, occurrence: Occurrence) -> bool {
        const CONTEXT: usize = 6;
        const MIN_KEPT: usize = 4;
        const MAX_BETWEEN: usize = 8;
        let chars = &self.normalized.chars;
        let (start, end) = (occurrence.at, occurrence.at + self.quote.len());
        // With the letter that is `next` to the quote.
        let is_kept = |context: &SignificantChars, there: Range<usize>, next: usize| {
            let pairs = pairs(&context.to_chars(), &chars.slice(there.start..there.end.min(chars.len())).to_chars());
            pairs.len() >= MIN_KEPT && pairs.iter().any(|(letter, _)| *letter == next)
        };
        let is_letter = |at: usize, letter: &SignificantChars| chars.slice(at..(at + 1).min(chars.len())) == *letter;
        let (first, last) = (self.quote.first(1), self.quote.last(1));
        let ahead =
            |at: usize| is_letter(at, &first) && is_kept(&self.before.last(CONTEXT), at.saturating_sub(CONTEXT + 2)..at, CONTEXT - 1);
        let behind = |at: usize| is_letter(at, &last) && is_kept(&self.after.first(CONTEXT), at + 1..at + CONTEXT + 3, 0);
        (occurrence.left == 0 && (start.saturating_sub(MAX_BETWEEN)..start).any(ahead))
            || (occurrence.right == 0 && (end..(end + MAX_BETWEEN).min(chars.len())).any(behind))
    }

    /// Whether the quote begins or ends within a line beyond which nothing is left of its context, not even where text was put
    /// in: the outermost letters may be those of other words.
    ///
    /// Example: the quote `也只是过客。玉带的` before `传感器产业`, and the text `也只是过客。玉带的研发团队`.
    fn has_lost_context(&self, occurrence: Occurrence) -> bool {
        /// Letters of context that are there by chance.
        const FEW: usize = 3;
        /// Letters next to one another that are not, and in how much text.
        const PARTS: [(usize, usize); 2] = [(4, MAX_INSERTED), (10, 400)];
        let (chars, source) = (&self.normalized.chars, &self.document.source);
        let (start, end) = (occurrence.at - occurrence.left, occurrence.at + self.quote.len() + occurrence.right);
        let Some(there) = self.normalized.source_span(start, end) else { return false };
        let is_in = |context: &SignificantChars, len: usize, range: Range<usize>| {
            let mut parts = (0..(context.len() + 1).saturating_sub(len)).map(|at| context.slice(at..at + len));
            parts.any(|part| !chars.find(&part, range.clone(), 1).is_empty())
        };
        let is_lost = |agreement: usize, context: &SignificantChars, range: &dyn Fn(usize) -> Range<usize>| {
            let is_left = || PARTS.iter().any(|(len, within)| is_in(context, *len, range(context.len() + within)));
            agreement < FEW.min(context.len()) && !is_left()
        };
        let (before, after) = (&self.selector.before, &self.selector.after);
        let is_start =
            || ends_line(before.chars().rev(), occurrence.left) && ends_line(source.chars_before(there.start).map(|(_, c)| c), 0);
        let is_end = || ends_line(after.chars(), occurrence.right) && ends_line(source.chars_from(there.end).map(|(_, c)| c), 0);
        (is_lost(occurrence.left, &self.before, &|len| start.saturating_sub(len)..start) && !is_start())
            || (is_lost(occurrence.right, &self.after, &|len| end..end + len) && !is_end())
    }

    /// Whether the outermost letters of the quote are rather others of its context: with these, clearly more of what is beyond agrees.
    ///
    /// Example: the quote `钩。测评表` after `与评优评先挂钩，与干部使用挂`, and the text `与评优评先挂钩，测评表`.
    fn has_end_of_context(&self, occurrence: Occurrence) -> bool {
        const MAX_END: usize = 12;
        const MIN_MORE: usize = 2;
        let (chars, old) = (&self.normalized.chars, self.before.concat(&self.quote).concat(&self.after));
        let (first, last) = (self.before.len(), self.before.len() + self.quote.len());
        let (start, end) = (occurrence.at, occurrence.at + self.quote.len());
        // With so many of the letters of the quote.
        let mut ends = 1..=MAX_END.min(self.quote.len());
        ends.any(|len| {
            let ahead = |at: usize| chars.agree_before(start + len, &old.slice(0..at)) >= occurrence.left + len + MIN_MORE;
            let behind = |at: usize| chars.agree_after(end - len, &old.slice(at..old.len())) >= occurrence.right + len + MIN_MORE;
            (1..first + len).any(ahead) || (last - len + 1..old.len()).any(behind)
        })
    }

    /// Whether a char that is repeated across an end of the quote is there more or less often: which of them
    /// were the quote's is not certain.
    ///
    /// Example: the quote `备0` before `00号` and the text `备00号`.
    fn has_ambiguous_run(&self, occurrence: Occurrence) -> bool {
        fn run<'c>(chars: impl Iterator<Item = &'c [u8]>, of: &SignificantChars) -> usize {
            chars.take_while(|c| of.iter().next() == Some(c)).count()
        }
        let chars = &self.normalized.chars;
        let (start, end) = (occurrence.at, occurrence.at + self.quote.len());
        let (first, last) = (self.quote.first(1), self.quote.last(1));
        let ahead = run(self.before.iter().rev(), &first);
        let behind = run(self.after.iter(), &last);
        (ahead > 0 && run(chars.slice(start.saturating_sub(self.before.len())..start).iter().rev(), &first) != ahead)
            || (behind > 0 && run(chars.slice(end..end + self.after.len()).iter(), &last) != behind)
    }

    /// The same of a window: where the quote and its context have the same letter at an end.
    pub(super) fn has_other_run(&self, window: ContextWindow) -> bool {
        let inside = self.normalized.chars.slice(window.start..window.end).to_chars();
        let quote = self.quote.to_chars();
        let (before, after) = (self.before.last(1).to_chars(), self.after.first(1).to_chars());
        let run = |letters: &mut dyn Iterator<Item = &char>, of: char| letters.take_while(|letter| **letter == of).count();
        let is_other = |of: Option<&char>, quote: &mut dyn Iterator<Item = &char>, inside: &mut dyn Iterator<Item = &char>| {
            of.is_some_and(|of| {
                let own = run(quote, *of);
                own > 0 && own != run(inside, *of)
            })
        };
        is_other(before.first(), &mut quote.iter(), &mut inside.iter())
            || is_other(after.first(), &mut quote.iter().rev(), &mut inside.iter().rev())
    }

    /// Whether more was put in near an end of the quote than is left of it there: what is beyond may be another's.
    pub(super) fn has_thin_end(&self, window: ContextWindow) -> bool {
        const MIN_PUT_IN: usize = 4;
        let inside = self.normalized.chars.slice(window.start..window.end).to_chars();
        let pairs = pairs(&self.quote.to_chars(), &inside);
        // All of an end may be gone.
        let ends = pairs.first().zip(pairs.last()).map(|(first, last)| first.1.max(inside.len() - last.1 - 1));
        ends.is_some_and(|put_in| put_in >= MIN_PUT_IN)
            || pairs.windows(2).enumerate().any(|(at, pair)| {
                let put_in = pair[1].1 - pair[0].1 - 1;
                put_in >= MIN_PUT_IN && (at + 1).min(pairs.len() - at - 1) < put_in
            })
    }

    /// Whether a mark parts what was put in at an end from what is left of the quote: the mark, and with it what was put in, may
    /// be outside.
    ///
    /// Example: the quote `全村三百户` after `记性好，`, and the text `记性好，切实，全村三百户`.
    pub(super) fn has_marked_end(&self, window: ContextWindow) -> bool {
        let inside = self.normalized.chars.slice(window.start..window.end).to_chars();
        let pairs = pairs(&self.quote.to_chars(), &inside);
        let (Some(first), Some(last)) = (pairs.first(), pairs.last()) else { return false };
        // Between a letter and the next one.
        let is_marked = |letter: usize| {
            let span = |at: usize| self.normalized.source_span(at, at + 1);
            span(letter).zip(span(letter + 1)).is_some_and(|(one, other)| {
                one.end < other.start && self.document.quote(Span::new(one.end, other.start)).chars().any(is_visible)
            })
        };
        (first.1 > 0 && is_marked(window.start + first.1 - 1)) || (last.1 + 1 < inside.len() && is_marked(window.start + last.1))
    }

    /// Whether the first or last line of the quote, or what is in its place, is hardly the same: another one may have come there.
    pub(super) fn has_other_line(&self, window: ContextWindow) -> bool {
        // Of a short line, an edit or two leave little.
        const LINES: [(usize, f64); 2] = [(8, 0.5), (4, 0.3)];
        let inside = self.normalized.chars.slice(window.start..window.end);
        let is_other = |line: &str, there: &dyn Fn(usize) -> SignificantChars| {
            let line = SignificantChars::from_text(line);
            let least = LINES.into_iter().find(|(len, _)| line.len() >= *len).map(|(_, score)| score);
            least.is_some_and(|least| similarity_within(&line, &there(line.len()), &self.comparisons).is_none_or(|score| score < least))
        };
        let Some((first, _)) = self.selector.quote.split_once('\n') else { return false };
        let last = self.selector.quote.rsplit('\n').next().unwrap_or_default();
        is_other(first, &|len| inside.first(len)) || is_other(last, &|len| inside.last(len))
    }

    /// Whether text put in between the quote and its context ends like the quote: either end may be the quote's.
    ///
    /// Example: the quote `没有办成的`, before `也请你`, and the text `没有办成的工作的也请你`.
    fn has_ambiguous_insertion(&self, occurrence: Occurrence) -> bool {
        const RESUMED: usize = 4;
        let chars = &self.normalized.chars;
        let (start, end) = (occurrence.at, occurrence.at + self.quote.len());
        let behind = || {
            let resumed = chars.find(&self.after.first(RESUMED), end..end + MAX_INSERTED, 1);
            resumed.first().is_some_and(|at| *at > end && chars.slice(at - 1..*at) == self.quote.last(1))
        };
        let ahead = || {
            let resumed = chars.find(&self.before.last(RESUMED), start.saturating_sub(MAX_INSERTED)..start, MAX_INSERTED);
            resumed
                .last()
                .map(|at| at + self.before.last(RESUMED).len())
                .is_some_and(|at| at < start && chars.slice(at..at + 1) == self.quote.first(1))
        };
        (occurrence.right < RESUMED && behind()) || (occurrence.left < RESUMED && ahead())
    }

    /// Whether an end of the quote was deleted such that the char next to the window could also
    /// belong to the quote: the deleted part began like the text after it.
    pub(super) fn has_ambiguous_deletion(&self, window: ContextWindow) -> bool {
        const EDGE_CHARS: usize = 3;
        let (quote, inside) = (&self.quote, self.normalized.chars.slice(window.start..window.end));
        let (first, last) = (inside.first(EDGE_CHARS), inside.last(EDGE_CHARS));
        let everywhere = || 0..quote.len();
        let behind = last != quote.last(EDGE_CHARS)
            && quote.find(&last, everywhere(), MAX_OCCURRENCES).into_iter().map(|at| at + last.len()).any(|at| {
                let next = quote.slice(at..(at + 1).min(quote.len()));
                !next.is_empty() && next == self.after.first(1)
            });
        let before = first != quote.first(EDGE_CHARS)
            && quote
                .find(&first, everywhere(), MAX_OCCURRENCES)
                .into_iter()
                .filter_map(|at| at.checked_sub(1))
                .any(|at| quote.slice(at..at + 1) == self.before.last(1));
        behind || before
    }

    /// Whether a window has the letter of the context next to it more often near that end than the quote: what was put in may be
    /// beyond that letter, and the window go too far. Not if letters of the quote follow it: these stand before the context.
    ///
    /// Example: the quote `党建没`, before `有捷径`, and the text `党建没有没有捷径`.
    pub(super) fn has_context_inside(&self, window: ContextWindow) -> bool {
        const NEAR: usize = 8;
        let inside = self.normalized.chars.slice(window.start..window.end).to_chars();
        let quote = self.quote.to_chars();
        let reversed = |letters: &[char]| letters.iter().rev().copied().collect::<Vec<char>>();
        let (before, after) = (self.before.last(1).to_chars(), self.after.first(1).to_chars());
        // Both ends alike: from the end to the inside.
        let is_beyond = |inside: &[char], quote: &[char], next: Option<&char>| {
            let Some(next) = next else { return false };
            let (near, own) = (&inside[..inside.len().min(NEAR)], &quote[..quote.len().min(NEAR)]);
            let count = |letters: &[char]| letters.iter().filter(|letter| *letter == next).count();
            near.iter().enumerate().filter(|(_, letter)| *letter == next).any(|(at, _)| {
                let kept = pairs(&quote[..quote.len().min(at + QUOTE_SLACK)], &inside[..at]).len();
                count(&near[..=at]) > count(&own[..own.len().min(at + QUOTE_SLACK)]) && (kept < 2 || 3 * kept < 2 * at)
            })
        };
        is_beyond(&reversed(&inside), &reversed(&quote), after.first()) || is_beyond(&inside, &quote, before.first())
    }
}

/// Whether a line ends right after so many letters of these chars.
fn ends_line(chars: impl Iterator<Item = char>, letters: usize) -> bool {
    let is_end_or_letter = |c: &char| *c == '\n' || fold(*c).is_alphanumeric();
    chars.filter(is_end_or_letter).nth(letters).is_none_or(|c| c == '\n')
}

#[cfg(test)]
mod tests {
    use crate::anchor::test_help::{AFTER, BEFORE, OTHER, words_selected};

    #[test]
    fn a_quote_is_asked_about_when_its_end_stands_at_its_edited_context_too() {
        let old = format!("{BEFORE}，凝心聚力抓班子，真抓实干促跨越，为建设新澄湖提供保障。");
        let quote = "实干促跨越";
        for (there, place) in [("真和抓实，切实干", None), ("真和抓，切实干", Some(quote))] {
            assert_eq!(words_selected(&old, quote, &old.replace("真抓实干", there)).as_deref(), place, "{there}");
        }
        let new = old.replace("跨越，为建设", "跨越的，切越，为和建设");
        assert_eq!(words_selected(&old, "真抓实干促跨越", &new), None, "either 越");
    }

    #[test]
    fn a_quote_is_asked_about_when_its_first_letter_stands_with_more_of_its_context_elsewhere_in_it() {
        let old = format!("{BEFORE}。评议的结果与评优评先挂钩，与干部使用挂钩。测评表当场发、当场收，{AFTER}");
        let new = old.replace("，与干部使用挂钩。", "，");
        assert_eq!(words_selected(&old, "钩。测评表当场发、当场收", &new), None, "it may be the first 钩");
        let new = old.replace("与评优评先挂钩，与干部", "干部");
        assert!(words_selected(&old, "钩。测评表当场发、当场收", &new).is_some(), "the other is gone");
    }

    #[test]
    fn a_quote_is_asked_about_when_nothing_is_left_of_the_context_in_its_line() {
        let old = format!("{BEFORE}，订单再多也只是过客。玉带的{AFTER}，靠的是什么？靠的就是{OTHER}");
        let quote = "单再多也只是过客。玉带的";
        let new = old.replace(&format!("{AFTER}，靠的是什么？靠的"), "");
        assert_eq!(words_selected(&old, quote, &new), None, "either 的");
        let new = old.replace("玉带的各乡镇", "玉带的第一批各乡镇");
        assert_eq!(words_selected(&old, quote, &new).as_deref(), Some(quote), "its context is beyond what was put in");
        let (line, next) = (format!("{BEFORE}，订单再多也只是过客。玉带的"), format!("{AFTER}。"));
        let (old, new) = (format!("{line}\n{next}\n{OTHER}"), format!("{next}\n{line}\n{OTHER}"));
        assert_eq!(words_selected(&old, quote, &new).as_deref(), Some(quote), "its line ended there and was moved");
    }

    #[test]
    fn a_quote_is_asked_about_when_its_context_and_first_letter_were_put_in_once_more() {
        let quote = "办主任在全市农办工作会议上讲话，说要把队伍带好";
        let old = format!("{BEFORE}，县委常委、农{quote}，{AFTER}");
        let new = old.replace("常委、农办主任", "常委、农办农办主任").replace("队伍", "好队伍");
        assert_eq!(words_selected(&old, quote, &new), None, "either 农");
    }

    #[test]
    fn a_quote_is_asked_about_when_its_last_words_were_replaced_by_more() {
        let quote = format!("{BEFORE}，每位同志讲完以后都作了点评。借这个机会，我再讲三点意见");
        let old = format!("{OTHER}。{quote}。{AFTER}");
        let edited = |words: &str| words_selected(&old, &quote, &old.replace("讲三点意见", words));
        assert_eq!(edited("要给大家出五道题，请书记们年底来交卷"), None, "they may be those of another line");
        assert!(edited("讲两点想法").is_some());
    }
}
