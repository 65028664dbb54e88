use super::*;
use pizhu_annotation::{Codebook, Tag, TagRef};
use pizhu_text::document::Hints;
use pizhu_text::document::parse;
use pizhu_text::text::SourceText;

const TEXT: &str =
    "在青禾县会议上的讲话\n一、总体要求\n要把基层组织建设抓实。\n抓好落实\n，务求实效。\n二、重点任务\n要把基层组织建设抓细。\n";

fn document() -> Document {
    parse(SourceText::from(TEXT), &Hints::default())
}

fn tags_of(entry: &ImportEntry) -> ImportedTags {
    add_tags(&mut Codebook::default(), &[], std::slice::from_ref(entry)).unwrap()
}

fn entry() -> ImportEntry {
    ImportEntry { tags: vec!["基层党建".into()], ..ImportEntry::default() }
}

fn placed(entry: &ImportEntry) -> Result<(Scope, String, bool), ResolveError> {
    let document = document();
    let imported = ImportTarget::new(&document).resolve(entry, &tags_of(entry), "甲", |_| None)?;
    Ok((imported.annotation.scope, imported.annotation.selector.quote, imported.needs_review))
}

#[test]
fn quotes_are_found_or_reviewed_never_guessed() {
    let quoted = |quote: &str| ImportEntry { quote: Some(quote.into()), ..entry() };
    assert_eq!(placed(&quoted("抓好落实，务求实效")), Ok((Scope::Passage, "抓好落实\n，务求实效".into(), false)));
    assert_eq!(placed(&quoted("要把基层组织建设")), Ok((Scope::Passage, "要把基层组织建设".into(), true)), "it occurs twice");
    let with_context = ImportEntry { after: "抓细".into(), ..quoted("要把基层组织建设") };
    let document = document();
    let imported = ImportTarget::new(&document).resolve(&with_context, &tags_of(&with_context), "甲", |_| None).unwrap();
    assert!(!imported.needs_review && imported.annotation.selector.section == ["二、"]);
    let wrong = ImportEntry { start: Some(0), end: Some(3), ..quoted("这些字不在文中") };
    assert!(placed(&wrong).unwrap().2, "a position with another text is not trusted");
}

#[test]
fn positions_and_sections_alone_suffice() {
    let at = |start, end| ImportEntry { start: Some(start), end: Some(end), ..entry() };
    assert_eq!(placed(&at(1, 4)), Ok((Scope::Passage, "青禾县".into(), false)));
    assert_eq!(placed(&at(1, 4000)), Err(ResolveError::OutOfBounds));
    assert_eq!(placed(&entry()), Err(ResolveError::NoTarget));
    let section = |path: &str| ImportEntry { section: Some(vec![path.into()]), ..entry() };
    assert_eq!(placed(&section("二")).unwrap().0, Scope::Section);
    assert_eq!(placed(&section("九、")), Err(ResolveError::NoSection("九、".into())));
    assert_eq!(placed(&ImportEntry { tags: Vec::new(), ..at(1, 4) }), Err(ResolveError::Empty));
    // A section whose heading was made by hand elsewhere is the passage that its words are.
    let of_section = |start, end| ImportEntry { scope: Some(Scope::Section), quote: Some("抓好落实".into()), ..at(start, end) };
    let start = TEXT.chars().take_while(|c| *c != '好').count() - 1;
    assert_eq!(placed(&of_section(start, start + 4)), Ok((Scope::Passage, "抓好落实".into(), false)));
    assert_eq!(placed(&of_section(start + 1, start + 5)).map(|(scope, _, needs_review)| (scope, needs_review)), Ok((Scope::Section, true)));
}

#[test]
fn import_is_idempotent() {
    let document = document();
    let target = ImportTarget::new(&document);
    let import = ImportEntry { quote: Some("青禾县".into()), note: "记".into(), ..entry() };
    let tags = tags_of(&import);
    let first = target.resolve(&import, &tags, "甲", |_| None).unwrap().annotation;
    let again = target.resolve(&import, &tags, "乙", |id| Some(first.clone()).filter(|first| first.id == id)).unwrap().annotation;
    assert_eq!((again.id, &again.tags, &again.note), (first.id, &first.tags, &first.note));
}

#[test]
fn tags_are_added_below_their_parents() {
    let mut book = Codebook::default();
    let import = ImportEntry { tags: vec!["培训".into()], tag_paths: vec!["队伍/干部/培训".into()], ..ImportEntry::default() };
    assert_eq!(add_tags(&mut book, &[], std::slice::from_ref(&import)).unwrap().created, ["队伍", "干部", "培训"]);
    assert_eq!(book.path(book.find("培训").unwrap().id).unwrap(), "队伍/干部/培训");
    assert!(add_tags(&mut book, &[], &[import]).unwrap().created.is_empty());
}

#[test]
fn tags_of_one_name_are_told_apart_by_their_paths() {
    let mut book = Codebook::default();
    let entry = |paths: &[&str]| ImportEntry {
        tags: vec!["培训".into()],
        tag_paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        ..ImportEntry::default()
    };
    let (cadres, members) = (entry(&["干部/培训"]), entry(&["党员/培训"]));
    let imported = add_tags(&mut book, &[], &[cadres.clone(), members.clone()]).unwrap();
    let [first, second] = [cadres, members].map(|entry| imported.tags_of(&entry).unwrap());
    assert!(first != second && first.len() == 1 && second.len() == 1);
    // The name alone could be either.
    let bare = entry(&[]);
    let imported = add_tags(&mut book, &[], std::slice::from_ref(&bare)).unwrap();
    assert!(imported.created.is_empty() && matches!(imported.tags_of(&bare), Err(CodebookError::Ambiguous { .. })));
}

#[test]
fn tags_are_known_by_their_ids_whatever_they_are_called() {
    let mut book = Codebook::default();
    let tag = Tag { definition: "定义".into(), ..Tag::new("引才") };
    let id = book.add(Tag { definition: String::new(), ..tag.clone() }).unwrap();
    book.rename(id, "引才聚才").unwrap();
    let entry = ImportEntry { tags: vec!["引才".into()], tag_refs: vec![TagRef::from(&tag)], ..ImportEntry::default() };
    let imported = add_tags(&mut book, &[tag], std::slice::from_ref(&entry)).unwrap();
    assert!(imported.created.is_empty());
    assert_eq!(imported.tags_of(&entry).unwrap().names(), ["引才聚才"]);
    assert_eq!((book.tags().len(), book.get(id).unwrap().definition.as_str()), (1, "定义"));
}
