//! Finding names as people type them: in either script, or by pinyin.

use super::pinyin::PinyinQuery;
use crate::text::fold::{fold, fold_text};
use std::ops::{ControlFlow, Range};

/// What was typed to find a name by: of a tag, a command, a speech.
///
/// ```
/// use pizhu_text::search::NameQuery;
///
/// assert_eq!(NameQuery::new("黨建").find("基层党建"), Some(2..4));
/// assert_eq!(NameQuery::new("dangjian").find("基层党建"), Some(2..4));
/// assert_eq!(NameQuery::new("dj").find("基层党建"), Some(2..4));
/// assert_eq!(NameQuery::new("人才").find("基层党建"), None);
/// assert_eq!(NameQuery::new(" ").find("基层党建"), Some(0..0));
/// ```
#[derive(Debug, Clone)]
pub struct NameQuery {
    folded: String,
    pinyin: Option<PinyinQuery>,
}

impl NameQuery {
    /// Compiles what was typed.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let typed = typed.trim();
        Self { folded: fold_text(typed), pinyin: PinyinQuery::new(typed) }
    }

    /// Whether nothing was typed, which every name matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }

    /// The chars of `name` that match first: as they were typed, else by pinyin.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Range<usize>> {
        self.find_folded(name).or_else(|| self.find_pinyin(name))
    }

    /// Whether `name` matches.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The chars of `name` that were typed.
    fn find_folded(&self, name: &str) -> Option<Range<usize>> {
        // Folding keeps the number of chars.
        let folded: String = name.chars().map(fold).collect();
        let at = folded.find(&self.folded)?;
        let start = folded.get(..at)?.chars().count();
        Some(start..start + self.folded.chars().count())
    }

    /// The chars of `name` whose readings were typed.
    #[must_use]
    pub fn find_pinyin(&self, name: &str) -> Option<Range<usize>> {
        let mut found = None;
        let _ = self.pinyin.as_ref()?.for_each_match(name, false, |start, end| {
            found = Some((start, end));
            ControlFlow::Break(())
        });
        let (start, end) = found?;
        let before = name.get(..start)?.chars().count();
        Some(before..before + name.get(start..end)?.chars().count())
    }
}
