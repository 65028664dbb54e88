//! Updates of the memos screen.

use super::{
    message::{MemoChange, MemoEdit, StoreMemos, place_words},
    screen::{DoneMemoEdit, MemosScreen},
};
use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::{PassageGroup, QuerySubject, SpeechSpan, StatusMessage};
use crate::tui::overlay::{NoteEditor, NoteTarget, Overlay};
use crate::tui::state::{ScreenKind, State};
use pizhu_annotation::{Memo, MemoSubject};
use pizhu_text::text::Span;
use std::{path::Path, sync::Arc};

impl State {
    /// Opens the memos screen for the store of the open speech, or of the speech selected in the library.
    pub(crate) fn open_memos(&mut self, effects: &mut Vec<Effect>) {
        let open = self.reader.as_ref().filter(|_| self.screen == ScreenKind::Reader).map(|reader| reader.origin.path.clone());
        let listed = || self.library.selected().map(|entry| entry.path.clone());
        let near = open.or_else(listed).or_else(|| self.library.roots.first().cloned());
        self.memos = Some(MemosScreen::new(near.clone(), self.screen == ScreenKind::Reader));
        self.screen = ScreenKind::Memos;
        self.close_all_overlays();
        self.arrange();
        effects.push(Effect::LoadMemos { near });
    }

    /// Leaves the memos screen.
    pub(crate) fn leave_memos(&mut self) {
        let Some(memos) = self.memos.take() else { return };
        self.screen = if memos.opened_from_reader && self.reader.is_some() { ScreenKind::Reader } else { ScreenKind::Library };
        self.arrange();
    }

    /// Takes the memos of the store shown.
    pub(crate) fn set_memos(&mut self, report: StoreMemos) {
        if let Some(memos) = &mut self.memos {
            memos.set_report(report);
        }
    }

    /// Fits the memos screen to the terminal.
    pub(crate) fn arrange_memos(&mut self) {
        let (list, _) = self.size.tags_areas();
        if let Some(memos) = &mut self.memos {
            memos.resize(list.height);
        }
    }

    /// The selected memo; without one, says so.
    fn selected_memo(&mut self) -> Option<Memo> {
        let selected = self.memos.as_ref().and_then(MemosScreen::selected).cloned();
        if selected.is_none() {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
        }
        selected
    }

    /// Goes to what the selected memo is on: the place in the speech, or the passages under the tag. A memo of
    /// the project is opened for writing.
    pub(crate) fn open_memo(&mut self, effects: &mut Vec<Effect>) {
        let Some(memo) = self.selected_memo() else { return };
        match memo.subject {
            MemoSubject::Project(_) => self.edit_memo(),
            MemoSubject::Tag(tag) => {
                self.open_results(QuerySubject::Tagged { tag: tag.name, cell: None, group: PassageGroup::Date }, effects);
            }
            MemoSubject::Annotation(place) => {
                let near = self.memos.as_ref().and_then(|memos| memos.near.clone());
                effects.push(Effect::FindMemo { near, place });
            }
        }
    }

    /// Opens the speech of a memo at its place; at the beginning, if the place is gone.
    pub(crate) fn go_to_memo(&mut self, path: &Path, span: Option<Span>, effects: &mut Vec<Effect>) {
        if self.screen != ScreenKind::Memos {
            return;
        }
        self.open_at(&SpeechSpan { path: path.to_owned(), span: span.unwrap_or_default() }, None, effects);
        if span.is_none() {
            self.status = Some(StatusMessage::hint(notice::MEMO_PLACE_GONE));
        }
    }

    /// Opens the editor for the selected memo.
    pub(crate) fn edit_memo(&mut self) {
        let Some(memo) = self.selected_memo() else { return };
        if let Some(memos) = &mut self.memos {
            memos.editing = Some(memo.subject);
        }
        self.push_overlay(Overlay::Editor(NoteEditor::new(NoteTarget::Memo, &memo.text)));
    }

    /// Opens the editor for a new memo of the project.
    pub(crate) fn add_memo(&mut self) {
        if let Some(memos) = &mut self.memos {
            memos.editing = None;
            self.push_overlay(Overlay::Editor(NoteEditor::new(NoteTarget::Memo, "")));
        }
    }

    /// Takes the text of the editor.
    pub(crate) fn accept_memo(&mut self, text: String, effects: &mut Vec<Effect>) {
        let Some(memos) = &mut self.memos else { return };
        let edit = match memos.editing.take() {
            Some(subject) => MemoEdit::Write { subject, text },
            None if text.trim().is_empty() => {
                self.status = Some(StatusMessage::hint(notice::NOTE_EMPTY));
                return;
            }
            None => MemoEdit::Add { text },
        };
        self.change_memo(edit, effects);
    }

    /// Deletes the selected memo.
    pub(crate) fn delete_memo(&mut self, effects: &mut Vec<Effect>) {
        let Some(memo) = self.selected_memo() else { return };
        self.change_memo(MemoEdit::Write { subject: memo.subject, text: String::new() }, effects);
    }

    fn change_memo(&mut self, edit: MemoEdit, effects: &mut Vec<Effect>) {
        let Some(memos) = &self.memos else { return };
        effects.push(Effect::EditMemo { near: memos.near.clone(), edit: Box::new(edit) });
    }

    /// Undoes the last change made here, or redoes the last one undone.
    pub(crate) fn undo_memo_edit(&mut self, again: bool, effects: &mut Vec<Effect>) {
        let Some(memos) = &mut self.memos else { return };
        let Some(last) = (if again { memos.undone.pop() } else { memos.done.pop() }) else {
            self.status = Some(StatusMessage::hint(if again { notice::NOTHING_TO_REDO } else { notice::NOTHING_TO_UNDO }));
            return;
        };
        memos.undoing.push(last.told);
        self.change_memo(MemoEdit::Undo { change: last.change, again }, effects);
    }

    /// Handles that a change was made: tells it, and keeps it for undoing.
    pub(crate) fn memo_edited(&mut self, edit: &MemoEdit, change: Arc<MemoChange>) {
        let Some(memos) = &mut self.memos else { return };
        let told = match edit {
            MemoEdit::Undo { again, .. } => {
                let told = if memos.undoing.is_empty() { StatusMessage::done(notice::UNDONE) } else { memos.undoing.remove(0) };
                let (kept, id) = if *again { (&mut memos.done, notice::REDONE_THAT) } else { (&mut memos.undone, notice::UNDONE_THAT) };
                kept.push(DoneMemoEdit { change, told: told.clone() });
                self.status = Some(StatusMessage::done(id).with_message("what", told));
                return;
            }
            MemoEdit::Add { .. } => StatusMessage::done(notice::MEMO_WRITTEN).with("name", ""),
            MemoEdit::Write { subject, text } => {
                let id = if text.trim().is_empty() { notice::MEMO_DELETED } else { notice::MEMO_WRITTEN };
                let memo = Memo { subject: subject.clone(), author: None, modified: None, text: String::new() };
                StatusMessage::done(id).with("name", place_words(&memo))
            }
        };
        memos.undone.clear();
        memos.done.push(DoneMemoEdit { change, told: told.clone() });
        self.status = Some(told);
    }

    /// Handles that a change was refused.
    pub(crate) fn memo_refused(&mut self, edit: &MemoEdit, message: StatusMessage) {
        self.status = Some(message);
        let Some(memos) = &mut self.memos else { return };
        if matches!(edit, MemoEdit::Undo { .. }) && !memos.undoing.is_empty() {
            // It would be refused again.
            memos.undoing.remove(0);
        }
    }
}
