//! The picker of one of several annotations.

mod component;
mod update;

use crate::tui::message::AnnotationOp;
use crate::tui::widget::Picker;
use pizhu_annotation::AnnotationId;

/// A picker of one of several annotations.
#[derive(Debug)]
pub(in crate::tui) struct AnnotationPicker {
    /// The annotations.
    pub picker: Picker,
    /// Their ids, by picker item.
    pub(in crate::tui) ids: Vec<AnnotationId>,
    /// What is done to the one chosen.
    pub(in crate::tui) op: AnnotationOp,
}
