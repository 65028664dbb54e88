//! Signs and colours of tags and notes, the same in text, outline, margin and lists.

use super::context::RenderContext;
use crate::tui::state::ReaderScreen;
use crate::tui::theme::{SIGN_WITHOUT_COLOR, StyleRole};
use pizhu_annotation::{Codebook, TagId, TagRef};
use pizhu_terminal::paint;
use ratatui::style::Style;

/// The sign of a note.
pub(in crate::tui) const NOTE_SIGN: &str = "✎";

/// The colour number of the first tag that has a colour.
pub(in crate::tui) fn first_tag_color(reader: &ReaderScreen, tags: &[TagRef]) -> Option<usize> {
    tags.iter().find_map(|tag| reader.annotations.codebook().color_number(tag.id))
}

/// The sign of a tag of the open speech and its style; see [`sign_in`].
pub(in crate::tui) fn tag_sign(reader: &ReaderScreen, tag: &TagRef, ctx: RenderContext<'_>) -> (String, Style) {
    sign_in(reader.annotations.codebook(), tag.id, ctx)
}

/// The sign of a tag and its style: its own sign if that is one cell wide, else that of its colour; tags
/// without a colour share one.
pub(in crate::tui) fn sign_in(book: &Codebook, id: TagId, ctx: RenderContext<'_>) -> (String, Style) {
    let own = book.get(id).map(|tag| tag.sign.as_str()).filter(|sign| paint::width(sign, ctx.styles.ambiguous) == 1);
    let (sign, style) = match book.color_number(id) {
        Some(color) => {
            let style = ctx.styles.theme.tag(color);
            (style.sign.to_string(), style.label)
        }
        None => (SIGN_WITHOUT_COLOR.to_owned(), ctx.styles.style(StyleRole::Badge)),
    };
    (own.map_or(sign, str::to_owned), style)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::{TAG_COLORS, Theme};

    /// Without colours on the terminal, a tag that has none must not look like one that has the first.
    #[test]
    fn a_tag_without_a_colour_has_a_sign_of_its_own() {
        let theme = Theme::plain();
        assert!((1..=TAG_COLORS).all(|color| theme.tag(color).sign.to_string() != SIGN_WITHOUT_COLOR));
    }
}
