//! Completion of conditions (`--where`): tags, terms and attributes at the end of what is typed.

use pizhu_library::condition::{QuotedWord, last_word};

/// Terms and operators that may begin a word.
const WORDS: [&str; 12] = ["and", "or", "not", "within", "near:", "level:", "author:", "note:", "since:", "until:", "tag:", "attr."];

/// Candidates for a whole condition, each with what its last word means: what is typed before that word
/// stays.
pub(super) fn complete_condition<'a>(
    typed: &str,
    tags: impl IntoIterator<Item = (&'a str, &'a str)>,
    keys: impl IntoIterator<Item = &'a str>,
) -> Vec<(String, String)> {
    let (at, QuotedWord { name, value, is_quoted }) = last_word(typed);
    let before = typed.get(..at).unwrap_or_default();
    let mut found: Vec<(String, String)> = Vec::new();
    // The tag of a word, or of `tag:…`.
    let tag_words = match &value {
        None => Some(("", name.as_str())),
        Some(value) if name == "tag" && !is_quoted => Some(("tag:", value.as_str())),
        Some(_) => None,
    };
    if let Some((field, words)) = tag_words {
        for (label, definition) in tags {
            let last = label.rsplit('/').next().unwrap_or(label);
            if label.starts_with(words) || last.starts_with(words) {
                found.push((format!("{before}{field}{}", quoted(label)), definition.to_owned()));
            }
        }
    }
    if value.is_none() && !is_quoted {
        let starts = WORDS.iter().filter(|word| word.starts_with(name.as_str()) && **word != name);
        found.extend(starts.map(|word| (format!("{before}{word}"), String::new())));
        if let Some(start) = name.strip_prefix("attr.") {
            let fitting = keys.into_iter().filter(|key| key.starts_with(start));
            found.extend(fitting.map(|key| (format!("{before}attr.{}", quoted(key)), String::new())));
        }
    }
    found
}

/// A tag or key as it is written in a condition: in quotation marks if it would be read otherwise.
fn quoted(label: &str) -> String {
    let is_plain = !label.is_empty()
        && !label.chars().any(|c| c.is_whitespace() || "()（）:：\"“”".contains(c))
        && !["and", "or", "not", "within", "near"].iter().any(|word| label.eq_ignore_ascii_case(word));
    if is_plain { label.to_owned() } else { format!("\"{}\"", label.replace('\\', "\\\\").replace('"', "\\\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(typed: &str) -> Vec<String> {
        let tags = [("人才工作", "引才"), ("组织/基层 党建", ""), ("and", "")];
        complete_condition(typed, tags, ["place", "人数"]).into_iter().map(|(value, _)| value).collect()
    }

    #[test]
    fn the_last_word_is_completed() {
        assert_eq!(values("人"), ["人才工作"]);
        assert_eq!(values("level:1 and (人"), ["level:1 and (人才工作"]);
        assert_eq!(values("not 基层"), ["not \"组织/基层 党建\""]);
        assert_eq!(values("\"基层"), ["\"组织/基层 党建\""]);
        assert_eq!(values("attr.pl"), ["attr.place"]);
        assert_eq!(values("人才工作 and tag:人"), ["人才工作 and tag:人才工作"]);
        assert_eq!(values("人才工作 an"), ["人才工作 \"and\"", "人才工作 and"]);
        assert!(values("").len() > 10 && values("level:").is_empty());
    }
}
