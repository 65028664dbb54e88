//! Shared by the XML and HTML formats: escaping, and splitting paragraphs at annotation boundaries.

use super::{
    collection::{Collection, ExportSpeech},
    export_entry::ExportEntry,
};
use pizhu_text::text::Span;
use std::fmt::Write as _;

/// Escapes text for an element or a double-quoted attribute. Characters that XML forbids become
/// U+FFFD; tabs and line breaks become character references, which attributes preserve.
pub(super) fn escape_xml(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_is_escaped() {
        assert_eq!(escape_xml("<a b=\"c\">&\n\u{1}"), "&lt;a b=&quot;c&quot;&gt;&amp;&#10;\u{FFFD}");
    }
}
