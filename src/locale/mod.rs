//! Messages of the interface in simplified Chinese, traditional Chinese and English.
//!
//! The messages are in three [Fluent](https://projectfluent.org/) files (`.ftl`), compiled in. A
//! language is parsed once per process, when its first message is used. A missing message falls
//! back to English, then to its id; a test checks that none is missing.

mod compare;
pub(crate) mod condition;
pub(crate) mod counts;
mod language;

pub use language::Language;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use std::{borrow::Cow, sync::OnceLock};

type Bundle = FluentBundle<FluentResource>;

/// Value of a message argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A string, inserted verbatim.
    Text(String),
    /// A number, which may also select a plural form (`one`, `other`).
    Number(i64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

/// The messages of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Locale {
    language: Language,
}

impl Locale {
    /// The messages of `language`.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { language }
    }

    /// The language.
    #[must_use]
    pub fn language(self) -> Language {
        self.language
    }

    /// Parses the messages now instead of on first use.
    pub(crate) fn prepare(self) {
        bundle(self.language);
    }

    /// The message `id`, which takes no arguments.
    #[must_use]
    pub fn text(self, id: &str) -> Cow<'static, str> {
        self.render(id, None)
    }

    /// Formats the message `id` with its arguments.
    #[must_use]
    pub fn format(self, id: &str, arguments: &[(&str, Value)]) -> String {
        let mut fluent = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            let value: FluentValue<'_> = match value {
                // Also a number that was written out, so that a message can select by it.
                Value::Text(text) => match text.parse::<u32>() {
                    Ok(number) if number.to_string() == *text => number.into(),
                    _ => text.as_str().into(),
                },
                Value::Number(number) => (*number).into(),
            };
            fluent.set(*name, value);
        }
        self.render(id, Some(&fluent)).into_owned()
    }

    /// Whether the message `id` exists.
    #[must_use]
    pub(crate) fn has_message(self, id: &str) -> bool {
        bundle(self.language).has_message(id)
    }

    fn render(self, id: &str, arguments: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        for language in [self.language, Language::English] {
            let bundle = bundle(language);
            if let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) {
                let mut errors = Vec::new();
                return match bundle.format_pattern(pattern, arguments, &mut errors) {
                    Cow::Borrowed(text) => Cow::Borrowed(text),
                    Cow::Owned(text) => Cow::Owned(text),
                };
            }
        }
        Cow::Owned(id.to_owned())
    }
}

/// The message bundle of a language, parsed on first use.
fn bundle(language: Language) -> &'static Bundle {
    static BUNDLES: [OnceLock<Bundle>; 3] = [const { OnceLock::new() }; 3];
    BUNDLES[language as usize].get_or_init(|| {
        // A faulty file is used as far as it parses; a test rejects faults.
        let resource = FluentResource::try_new(source(language).to_owned()).unwrap_or_else(|(resource, _)| resource);
        let mut bundle = Bundle::new_concurrent(vec![language.identifier()]);
        // Bidi isolation marks would reach the terminal.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        bundle
    })
}

fn source(language: Language) -> &'static str {
    match language {
        Language::Simplified => include_str!("zh-Hans.ftl"),
        Language::Traditional => include_str!("zh-Hant.ftl"),
        Language::English => include_str!("en.ftl"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::Path,
    };

    /// Words of the interface that readers misread or that no program of the field uses.
    #[test]
    fn words_that_mislead_do_not_come_back() {
        let misleading: [(Language, &[&str]); 3] = [
            (
                Language::Simplified,
                &[
                    "批语已写",
                    "EDITOR 写",
                    "没有写名称",
                    "认定失落",
                    "另选文字接上",
                    "页面文字",
                    "热图、表、条",
                    "全屋的地图",
                    "回车",
                    "▸ {",
                ],
            ),
            (Language::Traditional, &["批語已寫", "打開", "counts-first = 到首行", "頁面文字", "熱圖、表、條", "回車", "▸ {"]),
            (
                Language::English,
                &[
                    "haracter behind",
                    "he section before",
                    "draw anew",
                    "ext about the page",
                    "ows for columns",
                    "ullest first",
                    "id again",
                    "ithout, the section",
                    "reak the line",
                    "ive the last tags",
                    "olitical building",
                    "▸ {",
                ],
            ),
        ];
        for (language, words) in misleading {
            for word in words {
                let found: Vec<&str> = source(language).lines().filter(|line| line.contains(word)).collect();
                assert!(found.is_empty(), "{language:?}: {word}: {found:?}");
            }
        }
    }

    /// Message ids of a language, each with the sorted names of its arguments.
    fn messages(language: Language) -> BTreeMap<String, Vec<String>> {
        let resource =
            FluentResource::try_new(source(language).to_owned()).unwrap_or_else(|(_, errors)| panic!("{language:?}: {errors:?}"));
        let mut found = BTreeMap::new();
        let mut id = String::new();
        for line in resource.source().lines() {
            if let Some((name, _)) = line.split_once(" = ").filter(|_| line.starts_with(|c: char| c.is_ascii_alphabetic())) {
                name.clone_into(&mut id);
                assert!(found.insert(id.clone(), Vec::new()).is_none(), "{language:?}: {id} twice");
            }
            for name in line.split('$').skip(1) {
                let name = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default();
                let arguments = found.get_mut(&id).unwrap();
                if !arguments.iter().any(|known| known == name) {
                    arguments.push(name.to_owned());
                    arguments.sort();
                }
            }
        }
        found
    }

    #[test]
    fn languages_have_the_same_messages_and_arguments() {
        let [simplified, traditional, en] = [Language::Simplified, Language::Traditional, Language::English].map(messages);
        assert!(en.len() > 200);
        assert_eq!(simplified, en);
        assert_eq!(traditional, en);
    }

    #[test]
    fn messages_format_their_arguments() {
        let en = Locale::new(Language::English);
        assert_eq!(en.format("library-count", &[("count", 1_usize.into())]), "1 speech");
        assert_eq!(en.format("library-count", &[("count", 12_345_usize.into())]), "12345 speeches");
        let hans = Locale::new(Language::Simplified);
        assert_eq!(hans.format("notice-not-found", &[("query", "组织".into())]), "找不到“组织”");
        assert_eq!(Locale::new(Language::Traditional).text("context-library"), "文庫");
        assert!(matches!(hans.text("context-library"), Cow::Borrowed("文库")));
        assert_eq!(hans.text("no-such-message"), "no-such-message");
        assert!(hans.has_message("context-library") && !hans.has_message("no-such-message"));
    }

    /// Contents of all Rust files under `folder`.
    fn sources(folder: &Path, files: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("locale/mod.rs") {
                files.push(fs::read_to_string(path).unwrap());
            }
        }
    }

    /// All sources of this crate except this file, and the message ids used in them.
    fn used_ids() -> (String, BTreeSet<String>) {
        let mut files = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
        let all = files.join("\n");
        let ids = |call: &str, prefix: &str| -> Vec<String> {
            // One literal, or one of two: `("a")`, `(if … { "a" } else { "b" })`.
            let call = format!(r#"{call}\(\s*(?:if [^{{}}]*\{{\s*)?"([a-z][A-Za-z0-9-]*)"(?:\s*\}} else \{{\s*"([a-z][A-Za-z0-9-]*)")?"#);
            let call = regex::Regex::new(&call).unwrap();
            let found = call.captures_iter(&all).flat_map(|found| [found.get(1), found.get(2)]);
            found.flatten().map(|id| format!("{prefix}{}", id.as_str())).collect()
        };
        let mut asked = BTreeSet::new();
        // Other types have methods `text` and `format` too; only message ids contain a hyphen.
        asked.extend(ids(r"\.(?:text|format)", "").into_iter().filter(|id| id.contains('-')));
        asked.extend(ids(r"StatusMessage::(?:done|hint|error)", "notice-"));
        // The command table, not `std::process::Command`.
        let table = regex::Regex::new(r#"Command::(?:new|with_char)\(\s*"([a-z-]+)","#).unwrap();
        asked.extend(table.captures_iter(&all).filter_map(|found| Some(format!("command-{}", found.get(1)?.as_str()))));
        (all, asked)
    }

    #[test]
    fn every_used_message_exists() {
        let known = messages(Language::English);
        let (_, asked) = used_ids();
        let missing: Vec<&String> = asked.iter().filter(|id| !known.contains_key(*id)).collect();
        assert!(missing.is_empty(), "no message for {missing:?}");
    }

    #[test]
    fn every_message_is_used() {
        let (all, asked) = used_ids();
        // The other crates hold names of formats, search modes and the like.
        let mut files = vec![all.clone()];
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("crates"), &mut files);
        let everywhere = files.join("\n");
        let literal = regex::Regex::new(r#""([a-z][A-Za-z0-9-]*)""#).unwrap();
        let literals: BTreeSet<&str> = literal.captures_iter(&everywhere).filter_map(|found| Some(found.get(1)?.as_str())).collect();
        // Ids that are composed of a prefix and a name in the code.
        let composed = [
            "search-mode-",
            "count-by-",
            "notice-",
            "command-",
            "topic-",
            "context-",
            "language-",
            "format-",
            "kind-",
            "distrust-",
            "irregular-",
            "words-",
            "outline-change-",
            "attr-type-",
            "attr-",
            "attribute-",
            "consensus-by-",
            "consensus-unit-",
            "agree-unit-",
            "basket-state-",
            "memo-kind-",
            "import-lost-",
        ];
        let unused: Vec<String> = messages(Language::English)
            .into_keys()
            .filter(|id| !asked.contains(id) && !literals.contains(id.as_str()))
            // Subcommand names come from clap's derive.
            .filter(|id| !(id.starts_with("subcommand-") && all.contains("subcommand-{")))
            .filter(|id| !(id.starts_with("option-") && all.contains("option-{")))
            .filter(|id| {
                !composed
                    .iter()
                    .any(|prefix| id.strip_prefix(prefix).is_some_and(|name| literals.contains(name.trim_end_matches("-coded"))))
            })
            .collect();
        assert!(unused.is_empty(), "unused: {unused:?}");
    }
}
