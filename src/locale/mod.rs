//! Messages of the interface in simplified Chinese, traditional Chinese and English.
//!
//! The messages are in three [Fluent](https://projectfluent.org/) files (`.ftl`), compiled in. A
//! language is parsed once per process, when its first message is used. A missing message falls
//! back to English, then to its id; a test checks that none is missing.

mod compare;
pub(crate) mod condition;
pub(crate) mod counts;
mod language;
mod message_id;

pub use language::Language;
pub(crate) use message_id::{MessageId, family, id, notice};

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
    pub fn text(self, id: MessageId) -> Cow<'static, str> {
        self.render(id, None)
    }

    /// Formats the message `id` with its arguments.
    #[must_use]
    pub fn format(self, id: MessageId, arguments: &[(&str, Value)]) -> String {
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

    /// What an exchange format is for.
    #[must_use]
    pub fn about_format(self, name: &str) -> Cow<'static, str> {
        self.text(family::FORMAT.id(name))
    }

    /// What the program does when it is called without a subcommand.
    #[must_use]
    pub fn about_reader(self) -> Cow<'static, str> {
        self.text(family::SUBCOMMAND.id("reader"))
    }

    fn render(self, id: MessageId, arguments: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        for language in [self.language, Language::English] {
            let bundle = bundle(language);
            if let Some(pattern) = bundle.get_message(id.as_str()).and_then(|message| message.value()) {
                let mut errors = Vec::new();
                return match bundle.format_pattern(pattern, arguments, &mut errors) {
                    Cow::Borrowed(text) => Cow::Borrowed(text),
                    Cow::Owned(text) => Cow::Owned(text),
                };
            }
        }
        Cow::Borrowed(id.as_str())
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
    use std::collections::BTreeMap;

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
        assert_eq!(en.format(id::LIBRARY_COUNT, &[("count", 1_usize.into())]), "1 speech");
        assert_eq!(en.format(id::LIBRARY_COUNT, &[("count", 12_345_usize.into())]), "12345 speeches");
        let hans = Locale::new(Language::Simplified);
        assert_eq!(hans.format(notice::NOT_FOUND, &[("query", "组织".into())]), "找不到“组织”");
        assert_eq!(Locale::new(Language::Traditional).text(id::CONTEXT_LIBRARY), "文庫");
        assert!(matches!(hans.text(id::CONTEXT_LIBRARY), Cow::Borrowed("文库")));
    }
}
