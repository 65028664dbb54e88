//! Reviewing: annotations and mended headings whose place is uncertain or gone, found, compared and
//! decided about.

use super::{
    error::UseCaseError,
    speeches::{Batch, SourceSpeech as _, SpeechResult, SpeechSource, Stopped, each_speech},
};
use pizhu_annotation::review::{self, DiffRun, QuoteInContext};
use pizhu_annotation::store::{FoundAnnotations, Proposal, SpeechKey};
use pizhu_annotation::{
    AnchorIndex, AnchorStatus, AnchoredAnnotation, AnnotationId, Edit, OutlineEdits, OutlineRequest, PlacedOutlineEdit, Selector, Store,
    StoreError, Target,
};
use pizhu_library::source::STDIN;
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use std::{ops::ControlFlow, path::Path, sync::Arc};

/// Which annotations and mended headings are reviewed; by default those that the user has to decide about.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReviewScope {
    /// Only these, whether or not there is something to decide; empty means no restriction.
    pub(crate) ids: Vec<AnnotationId>,
    /// Also those found although the text changed, and those kept as orphaned.
    pub(crate) all: bool,
}

/// What is to be decided about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum UndecidedCase<'a> {
    /// An annotation.
    Annotation(&'a AnchoredAnnotation),
    /// A heading mended by hand.
    Heading(&'a PlacedOutlineEdit),
}

/// The original words of a case beside those of its proposed place.
pub(crate) struct ComparedCase {
    /// The original words.
    pub(crate) old: QuoteInContext,
    /// The words of the proposed place; `None` if there is none.
    pub(crate) proposed: Option<QuoteInContext>,
    /// What differs; empty without a proposed place.
    pub(crate) difference: Vec<DiffRun>,
}

/// What the user decides about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Attach it at its proposed place.
    Accept,
    /// Attach it to a target.
    Attach(Target),
    /// Keep it as orphaned: its text is gone.
    Orphan,
}

/// The change that a decision makes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CaseChange {
    /// Of an annotation.
    Annotation(Edit),
    /// Of a mended heading.
    Heading(OutlineRequest),
}

/// Why a case cannot be decided so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Undecidable {
    /// No place is proposed for it.
    NothingProposed,
    /// A heading cannot be attached to a whole speech.
    NoHeading,
}

/// Why the cases of a speech were not decided.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DecisionError {
    /// One of them cannot be decided so.
    #[error("{1:?}")]
    Case(AnnotationId, Undecidable),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ReviewScope {
    /// The cases of a speech: annotations in text order (those asked for by id, in the order of the ids), then
    /// mended headings.
    pub(crate) fn cases<'a>(&self, anchors: &'a AnchorIndex, edits: &'a OutlineEdits) -> Vec<UndecidedCase<'a>> {
        let headings = edits.all().iter().map(UndecidedCase::Heading);
        if !self.ids.is_empty() {
            let annotations = self.ids.iter().filter_map(|id| anchors.get(*id)).map(UndecidedCase::Annotation);
            return annotations.chain(headings.filter(|case| self.ids.contains(&case.id()))).collect();
        }
        let is_more = |case: &UndecidedCase<'_>| self.all && (case.status() == AnchorStatus::Changed || case.is_kept());
        anchors.iter().map(UndecidedCase::Annotation).chain(headings).filter(|case| case.is_open() || is_more(case)).collect()
    }
}

impl<'a> UndecidedCase<'a> {
    /// Its id, its status, its original place and its proposed one.
    fn described(self) -> (AnnotationId, AnchorStatus, &'a Selector, Option<Span>) {
        match self {
            Self::Annotation(anchored) => (anchored.id(), anchored.status, &anchored.annotation.selector, anchored.proposed),
            Self::Heading(placed) => (placed.id, placed.status, &placed.selector, placed.proposed),
        }
    }

    /// Its id.
    #[must_use]
    pub(crate) fn id(self) -> AnnotationId {
        self.described().0
    }

    /// How it was anchored.
    pub(crate) fn status(self) -> AnchorStatus {
        self.described().1
    }

    /// Whether the user has decided to keep it as orphaned.
    pub(crate) fn is_kept(self) -> bool {
        self.described().2.orphaned
    }

    /// Whether the user has to decide about it.
    fn is_open(self) -> bool {
        matches!(self.status(), AnchorStatus::Review | AnchorStatus::Orphaned) && !self.is_kept()
    }

    /// Offset of the proposed place, or of the original one.
    #[must_use]
    pub(crate) fn likeliest_start(self) -> usize {
        let (.., selector, proposed) = self.described();
        proposed.map_or(selector.start, |span| span.start)
    }

    /// Its original words beside those of its proposed place.
    pub(crate) fn compared(self, document: &Document) -> ComparedCase {
        let old = review::described_quote(self.described().2);
        let proposed = match self {
            Self::Annotation(anchored) => review::current_quote(document, anchored),
            Self::Heading(placed) => review::heading_quote(document, placed),
        };
        let difference = proposed.as_ref().map(|new| review::difference(&old.quote, &new.quote)).unwrap_or_default();
        ComparedCase { old, proposed, difference }
    }

    /// The change that a decision about it makes.
    ///
    /// # Errors
    /// It cannot be decided so.
    pub(crate) fn decided(self, document: &Document, decision: Decision) -> Result<CaseChange, Undecidable> {
        let heading = |span: Option<Span>, error| Ok(CaseChange::Heading(OutlineRequest::Attach(self.id(), span.ok_or(error)?)));
        match (self, decision) {
            (Self::Annotation(anchored), Decision::Accept) => {
                review::accept(document, anchored).map(CaseChange::Annotation).ok_or(Undecidable::NothingProposed)
            }
            (Self::Annotation(_), Decision::Attach(target)) => Ok(CaseChange::Annotation(Edit::Attach { id: self.id(), target })),
            (Self::Annotation(_), Decision::Orphan) => Ok(CaseChange::Annotation(Edit::Orphan { id: self.id() })),
            (Self::Heading(placed), Decision::Accept) => heading(placed.span.or(placed.proposed), Undecidable::NothingProposed),
            (Self::Heading(_), Decision::Attach(target)) => {
                let span = match target {
                    Target::Section(id) => document.outline.get(id).map(|section| section.heading),
                    Target::Passage(span) => Some(span),
                    Target::Speech => None,
                };
                heading(span, Undecidable::NoHeading)
            }
            (Self::Heading(_), Decision::Orphan) => Ok(CaseChange::Heading(OutlineRequest::Orphan(self.id()))),
        }
    }
}

/// A speech with its cases.
pub(crate) struct ReviewedSpeech<'a> {
    /// Its store.
    pub(crate) store: &'a Store,
    /// Text and sections, these as they are mended.
    pub(crate) document: &'a Arc<Document>,
    /// The cases.
    pub(crate) cases: Vec<UndecidedCase<'a>>,
    /// The nearly equal speeches whose annotations may belong to it; none if cases are asked for by id.
    pub(crate) proposals: Vec<Proposal>,
}

/// Finds the cases of each speech of a batch. `describe` is called by the threads; what it returns is passed
/// to `sink` in order.
///
/// # Errors
/// It was stopped.
pub(crate) fn review_speeches<S: SpeechSource, T: Send, B>(
    scope: &ReviewScope,
    source: &S,
    batch: Batch<'_, impl IntoIterator<Item = S::Item, IntoIter: Send>>,
    describe: impl Fn(&S::Speech, ReviewedSpeech<'_>) -> Result<T, S::Failure> + Sync,
    sink: impl FnMut(Result<SpeechResult<T>, S::Failure>) -> ControlFlow<B>,
) -> Result<(), Stopped<B>> {
    let find = |speech: &S::Speech| -> Result<(Store, FoundAnnotations, Vec<Proposal>), UseCaseError> {
        let (path, document) = (speech.path().unwrap_or(Path::new(STDIN)), speech.document());
        let store = source.stores().of_file(path)?;
        let found = store.speech_annotations(document, path)?;
        let has_proposals = scope.ids.is_empty() && speech.path().is_some();
        let key = || SpeechKey::from_document(store.location(), document, path);
        let proposals = if has_proposals { store.proposals(&key())? } else { Vec::new() };
        Ok((store, found, proposals))
    };
    let review = |item| {
        let speech = source.read(item)?;
        let (store, found, proposals) = find(&speech).map_err(|error| source.failure(&speech, error))?;
        let cases = scope.cases(&found.anchors, &found.outline.edits);
        let value = describe(&speech, ReviewedSpeech { store: &store, document: &found.outline.document, cases, proposals })?;
        Ok(SpeechResult { value, warnings: found.warnings, identity: Some(found.identity), is_copy: false })
    };
    each_speech(batch, review, sink)
}

/// Decides about cases of a speech and saves it: the headings as one action, then the annotations as one.
/// `is_strict`: each of them must have the place that is accepted; else those without one are passed over.
/// Returns the ids of what was changed.
///
/// # Errors
/// A case cannot be decided so; then nothing is changed. Or the store fails.
pub(crate) fn decide_cases(
    store: &Store,
    (path, document): (&Path, &Arc<Document>),
    author: &str,
    cases: &[UndecidedCase<'_>],
    decision: Decision,
    is_strict: bool,
) -> Result<Vec<AnnotationId>, DecisionError> {
    let (mut edits, mut requests, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    for case in cases {
        match case.decided(document, decision) {
            Ok(CaseChange::Annotation(edit)) => edits.push(edit),
            Ok(CaseChange::Heading(request)) => {
                requests.push(request);
                ids.push(case.id());
            }
            Err(Undecidable::NothingProposed) if !is_strict => {}
            Err(reason) => return Err(DecisionError::Case(case.id(), reason)),
        }
    }
    if !requests.is_empty() {
        store.mend_outline(document, path, author, &requests)?;
    }
    if cases.iter().any(|case| matches!(case, UndecidedCase::Annotation(_))) {
        ids.extend(store.apply(document, path, author, edits)?);
    }
    Ok(ids)
}
