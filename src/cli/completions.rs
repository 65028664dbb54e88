//! `pizhu completions`: a shell's completions, which ask the program itself for what they offer:
//! commands and options, and the tags of the store and the sections of the speech at hand.
//!
//! The script that is printed calls the program with [`VARIABLE`] set, with the words of the
//! command line behind `--`. Completing changes nothing and says nothing.

use super::{
    CliError, Context, Preferences, Status,
    args::{Changes, command_in},
    context::revisions,
};
use pizhu_annotation::Store;
use crate::settings::TrackedChanges;
use pizhu_library::source;
use pizhu_library::source::Manner;
use pizhu_library::source::Revisions;
use pizhu_library::source::is_speech_file;
use clap::{Arg, Args, Command, ValueEnum as _};
use clap_complete::{
    CompleteEnv, Shell,
    engine::{ArgValueCompleter, CompletionCandidate},
    env::Shells,
};
use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};
use unicode_normalization::UnicodeNormalization as _;

/// The variable in which the script names its shell.
const VARIABLE: &str = "PIZHU_COMPLETE";

/// `pizhu completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: Shell,
}

pub(super) fn run(context: &mut Context, args: &CompletionsArgs) -> Result<Status, CliError> {
    let shell = args.shell.to_string();
    if let Some(completer) = Shells::builtins().completer(&shell) {
        completer.write_registration(VARIABLE, "pizhu", "pizhu", "pizhu", &mut context.out)?;
    }
    if args.shell == Shell::Zsh {
        // In a folder of $fpath the file is the function's body the first time it is called.
        let first = "\nif [ \"$funcstack[1]\" = \"_pizhu\" ]; then\n    _clap_dynamic_completer_pizhu \"$@\"\nfi\n";
        std::io::Write::write_all(&mut context.out, first.as_bytes())?;
    }
    Ok(Status::Done)
}

/// Answers a shell that asks for completions, and ends the program; does nothing otherwise.
pub fn complete() {
    CompleteEnv::with_factory(|| with_values(command_in(Preferences::load().words()))).var(VARIABLE).completer("pizhu").complete();
}

/// The command with what its tags and sections may be.
fn with_values(command: Command) -> Command {
    let offer = |arg: Arg| match arg.get_value_names().and_then(<[_]>::first).map(clap::builder::Str::as_str) {
        Some("TAG") => arg.add(ArgValueCompleter::new(|typed: &OsStr| tags(&Line::here(), typed))),
        Some("PATH") if arg.get_id() == "section" => arg.add(ArgValueCompleter::new(|typed: &OsStr| sections(&Line::here(), typed))),
        _ => arg,
    };
    command.mut_args(offer).mut_subcommands(with_values)
}

/// What the command line that is being completed names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Line {
    /// The first speech.
    speech: Option<PathBuf>,
    /// The store.
    store: Option<PathBuf>,
    /// The side of tracked changes that is read.
    revisions: Revisions,
}

impl Line {
    fn here() -> Self {
        let words: Vec<OsString> = env::args_os().skip_while(|word| word != "--").skip(1).collect();
        let store = env::var_os("PIZHU_STORE").filter(|store| !store.is_empty()).map(PathBuf::from);
        let revisions = revisions(None, Preferences::load().settings.tracked_changes);
        Self { store, revisions, ..Self::default() }.of(&words)
    }

    fn of(mut self, words: &[OsString]) -> Self {
        let mut words = words.iter().skip(1);
        while let Some(word) = words.next() {
            let text = word.to_string_lossy();
            let (name, value) = match text.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(OsString::from(value))),
                _ => (&*text, None),
            };
            let mut value = || value.clone().or_else(|| words.next().cloned());
            match name {
                "--store" => self.store = value().map(PathBuf::from).or(self.store),
                "--changes" => {
                    let named = value().and_then(|side| Changes::from_str(&side.to_string_lossy(), false).ok());
                    self.revisions = named.map_or(self.revisions, |side| revisions(Some(side), TrackedChanges::default()));
                }
                _ if self.speech.is_none() && Path::new(word).is_file() && is_speech_file(Path::new(word)) => {
                    self.speech = Some(word.into());
                }
                _ => {}
            }
        }
        self
    }
}

/// The tags of the store, each with its definition.
fn tags(line: &Line, typed: &OsStr) -> Vec<CompletionCandidate> {
    let here = line.speech.as_deref().unwrap_or(Path::new("."));
    let Ok(book) = Store::find(Some(here), line.store.as_deref()).and_then(|store| store.codebook()) else { return Vec::new() };
    let fits = typed.to_string_lossy();
    let known = book.tree().into_iter().map(|(_, tag)| tag).filter(|tag| tag.name.starts_with(&*fits));
    known.map(|tag| offered(&tag.name, &tag.definition)).collect()
}

/// The paths of the speech's sections, each with its title. Brackets and digits may be typed in
/// either width.
fn sections(line: &Line, typed: &OsStr) -> Vec<CompletionCandidate> {
    let manner = Manner { revisions: line.revisions, ..Manner::default() };
    let Some(Ok(speech)) = line.speech.as_deref().map(|path| source::open(path, manner)) else { return Vec::new() };
    let folded = |text: &str| text.nfkc().collect::<String>();
    let fits = folded(&typed.to_string_lossy());
    let outline = &speech.document.outline;
    let paths = outline.iter().map(|(id, section)| (outline.path_text(id), section));
    paths.filter(|(path, _)| folded(path).starts_with(&fits)).map(|(path, section)| offered(&path, section.shown_title())).collect()
}

fn offered(value: &str, help: &str) -> CompletionCandidate {
    let help: String = help.chars().filter(|c| !c.is_control()).take(40).collect();
    CompletionCandidate::new(value).help((!help.is_empty()).then(|| help.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn values(found: &[CompletionCandidate]) -> Vec<String> {
        found.iter().map(|one| one.get_value().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn sections_and_tags_are_those_at_hand() {
        let folder = tempfile::tempdir().unwrap();
        let speech = folder.path().join("讲话.txt");
        fs::write(
            &speech,
            "在青禾县会议上的讲话\n一、总体要求\n（一）提高认识\n要抓实。\n（二）压实责任\n要抓细。\n二、重点任务\n要抓好。\n",
        )
        .unwrap();
        let store = folder.path().join("s");
        let words = ["pizhu", "tag", &speech.to_string_lossy(), "--changes=original", "--store", &store.to_string_lossy(), "--section", ""]
            .map(OsString::from);
        let line = Line::default().of(&words);
        assert_eq!(line, Line { speech: Some(speech), store: Some(store), revisions: Revisions::Original });
        assert_eq!(line.clone().of(&["pizhu", "--changes", "accepted"].map(OsString::from)).revisions, Revisions::Accepted);
        assert_eq!(values(&sections(&line, OsStr::new(""))), ["一、", "一、/（一）", "一、/（二）", "二、"]);
        let typed = sections(&line, OsStr::new("一、/(二"));
        assert_eq!(values(&typed), ["一、/（二）"]);
        assert_eq!(typed[0].get_help().map(ToString::to_string).as_deref(), Some("压实责任"));
        assert!(values(&tags(&line, OsStr::new("人才"))).contains(&"人才工作".to_owned()));
        assert!(tags(&line, OsStr::new("没有")).is_empty() && sections(&Line::default(), OsStr::new("")).is_empty());
    }

    #[test]
    fn every_tag_and_section_on_the_command_line_is_offered() {
        fn offers(command: &Command, path: &str, found: &mut Vec<String>) {
            let completed = |arg: &&Arg| arg.get::<ArgValueCompleter>().is_some();
            found.extend(command.get_arguments().filter(completed).map(|arg| format!("{path} {}", arg.get_id())));
            for inner in command.get_subcommands() {
                offers(inner, &format!("{path} {}", inner.get_name()), found);
            }
        }
        let mut found = Vec::new();
        offers(&with_values(super::super::command()), "pizhu", &mut found);
        for wanted in [
            "tag tags",
            "tag section",
            "note section",
            "untag tags",
            "untag section",
            "export tag",
            "search tag",
            "tags delete name",
            "tags merge into",
        ] {
            assert!(found.contains(&format!("pizhu {wanted}")), "{wanted} of {found:?}");
        }
    }
}
