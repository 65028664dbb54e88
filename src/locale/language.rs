//! The languages of the interface.

use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// Simplified Chinese.
    #[serde(rename = "zh-Hans")]
    Simplified,
    /// Traditional Chinese.
    #[serde(rename = "zh-Hant")]
    Traditional,
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 3] = [Self::Simplified, Self::Traditional, Self::English];

    /// BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Simplified => "zh-Hans",
            Self::Traditional => "zh-Hant",
            Self::English => "en",
        }
    }

    /// Parses a BCP 47 tag or a POSIX locale (`zh_TW.UTF-8`); `None` for an unsupported language.
    /// Chinese without a script subtag is traditional in Taiwan, Hong Kong and Macau, else
    /// simplified.
    #[must_use]
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.split(['.', '@']).next().unwrap_or_default().to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        match parts.next()? {
            "zh" | "cmn" | "yue" => {
                let mut rest: Vec<&str> = parts.collect();
                // A script subtag takes precedence over a region.
                rest.sort_by_key(|part| !matches!(*part, "hans" | "hant"));
                let traditional = matches!(rest.first(), Some(&("hant" | "tw" | "hk" | "mo")));
                Some(if traditional { Self::Traditional } else { Self::Simplified })
            }
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The language of a setting; if the setting is not a supported language (as `auto`), that of
    /// the environment.
    #[must_use]
    pub(crate) fn from_setting(setting: &str, variable: impl Fn(&str) -> Option<String>) -> Self {
        Self::from_tag(setting).unwrap_or_else(|| Self::from_environment(variable))
    }

    /// The language of the environment: of the first non-empty variable of `LC_ALL`, `LC_MESSAGES`
    /// and `LANG`; English if that is not supported.
    #[must_use]
    pub(crate) fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(variable)
            .find(|value| !value.is_empty())
            .and_then(|value| Self::from_tag(&value))
            .unwrap_or_default()
    }

    /// The next language, cyclic.
    #[must_use]
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    pub(super) fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_tag_parses_bcp47_and_posix_locales() {
        for (tag, language) in [
            ("zh_CN.UTF-8", Some(Language::Simplified)),
            ("zh", Some(Language::Simplified)),
            ("zh_SG.GB18030", Some(Language::Simplified)),
            ("zh_TW.Big5", Some(Language::Traditional)),
            ("zh-HK", Some(Language::Traditional)),
            ("zh-Hans-HK", Some(Language::Simplified)),
            ("zh-HK-Hans", Some(Language::Simplified)),
            ("zh-Hant", Some(Language::Traditional)),
            ("en_GB.UTF-8@euro", Some(Language::English)),
            ("C", None),
            ("", None),
        ] {
            assert_eq!(Language::from_tag(tag), language, "{tag}");
        }
        for language in Language::ALL {
            assert_eq!(Language::from_tag(language.tag()), Some(language));
            assert_eq!(Language::ALL[language as usize], language);
        }
    }

    #[test]
    fn first_set_environment_variable_wins() {
        let environment = |set: &'static [(&str, &str)]| {
            Language::from_environment(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
        };
        assert_eq!(environment(&[("LANG", "zh_CN.UTF-8")]), Language::Simplified);
        assert_eq!(environment(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "")]), Language::Simplified);
        assert_eq!(environment(&[("LANG", "zh_CN.UTF-8"), ("LC_MESSAGES", "zh_TW")]), Language::Traditional);
        assert_eq!(environment(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")]), Language::English);
        assert_eq!(environment(&[]), Language::English);
    }
}
