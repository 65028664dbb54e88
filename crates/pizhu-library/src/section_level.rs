//! The level of the section that an annotation is on.

use pizhu_annotation::AnchoredAnnotation;
use pizhu_text::document::Document;

/// The level of the annotated section, or of the one in which a passage begins: 1 is the topmost, 0 is
/// text outside any section; `None` for an annotation without a place.
pub(crate) fn annotation_level(document: &Document, anchored: &AnchoredAnnotation) -> Option<usize> {
    let span = anchored.span?;
    let section = anchored.section.or_else(|| document.outline.section_at(span.start));
    Some(section.map_or(0, |id| document.outline.ancestors(id).count()))
}
