//! The basket, key by key.

use crate::tui::message::Context;
use crate::tui::test_harness::{SPEECH, Scene};
use pizhu_annotation::{BasketItem, BasketList};

/// A scene with three sections in the basket, which is open.
fn scene() -> Scene {
    let mut scene = Scene::reading(SPEECH, 100, 24);
    scene.keys("]spJpJpgp");
    assert_eq!(scene.state.context(), Context::Basket);
    scene
}

/// The entries of the basket shown, headings with `#`, words with `“`, passages by their section.
fn entries(scene: &Scene) -> Vec<String> {
    let basket = scene.state.basket.as_ref().unwrap();
    let text = |item: &BasketItem| match item {
        BasketItem::Heading { level, text } => format!("{}{text}", "#".repeat(usize::from(*level))),
        BasketItem::Words { text } => format!("“{text}"),
        BasketItem::Passage(passage) => passage.at.section.join("/"),
    };
    basket.entries().iter().map(|entry| text(&entry.item)).collect()
}

fn selected(scene: &Scene) -> usize {
    scene.state.basket.as_ref().unwrap().list().selected()
}

#[test]
fn entries_are_ordered_headed_and_written_between() {
    let mut scene = scene();
    assert_eq!(entries(&scene), ["一、", "二、", "三、"]);
    scene.keys("H怎么干<Enter>");
    assert_eq!((entries(&scene), selected(&scene)), (vec!["#怎么干".into(), "一、".into(), "二、".into(), "三、".into()], 0));
    scene.keys("GK");
    assert_eq!((entries(&scene)[2..].to_vec(), selected(&scene)), (vec!["三、".to_owned(), "二、".to_owned()], 2));
    scene.keys("a先看<Enter>再说<C-s>");
    assert_eq!(entries(&scene), ["#怎么干", "一、", "三、", "“先看\n再说", "二、"]);
    scene.keys("e，后做<C-s>gg>");
    assert_eq!(entries(&scene), ["##怎么干", "一、", "三、", "“先看\n再说，后做", "二、"]);
    scene.keys("e<C-u>怎么引<Enter>");
    assert_eq!(entries(&scene)[0], "##怎么引");
    scene.keys("ggK");
    assert_eq!(scene.status_id(), "at-start");
    scene.keys("jx");
    assert_eq!(
        (entries(&scene), scene.status_id()),
        (vec!["##怎么引".into(), "三、".into(), "“先看\n再说，后做".into(), "二、".into()], "basket-removed")
    );
    scene.keys("je");
    scene.keys("<Esc>Ge");
    assert_eq!(scene.status_id(), "basket-not-words");
}

#[test]
fn every_edit_is_undone_and_redone() {
    let mut scene = scene();
    let mut states = vec![entries(&scene)];
    for keys in ["H怎么干<Enter>", "GK", "a先看<C-s>", "gg>", "jx"] {
        scene.keys(keys);
        states.push(entries(&scene));
    }
    for state in states.iter().rev().skip(1) {
        scene.keys("u");
        assert_eq!((&entries(&scene), scene.status_id()), (state, "undone-that"));
    }
    for state in &states[1..] {
        scene.keys("U");
        assert_eq!((&entries(&scene), scene.status_id()), (state, "redone-that"));
    }
    scene.keys("U");
    assert_eq!(scene.status_id(), "nothing-to-redo");
}

#[test]
fn there_are_several_baskets_by_name() {
    let mut scene = scene();
    scene.keys("n开头<Enter>");
    assert!(entries(&scene).is_empty());
    scene.keys("b<Enter>");
    assert_eq!(entries(&scene), ["一、", "二、", "三、"]);
    scene.keys("jm<Enter>");
    assert_eq!((entries(&scene), scene.status_id()), (vec!["一、".into(), "三、".into()], "basket-moved-to"));
    scene.keys("b<Enter>");
    assert_eq!(entries(&scene), ["二、"]);
    scene.keys("r<C-u>正文<Enter>");
    let list = BasketList::new(scene.project.records());
    assert_eq!(list.all().iter().map(|basket| basket.name.as_str()).collect::<Vec<_>>(), ["正文", "素材"]);
    // What is put in goes to the basket shown last.
    scene.keys("<Esc>p");
    assert_eq!(BasketList::new(scene.project.records()).find("正文").unwrap().entries.len(), 2);
    scene.keys("gpd<Enter>");
    assert_eq!(BasketList::new(scene.project.records()).all().len(), 2, "kept");
    scene.keys("d<Down><Enter>");
    assert_eq!(BasketList::new(scene.project.records()).all().len(), 1);
    scene.keys("u");
    assert_eq!(BasketList::new(scene.project.records()).find("正文").unwrap().entries.len(), 2);
}

#[test]
fn selections_sections_and_annotations_are_put_in() {
    let mut scene = Scene::reading(SPEECH, 100, 24);
    scene.keys("ggp");
    assert_eq!(scene.status_id(), "basket-put-nothing");
    scene.keys("]s}sp");
    assert_eq!(scene.status_id(), "basket-put");
    scene.keys("]st人才<Enter><Enter>p<Esc>");
    scene.keys("Ap<Esc>gp");
    let basket = scene.state.basket.as_ref().unwrap();
    let kept: Vec<&str> = basket.entries().iter().map(|entry| entry.item.text()).collect();
    assert!(kept[0].starts_with("过去一年") && kept[0].ends_with('。'), "{kept:?}");
    assert_eq!(kept.len(), 3);
    assert!(kept[1].starts_with("（一）干部队伍") && kept[1] == kept[2], "{kept:?}");
    assert!(basket.entries()[1].item.as_passage().unwrap().annotation.is_some());
}
