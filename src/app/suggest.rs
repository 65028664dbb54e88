//! Suggesting tags for the untagged sections of speeches, by models that are trained once for each store.
//!
//! Invariant: the model for a speech is the same whether the speech is asked for alone or among
//! many: it learns from the speech's own annotations and from those of the store's latest other
//! speeches.

use super::{error::UseCaseError, existing_files::ExistingFiles, speeches::SourceSpeech, stores::StoreFinder};
use pizhu_annotation::Codebook;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::Store;
use pizhu_annotation::StoreWarning;
use pizhu_annotation::store::speech_file::SpeechRecord;
use pizhu_library::feedback::Feedback;
use pizhu_library::source::{self, ReadOptions};
use pizhu_library::suggest::Example;
use pizhu_library::suggest::FeatureExtractor;
use pizhu_library::suggest::Suggester;
use pizhu_library::suggest::Suggestion;
use pizhu_library::suggest::TrainingSet;
use pizhu_library::suggest::UntaggedSection;
use pizhu_library::suggest::collect_examples;
use pizhu_text::document::{Document, SectionId};
use pizhu_text::text::Span;
use std::{
    collections::HashMap,
    ops::Range,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// Maximum number of other speeches that are learnt from, those annotated last. With all of them,
/// the time would grow with the store.
const MAX_TRAINING_SPEECHES: usize = 200;

/// The models of a run.
pub(crate) struct SuggestionModels {
    stores: Arc<StoreFinder>,
    read_options: ReadOptions,
    feedback: Feedback,
    by_store: Mutex<HashMap<PathBuf, Arc<OnceLock<Arc<StoreModel>>>>>,
    /// Speeches that could not be learnt from.
    failures: Mutex<Vec<UseCaseError>>,
}

/// What is learnt from a store.
struct StoreModel {
    /// The examples of all speeches.
    training: TrainingSet,
    /// The hash of each speech's text, and which examples are its.
    speeches: Vec<(SpeechHash, Range<usize>)>,
    /// The model of all of them.
    model: Arc<Suggester>,
}

/// What a speech's own annotations teach.
struct SpeechExamples {
    examples: Vec<Example>,
    untagged: Vec<UntaggedSection>,
    /// Warnings of the store.
    warnings: Vec<StoreWarning>,
}

/// What suggesting tags for a speech needs.
pub(crate) struct SpeechModel {
    pub(crate) model: Arc<Suggester>,
    pub(crate) untagged: Vec<UntaggedSection>,
    /// Warnings of the store.
    pub(crate) warnings: Vec<StoreWarning>,
}

/// A section with the tags suggested for it.
#[derive(Debug, Clone, PartialEq)]
pub struct SuggestedSection {
    /// The section.
    pub id: SectionId,
    /// Its span in the source.
    pub span: Span,
    /// Its path.
    pub path: Vec<String>,
    /// Its title.
    pub title: String,
    /// The tags, best first.
    pub tags: Vec<Suggestion>,
}

/// Suggests tags for the untagged sections of a speech, those without a suggestion left out. Also returns
/// warnings of its store.
///
/// # Errors
/// The store cannot be read.
pub(crate) fn suggest_tags(
    models: &SuggestionModels,
    speech: &impl SourceSpeech,
) -> Result<(Vec<SuggestedSection>, Vec<StoreWarning>), UseCaseError> {
    let document = speech.document();
    let trained = models.for_speech(speech)?;
    let mut extractor = FeatureExtractor::new(document);
    let suggested = |(id, refused)| {
        let section = document.outline.get(id)?;
        let tags = trained.model.suggest(&extractor.extract(id), &refused);
        let suggested =
            SuggestedSection { id, span: section.span, path: document.outline.path(id), title: section.display_title().to_owned(), tags };
        (!suggested.tags.is_empty()).then_some(suggested)
    };
    Ok((trained.untagged.into_iter().filter_map(suggested).collect(), trained.warnings))
}

impl SuggestionModels {
    pub(crate) fn new(stores: Arc<StoreFinder>, read_options: ReadOptions, feedback: Feedback) -> Self {
        Self { stores, read_options, feedback, by_store: Mutex::default(), failures: Mutex::default() }
    }

    /// The model for a speech, and its untagged sections.
    pub(crate) fn for_speech(&self, speech: &impl SourceSpeech) -> Result<SpeechModel, UseCaseError> {
        let document = speech.document();
        let store = match speech.path() {
            Some(path) => self.stores.of_file(path)?,
            None => self.stores.for_path(None)?,
        };
        let codebook = self.stores.codebook(&store)?;
        let found = if let Some(path) = speech.path() {
            self.examples(&store, document, path, &codebook)?
        } else {
            // A record has no annotations.
            let (examples, untagged) = collect_examples(document, Path::new(""), [], &codebook, &self.feedback);
            SpeechExamples { examples, untagged, warnings: Vec::new() }
        };
        let known = self.of_store(&store, &codebook)?;
        let model = self.model(&known, document, &found.examples);
        Ok(SpeechModel { model, untagged: found.untagged, warnings: found.warnings })
    }

    /// The model that learns from `own` in place of what the store's latest speeches say of the same
    /// text.
    fn model(&self, known: &StoreModel, document: &Document, own: &[Example]) -> Arc<Suggester> {
        if own.is_empty() && known.speeches.is_empty() {
            return Arc::clone(&known.model);
        }
        let hash = SpeechHash::from_text(&document.source);
        let same: Vec<Range<usize>> = known.speeches.iter().filter(|(other, _)| *other == hash).map(|(_, range)| range.clone()).collect();
        match same.as_slice() {
            [] if own.is_empty() => Arc::clone(&known.model),
            [range] if known.training.examples(range.clone()).eq(own) => Arc::clone(&known.model),
            _ => Arc::new(known.training.suggester_with(own, &same, self.feedback.clone())),
        }
    }

    /// The model of a store, trained the first time.
    fn of_store(&self, store: &Store, codebook: &Codebook) -> Result<Arc<StoreModel>, UseCaseError> {
        let cell = {
            let mut by_store = self.by_store.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(by_store.entry(store.location().dir.clone()).or_default())
        };
        let latest = if cell.get().is_none() { store.latest_speeches(MAX_TRAINING_SPEECHES)? } else { Vec::new() };
        // Threads that come meanwhile wait: they need the same.
        Ok(Arc::clone(cell.get_or_init(|| Arc::new(self.train(store, &latest, codebook)))))
    }

    fn train(&self, store: &Store, latest: &[(PathBuf, Arc<SpeechRecord>)], codebook: &Codebook) -> StoreModel {
        let mut existing = ExistingFiles::default();
        let (mut examples, mut speeches) = (Vec::new(), Vec::new());
        for (file, record) in latest {
            let Some(path) = existing.find(store, file, record) else { continue };
            let learnt = source::open(&path, self.read_options).map_err(UseCaseError::from).and_then(|speech| {
                let document = store.mended(&speech.document, &path)?;
                let found = self.examples(store, &document, &path, codebook)?;
                Ok((SpeechHash::from_text(&speech.document.source), found.examples))
            });
            match learnt {
                Ok((hash, learnt)) => {
                    speeches.push((hash, examples.len()..examples.len() + learnt.len()));
                    examples.extend(learnt);
                }
                Err(error) => self.failures.lock().unwrap_or_else(PoisonError::into_inner).push(error),
            }
        }
        let training = TrainingSet::new(codebook, examples);
        let model = Arc::new(training.suggester(self.feedback.clone()));
        StoreModel { training, speeches, model }
    }

    /// The examples of a speech, its untagged sections, and warnings.
    fn examples(&self, store: &Store, document: &Document, path: &Path, codebook: &Codebook) -> Result<SpeechExamples, UseCaseError> {
        let (annotations, warnings) = store.annotations(document, path)?;
        let (examples, untagged) = collect_examples(document, path, &annotations, codebook, &self.feedback);
        Ok(SpeechExamples { examples, untagged, warnings })
    }

    /// The errors of speeches that could not be learnt from.
    pub(crate) fn take_failures(&self) -> Vec<UseCaseError> {
        std::mem::take(&mut *self.failures.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
