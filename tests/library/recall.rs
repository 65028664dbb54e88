//! Library search compared with a naive scan of the cleaned and folded text: all occurrences and no
//! others, in all encodings, across page marks and broken lines, with prefilter and parse cache.

use pizhu::harness::SAMPLES;
use pizhu_library::compiled_query::CompiledQuery;
use pizhu_library::find::Query;
use pizhu_library::parse_cache::ParseCache;
use pizhu_library::source;
use pizhu_library::source::ReadOptions;
use pizhu_text::document::Document;
use pizhu_text::search::MatchMode;
use pizhu_text::search::Matcher;
use pizhu_text::text::Encoding;
use pizhu_text::text::Span;
use pizhu_text::text::decode::encode;
use pizhu_text::text::fold::fold_text;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use std::{fs, path::PathBuf, sync::Arc};

/// A speech with the texts of the naive scan.
struct ScannedSpeech {
    path: PathBuf,
    document: Arc<Document>,
    /// The decoded text.
    raw: String,
    plain: String,
    folded: String,
    chars: Vec<char>,
}

impl ScannedSpeech {
    fn open(path: PathBuf) -> Self {
        let document = source::open(&path, None).unwrap().document;
        let plain = document.text(document.source.span());
        let raw = document.quote(document.source.span());
        Self { folded: fold_text(&plain), chars: plain.chars().collect(), raw, plain, document, path }
    }

    /// The non-overlapping occurrences of `words` in the cleaned text.
    fn naive_occurrences(&self, words: &str, mode: MatchMode) -> Vec<Span> {
        let (text, needle) = if mode == MatchMode::Literal { (&self.plain, words.to_owned()) } else { (&self.folded, fold_text(words)) };
        let length = needle.chars().count();
        let (mut at, mut chars) = (0, 0);
        let occurrences = text.match_indices(&needle).map(|(byte, _)| {
            chars += text[at..byte].chars().count();
            at = byte;
            self.document.cleaning.span_to_source(Span::new(chars, chars + length))
        });
        occurrences.collect()
    }
}

/// The text with lines broken at 20 chars and a page mark after every 12 lines.
fn with_page_marks(text: &str) -> String {
    let chars: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
    let rows: Vec<String> = chars.iter().flat_map(|line| line.chunks(20)).map(|row| row.iter().collect()).collect();
    let pages: Vec<&[String]> = rows.chunks(12).collect();
    let page = |(index, rows): (usize, &&[String])| format!("{}\n第 {} 页 共 {} 页\n", rows.join("\n"), index + 1, pages.len());
    pages.iter().enumerate().map(page).collect()
}

/// Variants of the samples (broken lines with page marks, CRLF, glosses and spaces), in the encodings
/// that have their characters.
fn library() -> (tempfile::TempDir, Vec<ScannedSpeech>) {
    let folder = tempfile::tempdir().unwrap();
    let mut speeches = Vec::new();
    let mut combination = 0;
    for (number, sample) in SAMPLES.iter().enumerate() {
        let text = source_text(sample.bytes);
        let glossed = text.replace("展", "展(zhǎn)").replace("工作", "工 作").replace("干部", "干\u{3000}部");
        for (kind, text) in [("a", text.clone()), ("b", with_page_marks(&text)), ("c", text.replace('\n', "\r\n")), ("d", glossed)] {
            for encoding in [Encoding::UTF8, Encoding::GB18030, Encoding::BIG5, Encoding::UTF16LE, Encoding::UTF16BE] {
                // Every second combination of variant and encoding.
                combination += 1;
                let Some(bytes) = encode(&text, encoding).filter(|_| combination % 2 == 0) else { continue };
                let path = folder.path().join(format!("{number:02}{kind}-{}.txt", encoding.name()));
                fs::write(&path, bytes).unwrap();
                speeches.push(ScannedSpeech::open(path));
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
fn search_finds_exactly_the_naive_occurrences() {
    let (folder, speeches) = library();
    let cache = folder.path().join("cache");
    let roots = [folder.path().to_owned()];
    assert!(speeches.len() > 40 && speeches.iter().any(|speech| speech.document.cleaning.removed().len() > 20), "{}", speeches.len());
    let mut random = StdRng::seed_from_u64(612);
    let (mut found, mut filtered) = (0, 0);
    for round in 0..1000 {
        let chars = &speeches[random.random_range(0..speeches.len())].chars;
        let length = random.random_range(2..=12);
        let from = random.random_range(0..chars.len() - length);
        let words: String = chars[from..from + length].iter().collect();
        for mode in [MatchMode::Literal, MatchMode::Folded] {
            let matcher = Matcher::new(&words, mode).unwrap();
            let query = CompiledQuery::new(Query { text: words.clone(), mode, ..Query::default() }).unwrap();
            // The first round fills the parse cache, later ones read it.
            let parse_cache = (round % 25 == 0).then(|| ParseCache::load(&cache, &roots));
            for speech in &speeches {
                let naive_occurrences = speech.naive_occurrences(&words, mode);
                found += naive_occurrences.len();
                let name = || format!("{words:?} {mode:?} {}", speech.path.display());
                let may_match = query.may_match(&speech.raw);
                assert!(may_match || naive_occurrences.is_empty(), "{}", name());
                filtered += usize::from(!may_match);
                if may_match {
                    assert_eq!(matcher.hits(&speech.document, speech.document.source.span()), naive_occurrences, "{}", name());
                }
                if let Some(parse_cache) = &parse_cache {
                    let read = query.load_candidate(&speech.path, ReadOptions::default(), parse_cache).unwrap();
                    let spans =
                        |document: &Document| query.hits(document, None).with_snippets().map(|hit| hit.span.unwrap()).collect::<Vec<_>>();
                    assert_eq!(read.map(|document| spans(&document)).unwrap_or_default(), naive_occurrences, "{}", name());
                }
            }
            if let Some(parse_cache) = parse_cache {
                parse_cache.save(None).unwrap();
            }
        }
    }
    assert!(found >= 10_000 && filtered >= 50_000, "{found} {filtered}");
}

/// The prefilter keeps all speeches that a pinyin query matches, also across removed ranges.
#[test]
fn prefilter_keeps_all_pinyin_matches() {
    let (_folder, speeches) = library();
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
        let query = CompiledQuery::new(Query { text: words.clone(), mode: MatchMode::Pinyin, ..Query::default() });
        let Ok(query) = query else { continue };
        for speech in &speeches {
            if !query.hits(&speech.document, None).is_empty() {
                assert!(query.may_match(&speech.raw), "{words} {}", speech.path.display());
            }
        }
    }
}
