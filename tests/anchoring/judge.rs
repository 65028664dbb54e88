//! What a found place is worth, by the map of every char.

use super::{Kind, Text};
use pizhu_annotation::anchor::Anchor;
use pizhu_annotation::anchor::Anchored;
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use pizhu_text::text::fold::fold;

pub enum Verdict {
    /// The edit tore the passage apart or ate a part of it although it was to leave it alone.
    NotAsked,
    Right,
    Review,
    Orphaned,
    Wrong(String),
}

/// Judges where a passage marked at `span` of `old` was found in `new`.
pub fn judge(old: &Text, new: &Text, span: Span, kind: Kind, found: &Anchored) -> Verdict {
    // Decoding takes the mark off and makes CRLF LF.
    let there: Vec<(char, Option<usize>)> = new.chars.iter().filter(|(c, _)| !matches!(c, '\u{FEFF}' | '\r')).copied().collect();
    let truth: Vec<usize> = (0..there.len()).filter(|at| there[*at].1.is_some_and(|from| span.contains(from))).collect();
    let solid = |at: &usize| !there[*at].0.is_whitespace();
    let hull = truth.first().map(|first| Span::new(*first, truth[truth.len() - 1] + 1));
    if !kind.deletes() && kind != Kind::Everything {
        let whole = truth.len() == span.len();
        let together =
            hull.is_some_and(|hull| (hull.start..hull.end).all(|at| !solid(&at) || there[at].1.is_some_and(|from| span.contains(from))));
        if kind != Kind::Inside && !(whole && together) {
            return Verdict::NotAsked;
        }
    }
    // Torn apart, with other text between its pieces, it has no place that is right.
    let torn = |hull: Span| (hull.start..hull.end).any(|at| there[at].1.is_some_and(|from| !span.contains(from)));
    if kind == Kind::Everything && hull.is_some_and(torn) {
        return Verdict::NotAsked;
    }
    if kind == Kind::DeletedParagraph && !truth.is_empty() {
        return Verdict::NotAsked;
    }
    let Some(found_span) = found.span else {
        return if found.anchor == Anchor::Review { Verdict::Review } else { Verdict::Orphaned };
    };
    let marked: Vec<usize> = truth.iter().copied().filter(solid).collect();
    let has_all = marked.iter().all(|at| found_span.contains(*at));
    // What now stands between its chars belongs to it; what stood elsewhere does not.
    let between = |at: usize| hull.is_some_and(|hull| hull.contains(at));
    let has_only =
        (found_span.start..found_span.end).filter(solid).all(|at| between(at) || there[at].1.is_none_or(|from| span.contains(from)));
    let own = hull.is_some_and(|hull| hull.start <= found_span.end && found_span.start <= hull.end);
    if !marked.is_empty() && has_all && has_only && own {
        return Verdict::Right;
    }
    if is_copy(old, &there, span, found_span) {
        return Verdict::Right;
    }
    let text = |chars: &[(char, Option<usize>)], span: Span| -> String { chars[span.start..span.end].iter().map(|(c, _)| c).collect() };
    let around = |chars: &[(char, Option<usize>)], span: Span| {
        let (from, to) = (span.start.saturating_sub(12), (span.end + 12).min(chars.len()));
        format!("{}【{}】{}", text(chars, Span::new(from, span.start)), text(chars, span), text(chars, Span::new(span.end, to)))
    };
    let wanted = hull.map_or_else(|| "nothing".to_owned(), |hull| around(&there, hull));
    Verdict::Wrong(format!("{:?}: was {}; is {}; should be {wanted}", found.anchor, around(&old.chars, span), around(&there, found_span)))
}

/// Judges where a section whose heading was `heading` of `old` was found in `new`, which was
/// parsed as `now`: right is the section whose heading has what is left of the old one's chars.
pub fn judge_section(old: &Text, new: &Text, heading: Span, kind: Kind, found: &Anchored, now: &Document) -> Verdict {
    let there: Vec<(char, Option<usize>)> = new.chars.iter().filter(|(c, _)| !matches!(c, '\u{FEFF}' | '\r')).copied().collect();
    let letter = |at: &usize| there[*at].0.is_alphanumeric();
    let left: Vec<usize> = (0..there.len()).filter(|at| there[*at].1.is_some_and(|from| heading.contains(from))).filter(letter).collect();
    let all = (heading.start..heading.end).filter(|at| old.chars[*at].0.is_alphanumeric()).count();
    // What the edit ate half of was not left alone; what is left of a deleted one is asked for.
    if !kind.deletes() && 2 * left.len() < all {
        return Verdict::NotAsked;
    }
    if kind.deletes() && !left.is_empty() {
        return Verdict::NotAsked;
    }
    let Some(section) = found.section.and_then(|id| now.outline.get(id)).filter(|_| found.span.is_some()) else {
        return if found.anchor == Anchor::Review { Verdict::Review } else { Verdict::Orphaned };
    };
    let inside = left.iter().filter(|at| section.heading.contains(**at)).count();
    let own = (section.heading.start..section.heading.end).filter(letter).count();
    // Most of what is left is in it, and it is not mostly something else.
    if !left.is_empty() && 2 * inside > left.len() && 3 * inside >= own {
        return Verdict::Right;
    }
    if is_copy(old, &there, heading, section.heading) {
        return Verdict::Right;
    }
    let text = |chars: &[(char, Option<usize>)], span: Span| -> String { chars[span.start..span.end].iter().map(|(c, _)| c).collect() };
    Verdict::Wrong(format!("{:?}: was {}; is {}", found.anchor, text(&old.chars, heading), text(&there, section.heading)))
}

/// Whether the found chars equal the marked ones in quote and in 32 folded chars on each side.
fn is_copy(old: &Text, there: &[(char, Option<usize>)], span: Span, found: Span) -> bool {
    let folded =
        |chars: &[(char, Option<usize>)]| -> Vec<char> { chars.iter().map(|(c, _)| fold(*c)).filter(|c| !c.is_whitespace()).collect() };
    let last = |chars: Vec<char>| chars[chars.len().saturating_sub(32)..].to_vec();
    let first = |chars: Vec<char>| chars[..chars.len().min(32)].to_vec();
    let (old, here) = (&old.chars, there);
    folded(&old[span.start..span.end]) == folded(&here[found.start..found.end])
        && last(folded(&old[span.start.saturating_sub(64)..span.start])) == last(folded(&here[found.start.saturating_sub(64)..found.start]))
        && first(folded(&old[span.end..(span.end + 64).min(old.len())]))
            == first(folded(&here[found.end..(found.end + 64).min(here.len())]))
}
