//! Names of people and offices.

use super::{LineText, organ::is_organ};
use crate::text::cursor::is_blank;
use std::ops::Range;

/// Surnames of one character, the common ones, simplified.
const SURNAMES: &str = "习王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼麦邝佘骆利";
/// Surnames of two characters.
const DOUBLE_SURNAMES: [&str; 12] = ["欧阳", "司马", "上官", "诸葛", "司徒", "东方", "尉迟", "公孙", "令狐", "慕容", "皇甫", "夏侯"];
/// Words that end the name of an office.
const OFFICES: [&str; 101] = [
    "总书记",
    "书记",
    "秘书长",
    "董事长",
    "总经理",
    "检察长",
    "检察官",
    "法官",
    "理事长",
    "行政长官",
    "委员长",
    "特首",
    "署长",
    "司长",
    "总理",
    "总裁",
    "总统",
    "主席",
    "主任",
    "省长",
    "市长",
    "县长",
    "区长",
    "乡长",
    "镇长",
    "州长",
    "旗长",
    "盟长",
    "村长",
    "部长",
    "厅长",
    "局长",
    "处长",
    "科长",
    "院长",
    "校长",
    "园长",
    "所长",
    "馆长",
    "行长",
    "台长",
    "站长",
    "队长",
    "团长",
    "组长",
    "班长",
    "社长",
    "会长",
    "干事",
    "常委",
    "委员",
    "代表",
    "教授",
    "老师",
    "经理",
    "主编",
    "总编辑",
    "编辑",
    "记者",
    "司令员",
    "司令",
    "政委",
    "政治委员",
    "军长",
    "师长",
    "旅长",
    "厂长",
    "矿长",
    "庭长",
    "院士",
    "博士",
    "议员",
    "牧师",
    "主教",
    "大使",
    "关长",
    "总监",
    "专员",
    "参事",
    "董事",
    "理事",
    "监事",
    "顾问",
    "主管",
    "秘书",
    "发言人",
    "召集人",
    "候选人",
    "参选人",
    "研究员",
    "工程师",
    "会计师",
    "讲师",
    "律师",
    "总指挥",
    "审计长",
    "总领事",
    "巡视员",
    "传道",
    "神父",
    "长老",
];
/// Words that end the name of a profession, where a label tells that a person follows.
const PROFESSIONS: [&str; 14] =
    ["医师", "医生", "导演", "作家", "学者", "公关", "设计师", "园境师", "护士", "社工", "社总", "教师", "工会", "协会"];
/// Words that are no names, but begin like one.
const NO_NAMES: [&str; 66] = [
    "文件",
    "方案",
    "关于",
    "高度",
    "成果",
    "全文",
    "向上",
    "安全",
    "白皮书",
    "万元",
    "时间",
    "计划",
    "章程",
    "来源",
    "文章",
    "项目",
    "石油",
    "金融",
    "党建",
    "关键",
    "解决",
    "全国",
    "全面",
    "全县",
    "全市",
    "全省",
    "温馨",
    "强化",
    "包括",
    "简介",
    "申请",
    "申报",
    "宣言",
    "宣誓",
    "党课",
    "党史",
    "党员",
    "管理",
    "任命",
    "任务",
    "简报",
    "简章",
    "安排",
    "常务",
    "成绩",
    "成员",
    "单位",
    "强调",
    "文化",
    "文明",
    "文稿",
    "高校",
    "经验",
    "经济",
    "路线",
    "程序",
    "费用",
    "谈话",
    "连续",
    "和平",
    "施行",
    "施工",
    "施政",
    "关注",
    "白天",
    "周末",
];
/// Cities that begin like a name.
const CITIES: [&str; 22] = [
    "莫斯科",
    "华盛顿",
    "马尼拉",
    "金边",
    "柏林",
    "武汉",
    "成都",
    "苏州",
    "徐州",
    "常州",
    "温州",
    "郑州",
    "沈阳",
    "金华",
    "常德",
    "江门",
    "安庆",
    "安阳",
    "石家庄",
    "连云港",
    "梅州",
    "阳江",
];
/// Last characters of organs and offices that may stand right before a name.
const ORGAN_ENDS: [char; 16] = ['司', '局', '部', '委', '厅', '处', '院', '会', '府', '室', '科', '校', '长', '席', '记', '任'];
/// Longest office that stands alone, and longest office and name that are spread out, in chars.
const MAX_SPREAD_CHARS: usize = 20;
/// Words that may follow a name.
const TITLES: [&str; 8] = ["同志", "先生", "女士", "小姐", "教授", "博士", "老师", "议员"];

/// Whether the folded chars are the name of a person: a surname and one or two characters (`张三`,
/// `张 三`, `欧阳某某`), or 某.
pub(super) fn is_name(chars: &[char]) -> bool {
    let name: Vec<char> = chars.iter().copied().filter(|c| !is_blank(*c)).collect();
    if !(2..=4).contains(&name.len()) || !name.iter().all(|c| matches!(c, '\u{3400}'..='\u{9FFF}' | '×')) {
        return false;
    }
    let double = DOUBLE_SURNAMES.iter().any(|surname| surname.chars().eq(name.iter().copied().take(2)));
    let single = name.first().is_some_and(|first| SURNAMES.contains(*first));
    let given = &name[if double { 2 } else { 1 }..];
    let text: String = name.iter().collect();
    let office = text.ends_with('副') || OFFICES.iter().any(|office| text.ends_with(office));
    (double || single)
        && (1..=2).contains(&given.len())
        && !office
        && !NO_NAMES.iter().any(|word| text.starts_with(word))
        && !CITIES.contains(&text.as_str())
}

/// Whether the folded chars may be a name without a listed surname, which only a space after an office
/// shows: `那日苏`, `阿不都·热西提`.
fn is_foreign_name(chars: &[char]) -> bool {
    const WORDS: [&str; 14] =
        ["讲话", "发言", "致辞", "报告", "签发", "批示", "签字", "会议", "同志", "工作", "关于", "通知", "主持", "总结"];
    let text: String = chars.iter().filter(|c| !is_blank(**c)).collect();
    let hanzi = chars.iter().all(|c| is_blank(*c) || matches!(c, '\u{3400}'..='\u{9FFF}' | '·' | '•'));
    let length = text.chars().count();
    let named = (2..=4).contains(&length) || (length <= 12 && text.contains(['·', '•']));
    hanzi && named && !text.contains(['你', '我', '他', '您', '们', '的']) && !WORDS.iter().any(|word| text.contains(word))
}

/// Whether the folded chars end with the name of an office, or of an office and 同志.
pub(super) fn ends_with_office(chars: &[char]) -> bool {
    let text: String = chars.iter().filter(|c| !is_blank(**c)).collect();
    OFFICES.iter().any(|office| text.ends_with(office))
}

/// Whether the folded chars are an office and no more: `县　长`, `中共青石县委书记`.
pub(super) fn is_office(chars: &[char]) -> bool {
    let length = chars.iter().filter(|c| !is_blank(**c)).count();
    let hanzi = chars.iter().all(|c| is_blank(*c) || matches!(c, '\u{3400}'..='\u{9FFF}'));
    (2..=MAX_SPREAD_CHARS).contains(&length) && hanzi && ends_with_office(chars)
}

/// The end of the last word for an office in `range` (`…区长|杜联合`).
fn office_end(line: &LineText, range: Range<usize>) -> Option<usize> {
    OFFICES.iter().filter_map(|office| Some(line.find_last(office, range.clone())? + office.chars().count())).max()
}

/// Where the office begins that ends at `end`, behind the occasion or the date on its line:
/// `2031年1月23日在青石县第五次代表大会上|青石县县长`.
fn office_start(line: &LineText, start: usize, end: usize) -> usize {
    let chars = line.folded();
    let ends_occasion = |at: usize| match chars.get(at) {
        Some('上') => chars.get(at.saturating_sub(1)).is_some_and(|c| matches!(c, '会' | '议' | ' ')),
        Some('日') => chars.get(at.saturating_sub(1)).is_some_and(|c| c.is_ascii_digit() || "一二三四五六七八九十 ".contains(*c)),
        Some(')') => chars.get(start..at).is_some_and(|before| before.contains(&'日')),
        _ => false,
    };
    (start..end).rev().find(|at| ends_occasion(*at)).filter(|at| at + 2 < end).map_or(start, |at| at + 1)
}

/// A person: the ranges of office and name in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::document) struct Person {
    pub office: Option<Range<usize>>,
    pub name: Range<usize>,
}

/// Reads a person that fills `range`: `青禾县县长 张三`, `县长张三`, `张三（县长）`, `张三县长`, `林某`,
/// `县长 张三同志`.
pub(super) fn parse_person(line: &LineText, range: Range<usize>) -> Option<Person> {
    const MARKS: [char; 12] = ['(', ')', '[', ']', '【', '】', '-', '—', ':', '*', ',', '·'];
    let mut range = line.trim(range, &MARKS);
    let chars = |range: &Range<usize>| line.folded().get(range.clone()).unwrap_or_default();
    for title in TITLES {
        let length = title.chars().count();
        if range.len() > length
            && line.starts_with(title, range.end - length..range.end)
            && is_name(chars(&(range.start..range.end - length)))
        {
            return Some(Person { office: None, name: line.trim(range.start..range.end - length, &MARKS) });
        }
    }
    if range.len() > 2 && line.starts_with("同志", range.end - 2..range.end) {
        range = line.trim(range.start..range.end - 2, &MARKS);
    }
    if is_name(chars(&range)) {
        return Some(Person { office: None, name: range });
    }
    if range.len() > 50 || chars(&range).iter().any(|c| matches!(c, '。' | ';' | '!' | '?' | '《')) {
        return None;
    }
    if let Some(person) = spread_person(line, range.clone()) {
        return Some(person);
    }
    // `青石县水利局　李四`, `六（2）班 李四`.
    if let Some(blank) = range.clone().rev().find(|at| chars(&(*at..*at + 1)).first().is_some_and(|c| is_blank(*c))) {
        let (organ, name) = (line.trim(range.start..blank, &MARKS), blank + 1..range.end);
        let bare: String = chars(&organ).iter().filter(|c| !is_blank(**c)).collect();
        if (is_organ(&bare) || bare.ends_with(['班', '村', '连'])) && name.len() >= 2 && is_name(chars(&name)) {
            return Some(Person { office: None, name });
        }
    }
    if let Some(end) = office_end(line, range.clone()) {
        // Office, then name.
        let name = line.trim(end..range.end, &MARKS);
        let gap = chars(&(end..name.start));
        let apart = !gap.is_empty() && !gap.contains(&',') && is_foreign_name(chars(&name));
        if !name.is_empty() && (is_name(chars(&name)) || apart) {
            return Some(Person { office: Some(line.trim(office_start(line, range.start, end)..end, &MARKS)), name });
        }
        // Name, then office: the name is what a space, a bracket or the office follows.
        if name.is_empty() {
            let mut splits = (range.start + 2..=(range.start + 5).min(range.end)).filter(|split| {
                let rest = line.trim(*split..range.end, &MARKS);
                let apart = chars(&(*split..*split + 1)).first().is_some_and(|c| is_blank(*c) || MARKS.contains(c));
                let text: String = chars(&rest).iter().collect();
                let direct = OFFICES.contains(&text.strip_prefix('副').unwrap_or(&text));
                is_name(chars(&(range.start..*split))) && !rest.is_empty() && (apart || direct)
            });
            let split = splits.next_back()?;
            return Some(Person { office: Some(line.trim(split..range.end, &MARKS)), name: line.trim(range.start..split, &MARKS) });
        }
    }
    None
}

/// A person whose office is spread out: `县　长　　林某`, `县 长 林 某`.
fn spread_person(line: &LineText, range: Range<usize>) -> Option<Person> {
    let folded = line.folded();
    let is_gap = |at: usize| folded.get(at).is_none_or(|c| is_blank(*c));
    let starts: Vec<usize> = range.clone().filter(|at| !is_gap(*at) && (*at == range.start || is_gap(at - 1))).collect();
    let is_spread = starts.get(1).is_some_and(|second| (range.start + 1..*second).all(is_gap));
    starts.get(1..).filter(|_| is_spread && range.len() <= MAX_SPREAD_CHARS)?.iter().find_map(|name| {
        let (office, name) = (line.trim(range.start..*name, &[]), *name..range.end);
        let bare: String = folded.get(office.clone())?.iter().filter(|c| !is_blank(**c)).collect();
        (OFFICES.contains(&bare.as_str()) && is_name(folded.get(name.clone())?)).then_some(Person { office: Some(office), name })
    })
}

/// A person of whom a label gives profession and name without a gap: `注册中医师|许某某`.
pub(super) fn labelled_person(line: &LineText, range: Range<usize>) -> Option<Person> {
    let ends = PROFESSIONS.iter().filter_map(|word| Some(line.find_last(word, range.clone())? + word.chars().count()));
    let end = ends.filter(|end| *end < range.end).max()?;
    let name = line.trim(end..range.end, &[]);
    line.folded().get(name.clone()).is_some_and(is_name).then(|| Person { office: Some(line.trim(range.start..end, &[])), name })
}

/// The office and name that begin `range` before a word for which `follows` holds: `行政长官|李某某|二〇三一年…`.
pub(super) fn leading_person(line: &LineText, range: Range<usize>, follows: impl Fn(usize) -> bool) -> Option<Person> {
    let office = OFFICES.iter().filter_map(|office| Some(line.find(office, range.clone())? + office.chars().count())).min()?;
    let names = [3, 2, 4].into_iter().map(|length| office..office + length);
    let name =
        names.filter(|name| name.end < range.end).find(|name| line.folded().get(name.clone()).is_some_and(is_name) && follows(name.end))?;
    Some(Person { office: Some(range.start..office), name })
}

/// The person whom a line names that leads in to a speech: `（編按：|前財政司司長|李某某|今日宣布參選…`.
pub(super) fn told_person(line: &LineText, range: Range<usize>) -> Option<Person> {
    const FOLLOWS: [&str; 17] =
        ["今日", "今天", "今早", "今晚", "昨日", "昨天", "昨晚", "日前", "早前", "宣布", "发表", "出席", "在", "于", "的", "就", "("];
    let folded = line.folded();
    let mut starts = vec![range.start];
    starts.extend(range.clone().filter(|at| folded.get(*at).is_some_and(|c| matches!(c, ':' | ',' | '。' | '(' | '【'))).map(|at| at + 1));
    let follows = |at: usize| FOLLOWS.iter().any(|word| line.starts_with(word, at..range.end));
    starts.into_iter().rev().find_map(|start| {
        let start = ["以下是", "以下为", "下文是", "下文为", "本文为"]
            .iter()
            .find(|word| line.starts_with(word, start..range.end))
            .map_or(start, |word| start + word.chars().count());
        let clause = start..(start..range.end).find(|at| folded.get(*at).is_some_and(|c| matches!(c, ',' | '。'))).unwrap_or(range.end);
        leading_person(line, clause, follows)
    })
}

/// The name that ends the folded chars before `end` and follows an office or an organ: in
/// `县水利局塘坝科林大山`, 林大山.
pub(super) fn name_before(line: &LineText, start: usize, end: usize) -> Option<Range<usize>> {
    let chars = |range: Range<usize>| line.folded().get(range).unwrap_or_default();
    [3, 2, 4].into_iter().filter_map(|length| end.checked_sub(length)).find_map(|from| {
        let fresh = from == start || from > start && chars(from - 1..from).first().is_some_and(|c| ORGAN_ENDS.contains(c) || is_blank(*c));
        (from >= start && fresh && is_name(chars(from..end))).then_some(from..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_are_read_with_their_offices() {
        let cases = [
            ("青禾县县长　张三", Some("青禾县县长"), "张三"),
            ("海拉尔区人民政府区长杜联合", Some("海拉尔区人民政府区长"), "杜联合"),
            ("区长　林某", Some("区长"), "林某"),
            ("张 三", None, "张 三"),
            ("（县委书记 李四）", Some("县委书记"), "李四"),
            ("李四（县委书记）", Some("县委书记"), "李四"),
            ("王思雲副會長", Some("副會長"), "王思雲"),
            ("王思雲 副會長", Some("副會長"), "王思雲"),
            ("张三副县长", Some("副县长"), "张三"),
            ("张三同志", None, "张三"),
            ("青石县水利局　李四", None, "李四"),
            ("六（2）班 李四", None, "李四"),
            ("县　长　　李　四", Some("县　长"), "李　四"),
            ("县委书记张三同志", Some("县委书记"), "张三"),
            ("2031年1月23日在青石县人民代表大会第四次会议上 青石县县长 张三", Some("青石县县长"), "张三"),
            ("（2031年1月23日）青石县县长张三", Some("青石县县长"), "张三"),
        ];
        for (text, office, name) in cases {
            let line = LineText::from_text(text);
            let person = parse_person(&line, line.all());
            let got = person.as_ref().map(|person| (person.office.clone().map(|office| line.text(office)), line.text(person.name.clone())));
            let want = (!name.is_empty()).then(|| (office.map(str::to_owned), name.to_owned()));
            assert_eq!(got, want, "{text}");
        }
    }

    #[test]
    fn lead_ins_name_the_speaker() {
        for (text, office) in [
            ("（編按：前財政司司長李某某今日宣布參選，以下是其發言全文。）", "前財政司司長"),
            ("【財政司司長李某某昨日出席商會午餐會，演辭全文如下】", "財政司司長"),
            ("以下為財政司司長李某某宣布參選的演說全文：", "財政司司長"),
        ] {
            let line = LineText::from_text(text);
            let person = told_person(&line, line.all());
            let got = person.map(|person| (person.office.map(|office| line.text(office)), line.text(person.name)));
            assert_eq!(got, Some((Some(office.to_owned()), "李某某".to_owned())), "{text}");
        }
    }

    #[test]
    fn an_organ_and_a_word_are_no_person() {
        for text in ["青石县人民政府 文件", "青石县教育局 关于夜校", "青石的律师，多谢你们", "2031年8月1日 施行", "学生英语惹州长关注"]
        {
            let line = LineText::from_text(text);
            assert_eq!(parse_person(&line, line.all()), None, "{text}");
        }
    }

    #[test]
    fn words_are_no_names() {
        for text in ["方案", "申请书", "关于", "全县", "县长", "在会上", "开幕式", "张三李四王五"] {
            assert!(!is_name(&text.chars().collect::<Vec<_>>()), "{text}");
        }
    }
}
