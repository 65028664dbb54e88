//! Speeches outside a store's folder that the user has named or opened.
//!
//! A store from somebody else may name any file of this machine. Such a file is taken into an export
//! only if the user has once named it to `tag`, `note` or `untag`, or opened it in the reader.

use crate::settings::Folders;
use pizhu_annotation::StoreLocation;
use pizhu_annotation::path_name::{named_path, path_name};
use pizhu_files::regular_file::{open_regular, read_regular};
use pizhu_library::reading_state::ReadingState;
use std::{
    collections::HashSet,
    env,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// File in the state folder: one canonical path a line.
const FILE: &str = "named-speeches";
/// Maximum size in bytes of that file.
const MAX_BYTES: u64 = 16 << 20;

/// The speeches that the user has named or opened.
#[derive(Default)]
pub(super) struct NamedSpeeches {
    state: Option<PathBuf>,
    named: HashSet<PathBuf>,
    opened: ReadingState,
}

impl NamedSpeeches {
    /// Reads them from the state folder, if it may be used.
    pub(super) fn load(uses_state: bool) -> Self {
        let folders = Folders::find(|name| env::var(name).ok()).filter(|_| uses_state);
        let Some(state) = folders.map(|folders| folders.state) else { return Self::default() };
        let text = read_regular(&state.join(FILE), MAX_BYTES).unwrap_or_default();
        let named = String::from_utf8_lossy(&text).lines().map(named_path).collect();
        // Without the reading state, nothing counts as opened.
        let opened = ReadingState::load(Some(&state)).map(|(opened, _)| opened).unwrap_or_default();
        Self { state: Some(state), named, opened }
    }

    /// Whether the user has named the speech at `path` or opened it in the reader.
    pub(super) fn contains(&self, path: &Path) -> bool {
        let canonical = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        self.named.contains(&canonical) || [path, &canonical].into_iter().any(|path| self.opened.position(path, None).is_some())
    }

    fn add(&mut self, path: &Path) -> io::Result<()> {
        let line = path_name(path);
        let Some(state) = self.state.as_ref().filter(|_| !line.contains('\n')) else { return Ok(()) };
        if !self.named.insert(path.to_owned()) {
            return Ok(());
        }
        fs::create_dir_all(state)?;
        open_regular(&state.join(FILE), OpenOptions::new().create(true).append(true))?.write_all(format!("{line}\n").as_bytes())
    }
}

/// Remembers a speech that the user has named, if it lies outside the store's folder.
pub(super) fn remember(path: &Path, location: &StoreLocation) {
    if location.root.as_deref().is_none_or(|root| lies_under(path, root)) {
        return;
    }
    // If it cannot be remembered, an export names the speech and the way out.
    let _ = path.canonicalize().and_then(|path| NamedSpeeches::load(true).add(&path));
}

/// Whether the file, with links resolved, lies under `folder`.
pub(super) fn lies_under(path: &Path, folder: &Path) -> bool {
    match (path.canonicalize(), folder.canonicalize()) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        _ => false,
    }
}
