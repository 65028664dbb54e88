//! Where the store is.

use super::StoreError;
use directories::ProjectDirs;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The folder that makes the folder it lies in, and all below, share a store.
pub const SHARED_DIR: &str = ".pizhu";

/// A store's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where the files are.
    pub dir: PathBuf,
    /// The folder whose speeches are known by their relative path; `None` where all are known by
    /// their absolute one.
    pub root: Option<PathBuf>,
    /// Whether a team shares it, so that its files follow the user's umask. What is the user's
    /// alone is readable by nobody else.
    pub shared: bool,
}

impl Place {
    /// The store for a speech (or a folder of speeches): `given` where the user names one, else
    /// the nearest [`SHARED_DIR`] from the speech upwards, else the user's own.
    ///
    /// # Errors
    /// When the user has no home folder to keep a store in.
    pub fn find(speech: Option<&Path>, given: Option<&Path>) -> Result<Self, StoreError> {
        if let Some(given) = given {
            return Ok(Self::given(&absolute(given)));
        }
        if let Some(speech) = speech
            && let Some(shared) = absolute(speech).ancestors().map(|dir| dir.join(SHARED_DIR)).find(|dir| dir.is_dir())
        {
            return Ok(Self::given(&shared));
        }
        let dirs = ProjectDirs::from("", "", "pizhu").ok_or(StoreError::NoHome)?;
        Ok(Self { dir: dirs.data_dir().join("store"), root: None, shared: false })
    }

    /// The store in `dir`, or in the [`SHARED_DIR`] inside it.
    #[must_use]
    pub fn given(dir: &Path) -> Self {
        let inner = dir.join(SHARED_DIR);
        let dir = if inner.is_dir() { inner } else { dir.to_owned() };
        let shared = dir.file_name().is_some_and(|name| name == SHARED_DIR);
        let root = if shared { dir.parent().map(Path::to_owned) } else { Some(dir.clone()) };
        Self { dir, root, shared }
    }

    /// How a speech at `path` is called in the store: relative to the root with `/` where it lies
    /// under it, else absolute.
    #[must_use]
    pub fn document_name(&self, path: &Path) -> String {
        let path = absolute(path);
        if let Some(relative) = self.root.as_deref().and_then(|root| path.strip_prefix(absolute(root)).ok()) {
            let steps: Vec<_> = relative.components().map(|step| step.as_os_str().to_string_lossy()).collect();
            return steps.join("/");
        }
        path.to_string_lossy().into_owned()
    }

    /// The inverse of [`Self::document_name`] (where the name was valid Unicode).
    #[must_use]
    pub fn document_path(&self, name: &str) -> PathBuf {
        let path = PathBuf::from(name);
        match &self.root {
            Some(root) if path.is_relative() => root.join(path),
            _ => path,
        }
    }
}

/// Finds the stores of many speeches, as [`Place::find`] does, and asks the system once for those
/// that lie in one folder.
#[derive(Debug, Default)]
pub struct Locator {
    /// The last folder and its store.
    last: Option<(PathBuf, Place)>,
}

impl Locator {
    /// The store for a speech.
    ///
    /// # Errors
    /// As of [`Place::find`].
    pub fn find(&mut self, speech: &Path, given: Option<&Path>) -> Result<Place, StoreError> {
        let is_link = fs::symlink_metadata(speech).is_ok_and(|metadata| metadata.is_symlink());
        let Some(folder) = speech.parent().filter(|_| !is_link) else { return Place::find(Some(speech), given) };
        if let Some((last, place)) = &self.last
            && last == folder
        {
            return Ok(place.clone());
        }
        let place = Place::find(Some(speech), given)?;
        self.last = Some((folder.to_owned(), place.clone()));
        Ok(place)
    }
}

/// The folder for what this user's processes keep beside the stores: journals, history, backups.
///
/// # Errors
/// When the user has no home folder.
pub fn state_dir() -> Result<PathBuf, StoreError> {
    let dirs = ProjectDirs::from("", "", "pizhu").ok_or(StoreError::NoHome)?;
    Ok(dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_owned())
}

/// The path from the root on, with links and `..` resolved as far as the path exists.
pub(super) fn absolute(path: &Path) -> PathBuf {
    let path = env::current_dir().map_or_else(|_| path.to_owned(), |dir| dir.join(path));
    let mut rest = Vec::new();
    let mut there = path.as_path();
    loop {
        if let Ok(real) = there.canonicalize() {
            return rest.iter().rev().fold(real, |path, step| path.join(step));
        }
        match (there.parent(), there.file_name()) {
            (Some(parent), Some(name)) => {
                rest.push(name.to_owned());
                there = parent;
            }
            _ => return path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_shared_folder_upwards_is_the_store() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        std::fs::create_dir_all(top.join("a/b")).unwrap();
        std::fs::create_dir_all(top.join(".pizhu")).unwrap();
        let speech = top.join("a/b/讲话.txt");
        let place = Place::find(Some(&speech), None).unwrap();
        assert_eq!((place.dir.as_path(), place.shared), (top.join(".pizhu").as_path(), true));
        assert_eq!(place.document_name(&speech), "a/b/讲话.txt");
        assert_eq!(place.document_path("a/b/讲话.txt"), speech);
        assert_eq!(Place::find(Some(&speech), Some(&top)).unwrap(), place, "named by the folder around it");
        let other = Place::find(Some(&speech), Some(&top.join("另处"))).unwrap();
        assert_eq!((other.dir.as_path(), other.shared), (top.join("另处").as_path(), false));
        assert_eq!(other.document_path(&other.document_name(&speech)), speech);
    }

    #[cfg(unix)]
    #[test]
    fn many_are_found_as_one_at_a_time_is() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        for folder in ["a/.pizhu", "a/inner", "b/.pizhu", "c"] {
            std::fs::create_dir_all(top.join(folder)).unwrap();
        }
        for name in ["a/1.txt", "a/2.txt", "a/inner/3.txt", "b/4.txt", "c/5.txt"] {
            std::fs::write(top.join(name), "").unwrap();
        }
        std::os::unix::fs::symlink(top.join("b/4.txt"), top.join("a/link.txt")).unwrap();
        let mut locator = Locator::default();
        for name in ["a/1.txt", "a/2.txt", "a/link.txt", "a/none.txt", "a/inner/3.txt", "b/4.txt", "c/5.txt", "none"] {
            let path = top.join(name);
            assert_eq!(locator.find(&path, None).unwrap(), Place::find(Some(&path), None).unwrap(), "{name}");
        }
    }
}
