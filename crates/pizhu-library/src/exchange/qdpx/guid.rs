//! Identifiers of a project.

use pizhu_annotation::AnnotationId;

/// GUID derived from a kind and a unique name, so that it is the same in every export.
pub(super) fn guid(kind: &str, name: &str) -> String {
    AnnotationId::from_content(format!("{kind}\0{name}").as_bytes()).to_string()
}
