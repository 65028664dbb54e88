//! `pizhu tags`: the codebook.

use super::{CliError, Context, Status, args::ShapeArg, codebook, output::Ink};
use pizhu_annotation::Codebook;
use pizhu_annotation::CodebookError;
use pizhu_annotation::Tag;
use clap::{Args, Subcommand};
use serde::Serialize;
use std::io::Write as _;

/// `pizhu tags`
#[derive(Debug, Args)]
pub struct TagsArgs {
    /// What to do; none lists the tags.
    #[command(subcommand)]
    pub action: Option<TagsAction>,
    /// The shape of the output.
    #[command(flatten)]
    pub shape: ShapeArg,
}

/// What can be done to the codebook.
#[derive(Debug, Subcommand)]
pub enum TagsAction {
    /// List the tags in their hierarchy.
    List {
        /// The shape of the output.
        #[command(flatten)]
        shape: ShapeArg,
    },
    /// Add a tag.
    Add {
        /// Its name: unique, without `/`.
        name: String,
        /// The tag above it.
        #[arg(long, value_name = "TAG")]
        parent: Option<String>,
        /// Its colour: `tag1` to `tag12` of the theme, or `#rrggbb`.
        #[arg(long, value_name = "COLOUR", value_parser = colour)]
        color: Option<String>,
        /// When to use it.
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        definition: String,
        /// Words that hint at it, with commas between.
        #[arg(long, value_name = "WORDS", value_delimiter = ',')]
        keywords: Vec<String>,
    },
    /// Give a tag another name; its annotations follow.
    Rename {
        /// Its name.
        #[arg(value_name = "TAG")]
        name: String,
        /// Its new name.
        new: String,
    },
    /// Merge a tag into another; its annotations and the tags below it follow.
    Merge {
        /// The tag that goes.
        #[arg(value_name = "TAG")]
        from: String,
        /// The tag that stays.
        #[arg(value_name = "TAG")]
        into: String,
    },
    /// Put a tag below another, or at the top.
    Move {
        /// The tag.
        #[arg(value_name = "TAG")]
        name: String,
        /// The tag above it; none puts it at the top.
        #[arg(long, value_name = "TAG")]
        parent: Option<String>,
    },
    /// Delete a tag; it falls away from all annotations.
    Delete {
        /// The tag.
        #[arg(value_name = "TAG")]
        name: String,
    },
    /// Take in a codebook: tags that are there keep what they have and get what they lack.
    Import(codebook::ImportTagsArgs),
    /// Write the codebook out.
    Export(codebook::ExportTagsArgs),
}

/// What is done to the codebook, under the store's lock.
type Change = Box<dyn FnOnce(&mut Codebook) -> Result<(), CodebookError>>;

/// The codebook as JSON.
#[derive(Serialize)]
struct Tags<'a> {
    version: u32,
    tags: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    path: String,
    parent: Option<&'a str>,
    color: &'a str,
    definition: &'a str,
    keywords: &'a [String],
    english: &'a str,
}

pub(super) fn run(context: &mut Context, args: TagsArgs) -> Result<Status, CliError> {
    let store = context.store_of(None)?;
    let change: Change = match args.action {
        None => return list(context, &store.codebook()?),
        Some(TagsAction::List { shape }) => {
            context.shape = shape.format.unwrap_or(context.shape);
            return list(context, &store.codebook()?);
        }
        Some(TagsAction::Import(args)) => return codebook::import(context, &store, &args),
        Some(TagsAction::Export(args)) => return codebook::export(context, store.codebook()?, &args),
        Some(TagsAction::Add { name, parent, color, definition, keywords }) => {
            let keywords = keywords.into_iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect();
            // What stands here unasked is the `--color` of the output.
            let colour = color.filter(|text| colour(text).is_ok()).unwrap_or_default();
            Box::new(move |book| book.add(Tag { name, parent, colour, definition, keywords, ..Tag::default() }))
        }
        Some(TagsAction::Rename { name, new }) => Box::new(move |book| book.rename(&name, &new)),
        Some(TagsAction::Merge { from, into }) => Box::new(move |book| book.merge(&from, &into)),
        Some(TagsAction::Move { name, parent }) => Box::new(move |book| book.move_to(&name, parent.as_deref())),
        Some(TagsAction::Delete { name }) => Box::new(move |book| book.delete(&name)),
    };
    store.edit_codebook(change)?;
    Ok(Status::Done)
}

fn list(context: &mut Context, book: &Codebook) -> Result<Status, CliError> {
    let tree = book.tree();
    if context.is_json() {
        let tags = tree
            .iter()
            .map(|(_, tag)| Row {
                name: &tag.name,
                path: book.tag_path(&tag.name),
                parent: tag.parent.as_deref(),
                color: &tag.colour,
                definition: &tag.definition,
                keywords: &tag.keywords,
                english: &tag.english,
            })
            .collect();
        context.out.json(&Tags { version: 1, tags })?;
        return Ok(Status::Done);
    }
    let out = &mut context.out;
    for (depth, tag) in tree {
        let name = out.inked(Ink::Tag, &tag.name).into_owned();
        let facts: Vec<&str> = [tag.english.as_str(), tag.definition.as_str()].into_iter().filter(|fact| !fact.is_empty()).collect();
        let facts = out.inked(Ink::Faint, &facts.join(" · ")).into_owned();
        let gap = if facts.is_empty() { "" } else { "  " };
        writeln!(out, "{:indent$}{name}{gap}{facts}", "", indent = depth * 2)?;
    }
    Ok(Status::Done)
}

/// A colour as the codebook keeps it.
fn colour(text: &str) -> Result<String, String> {
    let is_hex = text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let is_role = text.strip_prefix("tag").and_then(|n| n.parse::<u8>().ok()).is_some_and(|n| (1..=12).contains(&n));
    if is_hex || is_role { Ok(text.to_owned()) } else { Err("a colour is tag1 to tag12, or #rrggbb".to_owned()) }
}
