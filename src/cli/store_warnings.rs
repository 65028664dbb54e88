//! What a run tells of its stores: damage, and what was done about it; that one is not trusted, which
//! of its files are passed over, which speeches it names that are not read.

use super::{
    CliContext, CliError,
    context::warn,
    error,
    named_speeches::{NamedSpeeches, lies_under},
};
use pizhu_annotation::StoreError;
use pizhu_annotation::StoreLocation;
use pizhu_annotation::StoreWarning;
use std::path::{Path, PathBuf};

/// Maximum number of passed over files of a store that are named.
const MAX_NAMED: usize = 5;

impl CliContext {
    /// Leaves out the speeches outside the store's folder that the user has neither named nor
    /// opened: the store may come from somebody else.
    pub(super) fn retain_known(&mut self, files: &mut Vec<PathBuf>, location: &StoreLocation) {
        if let Some(root) = location.root.as_deref().and_then(|root| root.canonicalize().ok()) {
            self.retain_inside(files, |file| file.canonicalize().is_ok_and(|file| file.starts_with(&root)));
        }
    }

    /// Leaves out the links in the folders among `paths` that lead out of them, to files that the
    /// user has neither named nor opened.
    pub(super) fn retain_named(&mut self, files: &mut Vec<PathBuf>, paths: &[PathBuf]) {
        self.retain_inside(files, |file| {
            file.read_link().is_err() || paths.iter().any(|path| path == file || (path.is_dir() && lies_under(file, path)))
        });
    }

    fn retain_inside(&mut self, files: &mut Vec<PathBuf>, is_inside: impl Fn(&Path) -> bool) {
        let mut named = None;
        let (inside, outside): (Vec<PathBuf>, Vec<PathBuf>) = files
            .drain(..)
            .partition(|file| is_inside(file) || named.get_or_insert_with(|| NamedSpeeches::load(self.uses_state)).contains(file));
        *files = inside;
        if let Some(first) = outside.iter().min() {
            warn(&error::outside_speech(first, outside.len() - 1, self.locale));
            self.has_left_out = true;
        }
    }

    /// Warns, at the end of a run, of damage in the stores used, of those that are not trusted and of their files that
    /// are passed over, except what the run's `failure` has said.
    pub(super) fn warn_about_stores(&self, failure: Option<&CliError>) {
        let said = match failure {
            Some(CliError::Store(StoreError::Io { path, .. } | StoreError::Untrusted { dir: path, .. })) => Some(path),
            _ => None,
        };
        self.notices.lines(self.locale).iter().for_each(|line| warn(line));
        for store in &self.stores.all() {
            let is_passed_over = |path: &PathBuf| store.inspection().passed_over.iter().any(|(other, _)| other == path);
            for warning in store.take_warnings() {
                // That its head cannot be read is no second fault of a file.
                if let StoreWarning::Unrecognized(path) = &warning
                    && (self.told_files.contains(path) || said == Some(path) || is_passed_over(path))
                {
                    continue;
                }
                // What the store lacks of a speech was told with it.
                if matches!(&warning, StoreWarning::Lacking { path, .. } if self.notices.has_told_lacking(path)) {
                    continue;
                }
                warn(&error::store_warning(&warning, self.locale));
            }
            let (dir, found) = (&store.location().dir, store.inspection());
            if let Some(distrust) = found.distrust.as_ref().filter(|_| found.decision.is_none() && said != Some(dir)) {
                warn(&error::untrusted_store(dir, distrust, self.locale));
            }
            let passed_over: Vec<_> = found.passed_over.iter().filter(|(path, _)| said != Some(path)).collect();
            for (path, kind) in passed_over.iter().take(MAX_NAMED) {
                warn(&error::passed_over(path, *kind, self.locale));
            }
            if let Some(more) = passed_over.len().checked_sub(MAX_NAMED).filter(|more| *more > 0) {
                warn(&error::more_passed_over(dir, more, self.locale));
            }
        }
    }
}
