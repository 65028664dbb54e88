//! Reading the passages under a tag, from many speeches.

use super::{
    annotated::{AnnotatedSpeech, each_annotated},
    speeches::{Batch, SpeechSource, Stopped},
    wanted::WantedAnnotations,
};
use pizhu_annotation::{AnchoredAnnotation, Codebook};
use pizhu_text::document::Document;
use std::{convert::Infallible, ops::ControlFlow, path::PathBuf, sync::Arc};

/// A speech with the annotations that are read.
#[derive(Debug, Clone)]
pub struct TaggedSpeech {
    /// Its file.
    pub path: PathBuf,
    /// Text and sections.
    pub document: Arc<Document>,
    /// The annotations, in text order.
    pub placed: Vec<AnchoredAnnotation>,
    /// The codebook of its store.
    pub codebook: Arc<Codebook>,
}

/// The speeches of a batch that have wanted annotations, copies once; in the order of the batch, or the
/// oldest first.
///
/// # Errors
/// It was cancelled.
pub(crate) fn tagged_speeches<S: SpeechSource>(
    wanted: &WantedAnnotations,
    by_date: bool,
    source: &S,
    batch: Batch<'_, impl IntoIterator<Item = S::Item, IntoIter: Send>>,
) -> Result<Vec<TaggedSpeech>, Stopped<Infallible>> {
    let tagged = |_: &S::Speech, AnnotatedSpeech { path, document, annotations, codebook, .. }: AnnotatedSpeech<'_>| {
        Ok(TaggedSpeech { path: path.to_owned(), document: Arc::clone(document), placed: annotations, codebook })
    };
    let mut found = Vec::new();
    each_annotated(source, batch, wanted, None, tagged, |result| {
        if let Ok(result) = result
            && !result.is_copy
            && !result.value.1.placed.is_empty()
        {
            found.push(result.value.1);
        }
        ControlFlow::Continue(())
    })?;
    if by_date {
        found.sort_by(|one, other| one.document.metadata.date.cmp(&other.document.metadata.date));
    }
    Ok(found)
}
