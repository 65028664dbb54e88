//! The list of a speech's annotations.

use crate::locale::{family, id};
use crate::tui::overlay::AnnotationList;
use crate::tui::state::{ReaderScreen, State};
use crate::tui::theme::StyleRole;
use crate::tui::view::{RenderContext, tag_sign::tag_sign};
use crate::tui::widget::{Label, Popup, draw_list};
use pizhu_annotation::AnchorStatus;
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::Scope;
use pizhu_annotation::{OutlineChange, PlacedOutlineEdit};
use ratatui::buffer::Buffer;

pub(in crate::tui) fn draw(state: &State, listing: &AnnotationList, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let Some(reader) = &state.reader else { return };
    let all = listing.entries(reader);
    let area = state.size.above_status_line();
    let id = if listing.notes_only { id::NOTES_TITLE } else { id::ANNOTATIONS_TITLE };
    let mut title = ctx.format(id, &[("count", all.len().into())]);
    if !listing.filter().is_empty() {
        title = format!("{title}  / {}", listing.filter());
    }
    let hint = ctx.locale.text(id::ANNOTATIONS_HINT);
    let inside = Popup { title: &title, hint: &hint, bare: !ctx.frames }.draw(area, buffer, ctx.styles);
    draw_list(&listing.list, all.len(), inside, buffer, ctx.styles, |index| {
        all.get(index).map(|mark| annotation_label(reader, mark, listing.notes_only, ctx)).unwrap_or_default()
    });
}

pub(in crate::tui) fn annotation_label<'a>(
    reader: &ReaderScreen,
    mark: &'a AnchoredAnnotation,
    note_first: bool,
    ctx: RenderContext<'_>,
) -> Label<'a> {
    let styles = ctx.styles;
    let annotation = &mark.annotation;
    let mut label = Label::default();
    let place = mark.span.or(mark.proposed).map_or(annotation.selector.start, |span| span.start);
    let path = match reader.document().outline.section_at(place).filter(|_| annotation.scope != Scope::Speech) {
        Some(id) => reader.document().outline.path_text(id),
        None => annotation.selector.section.join("/"),
    };
    label = label.and(format!("{path:<8} "), styles.style(StyleRole::Dim));
    if note_first {
        label = label.and(format!("{} ", annotation.note.replace('\n', " ")), styles.style(StyleRole::Note));
    }
    for tag in reader.annotations.tags(annotation) {
        let (sign, style) = tag_sign(reader, &tag, ctx);
        label = label.and(format!("{sign}{} ", tag.name), style);
    }
    if !annotation.note.is_empty() && !note_first {
        label = label.and(format!("{} ", annotation.note.replace('\n', " ")), styles.style(StyleRole::Note));
    }
    let quote = one_line(annotation.selector.cleaned_quote());
    let quote = if annotation.scope == Scope::Passage { format!("“{quote}”") } else { quote };
    label = label.and(quote, styles.style(StyleRole::Dim));
    let anchor = match mark.status {
        AnchorStatus::Exact => None,
        AnchorStatus::Moved => Some((id::ANCHOR_MOVED, StyleRole::Dim)),
        AnchorStatus::Changed => Some((id::ANCHOR_CHANGED, StyleRole::Notice)),
        AnchorStatus::Review => Some((id::ANCHOR_REVIEW, StyleRole::Warning)),
        AnchorStatus::Orphaned => Some((id::ANCHOR_ORPHANED, StyleRole::Warning)),
    };
    match anchor {
        Some((id, role)) => label.right(ctx.locale.text(id), styles.style(role)),
        None if reader.annotations.is_unsaved(annotation.id) => label.right("…", styles.style(StyleRole::Pending)),
        None => label,
    }
}

/// A mended heading in the review: what was mended, and its words.
pub(in crate::tui) fn heading_label<'a>(placed: &'a PlacedOutlineEdit, ctx: RenderContext<'_>) -> Label<'a> {
    let styles = ctx.styles;
    let level = if let OutlineChange::Heading(level) = placed.change { level.to_string() } else { String::new() };
    let change = format!("{}{level} ", ctx.locale.text(family::OUTLINE_CHANGE.id(placed.change.name())));
    let status = if placed.status == AnchorStatus::Review { id::ANCHOR_REVIEW } else { id::ANCHOR_ORPHANED };
    Label::new(format!("{:<8} ", placed.selector.section.join("/")), styles.style(StyleRole::Dim))
        .and(change, styles.style(StyleRole::Note))
        .and(one_line(placed.selector.cleaned_quote()), styles.style(StyleRole::Dim))
        .right(ctx.locale.text(status), styles.style(StyleRole::Warning))
}

/// The beginning of a quote, with every run of white space as one blank.
fn one_line(quote: &str) -> String {
    let head: String = quote.chars().take(240).collect();
    let words = head.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(60).collect()
}
