//! A collection for tests of the formats: an invented speech with cases that are hard to export.

use super::{
    collection::{Collection, ExportFilter, ExportOrder},
    format::{ExportOptions, Format},
};
use pizhu_annotation::AnchorIndex;
use pizhu_annotation::Annotation;
use pizhu_annotation::Codebook;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::Tag;
use pizhu_annotation::{TagId, TagRef};
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::parse;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use std::{
    io::{Cursor, Read as _},
    sync::Arc,
};
use zip::ZipArchive;

/// Text of the speech.
pub(super) const TEXT: &str = "在𠮷镇会议上的讲话\n一、总体<要求>\n要抓实&抓细，\n务求实效。\n二、重点任务\n要抓好。\n";

/// Annotations: a passage over two lines with a note full of markup, a passage inside it, a section,
/// and an orphan.
pub(crate) fn collection(order: ExportOrder) -> Collection {
    let document: Arc<Document> = Arc::new(parse(SourceText::from(TEXT), &Hints::default()));
    let section = document.outline.iter().nth(1).map(|(id, _)| id).unwrap();
    let passage = |start, end| Selector::for_passage(&document, Span::new(start, end)).unwrap();
    let gone = Selector { quote: "已不在文中的话".into(), ..Selector::default() };
    let made = |number: u128, scope, selector, tags: &[&str], note: &str| {
        let time = "2024-01-02T03:04:05Z".parse().unwrap();
        let tags = tags.iter().map(|tag| TagRef::derived(tag)).collect();
        let id = uuid::Uuid::from_u128(number).into();
        Arc::new(Annotation { id, scope, selector, tags, note: note.into(), author: "甲<1>".into(), created: time, modified: time })
    };
    let annotations = [
        made(1, Scope::Passage, passage(19, 31), &["引才", "=散"], "=1+1\n第二行 & <b>"),
        made(2, Scope::Passage, passage(20, 22), &[], "里层"),
        made(3, Scope::Section, Selector::for_section(&document, section).unwrap(), &["人才"], ""),
        made(4, Scope::Passage, gone, &["人才"], ""),
    ];
    let mut book = Codebook::default();
    book.add(Tag { definition: "定义".into(), colour: "#aa3300".into(), ..Tag::with_id(TagId::from_name("人才"), "人才") }).unwrap();
    book.add(Tag { parent: Some(TagRef::derived("人才")), ..Tag::with_id(TagId::from_name("引才"), "引才") }).unwrap();
    let placements = AnchorIndex::new(&document, annotations);
    let mut collection = Collection::new(book, ExportFilter::default(), order);
    collection.add("讲 话.txt", &document, &placements);
    collection
}

/// Exports the collection.
pub(super) fn export_bytes(format: Format, order: ExportOrder) -> Vec<u8> {
    let mut bytes = Vec::new();
    (format.write)(&collection(order), ExportOptions::default(), &mut bytes).unwrap();
    bytes
}

/// Exports the collection in a text format.
pub(super) fn export_text(format: Format, order: ExportOrder) -> String {
    String::from_utf8(export_bytes(format, order)).unwrap()
}

/// Content of an entry of a ZIP archive.
pub(crate) fn zip_entry(archive: &[u8], name: &str) -> String {
    let mut text = String::new();
    ZipArchive::new(Cursor::new(archive)).unwrap().by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}
