//! What the status line has to say.

/// How serious it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was done, or what was asked is answered.
    Done,
    /// Why nothing happened.
    Hint,
    /// Something went wrong.
    Error,
}

/// A message by its id in the locale, with its arguments; worded when drawn, so that it follows
/// the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The message `notice-<id>`.
    pub id: &'static str,
    /// Its arguments.
    pub arguments: Vec<(&'static str, String)>,
    /// How serious it is.
    pub tone: Tone,
}

impl Notice {
    fn new(id: &'static str, tone: Tone) -> Self {
        Self { id, arguments: Vec::new(), tone }
    }

    /// Something was done, or what was asked is answered.
    #[must_use]
    pub fn done(id: &'static str) -> Self {
        Self::new(id, Tone::Done)
    }

    /// Why nothing happened.
    #[must_use]
    pub fn hint(id: &'static str) -> Self {
        Self::new(id, Tone::Hint)
    }

    /// Something went wrong.
    #[must_use]
    pub fn error(id: &'static str) -> Self {
        Self::new(id, Tone::Error)
    }

    /// The same with an argument more.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "a number, a char or a string, as the caller has it")]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }
}
