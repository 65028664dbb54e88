//! One sign for a tag, wherever it is shown.

use super::tests::screen_text;
use crate::tui::test_harness::{SPEECH, Scene};
use pizhu_text::text::width::AmbiguousWidth::Narrow;

/// The list of tags had shown other signs than the outline, and one of them was the sign of a fold.
#[test]
fn a_tag_has_one_sign_on_every_screen() {
    let screens = [("t", "picker"), ("<Esc>gR", "list of names"), ("<Esc>A", "annotations"), ("qgM", "tags"), ("q]s[s<Enter>", "card")];
    check_sign("人才工作", &screens);
    // One that is made here and has no colour.
    check_sign("对外合作", &[("A", "annotations"), ("q]s[s<Enter>", "card")]);
}

fn check_sign(tag: &str, screens: &[(&str, &str)]) {
    let mut scene = Scene::reading(SPEECH, 110, 30);
    scene.keys(&format!("]st{tag}<Enter>"));
    let outline = screen_text(&scene, Narrow);
    let row = outline.lines().find(|row| row.contains("一、肯定成绩")).unwrap();
    let sign = row.split('╎').next().unwrap().trim_end().chars().last().unwrap();
    assert!(!"▸▾".contains(sign), "{sign} is the sign of a fold");
    for (keys, screen) in screens {
        scene.keys(keys);
        let text = screen_text(&scene, Narrow);
        let bare: String = text.split_whitespace().collect();
        assert!(bare.contains(&format!("{sign}{tag}")), "{screen}: {sign} in\n{text}");
    }
}
