//! The kind of a speech, by its title.

use pizhu_text::text::fold::fold_text;

/// Words that name a kind of speech, simplified.
const GENRES: [&str; 46] = [
    "讲话",
    "发言",
    "致辞",
    "致词",
    "演讲",
    "演说",
    "报告",
    "工作报告",
    "述职报告",
    "汇报",
    "主持词",
    "主持讲话",
    "表态发言",
    "交流发言",
    "祝酒辞",
    "祝酒词",
    "贺词",
    "贺信",
    "献词",
    "开幕词",
    "开幕辞",
    "闭幕词",
    "闭幕辞",
    "欢迎辞",
    "欢迎词",
    "答谢词",
    "悼词",
    "寄语",
    "谈话",
    "党课",
    "宣讲",
    "说明",
    "总结",
    "批示",
    "指示",
    "意见",
    "通知",
    "决定",
    "方案",
    "要点",
    "倡议书",
    "公开信",
    "慰问信",
    "答记者问",
    "访谈",
    "新年贺词",
];

/// The kind of speech that a title names: the last such word in it, the longest of those that end
/// there.
///
/// ```
/// use pizhu_library::attributes::genre;
///
/// assert_eq!(genre("在青禾县人才工作会议上的讲话"), Some("讲话"));
/// assert_eq!(genre("在工作報告討論會上的發言（摘要）"), Some("发言"));
/// assert_eq!(genre("青禾县2024年政府工作报告"), Some("工作报告"));
/// assert_eq!(genre("走在前列"), None);
/// ```
#[must_use]
pub fn genre(title: &str) -> Option<&'static str> {
    let folded = fold_text(title);
    let last = GENRES.iter().filter_map(|genre| folded.rfind(genre).map(|at| (at + genre.len(), genre.len(), *genre)));
    last.max().map(|(.., genre)| genre)
}
