//! Monkey tests: every command in each context and size, and random walks. Nothing may panic, and
//! the screen's invariants must hold.
//!
//! `PIZHU_WALK=1000000` takes that many random steps, `PIZHU_WALK_SEED=7` picks other walks.

use super::{
    command::{self, COMMANDS, spec::CommandSpec},
    effect::{AppEvent, Mouse, MouseKind},
    message::{Context, PieceStyle, QueryResults, ResultRow, Size, SpeechSpan},
    overlay::Overlay,
    test_harness::{SPEECH, Scene, compared},
    theme::Theme,
    view::{self, RenderContext},
    widget::{StyleContext, TextEdit},
};
use crate::locale::{Language, Locale};
use pizhu_annotation::Annotation;
use pizhu_annotation::Codebook;
use pizhu_annotation::Target;
use pizhu_library::count::CountedSpeech;
use pizhu_library::count::Tally;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::SectionId;
use pizhu_text::document::parse;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use pizhu_text::text::width::AmbiguousWidth;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng, seq::IndexedRandom as _};
use ratatui::buffer::Buffer;
use std::{path::Path, sync::Arc, time::Duration};

/// Random steps unless `PIZHU_WALK` is set.
const STEPS: usize = 3000;
/// Steps after which a walk restarts: accumulated state makes steps slow and finds little more.
const RESTART_AFTER: usize = 1000;
const SIZES: [(u16, u16); 9] = [(30, 8), (31, 9), (40, 12), (72, 20), (80, 24), (100, 30), (132, 43), (240, 70), (400, 120)];

fn commands() -> impl Iterator<Item = &'static CommandSpec> {
    COMMANDS.iter().flat_map(|topic| topic.commands).map(|command| &command.spec)
}

/// A scene in `context`, with some tags, a note, marks and a search.
pub(crate) fn scene_in(context: Context, width: u16, height: u16) -> Scene {
    let mut scene = match context {
        Context::Review => scene_with_lost_passages(width, height),
        _ => Scene::reading(SPEECH, width, height),
    };
    if context == Context::Library {
        scene.state.close_reader(&mut scene.unperformed);
        scene.unperformed.clear();
        scene.event(AppEvent::LibraryUpdated(super::message::LibraryUpdate::full(forty_entries())));
    } else if context != Context::Review {
        scene.keys("]st人才<Enter>]st基层<Enter>J.}sa一条批注<C-s><Esc>ma/工作<Enter>gg");
    }
    scene.keys(match context {
        Context::Library | Context::Reader => "",
        Context::Outline => "<Tab>j",
        Context::Picker => "]st",
        Context::Editor => "}sa写<Enter>些 字<Left>",
        Context::Help => "<F1>",
        Context::Welcome => "<F2>",
        Context::Settings => "gsj",
        Context::Attributes => "gaj",
        Context::Annotations => "A",
        Context::Card => "]sst作风<Enter><Esc>]s[s<Enter>",
        Context::Tags => "gM3j",
        Context::Memos => "gNa总的看法<C-s>a再看一遍<C-s>a第三条<C-s>a第四条<C-s>xggj",
        Context::Basket => "]spJpJpgpH抓人才<Enter>j",
        Context::Review => "R",
        Context::Prompt => "/人才<Left>",
        Context::Query => "g/人才<Left>",
        Context::Results => "gR人才工作<Enter>",
        Context::Counts => "g#",
        Context::Compare => "g|<C-u>人才工作|作风建设<Enter>",
    });
    if matches!(context, Context::Query | Context::Results) {
        let generation = scene.state.last_query;
        scene.state.set_results(generation, results_of_forty_rows());
        scene.state.results.as_mut().unwrap().select(12);
    }
    if context == Context::Compare {
        let generation = scene.state.last_query;
        let documents =
            [SPEECH, &SPEECH.replace("干部", "党员").replace("工作", "大事")].map(|text| parse(SourceText::from(text), &Hints::default()));
        scene.event(AppEvent::Compared { generation, content: Box::new(compared(documents)) });
        scene.keys("12j");
    }
    if context == Context::Counts {
        let generation = scene.state.last_query;
        scene.event(AppEvent::Counted { generation, tally: Box::new(tally_of_thirty_speeches()), more: false });
        scene.keys("jl");
    }
    assert_eq!(scene.state.context(), context);
    scene.unperformed.clear();
    scene
}

/// Forty rows; every fifth is the head of an item.
fn results_of_forty_rows() -> QueryResults {
    let row = |n: usize| ResultRow {
        is_head: n.is_multiple_of(5),
        right_source: Some(SpeechSpan { path: "".into(), span: Span::new(n, n + 2) }),
        ..ResultRow::line(
            vec![(format!("第{n}行人才"), PieceStyle::Plain)],
            Some(SpeechSpan { path: "".into(), span: Span::new(n, n + 2) }),
        )
    };
    QueryResults { rows: (0..40).map(row).collect(), count: 32, speeches: 8, ..QueryResults::default() }
}

/// Tag counts of thirty speeches.
fn tally_of_thirty_speeches() -> Tally {
    let counted = (0..30).map(|n| {
        let text = SPEECH.replace("推进会", &format!("第{n}次推进会"));
        let scene = Scene::edited(&text, &[Target::Section(SectionId(0)), Target::Section(SectionId(n % 3))], &text, 80, 24);
        let mut placed = scene.reader().annotations.all().to_vec();
        for (index, one) in placed.iter_mut().enumerate() {
            let tag = ["人才工作", "基层党建", "作风建设"][(index + n as usize) % 3];
            one.annotation = Arc::new(Annotation { tags: [pizhu_annotation::TagRef::derived(tag)].into(), ..(*one.annotation).clone() });
        }
        CountedSpeech::new(Path::new(&format!("讲话{n}.txt")), scene.reader().document(), &placed, &Codebook::starter())
    });
    Tally::new(counted.collect(), &Codebook::starter())
}

/// A speech that has lost three tagged passages.
pub(crate) fn scene_with_lost_passages(width: u16, height: u16) -> Scene {
    let gone = "\n临江市的同志介绍了经验，很受启发。\n\n玉带市也谈了体会，大家认真听取。\n\n白鹭县提了建议，值得研究采纳。\n";
    let old = format!("{SPEECH}{gone}");
    let at = |words: &str| {
        let start = old.chars().count() - gone.chars().count() + gone.split(words).next().unwrap().chars().count();
        Target::Passage(Span::new(start, start + words.chars().count()))
    };
    Scene::edited(&old, &[at("介绍了经验"), at("谈了体会"), at("提了建议")], SPEECH, width, height)
}

fn forty_entries() -> Vec<super::message::LibraryEntry> {
    let entry = |n: u16| super::message::LibraryEntry {
        path: format!("讲话{n}.txt").into(),
        title: format!("第{n}次讲话"),
        date: format!("20{:02}-01-01", n % 30),
        tags: vec![(pizhu_annotation::TagRef::derived("人才工作"), usize::from(n))],
        percent: (!n.is_multiple_of(3)).then_some((n * 7 % 101) as u8),
        opened: (!n.is_multiple_of(3)).then(|| jiff::Timestamp::from_second(i64::from(n)).unwrap()),
        error: if n == 5 { "读不了".to_owned() } else { String::new() },
        ..super::message::LibraryEntry::default()
    };
    (0..40).map(entry).collect()
}

/// Draws the screen and checks its invariants.
fn draw_and_check(scene: &Scene, language: Language, frames: bool, doing: &str) {
    let state = &scene.state;
    let theme = Theme::plain();
    let ambiguous = state.display_options.style.ambiguous;
    let ctx =
        RenderContext { styles: StyleContext { theme: &theme, ambiguous }, locale: Locale::new(language), frames, keymap: &scene.keymap };
    let mut buffer = Buffer::empty(state.size.area());
    if let Some(cursor) = view::draw(state, ctx, &mut buffer) {
        assert!(buffer.area.contains(cursor), "{doing}: the terminal's cursor at {cursor:?}");
    }
    check_invariants(scene, doing);
}

/// Checks the invariants of the state.
fn check_invariants(scene: &Scene, doing: &str) {
    let state = &scene.state;
    assert!(!state.context().takes_text() || state.pending_keys.is_empty(), "{doing}: pending keys in a text context");
    let Some(reader) = &state.reader else {
        assert!(
            state.overlay.is_none()
                // The definition of a tag, a memo and words in a basket are written in the editor.
                || (state.context() == Context::Editor && (state.tags.is_some() || state.basket.is_some() || state.memos.is_some()))
                || matches!(state.context(), Context::Help | Context::Welcome | Context::Settings | Context::Prompt | Context::Picker),
            "{doing}: {:?} above {:?} without a speech",
            state.context(),
            state.overlays_below
        );
        return;
    };
    let (rows, length, cursor) = (reader.viewport.rows(), reader.document().source.len(), reader.viewport.cursor());
    assert!(rows.len() <= usize::from(reader.viewport.height()), "{doing}");
    assert!(rows.windows(2).all(|pair| pair[0].id < pair[1].id), "{doing}: rows out of order");
    assert!(cursor <= length, "{doing}");
    if rows.iter().any(|row| row.text().is_some_and(|text| !text.is_blank())) {
        assert!(reader.viewport.cell_at(reader.viewport.cursor()).is_some(), "{doing}: the cursor at {cursor} is off the screen");
    }
    if let Some(span) = reader.selected() {
        assert!(span.end <= length && span.contains(cursor), "{doing}: {span:?} selected, the cursor at {cursor}");
    }
    assert!(reader.search.hits().iter().all(|hit| hit.end <= length), "{doing}: a hit beyond the end");
    assert!(reader.marks.values().all(|offset| *offset <= length), "{doing}: a mark beyond the end");
    assert!(reader.annotations.spans().all(|span| span.end <= length), "{doing}: an annotation beyond the end");
    if let Some(id) = reader.outline.selected() {
        assert!(reader.document().outline.get(id).is_some(), "{doing}: no such section");
    }
    match &state.overlay {
        Some(Overlay::Annotations(listing)) => {
            assert!(listing.list.selected() < state.annotation_list_len().max(1), "{doing}: beyond the list's end");
        }
        Some(Overlay::Help(help)) => assert!(help.top() <= help.rows().len(), "{doing}"),
        _ => {}
    }
}

#[test]
fn every_command_keeps_invariants_in_every_context() {
    for (width, height, count) in [(30, 8, Some(9_999_999)), (80, 24, None)] {
        for context in Context::ALL {
            let mut scene = scene_in(context, width, height);
            for command in commands() {
                let doing = format!("{} {count:?} in {context:?} at {width}×{height}", command.name);
                scene.run(command, count, command.takes_char.then_some('a'));
                draw_and_check(&scene, Language::Traditional, height > 8, &doing);
                // Setting up a scene costs more than a command, so it is reused as long as the context is.
                if scene.state.context() != context || scene.state.reader.is_none() != (context == Context::Library) {
                    scene = scene_in(context, width, height);
                }
            }
        }
    }
}

/// The document after a change to its file.
fn edited(document: &Document) -> Document {
    let text: String = document.source.slice(document.source.span()).chars().skip(7).chain("新添一段。\n".chars()).collect();
    parse(SourceText::from(text.as_str()), &Hints::default())
}

#[test]
fn random_walks_keep_invariants() {
    let documents = [
        SPEECH.to_owned(),
        String::new(),
        "一行".to_owned(),
        SPEECH.repeat(12),
        format!("{}\n", "长".repeat(50_000)),
        "\u{1b}[2J\u{202e}a\u{0}\r\n\t".repeat(40),
    ];
    let number = |name| std::env::var(name).ok().and_then(|number| number.parse::<usize>().ok());
    let steps = number("PIZHU_WALK").unwrap_or(STEPS);
    let first_seed = number("PIZHU_WALK_SEED").unwrap_or(0) * documents.len();
    let all: Vec<&CommandSpec> = commands().filter(|command| command.name != "back" && command.name != "library-open").collect();
    let keys: Vec<&str> = commands().flat_map(|command| command.keys).copied().collect();
    for (seed, document) in (first_seed..).zip(&documents) {
        let mut random = SmallRng::seed_from_u64(seed as u64);
        let mut scene = Scene::reading(document, 80, 24);
        let mut doing = Vec::new();
        for step in 0..steps / documents.len() {
            if step % RESTART_AFTER == RESTART_AFTER - 1 || scene.state.reader.is_none() && random.random_range(0..60) == 0 {
                let Size { width, height } = scene.state.size;
                scene = Scene::reading(document, width, height);
            }
            let step_name = match random.random_range(0..100) {
                0..=1 => {
                    let (width, height) = *SIZES.choose(&mut random).unwrap();
                    scene.event(AppEvent::Resize(Size { width, height }));
                    format!("size {width}×{height}")
                }
                2 => {
                    let wide = random.random_range(0..2) == 0;
                    scene.state.display_options.style.ambiguous = if wide { AmbiguousWidth::Wide } else { AmbiguousWidth::Narrow };
                    scene.state.arrange();
                    format!("wide {wide}")
                }
                3 => {
                    scene.event(AppEvent::Paste("人才\n工作\u{1b}[31m".to_owned()));
                    "paste".to_owned()
                }
                4 => {
                    let text = ["人", "2", "一、", "#", "%", " "].choose(&mut random).unwrap();
                    scene.state.type_text(text, &scene.keymap, &mut scene.unperformed);
                    format!("type {text}")
                }
                5..=16 => {
                    let kinds = [MouseKind::Press, MouseKind::Drag, MouseKind::Release, MouseKind::WheelUp, MouseKind::WheelDown];
                    let Size { width, height } = scene.state.size;
                    let mouse = Mouse {
                        kind: *kinds.choose(&mut random).unwrap(),
                        column: random.random_range(0..width + 2),
                        row: random.random_range(0..height + 2),
                        at: Duration::from_millis(step as u64 * 150),
                    };
                    scene.event(AppEvent::Mouse(mouse));
                    format!("{mouse:?}")
                }
                17 if scene.state.reader.is_some() => {
                    scene.reload(edited(scene.reader().document()));
                    "reload".to_owned()
                }
                18 => {
                    scene.state.edit_text(TextEdit::DeleteWord, &scene.keymap, &mut scene.unperformed);
                    "delete a word".to_owned()
                }
                19..=55 => {
                    let keys = *keys.choose(&mut random).unwrap();
                    scene.keys(keys);
                    keys.to_owned()
                }
                _ => {
                    let context = scene.state.context();
                    // Mostly commands of this context, now and then any.
                    let here: Vec<_> = all.iter().filter(|command| command.contexts.contains(&context)).collect();
                    let command = if random.random_range(0..8) > 0 && !here.is_empty() {
                        here.choose(&mut random).unwrap()
                    } else {
                        all.choose(&mut random).unwrap()
                    };
                    let count = [None, None, Some(1), Some(2), Some(50), Some(9_999_999)].choose(&mut random).copied().flatten();
                    scene.run(command, count, command.takes_char.then_some('工'));
                    format!("{} {count:?} in {context:?}", command.name)
                }
            };
            doing.push(step_name);
            scene.unperformed.clear();
            let description = || format!("{seed}: … {}", doing[doing.len().saturating_sub(12)..].join(" · "));
            if step % 5 == 0 {
                draw_and_check(&scene, Language::ALL[step % 3], step % 2 == 0, &description());
            } else {
                check_invariants(&scene, &description());
            }
        }
    }
}

impl Scene {
    /// Runs a command as the palette does, whatever its context.
    fn run(&mut self, command: &CommandSpec, count: Option<usize>, character: Option<char>) {
        let mut effects = Vec::new();
        command::run(&mut self.state, &self.keymap, command.name, count, character, &mut effects);
        for effect in effects {
            self.perform(effect);
        }
    }
}
