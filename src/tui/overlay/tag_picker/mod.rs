//! The tag picker.

mod component;
mod update;

pub(in crate::tui) use update::{tag_item, tag_names};

use crate::tui::widget::Picker;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::{TagRef, Target};

/// The tag picker.
#[derive(Debug)]
pub(in crate::tui) struct TagPicker {
    /// The tags' items.
    pub picker: Picker,
    /// The tags, in the order of the items.
    pub(in crate::tui) tags: Vec<TagRef>,
    /// The target of the tags.
    pub(in crate::tui) target: TagTarget,
}

/// Target of the tag picker.
#[derive(Debug)]
pub(in crate::tui) enum TagTarget {
    /// New annotations at these targets.
    New(Vec<Target>),
    /// An existing annotation, whose tags are replaced.
    Existing(AnnotationId),
}
