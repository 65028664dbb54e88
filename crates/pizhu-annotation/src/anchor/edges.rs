//! From a place in the skeleton to the exact chars: the marks and spaces at a quote's ends, and
//! whether what stands there is the same text.

use super::Anchor;
use crate::selector::Selector;
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use pizhu_text::text::fold::fold;

/// A punctuation mark by what it means: the widths, the straight and the curved, the Chinese and
/// the ASCII full stop are one.
fn mark(c: char) -> char {
    match fold(c) {
        '。' | '｡' => '.',
        '“' | '”' | '„' | '「' | '」' | '『' | '』' | '＂' => '"',
        '‘' | '’' | '‚' => '\'',
        '【' | '〔' | '［' => '[',
        '】' | '〕' | '］' => ']',
        '〈' => '<',
        '〉' => '>',
        '—' | '–' | '―' | '─' => '-',
        '…' | '⋯' => '…',
        '·' | '•' | '・' | '･' => '·',
        '﹑' => '、',
        other => other,
    }
}

/// Whether the char says something: neither white space nor invisible.
fn counts(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{AD}')
}

/// A text as it is compared: marks by their meaning, without white space.
fn essence(text: &str) -> impl DoubleEndedIterator<Item = char> {
    text.chars().filter(|c| counts(*c)).map(mark)
}

/// What is known about a place beside its letters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    /// The letter before the quote is the one that stood before it.
    pub(super) before: bool,
    /// The letter behind the quote is the one that stood behind it.
    pub(super) after: bool,
    /// The letters themselves are those of the quote.
    pub(super) same: bool,
}

fn is_letter(c: char) -> bool {
    fold(c).is_alphanumeric()
}

/// `core` (the found letters and digits) with the marks and spaces that belong to the quote at its
/// ends. `None` where it cannot be told which do.
pub(super) fn with_edges(document: &Document, selector: &Selector, core: Span, around: Around) -> Option<Span> {
    let source = &document.source;
    let quote = &selector.quote;
    let back = || source.chars_before(core.start);
    let on = || source.chars_from(core.end);
    // What the quote had at its end, from the letters outwards; what the context had there, too.
    let lead: Vec<char> = quote.chars().take_while(|c| !is_letter(*c)).collect::<Vec<_>>().into_iter().rev().collect();
    let trail: Vec<char> = quote.chars().rev().take_while(|c| !is_letter(*c)).collect::<Vec<_>>().into_iter().rev().collect();
    let before: Vec<char> = selector.before.chars().rev().take_while(|c| !is_letter(*c)).filter(|c| counts(*c)).collect();
    let after: Vec<char> = selector.after.chars().take_while(|c| !is_letter(*c)).filter(|c| counts(*c)).collect();
    let start = end_of(&lead, &before, around.before, around.same, back)?;
    let end = end_of(&trail, &after, around.after, around.same, on)?;
    let start = if let End::At(first) = start { first } else { core.start };
    let end = if let End::At(last) = end { last + 1 } else { core.end };
    Some(Span::new(start, end))
}

/// Whether all that stood around the quote's letters, marks and letters, stands around `core`.
pub(super) fn same_marks(document: &Document, selector: &Selector, core: Span) -> bool {
    let lead: String = selector.quote.chars().take_while(|c| !is_letter(*c)).collect();
    let trail: Vec<char> = selector.quote.chars().rev().take_while(|c| !is_letter(*c)).collect();
    let before = format!("{}{lead}", selector.before);
    let after: String = trail.into_iter().rev().chain(selector.after.chars()).collect();
    let same = |wanted: Vec<char>, mut there: Box<dyn Iterator<Item = char> + '_>| wanted.into_iter().all(|c| there.next() == Some(c));
    let back = document.source.chars_before(core.start).map(|(_, c)| c).filter(|c| counts(*c)).map(mark);
    let on = document.source.chars_from(core.end).map(|(_, c)| c).filter(|c| counts(*c)).map(mark);
    same(essence(&before).rev().collect(), Box::new(back)) && same(essence(&after).collect(), Box::new(on))
}

/// Where a quote's end is, seen from its letters outwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The letters are the end.
    Letters,
    /// This char is the last that belongs to it.
    At(usize),
}

impl End {
    fn of(last: Option<usize>) -> Self {
        last.map_or(Self::Letters, Self::At)
    }
}

/// Where the quote ends on one side, `there` giving the chars from the letters outwards; `None`
/// where it cannot be told.
fn end_of<I: Iterator<Item = (usize, char)>>(
    own: &[char],
    context: &[char],
    adjacent: bool,
    same: bool,
    there: impl Fn() -> I,
) -> Option<End> {
    let solid = own.iter().filter(|c| counts(**c)).count();
    let reached = reach(own.iter().copied(), there());
    // A mark beyond a line end, with other words behind it, may be another paragraph's.
    let foreign = !adjacent && solid > 0 && own.contains(&'\n');
    let plain = || (reached.solid == solid && !foreign).then_some(End::of(reached.last));
    // Between the letters there is what the quote had, and then what the context had.
    let between = || {
        let marks: Vec<(usize, char)> = there().take_while(|(_, c)| !is_letter(*c)).filter(|(_, c)| counts(*c)).collect();
        let left = marks.len().checked_sub(context.len()).filter(|_| adjacent)?;
        let is_context = marks[left..].iter().map(|(_, c)| mark(*c)).eq(context.iter().map(|c| mark(*c)));
        is_context.then(|| End::of(left.checked_sub(1).map(|last| marks[last].0)))
    };
    if same { plain().or_else(between) } else { between().or_else(|| if adjacent { None } else { plain() }) }
}

/// How far a quote's end was followed.
struct Reached {
    /// The last char that both have.
    last: Option<usize>,
    /// Marks that both have.
    solid: usize,
}

/// Follows `wanted` along `there`. White space that one side has and the other has not is passed
/// over, and belongs to neither.
fn reach(wanted: impl Iterator<Item = char>, there: impl Iterator<Item = (usize, char)>) -> Reached {
    let mut there = there.peekable();
    let mut reached = Reached { last: None, solid: 0 };
    for c in wanted {
        if counts(c) {
            while there.next_if(|(_, other)| !counts(*other)).is_some() {}
            let Some((at, _)) = there.next_if(|(_, other)| mark(*other) == mark(c)) else { break };
            reached = Reached { last: Some(at), solid: reached.solid + 1 };
        } else if let Some((at, _)) = there.next_if(|(_, other)| !counts(*other) && (*other == '\n') == (c == '\n')) {
            reached.last = Some(at);
        }
    }
    reached
}

/// What a certain place is called, given the chars that stand there.
pub(super) fn name_of(document: &Document, selector: &Selector, span: Span) -> Anchor {
    let raw = document.source.slice(span);
    if raw == selector.quote {
        return if span.start == selector.start { Anchor::Exact } else { Anchor::Moved };
    }
    let clean = document.text(span);
    let quote = selector.matched();
    if essence(&clean).eq(essence(quote)) || essence(&raw).eq(essence(&selector.quote)) { Anchor::Moved } else { Anchor::Changed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::text::SourceText;

    fn edges(text: &str, core: &str, (before, quote, after): (&str, &str, &str), around: Around) -> Option<String> {
        let document = Document { source: SourceText::from(text), is_final: true, ..Document::default() };
        let at = text[..text.find(core).unwrap()].chars().count();
        let selector = Selector { quote: quote.to_owned(), before: before.to_owned(), after: after.to_owned(), ..Selector::default() };
        let span = with_edges(&document, &selector, Span::new(at, at + core.chars().count()), around)?;
        Some(document.quote(span))
    }

    #[test]
    fn the_ends_of_a_quote_come_back_with_its_marks() {
        let alone = Around { before: false, after: false, same: true };
        let find = |text: &str, quote: &str| edges(text, "抓人才", ("", quote, ""), alone);
        assert_eq!(find("说：“抓人才。”又说", "“抓人才。”").as_deref(), Some("“抓人才。”"));
        assert_eq!(find("说:\"抓人才.\"又说", "“抓人才。”").as_deref(), Some("\"抓人才.\""));
        assert_eq!(find("说：“抓人才。”又说", "抓人才").as_deref(), Some("抓人才"));
        assert_eq!(find("说：“抓人才\n。”又说", "抓人才。").as_deref(), Some("抓人才\n。"));
        assert_eq!(find("　　抓人才\n又说", "　　抓人才\n").as_deref(), Some("　　抓人才\n"));
        assert_eq!(find("抓人才又说", "　　抓人才\n").as_deref(), Some("抓人才"));
        assert_eq!(find("说：抓人才！又说", "抓人才。"), None, "the mark is gone, and nothing tells what belongs to the quote");
    }

    #[test]
    fn the_context_tells_which_marks_are_the_quotes() {
        let both = |same| Around { before: true, after: true, same };
        let quote = ("他说：", "“抓人才。", "”又说");
        assert_eq!(edges("他说：抓人才！”又说", "抓人才", quote, both(true)).as_deref(), Some("抓人才！"));
        assert_eq!(edges("他说：“抓好人才，”又说", "抓好人才", quote, both(false)).as_deref(), Some("“抓好人才，"));
        assert_eq!(edges("他说“抓好人才，又说", "抓好人才", quote, both(false)), None);
    }
}
