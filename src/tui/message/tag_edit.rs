//! Changes of the codebook as the tags screen asks for them, and what it shows.

use pizhu_annotation::{
    Codebook, CodebookChange, CodebookError, Tag, TagId,
    store::{TagUsage, TagUse},
};
use std::{path::PathBuf, sync::Arc};

/// Colours of a theme.
const COLOURS: isize = 12;

/// A text that is kept of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TagField {
    /// When to use it.
    Definition,
    /// Words that suggest it.
    Keywords,
    /// The user's thoughts about it.
    Memo,
    /// What identifies it without colour.
    Sign,
    /// Its colour in the theme.
    Colour,
}

/// A change of the codebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagEdit {
    /// Adds a tag below another, or at the top level.
    Add {
        /// The parent.
        parent: Option<TagId>,
        /// The name.
        name: String,
    },
    /// Renames a tag.
    Rename {
        /// The tag.
        id: TagId,
        /// The new name.
        name: String,
    },
    /// Merges a tag into another.
    Merge {
        /// The tag that goes.
        from: TagId,
        /// The tag that stays.
        into: TagId,
    },
    /// Moves a tag below another, or to the top level.
    Move {
        /// The tag.
        id: TagId,
        /// The new parent.
        parent: Option<TagId>,
    },
    /// Deletes a tag.
    Delete(TagId),
    /// Brings back a deleted tag.
    BringBack(TagId),
    /// Takes apart what was merged into a tag.
    Split(TagId),
    /// Sets a text of a tag.
    Detail {
        /// The tag.
        id: TagId,
        /// Which text.
        field: TagField,
        /// The text.
        text: String,
    },
    /// Gives a tag the colour so many steps after the one that it has then; there is none before the first
    /// and after the last.
    Recolour {
        /// The tag.
        id: TagId,
        /// The steps.
        steps: isize,
    },
    /// Gives a tag its key, or takes it away.
    Key {
        /// The tag.
        id: TagId,
        /// The key.
        key: Option<char>,
    },
    /// Undoes a change, or redoes one that was undone.
    Undo {
        /// The change.
        change: Arc<CodebookChange>,
        /// Whether it is a redo.
        again: bool,
    },
}

impl TagEdit {
    /// Applies the change.
    ///
    /// # Errors
    /// If the codebook refuses it.
    pub(crate) fn apply(&self, book: &mut Codebook) -> Result<(), CodebookError> {
        match self {
            Self::Add { parent, name } => book.add_below(*parent, Tag::new(name)).map(drop),
            Self::Rename { id, name } => book.rename(*id, name),
            Self::Merge { from, into } => book.merge(*from, *into),
            Self::Move { id, parent } => book.move_to(*id, *parent),
            Self::Delete(id) => book.delete(*id),
            Self::BringBack(id) => book.bring_back(*id).map(drop).ok_or_else(|| CodebookError::Missing(id.to_string())),
            Self::Split(id) => book.split(*id).map(drop),
            Self::Detail { id, field, text } => book.edit_details(*id, |tag| {
                let text = text.trim().to_owned();
                match field {
                    TagField::Definition => tag.definition = text,
                    TagField::Keywords => tag.keywords = words(&text),
                    TagField::Memo => tag.memo = text,
                    TagField::Sign => tag.sign = text,
                    TagField::Colour => tag.colour = text,
                }
            }),
            Self::Recolour { id, steps } => book.edit_details(*id, |tag| tag.colour = colour_after(&tag.colour, *steps)),
            Self::Key { id, key } => book.set_key(*id, *key),
            Self::Undo { change, .. } => change.undo(book),
        }
    }

    /// The tag to select afterwards, if the change names it.
    #[must_use]
    pub(crate) fn subject(&self) -> Option<TagId> {
        match self {
            Self::Merge { into: id, .. }
            | Self::Rename { id, .. }
            | Self::Move { id, .. }
            | Self::BringBack(id)
            | Self::Split(id)
            | Self::Detail { id, .. }
            | Self::Recolour { id, .. }
            | Self::Key { id, .. } => Some(*id),
            Self::Add { .. } | Self::Delete(_) | Self::Undo { .. } => None,
        }
    }
}

/// The text of a tag's field, in one line.
#[must_use]
pub(crate) fn field_text(tag: &Tag, field: TagField) -> String {
    match field {
        TagField::Definition => tag.definition.clone(),
        TagField::Keywords => tag.keywords.join("、"),
        TagField::Memo => tag.memo.clone(),
        TagField::Sign => tag.sign.clone(),
        TagField::Colour => tag.colour.clone(),
    }
}

/// The colour so many steps after another; empty for none.
#[must_use]
pub(crate) fn colour_after(colour: &str, steps: isize) -> String {
    let now = colour.strip_prefix("tag").and_then(|number| number.parse::<isize>().ok()).unwrap_or(0);
    // 0 is no colour of its own.
    match (now + steps).rem_euclid(COLOURS + 1) {
        0 => String::new(),
        next => format!("tag{next}"),
    }
}

/// Words as people separate them.
fn words(text: &str) -> Vec<String> {
    let separates = |c: char| matches!(c, ',' | '，' | '、' | ';' | '；' | '\n');
    text.split(separates).map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

/// The codebook of a store, and how often its tags are used there.
#[derive(Debug, Clone, Default)]
pub struct StoreTags {
    /// The store's folder.
    pub store: PathBuf,
    /// The codebook.
    pub book: Arc<Codebook>,
    /// The use of each tag.
    pub usage: Arc<TagUsage>,
}

impl StoreTags {
    /// The use of a tag itself.
    #[must_use]
    pub(crate) fn own(&self, id: TagId) -> TagUse {
        self.usage.own(id)
    }

    /// The use of a tag or one below it.
    #[must_use]
    pub(crate) fn within(&self, id: TagId) -> TagUse {
        self.usage.within(id)
    }

    /// Number of tags below a tag.
    #[must_use]
    pub(crate) fn count_below(&self, id: TagId) -> usize {
        self.book.tags().iter().filter(|tag| tag.id != id && self.book.is_within(tag.id, id)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three presses of the key within an answer of the store were one step.
    #[test]
    fn colours_asked_for_one_after_another_add_up() {
        let mut book = Codebook::starter();
        let id = TagId::from_name("人才工作");
        let edits = [TagEdit::Recolour { id, steps: 1 }, TagEdit::Recolour { id, steps: 1 }];
        for edit in &edits {
            edit.apply(&mut book).unwrap();
        }
        assert_eq!(book.get(id).unwrap().colour, "tag4");
        assert_eq!(["tag12", "", "tag3"].map(|colour| colour_after(colour, 1)), ["", "tag1", "tag4"]);
        assert_eq!(["tag1", ""].map(|colour| colour_after(colour, -1)), ["", "tag12"]);
    }
}
