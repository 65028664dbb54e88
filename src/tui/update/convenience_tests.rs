//! Tests of conveniences: the mouse, settings, hints, bookmarks, the editor, filters.

use super::tests::reading;
use super::*;
use crate::locale::id;
use crate::tui::effect::{Mouse, MouseKind};
use crate::tui::message::{Context, ExportKind, Size};
use crate::tui::overlay::Overlay;
use crate::tui::test_harness::{SPEECH, Scene};

/// Sends mouse events to cells of the screen, one second after the previous ones.
fn mouse(scene: &mut Scene, steps: &[(MouseKind, u16, u16)]) {
    scene.seconds += 1;
    for (step, (kind, column, row)) in steps.iter().enumerate() {
        let at = std::time::Duration::from_millis(scene.seconds * 1000 + step as u64 * 50);
        scene.event(AppEvent::Mouse(Mouse { kind: *kind, column: *column, row: *row, at }));
    }
}

#[test]
fn mouse_clicks_drags_and_scrolls() {
    use MouseKind::{Drag, Press, Release, WheelDown, WheelUp};
    let mut scene = reading();
    let column = scene.state.panes().column;
    let row = scene.rows().iter().position(|row| row.contains("今天召开")).unwrap() as u16;
    // The first line is indented by two characters of two cells each.
    let x = column.x + 4;
    mouse(&mut scene, &[(Press, x, row), (Release, x, row)]);
    assert_eq!((scene.at_cursor(2).as_str(), scene.selected()), ("今天", None));
    mouse(&mut scene, &[(Press, x + 1, row)]);
    assert_eq!(scene.at_cursor(2), "今天", "the second cell of a character is the character's");
    mouse(&mut scene, &[(Press, x, row), (Drag, x + 2, row), (Drag, x + 6, row), (Release, x + 6, row)]);
    assert_eq!(scene.selected().as_deref(), Some("今天召开"));
    mouse(&mut scene, &[(Press, x + 4, row), (Drag, x, row)]);
    assert_eq!(scene.selected().as_deref(), Some("今天召"), "backwards too");
    mouse(&mut scene, &[(Press, x, row), (Release, x, row), (Press, x, row), (Release, x, row)]);
    assert_eq!(scene.selected().as_deref(), Some("今天"));
    mouse(&mut scene, &[(Press, x, row), (Press, x, row), (Press, x, row)]);
    assert!(scene.selected().unwrap().ends_with('。'));
    // Near the edge, where keys would scroll, the rows stay in place.
    scene.keys("4]szt");
    let rows = scene.rows();
    mouse(&mut scene, &[(Press, x, 1), (Press, x, 1), (Press, x, 1)]);
    assert!(scene.selected().is_some() && scene.rows() == rows);
    scene.keys("gg");
    let top = scene.reader().viewport.anchor();
    mouse(&mut scene, &[(WheelDown, x, 3)]);
    assert!(scene.reader().viewport.anchor() > top);
    mouse(&mut scene, &[(WheelUp, x, 3), (WheelUp, x, 3)]);
    assert_eq!(scene.reader().viewport.anchor(), 0);
    mouse(&mut scene, &[(Press, 4, 1)]);
    assert_eq!((scene.at_cursor(4).as_str(), scene.state.context()), ("（一）干", Context::Reader));
    // On a fold sign.
    let rows = scene.reader().outline.tree().row_count();
    mouse(&mut scene, &[(Press, 0, 0)]);
    assert_eq!(scene.reader().outline.tree().row_count(), rows - 5);
}

#[test]
fn the_mouse_works_in_lists() {
    use MouseKind::Press;
    let mut scene = reading();
    scene.keys("]st");
    let area = crate::tui::widget::inner_area(scene.state.size.picker());
    mouse(&mut scene, &[(Press, area.x + 2, area.y + 2), (Press, area.x + 2, area.y + 2)]);
    assert_eq!((scene.status_id(), scene.reader().annotations.all().len()), ("tagged", 1));
    scene.keys("t");
    mouse(&mut scene, &[(Press, 0, 0)]);
    assert_eq!(scene.state.context(), Context::Reader);
    scene.keys("GA");
    mouse(&mut scene, &[(Press, 5, 1), (Press, 5, 1)]);
    assert_eq!(scene.at_cursor(2), "一、");
}

#[test]
fn settings_changes_are_saved() {
    let kept = |scene: &Scene| match scene.unperformed.last() {
        Some(Effect::SaveSettings(settings)) => (**settings).clone(),
        other => panic!("{other:?}"),
    };
    let mut scene = reading();
    scene.keys("gm");
    assert!(!kept(&scene).mouse && !scene.state.pointer.enabled);
    scene.keys("gm<lt><lt>");
    assert_eq!((kept(&scene).column_width, scene.status_id()), (scene.state.settings.column_width, "column-width"));
    let width = scene.state.settings.column_width;
    scene.keys("2>");
    assert_eq!(kept(&scene).column_width, width + 4);
    scene.keys("gs");
    assert_eq!(scene.state.context(), Context::Settings);
    scene.keys("jjjjl");
    assert_eq!((kept(&scene).line_spacing, scene.state.display_options.spacing.line), (1, 1));
    scene.keys("h");
    assert_eq!(kept(&scene).line_spacing, 0);
    let before = scene.unperformed.len();
    scene.keys("h<Esc>");
    assert_eq!((scene.unperformed.len(), scene.state.context()), (before, Context::Reader), "nothing changes, nothing is kept");
    scene.keys("gL");
    assert_eq!(kept(&scene).language, scene.state.locale.language().tag());
    scene.state.theme_name = "light".into();
    scene.keys("gT");
    assert_eq!(kept(&scene).theme, "dark");
}

#[test]
fn spacing_settings_apply() {
    for (lines, paragraphs) in [(0, 0), (1, 0), (2, 1), (1, 3)] {
        let mut scene = Scene::reading(SPEECH, 60, 30);
        let settings = crate::settings::Settings { line_spacing: lines, paragraph_spacing: paragraphs, ..scene.state.settings.clone() };
        scene.state.apply_settings(settings);
        let rows = scene.rows();
        let first = rows.iter().position(|row| row.contains("今天召开")).unwrap();
        let next = rows.iter().skip(first + 1).position(|row| !row.is_empty()).unwrap();
        assert_eq!(next, usize::from(lines), "{rows:?}");
        // Moving down and up by rows visits every row of text and comes back.
        let down = (0..40)
            .filter(|_| {
                scene.keys("j");
                scene.status_id() != "at-end"
            })
            .count();
        scene.keys(&format!("{down}k"));
        assert_eq!(scene.at_cursor(2), "在青");
        scene.keys("G<C-u><C-u><C-u><C-u><C-u><C-u><C-u><C-u><C-u>gg<C-e><C-e><C-y><C-y>");
        assert_eq!(scene.reader().viewport.anchor(), 0);
    }
}

#[test]
fn help_is_filtered() {
    let mut scene = reading();
    scene.keys("<F1>/unfold");
    let Some(Overlay::Prompt(prompt)) = &scene.state.overlay else { panic!("no prompt") };
    assert!(prompt.is_above);
    assert!(matches!(scene.state.overlays_below.last(), Some(Overlay::Help(help)) if help.filter() == "unfold"));
    scene.keys("<Enter>");
    let Some(Overlay::Help(help)) = &scene.state.overlay else { panic!("no help") };
    assert!((6..14).contains(&help.rows().len()), "{:?}", help.rows());
    scene.keys("<Esc>");
    assert!(matches!(&scene.state.overlay, Some(Overlay::Help(help)) if help.filter().is_empty()));
    scene.keys("<Esc>");
    assert_eq!(scene.state.context(), Context::Reader);
    scene.keys("<F2>");
    assert_eq!(scene.state.context(), Context::Welcome);
    scene.keys("<Enter>");
    assert_eq!(scene.state.context(), Context::Reader);
}

#[test]
fn palette_finds_by_description() {
    let mut scene = reading();
    scene.state.locale = crate::locale::Locale::new(crate::locale::Language::English);
    scene.keys("<C-p>to the end, or<Enter>");
    assert_eq!(scene.at_cursor(1), "！");
}

#[test]
fn export_asks_before_overwriting() {
    let mut scene = reading();
    scene.keys("X");
    assert_eq!(scene.status_id(), "no-annotations");
    scene.keys("]st1<Enter>Xcsv<Enter>");
    assert_eq!(scene.state.context(), Context::Prompt);
    scene.keys("<Enter>");
    let export = |scene: &Scene| match scene.unperformed.last() {
        Some(Effect::Export(export)) => (export.path.clone(), export.overwrite, export.annotations.len()),
        other => panic!("{other:?}"),
    };
    // The name proposed was the speech's own.
    let name = format!("speech-{}.csv", scene.state.locale.text(id::EXPORT_SUFFIX));
    assert_eq!(export(&scene), (name.clone().into(), false, 1));
    let format = pizhu_library::exchange::FORMATS.iter().position(|format| format.name == "csv").unwrap();
    let exists = || AppEvent::ExportFileExists { kind: ExportKind::Annotations(format), path: name.clone().into() };
    // A question that covers the screen; Enter asks for another name, and goes on asking.
    for _ in 0..3 {
        scene.event(exists());
        assert_eq!((scene.status_id(), scene.state.context()), ("export-exists", Context::Picker));
        scene.keys("<Enter>");
        assert_eq!(scene.state.context(), Context::Prompt);
        scene.keys("<Enter>");
        assert_eq!(export(&scene), (name.clone().into(), false, 1), "not replaced unasked");
    }
    scene.event(exists());
    scene.keys("<Enter>2<Enter>");
    assert_eq!(export(&scene), (format!("{name}2").into(), false, 1));
    scene.event(exists());
    scene.keys("<Down><Enter>");
    assert_eq!(export(&scene), (name.clone().into(), true, 1));
    let performed = scene.unperformed.len();
    for keys in ["<Esc>", "<Down><Down><Enter>"] {
        scene.event(exists());
        scene.keys(keys);
        assert_eq!((scene.unperformed.len(), scene.state.context()), (performed, Context::Reader), "{keys}");
    }
}

#[test]
fn copies_leave_the_footer_out_and_name_the_section() {
    let text = "在青禾县会议上的讲话\n（2024年5月6日）\n一、总体要求\n1.基础得到进一步夯实\n要稳。\n2贝葱履芰Φ玫浇一步提升\n要实。\n3.作风得到进一步转变\n要严。\n二、保障措施\n要快。\n【打印本页】 【关闭窗口】\n";
    let mut scene = Scene::reading(text, 100, 30);
    let copied = |scene: &Scene| match scene.unperformed.last() {
        Some(Effect::Copy(text)) => text.clone(),
        other => panic!("{other:?}"),
    };
    scene.keys("GSY");
    let cited = copied(&scene);
    assert!(cited.starts_with("二、保障措施\n要快。\n——《在青禾县会议上的讲话》，2024-05-06，二、保障措施\n"), "{cited}");
    scene.keys("gg/要实<Enter>Sy");
    let section = copied(&scene);
    assert!(!section.contains("贝葱") && section.contains("要实。") && section.contains("进一步提升"), "{section}");
}

#[test]
fn shrinking_keeps_cursor_visible() {
    let mut scene = Scene::reading(&SPEECH.repeat(20), 100, 30);
    scene.keys("/人才<Enter>nnnL/人才<Enter>");
    let cursor = scene.reader().viewport.cursor();
    let anchor = scene.reader().viewport.anchor();
    for (width, height) in [(40, 8), (30, 8), (100, 30)] {
        scene.event(AppEvent::Resize(Size { width, height }));
        assert_eq!(scene.reader().viewport.cursor(), cursor, "{width}×{height}");
        assert!(scene.reader().viewport.cell_at(scene.reader().viewport.cursor()).is_some());
        assert!(scene.reader().search.current(cursor).is_some());
    }
    assert_eq!(scene.reader().viewport.anchor(), anchor);
}

#[test]
fn bookmarks_are_set_visited_and_deleted() {
    let mut scene = reading();
    scene.keys("gB");
    assert_eq!(scene.status_id(), "no-bookmarks");
    scene.keys("4]sgb<Enter>gg}gb<C-u>开头<Enter>ma");
    assert_eq!(scene.reader().marks.keys().map(String::as_str).collect::<Vec<_>>(), ["a", "二、认清形势，找准工作中的差距", "开头"]);
    scene.keys("gB认清<Enter>");
    assert_eq!(scene.at_cursor(2), "二、");
    scene.keys("gB认清<C-x>");
    assert_eq!((scene.status_id(), scene.reader().marks.len()), ("bookmark-dropped", 2));
}

#[test]
fn note_returns_from_external_editor() {
    let mut scene = reading();
    scene.keys("}}sa初稿<C-x>");
    assert!(matches!(scene.unperformed.last(), Some(Effect::EditExternally(text)) if text == "初稿"));
    scene.event(AppEvent::EditedExternally("定稿\n第二行\n".into()));
    scene.keys("<C-s>");
    assert_eq!(scene.reader().annotations.all()[0].annotation.note, "定稿\n第二行");
}

#[test]
fn annotation_is_moved() {
    let mut scene = reading();
    scene.keys("}}st1<Enter>gr");
    assert_eq!(scene.status_id(), "annotation-taken");
    scene.keys("4]s}sgr");
    let anchored = &scene.reader().annotations.all()[0];
    assert_eq!((scene.status_id(), scene.reader().annotations.all().len()), ("annotation-resized", 1));
    assert!(anchored.annotation.selector.quote.starts_with("成绩来之不易"), "{}", anchored.annotation.selector.quote);
    // From the list, and onto a part of the text.
    scene.keys("Am]p<Esc>gg}}vllgr");
    assert_eq!(scene.status_id(), "no-annotation-here", "escape puts it down again");
    scene.keys("<Esc>Amgg}}vllgr");
    assert_eq!(scene.reader().annotations.all()[0].annotation.selector.quote, "今天召");
}

#[test]
fn annotation_list_filters() {
    let mut scene = reading();
    scene.keys("gn");
    assert_eq!(scene.status_id(), "annotations-not-loaded");
    scene.keys("]st人才<Enter>J.}sa问问青禾<C-s>ggA");
    assert_eq!(scene.state.annotation_list_len(), 3);
    scene.keys("n");
    assert_eq!(scene.state.annotation_list_len(), 1);
    scene.keys("nG/青禾<Enter>");
    assert_eq!(scene.state.annotation_list_len(), 1);
    scene.keys("<Esc>/人才<Enter><Enter>");
    assert_eq!((scene.at_cursor(2).as_str(), scene.state.context()), ("一、", Context::Reader));
    scene.keys("gn<Enter>");
    assert_eq!(scene.at_cursor(4), "成绩来之");
}

#[test]
fn outline_filters_by_tag() {
    let mut scene = reading();
    scene.keys("2]st人才<Enter><Tab>f#人才");
    assert_eq!(scene.reader().outline.tree().row_count(), 2, "the section tagged and the one above");
    scene.keys("<C-u>#");
    assert_eq!(scene.reader().outline.tree().row_count(), 2);
    scene.keys("<C-u>人才<Enter>");
    assert_eq!(scene.reader().outline.tree().row_count(), 4, "by title or by tag");
}

#[test]
fn go_to_page() {
    let mut scene = Scene::reading(&SPEECH.repeat(3), 100, 17);
    scene.keys(":p2<Enter>");
    let anchor = scene.reader().viewport.anchor();
    scene.keys("gg<PageDown>jj:第2页<Enter>");
    assert_eq!(scene.reader().viewport.anchor(), anchor);
    scene.keys(":p99<Enter>");
    assert_eq!(scene.status_id(), "no-such-place");
    // If the text numbers its pages, those numbers are used.
    let page = format!("{}\n\n", "青禾县的工作要抓得更实。".repeat(60));
    let numbered = ["- 1 -", "- 2 -", "- 3 -"].map(|mark| format!("{page}{mark}\n\n")).concat();
    let mut scene = Scene::reading(&numbered, 100, 17);
    scene.keys(":p3<Enter>");
    let line = scene.reader().document().source.char_to_line(scene.reader().viewport.cursor());
    assert_eq!(line, 8);
}

#[test]
fn reload_keeps_position() {
    let mut scene = reading();
    scene.keys("4]sma");
    let changed = SPEECH.replace("同志们：", "同志们、朋友们：").replace("有声有色", "很有声色");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("讲话.txt");
    std::fs::write(&path, changed).unwrap();
    let speech = pizhu_library::source::open(&path, None).unwrap();
    scene.event(AppEvent::Reloaded { opening: 7, speech: Box::new(speech.clone()) });
    assert_eq!(scene.status_id(), "mark-set", "of another speech");
    scene.event(AppEvent::Reloaded { opening: 1, speech: Box::new(speech.clone()) });
    assert_eq!((scene.status_id(), scene.at_cursor(2).as_str()), ("reloaded", "二、"));
    scene.keys("gg'a");
    assert_eq!(scene.at_cursor(2), "二、");
    scene.state.status = None;
    scene.event(AppEvent::Reloaded { opening: 1, speech: Box::new(speech) });
    assert_eq!(scene.status_id(), "", "nothing has changed");
}

/// The comparison was made on the drawing thread.
#[test]
fn the_old_text_stays_until_it_has_been_compared_with_the_latest() {
    let mut scene = reading();
    scene.keys("4]s");
    scene.compares = false;
    let speech = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("讲话.txt"), text).unwrap();
        Box::new(pizhu_library::source::open(&folder.path().join("讲话.txt"), None).unwrap())
    };
    let first = speech(&SPEECH.replace("同志们：", "同志们、朋友们：").replace("有声有色", "很有声色"));
    let second = speech(&SPEECH.replace("同志们：", "老同志们、老朋友们：").replace("有声有色", "越来越有声色"));
    let shown = scene.reader().document().clone();
    scene.event(AppEvent::Reloaded { opening: 1, speech: first.clone() });
    scene.event(AppEvent::Reloaded { opening: 1, speech: second.clone() });
    let asked: Vec<Effect> = scene.unperformed.drain(..).filter(|effect| matches!(effect, Effect::CompareTexts { .. })).collect();
    let [_, Effect::CompareTexts { opening: 1, old, .. }] = &asked[..] else { panic!("{asked:?}") };
    assert!(std::sync::Arc::ptr_eq(old, &shown) && std::sync::Arc::ptr_eq(scene.reader().document(), &shown), "as it was");
    // Keys go on; the comparison of what is out of date is passed over.
    scene.keys("j");
    let compared = |speech: &pizhu_library::source::Speech| {
        pizhu_annotation::anchor::TextComparison::new(&shown.source, &speech.document.source).map(std::sync::Arc::new)
    };
    scene.event(AppEvent::TextsCompared { opening: 1, comparison: compared(&first), speech: first });
    assert!(std::sync::Arc::ptr_eq(scene.reader().document(), &shown));
    scene.keys("k");
    scene.event(AppEvent::TextsCompared { opening: 1, comparison: compared(&second), speech: second.clone() });
    assert_eq!((scene.status_id(), scene.at_cursor(2).as_str()), ("reloaded", "二、"));
    assert_eq!(scene.reader().document().source, second.document.source);
}

fn reload(scene: &mut Scene, text: &str) {
    scene.reload(pizhu_text::document::parse(pizhu_text::text::SourceText::from(text), &pizhu_text::document::Hints::default()));
}

/// First two chars of the text that the first annotation is attached to.
fn annotated(scene: &Scene) -> String {
    let placed = scene.annotations.iter().next().unwrap();
    scene.reader().document().text(placed.span.unwrap()).chars().take(2).collect()
}

#[test]
fn annotation_in_progress_follows_its_text() {
    let before = SPEECH.replace("一、肯定成绩", "一、开头的话\n\n先说几句。\n\n一、肯定成绩");
    for (keys, rest) in [("t", "人才<Enter>"), ("a", "要抓实<C-s>")] {
        let mut scene = reading();
        scene.keys("4]s");
        assert_eq!(scene.at_cursor(2), "二、");
        scene.keys(keys);
        reload(&mut scene, &before);
        scene.keys(rest);
        assert_eq!(annotated(&scene), "二、", "{keys}");
    }
}

#[test]
fn deleted_target_closes_picker_and_keeps_note() {
    let from = SPEECH.find("二、认清形势").unwrap();
    let to = SPEECH.find("三、").unwrap();
    let gone = format!("{}{}", &SPEECH[..from], &SPEECH[to..]);
    let mut scene = reading();
    scene.keys("4]st");
    reload(&mut scene, &gone);
    assert_eq!((scene.status_id(), scene.state.overlay.is_none(), scene.annotations.iter().count()), ("place-gone", true, 0));
    let mut scene = reading();
    scene.keys("4]sa要抓实");
    reload(&mut scene, &gone);
    assert_eq!(scene.status_id(), "note-homeless");
    scene.keys("，见实效<C-s>");
    assert_eq!(scene.annotations.iter().next().unwrap().annotation.note, "要抓实，见实效");
}
