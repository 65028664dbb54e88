//! Tests of the tags screen and of choosing tags.

use super::*;
use crate::tui::message::Context;
use crate::tui::message::{LibraryEntry, LibraryUpdate, PassageGroup, QuerySubject, Size};
use crate::tui::test_harness::{SPEECH, Scene};
use pizhu_annotation::{TagId, TagLookup};

/// A speech with three tagged sections, and the tags screen above it.
fn managing() -> Scene {
    let mut scene = Scene::reading(SPEECH, 100, 24);
    scene.keys("]st人才工作<Enter>]st人才工作<Enter>J]st作风建设<Enter>gM");
    assert_eq!(scene.state.context(), Context::Tags);
    scene
}

fn screen(scene: &Scene) -> &crate::tui::state::TagsScreen {
    scene.state.tags.as_ref().unwrap()
}

fn selected(scene: &Scene) -> String {
    screen(scene).selected().map(|tag| tag.name.clone()).unwrap_or_default()
}

fn id(name: &str) -> TagId {
    TagId::from_name(name)
}

/// The entries of the open picker.
fn entries(scene: &mut Scene) -> Vec<String> {
    scene.state.picker().unwrap().items().iter().map(|item| item.name.clone()).collect()
}

#[test]
fn the_tree_shows_the_use_of_each_tag() {
    let scene = managing();
    let report = screen(&scene).report();
    assert_eq!(report.own(id("人才工作")).annotations, 2);
    assert_eq!(report.own(id("作风建设")).annotations, 1);
    assert_eq!(report.own(id("基层党建")).annotations, 0);
}

/// 引才 is a keyword of 人才工作: who types it on the list means the tag of that name.
#[test]
fn a_tag_is_selected_by_its_name_before_another_by_its_keywords() {
    let mut scene = managing();
    for (keys, name) in
        [("a引才育才<Enter>/yincai", "引才育才"), ("<C-u>引才", "引才育才"), ("<C-u>talent", "人才工作"), ("<C-u>zuofeng", "作风建设")]
    {
        scene.keys(keys);
        assert_eq!(selected(&scene), name, "{keys}");
    }
}

/// The tag that another was merged into is selected, also if the filter found the other only; a count of
/// none is not told.
#[test]
fn the_tag_merged_into_is_shown_whatever_was_filtered() {
    let mut scene = managing();
    scene.keys("a对外合作<Enter>/duiwai<Enter>");
    assert_eq!(selected(&scene), "对外合作");
    scene.keys("mzuofeng<Enter>");
    let text = crate::tui::view::tests::screen_text(&scene, pizhu_text::text::width::AmbiguousWidth::Narrow);
    assert!(text.contains("作风建设?") && !text.contains("go along"), "{text}");
    scene.keys("<Enter>");
    assert_eq!((selected(&scene), screen(&scene).filter()), ("作风建设".to_owned(), ""));
}

#[test]
fn a_tag_is_renamed_and_the_undo_says_what_it_took_back() {
    let mut scene = managing();
    scene.keys("/rencai<Enter>");
    assert_eq!(selected(&scene), "人才工作");
    scene.keys("r<C-u>人才队伍<Enter>");
    assert_eq!(scene.status_id(), "tag-renamed");
    assert_eq!(scene.state.status.as_ref().unwrap().arguments[2..], [("count", "2".to_owned()), ("speeches", "1".to_owned())]);
    scene.keys("<Esc>");
    assert_eq!((selected(&scene), scene.codebook.get(id("人才工作")).unwrap().name.as_str()), ("人才队伍".into(), "人才队伍"));
    scene.keys("u");
    assert_eq!(scene.status_id(), "undone-that");
    assert_eq!(scene.state.status.as_ref().unwrap().inner[0].1.name(), "tag-renamed");
    assert_eq!(scene.codebook.get(id("人才工作")).unwrap().name, "人才工作");
    scene.keys("U");
    assert_eq!(scene.codebook.get(id("人才工作")).unwrap().name, "人才队伍");
    scene.keys("uu");
    assert_eq!(scene.status_id(), "nothing-to-undo");
}

#[test]
fn merging_moving_and_deleting_tags_announce_their_effects() {
    let mut scene = managing();
    scene.keys("/人才<Enter>m作风<Enter>");
    // What is asked names the annotations and speeches, and nothing has changed yet.
    let asked = entries(&mut scene);
    assert!(asked[0].contains('2') && asked[0].contains('1') && asked[0].contains("作风建设"), "{asked:?}");
    assert!(scene.codebook.get(id("人才工作")).is_some());
    scene.keys("<Esc>");
    assert!(scene.codebook.get(id("人才工作")).is_some());
    scene.keys("m作风<Enter><Enter>");
    assert_eq!(scene.status_id(), "tag-merged");
    assert!(matches!(scene.codebook.resolve(id("人才工作")), TagLookup::Found(tag) if tag.name == "作风建设"));
    assert_eq!(screen(&scene).report().own(id("作风建设")).annotations, 3);
    scene.keys("u");
    assert!(scene.codebook.get(id("人才工作")).is_some());
    assert_eq!(screen(&scene).report().own(id("作风建设")).annotations, 1);

    scene.keys("<Esc>/人才<Enter>M干部<Enter><Enter>");
    assert_eq!(scene.codebook.path(id("人才工作")).unwrap(), "干部队伍/人才工作");
    scene.keys("<Esc>/干部<Enter>");
    assert_eq!(screen(&scene).report().within(id("干部队伍")).annotations, 2);
    scene.keys("D");
    assert!(scene.codebook.get(id("干部队伍")).is_some());
    scene.keys("<Enter>");
    assert_eq!(scene.status_id(), "tag-deleted");
    assert_eq!(scene.codebook.path(id("人才工作")).unwrap(), "人才工作");
    scene.keys("u");
    assert_eq!(scene.codebook.path(id("人才工作")).unwrap(), "干部队伍/人才工作");
}

#[test]
fn refused_codebook_changes_are_reported_and_change_nothing() {
    let mut scene = managing();
    for (keys, status) in [
        ("r<C-u>作风建设<Enter>", "tag-exists"),
        ("r<C-u>a/b<Enter>", "bad-tag-name"),
        ("r<C-u><Enter>", "no-tag-name"),
        ("S", "tag-nothing-merged"),
        ("R", "no-deleted-tags"),
        ("t<C-u>0<Enter>", "tag-bad-key"),
        ("t<C-u>ab<Enter>", "tag-bad-key"),
        ("u", "nothing-to-undo"),
        ("l", "no-tags-below"),
        ("k", "at-start"),
    ] {
        scene.keys(keys);
        assert_eq!(scene.status_id(), status, "{keys}");
        assert_eq!(scene.codebook, pizhu_annotation::Codebook::starter(), "{keys}");
    }
}

#[test]
fn texts_colour_and_key_are_edited() {
    let mut scene = managing();
    scene.keys("/人才<Enter>d<C-u>引才育才<C-s>n先看定义<C-s>w<C-u>专家，人才、院士<Enter>cct<C-u>z<Enter>");
    let tag = scene.codebook.get(id("人才工作")).unwrap();
    assert!(tag.definition.starts_with("引才育才"), "{}", tag.definition);
    assert_eq!(tag.memo, "先看定义");
    assert_eq!(tag.keywords, ["专家", "人才", "院士"]);
    assert_eq!((tag.colour.as_str(), tag.key()), ("tag4", Some('z')));
    scene.keys("C");
    assert_eq!(scene.codebook.get(id("人才工作")).unwrap().colour, "tag3");
}

#[test]
fn tags_are_added_beside_and_below() {
    let mut scene = managing();
    scene.keys("A考核<Enter>");
    assert_eq!((selected(&scene), scene.status_id()), ("考核".to_owned(), "tag-added"));
    scene.keys("a培训<Enter>");
    let paths: Vec<String> =
        ["考核", "培训"].iter().map(|name| scene.codebook.path(scene.codebook.find(name).unwrap().id).unwrap()).collect();
    assert_eq!(paths, ["干部队伍/考核", "干部队伍/培训"]);
    scene.keys("h");
    assert_eq!(selected(&scene), "干部队伍");
    let rows = screen(&scene).tree().row_count();
    scene.keys("h");
    assert_eq!(screen(&scene).tree().row_count(), rows - 2);
}

#[test]
fn enter_reads_all_under_the_tag_and_comes_back() {
    let mut scene = managing();
    scene.keys("/人才<Enter><Enter>");
    let subject = scene.state.results.as_ref().map(|results| results.subject.clone());
    assert_eq!(subject, Some(QuerySubject::Tagged { tag: "人才工作".into(), cell: None, group: PassageGroup::Date }));
    scene.keys("q");
    assert_eq!((scene.state.context(), selected(&scene)), (Context::Tags, "人才工作".to_owned()));
    scene.keys("<Esc>");
    assert_eq!((scene.state.context(), screen(&scene).filter()), (Context::Tags, ""));
    scene.keys("<Esc>");
    assert_eq!(scene.state.context(), Context::Reader);
}

#[test]
fn the_library_lists_changed_tags_anew() {
    let mut scene = Scene::library(100, 24);
    let entry = LibraryEntry { path: "甲.txt".into(), title: "甲".into(), ..LibraryEntry::default() };
    scene.event(AppEvent::LibraryUpdated(LibraryUpdate::full(vec![entry])));
    scene.keys("gM<Esc>");
    assert!(scene.unperformed.is_empty() && scene.state.context() == Context::Library);
    scene.keys("gMr<C-u>干部<Enter>q");
    assert!(matches!(scene.unperformed.as_slice(), [Effect::Scan { .. }]), "{:?}", scene.unperformed);
}

#[test]
fn a_tag_keeps_its_key_whatever_is_used_most() {
    let mut scene = Scene::reading(SPEECH, 100, 24);
    let second = scene.codebook.keyed('2').unwrap().name.clone();
    scene.keys("]st作风<Enter>]st作风<Enter>]st2<Enter>");
    assert_eq!(scene.state.last_tags[0].name, second);
    // The list is in the order of the codebook, not of use.
    scene.keys("t");
    let first: Vec<String> = scene.codebook.tree().iter().take(3).map(|(_, tag)| tag.name.clone()).collect();
    assert_eq!(entries(&mut scene)[..3], first);
}

#[test]
fn the_palette_knows_the_words_people_look_for() {
    for (typed, name) in [
        ("搜索", "search-forward"),
        ("目录", "toggle-outline"),
        ("改名", "manage-tags"),
        ("合并", "manage-tags"),
        ("打印", "export"),
        ("字数", "where"),
        ("biaoqianguanli", "manage-tags"),
    ] {
        let mut scene = Scene::reading(SPEECH, 100, 24);
        scene.state.locale = crate::locale::Locale::new(crate::locale::Language::Simplified);
        scene.keys(&format!("<C-p>{typed}"));
        let Some(Overlay::Palette(palette)) = &scene.state.overlay else { panic!("a palette") };
        let chosen = palette.picker.selected().and_then(|item| palette.commands.get(item)).map(|command| command.name);
        assert_eq!(chosen, Some(name), "{typed}");
    }
}

#[test]
fn a_tagged_selection_takes_a_note_and_goes_with_the_cursor() {
    let mut scene = Scene::reading(SPEECH, 100, 24);
    scene.keys("]s}st人才<Enter>");
    let sentence = scene.selected().unwrap();
    scene.keys("a这句好<C-s>");
    let made: Vec<_> = scene.annotations.iter().collect();
    assert_eq!(made.len(), 1);
    assert_eq!((made[0].annotation.selector.quote.as_str(), made[0].annotation.note.as_str()), (sentence.as_str(), "这句好"));
    assert_eq!(scene.selected(), None);
    // Where no note is written, the next motion clears the selection instead of extending it.
    scene.keys(")st作风<Enter>");
    assert!(scene.selected().is_some());
    scene.keys("j");
    assert_eq!(scene.selected(), None);
}

#[test]
fn enter_shows_the_annotation_with_its_actions() {
    let mut scene = Scene::reading(SPEECH, 100, 24);
    scene.keys("]s}sa记一笔<C-s>");
    scene.keys("<Enter>");
    assert_eq!(scene.state.context(), Context::Card);
    scene.keys("<Tab>");
    assert_eq!(scene.status_id(), "only-annotation-here");
    // Editing returns to the card; deleting the last annotation closes it.
    scene.keys("a，再记<C-s>");
    assert_eq!(scene.state.context(), Context::Card);
    assert_eq!(scene.annotations.iter().next().unwrap().annotation.note, "记一笔，再记");
    scene.keys("x");
    assert_eq!((scene.state.context(), scene.annotations.iter().count()), (Context::Reader, 0));
    scene.keys("<Enter>");
    assert_eq!(scene.status_id(), "no-annotation-here");
}

#[test]
fn the_tags_screen_fits_every_size() {
    let mut scene = managing();
    for (width, height) in [(30, 8), (40, 12), (80, 24), (100, 30), (240, 70)] {
        scene.state.resize(Size { width, height });
        let (tree, details) = scene.state.size.tags_areas();
        assert!(tree.height > 0 && tree.right() <= width && details.right() <= width && details.bottom() < height, "{width}x{height}");
    }
}
