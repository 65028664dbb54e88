//! Changes that web sites, programs and writers make to speeches: named functions on the model.

use crate::model::{ModelSpeech, NumberedHeading, Piece, SpeechFileModel, hanzi, marker};
use crate::rng::VariantRng;
use pizhu_text::document::OrdinalKind;
use pizhu_text::text::Encoding;
use pizhu_text::text::decode;
use pizhu_text::text::decode::encode;
use pizhu_text::text::fold;

/// A named change.
pub struct Change {
    pub name: &'static str,
    pub apply: fn(&mut SpeechFileModel, &mut VariantRng),
}

/// All changes, in the order in which several are applied: structure, ordinals, characters,
/// insertions, lines, bytes.
pub const CHANGES: &[Change] = &[
    Change { name: "second_speech", apply: second_speech },
    Change { name: "starts_at_five", apply: starts_at_five },
    Change { name: "unnumbered_headings", apply: unnumbered_headings },
    Change { name: "cut_off", apply: cut_off },
    Change { name: "web_page_around", apply: web_page_around },
    Change { name: "circled_points", apply: |case, rng| renumber(case, rng, OrdinalKind::Circled, &[""]) },
    Change { name: "arabic_paren_points", apply: |case, rng| renumber(case, rng, OrdinalKind::ArabicParen, &["（）", "()", ")"]) },
    Change { name: "arabic_dot", apply: |case, rng| renumber(case, rng, OrdinalKind::Arabic, &["."]) },
    Change { name: "arabic_pause", apply: |case, rng| renumber(case, rng, OrdinalKind::Arabic, &["、"]) },
    Change { name: "arabic_wide_dot", apply: |case, rng| renumber(case, rng, OrdinalKind::Arabic, &["．"]) },
    Change { name: "half_width", apply: |case, _| case.map_text(&|text| text.chars().map(half_width).collect()) },
    Change {
        name: "half_stops",
        apply: |case, _| case.map_text(&|text| text.chars().map(|c| if c == '。' { '.' } else { half_width(c) }).collect()),
    },
    Change { name: "full_width", apply: |case, _| case.map_text(&|text| text.chars().map(full_width).collect()) },
    Change { name: "other_script", apply: other_script },
    Change { name: "big5", apply: big5 },
    Change { name: "damaged_ordinals", apply: damaged_ordinals },
    Change { name: "glosses", apply: glosses },
    Change { name: "page_footers", apply: page_footers },
    Change { name: "ideographic_indents", apply: ideographic_indents },
    Change { name: "blank_lines", apply: |case, _| case.lines.blank_between = true },
    Change { name: "one_line", apply: |case, _| case.lines.on_one_line = true },
    Change { name: "page_numbers", apply: page_numbers },
    Change { name: "gb18030", apply: |case, _| encoded(case, Encoding::GB18030) },
    Change { name: "utf16le", apply: |case, _| encoded(case, Encoding::UTF16LE) },
    Change { name: "utf16be", apply: |case, _| encoded(case, Encoding::UTF16BE) },
    Change { name: "byte_order_mark", apply: byte_order_mark },
    Change { name: "crlf", apply: |case, rng| case.bytes.line_end = rng.pick(&["\r\n", "\r\n", "\r"]) },
];

fn second_speech(case: &mut SpeechFileModel, _: &mut VariantRng) {
    case.speeches.push(case.spare.clone());
}

fn starts_at_five(case: &mut SpeechFileModel, _: &mut VariantRng) {
    for node in case.speeches.iter_mut().flat_map(ModelSpeech::headings_mut).filter(|node| node.kind == OrdinalKind::HanEnumComma) {
        node.number += 4;
        node.marker = marker(node.kind, node.number);
    }
}

/// Inserts unnumbered headings before top-level ones; the numbering continues or restarts after
/// them. Each group keeps at least two numbered headings.
fn unnumbered_headings(case: &mut SpeechFileModel, rng: &mut VariantRng) {
    const TITLES: [&str; 6] = ["过去一年的工作", "当前面临的形势", "今后一个时期的打算", "需要把握的几个关系", "关于组织领导", "工作回顾"];
    const OPENINGS: [&str; 2] = ["先把情况向同志们作个交代。", "这一部分，我着重讲问题，也讲办法。"];
    for speech in &mut case.speeches {
        let tops: Vec<usize> = (0..speech.paragraphs.len())
            .filter(|at| matches!(speech.paragraphs[*at].first(), Some(Piece::NumberedHeading(node)) if node.depth == 0))
            .collect();
        if tops.len() < 4 {
            continue;
        }
        let restarts = rng.one_in(2);
        let splits = [0, 2, tops.len()];
        for group in (0..2).rev() {
            let (from, to) = (splits[group], splits[group + 1]);
            if restarts {
                let mut number = 0;
                let end = tops.get(to).copied().unwrap_or(speech.paragraphs.len());
                for piece in speech.paragraphs[tops[from]..end].iter_mut().flatten() {
                    if let Piece::NumberedHeading(node) = piece
                        && node.depth == 0
                    {
                        number += 1;
                        node.number = number;
                        node.marker = marker(node.kind, number);
                    }
                }
            }
            if rng.one_in(2) {
                speech.paragraphs.insert(tops[from], vec![Piece::Text(rng.pick(&OPENINGS).to_owned())]);
            }
            speech.paragraphs.insert(tops[from], vec![Piece::UnnumberedHeading(TITLES[group * 3 + rng.below(3)].to_owned())]);
        }
    }
}

/// Cuts off the last speech in mid-sentence, in its second half.
fn cut_off(case: &mut SpeechFileModel, rng: &mut VariantRng) {
    let speech = case.speeches.last_mut().unwrap();
    for _ in 0..30 {
        let mut cut = speech.clone();
        let last = rng.between(cut.paragraphs.len() / 2, cut.paragraphs.len() - 1);
        cut.paragraphs.truncate(last + 1);
        let paragraph = cut.paragraphs.last_mut().unwrap();
        let piece = rng.below(paragraph.len());
        paragraph.truncate(piece + 1);
        if let Some(Piece::Text(text)) = paragraph.last_mut() {
            let chars: Vec<char> = text.chars().collect();
            let positions: Vec<usize> = (3..chars.len()).filter(|at| is_hanzi(chars[at - 1]) && is_hanzi(chars[*at])).collect();
            if !positions.is_empty() {
                *text = chars[..rng.pick(&positions)].iter().collect();
                if cut.has_no_single_heading() {
                    *speech = cut;
                    return;
                }
            }
        }
    }
}

fn web_page_around(case: &mut SpeechFileModel, rng: &mut VariantRng) {
    const BEFORE: [&[&str]; 3] = [
        &["首页 > 公文范文 > 领导讲话"],
        &["您现在的位置：首页 -> 讲话材料", "来源：网络整理 作者：佚名 点击：1026 次"],
        &["发布日期：2020-03-04 08:30:00", "导语：本文由网友上传，仅供参考，不代表本网观点。"],
    ];
    const AFTER: [&[&str]; 3] = [
        &["上一篇：在座谈会上的发言提纲", "下一篇：年终总结写作要点"],
        &["【打印本页】 【关闭窗口】", "版权所有：湖畔文库 未经授权请勿转载"],
        &["相关阅读：", "分享到： 微信 微博", "Copyright © 2012-2022 湖畔文库 湘ICP备00000000号"],
    ];
    case.before = rng.pick(&BEFORE).iter().map(|line| (*line).to_owned()).collect();
    case.after = rng.pick(&AFTER).iter().map(|line| (*line).to_owned()).collect();
}

/// Changes one kind of ordinal below the top level to `to`, in one of `styles` (`""` for the
/// standard one). Ordinals that already are of this kind get the style.
fn renumber(case: &mut SpeechFileModel, rng: &mut VariantRng, to: OrdinalKind, styles: &[&str]) {
    let style = rng.pick(styles);
    for speech in &mut case.speeches {
        let has = |kind| speech.headings().any(|node| node.kind == kind && node.depth > 0);
        let choices = match to {
            OrdinalKind::Arabic => [OrdinalKind::Paren, OrdinalKind::Di, OrdinalKind::Shi],
            _ => [OrdinalKind::Shi, OrdinalKind::Yao, OrdinalKind::Di],
        };
        let Some(from) = (if has(to) { Some(to) } else { choices.into_iter().find(|kind| has(*kind)) }) else { continue };
        for node in speech.headings_mut().filter(|node| node.kind == from && node.depth > 0) {
            node.kind = to;
            let number = node.number;
            node.marker = match style {
                "" => marker(to, number),
                "（）" => format!("（{number}）"),
                "()" => format!("({number})"),
                tail => format!("{number}{tail}"),
            };
        }
    }
}

fn half_width(c: char) -> char {
    match c {
        '，' | '：' | '；' | '！' | '？' | '（' | '）' | '．' | '％' => fold::narrow(c),
        _ => c,
    }
}

fn full_width(c: char) -> char {
    if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xFEE0).unwrap() } else { c }
}

fn is_hanzi(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// A traditional form of a char that Big5 lacks: of the forms that fold to it, the most common in
/// Big5 (level 1 before level 2).
fn traditional(c: char) -> char {
    let level = |c: char| {
        let bytes = encode(c.encode_utf8(&mut [0; 4]), Encoding::BIG5)?;
        (bytes.len() == 2).then(|| usize::from(bytes[0] >= 0xC9))
    };
    if !is_hanzi(c) || level(c).is_some() {
        return c;
    }
    fold::variants(c)
        .into_iter()
        .filter(|form| is_hanzi(*form))
        .filter_map(|form| Some((level(form)?, form)))
        .min()
        .map_or(c, |(_, form)| form)
}

fn is_traditional(case: &SpeechFileModel) -> bool {
    case.text().chars().any(|c| is_hanzi(c) && fold::simplify(c) != c && traditional(fold::simplify(c)) == c)
}

fn other_script(case: &mut SpeechFileModel, _: &mut VariantRng) {
    if is_traditional(case) && case.speeches.len() == 1 {
        case.map_text(&|text| text.chars().map(fold::simplify).collect());
    } else {
        case.map_text(&|text| text.chars().map(traditional).collect());
    }
}

/// Encodes the file as Big5, which has only traditional forms; missing characters become `□`.
fn big5(case: &mut SpeechFileModel, _: &mut VariantRng) {
    let big5_char = |c: char| {
        let form = traditional(c);
        if encode(form.encode_utf8(&mut [0; 4]), Encoding::BIG5).is_some() { form } else { '□' }
    };
    case.map_text(&|text| text.chars().map(big5_char).collect());
    case.bytes.encoding = Encoding::BIG5;
}

/// Removes the punctuation of Arabic ordinals and shifts the GBK bytes of their titles by one byte:
/// the byte B1 is inserted, and the first byte that no longer forms a char is dropped.
fn damaged_ordinals(case: &mut SpeechFileModel, rng: &mut VariantRng) {
    if case.bytes.encoding == Encoding::BIG5 || is_traditional(case) {
        return;
    }
    renumber(case, rng, OrdinalKind::Arabic, &["．"]);
    for speech in &mut case.speeches {
        let shifts = |node: &NumberedHeading| node.kind != OrdinalKind::Arabic || shifted(&node.title).is_some();
        if !speech.headings().all(shifts) {
            continue;
        }
        for node in speech.headings_mut().filter(|node| node.kind == OrdinalKind::Arabic) {
            node.marker = node.number.to_string();
            node.title = shifted(&node.title).unwrap();
            node.accepted_titles.insert(0, node.title.clone());
        }
    }
}

/// The title after the shift; `None` if the shift would extend beyond the title.
fn shifted(title: &str) -> Option<String> {
    let mut bytes = vec![0xB1];
    bytes.extend(encode(title, Encoding::GB18030)?);
    let mut at = 0;
    while at + 1 < bytes.len() {
        if bytes[at] < 0x80 {
            at += 1;
            continue;
        }
        let pair = decode(&bytes[at..at + 2], Some(Encoding::GB18030)).source;
        let pair = pair.slice(pair.span()).into_owned();
        if pair.chars().count() != 1 || pair.chars().any(|c| c == '\u{fffd}' || ('\u{e000}'..='\u{f8ff}').contains(&c)) {
            bytes.remove(at);
            let text = decode(&bytes, Some(Encoding::GB18030)).source;
            return Some(text.slice(text.span()).into_owned());
        }
        at += 2;
    }
    None
}

/// Inserts pinyin glosses in brackets after some characters, also in titles: 发(fā).
fn glosses(case: &mut SpeechFileModel, rng: &mut VariantRng) {
    const PINYIN: [(char, &str); 16] = [
        ('发', "fā"),
        ('展', "zhǎn"),
        ('部', "bù"),
        ('人', "rén"),
        ('作', "zuò"),
        ('党', "dǎng"),
        ('村', "cūn"),
        ('学', "xué"),
        ('群', "qún"),
        ('众', "zhòng"),
        ('事', "shì"),
        ('家', "jiā"),
        ('新', "xīn"),
        ('难', "nán"),
        ('书', "shū"),
        ('路', "lù"),
    ];
    if case.bytes.encoding == Encoding::BIG5 {
        return;
    }
    let brackets = rng.pick(&[('(', ')'), ('（', '）')]);
    let rarity = rng.between(4, 30);
    let mut gloss = |text: &str| {
        let mut glossed = String::with_capacity(text.len() * 2);
        for c in text.chars() {
            glossed.push(c);
            let simplified = fold::simplify(c);
            if let Some((_, pinyin)) = PINYIN.iter().find(|(hanzi, _)| *hanzi == simplified)
                && rng.one_in(rarity)
            {
                glossed.push(brackets.0);
                glossed.push_str(pinyin);
                glossed.push(brackets.1);
            }
        }
        glossed
    };
    for piece in case.speeches.iter_mut().flat_map(|speech| &mut speech.paragraphs).flatten() {
        match piece {
            Piece::Text(text) => *text = gloss(text),
            // Damaged titles get no glosses: glosses are added by the web site.
            Piece::NumberedHeading(node) if node.accepted_titles.len() == 1 => node.title = gloss(&node.title),
            Piece::NumberedHeading(_) | Piece::UnnumberedHeading(_) => {}
        }
    }
}

/// Inserts page footers in mid-sentence.
fn page_footers(case: &mut SpeechFileModel, rng: &mut VariantRng) {
    let traditional = is_traditional(case);
    let page = if traditional { '頁' } else { '页' };
    let tight = rng.one_in(3);
    let mut positions: Vec<(usize, usize, usize)> = Vec::new();
    let total = rng.between(2, 7);
    for (at, speech) in case.speeches.iter().enumerate() {
        for (paragraph, pieces) in speech.paragraphs.iter().enumerate() {
            for (piece, text) in pieces.iter().enumerate() {
                if matches!(text, Piece::Text(text) if text.chars().count() > 30) {
                    positions.push((at, paragraph, piece));
                }
            }
        }
    }
    let mut chosen: Vec<_> = (0..total).map(|_| rng.pick(&positions)).collect();
    chosen.sort_unstable();
    chosen.dedup();
    let all = chosen.len();
    for (number, (at, paragraph, piece)) in (1..).zip(chosen) {
        if let Piece::Text(text) = &mut case.speeches[at].paragraphs[paragraph][piece] {
            let mut chars: Vec<char> = text.chars().collect();
            let inside: Vec<usize> = (5..chars.len() - 4).filter(|at| chars[at - 2..at + 2].iter().all(|c| is_hanzi(*c))).collect();
            if inside.is_empty() {
                continue;
            }
            let footer =
                if tight { format!(" 第{number}{page} 共{all}{page} ") } else { format!(" 第 {number} {page} 共 {all} {page} ") };
            let position = rng.pick(&inside);
            chars.splice(position..position, footer.chars());
            *text = chars.into_iter().collect();
        }
    }
}

fn ideographic_indents(case: &mut SpeechFileModel, rng: &mut VariantRng) {
    let choices = ["\u{3000}\u{3000}", "    ", "\t", "\u{a0}\u{a0}\u{a0}\u{a0}"];
    // Big5 has no no-break space.
    case.lines.indent = rng.pick(&choices[..if case.bytes.encoding == Encoding::BIG5 { 3 } else { 4 }]);
}

/// Writes one page per line, each after its page number.
fn page_numbers(case: &mut SpeechFileModel, rng: &mut VariantRng) {
    let chars = case.text().chars().count();
    let size = (chars / rng.between(4, 16)).max(80);
    if chars / size >= 3 {
        case.lines.pages = Some((rng.pick(&["、", "、", ".", "．"]), size));
    }
}

fn encoded(case: &mut SpeechFileModel, encoding: Encoding) {
    if case.bytes.encoding == Encoding::UTF8 {
        case.bytes.encoding = encoding;
    }
}

fn byte_order_mark(case: &mut SpeechFileModel, _: &mut VariantRng) {
    case.bytes.bom = [Encoding::UTF8, Encoding::UTF16LE, Encoding::UTF16BE].contains(&case.bytes.encoding);
}

#[test]
fn chinese_numerals() {
    assert_eq!([1, 10, 11, 20, 21].map(hanzi), ["一", "十", "十一", "二十", "二十一"]);
}
