//! `pizhu count --format svg`: the table as a picture.

use super::{CliContext, count_args::PictureArg};
use crate::locale::counts::{count_label, count_title};
use crate::locale::id;
use pizhu_library::count::{CountHeader, CountTable, Tally};
use pizhu_library::count_options::{CountOptions, CountUnit};
use pizhu_library::picture::{PictureKind, PictureTable, draw};

/// The table of a tally as a picture; `shares` are written instead of the figures.
pub(super) fn picture(
    context: &CliContext,
    (tally, table): (&Tally, &CountTable),
    (by, options): (&str, &CountOptions),
    kind: PictureArg,
    shares: Option<&[Vec<Option<f64>>]>,
) -> String {
    let locale = context.locale;
    let label = |header: &CountHeader| count_label(header, locale);
    let mut picture = PictureTable::new(table, &count_title(by, locale), &label);
    let facts = [("count", tally.count().into()), ("speeches", tally.speeches().into())];
    picture.note = locale.format(if options.unit == CountUnit::Chars { id::PICTURE_NOTE_CHARS } else { id::PICTURE_NOTE }, &facts);
    picture.total_label = locale.text(id::COUNT_TOTAL).into_owned();
    if let Some(shares) = shares {
        picture = picture.with_shares(shares);
    }
    draw(PictureKind::from(kind), &picture)
}
