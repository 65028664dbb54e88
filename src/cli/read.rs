//! `pizhu read`: the speech set as text, one screen row a line.

use super::{
    CliError, Context, Status,
    output::{self, Ink},
};
use pizhu_text::document::Document;
use pizhu_text::document::ParagraphKind;
use pizhu_text::layout;
use pizhu_text::layout::MIN_WIDTH;
use pizhu_text::layout::Style;
use pizhu_text::text::width::Ambiguous;
use clap::{Args, ValueEnum};
use std::{io::Write as _, path::PathBuf};

/// Cells of the column where nothing else is said: 40 hanzi.
const MEASURE: u16 = 80;

/// `pizhu read`
#[derive(Debug, Args)]
pub struct ReadArgs {
    /// The speech; `-` is standard input.
    pub file: PathBuf,
    /// The column's width in cells, two to a hanzi [default: 80, or the terminal's if less].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(i64::from(MIN_WIDTH)..))]
    pub width: Option<u16>,
    /// Cells of the characters that terminals disagree about (“ ” — …).
    #[arg(long, value_name = "WIDTH", default_value = "narrow")]
    pub ambiguous: AmbiguousArg,
    /// With the lines about the page (navigation, copyright), which are else left out.
    #[arg(long)]
    pub page: bool,
}

/// Cells of characters of ambiguous width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AmbiguousArg {
    /// One cell.
    Narrow,
    /// Two cells.
    Wide,
}

pub(super) fn run(context: &mut Context, args: &ReadArgs) -> Result<Status, CliError> {
    let speech = context.open(&args.file)?;
    let style = Style {
        width: args.width.unwrap_or_else(|| output::terminal_width().map_or(MEASURE, |width| width.clamp(MIN_WIDTH, MEASURE))),
        ambiguous: match args.ambiguous {
            AmbiguousArg::Narrow => Ambiguous::Narrow,
            AmbiguousArg::Wide => Ambiguous::Wide,
        },
        ..Style::default()
    };
    set(context, &speech.document, style, args.page)?;
    Ok(Status::Done)
}

fn set(context: &mut Context, document: &Document, style: Style, with_page: bool) -> Result<(), CliError> {
    let out = &mut context.out;
    let mut last = None;
    for (index, paragraph) in document.paragraphs.iter().enumerate() {
        if paragraph.kind == ParagraphKind::Boilerplate && !with_page {
            continue;
        }
        if last.is_some_and(|last| is_apart(document, last, index)) {
            writeln!(out)?;
        }
        last = Some(index);
        for segment in layout::segments(document, index) {
            for row in layout::lay_out(document, segment, paragraph.kind, &style) {
                match ink(document, index) {
                    Some(ink) => {
                        let row = out.inked(ink, row.text().trim_end()).into_owned();
                        writeln!(out, "{row}")?;
                    }
                    None => writeln!(out, "{}", row.text().trim_end())?,
                }
            }
        }
    }
    Ok(())
}

/// Whether an empty line stands between two paragraphs: where what they are changes, and around
/// headings that stand alone.
fn is_apart(document: &Document, above: usize, below: usize) -> bool {
    use ParagraphKind::{Body, Boilerplate, Closing, EndMatter, Metadata, Title, Verbatim};
    let kinds = [above, below].map(|index| document.paragraphs[index].kind);
    let running = |kind| matches!(kind, Body | Closing | ParagraphKind::Heading(_));
    match kinds {
        [Title, Title] | [Metadata, Metadata] | [Verbatim, Verbatim] | [Boilerplate, Boilerplate] | [EndMatter, EndMatter] => false,
        [_, ParagraphKind::Heading(_)] if stands_alone(document, below) => !stands_alone(document, above),
        [first, second] => !(running(first) && running(second)),
    }
}

/// Whether the paragraph is a heading and nothing more.
fn stands_alone(document: &Document, index: usize) -> bool {
    let paragraph = document.paragraphs[index];
    match paragraph.kind {
        ParagraphKind::Heading(id) => document.outline.get(id).is_some_and(|section| paragraph.span.end <= section.heading.end + 1),
        _ => false,
    }
}

fn ink(document: &Document, index: usize) -> Option<Ink> {
    match document.paragraphs[index].kind {
        ParagraphKind::Title | ParagraphKind::Subheading => Some(Ink::Title),
        ParagraphKind::Heading(_) if stands_alone(document, index) => Some(Ink::Title),
        ParagraphKind::Boilerplate | ParagraphKind::Metadata => Some(Ink::Faint),
        _ => None,
    }
}
