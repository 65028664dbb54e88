//! Parsing, in bytes per second: `cargo bench --bench parse`.
//!
//! `speeches_*` parse the repeated sample speeches; time must grow linearly from 20 to 100 MB. The
//! others are hostile: a single line, and ordinals only.

use divan::{Bencher, counter::BytesCount};
use pizhu_text::document;
use pizhu_text::document::Hints;
use pizhu_text::text::SourceText;
use pizhu_text::text::decode;
use std::fs;

const MB: usize = 1 << 20;

fn main() {
    divan::main();
}

/// The sample speeches repeated, at least `bytes` bytes.
fn speeches(bytes: usize) -> String {
    let mut paths: Vec<_> = fs::read_dir("sample-data").into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let mut once = String::new();
    for source in paths.iter().filter_map(|path| Some(decode(&fs::read(path).ok()?, None).source)) {
        once.extend(source.pieces(source.span()));
        once.push('\n');
    }
    once.repeat(bytes / once.len().max(1) + 1)
}

fn measure(bencher: Bencher<'_, '_>, text: &str) {
    let source = SourceText::from(text);
    bencher.counter(BytesCount::new(text.len())).bench_local(|| document::parse(source.clone(), &Hints::default()));
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn speeches_20_mb(bencher: Bencher<'_, '_>) {
    measure(bencher, &speeches(20 * MB));
}

#[divan::bench(sample_count = 1, sample_size = 1)]
fn speeches_100_mb(bencher: Bencher<'_, '_>) {
    measure(bencher, &speeches(100 * MB));
}

#[divan::bench(args = [20, 100], sample_count = 1, sample_size = 1)]
fn one_line(bencher: Bencher<'_, '_>, mb: usize) {
    measure(bencher, &speeches(mb * MB).replace('\n', ""));
}

#[divan::bench(args = [100_000, 1_000_000], sample_count = 1, sample_size = 1)]
fn ordinals_in_one_line(bencher: Bencher<'_, '_>, count: usize) {
    measure(bencher, &"一是。二是。".repeat(count / 2));
}

#[divan::bench(args = [100_000, 1_000_000], sample_count = 1, sample_size = 1)]
fn ordinals_on_separate_lines(bencher: Bencher<'_, '_>, count: usize) {
    measure(bencher, &"一、甲\n二、乙\n".repeat(count / 2));
}
