//! The tag picker.

use crate::tui::widget::Picker;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Target;

/// The tag picker.
#[derive(Debug)]
pub struct TagPicker {
    /// The tags.
    pub picker: Picker,
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
