//! Searching against a naive scan of the cleaned and folded text: every occurrence, none invented,
//! in every encoding, over page marks and broken lines, sieved and by digests.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use pizhu_text::document::Document;
use pizhu_library::digest::Digests;
use pizhu_library::digest::Stamp;
use pizhu_library::find::Question;
use pizhu_library::index;
use pizhu_library::index::Index;
use pizhu::samples;
use pizhu_library::seek::Seeker;
use pizhu_text::search::Matcher;
use pizhu_text::search::Mode;
use pizhu_library::source;
use pizhu_library::source::Manner;
use pizhu_text::text::Encoding;
use pizhu_text::text::Span;
use pizhu_text::text::decode::encode;
use pizhu_text::text::fold::fold_text;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use std::{fs, path::PathBuf, sync::Arc};

/// One speech with what a naive scan looks at.
struct Speech {
    path: PathBuf,
    document: Arc<Document>,
    stamp: Stamp,
    /// As decoded.
    raw: String,
    plain: String,
    simple: String,
    chars: Vec<char>,
}

impl Speech {
    fn of(path: PathBuf) -> Self {
        let document = source::open(&path, None).unwrap().document;
        let plain = document.text(document.source.span());
        let raw = document.quote(document.source.span());
        let stamp = Stamp::of(&path, &fs::metadata(&path).unwrap());
        Self { simple: fold_text(&plain), chars: plain.chars().collect(), raw, plain, document, stamp, path }
    }

    /// The places of `words` in the cleaned text, not overlapping.
    fn naive(&self, words: &str, mode: Mode) -> Vec<Span> {
        let (text, wanted) = if mode == Mode::Literal { (&self.plain, words.to_owned()) } else { (&self.simple, fold_text(words)) };
        let length = wanted.chars().count();
        let (mut at, mut chars) = (0, 0);
        let places = text.match_indices(&wanted).map(|(byte, _)| {
            chars += text[at..byte].chars().count();
            at = byte;
            self.document.cleaning.span_to_source(Span::new(chars, chars + length))
        });
        places.collect()
    }
}

/// The lines of a text broken at 20 chars, a page mark after every 12 rows.
fn paged(text: &str) -> String {
    let chars: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
    let rows: Vec<String> = chars.iter().flat_map(|line| line.chunks(20)).map(|row| row.iter().collect()).collect();
    let pages: Vec<&[String]> = rows.chunks(12).collect();
    let page = |(index, rows): (usize, &&[String])| format!("{}\n第 {} 页 共 {} 页\n", rows.join("\n"), index + 1, pages.len());
    pages.iter().enumerate().map(page).collect()
}

/// The samples, with broken lines and page marks, with glosses and spaces, in every encoding that
/// has their characters.
fn library() -> (tempfile::TempDir, Vec<Speech>) {
    let folder = tempfile::tempdir().unwrap();
    let mut speeches = Vec::new();
    let mut turn = 0;
    for (number, sample) in samples::SAMPLES.iter().enumerate() {
        let text = source_text(sample.bytes);
        let glossed = text.replace("展", "展(zhǎn)").replace("工作", "工 作").replace("干部", "干\u{3000}部");
        for (kind, text) in [("a", text.clone()), ("b", paged(&text)), ("c", text.replace('\n', "\r\n")), ("d", glossed)] {
            for encoding in [Encoding::UTF8, Encoding::GB18030, Encoding::BIG5, Encoding::UTF16LE, Encoding::UTF16BE] {
                // Each kind in two encodings, by turns.
                turn += 1;
                let Some(bytes) = encode(&text, encoding).filter(|_| turn % 2 == 0) else { continue };
                let path = folder.path().join(format!("{number:02}{kind}-{}.txt", encoding.name()));
                fs::write(&path, bytes).unwrap();
                speeches.push(Speech::of(path));
            }
        }
    }
    (folder, speeches)
}

fn source_text(bytes: &[u8]) -> String {
    let source = pizhu_text::text::decode::decode(bytes, None).source;
    source.slice(source.span()).into_owned()
}

#[test]
fn every_occurrence_is_found_and_none_invented() {
    let (folder, speeches) = library();
    let cache = folder.path().join("cache");
    let roots = [folder.path().to_owned()];
    assert!(speeches.len() > 40 && speeches.iter().any(|speech| speech.document.cleaning.removed().len() > 20), "{}", speeches.len());
    let index = indexed(&folder.path().join("index"), &speeches);
    let mut random = StdRng::seed_from_u64(612);
    let (mut found, mut sieved, mut left_out) = (0, 0, 0);
    for round in 0..1000 {
        let chars = &speeches[random.random_range(0..speeches.len())].chars;
        let length = random.random_range(2..=12);
        let from = random.random_range(0..chars.len() - length);
        let words: String = chars[from..from + length].iter().collect();
        for mode in [Mode::Literal, Mode::Folded] {
            let matcher = Matcher::new(&words, mode).unwrap();
            let seeker = Seeker::new(Question { words: words.clone(), mode, ..Question::default() }).unwrap();
            let candidates = index.candidates(&words, mode);
            // The first time round the digests are made, later they are read.
            let digests = (round % 25 == 0).then(|| Digests::load(&cache, &roots));
            for speech in &speeches {
                let naive = speech.naive(&words, mode);
                found += naive.len();
                let name = || format!("{words:?} {mode:?} {}", speech.path.display());
                let passes = seeker.passes(&speech.raw);
                assert!(passes || naive.is_empty(), "{}", name());
                sieved += usize::from(!passes);
                let may_hold = candidates.may_hold(speech.stamp);
                assert!(may_hold || naive.is_empty(), "{}", name());
                left_out += usize::from(!may_hold);
                if passes {
                    assert_eq!(matcher.hits(&speech.document, speech.document.source.span()), naive, "{}", name());
                }
                if let Some(digests) = &digests {
                    let read = seeker.read(&speech.path, Manner::default(), digests).unwrap();
                    let spans =
                        |document: &Document| seeker.hits(document, None).described().map(|hit| hit.span.unwrap()).collect::<Vec<_>>();
                    assert_eq!(read.map(|document| spans(&document)).unwrap_or_default(), naive, "{}", name());
                }
            }
            if let Some(digests) = digests {
                digests.save(None).unwrap();
            }
        }
    }
    assert!(found >= 10_000 && sieved >= 50_000 && left_out >= 50_000, "{found} {sieved} {left_out}");
}

/// The index of some speeches, made in two steps.
fn indexed(folder: &std::path::Path, speeches: &[Speech]) -> Index {
    let files: Vec<(PathBuf, Stamp)> = speeches.iter().map(|speech| (speech.path.clone(), speech.stamp)).collect();
    for files in [&files[..files.len() / 2], &files] {
        index::build(folder, files, &Digests::default(), |_| true).unwrap();
    }
    let index = Index::open(folder);
    assert_eq!(index.len(), speeches.len());
    index
}

/// What is typed in pinyin for a place is not sieved out nor left out by the index, whatever is
/// removed inside it.
#[test]
fn what_pinyin_finds_is_not_left_out() {
    let (folder, speeches) = library();
    let index = indexed(&folder.path().join("index"), &speeches);
    let mut random = StdRng::seed_from_u64(7);
    for _ in 0..60 {
        let chars = &speeches[random.random_range(0..speeches.len())].chars;
        let length = random.random_range(2..=5);
        let from = random.random_range(0..chars.len() - length);
        let initials = random.random_bool(0.5);
        let typed = |c: &char| match pizhu_text::search::readings(*c).next() {
            Some(syllable) if initials => syllable[..1].to_owned(),
            Some(syllable) => syllable.to_owned(),
            None => c.to_string(),
        };
        let words: String = chars[from..from + length].iter().map(typed).collect();
        let seeker = Seeker::new(Question { words: words.clone(), mode: Mode::Pinyin, ..Question::default() });
        let Ok(seeker) = seeker else { continue };
        let candidates = index.candidates(&words, Mode::Pinyin);
        for speech in &speeches {
            if !seeker.hits(&speech.document, None).is_empty() {
                assert!(seeker.passes(&speech.raw) && candidates.may_hold(speech.stamp), "{words} {}", speech.path.display());
            }
        }
    }
}
