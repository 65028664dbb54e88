//! DOCX, in two formats: quotations under headings by tag or speech, and speeches with comments on
//! the passages. The parts follow ECMA-376 part 1; headings have heading styles, so that Word shows
//! an outline.

pub(crate) mod parts;

use super::{
    collection::{Collection, ExportOrder},
    export_entry::ExportEntry,
    format::{ExportOptions, Format},
    markup::{anchored_entries, annotated_runs, escape_xml, heading, quotation, title},
};
use parts::{DocxPackage, paragraph, run};
use pizhu_text::document::DamagedHeading;
use pizhu_text::document::Document;
use pizhu_text::document::ParagraphKind;
use pizhu_text::text::Span;
use std::{
    fmt::Write as _,
    io::{self, Write},
};

const MEDIA: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Quotations with notes.
pub(super) const QUOTES: Format = Format {
    name: "docx",
    extension: "docx",
    media: MEDIA,
    doc: "quotations with notes under headings by tag, for Word and WPS",
    write: write_quotes,
    read: None,
};

/// Speeches with comments.
pub(super) const COMMENTS: Format = Format {
    name: "docx-comments",
    extension: "comments.docx",
    media: MEDIA,
    doc: "the speeches with a comment at each passage, for Word and WPS",
    write: write_comments,
    read: None,
};

fn write_quotes(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut body = String::new();
    let mut under = None;
    for (tag, entry) in collection.ordered() {
        let head = match collection.order() {
            ExportOrder::Tag => tag.map_or_else(|| "—".to_owned(), |tag| collection.codebook().path_of(tag)),
            ExportOrder::Position => title(collection.speech(entry)),
        };
        if under.as_ref() != Some(&head) {
            body.push_str(&paragraph("Heading1", &run(&head)));
            under = Some(head);
        }
        push_quote(collection, entry, &mut body);
    }
    DocxPackage { body, ..DocxPackage::default() }.write(out)
}

fn push_quote(collection: &Collection, entry: &ExportEntry, body: &mut String) {
    for line in quotation(collection, entry).lines().map(str::trim).filter(|line| !line.is_empty()) {
        body.push_str(&paragraph("Quote", &run(line)));
    }
    for line in entry.note.lines() {
        body.push_str(&paragraph("", &run(line)));
    }
    let speech = collection.speech(entry);
    let source = format!("《{}》", title(speech));
    let date = speech.document.metadata.date.as_deref().unwrap_or_default();
    let tags: String = entry.tags.iter().flat_map(|tag| ["〔", tag, "〕"]).collect();
    let facts = [source.as_str(), date, &heading(collection, entry), &tags, &entry.author];
    let facts: Vec<&str> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    body.push_str(&paragraph("Source", &run(&format!("— {}", facts.join(" · ")))));
}

fn write_comments(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut package = DocxPackage::default();
    let mut number = 0;
    for (index, speech) in collection.speeches().iter().enumerate() {
        let entries = anchored_entries(collection, index);
        let numbered: Vec<(usize, &ExportEntry)> = (number..).zip(entries.iter().copied()).collect();
        number += numbered.len();
        for (id, entry) in &numbered {
            push_comment(*id, entry, &mut package.comments);
        }
        push_speech(&speech.document, &numbered, &entries, &mut package.body);
    }
    package.write(out)
}

fn push_comment(id: usize, entry: &ExportEntry, comments: &mut String) {
    let initials: String = entry.author.chars().take(2).collect();
    let _ = write!(
        comments,
        "<w:comment w:id=\"{id}\" w:author=\"{}\" w:initials=\"{}\" w:date=\"{}\">",
        escape_xml(&entry.author),
        escape_xml(&initials),
        entry.modified.strftime("%Y-%m-%dT%H:%M:%SZ")
    );
    let tags: String = entry.tags.iter().flat_map(|tag| ["〔", tag, "〕"]).collect();
    for line in std::iter::once(tags.as_str()).chain(entry.note.lines()).filter(|line| !line.is_empty()) {
        comments.push_str(&paragraph("", &run(line)));
    }
    comments.push_str("</w:comment>");
}

fn push_speech(document: &Document, numbered: &[(usize, &ExportEntry)], entries: &[&ExportEntry], body: &mut String) {
    let mut begun = vec![false; numbered.len()];
    let mut ended = vec![false; numbered.len()];
    let last = document.paragraphs.len().saturating_sub(1);
    for (index, logical) in document.paragraphs.iter().enumerate() {
        let style = match logical.kind {
            ParagraphKind::Title => "Title".to_owned(),
            ParagraphKind::Heading(id)
                if document.outline.get(id).is_some_and(|section| section.heading.len() + 1 >= logical.span.len()) =>
            {
                format!("Heading{}", document.outline.get(id).map_or(1, |section| section.depth.min(8) + 1))
            }
            _ => String::new(),
        };
        let mut runs = String::new();
        for text_run in annotated_runs(logical.span, entries) {
            // A passage that starts between paragraphs starts with the next one.
            for ((id, entry), begun) in numbered.iter().zip(&mut begun) {
                if !*begun && entry.start.is_some_and(|start| start <= text_run.span.start) {
                    *begun = true;
                    let _ = write!(runs, "<w:commentRangeStart w:id=\"{id}\"/>");
                }
            }
            runs.push_str(&run(&document.quotation(text_run.span, DamagedHeading::RestoredWithSource)));
            close_ranges(numbered, &begun, &mut ended, text_run.span, index == last && text_run.span.end == logical.span.end, &mut runs);
        }
        body.push_str(&paragraph(&style, &runs));
    }
}

/// Ends the comment ranges whose passage ends in `span`; at the end of the text, all open ones.
fn close_ranges(numbered: &[(usize, &ExportEntry)], begun: &[bool], ended: &mut [bool], span: Span, is_last: bool, runs: &mut String) {
    for (((id, entry), begun), ended) in numbered.iter().zip(begun).zip(ended) {
        if *begun && !*ended && (is_last || entry.end.is_some_and(|end| end <= span.end)) {
            *ended = true;
            let _ = write!(runs, "<w:commentRangeEnd w:id=\"{id}\"/><w:r><w:commentReference w:id=\"{id}\"/></w:r>");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::fixture;

    #[test]
    fn quotations_are_grouped_under_tag_headings() {
        let document = fixture::zip_entry(&fixture::export_bytes(QUOTES, ExportOrder::Tag), "word/document.xml");
        let headings: Vec<&str> = document
            .split("<w:pStyle w:val=\"Heading1\"/></w:pPr><w:r><w:t xml:space=\"preserve\">")
            .skip(1)
            .filter_map(|rest| rest.split('<').next())
            .collect();
        assert_eq!(headings, ["人才", "人才/引才", "=散", "—"]);
        assert!(document.contains("要抓实&amp;抓细，") && document.contains("第二行 &amp; &lt;b&gt;") && !document.contains("甲<1>"));
        assert!(
            fixture::zip_entry(&fixture::export_bytes(QUOTES, ExportOrder::Tag), "word/styles.xml")
                .contains("<w:name w:val=\"heading 1\"/>")
        );
    }

    #[test]
    fn each_anchored_annotation_is_one_comment() {
        let bytes = fixture::export_bytes(COMMENTS, ExportOrder::Position);
        let (document, comments) = (fixture::zip_entry(&bytes, "word/document.xml"), fixture::zip_entry(&bytes, "word/comments.xml"));
        for id in 0..3 {
            for element in ["commentRangeStart", "commentRangeEnd", "commentReference"] {
                assert_eq!(document.matches(&format!("<w:{element} w:id=\"{id}\"/>")).count(), 1, "{element} {id}");
            }
            let (start, end) = (format!("<w:commentRangeStart w:id=\"{id}\"/>"), format!("<w:commentRangeEnd w:id=\"{id}\"/>"));
            assert!(document.find(&start) < document.find(&end));
        }
        assert_eq!(comments.matches("<w:comment ").count(), 3);
        assert!(
            comments.contains("w:author=\"甲&lt;1&gt;\"")
                && comments.contains("〔=散〕〔引才〕")
                && comments.contains("2024-01-02T03:04:05Z")
        );
    }
}
