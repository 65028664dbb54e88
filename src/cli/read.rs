//! `pizhu read`: a speech laid out as text, one row per line.

use super::{
    CliContext, CliError, Status,
    context::warn,
    output::{self, OutputStyle},
};
use crate::app::open::OpenedSpeech;
use clap::{Args, ValueEnum};
use pizhu_text::document::Document;
use pizhu_text::document::ParagraphKind;
use pizhu_text::layout;
use pizhu_text::layout::DocumentTables;
use pizhu_text::layout::LayoutStyle;
use pizhu_text::layout::MIN_WIDTH;
use pizhu_text::text::width::AmbiguousWidth;
use std::{io::Write as _, path::PathBuf};

/// Default column width in cells: 40 hanzi.
const DEFAULT_WIDTH: u16 = 80;

/// `pizhu read`
#[derive(Debug, Args)]
pub struct ReadArgs {
    /// The speech; `-` is standard input.
    pub file: PathBuf,
    /// Width of the column in cells, two per hanzi [default: 80, or less in a narrower terminal].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(i64::from(MIN_WIDTH)..))]
    pub width: Option<u16>,
    /// Cells of the characters that terminals disagree about (“ ” — …).
    #[arg(long, value_name = "WIDTH", default_value = "narrow")]
    pub ambiguous: AmbiguousArg,
    /// Also print page matter (navigation, copyright), which is left out otherwise.
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

pub(super) fn run(context: &mut CliContext, args: &ReadArgs) -> Result<Status, CliError> {
    let OpenedSpeech { speech, unread_store } = context.open_mended(&args.file)?;
    if let Some(error) = unread_store.filter(|error| !context.stores.passes_over(error)) {
        warn(&CliError::from(error).message(context.locale));
    }
    let style = LayoutStyle {
        width: args.width.unwrap_or_else(|| output::terminal_width().map_or(DEFAULT_WIDTH, |width| width.clamp(MIN_WIDTH, DEFAULT_WIDTH))),
        ambiguous: match args.ambiguous {
            AmbiguousArg::Narrow => AmbiguousWidth::Narrow,
            AmbiguousArg::Wide => AmbiguousWidth::Wide,
        },
        ..LayoutStyle::default()
    };
    print_text(context, &speech.document, style, args.page)?;
    Ok(Status::Done)
}

fn print_text(context: &mut CliContext, document: &Document, style: LayoutStyle, with_page: bool) -> Result<(), CliError> {
    let out = &mut context.out;
    let tables = DocumentTables::find(document, &style);
    let mut last = None;
    for (index, paragraph) in document.paragraphs.iter().enumerate() {
        if paragraph.kind == ParagraphKind::Boilerplate && !with_page {
            continue;
        }
        let other_table = |last: usize| {
            let [above, below] = [last, index].map(|index| tables.at(document.paragraphs[index].span.start).map(|row| row.table));
            paragraph.kind == ParagraphKind::Verbatim && above != below
        };
        if last.is_some_and(|last| needs_blank_line(document, last, index) || other_table(last)) {
            writeln!(out)?;
        }
        last = Some(index);
        for segment in layout::segments(document, index) {
            let rows = match tables.at(segment.start) {
                Some(table) => layout::lay_out_row(document, segment, table, &style),
                None => layout::lay_out(document, segment, paragraph.kind, document.begins_paragraph(segment.start), &style),
            };
            for row in rows {
                match paragraph_style(document, index) {
                    Some(text_style) => {
                        let row = out.styled(text_style, row.text().trim_end()).into_owned();
                        writeln!(out, "{row}")?;
                    }
                    None => writeln!(out, "{}", row.text().trim_end())?,
                }
            }
        }
    }
    Ok(())
}

/// Whether a blank line separates two paragraphs: between different kinds, and before headings that
/// are paragraphs of their own.
fn needs_blank_line(document: &Document, above: usize, below: usize) -> bool {
    use ParagraphKind::{Body, Boilerplate, Closing, EndMatter, Metadata, Title, Verbatim};
    let kinds = [above, below].map(|index| document.paragraphs[index].kind);
    let running = |kind| matches!(kind, Body | Closing | ParagraphKind::Heading(_));
    match kinds {
        [Title, Title] | [Metadata, Metadata] | [Verbatim, Verbatim] | [Boilerplate, Boilerplate] | [EndMatter, EndMatter] => false,
        [_, ParagraphKind::Heading(_)] if is_whole_heading(document, below) => !is_whole_heading(document, above),
        [first, second] => !(running(first) && running(second)),
    }
}

/// Whether the paragraph consists only of a heading, without body text after it.
fn is_whole_heading(document: &Document, index: usize) -> bool {
    let paragraph = document.paragraphs[index];
    match paragraph.kind {
        ParagraphKind::Heading(id) => document.outline.get(id).is_some_and(|section| paragraph.span.end <= section.heading.end + 1),
        _ => false,
    }
}

fn paragraph_style(document: &Document, index: usize) -> Option<OutputStyle> {
    match document.paragraphs[index].kind {
        ParagraphKind::Title | ParagraphKind::Subheading => Some(OutputStyle::Title),
        ParagraphKind::Heading(_) if is_whole_heading(document, index) => Some(OutputStyle::Title),
        ParagraphKind::Boilerplate | ParagraphKind::Metadata => Some(OutputStyle::Faint),
        _ => None,
    }
}
