//! Completion of a condition: tags, terms, attributes and their values at the end of what is typed.

use super::lexer::{QuotedWord, last_word};
use pizhu_text::search::NameQuery;
use std::collections::BTreeMap;

/// Terms and operators that may begin a word.
const WORDS: [&str; 12] = ["and", "or", "not", "since:", "until:", "tag:", "attr.", "within", "near:", "level:", "author:", "note:"];
/// The number of them that a list of speeches can answer, see [`super::Condition::holds_for_listed`].
const LISTED_WORDS: usize = 7;
/// The signs of comparison that may stand before a value, the longer ones first.
const SIGNS: [&str; 5] = ["<=", ">=", "<", ">", "~"];

/// A candidate for the end of a line: what stands there from `start` on becomes `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Byte at which the completed word begins.
    pub start: usize,
    /// The word in full.
    pub text: String,
    /// What it is: the definition of a tag, the number of speeches with a value. May be empty.
    pub help: String,
}

impl Completion {
    /// A candidate for the word that begins at byte `start`.
    #[must_use]
    pub fn new(start: usize, text: String, help: impl Into<String>) -> Self {
        Self { start, text, help: help.into() }
    }

    /// The whole line, if `typed` is what stands before the cursor.
    #[must_use]
    pub fn line(&self, typed: &str) -> String {
        format!("{}{}", typed.get(..self.start).unwrap_or_default(), self.text)
    }
}

/// What the words of a condition may name.
///
/// ```
/// use pizhu_library::condition::ConditionNames;
///
/// let mut names = ConditionNames::default();
/// names.add_value("place", "如皋");
/// names.add_value("place", "如皋");
/// names.add_value("place", "南通");
/// let found = names.complete("not attr.place:");
/// let lines: Vec<String> = found.iter().map(|one| one.line("not attr.place:")).collect();
/// assert_eq!(lines, ["not attr.place:如皋", "not attr.place:南通"]);
/// assert_eq!(found[0].help, "2");
/// ```
#[derive(Debug, Clone, Default)]
pub struct ConditionNames {
    /// The tags, each with what is said of it.
    pub tags: Vec<(String, String)>,
    /// Whether only what a list of speeches can answer is offered.
    pub is_of_list: bool,
    keys: Vec<String>,
    /// The values of each attribute, with the number of speeches that have it.
    values: BTreeMap<String, BTreeMap<String, usize>>,
}

impl ConditionNames {
    /// Adds an attribute; those added first are offered first.
    pub fn add_key(&mut self, key: &str) {
        if !self.keys.iter().any(|known| known == key) {
            self.keys.push(key.to_owned());
        }
    }

    /// Adds the value that a speech has.
    pub fn add_value(&mut self, key: &str, value: &str) {
        self.add_key(key);
        if !value.is_empty() {
            *self.values.entry(key.to_owned()).or_default().entry(value.to_owned()).or_default() += 1;
        }
    }

    /// The attributes.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str)
    }

    /// The values of an attribute that `typed` begins or names, each with the number of speeches; the
    /// most frequent first.
    #[must_use]
    pub fn values_of(&self, key: &str, typed: &str) -> Vec<(&str, usize)> {
        let mut all: Vec<(&str, usize)> =
            self.values.get(key).into_iter().flatten().map(|(value, count)| (value.as_str(), *count)).collect();
        all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        begun_or_named(all, typed, |(value, _)| value)
    }

    /// Candidates for the last word of a condition.
    #[must_use]
    pub fn complete(&self, typed: &str) -> Vec<Completion> {
        let (at, QuotedWord { name, value, is_quoted }) = last_word(typed);
        let mut found: Vec<Completion> = Vec::new();
        // The tag of a word, or of `tag:…`.
        let tag_words = match &value {
            None => Some(("", name.as_str())),
            Some(value) if name == "tag" && !is_quoted => Some(("tag:", value.as_str())),
            Some(_) => None,
        };
        if let Some((field, words)) = tag_words {
            let fitting = begun_or_named(self.tags.iter().collect(), words, |(label, _)| label);
            found
                .extend(fitting.into_iter().map(|(label, about)| Completion::new(at, format!("{field}{}", quoted(label)), about.as_str())));
        }
        let key = name.strip_prefix("attr.").filter(|_| !is_quoted);
        match (&value, key) {
            (Some(value), Some(key)) => found.extend(self.complete_value(at, key, value)),
            (None, Some(typed)) => {
                for key in self.keys.iter().filter(|key| key.starts_with(typed)) {
                    let word = format!("attr.{}", quoted(key));
                    // What is there in full goes on with its values.
                    let text = if key == typed { format!("{word}:") } else { word };
                    found.push(Completion::new(at, text, ""));
                }
            }
            (None, None) if !is_quoted => {
                let words = WORDS.iter().take(if self.is_of_list { LISTED_WORDS } else { WORDS.len() });
                let starts = words.filter(|word| word.starts_with(name.as_str()) && **word != name);
                found.extend(starts.map(|word| Completion::new(at, (*word).to_owned(), "")));
            }
            _ => {}
        }
        found
    }

    /// Candidates for `attr.KEY:VALUE`, the value after a sign of comparison if there is one.
    fn complete_value(&self, at: usize, key: &str, value: &str) -> Vec<Completion> {
        let sign = SIGNS.into_iter().find(|sign| value.starts_with(sign)).unwrap_or_default();
        let typed = value.strip_prefix(sign).unwrap_or_default();
        let found = self.values_of(key, typed).into_iter().filter(|(known, _)| *known != typed);
        let word = |known: &str| format!("attr.{}:{sign}{}", quoted(key), quoted(known));
        found.map(|(known, count)| Completion::new(at, word(known), count.to_string())).collect()
    }
}

/// The entries whose names, or the last steps of whose paths, begin with what is typed; if there are none,
/// those that it names as a search would, also by pinyin (`rugao` for 如皋).
///
/// ```
/// use pizhu_library::condition::begun_or_named;
///
/// let named = |typed: &str| begun_or_named(vec!["如皋", "组织/如东"], typed, |name| name);
/// assert_eq!((named("如"), named("rugao")), (vec!["如皋", "组织/如东"], vec!["如皋"]));
/// ```
#[must_use]
pub fn begun_or_named<T>(entries: Vec<T>, typed: &str, name: impl Fn(&T) -> &str) -> Vec<T> {
    let is_begun = |entry: &T| name(entry).starts_with(typed) || name(entry).rsplit('/').next().is_some_and(|last| last.starts_with(typed));
    let query = NameQuery::new(typed);
    let begun = entries.iter().any(&is_begun);
    entries.into_iter().filter(|entry| if begun { is_begun(entry) } else { query.matches(name(entry)) }).collect()
}

/// A tag, key or value as it is written in a condition: in quotation marks if it would be read otherwise.
fn quoted(label: &str) -> String {
    let is_plain = !label.is_empty()
        && !label.chars().any(|c| c.is_whitespace() || "()（）:：\"“”".contains(c))
        && !["and", "or", "not", "within", "near"].iter().any(|word| label.eq_ignore_ascii_case(word));
    if is_plain { label.to_owned() } else { format!("\"{}\"", label.replace('\\', "\\\\").replace('"', "\\\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::Attributes;
    use crate::condition::Condition;

    fn names() -> ConditionNames {
        let tags = [("人才工作", "引才"), ("组织/基层 党建", ""), ("and", "")];
        let mut names =
            ConditionNames { tags: tags.map(|(tag, about)| (tag.to_owned(), about.to_owned())).to_vec(), ..ConditionNames::default() };
        names.add_key("place");
        for (key, value) in [("人数", "230"), ("place", "南通"), ("place", "如皋 城北"), ("place", "如东"), ("place", "如东"), ("a b", "x")]
        {
            names.add_value(key, value);
        }
        names
    }

    fn lines(names: &ConditionNames, typed: &str) -> Vec<String> {
        names.complete(typed).iter().map(|one| one.line(typed)).collect()
    }

    fn values(typed: &str) -> Vec<String> {
        lines(&names(), typed)
    }

    #[test]
    fn the_last_word_is_completed() {
        assert_eq!(values("人"), ["人才工作"]);
        assert_eq!(values("level:1 and (人"), ["level:1 and (人才工作"]);
        assert_eq!(values("not 基层"), ["not \"组织/基层 党建\""]);
        assert_eq!(values("\"基层"), ["\"组织/基层 党建\""]);
        assert_eq!(values("attr.pl"), ["attr.place"]);
        assert_eq!(values("attr.place"), ["attr.place:"]);
        assert_eq!(values("人才工作 and tag:人"), ["人才工作 and tag:人才工作"]);
        assert_eq!(values("人才工作 an"), ["人才工作 \"and\"", "人才工作 and"]);
        assert_eq!(values("not rencai"), ["not 人才工作"]);
        assert!(values("").len() > 10 && values("level:").is_empty());
    }

    #[test]
    fn values_are_completed_the_most_frequent_first() {
        assert_eq!(values("attr.place:"), ["attr.place:如东", "attr.place:南通", "attr.place:\"如皋 城北\""]);
        assert_eq!(values("not (attr.place:如"), ["not (attr.place:如东", "not (attr.place:\"如皋 城北\""]);
        assert_eq!(values("attr.place：~如皋"), ["attr.place:~\"如皋 城北\""]);
        assert_eq!(values("attr.place:\"如皋"), ["attr.place:\"如皋 城北\""]);
        assert_eq!(values("attr.place:nantong"), ["attr.place:南通"]);
        assert_eq!(values("attr.人数:>=2"), ["attr.人数:>=230"]);
        assert_eq!(values("attr.a"), ["attr.\"a b\""]);
        assert_eq!(values("attr.\"a b\":"), ["attr.\"a b\":x"]);
        assert!(values("attr.place:如东").is_empty() && values("\"attr.place\":如").is_empty() && values("attr.speaker:").is_empty());
    }

    #[test]
    fn conditions_offered_for_a_list_can_be_evaluated_on_it() {
        let names = ConditionNames { is_of_list: true, tags: Vec::new(), ..names() };
        assert_eq!(lines(&names, ""), ["and", "or", "not", "since:", "until:", "tag:", "attr."]);
        for (line, listed) in [
            ("since:2020", true),
            ("until:2020", true),
            ("tag:人才", true),
            ("attr.place:如东", true),
            ("level:1", false),
            ("note:x", false),
        ] {
            let holds = Condition::parse(line).unwrap().holds_for_listed(&Attributes::default(), &|_| false);
            assert_eq!(holds.is_some(), listed, "{line}");
        }
    }

    #[test]
    fn completed_conditions_match_the_offered_value() {
        for value in ["如皋 城北", "a\"b", "（一）", "甲:乙", "and", "“引”", "\\"] {
            let mut names = ConditionNames::default();
            names.add_value("地 点", value);
            let line = lines(&names, "attr.\"地 点\":").remove(0);
            let condition = Condition::parse(&line).unwrap();
            let attributes = |value: &str| Attributes::of_values([], &[("地 点".to_owned(), value.to_owned())].into());
            assert_eq!(condition.holds_for_listed(&attributes(value), &|_| false), Some(true), "{line}");
            assert_eq!(condition.holds_for_listed(&attributes("别处"), &|_| false), Some(false), "{line}");
        }
    }
}
