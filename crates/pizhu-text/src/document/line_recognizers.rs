//! Recognizers of lines by their words. Each takes a line as folded by [`crate::text::fold`].

use crate::text::CjkSet;
use std::fmt::Debug;

/// A rule that recognises a line, with a line that it fits and one that it does not fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineRule<K> {
    /// What the line is if the rule fits.
    pub kind: K,
    /// Whether the rule fits a line, folded and without white space.
    pub matches: fn(&str) -> bool,
    #[cfg_attr(not(test), expect(dead_code, reason = "shown to the reader and checked by tests"))]
    pub example: &'static str,
    #[cfg_attr(not(test), expect(dead_code, reason = "shown to the reader and checked by tests"))]
    pub counterexample: &'static str,
}

#[cfg(test)]
impl<K: Debug> LineRule<K> {
    /// Checks that the rule fits its example and not its counterexample.
    pub(super) fn check(&self) {
        let fits =
            |text: &str| (self.matches)(&text.chars().filter(|c| !c.is_whitespace()).map(crate::text::fold::fold).collect::<String>());
        assert!(fits(self.example), "{:?}: {}", self.kind, self.example);
        assert!(!fits(self.counterexample), "{:?}: {}", self.kind, self.counterexample);
    }
}

/// Whether the line is a salutation.
pub(super) fn is_salutation(folded: &str) -> bool {
    const WHOM: [&str; 25] = [
        "同志",
        "市民",
        "嘉宾",
        "同胞",
        "阁下",
        "父老",
        "诸位",
        "亲爱的",
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

/// Whether the (folded) line is the title of a speech: it ends in a word like 讲话 or 报告.
pub(super) fn names_speech(folded: &str) -> bool {
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
    static LAST_CHARS: CjkSet = CjkSet::of_last_chars(&KINDS);
    let bare = folded.trim_end_matches(|c: char| !c.is_alphanumeric()).trim_end_matches(|c: char| c.is_ascii_digit());
    let bare = bare.split(['(', '[', '〔']).next().unwrap_or(bare);
    LAST_CHARS.has_last_of(bare) && bare.chars().count() >= 4 && KINDS.iter().any(|kind| bare.ends_with(kind))
}

/// Whether the line announces end matter (附件, 注释).
pub(super) fn is_end_matter(folded: &str) -> bool {
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
    let bare = folded.trim_start_matches("<!--").trim_start_matches(['[', '【', '(', '*', '#']);
    STARTS.iter().any(|start| {
        bare.strip_prefix(start).is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with([':', ']', '】', ')'])
                || rest.chars().next().is_some_and(char::is_numeric)
                || rest.chars().count() <= 6
        })
    })
}

/// Whether the line lists the annexes: `附件：1.河道名单 2.责任分工表`.
pub(super) fn lists_annexes(folded: &str) -> bool {
    let rest = folded.strip_prefix("附件").and_then(|rest| rest.strip_prefix(':'));
    rest.is_some_and(|rest| rest.starts_with(['1', '一', '(', '《']) && rest.chars().count() <= 100 && !rest.ends_with('。'))
}

/// Whether the line announces a table of contents.
pub(super) fn is_contents_label(folded: &str) -> bool {
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(bare, "目录" | "目次" | "提纲" | "contents")
}

/// Whether the line is a footnote that names a source (《…》…出版社).
pub(super) fn is_source_note(folded: &str) -> bool {
    let bare = folded.trim_start_matches(|c: char| !c.is_alphabetic());
    bare.len() < folded.len()
        && folded.contains('《')
        && (folded.contains("出版社") || folded.contains("版,第") || folded.contains("版,第") || folded.ends_with("页。"))
}

/// Whether the line is a title of a document: it ends in a word like 通知 or 条例.
pub(super) fn names_document(folded: &str) -> bool {
    const KINDS: [&str; 62] = [
        "通知",
        "决定",
        "规定",
        "条例",
        "办法",
        "方案",
        "规划",
        "纲要",
        "章程",
        "清单",
        "的函",
        "批复",
        "请示",
        "公告",
        "公报",
        "通报",
        "命令",
        "细则",
        "制度",
        "计划",
        "宣言",
        "声明",
        "公开信",
        "倡议书",
        "会议记录",
        "会议纪录",
        "纪要",
        "总结",
        "思考",
        "指示",
        "意见",
        "意见书",
        "宪法",
        "答复",
        "复函",
        "建议",
        "要点",
        "措施",
        "规则",
        "规程",
        "守则",
        "标准",
        "准则",
        "协议",
        "合同",
        "约定",
        "申请书",
        "报告书",
        "说明书",
        "手册",
        "指南",
        "提案",
        "议案",
        "草案",
        "决议",
        "法",
        "解释",
        "课程",
        "概要",
        "心得",
        "感言",
        "演讲辞",
    ];
    static LAST_CHARS: CjkSet = CjkSet::of_last_chars(&KINDS);
    let bare = folded.trim_end_matches(|c: char| !c.is_alphanumeric());
    let bare = bare.strip_suffix("全文").unwrap_or(bare);
    let bare = bare.split(['(', '[', '〔']).next().unwrap_or(bare).trim_end_matches(['》', '”']);
    LAST_CHARS.has_last_of(bare) && bare.chars().count() >= 4 && KINDS.iter().any(|kind| bare.ends_with(kind))
}

/// Whether the line begins with the number of a part (`第一章`, `第3条`) or a decimal (`1.1 `, `1 引言`).
/// The text is folded and without white space.
pub(super) fn begins_part(folded: &str) -> bool {
    const PARTS: [&str; 9] = ["章", "节", "条", "部分", "编", "篇", "讲", "款", "卷"];
    let numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十百〇零".contains(c);
    if let Some(rest) = folded.strip_prefix('第') {
        let stem = rest.trim_start_matches(numeral);
        return stem.len() < rest.len() && PARTS.iter().any(|part| stem.starts_with(part)) && !stem.starts_with("条件");
    }
    let rest = folded.trim_start_matches(|c: char| c.is_ascii_digit());
    let dotted = rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let digits = folded.len() - rest.len();
    (1..=2).contains(&digits) && dotted && rest.contains(|c: char| matches!(c, '\u{3400}'..='\u{9FFF}')) && !rest.contains(['-', '/', ':'])
}

/// Whether the line announces the list below it (`今年要抓好以下五个方面的工作`, `下面讲三点`).
pub(super) fn announces_list(folded: &str) -> bool {
    const NAMED: [&str; 4] = ["以下", "下列", "如下", "下面"];
    const VERBS: [&str; 12] = ["要", "抓", "做", "讲", "谈", "提", "分", "从", "有", "是", "就", "采取"];
    const CLASSIFIERS: [&str; 8] = ["个", "方面", "项", "点", "件", "条", "步", "种"];
    /// How far before the end the count stands, in chars.
    const REACH: usize = 9;
    let length = folded.chars().count();
    let end: String = folded.chars().skip(length.saturating_sub(REACH)).collect();
    let counts = |(at, c): (usize, char)| {
        let rest = end.get(at + c.len_utf8()..).unwrap_or_default();
        "两二三四五六七八九十几".contains(c) && CLASSIFIERS.iter().any(|classifier| rest.starts_with(classifier))
    };
    let counted = end.char_indices().any(counts);
    length >= 4 && counted && NAMED.iter().chain(VERBS.iter()).any(|word| folded.contains(word))
}

/// Whether the line is the label of a note, with or without the note (`注：`, `附注：数字为初步统计`).
pub(super) fn is_note_label(folded: &str) -> bool {
    let bare = folded.trim_start_matches('附');
    bare.strip_prefix('注').is_some_and(|rest| {
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.starts_with(':') || rest.starts_with('.') || rest.is_empty()
    })
}

/// Whether the line is the caption of a figure or a table (`图1 塘坝分布`, `表 2-1：…`).
pub(super) fn is_caption(folded: &str) -> bool {
    let numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let Some(rest) = folded.strip_prefix(['图', '表']) else { return false };
    let after = rest.trim_start_matches(|c: char| numeral(c) || matches!(c, '-' | '.'));
    after.len() < rest.len() && folded.chars().count() <= 40 && !folded.ends_with(['。', ';', ',', '!'])
}

/// Whether the line is a footnote with a sign of its own (`# 含学校的水样在内。`).
pub(super) fn is_footnote(folded: &str) -> bool {
    folded.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric()) && folded.ends_with(['。', ';', ')']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_decimals_begin_sections() {
        for text in ["第一章总则", "第3条本规定", "第二部分工作回顾", "1.1项目背景"] {
            assert!(begins_part(text), "{text}");
        }
        for text in ["第一书记", "第十三届学生会", "2031.01.26", "12:30.5"] {
            assert!(!begins_part(text), "{text}");
        }
    }

    #[test]
    fn lines_that_announce_a_list_are_recognised() {
        for text in ["今年要重点抓好以下五个方面的工作", "下面讲三点意见", "要把握三条", "我们采取了四项措施"]
        {
            assert!(announces_list(text), "{text}");
        }
        for text in ["工作回顾", "三个统筹", "第三方面", "十三五规划执行情况"] {
            assert!(!announces_list(text), "{text}");
        }
    }

    #[test]
    fn asides_are_recognised() {
        assert!(is_note_label("注:") && is_note_label("附注:数字为初步统计") && !is_note_label("注重实效"));
        assert!(is_caption("图1塘坝分布") && is_caption("表2-1:水价") && !is_caption("表一个态。") && !is_caption("图书馆"));
        assert!(is_footnote("#含学校的水样在内。") && !is_footnote("#话题#"));
    }

    #[test]
    fn documents_are_named_by_their_kind() {
        assert!(names_document("关于清理河道的通知") && names_document("青石县水利五年规划") && names_document("《青石县管理条例》全文"));
        assert!(!names_document("青石乡党委书记林某") && !names_document("办公室"));
    }
}
