//! Whether a store may be written: who owns it, and who may write to its folder.
//!
//! A store can come by mail, by git or from a share. As git does with a repository of another user
//! (`safe.directory`), a store of another user, or in a folder that anyone may write, is only read
//! until the user trusts it. `PIZHU_TRUST` lists trusted folders; answers to the reader's question
//! are kept in the user's state folder.

use super::distrust::Distrust;
use super::location::{StoreLocation, state_dir};
use crate::path_name::canonical_path;
use crate::storage::MAX_FILE_BYTES;
use pizhu_files::private_file;
use pizhu_files::regular_file::{IrregularFile, read_regular};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
};

/// Environment variable with the trusted folders, separated as in `PATH`; `*` trusts all.
pub const TRUST_VARIABLE: &str = "PIZHU_TRUST";
/// File in the state folder with the user's decisions.
const DECISIONS_FILE: &str = "trust.json";
/// Version of that file.
const DECISIONS_VERSION: u32 = 1;
/// Maximum size in bytes of that file.
const MAX_DECISIONS_BYTES: u64 = 4 << 20;

/// The user's decision about a store that is not trusted by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrustDecision {
    /// It is used like any other.
    Trust,
    /// It is read and never written.
    ReadOnly,
    /// It is treated as if it did not exist.
    Ignore,
}

/// What was found of a store's folder before its first use.
#[derive(Debug, Clone, Default)]
pub struct StoreInspection {
    /// Why it is only read; `None` if it may be written.
    pub distrust: Option<Distrust>,
    /// What the user has decided about it.
    pub decision: Option<TrustDecision>,
    /// Files that are passed over because they are not regular files, sorted.
    pub passed_over: Vec<(PathBuf, IrregularFile)>,
}

/// Content of the file of decisions.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Decisions {
    version: u32,
    stores: BTreeMap<String, TrustDecision>,
}

/// Inspects the folder of a store, with the decisions in the state folder `state`.
pub(super) fn inspect(location: &StoreLocation, state: &Path) -> StoreInspection {
    let mut found = StoreInspection::default();
    let folder = folder_distrust(location);
    let foreign = scan_files(&location.dir, &mut found.passed_over);
    // The user's own folder is not shared with anybody.
    let distrust = location.root.is_some().then(|| folder.or_else(|| foreign.filter(|_| !is_team_folder(&location.dir)))).flatten();
    if let Some(distrust) = distrust
        && !is_listed(location)
    {
        found.decision = decision(location, state);
        found.distrust = (found.decision != Some(TrustDecision::Trust)).then_some(distrust);
    }
    found
}

/// Whether the user wants the store in a shared folder to be treated as if it did not exist.
pub(super) fn is_ignored(location: &StoreLocation) -> bool {
    folder_distrust(location).is_some()
        && !is_listed(location)
        && state_dir().is_ok_and(|state| decision(location, &state) == Some(TrustDecision::Ignore))
}

/// Remembers a decision about the store at `location` in the state folder `state`.
///
/// # Errors
/// Fails if the state folder cannot be written.
pub fn remember_decision(location: &StoreLocation, state: &Path, decision: TrustDecision) -> io::Result<()> {
    let path = state.join(DECISIONS_FILE);
    let mut decisions = read_decisions(&path).unwrap_or_default();
    decisions.version = DECISIONS_VERSION;
    decisions.stores.insert(key(location), decision);
    private_file::create_folder(state)?;
    private_file::write(&path, &serde_json::to_vec_pretty(&decisions)?)
}

fn decision(location: &StoreLocation, state: &Path) -> Option<TrustDecision> {
    if state.as_os_str().is_empty() {
        return None;
    }
    read_decisions(&state.join(DECISIONS_FILE))?.stores.get(&key(location)).copied()
}

fn read_decisions(path: &Path) -> Option<Decisions> {
    let bytes = read_regular(path, MAX_DECISIONS_BYTES).ok()?;
    serde_json::from_slice::<Decisions>(&bytes).ok().filter(|decisions| decisions.version <= DECISIONS_VERSION)
}

/// The canonical path of the store's folder, whose last step is not resolved: trusting a store does
/// not trust a link to it in another folder.
fn key(location: &StoreLocation) -> String {
    let dir = match (location.dir.parent(), location.dir.file_name()) {
        (Some(parent), Some(name)) => canonical_path(parent).join(name),
        _ => location.dir.clone(),
    };
    dir.to_string_lossy().into_owned()
}

/// Whether `PIZHU_TRUST` names the store or a folder above it.
fn is_listed(location: &StoreLocation) -> bool {
    let Some(list) = env::var_os(TRUST_VARIABLE) else { return false };
    let key = PathBuf::from(key(location));
    env::split_paths(&list)
        .filter(|folder| !folder.as_os_str().is_empty())
        .any(|folder| folder.as_os_str() == "*" || key.starts_with(canonical_path(&folder)))
}

/// Lists the files that are passed over; returns the first file of another user.
fn scan_files(dir: &Path, passed_over: &mut Vec<(PathBuf, IrregularFile)>) -> Option<Distrust> {
    let mut foreign: Option<PathBuf> = None;
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let Ok(data) = entry.metadata() else { continue };
        let path = entry.path();
        if is_foreign(&data) && foreign.as_ref().is_none_or(|other| path < *other) {
            foreign = Some(path.clone());
        }
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let has_file_name = path.extension().is_some_and(|extension| extension == "ron") || (name.starts_with('.') && name != ".git");
        match IrregularFile::from_type(data.file_type()) {
            // Emacs marks a file that is being edited by such a link.
            Some(IrregularFile::Link) if name.starts_with(".#") => {}
            Some(IrregularFile::Folder) if !has_file_name => {}
            Some(kind) => passed_over.push((path, kind)),
            None if data.len() > MAX_FILE_BYTES => passed_over.push((path, IrregularFile::TooLarge)),
            None => {}
        }
    }
    passed_over.sort_by(|(one, _), (other, _)| one.cmp(other));
    foreign.map(Distrust::Owner)
}

#[cfg(unix)]
mod owner {
    use crate::store::distrust::Distrust;
    use crate::store::location::StoreLocation;
    use rustix::process::{getegid, geteuid, getgroups};
    use std::{
        fs::{self, Metadata},
        os::unix::fs::MetadataExt as _,
        path::Path,
    };

    const OTHERS_WRITE: u32 = 0o002;
    const GROUP_WRITES: u32 = 0o020;
    const STICKY: u32 = 0o1000;

    /// Whether the file belongs to somebody else than this user or the administrator.
    pub(super) fn is_foreign(data: &Metadata) -> bool {
        data.uid() != 0 && data.uid() != geteuid().as_raw()
    }

    fn is_world_writable(data: &Metadata) -> bool {
        data.mode() & OTHERS_WRITE != 0 && data.mode() & STICKY == 0
    }

    /// Whether a group of this user shares the folder, and nobody else: only members can have put
    /// files there.
    pub(super) fn is_team_folder(dir: &Path) -> bool {
        let Ok(data) = fs::symlink_metadata(dir) else { return false };
        let is_own_group = || {
            let group = data.gid();
            getegid().as_raw() == group || getgroups().is_ok_and(|groups| groups.iter().any(|own| own.as_raw() == group))
        };
        data.is_dir() && data.mode() & GROUP_WRITES != 0 && data.mode() & OTHERS_WRITE == 0 && is_own_group()
    }

    /// Why the store's folder, without its files, is not trusted.
    pub(super) fn folder_distrust(location: &StoreLocation) -> Option<Distrust> {
        let dir = &location.dir;
        let data = fs::symlink_metadata(dir).ok()?;
        if data.is_symlink() {
            return Some(Distrust::Link(dir.clone()));
        }
        if is_foreign(&data) && !is_team_folder(dir) {
            return Some(Distrust::Owner(dir.clone()));
        }
        let parent = location.shared.then(|| dir.parent()).flatten();
        [Some(dir.as_path()), parent]
            .into_iter()
            .flatten()
            .find(|folder| fs::metadata(folder).is_ok_and(|data| is_world_writable(&data)))
            .map(|folder| Distrust::WorldWritable(folder.to_owned()))
    }
}

#[cfg(not(unix))]
mod owner {
    use crate::store::distrust::Distrust;
    use crate::store::location::StoreLocation;
    use std::{fs::Metadata, path::Path};

    pub(super) fn is_foreign(_data: &Metadata) -> bool {
        false
    }

    pub(super) fn is_team_folder(_dir: &Path) -> bool {
        true
    }

    pub(super) fn folder_distrust(location: &StoreLocation) -> Option<Distrust> {
        location.dir.is_symlink().then(|| Distrust::Link(location.dir.clone()))
    }
}

use owner::{folder_distrust, is_foreign, is_team_folder};

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_store_in_a_folder_that_anyone_may_write_is_asked_about_once() {
        let top = tempfile::tempdir().unwrap();
        let (root, state) = (top.path().join("组"), top.path().join("state"));
        let dir = root.join(".pizhu");
        fs::create_dir_all(&dir).unwrap();
        let location = StoreLocation::from_dir(&root);
        for (folder, bits) in [(&root, 0o777), (&dir, 0o777)] {
            mode(folder, bits);
            let found = inspect(&location, &state);
            assert_eq!((found.distrust, found.decision), (Some(Distrust::WorldWritable(folder.clone())), None));
            mode(folder, 0o1777);
            assert_eq!(inspect(&location, &state).distrust, None, "the sticky bit keeps others from replacing files");
            mode(folder, 0o755);
        }
        mode(&root, 0o777);
        for (answer, is_trusted) in [(TrustDecision::ReadOnly, false), (TrustDecision::Ignore, false), (TrustDecision::Trust, true)] {
            remember_decision(&location, &state, answer).unwrap();
            let found = inspect(&location, &state);
            assert_eq!((found.distrust.is_none(), found.decision), (is_trusted, Some(answer)));
        }
    }

    #[test]
    fn trusting_a_store_does_not_trust_a_link_to_it() {
        let top = tempfile::tempdir().unwrap();
        let state = top.path().join("state");
        fs::create_dir_all(top.path().join("own/.pizhu")).unwrap();
        fs::create_dir(top.path().join("clone")).unwrap();
        symlink("../own/.pizhu", top.path().join("clone/.pizhu")).unwrap();
        let location = |name: &str| StoreLocation::from_dir(&top.path().join(name));
        remember_decision(&location("own"), &state, TrustDecision::Trust).unwrap();
        assert_eq!(inspect(&location("own"), &state).distrust, None);
        let link = top.path().join("clone/.pizhu");
        assert_eq!(inspect(&location("clone"), &state).distrust, Some(Distrust::Link(link)));
    }
}
