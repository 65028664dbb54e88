//! `pizhu tags`: the codebook.

use super::{CliContext, CliError, Status, args::common::OutputArgs, codebook, output::OutputStyle};
use clap::{Args, Subcommand};
use pizhu_annotation::Codebook;
use pizhu_annotation::CodebookError;
use pizhu_annotation::{TAG_KEYS, Tag, TagId};
use serde::Serialize;
use std::io::Write as _;

/// `pizhu tags`
#[derive(Debug, Args)]
pub struct TagsArgs {
    /// What to do; none lists the tags.
    #[command(subcommand)]
    pub action: Option<TagsAction>,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What can be done to the codebook.
#[derive(Debug, Subcommand)]
pub enum TagsAction {
    /// List the tags in their hierarchy.
    List {
        /// Output options.
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Add a tag.
    Add {
        /// Its name, without `/`.
        name: String,
        /// The parent tag [default: none, at the top].
        #[arg(long, value_name = "TAG")]
        parent: Option<String>,
        /// Its colour: `tag1` to `tag12` of the theme, or `#rrggbb`.
        #[arg(long, value_name = "COLOUR", value_parser = parse_colour)]
        color: Option<String>,
        /// When to use it.
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        definition: String,
        /// Words that suggest it, separated by commas.
        #[arg(long, value_name = "WORDS", value_delimiter = ',')]
        keywords: Vec<String>,
    },
    /// Change what is known of a tag; only what is given changes, an empty text removes it.
    Edit {
        /// The tag.
        #[arg(value_name = "TAG")]
        name: String,
        /// When to use it.
        #[arg(long, value_name = "TEXT")]
        definition: Option<String>,
        /// Words that suggest it, separated by commas.
        #[arg(long, value_name = "WORDS", value_delimiter = ',')]
        keywords: Option<Vec<String>>,
        /// Its colour: `tag1` to `tag12` of the theme, or `#rrggbb`.
        #[arg(long, value_name = "COLOUR", value_parser = parse_colour_or_none)]
        color: Option<String>,
        /// Thoughts about it.
        #[arg(long, value_name = "TEXT")]
        memo: Option<String>,
        /// The key that chooses it in the reader after `t`: 1 to 9 or a to z.
        #[arg(long, value_name = "KEY", value_parser = parse_key_or_none)]
        key: Option<String>,
    },
    /// Rename a tag; its annotations keep it.
    Rename {
        /// The tag.
        #[arg(value_name = "TAG")]
        name: String,
        /// The new name.
        new: String,
    },
    /// Merge a tag into another, with its annotations and the tags below it; `split` undoes it.
    Merge {
        /// The tag that is merged and removed.
        #[arg(value_name = "TAG")]
        from: String,
        /// The tag that stays.
        #[arg(value_name = "TAG")]
        into: String,
    },
    /// Move a tag below another, or to the top.
    Move {
        /// The tag.
        #[arg(value_name = "TAG")]
        name: String,
        /// The parent tag [default: none, at the top].
        #[arg(long, value_name = "TAG")]
        parent: Option<String>,
    },
    /// Delete a tag and remove it from all annotations; `restore` undoes it.
    Delete {
        /// The tag.
        #[arg(value_name = "TAG")]
        name: String,
    },
    /// Take apart again what was merged into a tag, or became one with it; the annotations go back
    /// with their tags.
    Split {
        /// The tag.
        #[arg(value_name = "TAG")]
        name: String,
    },
    /// Bring back a deleted tag with its annotations.
    Restore {
        /// Its name; of several of one name, the id that is listed then.
        name: String,
    },
    /// Import a codebook: existing tags keep what they have and get what they lack.
    Import(codebook::ImportTagsArgs),
    /// Export the codebook.
    Export(codebook::ExportTagsArgs),
}

/// An edit of the codebook, applied under the store's lock.
type CodebookEdit = Box<dyn FnOnce(&mut Codebook) -> Result<(), CodebookError>>;

/// The codebook in JSON.
#[derive(Serialize)]
struct TagsReport<'a> {
    version: u32,
    tags: Vec<TagRow<'a>>,
}

#[derive(Serialize)]
struct TagRow<'a> {
    id: TagId,
    name: &'a str,
    path: String,
    parent: Option<&'a str>,
    color: &'a str,
    definition: &'a str,
    keywords: &'a [String],
    english: &'a str,
    memo: &'a str,
    key: String,
}

pub(super) fn run(context: &mut CliContext, args: TagsArgs) -> Result<Status, CliError> {
    let store = context.store_for(None)?;
    let change: CodebookEdit = match args.action {
        None => return list(context, &store.codebook()?),
        Some(TagsAction::List { output }) => {
            context.format = output.format.unwrap_or(context.format);
            return list(context, &store.codebook()?);
        }
        Some(TagsAction::Import(args)) => return codebook::import(context, &store, &args),
        Some(TagsAction::Export(args)) => return codebook::export(context, store.codebook()?, &args),
        Some(TagsAction::Add { name, parent, color, definition, keywords }) => {
            let keywords = trimmed_words(keywords);
            // Without `--color` after `add`, clap passes the global `--color` (`auto`), which is no
            // colour.
            let colour = color.filter(|text| parse_colour(text).is_ok()).unwrap_or_default();
            Box::new(move |book| {
                let parent = parent.map(|parent| book.find(&parent).map(|tag| tag.id)).transpose()?;
                book.add_below(parent, Tag { colour, definition, keywords, ..Tag::new(&name) }).map(drop)
            })
        }
        Some(TagsAction::Edit { name, definition, keywords, color, memo, key }) => {
            // As for `add`, of the global `--color` nothing is meant.
            let colour = color.filter(|text| text.is_empty() || parse_colour(text).is_ok());
            if definition.is_none() && keywords.is_none() && colour.is_none() && memo.is_none() && key.is_none() {
                return Err(CliError::NothingToEdit(name));
            }
            Box::new(move |book| {
                let id = book.find(&name)?.id;
                if let Some(key) = key {
                    book.set_key(id, key.chars().next())?;
                }
                book.edit_details(id, |tag| {
                    tag.definition = definition.unwrap_or(std::mem::take(&mut tag.definition));
                    tag.keywords = keywords.map_or_else(|| std::mem::take(&mut tag.keywords), trimmed_words);
                    tag.colour = colour.unwrap_or(std::mem::take(&mut tag.colour));
                    tag.memo = memo.unwrap_or(std::mem::take(&mut tag.memo));
                })
            })
        }
        Some(TagsAction::Rename { name, new }) => Box::new(move |book| {
            let id = book.find(&name)?.id;
            book.rename(id, &new)
        }),
        Some(TagsAction::Merge { from, into }) => Box::new(move |book| {
            let (from, into) = (book.find(&from)?.id, book.find(&into)?.id);
            book.merge(from, into)
        }),
        Some(TagsAction::Move { name, parent }) => Box::new(move |book| {
            let id = book.find(&name)?.id;
            let parent = parent.map(|parent| book.find(&parent).map(|tag| tag.id)).transpose()?;
            book.move_to(id, parent)
        }),
        Some(TagsAction::Delete { name }) => Box::new(move |book| {
            let id = book.find(&name)?.id;
            book.delete(id)
        }),
        Some(TagsAction::Split { name }) => Box::new(move |book| {
            let id = book.find(&name)?.id;
            book.split(id).map(drop)
        }),
        Some(TagsAction::Restore { name }) => Box::new(move |book| book.restore(&name).map(drop)),
    };
    store.edit_codebook(change)?;
    Ok(Status::Done)
}

fn list(context: &mut CliContext, book: &Codebook) -> Result<Status, CliError> {
    let tree = book.tree();
    if context.is_json() {
        let tags = tree
            .iter()
            .map(|(_, tag)| TagRow {
                id: tag.id,
                name: &tag.name,
                path: book.path(tag.id).unwrap_or_default(),
                parent: tag.parent.as_ref().and_then(|parent| book.get(parent.id)).map(|parent| parent.name.as_str()),
                color: &tag.colour,
                definition: &tag.definition,
                keywords: &tag.keywords,
                english: &tag.english,
                memo: &tag.memo,
                key: tag.key().map(String::from).unwrap_or_default(),
            })
            .collect();
        context.out.json(&TagsReport { version: 1, tags })?;
        return Ok(Status::Done);
    }
    let out = &mut context.out;
    for (depth, tag) in tree {
        let name = out.styled(OutputStyle::Tag, &book.reference(tag).name).into_owned();
        let facts: Vec<&str> =
            [tag.english.as_str(), tag.definition.as_str(), tag.memo.as_str()].into_iter().filter(|fact| !fact.is_empty()).collect();
        let facts = out.styled(OutputStyle::Faint, &facts.join(" · ")).into_owned();
        let gap = if facts.is_empty() { "" } else { "  " };
        writeln!(out, "{:indent$}{name}{gap}{facts}", "", indent = depth * 2)?;
    }
    Ok(Status::Done)
}

fn trimmed_words(words: Vec<String>) -> Vec<String> {
    words.into_iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

/// Validates a tag's key; an empty text removes it.
fn parse_key_or_none(text: &str) -> Result<String, String> {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (None, _) => Ok(String::new()),
        (Some(key), None) if TAG_KEYS.contains(key) => Ok(text.to_owned()),
        _ => Err("a key is one of 1 to 9 and a to z".to_owned()),
    }
}

/// Validates a tag's colour; an empty text removes it.
fn parse_colour_or_none(text: &str) -> Result<String, String> {
    if text.is_empty() { Ok(String::new()) } else { parse_colour(text) }
}

/// Validates a tag's colour.
fn parse_colour(text: &str) -> Result<String, String> {
    let is_hex = text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let is_role = text.strip_prefix("tag").and_then(|n| n.parse::<u8>().ok()).is_some_and(|n| (1..=12).contains(&n));
    if is_hex || is_role { Ok(text.to_owned()) } else { Err("a colour is tag1 to tag12, or #rrggbb".to_owned()) }
}
