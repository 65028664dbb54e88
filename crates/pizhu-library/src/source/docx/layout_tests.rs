//! Paragraphs, lists and tables as Word shows them, read through the parser.

use super::super::archive::tests::zip_bytes;
use super::*;
use pizhu_text::document::{Document, parse};
use std::io::Cursor;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="w"><w:body>"#;

fn read(body: &str, parts: &[(&str, &str)]) -> ExtractedText {
    let document = format!("{HEAD}{body}<w:sectPr/></w:body></w:document>");
    let mut entries: Vec<(&str, &[u8])> = vec![("word/document.xml", document.as_bytes())];
    entries.extend(parts.iter().map(|(name, content)| (*name, content.as_bytes())));
    let bytes = zip_bytes(&entries);
    let length = bytes.len() as u64;
    extract(Cursor::new(bytes), length, Revisions::Accepted).unwrap()
}

fn document(body: &str, parts: &[(&str, &str)]) -> Document {
    let ExtractedText { text, hints, .. } = read(body, parts);
    parse(text, &hints)
}

fn text(body: &str) -> String {
    let source = read(body, &[]).text;
    source.slice(source.span()).into_owned()
}

/// The kinds and texts of the paragraphs.
fn paragraphs(document: &Document) -> Vec<(ParagraphKind, String)> {
    document.paragraphs.iter().map(|paragraph| (paragraph.kind, document.text(paragraph.span))).collect()
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

fn styled(style: &str, text: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn cell(text: &str) -> String {
    format!("<w:tc>{}</w:tc>", p(text))
}

fn table(rows: &[&[&str]]) -> String {
    let row = |cells: &&[&str]| format!("<w:tr>{}</w:tr>", cells.iter().map(|text| cell(text)).collect::<String>());
    format!("<w:tbl>{}</w:tbl>", rows.iter().map(row).collect::<String>())
}

#[test]
fn paragraphs_without_closing_marks_stay_apart() {
    let items =
        ["支渠清淤：一共清了三里路，淤泥就近堆放在渠边，没有占用秧田", "放水排班：家家都轮得上，名单张贴在村口的告示板上，没有人有意见"];
    let body = [
        p("春灌工作总结"),
        p("今年春灌抓得早、抓得实。"),
        p(items[0]),
        p(items[1]),
        p("1、查看机器，换掉皮带"),
        p("2、清理渠道，疏通涵管"),
    ];
    let found = paragraphs(&document(&body.concat(), &[]));
    let texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts[2..], [items[0], items[1], "1、查看机器，换掉皮带", "2、清理渠道，疏通涵管"], "numbers are not those of pages");
    let soft =
        "<w:p><w:r><w:t>这一年全县上下齐心协力，修通了几条往年想修而没能修通的</w:t><w:br/><w:t>水渠，群众看在眼里。</w:t></w:r></w:p>";
    assert_eq!(paragraphs(&document(&(p("工作总结") + &p("要抓实。") + soft), &[])).len(), 3, "a soft break may stand within a sentence");
}

#[test]
fn rows_of_a_table_stay_apart_and_keep_their_cells() {
    let rows: [&[&str]; 3] = [&["年份", "教师数", "学生数"], &["2031", "12", "340"], &["2032", "9", "1280"]];
    let document = document(&(p("办学情况") + &p("（一）规模") + &table(&rows) + &p("（二）师资") + &p("要抓实。")), &[]);
    let rows: Vec<(ParagraphKind, String)> = rows.iter().map(|row| (ParagraphKind::Verbatim, row.join("\t"))).collect();
    assert_eq!(paragraphs(&document)[2..5], rows);
    assert_eq!(document.outline.sections().len(), 2);
    assert_eq!(document.metadata.title.as_deref(), Some("办学情况"));
}

#[test]
fn columns_stay_apart_where_cells_are_empty_or_merged() {
    let spanning = format!("<w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>{}</w:tc>", p("合计"));
    let rows = [
        format!("<w:tr>{}{}{}</w:tr>", cell(""), cell("上年"), cell("今年")),
        format!("<w:tr>{spanning}{}</w:tr>", cell("30")),
        format!("<w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>{}{}</w:tr>", cell("甲"), cell("乙")),
    ];
    assert_eq!(text(&format!("<w:tbl>{}</w:tbl>", rows.concat())), "\t上年\t今年\n合计\t\t30\n\t甲\t乙\n");
}

#[test]
fn cells_of_several_lines_continue_in_their_column() {
    let list = format!("<w:tc>{}{}</w:tc>", p("查看八台机器，换掉三根皮带，现在全部能用"), p("清理支渠三里路，淤泥就近堆放，没有占用秧田"));
    let row = format!("<w:tr>{}{list}{}</w:tr>", cell("水利站"), cell("已完成"));
    let both = format!("<w:tr>{list}{list}</w:tr>");
    let first = "查看八台机器，换掉三根皮带，现在全部能用";
    let second = "清理支渠三里路，淤泥就近堆放，没有占用秧田";
    assert_eq!(
        text(&format!("<w:tbl>{row}{both}</w:tbl>")),
        format!("水利站\t{first}\t已完成\n\t{second}\n{first}\n{second}\n{first}\n{second}\n")
    );
    assert_eq!(text(&format!("<w:tbl><w:tr><w:tc>{}{}</w:tc>{}</w:tr></w:tbl>", p("张某"), p("李某"), cell("组长"))), "张某 李某\t组长\n");
}

#[test]
fn single_entries_belong_to_the_table_they_stand_in() {
    let rows: [&[&str]; 5] = [&["一、总体情况", ""], &["项目", "数量"], &["备注", ""], &["（一）机器", ""], &["", "三台"]];
    let document = document(&(p("检修情况") + &table(&rows)), &[]);
    let kinds: Vec<bool> = document.paragraphs.iter().map(|paragraph| paragraph.kind == ParagraphKind::Verbatim).collect();
    assert_eq!(kinds, [false, false, true, true, false, false], "a heading in a table of the layout stays one");
}

#[test]
fn automatic_numbers_alone_fill_a_cell() {
    let numbering = r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
        <w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1章"/></w:lvl></w:abstractNum><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num></w:numbering>"#;
    let numbered = |list: u8, text: &str| {
        format!("<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let row = |text: &str| format!("<w:tr><w:tc>{}</w:tc>{}</w:tr>", numbered(1, ""), cell(text));
    let body = format!("<w:tbl>{}{}</w:tbl>{}{}", row("清淤"), row("排班"), numbered(2, "总则"), numbered(1, ""));
    let source = read(&body, &[("word/numbering.xml", numbering)]).text;
    assert_eq!(source.slice(source.span()), "1\t清淤\n2\t排班\n第一章 总则\n\n");
}

#[test]
fn title_of_two_paragraphs_is_one() {
    let styles = r#"<w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="a5"><w:name w:val="Title"/></w:style><w:style w:type="paragraph" w:styleId="a6"><w:name w:val="Subtitle"/></w:style></w:styles>"#;
    let body = [
        p("青石乡党委书记 林某"),
        styled("a5", "在全乡夜校工作会议上"),
        styled("a5", "的讲话"),
        styled("a6", "（2031年1月26日）"),
        p("同志们："),
        p("夜校要办好。"),
    ]
    .concat();
    let document = document(&body, &[("word/styles.xml", styles)]);
    assert_eq!(document.metadata.title.as_deref(), Some("在全乡夜校工作会议上 的讲话"));
    assert_eq!(document.metadata.date.as_deref(), Some("2031-01-26"));
    assert_eq!(paragraphs(&document)[3].0, ParagraphKind::Metadata);
    // Without styles.xml, by the ids alone.
    assert_eq!(self::document(&body.replace("a5", "Title"), &[]).metadata.title.as_deref(), Some("在全乡夜校工作会议上 的讲话"));
}

#[test]
fn styles_of_titles_that_are_used_for_headings_give_sections() {
    let styles = r#"<w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="a5"><w:name w:val="Title"/></w:style><w:style w:type="paragraph" w:styleId="a6"><w:name w:val="Subtitle"/></w:style></w:styles>"#;
    let heading = |style: &str, text: &str| styled(style, text) + &p("要坚持问题导向，压实责任，抓好落实。");
    for style in ["a5", "a6"] {
        let body = p("在全乡会议上的讲话") + &p("同志们：") + &heading(style, "一、提高认识") + &heading(style, "二、抓好落实");
        let document = document(&body, &[("word/styles.xml", styles)]);
        assert_eq!((document.outline.sections().len(), document.metadata.title.as_deref()), (2, Some("在全乡会议上的讲话")), "{style}");
    }
}

#[test]
fn contents_and_symbols() {
    let contents = format!(
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val=\"Table of Contents\"/></w:docPartObj></w:sdtPr><w:sdtContent>{}{}</w:sdtContent></w:sdt>",
        p("总体要求\t1"),
        p("保障措施\t3")
    );
    let plain = format!("<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>", p("正文。"));
    let extracted = read(&(contents + &plain), &[]);
    assert_eq!(extracted.text.slice(extracted.hints.kinds[0].span), "总体要求\t1\n保障措施\t3");
    assert_eq!((extracted.hints.kinds.len(), extracted.hints.kinds[0].kind), (1, ParagraphKind::Metadata));
    let boxes = "<w:p><w:r><w:sym w:font=\"Wingdings 2\" w:char=\"0052\"/><w:t>同意</w:t><w:sym w:font=\"Wingdings\" w:char=\"F0A8\"/><w:t>不同意</w:t></w:r></w:p>";
    assert_eq!(text(boxes), "☑同意□不同意\n");
}

#[test]
fn lines_of_a_converted_page_are_joined() {
    let full = "今年以来全县上下齐心协力修通了几条往年想修而没能修通的水";
    let body: String = [full, full, full, "渠。", full, full, full, full, full, "渠。", full, "渠。"].map(p).concat();
    let document = document(&(p("工作总结") + &body), &[]);
    assert_eq!(document.paragraphs.len(), 4);
}

#[test]
fn words_written_downwards_are_joined() {
    let downwards: String = ["主", "要", "业", "绩"].map(p).concat();
    let row = |text: &str| format!("<w:tr><w:tc>{downwards}</w:tc>{}</w:tr>", cell(text));
    let long = "要".repeat(301);
    assert_eq!(text(&format!("<w:tbl>{}{}</w:tbl>", row("无"), row(&long))), format!("主要业绩\t无\n主要业绩\n{long}\n"));
}

#[test]
fn prose_in_the_cells_of_a_layout_stays_in_paragraphs() {
    let prose = format!("<w:tc>{}{}</w:tc>", p("一、要坚持问题导向，压实责任，抓好落实。"), p("二、要坚持目标导向，担当作为，开创新局。"));
    let lines = text(&format!("<w:tbl><w:tr>{}{prose}</w:tr></w:tbl>", cell("要求")));
    assert_eq!(lines.lines().count(), 3);
}

#[test]
fn prose_in_a_row_of_a_table_stays_in_its_column() {
    let tasks = format!("<w:tc>{}{}</w:tc>", p("备好纸笔和录音机。"), p("联系村里，约好访谈的人。"));
    let head = format!("<w:tr>{}{}{}</w:tr>", cell("时间"), cell("地点"), cell("活动内容"));
    let row = format!("<w:tr>{}{}{tasks}</w:tr>", cell("6月23日"), cell("县中学"));
    let lines = text(&format!("<w:tbl>{head}{row}</w:tbl>"));
    assert_eq!(lines, "时间\t地点\t活动内容\n6月23日\t县中学\t备好纸笔和录音机。\n\t\t联系村里，约好访谈的人。\n");
}

#[test]
fn a_remark_in_brackets_stands_beside_its_name() {
    let cells = |cells: &[&[&str]]| -> String {
        let cell = |lines: &&[&str]| format!("<w:tc>{}</w:tc>", lines.iter().map(|line| p(line)).collect::<String>());
        format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<String>())
    };
    let head = cells(&[&["序号"], &["事项"], &["要求"]]);
    let row = cells(&[&["2"], &["报价要求", "（实质性要求）"], &["1.单价不超过十二元；", "2.现场报价，一次报定；"]]);
    let text = text(&format!("{}<w:tbl>{head}{row}</w:tbl>", p("青石县塘坝招标文件")));
    assert!(text.contains("2\t报价要求 （实质性要求）\t1.单价不超过十二元；"), "{text}");
}

#[test]
fn headings_that_come_again_are_read() {
    let part =
        |n: u32| [p(&format!("第{n}部分 塘坝")), p(&format!("{n}.1 概述")), p("[这里说明塘坝归谁管，以及要修哪些]"), p("说明")].concat();
    let document = document(&[p("青石县塘坝计划"), part(1), part(2), part(3), part(4)].concat(), &[]);
    let read: Vec<String> = paragraphs(&document).into_iter().map(|(_, text)| text).collect();
    assert_eq!(read.iter().filter(|text| text.ends_with("概述")).count(), 4, "{read:?}");
    assert_eq!(read.iter().filter(|text| *text == "说明").count(), 4, "{read:?}");
}
