//! Changing baskets.

use super::{action::BasketAction, choice::BasketChoice, problem::BasketProblem};
use crate::cli::input::read_note;
use crate::cli::{CliContext, CliError, Status, address::Address, named_speeches};
use pizhu_annotation::{AnnotationId, Basket, BasketEdit, BasketItem, BasketList, BasketName, RecordId, Store, StoreError, Target};
use serde::Serialize;
use std::{io::Write as _, num::NonZeroUsize, path::Path};

/// The numbers of what was put in, in JSON.
#[derive(Serialize)]
struct AddedReport {
    version: u32,
    basket: String,
    entries: Vec<usize>,
}

/// Does what changes a basket.
pub(super) fn run(context: &mut CliContext, action: BasketAction) -> Result<Status, CliError> {
    match action {
        BasketAction::Add { file, address, id, at, choice } => {
            let (store, item) = passage(context, &file, &address, id)?;
            put(context, &store, &choice, at, item)
        }
        BasketAction::Heading { text, level, at, replace, choice } => {
            let item = BasketItem::heading(level, &text);
            put_words(context, &choice, at, replace, item)
        }
        BasketAction::Text { text, at, replace, choice } => {
            let text = read_note(&text)?;
            put_words(context, &choice, at, replace, BasketItem::words(&text))
        }
        BasketAction::Move { from, to, into, choice } => change(context, &choice, |basket| {
            let entry = entry(basket, from)?;
            Ok(match (to, into) {
                (Some(to), _) => BasketEdit::Move { entry, to: to.get() - 1 },
                (None, into) => BasketEdit::MoveTo { entry, basket: BasketName::Named(into.unwrap_or_default()) },
            })
        }),
        BasketAction::Remove { entries, choice } => change(context, &choice, |basket| {
            Ok(BasketEdit::Remove { entries: entries.iter().map(|number| entry(basket, *number)).collect::<Result<_, _>>()? })
        }),
        BasketAction::Rename { new, choice } => change(context, &choice, |basket| Ok(BasketEdit::Rename { basket: basket.id, name: new })),
        BasketAction::Delete { name } => {
            change(context, &BasketChoice { basket: Some(name) }, |basket| Ok(BasketEdit::Delete { basket: basket.id }))
        }
        BasketAction::List { .. } | BasketAction::Export { .. } => Ok(Status::Done),
    }
}

/// Changes a basket that is there.
fn change(
    context: &mut CliContext,
    choice: &BasketChoice,
    edit: impl FnOnce(&Basket) -> Result<BasketEdit, CliError>,
) -> Result<Status, CliError> {
    let store = context.store_for(None)?;
    let list = BasketList::new(store.project()?.records());
    let edit = edit(choice.find(&list)?)?;
    store.edit_baskets(&context.annotator(), &[edit])?;
    Ok(Status::Done)
}

/// The entry with a number.
fn entry(basket: &Basket, number: NonZeroUsize) -> Result<RecordId, CliError> {
    let entry = basket.entries.get(number.get() - 1).ok_or(BasketProblem::NoEntry(number.get()))?;
    Ok(entry.id)
}

/// The passage of a speech as an entry, and the store of the speech.
fn passage(context: &mut CliContext, file: &Path, address: &Address, id: Option<AnnotationId>) -> Result<(Store, BasketItem), CliError> {
    let speech = context.open_to_annotate(file)?;
    let store = context.store_for(Some(file))?;
    let target = match id {
        Some(id) => {
            let annotations = context.annotations(&speech)?;
            let target = annotations.get(id).and_then(pizhu_annotation::AnchoredAnnotation::target);
            target.ok_or_else(|| BasketProblem::NoAnnotation(id.to_string()))?
        }
        None => address.resolve(&speech)?,
    };
    let target = match target {
        // The place of an annotation on the whole speech is all of it.
        Target::Speech => Target::Passage(speech.document.source.span()),
        other => other,
    };
    let passage = store.basket_passage(&speech.document, file, target, id).ok_or(CliError::NoPlace)?;
    named_speeches::remember(file, store.location());
    Ok((store, BasketItem::Passage(Box::new(passage))))
}

/// Puts an entry into a basket, and prints its number.
fn put(
    context: &mut CliContext,
    store: &Store,
    choice: &BasketChoice,
    at: Option<NonZeroUsize>,
    item: BasketItem,
) -> Result<Status, CliError> {
    let list = BasketList::new(store.project()?.records());
    let basket = choice.find_or_new(&list, context.locale)?;
    let edit = BasketEdit::Add { basket, at: at.map(|at| at.get() - 1), items: vec![item] };
    let changes = store.edit_baskets(&context.annotator(), &[edit])?;
    let list = BasketList::new(store.project()?.records());
    let mut added: Vec<(RecordId, usize)> = Vec::new();
    for change in changes.iter().filter(|change| change.before.is_none()) {
        added.extend(list.find_entry(change.id).map(|(basket, index)| (basket.id, index + 1)));
    }
    let label = added.first().map(|(basket, _)| list.label(*basket)).unwrap_or_default();
    if context.is_json() {
        let entries = added.iter().map(|(_, number)| *number).collect();
        context.out.json(&AddedReport { version: 1, basket: label, entries })?;
    } else {
        for (_, number) in added {
            let label = context.out.sanitized(&label).into_owned();
            writeln!(context.out, "{label} {number}")?;
        }
    }
    Ok(Status::Done)
}

/// Puts a heading or words into a basket, or in the place of others.
fn put_words(
    context: &mut CliContext,
    choice: &BasketChoice,
    at: Option<NonZeroUsize>,
    replace: Option<NonZeroUsize>,
    item: BasketItem,
) -> Result<Status, CliError> {
    if item.text().is_empty() {
        return Err(BasketProblem::Empty.into());
    }
    let Some(number) = replace else {
        let store = context.store_for(None)?;
        return put(context, &store, choice, at, item);
    };
    change(context, choice, |basket| {
        let id = entry(basket, number)?;
        if basket.entries.iter().any(|entry| entry.id == id && entry.item.as_passage().is_some()) {
            return Err(BasketProblem::NotWords(number.get()).into());
        }
        Ok(BasketEdit::Set { entry: id, item })
    })
}

impl From<BasketProblem> for CliError {
    fn from(problem: BasketProblem) -> Self {
        Self::Basket(problem)
    }
}

/// An unknown name is refused by the store.
impl From<pizhu_annotation::BasketError> for CliError {
    fn from(error: pizhu_annotation::BasketError) -> Self {
        Self::Store(StoreError::from(error))
    }
}
