//! Announced sections: the list in running text that names the sections to come, as a table of contents does:
//! `报告分三个部分：一、五年的成就；二、今后的任务；三、外事工作。`

use super::{
    OrdinalKind,
    candidate::{OrdinalCandidate, OrdinalPosition},
    candidate_scanner::OutlineToken,
    punctuation::is_stop,
};
use crate::text::{Cleaning, Cursor, SourceText, Span, cursor::is_blank, fold::fold};

/// Number of lists that are looked at.
const MAX_LISTS: usize = 8;
/// How many letters of titles are compared.
const COMPARED_LETTERS: usize = 16;
/// Fewest letters of a title that is compared.
const MIN_LETTERS: usize = 2;

/// Drops the members of lists in running text each of which comes again, in order, as a heading that fills its
/// line.
pub(super) fn drop_announced(source: &SourceText, cleaning: &Cleaning, tokens: &mut Vec<OutlineToken>) {
    let mut dropped: Vec<std::ops::Range<usize>> = Vec::new();
    let mut from = 0;
    let mut begun = [false; OrdinalKind::COUNT];
    for _ in 0..MAX_LISTS {
        let Some(list) = next_list(tokens, from) else { break };
        for before in tokens[from..list.start].iter().filter_map(candidate).filter(|before| is_heading(before)) {
            begun[before.ordinal.kind.index()] = true;
        }
        from = list.end;
        // Once a heading of the kind has come, the sections have begun.
        let kind = candidate(&tokens[list.start]).map(|first| first.ordinal.kind);
        if kind.is_none_or(|kind| kind.is_word() || begun[kind.index()]) {
            continue;
        }
        let letters = |candidate: &OrdinalCandidate| title_letters(source, cleaning, candidate);
        let mut after = tokens[list.end..].iter().filter_map(candidate).filter(|heading| is_heading(heading));
        let comes_again = tokens[list.clone()].iter().filter_map(candidate).all(|member| {
            let title = letters(member);
            let heading =
                after.find(|heading| heading.ordinal.kind == member.ordinal.kind && heading.ordinal.number == member.ordinal.number);
            title.chars().count() >= MIN_LETTERS && heading.is_some_and(|heading| letters(heading) == title)
        });
        if comes_again {
            dropped.push(list);
        }
    }
    for list in dropped.into_iter().rev() {
        tokens.drain(list);
    }
}

/// The next list in running text from `from` on: two members at least in one line, counted from 1.
fn next_list(tokens: &[OutlineToken], from: usize) -> Option<std::ops::Range<usize>> {
    let mut start = from;
    while start < tokens.len() {
        let Some(first) = candidate(&tokens[start]).filter(|first| first.ordinal.number == 1 && is_run_in(first)) else {
            start += 1;
            continue;
        };
        let member = |nth: usize, token: &OutlineToken| {
            candidate(token).is_some_and(|next| {
                is_run_in(next)
                    && next.line == first.line
                    && next.ordinal.kind == first.ordinal.kind
                    && next.ordinal.number as usize == nth + 1
            })
        };
        let count = tokens[start..].iter().enumerate().take_while(|(nth, token)| member(*nth, token)).count();
        if count >= 2 {
            return Some(start..start + count);
        }
        start += count.max(1);
    }
    None
}

fn candidate(token: &OutlineToken) -> Option<&OrdinalCandidate> {
    if let OutlineToken::Candidate(candidate) = token { Some(candidate) } else { None }
}

fn is_run_in(candidate: &OrdinalCandidate) -> bool {
    candidate.position != OrdinalPosition::LineStart
}

fn is_heading(candidate: &OrdinalCandidate) -> bool {
    candidate.position == OrdinalPosition::LineStart && candidate.whole_line
}

/// The letters of the title up to the first mark that ends a clause or the line.
fn title_letters(source: &SourceText, cleaning: &Cleaning, candidate: &OrdinalCandidate) -> String {
    let from = candidate.ordinal.title_start as usize;
    let chars = Cursor::new(source, cleaning, Span::new(from, source.len())).map(|(_, c)| c);
    chars
        .take_while(|c| !is_stop(*c) && *c != '\n')
        .filter(|c| !is_blank(*c) && c.is_alphanumeric())
        .take(COMPARED_LETTERS)
        .map(fold)
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::document::{Hints, parse};
    use crate::text::SourceText;

    /// Markers and titles of the sections of a text.
    fn titles(text: &str) -> Vec<String> {
        let outline = parse(SourceText::from(text), &Hints::default()).outline;
        outline.sections().iter().map(|section| format!("{}{}", section.marker_text, section.title_text)).collect()
    }

    #[test]
    fn a_list_that_names_the_sections_to_come_is_text() {
        let body = "一、五年的成就\n\n粮食增产三成。\n\n二、今后的任务\n\n再增三成。\n";
        let announced = format!("各位代表：\n\n我的报告分两个部分：一、五年的成就；二、今后的任务。\n\n{body}");
        assert_eq!(titles(&announced), ["一、五年的成就", "二、今后的任务"]);
        let others = format!("各位代表：\n\n我先讲两件事：一、会期三天；二、住在县城。\n\n{body}");
        assert_eq!(titles(&others).len(), 4);
    }
}
