//! `pizhu outline`: the section tree of a speech.

use super::{CliError, Context, Status, args::ShapeArg, output::Ink};
use pizhu_text::document::Document;
use pizhu_text::document::Section;
use pizhu_text::text::Span;
use clap::Args;
use serde::Serialize;
use std::{io::Write as _, path::PathBuf};

/// `pizhu outline`
#[derive(Debug, Args)]
pub struct OutlineArgs {
    /// The speech; `-` is standard input.
    pub file: PathBuf,
    /// The shape of the output.
    #[command(flatten)]
    pub shape: ShapeArg,
}

/// The tree as JSON.
#[derive(Serialize)]
struct Tree<'a> {
    version: u32,
    title: Option<&'a str>,
    date: Option<&'a str>,
    boilerplate: Vec<String>,
    sections: Vec<Node<'a>>,
}

#[derive(Serialize)]
struct Node<'a> {
    path: String,
    marker: &'a str,
    kind: &'static str,
    number: u32,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    restored: Option<&'a str>,
    heading: Span,
    span: Span,
    children: Vec<Node<'a>>,
}

pub(super) fn run(context: &mut Context, args: &OutlineArgs) -> Result<Status, CliError> {
    let speech = context.open(&args.file)?;
    if context.is_json() {
        context.out.json(&tree(&speech.document))?;
    } else {
        print(context, &speech.document)?;
    }
    Ok(Status::Done)
}

fn tree(document: &Document) -> Tree<'_> {
    let metadata = &document.metadata;
    let mut rest = document.outline.iter().map(|(id, section)| (section, document.outline.path_text(id))).peekable();
    Tree {
        version: 1,
        title: metadata.title.as_deref(),
        date: metadata.date.as_deref(),
        boilerplate: metadata.boilerplate.iter().map(|span| document.quote(*span)).collect(),
        sections: nodes(&mut rest, 0),
    }
}

/// Takes the sections of `depth` off the front, each with all that lie under it.
fn nodes<'a>(rest: &mut std::iter::Peekable<impl Iterator<Item = (Section<'a>, String)>>, depth: u16) -> Vec<Node<'a>> {
    let mut found = Vec::new();
    while let Some((section, path)) = rest.next_if(|(section, _)| section.depth >= depth) {
        found.push(Node {
            path,
            marker: section.marker_text,
            kind: section.kind.name(),
            number: section.number,
            title: section.title_text,
            restored: section.restored,
            heading: section.heading,
            span: section.span,
            children: nodes(rest, section.depth + 1),
        });
    }
    found
}

fn print(context: &mut Context, document: &Document) -> Result<(), CliError> {
    let out = &mut context.out;
    if let Some(title) = &document.metadata.title {
        let line = out.inked(Ink::Title, title).into_owned();
        writeln!(out, "{line}")?;
    }
    if let Some(date) = &document.metadata.date {
        let line = out.inked(Ink::Faint, date).into_owned();
        writeln!(out, "{line}")?;
    }
    for section in document.outline.sections() {
        let marker = out.inked(Ink::Marker, section.marker_text).into_owned();
        let title = out.shown(section.shown_title()).into_owned();
        let gap = if needs_gap(section.marker_text, section.shown_title()) { " " } else { "" };
        write!(out, "{:indent$}{marker}{gap}{title}", "", indent = 2 * usize::from(section.depth))?;
        if section.restored.is_some() {
            let source = out.inked(Ink::Faint, &format!("  ← {}", section.title_text)).into_owned();
            write!(out, "{source}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Whether marker and title need a space between them to be told apart.
fn needs_gap(marker: &str, title: &str) -> bool {
    let closed = marker.ends_with(['、', '，', '）', '．', '：']);
    !marker.is_empty() && !title.is_empty() && !closed
}
