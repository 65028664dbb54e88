//! HTML: one self-contained page with each speech, its highlights, outline and notes; styled for
//! light and dark screens and for print. No scripts, no external links.

use super::{
    collection::Collection,
    export_entry::ExportEntry,
    format::{ExportOptions, Format},
    markup::{AnnotatedRun, anchored_entries, annotated_runs, escape_xml, title},
};
use pizhu_annotation::TagId;
use pizhu_text::document::DamagedHeading;
use pizhu_text::document::Document;
use pizhu_text::document::ParagraphKind;
use std::{
    collections::HashMap,
    fmt::Write as _,
    io::{self, Write},
};

/// HTML page.
pub(super) const FORMAT: Format = Format {
    name: "html",
    extension: "html",
    media: "text/html",
    doc: "a page with the speeches, their marks, outline and notes, for reading and printing",
    write,
    read: None,
};

const STYLE: &str = include_str!("page.css");

/// Hues in degrees, assigned to the tags in turn.
const HUES: [u16; 12] = [45, 210, 130, 0, 280, 175, 25, 240, 90, 320, 190, 60];

fn write(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let hues: HashMap<TagId, u16> = collection.codebook().tree().iter().map(|(_, tag)| tag.id).zip(HUES.into_iter().cycle()).collect();
    let first = collection.speeches().first().map(title).unwrap_or_default();
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"zh\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        escape_xml(&first)
    )?;
    for (author, memo) in collection.memos() {
        let lines: Vec<String> = memo.trim().lines().map(escape_xml).collect();
        let by = if author.is_empty() { String::new() } else { format!(" <small>{}</small>", escape_xml(author)) };
        writeln!(out, "<aside class=\"of-all\">{}{by}</aside>", lines.join("<br>"))?;
    }
    for (index, _) in collection.speeches().iter().enumerate() {
        out.write_all(speech(collection, index, &hues).as_bytes())?;
    }
    out.write_all(b"</body>\n</html>\n")
}

fn speech(collection: &Collection, index: usize, hues: &HashMap<TagId, u16>) -> String {
    let speech = &collection.speeches()[index];
    let document = &speech.document;
    let entries = anchored_entries(collection, index);
    let mut html = String::from("<article>\n");
    let _ =
        writeln!(html, "<header><h1>{}</h1><p>{}</p></header>", escape_xml(&title(speech)), escape_xml(&byline(document, &speech.name)));
    push_outline(index, document, &mut html);
    html.push_str("<div class=\"text\">\n");
    let mut next = 0;
    for paragraph in document.paragraphs.iter() {
        let (open, close) = match paragraph.kind {
            ParagraphKind::Title => ("<p class=\"title\">".to_owned(), "</p>"),
            ParagraphKind::Heading(id) => {
                let depth = document.outline.get(id).map_or(0, |section| section.depth);
                (format!("<p class=\"head d{}\" id=\"s{index}-{id}\">", depth.min(3)), "</p>")
            }
            ParagraphKind::Subheading => ("<p class=\"head d3\">".to_owned(), "</p>"),
            ParagraphKind::Metadata | ParagraphKind::Boilerplate | ParagraphKind::EndMatter => ("<p class=\"apart\">".to_owned(), "</p>"),
            ParagraphKind::Verbatim => ("<pre>".to_owned(), "</pre>"),
            _ => ("<p>".to_owned(), "</p>"),
        };
        html.push_str(&open);
        for run in annotated_runs(paragraph.span, &entries) {
            push_run(document, &run, hues, &mut html);
        }
        html.push_str(close);
        html.push('\n');
        // Notes follow the paragraph where their passage begins.
        while let Some(entry) = entries.get(next).filter(|entry| entry.start.is_some_and(|start| start < paragraph.span.end)) {
            push_note(entry, hues, &mut html);
            next += 1;
        }
    }
    for entry in
        entries.iter().skip(next).copied().chain(collection.entries().iter().filter(|entry| entry.speech == index && !entry.is_placed()))
    {
        if !entry.is_placed() {
            let _ = writeln!(html, "<blockquote>{}</blockquote>", escape_xml(&entry.quote));
        }
        push_note(entry, hues, &mut html);
    }
    html.push_str("</div>\n</article>\n");
    html
}

fn byline(document: &Document, name: &str) -> String {
    let date = document.metadata.date.as_deref().unwrap_or_default();
    [date, name].into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn push_outline(index: usize, document: &Document, html: &mut String) {
    if document.outline.sections().is_empty() {
        return;
    }
    html.push_str("<nav><ul>\n");
    let mut open = 0;
    for (id, section) in document.outline.iter() {
        while open < section.depth {
            html.push_str("<ul>");
            open += 1;
        }
        while open > section.depth {
            html.push_str("</ul>");
            open -= 1;
        }
        let _ = writeln!(
            html,
            "<li><a href=\"#s{index}-{id}\">{} {}</a></li>",
            escape_xml(section.marker_text),
            escape_xml(section.display_title())
        );
    }
    html.push_str(&"</ul>".repeat(usize::from(open) + 1));
    html.push_str("</nav>\n");
}

fn hue(entry: &ExportEntry, hues: &HashMap<TagId, u16>) -> u16 {
    entry.tag_refs.first().and_then(|tag| hues.get(&tag.id).copied()).unwrap_or(HUES[0])
}

fn push_run(document: &Document, run: &AnnotatedRun<'_>, hues: &HashMap<TagId, u16>, html: &mut String) {
    let text = escape_xml(&document.quotation(run.span, DamagedHeading::RestoredWithSource)).replace("&#10;", "\n").replace("&#9;", "\t");
    let id = |html: &mut String| {
        // Run-in headings need an anchor of their own.
        for entry in run.entries.iter().filter(|entry| entry.start == Some(run.span.start)) {
            let _ = write!(html, "<a id=\"a{}\"></a>", entry.id);
        }
    };
    id(html);
    // Only passages are highlighted; annotations on sections show in their notes.
    let marks: Vec<&&ExportEntry> = run.entries.iter().filter(|entry| entry.scope == pizhu_annotation::Scope::Passage).collect();
    match marks.last() {
        None => html.push_str(&text),
        Some(entry) => {
            let tags: Vec<&str> = marks.iter().flat_map(|entry| &entry.tags).map(String::as_str).collect();
            let deep = if marks.len() > 1 { " class=\"deep\"" } else { "" };
            let _ =
                write!(html, "<mark{deep} style=\"--hue:{}\" title=\"{}\">{text}</mark>", hue(entry, hues), escape_xml(&tags.join(" · ")));
        }
    }
}

fn push_note(entry: &ExportEntry, hues: &HashMap<TagId, u16>, html: &mut String) {
    let _ = write!(html, "<aside style=\"--hue:{}\">", hue(entry, hues));
    let place = entry.section.as_deref().unwrap_or_default().join("/");
    if entry.scope == pizhu_annotation::Scope::Section {
        let _ = write!(html, "<span class=\"place\">§ {}</span> ", escape_xml(&place));
    }
    for tag in &entry.tag_refs {
        let _ = write!(
            html,
            "<span class=\"tag\" style=\"--hue:{}\">{}</span> ",
            hues.get(&tag.id).copied().unwrap_or(HUES[0]),
            escape_xml(&tag.name)
        );
    }
    if !entry.note.is_empty() {
        let _ = write!(html, "<span class=\"note\">{}</span> ", escape_xml(&entry.note).replace("&#10;", "<br>"));
    }
    let _ = writeln!(
        html,
        "<a href=\"#a{}\">¶</a> <small>{} {}</small></aside>",
        entry.id,
        escape_xml(&entry.author),
        entry.modified.strftime("%Y-%m-%d")
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::ExportOrder;
    use crate::exchange::fixture;

    #[test]
    fn page_is_self_contained_and_shows_highlights() {
        let page = fixture::export_text(FORMAT, ExportOrder::Position);
        assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<title>在𠮷镇会议上的讲话</title>"));
        for outside in ["src=", "http:", "https:", "<script", "@import", "url("] {
            assert!(!page.contains(outside), "{outside} would need something beside the page");
        }
        assert!(page.contains("prefers-color-scheme: dark") && page.contains("@media print"));
        // Every highlight is linked from its note, every section from the outline.
        for number in [1, 2, 3] {
            let id = uuid::Uuid::from_u128(number);
            assert_eq!(
                (page.matches(&format!("id=\"a{id}\"")).count(), page.matches(&format!("href=\"#a{id}\"")).count()),
                (1, 1),
                "{number}"
            );
        }
        assert!(page.contains("<a href=\"#s0-0\">一、 总体&lt;要求&gt;</a>") && page.contains("id=\"s0-0\""));
        // The inner highlight is nested in the outer one.
        assert!(page.contains("<mark class=\"deep\"") && page.contains("title=\"=散 · 引才\""));
        assert!(page.contains("=1+1<br>第二行 &amp; &lt;b&gt;") && page.contains("<blockquote>已不在文中的话</blockquote>"));
        assert!(!page.contains("<b>") && !page.contains("甲<1>"));
    }
}
