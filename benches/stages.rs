//! The stages that a text goes through, each by itself: decoded, cleaned, searched, its
//! annotations placed again, drawn. `cargo bench --bench stages`; parsing and laying out have
//! benches of their own.
//!
//! `STAGES_WORK=1 cargo bench --bench stages` does each stage once on little text and ends:
//! `benches/instructions` counts what that takes.

#![allow(clippy::expect_used, reason = "a benchmark may panic")]

use divan::{Bencher, counter::BytesCount};
use pizhu_annotation::Annotation;
use pizhu_annotation::Placements;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::parse;
use pizhu_text::layout;
use pizhu::locale::Language;
use pizhu::locale::Locale;
use pizhu_text::search::Matcher;
use pizhu_text::search::Mode;
use pizhu::settings::Settings;
use pizhu_text::text::Encoding;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use pizhu_text::text::clean::scan::scan;
use pizhu_text::text::decode::decode;
use pizhu_text::text::decode::encode;
use pizhu_text::text::width::Ambiguous;
use pizhu::tui::command::key::Key;
use pizhu::tui::command::keymap::Keymap;
use pizhu::tui::effect::Event;
use pizhu::tui::state::Library;
use pizhu::tui::state::Origin;
use pizhu::tui::state::Reader;
use pizhu::tui::state::Size;
use pizhu::tui::state::State;
use pizhu_terminal::Colors;
use pizhu_terminal::Screen;
use pizhu_terminal::Widths;
use pizhu::tui::theme::Theme;
use pizhu::tui::update::update;
use pizhu::tui::view;
use pizhu::tui::view::Face;
use pizhu::tui::view::Standing;
use pizhu::tui::widget::Look;
use std::{fs, hint::black_box, io::Sink, path::PathBuf, sync::Arc};

const MB: usize = 1 << 20;
/// Bytes that a bench goes through.
const BENCH: usize = 20 * MB;
/// Bytes that each counted stage goes through.
const COUNTED: usize = 128 * 1024;
/// Annotations that are placed again.
const ANNOTATIONS: usize = 200;
/// The screen.
const SIZE: Size = Size { width: 160, height: 50 };

fn main() {
    if std::env::var_os("STAGES_WORK").is_some() {
        once();
    } else {
        divan::main();
    }
}

/// The sample speeches over and over, at least `bytes` long.
fn speeches(bytes: usize) -> String {
    let mut paths: Vec<PathBuf> = fs::read_dir("sample-data").into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let all: String = paths.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    all.repeat(bytes / all.len().max(1) + 1)
}

fn document(text: &str) -> Arc<Document> {
    Arc::new(parse(SourceText::from(text), &Hints::default()))
}

/// Annotations all over a text, and the text with a sentence gone here and there.
fn edited(text: &str, count: usize) -> (Vec<Arc<Annotation>>, Arc<Document>) {
    let old = document(text);
    let step = (old.source.len() - 20) / count;
    let selector = |n: usize| Selector::passage(&old, Span::new(n * step, n * step + 12));
    let annotation = |selector| Arc::new(Annotation::new(Scope::Passage, selector, "甲"));
    let annotations = (0..count).filter_map(selector).map(annotation).collect();
    let kept: Vec<&str> = text.split_inclusive('。').enumerate().filter(|(n, _)| n % 29 != 7).map(|(_, sentence)| sentence).collect();
    (annotations, document(&kept.concat()))
}

fn hits(document: &Document, query: &str, mode: Mode) -> usize {
    Matcher::new(query, mode).expect("a query").hits(document, document.source.span()).len()
}

/// The rows of a document at 80 cells.
fn rows(document: &Document) -> usize {
    let style = layout::Style { width: 80, ..layout::Style::default() };
    let rows = |(index, paragraph): (usize, &pizhu_text::document::Paragraph)| -> usize {
        let segments = layout::segments(document, index);
        segments.into_iter().map(|segment| layout::lay_out(document, segment, paragraph.kind, &style).len()).sum()
    };
    document.paragraphs.iter().enumerate().map(rows).sum()
}

/// The reader on a screen that goes nowhere.
struct Open {
    state: State,
    screen: Screen<Sink>,
    standing: Standing,
    theme: Theme,
}

impl Open {
    fn new(document: &Arc<Document>) -> Self {
        let mut state = State::new(SIZE, Keymap::from_table().expect("keys"), Library::default(), Settings::default());
        state.locale = Locale::new(Language::English);
        let setting = state.setting.clone();
        state.show(Reader::new(1, Origin::default(), Arc::clone(document), setting.style, setting.spacing));
        let screen = Screen::new(std::io::sink(), SIZE.area().as_size(), Colors::True, Widths::Narrow);
        Self { state, screen, standing: Standing::default(), theme: Theme::plain() }
    }

    fn draw(&mut self) {
        let face = Face { look: Look { theme: &self.theme, ambiguous: Ambiguous::Narrow }, locale: self.state.locale, frames: true };
        let (state, standing) = (&self.state, &mut self.standing);
        let drawn = self.screen.redraw(|buffer, holds| {
            if !holds {
                *standing = Standing::default();
            }
            view::redraw(state, face, buffer, standing)
        });
        drawn.expect("a sink takes all");
    }

    fn press(&mut self, key: Key, times: usize) {
        for _ in 0..times {
            update(&mut self.state, Event::Key(key), &mut Vec::new());
            self.draw();
        }
    }

    /// To a smaller screen and back.
    fn resize(&mut self) {
        for size in [Size { width: 100, height: 40 }, SIZE] {
            self.screen.resize(size.area().as_size());
            update(&mut self.state, Event::Resize(size), &mut Vec::new());
            self.draw();
        }
    }

    /// Scrolled so far that each line key scrolls.
    fn scrolling(document: &Arc<Document>) -> (Self, Key) {
        let (mut open, down) = (Self::new(document), "j".parse().expect("a key"));
        open.press(down, 60);
        (open, down)
    }
}

/// Each stage, on little.
fn once() {
    let text = speeches(COUNTED);
    let gb = encode(&text, Encoding::GB18030).expect("GB 18030 has every character");
    let document = document(&text);
    let (annotations, changed) = edited(&text, ANNOTATIONS);
    work::decode(text.as_bytes());
    work::decode_gb18030(&gb);
    work::clean(&document);
    work::parse(&document);
    work::lay_out(&document);
    work::anchor(&changed, annotations);
    work::search_literal(&document);
    work::search_folded(&document);
    work::search_pinyin(&document);
    let (mut open, down) = Open::scrolling(&document);
    work::line_keys(&mut open, down);
    work::page_keys(&mut open, "<PageDown>".parse().expect("a key"));
    work::resize(&mut open);
    work::first_frame(&document);
}

/// What is counted, from the call of one of these to its return; nothing here may call another,
/// and no two may be the same but for their names.
mod work {
    use super::{Annotation, Arc, Document, Encoding, Hints, Key, Mode, Open, Placements, black_box, hits, rows, scan};

    #[inline(never)]
    pub fn decode(bytes: &[u8]) {
        black_box(super::decode(bytes, None));
    }

    #[inline(never)]
    pub fn decode_gb18030(bytes: &[u8]) {
        black_box(super::decode(bytes, Some(Encoding::GB18030)));
    }

    #[inline(never)]
    pub fn clean(document: &Document) {
        black_box(scan(&document.source));
    }

    #[inline(never)]
    pub fn parse(document: &Document) {
        black_box(super::parse(document.source.clone(), &Hints::default()));
    }

    #[inline(never)]
    pub fn lay_out(document: &Document) {
        black_box(rows(document));
    }

    #[inline(never)]
    pub fn anchor(document: &Document, annotations: Vec<Arc<Annotation>>) {
        black_box(Placements::new(document, annotations));
    }

    #[inline(never)]
    pub fn search_literal(document: &Document) {
        black_box(hits(document, "干部队伍", Mode::Literal));
    }

    #[inline(never)]
    pub fn search_folded(document: &Document) {
        black_box(hits(document, "幹部隊伍", Mode::Folded));
    }

    #[inline(never)]
    pub fn search_pinyin(document: &Document) {
        black_box(hits(document, "gbdw", Mode::Pinyin));
    }

    #[inline(never)]
    pub fn first_frame(document: &Arc<Document>) {
        Open::new(document).draw();
    }

    #[inline(never)]
    pub fn resize(open: &mut Open) {
        open.resize();
    }

    #[inline(never)]
    pub fn line_keys(open: &mut Open, down: Key) {
        open.press(down, 20);
    }

    #[inline(never)]
    pub fn page_keys(open: &mut Open, down: Key) {
        open.press(down, 10);
    }
}

#[divan::bench(args = [Encoding::UTF8.name(), Encoding::GB18030.name(), Encoding::UTF16LE.name()], sample_count = 5, sample_size = 1)]
fn decode_20_mb(bencher: Bencher<'_, '_>, name: &str) {
    let encoding = Encoding::from_label(name).expect("an encoding");
    let bytes = encode(&speeches(BENCH), encoding).expect("every character");
    bencher.counter(BytesCount::new(bytes.len())).bench_local(|| decode(&bytes, Some(encoding)));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn clean_20_mb(bencher: Bencher<'_, '_>) {
    let source = SourceText::from(speeches(BENCH).as_str());
    bencher.counter(BytesCount::new(source.len_bytes())).bench_local(|| scan(&source));
}

#[divan::bench(args = [(Mode::Literal, "干部队伍"), (Mode::Folded, "幹部隊伍"), (Mode::Pinyin, "gbdw"), (Mode::Regex, "干部.{0,4}伍")], sample_count = 5, sample_size = 1)]
fn search_20_mb(bencher: Bencher<'_, '_>, (mode, query): (Mode, &str)) {
    let document = document(&speeches(BENCH));
    bencher.counter(BytesCount::new(document.source.len_bytes())).bench_local(|| hits(&document, query, mode));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn anchor_200_in_an_edited_text(bencher: Bencher<'_, '_>) {
    let (annotations, changed) = edited(&speeches(COUNTED), ANNOTATIONS);
    bencher.bench_local(|| Placements::new(&changed, annotations.clone()));
}

mod draw {
    use super::{BENCH, Bencher, COUNTED, Open, document, speeches};

    /// From a document to its first frame, with few sections and with many.
    #[divan::bench(args = [COUNTED, BENCH], sample_count = 20, sample_size = 1)]
    fn first_frame(bencher: Bencher<'_, '_>, bytes: usize) {
        let document = document(&speeches(bytes));
        bencher.bench_local(|| Open::new(&document).draw());
    }

    #[divan::bench(args = [COUNTED, BENCH], sample_count = 50, sample_size = 2)]
    fn line_key(bencher: Bencher<'_, '_>, bytes: usize) {
        let (mut open, down) = Open::scrolling(&document(&speeches(bytes)));
        bencher.bench_local(|| open.press(down, 1));
    }

    #[divan::bench(args = [COUNTED, BENCH], sample_count = 10, sample_size = 2)]
    fn resize_twice(bencher: Bencher<'_, '_>, bytes: usize) {
        let (mut open, _) = Open::scrolling(&document(&speeches(bytes)));
        bencher.bench_local(|| open.resize());
    }

    #[divan::bench(args = [COUNTED, BENCH], sample_count = 10, sample_size = 2)]
    fn page_key(bencher: Bencher<'_, '_>, bytes: usize) {
        let (mut open, _) = Open::scrolling(&document(&speeches(bytes)));
        bencher.bench_local(|| open.press("<PageDown>".parse().expect("a key"), 1));
    }
}
