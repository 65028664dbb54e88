//! The error of a change to the codebook.

/// Why the codebook refuses a change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodebookError {
    /// Bad name: blank, or contains `/` or a control character.
    #[error("not a tag name: {0:?}")]
    BadName(String),
    /// The name is taken by a tag of the same parent.
    #[error("there is a tag {0} already")]
    Exists(String),
    /// No tag has this name or path.
    #[error("no tag {0}")]
    Missing(String),
    /// Several tags have this name.
    #[error("{name} may be {}", paths.join(", "))]
    Ambiguous {
        /// The name or path.
        name: String,
        /// What names each of the tags alone.
        paths: Vec<String>,
    },
    /// The tag would be, or have tags, on more levels than
    /// [`MAX_TAG_LEVELS`](super::MAX_TAG_LEVELS).
    #[error("{0} would be on more than 64 levels")]
    TooDeep(String),
    /// The new parent is the tag itself or one of its descendants.
    #[error("{parent} lies below {name}")]
    Cycle {
        /// The tag to be moved.
        name: String,
        /// The refused parent.
        parent: String,
    },
    /// Tags that annotations have would be gone: their paths.
    #[error("annotations have {}", .0.join(", "))]
    InUse(Vec<String>),
    /// Not a key that can choose a tag; see [`TAG_KEYS`](super::TAG_KEYS).
    #[error("not a key of a tag: {0:?}")]
    BadKey(char),
    /// Nothing was merged into the tag.
    #[error("nothing was merged into {0}")]
    NothingMerged(String),
}
