//! Annotations of nearly equal speeches that may belong to a speech: listing them, taking and refusing
//! them.

use super::{
    CliContext, CliError, Status,
    output::{OutputStyle, OutputTarget},
};
use crate::app::existing_files::ExistingFiles;
use crate::locale::{Locale, id};
use pizhu_annotation::store::{Proposal, SpeechKey};
use pizhu_library::source;
use serde::Serialize;
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::Write as _,
    path::{Path, PathBuf},
};

/// A speech whose annotations may belong to another, in JSON.
#[derive(Serialize)]
pub(super) struct ProposedSpeech {
    document: String,
    /// The speech that has the annotations.
    similar: String,
    title: String,
    /// The share of the smaller text that the other holds.
    similarity: f64,
    annotations: usize,
    /// Whether the other speech is still there, so that its annotations are copied.
    copied: bool,
}

/// What was done about the proposals for a speech, in JSON.
#[derive(Serialize)]
struct DecisionReport {
    version: u32,
    taken: usize,
    refused: usize,
}

impl ProposedSpeech {
    pub(super) fn new(document: &str, proposal: &Proposal) -> Self {
        Self {
            document: document.to_owned(),
            similar: proposal.path.display().to_string(),
            title: proposal.title.clone(),
            similarity: (proposal.overlap * 1000.0).round() / 1000.0,
            annotations: proposal.count,
            copied: proposal.is_copy,
        }
    }
}

/// The proposals for a speech as text, below the name of its file.
pub(super) fn render(file: &str, proposals: &[Proposal], target: OutputTarget, locale: Locale) -> String {
    let mut text = String::new();
    if proposals.is_empty() {
        return text;
    }
    let _ = writeln!(text, "{}", target.styled(OutputStyle::Title, file));
    for proposal in proposals {
        let facts = [
            ("path", proposal.path.display().to_string().into()),
            ("count", proposal.count.into()),
            ("percent", format!("{:.0}", 100.0 * proposal.overlap).into()),
        ];
        let _ = writeln!(text, "  {}", target.sanitized(&locale.format(id::REVIEW_SIMILAR, &facts)));
    }
    text
}

/// Takes the annotations proposed for the files (`from` names the speech that has them, if there are
/// several), or refuses them for good.
pub(super) fn decide(context: &mut CliContext, files: &[PathBuf], take: bool, from: Option<&Path>) -> Result<Status, CliError> {
    let mut report = DecisionReport { version: 1, taken: 0, refused: 0 };
    for file in files {
        let decided = decide_one(context, file, take, from, &mut report);
        context.unless_among(decided, files)?;
    }
    if context.is_json() {
        context.out.json(&report)?;
    } else {
        let (id, count) = if take { (id::REVIEW_TAKEN, report.taken) } else { (id::REVIEW_REFUSED, report.refused) };
        let line = context.locale.format(id, &[("count", count.into())]);
        writeln!(context.out, "{line}")?;
    }
    Ok(if report.taken + report.refused == 0 { Status::NoMatch } else { context.done() })
}

fn decide_one(context: &mut CliContext, file: &Path, take: bool, from: Option<&Path>, report: &mut DecisionReport) -> Result<(), CliError> {
    let speech = context.open_to_annotate(file)?;
    let store = context.store_of(file)?;
    let key = SpeechKey::from_document(store.location(), &speech.document, file);
    if !take {
        report.refused += store.refuse_proposals(&key, None)?;
        return Ok(());
    }
    let proposals = store.proposals(&key)?;
    let from = from.map(|from| store.location().document_name(from));
    let is_chosen = |proposal: &&Proposal| match &from {
        Some(from) => store.location().document_name(&proposal.path) == *from,
        None => proposal.is_clear,
    };
    match proposals.iter().find(is_chosen) {
        Some(proposal) => report.taken += store.take_proposal(&key, proposal.hash)?,
        None if proposals.is_empty() => {}
        None => return Err(CliError::SeveralSimilar(file.to_owned(), proposals.into_iter().map(|proposal| proposal.path).collect())),
    }
    Ok(())
}

impl CliContext {
    /// The speeches that may be annotated ones, moved and edited: those without annotations where the
    /// missing speeches of the store were. In a shared store everything below its folder is looked at,
    /// else the folders of the missing speeches.
    pub(super) fn candidates_for_missing(&mut self, known: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
        let store = self.store_for(None)?;
        let mut existing = ExistingFiles::default();
        let mut folders = BTreeSet::new();
        for (file, record) in store.speeches()? {
            if existing.find(&store, &file, &record).is_none() {
                let places = store.known_places(&record, &file);
                folders.extend(places.iter().filter_map(|path| path.parent()).filter(|folder| folder.is_dir()).map(Path::to_owned));
                if store.location().shared {
                    folders.extend(store.location().root.clone());
                }
            }
        }
        let mut files: BTreeSet<PathBuf> = BTreeSet::new();
        for folder in folders {
            files.extend(source::speeches_under(&folder).unwrap_or_default());
        }
        let known: BTreeSet<&PathBuf> = known.iter().collect();
        Ok(files.into_iter().filter(|file| !known.contains(file)).collect())
    }
}
