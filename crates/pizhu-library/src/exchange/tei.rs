//! TEI P5 with stand-off annotation: a corpus with a text and its annotations for each speech, and the tags as
//! a taxonomy.
//!
//! The text is the source, its paragraphs as `p` and headings as `head` within the `div`s of its outline, so that
//! all characters are there in their order; line breaks inside a paragraph are `lb`. An annotation is an
//! `annotation` of `standOff/listAnnotation` whose target is a range of characters of the text by the TEI
//! pointer `string-range()` over the body, and whose tags are `ref`s to categories. Positions count the chars of
//! the body's text nodes, in the order of the document, which are those of the source without line breaks: see
//! [`TeiText`].

use super::{
    collection::{Collection, ExportSpeech},
    export_entry::ExportEntry,
    format::{ExportOptions, Format},
    markup::{anchored_entries, escape_xml, title},
};
use pizhu_annotation::{Scope, TagRef};
use pizhu_text::text::Span;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::{self, Write},
};

/// TEI corpus.
pub(super) const FORMAT: Format = Format {
    name: "tei",
    extension: "tei.xml",
    media: "application/tei+xml",
    doc: "TEI P5: the speeches with their annotations beside the text (stand-off) and the tags as a taxonomy, for digital editions",
    write,
    read: None,
};

fn write(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut xml =
        String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<teiCorpus xmlns=\"http://www.tei-c.org/ns/1.0\" xml:lang=\"zh\">\n");
    push_corpus_header(collection, &mut xml);
    out.write_all(xml.as_bytes())?;
    for index in 0..collection.speeches().len() {
        out.write_all(speech(collection, index).as_bytes())?;
    }
    if collection.speeches().is_empty() {
        // A corpus has one text at least.
        out.write_all(
            b"<TEI><teiHeader><fileDesc><titleStmt><title>-</title></titleStmt><publicationStmt><p>-</p></publicationStmt><sourceDesc><p>-</p></sourceDesc></fileDesc></teiHeader><text><body><p/></body></text></TEI>\n",
        )?;
    }
    out.write_all(b"</teiCorpus>\n")
}

/// The id of a tag's category.
fn category_id(tag: &TagRef) -> String {
    format!("tag-{}", tag.id)
}

fn push_corpus_header(collection: &Collection, xml: &mut String) {
    xml.push_str("<teiHeader>\n<fileDesc>\n<titleStmt><title>批注</title></titleStmt>\n<publicationStmt><p>Exported by pizhu.</p></publicationStmt>\n");
    xml.push_str("<sourceDesc><p>The files named in the headers of the texts.</p></sourceDesc>\n</fileDesc>\n<encodingDesc>\n");
    xml.push_str("<projectDesc>");
    let memos = collection.memos();
    for (author, memo) in &memos {
        let by = if author.is_empty() { String::new() } else { format!(" resp=\"#{}\"", author_id(collection, author)) };
        let _ = write!(xml, "<p><note type=\"memo\"{by}>{}</note></p>", escape_xml(memo));
    }
    if memos.is_empty() {
        xml.push_str("<p>Annotated speeches.</p>");
    }
    xml.push_str("</projectDesc>\n");
    push_taxonomy(collection, xml);
    xml.push_str("</encodingDesc>\n");
    let authors = authors(collection);
    if !authors.is_empty() {
        xml.push_str("<profileDesc><particDesc><listPerson>\n");
        for (author, id) in authors {
            let _ = writeln!(xml, "<person xml:id=\"{id}\"><persName>{}</persName></person>", escape_xml(author));
        }
        xml.push_str("</listPerson></particDesc></profileDesc>\n");
    }
    xml.push_str("</teiHeader>\n");
}

/// The authors of annotations and memos, each with an id.
fn authors(collection: &Collection) -> BTreeMap<&str, String> {
    let mut names: BTreeSet<&str> = collection.entries().iter().map(|entry| entry.author.as_str()).collect();
    names.extend(collection.memos().into_iter().map(|(author, _)| author));
    names.into_iter().filter(|name| !name.is_empty()).zip(1..).map(|(name, number)| (name, format!("author-{number}"))).collect()
}

fn author_id(collection: &Collection, author: &str) -> String {
    authors(collection).remove(author).unwrap_or_default()
}

fn push_taxonomy(collection: &Collection, xml: &mut String) {
    let book = collection.codebook();
    let tree = book.tree();
    let unknown: BTreeSet<&TagRef> =
        collection.entries().iter().flat_map(|entry| &entry.tag_refs).filter(|tag| book.get(tag.id).is_none()).collect();
    if tree.is_empty() && unknown.is_empty() {
        return;
    }
    xml.push_str("<classDecl><taxonomy xml:id=\"codebook\">\n");
    let mut open = 0;
    for (depth, tag) in tree {
        xml.push_str(&"</category>\n".repeat(open - depth));
        open = depth + 1;
        let _ = write!(
            xml,
            "<category xml:id=\"{}\"><catDesc xml:lang=\"zh\"><term>{}</term>",
            category_id(&tag.into()),
            escape_xml(&tag.name)
        );
        if !tag.definition.is_empty() {
            let _ = write!(xml, "<gloss>{}</gloss>", escape_xml(&tag.definition));
        }
        for keyword in &tag.keywords {
            let _ = write!(xml, "<term type=\"keyword\">{}</term>", escape_xml(keyword));
        }
        if !tag.memo.is_empty() {
            let _ = write!(xml, "<gloss type=\"memo\">{}</gloss>", escape_xml(&tag.memo));
        }
        xml.push_str("</catDesc>");
        if !tag.english.is_empty() {
            let _ = write!(xml, "<catDesc xml:lang=\"en\"><term>{}</term></catDesc>", escape_xml(&tag.english));
        }
        xml.push('\n');
    }
    xml.push_str(&"</category>\n".repeat(open));
    for tag in unknown {
        let _ =
            writeln!(xml, "<category xml:id=\"{}\"><catDesc><term>{}</term></catDesc></category>", category_id(tag), escape_xml(&tag.name));
    }
    xml.push_str("</taxonomy></classDecl>\n");
}

fn speech(collection: &Collection, index: usize) -> String {
    let speech = &collection.speeches()[index];
    let number = index + 1;
    let mut xml = format!("<TEI xml:id=\"speech-{number}\">\n");
    push_header(speech, &mut xml);
    let text = TeiText::new(speech, number);
    let _ = write!(xml, "<text>\n<body xml:id=\"{}\">{}</body>\n</text>\n", text.body, text.xml);
    push_annotations(collection, index, &text, &mut xml);
    xml.push_str("</TEI>\n");
    xml
}

fn push_header(speech: &ExportSpeech, xml: &mut String) {
    let _ = write!(xml, "<teiHeader>\n<fileDesc>\n<titleStmt><title>{}</title>", escape_xml(&title(speech)));
    if let Some(speaker) = speech.attributes.get("speaker") {
        let _ = write!(xml, "<author>{}</author>", escape_xml(speaker));
    }
    xml.push_str("</titleStmt>\n<publicationStmt><p>Exported by pizhu.</p></publicationStmt>\n<sourceDesc><bibl>");
    let _ = write!(xml, "<title>{}</title>", escape_xml(&title(speech)));
    if let Some(date) = speech.attributes.date() {
        // The form of the attribute is that of xsd:date, gYearMonth or gYear.
        let when = if pizhu_annotation::attribute_type::is_date(date) { format!(" when=\"{date}\"") } else { String::new() };
        let _ = write!(xml, "<date{when}>{}</date>", escape_xml(date));
    }
    let _ = write!(xml, "<idno type=\"path\">{}</idno><idno type=\"hash\">{}</idno>", escape_xml(&speech.name), speech.hash);
    for (key, attribute) in speech.attributes.iter().filter(|(key, _)| !matches!(*key, "date" | "speaker")) {
        let _ = write!(xml, "<note type=\"attribute\" n=\"{}\">{}</note>", escape_xml(key), escape_xml(&attribute.value));
    }
    xml.push_str("</bibl></sourceDesc>\n</fileDesc>\n</teiHeader>\n");
}

/// A division that is open.
struct Division {
    /// End of its section.
    end: usize,
    /// Whether it has more than a heading.
    has_text: bool,
    /// Whether it has a division inside.
    has_parts: bool,
}

/// Writes a line of the text as a paragraph, or as the heading of the division that has just begun.
fn push_line(xml: &mut String, line: &mut String, open: &mut [Division], is_head: bool) {
    let Some(division) = open.last_mut().filter(|_| !line.is_empty()) else { return };
    let is_head = is_head && !division.has_text;
    let _ = if is_head {
        write!(xml, "<head>{line}</head>")
    } else if division.has_parts {
        // No paragraph may follow a division inside another.
        write!(xml, "<div><p>{line}</p></div>")
    } else {
        write!(xml, "<p>{line}</p>")
    };
    division.has_text |= !is_head;
    line.clear();
}

/// Closes the divisions that end at a char or before, but for the body.
fn close_divisions(xml: &mut String, open: &mut Vec<Division>, at: usize) {
    while open.len() > 1 && open.last().is_some_and(|division| division.end <= at) {
        if open.pop().is_some_and(|division| !division.has_text) {
            // A division needs more than a heading.
            xml.push_str("<p/>");
        }
        xml.push_str("</div>");
    }
}

/// The text of a speech as TEI, and what positions in it are.
struct TeiText {
    /// The id of the body.
    body: String,
    /// The content of the body.
    xml: String,
    /// The chars of the source that are no character of the text, in order: line breaks.
    left_out: Vec<usize>,
    /// The ids of the sections' `div`s, by their start.
    sections: BTreeMap<(usize, usize), String>,
}

impl TeiText {
    fn new(speech: &ExportSpeech, number: usize) -> Self {
        let document = &speech.document;
        let source = &document.source;
        let (mut xml, mut left_out, mut sections) = (String::new(), Vec::new(), BTreeMap::new());
        // The body, and the divisions that are open in it.
        let mut open = vec![Division { end: usize::MAX, has_text: true, has_parts: false }];
        let mut starts: BTreeMap<usize, Vec<(usize, String)>> = BTreeMap::new();
        for (order, (_, section)) in document.outline.iter().enumerate() {
            let id = format!("s{number}-{}", order + 1);
            sections.entry((section.span.start, section.span.end)).or_insert_with(|| id.clone());
            starts.entry(section.span.start).or_default().push((section.span.end, id));
        }
        let headings: BTreeMap<usize, usize> =
            document.outline.sections().iter().map(|section| (section.heading.start, section.heading.end)).collect();
        let mut line = String::new();
        let mut heading_end = None;
        for (offset, c) in source.chars_from(0) {
            if starts.contains_key(&offset) || open.last().is_some_and(|division| division.end <= offset) {
                push_line(&mut xml, &mut line, &mut open, heading_end.take().is_some());
                close_divisions(&mut xml, &mut open, offset);
            }
            for (end, id) in starts.remove(&offset).into_iter().flatten() {
                if let Some(parent) = open.last_mut() {
                    (parent.has_text, parent.has_parts) = (true, true);
                }
                let _ = write!(xml, "<div xml:id=\"{id}\">");
                open.push(Division { end, has_text: false, has_parts: false });
            }
            if let Some(end) = headings.get(&offset) {
                heading_end = Some(*end);
            }
            if heading_end == Some(offset) {
                push_line(&mut xml, &mut line, &mut open, true);
                heading_end = None;
            }
            if c == '\n' {
                left_out.push(offset);
                push_line(&mut xml, &mut line, &mut open, heading_end.take().is_some());
            } else {
                line.push_str(&escape_xml(c.encode_utf8(&mut [0; 4])));
            }
        }
        push_line(&mut xml, &mut line, &mut open, heading_end.is_some());
        close_divisions(&mut xml, &mut open, usize::MAX);
        if !xml.contains("<p>") && !xml.contains("<div") {
            xml.push_str("<p/>");
        }
        Self { body: format!("text-{number}"), xml, left_out, sections }
    }

    /// Start and length of a span in the characters of the body.
    fn range(&self, span: Span) -> (usize, usize) {
        let place = |at: usize| at - self.left_out.partition_point(|out| *out < at);
        (place(span.start), place(span.end) - place(span.start))
    }

    /// The pointer to an annotation's place: a division, the body, or a range of its characters.
    fn pointer(&self, entry: &ExportEntry, span: Span) -> String {
        match (entry.scope, self.sections.get(&(span.start, span.end))) {
            (Scope::Speech, _) => format!("#{}", self.body),
            (Scope::Section, Some(id)) => format!("#{id}"),
            _ => {
                let (start, length) = self.range(span);
                format!("#string-range({},{start},{length})", self.body)
            }
        }
    }
}

fn push_annotations(collection: &Collection, index: usize, text: &TeiText, xml: &mut String) {
    let entries = anchored_entries(collection, index);
    if entries.is_empty() {
        return;
    }
    let authors = authors(collection);
    xml.push_str("<standOff>\n<listAnnotation>\n");
    for entry in entries {
        let Some(span) = entry.span() else { continue };
        let motivation = if entry.tags.is_empty() { "commenting" } else { "classifying" };
        let _ = write!(xml, "<annotation xml:id=\"a-{}\" motivation=\"{motivation}\" target=\"{}\">", entry.id, text.pointer(entry, span));
        if let Some(author) = authors.get(entry.author.as_str()) {
            let _ = write!(xml, "<respStmt><resp>annotation</resp><name ref=\"#{author}\">{}</name></respStmt>", escape_xml(&entry.author));
        }
        let _ = write!(xml, "<revisionDesc><change when=\"{}\" status=\"created\"/>", entry.created);
        if entry.modified != entry.created {
            let _ = write!(xml, "<change when=\"{}\" status=\"modified\"/>", entry.modified);
        }
        xml.push_str("</revisionDesc>");
        for tag in &entry.tag_refs {
            let _ = write!(xml, "<ref target=\"#{}\">{}</ref>", category_id(tag), escape_xml(&tag.name));
        }
        if !entry.note.is_empty() {
            let _ = write!(xml, "<note>{}</note>", escape_xml(&entry.note));
        }
        xml.push_str("</annotation>\n");
    }
    xml.push_str("</listAnnotation>\n</standOff>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{ExportOrder, fixture};
    use pizhu_annotation::Codebook;
    use quick_xml::{Reader, events::Event};

    /// Pointer, tags, note and author.
    type ReadAnnotation = (String, Vec<String>, String, String);

    /// What a reader of the format finds: the text of each body, and each annotation with the words that its
    /// pointer means, its tags, note and author.
    fn read(xml: &str) -> (String, Vec<ReadAnnotation>) {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().expand_empty_elements = true;
        let (mut body, mut divisions, mut open) = (String::new(), Vec::<(String, usize, usize)>::new(), Vec::new());
        let (mut in_body, mut element, mut pointer) = (false, String::new(), String::new());
        let (mut tags, mut note, mut author, mut found) = (Vec::new(), String::new(), String::new(), Vec::new());
        let attribute = |tag: &quick_xml::events::BytesStart<'_>, name: &str| {
            let attributes = tag.attributes().flatten().find(|attribute| attribute.key.into_inner() == name);
            attributes
                .map(|attribute| attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned())
                .unwrap_or_default()
        };
        let mut push =
            |text: &str, in_body: bool, element: &str, tags: &mut Vec<String>, note: &mut String, author: &mut String| match element {
                _ if in_body => body.push_str(text),
                "ref" => tags.last_mut().unwrap().push_str(text),
                "note" => note.push_str(text),
                "name" => author.push_str(text),
                _ => {}
            };
        loop {
            match reader.read_event().unwrap() {
                Event::Start(tag) => {
                    element = tag.local_name().into_inner().to_owned();
                    match element.as_str() {
                        "body" => in_body = true,
                        "div" => {
                            open.push(divisions.len());
                            divisions.push((attribute(&tag, "xml:id"), 0, 0));
                        }
                        "annotation" => {
                            pointer = attribute(&tag, "target");
                            (tags, note, author) = (Vec::new(), String::new(), String::new());
                        }
                        "ref" => tags.push(String::new()),
                        _ => {}
                    }
                }
                Event::Text(text) => push(&text.xml10_content(), in_body, &element, &mut tags, &mut note, &mut author),
                Event::GeneralRef(name) => {
                    let text = match name.resolve_char_ref() {
                        Ok(Some(c)) => c.to_string(),
                        _ => quick_xml::escape::resolve_predefined_entity(&name.xml10_content()).unwrap().to_owned(),
                    };
                    push(&text, in_body, &element, &mut tags, &mut note, &mut author);
                }
                Event::End(tag) => match tag.local_name().into_inner() {
                    "body" => in_body = false,
                    "annotation" => found.push((pointer.clone(), tags.clone(), note.clone(), author.clone())),
                    "div" => drop(open.pop()),
                    _ => element.clear(),
                },
                Event::Eof => break,
                _ => {}
            }
        }
        (body, found)
    }

    #[test]
    fn positions_lead_to_the_words_that_were_annotated() {
        let collection = fixture::collection(ExportOrder::Position);
        let xml = fixture::export_text(FORMAT, ExportOrder::Position);
        let (body, annotations) = read(&xml);
        assert_eq!(body, fixture::TEXT.replace('\n', ""), "every character of the source, in order");
        let placed = anchored_entries(&collection, 0);
        assert_eq!(annotations.len(), placed.len());
        for (entry, (pointer, tags, note, author)) in placed.into_iter().zip(annotations) {
            assert_eq!(
                (tags, note.as_str(), author.as_str()),
                (entry.tag_refs.iter().map(|tag| tag.name.clone()).collect(), entry.note.as_str(), entry.author.as_str())
            );
            if let Some(range) = pointer.strip_prefix("#string-range(text-1,") {
                let (start, length) = range.trim_end_matches(')').split_once(',').unwrap();
                let words: String = body.chars().skip(start.parse().unwrap()).take(length.parse().unwrap()).collect();
                assert_eq!(words, entry.quote.replace('\n', ""));
            } else {
                assert!(
                    xml.contains(&format!("<div xml:id=\"{}\"><head>二、重点任务</head>", pointer.trim_start_matches('#'))),
                    "{pointer}: {xml}"
                );
            }
        }
    }

    /// Points inside paragraphs, empty sections and what comes after the last section.
    #[test]
    fn every_outline_gives_the_text_in_order() {
        let texts = [
            "",
            "\n\n",
            "没有章节的话。",
            "在青禾县会议上的讲话\n同志们：\n一、提高认识\n（一）抓人才\n要抓紧。一是早部署。二是早行动。\n（二）抓作风\n二、抓好落实\n三、加强领导\n要快 & <稳>。\n【打印本页】 【关闭窗口】\n",
            "# 甲\n## 乙\n# 丙\n丁\n",
        ];
        for text in texts {
            let document = std::sync::Arc::new(pizhu_text::document::parse(
                pizhu_text::text::SourceText::from(text),
                &pizhu_text::document::Hints::default(),
            ));
            let speech = ExportSpeech {
                name: "讲话.txt".into(),
                hash: pizhu_annotation::SpeechHash::from_text(&document.source),
                attributes: crate::attributes::Attributes::default(),
                document: std::sync::Arc::clone(&document),
            };
            let written = TeiText::new(&speech, 1);
            let (body, _) = read(&format!("<body>{}</body>", written.xml));
            assert_eq!(body, text.replace('\n', ""), "{}", written.xml);
            assert!(!written.xml.contains("</div><p>"), "{}", written.xml);
            assert_eq!(written.xml.matches("<div xml:id").count(), document.outline.sections().len());
        }
    }

    #[test]
    fn the_codebook_is_a_taxonomy_with_its_hierarchy() {
        let xml = fixture::export_text(FORMAT, ExportOrder::Position);
        let above = xml.find("<term>人才</term><gloss>定义</gloss>").unwrap();
        let below = xml[above..].find("<term>引才</term>").unwrap();
        assert!(!xml[above..above + below].contains("</category>"), "inside the other");
        assert!(xml.contains("<person xml:id=\"author-1\"><persName>甲&lt;1&gt;</persName></person>"));
        let empty = Collection::new(Codebook::default(), crate::exchange::ExportFilter::default(), ExportOrder::Position);
        let mut bytes = Vec::new();
        write(&empty, ExportOptions::default(), &mut bytes).unwrap();
        assert!(read(&String::from_utf8(bytes).unwrap()).1.is_empty());
    }
}
