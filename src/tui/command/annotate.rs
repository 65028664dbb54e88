//! Tags and notes.

use super::{Command, Context, Invocation};
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use crate::tui::effect::Effect;
use crate::tui::state::Draft;
use crate::tui::state::Notice;
use crate::tui::state::Overlay;
use crate::tui::state::Prompt;
use crate::tui::state::PromptKind;
use crate::tui::state::Reader;

const BOTH: &[Context] = &[Context::Reader, Context::Outline];
const LIST: &[Context] = &[Context::Annotations];
const LISTS: &[Context] = &[Context::Reader, Context::Outline, Context::Annotations];
const ALL: &[Context] = &[Context::Reader, Context::Outline, Context::Annotations, Context::Review];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("tag", BOTH, &["t"], tag),
    Command::new("repeat-tag", BOTH, &["."], repeat_tag),
    Command::new("note", BOTH, &["a", "i"], note),
    Command::new("edit-annotation", BOTH, &["E"], |on| chosen(on, Act::Edit)),
    Command::new("show-annotation", &[Context::Reader], &["<Enter>"], |on| chosen(on, Act::Edit)),
    Command::new("delete-annotation", BOTH, &["D", "x", "<Del>"], |on| chosen(on, Act::Delete)),
    Command::new("retag-annotation", BOTH, &["T"], |on| chosen(on, Act::Retag)),
    Command::new("resize-annotation", BOTH, &["gr"], resize),
    Command::new("undo", ALL, &["u"], |on| on.effects.push(Effect::Undo)),
    Command::new("redo", ALL, &["U", "<C-r>"], |on| on.effects.push(Effect::Redo)),
    Command::new("list-annotations", LISTS, &["A"], |on| on.state.open_annotations(false)),
    Command::new("list-notes", BOTH, &["gn"], |on| on.state.open_annotations(true)),
    Command::new("export", BOTH, &["X"], |on| on.state.open_export()),
    Command::new("annotations-down", LIST, &["j", "<Down>"], |on| list_by(on, false, 1)),
    Command::new("annotations-up", LIST, &["k", "<Up>"], |on| list_by(on, true, 1)),
    Command::new("annotations-page-down", LIST, &["<PageDown>", "<C-f>", "<C-d>", "<Space>"], |on| list_by(on, false, 10)),
    Command::new("annotations-page-up", LIST, &["<PageUp>", "<C-b>", "<C-u>"], |on| list_by(on, true, 10)),
    Command::new("annotations-first", LIST, &["gg", "<Home>"], |on| list_by(on, true, isize::MAX)),
    Command::new("annotations-last", LIST, &["G", "<End>"], |on| list_by(on, false, isize::MAX)),
    Command::new("annotations-go", LIST, &["<Enter>", "l", "<Right>"], |on| on.state.go_to_listed()),
    Command::new("annotations-edit", LIST, &["E", "a"], |on| listed(on, Act::Edit)),
    Command::new("annotations-retag", LIST, &["t"], |on| listed(on, Act::Retag)),
    Command::new("annotations-resize", LIST, &["gr", "m"], |on| listed(on, Act::Resize)),
    Command::new("annotations-notes", LIST, &["n"], |on| on.state.toggle_notes_only()),
    Command::new("annotations-filter", LIST, &["/", "f"], filter_list),
    Command::new("annotations-delete", LIST, &["D", "x", "<Del>"], |on| listed(on, Act::Delete)),
];

/// What is done with one annotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Its note is edited.
    Edit,
    /// Its tags are chosen anew.
    Retag,
    /// It is deleted.
    Delete,
    /// It is put on the selection.
    Resize,
}

fn tag(on: &mut Invocation<'_>) {
    match on.state.target() {
        Ok(target) => on.state.open_tag_picker(vec![target]),
        Err(notice) => on.say(notice),
    }
}

fn repeat_tag(on: &mut Invocation<'_>) {
    let tags = on.state.last_tags.clone();
    if tags.is_empty() {
        return on.say(Notice::hint("no-tag-yet"));
    }
    match on.state.target() {
        Ok(target) => {
            on.say(Notice::done("tagged").with("tags", tags.join("、")));
            on.effects.push(Effect::Annotate(vec![Edit::Tag { target, tags }]));
            on.state.drop_selection();
        }
        Err(notice) => on.say(notice),
    }
}

fn note(on: &mut Invocation<'_>) {
    match on.state.target() {
        Ok(target) => on.state.open_editor(Draft::New(target)),
        Err(notice) => on.say(notice),
    }
}

/// Does `act` with the annotation under the cursor; where several overlap there, one is picked
/// from a list first.
fn chosen(on: &mut Invocation<'_>, act: Act) {
    let here = on.state.reader.as_ref().map(Reader::annotations_here).unwrap_or_default();
    match here.as_slice() {
        [] => on.say(Notice::hint("no-annotation-here")),
        [one] => perform(on, act, *one),
        several => on.state.open_chooser(several, act),
    }
}

/// Puts the annotation taken up here, or the one here on the selection; without either it takes
/// the one here up.
fn resize(on: &mut Invocation<'_>) {
    match (on.state.moving, on.state.target()) {
        (Some(id), Ok(target)) => on.state.put_annotation(id, target, on.effects),
        (Some(_), Err(notice)) => on.say(notice),
        (None, _) => chosen(on, Act::Resize),
    }
}

/// Asks for what the list is to hold, over it.
fn filter_list(on: &mut Invocation<'_>) {
    let mut prompt = Prompt::new(PromptKind::ListFilter, 0);
    if let Some(Overlay::Annotations(listing)) = &on.state.overlay {
        prompt.input.set(listing.filter());
    }
    prompt.under = on.state.overlay.take().map(Box::new);
    on.state.overlay = Some(Overlay::Prompt(prompt));
}

fn listed(on: &mut Invocation<'_>, act: Act) {
    match on.state.listed_annotation() {
        Some(id) => perform(on, act, id),
        None => on.say(Notice::hint("no-annotations")),
    }
}

fn perform(on: &mut Invocation<'_>, act: Act, id: AnnotationId) {
    on.state.act_on(act, id, on.effects);
}

fn list_by(on: &mut Invocation<'_>, back: bool, rows: isize) {
    let steps = on.steps(back).saturating_mul(rows);
    if !on.state.select_annotation_by(steps) {
        on.say(Notice::hint(if back { "at-start" } else { "at-end" }));
    }
}
