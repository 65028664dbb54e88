//! Recognizers of lines by their words. Each takes a line as folded by [`crate::text::fold`].

/// Whether the line is a salutation.
pub(super) fn is_salutation(folded: &str) -> bool {
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
    let bare = folded.trim_end_matches(|c: char| !c.is_alphanumeric()).trim_end_matches(|c: char| c.is_ascii_digit());
    let bare = bare.split(['(', '[', '〔']).next().unwrap_or(bare);
    bare.chars().count() >= 4 && KINDS.iter().any(|kind| bare.ends_with(kind))
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

/// Whether a short line leads in to a list, or is a caption: `主要措施是`, `具体做法如下`, `表1 经费安排`. It
/// is no heading, whatever mark it ends with.
pub(super) fn is_lead_in(folded: &str) -> bool {
    const ENDS: [&str; 18] = [
        "是",
        "有",
        "为",
        "如下",
        "包括",
        "主要有",
        "分别是",
        "在于",
        "即",
        "说",
        "指出",
        "强调",
        "件事",
        "个方面",
        "几点",
        "以下",
        "包含",
        "例如",
    ];
    let bare = folded.trim_end_matches(|c: char| !c.is_alphanumeric());
    let caption = bare.strip_prefix(['表', '图', '圖']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    caption || ENDS.iter().any(|end| bare.ends_with(end))
}
