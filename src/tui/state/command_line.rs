//! What is typed behind the colon.

use super::{Notice, State};
use crate::tui::command;
use crate::tui::effect::Effect;

/// The page that is meant: `p12`, `第12页`.
fn page(line: &str) -> Option<usize> {
    let number = line.strip_prefix('p').or_else(|| line.strip_prefix('第')?.strip_suffix('页'))?;
    number.trim().parse().ok().filter(|page| *page > 0)
}

impl State {
    /// Runs what was typed behind the colon: a percentage, a line, a command's name, a section
    /// path.
    pub(super) fn run_line(&mut self, line: &str, effects: &mut Vec<Effect>) {
        let line = line.trim();
        let folded = pizhu_text::text::fold::fold_text(line);
        let Some(reader) = &mut self.reader else { return };
        if let Some(percent) = folded.strip_suffix('%').and_then(|number| number.trim().parse().ok()) {
            reader.jump_to_percent(percent);
        } else if let Some(page) = page(&folded) {
            let done = reader.jump_to_page(page);
            if !done {
                self.notice = Some(Notice::error("no-such-place").with("name", line));
            }
        } else if let Ok(number) = folded.parse::<usize>() {
            let start = reader.document().source.line_span(number.saturating_sub(1)).start;
            reader.jump_to(start);
        } else if matches!(line, "q" | "quit" | "wq" | "x" | "q!") {
            effects.push(Effect::Quit);
        } else if let Some(command) = command::find(line) {
            if command.takes_char || !command.contexts.contains(&self.context()) {
                self.notice = Some(Notice::hint("command-not-here").with("name", line));
            } else {
                command::run(self, command, None, None, effects);
            }
        } else if !line.is_empty() {
            match reader.document().outline.resolve(line) {
                Ok(id) => {
                    let start = reader.document().outline.get(id).map_or(0, |section| section.span.start);
                    reader.jump_to(start);
                }
                Err(pizhu_text::document::PathError::Ambiguous(paths)) => {
                    self.notice = Some(Notice::error("ambiguous-section").with("path", line).with("count", paths.len()));
                }
                Err(pizhu_text::document::PathError::Missing(path)) => {
                    self.notice = Some(Notice::error("no-such-place").with("name", path));
                }
            }
        }
    }
}
