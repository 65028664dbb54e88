//! A story: keys that are counted, and the screens that they led to.

use crate::terminal::{Home, Terminal};

/// A terminal that counts the keys pressed.
pub struct Story {
    pub terminal: Terminal,
    pub keys: usize,
    screens: Vec<String>,
}

impl Story {
    pub fn new(terminal: Terminal) -> Self {
        Self { terminal, keys: 0, screens: Vec::new() }
    }

    pub fn press(&mut self, keys: &str, count: usize) -> &mut Self {
        self.terminal.press(keys);
        self.keys += count;
        self
    }

    /// Words typed with an input method count as their characters.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        self.terminal.type_text(text);
        self.keys += text.chars().count();
        self
    }

    pub fn wait(&mut self, text: &str) -> &mut Self {
        self.terminal.wait_for(text).settle();
        self
    }

    pub fn wait_gone(&mut self, text: &str) -> &mut Self {
        self.terminal.wait_gone(text).settle();
        self
    }

    /// Keeps the screen for the snapshot.
    pub fn show(&mut self, what: &str) -> &mut Self {
        self.terminal.assert_whole();
        self.screens.push(format!("--- {what} ({} keys)\n{}", self.keys, self.terminal.screen()));
        self
    }

    /// The screens kept, with what led to them.
    pub fn told(&self, home: &Home) -> String {
        self.screens.join("\n").replace(&home.path().display().to_string(), "~")
    }
}
