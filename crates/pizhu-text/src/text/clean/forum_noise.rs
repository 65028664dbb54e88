//! Copy protection of forums: strings such as `$ f0 Z) a% J! M1 ]`, which a forum puts at line ends
//! and line starts when a text is copied.

use super::physical_line::PhysicalLine;
use crate::text::SourceText;
use crate::text::Span;

/// Longest string, in chars.
const MAX_CHARS: usize = 120;
/// Fewest words of a string.
const MIN_WORDS: usize = 4;
/// Fewest lines that end in such a string.
const MIN_LINES: usize = 2;

/// The strings at line ends and line starts, with the blanks beside them; none unless several lines have one.
pub(super) fn forum_noise(lines: &[PhysicalLine], source: &SourceText) -> Vec<Span> {
    let mut noise: Vec<Span> =
        lines.iter().filter(|line| line.last.is_ascii_graphic()).filter_map(|line| noise_at_end(line, source)).collect();
    let ends = noise.len();
    if ends > 0 {
        // A line of nothing else is counted already.
        let starts = lines.iter().filter(|line| line.first.is_ascii_graphic());
        noise.extend(starts.filter_map(|line| noise_at_start(line, source).filter(|span| span.end < line.span.end)));
        noise.sort_unstable_by_key(|span| span.start);
    }
    if noise.len() >= MIN_LINES { noise } else { Vec::new() }
}

/// `7 Y& t% O8 E4 Z* p` before `三、卖好蜂蜜`.
fn noise_at_start(line: &PhysicalLine, source: &SourceText) -> Option<Span> {
    let head = source.chars_from(line.span.start).take(MAX_CHARS).take_while(|(_, c)| c.is_ascii_graphic() || *c == ' ');
    let chars: Vec<char> = head.map(|(_, c)| c).collect();
    let mut words = chars.split(|c| *c == ' ').filter(|word| !word.is_empty());
    let (mut count, mut mixed) = (0, 0);
    if words.any(|word| {
        count += 1;
        mixed += usize::from(matches!(word, [a, b] if a.is_ascii_alphabetic() != b.is_ascii_alphabetic()));
        word.len() > 2
    }) {
        return None;
    }
    (count >= MIN_WORDS && mixed * 2 >= count).then(|| Span::new(line.span.start, line.span.start + chars.len()))
}

fn noise_at_end(line: &PhysicalLine, source: &SourceText) -> Option<Span> {
    // Its last word is short.
    source.chars_before(line.span.end).take(3).any(|(_, c)| c == ' ').then_some(())?;
    let tail = source.chars_before(line.span.end).take_while(|(at, c)| *at >= line.span.start && (c.is_ascii_graphic() || *c == ' '));
    let mut chars: Vec<(usize, char)> = tail.take(MAX_CHARS).collect();
    chars.reverse();
    let start = chars.first()?.0;
    let words: Vec<&[(usize, char)]> = chars.split(|(_, c)| *c == ' ').filter(|word| !word.is_empty()).collect();
    let mut words = words.as_slice();
    // Longer words belong to the text.
    if let Some(last) = words.iter().rposition(|word| word.len() > 2) {
        words = words.get(last + 1..)?;
    }
    let mixed = words.iter().filter(|word| matches!(word, [(_, a), (_, b)] if a.is_ascii_alphabetic() != b.is_ascii_alphabetic())).count();
    if words.len() < MIN_WORDS || mixed * 2 < words.len() {
        return None;
    }
    // The first word may be a mark of the text, typed in half width.
    let first = words.first()?;
    let touches = first.first().is_some_and(|(at, _)| *at == start && *at > line.span.start);
    let mark = touches && first.len() == 1 && matches!(first.first(), Some((_, ':' | ',' | ';' | '!' | '?' | ')')));
    let from = words.get(usize::from(mark))?.first()?.0;
    // With the blanks before it.
    let blanks = source.chars_before(from).take_while(|(at, c)| *at >= line.span.start && *c == ' ').count();
    Some(Span::new(from - blanks, line.span.end))
}

#[cfg(test)]
mod tests {
    use crate::text::{SourceText, clean::scan::scan};

    /// The lines that are left of a text.
    fn lines(text: &str) -> Vec<String> {
        let source = SourceText::from(text);
        scan(&source).lines.iter().map(|line| source.slice(line.span).into_owned()).collect()
    }

    #[test]
    fn strings_at_line_ends_are_taken_out() {
        let text = "在夜校开学会上的讲话$ f0 Z) a% J! M1 ]\n同志们: 5 S% a3 j$ C0 p. o$ L8 r\n课要讲得浅。4 C) i- y% a2 p, A\" Y\n";
        assert_eq!(lines(text), ["在夜校开学会上的讲话", "同志们:", "课要讲得浅。"]);
    }

    #[test]
    fn strings_at_line_starts_are_taken_out() {
        let text = "养蜂讲话9 k' F% r3 |; V+ o\n一、选好蜂场。\n7 Y& t% O8 E4 Z* p二、卖好蜂蜜。& e: n1 M5 T) g\n";
        assert_eq!(lines(text), ["养蜂讲话", "一、选好蜂场。", "二、卖好蜂蜜。"]);
    }

    #[test]
    fn words_and_single_strings_are_kept() {
        let text = "在夜校开学会上的讲话$ f0 Z) a% J! M1 ]\n我们用 A B C D 四个等级\n完成了 a 1 b 2 c 3\n";
        assert_eq!(lines(text).len(), 3);
        assert!(lines(text)[0].ends_with(']'));
    }
}
