//! Files of a store merged by lines, as git does it without `pizhu merge`.

use std::collections::{BTreeMap, BTreeSet};

/// The lines of each annotation, by its id.
pub fn annotation_lines(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, BTreeSet<String>> {
    let mut lines: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for bytes in files.iter().filter(|(name, _)| *name != "codebook.ron").map(|(_, bytes)| bytes) {
        for line in std::str::from_utf8(bytes).unwrap().lines() {
            if let Some((id, _)) = line.strip_prefix("(id:\"").and_then(|rest| rest.split_once('"')) {
                lines.entry(id.to_owned()).or_default().insert(line.to_owned());
            }
        }
    }
    lines
}

/// The lines of both sides, as git's union merge leaves them; with a base, a line that one side
/// removed or changed is gone.
pub fn united_lines(base: Option<&[u8]>, ours: &[u8], theirs: &[u8]) -> Vec<u8> {
    let [base, ours, theirs] =
        [base.unwrap_or_default(), ours, theirs].map(|bytes| std::str::from_utf8(bytes).unwrap().split_inclusive('\n').collect::<Vec<_>>());
    let is_record = |line: &str| line.starts_with('(') && line.trim().len() > 1;
    let keeps = |line: &str, other: &[&str]| !is_record(line) || other.contains(&line) || !base.contains(&line);
    let mut united = String::new();
    let mut rest: Vec<&str> = theirs.iter().copied().filter(|line| is_record(line) && !ours.contains(line) && keeps(line, &ours)).collect();
    for line in &ours {
        if keeps(line, &theirs) {
            united.push_str(line);
        }
        // Somewhere in the middle.
        if line.ends_with("[\n") {
            rest.drain(..).for_each(|line| united.push_str(line));
        }
    }
    united.into_bytes()
}
