//! Where the program keeps its things, by the XDG rules and their kin on other systems.

use directories::ProjectDirs;
use std::path::{Path, PathBuf};

/// The program's own folders. None need exist; each is made when first written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Settings and the user's themes.
    pub config: PathBuf,
    /// Annotations of speeches outside a shared store.
    pub data: PathBuf,
    /// Reading state and journals: what must outlast the program but is of this machine.
    pub state: PathBuf,
    /// What can be made again.
    pub cache: PathBuf,
}

impl Folders {
    /// The folders of the user. `None` where there is no home folder and no `XDG_…_HOME` names
    /// them all: then nothing is kept, and the program says so.
    #[must_use]
    pub fn find(variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let named = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute()).map(|path| path.join("pizhu"));
        let project = ProjectDirs::from("", "", "pizhu");
        let folder =
            |name: &str, own: fn(&ProjectDirs) -> &Path| named(name).or_else(|| project.as_ref().map(|project| own(project).to_owned()));
        Some(Self {
            config: folder("XDG_CONFIG_HOME", ProjectDirs::config_dir)?,
            data: folder("XDG_DATA_HOME", ProjectDirs::data_dir)?,
            // Systems without a folder for state keep it with the data.
            state: folder("XDG_STATE_HOME", |project| project.state_dir().unwrap_or_else(|| project.data_local_dir()))?,
            cache: folder("XDG_CACHE_HOME", ProjectDirs::cache_dir)?,
        })
    }

    /// The folders under one: for tests, and for carrying everything on a stick.
    #[must_use]
    pub fn under(root: &Path) -> Self {
        Self { config: root.join("config"), data: root.join("data"), state: root.join("state"), cache: root.join("cache") }
    }

    /// The settings file.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.ron")
    }

    /// The folder of the user's own themes.
    #[must_use]
    pub fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_folders_are_taken_and_relative_ones_are_not() {
        let folders = Folders::find(|name| Some(format!("/tmp/xdg/{name}"))).unwrap();
        assert_eq!(folders.settings(), Path::new("/tmp/xdg/XDG_CONFIG_HOME/pizhu/settings.ron"));
        assert_eq!(folders.state, Path::new("/tmp/xdg/XDG_STATE_HOME/pizhu"));
        let relative = Folders::find(|_| Some("xdg".to_owned()));
        assert!(relative.is_none_or(|folders| !folders.config.starts_with("xdg")));
    }
}
