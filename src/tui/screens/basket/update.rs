//! Updates of the basket screen, and putting passages in from other screens.

use super::screen::{BasketScreen, UndoableEdit};
use crate::locale::{MessageId, id, notice};
use crate::tui::effect::Effect;
use crate::tui::message::{
    BasketEdited, BasketRequest, BasketWork, EditDirection, PassageExtent, PassageRequest, PieceStyle, QuerySubject, SpeechSpan,
    StatusMessage, StoreBaskets,
};
use crate::tui::overlay::{BasketQuestion, NoteEditor, NoteTarget, Overlay, Prompt, PromptKind, QuickPick, QuickPickAction};
use crate::tui::state::{ScreenKind, State};
use crate::tui::widget::{Picker, PickerItem};
use pizhu_annotation::{Action, AnnotationId, BasketEdit, BasketItem, BasketName, RecordId};
use pizhu_library::basket::BasketFormat;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Maximum chars of an entry in a message.
const MAX_TOLD_CHARS: usize = 16;

impl State {
    /// Opens the basket screen for the store of the open speech, or of the speech selected in the library.
    pub(crate) fn open_basket(&mut self, effects: &mut Vec<Effect>) {
        let near = self.basket_near();
        self.basket = Some(BasketScreen::new(near));
        self.basket_opened_from = self.screen;
        self.screen = ScreenKind::Basket;
        self.close_all_overlays();
        self.arrange();
        self.request_basket(BasketWork::Load, effects);
    }

    /// The speech or folder whose store is meant on the present screen.
    fn basket_near(&self) -> Option<PathBuf> {
        let open = || self.reader.as_ref().map(|reader| reader.origin.path.clone());
        let listed = || self.library.selected().map(|entry| entry.path.clone());
        let near = match self.screen {
            ScreenKind::Reader => open(),
            ScreenKind::Results => self.results.as_ref().and_then(|results| Some(results.selected()?.source.as_ref()?.path.clone())),
            ScreenKind::Basket => self.basket.as_ref().and_then(|basket| basket.near.clone()),
            _ => None,
        };
        near.or_else(listed).or_else(open).or_else(|| self.library.roots.first().cloned())
    }

    /// Leaves the basket screen.
    pub(crate) fn leave_basket(&mut self) {
        if self.basket.take().is_none() {
            return;
        }
        self.screen = match self.basket_opened_from {
            ScreenKind::Reader if self.reader.is_some() => ScreenKind::Reader,
            ScreenKind::Results if self.results.is_some() => ScreenKind::Results,
            ScreenKind::Tags if self.tags.is_some() => ScreenKind::Tags,
            _ => ScreenKind::Library,
        };
        self.arrange();
    }

    /// Reads the baskets again, for example after a speech of one was open.
    pub(crate) fn reload_basket(&mut self, effects: &mut Vec<Effect>) {
        self.request_basket(BasketWork::Load, effects);
    }

    fn request_basket(&mut self, work: BasketWork, effects: &mut Vec<Effect>) {
        let near = self.basket_near();
        let mut opened = self.library.roots.clone();
        opened.extend(self.reader.as_ref().map(|reader| reader.origin.path.clone()));
        let basket = self.basket_history.current;
        effects.push(Effect::Basket(Box::new(BasketRequest { near, basket, opened, work })));
    }

    fn edit_basket(&mut self, edit: BasketEdit, told: StatusMessage, effects: &mut Vec<Effect>) {
        self.request_basket(BasketWork::Edit { edit, told, direction: EditDirection::Forward }, effects);
    }

    /// Puts into the basket what the reader points at: the selection, else the current section.
    pub(crate) fn put_target_into_basket(&mut self, effects: &mut Vec<Effect>) {
        match self.target() {
            // The whole of a speech is no passage.
            Ok(pizhu_annotation::Target::Speech) => self.status = Some(StatusMessage::hint(notice::BASKET_PUT_NOTHING)),
            Ok(target) => {
                self.put_open(PassageExtent::Target(target, None), effects);
                self.spend_selection();
            }
            Err(message) => self.status = Some(message),
        }
    }

    /// Puts the passage of an annotation of the open speech into the basket.
    pub(crate) fn put_annotation_into_basket(&mut self, id: Option<AnnotationId>, effects: &mut Vec<Effect>) {
        let target = id.and_then(|id| self.reader.as_ref()?.annotations.get(id)?.target());
        match target {
            Some(pizhu_annotation::Target::Speech) | None => self.status = Some(StatusMessage::hint(notice::BASKET_PUT_NOTHING)),
            Some(target) => self.put_open(PassageExtent::Target(target, id), effects),
        }
    }

    fn put_open(&mut self, extent: PassageExtent, effects: &mut Vec<Effect>) {
        let Some(reader) = &self.reader else { return };
        if !reader.document().is_final {
            self.status = Some(StatusMessage::hint(notice::STILL_READING));
            return;
        }
        let request = PassageRequest { path: reader.origin.path.clone(), document: Some(reader.document().clone()), extent };
        self.request_basket(BasketWork::Put(Box::new(request)), effects);
    }

    /// Puts the selected result into the basket: the sentence of a hit, or the passage.
    pub(crate) fn put_result_into_basket(&mut self, effects: &mut Vec<Effect>) {
        let found = self.results.as_ref().and_then(|results| {
            let row = results.selected()?;
            let SpeechSpan { path, span } = row.source.clone()?;
            let is_title = row.is_head && row.pieces.first().is_some_and(|(_, style)| *style == PieceStyle::Title);
            let extent = match results.subject {
                _ if is_title => return None,
                QuerySubject::Search => PassageExtent::Sentence(span.start),
                _ => PassageExtent::Span(span),
            };
            Some(PassageRequest { path, document: None, extent })
        });
        match found {
            Some(request) => self.request_basket(BasketWork::Put(Box::new(request)), effects),
            None => self.status = Some(StatusMessage::hint(notice::BASKET_PUT_NOTHING)),
        }
    }

    /// Takes the baskets of the store.
    pub(crate) fn set_baskets(&mut self, baskets: StoreBaskets) {
        if let Some(basket) = &mut self.basket {
            basket.set_baskets(baskets);
        }
    }

    /// Handles that an edit was made: tells it, and keeps it for undoing.
    pub(crate) fn basket_edited(&mut self, edited: BasketEdited) {
        if edited.basket.is_some() {
            self.basket_history.current = edited.basket;
        }
        if let Some(basket) = &mut self.basket {
            basket.next_selected = edited.entry;
        }
        let told = edited.told;
        self.status = Some(match (edited.direction, edited.waits) {
            (_, Some(reason)) => StatusMessage::error(notice::BASKET_WAITS).with("reason", reason),
            (EditDirection::Forward, None) => told.clone(),
            (EditDirection::Undo, None) => StatusMessage::done(notice::UNDONE_THAT).with_message("what", told.clone()),
            (EditDirection::Redo, None) => StatusMessage::done(notice::REDONE_THAT).with_message("what", told.clone()),
        });
        if !edited.action.is_empty() {
            self.basket_history.keep(UndoableEdit { action: edited.action, told }, edited.direction);
        }
    }

    /// Undoes the last edit of a basket, or redoes one that was undone.
    pub(crate) fn undo_basket_edit(&mut self, again: bool, effects: &mut Vec<Effect>) {
        let history = &mut self.basket_history;
        let last = if again { history.undone.pop() } else { history.done.pop() };
        let Some(last) = last else {
            self.status = Some(StatusMessage::hint(if again { notice::NOTHING_TO_REDO } else { notice::NOTHING_TO_UNDO }));
            return;
        };
        let direction = if again { EditDirection::Redo } else { EditDirection::Undo };
        self.request_basket(BasketWork::Edit { edit: BasketEdit::Undo { action: last.action }, told: last.told, direction }, effects);
    }

    /// Handles that an edit was not undone or redone: it can be tried again.
    pub(crate) fn basket_undo_failed(&mut self, action: Arc<Action>, told: StatusMessage, direction: EditDirection) {
        let history = &mut self.basket_history;
        let kept = if direction == EditDirection::Undo { &mut history.done } else { &mut history.undone };
        kept.push(UndoableEdit { action, told });
    }

    /// The id and content of the selected entry; without one, says so.
    fn selected_entry(&mut self) -> Option<(RecordId, BasketItem)> {
        let selected = self.basket.as_ref().and_then(BasketScreen::selected).map(|entry| (entry.id, entry.item.clone()));
        if selected.is_none() {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
        }
        selected
    }

    /// Opens the source of the selected passage, or edits the selected words.
    pub(crate) fn open_basket_entry(&mut self, effects: &mut Vec<Effect>) {
        let Some(entry) = self.basket.as_ref().and_then(BasketScreen::selected) else {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
            return;
        };
        let Some(passage) = &entry.passage else { return self.edit_basket_entry() };
        let Some(path) = passage.file.clone() else {
            self.status = Some(StatusMessage::hint(notice::BASKET_NO_SOURCE));
            return;
        };
        let at = entry.item.as_passage().map(|passage| passage.at.span());
        let span = passage.span.or(at).unwrap_or_default();
        self.open_at(&SpeechSpan { path, span }, None, effects);
    }

    /// Edits the selected heading or words.
    pub(crate) fn edit_basket_entry(&mut self) {
        let Some((id, item)) = self.selected_entry() else { return };
        match item {
            BasketItem::Heading { text, .. } => self.ask_basket(BasketQuestion::EditHeading, &text),
            BasketItem::Words { text } => {
                self.push_overlay(Overlay::Editor(NoteEditor::new(NoteTarget::BasketWords { entry: Some(id), above: false }, &text)));
            }
            BasketItem::Passage(_) => self.status = Some(StatusMessage::hint(notice::BASKET_NOT_WORDS)),
        }
    }

    /// Opens the editor for words below or above the selected entry.
    pub(crate) fn write_basket_words(&mut self, above: bool) {
        if self.basket.is_none() {
            return;
        }
        self.push_overlay(Overlay::Editor(NoteEditor::new(NoteTarget::BasketWords { entry: None, above }, "")));
    }

    /// Takes the words written.
    pub(crate) fn accept_basket_words(&mut self, entry: Option<RecordId>, above: bool, text: &str, effects: &mut Vec<Effect>) {
        let item = BasketItem::words(text);
        if item.text().is_empty() {
            self.status = Some(StatusMessage::hint(notice::BASKET_EMPTY_WORDS));
            return;
        }
        match entry {
            Some(entry) => self.edit_basket(BasketEdit::Set { entry, item }, StatusMessage::done(notice::BASKET_WRITTEN), effects),
            None => self.insert_entry(item, above, StatusMessage::done(notice::BASKET_WRITTEN), effects),
        }
    }

    /// Puts a heading or words below or above the selected entry.
    fn insert_entry(&mut self, item: BasketItem, above: bool, told: StatusMessage, effects: &mut Vec<Effect>) {
        let shown = self.basket.as_ref().and_then(BasketScreen::shown);
        let (selected, count) = self.basket.as_ref().map_or((0, 0), |basket| (basket.list().selected(), basket.entries().len()));
        let at = if above || count == 0 { selected } else { selected + 1 };
        let name = || BasketName::Named(self.locale.text(id::BASKET_DEFAULT_NAME).into_owned());
        let basket = shown.map_or_else(name, BasketName::Id);
        self.edit_basket(BasketEdit::Add { basket, at: Some(at), items: vec![item] }, told, effects);
    }

    /// Moves the selected entry down or up.
    pub(crate) fn move_basket_entry(&mut self, steps: isize, effects: &mut Vec<Effect>) {
        let Some((entry, item)) = self.selected_entry() else { return };
        let (at, count) = self.basket.as_ref().map_or((0, 0), |basket| (basket.list().selected(), basket.entries().len()));
        let to = at.saturating_add_signed(steps).min(count.saturating_sub(1));
        if to == at {
            self.status = Some(StatusMessage::hint(if steps < 0 { notice::AT_START } else { notice::AT_END }));
            return;
        }
        let told = StatusMessage::done(notice::BASKET_MOVED).with("words", told_words(item.text()));
        self.edit_basket(BasketEdit::Move { entry, to }, told, effects);
    }

    /// Makes the selected heading one level deeper or less deep.
    pub(crate) fn relevel_basket_heading(&mut self, steps: i8, effects: &mut Vec<Effect>) {
        let Some((entry, item)) = self.selected_entry() else { return };
        let BasketItem::Heading { level, text } = item else {
            self.status = Some(StatusMessage::hint(notice::BASKET_NO_HEADING));
            return;
        };
        let item = BasketItem::heading(level.saturating_add_signed(steps), &text);
        let told = StatusMessage::done(notice::BASKET_CHANGED).with("words", told_words(&text));
        self.edit_basket(BasketEdit::Set { entry, item }, told, effects);
    }

    /// Removes the selected entry.
    pub(crate) fn remove_basket_entry(&mut self, effects: &mut Vec<Effect>) {
        let Some((entry, item)) = self.selected_entry() else { return };
        let told = StatusMessage::done(notice::BASKET_REMOVED).with("words", told_words(item.text()));
        self.edit_basket(BasketEdit::Remove { entries: vec![entry] }, told, effects);
    }

    /// Copies the selected entry, a passage with its source.
    pub(crate) fn copy_basket_entry(&mut self, effects: &mut Vec<Effect>) {
        let Some(entry) = self.basket.as_ref().and_then(BasketScreen::selected) else {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
            return;
        };
        let text = match &entry.passage {
            Some(passage) => format!("{}\n——{}\n", passage.text, passage.source.line()),
            None => entry.item.text().to_owned(),
        };
        self.status = Some(StatusMessage::done(notice::COPIED).with("count", text.chars().count()));
        effects.push(Effect::Copy(text));
    }

    /// Asks for a text.
    pub(in crate::tui) fn ask_basket(&mut self, question: BasketQuestion, text: &str) {
        let mut prompt = Prompt::new(PromptKind::Basket(question), 0);
        prompt.input.set(text);
        self.overlay = Some(Overlay::Prompt(prompt));
    }

    /// Asks for the new name of the basket shown.
    pub(crate) fn ask_basket_name(&mut self) {
        match self.basket.as_ref().filter(|basket| basket.shown().is_some()) {
            Some(basket) => {
                let label = basket.label().to_owned();
                self.ask_basket(BasketQuestion::Rename, &label);
            }
            None => self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE)),
        }
    }

    /// Takes the answer.
    pub(in crate::tui) fn answer_basket(&mut self, question: BasketQuestion, text: &str, effects: &mut Vec<Effect>) {
        let text = text.trim();
        let is_empty = text.is_empty();
        match question {
            BasketQuestion::Heading | BasketQuestion::EditHeading if is_empty => {
                self.status = Some(StatusMessage::hint(notice::BASKET_EMPTY_WORDS));
            }
            BasketQuestion::Heading => {
                let level = self.basket.as_ref().and_then(|basket| match basket.selected()?.item {
                    BasketItem::Heading { level, .. } => Some(level),
                    _ => None,
                });
                let told = StatusMessage::done(notice::BASKET_HEADED).with("words", told_words(text));
                self.insert_entry(BasketItem::heading(level.unwrap_or(1), text), true, told, effects);
            }
            BasketQuestion::EditHeading => {
                if let Some((entry, BasketItem::Heading { level, .. })) = self.selected_entry() {
                    let told = StatusMessage::done(notice::BASKET_CHANGED).with("words", told_words(text));
                    self.edit_basket(BasketEdit::Set { entry, item: BasketItem::heading(level, text) }, told, effects);
                }
            }
            BasketQuestion::New => {
                let told = StatusMessage::done(notice::BASKET_MADE).with("name", text);
                self.edit_basket(BasketEdit::Create { name: text.to_owned() }, told, effects);
            }
            BasketQuestion::Rename => {
                if let Some(basket) = self.basket.as_ref().and_then(BasketScreen::shown) {
                    let told = StatusMessage::done(notice::BASKET_RENAMED).with("name", text);
                    self.edit_basket(BasketEdit::Rename { basket, name: text.to_owned() }, told, effects);
                }
            }
            BasketQuestion::MoveToNew => self.move_entry_to(BasketName::Named(text.to_owned()), text, effects),
        }
    }

    fn move_entry_to(&mut self, basket: BasketName, name: &str, effects: &mut Vec<Effect>) {
        let Some((entry, item)) = self.selected_entry() else { return };
        let told = StatusMessage::done(notice::BASKET_MOVED_TO).with("name", name).with("words", told_words(item.text()));
        self.edit_basket(BasketEdit::MoveTo { entry, basket }, told, effects);
    }

    /// Lets the user pick a basket: to show it, or to move the selected entry into it.
    pub(crate) fn pick_basket(&mut self, moves: bool) {
        if moves && self.selected_entry().is_none() {
            return;
        }
        let Some(screen) = &self.basket else { return };
        let others: Vec<RecordId> = screen.all().all().iter().map(|basket| basket.id).filter(|id| Some(*id) != screen.shown()).collect();
        let mut items: Vec<PickerItem> = Vec::new();
        for id in &others {
            let count = screen.all().get(*id).map_or(0, |basket| basket.entries.len());
            let label = self.basket_label(screen, *id);
            items.push(PickerItem { name: label, detail: count.to_string(), ..PickerItem::default() });
        }
        items.push(PickerItem { name: self.locale.text(id::BASKET_PICK_NEW).into_owned(), ..PickerItem::default() });
        let (title, action) = if moves {
            (id::PROMPT_BASKET_MOVE, QuickPickAction::MoveToBasket(others))
        } else {
            (id::PROMPT_BASKET_SWITCH, QuickPickAction::ShowBasket(others))
        };
        self.open_picked(title, Vec::new(), items, action);
    }

    fn basket_label(&self, screen: &BasketScreen, id: RecordId) -> String {
        match screen.all().label(id) {
            label if label.is_empty() => self.locale.text(id::BASKET_UNNAMED).into_owned(),
            label => label,
        }
    }

    fn open_picked(&mut self, title: MessageId, arguments: Vec<(&'static str, String)>, items: Vec<PickerItem>, action: QuickPickAction) {
        self.overlay = Some(Overlay::QuickPick(QuickPick { picker: Picker::new(items, false), title, arguments, action }));
        self.fit_overlay();
    }

    /// Shows the picked basket, or asks for the name of a new one.
    pub(crate) fn show_basket(&mut self, id: Option<RecordId>, effects: &mut Vec<Effect>) {
        match id {
            Some(id) => {
                self.basket_history.current = Some(id);
                self.request_basket(BasketWork::Load, effects);
            }
            None => self.ask_basket(BasketQuestion::New, ""),
        }
    }

    /// Moves the selected entry into the picked basket, or asks for the name of a new one.
    pub(crate) fn move_to_basket(&mut self, id: Option<RecordId>, effects: &mut Vec<Effect>) {
        let label = id.and_then(|id| Some(self.basket_label(self.basket.as_ref()?, id)));
        match (id, label) {
            (Some(id), Some(label)) => self.move_entry_to(BasketName::Id(id), &label, effects),
            _ => self.ask_basket(BasketQuestion::MoveToNew, ""),
        }
    }

    /// Asks whether to delete the basket shown.
    pub(crate) fn ask_delete_basket(&mut self) {
        let Some((screen, id)) = self.basket.as_ref().and_then(|screen| Some((screen, screen.shown()?))) else {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
            return;
        };
        let arguments = vec![("name", screen.label().to_owned()), ("count", screen.entries().len().to_string())];
        let item = |text: MessageId| PickerItem { name: self.locale.text(text).into_owned(), ..PickerItem::default() };
        let items = vec![item(id::BASKET_DELETE_NO), item(id::BASKET_DELETE_YES)];
        self.open_picked(id::PROMPT_BASKET_DELETE, arguments, items, QuickPickAction::DeleteBasket(id));
    }

    /// Deletes a basket.
    pub(crate) fn delete_basket(&mut self, basket: RecordId, effects: &mut Vec<Effect>) {
        let name = self.basket.as_ref().map(|screen| screen.label().to_owned()).unwrap_or_default();
        self.edit_basket(BasketEdit::Delete { basket }, StatusMessage::done(notice::BASKET_DELETED).with("name", name), effects);
    }

    /// Asks for the file to export the basket to.
    pub(crate) fn prompt_export_basket(&mut self, path: Option<&str>) {
        let Some(screen) = self.basket.as_ref().filter(|screen| !screen.entries().is_empty()) else {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_EXPORT));
            return;
        };
        // A name may hold what a path must not.
        let name: String = screen.label().chars().map(|c| if matches!(c, '/' | '\\' | ':') { '_' } else { c }).collect();
        let mut prompt = Prompt::new(PromptKind::ExportBasket, 0);
        prompt.input.set(&path.map_or_else(|| format!("{name}.docx"), str::to_owned));
        self.overlay = Some(Overlay::Prompt(prompt));
    }

    /// Exports the basket shown.
    pub(crate) fn export_basket(&mut self, path: &str, overwrite: bool, effects: &mut Vec<Effect>) {
        if BasketFormat::from_path(Path::new(path)).is_none() {
            self.status = Some(StatusMessage::error(notice::BASKET_FORMAT));
            return;
        }
        self.basket_history.current = self.basket.as_ref().and_then(BasketScreen::shown).or(self.basket_history.current);
        self.request_basket(BasketWork::Export { path: PathBuf::from(path), overwrite }, effects);
    }

    /// Fits the basket screen to the terminal.
    pub(crate) fn arrange_basket(&mut self) {
        let (list, _) = self.size.tags_areas();
        if let Some(basket) = &mut self.basket {
            basket.resize(list.height);
        }
    }
}

/// The beginning of a text, for a message.
pub(in crate::tui) fn told_words(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(MAX_TOLD_CHARS) {
        Some((at, _)) => format!("{}…", words.get(..at).unwrap_or_default()),
        None => words,
    }
}
