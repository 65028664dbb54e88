//! The codebook alone, as a CSV table from which every field of every tag can be imported.
//!
//! A cell with several words (keywords, former names) is itself a CSV row, so that a word may contain
//! a comma. Names of deleted tags are not exported: an import only adds to a codebook.

use super::{
    collection::Collection,
    format::{ExportOptions, Format},
    import_entry::{ImportBatch, ImportError, utf8},
    spreadsheet::{csv_writer, malformed, neutralize, open_table},
};
use pizhu_annotation::{Tag, TagId, TagRef};
use serde::Deserialize;
use std::{
    collections::{HashMap, HashSet},
    io::{self, Write},
};

/// CSV table with every field.
pub(super) const TABLE: Format = Format {
    name: "csv",
    extension: "csv",
    media: "text/csv",
    doc: "the codebook as a table with all there is of each tag, for importing again",
    write,
    read: Some(read),
};

const COLUMNS: [&str; 12] =
    ["name", "parent", "color", "sign", "definition", "keywords", "english", "memo", "formerly", "key", "id", "parent_id"];

fn write(collection: &Collection, options: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv_writer(options, out)?;
    table.write_record(COLUMNS)?;
    for (_, tag) in collection.codebook().tree() {
        let keywords = join_words(tag.keywords.iter().map(String::as_str))?;
        let formerly = join_words(tag.former_names.iter().map(String::as_str))?;
        // Of several tags of one name the path tells which.
        let parent = tag.parent.as_ref().map(|parent| collection.codebook().label_of(parent)).unwrap_or_default();
        let id = tag.id.to_string();
        let parent_id = tag.parent.as_ref().map(|parent| parent.id.to_string()).unwrap_or_default();
        let cells: [&str; COLUMNS.len()] = [
            &tag.name,
            &parent,
            &tag.colour,
            &tag.sign,
            &tag.definition,
            &keywords,
            &tag.english,
            &tag.memo,
            &formerly,
            &tag.key,
            &id,
            &parent_id,
        ];
        table.write_record(cells.map(|cell| neutralize(cell).into_owned()))?;
    }
    table.flush()
}

/// Joins words into a cell: 人才 and `a,b` give `人才,"a,b"`.
fn join_words<'a>(words: impl Iterator<Item = &'a str>) -> io::Result<String> {
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

/// Splits a cell into words.
fn split_words(cell: &str) -> impl Iterator<Item = String> {
    let mut rows = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(cell.as_bytes());
    // A cell written by hand may have several lines.
    let words: Vec<String> =
        rows.records().flatten().flat_map(|row| row.iter().map(|word| word.trim().to_owned()).collect::<Vec<_>>()).collect();
    words.into_iter().filter(|word| !word.is_empty())
}

/// Columns with the path of a tag: this program's, Taguette's, and what people write by hand.
const PATH_COLUMNS: [&str; 6] = ["tag", "path", "code", "标签", "標籤", "编码"];
/// Columns with the name of a tag.
const NAME_COLUMNS: [&str; 9] = ["tag", "path", "code", "标签", "標籤", "编码", "name", "名称", "名稱"];
/// Columns with the definition of a tag.
const DEFINITION_COLUMNS: [&str; 7] = ["description", "definition", "定义", "定義", "说明", "說明", "描述"];
/// Columns with the name of the tag above.
const PARENT_COLUMNS: [&str; 3] = ["parent", "上级", "上級"];

/// The tag of a table row; `None` if the row has no name. `cell` looks up a nonempty cell by the
/// possible names of its column, which are this program's or Taguette's.
fn tag_from_row(cell: impl Fn(&[&str]) -> Option<String>) -> Option<Tag> {
    let text = |names: &[&str]| cell(names).unwrap_or_default();
    let id_in = |column: &str| cell(&[column]).and_then(|id| id.parse().ok());
    let name = cell(&NAME_COLUMNS)?.replace('/', "／");
    let id = id_in("id").unwrap_or_else(TagId::new);
    // The parent may come after it: `with_parents_of_the_table` looks it up.
    let parent_id = id_in("parent_id");
    Some(Tag {
        parent: cell(&PARENT_COLUMNS).map(|name| TagRef { id: parent_id.unwrap_or_else(|| TagId::from_name(&name)), name }),
        colour: text(&["color", "colour"]),
        sign: text(&["sign"]),
        definition: text(&DEFINITION_COLUMNS),
        keywords: split_words(&text(&["keywords"])).collect(),
        english: text(&["english"]),
        memo: text(&["memo"]),
        key: text(&["key"]),
        former_names: split_words(&text(&["formerly"])).collect(),
        ..Tag::with_id(id, &name)
    })
}

/// Reads a codebook table: this program's, Taguette's `tag,description`, or one written by hand, also with
/// Chinese heads.
pub(super) fn read(bytes: &[u8]) -> Result<ImportBatch, ImportError> {
    let (header, mut table) = open_table(utf8(bytes)?)?;
    if !header.has_column(&NAME_COLUMNS) {
        return Err(ImportError::Unknown);
    }
    // Taguette has no hierarchy: its users write the tags above a tag before it.
    let has_paths = !header.has_column(&["parent_id", "name", "名称", "名稱"]) && !header.has_column(&PARENT_COLUMNS);
    let mut tags = Vec::new();
    let mut by_path: HashMap<String, TagRef> = HashMap::new();
    for row in table.records() {
        let row = row.map_err(|error| malformed(&error))?;
        let Some(tag) = tag_from_row(|names| header.nonempty_cell(&row, names)) else { continue };
        let path = header.nonempty_cell(&row, &PATH_COLUMNS).filter(|_| has_paths).unwrap_or_default();
        match path_steps(&path).as_slice() {
            [above @ .., name] if !above.is_empty() => {
                let parent = tag_at(above, &mut tags, &mut by_path);
                if let Some(known) = by_path.get(&path_steps(&path).join("/")) {
                    // A tag below it came before it.
                    for there in tags.iter_mut().filter(|there| there.id == known.id) {
                        there.definition.clone_from(&tag.definition);
                    }
                } else {
                    let tag = Tag { name: (*name).to_owned(), parent, ..tag };
                    by_path.insert(path_steps(&path).join("/"), TagRef::from(&tag));
                    tags.push(tag);
                }
            }
            _ => {
                by_path.insert(path, TagRef::from(&tag));
                tags.push(tag);
            }
        }
    }
    Ok(ImportBatch { tags: parents_first(with_parents_of_the_table(tags)), ..ImportBatch::default() })
}

/// The steps of a path in a table: `组织工作/人才` has two.
fn path_steps(path: &str) -> Vec<&str> {
    path.split('/').map(str::trim).filter(|step| !step.is_empty()).collect()
}

/// The tag at a path, which is added with those above it if the table has not named it.
fn tag_at(steps: &[&str], tags: &mut Vec<Tag>, by_path: &mut HashMap<String, TagRef>) -> Option<TagRef> {
    let mut parent: Option<TagRef> = None;
    for (index, step) in steps.iter().enumerate() {
        let path = steps.get(..=index)?.join("/");
        let found = by_path.entry(path).or_insert_with(|| {
            let tag = Tag { parent: parent.clone(), ..Tag::new(step) };
            tags.push(tag.clone());
            TagRef::from(&tag)
        });
        parent = Some(found.clone());
    }
    parent
}

/// Replaces the parents' names by references to the tags of the table that have them: a name, or a
/// path's end where several have it. Others are those of the codebook that it is imported into. The
/// parent's id settles which tag is meant, unless its name was changed in the table.
fn with_parents_of_the_table(mut tags: Vec<Tag>) -> Vec<Tag> {
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    let by_id: HashMap<TagId, usize> = tags.iter().enumerate().map(|(index, tag)| (tag.id, index)).collect();
    for (index, tag) in tags.iter().enumerate() {
        by_name.entry(tag.name.clone()).or_default().push(index);
    }
    let names: Vec<Option<String>> = tags.iter().map(|tag| tag.parent.as_ref().map(|parent| parent.name.clone())).collect();
    // Whether the tag at `index` has the ancestors that `steps` name, nearest last.
    let fits = |index: usize, steps: &[&str]| {
        let mut at = index;
        steps.iter().rev().all(|step| {
            let above = names[at].as_deref().and_then(|parent| parent.rsplit('/').next()).filter(|name| name == step);
            let next = above.and_then(|name| by_name.get(name)).and_then(|found| found.first());
            at = next.copied().unwrap_or(at);
            next.is_some()
        })
    };
    // Whether `label` ends in the name, or in the name with the number of one of several: `甲/乙#2`.
    let is_label_of = |label: &str, index: usize| {
        let rest = label.rsplit('/').next().and_then(|step| step.trim().strip_prefix(tags[index].name.as_str()));
        rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('#').is_some_and(|rank| rank.parse::<usize>().is_ok()))
    };
    let parents: Vec<Option<TagRef>> = tags
        .iter()
        .map(|tag| {
            let TagRef { id, name } = tag.parent.as_ref()?;
            if let Some(index) = by_id.get(id).filter(|index| is_label_of(name, **index)) {
                return Some(TagRef::from(&tags[*index]));
            }
            let mut steps: Vec<&str> = name.split('/').filter(|step| !step.is_empty()).collect();
            let last = steps.pop()?;
            let found = by_name.get(last).and_then(|found| found.iter().find(|index| fits(**index, &steps)));
            Some(found.map_or_else(|| TagRef::derived(name), |index| TagRef::from(&tags[*index])))
        })
        .collect();
    for (tag, parent) in tags.iter_mut().zip(parents) {
        tag.parent = parent;
    }
    tags
}

/// Sorts tags so that parents precede their children; stable otherwise. Tags in cycles come last:
/// the codebook makes the first of a cycle a root.
fn parents_first(tags: Vec<Tag>) -> Vec<Tag> {
    let ids: HashSet<TagId> = tags.iter().map(|tag| tag.id).collect();
    // The tags that wait for each parent, level by level.
    let mut waiting: HashMap<TagId, Vec<usize>> = HashMap::new();
    let mut ready = Vec::new();
    for (index, tag) in tags.iter().enumerate() {
        match tag.parent.as_ref().map(|parent| parent.id).filter(|parent| ids.contains(parent)) {
            Some(parent) => waiting.entry(parent).or_default().push(index),
            None => ready.push(index),
        }
    }
    let mut order = Vec::with_capacity(tags.len());
    while !ready.is_empty() {
        let mut next: Vec<usize> = ready.iter().flat_map(|index| waiting.remove(&tags[*index].id).unwrap_or_default()).collect();
        next.sort_unstable();
        order.append(&mut ready);
        ready = next;
    }
    let mut cyclic: Vec<usize> = waiting.into_values().flatten().collect();
    cyclic.sort_unstable();
    order.extend(cyclic);
    let mut tags: Vec<Option<Tag>> = tags.into_iter().map(Some).collect();
    order.into_iter().filter_map(|index| tags[index].take()).collect()
}

/// Codebook file of a store.
#[derive(Deserialize)]
#[serde(rename = "Codebook")]
struct StoredCodebook {
    #[serde(rename = "version")]
    _version: u32,
    tags: Vec<Tag>,
}

/// Reads the `codebook.ron` of a store.
pub(super) fn read_ron(text: &str, options: &::ron::Options) -> Result<ImportBatch, ImportError> {
    let stored: StoredCodebook = options.from_str(text).map_err(|error| ImportError::Broken(error.to_string()))?;
    Ok(ImportBatch { tags: parents_first(stored.tags), ..ImportBatch::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::ExportFilter;
    use crate::exchange::ExportOrder;
    use crate::exchange::import_resolver::add_tags;
    use pizhu_annotation::Codebook;
    use proptest::prelude::*;

    /// Writes a codebook, reads it, and adds the result to an empty one.
    fn round_trip(book: &Codebook) -> Codebook {
        let collection = Collection::new(book.clone(), ExportFilter::default(), ExportOrder::default());
        let mut bytes = Vec::new();
        write(&collection, ExportOptions::default(), &mut bytes).unwrap();
        let read = read(&bytes).unwrap();
        let mut back = Codebook::default();
        add_tags(&mut back, &read.tags, &[]).unwrap();
        back
    }

    fn read_tags(tags: Vec<Tag>) -> Vec<Tag> {
        parents_first(with_parents_of_the_table(tags))
    }

    fn rows(book: &Codebook) -> Vec<(usize, Tag)> {
        book.tree().into_iter().map(|(depth, tag)| (depth, tag.clone())).collect()
    }

    #[test]
    fn starter_codebook_and_former_names_round_trip() {
        let mut book = Codebook::starter();
        book.rename(TagId::from_name("人才工作"), "人才, 与\"引才\"").unwrap();
        assert_eq!(rows(&round_trip(&book)), rows(&book));
    }

    #[test]
    fn children_before_parents_and_cycles_are_accepted() {
        let tag = |name: &str, parent: &str| Tag { parent: Some(TagRef::derived(parent)), ..Tag::new(name) };
        let tags = read_tags(vec![tag("丙", "乙"), tag("乙", "甲"), Tag::new("甲"), tag("子", "丑"), tag("丑", "子")]);
        let mut book = Codebook::default();
        assert_eq!(add_tags(&mut book, &tags, &[]).unwrap().created.len(), 5);
        let path = |name: &str| book.path(book.find(name).unwrap().id).unwrap();
        assert_eq!((path("丙"), path("丑")), ("甲/乙/丙".to_owned(), "子/丑".to_owned()));
    }

    /// A child of the same name came first, and the path `乙` fits both.
    #[test]
    fn parents_among_namesakes_are_inferred_unless_named() {
        let parent = |tag: &Tag| Some(TagRef::from(tag));
        let first = Tag::new("甲");
        let (inner, outer) = (Tag { parent: parent(&first), ..Tag::new("乙") }, Tag::new("乙"));
        let leaf = Tag { parent: parent(&outer), ..Tag::new("丙") };
        let book = Codebook::from_parts(vec![first.clone(), inner, outer, leaf.clone()], Vec::new());
        assert_eq!(rows(&round_trip(&book)), rows(&book));
        let collection = Collection::new(book, ExportFilter::default(), ExportOrder::default());
        let mut bytes = Vec::new();
        write(&collection, ExportOptions::default(), &mut bytes).unwrap();
        let edited = String::from_utf8(bytes).unwrap().replace("丙,/乙,", "丙,甲,");
        let read = read(edited.as_bytes()).unwrap();
        let moved = read.tags.iter().find(|tag| tag.id == leaf.id).unwrap();
        assert_eq!(moved.parent, parent(&first), "{edited}");
    }

    /// A table with the heads `path,description` was no codebook.
    #[test]
    fn tables_written_by_hand_are_read() {
        for (heads, above) in [
            ("path,description", "队伍/"),
            ("标签,定义", "队伍/"),
            ("code;definition", "队伍/"),
            ("名称,上级,说明", "队伍"),
            ("tag,parent,definition", "队伍"),
        ] {
            let delimiter = if heads.contains(';') { ";" } else { "," };
            let row = if above.ends_with('/') {
                [format!("{above}培训"), "定义".to_owned()].join(delimiter)
            } else {
                format!("培训,{above},定义")
            };
            let first = if above.ends_with('/') { format!("队伍{delimiter}") } else { "队伍,,".to_owned() };
            let found = read(format!("{heads}\n{first}\n{row}\n").as_bytes()).unwrap().tags;
            let names: Vec<&str> = found.iter().map(|tag| tag.name.as_str()).collect();
            assert_eq!(names, ["队伍", "培训"], "{heads}");
            assert_eq!(
                (found[1].parent.as_ref().map(|parent| parent.id), found[1].definition.as_str()),
                (Some(found[0].id), "定义"),
                "{heads}"
            );
        }
        assert!(read(b"something,else\na,b\n").is_err());
    }

    #[test]
    fn the_paths_of_a_taguette_table_are_a_hierarchy() {
        let read = read("tag,description\n组织/人才/引才,三\n组织,一\n作风,四\n别的/作风,五\n/ ,\n".as_bytes()).unwrap();
        let mut book = Codebook::default();
        add_tags(&mut book, &read.tags, &[]).unwrap();
        let rows: Vec<(usize, String, String)> =
            book.tree().into_iter().map(|(depth, tag)| (depth, tag.name.clone(), tag.definition.clone())).collect();
        let row = |depth, name: &str, definition: &str| (depth, name.to_owned(), definition.to_owned());
        for wanted in
            [row(0, "组织", "一"), row(1, "人才", ""), row(2, "引才", "三"), row(0, "作风", "四"), row(0, "别的", ""), row(1, "作风", "五")]
        {
            assert!(rows.contains(&wanted), "{wanted:?}: {rows:?}");
        }
    }

    /// Each level of a chain went through the whole table again.
    #[test]
    fn a_long_chain_of_parents_is_ordered_in_linear_time() {
        let chain = (0..20_000).map(|n| Tag { parent: Some(TagRef::derived(&format!("{}", n + 1))), ..Tag::new(&n.to_string()) });
        let tags = read_tags(chain.collect());
        assert_eq!((tags.len(), tags[0].name.as_str(), tags[19_999].name.as_str()), (20_000, "19999", "0"));
        assert!(add_tags(&mut Codebook::default(), &tags, &[]).is_err(), "too many levels");
    }

    proptest! {
        #[test]
        fn every_field_round_trips(
            fields in prop::collection::vec(("[甲-鿿=,'\" -]{1,4}", "[一-三,\"'=\n；、 ]{0,6}", prop::collection::vec("[甲乙,\"=' ]{1,3}", 0..3), 0_usize..4), 1..6),
        ) {
            let mut tags: Vec<Tag> = Vec::new();
            for (name, text, words, above) in fields {
                let parent = tags.get(above).map(TagRef::from);
                let keywords = words.iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect();
                let text = text.clone();
                tags.push(Tag { parent, definition: text.clone(), memo: text, keywords, ..Tag::new(name.trim()) });
            }
            let book = Codebook::from_parts(tags, Vec::new());
            prop_assert_eq!(rows(&round_trip(&book)), rows(&book));
        }
    }
}
