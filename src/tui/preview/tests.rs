//! Which previews are asked for, and what is shown.

use crate::tui::effect::{AppEvent, Effect};
use crate::tui::message::{LibraryEntry, LibraryUpdate, SpeechPreview};
use crate::tui::test_harness::Scene;
use std::path::PathBuf;

fn scene(width: u16) -> Scene {
    let mut scene = Scene::library(width, 24);
    let entry = |n: usize| LibraryEntry { path: format!("{n}.txt").into(), title: format!("第{n}次讲话"), ..LibraryEntry::default() };
    scene.event(AppEvent::LibraryUpdated(LibraryUpdate::full((0..9).map(entry).collect())));
    scene
}

/// The previews asked for since the last call.
fn asked(scene: &mut Scene) -> Vec<PathBuf> {
    let effects = std::mem::take(&mut scene.unperformed).into_iter();
    effects.filter_map(|effect| if let Effect::Preview(path) = effect { Some(path) } else { None }).collect()
}

fn answer(scene: &mut Scene, path: &str) {
    let preview = SpeechPreview { path: path.into(), first_lines: vec![format!("{path}的开头")], ..SpeechPreview::default() };
    scene.event(AppEvent::Previewed(Box::new(preview)));
}

fn shown(scene: &Scene) -> Option<String> {
    let preview = scene.state.preview.of(scene.state.library.selected()?)?;
    preview.first_lines.first().cloned()
}

#[test]
fn the_selected_speech_is_previewed_and_kept() {
    let mut scene = scene(120);
    assert_eq!(asked(&mut scene), [PathBuf::from("0.txt")]);
    assert_eq!(shown(&scene), None);
    answer(&mut scene, "0.txt");
    assert_eq!(shown(&scene).as_deref(), Some("0.txt的开头"));
    // A key that moves nothing asks for nothing.
    scene.keys("k");
    assert_eq!(asked(&mut scene), Vec::<PathBuf>::new());
    scene.keys("jjj");
    assert_eq!(asked(&mut scene), ["1.txt", "2.txt", "3.txt"].map(PathBuf::from));
    // What comes late is of another speech and is not shown.
    answer(&mut scene, "1.txt");
    assert_eq!(shown(&scene), None);
    answer(&mut scene, "3.txt");
    assert_eq!(shown(&scene).as_deref(), Some("3.txt的开头"));
    scene.keys("gg");
    assert_eq!((asked(&mut scene), shown(&scene).as_deref()), (Vec::new(), Some("0.txt的开头")), "kept");
    // It has changed since.
    let changed = LibraryEntry { path: "0.txt".into(), title: "第0次讲话".into(), chars: 9, ..LibraryEntry::default() };
    scene.event(AppEvent::LibraryUpdated(LibraryUpdate {
        reset: false,
        entries: vec![(0, std::sync::Arc::new(changed.with_search_key()))],
        read: None,
    }));
    assert_eq!((asked(&mut scene), shown(&scene)), (vec![PathBuf::from("0.txt")], None));
}

#[test]
fn a_narrow_terminal_has_no_preview() {
    let mut scene = scene(109);
    scene.keys("jj");
    assert_eq!(asked(&mut scene), Vec::<PathBuf>::new());
    assert!(scene.state.size.library_areas().1.is_empty());
    let (list, preview) = crate::tui::message::Size { width: 110, height: 24 }.library_areas();
    assert!(preview.width >= 40 && list.right() + 2 == preview.x && preview.right() == 110);
}
