//! Library search, in bytes per second: `PIZHU_BENCH_LIBRARY=FOLDER cargo bench --bench search`, with
//! a folder made by `benches/library.py`; default: the sample speeches.
//!
//! `no_hits` and `hits` read the files, with no match or matches in all speeches; `cached` searches
//! documents in memory. `scan` is the first scan of a library, which fills its cache.

use divan::{Bencher, counter::BytesCount};
use pizhu_library::catalogue::Scan;
use pizhu_library::compiled_query::CompiledQuery;
use pizhu_library::document_cache::DocumentCache;
use pizhu_library::find::Query;
use pizhu_library::parallel;
use pizhu_library::parse_cache::ParseCache;
use pizhu_library::source;
use pizhu_library::source::ReadOptions;
use pizhu_text::search::MatchMode;
use std::{
    env, fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::Duration,
};

fn main() {
    divan::main();
}

struct BenchLibrary {
    folder: PathBuf,
    files: Vec<PathBuf>,
    bytes: u64,
    parse_cache: ParseCache,
}

impl BenchLibrary {
    fn open() -> Self {
        let folder = PathBuf::from(env::var_os("PIZHU_BENCH_LIBRARY").unwrap_or_else(|| "sample-data".into()));
        let files = source::speeches_under(&folder).unwrap_or_default();
        let bytes = files.iter().filter_map(|file| fs::metadata(file).ok()).map(|metadata| metadata.len()).sum();
        Self { folder, files, bytes, parse_cache: ParseCache::default() }
    }

    fn search(&self, query: &CompiledQuery) -> usize {
        self.count(|file| {
            query
                .load_candidate(file, ReadOptions::default(), &self.parse_cache)
                .ok()?
                .map(|document| query.hits(&document, None).with_snippets().count())
        })
    }

    fn count(&self, find: impl Fn(&Path) -> Option<usize> + Sync) -> usize {
        let mut total = 0;
        let _ = parallel::par_map_files(&self.files, find, |_, found| {
            total += found.unwrap_or(0);
            ControlFlow::<()>::Continue(())
        });
        total
    }
}

fn compile_query(words: &str, mode: MatchMode) -> Option<CompiledQuery> {
    CompiledQuery::new(Query { text: words.to_owned(), mode, ..Query::default() }).ok()
}

const MODES: [MatchMode; 3] = [MatchMode::Literal, MatchMode::Folded, MatchMode::Pinyin];

fn measure(bencher: Bencher<'_, '_>, words: &str, mode: MatchMode) {
    let (library, Some(query)) = (BenchLibrary::open(), compile_query(words, mode)) else { return };
    library.search(&query);
    bencher.counter(BytesCount::new(library.bytes)).bench_local(|| library.search(&query));
}

#[divan::bench(args = MODES, sample_count = 5, sample_size = 1)]
fn no_hits(bencher: Bencher<'_, '_>, mode: MatchMode) {
    measure(bencher, if mode == MatchMode::Pinyin { "huoxingsheq" } else { "火星社区" }, mode);
}

#[divan::bench(args = MODES, sample_count = 5, sample_size = 1)]
fn hits(bencher: Bencher<'_, '_>, mode: MatchMode) {
    measure(bencher, if mode == MatchMode::Pinyin { "gongzuo" } else { "工作" }, mode);
}

#[divan::bench(args = MODES, sample_count = 5, sample_size = 1)]
fn cached(bencher: Bencher<'_, '_>, mode: MatchMode) {
    let (library, cache) = (BenchLibrary::open(), DocumentCache::default());
    let Some(query) = compile_query(if mode == MatchMode::Pinyin { "gongzuo" } else { "工作" }, mode) else { return };
    let search = || {
        library.count(|file| {
            let found = cache.load_candidate(file, None, ReadOptions::default(), &query, &library.parse_cache).ok()?;
            found.map(|document| query.hits(&document, None).with_snippets().count())
        })
    };
    search();
    bencher.counter(BytesCount::new(library.bytes)).bench_local(search);
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn scan(bencher: Bencher<'_, '_>) {
    let library = BenchLibrary::open();
    let run = || {
        let cache = tempfile::tempdir().ok()?;
        Scan::start(
            vec![library.folder.clone()],
            Some(cache.path().to_owned()),
            ReadOptions::default(),
            Duration::from_millis(500),
            |_| (),
        )
        .ok()?
        .wait();
        Some(cache)
    };
    bencher.counter(BytesCount::new(library.bytes)).bench_local(run);
}
