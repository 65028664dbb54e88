//! Signs and colours of tags and notes, the same in text, outline, margin and lists.

use super::context::RenderContext;
use crate::tui::state::ReaderScreen;
use crate::tui::theme::StyleRole;
use pizhu_annotation::{TagId, TagRef};
use ratatui::style::Style;

/// The sign of a note.
pub(super) const NOTE_SIGN: &str = "✎";

/// The colour number of the first tag that has a colour.
pub(super) fn first_tag_color(reader: &ReaderScreen, tags: &[TagRef]) -> Option<usize> {
    tags.iter().find_map(|tag| tag_color(reader, tag.id))
}

/// The colour number of a tag, inherited from its ancestors.
fn tag_color(reader: &ReaderScreen, tag: TagId) -> Option<usize> {
    let book = reader.annotations.codebook();
    let mut at = book.get(tag);
    for _ in 0..8 {
        let here = at?;
        if let Some(number) = here.colour.strip_prefix("tag").and_then(|number| number.parse().ok()) {
            return Some(number);
        }
        at = here.parent.as_ref().and_then(|parent| book.get(parent.id));
    }
    None
}

/// The sign of a tag and its style; tags without a colour share one sign.
pub(super) fn tag_sign(reader: &ReaderScreen, tag: &TagRef, ctx: RenderContext<'_>) -> (String, Style) {
    match tag_color(reader, tag.id) {
        Some(colour) => {
            let style = ctx.styles.theme.tag(colour);
            (style.sign.to_string(), style.label)
        }
        None => ("▪".to_owned(), ctx.styles.style(StyleRole::Badge)),
    }
}
