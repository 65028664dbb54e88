//! `pizhu outline`: the section trees of speeches.

use super::{
    CliContext, CliError, Status,
    args::common::RecordOutputArgs,
    output::{OutputFormat, OutputStyle, OutputTarget},
    stage::{Membership, RecordHead, StageArgs, StageSpeech, run_stage},
};
use clap::Args;
use pizhu_text::document::Document;
use pizhu_text::document::Section;
use pizhu_text::text::Span;
use serde::Serialize;
use std::{collections::BTreeMap, fmt::Write as _, io};

/// `pizhu outline`
#[derive(Debug, Args)]
pub struct OutlineArgs {
    /// The speeches.
    #[command(flatten)]
    pub stage: StageArgs,
    /// Output options.
    #[command(flatten)]
    pub output: RecordOutputArgs,
}

/// The outline in JSON.
#[derive(Serialize)]
struct OutlineReport<'a> {
    /// Absent where the outline is one of many.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    head: Option<RecordHead<'a>>,
    title: Option<&'a str>,
    date: Option<&'a str>,
    front: FrontReport<'a>,
    boilerplate: Vec<String>,
    sections: Vec<SectionNode<'a>>,
}

/// The fields of the front matter by name; null where the speech does not give one.
#[derive(Serialize)]
struct FrontReport<'a>(BTreeMap<&'static str, Option<FieldReport<'a>>>);

/// A field of the front matter and its chars in the source.
#[derive(Serialize)]
struct FieldReport<'a> {
    text: &'a str,
    #[serde(flatten)]
    span: Span,
}

#[derive(Serialize)]
struct SectionNode<'a> {
    path: String,
    marker: &'a str,
    kind: &'static str,
    number: u32,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    restored: Option<&'a str>,
    heading: Span,
    span: Span,
    /// The chance that it is a section at this depth.
    confidence: f64,
    children: Vec<SectionNode<'a>>,
}

/// A section as a record of JSON lines: flat, so that every line has the same fields.
#[derive(Serialize)]
struct SectionLine<'a> {
    #[serde(flatten)]
    head: &'a RecordHead<'a>,
    path: &'a str,
    /// Path of the enclosing section; null at the top.
    parent: Option<&'a str>,
    level: u16,
    kind: &'static str,
    number: u32,
    marker: &'a str,
    title: &'a str,
    restored: Option<&'a str>,
    start: usize,
    end: usize,
    heading_start: usize,
    heading_end: usize,
    /// The chance that it is a section at this depth.
    confidence: f64,
}

pub(super) fn run(context: &mut CliContext, args: &OutlineArgs) -> Result<Status, CliError> {
    let (format, target) = (context.format, context.out.target());
    run_stage(context, &args.stage.source(), |speech, membership| {
        let bytes = match format {
            OutputFormat::Json => target.json_bytes(&report(speech, membership))?,
            OutputFormat::Jsonl => section_lines(speech)?,
            OutputFormat::Text => render(&speech.document, file_name(speech, membership), target).into_bytes(),
        };
        Ok(bytes.into())
    })
}

/// The name that stands above the tree of one speech of many.
fn file_name(speech: &StageSpeech, membership: Membership) -> Option<String> {
    (membership == Membership::Member).then(|| speech.label())
}

fn report(speech: &StageSpeech, membership: Membership) -> OutlineReport<'_> {
    let (document, metadata) = (&speech.document, &speech.document.metadata);
    let mut rest = document.outline.iter().map(|(id, section)| (section, document.outline.path_text(id))).peekable();
    OutlineReport {
        version: (membership == Membership::Single).then_some(1),
        head: (membership == Membership::Member).then(|| RecordHead::new(speech)),
        title: metadata.title.as_deref(),
        date: metadata.date.as_deref(),
        front: FrontReport(
            metadata
                .front
                .fields()
                .into_iter()
                .map(|(name, field)| (name, field.map(|field| FieldReport { text: &field.text, span: field.span })))
                .collect(),
        ),
        boilerplate: metadata.boilerplate.iter().map(|span| document.quote(*span)).collect(),
        sections: nodes(&mut rest, 0),
    }
}

/// Consumes the sections of `depth` or deeper from the front and builds their nodes.
fn nodes<'a>(rest: &mut std::iter::Peekable<impl Iterator<Item = (Section<'a>, String)>>, depth: u16) -> Vec<SectionNode<'a>> {
    let mut found = Vec::new();
    while let Some((section, path)) = rest.next_if(|(section, _)| section.depth >= depth) {
        found.push(SectionNode {
            path,
            marker: section.marker_text,
            kind: section.kind.name(),
            number: section.number,
            title: section.title_text,
            restored: section.repaired_title,
            heading: section.heading,
            span: section.span,
            confidence: section.confidence.chance(),
            children: nodes(rest, section.depth + 1),
        });
    }
    found
}

/// The sections as JSON lines.
fn section_lines(speech: &StageSpeech) -> Result<Vec<u8>, CliError> {
    let outline = &speech.document.outline;
    let head = RecordHead::new(speech);
    let mut lines = Vec::new();
    let mut paths: Vec<String> = Vec::with_capacity(outline.sections().len());
    for (id, section) in outline.iter() {
        let parent = section.parent.and_then(|parent| paths.get(parent.index()));
        let step = outline.step(id).unwrap_or_default();
        let path = parent.map_or_else(|| step.to_owned(), |parent| format!("{parent}/{step}"));
        let line = SectionLine {
            head: &head,
            path: &path,
            parent: parent.map(String::as_str),
            level: section.depth + 1,
            kind: section.kind.name(),
            number: section.number,
            marker: section.marker_text,
            title: section.title_text,
            restored: section.repaired_title,
            start: section.span.start,
            end: section.span.end,
            heading_start: section.heading.start,
            heading_end: section.heading.end,
            confidence: section.confidence.chance(),
        };
        serde_json::to_writer(&mut lines, &line).map_err(io::Error::from)?;
        lines.push(b'\n');
        paths.push(path);
    }
    Ok(lines)
}

/// The tree as text, below the name of its file if there are several.
fn render(document: &Document, name: Option<String>, target: OutputTarget) -> String {
    let mut text = String::new();
    let mut line = |style: OutputStyle, line: &str| {
        text.push_str(&target.styled(style, line));
        text.push('\n');
    };
    if let Some(name) = name {
        line(OutputStyle::Faint, &name);
    }
    if let Some(title) = &document.metadata.title {
        line(OutputStyle::Title, title);
    }
    if let Some(date) = &document.metadata.date {
        line(OutputStyle::Faint, date);
    }
    for section in document.outline.sections() {
        let marker = target.styled(OutputStyle::Marker, section.marker_text);
        let title = target.sanitized(section.display_title());
        let gap = if needs_gap(section.marker_text, section.display_title()) { " " } else { "" };
        let _ = write!(text, "{:indent$}{marker}{gap}{title}", "", indent = 2 * usize::from(section.depth));
        if section.repaired_title.is_some() {
            text.push_str(&target.styled(OutputStyle::Faint, &format!("  ← {}", section.title_text)));
        }
        text.push('\n');
    }
    text
}

/// Whether a space is needed to separate marker and title.
fn needs_gap(marker: &str, title: &str) -> bool {
    let closed = marker.ends_with(['、', '，', '）', '．', '：']);
    !marker.is_empty() && !title.is_empty() && !closed
}
