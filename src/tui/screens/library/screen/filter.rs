//! The filter of the library's list: words and conditions.

use crate::tui::message::LibraryEntry;
use memchr::memmem::Finder;
use pizhu_library::condition::Condition;
use pizhu_text::search::NameQuery;
use pizhu_text::text::fold::fold_text;

/// Reading progress of a speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReadProgress {
    Unread,
    Begun,
    Read,
}

/// A parsed filter.
#[derive(Debug, Clone)]
pub(super) struct LibraryFilter {
    words: Finder<'static>,
    /// The same words, by pinyin.
    sounds: NameQuery,
    tag: Option<NameQuery>,
    since: Option<String>,
    until: Option<String>,
    path_part: Option<String>,
    longer_than: Option<usize>,
    shorter_than: Option<usize>,
    progress: Option<ReadProgress>,
    /// `attr.KEY:VALUE` and `where:CONDITION`.
    conditions: Vec<Condition>,
    favourite: bool,
}

impl LibraryFilter {
    /// Parses a filter line. Words must occur in the title, date, path or a tag, as they are or by pinyin. Conditions, with either
    /// colon: `tag:人才工作`, `since:2020`, `until:2021-06`, `in:2021/春` (part of the path), `over:8000`
    /// and `under:8000` (chars), `is:unread` (`begun`, `read`, `favourite`), `attr.place:如皋` (`attr.人数:>200`); `where:`
    /// and a condition of tags, attributes and dates to the end of the line. An unknown condition counts as a word.
    pub(super) fn parse(line: &str) -> Self {
        let mut filter = Self {
            words: Finder::new("").into_owned(),
            sounds: NameQuery::new(""),
            tag: None,
            since: None,
            until: None,
            path_part: None,
            longer_than: None,
            shorter_than: None,
            progress: None,
            conditions: Vec::new(),
            favourite: false,
        };
        // A condition goes to the end of the line; while it is being typed, it does not count.
        let (line, condition) =
            line.find("where:").and_then(|at| line.split_at_checked(at)).map_or((line, ""), |(words, rest)| (words, rest));
        let condition = condition.strip_prefix("where:").filter(|condition| !condition.trim().is_empty());
        filter.conditions.extend(condition.and_then(|condition| Condition::parse(condition).ok()));
        let mut words = Vec::new();
        for word in line.split(' ') {
            let limit = word.split_once([':', '：']).filter(|(_, value)| !value.is_empty());
            if !limit.is_some_and(|(name, value)| filter.set_condition(&name.to_lowercase(), value)) {
                words.push(word);
            }
        }
        let words = words.join(" ");
        filter.words = Finder::new(&fold_text(words.trim())).into_owned();
        filter.sounds = NameQuery::new(&words);
        filter
    }

    /// Sets a condition; returns whether it is known and valid.
    fn set_condition(&mut self, name: &str, value: &str) -> bool {
        match name {
            "tag" => self.tag = Some(NameQuery::new(value)),
            "since" => self.since = Some(value.to_owned()),
            "until" => self.until = Some(value.to_owned()),
            "in" => self.path_part = Some(fold_text(value)),
            "over" | "under" => {
                let Ok(chars) = value.parse() else { return false };
                *(if name == "over" { &mut self.longer_than } else { &mut self.shorter_than }) = Some(chars);
            }
            "is" if value == "favourite" => self.favourite = true,
            "is" => {
                self.progress = Some(match value {
                    "unread" => ReadProgress::Unread,
                    "begun" => ReadProgress::Begun,
                    "read" => ReadProgress::Read,
                    _ => return false,
                });
            }
            name if name.starts_with("attr.") => match Condition::parse(&format!("{name}:{value}")) {
                Ok(condition) => self.conditions.push(condition),
                Err(_) => return false,
            },
            _ => return false,
        }
        true
    }

    /// Whether an entry passes the filter.
    pub(super) fn matches(&self, entry: &LibraryEntry) -> bool {
        let tagged = |query: &NameQuery| entry.tags.iter().any(|(tag, _)| query.matches(&tag.name));
        // Of a tag below another only its own name is known here.
        let has_tag = |words: &str| entry.tags.iter().any(|(tag, _)| Some(tag.name.as_str()) == words.rsplit('/').next());
        let worded = self.words.needle().is_empty()
            || self.words.find(entry.search_key.as_bytes()).is_some()
            || self.sounds.find_pinyin(&entry.search_key).is_some()
            || tagged(&self.sounds);
        let dated = |limit: &Option<String>, fits: fn(&str, &str) -> bool| {
            limit.as_deref().is_none_or(|limit| !entry.date.is_empty() && fits(&entry.date, limit))
        };
        let read = match entry.percent {
            None => ReadProgress::Unread,
            Some(100) => ReadProgress::Read,
            Some(_) => ReadProgress::Begun,
        };
        worded
            && self.tag.as_ref().is_none_or(tagged)
            && dated(&self.since, |date, since| date >= since)
            && dated(&self.until, |date, until| date <= until || date.starts_with(until))
            && self.path_part.as_deref().is_none_or(|part| entry.search_key.rsplit('\n').next().is_some_and(|path| path.contains(part)))
            && self.longer_than.is_none_or(|chars| entry.chars > chars)
            && self.shorter_than.is_none_or(|chars| entry.chars < chars)
            && self.progress.is_none_or(|progress| progress == read)
            && self.conditions.iter().all(|condition| condition.holds_for_listed(&entry.attributes, &has_tag).unwrap_or(true))
            && (!self.favourite || entry.favourite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_library::attributes::Attributes;
    use std::collections::BTreeMap;

    #[test]
    fn words_and_conditions_filter_entries() {
        let entry = LibraryEntry {
            path: "讲话/2021/春.txt".into(),
            title: "在青禾縣的讲话".to_owned(),
            date: "2021-03-04".to_owned(),
            chars: 5000,
            tags: vec![(pizhu_annotation::TagRef::derived("人才工作"), 2)],
            percent: Some(40),
            attributes: Attributes::of_values(
                [("place", "如皋"), ("date", "2021-03-04")],
                &BTreeMap::from([("人数".into(), "230".into())]),
            ),
            ..LibraryEntry::default()
        }
        .with_search_key();
        let takes = |line: &str| LibraryFilter::parse(line).matches(&entry);
        for line in [
            "",
            "青禾县",
            "2021-03",
            "人才",
            "春.TXT",
            "qinghe",
            "rencai",
            "tag:rc",
            "tag：人才",
            "since:2021",
            "until:2021-03",
            "in:2021/春",
            "over:4999",
            "under:5001",
            "is:begun",
            "讲话 is:begun since:2020 until:2022",
            "rugao",
            "attr.place:如皋",
            "attr.人数:>=230 青禾县",
            "青禾 where:attr.人数:>200 and not (作风 or attr.place:南通)",
            "where:人才工作 and since:2021",
            "where:人才工作 and",
            "where:level:1",
        ] {
            assert!(takes(line), "{line}");
        }
        for line in [
            "临江",
            "linjiang",
            "tag:作风",
            "tag:zf",
            "since:2022",
            "until:2020",
            "in:2020",
            "over:5000",
            "under:5000",
            "is:unread",
            "is:read",
            "is:other",
            "attr.place:南通",
            "attr.人数:>230",
            "attr.speaker:张三",
            "where:作风 or attr.place:南通",
            "临江 where:人才工作",
        ] {
            assert!(!takes(line), "{line}");
        }
        assert!(!takes("is:favourite"));
        assert!(LibraryFilter::parse("is:favourite 人才").matches(&LibraryEntry { favourite: true, ..entry.clone() }));
        let bare = LibraryEntry::default().with_search_key();
        assert!(LibraryFilter::parse("is:unread").matches(&bare) && !LibraryFilter::parse("until:2030").matches(&bare));
    }
}
