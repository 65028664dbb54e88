//! What can be seen of a logical line by itself.
//!
//! Most lines of a speech are running text, and to see that of a line is all there is to see. So a
//! glance over its chars comes first; only a line that shows something telling is folded and
//! compared with the words of salutations, stamps, titles and the like.

use super::{
    OrdinalKind, boilerplate,
    candidate::ordinal_at,
    date::is_date,
    lines::{Logical, is_closing, is_stop},
};
use crate::text::Cursor;
use crate::text::PlainSet;
use crate::text::cursor::is_blank;
use crate::text::fold::fold;

/// A line up to this length, in chars, is looked at as a whole.
pub(super) const BRIEF: usize = 100;
/// A line at least this long, in chars, that ends a sentence is running text.
const RUNNING: usize = 40;

/// What can be seen of a line by itself.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traits {
    pub page: bool,
    /// Page matter even in the middle of a text.
    pub surely_page: bool,
    pub salutation: bool,
    pub titled: bool,
    pub date: bool,
    /// Begins with a listed ordinal.
    pub ordinal: Option<OrdinalKind>,
    /// Begins with an ordinal of an unusual form (`一.`), or a digit and what a lost byte may have
    /// made of a heading.
    pub unsound: bool,
    /// Holds a full stop, and is no note in brackets.
    pub sentence: bool,
    pub running: bool,
    pub thanks: bool,
    pub end_matter: bool,
    /// Announces a table of contents.
    pub contents: bool,
    pub note: bool,
    /// Short, and no mark ends it.
    pub open_ended: bool,
}

/// The texts of the line that is looked at, kept for the next.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// Its first [`BRIEF`] chars.
    text: String,
    /// The same folded, without white space.
    folded: String,
}

impl Looked {
    /// What can be seen of `line`, over which `cursor` goes.
    pub(super) fn traits(&mut self, mut cursor: Cursor<'_>, line: &Logical) -> Traits {
        let length = line.span.len();
        let whole = cursor.clone();
        let begins = cursor.next().and_then(|(_, c)| ordinal_at(c, &cursor));
        let unsound = begins
            .is_some_and(|ordinal| !ordinal.sound && (ordinal.shifted || matches!(ordinal.kind, OrdinalKind::Pause | OrdinalKind::Di)));
        let ordinal = begins.filter(|ordinal| ordinal.sound).map(|ordinal| ordinal.kind);
        let brief = length <= BRIEF;
        let mut found = Traits { ordinal, unsound, running: length >= RUNNING && (is_closing(line.last) || !brief), ..Traits::default() };
        // Long paragraphs are looked at only where they may be a lead-in.
        if !brief && ordinal.is_some() {
            return found;
        }
        found.open_ended = brief && !is_stop(line.last) && !matches!(line.last, '，' | ',' | '、' | '…' | '.');
        let glance = Glance::of(whole.clone(), line.span.start + BRIEF, !brief);
        let bracketed = matches!(line.first, '(' | '（' | '[' | '【' | '—' | '*' | '※');
        if !glance.is_telling(&found, length) {
            found.sentence = brief && glance.stop && !bracketed;
            return found;
        }
        self.text.clear();
        self.text.extend(whole.take_while(|(at, _)| *at < line.span.start + BRIEF).map(|(_, c)| c));
        self.folded.clear();
        self.folded.extend(self.text.chars().filter(|c| !is_blank(*c)).map(fold));
        let (text, folded) = (self.text.as_str(), self.folded.as_str());
        if ordinal.is_none() {
            found.page = boilerplate::is_boilerplate(text, folded);
            found.surely_page = found.page && boilerplate::is_certain(folded);
        }
        if brief {
            found.date = is_date(text);
            found.salutation = is_salutation(folded);
            found.titled = found.open_ended && ordinal.is_none() && is_titled(folded);
            found.thanks = length <= 20
                && (folded.starts_with("谢谢")
                    || folded.ends_with("谢谢大家!")
                    || folded.ends_with("谢谢大家。")
                    || folded.ends_with("谢谢!"));
            found.end_matter = length <= 40 && is_end_matter(folded);
            found.sentence = text.contains(['。', '｡']) && !bracketed;
            found.contents = is_contents(folded);
            found.note = is_note(folded);
            found.running &= !found.salutation;
        }
        found
    }
}

/// Ideographs that say nothing of a line: no digits, and none of the words by which a line that is
/// about the page is known wherever they stand in it, or thanks are.
static DULL: PlainSet =
    PlainSet::ideographs_but(&['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '零', '谢', '謝', '备', '備', '版', '源']);

/// What the chars of a line show at a glance.
#[derive(Debug, Default)]
struct Glance {
    first: Option<char>,
    second: Option<char>,
    last: char,
    /// Ideographs and digits.
    letters: usize,
    digits: usize,
    /// The longest run of ideographs.
    longest: usize,
    /// A full stop.
    stop: bool,
    /// A title mark.
    book: bool,
    /// A char that may tell anything.
    odd: bool,
}

impl Glance {
    /// Looks at the chars before `end`; of a line that is `long` no further than tells that it is
    /// no short one.
    fn of(mut cursor: Cursor<'_>, end: usize, long: bool) -> Self {
        let mut glance = Self::default();
        while let Some((at, c)) = cursor.next()
            && at < end
        {
            if is_blank(c) {
                continue;
            }
            if glance.first.is_none() {
                glance.first = Some(c);
                // A blank between the two is dirt, so that the two may be listed.
                glance.second = cursor.peek().map(|(_, c)| c);
                glance.odd |= glance.second.is_some_and(is_blank);
            }
            let before = std::mem::replace(&mut glance.last, c);
            match c {
                '。' => glance.stop = true,
                '《' => glance.book = true,
                '0'..='9' | '０'..='９' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '零' => {
                    glance.digits += 1;
                    glance.letters += 1;
                }
                '，' | '、' | '；' | '：' | '！' | '？' | '“' | '”' | '‘' | '’' | '（' | '）' | '》' | '—' | '…' | '·' | '.' | ','
                | ':' | ';' | '!' | '?' | '(' | ')' | '%' | '-' | '/' => {}
                '谢' | '謝' | '版' | '源' | '备' | '備' => {
                    glance.letters += 1;
                    let behind = cursor.peek().map_or(' ', |(_, c)| c);
                    glance.odd = match c {
                        '谢' | '謝' => matches!(behind, '谢' | '謝'),
                        '版' => matches!(behind, '权' | '權'),
                        '源' => matches!(behind, '于' | '於'),
                        _ => !matches!(before, '\u{4E00}'..='\u{9FFF}' if before != '安'),
                    } || is_blank(behind);
                }
                '\u{4E00}'..='\u{9FFF}' => {
                    let from = cursor.offset();
                    if let Some(last) = cursor.skip_run(&DULL) {
                        glance.last = last;
                    }
                    let run = 1 + (cursor.offset() - from).min(end.saturating_sub(from));
                    glance.longest = glance.longest.max(run);
                    glance.letters += run;
                }
                _ => glance.odd = true,
            }
            if glance.odd || (long && glance.letters > boilerplate::SHORT) {
                break;
            }
        }
        glance
    }

    /// Whether the line, of that length, may be something else than `found` says.
    fn is_telling(&self, found: &Traits, length: usize) -> bool {
        let Some(first) = self.first else { return true };
        let brief = length <= BRIEF;
        let page = found.ordinal.is_none()
            && (boilerplate::may_begin(first, self.second)
                || (self.longest <= boilerplate::LONGEST_WORD && self.letters <= boilerplate::SHORT));
        let date = self.digits >= 4 && self.letters <= 20;
        let salutation = matches!(self.last, '：' | ':' | '！' | '!' | '，' | ',') && self.letters <= 60;
        let titled = found.open_ended && found.ordinal.is_none();
        let end_matter = length <= 40 && may_begin_end_matter(first, self.second);
        let contents = found.ordinal.is_none() && self.letters <= 2;
        let note = self.book && !matches!(first, '\u{4E00}'..='\u{9FFF}');
        self.odd || page || (brief && (date || salutation || titled || end_matter || contents || note))
    }
}

/// Whether what follows a speech may be announced by a line that begins with these two chars.
fn may_begin_end_matter(first: char, second: Option<char>) -> bool {
    match (fold(first), second.map(fold)) {
        ('附' | '注' | '(', _) => true,
        (first, Some(second)) => {
            matches!((first, second), ('名' | '尾' | '术' | '参' | '词' | '有', '词' | '注' | '语' | '考' | '汇' | '关'))
        }
        _ => false,
    }
}

/// Whether the line addresses the audience.
fn is_salutation(folded: &str) -> bool {
    const WHOM: [&str; 18] = [
        "同志",
        "各位",
        "朋友",
        "代表",
        "委员",
        "领导",
        "同学",
        "老师",
        "先生",
        "女士",
        "来宾",
        "乡亲",
        "战友",
        "大家好",
        "尊敬的",
        "主席",
        "书记",
        "主任",
    ];
    folded.chars().count() <= 60
        && folded.ends_with([':', '!', ','])
        && !folded.contains(['。', ';'])
        && WHOM.iter().any(|whom| {
            folded.starts_with(whom) || folded.trim_end_matches([':', '!', ',']).ends_with(whom) || folded.ends_with(&format!("{whom}们:"))
        })
        && !folded.contains("以下")
        && !folded.contains("如下")
}

/// Whether the (folded) line names a speech.
pub(super) fn is_titled(folded: &str) -> bool {
    const KINDS: [&str; 22] = [
        "讲话",
        "发言",
        "致辞",
        "致词",
        "报告",
        "讲稿",
        "演讲",
        "讲话稿",
        "发言稿",
        "发言材料",
        "汇报",
        "总结",
        "贺词",
        "献词",
        "党课",
        "讲话提纲",
        "总结讲话",
        "表态发言",
        "演讲稿",
        "主持词",
        "述职报告",
        "意见",
    ];
    let bare = folded.trim_end_matches(|c: char| !c.is_alphanumeric()).trim_end_matches(|c: char| c.is_ascii_digit());
    let bare = bare.split(['(', '[', '〔']).next().unwrap_or(bare);
    bare.chars().count() >= 4 && KINDS.iter().any(|kind| bare.ends_with(kind))
}

/// Whether the line announces what follows a speech.
fn is_end_matter(folded: &str) -> bool {
    const STARTS: [&str; 16] = [
        "附件",
        "附录",
        "附表",
        "附:",
        "附图",
        "附注",
        "名词解释",
        "名词注释",
        "术语解释",
        "注释",
        "注:",
        "参考文献",
        "参考资料",
        "尾注",
        "词汇表",
        "有关名词说明",
    ];
    let bare = folded.trim_start_matches(['[', '【', '(', '*']);
    STARTS.iter().any(|start| {
        bare.strip_prefix(start).is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with([':', ']', '】', ')'])
                || rest.chars().next().is_some_and(char::is_numeric)
                || rest.chars().count() <= 6
        })
    })
}

/// Whether the line announces a table of contents.
fn is_contents(folded: &str) -> bool {
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(bare, "目录" | "目次" | "提纲" | "contents")
}

/// Whether the line is a note that tells a source.
fn is_note(folded: &str) -> bool {
    let bare = folded.trim_start_matches(|c: char| !c.is_alphabetic());
    bare.len() < folded.len()
        && folded.contains('《')
        && (folded.contains("出版社") || folded.contains("版,第") || folded.contains("版,第") || folded.ends_with("页。"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::variants;

    #[test]
    fn what_tells_something_is_told_in_both_scripts() {
        for (c, variant) in "谢备版源".chars().flat_map(|c| variants(c).into_iter().map(move |variant| (c, variant))) {
            assert!(!DULL.contains(variant), "{variant} for {c}");
        }
    }
}
