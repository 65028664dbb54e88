//! Writing notes, and what else is done to an annotation.

use crate::app::review::{Decision, UndecidedCase};
use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::{AnnotationOp, StatusMessage, TagEdit};
use crate::tui::overlay::{NoteEditor, NoteTarget, Overlay, TagTarget};
use crate::tui::state::{ReaderScreen, State};
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit as Change;
use pizhu_annotation::Target;

impl State {
    /// Opens the note editor.
    pub(in crate::tui) fn open_editor(&mut self, target: NoteTarget) {
        self.push_overlay(Overlay::Editor(NoteEditor::new(target, "")));
    }

    /// Applies an operation to one annotation.
    pub(crate) fn apply_op(&mut self, op: AnnotationOp, id: AnnotationId, effects: &mut Vec<Effect>) {
        let Some(anchored) = self.reader.as_ref().and_then(|reader| reader.annotations.get(id)) else { return };
        match op {
            AnnotationOp::Edit => {
                let note = anchored.annotation.note.clone();
                self.push_overlay(Overlay::Editor(NoteEditor::new(NoteTarget::Existing(id), &note)));
            }
            AnnotationOp::Retag => {
                let tags = self.reader.as_ref().map(|reader| reader.annotations.tags(&anchored.annotation)).unwrap_or_default();
                self.open_tag_picker_for(TagTarget::Existing(id), &tags, true);
            }
            AnnotationOp::Delete => {
                effects.push(Effect::Annotate(vec![Change::Delete { id }]));
                self.status = Some(StatusMessage::done(notice::DELETED));
            }
            AnnotationOp::Resize => {
                self.close_all_overlays();
                if let Some(span) = self.reader.as_ref().and_then(ReaderScreen::new_selection) {
                    self.move_annotation(id, Target::Passage(span), effects);
                } else {
                    self.moving_annotation = Some(id);
                    self.status = Some(StatusMessage::done(notice::ANNOTATION_TAKEN));
                }
            }
        }
    }

    /// Attaches an annotation, or a mended heading that was lost, to another target.
    pub(crate) fn move_annotation(&mut self, id: AnnotationId, target: Target, effects: &mut Vec<Effect>) {
        let Some(reader) = &self.reader else { return };
        let heading = reader.annotations.outline_edit(id).map(UndecidedCase::Heading);
        let annotation = || reader.annotations.get(id).map(UndecidedCase::Annotation);
        let Some(case) = heading.or_else(annotation) else { return };
        let Ok(change) = case.decided(reader.document(), Decision::Attach(target)) else {
            self.status = Some(StatusMessage::hint(notice::NO_HEADING_HERE));
            return;
        };
        effects.push(change.into());
        self.status = Some(StatusMessage::done(notice::ANNOTATION_RESIZED));
        self.moving_annotation = None;
        self.drop_selection();
    }

    pub(in crate::tui) fn accept_note(&mut self, editor: &NoteEditor, effects: &mut Vec<Effect>) {
        let note = editor.area.text().trim_end().to_owned();
        match editor.target {
            NoteTarget::New(_) | NoteTarget::Lost if note.trim().is_empty() => self.status = Some(StatusMessage::hint(notice::NOTE_EMPTY)),
            NoteTarget::New(target) => {
                effects.push(Effect::Annotate(vec![Change::Note { target, note }]));
                self.status = Some(StatusMessage::done(notice::NOTED));
                self.drop_selection();
            }
            NoteTarget::Lost => self.add_note_here(note, effects),
            NoteTarget::Memo => self.accept_memo(note, effects),
            NoteTarget::Tag(id, field) => self.edit_tags(TagEdit::Detail { id, field, text: note }, effects),
            NoteTarget::BasketWords { entry, above } => self.accept_basket_words(entry, above, &note, effects),
            // Deleted meanwhile, e.g. by another program: the note is kept as a new annotation.
            NoteTarget::Existing(id) if self.reader.as_ref().is_some_and(|reader| reader.annotations.get(id).is_none()) => {
                if note.trim().is_empty() {
                    self.status = Some(StatusMessage::hint(notice::NOTE_EMPTY));
                } else {
                    self.add_note_here(note, effects);
                }
            }
            NoteTarget::Existing(id) => {
                effects.push(Effect::Annotate(vec![Change::SetNote { id, note }]));
                self.status = Some(StatusMessage::done(notice::NOTED));
            }
        }
    }

    /// Adds a note at the current position.
    fn add_note_here(&mut self, note: String, effects: &mut Vec<Effect>) {
        self.status = Some(match self.target() {
            Ok(target) => {
                effects.push(Effect::Annotate(vec![Change::Note { target, note }]));
                StatusMessage::done(notice::NOTED)
            }
            Err(message) => message,
        });
    }
}
