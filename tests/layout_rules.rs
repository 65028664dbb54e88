//! The rules of Chinese line breaking, checked by reading the rows: which marks may not begin or
//! end a row, what may not be torn, and how wide a row may be. The checker knows nothing of how
//! the layout finds its breaks; it recomputes the runs that no rule lets break.

use pizhu_text::document;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::ParagraphKind;
use pizhu_text::layout;
use pizhu_text::layout::Row;
use pizhu_text::layout::Style;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use pizhu_text::text::decode;
use pizhu_text::text::width::Ambiguous;
use std::{fs, path::Path};

const NEVER_FIRST: &str = "，。、；：？！）》」』】〉”’〕］｝…,.;:?!)]}·～％%‰℃•・‧〜–‐／．°′″";
const HANGING: &str = "，。、；：！？．,.;:!?";
const NEVER_LAST: &str = "（《「『【〈“‘〔［｛([{";
const UNITS: &str = "年月日时分秒个名人项家届期次元万亿亩吨米";

/// One row of a paragraph as the checker sees it.
struct Line {
    chars: Vec<(char, u16)>,
    /// The place, in the paragraph's chars, at which each row but the first begins.
    starts: Vec<usize>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    rows: usize,
    emergencies: usize,
}

/// Whether the rules let a row end before `chars[at]`.
fn may_break(chars: &[(char, u16)], at: usize, urls: &[bool]) -> bool {
    let (before, after) = (chars[at - 1].0, chars[at].0);
    let near = |n: Option<usize>| n.and_then(|n| chars.get(n)).map_or(' ', |c| c.0);
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let latin =
        |c: char| c.is_ascii_alphanumeric() || ('０'..='９').contains(&c) || ('Ａ'..='Ｚ').contains(&c) || ('ａ'..='ｚ').contains(&c);
    let torn_pair = before == after && matches!(after, '—' | '…') && {
        let run = chars[..at].iter().rev().take_while(|c| c.0 == after).count();
        run % 2 == 1 || after == '…'
    };
    let joins = |c: char| matches!(c, '.' | ',' | ':' | '-' | '/' | '．');
    let in_number =
        (joins(before) && digit(near(at.checked_sub(2))) && digit(after)) || (digit(before) && joins(after) && digit(near(Some(at + 1))));
    !(NEVER_FIRST.contains(after)
        || NEVER_LAST.contains(before)
        || torn_pair
        || in_number
        || (digit(before) && UNITS.contains(after))
        || (latin(before) && latin(after))
        || (urls[at - 1] && urls[at])
        || in_marker(chars, at)
        || after.is_whitespace())
}

/// Whether the place is inside the marker of a point, at the head of a clause: 一是, 第二.
fn in_marker(chars: &[(char, u16)], at: usize) -> bool {
    let numeral = |n: usize| chars.get(n).is_some_and(|c| "一二三四五六七八九十百".contains(c.0));
    let is = |n: usize, set: &str| chars.get(n).is_some_and(|c| set.contains(c.0));
    let mut head = at - 1;
    while head > 0 && numeral(head) && numeral(head - 1) {
        head -= 1;
    }
    let ordinal = is(head, "第其") || (head > 0 && numeral(head) && is(head - 1, "第其"));
    if head > 0 && numeral(head) && is(head - 1, "第其") {
        head -= 1;
    }
    let first = head + usize::from(ordinal);
    let end = (first..chars.len()).find(|n| !numeral(*n)).unwrap_or(chars.len());
    let end = if ordinal { end } else { end + 1 };
    let clause = head == 0 || "，。、；：？！”’》）,;:!? \u{3000}\n".contains(chars[head - 1].0);
    clause && numeral(first) && (ordinal || is(end - 1, "是要")) && at > head && at < end
}

/// Which chars belong to a URL.
fn urls(chars: &[(char, u16)]) -> Vec<bool> {
    let mut marked = vec![false; chars.len()];
    let mut at = 0;
    while at < chars.len() {
        let end = (at..chars.len()).find(|n| !chars[*n].0.is_ascii_graphic()).unwrap_or(chars.len());
        let word: String = chars[at..end].iter().map(|c| c.0).collect();
        if word.contains("://") || word.contains("www.") {
            marked[at..end].fill(true);
        }
        at = end.max(at + 1);
    }
    marked
}

/// Checks one stretch of rows without a line end between them.
fn check(line: &Line, width: u16, count: &mut Count) -> Result<(), String> {
    let urls = urls(&line.chars);
    for at in line.starts.iter().copied().filter(|at| *at > 0 && *at < line.chars.len()) {
        if may_break(&line.chars, at, &urls) {
            continue;
        }
        let from = (1..at).rev().find(|n| may_break(&line.chars, *n, &urls)).unwrap_or(0);
        let to = (at + 1..line.chars.len()).find(|n| may_break(&line.chars, *n, &urls)).unwrap_or(line.chars.len());
        let run = &line.chars[from..to];
        let cells: u16 = run.iter().filter(|c| !c.0.is_whitespace()).map(|c| c.1).sum();
        count.emergencies += 1;
        if cells <= width {
            let run: String = run.iter().map(|c| c.0).collect();
            let (before, after) = (line.chars[at - 1].0, line.chars[at].0);
            return Err(format!(
                "torn between {before:?} and {after:?}, though the run has only {cells} cells: {}",
                run.chars().take(8).collect::<String>()
            ));
        }
    }
    Ok(())
}

/// Lays a document out and checks every row.
fn check_document(document: &Document, style: Style, count: &mut Count) -> Result<(), String> {
    for (index, paragraph) in document.paragraphs.iter().enumerate() {
        for segment in layout::segments(document, index) {
            let rows = layout::lay_out(document, segment, paragraph.kind, &style);
            check_rows(document, &rows, paragraph.kind, style, count)?;
        }
    }
    Ok(())
}

fn check_rows(document: &Document, rows: &[Row], kind: ParagraphKind, style: Style, count: &mut Count) -> Result<(), String> {
    let mut line = Line { chars: Vec::new(), starts: Vec::new() };
    for row in rows {
        count.rows += 1;
        let outside = row.glyphs().filter(|glyph| glyph.end_column() > style.width).count();
        let hangs = style.hanging && outside == 1 && row.glyphs().next_back().is_some_and(|glyph| HANGING.contains(&*glyph.text()));
        if outside > 0 && !hangs {
            return Err(format!("a row of {} cells", row.width()));
        }
        line.starts.push(line.chars.len());
        for glyph in row.glyphs() {
            // A sign stands for a char that the rules do not know.
            let c = if glyph.sign { 'X' } else { glyph.text().chars().next().unwrap_or(' ') };
            line.chars.push((c, u16::from(glyph.width)));
        }
        // White space at the end of a row is not drawn, but parts words.
        let drawn = row.glyphs().next_back().map_or(row.span.start, |glyph| glyph.span().end);
        let rest = document.cleaning.text(&document.source, Span::new(drawn, row.span.end));
        line.chars.extend(rest.chars().filter(|c| c.is_whitespace()).map(|c| (c, 0)));
        if document.source.chars_before(row.span.end).next().is_some_and(|(_, c)| c == '\n') && kind == ParagraphKind::Verbatim {
            check(&line, style.width, count)?;
            line = Line { chars: Vec::new(), starts: Vec::new() };
        }
    }
    check(&line, style.width, count)
}

fn documents(folder: &Path) -> Vec<(String, Document)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .filter_map(|path| {
            let decoded = decode(&fs::read(&path).ok()?, None);
            Some((path.display().to_string(), document::parse(decoded.source, &Hints::default())))
        })
        .collect()
}

fn every_width(documents: &[(String, Document)]) {
    for ambiguous in [Ambiguous::Narrow, Ambiguous::Wide] {
        let mut count = Count::default();
        for width in 8..=120 {
            let style = Style { width, ambiguous, ..Style::default() };
            for (name, document) in documents {
                if let Err(fault) = check_document(document, style, &mut count) {
                    panic!("{name} at {width} cells, {ambiguous:?}: {fault}");
                }
            }
        }
        println!("{ambiguous:?}: {count:?}");
        assert!(count.emergencies * 50 < count.rows, "{count:?}");
    }
}

#[test]
fn the_samples_keep_the_rules_at_every_width() {
    let documents = documents(Path::new("sample-data"));
    assert!(!documents.is_empty());
    every_width(&documents);
}

#[test]
fn real_speeches_keep_the_rules_at_every_width() {
    let documents = documents(Path::new("../shared/real-speeches"));
    if documents.is_empty() {
        println!("skipped: the real speeches are not here");
        return;
    }
    every_width(&documents);
}

/// A text of some length whose paragraphs are made of sentences of `documents` in any order.
fn shuffled(documents: &[(String, Document)], bytes: usize) -> Document {
    let all: Vec<String> = documents.iter().map(|(_, document)| document.cleaning.text(&document.source, document.source.span())).collect();
    let sentences: Vec<&str> = all.iter().flat_map(|text| text.split_inclusive(['。', '\n', '；', '，'])).map(str::trim).collect();
    let mut text = String::with_capacity(bytes + 1024);
    let mut paragraphs = Vec::new();
    let mut chars = 0;
    let mut number = 1u64;
    let mut below = |bound: usize| {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (number >> 33) as usize % bound
    };
    while text.len() < bytes {
        let from = chars;
        for _ in 0..=below(30) {
            let sentence = sentences[below(sentences.len())];
            text.push_str(sentence);
            chars += sentence.chars().count();
        }
        text.push('\n');
        paragraphs.push(document::Paragraph { span: Span::new(from, chars), kind: ParagraphKind::Body });
        chars += 1;
    }
    paragraphs.retain(|paragraph| !paragraph.span.is_empty());
    Document { source: SourceText::from(text.as_str()), paragraphs: std::sync::Arc::new(paragraphs), ..Document::default() }
}

/// Sentences of the speeches in any order at eight widths: half a megabyte, or as many as
/// `PIZHU_LAYOUT_MB` says.
#[test]
fn shuffled_sentences_keep_the_rules() {
    let mut documents = documents(Path::new("sample-data"));
    documents.extend(self::documents(Path::new("../shared/real-speeches")));
    let megabytes = std::env::var("PIZHU_LAYOUT_MB").ok().and_then(|value| value.parse::<usize>().ok());
    let document = shuffled(&documents, megabytes.map_or(512 << 10, |megabytes| megabytes << 20));
    for ambiguous in [Ambiguous::Narrow, Ambiguous::Wide] {
        for (width, hanging) in [(8, false), (13, true), (20, false), (32, true), (40, false), (57, false), (80, true), (120, false)] {
            let mut count = Count::default();
            let style = Style { width, ambiguous, hanging, ..Style::default() };
            if let Err(fault) = check_document(&document, style, &mut count) {
                panic!("at {width} cells, {ambiguous:?}: {fault}");
            }
            println!("{width} {ambiguous:?}: {count:?}");
            assert!(width < 32 || count.emergencies * 1000 < count.rows, "{width} {count:?}");
        }
    }
}

/// Marks, pairs, numbers and words as dense as they never are.
#[test]
fn dense_text_keeps_the_rules_at_every_width() {
    let pieces = [
        "“《青禾县规划》（2025—2030年）”指出：",
        "到2027年，投入3.5万亿元、增长5.5%；",
        "——",
        "……",
        "（一）抓落实！",
        "GDP、CPI等",
        "“‘双带’工程”",
        "１２个县、305名干部，",
        "王·李～张",
        "(含临江市)",
        "12.5%，",
        "100亩/户。",
        "是，是。",
        "《“一”》、",
    ];
    let mut text = String::new();
    let mut number = 1u32;
    for _ in 0..3000 {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        text.push_str(pieces[(number >> 16) as usize % pieces.len()]);
        text.push_str(&"组织工作会议部署"[..3 * (1 + (number >> 20) as usize % 8)]);
    }
    let source = SourceText::from(text.as_str());
    let span = source.span();
    let paragraph = document::Paragraph { span, kind: ParagraphKind::Body };
    let document = Document { source, paragraphs: std::sync::Arc::new(vec![paragraph]), ..Document::default() };
    for ambiguous in [Ambiguous::Narrow, Ambiguous::Wide] {
        for width in 8..=120 {
            let mut count = Count::default();
            let style = Style { width, ambiguous, ..Style::default() };
            if let Err(fault) = check_document(&document, style, &mut count) {
                panic!("at {width} cells, {ambiguous:?}: {fault}");
            }
            // Nothing here is wider than thirty cells but what hangs together by nature.
            assert!(width < 40 || count.emergencies == 0, "{width} {count:?}");
        }
    }
}

/// The checker itself finds what is wrong.
#[test]
fn the_checker_sees_faults() {
    let line = |text: &str, starts: &[usize]| Line { chars: text.chars().map(|c| (c, 2)).collect(), starts: starts.to_vec() };
    for (text, at) in
        [("一是", 1), ("好。二要", 3), ("第三", 1), ("好。", 1), ("（好", 1), ("——", 1), ("……", 1), ("5年", 1), ("ab", 1), ("好”", 1)]
    {
        assert!(check(&line(text, &[0, at]), 20, &mut Count::default()).is_err(), "{text}");
        assert!(check(&line(text, &[0, at]), 2, &mut Count::default()).is_ok(), "{text}");
    }
    assert!(check(&line("好。好", &[0, 2]), 20, &mut Count::default()).is_ok());
    assert!(check(&line("统一是好", &[0, 2]), 20, &mut Count::default()).is_ok());
}
