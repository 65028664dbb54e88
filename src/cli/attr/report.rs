//! Listing attributes.

use crate::cli::{CliContext, CliError, Status, output::OutputStyle};
use crate::locale::{MessageId, family, id};
use pizhu_annotation::{AttributeType, RecordSet};
use pizhu_library::attributes::{AttributeSource, Attributes, ordered_keys};
use pizhu_library::source::Speech;
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    path::PathBuf,
};

#[derive(Serialize)]
struct ListReport {
    version: u32,
    attributes: Vec<KeyReport>,
}

/// An attribute and how it is used.
#[derive(Serialize)]
struct KeyReport {
    key: String,
    #[serde(rename = "type")]
    values: &'static str,
    /// Speeches that have a value.
    speeches: usize,
    /// Of these, the speeches in which a user has set it.
    set: usize,
    /// Number of different values.
    distinct: usize,
}

#[derive(Serialize)]
struct GetReport<'a> {
    version: u32,
    speeches: Vec<SpeechReport<'a>>,
}

#[derive(Serialize)]
struct SpeechReport<'a> {
    document: &'a str,
    title: Option<&'a str>,
    attributes: Vec<ValueReport<'a>>,
}

#[derive(Serialize)]
struct ValueReport<'a> {
    key: &'a str,
    /// Empty if a user says that there is none.
    value: &'a str,
    source: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    author: &'a str,
}

/// A speech with its attributes.
pub(super) struct DescribedSpeech {
    pub(super) name: String,
    pub(super) speech: Speech,
    pub(super) attributes: Attributes,
}

/// The speeches named, or all of the store, with their attributes.
pub(super) fn described_speeches(context: &mut CliContext, paths: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<DescribedSpeech>), CliError> {
    let files = if paths.is_empty() { context.annotated_speeches()? } else { context.list_speeches(paths)? };
    let mut found = Vec::new();
    for file in &files {
        let Some((speech, annotations)) = context.open_with_records(file, &files)? else { continue };
        let name = context.store_of(file)?.location().document_name(file);
        let attributes = Attributes::new(&speech.document, &annotations.records);
        found.push(DescribedSpeech { name, speech, attributes });
    }
    Ok((files, found))
}

/// The types that were fixed in the stores of the speeches.
pub(super) fn fixed_types(context: &mut CliContext, files: &[PathBuf]) -> Result<RecordSet, CliError> {
    match context.stores_for(files)?.first() {
        Some(store) => Ok(store.project()?),
        None => Ok(context.store_for(None)?.project()?),
    }
}

pub(super) fn list(context: &mut CliContext, paths: &[PathBuf]) -> Result<Status, CliError> {
    let (files, speeches) = described_speeches(context, paths)?;
    let types = fixed_types(context, &files)?;
    let mut values: BTreeMap<&str, Vec<(&str, AttributeSource)>> = BTreeMap::new();
    for (key, attribute) in speeches.iter().flat_map(|speech| speech.attributes.iter()) {
        values.entry(key).or_default().push((attribute.value.as_str(), attribute.source));
    }
    let fixed: BTreeMap<&str, AttributeType> = types.attribute_types().collect();
    let keys = ordered_keys(values.keys().copied().chain(fixed.keys().copied()));
    let describe = |key: String| {
        let values = values.get(key.as_str()).map(Vec::as_slice).unwrap_or_default();
        let inferred = || AttributeType::of_all(values.iter().map(|(value, _)| *value));
        let kind = if key == "date" { AttributeType::Date } else { fixed.get(key.as_str()).copied().unwrap_or_else(inferred) };
        KeyReport {
            values: kind.name(),
            speeches: values.len(),
            set: values.iter().filter(|(_, source)| *source == AttributeSource::Set).count(),
            distinct: values.iter().map(|(value, _)| value).collect::<BTreeSet<_>>().len(),
            key,
        }
    };
    let attributes: Vec<KeyReport> = keys.into_iter().map(describe).collect();
    if context.is_json() {
        context.out.json(&ListReport { version: 1, attributes })?;
        return Ok(context.done());
    }
    for attribute in attributes {
        let key = context.out.styled(OutputStyle::Tag, &attribute.key).into_owned();
        let facts = [
            ("type", context.locale.text(family::ATTR_TYPE.id(attribute.values)).as_ref().into()),
            ("speeches", attribute.speeches.into()),
            ("set", attribute.set.into()),
            ("distinct", attribute.distinct.into()),
        ];
        let facts = context.locale.format(id::ATTR_ROW, &facts);
        let facts = context.out.styled(OutputStyle::Faint, &facts).into_owned();
        writeln!(context.out, "{key}  {facts}")?;
    }
    Ok(context.done())
}

pub(super) fn get(context: &mut CliContext, paths: &[PathBuf], keys: &[String]) -> Result<Status, CliError> {
    let (_, speeches) = described_speeches(context, paths)?;
    let is_wanted = |key: &str| keys.is_empty() || keys.iter().any(|wanted| wanted == key);
    let report = |speech: &'_ DescribedSpeech| -> Vec<(String, String, AttributeSource, String)> {
        let wanted = speech.attributes.all().filter(|(key, _)| is_wanted(key));
        wanted.map(|(key, one)| (key.to_owned(), one.value.clone(), one.source, one.author.clone())).collect()
    };
    if context.is_json() {
        let rows: Vec<_> = speeches.iter().map(|speech| (speech, report(speech))).collect();
        let speeches = rows
            .iter()
            .map(|(speech, rows)| SpeechReport {
                document: &speech.name,
                title: speech.speech.document.metadata.title.as_deref(),
                attributes: rows
                    .iter()
                    .map(|(key, value, source, author)| ValueReport { key, value, source: source_name(*source), author })
                    .collect(),
            })
            .collect();
        context.out.json(&GetReport { version: 1, speeches })?;
        return Ok(context.done());
    }
    let is_one = speeches.len() == 1;
    for speech in &speeches {
        if !is_one {
            let name = context.out.styled(OutputStyle::Title, &speech.name).into_owned();
            writeln!(context.out, "{name}")?;
        }
        for (key, value, source, _) in report(speech) {
            let key = context.out.styled(OutputStyle::Tag, &key).into_owned();
            let value = if value.is_empty() { context.locale.text(id::ATTR_NONE).into_owned() } else { value };
            let value = context.out.sanitized(&value).into_owned();
            let source = context.locale.text(source_message(source)).into_owned();
            let source = context.out.styled(OutputStyle::Faint, &source).into_owned();
            let indent = if is_one { "" } else { "  " };
            writeln!(context.out, "{indent}{key}  {value}  {source}")?;
        }
    }
    Ok(context.done())
}

fn source_message(source: AttributeSource) -> MessageId {
    match source {
        AttributeSource::Found => id::ATTR_FOUND,
        AttributeSource::Set => id::ATTR_SET,
    }
}

fn source_name(source: AttributeSource) -> &'static str {
    match source {
        AttributeSource::Found => "found",
        AttributeSource::Set => "set",
    }
}
