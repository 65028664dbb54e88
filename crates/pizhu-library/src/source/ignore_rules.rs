//! The rules of `.gitignore`, `.ignore` and `.git/info/exclude` below the roots of a walk.
//!
//! They are read here and not by the walking library, which opens whatever stands under these names:
//! a FIFO would block it, a device would fill the memory. As in git, `.ignore` goes before
//! `.gitignore`, a nearer folder before a farther one, and rules of git end at the top of a
//! repository.

use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder},
};
use pizhu_files::regular_file::read_regular;
use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// Maximum size in bytes of a file of rules.
pub const MAX_RULES_BYTES: u64 = 1 << 20;
/// The files of rules, first come first; the last two are git's.
const RULE_FILES: [&str; 3] = [".ignore", ".gitignore", ".git/info/exclude"];

/// The rules of one folder.
#[derive(Debug, Default)]
struct FolderRules {
    /// One per [`RULE_FILES`].
    files: [Option<Gitignore>; 3],
    /// Whether it is the top of a repository.
    is_repository: bool,
}

/// The rules of the folders that a walk has passed.
#[derive(Debug, Default)]
pub(super) struct IgnoreRules {
    folders: Mutex<HashMap<PathBuf, Arc<FolderRules>>>,
    /// Files of rules that could not be read and were not yet taken, with the reasons.
    unread: Mutex<Vec<(PathBuf, io::Error)>>,
}

impl IgnoreRules {
    /// Whether the entry at `depth` below its root is ignored. Roots are not.
    pub(super) fn is_ignored(&self, path: &Path, depth: usize, is_dir: bool) -> bool {
        let folders: Vec<Arc<FolderRules>> = path.ancestors().skip(1).take(depth).map(|folder| self.folder(folder)).collect();
        (0..RULE_FILES.len())
            .find_map(|kind| {
                for folder in &folders {
                    match folder.files[kind].as_ref().map_or(Match::None, |rules| rules.matched(path, is_dir)) {
                        Match::Ignore(_) => return Some(true),
                        Match::Whitelist(_) => return Some(false),
                        Match::None => {}
                    }
                    if folder.is_repository && kind > 0 {
                        return None;
                    }
                }
                None
            })
            .unwrap_or(false)
    }

    /// Takes the files of rules that were passed over since the last call, with the reasons.
    pub(super) fn take_unread(&self) -> Vec<(PathBuf, io::Error)> {
        std::mem::take(&mut self.unread.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn folder(&self, folder: &Path) -> Arc<FolderRules> {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rules) = folders.get(folder) {
            return Arc::clone(rules);
        }
        let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        let rules = Arc::new(FolderRules::read(folder, &mut unread));
        folders.insert(folder.to_owned(), Arc::clone(&rules));
        rules
    }
}

impl FolderRules {
    fn read(folder: &Path, unread: &mut Vec<(PathBuf, io::Error)>) -> Self {
        let git = folder.join(".git");
        let is_repository = git.symlink_metadata().is_ok();
        // A link in the place of `.git` may lead anywhere.
        let has_excludes = is_repository && git.symlink_metadata().is_ok_and(|data| data.is_dir());
        let files = RULE_FILES.map(|name| {
            if name.starts_with(".git/") && !has_excludes {
                return None;
            }
            let file = folder.join(name);
            match read_regular(&file, MAX_RULES_BYTES) {
                Ok(bytes) => rules(folder, &bytes),
                Err(error) => {
                    if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
                        unread.push((file, error));
                    }
                    None
                }
            }
        });
        Self { files, is_repository }
    }
}

/// The rules in a file of a folder; `None` if there are none.
fn rules(folder: &Path, bytes: &[u8]) -> Option<Gitignore> {
    let text = String::from_utf8_lossy(bytes);
    let mut builder = GitignoreBuilder::new(folder);
    for line in text.strip_prefix('\u{FEFF}').unwrap_or(&text).lines() {
        // A line that is no pattern has no effect.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok().filter(|rules| !rules.is_empty())
}
