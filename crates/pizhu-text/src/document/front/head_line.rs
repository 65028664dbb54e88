//! Kinds of the lines in the head of a speech, each recognised by a small rule.

use super::{
    LineText,
    label::{Label, LabelKind, parse_label},
    organ::is_organ,
    person::{Person, parse_person},
};
use crate::document::date::{date_in, is_date};
use crate::document::line_recognizers::{LineRule, names_document, names_speech};

/// What a line of the head is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::document) enum HeadLineKind {
    /// A document number (`青政发〔2031〕12号`).
    Number,
    /// The red letterhead (`青石县人民政府文件`), or a mark of secrecy or urgency.
    RedHead,
    /// Nothing but a date, or a date with who issued it.
    Date,
    /// A subtitle, or a note in brackets that tells the occasion.
    Subtitle,
    /// A labelled line.
    Labelled(Label),
    /// Speaker or author.
    Person(Person),
    /// An organ alone (`国务院办公厅`): the beginning of a title, or who issues.
    Organ,
    /// The greeting or the name of a site.
    Site,
    /// Any other line.
    Other,
}

/// Whether the line is nothing but a document number.
pub(in crate::document) fn is_document_number(folded: &str) -> bool {
    // `青政发〔2031〕12号　签发人：李四`.
    let numbered = folded.split_once("签发").map_or(folded, |(number, _)| number);
    let bare = numbered.trim_matches(|c: char| matches!(c, '(' | ')' | '*' | '#'));
    let Some(rest) = bare.strip_suffix('号') else { return false };
    let digits_at_end = rest.chars().rev().take_while(char::is_ascii_digit).count();
    if digits_at_end == 0 || bare.chars().count() > 34 || bare.contains(['。', ',', '、', '的', '条']) {
        return false;
    }
    let head: Vec<char> = rest.chars().take(rest.chars().count() - digits_at_end).collect();
    let head: String = head.into_iter().collect();
    let head = head.trim_end_matches('第');
    // A year in brackets, or 令 and 字第.
    let year = head.strip_suffix(['〕', ']', ')', '】']).is_some_and(|rest| {
        let year = rest.chars().rev().take_while(char::is_ascii_digit).count();
        let before = rest.chars().rev().nth(year);
        let numbers = rest.chars().filter(char::is_ascii_digit).count();
        year == 4 && numbers == 4 && before.is_some_and(|c| matches!(c, '〔' | '[' | '(' | '【')) && rest.chars().count() > 5
    });
    year || head.ends_with("字") || (head.ends_with('令') && head.chars().count() >= 3)
}

/// Whether the line is a letterhead or a mark above the title.
fn is_red_head(folded: &str) -> bool {
    const MARKS: [&str; 8] = ["特急", "急件", "加急", "平急", "机密", "秘密", "绝密", "内部资料"];
    const ORGANS: [&str; 12] = ["政府", "委员会", "党委", "县委", "市委", "省委", "办公室", "办公厅", "局", "厅", "部", "院"];
    let length = folded.chars().count();
    let marked = length <= 14 && MARKS.iter().any(|mark| folded.starts_with(mark)) && !names_document(folded);
    let letterhead = folded
        .strip_suffix("文件")
        .is_some_and(|organ| length <= 30 && !organ.contains("关于") && ORGANS.iter().any(|end| organ.ends_with(end)));
    marked || letterhead
}

/// Whether the line greets the visitor of a site, or is its name.
fn is_site(folded: &str) -> bool {
    let length = folded.chars().count();
    let greeting = ["欢迎来到", "欢迎访问", "欢迎光临", "您好,欢迎", "浏览记录", "浏览历史"].iter().any(|start| folded.starts_with(start));
    length <= 30 && (greeting || is_site_name(folded))
}

/// Whether the (folded) text is the name of a site.
pub(super) fn is_site_name(folded: &str) -> bool {
    const ENDS: [&str; 14] = ["网", "文库", "网站", "首页", "论坛", "范文", "博客", "频道", "平台", ".com", ".cn", "官网", "门户", "主页"];
    (2..=20).contains(&folded.chars().count()) && ENDS.iter().any(|end| folded.ends_with(end)) && !folded.contains("关于")
}

/// Whether the line addresses somebody other than an audience (`各乡镇人民政府：`, `县教育局、水利局：`, `陈先生敬启：`).
pub(in crate::document) fn is_addressing(folded: &str) -> bool {
    const ENDS: [&str; 8] = ["先生", "女士", "委员", "代表", "同志", "敬启", "台鉴", "单位"];
    let Some(bare) = folded.strip_suffix(':') else { return false };
    (2..=80).contains(&bare.chars().count())
        && !bare.contains(['。', ';', '!', '?', '《'])
        && !bare.ends_with("如下")
        && (bare.starts_with('各') || bare.split([',', '、']).all(is_organ) || ENDS.iter().any(|end| bare.ends_with(end)))
}

/// Whether the line leads in to a list (`主要措施是`, `要突出抓好三件事`).
pub(in crate::document) fn is_lead_in(folded: &str) -> bool {
    const ENDS: [&str; 14] =
        ["是", "如下", "为", "有", "包括", "以下几点", "几点", "件事", "个方面", "条意见", "点意见", "项工作", "点要求", "方面工作"];
    let bare = folded.trim_end_matches([':', '。', ',', ';']);
    ENDS.iter().any(|end| bare.ends_with(end)) && bare.chars().count() >= 4
}

/// Whether the line is a subtitle: it begins with a dash, or stands in brackets and tells when or
/// where.
fn is_subtitle(folded: &str) -> bool {
    let length = folded.chars().count();
    let dash = folded.starts_with(['—', '–', '―', '─']) || folded.starts_with("--");
    let dash = dash
        && length >= 4
        && folded.chars().any(char::is_alphanumeric)
        && !folded.trim_matches(|c: char| !c.is_alphanumeric()).chars().all(|c| c.is_ascii_digit());
    let bracket = folded.starts_with('(')
        && folded.ends_with(')')
        && (folded.contains("会议") || folded.contains("会上") || folded.contains("大会") || date_in(folded).is_some());
    // `2031年1月26日在…会议上`, `在…会议上`.
    let told = || folded.ends_with('上') || folded.contains("会议上") || folded.contains("会上");
    let dated = || (begins_with_date(folded) || (folded.ends_with('上') && date_in(folded).is_some())) && folded.contains('在');
    let bare = || (folded.starts_with('在') && folded.ends_with('上') || dated()) && told();
    let bare = || (8..=80).contains(&length) && bare() && !folded.contains([',', '。', ';', ':', '!', '?']);
    dash || bare() || (bracket && length <= 120)
}

/// The rules for kinds of head lines that the folded text shows; the first that fits counts.
pub(super) const RULES: [LineRule<HeadRule>; 6] = [
    LineRule { kind: HeadRule::Number, matches: is_document_number, example: "青政发〔2031〕12号", counterexample: "第12号" },
    LineRule {
        kind: HeadRule::RedHead, matches: is_red_head, example: "青石县人民政府文件", counterexample: "关于学习会议文件"
    },
    LineRule {
        kind: HeadRule::Date,
        matches: is_issued_date,
        example: "1986年1月23日国务院发布",
        counterexample: "2031年1月26日，我们在这里集会。",
    },
    LineRule {
        kind: HeadRule::Subtitle, matches: is_subtitle, example: "——在青石县第十四届人民代表大会上", counterexample: "——"
    },
    LineRule { kind: HeadRule::Site, matches: is_site, example: "欢迎来到某某文库", counterexample: "欢迎大家来到青石县" },
    LineRule { kind: HeadRule::Organ, matches: is_organ, example: "国务院办公厅", counterexample: "关于整顿机关的办公室" },
];

/// Which rule of [`RULES`] fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeadRule {
    Number,
    RedHead,
    Date,
    Subtitle,
    Site,
    Organ,
}

/// Whether a complete date begins the line.
fn begins_with_date(folded: &str) -> bool {
    let head: String = folded.chars().take(12).collect();
    folded.starts_with(|c: char| c.is_ascii_digit() || "二一〇民".contains(c)) && date_in(&head).is_some()
}

/// Whether the line is a date, or begins with one and tells no more than who issued the text.
fn is_issued_date(folded: &str) -> bool {
    let bare = folded.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | '【' | '】'));
    is_date(folded)
        || (begins_with_date(bare)
            && !bare.ends_with(['上', '会', '议'])
            && !bare.contains("会上")
            && !bare.contains("会议上")
            && !names_document(folded)
            && !names_speech(folded)
            && bare.chars().count() <= 30
            && !bare.contains([',', '。', ';', '!', '?', ':']))
        || (begins_with_date(bare) && is_adoption(bare))
}

/// Whether the line tells who adopted the text: `2031年4月10日青石县第五届人民代表大会第二次会议通过`.
fn is_adoption(bare: &str) -> bool {
    const DEEDS: [&str; 8] = ["通过", "批准", "公布", "发布", "修正", "修订", "颁布", "印发"];
    const ORGANS: [&str; 7] = ["会议", "委员会", "国务院", "人民政府", "大会", "部", "令"];
    !bare.contains(['。', ';', '!', '?'])
        && DEEDS.iter().any(|deed| bare.trim_end_matches(|c: char| !c.is_alphanumeric()).ends_with(deed))
        && ORGANS.iter().any(|organ| bare.contains(organ))
}

/// The person before the date that ends a line: `林某　2031年1月23日`.
fn person_before_date(line: &LineText) -> Option<Person> {
    let all = line.all();
    let date = all
        .clone()
        .find(|at| line.folded().get(*at).is_some_and(|c| c.is_ascii_digit() || matches!(c, '二' | '(')))
        .filter(|at| *at > all.start)?;
    let is_weekday = line.starts_with("周", all.clone()) && line.folded().get(all.start + 1).is_some_and(|c| "一二三四五六日".contains(*c));
    (!is_weekday && is_date(&line.text(date..all.end))).then_some(())?;
    parse_person(line, all.start..date)
}

impl HeadLineKind {
    /// The kind of a line of the head.
    pub(in crate::document) fn of(line: &LineText) -> Self {
        let bare = line.bare();
        if let Some(label) = parse_label(line) {
            return Self::Labelled(label);
        }
        match RULES.iter().find(|rule| (rule.matches)(&bare)).map(|rule| rule.kind) {
            Some(HeadRule::Number) => return Self::Number,
            Some(HeadRule::RedHead) => return Self::RedHead,
            Some(HeadRule::Date) => return person_before_date(line).map_or(Self::Date, Self::Person),
            Some(HeadRule::Subtitle) => return Self::Subtitle,
            Some(HeadRule::Site) => return Self::Site,
            Some(HeadRule::Organ) => return Self::Organ,
            None => {}
        }
        if bare.chars().count() <= 50
            && !names_speech(&bare)
            && !names_document(&bare)
            && !bare.ends_with([':', '。', '!', '?', ','])
            && let Some(person) = parse_person(line, line.all()).or_else(|| person_before_date(line))
        {
            return Self::Person(person);
        }
        Self::Other
    }

    /// Whether no title is such a line.
    pub(in crate::document) fn is_no_title(&self) -> bool {
        match self {
            Self::Organ | Self::Other => false,
            Self::Labelled(label) => label.kind != LabelKind::Title || label.value.is_empty(),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_fits_its_example_only() {
        for rule in &RULES {
            rule.check();
            let first = RULES.iter().find(|other| (other.matches)(&LineText::from_text(rule.example).bare())).map(|other| other.kind);
            assert_eq!(first, Some(rule.kind), "{}", rule.example);
        }
    }

    #[test]
    fn head_lines_have_kinds() {
        let kind = |text: &str| HeadLineKind::of(&LineText::from_text(text));
        assert_eq!(kind("（中发〔2031〕22号）"), HeadLineKind::Number);
        assert_eq!(kind("院臺教字第1080012345號"), HeadLineKind::Number);
        assert_eq!(kind("青政办发〔2031〕12号　　　　　签发人：王大山"), HeadLineKind::Number);
        assert_eq!(kind("（2007年8月3日）"), HeadLineKind::Date);
        assert_eq!(kind("2031年4月10日 青石县第五届人民代表大会常务委员会第二十次会议通过"), HeadLineKind::Date);
        let amended = "2032年4月10日 青石县第五届人民代表大会第三次会议《关于修改〈青石县塘坝条例〉的决定》第二次修正";
        assert_eq!(kind(amended), HeadLineKind::Date);
        assert_eq!(kind("--2015年2月5日在青石區第十四屆人民代表大會第四次會議上"), HeadLineKind::Subtitle);
        assert!(matches!(kind("青石乡党委书记 林某"), HeadLineKind::Person(_)));
        assert!(matches!(kind("林某　2031年1月23日"), HeadLineKind::Person(_)));
        assert_eq!(kind("周日 2031年1月26日"), HeadLineKind::Date);
        assert!(matches!(kind("地点：县礼堂"), HeadLineKind::Labelled(_)));
        for title in ["关于清理河道的通知", "政府工作报告", "办好乡村夜校的几点思考", "在全县组织工作会议上的讲话"]
        {
            assert_eq!(kind(title), HeadLineKind::Other, "{title}");
        }
    }

    #[test]
    fn organs_are_addressed_together() {
        assert!(is_addressing("青石县人民政府,教育局、水利局:") && is_addressing("水利局:"));
        assert!(!is_addressing("水利局、夏天:") && !is_addressing("主要措施如下:"));
    }

    #[test]
    fn lead_ins_are_no_headings() {
        assert!(is_lead_in("主要措施是") && is_lead_in("要突出抓好三件事。"));
        assert!(!is_lead_in("工作回顾") && !is_lead_in("有"));
    }
}
