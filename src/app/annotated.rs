//! Speeches with those of their annotations that are meant: what counting, exporting and reading by
//! tag begin with.

use super::{
    error::UseCaseError,
    speeches::{Batch, SourceSpeech as _, SpeechResult, SpeechSource, Stopped, each_speech},
    wanted::WantedAnnotations,
};
use pizhu_annotation::{AnchoredAnnotation, Codebook, RecordSet, Store};
use pizhu_library::{attributes::Attributes, source::STDIN};
use pizhu_text::document::Document;
use std::{ops::ControlFlow, path::Path, sync::Arc};

/// A speech with its annotations.
pub(crate) struct AnnotatedSpeech<'a> {
    /// Its file; that of standard input if it came as text.
    pub(crate) path: &'a Path,
    /// Text and sections.
    pub(crate) document: &'a Arc<Document>,
    /// Its store.
    pub(crate) store: &'a Store,
    /// The codebook of the annotations.
    pub(crate) codebook: Arc<Codebook>,
    /// The annotations that are meant.
    pub(crate) annotations: Vec<AnchoredAnnotation>,
    /// What is known of it.
    pub(crate) attributes: Attributes,
    /// What its store knows of it beside the annotations.
    pub(crate) records: RecordSet,
}

/// Reads each speech of a batch with its annotations, works on it in parallel, and passes the results to
/// `sink` in order. `book` is that of all the stores together; without it, each speech has that of its
/// own store.
///
/// # Errors
/// It was stopped.
pub(crate) fn each_annotated<S: SpeechSource, T: Send, B>(
    source: &S,
    batch: Batch<'_, impl IntoIterator<Item = S::Item, IntoIter: Send>>,
    wanted: &WantedAnnotations,
    book: Option<&Arc<Codebook>>,
    work: impl Fn(&S::Speech, AnnotatedSpeech<'_>) -> Result<T, UseCaseError> + Sync,
    sink: impl FnMut(Result<SpeechResult<(S::Speech, T)>, S::Failure>) -> ControlFlow<B>,
) -> Result<(), Stopped<B>> {
    let read = |item| {
        let speech = source.read(item)?;
        let worked = || -> Result<SpeechResult<T>, UseCaseError> {
            // The annotations of a record are those of the text, as with standard input.
            let (path, document) = (speech.path().unwrap_or(Path::new(STDIN)), speech.document());
            let store = source.stores().of_file(path)?;
            let known = speech.known_annotations();
            let found = match (store.speech_annotations(document, path), known) {
                (Ok(found), _) => Some(found),
                // Without the store, the text says what is known.
                (Err(_), Some(_)) => None,
                (Err(error), None) => return Err(error.into()),
            };
            let codebook = match book {
                Some(book) => Arc::clone(book),
                None => source.stores().codebook(&store)?,
            };
            let (anchors, records, warnings, identity) = match found {
                Some(found) => (found.anchors, found.records, found.warnings, Some(found.identity)),
                None => Default::default(),
            };
            let attributes = Attributes::new(document, &records);
            let annotations = wanted.of_speech(path, document, &attributes, known.unwrap_or(&anchors), &codebook)?;
            // A copy of which nothing is meant stands for no other: what is meant may be of one path.
            let identity = identity.filter(|_| !annotations.is_empty() || wanted.are_all());
            let annotated = AnnotatedSpeech { path, document, store: &store, codebook, annotations, attributes, records };
            let value = work(&speech, annotated)?;
            Ok(SpeechResult { value, warnings, identity, is_copy: false })
        };
        match worked() {
            Ok(result) => Ok(result.map(|value| (speech, value))),
            Err(error) => Err(source.failure(&speech, error)),
        }
    };
    each_speech(batch, read, sink)
}
