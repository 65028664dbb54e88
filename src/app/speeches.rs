//! Work on many speeches: in parallel, with results in order, copies counted once.

use super::{error::UseCaseError, job::CancelToken, stores::StoreFinder};
use pizhu_annotation::{AnchorIndex, StoreWarning, store::SpeechIdentity};
use pizhu_library::{compiled_query::CompiledQuery, parallel::par_map_stream};
use pizhu_text::document::Document;
use std::{collections::HashSet, ops::ControlFlow, path::Path, sync::Arc};

/// A speech that was read.
pub(crate) trait SourceSpeech: Send {
    /// The file it was read from; `None` if it came as text.
    fn path(&self) -> Option<&Path>;

    /// Its text and sections, these as they are mended in its store.
    fn document(&self) -> &Arc<Document>;

    /// What it is called if it came as text.
    fn label(&self) -> String {
        String::new()
    }

    /// Its annotations, if they are known better than its store knows them.
    fn known_annotations(&self) -> Option<&AnchorIndex> {
        None
    }
}

/// Where the speeches of a use case come from. They are read by several threads.
pub(crate) trait SpeechSource: Sync {
    /// What names a speech, as a file.
    type Item: Send;
    /// A speech that was read.
    type Speech: SourceSpeech;
    /// Why there is no result for a speech.
    type Failure: Send;

    /// The stores of the speeches.
    fn stores(&self) -> &StoreFinder;

    /// Reads a speech.
    ///
    /// # Errors
    /// It cannot be read.
    fn read(&self, item: Self::Item) -> Result<Self::Speech, Self::Failure>;

    /// Reads a speech as far as searching needs it; `None` if it cannot hold a hit.
    ///
    /// # Errors
    /// It cannot be read.
    fn read_candidate(&self, item: Self::Item, query: &CompiledQuery) -> Result<Option<Self::Speech>, Self::Failure>;

    /// What is told of a speech that was read, but has no result.
    fn failure(&self, speech: &Self::Speech, error: UseCaseError) -> Self::Failure;
}

/// The result for one speech.
pub(crate) struct SpeechResult<T> {
    /// The result.
    pub(crate) value: T,
    /// Warnings of the store.
    pub(crate) warnings: Vec<StoreWarning>,
    /// Which speech it is, if copies are one speech.
    pub(crate) identity: Option<SpeechIdentity>,
    /// Whether it is a copy of a speech before it: its result does not count.
    pub(crate) is_copy: bool,
}

impl<T> SpeechResult<T> {
    /// A result of a speech whose copies count, too.
    pub(crate) fn new(value: T) -> Self {
        Self { value, warnings: Vec::new(), identity: None, is_copy: false }
    }

    /// The result with another value.
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> SpeechResult<U> {
        let Self { value, warnings, identity, is_copy } = self;
        SpeechResult { value: change(value), warnings, identity, is_copy }
    }
}

/// The speeches that a use case works on.
pub(crate) struct Batch<'a, I> {
    /// The speeches, in order.
    pub(crate) items: I,
    /// The number of threads.
    pub(crate) threads: usize,
    /// Whether the results are still wanted.
    pub(crate) cancel: &'a CancelToken,
    /// The speeches that have counted, to tell their copies.
    pub(crate) seen: &'a mut HashSet<SpeechIdentity>,
}

/// Why the work on a batch ended before all speeches were done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stopped<B> {
    /// The results are not wanted any more.
    Cancelled,
    /// The sink has stopped it.
    Sink(B),
}

/// Works on each speech of a batch, in parallel, and passes the results to `sink` in order.
///
/// When the batch is cancelled, no further speech is begun, and nothing more is passed on.
///
/// # Errors
/// It was stopped.
pub(crate) fn each_speech<I, T: Send, E: Send, B>(
    batch: Batch<'_, impl IntoIterator<Item = I, IntoIter: Send>>,
    work: impl Fn(I) -> Result<SpeechResult<T>, E> + Sync,
    mut sink: impl FnMut(Result<SpeechResult<T>, E>) -> ControlFlow<B>,
) -> Result<(), Stopped<B>>
where
    I: Send,
{
    let Batch { items, threads, cancel, seen } = batch;
    let is_wanted = || !cancel.is_cancelled();
    let items = items.into_iter().take_while(|_| is_wanted());
    let ended = par_map_stream(items, threads, work, |mut result| {
        if !is_wanted() {
            return ControlFlow::Break(Stopped::Cancelled);
        }
        if let Ok(found) = &mut result {
            found.is_copy = found.identity.as_ref().is_some_and(|identity| !seen.insert(identity.clone()));
        }
        sink(result).map_break(Stopped::Sink)
    });
    match ended {
        ControlFlow::Break(stopped) => Err(stopped),
        ControlFlow::Continue(()) if !is_wanted() => Err(Stopped::Cancelled),
        ControlFlow::Continue(()) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn batch<'a>(cancel: &'a CancelToken, seen: &'a mut HashSet<SpeechIdentity>) -> Batch<'a, std::ops::Range<usize>> {
        Batch { items: 0..10_000, threads: 3, cancel, seen }
    }

    #[test]
    fn cancelled_work_begins_no_further_speech_and_passes_nothing_on() {
        let (cancel, mut seen, begun) = (CancelToken::default(), HashSet::new(), AtomicUsize::new(0));
        let mut passed = 0;
        let work = |_| {
            begun.fetch_add(1, Ordering::Relaxed);
            Ok::<_, ()>(SpeechResult::new(()))
        };
        let ended = each_speech(batch(&cancel, &mut seen), work, |_| {
            passed += 1;
            if passed == 100 {
                cancel.cancel();
            }
            ControlFlow::<()>::Continue(())
        });
        assert_eq!((ended, passed), (Err(Stopped::Cancelled), 100));
        assert!(begun.into_inner() < 10_000);
    }

    #[test]
    fn sink_stops_the_work() {
        let (cancel, mut seen) = (CancelToken::default(), HashSet::new());
        let ended = each_speech(
            batch(&cancel, &mut seen),
            |item| Ok::<_, ()>(SpeechResult::new(item)),
            |result| match result {
                Ok(SpeechResult { value: 7, .. }) => ControlFlow::Break("seven"),
                _ => ControlFlow::Continue(()),
            },
        );
        assert_eq!(ended, Err(Stopped::Sink("seven")));
    }
}
