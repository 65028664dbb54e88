//! `pizhu text`: the cleaned text of speeches, a paragraph a line.

use super::{
    CliContext, CliError, Status,
    args::common::RecordOutputArgs,
    output::{OutputFormat, OutputStyle, OutputTarget},
    stage::{Membership, RecordHead, StageArgs, StageSpeech, json_lines, run_stage},
};
use clap::Args;
use pizhu_text::document::{Document, Paragraph, ParagraphKind};
use serde::Serialize;
use std::fmt::Write as _;

/// `pizhu text`
#[derive(Debug, Args)]
pub struct TextArgs {
    /// The speeches.
    #[command(flatten)]
    pub stage: StageArgs,
    /// Also print page matter (navigation, copyright), which is left out otherwise.
    #[arg(long)]
    pub page: bool,
    /// Output options.
    #[command(flatten)]
    pub output: RecordOutputArgs,
}

/// The paragraphs in JSON.
#[derive(Serialize)]
struct TextReport<'a> {
    /// Absent where the text is one of many.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    #[serde(flatten)]
    head: RecordHead<'a>,
    paragraphs: Vec<ParagraphFields>,
}

/// A paragraph as a record of JSON lines.
#[derive(Serialize)]
struct ParagraphLine<'a> {
    #[serde(flatten)]
    head: &'a RecordHead<'a>,
    #[serde(flatten)]
    paragraph: ParagraphFields,
}

#[derive(Serialize)]
struct ParagraphFields {
    kind: &'static str,
    /// Path of the innermost section; null before the first.
    section: Option<String>,
    start: usize,
    end: usize,
    text: String,
}

pub(super) fn run(context: &mut CliContext, args: &TextArgs) -> Result<Status, CliError> {
    let (format, target) = (context.format, context.out.target());
    run_stage(context, &args.stage.source(), |speech, membership| {
        let document = &speech.document;
        let paragraphs = document.paragraphs.iter().filter(|paragraph| args.page || paragraph.kind != ParagraphKind::Boilerplate);
        let bytes = match format {
            OutputFormat::Text => render(speech, paragraphs, membership, target).into_bytes(),
            OutputFormat::Json => {
                let version = (membership == Membership::Single).then_some(1);
                let paragraphs = paragraphs.map(|paragraph| fields(document, paragraph)).collect();
                target.json_bytes(&TextReport { version, head: RecordHead::new(speech), paragraphs })?
            }
            OutputFormat::Jsonl => {
                let head = &RecordHead::new(speech);
                json_lines(paragraphs.map(|paragraph| ParagraphLine { head, paragraph: fields(document, paragraph) }))?
            }
        };
        Ok(bytes.into())
    })
}

fn fields(document: &Document, paragraph: &Paragraph) -> ParagraphFields {
    ParagraphFields {
        kind: paragraph.kind.name(),
        section: document.outline.section_at(paragraph.span.start).map(|id| document.outline.path_text(id)),
        start: paragraph.span.start,
        end: paragraph.span.end,
        text: document.text(paragraph.span),
    }
}

/// The paragraphs as text, each behind its span, as `--span` takes it.
fn render<'a>(
    speech: &StageSpeech,
    paragraphs: impl Iterator<Item = &'a Paragraph>,
    membership: Membership,
    target: OutputTarget,
) -> String {
    let name = if membership == Membership::Member { format!("{}:", speech.label()) } else { String::new() };
    let mut text = String::new();
    for Paragraph { span, .. } in paragraphs {
        let place = target.styled(OutputStyle::Faint, &format!("{name}{}:{}", span.start, span.end)).into_owned();
        let _ = writeln!(text, "{place}\t{}", target.sanitized(&speech.document.text(*span)));
    }
    text
}
