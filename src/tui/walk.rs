//! Every command everywhere: in each context and size, and along random walks, nothing panics and
//! what must hold of a screen holds.
//!
//! `PIZHU_WALK=1000000` takes as many random steps, `PIZHU_WALK_SEED=7` others than before.

use super::{
    command::{self, COMMANDS, Command, Context},
    effect::{Event, Mouse, MouseKind},
    scene::{SPEECH, Scene},
    state::{Answer, Ink, Overlay, Row, Size, Spot},
    theme::Theme,
    view::{self, Face},
    widget::{Edit, Look},
};
use pizhu_annotation::Annotation;
use pizhu_annotation::Codebook;
use pizhu_annotation::Target;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::SectionId;
use pizhu_text::document::parse;
use pizhu_library::count::Counted;
use pizhu_library::count::Tally;
use crate::locale::Language;
use crate::locale::Locale;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use pizhu_text::text::width::Ambiguous;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng, seq::IndexedRandom as _};
use ratatui::buffer::Buffer;
use std::{path::Path, sync::Arc, time::Duration};

/// Random steps where `PIZHU_WALK` says nothing.
const STEPS: usize = 3000;
/// Steps until a walk begins anew: what piles up by then makes each step dear and shows little more.
const LEG: usize = 1000;
const SIZES: [(u16, u16); 9] = [(30, 8), (31, 9), (40, 12), (72, 20), (80, 24), (100, 30), (132, 43), (240, 70), (400, 120)];

fn commands() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter().flat_map(|topic| topic.commands)
}

/// A scene in `context`, with tags, a note, marks and a search about.
pub(crate) fn scene_in(context: Context, width: u16, height: u16) -> Scene {
    let mut scene = match context {
        Context::Review => lost(width, height),
        _ => Scene::reading(SPEECH, width, height),
    };
    if context == Context::Library {
        scene.state.close(&mut scene.left);
        scene.left.clear();
        scene.event(Event::Listed(super::state::Entries::whole(entries())));
    } else if context != Context::Review {
        scene.keys("]st人才<Enter>]st基层<Enter>J.}sa一条批注<C-s><Esc>ma/工作<Enter>gg");
    }
    scene.keys(match context {
        Context::Library | Context::Reader => "",
        Context::Outline => "<Tab>j",
        Context::Picker => "]st",
        Context::Editor => "}sa写<Enter>些 字<Left>",
        Context::Help => "<F1>",
        Context::Steps => "<F2>",
        Context::Settings => "gsj",
        Context::Annotations => "A",
        Context::Review => "R",
        Context::Prompt => "/人才<Left>",
        Context::Query => "g/人才<Left>",
        Context::Across => "gR人才工作<Enter>",
        Context::Counts => "g#",
        Context::Beside => "g|<C-u>人才工作|作风建设<Enter>",
    });
    if matches!(context, Context::Query | Context::Across) {
        let generation = scene.state.asked;
        scene.event(Event::Answered { generation, answer: Box::new(answer()) });
        scene.state.across.as_mut().unwrap().select(12);
    }
    if context == Context::Beside {
        let generation = scene.state.asked;
        let sides = Box::new([("人才工作".to_owned(), answer().rows), ("作风建设".to_owned(), answer().rows)]);
        scene.event(Event::Beside { generation, sides });
        scene.keys("12j");
    }
    if context == Context::Counts {
        let generation = scene.state.asked;
        scene.event(Event::Tallied { generation, tally: Box::new(tally()), more: false });
        scene.keys("jl");
    }
    assert_eq!(scene.state.context(), context);
    scene.left.clear();
    scene
}

/// Forty rows, every fifth the head of an item.
fn answer() -> Answer {
    let row = |n: usize| Row {
        heads: n.is_multiple_of(5),
        other: Some(Spot { path: "".into(), span: Span::new(n, n + 2) }),
        ..Row::line(vec![(format!("第{n}行人才"), Ink::Plain)], Some(Spot { path: "".into(), span: Span::new(n, n + 2) }))
    };
    Answer { rows: (0..40).map(row).collect(), count: 32, speeches: 8, ..Answer::default() }
}

/// The tags of thirty speeches, in each a few.
fn tally() -> Tally {
    let counted = (0..30).map(|n| {
        let text = SPEECH.replace("推进会", &format!("第{n}次推进会"));
        let scene = Scene::edited(&text, &[Target::Section(SectionId(0)), Target::Section(SectionId(n % 3))], &text, 80, 24);
        let mut placed = scene.reader().notes.placements_ref().to_vec();
        for (index, one) in placed.iter_mut().enumerate() {
            let tag = ["人才工作", "基层党建", "作风建设"][(index + n as usize) % 3];
            one.annotation = Arc::new(Annotation { tags: [tag.to_owned()].into(), ..(*one.annotation).clone() });
        }
        Counted::new(Path::new(&format!("讲话{n}.txt")), scene.reader().document(), &placed, &Codebook::starter())
    });
    Tally::new(counted.collect(), &Codebook::starter())
}

/// A speech that has lost three tagged passages.
pub(crate) fn lost(width: u16, height: u16) -> Scene {
    let gone = "\n临江市的同志介绍了经验，很受启发。\n\n玉带市也谈了体会，大家认真听取。\n\n白鹭县提了建议，值得研究采纳。\n";
    let old = format!("{SPEECH}{gone}");
    let at = |words: &str| {
        let start = old.chars().count() - gone.chars().count() + gone.split(words).next().unwrap().chars().count();
        Target::Passage(Span::new(start, start + words.chars().count()))
    };
    Scene::edited(&old, &[at("介绍了经验"), at("谈了体会"), at("提了建议")], SPEECH, width, height)
}

fn entries() -> Vec<super::state::Entry> {
    let entry = |n: u16| super::state::Entry {
        path: format!("讲话{n}.txt").into(),
        title: format!("第{n}次讲话"),
        date: format!("20{:02}-01-01", n % 30),
        tags: vec![("人才工作".to_owned(), usize::from(n))],
        percent: (!n.is_multiple_of(3)).then_some((n * 7 % 101) as u8),
        problem: if n == 5 { "读不了".to_owned() } else { String::new() },
        ..super::state::Entry::default()
    };
    (0..40).map(entry).collect()
}

/// Draws the screen, and says what must hold of it.
fn check(scene: &Scene, language: Language, frames: bool, doing: &str) {
    let state = &scene.state;
    let theme = Theme::plain();
    let ambiguous = state.setting.style.ambiguous;
    let face = Face { look: Look { theme: &theme, ambiguous }, locale: Locale::new(language), frames };
    let mut buffer = Buffer::empty(state.size.area());
    if let Some(cursor) = view::draw(state, face, &mut buffer) {
        assert!(buffer.area.contains(cursor), "{doing}: the terminal's cursor at {cursor:?}");
    }
    hold(scene, doing);
}

/// What must hold of the state.
fn hold(scene: &Scene, doing: &str) {
    let state = &scene.state;
    assert!(!state.context().takes_text() || state.pending.is_empty(), "{doing}: keys wait where text is typed");
    let Some(reader) = &state.reader else {
        assert!(
            state.overlay.is_none()
                || matches!(state.context(), Context::Help | Context::Steps | Context::Settings | Context::Prompt | Context::Picker)
        );
        return;
    };
    let (rows, length, cursor) = (reader.viewport.rows(), reader.document().source.len(), reader.viewport.cursor());
    assert!(rows.len() <= usize::from(reader.viewport.height()), "{doing}");
    assert!(rows.windows(2).all(|pair| pair[0].id < pair[1].id), "{doing}: rows out of order");
    assert!(cursor <= length, "{doing}");
    if rows.iter().any(|row| row.text().is_some_and(|text| !text.is_blank())) {
        assert!(reader.viewport.cursor_place().is_some(), "{doing}: the cursor at {cursor} is off the screen");
    }
    if let Some(span) = reader.selected() {
        assert!(span.end <= length && span.contains(cursor), "{doing}: {span:?} selected, the cursor at {cursor}");
    }
    assert!(reader.search.hits().iter().all(|hit| hit.end <= length), "{doing}: a hit behind the end");
    assert!(reader.marks.values().all(|place| *place <= length), "{doing}: a mark behind the end");
    assert!(reader.notes.spans().all(|span| span.end <= length), "{doing}: an annotation behind the end");
    if let Some(id) = reader.outline.selected() {
        assert!(reader.document().outline.get(id).is_some(), "{doing}: no such section");
    }
    match &state.overlay {
        Some(Overlay::Annotations(listing)) => {
            assert!(listing.list.selected() < state.listed_count().max(1), "{doing}: behind the list's end");
        }
        Some(Overlay::Help(help)) => assert!(help.top() <= help.rows().len(), "{doing}"),
        _ => {}
    }
}

#[test]
fn every_command_holds_in_every_context() {
    for (width, height, count) in [(30, 8, Some(9_999_999)), (80, 24, None)] {
        for context in Context::ALL {
            let mut scene = scene_in(context, width, height);
            for command in commands() {
                let doing = format!("{} {count:?} in {context:?} at {width}×{height}", command.name);
                scene.run(command, count, command.takes_char.then_some('a'));
                check(&scene, Language::Traditional, height > 8, &doing);
                // Setting a scene costs more than a command: it serves as long as one is in it.
                if scene.state.context() != context || scene.state.reader.is_none() != (context == Context::Library) {
                    scene = scene_in(context, width, height);
                }
            }
        }
    }
}

/// The document as it is after a change to its file.
fn edited(document: &Document) -> Document {
    let text: String = document.source.slice(document.source.span()).chars().skip(7).chain("新添一段。\n".chars()).collect();
    parse(SourceText::from(text.as_str()), &Hints::default())
}

#[test]
fn random_walks_break_nothing() {
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
    let all: Vec<&Command> = commands().filter(|command| command.name != "back" && command.name != "library-open").collect();
    let keys: Vec<&str> = commands().flat_map(|command| command.keys).copied().collect();
    for (seed, document) in (first_seed..).zip(&documents) {
        let mut random = SmallRng::seed_from_u64(seed as u64);
        let mut scene = Scene::reading(document, 80, 24);
        let mut doing = Vec::new();
        for step in 0..steps / documents.len() {
            if step % LEG == LEG - 1 || scene.state.reader.is_none() && random.random_range(0..60) == 0 {
                let Size { width, height } = scene.state.size;
                scene = Scene::reading(document, width, height);
            }
            let what = match random.random_range(0..100) {
                0..=1 => {
                    let (width, height) = *SIZES.choose(&mut random).unwrap();
                    scene.event(Event::Resize(Size { width, height }));
                    format!("size {width}×{height}")
                }
                2 => {
                    let wide = random.random_range(0..2) == 0;
                    scene.state.setting.style.ambiguous = if wide { Ambiguous::Wide } else { Ambiguous::Narrow };
                    scene.state.arrange();
                    format!("wide {wide}")
                }
                3 => {
                    scene.event(Event::Paste("人才\n工作\u{1b}[31m".to_owned()));
                    "paste".to_owned()
                }
                4 => {
                    let text = ["人", "2", "一、", "#", "%", " "].choose(&mut random).unwrap();
                    scene.state.type_text(text, &mut scene.left);
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
                    scene.event(Event::Mouse(mouse));
                    format!("{mouse:?}")
                }
                17 if scene.state.reader.is_some() => {
                    scene.reload(edited(scene.reader().document()));
                    "reload".to_owned()
                }
                18 => {
                    scene.state.edit_text(Edit::DeleteWord, &mut scene.left);
                    "delete a word".to_owned()
                }
                19..=55 => {
                    let keys = *keys.choose(&mut random).unwrap();
                    scene.keys(keys);
                    keys.to_owned()
                }
                _ => {
                    let context = scene.state.context();
                    // Mostly what belongs here, now and then anything.
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
            doing.push(what);
            scene.left.clear();
            let said = || format!("{seed}: … {}", doing[doing.len().saturating_sub(12)..].join(" · "));
            if step % 5 == 0 {
                check(&scene, Language::ALL[step % 3], step % 2 == 0, &said());
            } else {
                hold(&scene, &said());
            }
        }
    }
}

impl Scene {
    /// Runs a command as the palette does, whatever its context.
    fn run(&mut self, command: &Command, count: Option<usize>, character: Option<char>) {
        let mut effects = Vec::new();
        command::run(&mut self.state, command, count, character, &mut effects);
        for effect in effects {
            self.perform(effect);
        }
    }
}
