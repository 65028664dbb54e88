//! The section an annotation is on, in a text that has changed: by heading, path and context.

use super::{
    Anchored,
    edges::name_of,
    similarity::similarity,
    skeleton::{Letters, Skeleton},
};
use crate::{
    annotation::selector::Selector,
    document::{Document, Section, SectionId},
};

/// Occurrences of the heading's words looked at.
const LIMIT: usize = 4096;
/// Letters of context by which the best has to be ahead of the next.
const MARGIN: usize = 4;

/// A section that may be it.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    id: SectionId,
    same_path: bool,
    context: usize,
    likeness: f64,
}

/// Where the section is.
pub(super) fn find(document: &Document, skeleton: &Skeleton, selector: &Selector) -> Anchored {
    let heading = Letters::of(selector.matched());
    let (before, after) = (Letters::of(&selector.before), Letters::of(&selector.after));
    let candidate = |(id, section): (SectionId, Section<'_>)| {
        let own = Letters::of(&document.text(section.heading));
        let at = skeleton.index_of(section.heading.start);
        Candidate {
            id,
            same_path: document.outline.path(id) == selector.section,
            context: skeleton.letters.agree_before(at, &before) + skeleton.letters.agree_after(at + own.len(), &after),
            likeness: if own == heading { 1.0 } else { similarity(&own, &heading).min(0.999) },
        }
    };
    let all: Vec<Candidate> = document.outline.iter().map(candidate).collect();
    let same: Vec<Candidate> = all.iter().filter(|candidate| candidate.likeness >= 1.0).copied().collect();
    // Where the same words stand several times (also as no heading: torn from its line), one is the
    // copy of another, and only all of the context tells which.
    let occurrences = skeleton.letters.find(&heading, 0..skeleton.letters.len(), LIMIT).len();
    let is_copied = occurrences > 1 || same.len() > 1;
    if let Some(found) = decide(&same, |one| {
        if is_copied {
            return one.context >= before.len() + after.len();
        }
        let witness = one.context + if one.same_path { 8 } else { 0 };
        witness >= 16 || (selector.lead == Some(0) && (heading.len() >= 5 || witness >= 8))
    }) {
        return found.map_or_else(|best| review(document, best), |best| certain(document, selector, best));
    }
    // The heading was edited: the text around it, or behind it, has to be what it was.
    let like: Vec<Candidate> = all.into_iter().filter(|candidate| candidate.likeness >= 0.5).collect();
    match decide(&like, |one| one.likeness >= 0.6 && one.context >= 16 && one.same_path) {
        Some(Ok(best)) => certain(document, selector, best),
        Some(Err(best)) => review(document, best),
        None => Anchored::orphaned(),
    }
}

/// The best of some candidates, `Ok` where it is better witnessed than the next and `enough`.
fn decide(candidates: &[Candidate], enough: impl Fn(&Candidate) -> bool) -> Option<Result<Candidate, Candidate>> {
    let rank = |candidate: &Candidate| candidate.context + if candidate.same_path { 4 } else { 0 };
    let mut sorted = candidates.to_vec();
    sorted.sort_by(|a, b| rank(b).cmp(&rank(a)).then(b.likeness.total_cmp(&a.likeness)));
    let best = *sorted.first()?;
    let clear = sorted.get(1).is_none_or(|next| rank(next) + MARGIN <= rank(&best));
    Some(if clear && enough(&best) { Ok(best) } else { Err(best) })
}

fn certain(document: &Document, selector: &Selector, found: Candidate) -> Anchored {
    let Some(section) = document.outline.get(found.id) else { return Anchored::orphaned() };
    let anchor = name_of(document, selector, section.heading);
    Anchored { section: Some(found.id), ..Anchored::at(anchor, section.span) }
}

fn review(document: &Document, found: Candidate) -> Anchored {
    document.outline.get(found.id).map_or_else(Anchored::orphaned, |section| Anchored::review(section.span))
}
