//! Rules of Chinese line breaking (kinsoku, CLREQ), checked on laid-out rows: punctuation that may
//! not start or end a row, unbreakable sequences, row width. The checker is independent of the
//! layout's break finding: it recomputes the unbreakable runs.

use pizhu_text::document;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::ParagraphKind;
use pizhu_text::layout;
use pizhu_text::layout::LayoutStyle;
use pizhu_text::layout::Row;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use pizhu_text::text::decode;
use pizhu_text::text::width::AmbiguousWidth;
use std::{fs, path::Path};

const NOT_AT_ROW_START: &str = "，。、；：？！）》」』】〉”’〕］｝…,.;:?!)]}·～％%‰℃•・‧〜–‐／．°′″";
const HANGING: &str = "，。、；：！？．,.;:!?";
const NOT_AT_ROW_END: &str = "（《「『【〈“‘〔［｛([{";
const UNITS: &str = "年月日时分秒个名人项家届期次元万亿亩吨米";

/// Rows between two line ends: all chars with their widths in cells, and where rows start.
struct CheckedLine {
    chars: Vec<(char, u16)>,
    /// Index in `chars` at which each row starts.
    starts: Vec<usize>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct RowCount {
    rows: usize,
    /// Breaks inside an unbreakable run that is wider than the row.
    emergencies: usize,
}

/// Whether the rules allow a break before `chars[at]`.
fn may_break(chars: &[(char, u16)], at: usize, urls: &[bool]) -> bool {
    let (before, after) = (chars[at - 1].0, chars[at].0);
    let char_at = |n: Option<usize>| n.and_then(|n| chars.get(n)).map_or(' ', |c| c.0);
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let latin =
        |c: char| c.is_ascii_alphanumeric() || ('０'..='９').contains(&c) || ('Ａ'..='Ｚ').contains(&c) || ('ａ'..='ｚ').contains(&c);
    let splits_pair = before == after && matches!(after, '—' | '…') && {
        let run = chars[..at].iter().rev().take_while(|c| c.0 == after).count();
        run % 2 == 1 || after == '…'
    };
    let is_joiner = |c: char| matches!(c, '.' | ',' | ':' | '-' | '/' | '．');
    let splits_number = (is_joiner(before) && digit(char_at(at.checked_sub(2))) && digit(after))
        || (digit(before) && is_joiner(after) && digit(char_at(Some(at + 1))));
    !(NOT_AT_ROW_START.contains(after)
        || NOT_AT_ROW_END.contains(before)
        || splits_pair
        || splits_number
        || (digit(before) && UNITS.contains(after))
        || (latin(before) && latin(after))
        || (urls[at - 1] && urls[at])
        || in_marker(chars, at)
        || after.is_whitespace())
}

/// Whether `at` is inside a point's marker at the start of a clause: 一|是, 第|二.
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

/// For each char, whether it belongs to a URL.
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

/// Checks the breaks between rows. An error describes the first forbidden one.
fn check_breaks(line: &CheckedLine, width: u16, count: &mut RowCount) -> Result<(), String> {
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
                "break between {before:?} and {after:?}, but the run has only {cells} cells: {}",
                run.chars().take(8).collect::<String>()
            ));
        }
    }
    Ok(())
}

/// Lays a document out and checks every row.
fn check_document(document: &Document, style: LayoutStyle, count: &mut RowCount) -> Result<(), String> {
    for (index, paragraph) in document.paragraphs.iter().enumerate() {
        for segment in layout::segments(document, index) {
            let rows = layout::lay_out(document, segment, paragraph.kind, document.begins_paragraph(segment.start), &style);
            check_rows(document, &rows, paragraph.kind, style, count)?;
        }
    }
    Ok(())
}

fn check_rows(document: &Document, rows: &[Row], kind: ParagraphKind, style: LayoutStyle, count: &mut RowCount) -> Result<(), String> {
    let mut line = CheckedLine { chars: Vec::new(), starts: Vec::new() };
    for row in rows {
        count.rows += 1;
        let outside = row.glyphs().filter(|glyph| glyph.end_column() > style.width).count();
        let hangs = style.hanging && outside == 1 && row.glyphs().next_back().is_some_and(|glyph| HANGING.contains(&*glyph.text()));
        if outside > 0 && !hangs {
            return Err(format!("a row of {} cells", row.width()));
        }
        line.starts.push(line.chars.len());
        for glyph in row.glyphs() {
            // Visible signs of control characters count as letters.
            let c = if glyph.sign { 'X' } else { glyph.text().chars().next().unwrap_or(' ') };
            line.chars.push((c, u16::from(glyph.width)));
        }
        // White space at the end of a row is not drawn, but separates words.
        let drawn = row.glyphs().next_back().map_or(row.span.start, |glyph| glyph.span().end);
        let rest = document.cleaning.text(&document.source, Span::new(drawn, row.span.end));
        line.chars.extend(rest.chars().filter(|c| c.is_whitespace()).map(|c| (c, 0)));
        if document.source.chars_before(row.span.end).next().is_some_and(|(_, c)| c == '\n') && kind == ParagraphKind::Verbatim {
            check_breaks(&line, style.width, count)?;
            line = CheckedLine { chars: Vec::new(), starts: Vec::new() };
        }
    }
    check_breaks(&line, style.width, count)
}

fn read_documents(folder: &Path) -> Vec<(String, Document)> {
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

fn check_every_width(documents: &[(String, Document)]) {
    for ambiguous in [AmbiguousWidth::Narrow, AmbiguousWidth::Wide] {
        let mut count = RowCount::default();
        for width in 8..=120 {
            let style = LayoutStyle { width, ambiguous, ..LayoutStyle::default() };
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
fn samples_obey_the_rules_at_every_width() {
    let documents = read_documents(Path::new("sample-data"));
    assert!(!documents.is_empty());
    check_every_width(&documents);
}

#[test]
fn real_speeches_obey_the_rules_at_every_width() {
    let documents = read_documents(Path::new("../shared/real-speeches"));
    if documents.is_empty() {
        println!("skipped: the real speeches are not available");
        return;
    }
    check_every_width(&documents);
}

/// A text of at least `bytes` bytes whose paragraphs are random sentences of `documents`.
fn shuffled_document(documents: &[(String, Document)], bytes: usize) -> Document {
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
    Document { paragraphs: std::sync::Arc::new(paragraphs), ..Document::from(SourceText::from(text.as_str())) }
}

/// Random sentences of the speeches at eight widths: half a megabyte, or `PIZHU_LAYOUT_MB` megabytes.
#[test]
fn shuffled_sentences_obey_the_rules() {
    let mut documents = read_documents(Path::new("sample-data"));
    documents.extend(read_documents(Path::new("../shared/real-speeches")));
    let megabytes = std::env::var("PIZHU_LAYOUT_MB").ok().and_then(|value| value.parse::<usize>().ok());
    let document = shuffled_document(&documents, megabytes.map_or(512 << 10, |megabytes| megabytes << 20));
    for ambiguous in [AmbiguousWidth::Narrow, AmbiguousWidth::Wide] {
        for (width, hanging) in [(8, false), (13, true), (20, false), (32, true), (40, false), (57, false), (80, true), (120, false)] {
            let mut count = RowCount::default();
            let style = LayoutStyle { width, ambiguous, hanging, ..LayoutStyle::default() };
            if let Err(fault) = check_document(&document, style, &mut count) {
                panic!("at {width} cells, {ambiguous:?}: {fault}");
            }
            println!("{width} {ambiguous:?}: {count:?}");
            assert!(width < 32 || count.emergencies * 1000 < count.rows, "{width} {count:?}");
        }
    }
}

/// Punctuation, pairs, numbers and words, denser than in real text.
#[test]
fn dense_text_obeys_the_rules_at_every_width() {
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
    let document = Document { clean_text: source.into(), paragraphs: std::sync::Arc::new(vec![paragraph]), ..Document::default() };
    for ambiguous in [AmbiguousWidth::Narrow, AmbiguousWidth::Wide] {
        for width in 8..=120 {
            let mut count = RowCount::default();
            let style = LayoutStyle { width, ambiguous, ..LayoutStyle::default() };
            if let Err(fault) = check_document(&document, style, &mut count) {
                panic!("at {width} cells, {ambiguous:?}: {fault}");
            }
            // No unbreakable run of this text is wider than 40 cells.
            assert!(width < 40 || count.emergencies == 0, "{width} {count:?}");
        }
    }
}

/// Test of the checker itself.
#[test]
fn checker_detects_violations() {
    let line = |text: &str, starts: &[usize]| CheckedLine { chars: text.chars().map(|c| (c, 2)).collect(), starts: starts.to_vec() };
    for (text, at) in
        [("一是", 1), ("好。二要", 3), ("第三", 1), ("好。", 1), ("（好", 1), ("——", 1), ("……", 1), ("5年", 1), ("ab", 1), ("好”", 1)]
    {
        assert!(check_breaks(&line(text, &[0, at]), 20, &mut RowCount::default()).is_err(), "{text}");
        assert!(check_breaks(&line(text, &[0, at]), 2, &mut RowCount::default()).is_ok(), "{text}");
    }
    assert!(check_breaks(&line("好。好", &[0, 2]), 20, &mut RowCount::default()).is_ok());
    assert!(check_breaks(&line("统一是好", &[0, 2]), 20, &mut RowCount::default()).is_ok());
}
