//! `pizhu completions`: dynamic shell completions. The printed script asks the program itself for
//! candidates: commands, options, the store's tags and the speech's sections.
//!
//! The script calls the program with [`VARIABLE`] set and the words of the command line after `--`
//! (bash: the line up to the cursor, and the end of it that is replaced). Completing has no side
//! effects and prints no errors. Names come from files of others: no shell may evaluate or split
//! them, so bash, zsh and fish have scripts of our own in place of `clap_complete`'s.

use super::{CliContext, CliError, Preferences, Status, args::common::RevisionSide, bash_line::BashLine, context::resolve_revisions};
use crate::settings::{Folders, TrackedChanges};
use clap::{Arg, Args, Command, ValueEnum as _};
use clap_complete::{
    Shell,
    engine::{self, ArgValueCompleter, CompletionCandidate},
    env::Shells,
};
use pizhu_annotation::{Store, Tag};
use pizhu_library::attributes::{FOUND_KEYS, ordered_keys};
use pizhu_library::catalogue;
use pizhu_library::condition::ConditionNames;
use pizhu_library::source;
use pizhu_library::source::ReadOptions;
use pizhu_library::source::Revisions;
use pizhu_library::source::is_speech_file;
use pizhu_text::text::visible::visible;
use std::{
    env,
    ffi::{OsStr, OsString},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};
use unicode_normalization::UnicodeNormalization as _;

/// Environment variable in which the script names its shell.
const VARIABLE: &str = "PIZHU_COMPLETE";

/// `pizhu completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: Shell,
}

pub(super) fn run(context: &mut CliContext, args: &CompletionsArgs) -> Result<Status, CliError> {
    let script = match args.shell {
        Shell::Bash => include_str!("completions/pizhu.bash"),
        Shell::Zsh => include_str!("completions/pizhu.zsh"),
        Shell::Fish => include_str!("completions/pizhu.fish"),
        shell => {
            if let Some(completer) = Shells::builtins().completer(&shell.to_string()) {
                completer.write_registration(VARIABLE, "pizhu", "pizhu", "pizhu", &mut context.out)?;
            }
            return Ok(Status::Done);
        }
    };
    context.out.write_all(script.as_bytes())?;
    Ok(Status::Done)
}

/// Prints completions of `command` if a shell asks for them; false otherwise.
pub(super) fn complete(command: impl Fn() -> Command) -> bool {
    let Some(shell) = env::var_os(VARIABLE).filter(|shell| !shell.is_empty() && shell != "0") else { return false };
    let words: Vec<OsString> = env::args_os().skip_while(|argument| argument != "--").skip(1).collect();
    let mut answer = Vec::new();
    // Completing prints no errors; without an answer, the shell offers nothing.
    let _ = answer_to(&shell.to_string_lossy(), command, words, &mut answer);
    let _ = io::stdout().write_all(&answer);
    true
}

/// Writes the answer to a shell.
fn answer_to(shell: &str, command: impl Fn() -> Command, words: Vec<OsString>, answer: &mut Vec<u8>) -> io::Result<()> {
    let folder = env::current_dir().ok();
    let build = |words: &[OsString]| {
        let mut command = with_completers(command(), &Arc::new(CommandLine::new(words)));
        command.build();
        command
    };
    let candidates = |words: Vec<OsString>| {
        let last = words.len().saturating_sub(1);
        engine::complete(&mut build(&words), words, last, folder.as_deref())
    };
    match shell {
        "bash" => {
            let [line, replaced, rest @ ..] = words.as_slice() else { return Ok(()) };
            let (line, replaced) = (line.as_encoded_bytes(), replaced.as_encoded_bytes());
            if !line.ends_with(replaced) {
                return Ok(());
            }
            let line = BashLine::parse(line, replaced.len());
            if line.words.is_empty() {
                return Ok(());
            }
            let found = candidates(line.words.clone())?;
            let found: Vec<Vec<u8>> = found.iter().map(|one| one.get_value().as_encoded_bytes().to_vec()).collect();
            // The types of completion that insert one candidate after the other, or all of them.
            let inserts_all = rest.first().is_some_and(|kind| kind == "37" || kind == "42");
            let replies = line.replies(&found, inserts_all);
            let kind: &[u8] = if replies.is_whole_word { b"whole" } else { b"part" };
            for text in [kind].into_iter().chain(replies.texts.iter().map(Vec::as_slice)) {
                answer.extend_from_slice(text);
                answer.push(0);
            }
        }
        "zsh" => {
            for one in candidates(words)? {
                let value = one.get_value().as_encoded_bytes();
                let shown = String::from_utf8_lossy(value).into_owned();
                let text = one.get_help().map_or_else(|| shown.clone(), |help| format!("{shown}  -- {help}"));
                answer.extend_from_slice(value);
                answer.push(0);
                answer.extend_from_slice(visible(&text).as_bytes());
                answer.push(0);
            }
        }
        "fish" => {
            // fish takes what follows a tab for the description, and a line feed for an end.
            for one in candidates(words)?.iter().filter(|one| !one.get_value().as_encoded_bytes().iter().any(|byte| b"\t\n".contains(byte)))
            {
                answer.extend_from_slice(one.get_value().as_encoded_bytes());
                if let Some(help) = one.get_help() {
                    answer.extend_from_slice(format!("\t{}", visible(&help.to_string())).as_bytes());
                }
                answer.push(0);
            }
        }
        _ => {
            let shells = Shells::builtins();
            let Some(completer) = shells.completer(shell) else { return Ok(()) };
            completer.write_complete(&mut build(&words), words, folder.as_deref(), answer)?;
        }
    }
    Ok(())
}

/// Adds completers for tags and sections to the command and its subcommands.
fn with_completers(command: Command, line: &Arc<CommandLine>) -> Command {
    let offer = |arg: Arg| {
        let line = Arc::clone(line);
        match arg.get_value_names().and_then(<[_]>::first).map(clap::builder::Str::as_str) {
            Some("TAG") => arg.add(ArgValueCompleter::new(move |typed: &OsStr| complete_tags(&line, typed))),
            Some("CONDITION") => arg.add(ArgValueCompleter::new(move |typed: &OsStr| complete_where(&line, typed))),
            Some("KEY") => arg.add(ArgValueCompleter::new(move |typed: &OsStr| complete_keys(&line, typed))),
            Some("PATH") if matches!(arg.get_id().as_str(), "section" | "place") => {
                arg.add(ArgValueCompleter::new(move |typed: &OsStr| complete_sections(&line, typed)))
            }
            _ => arg,
        }
    };
    command.mut_args(offer).mut_subcommands(|command| with_completers(command, line))
}

/// What the completers need from the command line being completed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct CommandLine {
    /// The first speech named.
    speech: Option<PathBuf>,
    /// The store named.
    store: Option<PathBuf>,
    /// The side of tracked changes that is read.
    revisions: Revisions,
}

impl CommandLine {
    fn new(words: &[OsString]) -> Self {
        let store = env::var_os("PIZHU_STORE").filter(|store| !store.is_empty()).map(PathBuf::from);
        let revisions = resolve_revisions(None, Preferences::load().settings.tracked_changes);
        Self { store, revisions, ..Self::default() }.parse_words(words)
    }

    /// The store of the speech, or of the working directory.
    fn named_store(&self) -> Option<Store> {
        Store::find(Some(self.speech.as_deref().unwrap_or(Path::new("."))), self.store.as_deref()).ok()
    }

    fn parse_words(mut self, arguments: &[OsString]) -> Self {
        let mut arguments = arguments.iter().skip(1);
        while let Some(argument) = arguments.next() {
            let text = argument.to_string_lossy();
            let (name, value) = match text.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(OsString::from(value))),
                _ => (&*text, None),
            };
            let mut value = || value.clone().or_else(|| arguments.next().cloned());
            match name {
                "--store" => self.store = value().map(PathBuf::from).or(self.store),
                "--changes" => {
                    let side = value().and_then(|side| RevisionSide::from_str(&side.to_string_lossy(), false).ok());
                    self.revisions = side.map_or(self.revisions, |side| resolve_revisions(Some(side), TrackedChanges::default()));
                }
                _ if self.speech.is_none() && Path::new(argument).is_file() && is_speech_file(Path::new(argument)) => {
                    self.speech = Some(argument.into());
                }
                _ => {}
            }
        }
        self
    }
}

/// The store's tags, each with its definition.
fn complete_tags(command_line: &CommandLine, typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some(Ok(book)) = command_line.named_store().map(|store| store.codebook()) else { return Vec::new() };
    let fits = typed.to_string_lossy();
    let known = book.tree().into_iter().map(|(_, tag)| (book.label(tag.id), tag));
    // What is typed may be the name or, of several of one name, the path.
    let starts = |label: &str, tag: &Tag| label.starts_with(&*fits) || tag.name.starts_with(&*fits);
    let known = known.filter(|(label, tag)| starts(label, tag) && is_no_option(label, &fits));
    known.map(|(label, tag)| candidate(&label, &tag.definition)).collect()
}

/// Conditions that go on from what is typed.
fn complete_where(command_line: &CommandLine, typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some(store) = command_line.named_store() else { return Vec::new() };
    let Ok(book) = store.codebook() else { return Vec::new() };
    let mut names = ConditionNames::default();
    names.tags = book.tree().into_iter().map(|(_, tag)| (book.label(tag.id), tag.definition.clone())).collect();
    for key in attribute_keys(&store) {
        names.add_key(&key);
    }
    for (key, value) in attribute_values(command_line, &store) {
        names.add_value(&key, &value);
    }
    let typed = typed.to_string_lossy();
    let found = names.complete(&typed).into_iter().map(|one| (one.line(&typed), one.help));
    found.filter(|(line, _)| is_no_option(line, &typed)).map(|(line, help)| candidate(&line, &help)).collect()
}

/// The values of attributes, one for each speech: those that users have set, and of the speeches that the
/// reader listed last those that are found in the texts.
fn attribute_values(command_line: &CommandLine, store: &Store) -> Vec<(String, String)> {
    let set = store.set_attribute_values().unwrap_or_default();
    let set = set
        .into_iter()
        .flat_map(|(key, values)| values.into_iter().flat_map(move |(value, count)| std::iter::repeat_n((key.clone(), value), count)));
    let folder = Folders::find(|name| env::var(name).ok()).map(|folders| folders.cache);
    let roots = store.location().root.clone().or_else(|| env::current_dir().ok());
    let options = ReadOptions { revisions: command_line.revisions, ..ReadOptions::default() };
    let listed = folder.zip(roots).map(|(folder, root)| catalogue::first_entries(&folder, &[root], options)).unwrap_or_default();
    let found = listed.into_iter().filter_map(|entry| entry.facts).flat_map(|facts| {
        let facts = [("speaker", &facts.speaker), ("place", &facts.place), ("occasion", &facts.occasion), ("date", &facts.date)]
            .map(|(key, value)| Some((key.to_owned(), value.clone()?)));
        facts.into_iter().flatten()
    });
    set.chain(found).collect()
}

/// The names of attributes: those that are found in texts, and those whose type was fixed.
fn complete_keys(command_line: &CommandLine, typed: &OsStr) -> Vec<CompletionCandidate> {
    let keys = command_line.named_store().map(|store| attribute_keys(&store)).unwrap_or_default();
    keys.iter().filter(|key| key.starts_with(&*typed.to_string_lossy())).map(|key| candidate(key, "")).collect()
}

fn attribute_keys(store: &Store) -> Vec<String> {
    let fixed = store.project().unwrap_or_default();
    ordered_keys(FOUND_KEYS.into_iter().chain(fixed.attribute_types().map(|(key, _)| key)))
}

/// Whether `name` is not taken for an option where nothing of it has been typed.
fn is_no_option(name: &str, typed: &str) -> bool {
    !typed.is_empty() || !name.starts_with('-')
}

/// The section paths of the speech, each with its title. Full-width and half-width brackets and
/// digits match each other.
fn complete_sections(command_line: &CommandLine, typed: &OsStr) -> Vec<CompletionCandidate> {
    let options = ReadOptions { revisions: command_line.revisions, ..ReadOptions::default() };
    let Some(Ok(speech)) = command_line.speech.as_deref().map(|path| source::open(path, options)) else { return Vec::new() };
    let folded = |text: &str| text.nfkc().collect::<String>();
    let fits = folded(&typed.to_string_lossy());
    // Completing touches nothing: of what only journals hold, nothing is offered.
    let store = Store::find(Some(&speech.path), command_line.store.as_deref());
    let mended = store.and_then(|store| store.mended_as_stored(&speech.document, &speech.path));
    let outline = &mended.as_ref().unwrap_or(&speech.document).outline;
    let paths = outline.iter().map(|(id, section)| (outline.path_text(id), section));
    paths.filter(|(path, _)| folded(path).starts_with(&fits)).map(|(path, section)| candidate(&path, section.display_title())).collect()
}

fn candidate(value: &str, help: &str) -> CompletionCandidate {
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
    fn candidates_come_from_the_named_speech_and_store() {
        let folder = tempfile::tempdir().unwrap();
        let speech = folder.path().join("讲话.txt");
        fs::write(
            &speech,
            "在青禾县会议上的讲话\n一、总体要求\n（一）提高认识\n要抓实。\n（二）压实责任\n要抓细。\n二、重点任务\n要抓好。\n",
        )
        .unwrap();
        let store = folder.path().join("s");
        let arguments =
            ["pizhu", "tag", &speech.to_string_lossy(), "--changes=original", "--store", &store.to_string_lossy(), "--section", ""]
                .map(OsString::from);
        let command_line = CommandLine::default().parse_words(&arguments);
        assert_eq!(command_line, CommandLine { speech: Some(speech), store: Some(store), revisions: Revisions::Original });
        assert_eq!(
            command_line.clone().parse_words(&["pizhu", "--changes", "accepted"].map(OsString::from)).revisions,
            Revisions::Accepted
        );
        assert_eq!(values(&complete_sections(&command_line, OsStr::new(""))), ["一、", "一、/（一）", "一、/（二）", "二、"]);
        let typed = complete_sections(&command_line, OsStr::new("一、/(二"));
        assert_eq!(values(&typed), ["一、/（二）"]);
        assert_eq!(typed[0].get_help().map(ToString::to_string).as_deref(), Some("压实责任"));
        assert!(values(&complete_tags(&command_line, OsStr::new("人才"))).contains(&"人才工作".to_owned()));
        // Attributes with the values that were set.
        let store = command_line.named_store().unwrap();
        let opened = source::open(command_line.speech.as_deref().unwrap(), ReadOptions::default()).unwrap();
        let key = pizhu_annotation::store::SpeechKey::from_document(store.location(), &opened.document, &opened.path);
        store.edit_records(&key, "甲", |records| records.set_attribute("轮次", "甲", "第 二轮")).unwrap();
        assert_eq!(values(&complete_where(&command_line, OsStr::new("not attr.轮"))), ["not attr.轮次"]);
        assert_eq!(values(&complete_where(&command_line, OsStr::new("attr.轮次:第"))), ["attr.轮次:\"第 二轮\""]);
        assert_eq!(values(&complete_where(&command_line, OsStr::new("rencai"))), ["人才工作"]);
        assert!(
            complete_tags(&command_line, OsStr::new("没有")).is_empty()
                && complete_sections(&CommandLine::default(), OsStr::new("")).is_empty()
        );
    }

    #[test]
    fn every_tag_and_section_argument_has_a_completer() {
        fn offers(command: &Command, path: &str, found: &mut Vec<String>) {
            let completed = |arg: &&Arg| arg.get::<ArgValueCompleter>().is_some();
            found.extend(command.get_arguments().filter(completed).map(|arg| format!("{path} {}", arg.get_id())));
            for inner in command.get_subcommands() {
                offers(inner, &format!("{path} {}", inner.get_name()), found);
            }
        }
        let mut found = Vec::new();
        offers(&with_completers(super::super::command(), &Arc::default()), "pizhu", &mut found);
        for wanted in [
            "tag tags",
            "tag section",
            "note section",
            "untag tags",
            "untag section",
            "export tag",
            "export where",
            "count where",
            "attr get key",
            "attr type key",
            "search tag",
            "tags delete name",
            "tags merge into",
        ] {
            assert!(found.contains(&format!("pizhu {wanted}")), "{wanted} of {found:?}");
        }
    }
}
