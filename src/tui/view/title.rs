//! Titles of overlays that name what they are about.

use super::context::RenderContext;
use crate::tui::state::{State, TargetLabel};

/// The title, followed by what the tags or the note will be attached to.
pub(super) fn title_with_target(title: &str, state: &State, ctx: RenderContext<'_>) -> String {
    let about = match state.target_label() {
        None => return title.to_owned(),
        Some(TargetLabel::Section(title)) => ctx.format("about-section", &[("title", title.into())]),
        Some(TargetLabel::Speech(title)) => ctx.format("about-speech", &[("title", title.into())]),
        Some(TargetLabel::Passage(quote)) => ctx.format("about-passage", &[("quote", quote.into())]),
        Some(TargetLabel::Tag(name)) => ctx.format("about-tag", &[("name", name.into())]),
        Some(TargetLabel::Several(count)) => ctx.format("about-places", &[("count", count.into())]),
    };
    format!("{title} · {about}")
}
