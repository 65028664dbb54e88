//! Counting tags over many speeches.

use super::{
    annotated::{AnnotatedSpeech, each_annotated},
    speeches::{Batch, SourceSpeech as _, SpeechResult, SpeechSource, Stopped},
    wanted::WantedAnnotations,
};
use pizhu_annotation::Codebook;
use pizhu_library::count::{CountedSpeech, Tally};
use std::{ops::ControlFlow, sync::Arc};

/// What is counted.
pub(crate) struct CountRequest {
    /// The annotations that count.
    pub(crate) wanted: WantedAnnotations,
    /// The codebook of all the stores together. Without it, each speech has that of its own store, and
    /// these are united as they come.
    pub(crate) book: Option<Arc<Codebook>>,
}

/// The speeches counted so far.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    speeches: Vec<CountedSpeech>,
    /// The codebook of all of them; `None` before the first.
    book: Option<Arc<Codebook>>,
}

impl Counted {
    /// The counts so far.
    pub(crate) fn tally(&self) -> Tally {
        Tally::new(self.speeches.clone(), self.book.as_deref().unwrap_or(&Codebook::default()))
    }

    fn into_tally(self) -> Tally {
        Tally::new(self.speeches, self.book.as_deref().unwrap_or(&Codebook::default()))
    }

    fn add(&mut self, speech: CountedSpeech, book: Arc<Codebook>) {
        self.book = Some(match self.book.take() {
            Some(known) if !Arc::ptr_eq(&known, &book) && *known != *book => Arc::new(Codebook::two_way_merge(&known, &book)),
            Some(known) => known,
            None => book,
        });
        if !speech.is_empty() {
            self.speeches.push(speech);
        }
    }
}

/// Counts the tags of each speech of a batch, copies once. `sink` gets each speech in order, with what was
/// counted up to it.
///
/// # Errors
/// It was stopped.
pub(crate) fn count_tags<S: SpeechSource, B>(
    request: &CountRequest,
    source: &S,
    batch: Batch<'_, impl IntoIterator<Item = S::Item, IntoIter: Send>>,
    mut sink: impl FnMut(&Counted, Result<SpeechResult<S::Speech>, S::Failure>) -> ControlFlow<B>,
) -> Result<Tally, Stopped<B>> {
    let mut counted = Counted { speeches: Vec::new(), book: request.book.clone() };
    let count = |speech: &S::Speech, found: AnnotatedSpeech<'_>| {
        let count = CountedSpeech::new(found.path, found.document, &found.annotations, &found.codebook).described(found.attributes);
        // A text without a file has no annotations.
        Ok(speech.path().map(|_| (count, found.codebook)))
    };
    each_annotated(source, batch, &request.wanted, request.book.as_ref(), count, |result| {
        let result = result.map(|result| {
            let is_copy = result.is_copy;
            result.map(|(speech, count)| {
                if let Some((count, book)) = count.filter(|_| !is_copy) {
                    counted.add(count, book);
                }
                speech
            })
        });
        sink(&counted, result)
    })?;
    Ok(counted.into_tally())
}
