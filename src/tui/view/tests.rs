//! Snapshots of screens as text, and properties of all screens.

use super::*;
use crate::locale::{Locale, id};
use crate::tui::effect::AppEvent;
use crate::tui::message::LibraryEntry;
use crate::tui::message::LibraryUpdate;
use crate::tui::test_harness::SPEECH;
use crate::tui::test_harness::Scene;
use crate::tui::theme::Theme;
use crate::tui::widget::StyleContext;
use pizhu_text::text::width::AmbiguousWidth;
use ratatui::style::{Color, Modifier};

/// The screen as rows of text; the right half of a wide character is skipped.
pub(in crate::tui) fn screen_text(scene: &Scene, ambiguous: AmbiguousWidth) -> String {
    let theme = Theme::plain();
    let ctx =
        RenderContext { styles: StyleContext { theme: &theme, ambiguous }, locale: Locale::default(), frames: true, keymap: &scene.keymap };
    let size = scene.state.size;
    let mut buffer = Buffer::empty(size.area());
    let cursor = draw(&scene.state, ctx, &mut buffer);
    if let Some(cursor) = cursor {
        assert!(buffer.area.contains(cursor), "{cursor:?}");
    }
    let mut text = String::new();
    for y in 0..size.height {
        let mut x = 0;
        let mut row = String::new();
        while x < size.width {
            let symbol = buffer[(x, y)].symbol();
            row.push_str(symbol);
            x += (paint::width(symbol, ambiguous) as u16).max(1);
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}

#[test]
fn the_reader_shows_tags_and_a_note() {
    let mut scene = Scene::reading(SPEECH, 110, 20);
    scene.keys("]st人才<Enter>J]pt基层<Enter>ggggjjjvllllla看看这里<C-s>");
    insta::assert_snapshot!("reader_110x20", screen_text(&scene, AmbiguousWidth::Narrow));
}

/// The candidates stand above the prompt, on small screens too, and at most eight of many.
#[test]
fn candidates_are_shown_above_the_prompt() {
    for (width, height, shown) in [(80, 24, 8), (30, 8, 7)] {
        let mut scene = Scene::library(width, height);
        let entry = |n: usize| LibraryEntry {
            path: format!("{n}.txt").into(),
            attributes: pizhu_library::attributes::Attributes::of_values(
                [("place", format!("第{}镇", n % 20).as_str())],
                &std::collections::BTreeMap::new(),
            ),
            ..LibraryEntry::default()
        };
        scene.event(AppEvent::LibraryUpdated(LibraryUpdate::full((0..30).map(entry).collect())));
        scene.keys("/attr.place:<Tab><Tab>");
        let screen = screen_text(&scene, AmbiguousWidth::Wide);
        let candidates = screen.lines().filter(|row| row.starts_with(" attr.place:第")).count();
        assert_eq!(candidates, shown, "{screen}");
        let first = screen.lines().find(|row| row.starts_with(" attr.place:第")).unwrap();
        assert!(first.contains("镇 ") && first.contains(" 2 "), "the number of speeches beside it: {screen}");
        scene.keys("<Esc>");
        assert!(!screen_text(&scene, AmbiguousWidth::Wide).contains("attr.place"));
    }
}

#[test]
fn small_screens_are_drawn() {
    for (width, height) in [(80, 24), (40, 12), (30, 8)] {
        let mut scene = Scene::reading(SPEECH, width, height);
        scene.keys("]s");
        insta::assert_snapshot!(format!("reader_{width}x{height}"), screen_text(&scene, AmbiguousWidth::Narrow));
        scene.keys("<Tab>");
        insta::assert_snapshot!(format!("outline_{width}x{height}"), screen_text(&scene, AmbiguousWidth::Narrow));
        scene.keys("t");
        insta::assert_snapshot!(format!("tags_{width}x{height}"), screen_text(&scene, AmbiguousWidth::Narrow));
    }
}

#[test]
fn a_message_replaces_a_screen_that_is_too_small() {
    let scene = Scene::reading(SPEECH, 18, 4);
    let words = Locale::default().text(id::TOO_SMALL);
    assert_eq!(screen_text(&scene, AmbiguousWidth::Narrow).chars().next(), words.chars().next());
}

#[test]
fn overlays_are_drawn() {
    let mut scene = Scene::reading(SPEECH, 80, 24);
    scene.keys("<F1>");
    insta::assert_snapshot!("help_80x24", screen_text(&scene, AmbiguousWidth::Narrow));
    scene.keys("q]st1<Enter>}s");
    scene.keys("a写一条批注<Enter>第二行");
    insta::assert_snapshot!("note_80x24", screen_text(&scene, AmbiguousWidth::Narrow));
    scene.keys("<C-s>A");
    insta::assert_snapshot!("annotations_80x24", screen_text(&scene, AmbiguousWidth::Narrow));
    scene.keys("q/人才");
    insta::assert_snapshot!("search_80x24", screen_text(&scene, AmbiguousWidth::Narrow));
}

#[test]
fn the_review_shows_both_sides() {
    use pizhu_annotation::Target;
    let document = Scene::reading(SPEECH, 80, 24).reader().document().clone();
    let section = document.outline.iter().find(|(_, section)| document.quote(section.heading).contains("抓人才")).unwrap().0;
    let start = SPEECH.chars().position(|c| c == '“').unwrap();
    let targets = [Target::Passage(pizhu_text::text::Span::new(start, start + 14)), Target::Section(section)];
    let new = SPEECH
        .replace("“三项行动”全面铺开，成效明显。", "")
        .replace("三、突出重点，推动组织工作再上台阶", "三、接着往下干")
        .replace("（一）抓人才工作。坚持党管人才，引进急需人才一百名", "（一）抓人才队伍。把门打开");
    for (width, height) in [(90, 16), (40, 12), (30, 8)] {
        let mut scene = Scene::edited(SPEECH, &targets, &new, width, height);
        scene.keys("Rj");
        insta::assert_snapshot!(format!("review_{width}x{height}"), screen_text(&scene, AmbiguousWidth::Narrow));
    }
}

#[test]
fn hints_welcome_settings_and_library_are_drawn() {
    for (width, height) in [(80, 24), (30, 8)] {
        let mut scene = Scene::reading(SPEECH, width, height);
        scene.keys("g");
        insta::assert_snapshot!(format!("hints_{width}x{height}"), screen_text(&scene, AmbiguousWidth::Narrow));
        scene.keys("<Esc><F2>");
        insta::assert_snapshot!(format!("steps_{width}x{height}"), screen_text(&scene, AmbiguousWidth::Narrow));
    }
    let mut scene = Scene::reading(SPEECH, 80, 24);
    scene.keys("gsjj");
    insta::assert_snapshot!("settings_80x24", screen_text(&scene, AmbiguousWidth::Narrow));
    let mut scene = Scene::library(80, 24);
    let entry = |name: &str, percent| LibraryEntry {
        path: name.into(),
        title: format!("{name}讲话"),
        date: "2024-03-01".into(),
        tags: vec![(pizhu_annotation::TagRef::derived("人才工作"), 2)],
        percent,
        ..LibraryEntry::default()
    };
    scene.event(AppEvent::LibraryUpdated(LibraryUpdate::full(vec![entry("青禾县", Some(40)), entry("临江市", None)])));
    insta::assert_snapshot!("library_80x24", screen_text(&scene, AmbiguousWidth::Narrow));
}

#[test]
fn the_tags_screen_and_the_card_are_drawn() {
    let dates = regex::Regex::new(r"20\d\d-\d\d-\d\d \d\d:\d\d").unwrap();
    for (width, height) in [(110, 20), (80, 24), (40, 12), (30, 8)] {
        let mut scene = Scene::reading(SPEECH, width, height);
        scene.keys("]st人才<Enter>}st基层<Enter>a先看这一句，再看全节<C-s>gMA青年人才<Enter>/rencai<Enter>");
        insta::assert_snapshot!(format!("codebook_{width}x{height}"), screen_text(&scene, AmbiguousWidth::Narrow));
        scene.keys("r");
        insta::assert_snapshot!(format!("rename_tag_{width}x{height}"), screen_text(&scene, AmbiguousWidth::Narrow));
        scene.keys("<Esc>m作风<Enter>");
        insta::assert_snapshot!(format!("merge_tag_{width}x{height}"), screen_text(&scene, AmbiguousWidth::Narrow));
        scene.keys("<Esc><Esc><Esc>");
        // The card without its dates.
        scene.keys("<Enter>");
        let text = screen_text(&scene, AmbiguousWidth::Narrow);
        insta::assert_snapshot!(format!("card_{width}x{height}"), dates.replace_all(&text, "20yy-mm-dd hh:mm").into_owned());
    }
}

/// A filter that was left on is seen, also while the text has the focus.
#[test]
fn the_outlines_filter_stays_in_sight() {
    let mut scene = Scene::reading(SPEECH, 80, 24);
    scene.keys("<Tab>f人才<Enter><Enter>");
    let status = |scene: &Scene| screen_text(scene, AmbiguousWidth::Narrow).lines().last().unwrap_or_default().to_owned();
    assert!(status(&scene).contains("outline “人才”"), "{}", status(&scene));
    scene.keys("<Tab><Esc>");
    assert!(!status(&scene).contains("outline “"), "{}", status(&scene));
}

/// Two thirds of the room that neither text nor margin needs make the outline wider.
#[test]
fn a_wide_screen_has_a_wider_outline() {
    let widths: Vec<u16> =
        [80, 120, 200, 240].into_iter().map(|width| Scene::reading(SPEECH, width, 24).state.panes().outline.width).collect();
    assert_eq!(widths, [24, 32, 50, 64]);
}

/// Below 105 columns the encoding had taken the place of the help key.
#[test]
fn the_status_line_names_help_at_80_columns() {
    let scene = Scene::reading(SPEECH, 80, 24);
    assert!(screen_text(&scene, AmbiguousWidth::Narrow).lines().last().unwrap_or_default().contains("F1"));
}

#[test]
fn a_narrow_status_line_shows_the_saved_state_and_the_message() {
    let mut scene = Scene::reading(SPEECH, 40, 12);
    scene.keys("]st1<Enter>");
    let screen = screen_text(&scene, AmbiguousWidth::Narrow);
    let status = screen.lines().last().unwrap();
    assert!(status.contains('✓') && status.contains("Tagged"), "{status}");
}

/// Checks that an incrementally drawn frame equals the same frame drawn from scratch.
#[test]
fn incremental_frames_equal_full_redraws() {
    let keys = [
        "j",
        "j",
        "j",
        "<C-d>",
        "k",
        "]s",
        "[s",
        "<Tab>",
        "za",
        "zM",
        "zR",
        "st人才<Enter>",
        "<Esc>",
        "vl",
        "n<Esc>",
        "g",
        "<F1>",
        "<Esc>",
        "zn",
        "u",
        "<C-r>",
        "/工作<Enter>",
        "<Tab>",
        "dd",
        "<C-f>",
        "gg",
        "G",
        "o",
    ];
    let theme = Theme::plain();
    let rounds = std::env::var("PIZHU_DRAWS").ok().and_then(|number| number.parse().ok()).unwrap_or(400);
    let mut seed: usize = 7;
    for (width, height) in [(110, 20), (60, 12), (30, 8)] {
        let mut scene = Scene::reading(SPEECH, width, height);
        let (mut buffer, mut cache) = (Buffer::empty(scene.state.size.area()), FrameCache::default());
        let (mut screen, mut reused) = (buffer.clone(), 0);
        for round in 0..rounds {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let key = keys[(seed >> 33) % keys.len()];
            scene.keys(key);
            let ambiguous = if round % 90 < 60 { AmbiguousWidth::Narrow } else { AmbiguousWidth::Wide };
            let ctx = RenderContext {
                styles: StyleContext { theme: &theme, ambiguous },
                locale: Locale::default(),
                frames: true,
                keymap: &scene.keymap,
            };
            let (cursor, damage) = draw_incremental(&scene.state, ctx, &mut buffer, &mut cache);
            let mut fresh = Buffer::empty(buffer.area);
            assert_eq!(cursor, draw(&scene.state, ctx, &mut fresh), "{round}: {key}");
            // What `Screen` does: applies the scroll, and reads all cells that are not unchanged.
            if let Some(moved) = damage.scrolled {
                moved.apply(&mut screen.content, width);
            }
            for at in buffer.area.positions().filter(|at| !damage.unchanged.iter().any(|area| area.contains(*at))) {
                screen[at] = buffer[at].clone();
            }
            assert!(screen == fresh, "{round}: {key}");
            reused += usize::from(!damage.unchanged.is_empty());
        }
        // Narrow screens show no outline beside the text.
        assert!(width < 100 || reused > 50, "{reused}");
    }
}

#[test]
fn without_colours_the_selection_is_shown_by_attributes() {
    /// The text in the column that has any of the attributes.
    fn with(scene: &Scene, attributes: Modifier) -> String {
        let theme = Theme::plain();
        let ctx = RenderContext {
            styles: StyleContext { theme: &theme, ambiguous: AmbiguousWidth::Narrow },
            locale: Locale::default(),
            frames: true,
            keymap: &scene.keymap,
        };
        let mut buffer = Buffer::empty(scene.state.size.area());
        draw(&scene.state, ctx, &mut buffer);
        assert!(buffer.content.iter().all(|cell| (cell.fg, cell.bg) == (Color::Reset, Color::Reset)));
        let column = scene.state.panes().column;
        let found = column.positions().filter_map(|at| buffer.cell(at)).filter(|cell| cell.modifier.intersects(attributes));
        found.map(ratatui::buffer::Cell::symbol).filter(|symbol| *symbol != " ").collect()
    }
    let mut scene = Scene::reading(SPEECH, 80, 24);
    assert_eq!(with(&scene, Modifier::UNDERLINED), "");
    assert_eq!(with(&scene, Modifier::REVERSED), "在"); // the cursor
    scene.keys("vllll");
    assert_eq!(with(&scene, Modifier::REVERSED), "在青禾县组");
    scene.keys("<Esc>/组织<Enter>");
    let matches = SPEECH.matches("组织").count();
    assert_eq!(with(&scene, Modifier::UNDERLINED).matches("组织").count(), matches - 1);
    assert_eq!(with(&scene, Modifier::REVERSED), "组织"); // the current hit
    let mut scene = Scene::reading(SPEECH, 80, 24);
    scene.keys("vlllt人才<Enter>");
    assert_eq!(with(&scene, Modifier::UNDERLINED), "在青禾"); // the last char has the cursor
    assert_eq!(with(&scene, Modifier::UNDERLINED | Modifier::REVERSED), "在青禾县");
    // The selected row in the outline and in a list of tags.
    scene.keys("<Tab>");
    let (theme, keymap) = (Theme::plain(), scene.keymap.clone());
    let ctx = RenderContext {
        styles: StyleContext { theme: &theme, ambiguous: AmbiguousWidth::Narrow },
        locale: Locale::default(),
        frames: true,
        keymap: &keymap,
    };
    for keys in ["", "t"] {
        scene.keys(keys);
        let mut buffer = Buffer::empty(scene.state.size.area());
        draw(&scene.state, ctx, &mut buffer);
        let full = |y: u16| {
            let reversed = |x: u16| buffer[(x, y)].modifier.contains(Modifier::REVERSED);
            (0..buffer.area.width).filter(|x| reversed(*x)).count() > 10
        };
        assert!((0..buffer.area.height - 1).any(full), "after {keys:?}");
    }
}
