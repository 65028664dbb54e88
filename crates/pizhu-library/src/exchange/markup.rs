//! What XML and HTML share: text that cannot become markup, and paragraphs cut where annotations
//! begin and end.

use super::{Collected, Collection, Entry};
use pizhu_text::text::Span;
use std::fmt::Write as _;

/// `text` for an element or an attribute in double quotes. Characters that XML cannot hold become
/// U+FFFD; line breaks survive in attributes too.
pub(super) fn escaped(text: &str) -> String {
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

/// A piece of a paragraph, and the annotations that lie on all of it.
pub(super) struct Piece<'a> {
    pub span: Span,
    pub entries: Vec<&'a Entry>,
}

/// `span` cut where annotations begin and end. `entries` are those of the speech.
pub(super) fn pieces<'a>(span: Span, entries: &[&'a Entry]) -> Vec<Piece<'a>> {
    let here: Vec<(&Entry, Span)> = entries.iter().filter_map(|entry| Some((*entry, entry.span()?.intersection(span)?))).collect();
    let mut cuts: Vec<usize> = here.iter().flat_map(|(_, part)| [part.start, part.end]).chain([span.start, span.end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let piece = |pair: &[usize]| {
        let span = Span::new(pair[0], pair[1]);
        Piece { span, entries: here.iter().filter(|(_, part)| part.covers(span)).map(|(entry, _)| *entry).collect() }
    };
    cuts.windows(2).map(piece).collect()
}

/// The annotations of one speech that have a place, by place.
pub(super) fn entries_of(collection: &Collection, speech: usize) -> Vec<&Entry> {
    collection.entries().iter().filter(|entry| entry.speech == speech && entry.is_placed()).collect()
}

/// What a speech is called: its title, else its file's name.
pub(super) fn title(speech: &Collected) -> String {
    let name = || speech.name.rsplit('/').next().unwrap_or(&speech.name).to_owned();
    speech.document.metadata.title.as_deref().map_or_else(name, str::to_owned)
}

/// The section of an annotation with its title; empty outside sections.
pub(super) fn heading(collection: &Collection, entry: &Entry) -> String {
    let outline = &collection.speech(entry).document.outline;
    let Some(id) = entry.start.and_then(|start| outline.at(start)) else { return String::new() };
    outline.get(id).map_or_else(String::new, |section| format!("{} {}", outline.path_text(id), section.shown_title()).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(escaped("<a b=\"c\">&\n\u{1}"), "&lt;a b=&quot;c&quot;&gt;&amp;&#10;\u{FFFD}");
    }
}
