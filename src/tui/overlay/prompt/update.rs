//! What typing, accepting and cancelling a prompt does.

use crate::locale::notice;
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::message::StatusMessage;
use crate::tui::overlay::{Overlay, Prompt, PromptKind};
use crate::tui::state::State;

impl State {
    /// Reacts to a change of the input: searches and filters are applied while typing.
    pub(in crate::tui) fn prompt_changed(&mut self, keymap: &Keymap, effects: &mut Vec<Effect>) {
        let Some(Overlay::Prompt(prompt)) = &mut self.overlay else { return };
        let text = prompt.input.text().to_owned();
        let (kind, origin) = (prompt.kind, prompt.origin);
        match (kind, &mut self.reader) {
            (PromptKind::Search { back }, Some(reader)) => {
                if text.is_empty() {
                    reader.reveal(origin);
                }
                let document = reader.viewport.document().clone();
                effects.extend(reader.search.start(&text, back, origin, true, &document));
            }
            (PromptKind::OutlineFilter, Some(reader)) => reader.filter_outline(&text),
            (PromptKind::LibraryFilter, _) => self.library.set_filter(&text),
            (PromptKind::TagsFilter, _) => drop(self.tags.as_mut().map(|tags| tags.set_filter(&text))),
            (PromptKind::MemosFilter, _) => drop(self.memos.as_mut().map(|memos| memos.set_filter(&text))),
            (PromptKind::ListFilter, Some(reader)) => {
                if let (true, Some(Overlay::Annotations(listing))) = (prompt.is_above, self.overlays_below.last_mut()) {
                    listing.set_filter(&text, reader);
                }
            }
            (PromptKind::HelpFilter, _) => {
                if let (true, Some(Overlay::Help(help))) = (prompt.is_above, self.overlays_below.last_mut()) {
                    help.set_filter(&text, keymap, self.locale);
                }
            }
            _ => {}
        }
    }

    pub(in crate::tui) fn accept_prompt(&mut self, prompt: Prompt, keymap: &Keymap, effects: &mut Vec<Effect>) {
        let typed = prompt.input.text().to_owned();
        let text = self.prompt_history.submit(prompt.kind, prompt.input);
        self.overlay = if prompt.is_above { self.overlays_below.pop() } else { None };
        match (prompt.kind, &mut self.reader) {
            (PromptKind::Search { back }, Some(reader)) => {
                let document = reader.viewport.document().clone();
                if text.is_empty() {
                    // An empty search repeats the last, as in vim.
                    match self.prompt_history.last(prompt.kind) {
                        Some(last) => effects.extend(reader.search.start(&last, back, prompt.origin + 1, true, &document)),
                        None => self.status = Some(StatusMessage::hint(notice::NO_SEARCH_YET)),
                    }
                    return;
                }
                let at = reader.viewport.cursor();
                if at != prompt.origin {
                    reader.jumps.push(prompt.origin);
                }
                if reader.search.query() != typed || reader.search.is_backward() != back {
                    effects.extend(reader.search.start(&text, back, prompt.origin, true, &document));
                } else if reader.search.is_complete() && reader.search.hits().is_empty() {
                    self.status = Some(StatusMessage::hint(notice::NOT_FOUND).with("query", text));
                }
            }
            (PromptKind::ExportPassages, _) => self.export_passages(text.trim(), false, effects),
            (PromptKind::Import, _) => self.import_file(text.trim(), effects),
            (PromptKind::ExportBasket, _) => self.export_basket(text.trim(), false, effects),
            (PromptKind::Basket(question), _) => self.answer_basket(question, &text, effects),
            (PromptKind::ExportCounts, _) => self.export_counts(text.trim(), false, effects),
            (PromptKind::Tag(question), _) => self.answer_tag(question, &text, effects),
            (PromptKind::Attribute, _) => self.answer_attribute(&text, effects),
            (PromptKind::LibraryColumns, _) => self.choose_library_columns(&text, effects),
            (PromptKind::AttributeKey, _) => self.answer_attribute_key(&text),
            (PromptKind::Command, Some(_)) => self.run_command_line(&text, keymap, effects),
            (PromptKind::Bookmark, Some(reader)) => {
                let name = text.trim();
                if name.is_empty() {
                    self.status = Some(StatusMessage::hint(notice::NO_NAME));
                } else {
                    reader.marks.insert(name.to_owned(), prompt.origin);
                    self.status = Some(StatusMessage::done(notice::BOOKMARK_SET).with("name", name));
                }
            }
            (PromptKind::Export(format), Some(_)) => self.export_annotations(format, &text, false, effects),
            _ => {}
        }
    }

    pub(in crate::tui) fn cancel_prompt(&mut self, prompt: &Prompt, keymap: &Keymap, effects: &mut Vec<Effect>) {
        self.overlay = if prompt.is_above { self.overlays_below.pop() } else { None };
        match (prompt.kind, &mut self.reader) {
            (PromptKind::Search { .. }, Some(reader)) => {
                let document = reader.viewport.document().clone();
                effects.extend(reader.search.start("", false, prompt.origin, false, &document));
                reader.reveal(prompt.origin);
            }
            (PromptKind::OutlineFilter, Some(reader)) => reader.filter_outline(""),
            (PromptKind::LibraryFilter, _) => self.library.set_filter(""),
            (PromptKind::TagsFilter, _) => drop(self.tags.as_mut().map(|tags| tags.set_filter(""))),
            (PromptKind::MemosFilter, _) => drop(self.memos.as_mut().map(|memos| memos.set_filter(""))),
            (PromptKind::ListFilter, Some(reader)) => {
                if let Some(Overlay::Annotations(listing)) = &mut self.overlay {
                    listing.set_filter("", reader);
                }
            }
            (PromptKind::HelpFilter, _) => {
                if let Some(Overlay::Help(help)) = &mut self.overlay {
                    help.set_filter("", keymap, self.locale);
                }
            }
            _ => {}
        }
    }
}
