//! Running a stage: reads and renders speeches in parallel, writes them in order.

use super::{
    args::StageArgs,
    input::{FailedItem, StageInput, StageItem},
    record::ErrorRecord,
};
use crate::cli::{CliContext, CliError, Status, context::warn, output::OutputFormat};
use crate::locale::Locale;
use pizhu_library::{
    parallel::par_map_stream,
    source::{self, ReadOptions},
};
use pizhu_text::document::{Document, Hints, parse};
use pizhu_text::text::{Encoding, decode::decode};
use serde_json::Value;
use std::{
    io::{self, Write as _},
    num::NonZeroUsize,
    ops::ControlFlow,
    path::PathBuf,
    sync::Arc,
    thread,
};

/// A speech that a stage works on.
pub(in crate::cli) struct StageSpeech {
    /// The file as named; `None` for a record of JSON lines.
    pub(in crate::cli) name: Option<String>,
    /// Where it was read from; `None` for a record.
    pub(in crate::cli) path: Option<PathBuf>,
    /// The id that came with the text of a record.
    pub(in crate::cli) id: Option<Value>,
    /// Text and section tree.
    pub(in crate::cli) document: Arc<Document>,
}

impl StageSpeech {
    /// The file's name, or the record's id.
    pub(in crate::cli) fn label(&self) -> String {
        match (&self.name, &self.id) {
            (Some(name), _) => name.clone(),
            (None, Some(Value::String(id))) => id.clone(),
            (None, id) => id.as_ref().map(Value::to_string).unwrap_or_default(),
        }
    }
}

/// Whether a speech is the only one, or must say which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Membership {
    /// The only speech: its output is the whole.
    Single,
    /// One of many.
    Member,
}

/// Runs `render` on every speech of the input, in parallel, and writes what it returns in order. In
/// JSON, `render` gives one object, and many of them are put into `{"version": 1, "documents": […]}`.
///
/// # Errors
/// The only speech cannot be read or rendered, or the output cannot be written.
pub(in crate::cli) fn run_stage(
    context: &mut CliContext,
    args: &StageArgs,
    render: impl Fn(&StageSpeech, Membership) -> Result<Vec<u8>, CliError> + Sync,
) -> Result<Status, CliError> {
    let membership = if args.may_be_many() { Membership::Member } else { Membership::Single };
    let (options, locale, format) = (context.read_options, context.locale, context.format);
    let input = StageInput::open(args, locale)?;
    let threads = args.jobs.map_or_else(|| thread::available_parallelism().map_or(1, NonZeroUsize::get), NonZeroUsize::get);
    let work = |item: StageItem| -> Result<Vec<u8>, StageFailure> {
        let speech = read(item, options, locale)?;
        render(&speech, membership).map_err(|error| StageFailure::of(&speech, error, locale))
    };
    let (mut count, mut failed) = (0, false);
    let ended = par_map_stream(input, threads, work, |result| {
        let written = match result {
            Ok(bytes) => {
                let separator = separator(format, membership, count == 0);
                count += 1;
                context.out.write_all(separator.as_bytes()).and_then(|()| context.out.write_all(&bytes)).map_err(CliError::from)
            }
            Err(failure) if format != OutputFormat::Jsonl && membership == Membership::Single => Err(failure.into_error()),
            Err(failure) => {
                failed = true;
                tell(context, &failure.item)
            }
        };
        written.map_or_else(ControlFlow::Break, ControlFlow::Continue)
    });
    if let ControlFlow::Break(error) = ended {
        return Err(error);
    }
    if format == OutputFormat::Json && membership == Membership::Member {
        let end = if count == 0 { "{\"version\":1,\"documents\":[]}\n" } else { "]}\n" };
        context.out.write_all(end.as_bytes())?;
    }
    Ok(if failed { Status::NoMatch } else { context.done() })
}

/// Text before the output of a speech.
fn separator(format: OutputFormat, membership: Membership, is_first: bool) -> &'static str {
    match (format, membership, is_first) {
        (OutputFormat::Json, Membership::Member, true) => "{\"version\":1,\"documents\":[",
        (OutputFormat::Json, Membership::Member, false) => ",",
        _ => "",
    }
}

/// Tells of a speech that is left out: by a record in JSON lines, else on standard error.
fn tell(context: &mut CliContext, failed: &FailedItem) -> Result<(), CliError> {
    if context.format == OutputFormat::Jsonl {
        serde_json::to_writer(&mut context.out, &ErrorRecord::from(failed)).map_err(io::Error::from)?;
        return Ok(context.out.write_all(b"\n")?);
    }
    warn(&failed.message);
    Ok(())
}

/// Why an item gives no output.
struct StageFailure {
    item: FailedItem,
    /// The error of a command on a single speech.
    error: Option<CliError>,
}

impl StageFailure {
    /// The failure of a command on a speech.
    fn of(speech: &StageSpeech, error: CliError, locale: Locale) -> Self {
        let item = FailedItem {
            document: speech.path.clone(),
            id: speech.id.clone(),
            line: None,
            code: error.code(),
            message: error.message(locale),
        };
        Self { item, error: Some(error) }
    }

    fn into_error(self) -> CliError {
        self.error.unwrap_or(CliError::LeftOut(self.item.message))
    }
}

/// Reads a speech.
fn read(item: StageItem, options: ReadOptions, locale: Locale) -> Result<StageSpeech, StageFailure> {
    match item {
        StageItem::Failed(item) => Err(StageFailure { item, error: None }),
        StageItem::File(path) => match source::open(&path, options) {
            Ok(speech) => Ok(StageSpeech { name: Some(path.display().to_string()), path: Some(path), id: None, document: speech.document }),
            Err(error) => {
                let error = CliError::from(error);
                let (code, message) = (error.code(), error.message(locale));
                Err(StageFailure { item: FailedItem { document: Some(path), id: None, line: None, code, message }, error: Some(error) })
            }
        },
        StageItem::Record(record) => {
            // Line ends and a byte order mark are taken as in a file.
            let source = decode(record.text.as_bytes(), Some(Encoding::UTF8)).source;
            let document = Arc::new(parse(source, &Hints::default()));
            Ok(StageSpeech { name: None, path: None, id: Some(record.id), document })
        }
    }
}
