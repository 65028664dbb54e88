//! `pizhu outline`: the section tree of a speech.

use super::{CliContext, CliError, Status, args::common::OutputArgs, output::OutputStyle};
use clap::Args;
use pizhu_text::document::Document;
use pizhu_text::document::Section;
use pizhu_text::text::Span;
use serde::Serialize;
use std::{collections::BTreeMap, io::Write as _, path::PathBuf};

/// `pizhu outline`
#[derive(Debug, Args)]
pub struct OutlineArgs {
    /// The speech; `-` is standard input.
    pub file: PathBuf,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The outline in JSON.
#[derive(Serialize)]
struct OutlineReport<'a> {
    version: u32,
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
    confidence: f32,
    children: Vec<SectionNode<'a>>,
}

pub(super) fn run(context: &mut CliContext, args: &OutlineArgs) -> Result<Status, CliError> {
    let speech = context.open(&args.file)?;
    if context.is_json() {
        context.out.json(&report(&speech.document))?;
    } else {
        print(context, &speech.document)?;
    }
    Ok(Status::Done)
}

fn report(document: &Document) -> OutlineReport<'_> {
    let metadata = &document.metadata;
    let mut rest = document.outline.iter().map(|(id, section)| (section, document.outline.path_text(id))).peekable();
    OutlineReport {
        version: 1,
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

fn print(context: &mut CliContext, document: &Document) -> Result<(), CliError> {
    let out = &mut context.out;
    if let Some(title) = &document.metadata.title {
        let line = out.styled(OutputStyle::Title, title).into_owned();
        writeln!(out, "{line}")?;
    }
    if let Some(date) = &document.metadata.date {
        let line = out.styled(OutputStyle::Faint, date).into_owned();
        writeln!(out, "{line}")?;
    }
    for section in document.outline.sections() {
        let marker = out.styled(OutputStyle::Marker, section.marker_text).into_owned();
        let title = out.sanitized(section.display_title()).into_owned();
        let gap = if needs_gap(section.marker_text, section.display_title()) { " " } else { "" };
        write!(out, "{:indent$}{marker}{gap}{title}", "", indent = 2 * usize::from(section.depth))?;
        if section.repaired_title.is_some() {
            let source = out.styled(OutputStyle::Faint, &format!("  ← {}", section.title_text)).into_owned();
            write!(out, "{source}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Whether a space is needed to separate marker and title.
fn needs_gap(marker: &str, title: &str) -> bool {
    let closed = marker.ends_with(['、', '，', '）', '．', '：']);
    !marker.is_empty() && !title.is_empty() && !closed
}
