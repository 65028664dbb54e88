//! `pizhu done`: an author's "done" with speeches, until which blind coding hides the marks of others.

use super::{
    CliContext, CliError, Status,
    args::common::OutputArgs,
    stage::{ListArgs, StageSource},
};
use clap::Args;
use serde::Serialize;
use std::{io::Write as _, path::PathBuf};

/// `pizhu done`
#[derive(Debug, Args)]
pub struct DoneArgs {
    /// Speeches, or folders of speeches.
    #[arg(value_name = "PATH", required_unless_present = "files_from")]
    pub paths: Vec<PathBuf>,
    /// Names from a list.
    #[command(flatten)]
    pub list: ListArgs,
    /// Take it back.
    #[arg(long, conflicts_with = "list")]
    pub undo: bool,
    /// Only say who is done with each speech.
    #[arg(long = "list", id = "list")]
    pub lists: bool,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Serialize)]
struct DoneReport {
    version: u32,
    speeches: Vec<SpeechDone>,
}

/// A speech, and the authors who are done with it.
#[derive(Serialize)]
struct SpeechDone {
    document: String,
    done: Vec<String>,
}

pub(super) fn run(context: &mut CliContext, args: &DoneArgs) -> Result<Status, CliError> {
    let source = StageSource::new(&args.paths, &args.list);
    let files = context.list_source(&source, false)?;
    if !args.lists {
        let author = context.annotator();
        return context.with_each_speech(&files, |context, store, speech| {
            context.edit_records(store, speech, |records| _ = records.set_done(&author, !args.undo))
        });
    }
    let mut speeches = Vec::new();
    for file in &files {
        let Some((_, found)) = context.open_with_records(file, &files)? else { continue };
        let document = context.store_of(file)?.location().document_name(file);
        speeches.push(SpeechDone { document, done: found.records.done_authors().into_iter().map(str::to_owned).collect() });
    }
    if context.is_json() {
        context.out.json(&DoneReport { version: 1, speeches })?;
    } else {
        for speech in speeches {
            let names = if speech.done.is_empty() { "–".to_owned() } else { speech.done.join(" · ") };
            let (document, names) = (context.out.sanitized(&speech.document).into_owned(), context.out.sanitized(&names).into_owned());
            writeln!(context.out, "{document}  {names}")?;
        }
    }
    Ok(context.done())
}
