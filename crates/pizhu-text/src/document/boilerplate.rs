//! Boilerplate: lines about the web page and not part of the speech, such as stamps, lead-ins,
//! navigation, share buttons, copyright, recommended links.
//!
//! Words are compared folded: simplified, half-width, lower case, without spaces.

use super::{
    boilerplate_words::{COLON_LABELS, NAVIGATION_WORDS, PREFIXES},
    date::date_in,
    line_recognizers::LineRule,
};
use crate::text::CjkSet;
use crate::text::fold::fold;
use std::sync::LazyLock;

/// Longest boilerplate line without a listed prefix, in chars without white space.
pub(super) const MAX_BOILERPLATE_CHARS: usize = 60;
/// Length of the longest of [`NAVIGATION_WORDS`], in chars.
pub(super) const MAX_WORD_CHARS: usize = 5;

/// Whether a line is boilerplate. `text` is its first hundred chars or so, `folded` the same folded
/// and without white space.
pub(super) fn is_boilerplate(text: &str, folded: &str) -> bool {
    let bare = folded.trim_start_matches(OPENING_MARKS);
    if bare.is_empty() {
        return false;
    }
    // `（作者：…）` and the book that a text is from are about the text.
    let about_text = (folded.starts_with('(') && bare.starts_with("作者")) || (bare.starts_with("出处") && bare.contains("出版社"));
    let labelled = || {
        !about_text
            && COLON_LABELS.iter().any(|label| bare.strip_prefix(label).is_some_and(|rest| rest.starts_with(':') || rest.starts_with("]:")))
    };
    if (shares_listed_bigram(bare) && (labelled() || has_listed_prefix(bare)))
        || (shares_listed_bigram(folded) && has_listed_prefix(folded))
    {
        return true;
    }
    let short = folded.chars().count() <= MAX_BOILERPLATE_CHARS;
    is_page_paragraph(folded)
        || short
            && (NOTICE_CHARS.occurs_in(folded) && NOTICES.iter().any(|notice| folded.contains(notice))
                || folded.as_bytes().contains(&b'v') && folded.contains("allrightsreserved")
                || folded.starts_with("http://")
                || folded.starts_with("https://")
                || folded.starts_with("www.")
                || PAGE_LINE_RULES.iter().any(|rule| (rule.matches)(folded))
                || is_navigation(text))
}

/// Words of a notice, which mark a short line wherever they stand in it.
const NOTICES: [&str; 6] = ["icp备", "版权所有", "公网安备", "来源于网友", "本文来自", "本文转自"];
/// Chars one of which occurs in each of [`NOTICES`].
static NOTICE_CHARS: CjkSet = CjkSet::of("备版源文");

/// What a page line without a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PageLineKind {
    Compilers,
    Breadcrumbs,
    TimeStamp,
    NumberInBrackets,
    Hash,
    Address,
}

/// The rules for short page lines without a label.
const PAGE_LINE_RULES: [LineRule<PageLineKind>; 6] = [
    LineRule {
        kind: PageLineKind::Compilers,
        matches: is_compilers_note,
        example: "（根据林某材料整理）",
        counterexample: "（根据录音整理）",
    },
    LineRule {
        kind: PageLineKind::Breadcrumbs, matches: is_breadcrumb, example: "首页 > 讲话 > 正文", counterexample: "产量＞去年"
    },
    LineRule {
        kind: PageLineKind::TimeStamp,
        matches: is_time_stamp,
        example: "2031-11-10 09:56:57",
        counterexample: "2031年11月10日上午",
    },
    LineRule { kind: PageLineKind::NumberInBrackets, matches: is_number_in_brackets, example: "【1】", counterexample: "【一】" },
    LineRule { kind: PageLineKind::Hash, matches: is_hash, example: "d41d8cd98f00b204e9800998ecf8427e", counterexample: "2031001002003" },
    LineRule { kind: PageLineKind::Address, matches: is_address, example: "http://www.example.com/a/1.html", counterexample: "www" },
];

/// Whether the line names from whose material the text was put together.
fn is_compilers_note(folded: &str) -> bool {
    folded.starts_with("(根据") && folded.ends_with("材料整理)") && folded.chars().count() <= MAX_BOILERPLATE_CHARS
}

/// Whether the line is a date with a time of day and nothing else.
fn is_time_stamp(folded: &str) -> bool {
    let bare = folded.trim_start_matches(['(', '[']).trim_end_matches([')', ']']);
    bare.contains(':')
        && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | ':' | '年' | '月' | '日'))
        && date_in(bare).is_some()
}

/// Whether the line is a number in brackets: the number of a page.
fn is_number_in_brackets(folded: &str) -> bool {
    let inner = folded.strip_prefix(['【', '[']).and_then(|rest| rest.strip_suffix(['】', ']']));
    inner.is_some_and(|inner| (1..=3).contains(&inner.len()) && inner.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether the line is a hash in hexadecimal digits.
fn is_hash(folded: &str) -> bool {
    folded.len() >= 24 && folded.bytes().all(|byte| byte.is_ascii_hexdigit()) && folded.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Whether the line is an address of the web and nothing else.
fn is_address(folded: &str) -> bool {
    let host = folded.strip_prefix("http://").or_else(|| folded.strip_prefix("https://")).unwrap_or(folded);
    (host.len() < folded.len() || host.starts_with("www.")) && host.contains('.') && host.is_ascii()
}

/// What a paragraph of the host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PageParagraphKind {
    /// Who put the text together.
    Compiled,
    /// Who uploaded it.
    Uploaded,
    /// The text is cut off for those who have not paid.
    PayGap,
    /// An editor's lead-in.
    EditorsNote,
    /// The text follows.
    LeadIn,
}

/// The rules for paragraphs of the host, which may be long.
const PAGE_PARAGRAPH_RULES: [LineRule<PageParagraphKind>; 5] = [
    LineRule {
        kind: PageParagraphKind::Compiled,
        matches: is_compiled,
        example: "夜校是一件大事。下面是小编给大家整理的，仅供参考。",
        counterexample: "小编同志，请大家抓紧整理材料。",
    },
    LineRule {
        kind: PageParagraphKind::EditorsNote,
        matches: is_editors_note,
        example: "【编者按】近年来，青石县办了三百所夜校，这里介绍其中一所。",
        counterexample: "编者按照来稿的先后排列。",
    },
    LineRule {
        kind: PageParagraphKind::Uploaded,
        matches: is_uploaded,
        example: "《在夜校开学会上的讲话》由会员上传分享,免费在线阅读。",
        counterexample: "村民在线阅读农技资料。",
    },
    LineRule {
        kind: PageParagraphKind::PayGap,
        matches: is_pay_gap,
        example: "请加入成为青石新闻的月费订户，长期支持我们的工作。",
        counterexample: "合作社会员已有三百户。",
    },
    LineRule {
        kind: PageParagraphKind::LeadIn,
        matches: |folded| folded.ends_with("全文如下:"),
        example: "《青石县发展规划》共有三章。全文如下：",
        counterexample: "现将有关要求通知如下：",
    },
];

/// Chars one of which occurs in each paragraph of the host that ends in no colon.
static TELLING_CHARS: CjkSet = CjkSet::of("编传阅费员余");

/// Whether a paragraph, folded and without white space, is the host's, even where it is long.
pub(super) fn is_page_paragraph(folded: &str) -> bool {
    (TELLING_CHARS.occurs_in(folded) || folded.ends_with(':')) && PAGE_PARAGRAPH_RULES.iter().any(|rule| (rule.matches)(folded))
}

/// Whether the host says that it put the text together.
fn is_compiled(folded: &str) -> bool {
    const DEEDS: [&str; 9] = ["整理", "收集", "带来", "分享", "推荐", "介绍", "准备", "搜集", "精心"];
    folded.split("小编").skip(1).any(|after| {
        let after: String = after.chars().take(14).collect();
        !after.starts_with("同志") && DEEDS.iter().any(|deed| after.contains(deed))
    })
}

/// Whether the paragraph is the lead-in of an editor.
fn is_editors_note(folded: &str) -> bool {
    ["【编者按】", "[编者按]", "编者按:"].iter().any(|start| folded.starts_with(start))
}

/// Whether the host says that a member uploaded the text.
fn is_uploaded(folded: &str) -> bool {
    folded.contains("会员上传") || folded.contains("免费在线阅读") || (folded.contains("网友上传") && folded.contains("版权"))
}

/// Words that say that the text is cut off for those who have not paid.
const PAY_GAPS: [&str; 6] = ["月费订户", "付费后阅读", "订阅后阅读", "剩余内容", "购买后阅读", "会员可阅读"];
/// The same, with 会员 in each.
const MEMBER_GAPS: [&str; 2] = ["开通会员", "成为会员后"];

/// Whether the text is cut off for those who have not paid.
fn is_pay_gap(folded: &str) -> bool {
    static PAY_GAP_CHARS: CjkSet = CjkSet::of("费阅余");
    (PAY_GAP_CHARS.occurs_in(folded) && PAY_GAPS.iter().any(|gap| folded.contains(gap)))
        || (folded.contains("会员") && MEMBER_GAPS.iter().any(|gap| folded.contains(gap)))
}

/// Marks that may precede a listed prefix.
const OPENING_MARKS: [char; 12] = ['[', '【', '(', '◆', '■', '·', '•', '>', '»', '-', '*', '_'];

/// Whether a line that begins with these two chars may begin with a listed prefix.
pub(super) fn may_begin_boilerplate(first: char, second: Option<char>) -> bool {
    let first = fold(first);
    OPENING_MARKS.contains(&first) || listed_bigrams().binary_search(&(first, second.map(fold).unwrap_or_default())).is_ok()
}

/// Whether the line begins with one of [`PREFIXES`].
fn has_listed_prefix(folded: &str) -> bool {
    PREFIXES.iter().any(|start| folded.starts_with(start))
}

/// Whether any listed prefix begins with the same two chars.
fn shares_listed_bigram(folded: &str) -> bool {
    let mut chars = folded.chars();
    chars.next().is_some_and(|first| listed_bigrams().binary_search(&(first, chars.next().unwrap_or_default())).is_ok() || first == '©')
}

/// The first two chars of the listed prefixes, sorted. All but `©` have two.
fn listed_bigrams() -> &'static [(char, char)] {
    static LISTED_BIGRAMS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
        let mut listed_bigrams: Vec<(char, char)> = COLON_LABELS
            .iter()
            .chain(&PREFIXES)
            .filter_map(|word| {
                let mut chars = word.chars();
                Some((chars.next()?, chars.next()?))
            })
            .collect();
        listed_bigrams.sort_unstable();
        listed_bigrams.dedup();
        listed_bigrams
    });
    &LISTED_BIGRAMS
}

/// Whether a line that [`is_boilerplate`] is so even in the middle of a speech, where words like 来源
/// and 时间 may belong to the speech. `folded` is without white space.
pub(super) fn is_certain_boilerplate(folded: &str) -> bool {
    is_page_paragraph(folded)
        || (folded.chars().count() <= MAX_BOILERPLATE_CHARS
            && (has_listed_prefix(folded)
                || folded.contains("icp备")
                || folded.contains("版权所有")
                || is_number_in_brackets(folded)
                || is_hash(folded)))
}

/// Whether the line is a breadcrumb trail: `首页 > 讲话 > 正文`.
fn is_breadcrumb(folded: &str) -> bool {
    // Most lines hold none of the marks; » begins with the byte C2, the last two have three bytes.
    static MARKS: CjkSet = CjkSet::of("›→");
    let bytes = folded.as_bytes();
    if !(bytes.contains(&b'>') || bytes.contains(&0xC2) || MARKS.occurs_in(folded)) {
        return false;
    }
    let steps: Vec<&str> = folded.split(['>', '»', '›', '→']).collect();
    let Some((last, before)) = steps.split_last().filter(|(_, before)| !before.is_empty()) else { return false };
    let home = NAVIGATION_WORDS.contains(&steps[0]);
    // A tag (`<b>水利</b>`) or a flow (`调查→讨论→决定`) leads nowhere.
    if folded.contains('<') || (!home && folded.contains('→')) {
        return false;
    }
    // The last step may be the title of the page.
    before.iter().all(|step| step.chars().count() <= 12)
        && (last.chars().count() <= 12 || (home && steps.len() >= 3))
        && (steps.len() >= 3 || home)
}

/// Whether the line consists of navigation words only.
fn is_navigation(text: &str) -> bool {
    let is_separator = |c: char| {
        crate::text::cursor::is_blank(c)
            || matches!(c, '|' | '/' | ',' | '·' | '•' | '丨' | '-' | '_' | '[' | ']' | '(' | ')' | '【' | '】' | '<' | '>' | ':')
    };
    // Most lines begin with a longer piece.
    let first = text.chars().map(fold).skip_while(|c| is_separator(*c)).take(MAX_WORD_CHARS + 1);
    if first.filter(|c| !is_separator(*c) && !c.is_ascii_digit()).count() > MAX_WORD_CHARS {
        return false;
    }
    let folded: String = text.chars().map(fold).collect();
    let mut pieces = folded.split(is_separator).filter(|piece| !piece.is_empty() && !piece.chars().all(|c| c.is_ascii_digit())).peekable();
    pieces.peek().is_some() && pieces.all(|piece| NAVIGATION_WORDS.contains(&piece))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_boilerplate(text: &str) -> bool {
        let folded: String = text.chars().filter(|c| !crate::text::cursor::is_blank(*c)).map(fold).collect();
        super::is_boilerplate(text, &folded)
    }

    #[test]
    fn each_rule_fits_its_example_only() {
        PAGE_LINE_RULES.iter().for_each(LineRule::check);
        PAGE_PARAGRAPH_RULES.iter().for_each(LineRule::check);
    }

    #[test]
    fn notices_and_page_paragraphs_have_telling_chars() {
        assert!(NOTICES.iter().all(|notice| NOTICE_CHARS.occurs_in(notice)));
        let gaps = PAY_GAPS.iter().chain(&MEMBER_GAPS).chain(&["小编", "会员上传", "免费在线阅读", "网友上传"]);
        assert!(gaps.copied().all(|words| TELLING_CHARS.occurs_in(words)));
    }

    #[test]
    fn max_word_chars_is_the_longest_navigation_word() {
        assert_eq!(NAVIGATION_WORDS.iter().map(|word| word.chars().count()).max(), Some(MAX_WORD_CHARS));
    }

    #[test]
    fn page_furniture_is_boilerplate() {
        for text in [
            "发布时间：2023-11-26 14:16:02",
            "導語：本文由網友上傳",
            "首页 > 领导讲话 > 正文",
            "网站首页 | 联系我们 | 网站地图",
            "赞(0) 打赏",
            "【字体：大 中 小】",
            "_来源：青石县水利局网站_ _发布时间： 2031-12-03 09:49_",
            "上一篇：在全市宣传工作会议上的讲话",
            "Copyright © 2020 青禾网",
            "青ICP备00000000号-1",
            "Powered by Qinghe",
        ] {
            assert!(is_boilerplate(text), "{text}");
        }
    }

    #[test]
    fn tags_and_flows_are_no_breadcrumbs() {
        for line in ["<script>x</script>", "最后说<b>一</b>件事", "调查→讨论→决定", "<b>在全县会议上的讲话</b>"] {
            assert!(!is_boilerplate(line), "{line}");
        }
        assert!(is_boilerplate("首页→讲话→正文"));
    }

    #[test]
    fn speech_lines_are_not_boilerplate() {
        for text in [
            "同志们：",
            "关注民生，办好实事",
            "时间紧、任务重，大家要抓紧。",
            "一、总体要求",
            "来源于基层的经验最可贵。",
            "(2024年3月1日)",
            "分享发展成果。",
        ] {
            assert!(!is_boilerplate(text), "{text}");
        }
    }
}
