//! Which annotations a command means: tags and conditions, looked up strictly.

use super::{CliContext, CliError, stage::StageSource};
use pizhu_annotation::{Codebook, CodebookError, Store, StoreError, TagId};
use pizhu_library::condition::{Condition, ConditionProblem};
use pizhu_library::source;
use std::{collections::HashSet, path::PathBuf};

/// The condition of `--where`, `--since` and `--until` together; `None` without any.
pub(super) fn parse_condition(text: Option<&str>, since: Option<&str>, until: Option<&str>) -> Result<Option<Condition>, CliError> {
    let condition = text.map(Condition::parse).transpose()?;
    if condition.is_none() && since.is_none() && until.is_none() {
        return Ok(None);
    }
    Ok(Some(condition.unwrap_or_else(Condition::always).between(since, until)))
}

/// The tag that a user's words stand for, in a codebook or, without it there, in old annotations of
/// one of its stores.
pub(super) fn find_tag(book: &Codebook, stores: &[Store], words: &str) -> Result<TagId, CodebookError> {
    match book.find(words) {
        Ok(tag) => Ok(tag.id),
        Err(error @ CodebookError::Missing(_)) => {
            let id = TagId::from_name(words.trim());
            // A store that cannot be read is told when its speeches are read.
            if stores.iter().any(|store| store.used_tags().is_ok_and(|used| used.contains(&id))) { Ok(id) } else { Err(error) }
        }
        Err(error) => Err(error),
    }
}

impl CliContext {
    /// Fails if a tag of a command is in none of the codebooks of the files and folders named, fits
    /// several of one, or cannot be read, before anything is printed. Files of a list are not known
    /// before it is read: their store is taken to be that of the working directory.
    pub(super) fn check_tags(&mut self, source: &StageSource<'_>, names: &[String], condition: Option<&Condition>) -> Result<(), CliError> {
        if names.is_empty() && condition.is_none() {
            return Ok(());
        }
        let stores = self.stores_of_source(source)?;
        self.check_tags_in(&stores, names, condition)
    }

    /// The stores of the files and folders named; without any, that of the working directory.
    pub(super) fn stores_of_source(&mut self, source: &StageSource<'_>) -> Result<Vec<Store>, CliError> {
        let mut stores: Vec<Store> = Vec::new();
        let mut checked: HashSet<PathBuf> = HashSet::new();
        let mut add = |store: Store| {
            if checked.insert(store.location().dir.clone()) {
                stores.push(store);
            }
        };
        for path in &*source.paths {
            // What cannot be listed is told when the speeches are read.
            let listed = if !source.are_files && path.is_dir() {
                source::list_speeches(path).map(|listed| listed.files)
            } else {
                Ok(vec![path.clone()])
            };
            for file in listed.unwrap_or_default() {
                add(self.stores.of_file(&file)?);
            }
        }
        if stores.is_empty() {
            stores.push(self.store_for(None)?);
        }
        Ok(stores)
    }

    /// [`Self::check_tags`] for stores.
    pub(super) fn check_tags_in(&self, stores: &[Store], names: &[String], condition: Option<&Condition>) -> Result<(), CliError> {
        let mut last = Ok(());
        let mut unknown = vec![true; names.len()];
        let mut condition_unknown = condition.is_some();
        for store in stores {
            let book = self.stores.codebook(store)?;
            let of_store = std::slice::from_ref(store);
            for (name, unknown) in names.iter().zip(&mut unknown) {
                match find_tag(&book, of_store, name) {
                    Ok(_) => *unknown = false,
                    Err(error @ CodebookError::Missing(_)) => last = Err(StoreError::from(error).into()),
                    Err(error) => return Err(StoreError::from(error).into()),
                }
            }
            if let Some(condition) = condition {
                match condition.resolve(&book, |words| find_tag(&book, of_store, words)) {
                    Ok(_) => condition_unknown = false,
                    Err(error) if matches!(error.problem, ConditionProblem::Tag(CodebookError::Missing(_))) => {
                        if condition_unknown {
                            last = Err(error.into());
                        }
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        if condition_unknown || unknown.contains(&true) { last } else { Ok(()) }
    }
}
