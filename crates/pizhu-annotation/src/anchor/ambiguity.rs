//! What may make a place that was found for a quote another's: letters at its ends that may be those of the text around, and
//! words in place of its own.
//!
//! All lengths are in significant chars (letters and digits) unless noted.

use super::{
    boundaries::{is_visible, normalize_mark},
    normalized_text::SignificantChars,
    pairs::pairs,
    passage::{ContextWindow, MAX_OCCURRENCES, Occurrence, PassageSearch},
    similarity::similarity_within,
};
use crate::selector::Selector;
use pizhu_text::text::{Span, fold::fold};
use std::ops::Range;

/// Letters of the quote that may be gone between two that are compared at its end.
const QUOTE_SLACK: usize = 3;
/// Letters that may have been put in between the quote and its context.
const MAX_INSERTED: usize = 48;

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
            || self.has_ambiguous_line(occurrence)
            || self.has_lone_title(start..end, occurrence.left, occurrence.right)
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
        /// Context with which the first or last line of a quote may have other marks.
        const LINE_CONTEXT: usize = 10;
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
        if (occurrence.left < LINE_CONTEXT && has_other_line(first, &mut there.chars(), false))
            || (occurrence.right < LINE_CONTEXT && has_other_line(last, &mut there.chars().rev(), true))
        {
            return true;
        }
        (occurrence.left == 0 && end(&mut there.chars()) != end(&mut quote.chars()))
            || (occurrence.right == 0 && end(&mut there.chars().rev()) != end(&mut quote.chars().rev()))
    }

    /// Whether the text next to the quote repeats its end where the context did not: either of the two may be the one put in.
    ///
    /// Example: the quote `扩大党的组织` before `和工作`, and the text `扩大党的组织组织和工作`.
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

    /// Whether the quote goes a few letters into a line, and little of the context on that side agrees: many lines begin
    /// alike, and another may have come in its place.
    ///
    /// Example: the quote `基层基础；⏎要` before `坚持痕迹化`, and the line `要坚持数据化`.
    fn has_ambiguous_line(&self, occurrence: Occurrence) -> bool {
        const MAX_ALIKE: usize = 6;
        let beyond_line = |letters: &str, agreement: usize, context: usize| {
            let len = SignificantChars::from_text(letters).len();
            (1..=MAX_ALIKE).contains(&len) && len + agreement <= MAX_ALIKE && agreement < context
        };
        let Selector { quote, before, after, .. } = self.selector;
        let first = quote.split_once('\n').map(|(first, _)| first);
        let last = quote.rsplit_once('\n').map(|(_, last)| last);
        let (start, end) = (occurrence.at, occurrence.at + self.quote.len());
        let is_line_before = || self.resumes(before.rsplit('\n').next(), start.saturating_sub(MAX_INSERTED)..start);
        let is_line_after = || self.resumes(after.split('\n').next(), end..end + MAX_INSERTED);
        (first.is_some_and(|first| beyond_line(first, occurrence.left, self.before.len())) && !is_line_before())
            || (last.is_some_and(|last| beyond_line(last, occurrence.right, self.after.len())) && !is_line_after())
    }

    /// Whether the quote begins or ends on a title, and nothing of its context beyond that is there or elsewhere in the text: a
    /// title often stands twice, and this may be the other one.
    ///
    /// Example: the quote `的讲话⏎同志们` after `供大家参考。⏎在培训班上`, and the text `在培训班上的讲话⏎同志们` without the words before it.
    pub(super) fn has_lone_title(&self, found: Range<usize>, left: usize, right: usize) -> bool {
        const MAX_TITLE: usize = 30;
        let Selector { quote, before, after, .. } = self.selector;
        let is_title = |line: &str| {
            let last = line.chars().rev().find(|c| is_visible(*c));
            let is_closing = |c: char| matches!(c, '》' | '”' | '"' | '）' | ')');
            SignificantChars::from_text(line).len() <= MAX_TITLE && last.is_some_and(|c| fold(c).is_alphanumeric() || is_closing(c))
        };
        // Any part of it, but not the title itself.
        let is_there = |rest: &str, title: usize| {
            let around = [0..found.start.saturating_sub(title), found.end + title..self.normalized.chars.len()];
            around.into_iter().any(|range| self.resumes(Some(rest), range))
        };
        // The context up to the title is `rest`, and what of the title is in it `beyond`.
        let is_lone = |own: &str, beyond: &str, title: String, rest: &str, agreement: usize| {
            let len = SignificantChars::from_text(beyond).len();
            let is_alone = agreement >= len && agreement <= len + 1 && rest.chars().any(|c| fold(c).is_alphanumeric());
            !own.trim().is_empty() && is_alone && is_title(&title) && !is_there(rest, len)
        };
        let at_start = || {
            let (own, (rest, beyond)) = (quote.split_once('\n')?.0, before.rsplit_once('\n')?);
            Some(is_lone(own, beyond, format!("{beyond}{own}"), rest, left))
        };
        let at_end = || {
            let (own, (beyond, rest)) = (quote.rsplit_once('\n')?.1, after.split_once('\n')?);
            Some(is_lone(own, beyond, format!("{own}{beyond}"), rest, right))
        };
        at_start().unwrap_or_default() || at_end().unwrap_or_default()
    }

    /// Whether a range of the text has part of a line, such as the rest of one that the quote goes into: then it is this line
    /// still.
    fn resumes(&self, line: Option<&str>, range: Range<usize>) -> bool {
        const PART: usize = 6;
        let line = SignificantChars::from_text(line.unwrap_or_default());
        let parts = (0..(line.len() + 1).saturating_sub(PART)).map(|at| line.slice(at..at + PART));
        parts.into_iter().any(|part| !self.normalized.chars.find(&part, range.clone(), 1).is_empty())
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
        pairs.windows(2).enumerate().any(|(at, pair)| {
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
            count(near) > count(own)
                && near.iter().enumerate().filter(|(_, letter)| *letter == next).any(|(at, _)| {
                    let kept = pairs(&quote[..quote.len().min(at + QUOTE_SLACK)], &inside[..at]).len();
                    kept < 2 || 3 * kept < 2 * at
                })
        };
        is_beyond(&reversed(&inside), &reversed(&quote), after.first()) || is_beyond(&inside, &quote, before.first())
    }
}

#[cfg(test)]
mod tests {
    use crate::anchor::Resolver;
    use crate::{Annotation, Scope, Selector};
    use pizhu_text::document::Document;
    use pizhu_text::text::{SourceText, Span};

    const TITLE: &str = "在玉带市人才工作推进会上的讲话";
    const BODY: &str = "同志们：各位同志去年全县新办夜校三十所，培训村组干部两千多人次，群众反映很好，今年要接着办，而且要办得更活。";

    /// Where the first `quote` of `old` is found in `new` by its selector.
    fn found(old: &str, quote: &str, new: &str) -> Option<String> {
        let [document, new] = [old, new].map(|text| Document { is_final: true, ..Document::from(SourceText::from(text)) });
        let start = old[..old.find(quote).unwrap()].chars().count();
        let selector = Selector::for_passage(&document, Span::new(start, start + quote.chars().count())).unwrap();
        Resolver::new(&new).resolve(&Annotation::new(Scope::Passage, selector, "甲")).span.map(|span| new.quote(span))
    }

    #[test]
    fn a_title_without_what_was_around_it_may_be_the_other_one() {
        let intro = "发布时间二〇二四年七月八日上午，供大家参考。";
        let old = format!("{TITLE}\n{intro}\n{TITLE}\n{BODY}");
        let quote = "推进会上的讲话\n同志们：各位同志去年";
        assert_eq!(found(&old, quote, &format!("{TITLE}\n{BODY}")), None, "the second title may be gone");
        let moved = format!("散会以后另行通知。\n{old}");
        assert_eq!(found(&old, quote, &moved).as_deref(), Some(quote));
        let parted = old.replace("，供大家参考", "，和\n散会以后另行通知");
        assert_eq!(found(&old, quote, &parted).as_deref(), Some(quote), "what was before it is still there");
        let (old, quote) = (format!("{BODY}\n{TITLE}\n{intro}\n{TITLE}\n"), "办得更活。\n在玉带市人才工作");
        assert_eq!(found(&old, quote, &format!("{BODY}\n{TITLE}\n")), None, "the first title may be gone");
    }

    #[test]
    fn an_end_that_is_also_where_its_edited_context_ends_is_asked_about() {
        let old = format!("{BODY}凝心聚力抓班子，真抓实干促跨越，为建设新澄湖提供保障。");
        let quote = "实干促跨越";
        for (there, place) in [("真和抓实，切实干", None), ("真和抓，切实干", Some(quote))] {
            assert_eq!(found(&old, quote, &old.replace("真抓实干", there)).as_deref(), place, "{there}");
        }
        let quote = "真抓实干促跨越";
        assert_eq!(found(&old, quote, &old.replace("跨越，为建设", "跨越的，切越，为和建设")), None, "either 越");
    }
}
