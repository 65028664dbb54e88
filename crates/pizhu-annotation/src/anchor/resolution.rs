//! The result of anchoring an annotation.

use pizhu_text::document::SectionId;
use pizhu_text::text::Span;

/// How an annotation was anchored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AnchorStatus {
    /// Same chars at the same offset.
    Exact,
    /// Same chars (after folding width and script) at another offset.
    Moved,
    /// The place is certain, but the text inside differs.
    Changed,
    /// The place is uncertain and needs the user's review.
    Review,
    /// The text is gone.
    Orphaned,
}

impl AnchorStatus {
    /// The name in JSON, such as `"moved"`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Moved => "moved",
            Self::Changed => "changed",
            Self::Review => "review",
            Self::Orphaned => "orphaned",
        }
    }
}

/// The result of anchoring one annotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolution {
    /// How it was anchored.
    pub status: AnchorStatus,
    /// The chars found; `None` for review and orphaned. For a section, the whole section.
    pub span: Option<Span>,
    /// The likeliest place, for a review.
    pub proposed: Option<Span>,
    /// The section, for an annotation on a section.
    pub section: Option<SectionId>,
}

impl Resolution {
    pub(super) fn found(status: AnchorStatus, span: Span) -> Self {
        Self { status, span: Some(span), proposed: None, section: None }
    }

    pub(super) fn review(proposed: Span) -> Self {
        Self { status: AnchorStatus::Review, span: None, proposed: Some(proposed), section: None }
    }

    pub(super) fn orphaned() -> Self {
        Self { status: AnchorStatus::Orphaned, span: None, proposed: None, section: None }
    }
}
