//! Smoke test of the fuzz targets: their seeds and random mutations of them, and memory limits. The
//! fuzz crate runs the same targets longer, with a corpus.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../fuzzing/mod.rs"]
mod fuzzing;

use fuzzing::{FUZZ_TARGETS, peak_memory, seeds};
use pizhu_library::exchange::import;
use pizhu_library::source;
use pizhu_library::source::Revisions;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng, seq::IndexedRandom as _};
use std::{
    env, fs,
    io::{Cursor, Write as _},
    path::Path,
    sync::{Mutex, PoisonError},
};
use zip::{ZipWriter, write::SimpleFileOptions};

/// Mutated inputs per target.
const ROUNDS: u64 = 300;

/// Fragments that often break readers.
const FRAGMENTS: &[&[u8]] = &[
    b"<",
    b">",
    b"&#x10FFFF;",
    b"&#0;",
    b"&amp",
    b"]]>",
    b"<!--",
    b"<![CDATA[",
    b"\"",
    b"'",
    b"\\u0000",
    b"\\ud800",
    b"null",
    b"-1",
    b"18446744073709551616",
    b"1e999",
    b"{",
    b"[",
    b"}",
    b"(",
    b",,",
    b"\r",
    b"\n\n",
    b"\0",
    b"\xFF\xFE",
    b"\xEF\xBB\xBF",
    b"\xF0\x9F\x92\xA9",
    b"\xE2\x80\xAE",
    b"\xED\xA0\x80",
    b"../",
    b"=1+1",
    b"w:val=\"4294967295\"",
    b"%1%2%9",
    b"<w:p>",
    b"<w:tbl>",
    "一、".as_bytes(),
    "（一）".as_bytes(),
    "“".as_bytes(),
    "》".as_bytes(),
    b"# ",
    b"1.",
    b"PK\x05\x06",
    b"PK\x03\x04",
];

fn mutate(seed: &[u8], random: &mut SmallRng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..random.random_range(1..6) {
        let at = random.random_range(0..=bytes.len());
        let end = (at + random.random_range(0..24)).min(bytes.len());
        match random.random_range(0..6) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.splice(at..at, FRAGMENTS.choose(random).unwrap().iter().copied()).for_each(drop),
            3 => {
                // Repeats a fragment, for deep nesting.
                let piece = bytes[at..end].repeat(random.random_range(1..400));
                bytes.splice(at..at, piece).for_each(drop);
            }
            4 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = random.random()),
            _ => {
                let from = random.random_range(0..=bytes.len());
                let piece = bytes[from..(from + 40).min(bytes.len())].to_vec();
                bytes.splice(at..end, piece).for_each(drop);
            }
        }
    }
    bytes
}

/// Held by each test, so that no other test affects the measured memory.
static SERIAL: Mutex<()> = Mutex::new(());

/// Size of large files in bytes.
const LARGE_FILE: usize = 3_000_000;
/// Memory use that does not depend on the file's size, in bytes.
const FIXED_MEMORY: usize = 16_000_000;

/// A large valid input for the main targets: the seed or a part of it, repeated.
fn large_files() -> Vec<(&'static str, Vec<u8>)> {
    let body = "要坚持问题导向，把青禾县的各项工作抓实抓细，抓出成效，让群众看得见、摸得着。".repeat(6);
    let speech = |wrap: fn(&str) -> String| -> String {
        let lines: String = seeds::SPEECH.lines().flat_map(|line| [wrap(line), wrap(&body)]).collect();
        lines.repeat(LARGE_FILE / lines.len())
    };
    let seed = |name: &str| String::from_utf8(seeds::for_target(name).swap_remove(0)).unwrap();
    let entry = seed("json").split_once("[\n").unwrap().1.split_once("\n    },").unwrap().0.to_owned() + "}";
    let row = seed("csv").lines().nth(1).unwrap().to_owned() + "\n";
    let header = seed("csv").lines().next().unwrap().to_owned() + "\n";
    let item = seed("web_annotation").split_once("\"items\": [").unwrap().1.rsplit_once(']').unwrap().0.to_owned();
    vec![
        ("plain", speech(|line| format!("{line}\n")).into()),
        ("markdown", speech(|line| format!("{line}\n\n")).into()),
        ("html", speech(|line| format!("<p>{line}</p>\n")).into()),
        (
            "docx",
            format!("<w:document><w:body>{}</w:body></w:document>", speech(|line| format!("<w:p><w:r><w:t>{line}</w:t></w:r></w:p>")))
                .into(),
        ),
        ("json", format!("[{}]", vec![entry.as_str(); LARGE_FILE / entry.len()].join(",")).into()),
        (
            "web_annotation",
            format!("{{\"type\": \"AnnotationPage\", \"items\": [{}]}}", vec![item.as_str(); LARGE_FILE / item.len()].join(",")).into(),
        ),
        ("csv", (header + &row.repeat(LARGE_FILE / row.len())).into()),
    ]
}

#[test]
fn memory_is_at_most_ten_times_the_file_size() {
    let _guard = SERIAL.lock().unwrap_or_else(PoisonError::into_inner);
    for (name, bytes) in large_files() {
        let read = FUZZ_TARGETS.iter().find(|(known, _)| *known == name).unwrap().1;
        let peak = peak_memory(|| read(&bytes));
        println!("{name}: {} bytes took {peak}, {:.1} times", bytes.len(), peak as f64 / bytes.len() as f64);
        assert!(peak <= 10 * bytes.len() + FIXED_MEMORY, "{name}: {} bytes took {peak}", bytes.len());
    }
    // A file of headings only: its outline is larger than its text.
    let headings = seeds::SPEECH.repeat(4 * LARGE_FILE / seeds::SPEECH.len());
    let peak = peak_memory(|| fuzzing::plain(headings.as_bytes()));
    println!("headings: {} bytes took {peak}, {:.1} times", headings.len(), peak as f64 / headings.len() as f64);
    assert!(peak <= 10 * headings.len(), "{} bytes of headings took {peak}", headings.len());
}

#[test]
fn zip_bombs_are_rejected_in_constant_memory() {
    let _guard = SERIAL.lock().unwrap_or_else(PoisonError::into_inner);
    let bomb = |name: &str, content: &[u8]| {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in [("[Content_Types].xml", b"<Types/>".as_slice()), (name, content)] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let text = "<w:p><w:r><w:t>一</w:t></w:r></w:p>".repeat(700_000);
    let one_tag = format!("<w:document a=\"{}\"/>", "a".repeat(25_000_000));
    for (name, part, content) in [
        ("spaces", "word/document.xml", vec![b' '; 25_000_000]),
        ("paragraphs", "word/document.xml", format!("<w:document><w:body>{text}").into_bytes()),
        ("one tag", "word/document.xml", one_tag.into_bytes()),
        ("project", "project.qde", vec![b' '; 25_000_000]),
    ] {
        let bytes = bomb(part, &content);
        drop(content);
        let extracted = peak_memory(|| drop(source::extract(Path::new("a.docx"), &bytes, Revisions::Accepted)));
        let imported = peak_memory(|| drop(import::read(Path::new("a.qdpx"), &bytes)));
        println!("{name}: {} bytes took {extracted} to extract, {imported} to import", bytes.len());
        assert!(bytes.len() < 500_000 && extracted.max(imported) < 20_000_000, "{name}: {extracted}, {imported}");
    }
}

/// Such projects took 6 GB: the text was held once a selection, and once a mention of the source.
#[test]
fn projects_take_the_memory_of_their_sources() {
    let _guard = SERIAL.lock().unwrap_or_else(PoisonError::into_inner);
    let text = "要把青禾县的基层组织建设抓实抓细。\n".repeat(75_000);
    let source = |inside: &str| format!("<TextSource name='a' plainTextPath='internal://a.txt'>{inside}</TextSource>");
    let selected = |end: usize| source(&format!("<PlainTextSelection startPosition='0' endPosition='{end}'/>").repeat(2000));
    for (name, sources) in [("short", selected(30_000)), ("whole", selected(1_350_000)), ("mentions", source("").repeat(20_000))] {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in
            [("project.qde", format!("<Project><Sources>{sources}</Sources></Project>")), ("sources/a.txt", text.clone())]
        {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        let peak = peak_memory(|| drop(import::read(Path::new("a.qdpx"), &bytes)));
        println!("{name}: {} bytes took {peak}", bytes.len());
        assert!(bytes.len() < 100_000 && peak < 8 * text.len(), "{name}: {peak}");
    }
}

#[test]
fn targets_survive_mutated_seeds() {
    let _guard = SERIAL.lock().unwrap_or_else(PoisonError::into_inner);
    for (name, read) in FUZZ_TARGETS {
        let seeds = seeds::for_target(name);
        assert!(!seeds.is_empty() && seeds.iter().all(|seed| !seed.is_empty()), "{name} has seeds");
        for seed in &seeds {
            read(seed);
        }
        for round in 0..ROUNDS {
            let mut random = SmallRng::seed_from_u64(round);
            let bytes = mutate(seeds.choose(&mut random).unwrap(), &mut random);
            let outcome = std::panic::catch_unwind(|| read(&bytes));
            assert!(outcome.is_ok(), "{name}, round {round}: {:?}", String::from_utf8_lossy(&bytes));
        }
    }
    // `fuzz/run` starts its corpus from these.
    if let Some(folder) = env::var_os("PIZHU_SEEDS") {
        for (name, _) in FUZZ_TARGETS {
            let folder = Path::new(&folder).join(name);
            fs::create_dir_all(&folder).unwrap();
            seeds::for_target(name)
                .iter()
                .enumerate()
                .for_each(|(index, seed)| fs::write(folder.join(format!("seed-{index}")), seed).unwrap());
        }
    }
}

#[test]
fn check_sent_rejects_unknown_sequences() {
    fuzzing::screen::check_sent("\x1b[?2026h\x1b[1;38;2;1;2;3m青禾\x1b[4G\x1b[2;9r\x1b[1S\x1b[r\x1b[K\x1b[?25l");
    for evil in ["\x1b[2J", "\x1b]0;x\x07", "a\tb", "\u{9b}1m", "\u{202e}", "\x1b[?1000h", "\x1b", "\x1bP", "\x1b[6"] {
        assert!(std::panic::catch_unwind(|| fuzzing::screen::check_sent(evil)).is_err(), "{evil:?}");
    }
}
