//! `pizhu suggest`: tags that the untagged sections of speeches may deserve.

use super::{
    CliContext, CliError, Status,
    args::common::RecordOutputArgs,
    output::{OutputFormat, OutputStyle, OutputTarget},
    stage::{Membership, RecordHead, StageArgs, StageOutput, StageSpeech, json_lines, run_stage},
};
use crate::app::suggest::{SuggestedSection, SuggestionModels, suggest_tags};
use clap::Args;
use pizhu_annotation::CodebookError;
use pizhu_annotation::StoreError;
use pizhu_annotation::store::state_dir;
use pizhu_library::feedback::Feedback;
use pizhu_library::feedback::SectionKey;
use pizhu_library::feedback::Verdict;
use pizhu_library::suggest::FeatureExtractor;
use pizhu_library::suggest::Suggestion;
use pizhu_text::document::SectionId;
use serde::Serialize;
use std::{fmt::Write as _, path::Path, sync::Arc};

/// `pizhu suggest`
#[derive(Debug, Args)]
pub struct SuggestArgs {
    /// The speeches.
    #[command(flatten)]
    pub stage: StageArgs,
    /// Refuse this tag for the section: it is not suggested there again, and the words that
    /// suggested it count less.
    #[arg(long, value_name = "TAG", requires = "section")]
    pub refuse: Option<String>,
    /// The section that the tag is refused for, by its path.
    #[arg(long, value_name = "PATH", requires = "refuse")]
    pub section: Option<String>,
    /// Output options.
    #[command(flatten)]
    pub output: RecordOutputArgs,
}

/// The suggestions for a speech in JSON.
#[derive(Serialize)]
struct SuggestReport<'a> {
    /// Absent where the speech is one of many.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    head: Option<RecordHead<'a>>,
    suggestions: Vec<SectionSuggestions>,
}

/// The suggestions for a section, best first.
#[derive(Serialize)]
struct SectionSuggestions {
    section: Vec<String>,
    tags: Vec<TagSuggestion>,
    #[serde(skip)]
    id: SectionId,
}

impl From<SuggestedSection> for SectionSuggestions {
    fn from(suggested: SuggestedSection) -> Self {
        let tags = suggested.tags.into_iter().map(TagSuggestion::from).collect();
        Self { section: suggested.path, tags, id: suggested.id }
    }
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

/// A suggested tag as a record of JSON lines.
#[derive(Serialize)]
struct SuggestionLine<'a> {
    #[serde(flatten)]
    head: &'a RecordHead<'a>,
    section: String,
    section_title: &'a str,
    start: usize,
    end: usize,
    /// Place among the section's suggestions, from 1.
    rank: usize,
    #[serde(flatten)]
    tag: &'a TagSuggestion,
}

pub(super) fn run(context: &mut CliContext, args: &SuggestArgs) -> Result<Status, CliError> {
    let feedback = if context.uses_state { Feedback::load(&state_dir()?)? } else { Feedback::default() };
    let models = SuggestionModels::new(Arc::clone(&context.stores), context.read_options, feedback);
    if let (Some(tag), Some(section)) = (&args.refuse, &args.section) {
        let file = args.stage.source().single_file().map(Path::to_owned).ok_or(CliError::OneSpeechToRefuse)?;
        return refuse(context, &models, &file, tag, section);
    }
    let (format, target) = (context.format, context.out.target());
    let status = run_stage(context, &args.stage.source(), |speech, membership| {
        let (suggested, store_warnings) = suggest_tags(&models, speech)?;
        let suggestions: Vec<SectionSuggestions> = suggested.into_iter().map(SectionSuggestions::from).collect();
        let bytes = match format {
            OutputFormat::Text => render(speech, &suggestions, membership, target).into_bytes(),
            OutputFormat::Json => {
                let is_single = membership == Membership::Single;
                let (version, head) = (is_single.then_some(1), (!is_single).then(|| RecordHead::new(speech)));
                target.json_bytes(&SuggestReport { version, head, suggestions })?
            }
            OutputFormat::Jsonl => lines(speech, &suggestions)?,
        };
        Ok(StageOutput { store_warnings, ..bytes.into() })
    })?;
    for warning in models.take_failures() {
        context.leave_out(&warning.into());
    }
    Ok(if status == Status::Done { context.done() } else { status })
}

/// Remembers that a tag was refused for a section.
fn refuse(context: &CliContext, models: &SuggestionModels, file: &Path, tag: &str, section: &str) -> Result<Status, CliError> {
    let speech = StageSpeech::from_file(file.to_owned(), context.open(file)?.document);
    let document = &speech.document;
    let id = document.outline.resolve(section).map_err(|error| CliError::Section(file.to_owned(), error))?;
    let ranked = models.for_speech(&speech)?.model.rank(&FeatureExtractor::new(document).extract(id));
    let words = ranked.into_iter().find(|suggestion| suggestion.tag == tag).map(|suggestion| suggestion.reasons);
    let words = words.ok_or_else(|| CodebookError::Missing(tag.to_owned())).map_err(StoreError::from)?;
    let verdict = Verdict { section: SectionKey::new(document, file, id), tag: tag.to_owned(), words, accepted: false };
    Feedback::record(&state_dir()?, &[verdict])?;
    Ok(Status::Done)
}

/// The suggestions as JSON lines, one a tag.
fn lines(speech: &StageSpeech, suggestions: &[SectionSuggestions]) -> Result<Vec<u8>, CliError> {
    let head = &RecordHead::new(speech);
    let records = suggestions.iter().filter_map(|suggested| {
        let section = speech.document.outline.get(suggested.id)?;
        let path = suggested.section.join("/");
        let (start, end) = (section.span.start, section.span.end);
        let tags = suggested.tags.iter().enumerate();
        Some(tags.map(move |(index, tag)| SuggestionLine {
            head,
            section: path.clone(),
            section_title: section.display_title(),
            start,
            end,
            rank: index + 1,
            tag,
        }))
    });
    json_lines(records.flatten())
}

/// The suggestions as text, below the name of the file if there are several.
fn render(speech: &StageSpeech, suggestions: &[SectionSuggestions], membership: Membership, target: OutputTarget) -> String {
    let mut text = String::new();
    if membership == Membership::Member && !suggestions.is_empty() {
        let _ = writeln!(text, "{}", target.styled(OutputStyle::Faint, &speech.label()));
    }
    for suggested in suggestions {
        let title = speech.document.outline.get(suggested.id).map(|section| section.display_title().to_owned()).unwrap_or_default();
        let path = target.styled(OutputStyle::Marker, &suggested.section.join("/")).into_owned();
        let _ = writeln!(text, "{path} {}", target.sanitized(&title));
        for tag in &suggested.tags {
            let reasons = target.styled(OutputStyle::Faint, &tag.reasons.join(" ")).into_owned();
            let _ = writeln!(text, "    {:.2} {}  {reasons}", tag.score, target.sanitized(&tag.tag));
        }
    }
    text
}
