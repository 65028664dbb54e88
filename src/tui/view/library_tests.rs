//! Tests of the library's columns and their heads.

use super::tests::screen_text;
use crate::tui::effect::{AppEvent, Mouse, MouseKind};
use crate::tui::message::{LibraryEntry, LibraryUpdate, Size};
use crate::tui::test_harness::Scene;
use pizhu_terminal::paint;
use pizhu_text::text::width::AmbiguousWidth::Narrow;
use std::time::Duration;

/// The columns have heads, which end where their figures do; the one that the list is sorted by has a
/// sign, and a click on a head sorts by it.
#[test]
fn columns_have_heads_and_a_click_on_one_sorts() {
    let heads = |scene: &Scene| screen_text(scene, Narrow).lines().nth(2).unwrap_or_default().trim_end().to_owned();
    let mut scene = Scene::library(100, 24);
    let tags = vec![(pizhu_annotation::TagRef::derived("人才工作"), 2)];
    let entry = |n: usize| LibraryEntry {
        path: format!("讲话{n}.txt").into(),
        title: format!("第{n}次讲话"),
        date: format!("202{n}-03-01"),
        chars: 6000 + n,
        tags: if n == 1 { tags.clone() } else { Vec::new() },
        ..LibraryEntry::default()
    };
    scene.event(AppEvent::LibraryUpdated(LibraryUpdate::full((0..3).map(entry).collect())));
    assert!(heads(&scene).starts_with(" Date        Title"), "{}", heads(&scene));
    let row = screen_text(&scene, Narrow).lines().nth(4).unwrap_or_default().trim_end().to_owned();
    assert!(row.starts_with(" 2021-03-01  第1次讲话") && row.ends_with("6001    21     —"), "{row}");
    let end = |row: &str, word: &str| paint_width(row.split_inclusive(word).next().unwrap_or_default());
    assert_eq!((end(&heads(&scene), "Chars"), end(&heads(&scene), "Tags") - 4), (end(&row, "6001"), end(&row, "人") - 2));
    // The title, the length, and the length the other way round.
    for (column, order) in [(20, "title"), (end(&row, "6001") - 1, "length"), (end(&row, "6001") - 1, "-length"), (3, "date")] {
        scene.seconds += 1;
        let (column, at) = (u16::try_from(column).unwrap(), Duration::from_secs(scene.seconds));
        scene.event(AppEvent::Mouse(Mouse { kind: MouseKind::Press, column, row: 2, at }));
        assert_eq!(scene.state.library.order_name(), order);
    }
    assert!(heads(&scene).starts_with(" Date↓"), "{}", heads(&scene));
    // Over columns that are empty in its row a long title goes on.
    let title = "在全市深化拓展基层党建工作暨人才工作推进会结束时的讲话提纲";
    let long = LibraryEntry { path: "长.txt".into(), title: title.to_owned(), date: "2024-03-01".to_owned(), ..LibraryEntry::default() };
    scene.event(AppEvent::LibraryUpdated(LibraryUpdate::full(vec![entry(1), long])));
    assert!(screen_text(&scene, Narrow).contains(title), "{}", screen_text(&scene, Narrow));
    // In a small terminal the rows are for speeches.
    for (width, height) in [(59, 24), (100, 14)] {
        let size = Size { width, height };
        assert!(size.library_heads().is_empty() && size.library_areas().0.y == 2, "{width}×{height}");
    }
}

fn paint_width(text: &str) -> usize {
    paint::width(text, Narrow)
}
