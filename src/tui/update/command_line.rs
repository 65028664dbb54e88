//! The command line (`:`).

use crate::locale::{id, notice};
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::message::StatusMessage;
use crate::tui::overlay::QuickPickAction;
use crate::tui::state::State;
use crate::tui::widget::PickerItem;
use pizhu_text::search::NameQuery;

/// Parses a page number: `p12`, `第12页`.
fn parse_page(line: &str) -> Option<usize> {
    let number = line.strip_prefix('p').or_else(|| line.strip_prefix('第')?.strip_suffix('页'))?;
    number.trim().parse().ok().filter(|page| *page > 0)
}

impl State {
    /// Runs a command line: a percentage (`50%`), a page (`p12`), a line number, a command name (which is
    /// queued), a section path (`一/(二)`), or part of a section's title, also by pinyin (`rencai`).
    pub(in crate::tui) fn run_command_line(&mut self, line: &str, keymap: &Keymap, effects: &mut Vec<Effect>) {
        let line = line.trim();
        let folded = pizhu_text::text::fold::fold_text(line);
        let Some(reader) = &mut self.reader else { return };
        if let Some(percent) = folded.strip_suffix('%').and_then(|number| number.trim().parse().ok()) {
            reader.jump_to_percent(percent);
        } else if let Some(page) = parse_page(&folded) {
            let done = reader.jump_to_page(page);
            if !done {
                self.status = Some(StatusMessage::error(notice::NO_SUCH_PLACE).with("name", line));
            }
        } else if let Ok(number) = folded.parse::<usize>() {
            let start = reader.document().source.line_span(number.saturating_sub(1)).start;
            reader.jump_to(start);
        } else if matches!(line, "q" | "quit" | "wq" | "x" | "q!") {
            self.request_quit(effects);
        } else if let Some(command) = keymap.find(line) {
            if command.takes_char || !command.contexts.contains(&self.context()) {
                self.status = Some(StatusMessage::hint(notice::COMMAND_NOT_HERE).with("name", line));
            } else {
                self.queued_command = Some(command.name);
            }
        } else if !line.is_empty() {
            match reader.document().outline.resolve(line) {
                Ok(id) => {
                    let start = reader.document().outline.get(id).map_or(0, |section| section.span.start);
                    reader.jump_to(start);
                }
                Err(pizhu_text::document::PathError::Ambiguous(paths)) => {
                    self.status = Some(StatusMessage::error(notice::AMBIGUOUS_SECTION).with("path", line).with("count", paths.len()));
                }
                Err(pizhu_text::document::PathError::Missing(path)) => self.go_to_title(line, path),
            }
        }
    }

    /// Goes to the section whose title has these words, as they are or by pinyin; lists them if there are
    /// several. `path`: what is told to be missing if there is none.
    fn go_to_title(&mut self, words: &str, path: String) {
        let Some(reader) = &mut self.reader else { return };
        let query = NameQuery::new(words);
        let outline = &reader.document().outline;
        let found = outline.iter().filter(|(_, section)| query.matches(section.display_title()));
        let (items, offsets): (Vec<PickerItem>, Vec<usize>) = found
            .map(|(id, section)| {
                let item = PickerItem { name: section.display_title().to_owned(), detail: outline.path_text(id), ..PickerItem::default() };
                (item, section.span.start)
            })
            .unzip();
        match offsets.as_slice() {
            [] => self.status = Some(StatusMessage::error(notice::NO_SUCH_PLACE).with("name", path)),
            [only] => {
                let only = *only;
                reader.jump_to(only);
            }
            _ => self.open_quick_pick(id::PROMPT_SECTIONS, items, QuickPickAction::GoTo(offsets)),
        }
    }
}
