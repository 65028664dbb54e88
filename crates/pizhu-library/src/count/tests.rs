use super::*;
use crate::count_options::Togetherness;
use pizhu_annotation::Edit;
use pizhu_annotation::Store;
use pizhu_annotation::StoreLocation;
use pizhu_annotation::Tag;
use pizhu_annotation::Target;
use pizhu_text::document::Hints;
use pizhu_text::document::SectionId;
use pizhu_text::document::parse;
use pizhu_text::text::SourceText;
use proptest::prelude::*;

const TEXT: &str = "在青禾县会议上的讲话\n（2021年3月2日）\n同志们：\n开头的话。\n一、抓人才\n引来人才，用好人才。\n（一）引才\n再说引才。\n二、抓党建\n支部要强。\n";

fn book() -> Codebook {
    let mut book = Codebook::default();
    for (name, parent) in [("人才", None), ("引才", Some("人才")), ("党建", None), ("作风", None)] {
        book.add(Tag { parent: parent.map(TagRef::derived), ..Tag::with_id(TagId::from_name(name), name) }).unwrap();
    }
    book
}

/// A speech with annotations made through a store.
fn speech(text: &str, edits: Vec<Edit>) -> (Document, Vec<AnchoredAnnotation>) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(StoreLocation::from_dir(&folder.path().join("store")), folder.path().join("state"));
    let document = parse(SourceText::from(text), &Hints::default());
    let path = folder.path().join("甲.txt");
    store.edit_codebook(|own| book().tree().into_iter().try_for_each(|(_, tag)| own.add(tag.clone()).map(drop))).unwrap();
    store.apply(&document, &path, "甲", edits).unwrap();
    let anchored = store.annotations(&document, &path).unwrap().0.to_vec();
    (document, anchored)
}

fn tag(target: Target, tags: &[&str]) -> Edit {
    Edit::Tag { target, tags: tags.iter().map(|tag| TagRef::derived(tag)).collect() }
}

fn words(text: &str, words: &str) -> Target {
    let start = text[..text.find(words).unwrap()].chars().count();
    Target::Passage(Span::new(start, start + words.chars().count()))
}

fn figures(table: &CountTable) -> Vec<(String, Vec<Option<usize>>, usize)> {
    table.rows.iter().zip(&table.cells).map(|(row, cells)| (row.name.clone(), cells.clone(), row.total)).collect()
}

#[test]
fn ancestors_count_an_annotation_once() {
    let edits = vec![
        tag(Target::Section(SectionId(0)), &["人才", "引才"]),
        tag(Target::Section(SectionId(1)), &["引才"]),
        tag(words(TEXT, "用好人才"), &["作风"]),
        tag(words(TEXT, "开头的话"), &["党建"]),
    ];
    let (document, anchored) = speech(TEXT, edits);
    let tally = Tally::new(vec![CountedSpeech::new(Path::new("甲.txt"), &document, &anchored, &book())], &book());
    assert_eq!((tally.count(), tally.speeches()), (4, 1));
    let level = tally.table(CountBy::Level);
    let names: Vec<&str> = level.columns.iter().map(|head| head.name.as_str()).collect();
    assert_eq!(names, ["0", "1", "2"]);
    let row = |name: &str, cells: &[usize], total| (name.to_owned(), cells.iter().copied().map(Some).collect(), total);
    assert_eq!(
        figures(&level),
        [row("人才", &[0, 1, 1], 2), row("引才", &[0, 1, 1], 2), row("党建", &[1, 0, 0], 1), row("作风", &[0, 1, 0], 1)]
    );
    assert_eq!(level.rows[1].depth, 1);
    let year = tally.table(CountBy::Year);
    assert_eq!(year.columns[0].key, CountKey::Year(Some("2021".to_owned())));
    let by_speech = tally.table(CountBy::Speech);
    assert_eq!(figures(&by_speech), [row("在青禾县会议上的讲话", &[2, 2, 1, 1], 4)]);
    let together = tally.table(CountBy::Cooccurrence);
    assert_eq!(together.cells[0], [Some(2), None, Some(0), Some(1)], "the parent, its child, apart, over a part");
    assert_eq!(together.cells[3], [Some(1), Some(1), Some(0), Some(1)]);
    assert_eq!(together.max_cell(), 1);
}

/// 31 of 47 co-occurrences of a project stood between two coders.
#[test]
fn passages_of_two_coders_are_together_only_if_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(StoreLocation::from_dir(&folder.path().join("store")), folder.path().join("state"));
    let document = parse(SourceText::from(TEXT), &Hints::default());
    let path = folder.path().join("甲.txt");
    store.edit_codebook(|own| book().tree().into_iter().try_for_each(|(_, tag)| own.add(tag.clone()).map(drop))).unwrap();
    store.apply(&document, &path, "甲", vec![tag(words(TEXT, "用好人才"), &["人才", "作风"])]).unwrap();
    store.apply(&document, &path, "乙", vec![tag(words(TEXT, "用好人才"), &["党建"]), tag(words(TEXT, "引来人才"), &["作风"])]).unwrap();
    let anchored = store.annotations(&document, &path).unwrap().0.to_vec();
    let tally = Tally::new(vec![CountedSpeech::new(&path, &document, &anchored, &book())], &book());
    let cell = |options: &CountOptions, one: usize, other: usize| tally.table_with(CountBy::Cooccurrence, options).cells[one][other];
    let names: Vec<String> = tally.table(CountBy::Cooccurrence).rows.into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["人才", "党建", "作风"]);
    let own = CountOptions::default();
    let across = CountOptions { across_authors: true, ..CountOptions::default() };
    assert_eq!([cell(&own, 0, 1), cell(&own, 0, 2), cell(&across, 0, 1)], [Some(0), Some(1), Some(1)]);
    let near = CountOptions { together: Togetherness::Near(1), ..CountOptions::default() };
    assert_eq!([cell(&near, 1, 2), cell(&own, 1, 2)], [Some(1), Some(0)], "one comma lies between");
    let section = CountOptions { together: Togetherness::Section, ..CountOptions::default() };
    assert_eq!(cell(&section, 1, 2), Some(1));
    let chars = CountOptions { unit: CountUnit::Chars, ..CountOptions::default() };
    assert_eq!([cell(&chars, 0, 2), cell(&chars, 0, 0)], [Some(4), Some(4)]);
    let row = CountKey::Tag(TagRef::derived("人才"));
    assert!(select(&path, &document, &anchored, &book(), &row, Some(&CountKey::Tag(TagRef::derived("党建")))).is_empty());
}

#[test]
fn attributes_are_columns_in_the_order_of_their_values() {
    let counted = |name: &str, value: Option<&str>| {
        let (document, anchored) = speech(TEXT, vec![tag(words(TEXT, "支部要强"), &["党建"])]);
        let mut set = pizhu_annotation::RecordSet::default();
        if let Some(value) = value {
            set.set_attribute("人数", "甲", value);
        }
        let attributes = Attributes::new(&document, &set);
        CountedSpeech::new(Path::new(name), &document, &anchored, &book()).described(attributes)
    };
    let tally =
        Tally::new(vec![counted("a", Some("100")), counted("b", None), counted("c", Some("20")), counted("d", Some("100"))], &book());
    let options = CountOptions { attribute: Some("人数".to_owned()), ..CountOptions::default() };
    let table = tally.table_with(CountBy::Speech, &options);
    let keys: Vec<CountKey> = table.columns.iter().map(|column| column.key.clone()).collect();
    assert_eq!(keys, [Some("20"), Some("100"), None].map(|value| CountKey::Attribute(value.map(str::to_owned))));
    assert_eq!(table.cells, [[Some(1), Some(2), Some(1)]]);
}

#[test]
fn undated_speeches_come_last() {
    let edits = || vec![tag(words(TEXT, "支部要强"), &["党建"])];
    let (dated, anchored) = speech(TEXT, edits());
    let without = TEXT.replace("（2021年3月2日）\n", "");
    let (undated, others) = speech(&without, vec![tag(words(&without, "支部要强"), &["党建"])]);
    let counted =
        |path: &str, document: &Document, anchored: &[AnchoredAnnotation]| CountedSpeech::new(Path::new(path), document, anchored, &book());
    let tally = Tally::new(vec![counted("a", &undated, &others), counted("b", &dated, &anchored)], &book());
    let keys: Vec<CountKey> = tally.table(CountBy::Year).columns.into_iter().map(|head| head.key).collect();
    assert_eq!(keys, [CountKey::Year(Some("2021".to_owned())), CountKey::Year(None)]);
    assert_eq!(tally.table(CountBy::Speech).rows[0].key, CountKey::Speech("b".into()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Every cell counts as many annotations as [`select`] lists for it, and cells sum to the
    /// row's total.
    #[test]
    fn cells_count_the_selected_annotations(annotations in prop::collection::vec((0..3_u32, 16..60_usize, 1..12_usize, prop::collection::btree_set(0..4_usize, 1..3)), 1..9)) {
        let names = ["人才", "引才", "党建", "作风"];
        let edits = annotations.iter().map(|(kind, start, length, tags)| {
            let target = match kind {
                0 => Target::Section(SectionId((start % 3) as u32)),
                _ => Target::Passage(Span::new(*start, start + length)),
            };
            tag(target, &tags.iter().map(|tag| names[*tag]).collect::<Vec<_>>())
        });
        let (document, anchored) = speech(TEXT, edits.collect());
        let path = Path::new("甲.txt");
        let tally = Tally::new(vec![CountedSpeech::new(path, &document, &anchored, &book())], &book());
        for by in CountBy::ALL {
            for table in [tally.table(by), tally.table(by).transposed()] {
                for (row, cells) in table.rows.iter().zip(&table.cells) {
                    let all = select(path, &document, &anchored, &book(), &row.key, None);
                    prop_assert_eq!(all.len(), row.total);
                    for (column, cell) in table.columns.iter().zip(cells) {
                        let selected = select(path, &document, &anchored, &book(), &row.key, Some(&column.key));
                        if let Some(cell) = cell {
                            prop_assert_eq!(selected.len(), *cell, "{:?} {:?}", row.key, column.key);
                        }
                    }
                    if matches!((by, &row.key), (CountBy::Year | CountBy::Level | CountBy::Speech, CountKey::Tag(_))) {
                        prop_assert_eq!(cells.iter().flatten().sum::<usize>(), row.total);
                    }
                }
            }
        }
    }
}
