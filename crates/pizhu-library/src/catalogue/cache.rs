//! The cache file: a line for each file of a catalogue, looked up by path.
//!
//! The first line holds the form's version, the program's (another may read titles otherwise),
//! the length of the lines for the first screen with their checksum, and a checksum of all. A file whose first line does not agree with the rest counts as
//! empty: the cache is made anew. Loading indexes the lines and parses only those asked for.

use super::{Facts, Item};
use crate::digest::Stamp;
use crate::source::Manner;
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

/// The lines for the first screen take no more than this.
const FIRST_BYTES: usize = 32 * 1024;

/// What was known at the last scan.
#[derive(Debug, Default)]
pub(super) struct Cache {
    text: String,
    /// The hash of an escaped path → its line.
    lines: HashMap<u64, Range<usize>>,
}

/// The cache file for a set of folders and files that are read in a manner: another gives other
/// titles of the same files.
pub(super) fn file_for(folder: &Path, roots: &[PathBuf], manner: Manner) -> PathBuf {
    let mut name = format!("catalogue-{}", name_of_roots(roots));
    if let Some(encoding) = manner.encoding {
        name.extend(["-", encoding.name()]);
    }
    if manner.revisions == Revisions::Original {
        name.push_str("-original");
    }
    folder.join(name + ".tsv")
}

/// What files that are kept for a set of folders and files are named after.
#[must_use]
pub fn name_of_roots(roots: &[PathBuf]) -> String {
    let mut hasher = blake3::Hasher::new();
    for root in roots {
        let root = fs::canonicalize(root).unwrap_or_else(|_| root.clone());
        hasher.update(root.as_os_str().as_encoded_bytes());
        hasher.update(&[0]);
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

/// The first line over a body, of which the first `first` bytes are whole lines.
fn first_line(body: &str, first: usize) -> String {
    let sum = |text: &str| blake3::hash(text.as_bytes()).to_hex();
    let screen = body.get(..first).unwrap_or_default();
    format!("pizhu catalogue 2 {} {first} {} {}", env!("CARGO_PKG_VERSION"), sum(screen), sum(body))
}

/// Bytes of the lines for the first screen.
fn first_bytes(head: &str) -> Option<usize> {
    head.split(' ').nth(4)?.parse().ok()
}

/// The first files of a catalogue as they were at the last scan, for a first screen: read from
/// the beginning of the cache file, whatever the number behind. None where there is no cache.
#[must_use]
pub fn first_items(folder: &Path, roots: &[PathBuf], manner: Manner) -> Vec<Item> {
    let read = || -> Option<Vec<Item>> {
        let mut bytes = vec![0; FIRST_BYTES * 2];
        let mut file = fs::File::open(file_for(folder, roots, manner)).ok()?;
        let mut length = 0;
        while length < bytes.len() {
            match file.read(&mut bytes[length..]).ok()? {
                0 => break,
                more => length += more,
            }
        }
        let lf = memchr::memchr(b'\n', &bytes[..length])?;
        let head = std::str::from_utf8(&bytes[..lf]).ok()?;
        let screen = std::str::from_utf8(bytes[..length].get(lf + 1..lf + 1 + first_bytes(head)?)?).ok()?;
        let expected = first_line(screen, screen.len());
        let same = |at: usize| head.split(' ').nth(at) == expected.split(' ').nth(at);
        if !(0..=5).all(same) {
            return None;
        }
        screen.lines().map(item).collect()
    };
    read().unwrap_or_default()
}

/// The file of a line. Its stamp is not known.
fn item(line: &str) -> Option<Item> {
    let mut fields = line.splitn(4, '\t');
    let path = PathBuf::from(optional(fields.next()?)?);
    let (size, modified) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(Item { path, size, modified, stamp: Stamp(0), facts: Some(Arc::new(facts(fields.next()?)?)) })
}

/// What the fields behind path, size and time say.
fn facts(fields: &str) -> Option<Facts> {
    let mut fields = fields.split('\t');
    let encoding = Encoding::from_label(fields.next()?);
    let date = optional(fields.next()?);
    let chars = fields.next()?.parse().ok();
    let hash = fields.next()?.parse().ok();
    let title = optional(fields.next()?);
    let problem = optional(fields.next()?);
    fields.next().is_none().then_some(Facts { title, date, encoding, chars, hash, problem })
}

fn path_hash(path: &str) -> u64 {
    let hash = blake3::hash(path.as_bytes());
    u64::from_le_bytes(*hash.as_bytes().first_chunk().unwrap_or(&[0; 8]))
}

impl Cache {
    /// Reads the cache; one that is missing or spoiled is empty.
    pub(super) fn load(file: &Path) -> Self {
        let Ok(text) = fs::read_to_string(file) else { return Self::default() };
        let Some((head, body)) = text.split_once('\n') else { return Self::default() };
        if first_bytes(head).is_none_or(|first| !body.is_char_boundary(first) || head != first_line(body, first)) {
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

    /// The number of files it knows.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// What was read in a file of this path, size and time of change.
    pub(super) fn facts(&self, path: &Path, size: u64, modified: i128) -> Option<Facts> {
        let path = escape(&path.to_string_lossy()).into_owned();
        let line = self.text.get(self.lines.get(&path_hash(&path))?.clone())?;
        let mut fields = line.splitn(4, '\t');
        let fresh = fields.next()? == path && fields.next()?.parse() == Ok(size) && fields.next()?.parse() == Ok(modified);
        if fresh { facts(fields.next()?) } else { None }
    }
}

/// Writes what is known of `items` as the cache.
pub(super) fn save(file: &Path, items: &[Item]) -> io::Result<()> {
    let mut body = String::with_capacity(items.len() * 160);
    let mut first = 0;
    for item in items {
        if body.len() < FIRST_BYTES {
            first = body.len();
        }
        let Some(facts) = &item.facts else { continue };
        let text = |value: &Option<String>| value.as_deref().map_or(Cow::Borrowed(""), escape).into_owned();
        let _ = writeln!(
            body,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            escape(&item.path.to_string_lossy()),
            item.size,
            item.modified,
            facts.encoding.map(Encoding::name).unwrap_or_default(),
            text(&facts.date),
            facts.chars.map(|chars| chars.to_string()).unwrap_or_default(),
            facts.hash.map(|hash| hash.to_string()).unwrap_or_default(),
            text(&facts.title),
            text(&facts.problem),
        );
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut out = atomic_write_file::AtomicWriteFile::open(file)?;
    if body.len() < FIRST_BYTES {
        first = body.len();
    }
    out.write_all(first_line(&body, first).as_bytes())?;
    out.write_all(b"\n")?;
    out.write_all(body.as_bytes())?;
    out.commit()
}

/// Tabs, line ends and backslashes as `\t`, `\n`, `\r`, `\\`; the empty text as `\e`, that it be
/// told from none.
fn escape(text: &str) -> Cow<'_, str> {
    if text.is_empty() {
        return Cow::Borrowed("\\e");
    }
    if !text.contains(['\t', '\n', '\r', '\\']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r"))
}

/// The inverse of [`escape`]; an empty field is none.
fn optional(field: &str) -> Option<String> {
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

    fn item(path: &str, title: Option<&str>) -> Item {
        let facts = Facts {
            title: title.map(str::to_owned),
            date: Some("2021-03-04".to_owned()),
            encoding: Some(Encoding::GB18030),
            chars: Some(9),
            hash: "00112233445566778899aabbccddeeff".parse().ok(),
            problem: None,
        };
        Item { path: PathBuf::from(path), size: 7, modified: -5, stamp: Stamp(0), facts: Some(Arc::new(facts)) }
    }

    #[test]
    fn only_the_same_file_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let file = file_for(&folder.path().join("deep"), &[PathBuf::from("x")], Manner::default());
        let saved = item("讲话/a.txt", Some("在青禾县的讲话"));
        save(&file, &[saved.clone(), Item { facts: None, ..item("b.txt", None) }]).unwrap();
        let cache = Cache::load(&file);
        assert_eq!(cache.len(), 1);
        assert_eq!(cache.facts(&saved.path, 7, -5).as_ref(), saved.facts.as_deref());
        assert_eq!(cache.facts(&saved.path, 8, -5), None);
        assert_eq!(cache.facts(&saved.path, 7, 5), None);
        assert_eq!(cache.facts(Path::new("b.txt"), 7, -5), None);
    }

    #[test]
    fn a_spoiled_cache_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        let file = file_for(folder.path(), &[], Manner::default());
        save(&file, &[item("a.txt", Some("题"))]).unwrap();
        let good = fs::read(&file).unwrap();
        for at in 0..good.len() {
            let mut spoiled = good.clone();
            spoiled[at] ^= 1;
            fs::write(&file, &spoiled).unwrap();
            assert_eq!(Cache::load(&file).len(), 0, "byte {at}");
            fs::write(&file, &good[..at]).unwrap();
            assert_eq!(Cache::load(&file).len(), 0, "cut at {at}");
        }
    }

    #[test]
    fn the_first_screen_is_read_from_the_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let file = file_for(folder.path(), &[], Manner::default());
        assert_eq!(first_items(folder.path(), &[], Manner::default()), []);
        let items: Vec<Item> = (0..2000).map(|number| item(&format!("讲话/{number}.txt"), Some("题"))).collect();
        save(&file, &items).unwrap();
        let first = first_items(folder.path(), &[], Manner::default());
        assert!((100..1000).contains(&first.len()) && first == items[..first.len()], "{}", first.len());
        save(&file, &items[..2]).unwrap();
        assert_eq!(first_items(folder.path(), &[], Manner::default()), items[..2]);
        let good = fs::read(&file).unwrap();
        for at in 0..good.len() {
            let mut spoiled = good.clone();
            spoiled[at] ^= 1;
            fs::write(&file, &spoiled).unwrap();
            let first = first_items(folder.path(), &[], Manner::default());
            assert!(first.is_empty() || first == items[..2], "byte {at}");
        }
    }

    proptest! {
        #[test]
        fn what_is_saved_is_found(names in prop::collection::btree_set("[a-z\\\\\t\n\r讲]{1,6}", 1..6), title in prop::option::of("[a\\\\\t\nte青]{0,8}"), problem in prop::option::of("[a\\\\x\r]{0,4}")) {
            let folder = tempfile::tempdir().unwrap();
            let file = file_for(folder.path(), &[], Manner::default());
            let items: Vec<Item> = names.iter().map(|name| {
                let mut item = item(name, title.as_deref());
                item.facts = item.facts.map(|facts| Arc::new(Facts { problem: problem.clone(), chars: None, ..(*facts).clone() }));
                item
            }).collect();
            save(&file, &items).unwrap();
            let cache = Cache::load(&file);
            for item in items {
                prop_assert_eq!(cache.facts(&item.path, 7, -5), item.facts.as_deref().cloned());
            }
        }
    }
}
