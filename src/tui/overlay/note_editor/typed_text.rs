//! The text being typed, of which a draft is kept, and where drafts are offered.

use crate::tui::overlay::{BasketQuestion, DraftTarget, FoundDraft, NoteTarget, Overlay, Prompt, PromptKind};
use super::TypedText;
use crate::tui::state::{ScreenKind, State};
use crate::tui::message::{ScreenText, TagField, memo_key};
use pizhu_annotation::{MemoSubject, RecordId};
use std::path::Path;

impl State {
    /// The text being typed, of which a draft is kept: a note, or a text of a basket, a tag or a memo.
    #[must_use]
    pub(in crate::tui) fn typed_text(&self) -> Option<TypedText<'_>> {
        let beside = || self.basket.as_ref().and_then(|basket| basket.selected()).map(|entry| entry.id);
        if let Some(editor) = self.note_editor() {
            let target = match editor.target {
                NoteTarget::BasketWords { entry, above } => DraftTarget::Screen(ScreenText::BasketWords { entry, beside: beside(), above }),
                NoteTarget::Tag(id, field) => DraftTarget::Screen(ScreenText::of_tag(id, field == TagField::Memo)),
                NoteTarget::Memo => {
                    let subject = self.memos.as_ref().and_then(|memos| memos.editing.as_ref()).map(memo_key);
                    DraftTarget::Screen(ScreenText::Memo { subject })
                }
                target => DraftTarget::Note(target),
            };
            return Some(TypedText { draft: editor.draft, target, text: editor.area.text(), is_changed: editor.area.is_changed() });
        }
        let Some(Overlay::Prompt(Prompt { draft, kind: PromptKind::Basket(question), input, .. })) = &self.overlay else { return None };
        let entry = match question {
            BasketQuestion::Heading => None,
            BasketQuestion::EditHeading => beside(),
            _ => return None,
        };
        let target = DraftTarget::Screen(ScreenText::BasketHeading { entry, beside: beside() });
        let before = entry.and_then(|id| self.basket_text(id)).unwrap_or_default();
        Some(TypedText { draft: *draft, target, text: input.text(), is_changed: input.text() != before })
    }

    /// The store of the screen whose texts are written, once it is known.
    #[must_use]
    pub(in crate::tui) fn store_on_screen(&self) -> Option<&Path> {
        (self.screen.functions().store)(self)
    }

    /// Whether a text is in the store as it was typed; only the texts of the open screen are known.
    #[must_use]
    pub(in crate::tui) fn is_written(&self, target: &ScreenText, text: &str) -> bool {
        let text = text.trim();
        match target {
            ScreenText::BasketWords { .. } | ScreenText::BasketHeading { .. } => self.basket.as_ref().is_some_and(|basket| {
                let is_same = |entry: &pizhu_library::basket::ResolvedEntry| entry.passage.is_none() && entry.item.text().trim() == text;
                basket.entries().iter().any(is_same)
            }),
            ScreenText::Tag { id, is_memo } => self.tags.as_ref().is_some_and(|tags| {
                let tag = id.parse().ok().and_then(|id| tags.book().get(id));
                tag.is_some_and(|tag| if *is_memo { tag.memo.trim() == text } else { tag.definition.trim() == text })
            }),
            ScreenText::Memo { .. } => {
                self.memos.as_ref().is_some_and(|memos| memos.report().memos.iter().any(|memo| memo.text.trim() == text))
            }
        }
    }

    /// The words of a heading or of one's own in the basket shown.
    #[must_use]
    pub(in crate::tui) fn basket_text(&self, id: RecordId) -> Option<&str> {
        let entry = self.basket.as_ref()?.entries().iter().find(|entry| entry.id == id)?;
        entry.passage.is_none().then(|| entry.item.text())
    }

    /// The memo that a draft was on.
    #[must_use]
    pub(in crate::tui) fn memo_of_draft(&self, key: &str) -> Option<(MemoSubject, String)> {
        let memo = self.memos.as_ref()?.report().memos.iter().find(|memo| memo_key(&memo.subject) == key)?;
        Some((memo.subject.clone(), memo.text.clone()))
    }
}

impl FoundDraft {
    /// The screen that it is offered on.
    #[must_use]
    pub(in crate::tui) fn screen(&self) -> ScreenKind {
        match &self.target {
            DraftTarget::Note(_) => ScreenKind::Reader,
            DraftTarget::Screen(text) => text.screen(),
        }
    }
}

impl ScreenText {
    /// The screen that it is written on.
    #[must_use]
    pub(in crate::tui) fn screen(&self) -> ScreenKind {
        match self {
            Self::BasketWords { .. } | Self::BasketHeading { .. } => ScreenKind::Basket,
            Self::Tag { .. } => ScreenKind::Tags,
            Self::Memo { .. } => ScreenKind::Memos,
        }
    }
}
