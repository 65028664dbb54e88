//! `pizhu memo`: memos of tags and of the project, and the list of all memos and notes.

use super::{
    CliContext, CliError, Status,
    args::common::RecordOutputArgs,
    input::read_note,
    memo_record::{MemoRecord, memo_place},
    output::{OutputFormat, OutputStyle},
    stage::json_lines,
};
use crate::locale::family;
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use pizhu_annotation::{Memo, MemoSubject, RecordId, Store};
use serde::Serialize;
use std::io::Write as _;

/// `pizhu memo`
#[derive(Debug, Args)]
pub struct MemoArgs {
    /// What to do; none lists the memos.
    #[command(subcommand)]
    pub action: Option<MemoAction>,
    /// Output options.
    #[command(flatten)]
    pub output: RecordOutputArgs,
}

/// What can be done with memos.
#[derive(Debug, Subcommand)]
pub enum MemoAction {
    /// List all memos in one list: of the project and of tags, and the notes on speeches, sections and passages.
    List {
        /// Only memos of this kind; can be given several times.
        #[arg(long, value_name = "KIND")]
        kind: Vec<MemoKind>,
        /// Output options.
        #[command(flatten)]
        output: RecordOutputArgs,
    },
    /// Write the memo of a tag; one that it has is replaced.
    Tag {
        /// The tag.
        #[arg(value_name = "TAG")]
        name: String,
        /// The text; `-` reads it from standard input.
        #[arg(value_name = "TEXT", allow_hyphen_values = true, required_unless_present = "delete")]
        text: Option<String>,
        /// Delete the memo.
        #[arg(long, conflicts_with = "text")]
        delete: bool,
    },
    /// Write your memo of the whole project; one that you wrote before is replaced.
    Project {
        /// The memo that is meant, by its id; needed if you have several.
        #[arg(long, value_name = "ID")]
        id: Option<RecordId>,
        /// The text; `-` reads it from standard input.
        #[arg(value_name = "TEXT", allow_hyphen_values = true, required_unless_present = "delete")]
        text: Option<String>,
        /// Delete the memo.
        #[arg(long, conflicts_with = "text")]
        delete: bool,
    },
}

/// The kind of what a memo is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MemoKind {
    /// The project.
    Project,
    /// A tag.
    Tag,
    /// A whole speech.
    Speech,
    /// A section.
    Section,
    /// A passage.
    Passage,
}

impl MemoKind {
    fn name(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Tag => "tag",
            Self::Speech => "speech",
            Self::Section => "section",
            Self::Passage => "passage",
        }
    }
}

/// The list in JSON.
#[derive(Serialize)]
struct MemosReport<'a> {
    version: u32,
    memos: Vec<MemoRecord<'a>>,
}

impl MemoArgs {
    /// The output format of the command or subcommand.
    pub(super) fn output_format(&self) -> Option<OutputFormat> {
        let own = match &self.action {
            Some(MemoAction::List { output, .. }) => output.format,
            _ => None,
        };
        own.or(self.output.format)
    }

    /// Whether the user's own folders are written.
    pub(super) fn needs_state(&self) -> bool {
        matches!(self.action, Some(MemoAction::Tag { .. } | MemoAction::Project { .. }))
    }
}

pub(super) fn run(context: &mut CliContext, args: MemoArgs) -> Result<Status, CliError> {
    let store = context.store_for(None)?;
    match args.action {
        None => list(context, &store, &[]),
        Some(MemoAction::List { kind, .. }) => list(context, &store, &kind),
        Some(MemoAction::Tag { name, text, delete }) => {
            let text = new_text(text.as_deref(), delete)?;
            let had = store.edit_codebook(|book| {
                let id = book.find(&name)?.id;
                let mut had = false;
                book.edit_details(id, |tag| {
                    had = !tag.memo.is_empty();
                    tag.memo = text.unwrap_or_default();
                })?;
                Ok(had)
            })?;
            if delete && !had { Err(CliError::NoMemo(name)) } else { Ok(Status::Done) }
        }
        Some(MemoAction::Project { id, text, delete }) => write_project_memo(context, &store, id, new_text(text.as_deref(), delete)?),
    }
}

/// Writes or deletes a memo of the project: the one with the id, or the author's only one.
fn write_project_memo(context: &CliContext, store: &Store, id: Option<RecordId>, text: Option<String>) -> Result<Status, CliError> {
    let author = context.annotator();
    let project = store.project()?;
    let meant = |memo: &(RecordId, &str, Timestamp, &str)| id.map_or(memo.1 == author, |id| memo.0 == id);
    let found: Vec<RecordId> = project.memos().into_iter().filter(meant).map(|(id, ..)| id).collect();
    let known = match (found.as_slice(), &text) {
        ([known], _) => Some(*known),
        ([], Some(_)) if id.is_none() => None,
        ([], _) => return Err(CliError::NoMemo(id.map_or(author, |id| id.to_string()))),
        (several, _) => return Err(CliError::SeveralMemos(several.to_vec())),
    };
    let text = text.unwrap_or_default();
    store.edit_project(&author, |records| match known {
        Some(known) => _ = records.change_memo(known, &text),
        None => records.set_memo(&author, &text),
    })?;
    Ok(Status::Done)
}

/// The text to be written; `None` if the memo is deleted.
fn new_text(text: Option<&str>, delete: bool) -> Result<Option<String>, CliError> {
    match text {
        Some(text) if !delete => read_note(text).map(Some),
        _ => Ok(None),
    }
}

/// The memos that a command means: those of the author named, of the kinds given.
fn wanted_memos(context: &CliContext, store: &Store, kinds: &[MemoKind]) -> Result<Vec<Memo>, CliError> {
    let mut memos = store.memos()?;
    memos.retain(|memo| {
        let is_kind = kinds.is_empty() || kinds.iter().any(|kind| kind.name() == memo.kind());
        is_kind && context.author.as_ref().is_none_or(|author| memo.author.as_ref() == Some(author))
    });
    Ok(memos)
}

fn list(context: &mut CliContext, store: &Store, kinds: &[MemoKind]) -> Result<Status, CliError> {
    let memos = wanted_memos(context, store, kinds)?;
    let records: Vec<MemoRecord<'_>> = memos.iter().map(|memo| MemoRecord::new(memo, store)).collect();
    match context.format {
        OutputFormat::Json => context.out.json(&MemosReport { version: 1, memos: records })?,
        OutputFormat::Jsonl => context.out.write_all(&json_lines(records)?)?,
        OutputFormat::Text => {
            for memo in &memos {
                write_memo(context, memo)?;
            }
        }
    }
    Ok(context.done())
}

/// Writes a memo: what it is on, by whom and when, and its text below.
fn write_memo(context: &mut CliContext, memo: &Memo) -> Result<(), CliError> {
    let kind = context.locale.text(family::MEMO_KIND.id(memo.kind())).into_owned();
    let place = memo_place(memo);
    let style = if matches!(memo.subject, MemoSubject::Tag(_)) { OutputStyle::Tag } else { OutputStyle::Title };
    let place = context.out.styled(style, &place).into_owned();
    let mut facts = vec![kind];
    facts.extend(memo.author.clone().filter(|author| !author.is_empty()));
    facts.extend(memo.modified.map(|time| time.strftime("%Y-%m-%d").to_string()));
    let facts = context.out.styled(OutputStyle::Faint, &facts.join(" · ")).into_owned();
    let gap = if place.is_empty() { "" } else { "  " };
    writeln!(context.out, "{place}{gap}{facts}")?;
    for line in memo.text.lines() {
        let line = context.out.sanitized(line).into_owned();
        writeln!(context.out, "    {line}")?;
    }
    Ok(())
}
