//! `pizhu history`: the edits of a speech's annotations, and restoring an earlier state.

use super::{CliContext, CliError, Status, args::common::OutputArgs, context::warn, error::store_warning, output::OutputStyle};
use crate::locale::{family, id};
use clap::Args;
use jiff::{Timestamp, tz::TimeZone};
use pizhu_annotation::Action;
use pizhu_annotation::ActionKind;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::edit::AnnotationChange;
use pizhu_annotation::store::SpeechKey;
use pizhu_annotation::{Annotation, Record, RecordChange, RecordEntry, RestoreScope, StoreError, TagRef};
use serde::Serialize;
use std::{io::Write as _, path::PathBuf};
use uuid::Uuid;

/// Chars shown of a quote.
const QUOTE_CHARS: usize = 24;

/// `pizhu history`
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// The speech.
    pub file: PathBuf,
    /// Restore the annotations to their state after this entry: its number (0 is before the first)
    /// or its id. Only this speech changes, and what only others have added or changed since stays. The
    /// restoration is an entry itself and can be undone.
    #[arg(long, value_name = "ENTRY")]
    pub restore: Option<String>,
    /// With `--restore`, also take back what only others have added or changed since.
    #[arg(long, requires = "restore")]
    pub all: bool,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Serialize)]
struct HistoryReport {
    version: u32,
    states: Vec<HistoryEntry>,
}

/// An entry of the history. Restoring an entry restores the state after it.
#[derive(Serialize)]
struct HistoryEntry {
    number: usize,
    id: Uuid,
    at: Timestamp,
    author: String,
    kind: &'static str,
    /// The entry that was undone, redone or restored.
    #[serde(rename = "of", skip_serializing_if = "Option::is_none")]
    target: Option<Uuid>,
    changes: Vec<ChangeEntry>,
    /// Changes of attributes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<AttributeEntry>,
}

/// The change of an attribute; null for nothing set.
#[derive(Serialize)]
struct AttributeEntry {
    key: String,
    before: Option<String>,
    after: Option<String>,
}

#[derive(Serialize)]
struct ChangeEntry {
    id: AnnotationId,
    change: &'static str,
    quote: String,
    tags_added: Vec<String>,
    tags_removed: Vec<String>,
    /// The new note, if it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Whether the annotation was attached to other text.
    attached: bool,
    /// The change of the outline, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    outline: Option<&'static str>,
}

#[derive(Serialize)]
struct RestoreReport {
    version: u32,
    restored: usize,
    /// Annotations left as they are, because only others have added or changed them since.
    kept: usize,
}

pub(super) fn run(context: &mut CliContext, args: &HistoryArgs) -> Result<Status, CliError> {
    let speech = context.open_to_annotate(&args.file)?;
    let store = context.store_for(Some(&args.file))?;
    let key = SpeechKey::from_document(store.location(), &speech.document, &args.file);
    let history = store.history(&key)?;
    if args.restore.is_none() {
        store.lacking(&key)?.iter().for_each(|warning| warn(&store_warning(warning, context.locale)));
    }
    if let Some(entry) = &args.restore {
        let author = context.annotator();
        let scope = if args.all { RestoreScope::All } else { RestoreScope::Own(&author) };
        let (restored, kept) = store.restore(&key, resolve_entry(entry, &history)?, &author, scope)?;
        if context.is_json() {
            context.out.json(&RestoreReport { version: 1, restored, kept })?;
        } else {
            let line = context.locale.format(id::HISTORY_RESTORED, &[("count", restored.into())]);
            writeln!(context.out, "{line}")?;
            if kept > 0 {
                let line = context.locale.format(id::HISTORY_KEPT, &[("count", kept.into())]);
                writeln!(context.out, "{line}")?;
            }
        }
        return Ok(Status::Done);
    }
    let states: Vec<HistoryEntry> = history.iter().enumerate().map(|(index, action)| history_entry(index + 1, action)).collect();
    if context.is_json() {
        context.out.json(&HistoryReport { version: 1, states })?;
        return Ok(Status::Done);
    }
    states.iter().try_for_each(|state| print_entry(context, state))?;
    Ok(Status::Done)
}

/// The action with this number or id; `None` for 0, the state before the first action.
fn resolve_entry(entry: &str, history: &[Action]) -> Result<Option<Uuid>, CliError> {
    let unknown = || CliError::NoEntry(entry.to_owned());
    match entry.parse::<usize>() {
        Ok(0) => Ok(None),
        Ok(number) => history.get(number - 1).map(|action| Some(action.id)).ok_or_else(unknown),
        Err(_) => {
            let id = Uuid::parse_str(entry).map_err(|_| unknown())?;
            if history.iter().any(|action| action.id == id) { Ok(Some(id)) } else { Err(CliError::Store(StoreError::NoSuchAction(id))) }
        }
    }
}

fn history_entry(number: usize, action: &Action) -> HistoryEntry {
    let (kind, target) = match action.kind {
        ActionKind::Edit => ("edit", None),
        ActionKind::Undo(id) => ("undo", Some(id)),
        ActionKind::Redo(id) => ("redo", Some(id)),
        ActionKind::Restore(id) => ("restore", Some(id)),
        ActionKind::Import => ("import", None),
    };
    let changes = action.changes.iter().filter_map(change_entry).chain(action.records.iter().filter_map(outline_entry)).collect();
    let attributes = action.records.iter().filter_map(attribute_entry).collect();
    HistoryEntry { number, id: action.id, at: action.at, author: action.author.clone(), kind, target, changes, attributes }
}

fn attribute_entry(change: &RecordChange) -> Option<AttributeEntry> {
    let pair = |entry: &Option<RecordEntry>| match &entry.as_ref()?.record {
        Record::Attribute { key, value } => Some((key.clone(), value.clone())),
        _ => None,
    };
    let (before, after) = (pair(&change.before), pair(&change.after));
    let key = after.as_ref().or(before.as_ref())?.0.clone();
    Some(AttributeEntry { key, before: before.map(|(_, value)| value), after: after.map(|(_, value)| value) })
}

fn change_entry(change: &AnnotationChange) -> Option<ChangeEntry> {
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    let tags = |one: Option<&Annotation>, other: Option<&Annotation>| -> Vec<String> {
        let lacks = |tag: &&TagRef| other.is_none_or(|other| !other.tags.contains(tag.id));
        one.into_iter().flat_map(|one| one.tags.by_name()).filter(lacks).map(|tag| tag.name.clone()).collect()
    };
    let note = |annotation: Option<&Annotation>| annotation.map(|annotation| annotation.note.clone()).unwrap_or_default();
    Some(ChangeEntry {
        id: change.id()?,
        change: match (before, after) {
            (None, _) => "added",
            (Some(_), None) => "deleted",
            (Some(_), Some(_)) => "changed",
        },
        quote: after.or(before)?.selector.quote.clone(),
        tags_added: tags(after, before),
        tags_removed: tags(before, after),
        note: (note(before) != note(after)).then(|| note(after)),
        attached: before.zip(after).is_some_and(|(before, after)| before.selector != after.selector),
        outline: None,
    })
}

/// The entry of a mended heading.
fn outline_entry(change: &RecordChange) -> Option<ChangeEntry> {
    let Record::OutlineEdit { at, change: outline, .. } = &change.after.as_ref().or(change.before.as_ref())?.record else { return None };
    Some(ChangeEntry {
        id: change.id,
        change: match (&change.before, &change.after) {
            (None, _) => "added",
            (Some(_), None) => "deleted",
            (Some(_), Some(_)) => "changed",
        },
        quote: at.quote.clone(),
        tags_added: Vec::new(),
        tags_removed: Vec::new(),
        note: None,
        attached: change.before.is_some() && change.after.is_some(),
        outline: Some(outline.name()),
    })
}

fn print_entry(context: &mut CliContext, state: &HistoryEntry) -> Result<(), CliError> {
    let at = state.at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let at = context.out.styled(OutputStyle::Faint, &at).into_owned();
    let author = context.out.sanitized(&state.author).into_owned();
    let kind = match state.kind {
        "undo" => id::HISTORY_UNDO,
        "redo" => id::HISTORY_REDO,
        "restore" => id::HISTORY_RESTORE,
        "import" => id::HISTORY_IMPORT,
        _ => id::HISTORY_EDIT,
    };
    let kind = context.locale.text(kind).into_owned();
    writeln!(context.out, "{:>4}  {at}  {author}  {kind}", state.number)?;
    for change in &state.attributes {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
        let line = format!("{}: {} → {}", change.key, value(&change.before), value(&change.after));
        let line = context.out.sanitized(&line).into_owned();
        writeln!(context.out, "        {line}")?;
    }
    for change in &state.changes {
        let solid: String = change.quote.split_whitespace().collect();
        let mut quote: String = solid.chars().take(QUOTE_CHARS).collect();
        if quote.len() < solid.len() {
            quote.push('…');
        }
        let sign = match change.change {
            "added" => '+',
            "deleted" => '-',
            _ => '~',
        };
        let (more, less) = (&change.tags_added, &change.tags_removed);
        let added = more.iter().flat_map(|tag| [" +〔", tag, "〕"]);
        let tags: String = added.chain(less.iter().flat_map(|tag| [" -〔", tag, "〕"])).collect();
        let tags = context.out.styled(OutputStyle::Tag, &tags).into_owned();
        let note = change.note.as_ref().map(|note| format!("  “{}”", note.replace('\n', " "))).unwrap_or_default();
        let (quote, note) = (context.out.sanitized(&quote).into_owned(), context.out.sanitized(&note).into_owned());
        let attached = if change.attached { format!(" {}", context.locale.text(id::HISTORY_ATTACHED)) } else { String::new() };
        let outline = change.outline.map(|outline| format!("  {}", context.locale.text(family::OUTLINE_CHANGE.id(outline))));
        writeln!(context.out, "        {sign} 「{quote}」{tags}{note}{attached}{}", outline.unwrap_or_default())?;
    }
    Ok(())
}
