//! Exporting the annotations of speeches.

use super::{
    annotated::{AnnotatedSpeech, each_annotated},
    error::UseCaseError,
    speeches::{Batch, SourceSpeech as _, SpeechResult, SpeechSource, Stopped},
    stores::StoreFinder,
    wanted::WantedAnnotations,
};
use pizhu_annotation::{AnchoredAnnotation, Codebook, RecordSet, Store, StoreError, TagId, store::state_dir};
use pizhu_library::{
    attributes::Attributes,
    exchange::{Collection, Destination, ExportFilter, ExportOrder},
};
use pizhu_text::document::Document;
use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What is exported.
#[derive(Default)]
pub(crate) struct ExportSelection {
    /// The annotations.
    pub(crate) wanted: WantedAnnotations,
    /// Only annotations with one of these tags or one below it; none means all.
    pub(crate) tags: Vec<String>,
    /// Their order.
    pub(crate) order: ExportOrder,
    /// The codebook of all the stores together. Without it, each speech has that of its own store.
    pub(crate) book: Option<Arc<Codebook>>,
}

/// A speech of an export.
pub(crate) struct ExportPart {
    name: String,
    document: Arc<Document>,
    attributes: Attributes,
    annotations: Vec<AnchoredAnnotation>,
    records: RecordSet,
    codebook: Arc<Codebook>,
}

impl ExportSelection {
    /// An empty collection for what is selected, with the memos of the projects.
    ///
    /// # Errors
    /// A tag is not in the codebook or may be several, or a store cannot be read.
    pub(crate) fn collection(&self, book: &Arc<Codebook>, stores: &[Store]) -> Result<Collection, StoreError> {
        let tags = self.tags.iter().map(|words| book.wanted(words)).collect::<Result<Vec<TagId>, _>>()?;
        let filter = ExportFilter { tags, author: self.wanted.author.clone(), ..ExportFilter::default() };
        let mut collection = Collection::new(Arc::clone(book), filter, self.order);
        for store in stores {
            collection.add_project(&store.project()?);
        }
        Ok(collection)
    }

    /// Whether the speeches are exported as a whole. Then those without an annotation are told of, too.
    fn is_whole(&self) -> bool {
        self.tags.is_empty() && self.wanted.are_all()
    }
}

impl ExportPart {
    fn new(speech: AnnotatedSpeech<'_>, name: String) -> Self {
        let AnnotatedSpeech { document, codebook, annotations, attributes, records, .. } = speech;
        Self { name, document: Arc::clone(document), attributes, annotations, records, codebook }
    }

    /// The date of the speech as its text has it.
    pub(crate) fn date(&self) -> Option<&str> {
        self.document.metadata.date.as_deref()
    }

    /// The codebook of its annotations.
    pub(crate) fn codebook(&self) -> &Arc<Codebook> {
        &self.codebook
    }

    /// Adds the speech to a collection.
    pub(crate) fn add_to(self, collection: &mut Collection, selection: &ExportSelection) {
        let Self { name, document, attributes, annotations, records, .. } = self;
        let count = collection.entries().len();
        collection.add_described(&name, &document, attributes.clone(), &annotations);
        if selection.is_whole() || collection.entries().len() > count {
            collection.add_records(&name, &document, attributes, records);
        }
    }
}

/// Takes what is selected of each speech of a batch, copies once. `render` is called by the threads; what
/// it returns is passed to `sink` in order.
///
/// # Errors
/// It was stopped.
pub(crate) fn export_speeches<S: SpeechSource, T: Send, B>(
    selection: &ExportSelection,
    source: &S,
    batch: Batch<'_, impl IntoIterator<Item = S::Item, IntoIter: Send>>,
    render: impl Fn(ExportPart) -> Result<T, UseCaseError> + Sync,
    sink: impl FnMut(Result<SpeechResult<(S::Speech, T)>, S::Failure>) -> ControlFlow<B>,
) -> Result<(), Stopped<B>> {
    let part = |speech: &S::Speech, annotated: AnnotatedSpeech<'_>| {
        let name = match speech.path() {
            Some(path) => annotated.store.location().document_name(path),
            None => speech.label(),
        };
        render(ExportPart::new(annotated, name))
    };
    each_annotated(source, batch, &selection.wanted, selection.book.as_ref(), part, sink)
}

/// The file at `path` for what is made of the speeches in `files`: never one of them, nor a file of their
/// stores or of the user's state.
///
/// # Errors
/// A store cannot be found.
pub(crate) fn destination(stores: &StoreFinder, path: &Path, force: bool, files: &[PathBuf]) -> Result<Destination, StoreError> {
    let destination = Destination::new(path, force).exported_from(files);
    let destination = stores.of_files(files)?.iter().fold(destination, |destination, store| destination.beside_store(store.location()));
    Ok(destination.outside(&state_dir()?))
}
