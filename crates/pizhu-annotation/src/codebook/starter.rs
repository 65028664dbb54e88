//! The codebook of a new store: the subjects of speeches on organisation work.

use super::{
    tag::{TAG_KEYS, Tag},
    tag_id::TagId,
};

/// Name, English name, colour, sign, definition, keywords (separated by spaces).
type StarterTag = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const STARTER_TAGS: [StarterTag; 10] = [
    (
        "干部队伍",
        "cadres",
        "tag1",
        "干",
        "干部的培养、选任、考核、监督和交流，领导班子的配备。谈干部作风的归入作风建设。",
        "干部 领导班子 选拔任用 选人用人 年轻干部 后备干部 干部监督 干部考核 干部教育 干部培训 公务员 公开选拔 竞争上岗 交流任职 德才兼备",
    ),
    (
        "人才工作",
        "talent",
        "tag2",
        "才",
        "人才的引进、使用、评价、激励、服务和培养，党管人才。",
        "人才 党管人才 引才 育才 用才 高层次人才 专业技术人才 实用人才 创新团队 人才强市 人才强县 人才政策 人才服务 专家",
    ),
    (
        "基层党建",
        "grassroots party building",
        "tag3",
        "基",
        "农村、社区、机关、企业、学校等基层党组织的设置、活动、保障和书记队伍。",
        "基层党建 基层党组织 基层组织 党支部 村党组织 社区党组织 两新组织 非公企业 村干部 驻村 第一书记 活动场所 党建示范点 创先争优 软弱涣散",
    ),
    (
        "党员队伍",
        "membership",
        "tag4",
        "员",
        "党员的发展、教育、管理、服务和作用发挥，流动党员。",
        "党员 发展党员 党员教育 党员管理 流动党员 先锋模范 组织生活 三会一课 民主评议 入党积极分子 远程教育 党费 先进性",
    ),
    (
        "政治建设",
        "political work",
        "tag5",
        "政",
        "政治方向、理论武装、政治纪律和政治规矩，与上级保持一致。",
        "政治建设 政治方向 政治立场 政治纪律 政治规矩 政治判断力 理论武装 理想信念 主题教育 讲政治 大局意识 党的领导",
    ),
    (
        "自身建设",
        "self-building of the department",
        "tag6",
        "身",
        "组织部门自己的队伍、能力、制度和形象。",
        "自身建设 组织部门 组工干部 模范部门 过硬队伍 组工文化 公道正派 党性修养 业务能力 组织部长",
    ),
    (
        "制度建设",
        "institutions",
        "tag7",
        "制",
        "建立、完善和执行制度、机制、责任制。",
        "制度建设 制度 机制 长效机制 责任制 规范化 制度化 条例 办法 考核评价 民主集中制 党内民主 执行力",
    ),
    (
        "改革创新",
        "reform and innovation",
        "tag8",
        "新",
        "组织工作的改革、试点、新办法、新载体。",
        "改革创新 改革 创新 试点 探索 突破 新思路 新举措 新载体 解放思想 品牌 干部人事制度改革",
    ),
    (
        "中心工作",
        "central tasks",
        "tag9",
        "中",
        "组织工作服务的全局任务：发展、稳定、民生、重点项目。",
        "中心工作 服务大局 围绕中心 经济发展 高质量发展 乡村振兴 脱贫攻坚 招商引资 重点项目 民生 稳定 新农村建设 科学发展",
    ),
    (
        "作风建设",
        "conduct",
        "tag10",
        "风",
        "工作作风、廉洁自律、调查研究、反对形式主义和官僚主义。",
        "作风建设 作风 求真务实 真抓实干 调查研究 密切联系群众 形式主义 官僚主义 廉洁自律 廉政 担当 落实",
    ),
];

/// The starter tags, all at the top level. Their ids are derived from their names, so that they are
/// the same tags in every store.
pub(super) fn tags() -> Vec<Tag> {
    STARTER_TAGS
        .iter()
        .zip(TAG_KEYS.chars())
        .map(|((name, english, colour, sign, definition, keywords), key)| Tag {
            english: (*english).to_owned(),
            colour: (*colour).to_owned(),
            sign: (*sign).to_owned(),
            // The digits; the letters are the user's.
            key: if key.is_ascii_digit() { key.to_string() } else { String::new() },
            definition: (*definition).to_owned(),
            keywords: keywords.split(' ').map(str::to_owned).collect(),
            ..Tag::with_id(TagId::from_name(name), name)
        })
        .collect()
}
