//! Automatic numbering: reads `numbering.xml` and counts through a document, so that 一、 and （一）
//! are in the text as printed.
//!
//! Rules of ECMA-376 part 1, 17.9: a numbering instance (`num`) refers to an abstract numbering with
//! nine levels; the text of a level contains the counts of its own and upper levels (`%1`); a level
//! restarts when an upper one has counted.

use super::super::{
    extract::ExtractError,
    number_format::format_number,
    xml::{StartTag, XmlEvent, XmlReader},
};
use std::{
    collections::{HashMap, HashSet},
    io::BufRead,
};

/// Levels of a numbering.
const LEVELS: usize = 9;
/// Maximum numbering instances, and maximum abstract numberings; Word stops far below.
const MAX_LISTS: usize = 20_000;
/// Maximum bytes of a level's text or of a style name.
const MAX_TEXT_BYTES: usize = 1024;

/// A level of a numbering (`lvl`).
#[derive(Debug, Clone, Default)]
struct NumberingLevel {
    start: u32,
    format: String,
    text: String,
    suffix: Suffix,
    /// Level (from 1) whose counting restarts this one; 0 for never, `None` for any upper one.
    restart: Option<usize>,
    /// Whether the counts of upper levels are shown in Arabic figures (`isLgl`).
    legal: bool,
    /// Id of the paragraph style linked to this level.
    style: Option<String>,
}

/// Separator between a number and the text (`suff`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Suffix {
    #[default]
    Tab,
    Space,
    Nothing,
}

/// Abstract numbering (`abstractNum`).
#[derive(Debug, Clone, Default)]
struct AbstractNumbering {
    /// Levels up to the last one defined.
    levels: Vec<NumberingLevel>,
    /// Numbering style that defines the levels instead (`numStyleLink`).
    style_link: Option<String>,
    /// Numbering style that this numbering defines (`styleLink`).
    defines: Option<String>,
}

/// Numbering instance (`num`): an abstract numbering with overrides by level.
#[derive(Debug, Clone, Default)]
struct NumberingInstance {
    parent: u32,
    starts: HashMap<usize, u32>,
    levels: HashMap<usize, NumberingLevel>,
}

/// The numberings of a document.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    abstracts: HashMap<u32, AbstractNumbering>,
    lists: HashMap<u32, NumberingInstance>,
}

impl Numbering {
    /// Reads `numbering.xml`.
    pub(super) fn read(input: impl BufRead) -> Result<Self, ExtractError> {
        let mut numbering = Self::default();
        let mut xml = XmlReader::new(input);
        let mut cursor = NumberingCursor::default();
        loop {
            match xml.next()? {
                XmlEvent::Start(tag) => {
                    numbering.open(&tag, &mut cursor);
                    if numbering.abstracts.len() > MAX_LISTS || numbering.lists.len() > MAX_LISTS {
                        return Err(ExtractError::TooLarge);
                    }
                }
                XmlEvent::End(name) => match name.as_str() {
                    "abstractNum" => cursor.in_abstract = None,
                    "num" => cursor.list = None,
                    "lvl" => cursor.level = None,
                    _ => {}
                },
                XmlEvent::Text(_) => {}
                XmlEvent::Eof => break,
            }
        }
        numbering.follow_links();
        Ok(numbering)
    }

    fn open(&mut self, tag: &StartTag, cursor: &mut NumberingCursor) {
        match tag.name() {
            "abstractNum" => {
                cursor.in_abstract = tag.number("abstractNumId");
                if let Some(id) = cursor.in_abstract {
                    self.abstracts.insert(id, AbstractNumbering::default());
                }
            }
            "num" => {
                cursor.list = tag.number("numId");
                if let Some(id) = cursor.list {
                    self.lists.insert(id, NumberingInstance::default());
                }
            }
            "abstractNumId" => {
                if let Some(list) = cursor.list.and_then(|id| self.lists.get_mut(&id)) {
                    list.parent = tag.number("val").unwrap_or_default();
                }
            }
            "numStyleLink" | "styleLink" => {
                if let Some(list) = cursor.in_abstract.and_then(|id| self.abstracts.get_mut(&id)) {
                    let link = tag.attribute("val").filter(|name| name.len() <= MAX_TEXT_BYTES);
                    if tag.name() == "styleLink" { list.defines = link } else { list.style_link = link }
                }
            }
            "lvlOverride" => cursor.level = tag.number("ilvl").filter(|level| *level < LEVELS),
            "startOverride" => {
                if let (Some(list), Some(level), Some(start)) =
                    (cursor.list.and_then(|id| self.lists.get_mut(&id)), cursor.level, tag.number("val"))
                {
                    list.starts.insert(level, start);
                }
            }
            "lvl" => cursor.level = tag.number("ilvl").filter(|level| *level < LEVELS),
            name => {
                let Some(index) = cursor.level else { return };
                let level = match (cursor.in_abstract, cursor.list) {
                    (Some(id), _) => self.abstracts.get_mut(&id).and_then(|list| {
                        if list.levels.len() <= index {
                            list.levels.resize_with(index + 1, NumberingLevel::default);
                        }
                        list.levels.get_mut(index)
                    }),
                    (None, Some(id)) => self.lists.get_mut(&id).map(|list| list.levels.entry(index).or_default()),
                    (None, None) => None,
                };
                if let Some(level) = level {
                    level.set(name, tag);
                }
            }
        }
    }

    /// Copies the levels of numbering styles into the abstract numberings that link to them.
    fn follow_links(&mut self) {
        let defined: HashMap<String, Vec<NumberingLevel>> =
            self.abstracts.values().filter_map(|list| Some((list.defines.clone()?, list.levels.clone()))).collect();
        for list in self.abstracts.values_mut() {
            if let Some(levels) = list.style_link.as_ref().and_then(|style| defined.get(style)) {
                list.levels = levels.clone();
            }
        }
    }

    fn level(&self, list: u32, level: usize) -> Option<&NumberingLevel> {
        let list = self.lists.get(&list)?;
        list.levels.get(&level).or_else(|| self.abstracts.get(&list.parent)?.levels.get(level))
    }

    /// The level of a numbering that is linked to a paragraph style.
    pub(super) fn level_of_style(&self, list: u32, style: &str) -> Option<usize> {
        (0..LEVELS).find(|level| self.level(list, *level).is_some_and(|level| level.style.as_deref() == Some(style)))
    }
}

/// Open elements while `numbering.xml` is read.
#[derive(Default)]
struct NumberingCursor {
    in_abstract: Option<u32>,
    list: Option<u32>,
    level: Option<usize>,
}

impl NumberingLevel {
    fn set(&mut self, name: &str, tag: &StartTag) {
        match name {
            "start" => self.start = tag.number("val").unwrap_or_default(),
            // In `mc:AlternateContent` the fallback of a custom format may follow.
            "numFmt" if self.format.is_empty() => {
                self.format = tag.attribute("val").filter(|format| format.len() <= MAX_TEXT_BYTES).unwrap_or_default();
            }
            "lvlText" => self.text = tag.attribute("val").filter(|text| text.len() <= MAX_TEXT_BYTES).unwrap_or_default(),
            "lvlRestart" => self.restart = tag.number("val"),
            "isLgl" => self.legal = tag.is_on(),
            "pStyle" => self.style = tag.attribute("val").filter(|id| id.len() <= MAX_TEXT_BYTES),
            "suff" => {
                self.suffix = match tag.attribute("val").as_deref() {
                    Some("nothing") => Suffix::Nothing,
                    Some("space") => Suffix::Space,
                    _ => Suffix::Tab,
                }
            }
            _ => {}
        }
    }
}

/// Counts of all numberings at a position of the document.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// By abstract numbering: its instances share their counts.
    counts: HashMap<u32, [Option<u32>; LEVELS]>,
    /// Instances and levels whose start override has been applied.
    begun: HashSet<(u32, usize)>,
}

impl Counters {
    /// Counts a paragraph of the instance `list` at `level`; returns its number with the separator,
    /// as in `一、` or `1. `. Empty for a bullet.
    pub(super) fn count(&mut self, numbering: &Numbering, list: u32, level: usize) -> String {
        let level = level.min(LEVELS - 1);
        let (Some(definition), Some(instance)) = (numbering.level(list, level), numbering.lists.get(&list)) else { return String::new() };
        let counts = self.counts.entry(instance.parent).or_default();
        let restart = instance.starts.get(&level).filter(|_| self.begun.insert((list, level)));
        counts[level] = Some(match (restart, counts[level]) {
            (Some(start), _) => *start,
            (None, Some(count)) => count.saturating_add(1),
            (None, None) => definition.start,
        });
        for (lower, count) in counts.iter_mut().enumerate().skip(level + 1) {
            let restarts = match numbering.level(list, lower).and_then(|lower| lower.restart) {
                Some(0) => false,
                Some(by) => level < by,
                None => true,
            };
            if restarts {
                *count = None;
            }
        }
        let shown = |upper: usize| {
            let defined = numbering.level(list, upper);
            let count = counts[upper].or(defined.map(|defined| defined.start)).unwrap_or(1);
            let format = defined.map_or("decimal", |defined| defined.format.as_str());
            format_number(count, if definition.legal && upper != level { "decimal" } else { format })
        };
        if definition.format == "bullet" {
            return String::new();
        }
        let mut text = String::new();
        let mut rest = definition.text.chars().peekable();
        while let Some(c) = rest.next() {
            match rest.peek().and_then(|digit| digit.to_digit(10)) {
                Some(upper @ 1..=9) if c == '%' => {
                    rest.next();
                    text.push_str(&shown(upper as usize - 1));
                }
                _ => text.push(c),
            }
        }
        match definition.suffix {
            Suffix::Nothing if !text.ends_with('.') => text,
            // Without a space 第一章 and its title are one word.
            Suffix::Tab | Suffix::Space if text.ends_with(char::is_alphanumeric) => text + " ",
            _ => with_separator(text),
        }
    }
}

/// Appends a space to a number that ends in ASCII: `1.` gives `1. `, `一、` is unchanged.
pub(super) fn with_separator(mut number: String) -> String {
    if number.ends_with(|c: char| c.is_ascii()) {
        number.push(' ');
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="3">
        <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:pStyle w:val="H1"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>
        <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
        <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
        <w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%4"/></w:lvl>
      </w:abstractNum>
      <w:num w:numId="1"><w:abstractNumId w:val="3"/></w:num>
      <w:num w:numId="2"><w:abstractNumId w:val="3"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>"#;

    #[test]
    fn levels_count_and_restart() {
        let numbering = Numbering::read(XML.as_bytes()).unwrap();
        let mut counters = Counters::default();
        let mut count = |list, level| counters.count(&numbering, list, level);
        let marks: Vec<String> = [(1, 0), (1, 1), (1, 2), (1, 2), (1, 1), (1, 2), (1, 0), (1, 1), (1, 3), (2, 0), (2, 0)]
            .map(|(list, level)| count(list, level))
            .into();
        assert_eq!(marks, ["一、", "（一）", "1. ", "2. ", "（二）", "1. ", "二、", "（一）", "2.1 ", "五、", "六、"]);
        assert_eq!(numbering.level_of_style(1, "H1"), Some(0));
        assert_eq!(count(7, 0), "");
    }
}
