//! The user's configuration: one RON file with comments, and the folders it lies in.
//!
//! A file that does not parse is never written to, and the defaults hold. An unknown entry or a
//! figure out of range is named with its line, and the rest holds.

mod edit;
mod folders;

pub use folders::Folders;

use edit::Entry;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
    fs, io,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

/// The file with all defaults and what they mean.
pub const TEMPLATE: &str = include_str!("template.ron");

/// Which marks may not begin a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Kinsoku {
    /// All closing marks, and what belongs to the word before.
    #[default]
    Strict,
    /// Only the commonest.
    Loose,
}

/// How wide ambiguous characters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Ambiguous {
    /// As the terminal answers.
    #[default]
    Auto,
    /// One cell.
    Narrow,
    /// Two cells.
    Wide,
}

/// Which side of a document's tracked changes is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum TrackedChanges {
    /// As if every change had been accepted.
    #[default]
    Accepted,
    /// As it was before the changes.
    Original,
}

/// Keys by place: `place → keys → command`, as they stand in the file; an empty command frees
/// the keys.
pub type Keys = BTreeMap<String, BTreeMap<String, String>>;

/// What can be set. The fields' ranges are kept by [`parse`]; [`TEMPLATE`] says what they mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// A theme's name, or `auto`.
    pub theme: String,
    /// A language's tag, or `auto`.
    pub language: String,
    /// Whose annotations these are; empty for the account's name.
    pub author: String,
    /// The column's width in characters of two cells.
    pub column_width: u16,
    /// Indent of a first line, in characters of two cells.
    pub first_indent: u16,
    /// Empty rows between lines.
    pub line_spacing: u16,
    /// Empty rows between paragraphs.
    pub paragraph_spacing: u16,
    /// Whether lines are filled to the full width.
    pub justify: bool,
    /// Whether a mark may hang into the margin.
    pub hanging: bool,
    /// Which marks may not begin a line.
    pub kinsoku: Kinsoku,
    /// How wide ambiguous characters are.
    pub ambiguous: Ambiguous,
    /// Which side of tracked changes is read.
    pub tracked_changes: TrackedChanges,
    /// The outline's width in cells, 0 for hidden.
    pub outline_width: u16,
    /// Whether notes stand beside their lines.
    pub notes_pane: bool,
    /// Whether windows have frames.
    pub frames: bool,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// Megabytes of memory that searching many speeches may take; for libraries with more text an
    /// index is made.
    pub memory: u16,
    /// Keys that differ from the defaults.
    pub keymap: Keys,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: "auto".to_owned(),
            language: "auto".to_owned(),
            author: String::new(),
            column_width: 40,
            first_indent: 2,
            line_spacing: 0,
            paragraph_spacing: 1,
            justify: false,
            hanging: false,
            kinsoku: Kinsoku::default(),
            ambiguous: Ambiguous::default(),
            tracked_changes: TrackedChanges::default(),
            outline_width: 32,
            notes_pane: true,
            frames: true,
            mouse: true,
            memory: 512,
            keymap: Keys::new(),
        }
    }
}

impl Settings {
    /// The figures with their ranges.
    fn figures(&mut self) -> [(&'static str, &mut u16, RangeInclusive<u16>); 6] {
        [
            ("column_width", &mut self.column_width, 10..=120),
            ("first_indent", &mut self.first_indent, 0..=8),
            ("line_spacing", &mut self.line_spacing, 0..=3),
            ("paragraph_spacing", &mut self.paragraph_spacing, 0..=3),
            ("outline_width", &mut self.outline_width, 0..=80),
            ("memory", &mut self.memory, 0..=32_000),
        ]
    }

    /// Each entry with its value as it stands in the file, in the template's order.
    fn entries(&self) -> Result<[(&'static str, String); 18], ron::Error> {
        Ok([
            ("theme", ron::to_string(&self.theme)?),
            ("language", ron::to_string(&self.language)?),
            ("author", ron::to_string(&self.author)?),
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
            ("frames", self.frames.to_string()),
            ("mouse", self.mouse.to_string()),
            ("memory", self.memory.to_string()),
            ("keymap", ron::to_string(&self.keymap)?),
        ])
    }
}

/// Something in the file that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line it stands on, from 1.
    pub line: usize,
    /// What it is.
    pub kind: ProblemKind,
}

/// What was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// There is no such entry.
    UnknownEntry(String),
    /// A figure out of its range, brought to the nearest that is not.
    OutOfRange {
        /// The entry.
        entry: &'static str,
        /// The least and the most it may be.
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

/// Why a file's settings do not hold, or could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is not RON, or an entry is of the wrong kind.
    #[error("{}:{line}:{column}: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in chars, from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
}

/// Reads settings: what holds, and what was passed over.
///
/// # Errors
/// The text is not RON, or an entry is of the wrong kind.
pub fn parse(text: &str) -> Result<(Settings, Vec<Problem>), ron::error::SpannedError> {
    let mut settings: Settings = ron::from_str(text)?;
    let entries = edit::entries(text);
    let line_of = |entry: &Entry| text[..entry.key.start].matches('\n').count() + 1;
    let known = settings.entries().map(|entries| entries.map(|(key, _)| key)).unwrap_or_default();
    let mut problems: Vec<Problem> = entries
        .iter()
        .filter(|entry| !known.contains(&&text[entry.key.clone()]))
        .map(|entry| Problem { line: line_of(entry), kind: ProblemKind::UnknownEntry(text[entry.key.clone()].to_owned()) })
        .collect();
    for (name, figure, range) in settings.figures() {
        if !range.contains(figure) {
            *figure = (*figure).clamp(*range.start(), *range.end());
            let line = entries.iter().find(|entry| &text[entry.key.clone()] == name).map_or(1, line_of);
            problems.push(Problem { line, kind: ProblemKind::OutOfRange { entry: name, range } });
        }
    }
    problems.sort_by_key(|problem| problem.line);
    Ok((settings, problems))
}

/// The line, from 1, on which a file binds `keys` in `place`, or names the place where `keys` is
/// empty; of what is not found, that of the whole entry, or 1.
#[must_use]
pub fn line_of_keys(text: &str, place: &str, keys: &str) -> usize {
    let entry = edit::entries(text).into_iter().find(|entry| &text[entry.key.clone()] == "keymap");
    let Some(range) = entry.map(|entry| entry.value) else { return 1 };
    let quoted = |name: &str, from: usize| {
        let wanted = ron::to_string(name).unwrap_or_default();
        text.get(from..range.end).and_then(|rest| rest.find(&wanted)).map(|at| from + at)
    };
    let at = quoted(place, range.start).and_then(|at| if keys.is_empty() { Some(at) } else { quoted(keys, at).or(Some(at)) });
    text[..at.unwrap_or(range.start)].matches('\n').count() + 1
}

/// Reads the settings file. One that is not there gives the defaults.
///
/// # Errors
/// It cannot be read, or does not parse; the caller says so and goes on with the defaults.
pub fn load(path: &Path) -> Result<(Settings, Vec<Problem>), SettingsError> {
    match fs::read_to_string(path) {
        Ok(text) => parse(&text).map_err(|error| syntax(path, &error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok((Settings::default(), Vec::new())),
        Err(source) => Err(SettingsError::Io { path: path.to_owned(), source }),
    }
}

/// Writes what differs from what the file says into the file, and leaves comments, order and
/// unknown entries as they are. A file that is not there begins as [`TEMPLATE`].
///
/// # Errors
/// The file cannot be read or written, or does not parse; then it is left as it is.
pub fn save(path: &Path, settings: &Settings) -> Result<(), SettingsError> {
    let io = |source| SettingsError::Io { path: path.to_owned(), source };
    let mut text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => TEMPLATE.to_owned(),
        read => read.map_err(io)?,
    };
    let (now, _) = parse(&text).map_err(|error| syntax(path, &error))?;
    let (Ok(now), Ok(wanted)) = (now.entries(), settings.entries()) else {
        return Err(io(io::ErrorKind::InvalidData.into()));
    };
    let mut changed = false;
    for ((key, now), (_, wanted)) in now.iter().zip(&wanted) {
        if now != wanted {
            text = edit::set(&text, key, wanted);
            changed = true;
        }
    }
    if !changed && path.exists() {
        return Ok(());
    }
    // What was edited must read back as meant before it takes the file's place.
    let (back, _) = parse(&text).map_err(|error| syntax(path, &error))?;
    if back.entries().ok().as_ref() != Some(&wanted) {
        return Err(io(io::ErrorKind::InvalidData.into()));
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io)?;
    }
    let mut file = atomic_write_file::AtomicWriteFile::open(path).map_err(io)?;
    io::Write::write_all(&mut file, text.as_bytes()).and_then(|()| file.commit()).map_err(io)
}

fn syntax(path: &Path, error: &ron::error::SpannedError) -> SettingsError {
    let mut reason = String::new();
    // A reason of several lines is told in one.
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
    fn the_template_gives_the_defaults_and_names_every_entry() {
        let (settings, problems) = parse(TEMPLATE).unwrap();
        assert_eq!((settings, problems), (Settings::default(), vec![]));
        let named: Vec<&str> = edit::entries(TEMPLATE).into_iter().map(|entry| &TEMPLATE[entry.key]).collect();
        assert_eq!(named, Settings::default().entries().unwrap().map(|(key, _)| key));
    }

    #[test]
    fn every_field_is_an_entry() {
        let written = ron::to_string(&Settings::default()).unwrap();
        let fields: Vec<&str> = edit::entries(&written).into_iter().map(|entry| &written[entry.key]).collect();
        assert_eq!(fields, Settings::default().entries().unwrap().map(|(key, _)| key));
    }

    #[test]
    fn unknown_entries_and_figures_out_of_range_are_named_with_their_line() {
        let text = "(\n  // theme: no\n  tehme: (\"dark\", [1: 2]),\n  column_width: 5, mouse: false,\n  keymap: {\"reader\": {\"x\": \"tag\"}},\n  多: 1,\n)";
        let text = text.replace("[1: 2]", "{1: 2}");
        let (settings, problems) = parse(&text).unwrap();
        assert_eq!(settings.column_width, 10);
        assert!(!settings.mouse);
        assert_eq!(settings.keymap["reader"]["x"], "tag");
        let told: Vec<String> = problems.iter().map(|problem| format!("{}: {}", problem.line, problem.kind)).collect();
        assert_eq!(told, ["3: unknown entry `tehme`", "4: `column_width` may be 10 to 120", "6: unknown entry `多`"]);
    }

    #[test]
    fn the_line_of_a_binding_is_found() {
        let text = "(\n  author: \"x\",\n  keymap: {\n    \"reader\": {\"x\": \"tag\",\n      \"y\": \"\"},\n    \"help\": {\"x\": \"close\"},\n  },\n)";
        assert_eq!(
            [("reader", "x"), ("reader", "y"), ("help", "x"), ("help", ""), ("none", "x")]
                .map(|(place, keys)| line_of_keys(text, place, keys)),
            [4, 5, 6, 6, 3]
        );
        assert_eq!(line_of_keys("()", "reader", "x"), 1);
    }

    #[test]
    fn a_file_that_does_not_parse_gives_one_line_with_its_place_and_is_left_alone() {
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
    fn saving_keeps_comments_order_and_what_is_unknown() {
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
        fn what_is_saved_is_loaded(theme in "[\"a-z\\\\ (){}:,/*青\n]{0,12}", author in "[\"a-z:,/{]{0,8}", width in 10..=120_u16, justify: bool, wide: bool,
                                   keys in prop::collection::btree_map("[a-z<>\"]{1,4}", "[a-z-]{0,6}", 0..4),
                                   start in prop::sample::select(vec![TEMPLATE, "()", "(mouse:true)", "( theme : r#\"a\"b\"#, keymap:{} /* ,) */ )", "// (a: 1)\n(author: \"}\",)\n"])) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("settings.ron");
            fs::write(&path, start).unwrap();
            let keymap = if keys.is_empty() { Keys::new() } else { Keys::from([("reader".to_owned(), keys)]) };
            let ambiguous = if wide { Ambiguous::Wide } else { Ambiguous::Auto };
            let settings = Settings { theme, author, column_width: width, justify, ambiguous, keymap, ..Settings::default() };
            save(&path, &settings).unwrap();
            prop_assert_eq!(load(&path).unwrap(), (settings, vec![]));
        }
    }
}
