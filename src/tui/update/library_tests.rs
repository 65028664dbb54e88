//! Tests of the library's list, its filter and the reading place.

use super::*;
use crate::tui::message::{Context, LibraryEntry, LibraryUpdate, PieceStyle, QueryResults, QuerySubject, ResultRow, SpeechSpan};
use crate::tui::state::Focus;
use crate::tui::test_harness::{SPEECH, Scene};
use pizhu_text::text::Span;

/// A library of forty speeches, read one after another.
fn library() -> Scene {
    let mut scene = Scene::library(100, 24);
    let entry = |n: u8| LibraryEntry {
        path: format!("讲话{n}.txt").into(),
        title: format!("第{n}次讲话"),
        percent: Some(n),
        opened: jiff::Timestamp::from_second(i64::from(n)).ok(),
        ..LibraryEntry::default()
    };
    scene.event(AppEvent::LibraryUpdated(LibraryUpdate::full((0..40).map(entry).collect())));
    scene
}

/// Two speeches at one place, and one at another, which has a tag.
fn described_library() -> Scene {
    let mut scene = Scene::library(100, 24);
    let entry = |n: u8, place: &str, tags: &[&str]| LibraryEntry {
        path: format!("讲话{n}.txt").into(),
        title: format!("第{n}次讲话"),
        attributes: pizhu_library::attributes::Attributes::of_values([("place", place)], &std::collections::BTreeMap::new()),
        tags: tags.iter().map(|tag| (pizhu_annotation::TagRef::derived(tag), 1)).collect(),
        ..LibraryEntry::default()
    };
    let entries = vec![entry(1, "如皋", &[]), entry(2, "如皋", &[]), entry(3, "南通 城北", &["人才工作"])];
    scene.event(AppEvent::LibraryUpdated(LibraryUpdate::full(entries)));
    scene
}

fn typed(scene: &Scene) -> &str {
    let Some(crate::tui::state::Overlay::Prompt(prompt)) = &scene.state.overlay else { panic!("a prompt") };
    prompt.input.text()
}

#[test]
fn tab_completes_the_filter_and_applies_it() {
    let mut scene = described_library();
    scene.keys("/第 attr.pl<Tab>");
    assert_eq!(typed(&scene), "第 attr.place");
    scene.keys("<Tab>");
    assert_eq!(typed(&scene), "第 attr.place:", "an only candidate goes on");
    scene.keys("<Tab>");
    assert_eq!((typed(&scene), scene.state.library.visible_entries().len()), ("第 attr.place:如皋", 2));
    scene.keys("<Tab>");
    assert_eq!((typed(&scene), scene.state.library.visible_entries().len()), ("第 where:attr.place:\"南通 城北\"", 1));
    scene.keys("<Tab>");
    assert_eq!(typed(&scene), "第 attr.place:如皋", "the first follows the last");
    scene.keys("<S-Tab>");
    assert_eq!(typed(&scene), "第 where:attr.place:\"南通 城北\"");
    // What is typed then is completed anew, before what stands after the cursor.
    scene.keys("<C-u>尾<Home>rencai<Tab>");
    assert_eq!(typed(&scene), "tag:人才工作尾");
    scene.keys("<C-u><C-k>无此<Tab>");
    assert_eq!(typed(&scene), "无此");
    assert_eq!(scene.state.context(), Context::Prompt);
}

/// From the start of the list the selection moves, not the list under it.
#[test]
fn the_selection_moves_from_the_top() {
    let mut scene = library();
    scene.keys("jj");
    let list = *scene.state.library.list();
    assert_eq!((list.selected(), list.first_shown(40, scene.state.size.library_areas().0.height)), (2, 0));
}

#[test]
fn the_order_is_kept_in_the_settings() {
    let mut scene = library();
    scene.keys("sS");
    let saved: Vec<String> = scene
        .unperformed
        .iter()
        .filter_map(|effect| match effect {
            Effect::SaveSettings(settings) => Some(settings.library_order.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(saved, ["date", "-date"]);
    assert_eq!(scene.status_id(), "order-reversed");
    let settings = crate::settings::Settings { library_order: "-length".to_owned(), ..Default::default() };
    let state = crate::tui::state::State::new(scene.state.size, crate::tui::state::LibraryScreen::default(), settings);
    assert_eq!(state.library.order_name(), "-length");
}

#[test]
fn the_last_speech_is_continued_and_others_are_picked() {
    let opened = |keys: &str| {
        let mut scene = library();
        scene.keys(keys);
        scene.unperformed.iter().find_map(|effect| match effect {
            Effect::Open { path, .. } => Some(path.display().to_string()),
            _ => None,
        })
    };
    assert_eq!(opened("c"), Some("讲话39.txt".to_owned()));
    assert_eq!(opened("r<Down><Enter>"), Some("讲话38.txt".to_owned()));
    let mut empty = Scene::library(100, 24);
    empty.keys("c");
    assert_eq!(empty.status_id(), "nothing-read-yet");
}

#[test]
fn a_filter_is_lifted_on_the_screens_that_it_narrows() {
    for (keys, context) in [("g/", Context::Query), ("gR人才<Enter>", Context::Results), ("g#", Context::Counts)] {
        let mut scene = library();
        scene.keys("/第1次<Enter>");
        assert_eq!(scene.state.library.visible_entries().len(), 1);
        scene.keys(keys);
        scene.unperformed.clear();
        scene.keys("<F8>");
        assert_eq!((scene.state.context(), scene.status_id()), (context, "filter-lifted"));
        let Some(Effect::QueryLibrary(query)) = scene.unperformed.first() else { panic!("{keys}: asked again") };
        assert_eq!(query.files.len(), 40, "{keys}");
    }
}

/// Folding everything on the first page is not reading to the end.
/// Hits and shared passages of 20 copies stood 20 times, and 190 times. Annotations are asked of all: a
/// copy may have its own; those that it shares count once.
#[test]
fn copies_are_searched_and_compared_once() {
    let mut scene = Scene::library(100, 24);
    let copy = |n: usize| LibraryEntry {
        path: format!("抄本{n}.txt").into(),
        title: "在青禾县的讲话".to_owned(),
        hash: "1".repeat(32).parse().ok(),
        ..LibraryEntry::default()
    };
    scene.event(AppEvent::LibraryUpdated(LibraryUpdate::full((0..20).map(copy).collect())));
    for (keys, files) in [("g/人", 1), ("<C-u>人 tag:人才", 20), ("<Esc><Esc>gC", 1), ("<Esc>g#", 20)] {
        scene.unperformed.clear();
        scene.keys(keys);
        let asked = scene.unperformed.iter().rev().find_map(|effect| match effect {
            Effect::QueryLibrary(query) => Some(query.files.len()),
            _ => None,
        });
        assert_eq!(asked, Some(files), "{keys}");
    }
}

#[test]
fn folded_text_does_not_count_as_read() {
    let mut scene = Scene::reading(&SPEECH.repeat(3), 80, 24);
    let first_page = scene.reader().position().visible_end;
    scene.keys("zM");
    assert_eq!(scene.reader().focus, Focus::Text);
    assert!(scene.reader().viewport.percent() > 50, "the end is on the screen");
    let position = scene.reader().position();
    assert!(position.visible_end <= first_page, "{} of {}", position.visible_end, position.length);
}

/// Each part of the results was wrapped with all before it, so that keys waited while a search went on.
#[test]
fn results_that_come_in_parts_are_those_that_come_at_once() {
    let mut scene = Scene::reading(SPEECH, 40, 12);
    let row = |n: usize| ResultRow {
        wraps: n.is_multiple_of(3),
        ..ResultRow::line(vec![(format!("第{n}处，{}", "有的长有的短".repeat(n % 9)), PieceStyle::Plain)], None)
    };
    let shown = |scene: &mut Scene, ends: &[usize]| {
        scene.state.open_results(QuerySubject::Search, &mut Vec::new());
        let (generation, style) = (scene.state.last_query, scene.state.display_options.style);
        let screen = scene.state.results.as_mut().unwrap();
        let mut start = 0;
        for end in ends.iter().copied() {
            screen.add_results(generation - 1, style, |results, _| results.rows.push(row(99)));
            screen.add_results(generation, style, |results, _| results.rows.extend((start..end).map(row)));
            start = end;
        }
        screen.wrapped_rows().to_vec()
    };
    let at_once = shown(&mut scene, &[30]);
    assert!(at_once.len() > 30, "some rows are wrapped");
    assert_eq!(shown(&mut scene, &[1, 12, 12, 30]), at_once);
}

#[test]
fn visited_hit_is_no_reading_position_until_scrolled() {
    let mut scene = Scene::reading(&SPEECH.repeat(3), 80, 12);
    scene.keys("}}");
    let place = scene.reader().viewport.cursor();
    scene.state.open_results(QuerySubject::Search, &mut Vec::new());
    let hit = ResultRow::line(Vec::new(), Some(SpeechSpan { path: "".into(), span: Span::new(900, 902) }));
    let generation = scene.state.last_query;
    scene.state.set_results(generation, QueryResults { rows: vec![hit], ..QueryResults::default() });
    scene.keys("<Enter>");
    assert_eq!((scene.state.context(), scene.reader().viewport.cursor()), (Context::Reader, 900));
    let position = scene.reader().position();
    assert_eq!((position.offset, position.visible_end), (place, 0));
    scene.keys("<Space>");
    assert!(scene.reader().position().offset > 900);
}
