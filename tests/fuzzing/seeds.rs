//! Seeds: valid files of all formats.

use super::PART_SEPARATOR;
use pizhu_annotation::AnchorIndex;
use pizhu_annotation::Annotation;
use pizhu_annotation::Codebook;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::merge::AnnotationEntry;
use pizhu_annotation::store::speech_file::SpeechFile;
use pizhu_annotation::store::speech_file::SpeechRecord;
use pizhu_library::exchange::Collection;
use pizhu_library::exchange::ExportFilter;
use pizhu_library::exchange::ExportOptions;
use pizhu_library::exchange::ExportOrder;
use pizhu_library::exchange::FORMATS;
use pizhu_text::document;
use pizhu_text::document::Hints;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use std::sync::Arc;

/// An invented speech.
pub const SPEECH: &str = "在青禾县组织工作推进会上的讲话\n（2023年5月6日）\n同志们：\n一、抓好人才工作\n（一）引才。要把𠮷镇的人才放在心上，\n\
    出台“三个一”办法。一是搭台子，二是压担子。\n（二）育才。\n1.办班。2.结对。\n— 2 —\n二、抓好基层党建\n要把支部建在网格上。谢谢大家！\n";

const DOCX: [&str; 4] = [
    r#"<w:document xmlns:w="w"><w:body><w:p><w:pPr><w:pStyle w:val="1"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>总体要求</w:t></w:r></w:p><w:p><w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:r><w:footnoteReference w:id="2"/><w:tab/><w:br/></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>项目</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl></w:body></w:document>"#,
    r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride></w:num></w:numbering>"#,
    r#"<w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>"#,
    r#"<w:footnotes xmlns:w="w"><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/><w:t>临江市文件</w:t></w:r></w:p></w:footnote></w:footnotes>"#,
];
const EPUB: [&str; 4] = [
    r#"<package><metadata><dc:title>讲话选</dc:title></metadata><manifest><item id="n" href="nav.xhtml" properties="nav"/><item id="a" href="a.xhtml"/><item id="b" href="b.xhtml"/></manifest><spine toc="n"><itemref idref="a"/><itemref idref="b"/></spine></package>"#,
    r#"<html><body><nav epub:type="toc"><ol><li><a href="a.xhtml">动员会</a></li></ol></nav></body></html>"#,
    "<html><body><h1>动员会</h1><p>一、总体要求</p><p>要抓实&amp;抓细。</p></body></html>",
    "<html><body><p>二、重点任务</p><ruby>发<rt>fa</rt></ruby></body></html>",
];
const HTML: &str = r##"<html><head><title>讲话_青禾县</title><script>a<b</script></head><body><ul class="nav"><li><a href="#">首页</a></ul><div id="zoom"><h2>一、抓实</h2><p>要坚持党管人才，<b>抓紧</b>、抓实。<table><tr><td>甲<td>乙</table></div><footer>版权所有</footer></body></html>"##;

fn join_parts(parts: &[&str]) -> Vec<u8> {
    parts.join(&String::from(char::from(PART_SEPARATOR))).into_bytes()
}

/// The seeds of a fuzz target, by its name.
pub fn for_target(target: &str) -> Vec<Vec<u8>> {
    let exports = |names: &[&str]| names.iter().map(|name| exported(name)).collect::<Vec<_>>();
    match target {
        "plain" => vec![SPEECH.into(), SPEECH.replace('\n', "\r\n").into_bytes(), "\u{FEFF}一、题\n".into()],
        "markdown" => vec!["# 讲话\n\n## 一、题\n\n正文。\n\n- 甲\n- 乙\n\n```\n# 码\n```\n".into()],
        "html" => vec![HTML.into()],
        "docx" => vec![join_parts(&DOCX)],
        "epub" => vec![join_parts(&EPUB)],
        "archive" => [exports(&["docx", "docx-comments", "qdpx", "xlsx"]), vec![super::zip_of_parts(&[], &["a"], b"x")]].concat(),
        "json" => exports(&["json", "jsonl"]),
        "web_annotation" => exports(&["web-annotation"]),
        "csv" => exports(&["csv", "taguette"]),
        "ron" => exports(&["ron"]),
        "qdc" => exports(&["qdc"]),
        "qdpx" => vec![
            [r#"<Project xmlns="urn:QDA-XML:project:1.0"><Users><User guid="u" name="甲"/></Users><CodeBook><Codes><Code guid="c" name="人才"><Description>定义</Description></Code></Codes></CodeBook><Sources><TextSource name="a.txt" plainTextPath="internal://a.txt"><PlainTextSelection guid="6b1d7f9e-52c8-4f0b-9a57-31c6e0b8d2a4" name="§ 一、" startPosition="0" endPosition="5" creatingUser="u" creationDateTime="2024-01-02T03:04:05Z"><Description>记</Description><Coding><CodeRef targetGUID="c"/></Coding></PlainTextSelection></TextSource></Sources></Project>"#, SPEECH]
                .join("\0")
                .into_bytes(),
        ],
        "speech_file" => vec![speech_file()],
        "screen" => vec![
            ["\x01\x50", SPEECH].concat().into(),
            "\x02\x21一、“青禾”——\u{1b}[31m红\u{202e}\n\n一是 e\u{301}👩\u{200d}👧🇨🇳❤\u{fe0f}，2025年、α Я é ① ℃。\n".into(),
        ],
        _ => Vec::new(),
    }
}

fn annotations(document: &document::Document) -> Vec<Annotation> {
    let passages =
        [(3, 6), (40, 60), (45, 90)].into_iter().filter_map(|(start, end)| Selector::for_passage(document, Span::new(start, end)));
    let section = document.outline.iter().next().and_then(|(id, _)| Selector::for_section(document, id));
    let passages = passages.map(|selector| Annotation::new(Scope::Passage, selector, "甲"));
    passages
        .chain(section.map(|selector| Annotation::new(Scope::Section, selector, "乙")))
        .map(|annotation| Annotation {
            tags: ["人才工作", "=新"].map(pizhu_annotation::TagRef::derived).into(),
            note: "记\n\"二\"".into(),
            ..annotation
        })
        .collect()
}

fn exported(format: &str) -> Vec<u8> {
    let document = Arc::new(document::parse(SourceText::from(SPEECH), &Hints::default()));
    let anchor_index = AnchorIndex::new(&document, annotations(&document).into_iter().map(Arc::new));
    let mut collection = Collection::new(Codebook::starter(), ExportFilter::default(), ExportOrder::Position);
    collection.add("讲话.txt", &document, &anchor_index);
    let mut bytes = Vec::new();
    if let Some(format) = FORMATS.iter().find(|known| known.name == format) {
        assert!((format.write)(&collection, ExportOptions::default(), &mut bytes).is_ok(), "writing to memory");
    }
    bytes
}

/// A speech file of the store.
fn speech_file() -> Vec<u8> {
    let document = document::parse(SourceText::from(SPEECH), &Hints::default());
    let speech = SpeechRecord::new(SpeechHash::from_text(&document.source), "讲话.txt", "讲话");
    let mut file = SpeechFile::new(speech);
    for annotation in annotations(&document) {
        file.entries.insert(annotation.id, AnnotationEntry::Present(annotation));
    }
    file.to_ron().unwrap_or_default().into_bytes()
}
