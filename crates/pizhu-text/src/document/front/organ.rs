//! Names of organs: governments, offices, companies, schools.

/// Whether the line names an organ and nothing else.
pub(super) fn is_organ(folded: &str) -> bool {
    const ENDS: [&str; 34] = [
        "人民政府",
        "委员会",
        "办公室",
        "办公厅",
        "国务院",
        "人民法院",
        "检察院",
        "常委会",
        "政府",
        "党委",
        "县委",
        "市委",
        "省委",
        "区委",
        "党组",
        "团委",
        "局",
        "厅",
        "公司",
        "集团",
        "大学",
        "学院",
        "学校",
        "中学",
        "小学",
        "协会",
        "学会",
        "研究院",
        "研究所",
        "总部",
        "党支部",
        "工会",
        "学生会",
        "部",
    ];
    let length = folded.chars().count();
    (3..=30).contains(&length)
        && ENDS.iter().any(|end| folded.ends_with(end))
        && !folded.contains(['。', ',', ';', ':', '!', '?', '《', '的'])
        && !folded.starts_with("关于")
        && !folded.starts_with('在')
}
