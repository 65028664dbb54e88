//! Tests every binding as (before, keys, after): what each key of the table does in each context.
//!
//! "Before" is the context's scene after some usual keys, or after those of [`BEFORE`]; "after" is a
//! line of the snapshot, which is reviewed by hand. No key may do nothing or only show a hint.

use super::{COMMANDS, Command, spec::CommandSpec};
use crate::app::review::UndecidedCase;
use crate::tui::effect::Effect;
use crate::tui::message::{Context, PieceStyle, QueryResults, ResultRow, Severity, SpeechSpan, SuggestedTag};
use crate::tui::monkey_test::{scene_in, scene_with_lost_passages};
use crate::tui::overlay::Overlay;
use crate::tui::test_harness::{SPEECH, Scene};
use pizhu_annotation::AnchorStatus;
use pizhu_annotation::Edit;
use pizhu_annotation::Target;
use pizhu_annotation::{BasketItem, BasketList};
use pizhu_text::text::Span;
use std::fmt::Write as _;

/// Keys pressed first, for commands with nothing to do in the initial scene: `name` or
/// `name in context`.
const BEFORE: &[(&str, &str)] = &[
    ("row-start", "l"),
    ("previous-match", "2]s"),
    ("scroll-up", "3<C-e>"),
    ("go-percent", "50"),
    ("align-bottom", "3]szt"),
    ("previous-point", "3]s2]p"),
    ("previous-sibling", "3]s"),
    ("previous-untagged", "8]s"),
    ("go-mark", "m工4]s"),
    ("repeat-find", "f工"),
    ("repeat-find-back", "f工f工"),
    ("jump-forward", "2]s<C-o>"),
    ("outline-open", "]s"),
    ("fold", "]s"),
    ("fold-close", "]s"),
    ("fold-open", "]szc"),
    ("unfold-all", "]szc"),
    ("section-promote", "2]s"),
    ("section-promote in outline", "j"),
    ("section-reset in outline", "jO<lt>"),
    ("section-demote", "3]s"),
    ("section-none", "]s"),
    ("section-heading", "8]s2"),
    ("section-title", "]s"),
    ("section-reset", "2]sO<lt>"),
    ("shrink-selection", "s+"),
    ("swap-ends", "s"),
    ("copy", "s"),
    ("copy-cited", "s"),
    ("tag-matches", "/工作<Enter>"),
    ("drop-selection", "s"),
    ("library-favourite", ""),
    ("library-clear-filter", "/第1次<Enter>"),
    ("library-lift-filter in library", "/第1次<Enter>"),
    ("entry-later", "<Up>"),
    ("entry-complete", "<Esc>gan"),
    ("entry-complete-back", "<Esc>gan"),
    ("note-redo", "x<C-z>"),
    ("picker-drop", "<Esc>gB"),
    ("counts-left", "l"),
    ("counts-up", "j"),
    ("close in help", "/fold<Enter>"),
    ("memos-redo", "xu"),
    ("attributes-unset", "-"),
    ("tags-redo", "r二<Enter>u"),
    ("tags-undo", "r二<Enter>"),
    ("tags-split", "m作风<Enter><Enter>/作风<Enter>"),
    ("tags-restore", "D<Enter>"),
    ("tags-open", "kAxx<Enter>k"),
    ("tags-close", "kAxx<Enter>"),
    ("basket-edit", "k"),
    ("basket-deeper", "k"),
    ("basket-shallower", "k>"),
    ("basket-undo", "J"),
    ("basket-redo", "Ju"),
    ("basket-entry-up", "j"),
    ("basket-page-up", "G"),
    ("basket-first", "G"),
    ("basket-put in annotations", ""),
];

/// The scene in which a command is tested: the context's own, or one with what the command needs.
fn scene_for(command: &CommandSpec, context: Context) -> Scene {
    const SIZE: (u16, u16) = (100, 16);
    let scene = match command.name {
        "review" => scene_with_lost_passages(SIZE.0, SIZE.1),
        "review-accept" => scene_with_proposal(SIZE),
        "disagreements" => scene_with_two_coders(SIZE),
        "across-accept" | "across-refuse" => scene_with_suggestions(SIZE),
        "library-lift-filter" => {
            let mut scene = scene_in(context, SIZE.0, SIZE.1);
            scene.state.library.set_filter("第1次");
            return scene;
        }
        "results" => {
            // A speech opened from the results.
            let mut scene = scene_in(Context::Results, SIZE.0, SIZE.1);
            scene.keys("o");
            scene
        }
        _ => return scene_in(context, SIZE.0, SIZE.1),
    };
    let keys = match context {
        Context::Outline => "<Tab>j",
        Context::Review => "R",
        _ => "",
    };
    let mut scene = scene;
    scene.keys(keys);
    assert_eq!(scene.state.context(), context, "before {}", command.name);
    scene
}

/// A speech whose tagged sentence was changed, so that a new position is proposed.
fn scene_with_proposal((width, height): (u16, u16)) -> Scene {
    let start = SPEECH.find("（一）抓人才工作").map(|at| SPEECH[..at].chars().count()).unwrap();
    let section = Scene::reading(SPEECH, width, height)
        .reader()
        .document()
        .outline
        .iter()
        .find(|(_, section)| section.span.start == start)
        .map(|(id, _)| Target::Section(id))
        .unwrap();
    let new = SPEECH
        .replace("三、突出重点，推动组织工作再上台阶", "三、接着往下干")
        .replace("（一）抓人才工作。坚持党管人才，引进急需人才一百名", "（一）抓人才队伍。把门打开");
    let scene = Scene::edited(SPEECH, &[section], &new, width, height);
    let is_proposed = |case: &UndecidedCase<'_>| matches!(case, UndecidedCase::Annotation(case) if case.status == AnchorStatus::Review && case.proposed.is_some());
    assert!(scene.reader().cases().iter().all(is_proposed));
    scene
}

/// A speech coded differently by two coders.
fn scene_with_two_coders((width, height): (u16, u16)) -> Scene {
    let mut scene = Scene::reading(SPEECH, width, height);
    for (author, from, tag) in [("甲", 120, "人才工作"), ("乙", 120, "人才工作"), ("乙", 140, "基层党建")] {
        scene.author = author;
        let edit = Edit::Tag { target: Target::Passage(Span::new(from, from + 10)), tags: vec![pizhu_annotation::TagRef::derived(tag)] };
        scene.perform(Effect::Annotate(vec![edit]));
    }
    scene
}

/// Suggestions for the first two sections of a speech.
fn scene_with_suggestions((width, height): (u16, u16)) -> Scene {
    let mut scene = Scene::reading(SPEECH, width, height);
    scene.keys("gS");
    let sections: Vec<Span> = scene.reader().document().outline.iter().map(|(_, section)| section.span).take(2).collect();
    let row = |span: &Span| ResultRow {
        is_head: true,
        suggestion: Some(SuggestedTag { tag: "干部队伍".to_owned(), words: Vec::new() }),
        ..ResultRow::line(vec![("干部队伍".to_owned(), PieceStyle::Badge)], Some(SpeechSpan { path: "".into(), span: *span }))
    };
    let results = QueryResults { rows: sections.iter().map(row).collect(), count: 2, speeches: 1, ..QueryResults::default() };
    let generation = scene.state.last_query;
    scene.state.set_results(generation, results);
    scene
}

/// Keys pressed first, unless the command is in [`BEFORE`].
fn usual_keys(command: &CommandSpec, context: Context) -> &'static str {
    match context {
        Context::Reader => "2]s",
        Context::Annotations | Context::Review => "j",
        Context::Library => "5j",
        Context::Help => "4j",
        Context::Picker if command.name.starts_with("entry-") => "人才<Left>",
        _ => "",
    }
}

/// The visible state in one line.
fn visible_state(scene: &Scene) -> String {
    let state = &scene.state;
    let mut line = format!("{:?}", state.context());
    let mut put = |word: String| {
        line.push_str(" | ");
        line.push_str(&word);
    };
    match &state.reader {
        Some(reader) => {
            put(format!("{} “{}”", reader.viewport.cursor(), scene.at_cursor(4).replace('\n', "⏎")));
            put(format!("top {}", reader.viewport.anchor()));
            if let Some(selected) = scene.selected() {
                put(format!("selected “{}”", shorten(&selected)));
            }
            let section = reader.outline.selected().map(|id| reader.document().outline.path_text(id)).unwrap_or_default();
            put(format!(
                "outline {section} of {}{}",
                reader.outline.tree().row_count(),
                if reader.outline_shown { "" } else { ", hidden" }
            ));
            put(format!("annotations {}", reader.annotations.all().len()));
            put(format!("folds {}", reader.viewport.flow().hidden().folds.len()));
            put(format!("marks {}", reader.marks.len()));
            put(format!("to decide {}", reader.cases().len()));
            if reader.search.is_highlighted() {
                put(format!("hits {} of “{}”", reader.search.hits().len(), reader.search.query()));
            }
        }
        None => put(format!(
            "row {} of {} by {:?}",
            state.library.list().selected(),
            state.library.visible_entries().len(),
            state.library.order()
        )),
    }
    if let Some(results) = &state.results {
        put(format!(
            "across row {} of {} for “{}” at {}",
            results.list.selected(),
            results.wrapped_rows().len(),
            results.input.text(),
            results.input.cursor()
        ));
        put(format!("{:?} {:?}", results.mode, results.subject));
    }
    if let Some(compare) = &state.compare {
        let rows = [0, 1].map(|pane| compare.panes[pane].list.selected());
        put(format!("beside {rows:?} in {} together {}", compare.focus, compare.synchronized));
    }
    if let Some(counts) = &state.counts {
        let names: Vec<&str> = counts.table().rows.iter().take(1).map(|row| row.name.as_str()).collect();
        let at = (counts.row.selected(), counts.column.selected());
        put(format!("counts {:?} {:?} at {at:?} of {} from {names:?}", counts.group_by, counts.display, counts.table().rows.len()));
    }
    put(format!("search {:?}", state.reader.as_ref().map(|reader| reader.search.mode())));
    if let Some(overlay) = overlay_state(scene) {
        put(overlay);
    }
    if let Some(memos) = &state.memos {
        let text = memos.selected().map_or("", |memo| &memo.text);
        put(format!("memo {text} of {}{}", memos.len(), memos.kind().map(|kind| format!(", {kind} only")).unwrap_or_default()));
    }
    if let Some(tags) = &state.tags {
        let names: Vec<String> = tags
            .book()
            .tree()
            .iter()
            .map(|(depth, tag)| format!("{}{}{}{}", ">".repeat(*depth), tag.name, tag.key, tag.colour.trim_start_matches("tag")))
            .collect();
        put(format!("tag {} of {}", tags.selected().map_or("", |tag| &tag.name), tags.tree().row_count()));
        put(format!("codebook {}", names.join(" ")));
    }
    let baskets = BasketList::new(scene.project.records());
    for basket in baskets.all() {
        let entries = basket.entries.iter().map(|entry| match &entry.item {
            BasketItem::Heading { level, text } => format!("{}{text}", "#".repeat(usize::from(*level))),
            item => shorten(item.text()),
        });
        put(format!("basket {}: {}", basket.name, entries.collect::<Vec<_>>().join(" · ")));
    }
    if let Some(basket) = &state.basket {
        put(format!("entry {} of {}", basket.list().selected(), basket.entries().len()));
    }
    if let Some(Overlay::Card(card)) = &state.overlay {
        put(format!("card {:?}", card.position()));
    }
    if state.moving_annotation.is_some() {
        put("one taken along".to_owned());
    }
    put(format!("width {}", state.settings.column_width));
    line
}

/// What an overlay shows.
fn overlay_state(scene: &Scene) -> Option<String> {
    let words = match scene.state.overlay.as_ref()? {
        Overlay::Prompt(prompt) => format!("{:?} “{}” at {}", prompt.kind, prompt.input.text(), prompt.input.cursor()),
        Overlay::Editor(editor) => format!("note {:?} at {}", editor.area.text(), editor.area.cursor()),
        Overlay::Help(help) => format!("help row {} of {}", help.top(), help.rows().len()),
        Overlay::Annotations(annotation_list) => {
            format!("listed {} of {}", annotation_list.list.selected(), scene.state.annotation_list_len())
        }
        Overlay::Settings(menu) => format!("setting {}", menu.list.selected()),
        Overlay::Attributes(card) => {
            let set: Vec<String> = scene.records.attributes().map(|(key, value, _)| format!("{key}={value}")).collect();
            format!("attribute {} of {:?}", card.list.selected(), set)
        }
        Overlay::Review(review) => format!("case {}", review.list.selected()),
        Overlay::Welcome(_) => return None,
        _ => return picker_state(scene),
    };
    Some(words)
}

fn picker_state(scene: &Scene) -> Option<String> {
    let picker = scene.state.overlay.as_ref()?.component().picker()?;
    Some(format!("picker “{}” at {}, {:?}, marked {:?}", picker.input().text(), picker.input().cursor(), picker.selected(), picker.marks()))
}

fn shorten(text: &str) -> String {
    let text = text.replace('\n', "⏎");
    if text.chars().count() <= 12 {
        return text;
    }
    let (head, tail): (String, String) = (text.chars().take(5).collect(), text.chars().skip(text.chars().count() - 5).collect());
    format!("{head}…{tail}")
}

/// The parts of `after` that differ from `before`.
fn changes(before: &str, after: &str) -> String {
    let known: Vec<&str> = before.split(" | ").collect();
    let now: Vec<&str> = after.split(" | ").collect();
    let mut words: Vec<String> = now.iter().filter(|part| !known.contains(part)).map(|part| (*part).to_owned()).collect();
    words.extend(
        known
            .iter()
            .filter(|part| part.starts_with("selected") && !now.iter().any(|now| now.starts_with("selected")))
            .map(|_| "nothing selected".to_owned()),
    );
    words.extend(
        known
            .iter()
            .filter(|part| part.starts_with("hits") && !now.iter().any(|now| now.starts_with("hits")))
            .map(|_| "no hits shown".to_owned()),
    );
    words.join(" | ")
}

fn keys_before(command: &CommandSpec, context: Context) -> &'static str {
    let exact = format!("{} in {}", command.name, context.name());
    let find = |name: &str| BEFORE.iter().find(|(wanted, _)| *wanted == name).map(|(_, keys)| *keys);
    find(&exact).or_else(|| find(command.name)).unwrap_or_else(|| usual_keys(command, context))
}

#[test]
fn every_binding_has_its_effect() {
    let mut table = String::new();
    let mut idle = Vec::new();
    for Command { spec: command, .. } in COMMANDS.iter().flat_map(|topic| topic.commands) {
        for &context in command.contexts {
            let before = keys_before(command, context);
            let mut effect: Option<String> = None;
            for keys in command.keys {
                let mut scene = scene_for(command, context);
                scene.keys(before);
                assert_eq!(scene.state.context(), context, "{before:?} before {}", command.name);
                scene.unperformed.clear();
                let was = visible_state(&scene);
                scene.keys(keys);
                if command.takes_char {
                    scene.keys("工");
                }
                let mut words = changes(&was, &visible_state(&scene));
                for effect in &scene.unperformed {
                    let debug = format!("{effect:?}");
                    write!(words, " ! {}", debug.split(['(', ' ', '{']).next().unwrap_or_default()).unwrap();
                }
                let (status, changed) = (&scene.state.status, !words.is_empty());
                if let Some(status) = status {
                    write!(words, " ~ {}", status.name()).unwrap();
                }
                // A command that only shows a hint has done nothing.
                if !changed && status.as_ref().is_none_or(|status| status.severity == Severity::Hint) {
                    idle.push(format!("{} {keys} in {}: {words}", command.name, context.name()));
                }
                match &effect {
                    None => effect = Some(words),
                    Some(first) => assert_eq!(&words, first, "{keys} of {} in {}", command.name, context.name()),
                }
            }
            let keys = command.keys.join(" ");
            writeln!(table, "{}: {before} [ {keys} ] {}", context.name(), effect.unwrap_or_default().trim()).unwrap();
        }
    }
    assert!(idle.is_empty(), "bindings without effect:\n{}", idle.join("\n"));
    insta::assert_snapshot!("bindings", table);
}
