//! Snapshots of the screens over several speeches: comparison, and reading by tag.

use super::tests::screen_text;
use crate::app::tagged::TaggedSpeech;
use crate::tui::effect::AppEvent;
use crate::tui::message::{Context, PassageGroup, QueryResults, QuerySubject};
use crate::tui::result_rows::{passage_rows, rows_by_tag};
use crate::tui::test_harness::{SPEECH, Scene, compared};
use pizhu_text::document::{Hints, parse};
use pizhu_text::text::SourceText;
use pizhu_text::text::width::AmbiguousWidth::Narrow;
use std::path::Path;
use std::sync::Arc;

/// Next year's speech: other figures, a section that is new, one that is gone, one that went elsewhere.
fn next_year() -> String {
    SPEECH
        .replace("调整干部八十六人次", "调整干部一百二十人次")
        .replace("二、认清形势，找准工作中的差距\n\n成绩来之不易，问题不容忽视。有的支部作用发挥不够，有的干部担当精神不足，有的地方人才流失严重。\n\n三、", "二、")
        .replace(
            "同志们，做好今年",
            "（三）抓年轻干部培养。把年轻干部放到项目工地和信访窗口去摔打，在急难险重中长本领、见世面。\n\n同志们，做好今年",
        )
}

fn comparing(width: u16, height: u16) -> Scene {
    let mut scene = Scene::reading(SPEECH, width, height);
    scene.keys("g|甲|乙<Enter>");
    let generation = scene.state.last_query;
    let documents = [SPEECH, &next_year()].map(|text| parse(SourceText::from(text), &Hints::default()));
    scene.event(AppEvent::Compared { generation, content: Box::new(compared(documents)) });
    scene
}

#[test]
fn two_speeches_are_compared_on_every_size_of_screen() {
    for (width, height) in [(120, 24), (80, 20), (40, 12)] {
        let mut scene = comparing(width, height);
        insta::assert_snapshot!(format!("compare_{width}x{height}"), screen_text(&scene, Narrow));
        scene.keys("<Tab>nn");
        insta::assert_snapshot!(format!("compare_change_{width}x{height}"), screen_text(&scene, Narrow));
        scene.keys("s");
        insta::assert_snapshot!(format!("compare_sections_{width}x{height}"), screen_text(&scene, Narrow));
    }
}

#[test]
fn the_keys_of_a_comparison_go_from_change_to_change() {
    let mut scene = comparing(120, 24);
    let at = |scene: &Scene| {
        let compare = scene.state.compare.as_ref().unwrap();
        let pane = &compare.panes[compare.focus];
        let row = &pane.wrapped_rows()[pane.list.selected()];
        let text: String = row.pieces.iter().map(|(text, _)| text.trim()).collect();
        format!("{} {}", row.sign, text.chars().take(8).collect::<String>())
    };
    // On the newer side: the figure, what the older side has, and what is new; then none.
    scene.keys("<Tab>n");
    let mut seen = vec![at(&scene)];
    for _ in 0..2 {
        scene.keys("n");
        seen.push(at(&scene));
    }
    assert_eq!(seen, ["~ （一）干部队伍焕", "- 二、认清形势，找", "+ （三）抓年轻干部"]);
    scene.keys("n");
    assert_eq!(scene.status_id(), "no-change-after");
    scene.keys("N");
    assert_eq!(at(&scene), "- 二、认清形势，找");
    // The list of sections goes to one of them; the other side follows.
    scene.keys("s年轻<Enter>");
    assert_eq!(at(&scene), "+ （三）抓年轻干部");
    scene.keys("<Tab>");
    assert!(at(&scene).contains("年轻干部"), "{}", at(&scene));
}

#[test]
fn passages_of_a_tag_are_set_as_the_reader_sets() {
    for (width, height) in [(150, 24), (80, 24), (40, 12)] {
        let mut scene = Scene::reading(SPEECH, width, height);
        scene.keys("]st基层党建<Enter>a可作范例，数字要核<C-s>");
        scene.keys("G[s[st人才工作<Enter>gRrencai<Enter>");
        let subject = scene.state.results.as_ref().map(|results| results.subject.clone());
        assert_eq!(subject, Some(QuerySubject::Tagged { tag: "人才工作".into(), cell: None, group: PassageGroup::Date }));
        let (document, placed): (Arc<_>, Vec<_>) = (Arc::clone(scene.reader().document()), scene.annotations.iter().cloned().collect());
        let rows = passage_rows(Path::new("讲话.txt"), &document, &placed);
        let generation = scene.state.last_query;
        scene.state.set_results(generation, QueryResults { count: placed.len(), speeches: 1, rows, ..QueryResults::default() });
        insta::assert_snapshot!(format!("passages_{width}x{height}"), screen_text(&scene, Narrow));
        // A heading stands once: in the row above its passage.
        let text = screen_text(&scene, Narrow);
        if height > 20 {
            assert_eq!(text.matches("抓人才工作").count(), 1, "{text}");
        }
        let speech = TaggedSpeech { path: "讲话.txt".into(), document, placed, codebook: Arc::new(scene.codebook.clone()) };
        let by_tag = rows_by_tag(&[speech], "人才工作", true);
        let heads: Vec<String> = by_tag.iter().filter(|row| row.right_label.starts_with('×')).map(|row| row.pieces[0].0.clone()).collect();
        assert_eq!(heads.len(), 2, "{heads:?}");
        // One key goes through the groupings.
        let mut groups = Vec::new();
        for _ in 0..3 {
            scene.keys("s");
            groups.push(scene.status_id());
        }
        assert_eq!(groups, ["sort-path", "sort-tag", "sort-date"]);
    }
}

#[test]
fn names_are_picked_from_the_tree_by_pinyin() {
    for keys in ["gRzuofeng<Enter>", "gRzf<Enter>", "gR作风<Enter>"] {
        let mut scene = Scene::reading(SPEECH, 80, 24);
        scene.keys(keys);
        let tag = match scene.state.results.as_ref().map(|results| &results.subject) {
            Some(QuerySubject::Tagged { tag, .. }) => tag.clone(),
            other => panic!("{keys}: {other:?}"),
        };
        assert_eq!(tag, "作风建设", "{keys}");
    }
    // The first tag under which there is something is selected, not an empty one above it.
    let mut scene = Scene::reading(SPEECH, 80, 24);
    scene.keys("]st作风建设<Enter>gR<Enter>");
    let Some(QuerySubject::Tagged { tag, .. }) = scene.state.results.as_ref().map(|results| results.subject.clone()) else { panic!() };
    assert_eq!(tag, "作风建设");
    // Unfiltered, the tree; what is typed before the codebook arrives is kept.
    let mut scene = Scene::reading(SPEECH, 80, 24);
    scene.keys("gR");
    insta::assert_snapshot!("pick_tag_80x24", screen_text(&scene, Narrow));
    scene.keys("<Esc>g|");
    insta::assert_snapshot!("pick_comparison_80x24", screen_text(&scene, Narrow));
    // What nothing matches leaves the list open.
    scene.keys("绝无此名<Enter>");
    assert_eq!((scene.status_id(), scene.state.context()), ("nothing-to-choose", Context::Picker));
    scene.keys("<C-u>");
    // Two marked tags are compared with each other.
    scene.keys("zuofeng<Tab><C-u>rencai<Tab><Enter>");
    let compare = scene.state.compare.as_ref().unwrap();
    assert_eq!(compare.panes.each_ref().map(|pane| pane.title.as_str()).len(), 2);
    assert!(compare.panes.iter().any(|pane| pane.title == "作风建设") && compare.panes.iter().any(|pane| pane.title == "人才工作"));
}
