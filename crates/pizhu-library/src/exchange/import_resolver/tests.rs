use super::*;
use pizhu_text::document::Hints;
use pizhu_text::document::parse;
use pizhu_text::text::SourceText;

const TEXT: &str =
    "在青禾县会议上的讲话\n一、总体要求\n要把基层组织建设抓实。\n抓好落实\n，务求实效。\n二、重点任务\n要把基层组织建设抓细。\n";

fn document() -> Document {
    parse(SourceText::from(TEXT), &Hints::default())
}

fn entry() -> ImportEntry {
    ImportEntry { tags: vec!["基层党建".into()], ..ImportEntry::default() }
}

fn placed(entry: &ImportEntry) -> Result<(Scope, String, bool), ResolveError> {
    let document = document();
    let imported = ImportTarget::new(&document).resolve(entry, "甲", |_| None)?;
    Ok((imported.annotation.scope, imported.annotation.selector.quote, imported.needs_review))
}

#[test]
fn quotes_are_found_or_reviewed_never_guessed() {
    let quoted = |quote: &str| ImportEntry { quote: Some(quote.into()), ..entry() };
    assert_eq!(placed(&quoted("抓好落实，务求实效")), Ok((Scope::Passage, "抓好落实\n，务求实效".into(), false)));
    assert_eq!(placed(&quoted("要把基层组织建设")), Ok((Scope::Passage, "要把基层组织建设".into(), true)), "it occurs twice");
    let with_context = ImportEntry { after: "抓细".into(), ..quoted("要把基层组织建设") };
    let document = document();
    let imported = ImportTarget::new(&document).resolve(&with_context, "甲", |_| None).unwrap();
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
}

#[test]
fn import_is_idempotent() {
    let document = document();
    let target = ImportTarget::new(&document);
    let import = ImportEntry { quote: Some("青禾县".into()), note: "记".into(), ..entry() };
    let first = target.resolve(&import, "甲", |_| None).unwrap().annotation;
    let again = target.resolve(&import, "乙", |id| Some(first.clone()).filter(|first| first.id == id)).unwrap().annotation;
    assert_eq!((again.id, &again.tags, &again.note), (first.id, &first.tags, &first.note));
}

#[test]
fn tags_are_added_below_their_parents() {
    let mut book = Codebook::default();
    let import = ImportEntry { tags: vec!["培训".into()], tag_paths: vec!["队伍/干部/培训".into()], ..ImportEntry::default() };
    assert_eq!(add_tags(&mut book, &[], std::slice::from_ref(&import)).unwrap(), ["队伍", "干部", "培训"]);
    assert_eq!(book.tag_path("培训"), "队伍/干部/培训");
    assert!(add_tags(&mut book, &[], &[import]).unwrap().is_empty());
}
