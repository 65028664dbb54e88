//! Drafts that an earlier run left, and the questions before quitting with something unsaved.

use crate::locale::{MessageId, id, notice};
use crate::tui::effect::Effect;
use crate::tui::message::{ScreenText, StatusMessage, TagField, field_text};
use crate::tui::state::{ScreenKind, State};
use crate::tui::overlay::{BasketQuestion, DraftTarget, FoundDraft, NoteEditor, NoteTarget, Overlay, Prompt, PromptKind, QuickPickAction};
use crate::tui::widget::PickerItem;
use jiff::tz::TimeZone;
use pizhu_annotation::{RecordId, TagId, Target};

/// Maximum chars of a draft in its entry.
const EXCERPT_CHARS: usize = 40;

impl State {
    /// Offers the next draft of the open speech or screen, once nothing covers it. A draft that was saved
    /// just before the program was killed is dropped.
    pub(crate) fn offer_next_draft(&mut self) {
        if self.overlay.is_some() {
            return;
        }
        let Some(next) = self.found_drafts.iter().position(|draft| draft.screen() == self.screen) else { return };
        let draft = self.found_drafts.remove(next);
        let excerpt: String = draft.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(EXCERPT_CHARS).collect();
        let time = draft.modified.to_zoned(TimeZone::system()).strftime("%m-%d %H:%M").to_string();
        let details = [format!("{time} {excerpt}"), String::new(), String::new()];
        let items = self.items([id::DRAFT_CONTINUE, id::DRAFT_DISCARD, id::DRAFT_LATER], details);
        let title = match draft.screen() {
            ScreenKind::Basket => id::PROMPT_DRAFT_BASKET,
            ScreenKind::Tags => id::PROMPT_DRAFT_TAG,
            ScreenKind::Memos => id::PROMPT_DRAFT_MEMO,
            _ => id::PROMPT_DRAFT,
        };
        self.open_quick_pick(title, items, QuickPickAction::ResumeDraft(Box::new(draft)));
    }

    /// Continues a draft (0), discards it (1), or leaves it for later.
    pub(in crate::tui) fn accept_draft(&mut self, draft: &FoundDraft, choice: usize, effects: &mut Vec<Effect>) {
        match choice {
            0 => {
                let target = match &draft.target {
                    DraftTarget::Note(target) => *target,
                    DraftTarget::Screen(text) => return self.resume_screen_text(draft, text),
                };
                self.go_to_target(target);
                let existing = match target {
                    NoteTarget::Existing(id) => self.reader.as_ref().and_then(|reader| reader.annotations.get(id)),
                    NoteTarget::New(_) | NoteTarget::Lost | NoteTarget::Tag(..) | NoteTarget::Memo | NoteTarget::BasketWords { .. } => None,
                };
                let note = existing.map(|anchored| anchored.annotation.note.clone()).unwrap_or_default();
                if target == NoteTarget::Lost {
                    self.status = Some(StatusMessage::error(notice::NOTE_HOMELESS));
                }
                self.push_overlay(Overlay::Editor(NoteEditor::resume(draft, target, &note)));
            }
            1 => {
                effects.push(Effect::DiscardDraft(draft.id));
                self.status = Some(StatusMessage::done(notice::DRAFT_DISCARDED));
            }
            _ => {}
        }
    }

    /// Continues a text of a basket, a tag or a memo; what it stood at may be gone, then it is a new one.
    fn resume_screen_text(&mut self, draft: &FoundDraft, text: &ScreenText) {
        let (target, before) = match text {
            ScreenText::BasketWords { entry, beside, above } => {
                self.select_basket_entry(*beside);
                let before = entry.and_then(|id| self.basket_text(id)).map(str::to_owned);
                let entry = entry.filter(|_| before.is_some());
                (NoteTarget::BasketWords { entry, above: *above }, before)
            }
            ScreenText::BasketHeading { entry, beside } => {
                self.select_basket_entry(*beside);
                let is_there = entry.is_some_and(|id| self.basket_text(id).is_some());
                let question = if is_there { BasketQuestion::EditHeading } else { BasketQuestion::Heading };
                let mut prompt = Prompt::new(PromptKind::Basket(question), 0);
                prompt.draft = draft.id;
                prompt.input.set(&draft.text);
                self.overlay = Some(Overlay::Prompt(prompt));
                return;
            }
            ScreenText::Tag { id, is_memo } => {
                let field = if *is_memo { TagField::Memo } else { TagField::Definition };
                let id = id.parse::<TagId>().ok();
                let Some(tag) = id.and_then(|id| self.tags.as_ref()?.book().get(id)) else {
                    // Nothing is lost: the draft stays on the disk.
                    self.status = Some(StatusMessage::error(notice::TAG_GONE).with("name", ""));
                    return;
                };
                let (id, before) = (tag.id, field_text(tag, field));
                if let Some(tags) = &mut self.tags {
                    tags.select_tag(id);
                }
                (NoteTarget::Tag(id, field), Some(before))
            }
            ScreenText::Memo { subject } => {
                let found = subject.as_ref().and_then(|key| self.memo_of_draft(key));
                let (subject, before) = found.map_or((None, None), |(subject, before)| (Some(subject), Some(before)));
                if let Some(memos) = &mut self.memos {
                    memos.editing = subject;
                }
                (NoteTarget::Memo, before)
            }
        };
        self.push_overlay(Overlay::Editor(NoteEditor::resume(draft, target, &before.unwrap_or_default())));
    }

    fn select_basket_entry(&mut self, id: Option<RecordId>) {
        let Some(basket) = &mut self.basket else { return };
        if let Some(at) = basket.entries().iter().position(|entry| Some(entry.id) == id) {
            basket.select(at);
        }
    }

    fn go_to_target(&mut self, target: NoteTarget) {
        let Some(reader) = &mut self.reader else { return };
        let offset = match target {
            NoteTarget::New(Target::Passage(span)) => Some(span.start),
            NoteTarget::New(Target::Speech) => Some(0),
            NoteTarget::New(Target::Section(id)) => reader.document().outline.get(id).map(|section| section.span.start),
            NoteTarget::Existing(id) => reader.annotations.span_of(id).map(|span| span.start),
            NoteTarget::Lost | NoteTarget::Tag(..) | NoteTarget::Memo | NoteTarget::BasketWords { .. } => None,
        };
        if let Some(offset) = offset {
            reader.jump_to(offset);
        }
        self.arrange();
    }

    /// Quits; if a note is being typed, asks first.
    pub(crate) fn request_quit(&mut self, effects: &mut Vec<Effect>) {
        if !self.note_editor().is_some_and(NoteEditor::has_unsaved_text) {
            effects.push(Effect::Quit);
            return;
        }
        let items = self.items([id::QUIT_SAVE, id::QUIT_DISCARD, id::QUIT_STAY], Default::default());
        // Below the question the editor stays open.
        if matches!(self.overlay, Some(Overlay::Editor(_))) {
            self.lower_overlay();
        }
        self.open_quick_pick(id::PROMPT_QUIT_NOTE, items, QuickPickAction::QuitWithNote);
    }

    /// Saves the note and quits (0), discards it and quits (1), or stays.
    pub(in crate::tui) fn accept_quit_with_note(&mut self, choice: usize, effects: &mut Vec<Effect>) {
        if choice > 1 {
            return;
        }
        let Some(Overlay::Editor(editor)) = self.overlays_below.pop() else { return };
        if choice == 0 {
            let before = effects.len();
            self.accept_note(&editor, effects);
            if effects.len() == before {
                // It cannot be saved here; the status line says why.
                self.overlays_below.push(Overlay::Editor(editor));
                return;
            }
        }
        effects.push(Effect::Quit);
    }

    /// Asks what to do, as edits cannot be saved.
    pub(crate) fn ask_quit_unsaved(&mut self, reason: &str) {
        self.status = Some(StatusMessage::error(notice::CANNOT_SAVE).with("reason", reason));
        let items = self.items([id::QUIT_RETRY, id::QUIT_UNSAVED, id::QUIT_STAY], [reason.to_owned(), String::new(), String::new()]);
        self.open_quick_pick(id::PROMPT_QUIT_UNSAVED, items, QuickPickAction::QuitUnsaved);
    }

    fn items(&self, names: [MessageId; 3], details: [String; 3]) -> Vec<PickerItem> {
        let item =
            |(name, detail): (MessageId, String)| PickerItem { name: self.locale.text(name).into_owned(), detail, ..PickerItem::default() };
        names.into_iter().zip(details).map(item).collect()
    }
}
