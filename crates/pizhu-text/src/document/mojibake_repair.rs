//! Mojibake repair of headings shifted by half a character.
//!
//! In such a heading a stray byte precedes the GBK bytes of the first n characters, and the trail
//! byte of the n-th is lost, so that these n characters were decoded across their byte boundaries:
//!
//! ```text
//! original bytes       C1 C2 | D1 D2 | E1 E2 | …
//! as decoded (n = 2)   B1 C1 | C2 D1 | E1 E2 | …
//! ```
//!
//! All but the n-th character are certain. n and the lost byte are chosen by the frequency of
//! characters and bigrams in headings.

use crate::text::fold::simplify;
use encoding_rs::{EncoderResult, GBK};
use std::{
    ops::RangeInclusive,
    sync::{LazyLock, OnceLock},
};

/// Common characters of official prose, by about falling frequency.
const COMMON_CHARS: &str = "的一是在和不了有国人中大为上个建设发展工作党组织干部要以会年到出民主生学经进行政新全市县区对成时地作方面实现社会加强提高能力服务创改革开放\
机制度领导班子队伍人才基层群众村镇乡农业企业项目重点问题解决落实贯彻精神思想理论科水平质量标准管理监督考核评价选拔任用培养教育训学习宣传活动载体推动促进\
深入坚持切实认真积极努力充分不断更加进一步得到强化优化深化完善健全建立构筑打造提升增保证障关键核心目标根本基础为主作用先进性典型依靠围绕中心大局突出攻坚克难立足际务求效下功夫\
把握好抓牵头总职精巩固和扩执政权威信息技术产品资源环境生态文明化城市园区安稳定和谐法治风廉洁纪律责任担当情况形势机遇挑战年月日时间这那他她我你们它之其此各每某同样多少高低快慢\
长短前后左右内外东西南北天下山水火土木金石田里分合公私共产联合统协调配套动力量心意气质真善美爱国家庭父母子女老少男女友朋团结奋斗开拓创造激发活跃繁荣昌盛规范程序步骤措施办法\
方案计划部署安排检查督促指示批评表彰奖励惩处罚严格细致周密全局整体局系列次第几些可以必须应该需要将使让被由于从向往自已经常还没又再也就都只才很最较太极非无未若如果因所则且但而或与及\
等种类型式样例比率数百千万亿元米斤吨年度季节日常事件物价值观念德智体劳知识文艺科研究试验测算估计设计制造修理维护运输通讯邮电报刊书画音乐舞戏曲影视听说读写看见闻问答讲话谈论议讨审判\
回来去过起走跑站坐立住行程路线桥梁车船飞机场馆院校厂矿店铺商贸易买卖交换流通存取收支付款账财税金融银保险股票债券投资贷利润损益盈亏成本费用价格收入支出预决算引才力锻炼锤磨砺敢善勇争创先夯实牢固筑根凝聚汇集智慧源泉渠道路径拓宽展示亮点特色短板弱项差距薄弱环节硬仗";

/// Common bigrams of headings of this genre; they decide the n-th character, which is uncertain.
const COMMON_BIGRAMS: &str = "提升 提高 执政 能力 创新 服务 中心 大局 成效 建设 制度 自身 加强 强化 优化 深化 激发 活力 干部 队伍 领导 班子 牵头 强基 推进 推动 巩固 发展 先进 组织 部门 人才 基层 \
基础 坚持 落实 贯彻 学习 教育 培训 培养 监督 管理 机制 改革 完善 健全 规范 作风 政治 思想 理论 武装 头脑 目标 重点 围绕 突出 依靠 立足 实际 务求 工作 任务 责任 问题 群众 党员 党建 \
党的 形象 水平 质量 素质 结构 环境 资源 工程 载体 抓手 关键 核心 根本 保障 保证 措施 作用 得到 进步 进一 一步 不断 努力 全面 深入 切实 认真 扎实 积极 统筹 协调 整合 拓展 拓宽 创建 打造 树立 增强 \
明确 严格 狠抓 抓好 做好 搞好 开展 实施 实现 构建 建立 形成 促进 营造 维护 稳定 安全 经济 社会 文化 生态 农村 城市 社区 企业 学校 机关 团结 奋斗 担当 作为 清正 廉洁 宣传 调研 选拔 任用 考核 激励 力度 加大 引才 导向 用人 选人 视野 路子 门路 思路 清晰 夯实 打牢 根基 牢固 壮大 带头 人才 培养 引进 留住 用好 聚焦 对标 补齐 短板 \
压实 扛起 履行 职责 主体 监督 执纪 问责 纪律 规矩 初心 使命 服从 大事 小事 民生 实事 好事 难题 瓶颈 破解 突破 提质 增效 高效 规划 部署 要求 精神 会议 讲话 指示 战略 目的 意义 认识 自觉 主动 责任 紧迫 \
信念 信仰 宗旨 本领 素养 专业 年轻 后备 梯队 选配 配强 配齐 班长 书记 委员 支部 阵地 活动 生活 民主 集中 公开 公平 公正 择优 竞争 上岗 交流 轮岗 挂职 锻炼 实践 一线 经济 项目 招商 引资 产业 转型 升级 创业 \
振兴 乡村 脱贫 攻坚 小康 富民 强村 强县 城乡 统筹 治理 法治 德治 自治 平安 和谐 绿色 生产 防范 化解 风险 底线 安定 保持 态势 势头 健康 持续 稳步 快速 跨越 科学 又好 又快 高质 质量 更加 明显 显著 有力 有效 有序 有新 \
上下 功夫 狠下 求实 务实 真抓 实干 苦干 巧干 抓实 抓细 抓紧 抓住 抓早 抓手 落地 见效 到位 到底 为民 利民 惠民 亲民 爱民 依靠 发动 凝聚 汇聚 力量 合力 共识 智慧 热情 潜能 潜力 动力 活跃 氛围 局面 格局 体系 网络 平台 渠道 方式 方法 手段 途径 \
内容 形式 程序 流程 标准 责任 清单 台账 督查 检查 考评 评价 评议 述职 奖惩 表彰 典型 示范 引领 带动 辐射 影响 品牌 亮点 特色 优势 经验 教训 成果 成绩 成就 贡献";

/// Longest shifted run that is tried, in chars.
const MAX_RUN_CHARS: usize = 16;
/// Least gain in score for a sure repair.
const SURE_MARGIN: f32 = 4.0;
/// Least gain in score for a line that is known to be damaged.
const MIN_GAIN: f32 = 1.0;
/// Least gain in score of a longer run over a shorter one.
const LONGER_RUN_MARGIN: f32 = 0.5;
/// Score of the most common character; rarer ones score less.
const MAX_CHAR_SCORE: f32 = -1.0;
/// Score of a common bigram.
const BIGRAM_SCORE: f32 = 3.0;

/// The stray byte before shifted headings.
const STRAY_BYTE: u8 = 0xB1;
/// Lead and trail bytes of GBK (0x7F is no trail byte, but kept to index rows directly).
const LEAD_BYTES: RangeInclusive<u8> = 0x81..=0xFE;
const TRAIL_BYTES: RangeInclusive<u8> = 0x40..=0xFE;
const ROW_LEN: usize = 0xFE - 0x40 + 1;

/// A row of GBK: the characters of one lead byte.
struct GbkRow {
    /// Each with its score; NUL if there is no character.
    chars: [(char, f32); ROW_LEN],
    /// The best score of the row.
    max_score: f32,
}

/// A frequency model of the characters of GBK. Built for the first damaged heading, its rows on
/// demand.
struct CharModel {
    rows: Vec<OnceLock<Box<GbkRow>>>,
    /// For each trail byte, the bit set of lead bytes that form a character with it.
    leads_of_trail: Vec<OnceLock<[u128; 2]>>,
    /// Scores of [`COMMON_CHARS`], sorted by character.
    common: Vec<(char, f32)>,
    /// [`COMMON_BIGRAMS`], sorted by the first character, and by the second.
    bigrams: Vec<(char, char)>,
    bigrams_by_second: Vec<(char, char)>,
}

static CHAR_MODEL: LazyLock<CharModel> = LazyLock::new(|| {
    let mut common: Vec<(char, f32)> =
        COMMON_CHARS.chars().enumerate().map(|(index, c)| (c, MAX_CHAR_SCORE - index as f32 / 200.0)).collect();
    // The first occurrence of a duplicate counts: the sort is stable.
    common.sort_by_key(|(c, _)| *c);
    common.dedup_by_key(|(c, _)| *c);
    let mut bigrams: Vec<(char, char)> = COMMON_BIGRAMS
        .split_whitespace()
        .filter_map(|pair| {
            let mut chars = pair.chars();
            Some((chars.next()?, chars.next()?))
        })
        .collect();
    bigrams.sort_unstable();
    let mut bigrams_by_second = bigrams.clone();
    bigrams_by_second.sort_unstable_by_key(|pair| pair.1);
    CharModel {
        rows: LEAD_BYTES.map(|_| OnceLock::new()).collect(),
        leads_of_trail: vec![OnceLock::new(); 256],
        common,
        bigrams,
        bigrams_by_second,
    }
});

/// Whether a title that begins with `c`, right after a digit, may be shifted: its first byte in GBK
/// is the stray one.
pub(super) fn may_be_shifted(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}') && gbk_bytes(simplify(c)).is_some_and(|bytes| bytes[0] == STRAY_BYTE)
}

/// The GBK bytes of `c`.
fn gbk_bytes(c: char) -> Option<[u8; 2]> {
    let (mut buffer, mut bytes) = ([0; 4], [0; 8]);
    let text = c.encode_utf8(&mut buffer);
    let (result, _, written) = GBK.new_encoder().encode_from_utf8_without_replacement(text, &mut bytes, true);
    match bytes.get(..written)? {
        [lead, trail] if result == EncoderResult::InputEmpty => Some([*lead, *trail]),
        _ => None,
    }
}

/// The character that two bytes encode in GBK, private use excluded.
fn decode(lead: u8, trail: u8) -> Option<char> {
    static ROWS: [OnceLock<Vec<Option<char>>>; LEAD_BYTES.end().abs_diff(*LEAD_BYTES.start()) as usize + 1] =
        [const { OnceLock::new() }; LEAD_BYTES.end().abs_diff(*LEAD_BYTES.start()) as usize + 1];
    let row = ROWS.get(usize::from(lead.checked_sub(*LEAD_BYTES.start())?))?.get_or_init(|| decode_row(lead));
    *row.get(usize::from(trail.checked_sub(*TRAIL_BYTES.start())?))?
}

/// The characters of one lead byte, by trail byte. They are decoded in one pass, a pair a line,
/// because a call for each pair costs ten times as much.
fn decode_row(lead: u8) -> Vec<Option<char>> {
    let bytes: Vec<u8> = TRAIL_BYTES.flat_map(|trail| [lead, trail, b'\n']).collect();
    let (text, _) = GBK.decode_without_bom_handling(&bytes);
    let one = |line: &str| {
        let mut chars = line.chars();
        chars.next().filter(|c| chars.next().is_none() && !matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FFFD}' | '\u{10000}'..))
    };
    text.split_terminator('\n').map(one).collect()
}

/// A repaired title.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RepairedTitle {
    pub title: String,
    /// Whether the shift explains the title much better than chance; otherwise just well enough for
    /// a line that is known to be damaged.
    pub is_sure: bool,
}

/// Repairs a title if the repair scores better than the title as decoded.
pub(super) fn repair(title: &str) -> Option<RepairedTitle> {
    let model = &*CHAR_MODEL;
    let original: Vec<char> = title.chars().collect();
    let simplified: Vec<char> = original.iter().map(|c| simplify(*c)).collect();
    // Scores of the suffixes of the title as decoded, without the bigram across their start.
    let mut suffix_scores = vec![0.0; simplified.len() + 1];
    for at in (0..simplified.len()).rev() {
        let pair = simplified.get(at + 1).map_or(0.0, |next| model.bigram(simplified[at], *next));
        suffix_scores[at] = suffix_scores[at + 1] + model.score(simplified[at]) + pair;
    }
    // Bytes from the stray one on: characters are at 1..3, 3..5, …; the last lacks its trail byte.
    let mut bytes: Vec<u8> = Vec::with_capacity(2 * MAX_RUN_CHARS);
    let mut certain: Vec<char> = Vec::new();
    let mut run_score = 0.0;
    let mut best: Option<(usize, char)> = None;
    let mut min_score = suffix_scores[0] + MIN_GAIN;
    for count in 1..=simplified.len().min(MAX_RUN_CHARS) {
        let Some(pair) = gbk_bytes(simplified[count - 1]) else { break };
        bytes.extend(pair);
        if count > 1 {
            let at = 2 * count - 3;
            let Some(c) = decode(bytes[at], bytes[at + 1]) else { break };
            run_score += model.score(c) + certain.last().map_or(0.0, |last| model.bigram(*last, c));
            certain.push(c);
        }
        let lead = bytes[2 * count - 1];
        let next = simplified.get(count).copied();
        let next_byte = next.and_then(|c| if c.is_ascii() { u8::try_from(c).ok() } else { gbk_bytes(c).map(|bytes| bytes[0]) });
        let bound = run_score + suffix_scores[count] + 2.0 * BIGRAM_SCORE;
        if bound + MAX_CHAR_SCORE <= min_score {
            continue;
        }
        let Some(row) = model.row(lead).filter(|row| bound + row.max_score > min_score) else { continue };
        let after_last = certain.last().map_or(&[][..], |last| model.bigrams_from(*last));
        let before_next = next.map_or(&[][..], |next| model.bigrams_to(next));
        for (trail, &(c, char_score)) in row.chars.iter().enumerate() {
            if c == '\0' || bound + char_score <= min_score {
                continue;
            }
            let trail = TRAIL_BYTES.start() + trail as u8;
            let bonus = |found: bool| if found { BIGRAM_SCORE } else { 0.0 };
            let bigram_score = bonus(after_last.iter().any(|pair| pair.1 == c)) + bonus(before_next.iter().any(|pair| pair.0 == c));
            let score = run_score + char_score + bigram_score + suffix_scores[count];
            // The decoder did not read the lost byte together with the next byte.
            if score > min_score && !next_byte.is_some_and(|next| model.is_pair(trail, next)) {
                min_score = score + LONGER_RUN_MARGIN;
                best = Some((count, c));
            }
        }
    }
    // After the shifted run the text is intact.
    best.map(|(count, last)| RepairedTitle {
        title: certain[..count - 1].iter().chain([&last]).chain(&original[count..]).collect(),
        is_sure: min_score - LONGER_RUN_MARGIN > suffix_scores[0] + SURE_MARGIN,
    })
}

impl CharModel {
    /// The row of a lead byte, computed on first use.
    fn row(&self, lead: u8) -> Option<&GbkRow> {
        let row = self.rows.get(usize::from(lead.checked_sub(*LEAD_BYTES.start())?))?;
        Some(row.get_or_init(|| {
            let mut row = Box::new(GbkRow { chars: [('\0', f32::MIN); ROW_LEN], max_score: f32::MIN });
            for (code, trail) in row.chars.iter_mut().zip(TRAIL_BYTES) {
                if let Some(c) = decode(lead, trail) {
                    *code = (c, self.common_score(c).unwrap_or_else(|| rare_score_of_code(Some([lead, trail]))));
                    row.max_score = row.max_score.max(code.1);
                }
            }
            row
        }))
    }

    /// Whether two bytes form a character.
    fn is_pair(&self, first: u8, second: u8) -> bool {
        let bits = self.leads_of_trail[usize::from(second)].get_or_init(|| {
            let mut bits = [0u128; 2];
            for lead in LEAD_BYTES.filter(|lead| decode(*lead, second).is_some()) {
                bits[usize::from(lead >> 7)] |= 1 << (lead & 0x7F);
            }
            bits
        });
        bits[usize::from(first >> 7)] >> (first & 0x7F) & 1 == 1
    }

    /// The score of a character: [`MAX_CHAR_SCORE`] at most, less for rarer ones.
    fn score(&self, c: char) -> f32 {
        self.common_score(c).unwrap_or_else(|| rare_score(c))
    }

    fn common_score(&self, c: char) -> Option<f32> {
        self.common.binary_search_by_key(&c, |(c, _)| *c).ok().map(|index| self.common[index].1)
    }

    /// The bigrams that begin with `first`.
    fn bigrams_from(&self, first: char) -> &[(char, char)] {
        let from = self.bigrams.partition_point(|pair| pair.0 < first);
        let to = from + self.bigrams[from..].iter().take_while(|pair| pair.0 == first).count();
        &self.bigrams[from..to]
    }

    /// The bigrams that end with `second`.
    fn bigrams_to(&self, second: char) -> &[(char, char)] {
        let from = self.bigrams_by_second.partition_point(|pair| pair.1 < second);
        let to = from + self.bigrams_by_second[from..].iter().take_while(|pair| pair.1 == second).count();
        &self.bigrams_by_second[from..to]
    }

    /// The score of the bigram `a` `b`; 0 if it is not common.
    fn bigram(&self, a: char, b: char) -> f32 {
        if self.bigrams.binary_search(&(a, b)).is_ok() { BIGRAM_SCORE } else { 0.0 }
    }
}

/// The score of a character outside the list, by its level in GB 2312.
fn rare_score(c: char) -> f32 {
    if c.is_ascii() || matches!(c, '，' | '、' | '“' | '”' | '《' | '》') {
        return -3.0;
    }
    rare_score_of_code(gbk_bytes(c))
}

/// The same by its GBK bytes: level 1 of GB 2312, level 2, or neither.
fn rare_score_of_code(code: Option<[u8; 2]>) -> f32 {
    match code {
        Some([0xB0..=0xD7, 0xA1..=0xFE]) => -6.0,
        Some([0xD8..=0xF7, 0xA1..=0xFE]) => -9.0,
        _ => -12.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shifts a heading: decodes its bytes after the stray one until a pair is no character; there
    /// the first byte is lost, and the rest is intact.
    fn damage(title: &str) -> String {
        let mut bytes = vec![STRAY_BYTE];
        bytes.extend(title.chars().filter_map(gbk_bytes).flatten());
        let mut text = String::new();
        let mut rest = bytes.as_slice();
        while let [lead, trail, after @ ..] = rest {
            match decode(*lead, *trail) {
                Some(c) => {
                    text.push(c);
                    rest = after;
                }
                None => rest = &rest[1..],
            }
        }
        text
    }

    #[test]
    fn shifted_headings_are_repaired_but_for_one_char() {
        for title in [
            "推动城乡协调发展取得成效",
            "坚持为民服务的根本宗旨",
            "夯实城乡支部根基",
            "创新干部培养工作机制",
            "要在深入调研上求实效",
            "服务群众的渠道进一步拓宽",
        ] {
            let damaged = damage(title);
            assert_ne!(damaged, title);
            if damaged.chars().count() != title.chars().count() {
                continue; // shifted to the very end, which cannot be repaired
            }
            let repaired = repair(&damaged).unwrap_or_else(|| panic!("{damaged} is not repaired")).title;
            let wrong = repaired.chars().zip(title.chars()).filter(|(a, b)| a != b).count();
            assert!(wrong <= 1 && repaired.chars().count() == title.chars().count(), "{damaged}: {repaired} for {title}");
        }
    }

    #[test]
    fn decode_agrees_with_encoding_rs() {
        for (lead, trail) in (0..=0xFF_u8).flat_map(|lead| (0..=0xFF_u8).map(move |trail| (lead, trail))) {
            let text = GBK.decode_without_bom_handling_and_without_replacement(&[lead, trail]).unwrap_or_default().into_owned();
            let mut chars = text.chars();
            let is_pair = LEAD_BYTES.contains(&lead) && TRAIL_BYTES.contains(&trail);
            let expected = chars.next().filter(|c| is_pair && chars.next().is_none() && !matches!(c, '\u{E000}'..='\u{F8FF}'));
            assert_eq!(decode(lead, trail), expected, "{lead:02x} {trail:02x}");
        }
    }

    #[test]
    fn intact_titles_are_not_surely_repaired() {
        for title in ["本地区的工作要点", "保障和改善民生", "标准化建设", "被动局面得到扭转"] {
            assert!(repair(title).is_none_or(|repaired| !repaired.is_sure), "{title}");
        }
    }
}
