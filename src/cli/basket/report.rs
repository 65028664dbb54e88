//! Listing baskets.

use super::choice::BasketChoice;
use crate::app::open::open_speech;
use crate::cli::named_speeches::NamedSpeeches;
use crate::cli::output::OutputStyle;
use crate::cli::{CliContext, CliError, Status};
use crate::locale::{family, id};
use pizhu_annotation::{Basket, BasketItem, BasketList, RecordId, Store};
use pizhu_library::basket::{PassageState, ResolvedBasket, SpeechAccess, resolve};
use serde::Serialize;
use std::{io::Write as _, sync::Arc};

/// Maximum chars of a passage on its line.
const MAX_LINE_CHARS: usize = 60;

#[derive(Serialize)]
struct BasketsReport {
    version: u32,
    baskets: Vec<BasketReport>,
}

#[derive(Serialize)]
struct BasketReport {
    id: RecordId,
    name: String,
    entries: Vec<EntryReport>,
}

#[derive(Serialize)]
struct EntryReport {
    id: RecordId,
    kind: &'static str,
    level: Option<u8>,
    text: String,
    state: Option<&'static str>,
    document: Option<String>,
    document_title: Option<String>,
    document_date: Option<String>,
    section: Option<String>,
    start: Option<usize>,
    end: Option<usize>,
}

/// Finds the passages of a basket.
pub(super) fn resolved(context: &CliContext, store: &Store, list: &BasketList, basket: &Basket) -> Result<ResolvedBasket, CliError> {
    let (stores, options) = (Arc::clone(&context.stores), context.read_options);
    let open = |path: &std::path::Path| Some(open_speech(path, options, &stores).ok()?.speech.document);
    let named = NamedSpeeches::load(context.uses_state);
    let access = SpeechAccess { open: &open, may_read: &|path| named.contains(path) };
    let label = match list.label(basket.id) {
        label if label.is_empty() => context.locale.text(id::BASKET_UNNAMED).into_owned(),
        label => label,
    };
    Ok(resolve(store, basket, &label, &access)?)
}

/// Lists a basket, or all.
pub(super) fn list(context: &mut CliContext, choice: &BasketChoice) -> Result<Status, CliError> {
    let store = context.store_for(None)?;
    let list = BasketList::new(store.project()?.records());
    let chosen: Vec<&Basket> = if choice.basket.is_some() { vec![choice.find(&list)?] } else { list.all().iter().collect() };
    let mut baskets = Vec::new();
    for basket in chosen {
        baskets.push(resolved(context, &store, &list, basket)?);
    }
    if context.is_json() {
        let baskets = baskets.into_iter().map(report).collect();
        context.out.json(&BasketsReport { version: 1, baskets })?;
    } else {
        baskets.iter().try_for_each(|basket| print(context, basket))?;
    }
    Ok(Status::Done)
}

fn report(basket: ResolvedBasket) -> BasketReport {
    let entry = |entry: pizhu_library::basket::ResolvedEntry| {
        let (kind, level) = match &entry.item {
            BasketItem::Passage(_) => ("passage", None),
            BasketItem::Heading { level, .. } => ("heading", Some(*level)),
            BasketItem::Words { .. } => ("text", None),
        };
        let passage = entry.passage;
        let source = passage.as_ref().map(|passage| passage.source.clone());
        let fact = |fact: Option<String>| fact.filter(|fact| !fact.is_empty());
        EntryReport {
            id: entry.id,
            kind,
            level,
            text: passage.as_ref().map_or_else(|| entry.item.text().to_owned(), |passage| passage.text.clone()),
            state: passage.as_ref().map(|passage| passage.state.name()),
            document: fact(source.as_ref().map(|source| source.path.clone())),
            document_title: fact(source.as_ref().map(|source| source.title.clone())),
            document_date: fact(source.as_ref().map(|source| source.date.clone())),
            section: fact(source.map(|source| source.section)),
            start: passage.as_ref().and_then(|passage| Some(passage.span?.start)),
            end: passage.and_then(|passage| Some(passage.span?.end)),
        }
    };
    BasketReport { id: basket.id, name: basket.label, entries: basket.entries.into_iter().map(entry).collect() }
}

fn print(context: &mut CliContext, basket: &ResolvedBasket) -> Result<(), CliError> {
    let locale = context.locale;
    let out = &mut context.out;
    let name = out.styled(OutputStyle::Title, &basket.label).into_owned();
    writeln!(out, "{name}")?;
    for (index, entry) in basket.entries.iter().enumerate() {
        let number = index + 1;
        let text = entry.passage.as_ref().map_or_else(|| entry.item.text(), |passage| &passage.text);
        let line = shortened(text);
        match &entry.item {
            BasketItem::Heading { level, .. } => {
                let text = out.styled(OutputStyle::Marker, &format!("{} {line}", "#".repeat(usize::from(*level)))).into_owned();
                writeln!(out, "{number:>4}  {text}")?;
            }
            BasketItem::Words { .. } => {
                let line = out.sanitized(&line).into_owned();
                writeln!(out, "{number:>4}  {line}")?;
            }
            BasketItem::Passage(_) => {
                let Some(passage) = &entry.passage else { continue };
                let state = state_words(passage.state, locale).map(|words| format!("  [{words}]")).unwrap_or_default();
                let text = out.sanitized(&format!("“{line}”{state}")).into_owned();
                let source = out.styled(OutputStyle::Faint, &passage.source.line()).into_owned();
                writeln!(out, "{number:>4}  {text}\n      {source}")?;
            }
        }
    }
    Ok(())
}

/// What is said of a passage that is not as it was; `None` if it is.
pub(super) fn state_words(state: PassageState, locale: crate::locale::Locale) -> Option<String> {
    let is_as_it_was = matches!(state.name(), "exact" | "moved");
    (!is_as_it_was).then(|| locale.text(family::BASKET_STATE.id(state.name())).into_owned())
}

/// The text on one line, cut if it is long.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_LINE_CHARS) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}
