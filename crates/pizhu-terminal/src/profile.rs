//! What is known of a terminal, its widths and its ground, remembered from one run to the next.
//!
//! Kept in the state folder as `terminals.ron`: a map from the terminal's name (`TERM`,
//! `TERM_PROGRAM` and its version) to a [`Profile`]. Losing it costs one probe.

use pizhu_text::text::width::Ambiguous;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, env, fs, io, io::Write as _, path::Path};

/// The file in the state folder.
const FILE: &str = "terminals.ron";

/// Terminals that are remembered.
const MOST: usize = 64;

/// The cells a terminal gives to characters of ambiguous width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Widths {
    /// Not known: they are laid out in two cells and drawn in a way that is right in both.
    #[default]
    Unknown,
    /// One.
    Narrow,
    /// Two. They are still drawn one by one, for a multiplexer between may count one.
    Wide,
}

impl Widths {
    /// How texts are laid out for such a terminal.
    #[must_use]
    pub fn ambiguous(self) -> Ambiguous {
        match self {
            Self::Narrow => Ambiguous::Narrow,
            Self::Unknown | Self::Wide => Ambiguous::Wide,
        }
    }
}

impl From<Ambiguous> for Widths {
    fn from(setting: Ambiguous) -> Self {
        match setting {
            Ambiguous::Narrow => Self::Narrow,
            Ambiguous::Wide => Self::Wide,
        }
    }
}

/// What a terminal has answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The cells of ambiguous characters.
    pub widths: Widths,
    /// Whether its ground is dark; `None` where it has not said.
    pub dark: Option<bool>,
}

/// The name under which this terminal is remembered.
#[must_use]
pub fn key() -> String {
    let read = |name: &str| env::var(name).unwrap_or_default();
    // `COLORFGBG` tells windows of one terminal with different grounds apart.
    let parts = [read("TERM"), read("TERM_PROGRAM"), read("TERM_PROGRAM_VERSION"), read("VTE_VERSION"), read("COLORFGBG")];
    // Inside a multiplexer the terminal around it is another with each attachment.
    let parts = parts.iter().filter(|part| !part.is_empty()).map(String::as_str);
    parts.collect::<Vec<_>>().join(" ")
}

/// What is remembered of the terminal `key`; unknown where nothing is, or the file is not to be
/// read.
#[must_use]
pub fn load(folder: &Path, key: &str) -> Profile {
    read(folder).get(key).copied().unwrap_or_default()
}

/// Remembers what `change` makes of what is known of the terminal `key`.
///
/// # Errors
/// When the file cannot be written.
pub fn save(folder: &Path, key: &str, change: impl FnOnce(&mut Profile)) -> io::Result<()> {
    let mut all = read(folder);
    let known = all.get(key).copied();
    let mut profile = known.unwrap_or_default();
    change(&mut profile);
    if known == Some(profile) {
        return Ok(());
    }
    while all.len() >= MOST && !all.contains_key(key) {
        all.pop_first();
    }
    all.insert(key.to_owned(), profile);
    fs::create_dir_all(folder)?;
    let text = ron::ser::to_string_pretty(&all, ron::ser::PrettyConfig::default()).map_err(io::Error::other)?;
    let mut file = atomic_write_file::AtomicWriteFile::open(folder.join(FILE))?;
    file.write_all(text.as_bytes())?;
    file.commit()
}

fn read(folder: &Path) -> BTreeMap<String, Profile> {
    fs::read_to_string(folder.join(FILE)).ok().and_then(|text| ron::from_str(&text).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_terminal_is_remembered_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        assert_eq!(load(folder, "xterm"), Profile::default());
        save(folder, "xterm", |profile| profile.widths = Widths::Wide).unwrap();
        save(folder, "foot 1.2", |profile| profile.dark = Some(false)).unwrap();
        save(folder, "foot 1.2", |profile| profile.widths = Widths::Narrow).unwrap();
        assert_eq!(load(folder, "xterm"), Profile { widths: Widths::Wide, dark: None });
        assert_eq!(load(folder, "foot 1.2"), Profile { widths: Widths::Narrow, dark: Some(false) });
        fs::write(folder.join(FILE), "broken(").unwrap();
        assert_eq!(load(folder, "xterm"), Profile::default());
        save(folder, "xterm", |profile| profile.widths = Widths::Narrow).unwrap();
        assert_eq!(load(folder, "xterm").widths, Widths::Narrow);
    }
}
