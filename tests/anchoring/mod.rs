//! Texts, edit scripts that keep the map of every char, and the judgement of what was found.

pub mod judge;

use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::parse;
use pizhu_text::text::Span;
use pizhu_text::text::decode;
use pizhu_text::text::fold::simplify;
use std::{fs, path::Path, sync::OnceLock};

/// A small generator of numbers, the same everywhere (SplitMix64).
pub struct Random(u64);

impl Random {
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

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// The texts to measure on, and whether the real speeches are among them.
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
        println!("skipped: the real speeches are not here");
    }
    (speeches.into_iter().chain(read(&root.join("sample-data"))).collect(), complete)
}

/// A text whose chars remember which char they were.
#[derive(Debug, Clone)]
pub struct Text {
    pub chars: Vec<(char, Option<usize>)>,
}

impl Text {
    pub fn of(document: &Document) -> Self {
        Self { chars: document.source.chars_from(0).map(|(at, c)| (c, Some(at))).collect() }
    }

    pub fn string(&self) -> String {
        self.chars.iter().map(|(c, _)| c).collect()
    }

    pub fn parse(&self) -> Document {
        parse(decode(self.string().as_bytes(), None).source, &Hints::default())
    }

    fn insert(&mut self, at: usize, text: &str) {
        let at = at.min(self.chars.len());
        self.chars.splice(at..at, text.chars().map(|c| (c, None)));
    }

    /// The lines as ranges, with their line ends.
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

/// What is done to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
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
}

impl Kind {
    pub const ALL: [Self; 11] = [
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
        }
    }

    pub fn deletes(self) -> bool {
        matches!(self, Self::DeletedSpan | Self::DeletedParagraph)
    }

    /// Whether the passages themselves are edited, so that they must stand apart.
    pub fn is_within(self) -> bool {
        matches!(self, Self::Inside | Self::DeletedSpan)
    }

    /// The share in percent that must be right without a review.
    pub fn least_right(self, bucket: usize) -> Option<f64> {
        match (self, bucket) {
            (Self::Elsewhere | Self::Moved | Self::LineEnds | Self::Width | Self::Space, 1..) => Some(99.5),
            (Self::Script, 1..) => Some(99.0),
            (Self::Inside, 2) => Some(85.0),
            (Self::Inside, 3) => Some(95.0),
            _ => None,
        }
    }

    /// Edits the text, in which the given passages are marked.
    pub fn edit(self, text: &Text, marked: &[Span], random: &mut Random) -> Text {
        match self {
            Self::Elsewhere => elsewhere(text, random),
            Self::Inside => inside(text, marked, random),
            Self::Moved => moved(text, random),
            Self::DeletedSpan => {
                let gone = |at: usize| marked.iter().any(|span| span.contains(at));
                Text { chars: text.chars.iter().filter(|(_, from)| !from.is_some_and(gone)).copied().collect() }
            }
            Self::DeletedParagraph => deleted_paragraphs(text, random),
            Self::Copied => copied(text, random),
            Self::Width => width(text, random),
            Self::Space => space(text, random),
            Self::LineEnds => line_ends(text),
            Self::Script => script(text, random),
            Self::Everything => {
                let mut text = text.clone();
                for _ in 0..3 {
                    text = match random.below(6) {
                        0 => elsewhere(&text, random),
                        1 => moved(&text, random),
                        2 => deleted_paragraphs(&text, random),
                        3 => width(&text, random),
                        4 => space(&text, random),
                        _ => script(&text, random),
                    };
                }
                text
            }
        }
    }
}

/// What gets written into texts.
const WRITTEN: [&str; 10] = [
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

fn elsewhere(text: &Text, random: &mut Random) -> Text {
    let mut text = text.clone();
    if text.chars.len() < 40 {
        return text;
    }
    for _ in 0..8 {
        let at = random.below(text.chars.len());
        match random.below(3) {
            0 => text.insert(at, random.pick::<&str>(&WRITTEN)),
            1 => {
                let end = (at + 1 + random.below(25)).min(text.chars.len());
                text.chars.drain(at..end);
            }
            _ => {
                let end = (at + 1 + random.below(12)).min(text.chars.len());
                text.chars.drain(at..end);
                text.insert(at, random.pick::<&str>(&WRITTEN));
            }
        }
    }
    text
}

fn inside(text: &Text, marked: &[Span], random: &mut Random) -> Text {
    const CHARS: [char; 12] = ['的', '和', '新', '要', '等', '与', '了', '在', '实', '大', '更', '好'];
    let mut text = text.clone();
    let mut spans = marked.to_vec();
    spans.sort();
    for span in spans.iter().rev() {
        let edits = 1 + random.below((span.len() / 10).max(1));
        let mut places: Vec<usize> = (0..edits).map(|_| span.start + random.below(span.len())).collect();
        places.sort_unstable();
        places.dedup();
        for at in places.into_iter().rev() {
            match random.below(3) {
                0 => text.chars[at].0 = *random.pick(&CHARS),
                1 => drop(text.chars.remove(at)),
                // Before the first char it would be outside.
                _ => text.chars.insert(at.max(span.start + 1), (*random.pick(&CHARS), None)),
            }
        }
    }
    text
}

fn moved(text: &Text, random: &mut Random) -> Text {
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
    Text { chars: lines.concat() }
}

fn deleted_paragraphs(text: &Text, random: &mut Random) -> Text {
    let lines = text.lines();
    let kept = lines.iter().filter(|_| random.below(4) != 0);
    Text { chars: kept.flat_map(|line| text.chars[line.start..line.end].to_vec()).collect() }
}

fn copied(text: &Text, random: &mut Random) -> Text {
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

fn width(text: &Text, random: &mut Random) -> Text {
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
    let other = |c: char| {
        if narrow {
            return PAIRS.iter().find(|(wide, _)| *wide == c).map_or(c, |(_, narrow)| *narrow);
        }
        match c {
            '"' => c,
            '0'..='9' | 'A'..='Z' | 'a'..='z' => char::from_u32(u32::from(c) + 0xFEE0).unwrap(),
            _ => PAIRS.iter().find(|(_, narrow)| *narrow == c).map_or(c, |(wide, _)| *wide),
        }
    };
    Text { chars: text.chars.iter().map(|(c, from)| (other(*c), *from)).collect() }
}

fn space(text: &Text, random: &mut Random) -> Text {
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
    Text { chars }
}

fn line_ends(text: &Text) -> Text {
    let mut chars = vec![('\u{FEFF}', None)];
    for (c, from) in &text.chars {
        if *c == '\n' {
            chars.push(('\r', None));
        }
        chars.push((*c, *from));
    }
    Text { chars }
}

/// For every simplified char a traditional one.
fn traditional(c: char) -> char {
    static TABLE: OnceLock<Vec<(char, char)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut pairs: Vec<(char, char)> = ('\u{4E00}'..='\u{9FFF}').map(|c| (simplify(c), c)).filter(|(simple, c)| simple != c).collect();
        pairs.sort_unstable();
        pairs.dedup_by_key(|(simple, _)| *simple);
        pairs
    });
    table.binary_search_by_key(&c, |(simple, _)| *simple).map_or(c, |found| table[found].1)
}

fn script(text: &Text, random: &mut Random) -> Text {
    let back = random.below(2) == 0;
    Text { chars: text.chars.iter().map(|(c, from)| (if back { simplify(*c) } else { traditional(*c) }, *from)).collect() }
}
