//! Parsing: source text to document.
//!
//! Scan (physical lines, page marks, glosses) → logical lines → line roles → ordinal candidates →
//! outline decoder → section tree and paragraphs. Every stage is linear in the length of the text.

use super::{
    Document, Hints, Metadata, announced, candidate_context,
    candidate_scanner::{OutlineToken, scan_candidates},
    lines::{LogicalLine, logical_lines},
    markup,
    outline_decoder::decode_outline,
    punctuation::SentenceEnders,
    roles::assign_roles,
    tree::{build_outline, build_paragraphs},
};
use crate::text::CleanText;
use crate::text::Cleaning;
use crate::text::RemovedKind;
use crate::text::SourceBuilder;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::clean::scan::{scan, scan_paragraphs};
use std::sync::Arc;

/// Length of the first block, which a provisional document is parsed from, in chars.
const PROVISIONAL_CHARS: usize = 64 * 1024;

/// Parses the whole source.
///
/// ```
/// use pizhu_text::document::{Hints, OrdinalKind, parse};
/// use pizhu_text::text::SourceText;
///
/// let text = "在青禾县会议上的讲话\n\n同志们：\n\n一、总体要求\n\n要稳。\n\n二、保障措施\n\n要实。\n";
/// let document = parse(SourceText::from(text), &Hints::default());
/// let titles: Vec<&str> = document.outline.sections().iter().map(|section| section.title_text).collect();
/// assert_eq!(titles, ["总体要求", "保障措施"]);
/// let last = document.outline.sections().get(1).unwrap();
/// assert_eq!((last.kind, last.number), (OrdinalKind::HanEnumComma, 2));
/// assert!(document.is_final);
/// ```
#[must_use]
pub fn parse(source: SourceText, hints: &Hints) -> Document {
    build(source, hints, true)
}

/// Parses the first block of a source that is still being loaded, for the first paint. The
/// document holds all of `source`, but paragraphs and sections of the first 64 Ki chars only.
///
/// ```
/// use pizhu_text::document::{Hints, parse_provisional};
/// use pizhu_text::text::SourceText;
///
/// let document = parse_provisional(SourceText::from("同志们：\n\n一、总体要求\n\n要稳。\n"), &Hints::default());
/// assert!(!document.is_final);
/// ```
#[must_use]
pub fn parse_provisional(source: SourceText, hints: &Hints) -> Document {
    if source.len() <= PROVISIONAL_CHARS {
        return build(source, hints, false);
    }
    let mut head = SourceBuilder::default();
    for piece in source.pieces(Span::new(0, PROVISIONAL_CHARS)) {
        head.push_str(piece);
    }
    {
        let mut document = build(head.finish(), hints, false);
        document.clean_text.source = source;
        document
    }
}

/// Parses title, date and boilerplate only, for about a quarter of the cost of [`parse`]. The
/// result equals [`Document::metadata`].
///
/// ```
/// use pizhu_text::document::{Hints, parse_metadata};
/// use pizhu_text::text::SourceText;
///
/// let source = SourceText::from("在青禾县会议上的讲话\n\n（2024年3月1日）\n\n同志们：\n\n今年任务更重，大家要抓紧。\n");
/// let metadata = parse_metadata(&source, &Hints::default());
/// assert_eq!(metadata.title.as_deref(), Some("在青禾县会议上的讲话"));
/// assert_eq!(metadata.date.as_deref(), Some("2024-03-01"));
/// ```
#[must_use]
pub fn parse_metadata(source: &SourceText, hints: &Hints) -> Metadata {
    let analysis = LineAnalysis::new(source, hints);
    assign_roles(source, &analysis.cleaning, &analysis.lines, hints).1
}

fn build(source: SourceText, hints: &Hints, is_final: bool) -> Document {
    let LineAnalysis { mut removed, cleaning, enders, mut lines } = LineAnalysis::new(&source, hints);
    let (roles, metadata) = assign_roles(&source, &cleaning, &lines, hints);
    if hints.markdown {
        removed.append(&mut markup::heading_signs(&source, &mut lines, &roles));
    }
    let mut scan = scan_candidates(&source, &cleaning, enders, &lines, &roles, hints.markdown);
    announced::drop_announced(&source, &cleaning, &mut scan.tokens);
    candidate_context::settle(&mut scan.tokens);
    removed.append(&mut scan.removed);
    let cleaning = Cleaning::new(removed);
    let nodes = decode_outline(&scan.tokens, source.len());
    let outline = build_outline(&source, &cleaning, enders, &lines, &scan, &nodes);
    let paragraphs = Arc::new(build_paragraphs(&lines, &roles, &scan, &nodes));
    Document { clean_text: CleanText { source, cleaning }, outline, paragraphs, metadata, is_final, mending: None }
}

/// The tokens of a text from which its outline is decoded.
pub(super) fn outline_tokens(source: &SourceText, hints: &Hints) -> Vec<OutlineToken> {
    let LineAnalysis { cleaning, enders, mut lines, .. } = LineAnalysis::new(source, hints);
    let roles = assign_roles(source, &cleaning, &lines, hints).0;
    if hints.markdown {
        markup::heading_signs(source, &mut lines, &roles);
    }
    let mut tokens = scan_candidates(source, &cleaning, enders, &lines, &roles, hints.markdown).tokens;
    announced::drop_announced(source, &cleaning, &mut tokens);
    candidate_context::settle(&mut tokens);
    tokens
}

/// The logical lines of a text, with the results of the scan that later stages need.
struct LineAnalysis {
    /// The ranges removed so far: page marks, glosses and signs of emphasis.
    removed: Vec<(Span, RemovedKind)>,
    /// The cleaning that removes them.
    cleaning: Cleaning,
    enders: SentenceEnders,
    lines: Vec<LogicalLine>,
}

impl LineAnalysis {
    fn new(source: &SourceText, hints: &Hints) -> Self {
        let mut scan = match &hints.soft_breaks {
            Some(_) => scan_paragraphs(source, |gap| hints.ends_paragraph(gap)),
            None => scan(source),
        };
        if hints.markdown {
            let bullets = markup::bullets_of_headings(source, &scan.lines);
            scan.remove(source, bullets);
            let signs = markup::emphasis(source, &scan.lines);
            scan.remove(source, signs);
        }
        let cleaning = Cleaning::new(scan.removed.clone());
        let enders = SentenceEnders::new(source);
        let lines = logical_lines(source, &cleaning, enders, &scan);
        Self { removed: scan.removed, cleaning, enders, lines }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paths of the sections of a text.
    fn paths(text: &str, hints: &Hints) -> Vec<String> {
        let outline = parse(SourceText::from(text), hints).outline;
        outline.iter().map(|(id, _)| outline.path_text(id)).collect()
    }

    const TITLE: &str = "关于整修山塘水库的意见\n\n为整修山塘水库，提出如下意见：\n\n";

    #[test]
    fn parts_hold_counts_that_run_through_them() {
        let text = format!(
            "{TITLE}第一章　总则\n第一条　为了管好塘坝，制定本意见。\n第二条　按照第三条规定执行。\n第二章　经费\n第三条　经费进专户。\n第四条　每月公布。\n"
        );
        let expected = ["第一章", "第一章/第一条", "第一章/第二条", "第二章", "第二章/第三条", "第二章/第四条"];
        assert_eq!(paths(&text, &Hints::default()), expected);
        let text = format!(
            "{TITLE}一、摸底\n（一）查塘坝。各村登记。\n（二）查渠道。各村登记。\n二、落实\n（三）定塘长。一塘一人。\n（四）定民工。农闲上工。\n"
        );
        assert_eq!(paths(&text, &Hints::default()), ["一、", "一、/（一）", "一、/（二）", "二、", "二、/（三）", "二、/（四）"]);
    }

    #[test]
    fn a_verb_makes_a_sequence_only_if_told_through() {
        let text = format!("{TITLE}修塘有三靠：一靠政策，二靠民工，三靠石料。\n");
        assert_eq!(paths(&text, &Hints::default()), ["一靠", "二靠", "三靠"]);
        let text = format!("{TITLE}修塘有两靠：一靠政策，二靠民工。\n");
        assert!(paths(&text, &Hints::default()).is_empty());
    }

    #[test]
    fn letters_and_roman_numbers_are_told_apart_by_their_neighbours() {
        let roman = format!("{TITLE}I. 摸底\n先查塘坝。\nII. 落实\n再定塘长。\n");
        let kinds = |text: &str| -> Vec<&str> {
            let outline = parse(SourceText::from(text), &Hints::default()).outline;
            outline.sections().iter().map(|section| section.kind.name()).collect()
        };
        assert_eq!(kinds(&roman), ["roman", "roman"]);
        let letters: String = "ABCDEFGHI".chars().flat_map(|c| [c.to_string(), ". 塘坝\n先查塘坝。\n".to_owned()]).collect();
        assert_eq!(kinds(&format!("{TITLE}{letters}")), ["letter"; 9]);
    }

    #[test]
    fn run_in_lists_end_with_their_paragraph() {
        let text = format!("{TITLE}现在有两难。一是缺人，二是缺钱。\n今年要办两件事。\n第一，招民工。\n第二，筹经费。\n");
        assert_eq!(paths(&text, &Hints::default()), ["一是", "二是", "第一，", "第二，"]);
    }

    #[test]
    fn parts_stand_above_headings_of_markdown() {
        let text = "# 清单\n\n## 一、前言\n\n说明如下。\n\n第一部分\n\n## 一、塘坝\n\n大的。\n\n## 二、渠道\n\n长的。\n\n第二部分\n\n## 一、闸门\n\n新的。\n";
        assert_eq!(paths(text, &Hints::markdown()), ["一、", "第一部分", "第一部分/一、", "第一部分/二、", "第二部分", "第二部分/一、"]);
        let text = "青石條例\n====\n\n第一章　總則\n====\n第一條\n----\n塘坝归乡管。\n\n第二條\n----\n渠道归村管。\n";
        assert_eq!(paths(text, &Hints::markdown()), ["第一章", "第一章/第一條", "第一章/第二條"]);
    }

    #[test]
    fn nested_lists_of_markdown_are_told_by_their_indent() {
        let text = "# 章程\n\n1. 征集资料。\n2. 修订标准：\n\t1. 局部内容降级。\n\t2. 通用内容升级。\n3. 公布结果。\n";
        assert_eq!(paths(text, &Hints::markdown()), ["1.", "2.", "2./1.", "2./2.", "3."]);
    }

    #[test]
    fn headings_of_markdown_need_no_blank_and_code_holds_none() {
        let text =
            "##讀書會章程\n\n##第一章 總則\n\n###第一條 名稱\n\n本會名爲讀書會。\n\n```\n# 一、代碼\n```\n\n##第二章 會員\n\n#話題#\n";
        assert_eq!(paths(text, &Hints::markdown()), ["第一章", "第一章/第一條", "第二章"]);
        let text = "###### tags: `會議記錄`\n\n# 學生會例會紀錄\n\n## 議程\n\n#### 壹、報告\n\n如下。\n\n#### 貮、提案\n\n如下。\n\n## 散會\n\n晚上十時。\n";
        assert_eq!(paths(text, &Hints::markdown()), ["議程", "議程/壹、", "議程/貮、", "散會"]);
    }

    #[test]
    fn quotations_of_markdown_hold_no_sections() {
        let text = "# 青石條例\n\n## 第一條\n\n塘坝归乡管。\n\n一、大塘。\n\n二、小塘。\n\n> 理由：\n> 一、職掌已改。\n>\n> 二、文字修正。\n\n## 第二條\n\n渠道归村管。\n";
        assert_eq!(paths(text, &Hints::markdown()), ["第一條", "第一條/一、", "第一條/二、", "第二條"]);
        let letter = "# 青石公開信\n\n村民聯署的公開信如下，各處都已張貼，來信者三百戶。\n\n請看。\n\n全文。\n\n> 一、修塘坝。\n>\n> 二、清渠道。\n\n記者整理。\n\n另有報道。\n\n另有圖片。\n";
        assert_eq!(paths(letter, &Hints::markdown()), ["一、", "二、"]);
    }

    #[test]
    fn articles_in_bold_have_no_titles() {
        let text = "# 青石章程\n\n**第一條**\n塘坝归乡管，渠道归村管。\n\n**第二條**\n账目按月公布，大家看得见。\n";
        let document = parse(SourceText::from(text), &Hints::markdown());
        let titles: Vec<&str> = document.outline.sections().iter().map(|section| section.title_text).collect();
        assert_eq!(titles, ["", ""]);
    }

    #[test]
    fn a_list_goes_on_where_the_marks_between_its_members_were_lost() {
        let text = format!("{TITLE}修塘有三样好处：1、节省用水开支2、减少抗旱用工3、提高粮食产量。\n");
        assert_eq!(paths(&text, &Hints::default()), ["1、", "2、", "3、"]);
        let text = format!("{TITLE}1、渠道见图2、塘坝见表3、闸门另列。\n");
        assert!(paths(&text, &Hints::default()).len() < 2);
    }

    #[test]
    fn inserted_articles_are_siblings() {
        let text = "第一章　總則\n====\n第一條 \n----\n塘坝归乡管。\n\n第一條 之一 \n----\n小塘归村管。\n\n第二條 \n----\n渠道归村管。\n";
        assert_eq!(paths(text, &Hints::markdown()), ["第一章", "第一章/第一條", "第一章/第一條之一", "第一章/第二條"]);
        let text = format!("{TITLE}第 1 條\n塘坝归乡管。\n第 1-1 條\n小塘归村管。\n第 2 條\n渠道归村管。\n");
        assert_eq!(paths(&text, &Hints::default()), ["第1條", "第1-1條", "第2條"]);
    }

    #[test]
    fn forms_of_ordinals_have_counts_of_their_own() {
        let text = format!("{TITLE}壹、报告\n一、经费\n（一）收入如下。\n（二）支出如下。\n二、人员\n贰、提案\n一、修塘\n二、清渠\n");
        assert_eq!(
            paths(&text, &Hints::default()),
            ["壹、", "壹、/一、", "壹、/一、/（一）", "壹、/一、/（二）", "壹、/二、", "贰、", "贰、/一、", "贰、/二、"]
        );
        let text = format!("{TITLE}【一】报名\n（一）有热忱。\n（二）有时间。\n【二】内容\n（一）修塘。\n（二）清渠。\n");
        assert_eq!(
            paths(&text, &Hints::default()),
            ["【一】", "【一】/（一）", "【一】/（二）", "【二】", "【二】/（一）", "【二】/（二）"]
        );
    }

    #[test]
    fn brackets_and_quotations_hide_no_ordinal_of_their_own() {
        let text = format!("{TITLE}水价已公布（见表4: 1），又核对过（表5: 2）。\n");
        assert!(paths(&text, &Hints::default()).is_empty());
        let text = format!("{TITLE}书上说：”一是立德，二是立功。“这话不错。\n");
        assert!(paths(&text, &Hints::default()).is_empty());
        let text = format!("{TITLE}一、摸底\n\n查清塘坝。\n\n附件：1.河道名单 2.塘坝清册 3.责任分工表 4.水利工程建设项目资金安排一览表\n");
        assert_eq!(paths(&text, &Hints::default()), ["一、"]);
    }

    #[test]
    fn a_line_that_announces_a_list_closes_nothing() {
        let text = format!("{TITLE}一、工作安排\n\n今年要重点抓好以下两个方面的工作\n\n（一）农业\n\n抓春耕。\n\n（二）工业\n\n抓技改。\n");
        assert_eq!(paths(&text, &Hints::default()), ["一、", "一、/（一）", "一、/（二）"]);
    }

    #[test]
    fn a_line_may_be_wrapped_inside_an_ordinal() {
        let text = "　　去年整修塘坝三百座，清淤渠道五百里，群众满意。主要\n有三条经验：一是领导重视全县动手，干部带头示范，二\n是群众参与出工出力，三是资金到位。今年还要再接再厉\n把渠道修好把水管好，把账目公开，让群众看得见放心。\n";
        assert_eq!(paths(text, &Hints::default()), ["一是", "二是", "三是"]);
    }

    /// A reading with another one close by is less sure than one without.
    #[test]
    fn doubtful_sections_have_less_confidence() {
        let least = |text: &str| {
            let outline = parse(SourceText::from(text), &Hints::default()).outline;
            outline.sections().iter().map(|section| section.confidence).min()
        };
        let sure = least(&format!("{TITLE}一、摸底\n先查塘坝。\n二、落实\n再定塘长。\n三、公布\n按月公布。\n"));
        let unsure = least(&format!("{TITLE}现在的情况是，一要添人手，二要运石料。\n"));
        assert!(unsure.is_some() && unsure < sure, "{unsure:?} {sure:?}");
        // The headings over the lists are of a kind that is not known: all counts begin anew at the top.
        let lists = "（一）摸底\n先查塘坝。\n（二）落实\n再定塘长。\n（三）公布\n按月公布。\n";
        let restarts = least(&format!("{TITLE}{}", format!("◇ 塘坝\n\n{lists}").repeat(4)));
        let nested = least(&format!("{TITLE}一、塘坝\n{lists}二、渠道\n{lists}三、闸门\n{lists}四、泵站\n{lists}"));
        assert!(restarts.is_some() && restarts < nested, "{restarts:?} {nested:?}");
        // Headings of a kind that is not known stand in the last section, which holds most of the text.
        let body = "塘坝归乡管，渠道归村管，账目按月公布，大家都看得见，也都管得着。\n";
        let spread = format!("{TITLE}一、摸底\n{0}二、落实\n{0}三、公布\n{0}", body.repeat(8));
        let lumped = format!("{TITLE}一、摸底\n{body}二、落实\n{body}三、公布\n{}", body.repeat(22));
        assert!(least(&lumped).is_some() && least(&lumped) < least(&spread), "{:?} {:?}", least(&lumped), least(&spread));
    }

    #[test]
    fn a_front_block_names_the_text_over_lower_headings() {
        let text =
            "---\ntitle: 青石水利问答\ndate: 2031/1/26\n---\n\n## 2031 年问答\n\n1. 塘坝归谁管？\n归乡管。\n2. 渠道归谁管？\n归村管。\n";
        let document = parse(SourceText::from(text), &Hints::markdown());
        assert_eq!(document.metadata.title.as_deref(), Some("青石水利问答"));
        assert_eq!(paths(text, &Hints::markdown()), ["2031 年问答", "2031 年问答/1.", "2031 年问答/2."]);
        let text = "---\ntitle: 青石\n---\n\n# 青石水利问答\n\n## 塘坝\n\n归乡管。\n\n## 渠道\n\n归村管。\n";
        let document = parse(SourceText::from(text), &Hints::markdown());
        assert_eq!(document.metadata.title.as_deref(), Some("青石水利问答"));
        assert_eq!(paths(text, &Hints::markdown()), ["塘坝", "渠道"]);
    }

    #[test]
    fn unusual_forms_open_the_body() {
        for markers in [["一．", "二．", "三．"], ["一，", "二，", "三，"], ["第一章", "第二章", "第三章"]] {
            let text = format!("{TITLE}{}修塘坝\n先查清。\n{}清渠道\n再动工。\n{}管闸门\n后验收。\n", markers[0], markers[1], markers[2]);
            assert_eq!(paths(&text, &Hints::default()), markers);
        }
    }

    #[test]
    fn annexes_of_statutes_hold_no_sections() {
        let list = "一、塘坝\n（一）大的。\n（二）小的。\n二、渠道\n（一）长的。\n（二）短的。\n".repeat(3);
        let text = format!(
            "青石县塘坝条例\n\n第一条　塘坝归乡管。\n第二条　渠道归村管。\n第三条　本条例自公布之日起施行。\n附件：塘坝渠道清单\n{list}"
        );
        assert_eq!(paths(&text, &Hints::default()), ["第一条", "第二条", "第三条"]);
        let text = "# 关于报送塘坝情况的函\n\n## 报送内容\n\n塘坝数目。\n\n## 报送要求\n\n按时报送。\n\n<!-- [附件] -->\n\n# 塘坝统计表\n\n## 填表说明\n\n逐座填写。\n";
        assert_eq!(paths(text, &Hints::markdown()), ["报送内容", "报送要求"]);
    }

    #[test]
    fn a_table_of_contents_holds_no_sections() {
        let parts = (1..120).map(|n| format!("第{n}章青石水利之{n}号工程\n")).collect::<Vec<String>>().concat();
        let adopted = "（2031年5月28日青石县第十三届人民代表大会第三次会议通过，2032年1月1日起施行）";
        let body = parts.replace('\n', "\n塘坝归乡管，渠道归村管，闸门归组管，账目按月公布，大家都看得见，也都管得着。\n");
        let text = format!("青石水利条例\n{adopted}\n目录\n{parts}{body}");
        let outline = parse(SourceText::from(text.as_str()), &Hints::default()).outline;
        assert_eq!(outline.iter().count(), 119);
        assert!(outline.iter().all(|(_, section)| section.heading.start > parts.chars().count()));
    }
}
