//! The program's folders: XDG base directories on Linux, their equivalents elsewhere.

use directories::ProjectDirs;
use pizhu_files::private_file;
use std::path::{Path, PathBuf};

/// The program's folders. They need not exist; each is created on first write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folders {
    /// Settings and the user's themes.
    pub config: PathBuf,
    /// Annotations of speeches that belong to no shared store.
    pub data: PathBuf,
    /// Reading state and journals: persistent, but specific to this machine.
    pub state: PathBuf,
    /// Caches, which can be rebuilt.
    pub cache: PathBuf,
}

impl Folders {
    /// The user's folders; absolute paths in `XDG_…_HOME` take precedence. `None` if there is no
    /// home folder and not all of the variables are set; then nothing can be saved.
    #[must_use]
    pub(crate) fn find(variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let from_variable = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute()).map(|path| path.join("pizhu"));
        let project = ProjectDirs::from("", "", "pizhu");
        let folder = |name: &str, from_system: fn(&ProjectDirs) -> &Path| {
            from_variable(name).or_else(|| project.as_ref().map(|project| from_system(project).to_owned()))
        };
        Some(Self {
            config: folder("XDG_CONFIG_HOME", ProjectDirs::config_dir)?,
            data: folder("XDG_DATA_HOME", ProjectDirs::data_dir)?,
            // Systems without a state folder keep it with the data.
            state: folder("XDG_STATE_HOME", |project| project.state_dir().unwrap_or_else(|| project.data_local_dir()))?,
            cache: folder("XDG_CACHE_HOME", ProjectDirs::cache_dir)?,
        })
    }

    /// Closes the folders that exist to everyone but the user: older versions left them open to all
    /// who may enter the home folder.
    pub(crate) fn close_to_others(&self) {
        for folder in [&self.config, &self.data, &self.state, &self.cache] {
            private_file::close_folder(folder);
        }
    }

    /// All folders under `root`, for tests and portable use.
    #[must_use]
    #[cfg(test)]
    pub(crate) fn under(root: &Path) -> Self {
        Self { config: root.join("config"), data: root.join("data"), state: root.join("state"), cache: root.join("cache") }
    }

    /// Path of the settings file.
    #[must_use]
    pub(crate) fn settings(&self) -> PathBuf {
        self.config.join("settings.ron")
    }

    /// Folder of the user's themes.
    #[must_use]
    pub(crate) fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_xdg_paths_are_used_and_relative_ones_ignored() {
        let folders = Folders::find(|name| Some(format!("/tmp/xdg/{name}"))).unwrap();
        assert_eq!(folders.settings(), Path::new("/tmp/xdg/XDG_CONFIG_HOME/pizhu/settings.ron"));
        assert_eq!(folders.state, Path::new("/tmp/xdg/XDG_STATE_HOME/pizhu"));
        let relative = Folders::find(|_| Some("xdg".to_owned()));
        assert!(relative.is_none_or(|folders| !folders.config.starts_with("xdg")));
    }
}
