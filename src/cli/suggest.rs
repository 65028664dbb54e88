//! `pizhu suggest`: tags that the untagged sections of a speech may deserve.

use super::{CliError, Context, Status, args::ShapeArg, context::warn, output::Ink};
use pizhu_annotation::CodebookError;
use pizhu_annotation::StoreError;
use pizhu_annotation::store::state_dir;
use pizhu_library::lessons::Lessons;
use pizhu_library::lessons::Place;
use pizhu_library::lessons::Verdict;
use pizhu_library::suggest::Excerpts;
use pizhu_library::suggest::Suggester;
use pizhu_library::suggest::Suggestion;
use pizhu_library::suggest::divide;
use clap::Args;
use serde::Serialize;
use std::{io::Write as _, path::PathBuf};

/// `pizhu suggest`
#[derive(Debug, Args)]
pub struct SuggestArgs {
    /// The speech; `-` is standard input.
    pub file: PathBuf,
    /// Refuse this tag for the section: it is not suggested for it again, and the words that
    /// spoke for it count for less.
    #[arg(long, value_name = "TAG", requires = "section")]
    pub refuse: Option<String>,
    /// The section that a tag is refused for, by its path.
    #[arg(long, value_name = "PATH", requires = "refuse")]
    pub section: Option<String>,
    /// The shape of the output.
    #[command(flatten)]
    pub shape: ShapeArg,
}

#[derive(Serialize)]
struct Suggestions {
    version: u32,
    suggestions: Vec<Suggested>,
}

/// A section with what it may deserve, the best first.
#[derive(Serialize)]
struct Suggested {
    section: Vec<String>,
    tags: Vec<Offer>,
    #[serde(skip)]
    title: String,
}

#[derive(Serialize)]
struct Offer {
    tag: String,
    score: f64,
    reasons: Vec<String>,
}

impl From<Suggestion> for Offer {
    fn from(suggestion: Suggestion) -> Self {
        Self { tag: suggestion.tag, score: (suggestion.score * 1000.0).round() / 1000.0, reasons: suggestion.reasons }
    }
}

pub(super) fn run(context: &mut Context, args: &SuggestArgs) -> Result<Status, CliError> {
    let speech = context.open(&args.file)?;
    let store = context.store_of(Some(&args.file))?;
    let codebook = store.codebook()?;
    let document = &speech.document;
    let lessons = Lessons::load(&state_dir()?)?;
    let (mut examples, open) = divide(document, &args.file, &context.annotations(&speech)?, &codebook, &lessons);
    // What was tagged in the store's other speeches teaches too.
    for (_, record) in store.speeches()? {
        let paths = record.paths.iter().rev().map(|name| store.place().document_path(name));
        let Some(path) = paths.into_iter().find(|path| path.is_file()) else { continue };
        match context.open(&path) {
            Ok(other) if other.document.source != document.source => {
                let (placements, _) = store.annotations(&other.document, &path)?;
                examples.extend(divide(&other.document, &path, &placements, &codebook, &lessons).0);
            }
            Ok(_) => {}
            Err(error) => warn(&error.message(context.words)),
        }
    }
    let suggester = Suggester::new(&codebook, &examples, lessons);
    let mut excerpts = Excerpts::new(document);
    if let (Some(tag), Some(path)) = (&args.refuse, &args.section) {
        let id = document.outline.resolve(path).map_err(|error| CliError::Section(args.file.clone(), error))?;
        let words = suggester.rank(&excerpts.of(id)).into_iter().find(|one| one.tag == *tag).map(|one| one.reasons);
        let words = words.ok_or_else(|| CodebookError::Missing(tag.clone())).map_err(StoreError::from)?;
        let verdict = Verdict { place: Place::of(document, &args.file, id), tag: tag.clone(), words, accepted: false };
        Lessons::learn(&state_dir()?, &[verdict])?;
        return Ok(Status::Done);
    }
    let suggestions: Vec<Suggested> = open
        .into_iter()
        .map(|(id, refused)| Suggested {
            section: document.outline.path(id),
            tags: suggester.suggest(&excerpts.of(id), &refused).into_iter().map(Offer::from).collect(),
            title: document.outline.get(id).map(|section| section.shown_title().to_owned()).unwrap_or_default(),
        })
        .filter(|suggested| !suggested.tags.is_empty())
        .collect();
    if context.is_json() {
        context.out.json(&Suggestions { version: 1, suggestions })?;
    } else {
        for suggested in &suggestions {
            let out = &mut context.out;
            let path = out.inked(Ink::Marker, &suggested.section.join("/")).into_owned();
            let title = out.shown(&suggested.title).into_owned();
            writeln!(out, "{path} {title}")?;
            for tag in &suggested.tags {
                let name = out.shown(&tag.tag).into_owned();
                let reasons = out.inked(Ink::Faint, &tag.reasons.join(" ")).into_owned();
                writeln!(out, "    {:.2} {name}  {reasons}", tag.score)?;
            }
        }
    }
    Ok(Status::Done)
}
