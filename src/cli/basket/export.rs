//! Exporting a basket.

use super::{choice::BasketChoice, report};
use crate::cli::context::warn;
use crate::cli::output::is_standard_output;
use crate::cli::{CliContext, CliError, Status};
use crate::locale::{family, id};
use pizhu_annotation::BasketList;
use pizhu_annotation::store::state_dir;
use pizhu_library::basket::{BasketFormat, SourceWords};
use pizhu_library::exchange::Destination;
use std::{io::Write, path::Path};

pub(super) fn export(
    context: &mut CliContext,
    choice: &BasketChoice,
    format: Option<&str>,
    output: &Path,
    force: bool,
) -> Result<Status, CliError> {
    let named = format.and_then(BasketFormat::find);
    let format = named.or_else(|| BasketFormat::from_path(output)).or_else(|| BasketFormat::find("markdown"));
    let Some(format) = format else { return Err(CliError::NoFormat(String::new())) };
    let store = context.store_for(None)?;
    let list = BasketList::new(store.project()?.records());
    let basket = report::resolved(context, &store, &list, choice.find(&list)?)?;
    let locale = context.locale;
    let words = SourceWords {
        changed: locale.text(family::BASKET_STATE.id("changed")).into_owned(),
        lost: locale.text(family::BASKET_STATE.id("orphaned")).into_owned(),
    };
    let write = |out: &mut dyn Write| (format.write)(&basket, &words, out);
    if is_standard_output(output) {
        context.out.export_bytes(format.is_text, write)?;
    } else {
        let destination = Destination::new(output, force).exported_from(basket.files()).beside_store(store.location());
        destination.outside(&state_dir()?).fill(write)?;
    }
    let lost_count = basket.lost().count();
    if lost_count > 0 {
        warn(&locale.format(id::BASKET_LOST, &[("count", lost_count.into())]));
    }
    Ok(Status::Done)
}
