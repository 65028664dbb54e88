//! Signs and colours of tags and notes, the same in text, outline, margin and lists.

use super::context::RenderContext;
use crate::tui::state::ReaderScreen;
use crate::tui::theme::StyleRole;
use ratatui::style::Style;
use std::collections::BTreeSet;

/// The sign of a note.
pub(super) const NOTE_SIGN: &str = "✎";

/// The colour number of the first tag that has a colour.
pub(super) fn first_tag_color(reader: &ReaderScreen, tags: &BTreeSet<String>) -> Option<usize> {
    tags.iter().find_map(|tag| tag_color(reader, tag))
}

/// The colour number of a tag, inherited from its ancestors.
fn tag_color(reader: &ReaderScreen, tag: &str) -> Option<usize> {
    let book = reader.annotations.codebook();
    let mut at = book.get(tag);
    for _ in 0..8 {
        let here = at?;
        if let Some(number) = here.colour.strip_prefix("tag").and_then(|number| number.parse().ok()) {
            return Some(number);
        }
        at = here.parent.as_deref().and_then(|parent| book.get(parent));
    }
    None
}

/// The sign of a tag and its style; tags without a colour share one sign.
pub(super) fn tag_sign(reader: &ReaderScreen, tag: &str, ctx: RenderContext<'_>) -> (String, Style) {
    match tag_color(reader, tag) {
        Some(colour) => {
            let style = ctx.styles.theme.tag(colour);
            (style.sign.to_string(), style.label)
        }
        None => ("▪".to_owned(), ctx.styles.style(StyleRole::Badge)),
    }
}
