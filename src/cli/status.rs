//! Exit status of a command.

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Success: exit status 0.
    Done,
    /// No match, or a partial failure: exit status 1.
    NoMatch,
    /// Wrong usage or invalid input: exit status 2.
    Failure,
    /// Ended by this signal, after everything was saved: exit status 128 and the signal's number.
    Signalled(u8),
}

impl Status {
    /// The exit status.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::NoMatch => 1,
            Self::Failure => 2,
            Self::Signalled(signal) => 128_u8.saturating_add(signal),
        }
    }
}
