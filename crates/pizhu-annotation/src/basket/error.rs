//! Why a change of a basket is refused.

/// Why a change of a basket is refused; nothing has changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BasketError {
    /// There is no basket of this name.
    #[error("no basket {0:?}")]
    Missing(String),
    /// Several baskets have the name.
    #[error("several baskets are named {name:?}: {}", labels.join(", "))]
    Several {
        /// The name.
        name: String,
        /// What tells them apart.
        labels: Vec<String>,
    },
    /// Another basket has the name.
    #[error("there is a basket {0:?} already")]
    Exists(String),
    /// A name without letters.
    #[error("not a name for a basket: {0:?}")]
    BadName(String),
    /// There is no such entry (any more).
    #[error("there is no such entry")]
    NoEntry,
}
