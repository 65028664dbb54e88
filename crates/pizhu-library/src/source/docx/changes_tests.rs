//! Tracked changes: reading one side equals reading a file with all changes accepted or rejected.

use super::{super::archive::tests::zip_bytes, *};
use pizhu_text::document::HeadingHint;
use pizhu_text::document::KindHint;
use proptest::prelude::*;
use std::{fmt::Write as _, io::Cursor};

const STYLES: &str = r#"<w:styles xmlns:w="w"><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
    <w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
    <w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>
    <w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="7"/></w:numPr></w:pPr></w:style>
    <w:style w:type="paragraph" w:styleId="new"><w:name w:val="小节"/><w:pPr><w:outlineLvl w:val="0"/><w:numPr><w:numId w:val="7"/></w:numPr>
      <w:pPrChange><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:pPrChange></w:pPr></w:style></w:styles>"#;
const NUMBERING: &str = r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0">
    <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
    <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
    </w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;
const NOTES: &str = r#"<w:footnotes xmlns:w="w"><w:footnote w:id="1"><w:p><w:r><w:t>甲注</w:t></w:r></w:p></w:footnote><w:footnote w:id="2"><w:p><w:r><w:t>乙注</w:t></w:r></w:p></w:footnote></w:footnotes>"#;

type TextAndHints = (String, Vec<HeadingHint>, Vec<KindHint>);

fn extract_parts(body: &str, revisions: Revisions) -> TextAndHints {
    let document = format!("<w:document xmlns:w=\"w\"><w:body>{body}<w:sectPr/></w:body></w:document>");
    let parts = [("styles", STYLES), ("numbering", NUMBERING), ("footnotes", NOTES), ("document", &document)];
    let parts = parts.map(|(name, content)| (format!("word/{name}.xml"), content.as_bytes()));
    let bytes = zip_bytes(&parts.each_ref().map(|(name, content)| (name.as_str(), *content)));
    let length = bytes.len() as u64;
    let extracted = extract(Cursor::new(bytes), length, revisions).unwrap();
    (extracted.text.slice(extracted.text.span()).into_owned(), extracted.hints.headings, extracted.hints.kinds)
}

/// The text, and the headings with their levels.
fn outline(body: &str, revisions: Revisions) -> (String, Vec<(String, u8)>) {
    let (text, headings, _) = extract_parts(body, revisions);
    let words = |hint: &HeadingHint| text.chars().skip(hint.span.start).take(hint.span.len()).collect();
    let headings = headings.iter().map(|hint| (words(hint), hint.level)).collect();
    (text, headings)
}

fn texts(body: &str) -> [String; 2] {
    [Revisions::Accepted, Revisions::Original].map(|revisions| extract_parts(body, revisions).0)
}

fn p(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn former_styles_levels_and_lists_are_read() {
    let style = |style: &str, former: &str| format!("<w:pStyle w:val=\"{style}\"/>{former}");
    let was = |former: &str| format!("<w:pPrChange w:id=\"1\" w:author=\"甲\"><w:pPr>{former}</w:pPr></w:pPrChange>");
    let listed = |level: u8| format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"7\"/></w:numPr>");
    let body = [
        p(&style("1", &was("")), "升为标题"),
        p(&was(&style("1", "")), "降为正文"),
        p(&style("1", &was(&style("2", ""))), "改了级别"),
        p(&format!("<w:outlineLvl w:val=\"1\"/>{}", was("<w:outlineLvl w:val=\"0\"/>")), "改了大纲级别"),
        p(&format!("{}{}", listed(0), was(&listed(1))), "改了编号级别"),
        p(&was(&listed(0)), "去了编号"),
        p(&style("2", ""), "照旧"),
        p(&style("new", ""), "样式改了"),
    ]
    .concat();
    let heading = |text: &str, level: u8| (text.to_owned(), level);
    let (text, headings) = outline(&body, Revisions::Accepted);
    assert_eq!(text, "升为标题\n降为正文\n改了级别\n改了大纲级别\n一、改了编号级别\n去了编号\n（一）照旧\n二、样式改了\n");
    let accepted = [("升为标题", 1), ("改了级别", 1), ("改了大纲级别", 2), ("（一）照旧", 2), ("二、样式改了", 1)];
    assert_eq!(headings, accepted.map(|(text, level)| heading(text, level)));
    let (text, headings) = outline(&body, Revisions::Original);
    assert_eq!(text, "升为标题\n降为正文\n（一）改了级别\n改了大纲级别\n（二）改了编号级别\n一、去了编号\n（一）照旧\n样式改了\n");
    let original = [("降为正文", 1), ("（一）改了级别", 2), ("改了大纲级别", 1), ("（一）照旧", 2), ("样式改了", 3)];
    assert_eq!(headings, original.map(|(text, level)| heading(text, level)));
}

#[test]
fn former_numbers_are_read() {
    let numbered = |change: &str| format!("<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"7\"/>{change}</w:numPr>");
    let body = [
        p(&numbered("<w:ins w:id=\"1\"/>"), "新编号"),
        p(&numbered("<w:numberingChange w:id=\"2\" w:original=\"%1:3:37:．\"/>"), "改编号"),
        p(&numbered("<w:numberingChange w:id=\"3\" w:original=\"(1)\"/>"), "再改"),
    ]
    .concat();
    assert_eq!(texts(&body), ["一、新编号\n二、改编号\n三、再改\n", "新编号\n三．改编号\n(1) 再改\n"]);
}

#[test]
fn joined_paragraphs_have_the_properties_of_the_last() {
    let gone = |kind: &str| format!("<w:rPr><w:{kind}/></w:rPr>");
    let heading = "<w:pStyle w:val=\"1\"/>";
    let body = [
        p(&format!("{heading}{}", gone("del")), "甲"),
        p("", "乙"),
        p(&gone("ins"), "丙"),
        p(heading, "丁"),
        p(&gone("moveFrom"), "戊"),
        p(&gone("moveTo"), "己"),
        p("", "庚"),
    ]
    .concat();
    let (text, headings) = outline(&body, Revisions::Accepted);
    assert_eq!((text.as_str(), headings), ("甲乙\n丙\n丁\n戊己\n庚\n", vec![("丁".to_owned(), 1)]));
    let (text, headings) = outline(&body, Revisions::Original);
    assert_eq!((text.as_str(), headings), ("甲\n乙\n丙丁\n戊\n己庚\n", vec![("甲".to_owned(), 1), ("丙丁".to_owned(), 1)]));
    // Not across a table, and not into a text box anchored in the next paragraph.
    let table = format!("<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", p("", "格"));
    let body = [p(&format!("{heading}{}", gone("del")), "表前"), table, p("", "表后")].concat();
    assert_eq!(outline(&body, Revisions::Accepted), ("表前\n格\n表后\n".to_owned(), vec![("表前".to_owned(), 1)]));
    let boxed = format!("<w:p><w:r><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></w:r><w:r><w:t>后</w:t></w:r></w:p>", p("", "框"));
    assert_eq!(texts(&[p(&gone("del"), "前"), boxed].concat()), ["框\n前后\n", "前\n框\n后\n"]);
}

#[test]
fn removed_rows_and_cells_do_not_count() {
    let listed = "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"7\"/></w:numPr>";
    let note = |id: u8| format!("<w:p><w:r><w:t>注</w:t><w:footnoteReference w:id=\"{id}\"/></w:r></w:p>");
    let row = |change: &str, text: &str, id: u8| {
        format!("<w:tr><w:trPr>{change}</w:trPr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>", p(listed, text), note(id))
    };
    let inner = format!("<w:tbl>{}</w:tbl>", row("", "里", 1));
    let nested = format!("<w:tr><w:trPr><w:ins w:id=\"9\"/></w:trPr><w:tc>{inner}{}</w:tc></w:tr>", p("", "外"));
    let body = format!("<w:tbl>{}{nested}{}</w:tbl>{}", row("<w:del w:id=\"8\"/>", "旧", 1), row("", "留", 2), p(listed, "尾"));
    let [accepted, original] = texts(&body);
    assert_eq!(accepted, "一、里\n注[1]\n外\n二、留\t注[2]\n三、尾\n\n[1] 甲注\n[2] 乙注\n");
    assert_eq!(original, "一、旧\t注[1]\n二、留\t注[2]\n三、尾\n\n[1] 甲注\n[2] 乙注\n");
    let cell = |change: &str, text: &str| format!("<w:tc><w:tcPr><w:tcW w:w=\"1\"/>{change}</w:tcPr>{}</w:tc>", p("", text));
    let cells = [cell("", "甲"), cell("<w:cellDel/>", "乙"), cell("<w:cellIns/>", "丙"), cell("", "丁")].concat();
    assert_eq!(texts(&format!("<w:tbl><w:tr>{cells}</w:tr></w:tbl>")), ["甲\t丙\t丁\n", "甲\t乙\t丁\n"]);
}

#[test]
fn former_visibility_is_read() {
    let run = |properties: &str, text: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
    let body = format!(
        "<w:p>{}{}{}</w:p>",
        run("<w:vanish/><w:rPrChange><w:rPr><w:b/></w:rPr></w:rPrChange>", "后隐"),
        run("<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>", "后显"),
        run("<w:b/>", "常在")
    );
    assert_eq!(texts(&body), ["后显常在\n", "后隐常在\n"]);
}

/// On which sides of the changes an element exists.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Presence {
    Always,
    After,
    Before,
    MovedHere,
    MovedAway,
}

impl Presence {
    fn is_on(self, revisions: Revisions) -> bool {
        match self {
            Self::Always => true,
            Self::After | Self::MovedHere => revisions == Revisions::Accepted,
            Self::Before | Self::MovedAway => revisions == Revisions::Original,
        }
    }

    fn element(self) -> &'static str {
        match self {
            Self::Always => "",
            Self::After => "ins",
            Self::Before => "del",
            Self::MovedHere => "moveTo",
            Self::MovedAway => "moveFrom",
        }
    }
}

/// A paragraph with tracked changes: properties after and before, runs, paragraph mark.
type TrackedParagraph = (usize, usize, Vec<(Presence, String)>, Presence);

const PROPERTIES: [&str; 7] = [
    "",
    "<w:pStyle w:val=\"1\"/>",
    "<w:pStyle w:val=\"2\"/>",
    "<w:pStyle w:val=\"T\"/>",
    "<w:outlineLvl w:val=\"2\"/>",
    "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"7\"/></w:numPr>",
    "<w:pStyle w:val=\"2\"/><w:numPr><w:numId w:val=\"0\"/></w:numPr>",
];

/// The body with its changes tracked.
fn tracked(paragraphs: &[TrackedParagraph]) -> String {
    let mut body = String::new();
    for (after, before, runs, end) in paragraphs {
        let mark = if *end == Presence::Always { String::new() } else { format!("<w:rPr><w:{}/></w:rPr>", end.element()) };
        let former =
            if after == before { String::new() } else { format!("<w:pPrChange><w:pPr>{}</w:pPr></w:pPrChange>", PROPERTIES[*before]) };
        let _ = write!(body, "<w:p><w:pPr>{}{mark}{former}</w:pPr>", PROPERTIES[*after]);
        for (presence, text) in runs {
            let t = if *presence == Presence::Before { "delText" } else { "t" };
            let run = format!("<w:r><w:{t}>{text}</w:{t}></w:r>");
            let element = presence.element();
            let _ = if element.is_empty() { write!(body, "{run}") } else { write!(body, "<w:{element}>{run}</w:{element}>") };
        }
        body.push_str("</w:p>");
    }
    body
}

/// The body with all changes accepted or rejected.
fn settled(paragraphs: &[TrackedParagraph], revisions: Revisions) -> String {
    let (mut body, mut carried) = (String::new(), String::new());
    for (after, before, runs, end) in paragraphs {
        carried.extend(runs.iter().filter(|(presence, _)| presence.is_on(revisions)).map(|(_, text)| text.as_str()));
        if end.is_on(revisions) {
            let properties = if revisions == Revisions::Accepted { after } else { before };
            body.push_str(&p(PROPERTIES[*properties], &std::mem::take(&mut carried)));
        }
    }
    body
}

proptest! {
    #[test]
    fn each_side_is_the_file_with_its_changes_settled(
        mut paragraphs in prop::collection::vec(
            (0..PROPERTIES.len(), 0..PROPERTIES.len(), prop::collection::vec((presence(), "[甲乙丙]{1,3}"), 0..4), presence()),
            1..8,
        ),
    ) {
        // The last paragraph mark always exists.
        paragraphs.last_mut().unwrap().3 = Presence::Always;
        for revisions in [Revisions::Accepted, Revisions::Original] {
            prop_assert_eq!(extract_parts(&tracked(&paragraphs), revisions), extract_parts(&settled(&paragraphs, revisions), revisions));
        }
    }
}

fn presence() -> impl Strategy<Value = Presence> {
    prop_oneof![
        3 => Just(Presence::Always),
        1 => Just(Presence::After),
        1 => Just(Presence::Before),
        1 => Just(Presence::MovedHere),
        1 => Just(Presence::MovedAway),
    ]
}
