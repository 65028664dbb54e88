//! Judges resolutions by the known origin of every char.

use super::{EditKind, TracedText};
use pizhu_annotation::anchor::AnchorStatus;
use pizhu_annotation::anchor::Resolution;
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use pizhu_text::text::fold::fold;

/// Outcome of one resolution.
pub enum AnchorVerdict {
    /// Not counted: the edit hit the passage although its kind should leave it intact, or the other
    /// way round.
    NotCounted,
    Right,
    Review,
    Orphaned,
    Wrong(String),
}

/// Judges the resolution in `new` of a passage that was marked at `span` of `old`.
pub fn judge(old: &TracedText, new: &TracedText, span: Span, kind: EditKind, found: &Resolution) -> AnchorVerdict {
    // Decoding removes the byte order mark and turns CRLF into LF.
    let chars: Vec<(char, Option<usize>)> = new.chars.iter().filter(|(c, _)| !matches!(c, '\u{FEFF}' | '\r')).copied().collect();
    let remaining: Vec<usize> = (0..chars.len()).filter(|at| chars[*at].1.is_some_and(|from| span.contains(from))).collect();
    let is_visible = |at: &usize| !chars[*at].0.is_whitespace();
    let extent = remaining.first().map(|first| Span::new(*first, remaining[remaining.len() - 1] + 1));
    if !kind.deletes() && kind != EditKind::Everything {
        let whole = remaining.len() == span.len();
        let contiguous = extent.is_some_and(|extent| {
            (extent.start..extent.end).all(|at| !is_visible(&at) || chars[at].1.is_some_and(|from| span.contains(from)))
        });
        if !(kind.edits_passages() || whole && contiguous) {
            return AnchorVerdict::NotCounted;
        }
    }
    // A passage with other original text between its parts has no right resolution.
    let is_torn = |extent: Span| (extent.start..extent.end).any(|at| chars[at].1.is_some_and(|from| !span.contains(from)));
    if kind == EditKind::Everything && extent.is_some_and(is_torn) {
        return AnchorVerdict::NotCounted;
    }
    if kind == EditKind::DeletedParagraph && !remaining.is_empty() {
        return AnchorVerdict::NotCounted;
    }
    if kind == EditKind::Everything && found.status == AnchorStatus::Orphaned && !remaining.iter().any(|at| chars[*at].0.is_alphanumeric())
    {
        return AnchorVerdict::Right;
    }
    let Some(found_span) = found.span else {
        return if found.status == AnchorStatus::Review { AnchorVerdict::Review } else { AnchorVerdict::Orphaned };
    };
    let visible: Vec<usize> = remaining.iter().copied().filter(is_visible).collect();
    let contains_all = visible.iter().all(|at| found_span.contains(*at));
    // Insertions between its chars belong to the passage; other original text does not.
    let is_within_extent = |at: usize| extent.is_some_and(|extent| extent.contains(at));
    let contains_only = (found_span.start..found_span.end)
        .filter(is_visible)
        .all(|at| is_within_extent(at) || chars[at].1.is_none_or(|from| span.contains(from)));
    let overlaps = extent.is_some_and(|extent| extent.start <= found_span.end && found_span.start <= extent.end);
    if !visible.is_empty() && contains_all && contains_only && overlaps {
        return AnchorVerdict::Right;
    }
    if is_copy(old, &chars, span, found_span) {
        return AnchorVerdict::Right;
    }
    AnchorVerdict::Wrong(describe(old, new, span, found))
}

/// A case in words: the passage marked at `span` of `old`, where it was found or is proposed in `new`, and what is left of it.
pub fn describe(old: &TracedText, new: &TracedText, span: Span, found: &Resolution) -> String {
    let chars: Vec<(char, Option<usize>)> = new.chars.iter().filter(|(c, _)| !matches!(c, '\u{FEFF}' | '\r')).copied().collect();
    let mut remaining = (0..chars.len()).filter(|at| chars[*at].1.is_some_and(|from| span.contains(from)));
    let extent = remaining.next().map(|first| Span::new(first, remaining.next_back().unwrap_or(first) + 1));
    let text = |chars: &[(char, Option<usize>)], span: Span| -> String { chars[span.start..span.end].iter().map(|(c, _)| c).collect() };
    let with_context = |chars: &[(char, Option<usize>)], span: Span| {
        let (from, to) = (span.start.saturating_sub(40), (span.end + 40).min(chars.len()));
        format!("{}【{}】{}", text(chars, Span::new(from, span.start)), text(chars, span), text(chars, Span::new(span.end, to)))
    };
    let or_nothing = |span: Option<Span>| span.map_or_else(|| "nothing".to_owned(), |span| with_context(&chars, span));
    format!(
        "{:?}\n   was {}\n   is {}\n   should be {}",
        found.status,
        with_context(&old.chars, span),
        or_nothing(found.span.or(found.proposed)),
        or_nothing(extent)
    )
}

/// Judges the resolution in `new`, parsed as `document`, of a section whose heading was at `heading`
/// in `old`. Right is the section whose heading has most of the remaining chars of the old heading.
pub fn judge_section(
    old: &TracedText,
    new: &TracedText,
    heading: Span,
    kind: EditKind,
    found: &Resolution,
    document: &Document,
) -> AnchorVerdict {
    let chars: Vec<(char, Option<usize>)> = new.chars.iter().filter(|(c, _)| !matches!(c, '\u{FEFF}' | '\r')).copied().collect();
    let is_alphanumeric = |at: &usize| chars[*at].0.is_alphanumeric();
    let remaining: Vec<usize> =
        (0..chars.len()).filter(|at| chars[*at].1.is_some_and(|from| heading.contains(from))).filter(is_alphanumeric).collect();
    let all = (heading.start..heading.end).filter(|at| old.chars[*at].0.is_alphanumeric()).count();
    // Not counted: half of the heading was deleted by an edit elsewhere.
    if !kind.deletes() && 2 * remaining.len() < all {
        return AnchorVerdict::NotCounted;
    }
    if kind.deletes() && !remaining.is_empty() {
        return AnchorVerdict::NotCounted;
    }
    let text = |chars: &[(char, Option<usize>)], span: Span| -> String { chars[span.start..span.end].iter().map(|(c, _)| c).collect() };
    let described = |is: String| {
        let around = remaining
            .first()
            .map_or(Span::new(0, 0), |first| Span::new(first.saturating_sub(60), (remaining[remaining.len() - 1] + 60).min(chars.len())));
        format!("{:?}\n   was {}\n   is {is}\n   should be in {}", found.status, text(&old.chars, heading), text(&chars, around))
    };
    if let (None, Some(span)) = (found.section, found.span) {
        // The heading is none any more in the outline; its words, and those below it, are there.
        let first = remaining.first().copied().unwrap_or(usize::MAX);
        let is_put_in = |at: usize| chars[at].1.is_none() || chars[at].0.is_whitespace() || !chars[at].0.is_alphanumeric();
        return if remaining.iter().all(|at| span.contains(*at)) && first < span.end && (span.start..first).all(is_put_in) {
            AnchorVerdict::Right
        } else {
            AnchorVerdict::Wrong(described(format!("not a heading: {}", document.quote(span))))
        };
    }
    let Some(section) = found.section.and_then(|id| document.outline.get(id)).filter(|_| found.span.is_some()) else {
        return if found.status == AnchorStatus::Review { AnchorVerdict::Review } else { AnchorVerdict::Orphaned };
    };
    let inside = remaining.iter().filter(|at| section.heading.contains(**at)).count();
    let heading_len = (section.heading.start..section.heading.end).filter(is_alphanumeric).count();
    // It contains most of the remaining chars, and they are at least a third of it.
    if !remaining.is_empty() && 2 * inside > remaining.len() && 3 * inside >= heading_len {
        return AnchorVerdict::Right;
    }
    if is_copy(old, &chars, heading, section.heading) {
        return AnchorVerdict::Right;
    }
    AnchorVerdict::Wrong(described(text(&chars, section.heading)))
}

/// Whether the resolved span has the same quote and the same 32 folded chars on each side.
fn is_copy(old: &TracedText, chars: &[(char, Option<usize>)], span: Span, found: Span) -> bool {
    let folded =
        |chars: &[(char, Option<usize>)]| -> Vec<char> { chars.iter().map(|(c, _)| fold(*c)).filter(|c| !c.is_whitespace()).collect() };
    let last = |chars: Vec<char>| chars[chars.len().saturating_sub(32)..].to_vec();
    let first = |chars: Vec<char>| chars[..chars.len().min(32)].to_vec();
    let (old, new_chars) = (&old.chars, chars);
    folded(&old[span.start..span.end]) == folded(&new_chars[found.start..found.end])
        && last(folded(&old[span.start.saturating_sub(64)..span.start]))
            == last(folded(&new_chars[found.start.saturating_sub(64)..found.start]))
        && first(folded(&old[span.end..(span.end + 64).min(old.len())]))
            == first(folded(&new_chars[found.end..(found.end + 64).min(new_chars.len())]))
}
