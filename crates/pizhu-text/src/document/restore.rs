//! Restores headings that a lost byte shifted: the stray byte stands before the GBK bytes of the
//! first n characters, and the trail byte of the n-th is lost, so that the n characters were read
//! across the borders of the bytes.
//!
//! All but the n-th character are certain; n and the lost byte are chosen by how common the
//! characters are.

use crate::text::fold::simplify;
use encoding_rs::{EncoderResult, GBK};
use std::{
    ops::RangeInclusive,
    sync::{LazyLock, OnceLock},
};

/// Characters in about the order of how common they are in official prose.
const COMMON: &str = "的一是在和不了有国人中大为上个建设发展工作党组织干部要以会年到出民主生学经进行政新全市县区对成时地作方面实现社会加强提高能力服务创改革开放\
机制度领导班子队伍人才基层群众村镇乡农业企业项目重点问题解决落实贯彻精神思想理论科水平质量标准管理监督考核评价选拔任用培养教育训学习宣传活动载体推动促进\
深入坚持切实认真积极努力充分不断更加进一步得到强化优化深化完善健全建立构筑打造提升增保证障关键核心目标根本基础为主作用先进性典型依靠围绕中心大局突出攻坚克难立足际务求效下功夫\
把握好抓牵头总职精巩固和扩执政权威信息技术产品资源环境生态文明化城市园区安稳定和谐法治风廉洁纪律责任担当情况形势机遇挑战年月日时间这那他她我你们它之其此各每某同样多少高低快慢\
长短前后左右内外东西南北天下山水火土木金石田里分合公私共产联合统协调配套动力量心意气质真善美爱国家庭父母子女老少男女友朋团结奋斗开拓创造激发活跃繁荣昌盛规范程序步骤措施办法\
方案计划部署安排检查督促指示批评表彰奖励惩处罚严格细致周密全局整体局系列次第几些可以必须应该需要将使让被由于从向往自已经常还没又再也就都只才很最较太极非无未若如果因所则且但而或与及\
等种类型式样例比率数百千万亿元米斤吨年度季节日常事件物价值观念德智体劳知识文艺科研究试验测算估计设计制造修理维护运输通讯邮电报刊书画音乐舞戏曲影视听说读写看见闻问答讲话谈论议讨审判\
回来去过起走跑站坐立住行程路线桥梁车船飞机场馆院校厂矿店铺商贸易买卖交换流通存取收支付款账财税金融银保险股票债券投资贷利润损益盈亏成本费用价格收入支出预决算引才力锻炼锤磨砺敢善勇争创先夯实牢固筑根凝聚汇集智慧源泉渠道路径拓宽展示亮点特色短板弱项差距薄弱环节硬仗";

/// Pairs that stand side by side in headings of this genre; they tell the last, uncertain
/// character.
const PAIRS: &str = "提升 提高 执政 能力 创新 服务 中心 大局 成效 建设 制度 自身 加强 强化 优化 深化 激发 活力 干部 队伍 领导 班子 牵头 强基 推进 推动 巩固 发展 先进 组织 部门 人才 基层 \
基础 坚持 落实 贯彻 学习 教育 培训 培养 监督 管理 机制 改革 完善 健全 规范 作风 政治 思想 理论 武装 头脑 目标 重点 围绕 突出 依靠 立足 实际 务求 工作 任务 责任 问题 群众 党员 党建 \
党的 形象 水平 质量 素质 结构 环境 资源 工程 载体 抓手 关键 核心 根本 保障 保证 措施 作用 得到 进步 进一 一步 不断 努力 全面 深入 切实 认真 扎实 积极 统筹 协调 整合 拓展 拓宽 创建 打造 树立 增强 \
明确 严格 狠抓 抓好 做好 搞好 开展 实施 实现 构建 建立 形成 促进 营造 维护 稳定 安全 经济 社会 文化 生态 农村 城市 社区 企业 学校 机关 团结 奋斗 担当 作为 清正 廉洁 宣传 调研 选拔 任用 考核 激励 力度 加大 引才 导向 用人 选人 视野 路子 门路 思路 清晰 夯实 打牢 根基 牢固 壮大 带头 人才 培养 引进 留住 用好 聚焦 对标 补齐 短板 \
压实 扛起 履行 职责 主体 监督 执纪 问责 纪律 规矩 初心 使命 服从 大事 小事 民生 实事 好事 难题 瓶颈 破解 突破 提质 增效 高效 规划 部署 要求 精神 会议 讲话 指示 战略 目的 意义 认识 自觉 主动 责任 紧迫 \
信念 信仰 宗旨 本领 素养 专业 年轻 后备 梯队 选配 配强 配齐 班长 书记 委员 支部 阵地 活动 生活 民主 集中 公开 公平 公正 择优 竞争 上岗 交流 轮岗 挂职 锻炼 实践 一线 经济 项目 招商 引资 产业 转型 升级 创业 \
振兴 乡村 脱贫 攻坚 小康 富民 强村 强县 城乡 统筹 治理 法治 德治 自治 平安 和谐 绿色 生产 防范 化解 风险 底线 安定 保持 态势 势头 健康 持续 稳步 快速 跨越 科学 又好 又快 高质 质量 更加 明显 显著 有力 有效 有序 有新 \
上下 功夫 狠下 求实 务实 真抓 实干 苦干 巧干 抓实 抓细 抓紧 抓住 抓早 抓手 落地 见效 到位 到底 为民 利民 惠民 亲民 爱民 依靠 发动 凝聚 汇聚 力量 合力 共识 智慧 热情 潜能 潜力 动力 活跃 氛围 局面 格局 体系 网络 平台 渠道 方式 方法 手段 途径 \
内容 形式 程序 流程 标准 责任 清单 台账 督查 检查 考评 评价 评议 述职 奖惩 表彰 典型 示范 引领 带动 辐射 影响 品牌 亮点 特色 优势 经验 教训 成果 成绩 成就 贡献";

/// Longest run that is tried, in chars.
const MAX_RUN: usize = 16;
/// What the restored reading must be better by, in the units of [`Tables::worth`].
const MARGIN: f32 = 4.0;
/// The same, where the line is known to be damaged.
const LEAST: f32 = 1.0;
/// What a longer run must be better by than a shorter one.
const TIE: f32 = 0.5;
/// The worth of the most common character.
const MOST: f32 = -1.0;
/// What two characters that often stand side by side are worth.
const PAIR: f32 = 3.0;

/// The byte that was found to stand before shifted headings.
const STRAY: u8 = 0xB1;
/// The lead and trail bytes of GBK; 0x7F is no trail byte.
const LEADS: RangeInclusive<u8> = 0x81..=0xFE;
const TRAILS: RangeInclusive<u8> = 0x40..=0xFE;
const ROW: usize = 0xFE - 0x40 + 1;

/// One row of GBK: the characters of a lead byte.
struct Row {
    /// Each with its worth; NUL where there is none.
    codes: [(char, f32); ROW],
    /// The worth of the most common.
    most: f32,
}

/// How common the characters of GBK are. Built when the first damaged heading is met, the rows
/// when they are first asked for.
struct Tables {
    rows: Vec<OnceLock<Box<Row>>>,
    /// For each byte, as bits, which bytes before it make a character with it.
    before: Vec<OnceLock<[u128; 2]>>,
    /// The worth of the common characters, sorted by them.
    common: Vec<(char, f32)>,
    /// Sorted by the first character, and by the second.
    pairs: Vec<(char, char)>,
    turned: Vec<(char, char)>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut common: Vec<(char, f32)> = COMMON.chars().enumerate().map(|(index, c)| (c, MOST - index as f32 / 200.0)).collect();
    // Of a character that is there twice the first place counts; the sort keeps their order.
    common.sort_by_key(|(c, _)| *c);
    common.dedup_by_key(|(c, _)| *c);
    let mut pairs: Vec<(char, char)> = PAIRS
        .split_whitespace()
        .filter_map(|pair| {
            let mut chars = pair.chars();
            Some((chars.next()?, chars.next()?))
        })
        .collect();
    pairs.sort_unstable();
    let mut turned = pairs.clone();
    turned.sort_unstable_by_key(|pair| pair.1);
    Tables { rows: LEADS.map(|_| OnceLock::new()).collect(), before: vec![OnceLock::new(); 256], common, pairs, turned }
});

/// Whether a title that begins with `c`, right behind a digit, may be shifted: its first byte in
/// GBK is the stray one.
pub(super) fn may_be_shifted(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}') && gbk(simplify(c)).is_some_and(|bytes| bytes[0] == STRAY)
}

/// The two bytes of `c` in GBK.
fn gbk(c: char) -> Option<[u8; 2]> {
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
    static ROWS: [OnceLock<Vec<Option<char>>>; LEADS.end().abs_diff(*LEADS.start()) as usize + 1] =
        [const { OnceLock::new() }; LEADS.end().abs_diff(*LEADS.start()) as usize + 1];
    let row = ROWS.get(usize::from(lead.checked_sub(*LEADS.start())?))?.get_or_init(|| decode_row(lead));
    *row.get(usize::from(trail.checked_sub(*TRAILS.start())?))?
}

/// The characters of one lead byte, by trail byte. They are decoded in one pass, a pair a line,
/// because a call for each pair costs ten times as much.
fn decode_row(lead: u8) -> Vec<Option<char>> {
    let bytes: Vec<u8> = TRAILS.flat_map(|trail| [lead, trail, b'\n']).collect();
    let (text, _) = GBK.decode_without_bom_handling(&bytes);
    let one = |line: &str| {
        let mut chars = line.chars();
        chars.next().filter(|c| chars.next().is_none() && !matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FFFD}' | '\u{10000}'..))
    };
    text.split_terminator('\n').map(one).collect()
}

/// A title as it was.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Restored {
    pub title: String,
    /// The shift explains the title as it stands better than chance; otherwise just well enough
    /// for a line that is known to be damaged.
    pub is_sure: bool,
}

/// The title as it was, where it reads better than what stands there.
pub(super) fn restore(title: &str) -> Option<Restored> {
    let tables = &*TABLES;
    let kept: Vec<char> = title.chars().collect();
    let raw: Vec<char> = kept.iter().map(|c| simplify(*c)).collect();
    // What the raw text is worth from each char on, pairs with what stands before not counted.
    let mut behind = vec![0.0; raw.len() + 1];
    for at in (0..raw.len()).rev() {
        let pair = raw.get(at + 1).map_or(0.0, |next| tables.pair(raw[at], *next));
        behind[at] = behind[at + 1] + tables.worth(raw[at]) + pair;
    }
    // The bytes behind the stray one: characters are at 1..3, 3..5, …; the last lacks its trail.
    let mut bytes: Vec<u8> = Vec::with_capacity(2 * MAX_RUN);
    let mut certain: Vec<char> = Vec::new();
    let mut before = 0.0;
    let mut best: Option<(usize, char)> = None;
    let mut must = behind[0] + LEAST;
    for count in 1..=raw.len().min(MAX_RUN) {
        let Some(pair) = gbk(raw[count - 1]) else { break };
        bytes.extend(pair);
        if count > 1 {
            let at = 2 * count - 3;
            let Some(c) = decode(bytes[at], bytes[at + 1]) else { break };
            before += tables.worth(c) + certain.last().map_or(0.0, |last| tables.pair(*last, c));
            certain.push(c);
        }
        let lead = bytes[2 * count - 1];
        let next = raw.get(count).copied();
        let next_byte = next.and_then(|c| if c.is_ascii() { u8::try_from(c).ok() } else { gbk(c).map(|bytes| bytes[0]) });
        let around = before + behind[count] + 2.0 * PAIR;
        if around + MOST <= must {
            continue;
        }
        let Some(row) = tables.row(lead).filter(|row| around + row.most > must) else { continue };
        let behind_last = certain.last().map_or(&[][..], |last| tables.behind(*last));
        let before_next = next.map_or(&[][..], |next| tables.before(next));
        for (&(c, worth), trail) in row.codes.iter().zip(TRAILS) {
            if c == '\0' || around + worth <= must {
                continue;
            }
            let worth_of = |pairs: bool| if pairs { PAIR } else { 0.0 };
            let pairs = worth_of(behind_last.iter().any(|pair| pair.1 == c)) + worth_of(before_next.iter().any(|pair| pair.0 == c));
            let score = before + worth + pairs + behind[count];
            // The lost byte could not be read together with the one behind it.
            if score > must && !next_byte.is_some_and(|next| tables.follows(trail, next)) {
                must = score + TIE;
                best = Some((count, c));
            }
        }
    }
    // Behind the shifted run the text is the source's own.
    best.map(|(count, last)| Restored {
        title: certain[..count - 1].iter().chain([&last]).chain(&kept[count..]).collect(),
        is_sure: must - TIE > behind[0] + MARGIN,
    })
}

impl Tables {
    /// The row of a lead byte.
    fn row(&self, lead: u8) -> Option<&Row> {
        let row = self.rows.get(usize::from(lead.checked_sub(*LEADS.start())?))?;
        Some(row.get_or_init(|| {
            let mut row = Box::new(Row { codes: [('\0', f32::MIN); ROW], most: f32::MIN });
            for (code, trail) in row.codes.iter_mut().zip(TRAILS) {
                if let Some(c) = decode(lead, trail) {
                    *code = (c, self.listed(c).unwrap_or_else(|| rarity_of(Some([lead, trail]))));
                    row.most = row.most.max(code.1);
                }
            }
            row
        }))
    }

    /// Whether `first` and `second` can be read as one character.
    fn follows(&self, first: u8, second: u8) -> bool {
        let bits = self.before[usize::from(second)].get_or_init(|| {
            let mut bits = [0u128; 2];
            for lead in LEADS.filter(|lead| decode(*lead, second).is_some()) {
                bits[usize::from(lead >> 7)] |= 1 << (lead & 0x7F);
            }
            bits
        });
        bits[usize::from(first >> 7)] >> (first & 0x7F) & 1 == 1
    }

    /// How common a character is: 0 for the most common, less for rarer ones.
    fn worth(&self, c: char) -> f32 {
        self.listed(c).unwrap_or_else(|| rarity(c))
    }

    fn listed(&self, c: char) -> Option<f32> {
        self.common.binary_search_by_key(&c, |(c, _)| *c).ok().map(|index| self.common[index].1)
    }

    /// The pairs that `first` opens.
    fn behind(&self, first: char) -> &[(char, char)] {
        let from = self.pairs.partition_point(|pair| pair.0 < first);
        let to = from + self.pairs[from..].iter().take_while(|pair| pair.0 == first).count();
        &self.pairs[from..to]
    }

    /// The pairs that `second` closes.
    fn before(&self, second: char) -> &[(char, char)] {
        let from = self.turned.partition_point(|pair| pair.1 < second);
        let to = from + self.turned[from..].iter().take_while(|pair| pair.1 == second).count();
        &self.turned[from..to]
    }

    /// What it adds that `a` and `b` stand side by side.
    fn pair(&self, a: char, b: char) -> f32 {
        if self.pairs.binary_search(&(a, b)).is_ok() { PAIR } else { 0.0 }
    }
}

/// How rare a character outside the list is, by the level of the national standard it is in.
fn rarity(c: char) -> f32 {
    if c.is_ascii() || matches!(c, '，' | '、' | '“' | '”' | '《' | '》') {
        return -3.0;
    }
    rarity_of(gbk(c))
}

fn rarity_of(code: Option<[u8; 2]>) -> f32 {
    match code {
        Some([0xB0..=0xD7, 0xA1..=0xFE]) => -6.0,
        Some([0xD8..=0xF7, 0xA1..=0xFE]) => -9.0,
        _ => -12.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a heading across the borders of its bytes, behind the stray one, until a pair cannot
    /// be read: then the first byte of that pair is lost and the rest is sound.
    fn damage(title: &str) -> String {
        let mut bytes = vec![STRAY];
        bytes.extend(title.chars().filter_map(gbk).flatten());
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
    fn shifted_headings_are_restored_but_for_one_character() {
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
                continue; // shifted to the very end: nothing tells how it went on
            }
            let repaired = restore(&damaged).unwrap_or_else(|| panic!("{damaged} is not restored")).title;
            let wrong = repaired.chars().zip(title.chars()).filter(|(a, b)| a != b).count();
            assert!(wrong <= 1 && repaired.chars().count() == title.chars().count(), "{damaged}: {repaired} for {title}");
        }
    }

    #[test]
    fn the_table_of_characters_is_that_of_gbk() {
        for (lead, trail) in (0..=0xFF_u8).flat_map(|lead| (0..=0xFF_u8).map(move |trail| (lead, trail))) {
            let text = GBK.decode_without_bom_handling_and_without_replacement(&[lead, trail]).unwrap_or_default().into_owned();
            let mut chars = text.chars();
            let is_pair = LEADS.contains(&lead) && TRAILS.contains(&trail);
            let expected = chars.next().filter(|c| is_pair && chars.next().is_none() && !matches!(c, '\u{E000}'..='\u{F8FF}'));
            assert_eq!(decode(lead, trail), expected, "{lead:02x} {trail:02x}");
        }
    }

    #[test]
    fn sound_titles_are_left_alone() {
        for title in ["本地区的工作要点", "保障和改善民生", "标准化建设", "被动局面得到扭转"] {
            assert!(restore(title).is_none_or(|restored| !restored.is_sure), "{title}");
        }
    }
}
