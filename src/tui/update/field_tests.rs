//! Tests of what users of the reader reported, where no other test holds it.

use super::tests::reading;
use crate::tui::message::{Context, PieceStyle, QueryResults, QuerySubject, ResultRow, SpeechSpan};
use crate::tui::test_harness::{SPEECH, Scene};
use crate::tui::view::tests::screen_text;
use pizhu_annotation::{Scope, Target};
use pizhu_text::text::Span;
use pizhu_text::text::width::AmbiguousWidth::Narrow;

/// On the title and before the first section there was "nothing to annotate".
#[test]
fn before_the_first_section_the_whole_speech_is_meant() {
    for keys in ["", "}", "gg"] {
        let mut scene = reading();
        scene.keys(keys);
        scene.keys("t人才工作<Enter>a通篇好<C-s>");
        let made: Vec<_> = scene.annotations.iter().map(|placed| (placed.annotation.scope, placed.annotation.note.as_str())).collect();
        assert_eq!(made.iter().map(|(scope, _)| *scope).collect::<Vec<_>>(), vec![Scope::Speech; made.len()], "{keys:?}: {made:?}");
        assert!(made.iter().any(|(_, note)| *note == "通篇好"), "{keys:?}: {made:?}");
        assert!(scene.annotations.iter().all(|placed| placed.target() == Some(Target::Speech)), "{keys:?}");
    }
}

/// `gt` put the tag on the two characters of each match.
#[test]
fn matches_are_tagged_with_their_sentences_sections_or_alone() {
    for (keys, quotes) in [
        (
            "<Enter>",
            vec![
                "有的支部作用发挥不够，有的干部担当精神不足，有的地方人才流失严重。",
                "（一）抓人才工作。",
                "坚持党管人才，引进急需人才一百名，留住本土人才。",
            ],
        ),
        ("<Down><Enter>", vec!["二、", "（一）"]),
        ("<Down><Down><Enter>", vec!["人才", "人才", "人才", "人才", "人才"]),
    ] {
        let mut scene = reading();
        scene.keys("/人才<Enter>gt");
        assert_eq!(scene.state.picker().map(|picker| picker.items().len()), Some(3));
        scene.keys(keys);
        scene.keys("人才工作<Enter>");
        let document = std::sync::Arc::clone(scene.reader().document());
        let text = |target: Target| match target {
            Target::Passage(span) => document.quote(span),
            Target::Section(id) => document.outline.get(id).map(|section| section.marker_text.to_owned()).unwrap_or_default(),
            Target::Speech => String::new(),
        };
        let mut made: Vec<Target> = scene.annotations.iter().filter_map(pizhu_annotation::AnchoredAnnotation::target).collect();
        made.sort_by_key(|target| match target {
            Target::Passage(span) => span.start,
            Target::Section(id) => document.outline.get(*id).map_or(0, |section| section.span.start),
            Target::Speech => 0,
        });
        assert_eq!(made.into_iter().map(text).collect::<Vec<_>>(), quotes, "{keys}");
    }
}

/// From a hit one came back to the library, not to the hits; far down a list nothing said whose they are.
#[test]
fn back_from_a_hit_returns_to_the_results_with_their_speech() {
    let mut scene = Scene::reading(&SPEECH.repeat(3), 80, 12);
    scene.state.open_results(QuerySubject::Search, &mut Vec::new());
    let at = |start: usize| Some(SpeechSpan { path: "".into(), span: Span::new(start, start + 2) });
    let title = vec![("在青禾县的讲话".to_owned(), PieceStyle::Title)];
    let mut rows = vec![ResultRow { is_head: true, ..ResultRow::line(title, at(0)) }];
    rows.extend((0..40).map(|n| ResultRow::line(vec![(format!("第{n}处"), PieceStyle::Match)], at(900 + n))));
    let generation = scene.state.last_query;
    scene.state.set_results(generation, QueryResults { rows, ..QueryResults::default() });
    scene.keys("<Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down>");
    let head = |scene: &Scene| screen_text(scene, Narrow).lines().next().unwrap_or_default().to_owned();
    assert!(head(&scene).contains("在青禾县的讲话"), "{}", head(&scene));
    scene.keys("<Enter>");
    assert_eq!(scene.state.context(), Context::Reader);
    scene.keys("q");
    assert_eq!(scene.state.context(), Context::Query);
    assert!(head(&scene).contains("在青禾县的讲话"), "{}", head(&scene));
}
