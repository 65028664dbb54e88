//! The tags in a speech's file, found without making annotations of it.
//!
//! A file of a hundred annotations is nearly all quotes and contexts. Where it looks as this
//! program writes it, line by line, its tags are read off the lines, a hundred times as fast.

use super::sheet::{VERSION, parse};
use memchr::memchr2;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What an annotation's line begins with, before its id.
const LINE: &str = "(id:\"";
/// Chars of an id.
const ID: usize = 36;

/// Sets of tags with how many annotations have each.
pub(super) type TagSets = Vec<(BTreeSet<String>, usize)>;

/// The tags of the annotations in a file; `None` where it is not as this program writes it, so
/// that it has to be read whole.
pub(super) fn tag_sets(bytes: &[u8]) -> Option<TagSets> {
    let text = std::str::from_utf8(bytes).ok()?;
    let rest = text.strip_prefix("(\nversion: ")?;
    let (version, rest) = rest.split_once(",\nspeech: ")?;
    if version.parse() != Ok(VERSION) {
        return None;
    }
    let (_, rest) = rest.split_once(",\nannotations: [\n")?;
    let mut ids = HashSet::new();
    let mut sets: HashMap<&str, usize> = HashMap::new();
    let mut lines = rest.lines();
    loop {
        let line = lines.next()?;
        if line == "]," {
            break;
        }
        let item = line.strip_prefix(LINE)?.strip_suffix(',')?;
        // What stands twice has to be merged.
        if !ids.insert(item.get(..ID)?) {
            return None;
        }
        let tags = tags_in(line.strip_suffix(',')?)?;
        if !tags.is_empty() {
            *sets.entry(tags).or_default() += 1;
        }
    }
    // Deleted annotations do not count; one that is there, too, has to be merged.
    if lines.next()? != "deleted: [" {
        return None;
    }
    loop {
        let line = lines.next()?;
        if line == "]," {
            break;
        }
        if ids.contains(line.strip_prefix(LINE)?.get(..ID)?) {
            return None;
        }
    }
    if lines.next() != Some(")") || lines.next().is_some() {
        return None;
    }
    sets.into_iter().map(|(tags, count)| Some((parse(tags, &mut Vec::new()).ok()?, count))).collect()
}

/// The list behind the field `tags` of an annotation's line, with its brackets; nothing where it
/// has none, and `None` for a line whose brackets do not match.
fn tags_in(line: &str) -> Option<&str> {
    const FIELD: &str = "tags:";
    let bytes = line.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    let mut tags = "";
    let mut open = None;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at += 1;
                loop {
                    at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
                    if bytes[at] == b'"' {
                        break;
                    }
                    at += 2;
                }
            }
            b'(' | b'[' => {
                if depth == 1 && bytes[at] == b'[' && line.get(..at)?.ends_with(FIELD) {
                    open = Some(at);
                }
                depth += 1;
            }
            b')' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 1
                    && let Some(start) = open.take()
                {
                    tags = line.get(start..=at)?;
                }
                if depth == 0 && at + 1 < bytes.len() {
                    return None;
                }
            }
            _ => {}
        }
        at += 1;
    }
    (depth == 0).then_some(tags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Annotation;
    use crate::AnnotationId;
    use crate::Scope;
    use crate::Selector;
    use crate::identity::SpeechHash;
    use crate::merge::Entries;
    use crate::merge::Entry;
    use crate::merge::Tombstone;
    use crate::store::sheet::Sheet;
    use crate::store::sheet::SpeechRecord;
    use proptest::prelude::*;

    fn sheet(made: &[(Vec<String>, String, bool)]) -> Sheet {
        let speech = SpeechRecord {
            hash: SpeechHash::of(&pizhu_text::text::SourceText::from("讲话")),
            paths: vec!["甲,\nannotations: [\n.txt".to_owned()],
            title: "题".to_owned(),
            formerly: Vec::new(),
            apart: false,
        };
        let entries = made.iter().map(|(tags, note, dead)| {
            let selector = Selector { quote: note.clone(), section: tags.clone(), ..Selector::default() };
            let annotation =
                Annotation { tags: tags.iter().cloned().collect(), note: note.clone(), ..Annotation::new(Scope::Passage, selector, note) };
            let tombstone = Tombstone { id: annotation.id, of: annotation.modified, deleted: annotation.modified, author: note.clone() };
            (annotation.id, if *dead { Entry::Dead(tombstone) } else { Entry::Live(annotation) })
        });
        Sheet { speech, entries: entries.collect::<Entries>() }
    }

    fn expected(sheet: &Sheet) -> HashMap<BTreeSet<String>, usize> {
        let mut sets = HashMap::new();
        for annotation in sheet.annotations().filter(|annotation| !annotation.tags.is_empty()) {
            *sets.entry(annotation.tags.clone()).or_default() += 1;
        }
        sets
    }

    proptest! {
        #[test]
        fn the_tags_are_those_of_the_file_read_whole(
            made in prop::collection::vec((prop::collection::vec("[甲乙\"\\\\()\\[\\],a: \n]{1,6}", 0..3), "([甲\"\\\\()\\[\\],\n]|tags:\\[\"乙\"\\]){0,6}", any::<bool>()), 0..8),
        ) {
            let sheet = sheet(&made);
            let text = sheet.to_ron().unwrap();
            let found: HashMap<BTreeSet<String>, usize> = tag_sets(text.as_bytes()).unwrap().into_iter().collect();
            prop_assert_eq!(found, expected(&sheet));
        }
    }

    #[test]
    fn what_is_not_as_it_was_written_is_left_to_be_read_whole() {
        let mut made = sheet(&[(vec!["甲".to_owned()], String::new(), false), (Vec::new(), "记".to_owned(), true)]);
        let text = made.to_ron().unwrap();
        assert!(tag_sets(text.as_bytes()).is_some());
        let line = text.lines().find(|line| line.contains("scope")).unwrap();
        let twice = text.replacen(line, &format!("{line}\n{line}"), 1);
        let torn = text.replacen(line, &line[..line.len() - 2], 1);
        let cut = &text[..text.len() - 3];
        let marked = text.replacen(line, &format!("<<<<<<< ours\n{line}"), 1);
        let newer = text.replacen("version: 1", "version: 2", 1);
        for other in [&twice, &torn, cut, &marked, &newer, "", "（"] {
            assert_eq!(tag_sets(other.as_bytes()), None, "{other}");
        }
        // Alive and dead at once.
        let kept = made.annotations().next().unwrap().clone();
        let dead = Tombstone { id: kept.id, of: kept.modified, deleted: kept.modified, author: String::new() };
        let dead = format!("deleted: [\n{},", ron::to_string(&dead).unwrap());
        assert_eq!(tag_sets(text.replacen("deleted: [", &dead, 1).as_bytes()), None);
        made.entries.insert(AnnotationId::new(), Entry::Live(Annotation { id: AnnotationId::new(), ..kept }));
        assert_eq!(tag_sets(made.to_ron().unwrap().as_bytes()).unwrap(), [(BTreeSet::from(["甲".to_owned()]), 2)]);
    }
}
