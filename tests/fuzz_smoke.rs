//! Every reader of files on bytes of anyone's making: its seeds, and seeded changes to them. The
//! fuzz crate runs the same readers for longer, and from what it has found before.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod fuzzing;

use fuzzing::{READERS, seeds};
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng, seq::IndexedRandom as _};
use std::{env, fs, path::Path};

/// Changed inputs for each reader.
const ROUNDS: u64 = 300;

/// What breaks readers, put in anywhere.
const PIECES: &[&[u8]] = &[
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

fn changed(seed: &[u8], random: &mut SmallRng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..random.random_range(1..6) {
        let at = random.random_range(0..=bytes.len());
        let end = (at + random.random_range(0..24)).min(bytes.len());
        match random.random_range(0..6) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.splice(at..at, PIECES.choose(random).unwrap().iter().copied()).for_each(drop),
            3 => {
                // Nesting and repetition.
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

// One test, so that nothing else counts into the memory that a reader takes.
#[test]
fn readers_bear_anything() {
    for (name, read) in READERS {
        let seeds = seeds::of(name);
        assert!(!seeds.is_empty() && seeds.iter().all(|seed| !seed.is_empty()), "{name} has something to begin from");
        for seed in &seeds {
            read(seed);
        }
        for round in 0..ROUNDS {
            let mut random = SmallRng::seed_from_u64(round);
            let bytes = changed(seeds.choose(&mut random).unwrap(), &mut random);
            let outcome = std::panic::catch_unwind(|| read(&bytes));
            assert!(outcome.is_ok(), "{name}, round {round}: {:?}", String::from_utf8_lossy(&bytes));
        }
    }
    if let Some(folder) = env::var_os("PIZHU_SEEDS") {
        for (name, _) in READERS {
            let folder = Path::new(&folder).join(name);
            fs::create_dir_all(&folder).unwrap();
            seeds::of(name).iter().enumerate().for_each(|(index, seed)| fs::write(folder.join(format!("seed-{index}")), seed).unwrap());
        }
    }
}

/// The check of what is sent to a terminal finds what must not be.
#[test]
fn what_must_not_be_sent_is_found() {
    fuzzing::screen::check_sent("\x1b[?2026h\x1b[1;38;2;1;2;3m青禾\x1b[4G\x1b[2;9r\x1b[1S\x1b[r\x1b[K\x1b[?25l");
    for evil in ["\x1b[2J", "\x1b]0;x\x07", "a\tb", "\u{9b}1m", "\u{202e}", "\x1b[?1000h", "\x1b", "\x1bP", "\x1b[6"] {
        assert!(std::panic::catch_unwind(|| fuzzing::screen::check_sent(evil)).is_err(), "{evil:?}");
    }
}
