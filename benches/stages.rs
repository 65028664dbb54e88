//! Stages of processing a text, each separately: decoding, cleaning, search, anchor resolution,
//! drawing. `cargo bench --bench stages`; parsing and layout have their own benchmarks.
//!
//! `STAGES_WORK=1 cargo bench --bench stages` instead runs each stage once on a small text and exits;
//! `benches/instructions` counts the instructions of that.

#![allow(clippy::expect_used, reason = "a benchmark may panic")]

use divan::{Bencher, counter::BytesCount};
use pizhu::harness as view;
use pizhu::harness::AppEvent;
use pizhu::harness::FrameCache;
use pizhu::harness::Key;
use pizhu::harness::Language;
use pizhu::harness::LibraryScreen;
use pizhu::harness::Locale;
use pizhu::harness::Origin;
use pizhu::harness::ReaderScreen;
use pizhu::harness::RenderContext;
use pizhu::harness::Settings;
use pizhu::harness::Size;
use pizhu::harness::State;
use pizhu::harness::StyleContext;
use pizhu::harness::Theme;
use pizhu::harness::update;
use pizhu::harness::{Keymap, default_keymap};
use pizhu_annotation::AnchorIndex;
use pizhu_annotation::Annotation;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_terminal::Colors;
use pizhu_terminal::Screen;
use pizhu_terminal::Widths;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::parse;
use pizhu_text::layout;
use pizhu_text::search::MatchMode;
use pizhu_text::search::Matcher;
use pizhu_text::text::Encoding;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use pizhu_text::text::clean::scan::scan;
use pizhu_text::text::decode::decode;
use pizhu_text::text::decode::encode;
use pizhu_text::text::width::AmbiguousWidth;
use std::{fs, hint::black_box, io::Sink, path::PathBuf, sync::Arc};

const MB: usize = 1 << 20;
/// Bytes per benchmark.
const BENCH_BYTES: usize = 20 * MB;
/// Bytes per stage for `STAGES_WORK`.
const WORK_BYTES: usize = 128 * 1024;
/// Number of annotations to resolve.
const ANNOTATIONS: usize = 200;
/// Screen size in cells.
const SIZE: Size = Size { width: 160, height: 50 };

fn main() {
    if std::env::var_os("STAGES_WORK").is_some() {
        run_once();
    } else {
        divan::main();
    }
}

/// The sample speeches repeated, at least `bytes` bytes.
fn speeches(bytes: usize) -> String {
    let mut paths: Vec<PathBuf> = fs::read_dir("sample-data").into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let all: String = paths.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    all.repeat(bytes / all.len().max(1) + 1)
}

fn document(text: &str) -> Arc<Document> {
    Arc::new(parse(SourceText::from(text), &Hints::default()))
}

/// Annotations all over a text, and the text without every 29th sentence.
fn edited(text: &str, count: usize) -> (Vec<Arc<Annotation>>, Arc<Document>) {
    let old = document(text);
    let step = (old.source.len() - 20) / count;
    let selector = |n: usize| Selector::for_passage(&old, Span::new(n * step, n * step + 12));
    let annotation = |selector| Arc::new(Annotation::new(Scope::Passage, selector, "甲"));
    let annotations = (0..count).filter_map(selector).map(annotation).collect();
    let remaining: Vec<&str> = text.split_inclusive('。').enumerate().filter(|(n, _)| n % 29 != 7).map(|(_, sentence)| sentence).collect();
    (annotations, document(&remaining.concat()))
}

fn hits(document: &Document, query: &str, mode: MatchMode) -> usize {
    Matcher::new(query, mode).expect("a valid query").hits(document, document.source.span()).len()
}

/// Number of rows of a document at 80 cells.
fn rows(document: &Document) -> usize {
    let style = layout::LayoutStyle { width: 80, ..layout::LayoutStyle::default() };
    let rows = |(index, paragraph): (usize, &pizhu_text::document::Paragraph)| -> usize {
        let segments = layout::segments(document, index);
        segments
            .into_iter()
            .map(|segment| layout::lay_out(document, segment, paragraph.kind, document.begins_paragraph(segment.start), &style).len())
            .sum()
    };
    document.paragraphs.iter().enumerate().map(rows).sum()
}

/// The reader on a screen that discards its output.
struct BenchReader {
    state: State,
    keymap: Keymap,
    screen: Screen<Sink>,
    frame_cache: FrameCache,
    theme: Theme,
}

impl BenchReader {
    fn new(document: &Arc<Document>) -> Self {
        let mut state = State::new(SIZE, LibraryScreen::default(), Settings::default());
        state.locale = Locale::new(Language::English);
        let setting = state.display_options.clone();
        state.show_reader(ReaderScreen::new(1, Origin::default(), Arc::clone(document), setting.style, setting.spacing));
        let screen = Screen::new(std::io::sink(), SIZE.area().as_size(), Colors::True, Widths::Narrow);
        Self { state, keymap: default_keymap().expect("a valid keymap"), screen, frame_cache: FrameCache::default(), theme: Theme::plain() }
    }

    fn draw(&mut self) {
        let ctx = RenderContext {
            styles: StyleContext { theme: &self.theme, ambiguous: AmbiguousWidth::Narrow },
            locale: self.state.locale,
            frames: true,
            keymap: &self.keymap,
        };
        let (state, frame_cache) = (&self.state, &mut self.frame_cache);
        let drawn = self.screen.draw_incremental(|buffer, holds| {
            if !holds {
                *frame_cache = FrameCache::default();
            }
            view::draw_incremental(state, ctx, buffer, frame_cache)
        });
        drawn.expect("a sink never fails");
    }

    fn press(&mut self, key: Key, times: usize) {
        for _ in 0..times {
            update(&mut self.state, &self.keymap, AppEvent::Key(key), &mut Vec::new());
            self.draw();
        }
    }

    /// Resizes to a smaller screen and back.
    fn resize(&mut self) {
        for size in [Size { width: 100, height: 40 }, SIZE] {
            self.screen.resize(size.area().as_size());
            update(&mut self.state, &self.keymap, AppEvent::Resize(size), &mut Vec::new());
            self.draw();
        }
    }

    /// A reader scrolled so far that each line key scrolls.
    fn scrolling(document: &Arc<Document>) -> (Self, Key) {
        let (mut reader, down) = (Self::new(document), "j".parse().expect("a valid key"));
        reader.press(down, 60);
        (reader, down)
    }
}

/// Runs each stage once on a small text.
fn run_once() {
    let text = speeches(WORK_BYTES);
    let gb = encode(&text, Encoding::GB18030).expect("GB 18030 encodes all characters");
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
    let (mut reader, down) = BenchReader::scrolling(&document);
    work::line_keys(&mut reader, down);
    work::page_keys(&mut reader, "<PageDown>".parse().expect("a valid key"));
    work::resize(&mut reader);
    work::first_frame(&document);
}

/// Instructions are counted from the call of one of these functions to its return. They must not call
/// each other, and must differ in content, or the linker may merge them.
mod work {
    use super::{AnchorIndex, Annotation, Arc, BenchReader, Document, Encoding, Hints, Key, MatchMode, black_box, hits, rows, scan};

    #[inline(never)]
    pub(super) fn decode(bytes: &[u8]) {
        black_box(super::decode(bytes, None));
    }

    #[inline(never)]
    pub(super) fn decode_gb18030(bytes: &[u8]) {
        black_box(super::decode(bytes, Some(Encoding::GB18030)));
    }

    #[inline(never)]
    pub(super) fn clean(document: &Document) {
        black_box(scan(&document.source));
    }

    #[inline(never)]
    pub(super) fn parse(document: &Document) {
        black_box(super::parse(document.source.clone(), &Hints::default()));
    }

    #[inline(never)]
    pub(super) fn lay_out(document: &Document) {
        black_box(rows(document));
    }

    #[inline(never)]
    pub(super) fn anchor(document: &Document, annotations: Vec<Arc<Annotation>>) {
        black_box(AnchorIndex::new(document, annotations));
    }

    #[inline(never)]
    pub(super) fn search_literal(document: &Document) {
        black_box(hits(document, "干部队伍", MatchMode::Literal));
    }

    #[inline(never)]
    pub(super) fn search_folded(document: &Document) {
        black_box(hits(document, "幹部隊伍", MatchMode::Folded));
    }

    #[inline(never)]
    pub(super) fn search_pinyin(document: &Document) {
        black_box(hits(document, "gbdw", MatchMode::Pinyin));
    }

    #[inline(never)]
    pub(super) fn first_frame(document: &Arc<Document>) {
        BenchReader::new(document).draw();
    }

    #[inline(never)]
    pub(super) fn resize(reader: &mut BenchReader) {
        reader.resize();
    }

    #[inline(never)]
    pub(super) fn line_keys(reader: &mut BenchReader, down: Key) {
        reader.press(down, 20);
    }

    #[inline(never)]
    pub(super) fn page_keys(reader: &mut BenchReader, down: Key) {
        reader.press(down, 10);
    }
}

#[divan::bench(args = [Encoding::UTF8.name(), Encoding::GB18030.name(), Encoding::UTF16LE.name()], sample_count = 5, sample_size = 1)]
fn decode_20_mb(bencher: Bencher<'_, '_>, name: &str) {
    let encoding = Encoding::from_label(name).expect("a known encoding");
    let bytes = encode(&speeches(BENCH_BYTES), encoding).expect("the encoding has all characters");
    bencher.counter(BytesCount::new(bytes.len())).bench_local(|| decode(&bytes, Some(encoding)));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn clean_20_mb(bencher: Bencher<'_, '_>) {
    let source = SourceText::from(speeches(BENCH_BYTES).as_str());
    bencher.counter(BytesCount::new(source.len_bytes())).bench_local(|| scan(&source));
}

#[divan::bench(args = [(MatchMode::Literal, "干部队伍"), (MatchMode::Folded, "幹部隊伍"), (MatchMode::Pinyin, "gbdw"), (MatchMode::Regex, "干部.{0,4}伍")], sample_count = 5, sample_size = 1)]
fn search_20_mb(bencher: Bencher<'_, '_>, (mode, query): (MatchMode, &str)) {
    let document = document(&speeches(BENCH_BYTES));
    bencher.counter(BytesCount::new(document.source.len_bytes())).bench_local(|| hits(&document, query, mode));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn anchor_200_in_an_edited_text(bencher: Bencher<'_, '_>) {
    let (annotations, changed) = edited(&speeches(WORK_BYTES), ANNOTATIONS);
    bencher.bench_local(|| AnchorIndex::new(&changed, annotations.clone()));
}

mod draw {
    use super::{BENCH_BYTES, BenchReader, Bencher, WORK_BYTES, document, speeches};

    /// From a document to its first frame, with few and many sections.
    #[divan::bench(args = [WORK_BYTES, BENCH_BYTES], sample_count = 20, sample_size = 1)]
    fn first_frame(bencher: Bencher<'_, '_>, bytes: usize) {
        let document = document(&speeches(bytes));
        bencher.bench_local(|| BenchReader::new(&document).draw());
    }

    #[divan::bench(args = [WORK_BYTES, BENCH_BYTES], sample_count = 50, sample_size = 2)]
    fn line_key(bencher: Bencher<'_, '_>, bytes: usize) {
        let (mut reader, down) = BenchReader::scrolling(&document(&speeches(bytes)));
        bencher.bench_local(|| reader.press(down, 1));
    }

    #[divan::bench(args = [WORK_BYTES, BENCH_BYTES], sample_count = 10, sample_size = 2)]
    fn resize_twice(bencher: Bencher<'_, '_>, bytes: usize) {
        let (mut reader, _) = BenchReader::scrolling(&document(&speeches(bytes)));
        bencher.bench_local(|| reader.resize());
    }

    #[divan::bench(args = [WORK_BYTES, BENCH_BYTES], sample_count = 10, sample_size = 2)]
    fn page_key(bencher: Bencher<'_, '_>, bytes: usize) {
        let (mut reader, _) = BenchReader::scrolling(&document(&speeches(bytes)));
        bencher.bench_local(|| reader.press("<PageDown>".parse().expect("a valid key"), 1));
    }
}
