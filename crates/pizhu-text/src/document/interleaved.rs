//! Interleaved counts: paragraphs counted through headings whose own count runs on, where the paragraphs began first:
//! `7.` `(b)` `8.` `(c)` `9.`

use super::{
    OrdinalKind,
    candidate::{Interleaved, OrdinalPosition},
    candidate_scanner::OutlineToken,
};

/// Fewest headings that such a count runs through.
const MIN_INTERLEAVED_PARTS: usize = 2;

/// A count of paragraphs that runs on through headings whose own count runs on, too.
#[derive(Debug, Default)]
struct InterleavedCount {
    /// The last member: its number and the heading above it.
    last: Option<(u32, Option<(OrdinalKind, u32)>)>,
    /// The members below headings, with the kind of these.
    members: Vec<(usize, OrdinalKind)>,
    /// The headings.
    parts: Vec<usize>,
    /// Whether its first member stands above all headings.
    begins_before: bool,
}

impl InterleavedCount {
    /// Marks its members and their headings if there are enough of these.
    fn mark(&mut self, tokens: &mut [OutlineToken]) {
        let told = std::mem::take(self);
        if !told.begins_before || told.parts.len() < MIN_INTERLEAVED_PARTS {
            return;
        }
        let marks = told.members.into_iter().map(|(index, kind)| (index, Interleaved::Member(kind)));
        for (index, mark) in marks.chain(told.parts.into_iter().map(|index| (index, Interleaved::Part))) {
            if let OutlineToken::Candidate(candidate) = &mut tokens[index] {
                candidate.interleaved = mark;
            }
        }
    }
}

/// Marks the counts of paragraphs that begin before the headings that they run through: `7.` `(b)` `8.` `(c)` `9.`
pub(super) fn find_interleaved_counts(tokens: &mut [OutlineToken]) {
    let mut counts: [InterleavedCount; OrdinalKind::COUNT] = std::array::from_fn(|_| InterleavedCount::default());
    let mut last = [0; OrdinalKind::COUNT];
    // The last heading: where it stands, its kind and its number.
    let mut heading: Option<(usize, OrdinalKind, u32)> = None;
    for index in 0..tokens.len() {
        let OutlineToken::Candidate(candidate) = tokens[index] else {
            heading = None;
            for count in &mut counts {
                count.mark(tokens);
            }
            continue;
        };
        let (kind, number) = (candidate.ordinal.kind, candidate.ordinal.number);
        let counted = !kind.is_word() && kind != OrdinalKind::Decimal && !matches!(kind, OrdinalKind::Part(_));
        if candidate.position != OrdinalPosition::LineStart || !candidate.ordinal.well_formed || candidate.level > 0 || !counted {
            continue;
        }
        if number <= std::mem::replace(&mut last[kind.index()], number) {
            // Headings that begin anew belong to the members.
            for count in counts.iter_mut().filter(|count| count.members.last().is_some_and(|(_, part)| *part == kind)) {
                count.mark(tokens);
            }
        }
        if candidate.whole_line {
            heading = Some((index, kind, number));
            continue;
        }
        let below = heading.filter(|(_, other, _)| *other != kind);
        let above_it = below.map(|(_, kind, number)| (kind, number));
        let count = &mut counts[kind.index()];
        let carries_on = count.last.is_some_and(|(last, before)| {
            let next_part = match (before, above_it) {
                (Some((before, last)), Some((kind, number))) => before == kind && (number == last || number == last + 1),
                (before, _) => before.is_none(),
            };
            last + 1 == number && next_part
        });
        if !carries_on {
            count.mark(tokens);
            counts[kind.index()].begins_before = above_it.is_none();
        }
        let count = &mut counts[kind.index()];
        if let Some((part, kind, _)) = below {
            count.members.push((index, kind));
            if count.parts.last() != Some(&part) {
                count.parts.push(part);
            }
        }
        count.last = Some((number, above_it));
    }
    for count in &mut counts {
        count.mark(tokens);
    }
}
