//! Completion of what is typed in a prompt.

use crate::tui::command::keymap::Keymap;
use crate::tui::effect::Effect;
use crate::tui::state::{LibraryScreen, State};
use crate::tui::overlay::{Overlay, PromptCompletion, PromptKind};
use pizhu_library::attributes::{FOUND_KEYS, ordered_keys};
use pizhu_library::condition::Completion;

impl State {
    /// Puts the next candidate, or the one before, at the end of what is typed before the cursor.
    pub(crate) fn complete_prompt(&mut self, back: bool, keymap: &Keymap, effects: &mut Vec<Effect>) {
        let Some(Overlay::Prompt(prompt)) = &self.overlay else { return };
        let kind = prompt.kind;
        let (before, after) = prompt.input.parts();
        let (before, after) = (before.to_owned(), after.to_owned());
        let completion = match prompt.completion.clone() {
            Some(mut completion) => {
                completion.step(back);
                Some(completion)
            }
            None => PromptCompletion::new(&before, self.completions(kind, &before), back),
        };
        // The prompt covers the status line: without a candidate, what is typed stays as it is.
        let Some(completion) = completion else { return };
        if let Some(Overlay::Prompt(prompt)) = &mut self.overlay {
            prompt.input.set_parts(&completion.line(), &after);
            // Of an only one, the next key completes what follows.
            prompt.completion = Some(completion).filter(|completion| completion.candidates().len() > 1);
        }
        self.prompt_changed(keymap, effects);
    }

    /// Candidates for what is typed in a prompt.
    fn completions(&self, kind: PromptKind, typed: &str) -> Vec<Completion> {
        match kind {
            PromptKind::LibraryFilter => self.library.complete_filter(typed),
            PromptKind::LibraryColumns | PromptKind::AttributeKey => LibraryScreen::complete_keys(typed, &self.known_attributes()),
            PromptKind::Attribute => {
                let key = self.asked_attribute().unwrap_or_default();
                let names = self.library.condition_names();
                let values = names.values_of(&key, typed).into_iter().filter(|(value, _)| *value != typed);
                values.map(|(value, count)| Completion::new(0, value.to_owned(), count.to_string())).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The attributes that are known by their names: found in texts, fixed in the project, or on a speech
    /// of the library.
    fn known_attributes(&self) -> Vec<String> {
        let names = self.library.condition_names();
        let fixed = self.attribute_types.iter().map(|(key, _)| key.as_str());
        ordered_keys(FOUND_KEYS.into_iter().chain(fixed).chain(names.keys()))
    }
}
