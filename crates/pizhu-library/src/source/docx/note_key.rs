//! The key of a footnote or endnote.

/// Identity of a note: its kind and its id in the file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct NoteKey {
    pub(super) is_endnote: bool,
    pub(super) id: String,
}
