use super::*;
use pizhu_text::document::Hints;
use pizhu_text::document::parse;
use pizhu_text::text::SourceText;

const TEXT: &str =
    "在青禾县会议上的讲话\n一、总体要求\n要把基层组织建设抓实。\n抓好落实\n，务求实效。\n二、重点任务\n要把基层组织建设抓细。\n";

fn document() -> Document {
    parse(SourceText::from(TEXT), &Hints::default())
}

fn entry() -> Incoming {
    Incoming { tags: vec!["基层党建".into()], ..Incoming::default() }
}

fn placed(entry: &Incoming) -> Result<(Scope, String, bool), PlacingError> {
    let document = document();
    let arrived = Ground::new(&document).place(entry, "甲", |_| None)?;
    Ok((arrived.annotation.scope, arrived.annotation.selector.quote, arrived.needs_review))
}

#[test]
fn words_are_found_or_reviewed_never_guessed() {
    let quoted = |quote: &str| Incoming { quote: Some(quote.into()), ..entry() };
    assert_eq!(placed(&quoted("抓好落实，务求实效")), Ok((Scope::Passage, "抓好落实\n，务求实效".into(), false)));
    assert_eq!(placed(&quoted("要把基层组织建设")), Ok((Scope::Passage, "要把基层组织建设".into(), true)), "it stands twice");
    let told = Incoming { after: "抓细".into(), ..quoted("要把基层组织建设") };
    let document = document();
    let arrived = Ground::new(&document).place(&told, "甲", |_| None).unwrap();
    assert!(!arrived.needs_review && arrived.annotation.selector.section == ["二、"]);
    let wrong = Incoming { start: Some(0), end: Some(3), ..quoted("这些字不在文中") };
    assert!(placed(&wrong).unwrap().2, "a position with other words is not believed");
}

#[test]
fn positions_and_sections_alone_suffice() {
    let at = |start, end| Incoming { start: Some(start), end: Some(end), ..entry() };
    assert_eq!(placed(&at(1, 4)), Ok((Scope::Passage, "青禾县".into(), false)));
    assert_eq!(placed(&at(1, 4000)), Err(PlacingError::OutOfText));
    assert_eq!(placed(&entry()), Err(PlacingError::NoPlace));
    let section = |path: &str| Incoming { section: Some(vec![path.into()]), ..entry() };
    assert_eq!(placed(&section("二")).unwrap().0, Scope::Section);
    assert_eq!(placed(&section("九、")), Err(PlacingError::NoSection("九、".into())));
    assert_eq!(placed(&Incoming { tags: Vec::new(), ..at(1, 4) }), Err(PlacingError::Empty));
}

#[test]
fn importing_twice_is_importing_once() {
    let document = document();
    let ground = Ground::new(&document);
    let coming = Incoming { quote: Some("青禾县".into()), note: "记".into(), ..entry() };
    let first = ground.place(&coming, "甲", |_| None).unwrap().annotation;
    let again = ground.place(&coming, "乙", |id| Some(first.clone()).filter(|first| first.id == id)).unwrap().annotation;
    assert_eq!((again.id, &again.tags, &again.note), (first.id, &first.tags, &first.note));
}

#[test]
fn tags_come_with_the_tags_above_them() {
    let mut book = Codebook::default();
    let coming = Incoming { tags: vec!["培训".into()], tag_paths: vec!["队伍/干部/培训".into()], ..Incoming::default() };
    assert_eq!(add_tags(&mut book, &[], std::slice::from_ref(&coming)).unwrap(), ["队伍", "干部", "培训"]);
    assert_eq!(book.tag_path("培训"), "队伍/干部/培训");
    assert!(add_tags(&mut book, &[], &[coming]).unwrap().is_empty());
}
