use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn book() -> Codebook {
    let mut book = Codebook::default();
    for (name, parent) in [("组织", None), ("干部", Some("组织")), ("年轻干部", Some("干部")), ("人才", Some("组织"))] {
        book.add(Tag { parent: parent.map(str::to_owned), ..Tag::new(name) }).unwrap();
    }
    book
}

fn names(tags: &[&str]) -> BTreeSet<String> {
    tags.iter().map(|tag| (*tag).to_owned()).collect()
}

#[test]
fn starter_codebook_satisfies_the_invariants() {
    let starter = Codebook::starter();
    assert_eq!(starter.tags().len(), 10);
    for tag in starter.tags() {
        assert!(check_name(&tag.name).is_ok());
        assert!(!tag.english.is_empty() && !tag.definition.is_empty() && tag.keywords.len() >= 8, "{}", tag.name);
    }
}

#[test]
fn tree_is_in_preorder_and_paths_run_from_the_top() {
    let book = book();
    let rows: Vec<(usize, &str)> = book.tree().into_iter().map(|(depth, tag)| (depth, tag.name.as_str())).collect();
    assert_eq!(rows, [(0, "组织"), (1, "干部"), (2, "年轻干部"), (1, "人才")]);
    assert_eq!(book.tag_path("年轻干部"), "组织/干部/年轻干部");
    assert_eq!(book.tag_path("别的"), "别的");
}

#[test]
fn names_are_unique_and_contain_no_slash() {
    let mut book = book();
    assert_eq!(book.add(Tag::new("干部")), Err(CodebookError::Exists("干部".into())));
    for bad in ["", "  ", "a/b", "a\u{1b}b"] {
        assert!(matches!(book.add(Tag::new(bad)), Err(CodebookError::BadName(_))), "{bad:?}");
        assert!(matches!(book.rename("干部", bad), Err(CodebookError::BadName(_))), "{bad:?}");
    }
    assert_eq!(book.rename("干部", "人才"), Err(CodebookError::Exists("人才".into())));
    assert_eq!(book.rename("无", "有"), Err(CodebookError::Missing("无".into())));
}

#[test]
fn annotations_follow_renamed_merged_and_deleted_tags() {
    let mut book = book();
    book.rename("干部", "干部队伍").unwrap();
    book.rename("干部队伍", "干部工作").unwrap();
    assert_eq!(book.get("年轻干部").unwrap().parent.as_deref(), Some("干部工作"));
    assert_eq!(book.current_names(&names(&["干部", "干部队伍", "未知"])), names(&["干部工作", "未知"]));
    book.merge("年轻干部", "人才").unwrap();
    assert_eq!(book.current_names(&names(&["年轻干部"])), names(&["人才"]));
    book.delete("干部工作").unwrap();
    assert_eq!(book.current_names(&names(&["干部", "人才"])), names(&["人才"]));
    book.add(Tag::new("干部")).unwrap();
    assert_eq!(book.current_names(&names(&["干部"])), names(&["干部"]));
}

#[test]
fn cycles_are_refused_and_repaired() {
    let mut book = book();
    assert!(matches!(book.move_to("组织", Some("年轻干部")), Err(CodebookError::Cycle { .. })));
    assert!(matches!(book.merge("干部", "年轻干部"), Err(CodebookError::Cycle { .. })));
    book.move_to("年轻干部", None).unwrap();
    assert_eq!(book.tag_path("年轻干部"), "年轻干部");
    let mut loops = vec![Tag::new("a"), Tag::new("b"), Tag::new("a")];
    loops[0].parent = Some("b".into());
    loops[1].parent = Some("a".into());
    let mended = Codebook::from_parts(loops, BTreeSet::new());
    assert_eq!(mended.tree().len(), 2);
}

#[derive(Debug, Clone)]
enum CodebookStep {
    Add(u8, Option<u8>),
    Rename(u8, u8),
    Merge(u8, u8),
    Move(u8, Option<u8>),
    Delete(u8),
}

fn steps() -> impl Strategy<Value = Vec<CodebookStep>> {
    let name = 0u8..6;
    prop::collection::vec(
        prop_oneof![
            (name.clone(), prop::option::of(name.clone())).prop_map(|(a, b)| CodebookStep::Add(a, b)),
            (name.clone(), name.clone()).prop_map(|(a, b)| CodebookStep::Rename(a, b)),
            (name.clone(), name.clone()).prop_map(|(a, b)| CodebookStep::Merge(a, b)),
            (name.clone(), prop::option::of(name.clone())).prop_map(|(a, b)| CodebookStep::Move(a, b)),
            name.prop_map(CodebookStep::Delete),
        ],
        0..40,
    )
}

proptest! {
    #[test]
    fn no_sequence_of_changes_breaks_the_invariants(steps in steps()) {
        let name = |n: u8| format!("标签{n}");
        let mut book = Codebook::default();
        for step in steps {
            // A refused change must change nothing, as the checks below verify.
            let _ = match step {
                CodebookStep::Add(a, parent) => book.add(Tag { parent: parent.map(name), ..Tag::new(&name(a)) }),
                CodebookStep::Rename(a, b) => book.rename(&name(a), &name(b)),
                CodebookStep::Merge(a, b) => book.merge(&name(a), &name(b)),
                CodebookStep::Move(a, parent) => book.move_to(&name(a), parent.map(name).as_deref()),
                CodebookStep::Delete(a) => book.delete(&name(a)),
            };
            prop_assert_eq!(book.tree().len(), book.tags().len(), "each tag once in the tree");
            prop_assert_eq!(&Codebook::from_parts(book.tags().to_vec(), book.deleted().clone()), &book, "nothing to repair");
            for tag in book.tags() {
                for was in &tag.former_names {
                    prop_assert!(book.get(was).is_none(), "no tag has the former name");
                }
            }
        }
    }
}

/// A codebook of 50,000 codes took 78 seconds, a chain of 20,000 parents over 120: each tag was
/// looked for in the whole list. The limits are only a guard.
#[test]
fn large_codebooks_take_linear_time() {
    let begin = std::time::Instant::now();
    let mut book = Codebook::default();
    for n in 0..50_000 {
        let parent = (n > 0).then(|| format!("标签{}", (n - 1) / 10));
        book.add(Tag { parent, ..Tag::new(&format!("标签{n}")) }).unwrap();
    }
    assert_eq!(book.tree().len(), 50_000);
    assert!(book.is_within("标签49999", "标签0"));
    let mut other = book.clone();
    other.rename("标签7", "改名").unwrap();
    let merged = Codebook::three_way_merge(&book, &other, &Codebook::two_way_merge(&book, &Codebook::starter()));
    assert_eq!(merged.tags().len(), 50_010);

    let chain: Vec<Tag> =
        (0..20_000).map(|n| Tag { parent: (n + 1 < 20_000).then(|| format!("层{}", n + 1)), ..Tag::new(&format!("层{n}")) }).collect();
    let deep = Codebook::from_parts(chain.clone(), BTreeSet::new());
    assert_eq!(deep.tree().last().map(|(depth, tag)| (*depth, tag.name.as_str())), Some((19_999, "层0")), "kept as it is read");
    let mut ring = chain;
    ring[19_999].parent = Some("层0".into());
    assert_eq!(Codebook::from_parts(ring, BTreeSet::new()).get("层0").unwrap().parent, None, "cut at the first tag");
    assert!(begin.elapsed().as_secs() < 20);
}

#[test]
fn deeper_levels_than_the_limit_are_refused() {
    let mut book = Codebook::default();
    let parent = |n: usize| (n > 0).then(|| format!("层{}", n - 1));
    for n in 0..MAX_TAG_LEVELS {
        book.add(Tag { parent: parent(n), ..Tag::new(&format!("层{n}")) }).unwrap();
    }
    let too_deep = |name: &str| Err(CodebookError::TooDeep(name.to_owned()));
    assert_eq!(book.add(Tag { parent: parent(MAX_TAG_LEVELS), ..Tag::new("多") }), too_deep("多"));
    book.add(Tag::new("枝")).unwrap();
    book.add(Tag { parent: Some("枝".into()), ..Tag::new("叶") }).unwrap();
    assert_eq!(book.move_to("枝", Some("层62")), too_deep("枝"));
    assert_eq!(book.merge("枝", "层63"), too_deep("枝"));
    assert_eq!(book.move_to("枝", Some("层61")), Ok(()));
    assert_eq!(book.merge("枝", "层62"), Ok(()));
    assert_eq!(book.tag_path("叶").matches('/').count(), MAX_TAG_LEVELS - 1);
}
