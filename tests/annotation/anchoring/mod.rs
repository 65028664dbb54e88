//! Texts whose chars are tracked through edits, edit scripts, and the judging of resolutions.

pub mod judge;

use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::parse;
use pizhu_text::text::Span;
use pizhu_text::text::decode;
use pizhu_text::text::fold::simplify;
use std::{fs, path::Path, sync::OnceLock};

/// Random number generator (SplitMix64): the same numbers on all platforms.
pub struct EditRng(u64);

impl EditRng {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n` (which is not 0).
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }

    fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

/// How much less than the share of right that is asked of all texts is asked of the samples alone, in percent: they are
/// short and few, so a cell has 150 cases, in which three that are asked about are two percent. None may be wrong.
const LESS_OF_SAMPLES: f64 = 2.0;

/// The share of right, in percent, that is asked of the texts measured: `min` of all of them.
pub fn min_right(min: f64, complete: bool) -> f64 {
    if complete { min } else { min - LESS_OF_SAMPLES }
}

/// The texts of the evaluation, and whether they include the real speeches.
pub fn texts() -> (Vec<Document>, bool) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |dir: &Path| -> Vec<Document> {
        let mut paths: Vec<_> = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
        paths.sort();
        paths.iter().map(|path| parse(decode(&fs::read(path).unwrap(), None).source, &Hints::default())).collect()
    };
    let speeches = read(&root.join("../shared/real-speeches"));
    let complete = !speeches.is_empty();
    if !complete {
        println!("skipped: the real speeches are not available");
    }
    (speeches.into_iter().chain(read(&root.join("sample-data"))).collect(), complete)
}

/// A text whose chars know their offset in the original text; `None` for inserted chars.
#[derive(Debug, Clone)]
pub struct TracedText {
    pub chars: Vec<(char, Option<usize>)>,
}

impl TracedText {
    pub fn from_document(document: &Document) -> Self {
        Self { chars: document.source.chars_from(0).map(|(at, c)| (c, Some(at))).collect() }
    }

    pub fn to_text(&self) -> String {
        self.chars.iter().map(|(c, _)| c).collect()
    }

    pub fn parse(&self) -> Document {
        parse(decode(self.to_text().as_bytes(), None).source, &Hints::default())
    }

    fn insert(&mut self, at: usize, text: &str) {
        let at = at.min(self.chars.len());
        self.chars.splice(at..at, text.chars().map(|c| (c, None)));
    }

    /// The lines, including their line ends.
    fn lines(&self) -> Vec<Span> {
        let mut lines = Vec::new();
        let mut start = 0;
        for (at, (c, _)) in self.chars.iter().enumerate() {
            if *c == '\n' {
                lines.push(Span::new(start, at + 1));
                start = at + 1;
            }
        }
        if start < self.chars.len() {
            lines.push(Span::new(start, self.chars.len()));
        }
        lines
    }
}

/// A kind of edit of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EditKind {
    Elsewhere,
    Inside,
    Moved,
    DeletedSpan,
    DeletedParagraph,
    Copied,
    Width,
    Space,
    LineEnds,
    Script,
    Everything,
    InsideMore,
    Pasted,
}

impl EditKind {
    pub const ALL: [Self; 13] = [
        Self::Elsewhere,
        Self::Inside,
        Self::Moved,
        Self::DeletedSpan,
        Self::DeletedParagraph,
        Self::Copied,
        Self::Width,
        Self::Space,
        Self::LineEnds,
        Self::Script,
        Self::Everything,
        Self::InsideMore,
        Self::Pasted,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Elsewhere => "edits elsewhere",
            Self::Inside => "edits inside, up to 10%",
            Self::Moved => "moved paragraphs",
            Self::DeletedSpan => "the passage deleted",
            Self::DeletedParagraph => "its paragraph deleted",
            Self::Copied => "copied passages",
            Self::Width => "punctuation width",
            Self::Space => "white space",
            Self::LineEnds => "CRLF and BOM",
            Self::Script => "simplified ↔ traditional",
            Self::Everything => "three of these at once (no copies)",
            Self::InsideMore => "edits inside, 30%",
            Self::Pasted => "its words pasted elsewhere, both sides edited",
        }
    }

    pub fn deletes(self) -> bool {
        matches!(self, Self::DeletedSpan | Self::DeletedParagraph)
    }

    /// Whether the marked passages themselves are edited, so that they must not be adjacent.
    pub fn edits_passages(self) -> bool {
        matches!(self, Self::Inside | Self::InsideMore | Self::Pasted | Self::DeletedSpan)
    }

    /// Minimum percentage of passages that must be resolved correctly without a review, with the text
    /// they were marked in or by their selectors alone; `None` if not required.
    pub fn min_right(self, bucket: usize, with_snapshot: bool) -> Option<f64> {
        match (self, bucket) {
            (Self::Elsewhere | Self::Moved | Self::LineEnds | Self::Width | Self::Space | Self::Script, _) if with_snapshot => Some(99.9),
            (Self::Inside, 1..) if with_snapshot => Some(99.0),
            (Self::InsideMore, 2..) if with_snapshot => Some(95.0),
            (Self::Everything, _) if with_snapshot => Some(97.0),
            (Self::Elsewhere | Self::Moved | Self::LineEnds | Self::Width | Self::Space, 1..) => Some(99.5),
            (Self::Script, 1..) => Some(99.0),
            (Self::Inside, 2) => Some(85.0),
            (Self::Inside, 3) => Some(95.0),
            _ => None,
        }
    }

    /// The same for sections.
    pub fn min_sections_right(self, with_snapshot: bool) -> Option<f64> {
        match self {
            Self::Width | Self::LineEnds | Self::Script => Some(99.0),
            Self::Elsewhere | Self::Moved | Self::Space | Self::Copied | Self::Everything if with_snapshot => Some(98.0),
            Self::Inside | Self::InsideMore | Self::Pasted if with_snapshot => Some(95.0),
            _ => None,
        }
    }

    /// Edits the text, with the given passages marked.
    pub fn edit(self, text: &TracedText, marked: &[Span], random: &mut EditRng) -> TracedText {
        match self {
            Self::Elsewhere => edit_anywhere(text, random),
            Self::Inside => edit_inside(text, marked, random, |len, random| 1 + random.below((len / 10).max(1))),
            Self::InsideMore => edit_inside(text, marked, random, |len, _| (len * 3 / 10).max(1)),
            Self::Pasted => paste_marked(text, marked, random),
            Self::Moved => move_lines(text, random),
            Self::DeletedSpan => {
                let is_deleted = |at: usize| marked.iter().any(|span| span.contains(at));
                TracedText { chars: text.chars.iter().filter(|(_, from)| !from.is_some_and(is_deleted)).copied().collect() }
            }
            Self::DeletedParagraph => delete_lines(text, random),
            Self::Copied => copy_passages(text, random),
            Self::Width => change_width(text, random),
            Self::Space => change_white_space(text, random),
            Self::LineEnds => to_crlf_with_bom(text),
            Self::Script => change_script(text, random),
            Self::Everything => {
                let mut text = text.clone();
                for _ in 0..3 {
                    text = match random.below(6) {
                        0 => edit_anywhere(&text, random),
                        1 => move_lines(&text, random),
                        2 => delete_lines(&text, random),
                        3 => change_width(&text, random),
                        4 => change_white_space(&text, random),
                        _ => change_script(&text, random),
                    };
                }
                text
            }
        }
    }
}

/// Insertions.
const INSERTIONS: [&str; 10] = [
    "要结合实际抓好落实。",
    "在这方面，青禾县的做法值得学习，",
    "（略）",
    "据统计，全年共举办培训班36期，",
    "进一步",
    "的工作",
    "特别是基层干部和人才队伍建设，",
    "，切实",
    "组织",
    "同志们，这一点十分重要，必须引起高度重视，做到早谋划、早部署、早落实。",
];

fn edit_anywhere(text: &TracedText, random: &mut EditRng) -> TracedText {
    let mut text = text.clone();
    if text.chars.len() < 40 {
        return text;
    }
    for _ in 0..8 {
        let at = random.below(text.chars.len());
        match random.below(3) {
            0 => text.insert(at, random.pick::<&str>(&INSERTIONS)),
            1 => {
                let end = (at + 1 + random.below(25)).min(text.chars.len());
                text.chars.drain(at..end);
            }
            _ => {
                let end = (at + 1 + random.below(12)).min(text.chars.len());
                text.chars.drain(at..end);
                text.insert(at, random.pick::<&str>(&INSERTIONS));
            }
        }
    }
    text
}

/// Edits chars of the marked passages, as many as `count` says of a passage's length.
fn edit_inside(text: &TracedText, marked: &[Span], random: &mut EditRng, count: impl Fn(usize, &mut EditRng) -> usize) -> TracedText {
    const CHARS: [char; 12] = ['的', '和', '新', '要', '等', '与', '了', '在', '实', '大', '更', '好'];
    let mut text = text.clone();
    let mut spans = marked.to_vec();
    spans.sort();
    for span in spans.iter().rev() {
        let edits = count(span.len(), random);
        let mut positions: Vec<usize> = (0..edits).map(|_| span.start + random.below(span.len())).collect();
        positions.sort_unstable();
        positions.dedup();
        for at in positions.into_iter().rev() {
            match random.below(3) {
                // The char is gone, and another one put in.
                0 => text.chars[at] = (*random.pick(&CHARS), None),
                1 => drop(text.chars.remove(at)),
                // An insertion before the first char would be outside of the passage.
                _ => text.chars.insert(at.max(span.start + 1), (*random.pick(&CHARS), None)),
            }
        }
    }
    text
}

fn move_lines(text: &TracedText, random: &mut EditRng) -> TracedText {
    let mut lines: Vec<Vec<(char, Option<usize>)>> = text.lines().iter().map(|line| text.chars[line.start..line.end].to_vec()).collect();
    if let Some(last) = lines.last_mut().filter(|line| !line.ends_with(&[('\n', None)])) {
        last.push(('\n', None));
    }
    if lines.len() < 2 {
        return text.clone();
    }
    for _ in 0..3 {
        let line = lines.remove(random.below(lines.len()));
        let to = random.below(lines.len() + 1);
        lines.insert(to, line);
    }
    TracedText { chars: lines.concat() }
}

fn delete_lines(text: &TracedText, random: &mut EditRng) -> TracedText {
    let lines = text.lines();
    let kept = lines.iter().filter(|_| random.below(4) != 0);
    TracedText { chars: kept.flat_map(|line| text.chars[line.start..line.end].to_vec()).collect() }
}

fn copy_passages(text: &TracedText, random: &mut EditRng) -> TracedText {
    let mut text = text.clone();
    for _ in 0..6 {
        let start = random.below(text.chars.len());
        let end = (start + 20 + random.below(300)).min(text.chars.len());
        let copy: String = text.chars[start..end].iter().map(|(c, _)| c).collect();
        let at = random.below(text.chars.len());
        text.insert(at, &copy);
    }
    text
}

/// Pastes stretches of the text that contain a marked passage elsewhere, and edits the text on both
/// sides of each passage; some passages inside, too.
fn paste_marked(text: &TracedText, marked: &[Span], random: &mut EditRng) -> TracedText {
    let mut spans = marked.to_vec();
    spans.sort();
    // Outside of the marked passages and what is around them.
    let mut pastes: Vec<(usize, String)> = Vec::new();
    for span in &spans {
        let start = span.start.saturating_sub(random.below(24));
        let end = (span.end + random.below(24)).min(text.chars.len());
        let at = random.below(text.chars.len());
        if spans.iter().all(|other| at + 40 < other.start || other.end + 40 < at) {
            pastes.push((at, text.chars[start..end].iter().map(|(c, _)| c).collect()));
        }
    }
    let mut edits: Vec<(usize, Option<String>)> = pastes.into_iter().map(|(at, copy)| (at, Some(copy))).collect();
    for span in &spans {
        let sides = [span.start.checked_sub(1 + random.below(9)), Some(span.end + random.below(9))];
        edits.extend(sides.into_iter().flatten().filter(|at| *at < text.chars.len()).map(|at| (at, None)));
        if random.below(2) == 0 && span.len() >= 5 {
            edits.push((span.start + 1 + random.below(span.len() - 2), None));
        }
    }
    edits.sort_by_key(|(at, _)| *at);
    let mut text = text.clone();
    for (at, paste) in edits.into_iter().rev() {
        let word = *random.pick(&["的", "和", "进一步", "，切实", "组织", "新"]);
        match (paste, random.below(3)) {
            (Some(copy), _) => text.insert(at, &copy),
            (None, 0) => text.insert(at, word),
            (None, 1) => drop(text.chars.remove(at)),
            (None, _) => {
                text.chars.remove(at);
                text.insert(at, word);
            }
        }
    }
    text
}

fn change_width(text: &TracedText, random: &mut EditRng) -> TracedText {
    const PAIRS: [(char, char); 12] = [
        ('，', ','),
        ('。', '.'),
        ('：', ':'),
        ('；', ';'),
        ('！', '!'),
        ('？', '?'),
        ('（', '('),
        ('）', ')'),
        ('“', '"'),
        ('”', '"'),
        ('％', '%'),
        ('、', '､'),
    ];
    let narrow = random.below(2) == 0;
    let converted = |c: char| {
        if narrow {
            return PAIRS.iter().find(|(wide, _)| *wide == c).map_or(c, |(_, narrow)| *narrow);
        }
        match c {
            '"' => c,
            '0'..='9' | 'A'..='Z' | 'a'..='z' => char::from_u32(u32::from(c) + 0xFEE0).unwrap(),
            _ => PAIRS.iter().find(|(_, narrow)| *narrow == c).map_or(c, |(wide, _)| *wide),
        }
    };
    TracedText { chars: text.chars.iter().map(|(c, from)| (converted(*c), *from)).collect() }
}

fn change_white_space(text: &TracedText, random: &mut EditRng) -> TracedText {
    let mut chars = Vec::with_capacity(text.chars.len() * 5 / 4);
    let wrap = random.below(2) == 0;
    let mut column = 0;
    for (c, from) in &text.chars {
        column = if *c == '\n' { 0 } else { column + 1 };
        chars.push((*c, *from));
        if *c == '\n' {
            if random.below(3) == 0 {
                chars.push(('\n', None));
            }
            chars.extend([('\u{3000}', None); 2]);
        } else if wrap && column == 38 {
            chars.push(('\n', None));
            column = 0;
        } else if !wrap && random.below(40) == 0 {
            chars.push((*random.pick(&[' ', '\u{3000}', '\u{A0}']), None));
        }
    }
    TracedText { chars }
}

fn to_crlf_with_bom(text: &TracedText) -> TracedText {
    let mut chars = vec![('\u{FEFF}', None)];
    for (c, from) in &text.chars {
        if *c == '\n' {
            chars.push(('\r', None));
        }
        chars.push((*c, *from));
    }
    TracedText { chars }
}

/// The first traditional form of a simplified char; other chars are unchanged.
pub fn traditional(c: char) -> char {
    static TABLE: OnceLock<Vec<(char, char)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut pairs: Vec<(char, char)> = ('\u{4E00}'..='\u{9FFF}').map(|c| (simplify(c), c)).filter(|(simple, c)| simple != c).collect();
        pairs.sort_unstable();
        pairs.dedup_by_key(|(simple, _)| *simple);
        pairs
    });
    table.binary_search_by_key(&c, |(simple, _)| *simple).map_or(c, |found| table[found].1)
}

fn change_script(text: &TracedText, random: &mut EditRng) -> TracedText {
    let to_simplified = random.below(2) == 0;
    TracedText { chars: text.chars.iter().map(|(c, from)| (if to_simplified { simplify(*c) } else { traditional(*c) }, *from)).collect() }
}
