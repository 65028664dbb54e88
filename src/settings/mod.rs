//! The user's settings: one RON file with comments; and the program's folders.
//!
//! A file that does not parse is never overwritten, and the defaults apply. Unknown entries and
//! numbers out of range are reported with their line, and the rest applies.

mod edit;
mod folders;

pub(crate) use folders::Folders;

use edit::EntryRange;
use pizhu_files::private_file;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
    fs, io,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

/// The settings file with all defaults and explanations.
pub(crate) const TEMPLATE: &str = include_str!("template.ron");

/// Strictness of kinsoku: which punctuation may not start a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum KinsokuLevel {
    /// All closing punctuation, and marks that belong to the preceding word.
    #[default]
    Strict,
    /// Only the most common marks.
    Loose,
}

/// Width of East Asian ambiguous characters (UAX #11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum AmbiguousSetting {
    /// As measured in the terminal.
    #[default]
    Auto,
    /// One cell.
    Narrow,
    /// Two cells.
    Wide,
}

/// The side of tracked changes that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum TrackedChanges {
    /// All changes accepted.
    #[default]
    Accepted,
    /// The text before the changes.
    Original,
}

/// Key bindings of the file: context → keys → command. An empty command removes the binding.
pub(crate) type KeyBindings = BTreeMap<String, BTreeMap<String, String>>;

/// All settings. `parse` enforces the ranges; `TEMPLATE` explains the entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Name of a theme, or `auto`.
    pub theme: String,
    /// Language tag, or `auto`.
    pub language: String,
    /// Author of new annotations; empty for the account's name.
    pub author: String,
    /// Whether the marks of others are hidden until one is done with a speech.
    pub blind: bool,
    /// Column width in full-width characters (two cells each).
    pub column_width: u16,
    /// First-line indent in full-width characters.
    pub first_indent: u16,
    /// Empty rows between lines.
    pub line_spacing: u16,
    /// Empty rows between paragraphs.
    pub paragraph_spacing: u16,
    /// Whether rows are justified.
    pub justify: bool,
    /// Whether punctuation may hang into the margin.
    pub hanging: bool,
    /// Strictness of kinsoku.
    pub kinsoku: KinsokuLevel,
    /// Width of ambiguous characters.
    pub ambiguous: AmbiguousSetting,
    /// The side of tracked changes that is read.
    pub tracked_changes: TrackedChanges,
    /// Width of the outline in cells; 0 hides it, 32 lets it take more on a wide screen.
    pub outline_width: u16,
    /// Whether notes are shown beside their lines.
    pub notes_pane: bool,
    /// Order of the library: `name`, `date`, `title`, `length`, `tags` or `progress`, with `-` before it if
    /// reversed.
    pub library_order: String,
    /// Attributes that have a column in the library, with blanks between.
    pub library_columns: String,
    /// Whether windows have frames.
    pub frames: bool,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// Memory budget for searching a library, in megabytes; a library with more text gets an index.
    pub memory: u16,
    /// Whether the texts that annotations and reading places are in are kept, so that these are found again
    /// in a changed text.
    pub snapshots: bool,
    /// Bindings that differ from the defaults.
    pub keymap: KeyBindings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: "auto".to_owned(),
            language: "auto".to_owned(),
            author: String::new(),
            blind: false,
            column_width: 40,
            first_indent: 2,
            line_spacing: 0,
            paragraph_spacing: 1,
            justify: false,
            hanging: false,
            kinsoku: KinsokuLevel::default(),
            ambiguous: AmbiguousSetting::default(),
            tracked_changes: TrackedChanges::default(),
            outline_width: 32,
            notes_pane: true,
            library_order: "name".to_owned(),
            library_columns: "speaker".to_owned(),
            frames: true,
            mouse: true,
            memory: 512,
            snapshots: true,
            keymap: KeyBindings::new(),
        }
    }
}

impl Settings {
    /// The numeric settings with their ranges.
    fn numbers(&mut self) -> [(&'static str, &mut u16, RangeInclusive<u16>); 6] {
        [
            ("column_width", &mut self.column_width, 10..=120),
            ("first_indent", &mut self.first_indent, 0..=8),
            ("line_spacing", &mut self.line_spacing, 0..=3),
            ("paragraph_spacing", &mut self.paragraph_spacing, 0..=3),
            ("outline_width", &mut self.outline_width, 0..=120),
            ("memory", &mut self.memory, 0..=32_000),
        ]
    }

    /// All entries with their RON values, in the template's order.
    fn entries(&self) -> Result<[(&'static str, String); 22], ron::Error> {
        Ok([
            ("theme", ron::to_string(&self.theme)?),
            ("language", ron::to_string(&self.language)?),
            ("author", ron::to_string(&self.author)?),
            ("blind", self.blind.to_string()),
            ("column_width", self.column_width.to_string()),
            ("first_indent", self.first_indent.to_string()),
            ("line_spacing", self.line_spacing.to_string()),
            ("paragraph_spacing", self.paragraph_spacing.to_string()),
            ("justify", self.justify.to_string()),
            ("hanging", self.hanging.to_string()),
            ("kinsoku", ron::to_string(&self.kinsoku)?),
            ("ambiguous", ron::to_string(&self.ambiguous)?),
            ("tracked_changes", ron::to_string(&self.tracked_changes)?),
            ("outline_width", self.outline_width.to_string()),
            ("notes_pane", self.notes_pane.to_string()),
            ("library_order", ron::to_string(&self.library_order)?),
            ("library_columns", ron::to_string(&self.library_columns)?),
            ("frames", self.frames.to_string()),
            ("mouse", self.mouse.to_string()),
            ("memory", self.memory.to_string()),
            ("snapshots", self.snapshots.to_string()),
            ("keymap", ron::to_string(&self.keymap)?),
        ])
    }
}

/// An entry of the file that was ignored or corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Line, from 1.
    pub line: usize,
    /// The kind of problem.
    pub kind: ProblemKind,
}

/// The kind of problem with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    /// An unknown entry.
    UnknownEntry(String),
    /// A number out of range; the nearest valid one is used.
    OutOfRange {
        /// The entry.
        entry: &'static str,
        /// The valid range.
        range: RangeInclusive<u16>,
    },
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownEntry(name) => write!(f, "unknown entry `{name}`"),
            Self::OutOfRange { entry, range } => write!(f, "`{entry}` may be {} to {}", range.start(), range.end()),
        }
    }
}

/// Why settings cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The file is not RON, or an entry has the wrong type.
    #[error("{}:{line}:{column}: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column in chars, from 1.
        column: usize,
        /// The parser's message.
        reason: String,
    },
}

/// Parses settings; also returns the ignored or corrected entries.
///
/// # Errors
/// The text is not RON, or an entry has the wrong type.
pub(crate) fn parse(text: &str) -> Result<(Settings, Vec<Problem>), ron::error::SpannedError> {
    let mut settings: Settings = ron::from_str(text)?;
    let entries = edit::entries(text);
    let line_of = |entry: &EntryRange| text[..entry.key.start].matches('\n').count() + 1;
    let known = settings.entries().map(|entries| entries.map(|(key, _)| key)).unwrap_or_default();
    let mut problems: Vec<Problem> = entries
        .iter()
        .filter(|entry| !known.contains(&&text[entry.key.clone()]))
        .map(|entry| Problem { line: line_of(entry), kind: ProblemKind::UnknownEntry(text[entry.key.clone()].to_owned()) })
        .collect();
    for (name, number, range) in settings.numbers() {
        if !range.contains(number) {
            *number = (*number).clamp(*range.start(), *range.end());
            let line = entries.iter().find(|entry| &text[entry.key.clone()] == name).map_or(1, line_of);
            problems.push(Problem { line, kind: ProblemKind::OutOfRange { entry: name, range } });
        }
    }
    problems.sort_by_key(|problem| problem.line);
    Ok((settings, problems))
}

/// Line (from 1) of the binding of `keys` in `context`, or of the context if `keys` is empty. Falls
/// back to the line of the `keymap` entry, then to 1.
#[must_use]
pub(crate) fn line_of_keys(text: &str, context: &str, keys: &str) -> usize {
    let entry = edit::entries(text).into_iter().find(|entry| &text[entry.key.clone()] == "keymap");
    let Some(range) = entry.map(|entry| entry.value) else { return 1 };
    let quoted = |name: &str, from: usize| {
        let wanted = ron::to_string(name).unwrap_or_default();
        text.get(from..range.end).and_then(|rest| rest.find(&wanted)).map(|at| from + at)
    };
    let at = quoted(context, range.start).and_then(|at| if keys.is_empty() { Some(at) } else { quoted(keys, at).or(Some(at)) });
    text[..at.unwrap_or(range.start)].matches('\n').count() + 1
}

/// Reads the settings file; the defaults if it does not exist.
///
/// # Errors
/// The file cannot be read or does not parse.
pub(crate) fn load(path: &Path) -> Result<(Settings, Vec<Problem>), SettingsError> {
    match fs::read_to_string(path) {
        Ok(text) => parse(&text).map_err(|error| syntax_error(path, &error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok((Settings::default(), Vec::new())),
        Err(source) => Err(SettingsError::Io { path: path.to_owned(), source }),
    }
}

/// Writes the settings that differ from the file into it, keeping comments, order and unknown
/// entries. A new file starts as [`TEMPLATE`].
///
/// # Errors
/// The file cannot be read or written, or does not parse; it is then unchanged.
pub(crate) fn save(path: &Path, settings: &Settings) -> Result<(), SettingsError> {
    let io = |source| SettingsError::Io { path: path.to_owned(), source };
    // A link stays a link, to a file that may be kept with others elsewhere.
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(io(io::ErrorKind::InvalidInput.into()));
    }
    let mut text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => TEMPLATE.to_owned(),
        read => read.map_err(io)?,
    };
    let (current, _) = parse(&text).map_err(|error| syntax_error(path, &error))?;
    let (Ok(current), Ok(wanted)) = (current.entries(), settings.entries()) else {
        return Err(io(io::ErrorKind::InvalidData.into()));
    };
    let mut changed = false;
    for ((key, current), (_, wanted)) in current.iter().zip(&wanted) {
        if current != wanted {
            text = edit::set_value(&text, key, wanted);
            changed = true;
        }
    }
    if !changed && path.exists() {
        return Ok(());
    }
    // The edited text must parse to the wanted settings before it replaces the file.
    let (reparsed, _) = parse(&text).map_err(|error| syntax_error(path, &error))?;
    if reparsed.entries().ok().as_ref() != Some(&wanted) {
        return Err(io(io::ErrorKind::InvalidData.into()));
    }
    if let Some(folder) = path.parent() {
        private_file::create_folder(folder).map_err(io)?;
    }
    private_file::write(path, text.as_bytes()).map_err(io)
}

fn syntax_error(path: &Path, error: &ron::error::SpannedError) -> SettingsError {
    let mut reason = String::new();
    // Joins a message of several lines.
    for part in error.code.to_string().split_whitespace() {
        let _ = write!(reason, "{}{part}", if reason.is_empty() { "" } else { " " });
    }
    SettingsError::Syntax { path: path.to_owned(), line: error.span.start.line, column: error.span.start.col, reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn template_equals_the_defaults_and_lists_every_entry() {
        let (settings, problems) = parse(TEMPLATE).unwrap();
        assert_eq!((settings, problems), (Settings::default(), vec![]));
        let named: Vec<&str> = edit::entries(TEMPLATE).into_iter().map(|entry| &TEMPLATE[entry.key]).collect();
        assert_eq!(named, Settings::default().entries().unwrap().map(|(key, _)| key));
    }

    #[test]
    fn entries_list_every_field() {
        let written = ron::to_string(&Settings::default()).unwrap();
        let fields: Vec<&str> = edit::entries(&written).into_iter().map(|entry| &written[entry.key]).collect();
        assert_eq!(fields, Settings::default().entries().unwrap().map(|(key, _)| key));
    }

    #[test]
    fn unknown_entries_and_numbers_out_of_range_are_reported_with_their_line() {
        let text = "(\n  // theme: no\n  tehme: (\"dark\", [1: 2]),\n  column_width: 5, mouse: false,\n  keymap: {\"reader\": {\"x\": \"tag\"}},\n  多: 1,\n)";
        let text = text.replace("[1: 2]", "{1: 2}");
        let (settings, problems) = parse(&text).unwrap();
        assert_eq!(settings.column_width, 10);
        assert!(!settings.mouse);
        assert_eq!(settings.keymap["reader"]["x"], "tag");
        let reported: Vec<String> = problems.iter().map(|problem| format!("{}: {}", problem.line, problem.kind)).collect();
        assert_eq!(reported, ["3: unknown entry `tehme`", "4: `column_width` may be 10 to 120", "6: unknown entry `多`"]);
    }

    #[test]
    fn line_of_keys_finds_a_binding() {
        let text = "(\n  author: \"x\",\n  keymap: {\n    \"reader\": {\"x\": \"tag\",\n      \"y\": \"\"},\n    \"help\": {\"x\": \"close\"},\n  },\n)";
        assert_eq!(
            [("reader", "x"), ("reader", "y"), ("help", "x"), ("help", ""), ("none", "x")]
                .map(|(context, keys)| line_of_keys(text, context, keys)),
            [4, 5, 6, 6, 3]
        );
        assert_eq!(line_of_keys("()", "reader", "x"), 1);
    }

    #[test]
    fn unparsable_file_gives_a_located_error_and_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.ron");
        fs::write(&path, "(\n  theme: \"dark\",\n  mouse: perhaps,\n)").unwrap();
        let error = load(&path).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}:3:", path.display())) && !error.contains('\n'), "{error}");
        assert!(save(&path, &Settings::default()).is_err());
        assert!(fs::read_to_string(&path).unwrap().contains("perhaps"));
        assert!(load(folder.path()).is_err());
        assert_eq!(load(&folder.path().join("none.ron")).unwrap().0, Settings::default());
    }

    #[test]
    fn saving_keeps_comments_order_and_unknown_entries() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/settings.ron");
        let mut settings = Settings { theme: "dark".into(), ..Settings::default() };
        save(&path, &settings).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), TEMPLATE.replace("theme: \"auto\"", "theme: \"dark\""));
        fs::write(&path, "( // mine\n  mouse: true, // yes\n  future: 1\n)\n").unwrap();
        settings.mouse = false;
        save(&path, &settings).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("( // mine\n  mouse: false, // yes\n  future: 1"), "{text}");
        assert_eq!(load(&path).unwrap().0, settings);
    }

    proptest! {
        #[test]
        fn load_inverts_save(theme in "[\"a-z\\\\ (){}:,/*青\n]{0,12}", author in "[\"a-z:,/{]{0,8}", width in 10..=120_u16, justify: bool, wide: bool,
                                   keys in prop::collection::btree_map("[a-z<>\"]{1,4}", "[a-z-]{0,6}", 0..4),
                                   start in prop::sample::select(vec![TEMPLATE, "()", "(mouse:true)", "( theme : r#\"a\"b\"#, keymap:{} /* ,) */ )", "// (a: 1)\n(author: \"}\",)\n"])) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("settings.ron");
            fs::write(&path, start).unwrap();
            let keymap = if keys.is_empty() { KeyBindings::new() } else { KeyBindings::from([("reader".to_owned(), keys)]) };
            let ambiguous = if wide { AmbiguousSetting::Wide } else { AmbiguousSetting::Auto };
            let settings = Settings { theme, author, column_width: width, justify, ambiguous, keymap, ..Settings::default() };
            save(&path, &settings).unwrap();
            prop_assert_eq!(load(&path).unwrap(), (settings, vec![]));
        }
    }
}
