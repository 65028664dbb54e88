//! The codebook alone, as a table that brings back every field of every tag.
//!
//! A cell that holds several words (keywords, former names) is a row of CSV itself, so that a word
//! may hold a comma. Names of deleted tags stay behind: a codebook adds to another, it takes
//! nothing away.

use super::{
    Collection, Format, Options,
    csv::neutral,
    incoming::{ImportError, Incomings},
    qdpx,
};
use pizhu_annotation::Tag;
use serde::Deserialize;
use std::{
    collections::HashSet,
    io::{self, Write},
};

/// The formats that a codebook is written to by itself; the first is the one that keeps all.
pub const CODEBOOKS: &[Format] = &[TABLE, qdpx::CODEBOOK, qdpx::TAGUETTE];

/// The table with every field.
const TABLE: Format = Format {
    name: "csv",
    extension: "csv",
    media: "text/csv",
    doc: "the codebook as a table with all there is of each tag, for importing again",
    write,
    reads: true,
};

const COLUMNS: [&str; 9] = ["name", "parent", "color", "sign", "definition", "keywords", "english", "memo", "formerly"];

fn write(collection: &Collection, options: Options, out: &mut dyn Write) -> io::Result<()> {
    let mut table = super::csv::table(options, out)?;
    table.write_record(COLUMNS)?;
    for (_, tag) in collection.codebook().tree() {
        let keywords = listed(tag.keywords.iter().map(String::as_str))?;
        let formerly = listed(tag.was.iter().map(String::as_str))?;
        let parent = tag.parent.as_deref().unwrap_or_default();
        let cells: [&str; COLUMNS.len()] =
            [&tag.name, parent, &tag.colour, &tag.sign, &tag.definition, &keywords, &tag.english, &tag.memo, &formerly];
        table.write_record(cells.map(|cell| neutral(cell).into_owned()))?;
    }
    table.flush()
}

/// Words as one cell.
fn listed<'a>(words: impl Iterator<Item = &'a str>) -> io::Result<String> {
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Ok(String::new());
    }
    let mut row = ::csv::WriterBuilder::new().from_writer(Vec::new());
    row.write_record(words)?;
    let bytes = row.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(io::Error::other)?;
    Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
}

/// The words of such a cell.
fn words(cell: &str) -> impl Iterator<Item = String> {
    let mut rows = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(cell.as_bytes());
    // A cell somebody wrote by hand may be on several lines.
    let words: Vec<String> =
        rows.records().flatten().flat_map(|row| row.iter().map(|word| word.trim().to_owned()).collect::<Vec<_>>()).collect();
    words.into_iter().filter(|word| !word.is_empty())
}

/// The tag in a row of a table, whose cells `of` gives by the names their column may have; `None`
/// where the row names none. Takes this program's columns and Taguette's.
pub(super) fn tag(of: impl Fn(&[&str]) -> Option<String>) -> Option<Tag> {
    let text = |names: &[&str]| of(names).unwrap_or_default();
    Some(Tag {
        name: of(&["tag", "name"])?.replace('/', "／"),
        parent: of(&["parent"]),
        colour: text(&["color", "colour"]),
        sign: text(&["sign"]),
        definition: text(&["description", "definition"]),
        keywords: words(&text(&["keywords"])).collect(),
        english: text(&["english"]),
        memo: text(&["memo"]),
        was: words(&text(&["formerly"])).collect(),
    })
}

/// The tags with each parent before its children; otherwise in their order.
pub(super) fn parents_first(tags: Vec<Tag>) -> Vec<Tag> {
    let mut missing: HashSet<String> = tags.iter().map(|tag| tag.name.clone()).collect();
    let mut ordered = Vec::with_capacity(tags.len());
    let mut waiting = tags;
    loop {
        let (ready, rest): (Vec<Tag>, Vec<Tag>) =
            waiting.into_iter().partition(|tag| tag.parent.as_ref().is_none_or(|parent| !missing.contains(parent)));
        if ready.is_empty() {
            // What is left lies below itself: the codebook puts the first of a circle at the top.
            ordered.extend(rest);
            return ordered;
        }
        for tag in &ready {
            missing.remove(&tag.name);
        }
        ordered.extend(ready);
        waiting = rest;
    }
}

/// A codebook as a store keeps it.
#[derive(Deserialize)]
#[serde(rename = "Codebook")]
struct Kept {
    #[serde(rename = "version")]
    _version: u32,
    tags: Vec<Tag>,
}

/// Reads a store's `codebook.ron`.
pub(super) fn read_ron(text: &str, options: &::ron::Options) -> Result<Incomings, ImportError> {
    let kept: Kept = options.from_str(text).map_err(|error| ImportError::Broken(error.to_string()))?;
    Ok(Incomings { tags: parents_first(kept.tags), ..Incomings::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_annotation::Codebook;
    use crate::exchange::Filter;
    use crate::exchange::Order;
    use crate::exchange::placing::add_tags;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// The codebook that comes out of writing one and adding what was read to an empty one.
    fn there_and_back(book: &Codebook) -> Codebook {
        let collection = Collection::new(book.clone(), Filter::default(), Order::default());
        let mut bytes = Vec::new();
        write(&collection, Options::default(), &mut bytes).unwrap();
        let read = crate::exchange::csv::read(std::str::from_utf8(&bytes).unwrap()).unwrap();
        let mut back = Codebook::default();
        add_tags(&mut back, &read.tags, &[]).unwrap();
        back
    }

    fn rows(book: &Codebook) -> Vec<(usize, Tag)> {
        book.tree().into_iter().map(|(depth, tag)| (depth, tag.clone())).collect()
    }

    #[test]
    fn the_starter_codebook_comes_back_and_so_does_a_former_name() {
        let mut book = Codebook::starter();
        book.rename("人才工作", "人才, 与\"引才\"").unwrap();
        assert_eq!(rows(&there_and_back(&book)), rows(&book));
    }

    #[test]
    fn a_child_may_stand_before_its_parent_and_a_circle_is_broken() {
        let tag = |name: &str, parent: &str| Tag { parent: Some(parent.to_owned()), ..Tag::new(name) };
        let tags = parents_first(vec![tag("丙", "乙"), tag("乙", "甲"), Tag::new("甲"), tag("子", "丑"), tag("丑", "子")]);
        let mut book = Codebook::default();
        assert_eq!(add_tags(&mut book, &tags, &[]).unwrap().len(), 5);
        assert_eq!((book.tag_path("丙"), book.tag_path("丑")), ("甲/乙/丙".to_owned(), "子/丑".to_owned()));
    }

    proptest! {
        #[test]
        fn every_field_comes_back(
            fields in prop::collection::vec(("[甲-鿿=,'\" -]{1,4}", "[一-三,\"'=\n；、 ]{0,6}", prop::collection::vec("[甲乙,\"=' ]{1,3}", 0..3), 0_usize..4), 1..6),
        ) {
            let mut tags: Vec<Tag> = Vec::new();
            for (name, text, words, above) in fields {
                let parent = tags.get(above).map(|tag| tag.name.clone());
                let keywords = words.iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect();
                let text = text.clone();
                tags.push(Tag { name: name.trim().to_owned(), parent, definition: text.clone(), memo: text, keywords, ..Tag::default() });
            }
            let book = Codebook::from_parts(tags, BTreeSet::new());
            prop_assert_eq!(rows(&there_and_back(&book)), rows(&book));
        }
    }
}
