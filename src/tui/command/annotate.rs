//! Commands on tags and notes.

use super::definition::{Command, Invocation};
use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::{AnnotationOp, Context, StatusMessage};
use crate::tui::overlay::{NoteTarget, Overlay, Prompt, PromptKind};
use crate::tui::state::ReaderScreen;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;

const WITH_LIBRARY: &[Context] = &[Context::Library, Context::Reader, Context::Outline];
const BOTH: &[Context] = &[Context::Reader, Context::Outline];
const LIST: &[Context] = &[Context::Annotations];
const LISTS: &[Context] = &[Context::Reader, Context::Outline, Context::Annotations];
const ALL: &[Context] = &[Context::Reader, Context::Outline, Context::Annotations, Context::Review];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("tag", BOTH, &["t"], tag),
    Command::new("repeat-tag", BOTH, &["."], repeat_tag),
    Command::new("note", BOTH, &["a", "i"], note),
    Command::new("edit-annotation", BOTH, &["E"], |cx| apply_at_cursor(cx, AnnotationOp::Edit)),
    Command::new("show-annotation", &[Context::Reader], &["<Enter>"], |cx| cx.state.open_card()),
    Command::new("delete-annotation", BOTH, &["D", "x", "<Del>"], |cx| apply_at_cursor(cx, AnnotationOp::Delete)),
    Command::new("retag-annotation", BOTH, &["T"], |cx| apply_at_cursor(cx, AnnotationOp::Retag)),
    Command::new("resize-annotation", BOTH, &["gr"], resize),
    Command::new("undo", ALL, &["u"], |cx| cx.effects.push(Effect::Undo)),
    Command::new("redo", ALL, &["U", "<C-r>"], |cx| cx.effects.push(Effect::Redo)),
    Command::new("list-annotations", LISTS, &["A"], |cx| cx.state.open_annotations(false)),
    Command::new("list-notes", BOTH, &["gn"], |cx| cx.state.open_annotations(true)),
    Command::new("export", BOTH, &["X"], |cx| cx.state.open_export()),
    Command::new("import", WITH_LIBRARY, &["gE"], |cx| cx.state.prompt_import()),
    Command::new("annotations-down", LIST, &["j", "<Down>"], |cx| move_in_list(cx, false, 1)),
    Command::new("annotations-up", LIST, &["k", "<Up>"], |cx| move_in_list(cx, true, 1)),
    Command::new("annotations-page-down", LIST, &["<PageDown>", "<C-f>", "<C-d>", "<Space>"], |cx| move_in_list(cx, false, 10)),
    Command::new("annotations-page-up", LIST, &["<PageUp>", "<C-b>", "<C-u>"], |cx| move_in_list(cx, true, 10)),
    Command::new("annotations-first", LIST, &["gg", "<Home>"], |cx| move_in_list(cx, true, isize::MAX)),
    Command::new("annotations-last", LIST, &["G", "<End>"], |cx| move_in_list(cx, false, isize::MAX)),
    Command::new("annotations-go", LIST, &["<Enter>", "l", "<Right>"], |cx| cx.state.go_to_listed_annotation()),
    Command::new("annotations-edit", LIST, &["E", "a"], |cx| apply_to_listed(cx, AnnotationOp::Edit)),
    Command::new("annotations-retag", LIST, &["t"], |cx| apply_to_listed(cx, AnnotationOp::Retag)),
    Command::new("annotations-resize", LIST, &["gr", "m"], |cx| apply_to_listed(cx, AnnotationOp::Resize)),
    Command::new("annotations-notes", LIST, &["n"], |cx| cx.state.toggle_notes_only()),
    Command::new("annotations-filter", LIST, &["/", "f"], filter_list),
    Command::new("annotations-delete", LIST, &["D", "x", "<Del>"], |cx| apply_to_listed(cx, AnnotationOp::Delete)),
];

fn tag(cx: &mut Invocation<'_>) {
    match cx.state.target() {
        Ok(target) => cx.state.open_tag_picker(vec![target]),
        Err(message) => cx.set_status(message),
    }
}

fn repeat_tag(cx: &mut Invocation<'_>) {
    let tags = cx.state.last_tags.clone();
    if tags.is_empty() {
        return cx.set_status(StatusMessage::hint(notice::NO_TAG_YET));
    }
    match cx.state.target() {
        Ok(target) => {
            cx.set_status(
                StatusMessage::done(notice::TAGGED).with("tags", tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>().join("、")),
            );
            cx.effects.push(Effect::Annotate(vec![Edit::Tag { target, tags }]));
            cx.state.spend_selection();
        }
        Err(message) => cx.set_status(message),
    }
}

fn note(cx: &mut Invocation<'_>) {
    match cx.state.target() {
        Ok(target) => cx.state.open_editor(NoteTarget::New(target)),
        Err(message) => cx.set_status(message),
    }
}

/// Applies an operation to the annotation at the cursor; of several, one is picked first.
fn apply_at_cursor(cx: &mut Invocation<'_>, op: AnnotationOp) {
    let ids = cx.state.reader.as_ref().map(ReaderScreen::annotations_here).unwrap_or_default();
    match ids.as_slice() {
        [] => cx.set_status(StatusMessage::hint(notice::NO_ANNOTATION_HERE)),
        [one] => apply(cx, op, *one),
        several => cx.state.open_annotation_picker(several, op),
    }
}

/// Attaches the annotation picked up, or the one at the cursor, to the selection. Without a selection
/// the one at the cursor is picked up.
fn resize(cx: &mut Invocation<'_>) {
    match (cx.state.moving_annotation, cx.state.target()) {
        (Some(id), Ok(target)) => cx.state.move_annotation(id, target, cx.effects),
        (Some(_), Err(message)) => cx.set_status(message),
        (None, _) => apply_at_cursor(cx, AnnotationOp::Resize),
    }
}

/// Asks for the list's filter, above the list.
fn filter_list(cx: &mut Invocation<'_>) {
    let mut prompt = Prompt::new(PromptKind::ListFilter, 0);
    if let Some(Overlay::Annotations(annotation_list)) = &cx.state.overlay {
        prompt.input.set(annotation_list.filter());
    }
    prompt.is_above = cx.state.lower_overlay();
    cx.state.overlay = Some(Overlay::Prompt(prompt));
}

fn apply_to_listed(cx: &mut Invocation<'_>, op: AnnotationOp) {
    match cx.state.listed_annotation() {
        Some(id) => apply(cx, op, id),
        None => cx.set_status(StatusMessage::hint(notice::NO_ANNOTATIONS)),
    }
}

fn apply(cx: &mut Invocation<'_>, op: AnnotationOp, id: AnnotationId) {
    cx.state.apply_op(op, id, cx.effects);
}

fn move_in_list(cx: &mut Invocation<'_>, back: bool, rows: isize) {
    let steps = cx.steps(back).saturating_mul(rows);
    if !cx.state.select_annotation_by(steps) {
        cx.set_status(StatusMessage::hint(if back { notice::AT_START } else { notice::AT_END }));
    }
}
