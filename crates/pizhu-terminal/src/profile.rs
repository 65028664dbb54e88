//! Remembers between runs what terminals answered: character widths and background.
//!
//! Stored in the state folder as `terminals.ron`: a map from the terminal's key (`TERM`,
//! `TERM_PROGRAM` with its version …) to a [`Profile`]. Losing the file costs one probe.

use pizhu_files::private_file;
use pizhu_text::text::width::AmbiguousWidth;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, env, fs, io, path::Path};

/// The file's name in the state folder.
const FILE_NAME: &str = "terminals.ron";

/// Maximum terminals remembered.
const MAX_PROFILES: usize = 64;

/// The width a terminal gives to characters of East Asian Ambiguous width (UAX #11).
///
/// ```
/// use pizhu_terminal::Widths;
/// use pizhu_text::text::width::AmbiguousWidth;
///
/// // An unknown terminal gets the layout for wide characters, which fits both.
/// assert_eq!(Widths::Unknown.ambiguous(), AmbiguousWidth::Wide);
/// assert_eq!(Widths::from(AmbiguousWidth::Narrow), Widths::Narrow);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Widths {
    /// Unknown: laid out in two cells, and drawn in a way that is correct for both widths.
    #[default]
    Unknown,
    /// One cell.
    Narrow,
    /// Two cells. They are still drawn one by one, since a multiplexer in between may count one.
    Wide,
}

impl Widths {
    /// The width that layout assumes for such a terminal.
    #[must_use]
    pub fn ambiguous(self) -> AmbiguousWidth {
        match self {
            Self::Narrow => AmbiguousWidth::Narrow,
            Self::Unknown | Self::Wide => AmbiguousWidth::Wide,
        }
    }
}

impl From<AmbiguousWidth> for Widths {
    fn from(setting: AmbiguousWidth) -> Self {
        match setting {
            AmbiguousWidth::Narrow => Self::Narrow,
            AmbiguousWidth::Wide => Self::Wide,
        }
    }
}

/// The remembered properties of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The width of ambiguous characters.
    pub widths: Widths,
    /// Whether its background is dark; `None` if it never answered.
    pub dark: Option<bool>,
}

/// The key under which the current terminal is remembered.
#[must_use]
pub fn key() -> String {
    let read = |name: &str| env::var(name).unwrap_or_default();
    // `COLORFGBG` distinguishes windows of one terminal with different backgrounds.
    let parts = [read("TERM"), read("TERM_PROGRAM"), read("TERM_PROGRAM_VERSION"), read("VTE_VERSION"), read("COLORFGBG")];
    // A multiplexer's outer terminal may differ with each attachment, so it is no part of the key.
    let parts = parts.iter().filter(|part| !part.is_empty()).map(String::as_str);
    parts.collect::<Vec<_>>().join(" ")
}

/// Loads the profile of the terminal `key`; the default if there is none or the file is unreadable.
#[must_use]
pub fn load(folder: &Path, key: &str) -> Profile {
    read_all(folder).get(key).copied().unwrap_or_default()
}

/// Applies `change` to the stored profile of the terminal `key` and saves it if it differs.
///
/// # Errors
/// When the file cannot be written.
pub fn save(folder: &Path, key: &str, change: impl FnOnce(&mut Profile)) -> io::Result<()> {
    let mut all = read_all(folder);
    let known = all.get(key).copied();
    let mut profile = known.unwrap_or_default();
    change(&mut profile);
    if known == Some(profile) {
        return Ok(());
    }
    while all.len() >= MAX_PROFILES && !all.contains_key(key) {
        all.pop_first();
    }
    all.insert(key.to_owned(), profile);
    // The folder also holds what the user reads: nobody else may look into it.
    private_file::create_folder(folder)?;
    let text = ron::ser::to_string_pretty(&all, ron::ser::PrettyConfig::default()).map_err(io::Error::other)?;
    // The terminal can be asked again.
    private_file::write_unsynced(&folder.join(FILE_NAME), text.as_bytes())
}

fn read_all(folder: &Path) -> BTreeMap<String, Profile> {
    fs::read_to_string(folder.join(FILE_NAME)).ok().and_then(|text| ron::from_str(&text).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_terminal_has_its_own_profile() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        assert_eq!(load(folder, "xterm"), Profile::default());
        save(folder, "xterm", |profile| profile.widths = Widths::Wide).unwrap();
        save(folder, "foot 1.2", |profile| profile.dark = Some(false)).unwrap();
        save(folder, "foot 1.2", |profile| profile.widths = Widths::Narrow).unwrap();
        assert_eq!(load(folder, "xterm"), Profile { widths: Widths::Wide, dark: None });
        assert_eq!(load(folder, "foot 1.2"), Profile { widths: Widths::Narrow, dark: Some(false) });
        fs::write(folder.join(FILE_NAME), "broken(").unwrap();
        assert_eq!(load(folder, "xterm"), Profile::default());
        save(folder, "xterm", |profile| profile.widths = Widths::Narrow).unwrap();
        assert_eq!(load(folder, "xterm").widths, Widths::Narrow);
    }
}
