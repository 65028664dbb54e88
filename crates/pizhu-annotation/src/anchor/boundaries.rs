//! Extends a match of significant chars to exact char boundaries: decides which punctuation and
//! white space at both ends belong to the quote, and whether the text found is the same.

use super::resolution::AnchorStatus;
use crate::selector::{Selector, is_full_context};
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use pizhu_text::text::fold::fold;

/// Folds punctuation marks that mean the same: width, straight and curved quotes, Chinese and ASCII
/// full stops. Example: `「`, `“` and `"` all give `"`.
pub(super) fn normalize_mark(c: char) -> char {
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

/// Whether the char is neither white space nor invisible (zero-width chars, BOM, soft hyphen).
pub(super) fn is_visible(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{AD}')
}

/// The form in which texts are compared: folded marks, no white space.
/// Example: `“抓 人才。”` gives `"抓人才."`.
fn normalize(text: &str) -> impl DoubleEndedIterator<Item = char> {
    text.chars().filter(|c| is_visible(*c)).map(normalize_mark)
}

/// Which surroundings of a match agree with the selector.
#[derive(Debug, Clone, Copy)]
pub(super) struct ContextMatch {
    /// Number of significant chars before the match that are those before the quote, counted from
    /// the match outwards.
    pub(super) before: usize,
    /// Likewise after the match.
    pub(super) after: usize,
    /// The match has exactly the significant chars of the quote.
    pub(super) same: bool,
}

fn is_letter(c: char) -> bool {
    fold(c).is_alphanumeric()
}

/// Extends `core` (the matched letters and digits) by the marks and spaces that belong to the
/// quote. `None` if this is ambiguous.
///
/// Example: for the quote `“抓人才。”` and the text `说：“抓人才。”又说`, the core `抓人才` grows
/// to `“抓人才。”`.
pub(super) fn extend_to_boundaries(document: &Document, selector: &Selector, core: Span, context_match: ContextMatch) -> Option<Span> {
    let ContextMatch { before, after, same } = context_match;
    Some(Span::new(extend_start(document, selector, core, (before, same))?, extend_end(document, selector, core, (after, same))?))
}

/// The start of [`extend_to_boundaries`], by the context that agrees before, and whether the match is the same.
pub(super) fn extend_start(document: &Document, selector: &Selector, core: Span, (agreement, same): (usize, bool)) -> Option<usize> {
    let back = || document.source.chars_before(core.start);
    // Marks of the quote and of the context, in order from the letters outwards.
    let lead: Vec<char> = selector.quote.chars().take_while(|c| !is_letter(*c)).collect::<Vec<_>>().into_iter().rev().collect();
    let before: Vec<char> = selector.before.chars().rev().take_while(|c| !is_letter(*c)).filter(|c| is_visible(*c)).collect();
    let start = find_end(&lead, &before, agreement_of(agreement, &selector.before), same, back)?;
    if agreement == 0 && has_marks_at_context(&lead, selector.before.chars().rev(), back()) {
        return None;
    }
    let is_clear = !may_have_absorbed(mark_count(start, back()), &lead, &selector.before, agreement);
    is_clear.then_some(if let QuoteEnd::At(first) = start { first } else { core.start })
}

/// The end of [`extend_to_boundaries`], by the context that agrees after, and whether the match is the same.
pub(super) fn extend_end(document: &Document, selector: &Selector, core: Span, (agreement, same): (usize, bool)) -> Option<usize> {
    let on = || document.source.chars_from(core.end);
    let trail: Vec<char> = selector.quote.chars().rev().take_while(|c| !is_letter(*c)).collect::<Vec<_>>().into_iter().rev().collect();
    let after: Vec<char> = selector.after.chars().take_while(|c| !is_letter(*c)).filter(|c| is_visible(*c)).collect();
    let end = find_end(&trail, &after, agreement_of(agreement, &selector.after), same, on)?;
    if agreement == 0 && has_marks_at_context(&trail, selector.after.chars(), on()) {
        return None;
    }
    let is_clear = !may_have_absorbed(mark_count(end, on()), &trail, &selector.after, agreement);
    is_clear.then_some(if let QuoteEnd::At(last) = end { last + 1 } else { core.end })
}

/// Whether all context and marks around the quote's letters are also around `core`.
pub(super) fn surroundings_match(document: &Document, selector: &Selector, core: Span) -> bool {
    let lead: String = selector.quote.chars().take_while(|c| !is_letter(*c)).collect();
    let trail: Vec<char> = selector.quote.chars().rev().take_while(|c| !is_letter(*c)).collect();
    let before = format!("{}{lead}", selector.before);
    let after: String = trail.into_iter().rev().chain(selector.after.chars()).collect();
    let same = |wanted: Vec<char>, mut there: Box<dyn Iterator<Item = char> + '_>| wanted.into_iter().all(|c| there.next() == Some(c));
    let back = document.source.chars_before(core.start).map(|(_, c)| c).filter(|c| is_visible(*c)).map(normalize_mark);
    let on = document.source.chars_from(core.end).map(|(_, c)| c).filter(|c| is_visible(*c)).map(normalize_mark);
    same(normalize(&before).rev().collect(), Box::new(back)) && same(normalize(&after).collect(), Box::new(on))
}

/// Whether `span` has the letters, digits and marks of the quote, and those of its whole context are around it.
pub(super) fn stands_as_before(document: &Document, selector: &Selector, span: Span) -> bool {
    let forms = |chars: &mut dyn Iterator<Item = (usize, char)>, count: usize| -> Vec<char> {
        chars.map(|(_, c)| c).filter(|c| is_visible(*c)).map(normalize_mark).take(count).collect()
    };
    let same = |wanted: Vec<char>, context: &str, there: &mut dyn Iterator<Item = (usize, char)>| {
        // A context cut short is at the start or end of the text, with nothing beyond.
        wanted == forms(there, wanted.len() + usize::from(!is_full_context(context)))
    };
    let Selector { before, after, quote, .. } = selector;
    normalize(&document.quote(span)).eq(normalize(quote))
        && same(normalize(before).rev().collect(), before, &mut document.source.chars_before(span.start))
        && same(normalize(after).collect(), after, &mut document.source.chars_from(span.end))
}

/// Whether a letter that replaced marks at an end of the quote, or came between them, may be taken for the first
/// one of the context: of the quote's marks there are only so many, and little of the context follows.
///
/// Example: the quote `有盼头，` before `要靠实干` and the text `有盼头要要靠实干`: either 要 may be the
/// one that came in place of the comma.
fn may_have_absorbed(mark_count: usize, own: &[char], context: &str, agreement: usize) -> bool {
    mark_count < own.iter().filter(|c| is_visible(**c)).count() && agreement > 0 && agreement_of(agreement, context) != Agreement::Firm
}

/// The visible chars in their normal forms, up to so many letters.
fn up_to(chars: impl Iterator<Item = char>, letters: usize) -> Vec<char> {
    let mut left = letters;
    let near = chars.filter(|c| is_visible(*c)).take_while(|c| {
        let is_within = left > 0;
        left = left.saturating_sub(usize::from(is_letter(*c)));
        is_within
    });
    near.map(normalize_mark).collect()
}

/// Whether the quote's marks at an end are also where its context begins, beyond a phrase that was put in, or in it, the
/// letters before them being gone: either may be the quote's. `own`, `context` and `there` lead outwards from its letters.
///
/// Example: the quote `，要办好` after `第三`, and the text `第三，切实，要办好`. Or the quote `会场”` before `里讲明，先学会“剪枝`,
/// and the text `会场“剪枝`.
fn has_marks_at_context(own: &[char], context: impl Iterator<Item = char>, there: impl Iterator<Item = (usize, char)>) -> bool {
    /// Letters of context that are not so near by chance.
    const CONTEXT: usize = 2;
    const MAX_PUT_IN: usize = 48;
    let own: Vec<char> = own.iter().copied().filter(|c| is_visible(*c)).map(normalize_mark).collect();
    if own.is_empty() {
        return false;
    }
    let context = up_to(context, usize::MAX);
    let there = up_to(there.map(|(_, c)| c), MAX_PUT_IN + CONTEXT);
    let wanted: Vec<char> = own.iter().copied().chain(up_to(context.iter().copied(), CONTEXT)).collect();
    // What is next to the letters of the quote is a mark that was between others of the context.
    let next = up_to(there.iter().copied(), CONTEXT);
    let is_of_context = |mark: usize| {
        let wanted = &next[mark..];
        own.contains(&wanted[0]) && context.windows(wanted.len()).any(|marks| marks == wanted)
    };
    let is_whole = |marks: &[char]| marks.iter().filter(|c| is_letter(**c)).count() == CONTEXT;
    (is_whole(&wanted) && there.windows(wanted.len()).skip(1).any(|marks| marks == wanted))
        || (is_whole(&next) && (0..next.len()).take_while(|at| !is_letter(next[*at])).any(is_of_context))
}

/// How far the context next to an end of a quote agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Agreement {
    None,
    /// So little that it may be chance.
    Little,
    Firm,
}

fn agreement_of(agreement: usize, context: &str) -> Agreement {
    /// Significant chars of context that cannot agree by chance.
    const MIN_AGREEMENT: usize = 6;
    match agreement {
        0 => Agreement::None,
        some if some < MIN_AGREEMENT.min(context.chars().filter(|c| is_letter(*c)).count()) => Agreement::Little,
        _ => Agreement::Firm,
    }
}

/// Number of marks that an end of a quote has in the text, which leads outwards from its letters.
fn mark_count(end: QuoteEnd, text: impl Iterator<Item = (usize, char)>) -> usize {
    let QuoteEnd::At(last) = end else { return 0 };
    let mut count = 0;
    for (at, c) in text {
        count += usize::from(is_visible(c));
        if at == last {
            break;
        }
    }
    count
}

/// One end of a quote, seen from its letters outwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum QuoteEnd {
    /// The quote ends with its last letter.
    Letters,
    /// Offset of the outermost char that belongs to the quote.
    At(usize),
}

impl QuoteEnd {
    fn from_last(last: Option<usize>) -> Self {
        last.map_or(Self::Letters, Self::At)
    }
}

/// Finds one end of the quote in `there`, the chars of the text from the letters outwards. `own`
/// are the quote's marks on that side, `context` the marks of the context after them. `None` if
/// ambiguous.
fn find_end<I: Iterator<Item = (usize, char)>>(
    own: &[char],
    context: &[char],
    agreement: Agreement,
    same: bool,
    there: impl Fn() -> I,
) -> Option<QuoteEnd> {
    let mark_count = own.iter().filter(|c| is_visible(**c)).count();
    let matched = match_outward(own.iter().copied(), there());
    // A mark after a line end, followed by other words, may belong to another paragraph.
    let adjacent = agreement != Agreement::None;
    let foreign = agreement != Agreement::Firm && mark_count > 0 && own.contains(&'\n');
    let plain = || (matched.mark_count == mark_count && !foreign).then_some(QuoteEnd::from_last(matched.last));
    // Between two matching letters the text has the quote's marks, followed by the context's.
    let between = || {
        let marks: Vec<(usize, char)> = there().take_while(|(_, c)| !is_letter(*c)).filter(|(_, c)| is_visible(*c)).collect();
        let left = marks.len().checked_sub(context.len()).filter(|_| adjacent && !foreign)?;
        let is_context = marks[left..].iter().map(|(_, c)| normalize_mark(*c)).eq(context.iter().map(|c| normalize_mark(*c)));
        is_context.then(|| QuoteEnd::from_last(left.checked_sub(1).map(|last| marks[last].0)))
    };
    // Of two equal marks, one the quote's and one the context's, one is left: it may be either.
    let outermost = own.iter().rev().find(|c| is_visible(**c)).map(|c| normalize_mark(*c));
    if matched.mark_count == mark_count && outermost.is_some() && outermost == context.first().map(|c| normalize_mark(*c)) {
        let beyond = there().skip_while(|(at, _)| Some(*at) != matched.last).skip(1).find(|(_, c)| is_visible(*c));
        if beyond.map(|(_, c)| normalize_mark(c)) != outermost {
            return None;
        }
    }
    if same { plain().or_else(between) } else { between().or_else(|| if adjacent { None } else { plain() }) }
}

/// How far the quote's marks were matched.
struct EndMatch {
    /// Offset of the last char that both have.
    last: Option<usize>,
    /// Number of marks that both have.
    mark_count: usize,
}

/// Matches `wanted` along `there`. White space on one side only is skipped and not counted as
/// matched.
fn match_outward(wanted: impl Iterator<Item = char>, there: impl Iterator<Item = (usize, char)>) -> EndMatch {
    let mut there = there.peekable();
    let mut matched = EndMatch { last: None, mark_count: 0 };
    for c in wanted {
        if is_visible(c) {
            while there.next_if(|(_, other)| !is_visible(*other)).is_some() {}
            let Some((at, _)) = there.next_if(|(_, other)| normalize_mark(*other) == normalize_mark(c)) else { break };
            matched = EndMatch { last: Some(at), mark_count: matched.mark_count + 1 };
        } else if let Some((at, _)) = there.next_if(|(_, other)| !is_visible(*other) && (*other == '\n') == (c == '\n')) {
            matched.last = Some(at);
        }
    }
    matched
}

/// Classifies a certain match by comparing its chars with the quote.
pub(super) fn classify(document: &Document, selector: &Selector, span: Span) -> AnchorStatus {
    let raw = document.source.slice(span);
    if raw == selector.quote {
        return if span.start == selector.start { AnchorStatus::Exact } else { AnchorStatus::Moved };
    }
    let clean = document.text(span);
    let quote = selector.cleaned_quote();
    if normalize(&clean).eq(normalize(quote)) || normalize(&raw).eq(normalize(&selector.quote)) {
        AnchorStatus::Moved
    } else {
        AnchorStatus::Changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::text::SourceText;

    fn edges(text: &str, core: &str, (before, quote, after): (&str, &str, &str), context_match: ContextMatch) -> Option<String> {
        let document = Document::from(SourceText::from(text));
        let at = text[..text.find(core).unwrap()].chars().count();
        let selector = Selector { quote: quote.to_owned(), before: before.to_owned(), after: after.to_owned(), ..Selector::default() };
        let span = extend_to_boundaries(&document, &selector, Span::new(at, at + core.chars().count()), context_match)?;
        Some(document.quote(span))
    }

    #[test]
    fn a_quote_is_asked_about_when_a_letter_came_in_place_of_its_closing_mark() {
        let quote = ("要让群众", "有盼头，", "要靠实干");
        let after = |after| ContextMatch { before: 4, after, same: true };
        assert_eq!(edges("要让群众有盼头要要靠实干", "有盼头", quote, after(1)), None);
        assert_eq!(edges("要让群众有盼头要靠实干", "有盼头", quote, after(4)).as_deref(), Some("有盼头"));
        let quote = ("调整《*", "*市区", "十一五");
        assert_eq!(edges("调整《*市区十一五", "市区", quote, after(3)), None, "either mark is gone");
        assert_eq!(edges("调整《**市区十一五", "市区", quote, after(3)).as_deref(), Some("*市区"));
        let quote = ("放学以后没人接的", "，“四点半", "”课堂");
        let before = |before| ContextMatch { before, after: 2, same: true };
        assert_eq!(edges("没人接的，的“四点半”课堂", "四点半", quote, before(1)), None, "either 的 is the context's");
        assert_eq!(edges("放学以后没人接的，“四点半”课堂", "四点半", quote, before(8)).as_deref(), Some("，“四点半"));
    }

    #[test]
    fn a_quote_is_asked_about_when_a_phrase_came_between_two_equal_marks() {
        let quote = ("写好报告。第三", "，要办好，", "再往前走");
        let alone = |before, after| ContextMatch { before, after, same: true };
        assert_eq!(edges("报告。第三，值得学习，要办好，再往前走", "要办好", quote, alone(0, 4)), None, "either comma");
        assert_eq!(edges("报告。第三值得学习，要办好，再往前走", "要办好", quote, alone(0, 4)).as_deref(), Some("，要办好，"));
        assert_eq!(edges("报告。第三，要办好，切实，再往前走", "要办好", quote, alone(6, 0)), None, "either comma");
        assert_eq!(edges("报告。第三，要办好，切实再往前走", "要办好", quote, alone(6, 0)).as_deref(), Some("，要办好，"));
    }

    #[test]
    fn a_quote_is_asked_about_when_its_closing_mark_may_be_one_of_its_context() {
        let quote = ("老站长", "在会场”", "里讲明，先学会“剪枝疏果");
        let after = |after| ContextMatch { before: 6, after, same: true };
        assert_eq!(edges("老站长在会场“剪枝疏果", "在会场", quote, after(0)), None);
        assert_eq!(edges("老站长在会场”说道，先学会“剪枝疏果", "在会场", quote, after(0)).as_deref(), Some("在会场”"));
    }

    #[test]
    fn quote_boundaries_include_its_marks() {
        let alone = ContextMatch { before: 0, after: 0, same: true };
        let find = |text: &str, quote: &str| edges(text, "抓人才", ("", quote, ""), alone);
        assert_eq!(find("说：“抓人才。”又说", "“抓人才。”").as_deref(), Some("“抓人才。”"));
        assert_eq!(find("说:\"抓人才.\"又说", "“抓人才。”").as_deref(), Some("\"抓人才.\""));
        assert_eq!(find("说：“抓人才。”又说", "抓人才").as_deref(), Some("抓人才"));
        assert_eq!(find("说：“抓人才\n。”又说", "抓人才。").as_deref(), Some("抓人才\n。"));
        assert_eq!(find("　　抓人才\n又说", "　　抓人才\n").as_deref(), Some("　　抓人才\n"));
        assert_eq!(find("抓人才又说", "　　抓人才\n").as_deref(), Some("抓人才"));
        assert_eq!(find("说：抓人才！又说", "抓人才。"), None, "the mark is missing, so the boundary is ambiguous");
    }

    #[test]
    fn context_decides_which_marks_belong_to_the_quote() {
        let both = |same| ContextMatch { before: 2, after: 2, same };
        let quote = ("他说：", "“抓人才。", "”又说");
        assert_eq!(edges("他说：抓人才！”又说", "抓人才", quote, both(true)).as_deref(), Some("抓人才！"));
        assert_eq!(edges("他说：“抓好人才，”又说", "抓好人才", quote, both(false)).as_deref(), Some("“抓好人才，"));
        assert_eq!(edges("他说“抓好人才，又说", "抓好人才", quote, both(false)), None);
    }
}
