//! Tests of commands as (before, keys, after).

use super::*;
use crate::tui::message::{Context, LibraryEntry, LibraryUpdate, Size};
use crate::tui::overlay::Overlay;
use crate::tui::state::Focus;
use crate::tui::test_harness::{SPEECH, Scene};

pub(super) fn reading() -> Scene {
    Scene::reading(SPEECH, 100, 16)
}

/// Asserts that `keys`, from the start of the speech, move the cursor to text that starts with `to`.
fn assert_moves_to(keys: &str, to: &str) {
    let mut scene = reading();
    scene.keys(keys);
    assert_eq!(scene.at_cursor(to.chars().count()), to, "{keys} ({})", scene.status_id());
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
        assert_moves_to(keys, to);
    }
}

#[test]
fn impossible_commands_show_a_hint() {
    for (keys, status) in [
        ("k", "at-start"),
        ("Gj", "at-end"),
        ("[s", "no-previous-section"),
        ("G]s", "no-next-section"),
        ("gu", "no-parent-section"),
        ("Zq", "key-unbound"),
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
    ] {
        let mut scene = reading();
        scene.keys(keys);
        assert_eq!(scene.status_id(), status, "{keys}");
    }
    let mut scene = Scene::reading("", 80, 24);
    scene.keys("t");
    assert_eq!(scene.status_id(), "nothing-to-annotate", "there is no text");
    // `Q` alone is bound: it quits without a message.
    let mut scene = reading();
    scene.keys("Q");
    assert_eq!(scene.status_id(), "");
    assert!(matches!(scene.unperformed.as_slice(), [Effect::Quit]));
}

#[test]
fn command_line_goes_to_positions() {
    for (line, to) in
        [(":二、<Enter>", "二、认清"), (":一/(二)/二是<Enter>", "二是抓好"), (":5<Enter>", "今天召开"), (":go-end<Enter>", "！")]
    {
        assert_moves_to(line, to);
    }
    // A title's words or their pinyin; of several sections one is picked.
    assert_moves_to(":zuofeng<Enter>", "（二）抓作风");
    let mut scene = reading();
    scene.keys(":抓<Enter>");
    assert_eq!(scene.state.context(), Context::Picker);
    scene.keys("rencai<Enter>");
    assert!(scene.at_cursor(8).contains("抓人才"), "{}", scene.at_cursor(8));
    let mut scene = reading();
    scene.keys(":50%<Enter>");
    let percent = scene.reader().viewport.cursor() * 100 / scene.reader().document().source.len();
    assert!((48..=52).contains(&percent), "{percent}");
    let mut scene = reading();
    scene.keys(":（二）<Enter>");
    assert_eq!(scene.status_id(), "no-such-place");
    scene.keys(":q<Enter>");
    assert!(matches!(scene.unperformed.last(), Some(Effect::Quit)));
}

#[test]
fn incremental_search_moves_and_escape_returns() {
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
    assert_eq!((scene.reader().search.current(scene.reader().viewport.cursor()), scene.status_id()), (Some(1), "search-wrapped"));
    scene.keys("<Esc>").keys("<C-o><C-o>");
    assert!(!scene.reader().search.is_highlighted());
    scene.keys("gg?同志们<Enter>");
    assert_eq!(scene.at_cursor(4), "同志们，");
    scene.keys("/没有的词");
    assert_eq!(scene.status_id(), "not-found");
}

#[test]
fn a_traditional_query_finds_simplified_text() {
    let mut scene = reading();
    scene.keys("/組織工作<Enter>");
    assert_eq!(scene.at_cursor(4), "组织工作");
}

#[test]
fn selection_extends_both_ways() {
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
    assert!(matches!(scene.unperformed.last(), Some(Effect::Copy(text)) if text.starts_with("（一）干部")));
}

#[test]
fn a_section_is_tagged_and_retagged() {
    let mut scene = reading();
    scene.keys("]s]st");
    assert_eq!(scene.state.context(), Context::Picker);
    scene.keys("人才<Enter>");
    let reader = scene.reader();
    let id = reader.document().outline.section_at(reader.viewport.cursor()).unwrap();
    assert!(reader.annotations.is_tagged(id));
    assert_eq!(reader.annotations.all().len(), 1);
    scene.keys("J.");
    assert_eq!(scene.reader().annotations.all().len(), 2);
    scene.keys("[u");
    assert_eq!(scene.at_cursor(2), "一、");
    // Digits pick the most used tags; several can be marked.
    scene.keys("t12<Enter>");
    assert_eq!(scene.reader().annotations.all()[0].annotation.tags.len(), 2);
    scene.keys("T1<Enter>");
    assert_eq!(scene.reader().annotations.all()[0].annotation.tags.len(), 1);
    scene.keys("x");
    assert_eq!(scene.reader().annotations.all().len(), 2);
}

#[test]
fn a_tag_is_created_in_the_picker() {
    let mut scene = reading();
    scene.keys("]st青禾模式<Enter>");
    assert_eq!(scene.state.last_tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["青禾模式"]);
    scene.keys("ta/b<Enter>");
    assert_eq!((scene.status_id(), scene.state.context()), ("bad-tag-name", Context::Picker));
}

#[test]
fn note_is_written_and_edited() {
    let mut scene = reading();
    scene.keys("}}vlla好<Enter>句<Esc>");
    assert_eq!((scene.status_id(), scene.state.context()), ("note-not-saved", Context::Editor));
    scene.keys("<C-s>");
    let anchored = &scene.reader().annotations.all()[0];
    assert_eq!((anchored.annotation.note.as_str(), anchored.annotation.selector.quote.as_str()), ("好\n句", "今天召"));
    scene.keys("E子<C-s>");
    assert_eq!(scene.reader().annotations.all()[0].annotation.note, "好\n句子");
    scene.keys("E<Esc>");
    assert_eq!(scene.state.context(), Context::Reader);
    scene.keys("aabc<Esc><Esc>");
    assert_eq!(scene.state.context(), Context::Reader);
    assert_eq!(scene.reader().annotations.all().len(), 1);
}

#[test]
fn overlapping_annotations_are_picked_from_a_list() {
    let mut scene = reading();
    scene.keys("}}vlla甲<C-s>ggj").keys("gg}}vllllla乙<C-s>gg}}D");
    assert!(matches!(scene.state.overlay, Some(Overlay::AnnotationPicker(_))));
    scene.keys("<Enter>");
    assert_eq!(scene.reader().annotations.all().len(), 1);
}

#[test]
fn annotation_list_goes_to_annotation() {
    let mut scene = reading();
    scene.keys("A");
    assert_eq!(scene.status_id(), "annotations-not-loaded");
    scene.keys("]st1<Enter>]s]st1<Enter>ggA");
    assert_eq!(scene.state.context(), Context::Annotations);
    scene.keys("j<Enter>");
    assert_eq!(scene.at_cursor(3), "（二）");
    scene.keys("[a");
    assert_eq!(scene.at_cursor(2), "一、");
}

#[test]
fn outline_and_text_follow_each_other() {
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
fn folds_keep_headings_and_search_unfolds() {
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
fn resizing_keeps_position() {
    let mut scene = Scene::reading(&SPEECH.repeat(20), 100, 20);
    scene.keys(":40%<Enter>zt");
    let anchor = scene.reader().viewport.anchor();
    for (width, height) in [(40, 12), (30, 8), (240, 70), (20, 5), (80, 24), (100, 20)] {
        scene.event(AppEvent::Resize(Size { width, height }));
        assert_eq!(scene.reader().viewport.anchor(), anchor);
        let first = scene.reader().viewport.rows().iter().find_map(|row| row.text()).unwrap().span;
        assert!(first.contains(anchor) || first.start >= anchor, "{width}×{height}");
    }
}

#[test]
fn final_outline_keeps_cursor_and_folds() {
    use pizhu_text::document::Hints;
    use pizhu_text::document::parse;
    use pizhu_text::document::parse_provisional;
    use pizhu_text::text::SourceText;
    use std::sync::Arc;
    let source = SourceText::from(SPEECH.repeat(8).as_str());
    let mut scene = Scene::with_document(Arc::new(parse_provisional(source.clone(), &Hints::default())), 100, 20);
    scene.keys("]sza]s]s");
    let (cursor, rows) = (scene.reader().viewport.cursor(), scene.rows());
    scene.state.reader.as_mut().unwrap().set_document(Arc::new(parse(source, &Hints::default())));
    assert_eq!((scene.reader().viewport.cursor(), scene.rows()), (cursor, rows));
}

#[test]
fn back_closes_overlay_then_speech() {
    let mut scene = reading();
    scene.keys("<F1>");
    assert_eq!(scene.state.context(), Context::Help);
    scene.keys("q");
    assert_eq!(scene.state.context(), Context::Reader);
    scene.keys("q");
    assert_eq!(scene.state.context(), Context::Library);
    assert!(scene.unperformed.iter().any(|effect| matches!(effect, Effect::SavePosition(_))));
    scene.keys("q");
    assert!(matches!(scene.unperformed.last(), Some(Effect::Quit)));
}

#[test]
fn palette_runs_command() {
    let mut scene = reading();
    scene.keys("<C-p>go-end<Enter>");
    assert_eq!(scene.at_cursor(1), "！");
}

#[test]
fn paste_inserts_into_text_input() {
    let mut scene = reading();
    scene.event(AppEvent::Paste("人才".into()));
    assert_eq!(scene.status_id(), "paste-nowhere");
    scene.keys("/");
    scene.event(AppEvent::Paste("人才".into()));
    assert_eq!(scene.at_cursor(2), "人才");
}

#[test]
fn closing_a_speech_rescans_tags() {
    let mut scene = Scene::reading(SPEECH, 100, 16);
    scene.state.close_reader(&mut scene.unperformed);
    assert!(matches!(scene.unperformed.last(), Some(Effect::Scan { .. })), "closing rescans the list and its tags");
    let entry = LibraryEntry { path: "甲.txt".into(), title: "甲".to_owned(), ..LibraryEntry::default() };
    scene.event(AppEvent::LibraryUpdated(LibraryUpdate::full(vec![entry.clone()])));
    assert!(scene.state.library.selected().unwrap().tags.is_empty());
    let tags = vec![(pizhu_annotation::TagRef::derived("人才工作"), 3)];
    let tagged = LibraryEntry { tags: tags.clone(), ..entry };
    scene.event(AppEvent::LibraryUpdated(LibraryUpdate { reset: false, ..LibraryUpdate::full(vec![tagged]) }));
    assert_eq!(scene.state.library.selected().unwrap().tags, tags);
}

#[test]
fn annotation_deleted_meanwhile_keeps_its_note() {
    let mut scene = reading();
    scene.keys("]sa一条批注<C-s>gr");
    assert!(scene.state.moving_annotation.is_some());
    scene.keys("x");
    assert_eq!((scene.state.moving_annotation, scene.reader().annotations.all().len()), (None, 0));
    scene.keys("gr");
    assert_eq!(scene.status_id(), "no-annotation-here");
    // While a note is edited, another program deletes it: saving creates it again.
    scene.keys("a一条批注<C-s>E更长");
    scene.perform(crate::tui::effect::Effect::Annotate(vec![pizhu_annotation::Edit::Delete {
        id: scene.reader().annotations.all()[0].id(),
    }]));
    scene.keys("<C-s>");
    let notes: Vec<_> = scene.reader().annotations.all().iter().map(|anchored| anchored.annotation.note.clone()).collect();
    assert_eq!((scene.status_id(), notes.as_slice()), ("noted", ["一条批注更长".to_owned()].as_slice()));
}

#[test]
fn annotation_list_selection_survives_deletions() {
    let mut scene = reading();
    scene.keys("]st人才<Enter>]st基层<Enter>]st人才<Enter>AGx");
    assert_eq!((scene.state.annotation_list_len(), scene.state.listed_annotation().is_some()), (2, true));
    // Deleted by another program, or undone.
    let ids: Vec<_> =
        scene.reader().annotations.all().iter().map(|anchored| pizhu_annotation::Edit::Delete { id: anchored.id() }).collect();
    scene.perform(crate::tui::effect::Effect::Annotate(ids[1..].to_vec()));
    assert_eq!((scene.state.annotation_list_len(), scene.state.listed_annotation().is_some()), (1, true));
}

#[test]
fn overlays_return_to_annotation_list() {
    let mut scene = reading();
    scene.keys("]sa一条批注<C-s>A");
    for (keys, there) in [("t", Context::Picker), ("a", Context::Editor), ("<F1>", Context::Help), ("<F2>", Context::Welcome)] {
        for leave in ["<Esc>", "<C-s>"] {
            let leave = if there == Context::Editor { leave } else { "<Esc>" };
            scene.keys(keys);
            assert_eq!(scene.state.context(), there, "{keys}");
            scene.keys(leave);
            assert_eq!(scene.state.context(), Context::Annotations, "{keys}{leave}");
        }
    }
    // The key that opened it closes it.
    for (keys, there) in [("A", Context::Annotations), ("<F1>", Context::Help), ("<F2>", Context::Welcome), ("gs", Context::Settings)] {
        scene.keys("<Esc>");
        scene.keys(keys);
        assert_eq!(scene.state.context(), there, "{keys}");
        scene.keys(keys);
        assert_eq!(scene.state.context(), Context::Reader, "{keys}{keys}");
    }
}

#[test]
fn reload_drops_hits() {
    let mut scene = reading();
    scene.keys("/新篇章<Enter>");
    assert_eq!(scene.reader().search.hits().len(), 1);
    let shorter = SPEECH.replace("今天召开这次会议，", "");
    scene
        .reload(pizhu_text::document::parse(pizhu_text::text::SourceText::from(shorter.as_str()), &pizhu_text::document::Hints::default()));
    assert!(scene.reader().search.hits().is_empty());
    scene.keys("gt");
    assert_eq!(scene.status_id(), "no-search-yet");
}

#[test]
fn no_side_panes_without_frames() {
    let mut scene = reading();
    assert!(scene.state.panes().outline.width > 0 && scene.state.panes().text.x > 0);
    scene.state.apply_settings(crate::settings::Settings { frames: false, ..scene.state.settings.clone() });
    assert_eq!((scene.state.panes().outline.width, scene.state.panes().text.x), (0, 0));
    scene.keys("<Tab>");
    assert_eq!((scene.state.panes().outline.width, scene.state.context()), (100, Context::Outline));
    scene.keys("<Enter>");
    assert_eq!((scene.state.panes().text.x, scene.state.context()), (0, Context::Reader));
}

#[test]
fn changes_during_scan_trigger_one_rescan() {
    let mut scene = Scene::library(80, 16);
    scene.event(AppEvent::LibraryUpdated(LibraryUpdate::full(Vec::new())));
    let scans = |scene: &mut Scene| scene.unperformed.drain(..).filter(|effect| matches!(effect, Effect::Scan { .. })).count();
    scans(&mut scene);
    scene.event(AppEvent::LibraryChanged);
    scene.event(AppEvent::LibraryChanged);
    assert_eq!(scans(&mut scene), 1);
    scene.event(AppEvent::LibraryUpdated(LibraryUpdate::full(Vec::new())));
    assert_eq!(scans(&mut scene), 1);
    scene.event(AppEvent::LibraryUpdated(LibraryUpdate::full(Vec::new())));
    assert_eq!(scans(&mut scene), 0);
}
