//! Shared by the XML and HTML formats: escaping, and splitting paragraphs at annotation boundaries.

use super::{
    collection::{Collection, ExportSpeech},
    export_entry::ExportEntry,
};
use pizhu_text::document::DamagedHeading;
use pizhu_text::text::Span;
use std::fmt::Write as _;

/// Escapes text for an element or a double-quoted attribute. Characters that XML forbids become
/// U+FFFD; tabs and line breaks become character references, which attributes preserve.
pub(crate) fn escape_xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// A run of text with the annotations that cover it.
pub(super) struct AnnotatedRun<'a> {
    pub span: Span,
    pub entries: Vec<&'a ExportEntry>,
}

/// Splits `span` at the boundaries of `entries`, the annotations of the speech.
pub(super) fn annotated_runs<'a>(span: Span, entries: &[&'a ExportEntry]) -> Vec<AnnotatedRun<'a>> {
    let here: Vec<(&ExportEntry, Span)> = entries.iter().filter_map(|entry| Some((*entry, entry.span()?.intersection(span)?))).collect();
    let mut cuts: Vec<usize> = here.iter().flat_map(|(_, part)| [part.start, part.end]).chain([span.start, span.end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let run = |pair: &[usize]| {
        let span = Span::new(pair[0], pair[1]);
        AnnotatedRun { span, entries: here.iter().filter(|(_, part)| part.covers(span)).map(|(entry, _)| *entry).collect() }
    };
    cuts.windows(2).map(run).collect()
}

/// The anchored annotations of a speech, by position.
pub(super) fn anchored_entries(collection: &Collection, speech: usize) -> Vec<&ExportEntry> {
    collection.entries().iter().filter(|entry| entry.speech == speech && entry.is_placed()).collect()
}

/// Title of a speech, or its file name if it has none.
pub(super) fn title(speech: &ExportSpeech) -> String {
    let name = || speech.name.rsplit('/').next().unwrap_or(&speech.name).to_owned();
    speech.document.metadata.title.as_deref().map_or_else(name, str::to_owned)
}

/// Path and title of the section of an annotation; empty outside sections.
pub(super) fn heading(collection: &Collection, entry: &ExportEntry) -> String {
    let outline = &collection.speech(entry).document.outline;
    let Some(id) = entry.start.and_then(|start| outline.section_at(start)) else { return String::new() };
    outline.get(id).map_or_else(String::new, |section| format!("{} {}", outline.path_text(id), section.display_title()).trim().to_owned())
}

/// The quotation of an annotation for readers: as [`ExportEntry::text`], with the source of damaged
/// headings in brackets.
pub(super) fn quotation(collection: &Collection, entry: &ExportEntry) -> String {
    let document = &collection.speech(entry).document;
    entry.span().map_or_else(|| entry.text.clone(), |span| document.quotation(span, DamagedHeading::RestoredWithSource))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{ExportFilter, ExportOptions, ExportOrder, Format, fixture};
    use pizhu_annotation::{AnchorIndex, Annotation, Codebook, Scope, Selector};
    use pizhu_text::document::{Hints, parse};
    use pizhu_text::text::SourceText;
    use std::sync::Arc;

    #[test]
    fn xml_is_escaped() {
        assert_eq!(escape_xml("<a b=\"c\">&\n\u{1}"), "&lt;a b=&quot;c&quot;&gt;&amp;&#10;\u{FFFD}");
    }

    /// Damaged headings were quoted as they stand, and the last section with the page's footer.
    #[test]
    fn every_format_quotes_restored_headings_and_no_footer() {
        let text = "在青禾县会议上的讲话\n一、总体要求\n1.基础得到进一步夯实\n要稳。\n2贝葱履芰Φ玫浇一步提升\n要实。\n3.作风得到进一步转变\n要严。\n二、保障措施\n要快。\n【打印本页】 【关闭窗口】\n";
        let document = Arc::new(parse(SourceText::from(text), &Hints::default()));
        let restored = document.outline.sections().iter().find_map(|section| section.repaired_title).unwrap().to_owned();
        let mut annotations = Vec::new();
        for (id, section) in document.outline.iter() {
            if section.repaired_title.is_some() || section.marker_text == "二、" {
                let selector = Selector::for_section(&document, id).unwrap();
                let mut annotation = Annotation::new(Scope::Section, selector, "甲");
                annotation.note = "记".into();
                annotations.push(Arc::new(annotation));
            }
        }
        let mut collection = Collection::new(Codebook::default(), ExportFilter::default(), ExportOrder::Position);
        collection.add("讲话.txt", &document, &AnchorIndex::new(&document, annotations));
        let [first, last] = collection.entries() else { panic!("{:?}", collection.entries()) };
        assert!(first.quote.contains("贝葱") && !first.text.contains("贝葱") && first.text.contains(&restored));
        // The quote is the source, to the last character; the text is what one quotes.
        assert!(last.quote.contains("打印本页") && last.text == "二、保障措施\n要快。", "{last:?}");
        let beside = format!("{restored}［原文：贝葱履芰Φ玫浇一步提升］");
        for (name, footer) in [("markdown", false), ("docx", false), ("docx-comments", true), ("html", true)] {
            let mut bytes = Vec::new();
            (Format::find(name).unwrap().write)(&collection, ExportOptions::default(), &mut bytes).unwrap();
            let text =
                if name.starts_with("docx") { fixture::zip_entry(&bytes, "word/document.xml") } else { String::from_utf8(bytes).unwrap() };
            assert!(text.contains(&beside), "{name}: {text}");
            // Formats that hold the whole speech hold its footer too.
            assert_eq!(text.contains("打印本页"), footer, "{name}");
        }
    }
}
