//! Commands that mend the outline by hand.

use super::definition::{Command, Invocation};
use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::Context;
use crate::tui::message::StatusMessage;
use crate::tui::state::Focus;
use crate::tui::state::ReaderScreen;
use pizhu_annotation::{OutlineChange, OutlineRequest};
use pizhu_text::document::Section;
use pizhu_text::text::Span;

const BOTH: &[Context] = &[Context::Reader, Context::Outline];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("section-promote", BOTH, &["O<lt>", "O<Left>"], |cx| change(cx, OutlineChange::Promote)),
    Command::new("section-demote", BOTH, &["O>", "O<Right>"], |cx| change(cx, OutlineChange::Demote)),
    Command::new("section-none", BOTH, &["Ox"], |cx| change(cx, OutlineChange::NoHeading)),
    Command::new("section-heading", BOTH, &["Oo"], heading),
    Command::new("section-title", BOTH, &["Ot"], |cx| change(cx, OutlineChange::Title)),
    Command::new("section-reset", BOTH, &["Or"], reset),
];

/// Changes the heading at the cursor or selected in the outline, or the words that are selected.
fn change(cx: &mut Invocation<'_>, change: OutlineChange) {
    let place = cx.state.reader.as_ref().and_then(|reader| match change {
        OutlineChange::Promote | OutlineChange::Demote => reader.heading_here(true),
        OutlineChange::NoHeading => reader.heading_here(false).or_else(|| reader.title_here()),
        OutlineChange::Heading(_) | OutlineChange::Title => reader.words_here(false),
    });
    request(cx, place.map(|at| OutlineRequest::Change { at, change }));
}

/// Makes the words a heading, of the level given by the count.
fn heading(cx: &mut Invocation<'_>) {
    let count = cx.count.map(|count| u8::try_from(count).unwrap_or(u8::MAX));
    let place = cx.state.reader.as_ref().and_then(|reader| {
        let at = reader.words_here(true)?;
        let level = count.unwrap_or_else(|| reader.document().likely_level(at));
        Some(OutlineRequest::Change { at, change: OutlineChange::Heading(level) })
    });
    request(cx, place);
}

/// Takes back what was mended at the cursor.
fn reset(cx: &mut Invocation<'_>) {
    let place = cx.state.reader.as_ref().and_then(|reader| reader.heading_here(false).or_else(|| reader.words_here(false)));
    request(cx, place.map(|at| OutlineRequest::Reset(Some(at))));
}

fn request(cx: &mut Invocation<'_>, request: Option<OutlineRequest>) {
    match request {
        Some(_) if cx.state.reader.as_ref().is_some_and(|reader| !reader.document().is_final) => {
            cx.set_status(StatusMessage::hint(notice::STILL_READING));
        }
        Some(request) => {
            cx.effects.push(Effect::MendOutline(request));
            cx.state.drop_selection();
        }
        None => cx.set_status(StatusMessage::hint(notice::NO_HEADING_HERE)),
    }
}

impl ReaderScreen {
    /// The heading that is selected in the outline, or at the cursor; if `enclosing`, else that of the
    /// section that the cursor is in.
    fn heading_here(&self, enclosing: bool) -> Option<Span> {
        let outline = &self.document().outline;
        if self.focus == Focus::Outline {
            return Some(outline.get(self.outline.selected()?)?.heading);
        }
        let cursor = self.viewport.cursor();
        let place = self.selected().unwrap_or(Span::new(cursor, cursor + 1));
        // A heading in the words selected, or the one that the cursor is in or right behind.
        let sections = outline.sections();
        let from = sections.lower_bound(place.start + 1).saturating_sub(1);
        let is_here = |section: &Section<'_>| Span::new(section.heading.start, section.heading.end + 1).overlaps(place);
        let here = sections.range(from..sections.lower_bound(place.end)).find(is_here);
        let around = || enclosing.then(|| outline.section_at(place.start)).flatten().and_then(|id| outline.get(id));
        here.or_else(around).map(|section| section.heading)
    }

    /// The title, if the cursor is in it.
    fn title_here(&self) -> Option<Span> {
        let cursor = self.viewport.cursor();
        self.document().metadata.title_span.filter(|title| self.focus == Focus::Text && title.contains(cursor))
    }

    /// The words that are selected, or those of the cursor's line; in the outline, the heading.
    fn words_here(&self, cuts_clause: bool) -> Option<Span> {
        if self.focus == Focus::Outline {
            return self.heading_here(false);
        }
        let place = self.selected().unwrap_or(Span::empty(self.viewport.cursor()));
        if cuts_clause { self.document().heading_words(place) } else { self.document().title_words(place) }
    }
}
