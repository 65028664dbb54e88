//! Model of a speech file: the text is generated from it, so the expected outline is known by
//! construction.

use crate::expected::{self, ExpectedOutline};
use pizhu_text::document::OrdinalKind;
use pizhu_text::text::Encoding;
use pizhu_text::text::decode;
use unicode_normalization::UnicodeNormalization as _;

/// A piece of a paragraph.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Body text.
    Text(String),
    /// A heading with its ordinal, on its own line or in mid-paragraph.
    NumberedHeading(NumberedHeading),
    /// An unnumbered heading, the only piece of its paragraph.
    UnnumberedHeading(String),
}

/// A numbered heading.
#[derive(Debug, Clone)]
pub struct NumberedHeading {
    pub depth: usize,
    pub kind: OrdinalKind,
    pub number: usize,
    pub marker: String,
    /// The title as written.
    pub title: String,
    /// The titles that the parser may return: without inserted glosses; for a damaged title, as it
    /// is or restored.
    pub accepted_titles: Vec<String>,
}

pub type ModelParagraph = Vec<Piece>;

#[derive(Debug, Clone)]
pub struct ModelSpeech {
    pub name: String,
    pub title: String,
    /// The line with the date of delivery, as written.
    pub date: Option<String>,
    /// The date that the parser must return, as ISO 8601.
    pub iso_date: Option<String>,
    /// The paragraphs after title and date; the first is the salutation.
    pub paragraphs: Vec<ModelParagraph>,
}

/// How paragraphs are written as lines.
#[derive(Debug, Clone, Default)]
pub struct LineFormat {
    pub blank_between: bool,
    pub indent: &'static str,
    pub on_one_line: bool,
    /// The mark after page numbers, and the chars per page; one page per line.
    pub pages: Option<(&'static str, usize)>,
}

/// How lines are encoded as bytes.
#[derive(Debug, Clone)]
pub struct ByteFormat {
    pub encoding: Encoding,
    pub bom: bool,
    pub line_end: &'static str,
}

/// One file: its speeches, the web page lines around them, and the format.
#[derive(Debug, Clone)]
pub struct SpeechFileModel {
    pub speeches: Vec<ModelSpeech>,
    /// The speech that the change `second_speech` appends.
    pub spare: ModelSpeech,
    pub before: Vec<String>,
    pub after: Vec<String>,
    pub lines: LineFormat,
    pub bytes: ByteFormat,
}

impl ModelSpeech {
    pub fn headings(&self) -> impl Iterator<Item = &NumberedHeading> {
        self.paragraphs.iter().flatten().filter_map(|piece| match piece {
            Piece::NumberedHeading(node) => Some(node),
            _ => None,
        })
    }

    pub fn headings_mut(&mut self) -> impl Iterator<Item = &mut NumberedHeading> {
        self.paragraphs.iter_mut().flatten().filter_map(|piece| match piece {
            Piece::NumberedHeading(node) => Some(node),
            _ => None,
        })
    }

    /// Whether each heading has a sibling of its kind; the parser drops single headings.
    pub fn has_no_single_heading(&self) -> bool {
        let nodes: Vec<&NumberedHeading> = self.headings().collect();
        let parents: Vec<Option<usize>> =
            (0..nodes.len()).map(|at| (0..at).rev().find(|above| nodes[*above].depth < nodes[at].depth)).collect();
        (0..nodes.len())
            .all(|at| (0..nodes.len()).any(|other| other != at && parents[other] == parents[at] && nodes[other].kind == nodes[at].kind))
    }

    /// Whether each sequence of headings is numbered 1, 2, 3, …
    pub fn numbering_is_consecutive(&self) -> bool {
        let mut counters: Vec<(OrdinalKind, usize)> = Vec::new();
        self.headings().all(|node| {
            counters.truncate(node.depth + 1);
            let first = counters.len() == node.depth && node.number == 1;
            match counters.get_mut(node.depth) {
                Some(last) if last.0 == node.kind && (node.kind == OrdinalKind::Sequence || last.1 + 1 == node.number) => {
                    last.1 = node.number;
                }
                None if first => counters.push((node.kind, 1)),
                _ => return false,
            }
            true
        })
    }

    /// Applies `change` to all texts, titles and markers.
    pub fn map_text(&mut self, change: &dyn Fn(&str) -> String) {
        self.title = change(&self.title);
        self.date = self.date.as_deref().map(change);
        for piece in self.paragraphs.iter_mut().flatten() {
            match piece {
                Piece::Text(text) | Piece::UnnumberedHeading(text) => *text = change(text),
                Piece::NumberedHeading(node) => {
                    node.marker = change(&node.marker);
                    node.title = change(&node.title);
                    for title in &mut node.accepted_titles {
                        *title = change(title);
                    }
                }
            }
        }
    }
}

impl SpeechFileModel {
    pub fn new(speech: ModelSpeech, spare: ModelSpeech) -> Self {
        let bytes = ByteFormat { encoding: Encoding::UTF8, bom: false, line_end: "\n" };
        Self { speeches: vec![speech], spare, before: Vec::new(), after: Vec::new(), lines: LineFormat::default(), bytes }
    }

    /// Applies `change` to all texts, including the lines around the speeches.
    pub fn map_text(&mut self, change: &dyn Fn(&str) -> String) {
        for speech in &mut self.speeches {
            speech.map_text(change);
        }
        for line in self.before.iter_mut().chain(&mut self.after) {
            *line = change(line);
        }
    }

    /// The expected outline, title, date and boilerplate.
    pub fn expected(&self) -> ExpectedOutline {
        let nodes = self.speeches.iter().flat_map(ModelSpeech::headings);
        let nodes = nodes.map(|node| expected::ExpectedNode {
            depth: node.depth,
            marker: node.marker.clone(),
            titles: node.accepted_titles.clone(),
        });
        let boilerplate: Vec<String> = self.before.iter().chain(&self.after).cloned().collect();
        let stamp = boilerplate.iter().find_map(|line| line.strip_prefix("发布日期：")).map(|stamp| stamp.nfkc().take(10).collect());
        let date = self.speeches[0].iso_date.clone().or(stamp);
        ExpectedOutline { title: Some(self.speeches[0].title.clone()), date, boilerplate, nodes: nodes.collect() }
    }

    /// The text, with `\n` line ends.
    pub fn text(&self) -> String {
        let mut speech_lines: Vec<String> = Vec::new();
        for speech in &self.speeches {
            speech_lines.push(speech.title.clone());
            speech_lines.extend(speech.date.clone());
            for paragraph in &speech.paragraphs {
                let mut line = String::from(if self.lines.on_one_line || self.lines.pages.is_some() { "" } else { self.lines.indent });
                for piece in paragraph {
                    match piece {
                        Piece::Text(text) | Piece::UnnumberedHeading(text) => line.push_str(text),
                        Piece::NumberedHeading(node) => {
                            line.push_str(&node.marker);
                            line.push_str(&node.title);
                        }
                    }
                }
                speech_lines.push(line);
            }
        }
        if self.lines.on_one_line || self.lines.pages.is_some() {
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

    /// The content of the file.
    pub fn file(&self) -> Vec<u8> {
        let text = self.text().replace('\n', self.bytes.line_end);
        let text = if self.bytes.bom { format!("\u{feff}{text}") } else { text };
        let lacking = |c: char| pizhu_text::text::decode::encode(c.encode_utf8(&mut [0; 4]), self.bytes.encoding).is_none();
        let encoded = pizhu_text::text::decode::encode(&text, self.bytes.encoding);
        encoded.unwrap_or_else(|| panic!("{} lacks {:?}", self.bytes.encoding.name(), text.chars().find(|c| lacking(*c))))
    }

    /// The file, decoded and parsed.
    pub fn document(&self) -> pizhu_text::document::Document {
        pizhu_text::document::parse(decode(&self.file(), None).source, &pizhu_text::document::Hints::default())
    }
}

/// Cuts the text into pages of about `size` chars, one line each, after the page number and `mark`.
/// Pages end between two Han characters, never at a space or beside a digit.
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

/// The ordinal of a kind and number in its standard form: （二）, 二是, 2．
pub fn marker(kind: OrdinalKind, number: usize) -> String {
    let hanzi = hanzi(number);
    match kind {
        OrdinalKind::HanEnumComma => format!("{hanzi}、"),
        OrdinalKind::Paren => format!("（{hanzi}）"),
        OrdinalKind::Arabic => format!("{number}．"),
        OrdinalKind::ArabicParen => format!("（{number}）"),
        OrdinalKind::Circled => char::from_u32('①' as u32 + number as u32 - 1).unwrap().to_string(),
        OrdinalKind::Di => format!("第{hanzi}，"),
        OrdinalKind::Shi => format!("{hanzi}是"),
        OrdinalKind::Yao => format!("{hanzi}要"),
        OrdinalKind::Sequence => ["首先", "其次", "再次", "最后"][number - 1].to_owned(),
        // The models number nothing in other ways.
        _ => String::new(),
    }
}

/// The number in Chinese numerals, up to 99: 二十一.
pub fn hanzi(number: usize) -> String {
    let digit = |n: usize| ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"][n];
    match number {
        0..=9 => digit(number).to_owned(),
        10..=19 => format!("十{}", digit(number - 10)),
        _ => format!("{}十{}", digit(number / 10), digit(number % 10)),
    }
}

/// The kind and number of a marker.
pub fn parse_marker(marker: &str) -> (OrdinalKind, usize) {
    let kinds = [
        OrdinalKind::HanEnumComma,
        OrdinalKind::Paren,
        OrdinalKind::Arabic,
        OrdinalKind::Di,
        OrdinalKind::Shi,
        OrdinalKind::Yao,
        OrdinalKind::Sequence,
    ];
    let accepted_titles = expected::marker_key(marker);
    for kind in kinds {
        let max_number = if kind == OrdinalKind::Sequence { 4 } else { 20 };
        for number in 1..=max_number {
            if expected::marker_key(&self::marker(kind, number)) == accepted_titles {
                return (kind, number);
            }
        }
    }
    panic!("{marker} is no ordinal")
}
