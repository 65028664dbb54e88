use super::super::archive::tests::zip_bytes;
use super::*;
use std::io::Cursor;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="mc"><w:body>"#;

fn read(body: &str, parts: &[(&str, &str)], revisions: Revisions) -> Result<ExtractedText, ExtractError> {
    let document = format!("{HEAD}{body}<w:sectPr/></w:body></w:document>");
    let mut entries: Vec<(&str, &[u8])> = vec![("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())];
    entries.extend(parts.iter().map(|(name, content)| (*name, content.as_bytes())));
    let bytes = zip_bytes(&entries);
    let length = bytes.len() as u64;
    extract(Cursor::new(bytes), length, revisions)
}

fn text(body: &str) -> String {
    let extracted = read(body, &[], Revisions::Accepted).unwrap();
    extracted.text.slice(extracted.text.span()).into_owned()
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

#[test]
fn paragraphs_become_lines() {
    let body = "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr><w:r><w:t>青禾县</w:t></w:r><w:r><w:t>讲话&amp;</w:t><w:tab/><w:t>稿</w:t><w:br/><w:t>二行</w:t><w:br w:type=\"page\"/></w:r></w:p><w:p/><w:p/>";
    assert_eq!(text(&format!("{body}{}", p("　　同志们："))), "青禾县讲话&\t稿\n二行\n\n同志们：\n");
}

#[test]
fn tracked_changes_have_two_sides() {
    let body = "<w:p><w:r><w:t>要</w:t></w:r><w:del><w:r><w:delText>努力</w:delText></w:r></w:del><w:ins><w:r><w:t>全力</w:t></w:r></w:ins><w:r><w:t>抓好</w:t></w:r></w:p>\
        <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半句，</w:t></w:r></w:p><w:p><w:r><w:t>后半句。</w:t></w:r></w:p>\
        <w:p><w:pPr><w:rPr><w:ins/></w:rPr></w:pPr><w:r><w:t>上</w:t></w:r></w:p><w:p><w:r><w:t>下</w:t></w:r></w:p>\
        <w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>旧行</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>新行</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let side = |revisions| {
        let extracted = read(body, &[], revisions).unwrap();
        extracted.text.slice(extracted.text.span()).into_owned()
    };
    let cut = "<w:tbl><w:tr><w:tc><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>格内</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
        <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>末段</w:t></w:r></w:p>";
    assert_eq!(text(cut), "格内\n末段\n", "the last paragraph of all has no next one");
    assert_eq!(side(Revisions::Accepted), "要全力抓好\n前半句，后半句。\n上\n下\n新行\n");
    assert_eq!(side(Revisions::Original), "要努力抓好\n前半句，\n后半句。\n上下\n旧行\n新行\n");
}

#[test]
fn numbers_and_styles_become_text_and_hints() {
    let numbering = r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:pStyle w:val="1"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>
        <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;
    let styles = r#"<w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
        <w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="toc"><w:name w:val="toc 1"/></w:style></w:styles>"#;
    let with_style =
        |style: &str, text: &str| format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>");
    let numbered = |text: &str| {
        format!("<w:p><w:pPr><w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"7\"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let body = [
        with_style("T", "在会上的讲话"),
        with_style("toc", "总体要求 1"),
        with_style("1", "总体要求"),
        numbered("提高认识"),
        numbered("压实责任"),
        p("正文。"),
        with_style("1", "重点任务"),
        numbered("建强队伍"),
    ]
    .concat();
    let extracted = read(&body, &[("word/numbering.xml", numbering), ("word/styles.xml", styles)], Revisions::Accepted).unwrap();
    let source = extracted.text;
    assert_eq!(
        source.slice(source.span()),
        "在会上的讲话\n总体要求 1\n一、总体要求\n（一）提高认识\n（二）压实责任\n正文。\n二、重点任务\n（一）建强队伍\n"
    );
    let kinds: Vec<_> = extracted.hints.kinds.iter().map(|hint| (source.slice(hint.span).into_owned(), hint.kind)).collect();
    assert_eq!(kinds, [("在会上的讲话".into(), ParagraphKind::Title), ("总体要求 1".into(), ParagraphKind::Metadata)]);
    let headings: Vec<_> = extracted.hints.headings.iter().map(|hint| source.slice(hint.span).into_owned()).collect();
    assert_eq!(headings, ["一、总体要求", "二、重点任务"]);
}

#[test]
fn notes_follow_the_text() {
    let body = "<w:p><w:r><w:t>见文件</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r><w:r><w:t>。</w:t></w:r></w:p>";
    let notes = r#"<w:footnotes xmlns:w="w"><w:footnote w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/><w:t>临江市文件</w:t></w:r></w:p><w:p><w:r><w:t>第二段</w:t></w:r></w:p></w:footnote></w:footnotes>"#;
    let extracted = read(body, &[("word/footnotes.xml", notes)], Revisions::Accepted).unwrap();
    assert_eq!(extracted.text.slice(extracted.text.span()), "见文件[1]。\n\n[1] 临江市文件 第二段\n");
    assert_eq!(extracted.hints.kinds[0].kind, ParagraphKind::EndMatter);
}

#[test]
fn tables_boxes_ruby_and_hidden_text() {
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", p(text));
    let table = format!("<w:tbl><w:tr>{}{}</w:tr><w:tr>{}</w:tr></w:tbl>", cell("项目"), cell("数量"), cell("只有一格的一行"));
    assert_eq!(text(&table), "项目\t数量\n只有一格的一行\n");
    let shape = format!(
        "<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>{}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>",
        p("框内"),
        p("框内")
    );
    assert_eq!(text(&shape), "框内\n正文\n");
    let ruby = "<w:p><w:r><w:ruby><w:rt><w:r><w:t>fā</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>发</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:t>展</w:t></w:r><w:r><w:fldChar/><w:instrText>PAGE</w:instrText></w:r></w:p>";
    assert_eq!(text(ruby), "发(fā)展\n");
}

#[test]
fn damaged_and_oversized_documents_are_refused() {
    let refused = |bytes: Vec<u8>| extract(Cursor::new(bytes), 10, Revisions::Accepted).unwrap_err();
    assert!(matches!(refused(zip_bytes(&[("a.txt", b"x")])), ExtractError::Damaged(_)));
    assert!(matches!(refused(zip_bytes(&[("word/document.xml", b"<workbook/>")])), ExtractError::Damaged(_)));
    let deep = format!("{HEAD}{}", "<w:tbl><w:tr><w:tc>".repeat(40));
    assert!(matches!(refused(zip_bytes(&[("word/document.xml", deep.as_bytes())])), ExtractError::TooDeep));
    // Compresses little, but holds far more text than any speech.
    let runs = p("1").repeat(1 << 19);
    let long = format!("{HEAD}{}{runs}</w:body></w:document>", p(&"字".repeat(4 << 20)));
    assert!(matches!(refused(zip_bytes(&[("word/document.xml", long.as_bytes())])), ExtractError::TooLarge));
}

#[test]
fn rows_of_running_text_become_paragraphs() {
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", p(text));
    let long = "要".repeat(301);
    let inner = format!("<w:tc><w:tbl><w:tr>{}{}</w:tr></w:tbl>{}</w:tc>", cell("甲"), cell("乙"), p("丙"));
    let rows = [
        format!("<w:tr>{}{}</w:tr>", inner, cell("丁")),
        format!("<w:tr>{}{}{}</w:tr>", cell("短"), cell(&long), cell("后")),
        format!("<w:tr>{}{}{}</w:tr>", cell(""), cell("又"), cell("短")),
    ];
    assert_eq!(text(&format!("<w:tbl>{}</w:tbl>", rows.concat())), format!("甲 乙 丙\t丁\n短\n{long}\n后\n\t又\t短\n"));
}

#[test]
fn resource_limits_hold() {
    let refused = |body: &str, parts: &[(&str, &str)]| matches!(read(body, parts, Revisions::Accepted), Err(ExtractError::TooLarge));
    let lists =
        |of: &dyn Fn(usize) -> String| format!("<w:numbering xmlns:w=\"w\">{}</w:numbering>", (0..20_002).map(of).collect::<String>());
    let abstracts = lists(&|id| format!("<w:abstractNum w:abstractNumId=\"{id}\"/>"));
    let instances = lists(&|id| format!("<w:num w:numId=\"{id}\"><w:abstractNumId w:val=\"0\"/></w:num>"));
    assert!(refused("", &[("word/numbering.xml", &abstracts)]) && refused("", &[("word/numbering.xml", &instances)]));
    let styles: Vec<String> = (0..20_002).map(|id| format!("<w:style w:type=\"paragraph\" w:styleId=\"{id}\"/>")).collect();
    assert!(refused("", &[("word/styles.xml", &format!("<w:styles xmlns:w=\"w\">{}</w:styles>", styles.concat()))]));
    assert!(refused(&format!("<w:p>{}</w:p>", "<w:r><w:footnoteReference w:id=\"1\"/></w:r>".repeat(50_001)), &[]));
    // An oversized paragraph is refused before its end, which is missing. The incompressible comment
    // keeps the entry from being refused unread.
    let noise: String = (0u32..10_000).map(|n| blake3::hash(&n.to_le_bytes()).to_hex().to_string()).collect();
    assert!(refused(&format!("<!--{noise}--><w:p>{}</w:r>", "<w:r><w:t>1234567</w:t></w:r>".repeat(10 << 17)), &[]));
    // A number of one megabyte before each of many paragraphs.
    let numbering = format!(
        "<w:numbering xmlns:w=\"w\"><w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:lvlText w:val=\"{}\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>",
        "%1".repeat(500_000)
    );
    let listed = "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>字</w:t></w:r></w:p>";
    let extracted = read(&listed.repeat(1000), &[("word/numbering.xml", &numbering)], Revisions::Accepted).unwrap();
    assert_eq!(extracted.text.slice(extracted.text.span()), "字\n".repeat(1000));
}
