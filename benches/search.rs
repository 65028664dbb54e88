//! Searching many speeches, in bytes a second: `PIZHU_BENCH_LIBRARY=FOLDER cargo bench --bench search`
//! with a folder that `benches/library.py` made; without one, the sample speeches.
//!
//! `sieved` looks at what holds no hit, `hits` finds in every speech; both read the files. `kept`
//! searches what has been read before. `scan` is the first scan of a library, with its cache.

use divan::{Bencher, counter::BytesCount};
use pizhu_library::catalogue::Scan;
use pizhu_library::digest::Digests;
use pizhu_library::find::Question;
use pizhu_library::gather;
use pizhu_library::seek::Seeker;
use pizhu_library::shelf::Shelf;
use pizhu_text::search::Mode;
use pizhu_library::source;
use pizhu_library::source::Manner;
use std::{
    env, fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::Duration,
};

fn main() {
    divan::main();
}

struct Library {
    folder: PathBuf,
    files: Vec<PathBuf>,
    bytes: u64,
    digests: Digests,
}

impl Library {
    fn open() -> Self {
        let folder = PathBuf::from(env::var_os("PIZHU_BENCH_LIBRARY").unwrap_or_else(|| "sample-data".into()));
        let files = source::speeches_under(&folder).unwrap_or_default();
        let bytes = files.iter().filter_map(|file| fs::metadata(file).ok()).map(|metadata| metadata.len()).sum();
        Self { folder, files, bytes, digests: Digests::default() }
    }

    fn seek(&self, seeker: &Seeker) -> usize {
        self.count(|file| {
            seeker.read(file, Manner::default(), &self.digests).ok()?.map(|document| seeker.hits(&document, None).described().count())
        })
    }

    fn count(&self, find: impl Fn(&Path) -> Option<usize> + Sync) -> usize {
        let mut all = 0;
        let _ = gather::in_order(&self.files, find, |_, found| {
            all += found.unwrap_or(0);
            ControlFlow::<()>::Continue(())
        });
        all
    }
}

fn seeker(words: &str, mode: Mode) -> Option<Seeker> {
    Seeker::new(Question { words: words.to_owned(), mode, ..Question::default() }).ok()
}

const MODES: [Mode; 3] = [Mode::Literal, Mode::Folded, Mode::Pinyin];

fn measure(bencher: Bencher<'_, '_>, words: &str, mode: Mode) {
    let (library, Some(seeker)) = (Library::open(), seeker(words, mode)) else { return };
    library.seek(&seeker);
    bencher.counter(BytesCount::new(library.bytes)).bench_local(|| library.seek(&seeker));
}

#[divan::bench(args = MODES, sample_count = 5, sample_size = 1)]
fn sieved(bencher: Bencher<'_, '_>, mode: Mode) {
    measure(bencher, if mode == Mode::Pinyin { "huoxingsheq" } else { "火星社区" }, mode);
}

#[divan::bench(args = MODES, sample_count = 5, sample_size = 1)]
fn hits(bencher: Bencher<'_, '_>, mode: Mode) {
    measure(bencher, if mode == Mode::Pinyin { "gongzuo" } else { "工作" }, mode);
}

#[divan::bench(args = MODES, sample_count = 5, sample_size = 1)]
fn kept(bencher: Bencher<'_, '_>, mode: Mode) {
    let (library, shelf) = (Library::open(), Shelf::default());
    let Some(seeker) = seeker(if mode == Mode::Pinyin { "gongzuo" } else { "工作" }, mode) else { return };
    let seek = || {
        library.count(|file| {
            let found = shelf.seek(file, None, Manner::default(), &seeker, &library.digests).ok()?;
            found.map(|document| seeker.hits(&document, None).described().count())
        })
    };
    seek();
    bencher.counter(BytesCount::new(library.bytes)).bench_local(seek);
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn scan(bencher: Bencher<'_, '_>) {
    let library = Library::open();
    let all = || {
        let cache = tempfile::tempdir().ok()?;
        Scan::start(
            vec![library.folder.clone()],
            Some(cache.path().to_owned()),
            pizhu_library::source::Manner::default(),
            Duration::from_millis(500),
            |_| (),
        )
        .ok()?
        .wait();
        Some(cache)
    };
    bencher.counter(BytesCount::new(library.bytes)).bench_local(all);
}
