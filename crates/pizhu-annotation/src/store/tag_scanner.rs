//! Scans the tags of a speech's file without parsing its annotations.
//!
//! Most of a file is quotes and contexts. If its layout is exactly what this program writes, the
//! tags are extracted from the lines: 174 KB with 200 annotations take 1.1 ms, parsing takes 5.4 (2026).

use super::{constants::SCHEMA_VERSION, speech_file::parse};
use crate::tag_set::TagSet;
use memchr::memchr2;
use std::collections::{HashMap, HashSet};

/// Start of an annotation's line, before its id.
const LINE_START: &str = "(id:\"";
/// Chars of an id.
const ID_CHARS: usize = 36;

/// Sets of tags with the number of annotations that have each.
pub(super) type TagSets = Vec<(TagSet, usize)>;

/// The tag sets of the annotations in a file; `None` if its layout differs from what this program
/// writes, so that it must be parsed.
pub(super) fn tag_sets(bytes: &[u8]) -> Option<TagSets> {
    let text = std::str::from_utf8(bytes).ok()?;
    let rest = text.strip_prefix("(\nversion: ")?;
    let (version, rest) = rest.split_once(",\nspeech: ")?;
    if version.parse() != Ok(SCHEMA_VERSION) {
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
        let item = line.strip_prefix(LINE_START)?.strip_suffix(',')?;
        // Duplicates must be merged.
        if !ids.insert(item.get(..ID_CHARS)?) {
            return None;
        }
        let tags = tags_in(line.strip_suffix(',')?)?;
        if !tags.is_empty() {
            *sets.entry(tags).or_default() += 1;
        }
    }
    // Tombstones do not count; an annotation that also exists must be merged.
    if lines.next()? != "deleted: [" {
        return None;
    }
    loop {
        let line = lines.next()?;
        if line == "]," {
            break;
        }
        if ids.contains(line.strip_prefix(LINE_START)?.get(..ID_CHARS)?) {
            return None;
        }
    }
    // Records have no tags.
    if lines.next()? != "records: [" {
        return None;
    }
    while lines.next()? != "]," {}
    if lines.next() != Some(")") || lines.next().is_some() {
        return None;
    }
    sets.into_iter().map(|(tags, count)| Some((parse(tags, &mut Vec::new()).ok()?, count))).collect()
}

/// The bracketed map of the field `tags` in an annotation's line; empty if it has none, `None` if
/// brackets do not match.
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
            b'(' | b'[' | b'{' => {
                if depth == 1 && bytes[at] == b'{' && line.get(..at)?.ends_with(FIELD) {
                    open = Some(at);
                }
                depth += 1;
            }
            b')' | b']' | b'}' => {
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
    use crate::TagRef;
    use crate::identity::SpeechHash;
    use crate::merge::AnnotationEntry;
    use crate::merge::EntryMap;
    use crate::merge::Tombstone;
    use crate::record::RecordSet;
    use crate::store::speech_file::SpeechFile;
    use crate::store::speech_file::SpeechRecord;
    use proptest::prelude::*;

    fn speech_file(made: &[(Vec<String>, String, bool)]) -> SpeechFile {
        let hash = SpeechHash::from_text(&pizhu_text::text::SourceText::from("讲话"));
        let speech = SpeechRecord::new(hash, "甲,\nannotations: [\n.txt", "题");
        let entries = made.iter().map(|(tags, note, dead)| {
            let selector = Selector { quote: note.clone(), section: tags.clone(), ..Selector::default() };
            let annotation = Annotation {
                tags: tags.iter().map(|tag| TagRef::derived(tag)).collect(),
                note: note.clone(),
                ..Annotation::new(Scope::Passage, selector, note)
            };
            let tombstone =
                Tombstone { id: annotation.id, deleted_version: annotation.modified, deleted: annotation.modified, author: note.clone() };
            (annotation.id, if *dead { AnnotationEntry::Tombstone(tombstone) } else { AnnotationEntry::Present(annotation) })
        });
        SpeechFile { speech, entries: entries.collect::<EntryMap>(), records: RecordSet::default() }
    }

    fn expected(file: &SpeechFile) -> HashMap<TagSet, usize> {
        let mut sets = HashMap::new();
        for annotation in file.annotations().filter(|annotation| !annotation.tags.is_empty()) {
            *sets.entry(annotation.tags.clone()).or_default() += 1;
        }
        sets
    }

    proptest! {
        #[test]
        fn scanned_tags_equal_parsed_tags(
            made in prop::collection::vec((prop::collection::vec("[甲乙\"\\\\()\\[\\],a: \n]{1,6}", 0..3), "([甲\"\\\\()\\[\\],\n]|tags:\\{\"乙\"\\}){0,6}", any::<bool>()), 0..8),
        ) {
            let file = speech_file(&made);
            let text = file.to_ron().unwrap();
            let found: HashMap<TagSet, usize> = tag_sets(text.as_bytes()).unwrap().into_iter().collect();
            prop_assert_eq!(found, expected(&file));
        }
    }

    #[test]
    fn unfamiliar_layout_is_left_to_the_parser() {
        let mut made = speech_file(&[(vec!["甲".to_owned()], String::new(), false), (Vec::new(), "记".to_owned(), true)]);
        let text = made.to_ron().unwrap();
        assert!(tag_sets(text.as_bytes()).is_some());
        let line = text.lines().find(|line| line.contains("scope")).unwrap();
        let twice = text.replacen(line, &format!("{line}\n{line}"), 1);
        let torn = text.replacen(line, &line[..line.len() - 2], 1);
        let cut = &text[..text.len() - 3];
        let marked = text.replacen(line, &format!("<<<<<<< ours\n{line}"), 1);
        let newer = text.replacen("version: 2", "version: 3", 1);
        for other in [&twice, &torn, cut, &marked, &newer, "", "（"] {
            assert_eq!(tag_sets(other.as_bytes()), None, "{other}");
        }
        // An annotation and its tombstone at once.
        let kept = made.annotations().next().unwrap().clone();
        let dead = Tombstone { id: kept.id, deleted_version: kept.modified, deleted: kept.modified, author: String::new() };
        let dead = format!("deleted: [\n{},", ron::to_string(&dead).unwrap());
        assert_eq!(tag_sets(text.replacen("deleted: [", &dead, 1).as_bytes()), None);
        made.entries.insert(AnnotationId::new(), AnnotationEntry::Present(Annotation { id: AnnotationId::new(), ..kept }));
        assert_eq!(tag_sets(made.to_ron().unwrap().as_bytes()).unwrap(), [(TagSet::from([TagRef::derived("甲")]), 2)]);
    }
}
