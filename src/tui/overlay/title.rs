//! Titles of overlays that name what they are about.

use crate::locale::id;
use crate::tui::overlay::TargetLabel;
use crate::tui::state::State;
use crate::tui::view::RenderContext;

/// The title, followed by what the tags or the note will be attached to.
pub(in crate::tui) fn title_with_target(title: &str, state: &State, ctx: RenderContext<'_>) -> String {
    let about = match state.target_label() {
        None => return title.to_owned(),
        Some(TargetLabel::Section(title)) => ctx.format(id::ABOUT_SECTION, &[("title", title.into())]),
        Some(TargetLabel::Speech(title)) => ctx.format(id::ABOUT_SPEECH, &[("title", title.into())]),
        Some(TargetLabel::Passage(quote)) => ctx.format(id::ABOUT_PASSAGE, &[("quote", quote.into())]),
        Some(TargetLabel::Tag(name)) => ctx.format(id::ABOUT_TAG, &[("name", name.into())]),
        Some(TargetLabel::Several(count)) => ctx.format(id::ABOUT_PLACES, &[("count", count.into())]),
    };
    format!("{title} · {about}")
}
