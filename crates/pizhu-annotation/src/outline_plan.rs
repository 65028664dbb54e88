//! Planning outline edits: the records and annotations that a mended heading changes.
//!
//! An annotation of a section whose heading is taken away becomes one of the passage that the section
//! was; undoing the edit brings the section back.

use super::{
    anchor::AnchorStatus,
    anchor_index::AnchorIndex,
    anchored::AnchoredAnnotation,
    edit::{AnnotationChange, EditError},
    mended_section::{passage_of, section_at, section_starting_at},
    model::{Annotation, Scope, later_than, now},
    outline_edit::{OutlineEdits, PlacedOutlineEdit},
    record::{Record, RecordEntry, RecordId, RecordMap},
    record_change::{RecordChange, change_records},
    selector::Selector,
};
use pizhu_text::document::{Document, OutlineChange, SectionId};
use pizhu_text::text::Span;
use std::sync::Arc;

/// What the user asks to be mended in the outline of an open document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutlineRequest {
    /// A change of the heading at these words, or of the words.
    Change {
        /// The heading, or the words that are to be one.
        at: Span,
        /// The change.
        change: OutlineChange,
    },
    /// Takes back what was mended at these words; for `None` all of it.
    Reset(Option<Span>),
    /// Takes back one edit.
    Remove(RecordId),
    /// Attaches an edit whose heading was not found to these words.
    Attach(RecordId, Span),
    /// Keeps an edit whose heading is gone, without asking again.
    Orphan(RecordId),
}

/// The changes that a request leads to, and the outline after them.
#[derive(Debug, Default)]
pub struct OutlinePlan {
    /// The changes of annotations.
    pub changes: Vec<AnnotationChange>,
    /// The changes of records.
    pub records: Vec<RecordChange>,
    /// The outline edits with them.
    pub edits: OutlineEdits,
    /// The document as it is mended then.
    pub document: Document,
}

/// What a request is planned on.
///
/// ```
/// use pizhu_annotation::{AnchorIndex, OutlineChange, OutlineEdits, OutlineRequest, OutlineState, RecordMap};
/// use pizhu_text::document::{Hints, parse};
/// use pizhu_text::text::SourceText;
///
/// let text = "在青禾县会议上的讲话\n\n同志们：\n\n一、总体要求\n\n要稳。\n\n二、保障措施\n\n要实。\n";
/// let document = parse(SourceText::from(text), &Hints::default());
/// let (records, edits, anchors) = (RecordMap::new(), OutlineEdits::default(), AnchorIndex::default());
/// let state = OutlineState { document: &document, records: &records, edits: &edits, anchors: &anchors };
/// let at = document.outline.sections().get(1).unwrap().heading;
/// let plan = state.plan(OutlineRequest::Change { at, change: OutlineChange::Demote }, "甲")?;
/// assert_eq!((plan.records.len(), plan.document.outline.path_text(pizhu_text::document::SectionId(1))), (1, "一、/二、".to_owned()));
/// # Ok::<(), pizhu_annotation::EditError>(())
/// ```
pub struct OutlineState<'a> {
    /// The document as it is mended.
    pub document: &'a Document,
    /// The records of the speech.
    pub records: &'a RecordMap,
    /// The outline edits among them.
    pub edits: &'a OutlineEdits,
    /// The annotations.
    pub anchors: &'a AnchorIndex,
}

impl OutlineState<'_> {
    /// Plans a request by `author`. Without changes if everything is as asked for.
    ///
    /// # Errors
    /// Fails if it cannot be done; see [`EditError`].
    pub fn plan(&self, request: OutlineRequest, author: &str) -> Result<OutlinePlan, EditError> {
        if !self.document.is_final {
            return Err(EditError::Provisional);
        }
        let records = match request {
            OutlineRequest::Change { at, change } => self.plan_change(at, change, author)?,
            OutlineRequest::Reset(at) => {
                let here = |placed: &&PlacedOutlineEdit| at.is_none_or(|at| placed.span.is_some_and(|span| span.overlaps(at)));
                let records: Vec<RecordChange> =
                    self.edits.all().iter().filter(here).filter_map(|placed| self.removal(placed.id)).collect();
                if records.is_empty() && at.is_some() {
                    return Err(EditError::NoHeading);
                }
                records
            }
            OutlineRequest::Remove(id) => vec![self.removal(id).ok_or(EditError::Missing(id))?],
            OutlineRequest::Attach(id, at) => {
                let selector = self.describe(at).ok_or(EditError::NoText)?;
                vec![self.amended(id, author, |at| *at = selector.clone())?]
            }
            OutlineRequest::Orphan(id) => vec![self.amended(id, author, |at| at.orphaned = true)?],
        };
        Ok(self.plan_records(records, Vec::new()))
    }

    /// Completes changes of records: what becomes of the outline, and of the annotations but for
    /// `changes`.
    pub(crate) fn plan_records(&self, records: Vec<RecordChange>, mut changes: Vec<AnnotationChange>) -> OutlinePlan {
        let mut all = self.records.clone();
        change_records(&mut all, &records);
        let edits = OutlineEdits::brief(self.document, &all, self.edits);
        let document = edits.mend(self.document);
        let planned: Vec<_> = changes.iter().filter_map(AnnotationChange::id).collect();
        let others = self.anchors.iter().filter(|anchored| !planned.contains(&anchored.id()));
        let moved: Vec<AnnotationChange> = others
            .filter_map(|anchored| {
                let after = self.left_without_heading(anchored, &document).or_else(|| brought_back(anchored, &records, &document))?;
                Some(AnnotationChange { before: Some((*anchored.annotation).clone()), after: Some(after) })
            })
            .collect();
        changes.extend(moved);
        OutlinePlan { changes, records, edits, document }
    }

    fn plan_change(&self, at: Span, change: OutlineChange, author: &str) -> Result<Vec<RecordChange>, EditError> {
        let document = self.document;
        let at = document.source.span().intersection(at).filter(|at| !at.is_empty()).ok_or(EditError::NoText)?;
        let section = section_at(document, at);
        let heading = section.and_then(|id| document.outline.get(id)).map(|section| section.heading);
        let place = heading.unwrap_or(at);
        let depth = section.and_then(|id| document.outline.get(id)).map(|section| section.depth);
        let is_title = document.metadata.title_span.is_some_and(|title| title.overlaps(at));
        match (change, depth) {
            (OutlineChange::Promote, Some(0)) => return Err(EditError::CannotMove),
            (OutlineChange::Demote, Some(depth)) if !self.has_sibling_above(section, depth) => return Err(EditError::CannotMove),
            (OutlineChange::Promote | OutlineChange::Demote, None) => return Err(EditError::NoHeading),
            (OutlineChange::NoHeading, None) if !is_title => return Err(EditError::NoHeading),
            (OutlineChange::Heading(level), Some(depth)) if u16::from(level.max(1)) == depth + 1 => return Ok(Vec::new()),
            (OutlineChange::Title, _) if document.metadata.title_span == Some(at) => return Ok(Vec::new()),
            _ => {}
        }
        // What was mended there before, the latest last.
        let here: Vec<&PlacedOutlineEdit> =
            self.edits.all().iter().filter(|placed| placed.span.is_some_and(|span| span.overlaps(place))).collect();
        let last = here.last().copied();
        let taken_back = match (change, last.map(|last| last.change)) {
            (OutlineChange::Promote, Some(OutlineChange::Demote))
            | (OutlineChange::Demote, Some(OutlineChange::Promote))
            | (OutlineChange::Heading(_), Some(OutlineChange::NoHeading)) => last.and_then(|last| self.removal(last.id)),
            _ => None,
        };
        // A heading or title made by hand is none when nothing is mended there.
        let is_parsed = section_at(&document.parsed(), place).is_some();
        let is_made_title = here.iter().any(|placed| placed.change == OutlineChange::Title);
        if change == OutlineChange::NoHeading
            && !here.is_empty()
            && ((section.is_some() && !is_parsed) || (section.is_none() && is_made_title))
        {
            return Ok(here.iter().filter_map(|placed| self.removal(placed.id)).collect());
        }
        let mut records: Vec<RecordChange> = taken_back.into_iter().collect();
        if !records.is_empty() {
            let after = self.plan_records(records.clone(), Vec::new()).document;
            let level = section_at(&after, place).and_then(|id| after.outline.get(id)).map(|section| section.depth + 1);
            let is_enough = match change {
                OutlineChange::Heading(wanted) => level == Some(u16::from(wanted.max(1))),
                OutlineChange::Promote => level == depth,
                _ => level == depth.map(|depth| depth + 2),
            };
            if is_enough {
                return Ok(records);
            }
            // What was there before led elsewhere; it stays.
            if !matches!(change, OutlineChange::Heading(_)) {
                records.clear();
            }
        }
        if change == OutlineChange::Title {
            // There is one title.
            let titles = self.edits.all().iter().filter(|placed| placed.change == OutlineChange::Title);
            records.extend(titles.filter_map(|placed| self.removal(placed.id)));
        }
        let stretch = match change {
            OutlineChange::NoHeading | OutlineChange::Title => section.and_then(|id| self.stretch(id)),
            _ => None,
        };
        let level = depth.map(|depth| depth + 1).filter(|_| matches!(change, OutlineChange::Promote | OutlineChange::Demote));
        let at = self.describe(place).ok_or(EditError::NoText)?;
        let record = Record::OutlineEdit { at, change, level, stretch: stretch.map(Box::new) };
        let after = RecordEntry { modified: now(), author: author.to_owned(), record };
        records.push(RecordChange { id: RecordId::new(), before: None, after: Some(after) });
        Ok(records)
    }

    /// Whether the section can come below one above it.
    fn has_sibling_above(&self, section: Option<SectionId>, depth: u16) -> bool {
        let above = section.and_then(|id| id.index().checked_sub(1)).and_then(|above| self.document.outline.sections().get(above));
        above.is_some_and(|above| above.depth >= depth)
    }

    /// Describes words as the outline that was parsed has them.
    fn describe(&self, at: Span) -> Option<Selector> {
        let parsed = self.document.parsed();
        let heading = section_at(&parsed, at).filter(|id| parsed.outline.get(*id).is_some_and(|section| section.heading == at));
        heading.and_then(|id| Selector::for_section(&parsed, id)).or_else(|| Selector::for_passage(&parsed, at))
    }

    /// The passage that a section is.
    fn stretch(&self, id: SectionId) -> Option<Selector> {
        Selector::for_passage(self.document, passage_of(self.document, self.document.outline.get(id)?.span))
    }

    fn removal(&self, id: RecordId) -> Option<RecordChange> {
        self.records.get(&id).map(|entry| RecordChange { id, before: Some(entry.clone()), after: None })
    }

    fn amended(&self, id: RecordId, author: &str, amend: impl FnOnce(&mut Selector)) -> Result<RecordChange, EditError> {
        let before = self.records.get(&id).ok_or(EditError::Missing(id))?;
        let mut after = before.clone();
        let Record::OutlineEdit { at, .. } = &mut after.record else { return Err(EditError::Missing(id)) };
        amend(at);
        author.clone_into(&mut after.author);
        after.modified = later_than(before.modified);
        Ok(RecordChange { id, before: Some(before.clone()), after: Some(after) })
    }

    /// An annotation of a section that `after` has no more, as one of the passage that it was.
    fn left_without_heading(&self, anchored: &AnchoredAnnotation, after: &Document) -> Option<Annotation> {
        let section = self.document.outline.get(anchored.section?)?;
        if section_starting_at(after, section.heading.start).is_some() {
            return None;
        }
        let selector = Selector::for_passage(after, passage_of(after, section.span))?;
        let mut annotation = Annotation { scope: Scope::Passage, selector, ..(*anchored.annotation).clone() };
        annotation.touch();
        Some(annotation)
    }
}

/// An annotation of the passage that a section was, if `records` take back that its heading was taken
/// away.
fn brought_back(anchored: &AnchoredAnnotation, records: &[RecordChange], after: &Document) -> Option<Annotation> {
    let annotation = &anchored.annotation;
    if annotation.scope != Scope::Passage {
        return None;
    }
    let was_this = |change: &&RecordChange| match (&change.before, &change.after) {
        (Some(RecordEntry { record: Record::OutlineEdit { stretch: Some(stretch), .. }, .. }), None) => {
            // The path of the section is another since.
            let words = |selector: &Selector| Selector { section: Vec::new(), ..selector.clone() };
            words(stretch) == words(&annotation.selector)
        }
        _ => false,
    };
    records.iter().find(was_this)?;
    let section = section_starting_at(after, anchored.span?.start)?;
    let mut annotation = Annotation { scope: Scope::Section, selector: Selector::for_section(after, section)?, ..(**annotation).clone() };
    annotation.touch();
    Some(annotation)
}

/// The annotations of a document in its new outline over the same text: passages stay, sections keep
/// their headings, and what has lost its section is anchored by `resolve`.
pub(crate) fn in_new_outline(
    anchors: &AnchorIndex,
    before: &Document,
    after: &Document,
    resolve: impl Fn(Arc<Annotation>) -> AnchoredAnnotation,
) -> AnchorIndex {
    anchors.mapped(|anchored| {
        let mut moved = anchored.clone();
        match anchored.annotation.scope {
            Scope::Speech => {}
            Scope::Passage => moved.home_section = anchored.span.and_then(|span| after.outline.section_at(span.start)),
            Scope::Section => {
                let heading = anchored.section.and_then(|id| before.outline.get(id)).map(|section| section.heading.start);
                match heading.and_then(|start| section_starting_at(after, start)) {
                    Some(id) => {
                        (moved.section, moved.home_section) = (Some(id), Some(id));
                        moved.span = after.outline.get(id).map(|section| section.span);
                    }
                    None if anchored.status == AnchorStatus::Orphaned && anchored.annotation.selector.orphaned => {}
                    None => return resolve(Arc::clone(&anchored.annotation)),
                }
            }
        }
        moved
    })
}
