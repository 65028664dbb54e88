//! Updates of the tags screen.

use crate::locale::{id, notice};
use crate::tui::effect::Effect;
use crate::tui::message::{PassageGroup, QuerySubject, StatusMessage, StoreTags, TagEdit, TagField, colour_after, field_text};
use crate::tui::overlay::{NoteEditor, NoteTarget, Overlay, Prompt, PromptKind, QuickPick, QuickPickAction, TagQuestion};
use crate::tui::state::{DoneEdit, ScreenKind, State, TagsScreen};
use crate::tui::widget::{Picker, PickerItem};
use pizhu_annotation::{CodebookChange, TAG_KEYS, Tag, TagId};
use std::sync::Arc;

impl State {
    /// Opens the tags screen for the store of the open speech, or of the speech selected in the library.
    pub(crate) fn open_tags(&mut self, effects: &mut Vec<Effect>) {
        let open = self.reader.as_ref().filter(|_| self.screen == ScreenKind::Reader).map(|reader| reader.origin.path.clone());
        let listed = || self.library.selected().map(|entry| entry.path.clone());
        let near = open.or_else(listed).or_else(|| self.library.roots.first().cloned());
        self.tags = Some(TagsScreen::new(near.clone(), self.screen == ScreenKind::Reader));
        self.screen = ScreenKind::Tags;
        self.close_all_overlays();
        self.arrange();
        effects.push(Effect::LoadTags { near });
    }

    /// Leaves the tags screen; if tags were changed, the library lists them anew.
    pub(crate) fn leave_tags(&mut self, effects: &mut Vec<Effect>) {
        let Some(tags) = self.tags.take() else { return };
        self.screen = if tags.opened_from_reader && self.reader.is_some() { ScreenKind::Reader } else { ScreenKind::Library };
        if tags.edited && self.library.has_roots() {
            effects.extend(self.library.on_change());
        }
        self.arrange();
    }

    /// Takes the codebook of the store shown.
    pub(crate) fn set_tags(&mut self, report: StoreTags) {
        self.list_store_tags(&report);
        if let Some(tags) = &mut self.tags {
            tags.set_report(report);
        }
    }

    /// Fits the tags screen to the terminal.
    pub(in crate::tui) fn arrange_tags(&mut self) {
        let (tree, _) = self.size.tags_areas();
        if let Some(tags) = &mut self.tags {
            tags.resize(tree.height);
        }
    }

    /// Reads all passages under the selected tag.
    pub(crate) fn read_selected_tag(&mut self, effects: &mut Vec<Effect>) {
        let Some(tag) = self.selected_tag().map(|tag| tag.id) else { return };
        let label = self.tags.as_ref().map(|tags| tags.book().label(tag)).unwrap_or_default();
        self.open_results(QuerySubject::Tagged { tag: label, cell: None, group: PassageGroup::Date }, effects);
    }

    /// The selected tag; without one, says so.
    fn selected_tag(&mut self) -> Option<&Tag> {
        let selected = self.tags.as_ref().and_then(TagsScreen::selected);
        if selected.is_none() {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
        }
        selected
    }

    /// Asks for a text of the selected tag, or for the name of a new one.
    pub(in crate::tui) fn ask_tag(&mut self, question: TagQuestion) {
        let text = match (question, self.tags.as_ref().and_then(TagsScreen::selected)) {
            (TagQuestion::Add, _) | (TagQuestion::AddBelow, Some(_)) => String::new(),
            (_, None) => {
                self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
                return;
            }
            (TagQuestion::Rename, Some(tag)) => tag.name.clone(),
            (TagQuestion::Keywords, Some(tag)) => field_text(tag, TagField::Keywords),
            (TagQuestion::Sign, Some(tag)) => field_text(tag, TagField::Sign),
            (TagQuestion::Key, Some(tag)) => tag.key().map(String::from).unwrap_or_default(),
        };
        let mut prompt = Prompt::new(PromptKind::Tag(question), 0);
        prompt.input.set(&text);
        self.overlay = Some(Overlay::Prompt(prompt));
    }

    /// Takes the answer.
    pub(in crate::tui) fn answer_tag(&mut self, question: TagQuestion, text: &str, effects: &mut Vec<Effect>) {
        let text = text.trim();
        let Some(tags) = &self.tags else { return };
        let selected = tags.selected();
        let id = selected.map(|tag| tag.id);
        let edit = match (question, id) {
            (TagQuestion::Add | TagQuestion::AddBelow | TagQuestion::Rename, _) if text.is_empty() => {
                self.status = Some(StatusMessage::hint(notice::NO_TAG_NAME));
                return;
            }
            (TagQuestion::Add, _) => TagEdit::Add { parent: selected.and_then(Tag::parent_id), name: text.to_owned() },
            (TagQuestion::AddBelow, id) => TagEdit::Add { parent: id, name: text.to_owned() },
            (TagQuestion::Rename, Some(id)) => TagEdit::Rename { id, name: text.to_owned() },
            (TagQuestion::Keywords, Some(id)) => TagEdit::Detail { id, field: TagField::Keywords, text: text.to_owned() },
            (TagQuestion::Sign, Some(id)) => TagEdit::Detail { id, field: TagField::Sign, text: text.chars().take(2).collect() },
            (TagQuestion::Key, Some(id)) => {
                let mut keys = text.chars().flat_map(char::to_lowercase);
                match (keys.next(), keys.next()) {
                    (None, _) => TagEdit::Key { id, key: None },
                    (Some(key), None) if TAG_KEYS.contains(key) => TagEdit::Key { id, key: Some(key) },
                    _ => {
                        self.status = Some(StatusMessage::error(notice::TAG_BAD_KEY).with("key", text));
                        return;
                    }
                }
            }
            (_, None) => return,
        };
        self.edit_tags(edit, effects);
    }

    /// Opens the editor for the definition or the memo of the selected tag.
    pub(crate) fn edit_tag_text(&mut self, field: TagField) {
        let Some(tag) = self.selected_tag() else { return };
        let (id, text) = (tag.id, field_text(tag, field));
        self.push_overlay(Overlay::Editor(NoteEditor::new(NoteTarget::Tag(id, field), &text)));
    }

    /// Gives the selected tag the next or previous colour.
    pub(crate) fn recolour_tag(&mut self, steps: isize, effects: &mut Vec<Effect>) {
        let Some(tag) = self.selected_tag() else { return };
        let id = tag.id;
        // Keys pressed before the codebook has answered go on from one another.
        self.edit_tags(TagEdit::Recolour { id, steps }, effects);
    }

    /// Lets the user pick the tag that the selected one is merged into, or moved below.
    pub(crate) fn pick_other_tag(&mut self, merges: bool) {
        let Some(tags) = &self.tags else { return };
        let Some(tag) = tags.selected() else {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
            return;
        };
        let (id, book) = (tag.id, tags.book());
        let others: Vec<(usize, &Tag)> = book.tree().into_iter().filter(|(_, other)| !book.is_within(other.id, id)).collect();
        let mut items: Vec<PickerItem> = Vec::new();
        let mut edits = Vec::new();
        if !merges && tag.parent.is_some() {
            items.push(PickerItem { name: self.locale.text(id::TAGS_TOP_LEVEL).into_owned(), ..PickerItem::default() });
            edits.push(TagEdit::Move { id, parent: None });
        }
        for (depth, other) in others {
            let name = book.label(other.id);
            items.push(PickerItem { name, indent: depth, aliases: other.keywords.clone(), ..PickerItem::default() });
            edits.push(if merges { TagEdit::Merge { from: id, into: other.id } } else { TagEdit::Move { id, parent: Some(other.id) } });
        }
        let arguments = vec![("name", book.label(id))];
        let title = if merges { id::PROMPT_MERGE_TAG } else { id::PROMPT_MOVE_TAG };
        let picker = Picker::new(items, false);
        self.overlay = Some(Overlay::QuickPick(QuickPick { picker, title, arguments, action: QuickPickAction::ConfirmTagEdit(edits) }));
        self.fit_overlay();
    }

    /// Asks before the selected tag is deleted.
    pub(crate) fn ask_delete_tag(&mut self) {
        let Some(id) = self.selected_tag().map(|tag| tag.id) else { return };
        self.confirm_tag_edit(TagEdit::Delete(id));
    }

    /// Says what a change will touch, and asks whether to make it.
    pub(in crate::tui) fn confirm_tag_edit(&mut self, edit: TagEdit) {
        let Some(tags) = &self.tags else { return };
        let (title, act, id, other) = match &edit {
            TagEdit::Merge { from, into } => (id::CONFIRM_MERGE, id::CONFIRM_MERGE_ACT, *from, Some(*into)),
            TagEdit::Move { id, parent } => (id::CONFIRM_MOVE, id::CONFIRM_MOVE_ACT, *id, *parent),
            TagEdit::Delete(id) => (id::CONFIRM_DELETE, id::CONFIRM_DELETE_ACT, *id, None),
            _ => return,
        };
        let used = tags.report().own(id);
        let other = other.map_or_else(|| self.locale.text(id::TAGS_TOP_LEVEL).into_owned(), |other| tags.book().label(other));
        let below = tags.report().count_below(id);
        let facts = [("count", used.annotations.into()), ("speeches", used.speeches.into()), ("name", other.as_str().into())];
        let item = |name: String| PickerItem { name, ..PickerItem::default() };
        let items = vec![item(self.locale.format(act, &facts)), item(self.locale.text(id::CONFIRM_LEAVE).into_owned())];
        let arguments = vec![("name", tags.book().label(id)), ("other", other.clone()), ("below", below.to_string())];
        let picker = Picker::new(items, false);
        self.overlay = Some(Overlay::QuickPick(QuickPick { picker, title, arguments, action: QuickPickAction::EditTags(Box::new(edit)) }));
        self.fit_overlay();
    }

    /// Takes apart what was merged into the selected tag.
    pub(crate) fn split_tag(&mut self, effects: &mut Vec<Effect>) {
        let Some(id) = self.selected_tag().map(|tag| tag.id) else { return };
        self.edit_tags(TagEdit::Split(id), effects);
    }

    /// Lets the user pick a deleted tag to bring back, the last one first.
    pub(crate) fn pick_deleted_tag(&mut self) {
        let Some(tags) = &self.tags else { return };
        let deleted: Vec<_> = tags.book().tombstones().filter(|record| record.into.is_none()).collect();
        if deleted.is_empty() {
            self.status = Some(StatusMessage::hint(notice::NO_DELETED_TAGS));
            return;
        }
        let item = |name: &str, detail: &str| PickerItem { name: name.to_owned(), detail: detail.to_owned(), ..PickerItem::default() };
        let items = deleted.iter().map(|record| item(&record.tag.name, record.tag.parent.as_ref().map_or("", |parent| &parent.name)));
        let (items, edits) = (items.collect(), deleted.iter().map(|record| TagEdit::BringBack(record.tag.id)).collect());
        self.open_quick_pick(id::PROMPT_RESTORE_TAG, items, QuickPickAction::EditOneOf(edits));
    }

    /// Requests a change of the codebook.
    pub(in crate::tui) fn edit_tags(&mut self, edit: TagEdit, effects: &mut Vec<Effect>) {
        let Some(tags) = &self.tags else { return };
        effects.push(Effect::EditTags { near: tags.near.clone(), edit: Box::new(edit) });
    }

    /// Undoes the last change made here, or redoes the last one undone.
    pub(crate) fn undo_tag_edit(&mut self, again: bool, effects: &mut Vec<Effect>) {
        let Some(tags) = &mut self.tags else { return };
        let Some(last) = (if again { tags.undone.pop() } else { tags.done.pop() }) else {
            self.status = Some(StatusMessage::hint(if again { notice::NOTHING_TO_REDO } else { notice::NOTHING_TO_UNDO }));
            return;
        };
        tags.undoing.push(last.told);
        self.edit_tags(TagEdit::Undo { change: last.change, again }, effects);
    }

    /// Handles that a change was made: tells it, and keeps it for undoing.
    pub(crate) fn tags_edited(&mut self, edit: &TagEdit, change: Arc<CodebookChange>) {
        let Some(tags) = &mut self.tags else { return };
        tags.edited = true;
        tags.next_selected = edit.subject().or_else(|| change.added());
        let told = match edit {
            TagEdit::Undo { again, .. } => {
                let told = if tags.undoing.is_empty() { StatusMessage::done(notice::UNDONE) } else { tags.undoing.remove(0) };
                let (kept, id) = if *again { (&mut tags.done, notice::REDONE_THAT) } else { (&mut tags.undone, notice::UNDONE_THAT) };
                kept.push(DoneEdit { change, told: told.clone() });
                self.status = Some(StatusMessage::done(id).with_message("what", told));
                return;
            }
            _ => edit_message(tags, edit),
        };
        if !change.is_empty() {
            tags.undone.clear();
            tags.done.push(DoneEdit { change, told: told.clone() });
        }
        self.status = Some(told);
    }

    /// Handles that a change was refused.
    pub(crate) fn tags_refused(&mut self, edit: &TagEdit, message: StatusMessage) {
        self.status = Some(message);
        let Some(tags) = &mut self.tags else { return };
        if let TagEdit::Undo { change, again } = edit
            && !tags.undoing.is_empty()
        {
            let told = tags.undoing.remove(0);
            let kept = if *again { &mut tags.undone } else { &mut tags.done };
            kept.push(DoneEdit { change: Arc::clone(change), told });
        }
    }
}

/// The message that tells a change; names and numbers are those from before it.
fn edit_message(tags: &TagsScreen, edit: &TagEdit) -> StatusMessage {
    let label = |id: TagId| tags.book().label(id);
    let used = |message: StatusMessage, id: TagId| {
        let used = tags.report().own(id);
        message.with("count", used.annotations).with("speeches", used.speeches)
    };
    match edit {
        TagEdit::Add { name, .. } => StatusMessage::done(notice::TAG_ADDED).with("name", name),
        TagEdit::Rename { id, name } => used(StatusMessage::done(notice::TAG_RENAMED).with("name", label(*id)).with("other", name), *id),
        TagEdit::Merge { from, into } => {
            used(StatusMessage::done(notice::TAG_MERGED).with("name", label(*from)).with("other", label(*into)), *from)
        }
        TagEdit::Move { id, parent: Some(parent) } => {
            StatusMessage::done(notice::TAG_MOVED).with("name", label(*id)).with("other", label(*parent))
        }
        TagEdit::Move { id, parent: None } => StatusMessage::done(notice::TAG_MOVED_TOP).with("name", label(*id)),
        TagEdit::Delete(id) => used(StatusMessage::done(notice::TAG_DELETED).with("name", label(*id)), *id),
        TagEdit::BringBack(id) => {
            let name = tags.book().tombstone(*id).map_or("", |record| record.tag.name.as_str());
            StatusMessage::done(notice::TAG_BROUGHT_BACK).with("name", name)
        }
        TagEdit::Split(id) => StatusMessage::done(notice::TAG_SPLIT).with("name", label(*id)),
        TagEdit::Recolour { id, steps } => {
            let colour = colour_after(tags.book().get(*id).map_or("", |tag| &tag.colour), *steps);
            let shown = colour.strip_prefix("tag").unwrap_or("-");
            StatusMessage::done(notice::TAG_COLOURED).with("name", label(*id)).with("colour", shown)
        }
        TagEdit::Detail { id, .. } => StatusMessage::done(notice::TAG_DESCRIBED).with("name", label(*id)),
        TagEdit::Key { id, key: Some(key) } => StatusMessage::done(notice::TAG_KEYED).with("name", label(*id)).with("key", key),
        TagEdit::Key { id, key: None } => StatusMessage::done(notice::TAG_UNKEYED).with("name", label(*id)),
        TagEdit::Undo { .. } => StatusMessage::done(notice::UNDONE),
    }
}
