//! Completion of the library's filter: conditions, and the attributes and tags of the speeches listed.

use super::LibraryScreen;
use pizhu_library::condition::{Completion, ConditionNames, begun_or_named};
use std::collections::{BTreeMap, BTreeSet};

/// The conditions of a filter, see [`super::filter::LibraryFilter`].
const FIELDS: [&str; 9] = ["tag:", "attr.", "since:", "until:", "is:", "in:", "over:", "under:", "where:"];
/// What `is:` takes.
const STATES: [&str; 4] = ["unread", "begun", "read", "favourite"];

impl LibraryScreen {
    /// The tags and attributes of all speeches listed, each with the number of speeches that have it.
    #[must_use]
    pub(crate) fn condition_names(&self) -> ConditionNames {
        let mut names = ConditionNames::default();
        names.is_of_list = true;
        let mut tags: BTreeMap<&str, usize> = BTreeMap::new();
        for entry in &self.entries {
            for (key, attribute) in entry.attributes.iter() {
                names.add_value(key, &attribute.value);
            }
            for (tag, _) in &entry.tags {
                *tags.entry(&tag.name).or_default() += 1;
            }
        }
        let mut tags: Vec<(&str, usize)> = tags.into_iter().collect();
        tags.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        names.tags = tags.into_iter().map(|(tag, count)| (tag.to_owned(), count.to_string())).collect();
        names
    }

    /// Candidates for the end of a filter line.
    #[must_use]
    pub(crate) fn complete_filter(&self, typed: &str) -> Vec<Completion> {
        let names = self.condition_names();
        // A condition goes to the end of the line.
        let condition = |names: &ConditionNames, at: usize, condition: &str| -> Vec<Completion> {
            let found = names.complete(condition).into_iter();
            found.map(|one| Completion { start: at + one.start, ..one }).collect()
        };
        if let Some((words, rest)) = typed.split_once("where:") {
            return condition(&names, words.len() + "where:".len(), rest);
        }
        let start = typed.rfind(' ').map_or(0, |at| at + 1);
        let word = typed.get(start..).unwrap_or_default();
        let plain = |words: &[&str], field: &str, value: &str| -> Vec<Completion> {
            let fitting = words.iter().filter(|word| word.starts_with(value) && **word != value);
            fitting.map(|word| Completion::new(start, format!("{field}{word}"), "")).collect()
        };
        // A tag or value with a blank is only one word inside `where:`.
        let as_filter = |one: Completion| {
            let has_blank = one.text.contains(char::is_whitespace);
            Completion { text: if has_blank { format!("where:{}", one.text) } else { one.text }, ..one }
        };
        let Some((name, value)) = word.split_once([':', '：']) else {
            let mut found = plain(&FIELDS, "", word);
            if word.starts_with("attr.") {
                found = condition(&names, start, word).into_iter().map(as_filter).collect();
            } else if found.is_empty() {
                let tagged = begun_or_named(names.tags.iter().collect(), word, |(tag, _)| tag);
                found = tagged
                    .into_iter()
                    .map(|(tag, count)| as_filter(Completion::new(start, format!("tag:{tag}"), count.as_str())))
                    .collect();
            }
            return found;
        };
        match name.to_lowercase().as_str() {
            "is" => plain(&STATES, "is:", value),
            field @ ("since" | "until") => {
                let dates = self.entries.iter().filter_map(|entry| entry.date.get(..4));
                let years: Vec<&str> = dates.collect::<BTreeSet<_>>().into_iter().collect();
                plain(&years, &format!("{field}:"), value)
            }
            "tag" => condition(&names, start, word).into_iter().map(as_filter).collect(),
            name if name.starts_with("attr.") => condition(&names, start, word).into_iter().map(as_filter).collect(),
            _ => Vec::new(),
        }
    }

    /// Candidates for the last of several names of attributes.
    #[must_use]
    pub(crate) fn complete_keys(typed: &str, keys: &[String]) -> Vec<Completion> {
        let start = typed.rfind([' ', ',', '，', '、', '\u{3000}']);
        let start = start.map_or(0, |at| at + typed.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8));
        let (before, word) = typed.split_at_checked(start).unwrap_or(("", typed));
        let taken: Vec<&str> = before.split([' ', ',', '，', '、', '\u{3000}']).collect();
        let free = keys.iter().filter(|key| !taken.contains(&key.as_str())).collect();
        let fitting = begun_or_named(free, word, |key| key).into_iter().filter(|key| *key != word);
        fitting.map(|key| Completion::new(start, key.clone(), "")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::message::{LibraryEntry, LibraryUpdate};
    use pizhu_library::attributes::Attributes;

    fn library() -> LibraryScreen {
        let entry = |number: usize, place: &str, tags: &[&str]| LibraryEntry {
            path: format!("{number}.txt").into(),
            date: format!("202{number}-03-04"),
            tags: tags.iter().map(|tag| (pizhu_annotation::TagRef::derived(tag), 1)).collect(),
            attributes: Attributes::of_values([("place", place), ("date", "2021-03-04")], &BTreeMap::new()),
            ..LibraryEntry::default()
        };
        let entries = vec![entry(1, "如皋", &["人才工作", "基层 党建"]), entry(2, "如皋", &["人才工作"]), entry(3, "南通 城北", &[])];
        let mut library = LibraryScreen::default();
        library.apply_update(LibraryUpdate::full(entries));
        library
    }

    fn lines(typed: &str) -> Vec<String> {
        library().complete_filter(typed).iter().map(|one| one.line(typed)).collect()
    }

    #[test]
    fn the_last_word_of_a_filter_is_completed() {
        assert_eq!(lines("讲话 is:un"), ["讲话 is:unread"]);
        assert_eq!(lines("is:read"), Vec::<String>::new());
        assert_eq!(lines("u"), ["until:", "under:"]);
        assert_eq!(lines("").len(), FIELDS.len());
        assert_eq!(lines("since:"), ["since:2021", "since:2022", "since:2023"]);
        assert_eq!(lines("attr."), ["attr.place", "attr.date"]);
        assert_eq!(lines("讲话 attr.place:"), ["讲话 attr.place:如皋", "讲话 where:attr.place:\"南通 城北\""]);
        assert_eq!(lines("attr.place:ru"), ["attr.place:如皋"]);
        assert_eq!(lines("tag:"), ["tag:人才工作", "where:tag:\"基层 党建\""]);
        assert_eq!(lines("rencai"), ["tag:人才工作"]);
        assert_eq!(lines("讲话 where:人才工作 and not (attr.pl"), ["讲话 where:人才工作 and not (attr.place"]);
        assert_eq!(lines("where:").iter().filter(|line| line.contains("level")).count(), 0, "a list cannot answer it");
        assert!(lines("没有这样的").is_empty() && lines("over:").is_empty());
        assert_eq!(library().complete_filter("tag:")[0].help, "2", "the number of speeches");
    }

    /// What completion puts in lists speeches: it is a condition that holds for some.
    #[test]
    fn completed_filters_list_speeches() {
        let mut library = library();
        for typed in ["attr.place:", "tag:", "since:", "where:attr.place:", "where:", "r"] {
            for one in library.complete_filter(typed) {
                let line = one.line(typed);
                if one.help.is_empty() {
                    continue;
                }
                library.set_filter(&line);
                assert_eq!(library.visible_entries().len().to_string(), one.help, "{line}");
            }
        }
    }

    #[test]
    fn names_of_columns_are_completed_each_once() {
        let keys = ["speaker", "place", "人数"].map(str::to_owned);
        let lines = |typed: &str| -> Vec<String> { LibraryScreen::complete_keys(typed, &keys).iter().map(|one| one.line(typed)).collect() };
        assert_eq!(lines("place，"), ["place，speaker", "place，人数"]);
        assert_eq!(lines("place sp"), ["place speaker"]);
        assert_eq!(lines("ren"), ["人数"]);
        assert!(lines("speaker").is_empty());
    }
}
