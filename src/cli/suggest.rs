//! `pizhu suggest`: tags that the untagged sections of a speech may deserve.

use super::{CliContext, CliError, Status, args::common::OutputArgs, existing_files::ExistingFiles, output::OutputStyle};
use clap::Args;
use pizhu_annotation::CodebookError;
use pizhu_annotation::StoreError;
use pizhu_annotation::store::state_dir;
use pizhu_library::feedback::Feedback;
use pizhu_library::feedback::SectionKey;
use pizhu_library::feedback::Verdict;
use pizhu_library::suggest::FeatureExtractor;
use pizhu_library::suggest::Suggester;
use pizhu_library::suggest::Suggestion;
use pizhu_library::suggest::collect_examples;
use serde::Serialize;
use std::{io::Write as _, path::PathBuf};

/// Maximum number of other speeches that are learnt from, those annotated last. With all of them,
/// one speech would take the longer the larger the store is.
const MAX_TRAINING_SPEECHES: usize = 200;

/// `pizhu suggest`
#[derive(Debug, Args)]
pub struct SuggestArgs {
    /// The speech; `-` is standard input.
    pub file: PathBuf,
    /// Refuse this tag for the section: it is not suggested there again, and the words that
    /// suggested it count less.
    #[arg(long, value_name = "TAG", requires = "section")]
    pub refuse: Option<String>,
    /// The section that the tag is refused for, by its path.
    #[arg(long, value_name = "PATH", requires = "refuse")]
    pub section: Option<String>,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Serialize)]
struct SuggestReport {
    version: u32,
    suggestions: Vec<SectionSuggestions>,
}

/// The suggestions for a section, best first.
#[derive(Serialize)]
struct SectionSuggestions {
    section: Vec<String>,
    tags: Vec<TagSuggestion>,
    #[serde(skip)]
    title: String,
}

#[derive(Serialize)]
struct TagSuggestion {
    tag: String,
    score: f64,
    reasons: Vec<String>,
}

impl From<Suggestion> for TagSuggestion {
    fn from(suggestion: Suggestion) -> Self {
        Self { tag: suggestion.tag, score: (suggestion.score * 1000.0).round() / 1000.0, reasons: suggestion.reasons }
    }
}

pub(super) fn run(context: &mut CliContext, args: &SuggestArgs) -> Result<Status, CliError> {
    let speech = context.open(&args.file)?;
    let store = context.store_for(Some(&args.file))?;
    let codebook = store.codebook()?;
    let document = &speech.document;
    let feedback = Feedback::load(&state_dir()?)?;
    let (mut examples, untagged) = collect_examples(document, &args.file, &context.annotations(&speech)?, &codebook, &feedback);
    // The annotations of the store's other speeches are training data too.
    let mut existing = ExistingFiles::default();
    for (file, record) in store.latest_speeches(MAX_TRAINING_SPEECHES)? {
        let Some(path) = existing.find(&store, &file, &record) else { continue };
        match context.open(&path) {
            Ok(other) if other.document.source != document.source => {
                let (annotations, _) = store.annotations(&other.document, &path)?;
                examples.extend(collect_examples(&other.document, &path, &annotations, &codebook, &feedback).0);
            }
            Ok(_) => {}
            Err(error) => context.leave_out(&error),
        }
    }
    let suggester = Suggester::new(&codebook, &examples, feedback);
    let mut extractor = FeatureExtractor::new(document);
    if let (Some(tag), Some(path)) = (&args.refuse, &args.section) {
        let id = document.outline.resolve(path).map_err(|error| CliError::Section(args.file.clone(), error))?;
        let words = suggester
            .rank(&extractor.extract(id))
            .into_iter()
            .find(|suggestion| suggestion.tag == *tag)
            .map(|suggestion| suggestion.reasons);
        let words = words.ok_or_else(|| CodebookError::Missing(tag.clone())).map_err(StoreError::from)?;
        let verdict = Verdict { section: SectionKey::new(document, &args.file, id), tag: tag.clone(), words, accepted: false };
        Feedback::record(&state_dir()?, &[verdict])?;
        return Ok(Status::Done);
    }
    let suggestions: Vec<SectionSuggestions> = untagged
        .into_iter()
        .map(|(id, refused)| SectionSuggestions {
            section: document.outline.path(id),
            tags: suggester.suggest(&extractor.extract(id), &refused).into_iter().map(TagSuggestion::from).collect(),
            title: document.outline.get(id).map(|section| section.display_title().to_owned()).unwrap_or_default(),
        })
        .filter(|suggested| !suggested.tags.is_empty())
        .collect();
    if context.is_json() {
        context.out.json(&SuggestReport { version: 1, suggestions })?;
    } else {
        for suggested in &suggestions {
            let out = &mut context.out;
            let path = out.styled(OutputStyle::Marker, &suggested.section.join("/")).into_owned();
            let title = out.sanitized(&suggested.title).into_owned();
            writeln!(out, "{path} {title}")?;
            for tag in &suggested.tags {
                let name = out.sanitized(&tag.tag).into_owned();
                let reasons = out.styled(OutputStyle::Faint, &tag.reasons.join(" ")).into_owned();
                writeln!(out, "    {:.2} {name}  {reasons}", tag.score)?;
            }
        }
    }
    Ok(context.done())
}
