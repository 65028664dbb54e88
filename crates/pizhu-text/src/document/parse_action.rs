//! Actions of the outline decoder.

/// The action chosen for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParseAction {
    Text,
    /// Continue the open sequence at this depth, closing deeper ones.
    Continue(u8),
    /// Open a new sequence at this depth, closing those at it and deeper.
    Open(u8),
}
