//! A speech as a tree of parts from which its text is written, so that the outline that must come
//! out is known by construction.

use crate::expected::{self, Expected};
use pizhu_text::document::OrdinalKind;
use pizhu_text::text::Encoding;
use pizhu_text::text::decode;
use unicode_normalization::UnicodeNormalization as _;

/// A part of a paragraph.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Text of the speech.
    Text(String),
    /// A heading: an ordinal with its title.
    Node(Node),
    /// An unnumbered heading, alone in its paragraph.
    Heading(String),
}

/// A heading in the text.
#[derive(Debug, Clone)]
pub struct Node {
    pub depth: usize,
    pub kind: OrdinalKind,
    pub number: usize,
    pub marker: String,
    /// The title as written.
    pub title: String,
    /// The title as it must come out: without what a host has put into it; of a damaged one, as
    /// it stands or as restored.
    pub wanted: Vec<String>,
}

pub type Paragraph = Vec<Piece>;

/// One speech.
#[derive(Debug, Clone)]
pub struct Speech {
    pub name: String,
    pub title: String,
    /// The line with the date of delivery.
    pub date: Option<String>,
    /// The date as it must come out.
    pub iso_date: Option<String>,
    /// What follows, the salutation first.
    pub paragraphs: Vec<Paragraph>,
}

/// How the lines of a file are made of the paragraphs.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    pub blank_between: bool,
    pub indent: &'static str,
    pub all_on_one: bool,
    /// What stands behind the page numbers, and the chars a page holds.
    pub pages: Option<(&'static str, usize)>,
}

/// How the file's bytes are made of the lines.
#[derive(Debug, Clone)]
pub struct Bytes {
    pub encoding: Encoding,
    pub bom: bool,
    pub line_end: &'static str,
}

/// One file of the test: speeches, what stands around them, and how all is written.
#[derive(Debug, Clone)]
pub struct Case {
    pub speeches: Vec<Speech>,
    /// The speech that may come to stand behind.
    pub spare: Speech,
    pub before: Vec<String>,
    pub after: Vec<String>,
    pub lines: Lines,
    pub bytes: Bytes,
}

impl Speech {
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.paragraphs.iter().flatten().filter_map(|piece| match piece {
            Piece::Node(node) => Some(node),
            _ => None,
        })
    }

    pub fn nodes_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        self.paragraphs.iter_mut().flatten().filter_map(|piece| match piece {
            Piece::Node(node) => Some(node),
            _ => None,
        })
    }

    /// Whether each heading has a sibling of its kind, so that it is one wherever it stands.
    pub fn has_no_lone_node(&self) -> bool {
        let nodes: Vec<&Node> = self.nodes().collect();
        let parents: Vec<Option<usize>> =
            (0..nodes.len()).map(|at| (0..at).rev().find(|above| nodes[*above].depth < nodes[at].depth)).collect();
        (0..nodes.len())
            .all(|at| (0..nodes.len()).any(|other| other != at && parents[other] == parents[at] && nodes[other].kind == nodes[at].kind))
    }

    /// Whether the headings of each sequence count from one without a gap.
    pub fn counts_on(&self) -> bool {
        let mut open: Vec<(OrdinalKind, usize)> = Vec::new();
        self.nodes().all(|node| {
            open.truncate(node.depth + 1);
            let first = open.len() == node.depth && node.number == 1;
            match open.get_mut(node.depth) {
                Some(last) if last.0 == node.kind && (node.kind == OrdinalKind::Sequence || last.1 + 1 == node.number) => {
                    last.1 = node.number;
                }
                None if first => open.push((node.kind, 1)),
                _ => return false,
            }
            true
        })
    }

    /// Changes every text, title and marker.
    pub fn map_text(&mut self, change: &dyn Fn(&str) -> String) {
        self.title = change(&self.title);
        self.date = self.date.as_deref().map(change);
        for piece in self.paragraphs.iter_mut().flatten() {
            match piece {
                Piece::Text(text) | Piece::Heading(text) => *text = change(text),
                Piece::Node(node) => {
                    node.marker = change(&node.marker);
                    node.title = change(&node.title);
                    for title in &mut node.wanted {
                        *title = change(title);
                    }
                }
            }
        }
    }
}

impl Case {
    pub fn new(speech: Speech, spare: Speech) -> Self {
        let bytes = Bytes { encoding: Encoding::UTF8, bom: false, line_end: "\n" };
        Self { speeches: vec![speech], spare, before: Vec::new(), after: Vec::new(), lines: Lines::default(), bytes }
    }

    /// Changes every text, also what stands around the speeches.
    pub fn map_text(&mut self, change: &dyn Fn(&str) -> String) {
        for speech in &mut self.speeches {
            speech.map_text(change);
        }
        for line in self.before.iter_mut().chain(&mut self.after) {
            *line = change(line);
        }
    }

    /// The tree that must come out, and what is told before it.
    pub fn expected(&self) -> Expected {
        let nodes = self.speeches.iter().flat_map(Speech::nodes);
        let nodes = nodes.map(|node| expected::Node { depth: node.depth, marker: node.marker.clone(), titles: node.wanted.clone() });
        let boilerplate: Vec<String> = self.before.iter().chain(&self.after).cloned().collect();
        let stamp = boilerplate.iter().find_map(|line| line.strip_prefix("发布日期：")).map(|stamp| stamp.nfkc().take(10).collect());
        let date = self.speeches[0].iso_date.clone().or(stamp);
        Expected { title: Some(self.speeches[0].title.clone()), date, boilerplate, nodes: nodes.collect() }
    }

    /// The text, lines ended by `\n`.
    pub fn text(&self) -> String {
        let mut speech_lines: Vec<String> = Vec::new();
        for speech in &self.speeches {
            speech_lines.push(speech.title.clone());
            speech_lines.extend(speech.date.clone());
            for paragraph in &speech.paragraphs {
                let mut line = String::from(if self.lines.all_on_one || self.lines.pages.is_some() { "" } else { self.lines.indent });
                for piece in paragraph {
                    match piece {
                        Piece::Text(text) | Piece::Heading(text) => line.push_str(text),
                        Piece::Node(node) => {
                            line.push_str(&node.marker);
                            line.push_str(&node.title);
                        }
                    }
                }
                speech_lines.push(line);
            }
        }
        if self.lines.all_on_one || self.lines.pages.is_some() {
            speech_lines = vec![speech_lines.join(" ")];
        }
        let mut lines = self.before.clone();
        lines.append(&mut speech_lines);
        lines.extend(self.after.iter().cloned());
        if let Some((mark, size)) = self.lines.pages {
            lines = pages(&lines.join(" "), mark, size);
        }
        let mut text = lines.join(if self.lines.blank_between { "\n\n" } else { "\n" });
        text.push('\n');
        text
    }

    /// The file.
    pub fn file(&self) -> Vec<u8> {
        let text = self.text().replace('\n', self.bytes.line_end);
        let text = if self.bytes.bom { format!("\u{feff}{text}") } else { text };
        let lacking = |c: char| pizhu_text::text::decode::encode(c.encode_utf8(&mut [0; 4]), self.bytes.encoding).is_none();
        let encoded = pizhu_text::text::decode::encode(&text, self.bytes.encoding);
        encoded.unwrap_or_else(|| panic!("{} lacks {:?}", self.bytes.encoding.name(), text.chars().find(|c| lacking(*c))))
    }

    /// The file as read back.
    pub fn document(&self) -> pizhu_text::document::Document {
        pizhu_text::document::parse(decode(&self.file(), None).source, &pizhu_text::document::Hints::default())
    }
}

/// Cuts the text into pages of about `size` chars, each a line behind its number, in the middle of
/// a sentence: never at a space nor beside a digit.
fn pages(text: &str, mark: &str, size: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let inside = |at: usize| chars[at - 2..at + 2].iter().all(|c| ('\u{4e00}'..='\u{9fff}').contains(c));
    let mut found = Vec::new();
    let mut from = 0;
    while from < chars.len() {
        let mut to = (from + size).min(chars.len());
        while to + 2 < chars.len() && !inside(to) {
            to += 1;
        }
        if to + 2 >= chars.len() {
            to = chars.len();
        }
        found.push(format!("{}{mark}{}", found.len() + 1, chars[from..to].iter().collect::<String>()));
        from = to;
    }
    found
}

/// The ordinal of that kind and number.
pub fn marker(kind: OrdinalKind, number: usize) -> String {
    let hanzi = hanzi(number);
    match kind {
        OrdinalKind::Pause => format!("{hanzi}、"),
        OrdinalKind::Paren => format!("（{hanzi}）"),
        OrdinalKind::Arabic => format!("{number}．"),
        OrdinalKind::ArabicParen => format!("（{number}）"),
        OrdinalKind::Circled => char::from_u32('①' as u32 + number as u32 - 1).unwrap().to_string(),
        OrdinalKind::Di => format!("第{hanzi}，"),
        OrdinalKind::Shi => format!("{hanzi}是"),
        OrdinalKind::Yao => format!("{hanzi}要"),
        OrdinalKind::Sequence => ["首先", "其次", "再次", "最后"][number - 1].to_owned(),
        OrdinalKind::Heading => String::new(),
    }
}

/// The number in words, to 99.
pub fn hanzi(number: usize) -> String {
    let digit = |n: usize| ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"][n];
    match number {
        0..=9 => digit(number).to_owned(),
        10..=19 => format!("十{}", digit(number - 10)),
        _ => format!("{}十{}", digit(number / 10), digit(number % 10)),
    }
}

/// What kind a marker is of, and its number.
pub fn kind_of(marker: &str) -> (OrdinalKind, usize) {
    let kinds = [
        OrdinalKind::Pause,
        OrdinalKind::Paren,
        OrdinalKind::Arabic,
        OrdinalKind::Di,
        OrdinalKind::Shi,
        OrdinalKind::Yao,
        OrdinalKind::Sequence,
    ];
    let wanted = expected::marker_key(marker);
    for kind in kinds {
        let most = if kind == OrdinalKind::Sequence { 4 } else { 20 };
        for number in 1..=most {
            if expected::marker_key(&self::marker(kind, number)) == wanted {
                return (kind, number);
            }
        }
    }
    panic!("{marker} is no ordinal")
}
