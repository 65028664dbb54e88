//! The cache file: one line per file of a catalogue, looked up by path.
//!
//! The first line holds the format version, the program's version (another one may read titles
//! differently), the byte length of the lines for the first screen, their checksum, and a checksum
//! of all lines. A file that does not match its first line counts as empty. Loading indexes the
//! lines; each is parsed when it is asked for.

use super::entry::{CatalogueEntry, Facts};
use crate::library_id::library_id;
use crate::parse_cache::MetadataFingerprint;
use crate::private_file;
use crate::source::ReadOptions;
use crate::source::Revisions;
use pizhu_text::text::Encoding;
use std::{
    borrow::Cow,
    collections::HashMap,
    fmt::Write as _,
    fs,
    io::{self, Read as _, Write as _},
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Maximum bytes of the lines for the first screen.
const FIRST_SCREEN_BYTES: usize = 32 * 1024;

/// The facts of the last scan.
#[derive(Debug, Default)]
pub(super) struct CatalogueCache {
    text: String,
    /// Line range in `text` by hash of the escaped path.
    lines: HashMap<u64, Range<usize>>,
}

/// The cache file for a set of roots and read options; other options give other titles.
pub(super) fn cache_path(folder: &Path, roots: &[PathBuf], options: ReadOptions) -> PathBuf {
    let mut name = format!("catalogue-{}", library_id(roots));
    if let Some(encoding) = options.encoding {
        name.extend(["-", encoding.name()]);
    }
    if options.revisions == Revisions::Original {
        name.push_str("-original");
    }
    folder.join(name + ".tsv")
}

/// The first line for a body, of which the first `first` bytes are the lines for the first screen.
fn first_line(body: &str, first: usize) -> String {
    let sum = |text: &str| blake3::hash(text.as_bytes()).to_hex();
    let screen = body.get(..first).unwrap_or_default();
    format!("pizhu catalogue 3 {} {first} {} {}", env!("CARGO_PKG_VERSION"), sum(screen), sum(body))
}

/// Bytes of the lines for the first screen.
fn first_screen_bytes(head: &str) -> Option<usize> {
    head.split(' ').nth(4)?.parse().ok()
}

/// The first entries of a catalogue as of the last scan, for the first screen. Reads only the
/// beginning of the cache file, however large it is. Empty if there is no cache.
#[must_use]
pub fn first_entries(folder: &Path, roots: &[PathBuf], options: ReadOptions) -> Vec<CatalogueEntry> {
    let read = || -> Option<Vec<CatalogueEntry>> {
        let mut bytes = vec![0; FIRST_SCREEN_BYTES * 2];
        let mut file = fs::File::open(cache_path(folder, roots, options)).ok()?;
        let mut length = 0;
        while length < bytes.len() {
            match file.read(&mut bytes[length..]).ok()? {
                0 => break,
                more => length += more,
            }
        }
        let lf = memchr::memchr(b'\n', &bytes[..length])?;
        let head = std::str::from_utf8(&bytes[..lf]).ok()?;
        let screen = std::str::from_utf8(bytes[..length].get(lf + 1..lf + 1 + first_screen_bytes(head)?)?).ok()?;
        let expected = first_line(screen, screen.len());
        let same = |at: usize| head.split(' ').nth(at) == expected.split(' ').nth(at);
        if !(0..=5).all(same) {
            return None;
        }
        screen.lines().map(parse_entry).collect()
    };
    read().unwrap_or_default()
}

/// Parses a line; the fingerprint is not stored.
fn parse_entry(line: &str) -> Option<CatalogueEntry> {
    let mut fields = line.splitn(4, '\t');
    let path = PathBuf::from(unescape(fields.next()?)?);
    let (size, modified) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(CatalogueEntry { path, size, modified, fingerprint: MetadataFingerprint(0), facts: Some(Arc::new(parse_facts(fields.next()?)?)) })
}

/// Parses the fields after path, size and time.
fn parse_facts(fields: &str) -> Option<Facts> {
    let mut fields = fields.split('\t');
    let encoding = Encoding::from_label(fields.next()?);
    let date = unescape(fields.next()?);
    let chars = fields.next()?.parse().ok();
    let hash = fields.next()?.parse().ok();
    let title = unescape(fields.next()?);
    let speaker = unescape(fields.next()?);
    let place = unescape(fields.next()?);
    let occasion = unescape(fields.next()?);
    let problem = unescape(fields.next()?);
    fields.next().is_none().then_some(Facts { title, date, speaker, place, occasion, encoding, chars, hash, problem })
}

fn path_hash(path: &str) -> u64 {
    let hash = blake3::hash(path.as_bytes());
    u64::from_le_bytes(*hash.as_bytes().first_chunk().unwrap_or(&[0; 8]))
}

impl CatalogueCache {
    /// Loads the cache; empty if it is missing or damaged.
    pub(super) fn load(file: &Path) -> Self {
        let Ok(text) = fs::read_to_string(file) else { return Self::default() };
        let Some((head, body)) = text.split_once('\n') else { return Self::default() };
        if first_screen_bytes(head).is_none_or(|first| !body.is_char_boundary(first) || head != first_line(body, first)) {
            return Self::default();
        }
        let mut lines = HashMap::with_capacity(body.len() / 128);
        let mut at = head.len() + 1;
        for line in body.split_inclusive('\n') {
            if let Some((path, _)) = line.split_once('\t') {
                lines.insert(path_hash(path), at..at + line.trim_end_matches('\n').len());
            }
            at += line.len();
        }
        Self { text, lines }
    }

    /// Number of cached files.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The facts of a file with this path, size and modification time.
    pub(super) fn facts(&self, path: &Path, size: u64, modified: i128) -> Option<Facts> {
        let path = escape(&path.to_string_lossy()).into_owned();
        let line = self.text.get(self.lines.get(&path_hash(&path))?.clone())?;
        let mut fields = line.splitn(4, '\t');
        let fresh = fields.next()? == path && fields.next()?.parse() == Ok(size) && fields.next()?.parse() == Ok(modified);
        if fresh { parse_facts(fields.next()?) } else { None }
    }
}

/// Writes the facts of `entries` to the cache file.
pub(super) fn save(file: &Path, entries: &[CatalogueEntry]) -> io::Result<()> {
    let mut body = String::with_capacity(entries.len() * 160);
    let mut first = 0;
    for entry in entries {
        if body.len() < FIRST_SCREEN_BYTES {
            first = body.len();
        }
        let Some(facts) = &entry.facts else { continue };
        let text = |value: &Option<String>| value.as_deref().map_or(Cow::Borrowed(""), escape).into_owned();
        let _ = writeln!(
            body,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            escape(&entry.path.to_string_lossy()),
            entry.size,
            entry.modified,
            facts.encoding.map(Encoding::name).unwrap_or_default(),
            text(&facts.date),
            facts.chars.map(|chars| chars.to_string()).unwrap_or_default(),
            facts.hash.map(|hash| hash.to_string()).unwrap_or_default(),
            text(&facts.title),
            text(&facts.speaker),
            text(&facts.place),
            text(&facts.occasion),
            text(&facts.problem),
        );
    }
    if let Some(folder) = file.parent() {
        private_file::create_folder(folder)?;
    }
    let mut out = private_file::replace(file)?;
    if body.len() < FIRST_SCREEN_BYTES {
        first = body.len();
    }
    out.write_all(first_line(&body, first).as_bytes())?;
    out.write_all(b"\n")?;
    out.write_all(body.as_bytes())?;
    out.commit()
}

/// Escapes tab, line ends and backslash as `\t`, `\n`, `\r`, `\\`, and the empty string as `\e`,
/// which an absent field is not.
fn escape(text: &str) -> Cow<'_, str> {
    if text.is_empty() {
        return Cow::Borrowed("\\e");
    }
    if !text.contains(['\t', '\n', '\r', '\\']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r"))
}

/// Inverse of [`escape`]; an empty field is `None`.
fn unescape(field: &str) -> Option<String> {
    if field.is_empty() {
        return None;
    }
    let mut text = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('t') => text.push('\t'),
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some('\\') => text.push('\\'),
                _ => {}
            },
            (c, false) => text.push(c),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(path: &str, title: Option<&str>) -> CatalogueEntry {
        let facts = Facts {
            title: title.map(str::to_owned),
            date: Some("2021-03-04".to_owned()),
            speaker: Some("张三".to_owned()),
            place: None,
            occasion: Some("青禾县\t会议".to_owned()),
            encoding: Some(Encoding::GB18030),
            chars: Some(9),
            hash: "00112233445566778899aabbccddeeff".parse().ok(),
            problem: None,
        };
        CatalogueEntry {
            path: PathBuf::from(path),
            size: 7,
            modified: -5,
            fingerprint: MetadataFingerprint(0),
            facts: Some(Arc::new(facts)),
        }
    }

    #[test]
    fn facts_are_cached_by_path_size_and_time() {
        let folder = tempfile::tempdir().unwrap();
        let file = cache_path(&folder.path().join("deep"), &[PathBuf::from("x")], ReadOptions::default());
        let saved = entry("讲话/a.txt", Some("在青禾县的讲话"));
        save(&file, &[saved.clone(), CatalogueEntry { facts: None, ..entry("b.txt", None) }]).unwrap();
        let cache = CatalogueCache::load(&file);
        assert_eq!(cache.len(), 1);
        assert_eq!(cache.facts(&saved.path, 7, -5).as_ref(), saved.facts.as_deref());
        assert_eq!(cache.facts(&saved.path, 8, -5), None);
        assert_eq!(cache.facts(&saved.path, 7, 5), None);
        assert_eq!(cache.facts(Path::new("b.txt"), 7, -5), None);
    }

    #[test]
    fn damaged_cache_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        let file = cache_path(folder.path(), &[], ReadOptions::default());
        save(&file, &[entry("a.txt", Some("题"))]).unwrap();
        let good = fs::read(&file).unwrap();
        for at in 0..good.len() {
            let mut damaged = good.clone();
            damaged[at] ^= 1;
            fs::write(&file, &damaged).unwrap();
            assert_eq!(CatalogueCache::load(&file).len(), 0, "byte {at}");
            fs::write(&file, &good[..at]).unwrap();
            assert_eq!(CatalogueCache::load(&file).len(), 0, "cut at {at}");
        }
    }

    #[test]
    fn first_entries_read_only_the_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let file = cache_path(folder.path(), &[], ReadOptions::default());
        assert_eq!(first_entries(folder.path(), &[], ReadOptions::default()), []);
        let entries: Vec<CatalogueEntry> = (0..2000).map(|number| entry(&format!("讲话/{number}.txt"), Some("题"))).collect();
        save(&file, &entries).unwrap();
        let first = first_entries(folder.path(), &[], ReadOptions::default());
        assert!((100..1000).contains(&first.len()) && first == entries[..first.len()], "{}", first.len());
        save(&file, &entries[..2]).unwrap();
        assert_eq!(first_entries(folder.path(), &[], ReadOptions::default()), entries[..2]);
        let good = fs::read(&file).unwrap();
        for at in 0..good.len() {
            let mut damaged = good.clone();
            damaged[at] ^= 1;
            fs::write(&file, &damaged).unwrap();
            let first = first_entries(folder.path(), &[], ReadOptions::default());
            assert!(first.is_empty() || first == entries[..2], "byte {at}");
        }
    }

    proptest! {
        #[test]
        fn load_inverts_save(names in prop::collection::btree_set("[a-z\\\\\t\n\r讲]{1,6}", 1..6), title in prop::option::of("[a\\\\\t\nte青]{0,8}"), problem in prop::option::of("[a\\\\x\r]{0,4}")) {
            let folder = tempfile::tempdir().unwrap();
            let file = cache_path(folder.path(), &[], ReadOptions::default());
            let entries: Vec<CatalogueEntry> = names.iter().map(|name| {
                let mut entry = entry(name, title.as_deref());
                entry.facts = entry.facts.map(|facts| Arc::new(Facts { problem: problem.clone(), chars: None, ..(*facts).clone() }));
                entry
            }).collect();
            save(&file, &entries).unwrap();
            let cache = CatalogueCache::load(&file);
            for entry in entries {
                prop_assert_eq!(cache.facts(&entry.path, 7, -5), entry.facts.as_deref().cloned());
            }
        }
    }
}
