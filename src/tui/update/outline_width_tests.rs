//! The width of the outline: by itself, by keys, by dragging.

use crate::tui::effect::{AppEvent, Effect, Mouse, MouseKind};
use crate::tui::test_harness::{SPEECH, Scene};
use std::time::Duration;

fn width(scene: &Scene) -> u16 {
    scene.state.panes().outline.width
}

/// The width that was saved last.
fn saved(scene: &Scene) -> Option<u16> {
    let saved = scene.unperformed.iter().rev();
    saved.clone().find_map(|effect| if let Effect::SaveSettings(settings) = effect { Some(settings.outline_width) } else { None })
}

fn mouse(scene: &mut Scene, kind: MouseKind, column: u16) {
    scene.event(AppEvent::Mouse(Mouse { kind, column, row: 3, at: Duration::from_secs(9) }));
}

#[test]
fn keys_change_the_width_and_it_is_remembered() {
    let mut scene = Scene::reading(SPEECH, 160, 24);
    let before = width(&scene);
    scene.keys("<Tab>>");
    assert_eq!((width(&scene), saved(&scene), scene.status_id()), (before + 4, Some(before + 4), "outline-width"));
    scene.keys("3<lt>");
    assert_eq!((width(&scene), saved(&scene)), (before - 8, Some(before - 8)));
    // The text keeps thirty cells.
    scene.keys("99>");
    assert_eq!(width(&scene), 120);
    scene.event(AppEvent::Resize(crate::tui::message::Size { width: 100, height: 24 }));
    assert_eq!(width(&scene), 70);
    scene.event(AppEvent::Resize(crate::tui::message::Size { width: 60, height: 24 }));
    scene.keys(">");
    assert_eq!(scene.status_id(), "outline-alone");
}

#[test]
fn outline_border_is_dragged() {
    let mut scene = Scene::reading(SPEECH, 120, 24);
    let line = width(&scene);
    mouse(&mut scene, MouseKind::Press, line);
    mouse(&mut scene, MouseKind::Drag, 50);
    assert_eq!((width(&scene), saved(&scene)), (50, None), "not saved while it is dragged");
    mouse(&mut scene, MouseKind::Drag, 45);
    mouse(&mut scene, MouseKind::Release, 45);
    assert_eq!((width(&scene), saved(&scene)), (45, Some(45)));
    // A drag in the text selects, as before.
    mouse(&mut scene, MouseKind::Press, 70);
    mouse(&mut scene, MouseKind::Drag, 74);
    mouse(&mut scene, MouseKind::Release, 74);
    assert!(scene.selected().is_some() && width(&scene) == 45);
}
