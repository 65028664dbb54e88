//! (before, keys, after) for the commands.

use super::*;
use crate::tui::command::Context;
use crate::tui::scene::SPEECH;
use crate::tui::scene::Scene;
use crate::tui::state::Entries;
use crate::tui::state::Entry;
use crate::tui::state::Focus;
use crate::tui::state::Overlay;
use crate::tui::state::Size;

pub(super) fn reading() -> Scene {
    Scene::reading(SPEECH, 100, 16)
}

/// From the start of the speech, keys lead to the place that begins with these chars.
fn leads(keys: &str, to: &str) {
    let mut scene = reading();
    scene.keys(keys);
    assert_eq!(scene.at_cursor(to.chars().count()), to, "{keys} ({})", scene.notice());
}

#[test]
fn motions_by_structure() {
    for (keys, to) in [
        ("]s", "一、肯定"),
        ("2]s", "（一）干部"),
        ("]s]s]s", "（二）基层"),
        ("3]s]p", "一是抓实"),
        ("3]s2]p", "二是抓好"),
        ("3]s2]p[p", "一是抓实"),
        ("4]s", "二、认清"),
        ("4]s[s", "（二）基层"),
        ("]sJ", "二、认清"),
        ("]sJK", "一、肯定"),
        ("<Tab>J", "二、认清"),
        ("<Tab>JK", "一、肯定"),
        ("]s]sgu", "一、肯定"),
        ("G", "！"),
        ("Ggg", "在青禾县"),
        ("}", "同志们"),
        ("}}", "今天召开"),
        ("}}{", "同志们"),
        ("99]s", "（二）抓作风"),
        ("]s<C-o>", "在青禾县"),
        ("]s]s<C-o><C-o><A-Right><A-Right>", "（一）干部"),
        ("]sma]s'a", "一、肯定"),
        ("]s]s''", "一、肯定"),
        ("}}f。", "。下面"),
        ("}}f会", "会议，"),
        ("}}f会l", "议，"),
        ("}}f务;", "务。下面"),
        ("}}2f务,", "务是总结"),
        ("5gg", "今天召开"),
    ] {
        leads(keys, to);
    }
}

#[test]
fn what_cannot_be_done_is_said() {
    for (keys, notice) in [
        ("k", "at-start"),
        ("Gj", "at-end"),
        ("[s", "no-previous-section"),
        ("G]s", "no-next-section"),
        ("gu", "no-parent-section"),
        ("Qqq", "key-unbound"),
        ("]x", "key-unbound"),
        ("'z", "no-mark"),
        ("n", "no-search-yet"),
        ("r", "no-selection"),
        ("y", "no-selection"),
        ("fQ", "char-not-found"),
        (";", "no-find-yet"),
        ("<Esc>", "nothing-to-drop"),
        ("E", "no-annotation-here"),
        (".", "no-tag-yet"),
        ("%", "percent-wants-count"),
        (":九、<Enter>", "no-such-place"),
        ("t", "nothing-to-annotate"),
    ] {
        let mut scene = reading();
        scene.keys(keys);
        if notice == "key-unbound" && keys.starts_with('Q') {
            continue;
        }
        assert_eq!(scene.notice(), notice, "{keys}");
    }
}

#[test]
fn the_command_line_goes_to_places() {
    for (line, to) in
        [(":二、<Enter>", "二、认清"), (":一/(二)/二是<Enter>", "二是抓好"), (":5<Enter>", "今天召开"), (":go-end<Enter>", "！")]
    {
        leads(line, to);
    }
    let mut scene = reading();
    scene.keys(":50%<Enter>");
    let place = scene.reader().viewport.cursor() * 100 / scene.reader().document().source.len();
    assert!((48..=52).contains(&place), "{place}");
    let mut scene = reading();
    scene.keys(":（二）<Enter>");
    assert_eq!(scene.notice(), "no-such-place");
    scene.keys(":q<Enter>");
    assert!(matches!(scene.left.last(), Some(Effect::Quit)));
}

#[test]
fn searching_goes_there_while_typing_and_back_on_escape() {
    let mut scene = reading();
    scene.keys("/人才");
    assert_eq!(scene.at_cursor(2), "人才");
    assert_eq!(scene.reader().search.hits().len(), 5);
    scene.keys("<Esc>");
    assert_eq!(scene.reader().viewport.cursor(), 0);
    assert!(scene.reader().search.hits().is_empty());
    scene.keys("/人才<Enter>nn");
    assert_eq!(scene.reader().search.current(scene.reader().viewport.cursor()), Some(3));
    scene.keys("N");
    assert_eq!(scene.reader().search.current(scene.reader().viewport.cursor()), Some(2));
    scene.keys("9n");
    assert_eq!((scene.reader().search.current(scene.reader().viewport.cursor()), scene.notice()), (Some(1), "search-wrapped"));
    scene.keys("<Esc>").keys("<C-o><C-o>");
    assert!(!scene.reader().search.is_shown());
    scene.keys("gg?同志们<Enter>");
    assert_eq!(scene.at_cursor(4), "同志们，");
    scene.keys("/没有的词");
    assert_eq!(scene.notice(), "not-found");
}

#[test]
fn a_traditional_query_finds_simplified_text() {
    let mut scene = reading();
    scene.keys("/組織工作<Enter>");
    assert_eq!(scene.at_cursor(4), "组织工作");
}

#[test]
fn chars_are_selected_from_the_cursor_both_ways() {
    let mut scene = reading();
    scene.keys("}}vll");
    assert_eq!(scene.selected().as_deref(), Some("今天召"));
    scene.keys("h");
    assert_eq!(scene.selected().as_deref(), Some("今天"));
    scene.keys("r");
    scene.keys("l");
    assert_eq!(scene.selected().as_deref(), Some("天"));
    scene.keys("<Esc>");
    assert_eq!(scene.selected(), None);
    scene.keys("V");
    assert!(scene.selected().unwrap().ends_with("三点意见。"));
    scene.keys("V");
    assert!(scene.selected().unwrap().ends_with("信心"));
    scene.keys("<Esc>gg2]sS");
    assert!(scene.selected().unwrap().starts_with("（一）干部") && scene.selected().unwrap().ends_with("两岁。"));
    scene.keys("y");
    assert!(matches!(scene.left.last(), Some(Effect::Copy(text)) if text.starts_with("（一）干部")));
}

#[test]
fn a_section_is_tagged_and_retagged() {
    let mut scene = reading();
    scene.keys("]s]st");
    assert_eq!(scene.state.context(), Context::Picker);
    scene.keys("人才<Enter>");
    let reader = scene.reader();
    let id = reader.document().outline.at(reader.viewport.cursor()).unwrap();
    assert!(reader.notes.is_tagged(id));
    assert_eq!(reader.notes.all().len(), 1);
    scene.keys("J.");
    assert_eq!(scene.reader().notes.all().len(), 2);
    scene.keys("[u");
    assert_eq!(scene.at_cursor(2), "一、");
    // Digits are for the most used; several at once.
    scene.keys("t12<Enter>");
    assert_eq!(scene.reader().notes.all()[0].annotation.tags.len(), 2);
    scene.keys("T1<Enter>");
    assert_eq!(scene.reader().notes.all()[0].annotation.tags.len(), 1);
    scene.keys("x");
    assert_eq!(scene.reader().notes.all().len(), 2);
}

#[test]
fn a_tag_is_created_in_the_picker() {
    let mut scene = reading();
    scene.keys("]st青禾模式<Enter>");
    assert_eq!(scene.state.last_tags, ["青禾模式"]);
    scene.keys("ta/b<Enter>");
    assert_eq!((scene.notice(), scene.state.context()), ("bad-tag-name", Context::Picker));
}

#[test]
fn a_note_is_written_left_and_edited() {
    let mut scene = reading();
    scene.keys("}}vlla好<Enter>句<Esc>");
    assert_eq!((scene.notice(), scene.state.context()), ("note-not-saved", Context::Editor));
    scene.keys("<C-s>");
    let mark = &scene.reader().notes.all()[0];
    assert_eq!((mark.annotation.note.as_str(), mark.annotation.selector.quote.as_str()), ("好\n句", "今天召"));
    scene.keys("E子<C-s>");
    assert_eq!(scene.reader().notes.all()[0].annotation.note, "好\n句子");
    scene.keys("E<Esc>");
    assert_eq!(scene.state.context(), Context::Reader);
    scene.keys("aabc<Esc><Esc>");
    assert_eq!(scene.state.context(), Context::Reader);
    assert_eq!(scene.reader().notes.all().len(), 1);
}

#[test]
fn overlapping_annotations_are_picked_from_a_list() {
    let mut scene = reading();
    scene.keys("}}vlla甲<C-s>ggj").keys("gg}}vllllla乙<C-s>gg}}D");
    assert!(matches!(scene.state.overlay, Some(Overlay::Choosing(_))));
    scene.keys("<Enter>");
    assert_eq!(scene.reader().notes.all().len(), 1);
}

#[test]
fn the_list_of_annotations_leads_to_them() {
    let mut scene = reading();
    scene.keys("A");
    assert_eq!(scene.notice(), "annotations-not-loaded");
    scene.keys("]st1<Enter>]s]st1<Enter>ggA");
    assert_eq!(scene.state.context(), Context::Annotations);
    scene.keys("j<Enter>");
    assert_eq!(scene.at_cursor(3), "（二）");
    scene.keys("[a");
    assert_eq!(scene.at_cursor(2), "一、");
}

#[test]
fn the_outline_leads_and_follows() {
    let mut scene = reading();
    scene.keys("<Tab>");
    assert_eq!(scene.state.context(), Context::Outline);
    scene.keys("jjj<Enter>");
    assert_eq!((scene.state.context(), scene.at_cursor(4).as_str()), (Context::Reader, "一是抓实"));
    let selected = |scene: &Scene| scene.reader().outline.selected().map(|id| scene.reader().document().outline.path_text(id));
    scene.keys("gg]s]s");
    assert_eq!(selected(&scene).as_deref(), Some("一、/（一）"));
    scene.keys("<Tab>hh");
    assert_eq!(selected(&scene).as_deref(), Some("一、"));
    assert_eq!(scene.reader().outline.tree().row_count(), 5);
    scene.keys("l").keys("f人才<Enter>");
    assert_eq!(scene.reader().outline.tree().row_count(), 2);
    scene.keys("<Esc>");
    assert_eq!(scene.reader().outline.tree().row_count(), 10);
    scene.keys("zM");
    assert_eq!(scene.reader().outline.tree().row_count(), 3);
    scene.keys("<Esc>");
    assert_eq!(scene.reader().focus, Focus::Text);
}

#[test]
fn folding_the_text_keeps_headings_and_searches_unfold() {
    let mut scene = reading();
    scene.keys("]sza");
    let folded = |scene: &Scene| !scene.rows().iter().any(|row| row.contains("有声有色"));
    assert!(folded(&scene));
    scene.keys("j");
    assert_eq!(scene.at_cursor(2), "二、");
    scene.keys("kza");
    assert!(!folded(&scene));
    scene.keys("zM/有声<Enter>");
    assert!(!folded(&scene));
    assert_eq!(scene.at_cursor(2), "有声");
}

#[test]
fn resizing_keeps_the_place() {
    let mut scene = Scene::reading(&SPEECH.repeat(20), 100, 20);
    scene.keys(":40%<Enter>zt");
    let anchor = scene.reader().viewport.anchor();
    for (width, height) in [(40, 12), (30, 8), (240, 70), (20, 5), (80, 24), (100, 20)] {
        scene.event(Event::Resize(Size { width, height }));
        assert_eq!(scene.reader().viewport.anchor(), anchor);
        let first = scene.reader().viewport.rows().iter().find_map(|row| row.text()).unwrap().span;
        assert!(first.contains(anchor) || first.start >= anchor, "{width}×{height}");
    }
}

#[test]
fn the_final_tree_keeps_place_folds_and_cursor() {
    use pizhu_text::document::Hints;
    use pizhu_text::document::parse;
    use pizhu_text::document::parse_provisional;
    use pizhu_text::text::SourceText;
    use std::sync::Arc;
    let source = SourceText::from(SPEECH.repeat(8).as_str());
    let mut scene = Scene::with(Arc::new(parse_provisional(source.clone(), &Hints::default())), 100, 20);
    scene.keys("]sza]s]s");
    let (cursor, rows) = (scene.reader().viewport.cursor(), scene.rows());
    scene.state.reader.as_mut().unwrap().set_document(Arc::new(parse(source, &Hints::default())));
    assert_eq!((scene.reader().viewport.cursor(), scene.rows()), (cursor, rows));
}

#[test]
fn back_leads_from_overlays_to_the_library() {
    let mut scene = reading();
    scene.keys("<F1>");
    assert_eq!(scene.state.context(), Context::Help);
    scene.keys("q");
    assert_eq!(scene.state.context(), Context::Reader);
    scene.keys("q");
    assert_eq!(scene.state.context(), Context::Library);
    assert!(scene.left.iter().any(|effect| matches!(effect, Effect::KeepPlace(_))));
    scene.keys("q");
    assert!(matches!(scene.left.last(), Some(Effect::Quit)));
}

#[test]
fn the_palette_runs_what_was_chosen() {
    let mut scene = reading();
    scene.keys("<C-p>go-end<Enter>");
    assert_eq!(scene.at_cursor(1), "！");
}

#[test]
fn pasting_goes_where_text_is_typed() {
    let mut scene = reading();
    scene.event(Event::Paste("人才".into()));
    assert_eq!(scene.notice(), "paste-nowhere");
    scene.keys("/");
    scene.event(Event::Paste("人才".into()));
    assert_eq!(scene.at_cursor(2), "人才");
}

#[test]
fn tags_come_after_the_list_and_again_after_a_speech_is_closed() {
    let mut scene = Scene::reading(SPEECH, 100, 16);
    scene.state.close(&mut scene.left);
    assert!(matches!(scene.left.last(), Some(Effect::Scan { .. })), "coming back, the list and its tags are read anew");
    let entry = Entry { path: "甲.txt".into(), title: "甲".to_owned(), ..Entry::default() };
    scene.event(Event::Listed(Entries::whole(vec![entry.clone()])));
    assert!(scene.state.library.selected().unwrap().tags.is_empty());
    let tags = vec![("人才工作".to_owned(), 3)];
    let tagged = Entry { tags: tags.clone(), ..entry };
    scene.event(Event::Listed(Entries { anew: false, ..Entries::whole(vec![tagged]) }));
    assert_eq!(scene.state.library.selected().unwrap().tags, tags);
}

#[test]
fn what_was_deleted_meanwhile_is_not_moved_and_its_note_not_lost() {
    let mut scene = reading();
    scene.keys("]sa一条批注<C-s>gr");
    assert!(scene.state.moving.is_some());
    scene.keys("x");
    assert_eq!((scene.state.moving, scene.reader().notes.all().len()), (None, 0));
    scene.keys("gr");
    assert_eq!(scene.notice(), "no-annotation-here");
    // While a note is edited, another program deletes it: saving writes it anew.
    scene.keys("a一条批注<C-s>E更长");
    scene.perform(crate::tui::effect::Effect::Annotate(vec![pizhu_annotation::Edit::Delete { id: scene.reader().notes.all()[0].id() }]));
    scene.keys("<C-s>");
    let notes: Vec<_> = scene.reader().notes.all().iter().map(|mark| mark.annotation.note.clone()).collect();
    assert_eq!((scene.notice(), notes.as_slice()), ("noted", ["一条批注更长".to_owned()].as_slice()));
}

#[test]
fn the_list_of_annotations_keeps_its_place_when_they_go() {
    let mut scene = reading();
    scene.keys("]st人才<Enter>]st基层<Enter>]st人才<Enter>AGx");
    assert_eq!((scene.state.listed_count(), scene.state.listed_annotation().is_some()), (2, true));
    // By another program, or undone.
    let ids: Vec<_> = scene.reader().notes.all().iter().map(|mark| pizhu_annotation::Edit::Delete { id: mark.id() }).collect();
    scene.perform(crate::tui::effect::Effect::Annotate(ids[1..].to_vec()));
    assert_eq!((scene.state.listed_count(), scene.state.listed_annotation().is_some()), (1, true));
}

#[test]
fn what_was_opened_from_a_list_leads_back_to_it() {
    let mut scene = reading();
    scene.keys("]sa一条批注<C-s>A");
    for (keys, there) in [("t", Context::Picker), ("a", Context::Editor), ("<F1>", Context::Help), ("<F2>", Context::Steps)] {
        for leave in ["<Esc>", "<C-s>"] {
            let leave = if there == Context::Editor { leave } else { "<Esc>" };
            scene.keys(keys);
            assert_eq!(scene.state.context(), there, "{keys}");
            scene.keys(leave);
            assert_eq!(scene.state.context(), Context::Annotations, "{keys}{leave}");
        }
    }
    // The key that opened it closes it.
    for (keys, there) in [("A", Context::Annotations), ("<F1>", Context::Help), ("<F2>", Context::Steps), ("gs", Context::Settings)] {
        scene.keys("<Esc>");
        scene.keys(keys);
        assert_eq!(scene.state.context(), there, "{keys}");
        scene.keys(keys);
        assert_eq!(scene.state.context(), Context::Reader, "{keys}{keys}");
    }
}

#[test]
fn hits_in_a_text_that_changed_are_forgotten_until_they_are_found_anew() {
    let mut scene = reading();
    scene.keys("/新篇章<Enter>");
    assert_eq!(scene.reader().search.hits().len(), 1);
    let shorter = SPEECH.replace("今天召开这次会议，", "");
    scene.reload(pizhu_text::document::parse(pizhu_text::text::SourceText::from(shorter.as_str()), &pizhu_text::document::Hints::default()));
    assert!(scene.reader().search.hits().is_empty());
    scene.keys("gt");
    assert_eq!(scene.notice(), "no-search-yet");
}

#[test]
fn without_frames_nothing_stands_beside_the_text() {
    let mut scene = reading();
    assert!(scene.state.panes().outline.width > 0 && scene.state.panes().text.x > 0);
    scene.state.take_settings(crate::settings::Settings { frames: false, ..scene.state.settings.clone() });
    assert_eq!((scene.state.panes().outline.width, scene.state.panes().text.x), (0, 0));
    scene.keys("<Tab>");
    assert_eq!((scene.state.panes().outline.width, scene.state.context()), (100, Context::Outline));
    scene.keys("<Enter>");
    assert_eq!((scene.state.panes().text.x, scene.state.context()), (0, Context::Reader));
}

#[test]
fn what_changes_while_folders_are_read_is_read_afterwards() {
    let mut scene = Scene::library(80, 16);
    scene.event(Event::Listed(Entries::whole(Vec::new())));
    let scans = |scene: &mut Scene| scene.left.drain(..).filter(|effect| matches!(effect, Effect::Scan { .. })).count();
    scans(&mut scene);
    scene.event(Event::LibraryChanged);
    scene.event(Event::LibraryChanged);
    assert_eq!(scans(&mut scene), 1);
    scene.event(Event::Listed(Entries::whole(Vec::new())));
    assert_eq!(scans(&mut scene), 1);
    scene.event(Event::Listed(Entries::whole(Vec::new())));
    assert_eq!(scans(&mut scene), 0);
}
