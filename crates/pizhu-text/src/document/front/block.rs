//! The front block of a Markdown file: lines of `key: value` between two lines `---`.

use super::{FrontField, LineText};
use crate::document::date::date_in;
use crate::text::fold::fold_text;
use std::ops::Range;

/// Longest front block, in lines.
const MAX_BLOCK_LINES: usize = 120;

/// The lines of a front block and what they say.
#[derive(Debug, Clone, Default)]
pub(in crate::document) struct FrontBlock {
    /// Indices of its lines, with the signs before and after it.
    pub lines: Range<usize>,
    /// Its titles; several where it gives them in several languages.
    pub titles: Vec<FrontField>,
    pub subtitle: Option<FrontField>,
    pub speaker: Option<FrontField>,
    /// The author, who is the speaker if no other is named.
    pub author: Option<FrontField>,
    pub place: Option<FrontField>,
    pub occasion: Option<FrontField>,
    /// The date, as YYYY-MM-DD.
    pub date: Option<String>,
}

impl FrontBlock {
    /// Reads the block at the start of a text, whose lines are given by `line`; `None` if there is none.
    pub(in crate::document) fn read(count: usize, line: impl Fn(usize) -> LineText) -> Option<Self> {
        let is_sign = |line: &LineText| line.len() >= 3 && line.folded().iter().all(|c| *c == '-');
        if count < 3 || !is_sign(&line(0)) {
            return None;
        }
        let mut block = Self::default();
        let mut entries = 0;
        for index in 1..count.min(MAX_BLOCK_LINES) {
            let line = line(index);
            if is_sign(&line) {
                block.lines = 0..index + 1;
                return (entries > 0).then_some(block);
            }
            if line.folded().first() == Some(&'-') {
                continue;
            }
            let all = line.all();
            let colon = line.find(":", all.clone())?;
            let key: String = line.folded().get(all.start..colon)?.iter().collect();
            if !key.trim().chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ')) {
                return None;
            }
            entries += 1;
            let value = line.field(line.trim(colon + 1..all.end, &['"', '\'']));
            block.set(key.trim(), value);
        }
        None
    }

    fn set(&mut self, key: &str, value: Option<FrontField>) {
        let Some(value) = value else { return };
        let stem = key.split(['_', '-']).next().unwrap_or(key);
        match (key, stem) {
            ("date", _) => self.date = date_in(&value.text).or(self.date.take()),
            ("published" | "publishedat" | "created", _) => self.date = self.date.take().or_else(|| date_in(&value.text)),
            (_, "title") => self.titles.push(value),
            (_, "subtitle") => self.subtitle = self.subtitle.take().or(Some(value)),
            (_, "speaker") => self.speaker = self.speaker.take().or(Some(value)),
            (_, "author") => self.author = self.author.take().or(Some(value)),
            (_, "place" | "location" | "venue") => self.place = self.place.take().or(Some(value)),
            (_, "occasion" | "event") => self.occasion = self.occasion.take().or(Some(value)),
            _ => {}
        }
    }

    /// The title in Chinese of a block that gives titles in several languages.
    pub(in crate::document) fn chinese_title(&self) -> Option<&FrontField> {
        let is_chinese = |title: &&FrontField| title.text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9FFF}'));
        self.titles.iter().find(is_chinese).filter(|_| self.titles.len() > 1)
    }

    /// Whether the block names this text as a title.
    pub(in crate::document) fn names_title(&self, bare: &str) -> bool {
        if self.titles.is_empty() {
            return false;
        }
        let letters = |text: &str| -> String { fold_text(text).chars().filter(|c| c.is_alphanumeric()).collect() };
        let wanted = letters(bare);
        !wanted.is_empty() && self.titles.iter().any(|title| letters(&title.text) == wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<FrontBlock> {
        let lines: Vec<&str> = text.lines().collect();
        FrontBlock::read(lines.len(), |index| LineText::from_text(lines[index]))
    }

    #[test]
    fn blocks_are_read() {
        let block = read("---\ntitle: \"在青禾县会议上的讲话\"\ndate: 2024-03-01\ntags:\n- 甲\nspeaker: 张三\n---\n同志们：").unwrap();
        assert_eq!((block.lines, block.date.as_deref()), (0..7, Some("2024-03-01")));
        assert_eq!(block.speaker.map(|field| field.text.to_string()).as_deref(), Some("张三"));
        assert_eq!(block.titles.len(), 1);
    }

    #[test]
    fn the_title_in_chinese_is_told_from_others() {
        let block = read("---\ntitle_en: \"On Wells\"\ntitle_zh: \"谈谈水井\"\n---\nOn Wells").unwrap();
        assert_eq!(block.chinese_title().map(|title| title.text.to_string()).as_deref(), Some("谈谈水井"));
        assert!(read("---\ntitle: \"谈谈水井\"\n---\n正文").unwrap().chinese_title().is_none());
    }

    #[test]
    fn a_rule_above_a_text_opens_no_block() {
        assert!(read("---\n同志们：今天开会。\n---\n").is_none());
        assert!(read("---\n要稳。\n要实。").is_none());
        assert!(read("同志们：\n---\ntitle: 甲\n---").is_none());
    }
}
