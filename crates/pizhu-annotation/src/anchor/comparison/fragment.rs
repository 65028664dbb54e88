//! Parts of lines that are elsewhere in the new text: moved, or copied.

use super::{TextComparison, letter_map::Run, placement::Pairing};
use pizhu_text::text::Span;
use std::ops::Range;

/// Number of letters of a passage that are not elsewhere by chance, in a block that is.
const MIN_ELSEWHERE: usize = 2;

impl TextComparison {
    /// Whether part of a line that was moved has letters of a passage that are gone from where the others are.
    pub(super) fn is_partly_elsewhere(&self, letters: &Range<usize>) -> bool {
        let is_gone = |letter: &usize| self.pairings().all(|pairing| pairing.place(*letter).is_none());
        let shared = |run: &Run| run.old.max(letters.start)..run.old_range().end.min(letters.end);
        self.fragments.iter().any(|run| shared(run).filter(is_gone).take(MIN_ELSEWHERE).count() == MIN_ELSEWHERE)
    }

    /// Where part of a line that has at least half of these letters is now, moved or copied.
    pub(super) fn fragment_of(&self, letters: &Range<usize>) -> Option<Span> {
        let shared = |run: &&Run| run.old_range().end.min(letters.end).saturating_sub(run.old.max(letters.start));
        let best = self.fragments.iter().max_by_key(shared).filter(|run| 2 * shared(run) >= letters.len() && shared(run) > 0)?;
        let start = best.new + letters.start.max(best.old) - best.old;
        let end = best.new + letters.end.min(best.old + best.len) - best.old;
        self.new.source_span(&(self.new.unit_of(start)..self.new.unit_of(end - 1) + 1))
    }
}

impl Pairing<'_> {
    /// Whether a letter of the new text is that of another part of a line than the passage `own`: it was not put in.
    pub(super) fn is_of_other_fragment(&self, letter: usize, own: &Range<usize>) -> bool {
        let is_other = |run: &Run| (run.new..run.new + run.len).contains(&letter) && !own.contains(&(run.old + letter - run.new));
        self.fragments.iter().any(is_other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anchor::comparison::Placement;
    use pizhu_text::text::SourceText;

    #[test]
    fn a_passage_does_not_begin_on_a_line_that_was_moved_before_what_is_left_of_it() {
        let (first, quote) = (
            "今年全县接着办夜校，先后办了村组干部班、青年干部班等一批培训",
            "班，靠着村里网点建设，把课送到田头，各村各组的骨干都学了一遍。经过这一年，慢慢有了",
        );
        let rest = "镇里牵头、村里出力、大家一起办学的样子。明年还要接着办，而且要办得更活，让更多的人坐得下来、听得进去。";
        let (head, moved, tail) = (
            "要把服务做到前面，凡是乡亲们打来的问路电话、",
            "看病求助、买种子的难处，值班的人要马上接过来办好。建立起轮班",
            "表格，贴在村口的墙上，谁值班、谁负责，大家一看就明白，年底再评一评谁办得最好。",
        );
        let old = format!("{first}{quote}{rest}\n{head}{moved}{tail}\n");
        let left = "各组的骨干都学了一遍。经过这一年，慢慢有了";
        let new = format!("{first}\n{moved}\n{left}{rest}\n{head}\n{tail}\n");
        let comparison = TextComparison::new(&SourceText::from(old.as_str()), &SourceText::from(new.as_str())).unwrap();
        let start = first.chars().count();
        let found = comparison.place(Span::new(start, start + quote.chars().count()));
        let text = |span: Span| new.chars().skip(span.start).take(span.len()).collect::<String>();
        let Placement::Found(span) = found else { panic!("{found:?}") };
        assert_eq!(text(span), left);
    }

    #[test]
    fn a_passage_keeps_or_asks_about_the_last_mark_of_a_line_of_which_little_is_left() {
        let before = "今年要把分配的权力放开，由各村自己商量着办，办得好的年底要表扬。三是放开分配";
        let quote = "。果园卖果子的收益，归村里的比例不低于80%，上不封顶。\n第二，要让青年人挑梁。各村的合作社，由青年人担任负责人的比例不低于45%；\n新办的青年果园";
        let after = "每年补助三百元，只看想法，不看资历；\n失败了不追责，写一份像样的小结，讲清楚为什么没有办成就可以了。";
        let old = format!("{before}{quote}{after}\n");
        let new = format!("{before}。果园卖果子的收\n低于45%；\n{}\n", after.split_once('\n').unwrap().1);
        let comparison = TextComparison::new(&SourceText::from(old.as_str()), &SourceText::from(new.as_str())).unwrap();
        let start = before.chars().count();
        let found = comparison.place(Span::new(start, start + quote.chars().count()));
        let text = |span: Span| new.chars().skip(span.start).take(span.len()).collect::<String>();
        assert!(!matches!(found, Placement::Found(span) if !text(span).ends_with("45%；")), "{found:?}");
    }

    #[test]
    fn a_passage_keeps_or_asks_about_the_mark_after_the_last_two_letters_of_a_line() {
        let before = "引进或者办起一个加工作坊，每年带出一名";
        let quote = "年轻的种果能手”名单和“一带二（邀请100名种果能手每人帮助2户缺劳力的人家）”名单等，让大家学有苗园，看有样园，练有茶园。\n\n（四）以办好“十个果园”为抓手，进一步推进基";
        let after = "层夜校的工作。\n\n老话说得好，磨刀不误砍柴工。今年要把十个果园都走一遍，看一看哪里缺人手、哪里缺技术。";
        let old = format!("{before}{quote}{after}\n");
        let new = format!("{before}年轻的种果能手”名单和“一带二（邀请100\n茶园。\n\n{}\n", after.split_once("\n\n").unwrap().1);
        let comparison = TextComparison::new(&SourceText::from(old.as_str()), &SourceText::from(new.as_str())).unwrap();
        let start = before.chars().count();
        let found = comparison.place(Span::new(start, start + quote.chars().count()));
        let text = |span: Span| new.chars().skip(span.start).take(span.len()).collect::<String>();
        assert!(!matches!(found, Placement::Found(span) if !text(span).ends_with("茶园。")), "{found:?}");
    }

    #[test]
    fn a_passage_is_asked_about_when_its_first_words_were_put_in_once_more_before_a_mark() {
        let old = "全面办好基层的“十个果园”，切实打造一流的种果队伍，为把果园办好出力，大家都要把这件事放在心上，一件一件办好。";
        let new = old.replace("，切实打造", "进一步切实，切实打造");
        let comparison = TextComparison::new(&SourceText::from(old), &SourceText::from(new.as_str())).unwrap();
        let found = comparison.place(Span::new(14, 32));
        assert!(matches!(found, Placement::Undecided(_)), "either 切实: {found:?}");
    }
}
