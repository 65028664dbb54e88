//! Setting and unsetting attributes.

use crate::app::attributes::{AttributeError, checked};
use crate::cli::{
    CliContext, CliError, Status,
    attribute_problem::AttributeProblem,
    stage::{ListArgs, StageSource},
};
use pizhu_annotation::AttributeType;
use pizhu_annotation::attribute::is_attribute_key;
use std::path::{Path, PathBuf};

/// Splits words into the files in front and what follows.
fn split_files(words: &[String], is_other: impl Fn(&str) -> bool) -> (Vec<PathBuf>, &[String]) {
    let is_file = |word: &String| Path::new(word).exists() || !is_other(word);
    let count = words.iter().take_while(|word| is_file(word)).count();
    (words[..count].iter().map(PathBuf::from).collect(), &words[count..])
}

pub(super) fn set(context: &mut CliContext, words: &[String], list: &ListArgs) -> Result<Status, CliError> {
    let (paths, assignments) = split_files(words, |word| word.contains('='));
    if (paths.is_empty() && list.files_from.is_none()) || assignments.is_empty() {
        return Err(CliError::Attribute(AttributeProblem::NothingToSet));
    }
    let malformed = |word: &String| CliError::Attribute(AttributeProblem::NoValue(word.clone()));
    let pairs = assignments.iter().map(|word| word.split_once('=').ok_or_else(|| malformed(word)));
    let pairs: Vec<(&str, &str)> = pairs.collect::<Result<_, _>>()?;
    let author = context.annotator();
    let files = context.list_source(&StageSource::new(&paths, list), false)?;
    context.with_each_speech(&files, |context, store, speech| {
        let types = store.project()?;
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(key, value)| checked(&types, key, value)).collect::<Result<_, _>>()?;
        context.edit_records(store, speech, |records| pairs.iter().for_each(|(key, value)| records.set_attribute(key, &author, value)))
    })
}

pub(super) fn unset(context: &mut CliContext, words: &[String], list: &ListArgs) -> Result<Status, CliError> {
    let (mut paths, mut keys) = split_files(words, |_| true);
    if paths.is_empty() && list.files_from.is_none() {
        // The first word is meant to be a file, and the error says that there is none.
        (paths, keys) = (vec![PathBuf::from(&words[0])], &words[1..]);
    }
    if keys.is_empty() {
        return Err(CliError::Attribute(AttributeProblem::NothingToSet));
    }
    let files = context.list_source(&StageSource::new(&paths, list), false)?;
    context.with_each_speech(&files, |context, store, speech| {
        context.edit_records(store, speech, |records| keys.iter().for_each(|key| _ = records.unset_attribute(key)))
    })
}

pub(super) fn fix_type(context: &mut CliContext, key: &str, values: AttributeType) -> Result<Status, CliError> {
    if !is_attribute_key(key) {
        return Err(AttributeError::BadKey(key.to_owned()).into());
    }
    let author = context.annotator();
    context.store_for(None)?.edit_project(&author, |records| records.set_attribute_type(key, &author, values))?;
    Ok(Status::Done)
}
