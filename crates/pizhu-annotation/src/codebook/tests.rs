use super::*;
use crate::tag_set::TagSet;
use proptest::prelude::*;

fn book() -> Codebook {
    let mut book = Codebook::default();
    for (name, parent) in [("组织", None), ("干部", Some("组织")), ("年轻干部", Some("干部")), ("人才", Some("组织"))] {
        let parent = parent.map(|parent| id(&book, parent));
        book.add_below(parent, Tag::new(name)).unwrap();
    }
    book
}

fn id(book: &Codebook, words: &str) -> TagId {
    book.find(words).unwrap().id
}

fn tags(ids: &[TagId]) -> TagSet {
    ids.iter().map(|id| TagRef { id: *id, name: String::new() }).collect()
}

/// A tag with the id of its name.
fn derived(name: &str) -> Tag {
    Tag::with_id(TagId::from_name(name), name)
}

/// The names that annotations with these ids show.
fn shown(book: &Codebook, ids: &[TagId]) -> Vec<String> {
    book.current_tags(&tags(ids)).names().into_iter().map(str::to_owned).collect()
}

#[test]
fn starter_codebook_satisfies_the_invariants() {
    let starter = Codebook::starter();
    assert_eq!(starter.tags().len(), 10);
    for tag in starter.tags() {
        assert!(check_name(&tag.name).is_ok() && tag.id == TagId::from_name(&tag.name));
        assert!(!tag.english.is_empty() && !tag.definition.is_empty() && tag.keywords.len() >= 8, "{}", tag.name);
    }
}

#[test]
fn tree_is_in_preorder_and_paths_run_from_the_top() {
    let book = book();
    let rows: Vec<(usize, &str)> = book.tree().into_iter().map(|(depth, tag)| (depth, tag.name.as_str())).collect();
    assert_eq!(rows, [(0, "组织"), (1, "干部"), (2, "年轻干部"), (1, "人才")]);
    assert_eq!(book.path(id(&book, "年轻干部")).unwrap(), "组织/干部/年轻干部");
    assert_eq!(book.path_of(&TagRef::new("别的")), "别的");
}

#[test]
fn names_are_unique_among_siblings_and_contain_no_slash() {
    let mut book = book();
    let (cadres, organisation) = (id(&book, "干部"), id(&book, "组织"));
    assert_eq!(book.add_below(Some(organisation), Tag::new("干部")), Err(CodebookError::Exists("干部".into())));
    for bad in ["", "  ", "a/b", "a\u{1b}b"] {
        assert!(matches!(book.add(Tag::new(bad)), Err(CodebookError::BadName(_))), "{bad:?}");
        assert!(matches!(book.rename(cadres, bad), Err(CodebookError::BadName(_))), "{bad:?}");
    }
    assert_eq!(book.rename(cadres, "人才"), Err(CodebookError::Exists("人才".into())));
    assert!(matches!(book.rename(TagId::new(), "有"), Err(CodebookError::Missing(_))));
    // Elsewhere the name is free, and the path tells which is meant.
    let top = book.add(Tag::new("干部")).unwrap();
    assert_eq!(book.move_to(top, Some(organisation)), Err(CodebookError::Exists("干部".into())));
    let paths = vec!["组织/干部".to_owned(), "/干部".to_owned()];
    assert_eq!(book.find("干部"), Err(CodebookError::Ambiguous { name: "干部".into(), paths: paths.clone() }));
    assert_eq!([&paths[0], &paths[1]].map(|path| id(&book, path)), [cadres, top]);
    assert_eq!((book.label(cadres), book.label(id(&book, "人才"))), ("组织/干部".to_owned(), "人才".to_owned()));
}

#[test]
fn annotations_follow_renamed_merged_and_deleted_tags_and_their_undoing() {
    let mut book = book();
    let [cadres, young, talent] = ["干部", "年轻干部", "人才"].map(|name| id(&book, name));
    book.rename(cadres, "干部工作").unwrap();
    let again = book.add_below(Some(id(&book, "组织")), Tag::new("干部")).unwrap();
    assert_eq!((shown(&book, &[cadres]), shown(&book, &[again])), (vec!["干部工作".to_owned()], vec!["干部".to_owned()]));
    book.merge(young, talent).unwrap();
    assert_eq!(shown(&book, &[young, talent]), ["人才"]);
    // A tag of its name is another one.
    let newer = book.add_below(Some(cadres), Tag::new("年轻干部")).unwrap();
    assert_eq!((shown(&book, &[young]), shown(&book, &[newer])), (vec!["人才".to_owned()], vec!["年轻干部".to_owned()]));
    book.rename(newer, "青年").unwrap();
    assert_eq!(book.split(talent).unwrap(), [TagRef { id: young, name: String::new() }]);
    assert_eq!(shown(&book, &[young, talent]), ["人才", "年轻干部"]);
    assert_eq!(book.path(young).unwrap(), "组织/干部工作/年轻干部", "where it was");
    assert!(matches!(book.split(talent), Err(CodebookError::NothingMerged(_))));
    book.delete(cadres).unwrap();
    assert!(shown(&book, &[cadres]).is_empty());
    let new = book.add(Tag::new("干部工作")).unwrap();
    assert!(new != cadres && shown(&book, &[cadres]).is_empty(), "a deleted tag's name makes a new tag");
    assert_eq!(book.restore("干部工作").unwrap().id, cadres);
    assert_eq!(shown(&book, &[cadres]), ["干部工作"]);
}

#[test]
fn merged_tags_are_taken_apart_step_by_step() {
    let mut book = Codebook::default();
    let [a, b, c] = ["甲", "乙", "丙"].map(|name| book.add(Tag::new(name)).unwrap());
    book.merge(a, b).unwrap();
    book.merge(b, c).unwrap();
    assert_eq!(shown(&book, &[a, b, c]), ["丙"]);
    book.split(c).unwrap();
    assert_eq!((shown(&book, &[a, b]), shown(&book, &[c])), (vec!["乙".to_owned()], vec!["丙".to_owned()]));
    book.split(b).unwrap();
    assert_eq!(shown(&book, &[a]), ["甲"]);
}

#[test]
fn cycles_are_refused_and_repaired() {
    let mut book = book();
    let [top, cadres, young] = ["组织", "干部", "年轻干部"].map(|name| id(&book, name));
    assert!(matches!(book.move_to(top, Some(young)), Err(CodebookError::Cycle { .. })));
    assert!(matches!(book.merge(cadres, young), Err(CodebookError::Cycle { .. })));
    book.move_to(young, None).unwrap();
    assert_eq!(book.path(young).unwrap(), "年轻干部");
    let mut loops = vec![Tag::new("a"), Tag::new("b")];
    loops[0].parent = Some(TagRef::from(&loops[1]));
    loops[1].parent = Some(TagRef::from(&loops[0]));
    let mended = Codebook::from_parts(loops, Vec::new());
    assert_eq!(mended.tree().len(), 2);
}

#[test]
fn tags_merged_into_each_other_on_two_sides_stay_one() {
    let mut base = Codebook::default();
    let [a, b, c] = ["甲", "乙", "丙"].map(|name| base.add(Tag::new(name)).unwrap());
    let [mut ours, mut theirs, mut third] = [base.clone(), base.clone(), base.clone()];
    ours.merge(a, b).unwrap();
    theirs.merge(b, a).unwrap();
    third.merge(b, c).unwrap();
    for merged in [Codebook::three_way_merge(&base, &ours, &theirs), Codebook::two_way_merge(&ours, &theirs)] {
        assert_eq!(shown(&merged, &[a, b]).len(), 1, "one of them is left");
    }
    assert_eq!(shown(&Codebook::two_way_merge(&ours, &third), &[a, b, c]), ["丙"]);
}

/// Neither side meant to lose what is under the tag.
#[test]
fn changed_tag_survives_a_merge_into_a_tag_deleted_elsewhere() {
    let mut base = Codebook::default();
    let [a, b, c] = ["甲", "乙", "丙"].map(|name| base.add(Tag::new(name)).unwrap());
    let [mut ours, mut theirs] = [base.clone(), base.clone()];
    ours.delete(a).unwrap();
    ours.edit_details(b, |tag| tag.definition = "说明".to_owned()).unwrap();
    theirs.merge(b, a).unwrap();
    theirs.merge(c, a).unwrap();
    let merged = Codebook::three_way_merge(&base, &ours, &theirs);
    assert_eq!(merged, Codebook::three_way_merge(&base, &theirs, &ours));
    assert_eq!((shown(&merged, &[a]), shown(&merged, &[b]), shown(&merged, &[c])), (vec![], vec!["乙".to_owned()], vec![]));
    assert_eq!(merged.get(b).unwrap().definition, "说明");
    // Wherever the copies meet again.
    for other in [&base, &ours, &theirs] {
        assert_eq!(shown(&Codebook::two_way_merge(&merged, other), &[b]), ["乙"]);
    }
}

#[test]
fn tags_made_independently_become_one_unless_renamed_or_kept_apart() {
    let (mut ours, mut theirs) = (Codebook::default(), Codebook::default());
    let [a, b] = [&mut ours, &mut theirs].map(|book| book.add(Tag { keywords: vec!["风气".into()], ..Tag::new("作风") }).unwrap());
    let [below_a, below_b] = [(&mut ours, a), (&mut theirs, b)].map(|(book, above)| book.add_below(Some(above), Tag::new("学风")).unwrap());
    let merged = Codebook::two_way_merge(&ours, &theirs);
    assert_eq!((merged.tags().len(), merged.united().len()), (2, 2), "with what is below them");
    assert_eq!((shown(&merged, &[a, b]), shown(&merged, &[below_a, below_b])), (vec!["作风".to_owned()], vec!["学风".to_owned()]));
    assert!(merged.get(a.min(b)).is_some(), "the smaller id");
    let mut apart = merged.clone();
    apart.split(a.min(b)).unwrap();
    let read = Codebook::from_parts(apart.tags().to_vec(), apart.tombstones().cloned().collect());
    assert_eq!((&read, shown(&read, &[a, b])), (&apart, vec!["作风".to_owned(), "作风#2".to_owned()]));
    assert_eq!(Codebook::two_way_merge(&read, &merged), read, "also when they meet again");
    assert_eq!((id(&read, "作风#1"), id(&read, "作风#2")), (a.min(b), a.max(b)));

    theirs.rename(b, "别的").unwrap();
    theirs.rename(b, "作风").unwrap();
    let two = Codebook::two_way_merge(&ours, &theirs);
    assert_eq!(shown(&two, &[a, b]), ["作风", "作风#2"], "one of them had been renamed");
    assert!(matches!(two.find("作风"), Err(CodebookError::Ambiguous { .. })));
}

#[test]
fn tags_brought_together_by_a_deletion_stay_two() {
    let mut book = Codebook::default();
    let above = book.add(Tag::new("父")).unwrap();
    let (inner, outer) = (book.add_below(Some(above), Tag::new("子")).unwrap(), book.add(Tag::new("子")).unwrap());
    book.delete(above).unwrap();
    let read = Codebook::from_parts(book.tags().to_vec(), book.tombstones().cloned().collect());
    assert_eq!((&read, shown(&read, &[inner, outer]).len()), (&book, 2));
}

#[test]
fn references_to_unknown_names_are_new_tags() {
    let book = book();
    assert_eq!(book.refer("人才").unwrap().id, id(&book, "人才"));
    assert_ne!(book.refer("新").unwrap().id, TagId::from_name("新"));
    let same = book.refer_all(&["新".to_owned(), "人才".to_owned(), "新".to_owned()]).unwrap();
    assert_eq!(same.len(), 2);
    assert!(matches!(book.refer("组织/没有"), Err(CodebookError::Missing(_))));
    assert!(matches!(book.refer("a\u{1b}"), Err(CodebookError::BadName(_))));
}

#[derive(Debug, Clone)]
enum CodebookStep {
    Add(u8, Option<u8>),
    Rename(u8, u8),
    Merge(u8, u8),
    Move(u8, Option<u8>),
    Delete(u8),
    Split(u8),
    BringBack(u8),
}

fn steps() -> impl Strategy<Value = Vec<CodebookStep>> {
    let name = 0u8..6;
    prop::collection::vec(
        prop_oneof![
            (name.clone(), prop::option::of(name.clone())).prop_map(|(a, b)| CodebookStep::Add(a, b)),
            (name.clone(), name.clone()).prop_map(|(a, b)| CodebookStep::Rename(a, b)),
            (name.clone(), name.clone()).prop_map(|(a, b)| CodebookStep::Merge(a, b)),
            (name.clone(), prop::option::of(name.clone())).prop_map(|(a, b)| CodebookStep::Move(a, b)),
            name.clone().prop_map(CodebookStep::Delete),
            name.clone().prop_map(CodebookStep::Split),
            name.prop_map(CodebookStep::BringBack),
        ],
        0..40,
    )
}

proptest! {
    #[test]
    fn no_sequence_of_changes_breaks_the_invariants(steps in steps()) {
        let name = |n: u8| format!("标签{n}");
        let any = |book: &Codebook, n: u8| (!book.tags().is_empty()).then(|| book.tags()[usize::from(n) % book.tags().len()].id);
        let mut book = Codebook::default();
        for step in steps {
            // A refused change must change nothing, as the checks below verify.
            let _ = match step {
                CodebookStep::Add(a, parent) => book.add_below(parent.and_then(|parent| any(&book, parent)), Tag::new(&name(a))).map(drop),
                CodebookStep::Rename(a, b) => any(&book, a).map_or(Ok(()), |a| book.rename(a, &name(b))),
                CodebookStep::Merge(a, b) => any(&book, a).zip(any(&book, b)).map_or(Ok(()), |(a, b)| book.merge(a, b)),
                CodebookStep::Move(a, parent) => {
                    let parent = parent.and_then(|parent| any(&book, parent));
                    any(&book, a).map_or(Ok(()), |a| book.move_to(a, parent))
                }
                CodebookStep::Delete(a) => any(&book, a).map_or(Ok(()), |a| book.delete(a)),
                CodebookStep::Split(a) => any(&book, a).map_or(Ok(()), |a| book.split(a).map(drop)),
                CodebookStep::BringBack(a) => {
                    let gone: Vec<TagId> = book.tombstones().map(|record| record.tag.id).collect();
                    gone.get(usize::from(a)).map_or(Ok(()), |id| book.bring_back(*id).map(drop).ok_or(CodebookError::Missing(name(a))))
                }
            };
            prop_assert_eq!(book.tree().len(), book.tags().len(), "each tag once in the tree");
            let read = Codebook::from_parts(book.tags().to_vec(), book.tombstones().cloned().collect());
            prop_assert_eq!(&read, &book, "nothing to repair");
            for tag in book.tags() {
                prop_assert_eq!(book.find(&book.label(tag.id)).map(|found| found.id), Ok(tag.id), "its label names it alone");
            }
        }
    }
}

/// A codebook of 50,000 codes took 78 seconds, a chain of 20,000 parents over 120: each tag was
/// looked for in the whole list.
#[test]
fn large_codebooks_take_linear_time() {
    let mut book = Codebook::default();
    for n in 0..50_000 {
        let parent = (n > 0).then(|| TagRef::derived(&format!("标签{}", (n - 1) / 10)));
        book.add(Tag { parent, ..derived(&format!("标签{n}")) }).unwrap();
    }
    assert_eq!(book.tree().len(), 50_000);
    assert!(book.is_within(TagId::from_name("标签49999"), TagId::from_name("标签0")));
    let mut other = book.clone();
    other.rename(TagId::from_name("标签7"), "改名").unwrap();
    let merged = Codebook::three_way_merge(&book, &other, &Codebook::two_way_merge(&book, &Codebook::starter()));
    assert_eq!(merged.tags().len(), 50_010);

    let level = |n: usize| TagRef::derived(&format!("层{n}"));
    let chain: Vec<Tag> =
        (0..20_000).map(|n| Tag { parent: (n + 1 < 20_000).then(|| level(n + 1)), ..derived(&format!("层{n}")) }).collect();
    let deep = Codebook::from_parts(chain.clone(), Vec::new());
    assert_eq!(deep.tree().last().map(|(depth, tag)| (*depth, tag.name.as_str())), Some((19_999, "层0")), "kept as it is read");
    let mut ring = chain;
    ring[19_999].parent = Some(level(0));
    assert_eq!(Codebook::from_parts(ring, Vec::new()).get(level(0).id).unwrap().parent, None, "cut at the first tag");
}

#[test]
fn deeper_levels_than_the_limit_are_refused() {
    let mut book = Codebook::default();
    let level = |n: usize| TagId::from_name(&format!("层{n}"));
    let parent = |n: usize| (n > 0).then(|| TagRef::derived(&format!("层{}", n - 1)));
    for n in 0..MAX_TAG_LEVELS {
        book.add(Tag { parent: parent(n), ..derived(&format!("层{n}")) }).unwrap();
    }
    let too_deep = |name: &str| Err(CodebookError::TooDeep(name.to_owned()));
    assert_eq!(book.add(Tag { parent: parent(MAX_TAG_LEVELS), ..Tag::new("多") }).map(drop), too_deep("多"));
    let branch = book.add(Tag::new("枝")).unwrap();
    let leaf = book.add_below(Some(branch), Tag::new("叶")).unwrap();
    assert_eq!(book.move_to(branch, Some(level(62))), too_deep("枝"));
    assert_eq!(book.merge(branch, level(63)), too_deep("枝"));
    assert_eq!(book.move_to(branch, Some(level(61))), Ok(()));
    assert_eq!(book.merge(branch, level(62)), Ok(()));
    assert_eq!(book.path(leaf).unwrap().matches('/').count(), MAX_TAG_LEVELS - 1);
}
