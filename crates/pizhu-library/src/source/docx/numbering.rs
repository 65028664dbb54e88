//! Automatic numbering: `numbering.xml` and the counters that run through a document, so that
//! 一、 and （一） stand in the text as they stand on paper.
//!
//! The rules are those of ECMA-376 part 1, 17.9: a list (`num`) refers to an abstract one, which
//! has nine levels; a level's text names the counts of its own and the upper levels (`%1`); a
//! level begins anew when an upper one has counted.

use super::super::{
    extract::ExtractError,
    number_format::number,
    xml::{Node, Tag, Xml},
};
use std::{
    collections::{HashMap, HashSet},
    io::BufRead,
};

/// Levels of a list.
const LEVELS: usize = 9;
/// Most lists a document may have, and most abstract ones; Word stops far below.
const MAX_LISTS: usize = 20_000;
/// Longest text of a level, and longest name of a style, in bytes.
const MAX_TEXT: usize = 1024;

/// One level of a list.
#[derive(Debug, Clone, Default)]
struct Level {
    start: u32,
    format: String,
    text: String,
    suffix: Suffix,
    /// The level whose counting restarts this one; 0 for never, `None` for any upper one.
    restart: Option<usize>,
    /// Counts of upper levels are shown in Arabic figures.
    legal: bool,
    /// The paragraph style that belongs to this level.
    style: Option<String>,
}

/// What stands between a number and the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Suffix {
    #[default]
    Tab,
    Space,
    Nothing,
}

#[derive(Debug, Clone, Default)]
struct AbstractList {
    /// The first ones, up to the last that is defined.
    levels: Vec<Level>,
    /// The numbering style that this list only stands for.
    style_link: Option<String>,
    /// The numbering style that this list defines.
    defines: Option<String>,
}

#[derive(Debug, Clone, Default)]
struct List {
    parent: u32,
    starts: HashMap<usize, u32>,
    levels: HashMap<usize, Level>,
}

/// The lists of a document.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    abstracts: HashMap<u32, AbstractList>,
    lists: HashMap<u32, List>,
}

impl Numbering {
    /// Reads `numbering.xml`.
    pub(super) fn read(input: impl BufRead) -> Result<Self, ExtractError> {
        let mut numbering = Self::default();
        let mut xml = Xml::new(input);
        let mut place = Place::default();
        loop {
            match xml.next()? {
                Node::Open(tag) => {
                    numbering.open(&tag, &mut place);
                    if numbering.abstracts.len() > MAX_LISTS || numbering.lists.len() > MAX_LISTS {
                        return Err(ExtractError::TooLarge);
                    }
                }
                Node::Close(name) => match name.as_str() {
                    "abstractNum" => place.in_abstract = None,
                    "num" => place.list = None,
                    "lvl" => place.level = None,
                    _ => {}
                },
                Node::Text(_) => {}
                Node::End => break,
            }
        }
        numbering.follow_links();
        Ok(numbering)
    }

    fn open(&mut self, tag: &Tag, place: &mut Place) {
        match tag.name() {
            "abstractNum" => {
                place.in_abstract = tag.number("abstractNumId");
                if let Some(id) = place.in_abstract {
                    self.abstracts.insert(id, AbstractList::default());
                }
            }
            "num" => {
                place.list = tag.number("numId");
                if let Some(id) = place.list {
                    self.lists.insert(id, List::default());
                }
            }
            "abstractNumId" => {
                if let Some(list) = place.list.and_then(|id| self.lists.get_mut(&id)) {
                    list.parent = tag.number("val").unwrap_or_default();
                }
            }
            "numStyleLink" | "styleLink" => {
                if let Some(list) = place.in_abstract.and_then(|id| self.abstracts.get_mut(&id)) {
                    let link = tag.attribute("val").filter(|name| name.len() <= MAX_TEXT);
                    if tag.name() == "styleLink" { list.defines = link } else { list.style_link = link }
                }
            }
            "lvlOverride" => place.level = tag.number("ilvl").filter(|level| *level < LEVELS),
            "startOverride" => {
                if let (Some(list), Some(level), Some(start)) =
                    (place.list.and_then(|id| self.lists.get_mut(&id)), place.level, tag.number("val"))
                {
                    list.starts.insert(level, start);
                }
            }
            "lvl" => place.level = tag.number("ilvl").filter(|level| *level < LEVELS),
            name => {
                let Some(index) = place.level else { return };
                let level = match (place.in_abstract, place.list) {
                    (Some(id), _) => self.abstracts.get_mut(&id).and_then(|list| {
                        if list.levels.len() <= index {
                            list.levels.resize_with(index + 1, Level::default);
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

    /// Replaces lists that only name a numbering style by the list that defines the style.
    fn follow_links(&mut self) {
        let defined: HashMap<String, Vec<Level>> =
            self.abstracts.values().filter_map(|list| Some((list.defines.clone()?, list.levels.clone()))).collect();
        for list in self.abstracts.values_mut() {
            if let Some(levels) = list.style_link.as_ref().and_then(|style| defined.get(style)) {
                list.levels = levels.clone();
            }
        }
    }

    fn level(&self, list: u32, level: usize) -> Option<&Level> {
        let list = self.lists.get(&list)?;
        list.levels.get(&level).or_else(|| self.abstracts.get(&list.parent)?.levels.get(level))
    }

    /// The level of a list that belongs to a paragraph style.
    pub(super) fn level_of_style(&self, list: u32, style: &str) -> Option<usize> {
        (0..LEVELS).find(|level| self.level(list, *level).is_some_and(|level| level.style.as_deref() == Some(style)))
    }
}

#[derive(Default)]
struct Place {
    in_abstract: Option<u32>,
    list: Option<u32>,
    level: Option<usize>,
}

impl Level {
    fn set(&mut self, name: &str, tag: &Tag) {
        match name {
            "start" => self.start = tag.number("val").unwrap_or_default(),
            // In `mc:AlternateContent` a custom format may follow, which says its own in `format`.
            "numFmt" if self.format.is_empty() => {
                self.format = tag.attribute("val").filter(|format| format.len() <= MAX_TEXT).unwrap_or_default();
            }
            "lvlText" => self.text = tag.attribute("val").filter(|text| text.len() <= MAX_TEXT).unwrap_or_default(),
            "lvlRestart" => self.restart = tag.number("val"),
            "isLgl" => self.legal = tag.is_on(),
            "pStyle" => self.style = tag.attribute("val").filter(|id| id.len() <= MAX_TEXT),
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

/// The counts of all lists at one place of the document.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// By abstract list: lists of the same one count on together.
    counts: HashMap<u32, [Option<u32>; LEVELS]>,
    /// Lists that have begun, whose own starts have been used.
    begun: HashSet<(u32, usize)>,
}

impl Counters {
    /// Counts one paragraph of `list` at `level` and gives the number that stands before it, with
    /// what parts it from the text; empty for a bullet.
    pub(super) fn count(&mut self, numbering: &Numbering, list: u32, level: usize) -> String {
        let level = level.min(LEVELS - 1);
        let (Some(this), Some(of)) = (numbering.level(list, level), numbering.lists.get(&list)) else { return String::new() };
        let counts = self.counts.entry(of.parent).or_default();
        let restart = of.starts.get(&level).filter(|_| self.begun.insert((list, level)));
        counts[level] = Some(match (restart, counts[level]) {
            (Some(start), _) => *start,
            (None, Some(count)) => count.saturating_add(1),
            (None, None) => this.start,
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
            number(count, if this.legal && upper != level { "decimal" } else { format })
        };
        if this.format == "bullet" {
            return String::new();
        }
        let mut text = String::new();
        let mut rest = this.text.chars().peekable();
        while let Some(c) = rest.next() {
            match rest.peek().and_then(|digit| digit.to_digit(10)) {
                Some(upper @ 1..=9) if c == '%' => {
                    rest.next();
                    text.push_str(&shown(upper as usize - 1));
                }
                _ => text.push(c),
            }
        }
        if this.suffix == Suffix::Nothing && !text.ends_with('.') { text } else { parted(text) }
    }
}

/// A number with a space where it would run into the text; none where a Chinese mark parts them.
pub(super) fn parted(mut number: String) -> String {
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
