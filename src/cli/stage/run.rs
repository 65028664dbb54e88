//! Running a stage: works on speeches in parallel, writes the results in order.

use super::{
    args::StageSource,
    frame::JsonFrame,
    input::{FailedItem, StageInput, StageItem},
    record::ErrorRecord,
    speech::StageSpeech,
};
use crate::app::{
    job::CancelToken,
    open::{OpenedSpeech, open_speech},
    speeches::{Batch, SpeechResult, Stopped, each_speech},
    stores::StoreFinder,
};
use crate::cli::{CliContext, CliError, Status, context::warn, error::missing_parts, output::OutputFormat, progress::Progress};
use crate::locale::Locale;
use pizhu_annotation::store::SpeechIdentity;
use pizhu_annotation::{CodebookError, StoreError, StoreWarning};
use pizhu_library::source::ReadOptions;
use serde_json::Value;
use std::{
    io::{self, Write as _},
    ops::ControlFlow,
    path::PathBuf,
    sync::Arc,
};

/// Whether a speech is the only one, or must say which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Membership {
    /// The only speech: its output is the whole.
    Single,
    /// One of many.
    Member,
}

impl StageSource<'_> {
    /// Whether a speech of the source is the only one.
    pub(in crate::cli) fn membership(&self) -> Membership {
        if self.may_be_many() { Membership::Member } else { Membership::Single }
    }
}

/// What a stage gives for one speech.
#[derive(Default)]
pub(in crate::cli) struct StageOutput {
    /// What is written.
    pub(in crate::cli) bytes: Vec<u8>,
    /// The number of entries in it; nothing is written for none.
    pub(in crate::cli) entries: usize,
    /// Entries of the frame's second list.
    pub(in crate::cli) second: Vec<Vec<u8>>,
    /// Warnings about the file, a line each.
    pub(in crate::cli) warnings: Vec<String>,
    /// Warnings of the store.
    pub(in crate::cli) store_warnings: Vec<StoreWarning>,
    /// Which speech it is, if copies are one speech: nothing is written for those after the first.
    pub(in crate::cli) identity: Option<SpeechIdentity>,
}

impl StageOutput {
    fn into_result(mut self) -> SpeechResult<StageWork<Self>> {
        let (warnings, store_warnings) = (std::mem::take(&mut self.warnings), std::mem::take(&mut self.store_warnings));
        let identity = self.identity.take();
        SpeechResult { value: StageWork { warnings, value: self }, warnings: store_warnings, identity, is_copy: false }
    }
}

impl From<Vec<u8>> for StageOutput {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, entries: 1, ..Self::default() }
    }
}

/// How a stage reads and writes.
#[derive(Clone, Copy)]
pub(in crate::cli) struct StageOptions {
    pub(in crate::cli) membership: Membership,
    pub(in crate::cli) format: OutputFormat,
    pub(in crate::cli) frame: JsonFrame,
    pub(in crate::cli) threads: usize,
    /// Whether the run fails if the only item does: it was named, and is not one of a list or a stream
    /// that happens to be short.
    pub(in crate::cli) needs_one: bool,
}

impl StageOptions {
    /// The options for a source: in JSON, the outputs of many speeches are put into a list of the given
    /// name.
    pub(in crate::cli) fn new(context: &CliContext, source: &StageSource<'_>, list: &'static str) -> Self {
        let (membership, format) = (source.membership(), context.format);
        let frame = JsonFrame::new(list, format, context.out.target());
        let needs_one = format != OutputFormat::Jsonl && !source.is_stream();
        Self { membership, format, frame, threads: source.list.threads(), needs_one }
    }
}

/// Runs `render` on every speech of the source, in parallel, and writes what it returns in order. In
/// JSON, `render` gives one object, and many of them are put into `{"version": 1, "documents": […]}`.
///
/// # Errors
/// The only speech cannot be read or rendered, or the output cannot be written.
pub(in crate::cli) fn run_stage(
    context: &mut CliContext,
    source: &StageSource<'_>,
    render: impl Fn(&StageSpeech, Membership) -> Result<StageOutput, CliError> + Sync,
) -> Result<Status, CliError> {
    let mut options = StageOptions::new(context, source, "documents");
    if options.membership == Membership::Single {
        options.frame = JsonFrame::none(context.out.target());
    }
    let (read_options, locale, stores) = (context.read_options, context.locale, Arc::clone(&context.stores));
    let input = StageInput::open(source, locale)?;
    let work = |item| -> Result<SpeechResult<StageWork<StageOutput>>, StageFailure> {
        let mut speech = read(item, read_options, &stores, locale)?;
        // Those that read annotations fail of it.
        speech.tell_unread_store(&stores, locale);
        let mut output = render(&speech, options.membership).map_err(|error| StageFailure::of(&speech, error, locale))?;
        output.warnings.splice(..0, speech.warnings);
        Ok(output.into_result())
    };
    write_outputs(context, options, input, Vec::new(), |batch, sink| each_speech(batch, work, sink))?;
    Ok(context.done())
}

/// Passes the input to a use case and writes what it gives in order, with entries of the frame's second
/// list that stand behind those of the speeches. Returns the number of entries written.
///
/// # Errors
/// The only item failed, or the output cannot be written.
pub(in crate::cli) fn write_outputs(
    context: &mut CliContext,
    options: StageOptions,
    input: StageInput,
    mut rest: Vec<Vec<u8>>,
    run: impl FnOnce(Batch<'_, StageInput>, StageSink<'_, StageOutput>) -> Result<(), Stopped<CliError>>,
) -> Result<usize, CliError> {
    let frame = options.frame;
    let progress = Progress::new(context, input.total());
    let (mut entries, mut second) = (0, Vec::new());
    fold_results(context, options, input, progress, run, |context, mut output: StageOutput| {
        second.append(&mut output.second);
        write(context, &output, frame, &mut entries)
    })?;
    if entries == 0 {
        // An empty list stands on one line.
        let start = frame.start();
        context.out.write_all(start.trim_end().as_bytes())?;
    }
    second.append(&mut rest);
    let end = frame.end(&second);
    context.out.write_all(if entries == 0 { end.trim_ascii_start() } else { &end })?;
    Ok(entries)
}

/// What is worked out about one speech, and what is told of it.
#[derive(Default)]
pub(in crate::cli) struct StageWork<T> {
    /// What is worked out.
    pub(in crate::cli) value: T,
    /// Warnings about the file, a line each.
    pub(in crate::cli) warnings: Vec<String>,
}

/// Takes the results of a use case in order.
pub(in crate::cli) type StageSink<'a, T> = &'a mut dyn FnMut(Result<SpeechResult<StageWork<T>>, StageFailure>) -> ControlFlow<CliError>;

/// Passes items to a use case, and what it gives to `take` in order; copies of a speech are passed over.
/// That an item failed is kept in the context.
///
/// # Errors
/// The only item failed, or `take` does.
pub(in crate::cli) fn fold_results<I, T>(
    context: &mut CliContext,
    options: StageOptions,
    items: I,
    mut progress: Progress,
    run: impl FnOnce(Batch<'_, I>, StageSink<'_, T>) -> Result<(), Stopped<CliError>>,
    mut take: impl FnMut(&mut CliContext, T) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let StageOptions { format, threads, needs_one, .. } = options;
    let mut count = 0;
    // The failure of the first item, until another follows.
    let mut first: Option<StageFailure> = None;
    let mut seen = std::mem::take(&mut context.counted);
    let batch = Batch { items, threads, cancel: &CancelToken::default(), seen: &mut seen };
    let ended = run(batch, &mut |result| {
        progress.advance();
        // What is only told is no item.
        count += usize::from(!matches!(&result, Err(failure) if failure.item.is_notice));
        let mut written = Ok(());
        if count > 1
            && let Some(failure) = first.take()
        {
            written = tell(context, format, &failure.item, &mut progress);
        }
        if written.is_ok() {
            written = match result {
                Ok(SpeechResult { value: StageWork { value, warnings }, warnings: store_warnings, is_copy, .. }) => {
                    tell_warnings(context, &warnings, store_warnings, &mut progress);
                    if is_copy { Ok(()) } else { take(context, value) }
                }
                Err(failure) if failure.ends_run => Err(failure.into_error()),
                Err(failure) if count == 1 && needs_one && !failure.item.is_notice => {
                    first = Some(failure);
                    Ok(())
                }
                Err(failure) => tell(context, format, &failure.item, &mut progress),
            };
        }
        written.map_or_else(ControlFlow::Break, ControlFlow::Continue)
    });
    progress.clear();
    context.counted = seen;
    match ended {
        Err(Stopped::Sink(error)) => Err(error),
        // Nobody cancels the command.
        Ok(()) | Err(Stopped::Cancelled) => first.map_or(Ok(()), |failure| Err(failure.into_error())),
    }
}

/// Tells the warnings about one speech.
fn tell_warnings(context: &mut CliContext, warnings: &[String], store_warnings: Vec<StoreWarning>, progress: &mut Progress) {
    if !(warnings.is_empty() && store_warnings.is_empty()) {
        progress.clear();
        for warning in warnings {
            warn(warning);
        }
        context.tell_store_warnings(store_warnings);
    }
}

/// Writes the output for one speech.
fn write(context: &mut CliContext, output: &StageOutput, frame: JsonFrame, entries: &mut usize) -> Result<(), CliError> {
    if output.entries > 0 {
        if *entries == 0 {
            context.out.write_all(frame.start().as_bytes())?;
        } else {
            context.out.write_all(frame.between().as_bytes())?;
        }
        context.out.write_all(&output.bytes)?;
        *entries += output.entries;
    }
    Ok(())
}

/// Tells of a speech that is left out: by a record in JSON lines, else on standard error.
fn tell(context: &mut CliContext, format: OutputFormat, failed: &FailedItem, progress: &mut Progress) -> Result<(), CliError> {
    progress.clear();
    context.has_left_out |= !failed.is_notice;
    if format == OutputFormat::Jsonl && !failed.is_notice {
        serde_json::to_writer(&mut context.out, &ErrorRecord::from(failed)).map_err(io::Error::from)?;
        return Ok(context.out.write_all(b"\n")?);
    }
    warn(&failed.message);
    Ok(())
}

/// Why an item gives no output.
pub(in crate::cli) struct StageFailure {
    item: Box<FailedItem>,
    /// The error of a command on a single speech.
    error: Option<Box<CliError>>,
    /// Whether it is the command's and not the speech's: it would be told of every other speech too.
    ends_run: bool,
}

impl StageFailure {
    /// The failure of a command on a speech.
    pub(in crate::cli) fn of(speech: &StageSpeech, error: CliError, locale: Locale) -> Self {
        Self::new(speech.path.clone(), speech.id.clone(), error, locale)
    }

    /// The failure of a command on a file.
    pub(in crate::cli) fn of_file(path: PathBuf, error: CliError, locale: Locale) -> Self {
        Self::new(Some(path), None, error, locale)
    }

    fn new(document: Option<PathBuf>, id: Option<Value>, error: CliError, locale: Locale) -> Self {
        let item = FailedItem { document, id, line: None, code: error.code(), message: error.message(locale), is_notice: false };
        let ends_run = matches!(error, CliError::Store(StoreError::Codebook(CodebookError::Ambiguous { .. })));
        Self { item: Box::new(item), error: Some(Box::new(error)), ends_run }
    }

    /// The error of a command that works on this item alone.
    pub(in crate::cli) fn into_error(self) -> CliError {
        self.error.map_or_else(|| CliError::LeftOut(self.item.message), |error| *error)
    }
}

impl From<FailedItem> for StageFailure {
    fn from(item: FailedItem) -> Self {
        Self { item: Box::new(item), error: None, ends_run: false }
    }
}

/// Reads a speech, its outline as it is mended in its store.
pub(in crate::cli) fn read(
    item: StageItem,
    options: ReadOptions,
    stores: &StoreFinder,
    locale: Locale,
) -> Result<StageSpeech, StageFailure> {
    match item {
        StageItem::Failed(item) => Err(item.into()),
        StageItem::File(path) => match open_speech(&path, options, stores) {
            Ok(OpenedSpeech { speech, unread_store }) => {
                let missing = Some(&speech.missing_parts).filter(|parts| !parts.is_empty());
                let warnings = missing.map(|parts| missing_parts(&path, parts, locale)).into_iter().collect();
                Ok(StageSpeech { warnings, unread_store, ..StageSpeech::from_file(path, speech.document) })
            }
            Err(error) => Err(StageFailure::of_file(path, error.into(), locale)),
        },
        StageItem::Record(record) => Ok(StageSpeech::from_record(record.id, &record.text)),
    }
}
