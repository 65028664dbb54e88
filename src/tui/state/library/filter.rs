//! What is typed to narrow the list of speeches: words, and limits among them.

use super::Entry;
use pizhu_text::text::fold::fold_text;
use memchr::memmem::Finder;

/// How far a speech was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Unread,
    Begun,
    Read,
}

/// What an entry must be to be shown.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    words: Finder<'static>,
    tag: Option<String>,
    since: Option<String>,
    until: Option<String>,
    place: Option<String>,
    over: Option<usize>,
    under: Option<usize>,
    progress: Option<Progress>,
}

impl Filter {
    /// A filter as it is typed into one line: words that the title, the date, the path or a tag
    /// holds, and limits, with either colon: `tag:人才工作`, `since:2020`, `until:2021-06`, `in:2021/春`
    /// (part of the path), `over:8000` and `under:8000` (chars), `is:unread` (`begun`, `read`). What
    /// is no limit is part of the words.
    pub(super) fn typed(line: &str) -> Self {
        let mut filter = Self {
            words: Finder::new("").into_owned(),
            tag: None,
            since: None,
            until: None,
            place: None,
            over: None,
            under: None,
            progress: None,
        };
        let mut words = Vec::new();
        for word in line.split(' ') {
            let limit = word.split_once([':', '：']).filter(|(_, value)| !value.is_empty());
            if !limit.is_some_and(|(name, value)| filter.limit(&name.to_lowercase(), value)) {
                words.push(word);
            }
        }
        filter.words = Finder::new(&fold_text(words.join(" ").trim())).into_owned();
        filter
    }

    /// Takes a limit; whether there is one of that name.
    fn limit(&mut self, name: &str, value: &str) -> bool {
        match name {
            "tag" => self.tag = Some(fold_text(value)),
            "since" => self.since = Some(value.to_owned()),
            "until" => self.until = Some(value.to_owned()),
            "in" => self.place = Some(fold_text(value)),
            "over" | "under" => {
                let Ok(chars) = value.parse() else { return false };
                *(if name == "over" { &mut self.over } else { &mut self.under }) = Some(chars);
            }
            "is" => {
                self.progress = Some(match value {
                    "unread" => Progress::Unread,
                    "begun" => Progress::Begun,
                    "read" => Progress::Read,
                    _ => return false,
                });
            }
            _ => return false,
        }
        true
    }

    /// Whether an entry is shown.
    pub(super) fn takes(&self, entry: &Entry) -> bool {
        let tagged = |part: &str| entry.tags.iter().any(|(tag, _)| fold_text(tag).contains(part));
        let words = self.words.needle();
        let worded = words.is_empty() || self.words.find(entry.key.as_bytes()).is_some() || std::str::from_utf8(words).is_ok_and(tagged);
        let dated = |limit: &Option<String>, fits: fn(&str, &str) -> bool| {
            limit.as_deref().is_none_or(|limit| !entry.date.is_empty() && fits(&entry.date, limit))
        };
        let read = match entry.percent {
            None => Progress::Unread,
            Some(100) => Progress::Read,
            Some(_) => Progress::Begun,
        };
        worded
            && self.tag.as_deref().is_none_or(tagged)
            && dated(&self.since, |date, since| date >= since)
            && dated(&self.until, |date, until| date <= until || date.starts_with(until))
            && self.place.as_deref().is_none_or(|place| entry.key.rsplit('\n').next().is_some_and(|path| path.contains(place)))
            && self.over.is_none_or(|chars| entry.chars > chars)
            && self.under.is_none_or(|chars| entry.chars < chars)
            && self.progress.is_none_or(|progress| progress == read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_limits_narrow_the_list() {
        let entry = Entry {
            path: "讲话/2021/春.txt".into(),
            title: "在青禾縣的讲话".to_owned(),
            date: "2021-03-04".to_owned(),
            chars: 5000,
            tags: vec![("人才工作".to_owned(), 2)],
            percent: Some(40),
            ..Entry::default()
        }
        .keyed();
        let takes = |line: &str| Filter::typed(line).takes(&entry);
        for line in [
            "",
            "青禾县",
            "2021-03",
            "人才",
            "春.TXT",
            "tag：人才",
            "since:2021",
            "until:2021-03",
            "in:2021/春",
            "over:4999",
            "under:5001",
            "is:begun",
            "讲话 is:begun since:2020 until:2022",
        ] {
            assert!(takes(line), "{line}");
        }
        for line in
            ["临江", "tag:作风", "since:2022", "until:2020", "in:2020", "over:5000", "under:5000", "is:unread", "is:read", "is:other"]
        {
            assert!(!takes(line), "{line}");
        }
        let bare = Entry::default().keyed();
        assert!(Filter::typed("is:unread").takes(&bare) && !Filter::typed("until:2030").takes(&bare));
    }
}
