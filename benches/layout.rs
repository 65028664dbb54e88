//! Layout of 20 MB of speeches, in bytes per second: `cargo bench --bench layout`.
//!
//! `LAYOUT_WORK=N cargo bench --bench layout` instead lays out the samples N times at 80 cells and
//! exits: 1 for callgrind, more for `perf stat`.

use divan::{Bencher, counter::BytesCount};
use pizhu_text::document;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::layout;
use pizhu_text::layout::LayoutStyle;
use pizhu_text::text::decode;
use pizhu_text::text::width::AmbiguousWidth;
use std::{fs, hint::black_box};

/// Minimum number of bytes per sample.
const BYTES: usize = 20 << 20;

fn main() {
    if let Ok(times) = std::env::var("LAYOUT_WORK") {
        let speeches = speeches();
        let times = times.parse().unwrap_or(1);
        let rows = black_box(lay_out_all(&speeches, times, 80, AmbiguousWidth::Narrow));
        println!("{} bytes, {rows} rows", bytes(&speeches) * times);
        return;
    }
    divan::main();
}

/// The sample speeches, parsed.
fn speeches() -> Vec<Document> {
    let mut paths: Vec<_> = fs::read_dir("sample-data").into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let read = |path| Some(document::parse(decode(&fs::read(path).ok()?, None).source, &Hints::default()));
    paths.into_iter().filter_map(read).collect()
}

fn bytes(speeches: &[Document]) -> usize {
    speeches.iter().map(|speech| speech.source.len_bytes()).sum()
}

/// Lays out the speeches `times` times; returns the number of rows.
fn lay_out_all(speeches: &[Document], times: usize, width: u16, ambiguous: AmbiguousWidth) -> usize {
    let style = LayoutStyle { width, ambiguous, ..LayoutStyle::default() };
    let mut rows = 0;
    for document in speeches.iter().cycle().take(speeches.len() * times) {
        for (index, paragraph) in document.paragraphs.iter().enumerate() {
            for segment in layout::segments(document, index) {
                rows += layout::lay_out(document, segment, paragraph.kind, document.begins_paragraph(segment.start), &style).len();
            }
        }
    }
    rows
}

#[divan::bench(args = [24, 80, 120], sample_count = 3, sample_size = 1)]
fn lay_out(bencher: Bencher<'_, '_>, width: u16) {
    measure(bencher, width, AmbiguousWidth::Narrow);
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn lay_out_wide(bencher: Bencher<'_, '_>) {
    measure(bencher, 80, AmbiguousWidth::Wide);
}

fn measure(bencher: Bencher<'_, '_>, width: u16, ambiguous: AmbiguousWidth) {
    let speeches = speeches();
    let times = BYTES / bytes(&speeches).max(1) + 1;
    bencher.counter(BytesCount::new(bytes(&speeches) * times)).bench_local(|| black_box(lay_out_all(&speeches, times, width, ambiguous)));
}
