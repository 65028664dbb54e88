use super::*;
use crate::attributes::Attributes;
use crate::count::{CountedSpeech, Tally};
use crate::exchange::{Collection, ExportFilter, ExportOrder, fixture};
use pizhu_annotation::agreement::{Coding, UnitKind};
use pizhu_annotation::{AnchorIndex, Annotation, Codebook, RecordSet, Scope, Selector, Tag, TagId, TagRef};
use pizhu_text::document::{Document, Hints, parse};
use pizhu_text::text::{SourceText, Span};
use proptest::prelude::*;
use std::{path::Path, sync::Arc};

fn page(collection: &Collection, tally: &Tally, coding: Option<&Coding>, title: &str) -> String {
    let report = Report {
        title: title.to_owned(),
        facts: vec![("日期".to_owned(), title.to_owned())],
        collection,
        tally,
        coding,
        memos: vec![ReportMemo { author: title.to_owned(), text: format!("第一行\n{title}") }],
        words: &|id| id.to_owned(),
        label: &|header| header.name.clone(),
        attribute: &|key| key.to_owned(),
        language: "zh-Hans",
    };
    let mut bytes = Vec::new();
    report.write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn report_has_codebook_quotations_and_notes_of_a_project() {
    let page = page(&fixture::collection(ExportOrder::Position), &Tally::default(), None, "项目");
    assert!(page.contains("<h1>项目</h1>") && page.contains("style=\"background:#aa3300\""));
    // The tag below has no colour of its own: that of the tag above.
    assert_eq!(page.matches("background:#aa3300").count(), 4, "in the codebook and above the quotations");
    assert!(page.contains("人才 / 引才") && page.contains("定义") && page.contains("=1+1<br>第二行 &amp; &lt;b&gt;"));
    assert!(page.contains("已不在文中的话") && page.contains("report-unplaced"));
    assert!(page.contains("<cite>在𠮷镇会议上的讲话</cite>") && page.contains("report-untagged"));
    assert!(!page.contains("report-agreement") && !page.contains("id=\"counts\""), "parts with nothing in them are left out");
}

/// A speech with the annotations of some authors, all texts of which are `words`.
fn project(words: &str, authors: usize) -> (Collection, Tally, Coding) {
    let source = SourceText::from(&*format!("{words}\n一、{words}\n{words}\n二、{words}\n{words}。\n"));
    let document: Arc<Document> = Arc::new(parse(source, &Hints::default()));
    let mut book = Codebook::default();
    let name = words.replace('/', "_");
    let tag = Tag {
        definition: words.into(),
        memo: words.into(),
        keywords: vec![words.into()],
        colour: words.into(),
        ..Tag::with_id(TagId::from_name("甲"), &name)
    };
    let tag = if book.add(tag).is_ok() { TagRef::derived("甲") } else { TagRef::derived(words) };
    let end = document.source.len();
    let made = |author: usize| {
        let selector = Selector::for_passage(&document, Span::new(author.min(end - 1), end)).unwrap();
        let mut annotation = Annotation::new(Scope::Passage, selector, &format!("{author}{words}"));
        annotation.tags = std::iter::once(tag.clone()).collect();
        annotation.note = words.to_owned();
        Arc::new(annotation)
    };
    let anchors: Vec<AnchorIndex> = (0..authors).map(|author| AnchorIndex::new(&document, [made(author)])).collect();
    let all: Vec<_> = anchors.iter().flat_map(AnchorIndex::iter).cloned().collect();
    let mut set = RecordSet::default();
    set.set_attribute("place", words, words);
    let attributes = Attributes::new(&document, &set);
    let mut collection = Collection::new(book.clone(), ExportFilter::default(), ExportOrder::Position);
    collection.add_described(words, &document, attributes.clone(), &all);
    let counted = CountedSpeech::new(Path::new(words), &document, &all, &book).described(attributes);
    let mut coding = Coding::new((0..authors).map(|author| format!("{author}{words}")).collect()).by(UnitKind::Section, false);
    coding.add(words, &document, &anchors.iter().map(Some).collect::<Vec<_>>());
    (collection, Tally::new(vec![counted], &book), coding)
}

/// The tags of a page of ours, as a browser reads them: names, and names of attributes.
fn tags(page: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for token in html5gum::Tokenizer::new(page) {
        let Ok(token) = token;
        if let html5gum::Token::StartTag(tag) = token {
            let name = String::from_utf8_lossy(&tag.name).into_owned();
            found.push((name, tag.attributes.keys().map(|key| String::from_utf8_lossy(key).into_owned()).collect()));
        }
    }
    found
}

/// What may stand in a page, and with which attributes.
const ELEMENTS: [&str; 42] = [
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "header",
    "h1",
    "h2",
    "h3",
    "dl",
    "div",
    "dt",
    "dd",
    "nav",
    "ol",
    "li",
    "a",
    "main",
    "section",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "figure",
    "svg",
    "desc",
    "rect",
    "text",
    "details",
    "summary",
    "ul",
    "p",
    "span",
    "b",
    "article",
    "blockquote",
    "footer",
    "cite",
    "small",
];
const ATTRIBUTES: [&str; 22] = [
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "class",
    "id",
    "href",
    "style",
    "xmlns",
    "role",
    "width",
    "height",
    "viewbox",
    "viewBox",
    "x",
    "y",
    "text-anchor",
    "transform",
    "open",
    "colspan",
    "rowspan",
];

fn check(page: &str) {
    for (name, attributes) in tags(page) {
        assert!(ELEMENTS.contains(&name.as_str()) || name == "br", "<{name}> in {page}");
        assert!(attributes.iter().all(|attribute| ATTRIBUTES.contains(&attribute.as_str())), "{name} {attributes:?}");
    }
    for link in page.split("href=\"").skip(1) {
        assert!(link.starts_with('#'), "{link}");
    }
    let styles: Vec<&str> = page.split(" style=\"").skip(1).filter_map(|style| style.split('"').next()).collect();
    for style in styles {
        let value = style.strip_prefix("background:").unwrap();
        assert!(value.starts_with("hsl(") || (value.len() == 7 && value.starts_with('#')), "{style}");
    }
    assert!(!page.chars().any(|c| (c.is_control() && c != '\n') || ('\u{202A}'..='\u{202E}').contains(&c)));
    for outside in ["url(", "@import", "src="] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn every_part_of_a_report_is_made_of_known_elements() {
    let (collection, tally, coding) = project("在青禾县会议上的讲话", 3);
    let page = page(&collection, &tally, Some(&coding), "项目");
    check(&page);
    for part in ["memos", "speeches", "counts", "codebook", "agreement", "quotations"] {
        assert!(page.contains(&format!("<section id=\"{part}\">")) && page.contains(&format!("href=\"#{part}\"")), "{part}");
    }
    assert!(page.contains("Content-Security-Policy") && page.contains("default-src 'none'"));
    // Three coders: all together, every two, and the tag.
    let table = page.split("id=\"agreement\"").nth(1).unwrap().split("</table>").next().unwrap();
    assert_eq!(table.matches("<tr>").count(), 1 + 1 + 3 + 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Whatever titles, names, tags, notes, attributes and texts say, nothing of it becomes an element,
    /// an attribute, a style or a link.
    #[test]
    fn no_text_becomes_markup(words in "(\\PC|[<>&\"'=\u{202E}\u{1B}\u{85}`;#]|</?(script|style|title|svg|iframe|img)|on(load|error)=alert\\(1\\)|javascript:|\\]\\]>|<!--|url\\(x\\)){1,24}", authors in 1..3_usize) {
        // They are words, and no reference to anything.
        let words = words.replace("url(", "url (").replace("src=", "src =");
        prop_assume!(!words.trim().is_empty());
        let (collection, tally, coding) = project(&words, authors);
        check(&page(&collection, &tally, Some(&coding), &words));
    }
}
