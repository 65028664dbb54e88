//! Passages that speeches share.

use super::speeches::{Batch, SourceSpeech as _, SpeechResult, SpeechSource, Stopped, each_speech};
use pizhu_library::reuse::{ComparableText, SharedPassage, shared_passages};
use pizhu_text::document::Document;
use std::{ops::ControlFlow, path::PathBuf, sync::Arc};

/// Speeches with the passages that they share.
#[derive(Debug, Clone, Default)]
pub struct SharedTexts {
    /// The speeches with their files, the oldest first; those without a date last, in the given order.
    pub speeches: Vec<(PathBuf, Arc<Document>)>,
    /// The pairs of speeches that share something, in that order.
    pub pairs: Vec<SharedPair>,
}

/// Two speeches with the passages that they share. The first is the older one if both have dates.
#[derive(Debug, Clone)]
pub struct SharedPair {
    /// Their indices.
    pub speeches: [usize; 2],
    /// The share of each that is in the other, from 0 to 1.
    pub shares: [f64; 2],
    /// The passages, in text order.
    pub passages: Vec<SharedPassage>,
}

/// Finds the passages that the speeches of a batch share. `sink` gets each as it is read, to tell of
/// those that cannot be.
///
/// # Errors
/// It was stopped.
pub(crate) fn find_shared<S: SpeechSource, B>(
    source: &S,
    batch: Batch<'_, impl IntoIterator<Item = S::Item, IntoIter: Send>>,
    mut sink: impl FnMut(Result<S::Speech, S::Failure>) -> ControlFlow<B>,
) -> Result<SharedTexts, Stopped<B>> {
    let cancel = batch.cancel;
    let mut speeches: Vec<(PathBuf, Arc<Document>)> = Vec::new();
    each_speech(
        batch,
        |item| source.read(item).map(SpeechResult::new),
        |read| {
            if let Ok(SpeechResult { value: speech, .. }) = &read {
                speeches.push((speech.path().unwrap_or("".as_ref()).to_owned(), Arc::clone(speech.document())));
            }
            sink(read.map(|result| result.value))
        },
    )?;
    speeches.sort_by_key(|(_, document)| (document.metadata.date.is_none(), document.metadata.date.clone()));
    let mut texts: Vec<(&Document, ComparableText)> = Vec::new();
    for (_, document) in &speeches {
        if cancel.is_cancelled() {
            return Err(Stopped::Cancelled);
        }
        texts.push((document, ComparableText::new(document)));
    }
    let found = shared_passages(&texts);
    let pair = |passages: &[SharedPassage]| {
        let share = |index: usize, spans: Vec<_>| texts[index].1.coverage(texts[index].0, spans);
        let (a, b) = (passages[0].a.0, passages[0].b.0);
        let shares = [
            share(a, passages.iter().map(|passage| passage.a.1).collect()),
            share(b, passages.iter().map(|passage| passage.b.1).collect()),
        ];
        SharedPair { speeches: [a, b], shares, passages: passages.to_vec() }
    };
    let pairs = found.chunk_by(|one, other| (one.a.0, one.b.0) == (other.a.0, other.b.0)).map(pair).collect();
    Ok(SharedTexts { speeches, pairs })
}
