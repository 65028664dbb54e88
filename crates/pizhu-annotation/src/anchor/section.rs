//! The section an annotation is on, in a text that has changed: by heading, path and context.

use super::{
    Anchored,
    edges::name_of,
    similarity::similarity,
    skeleton::{Letters, Skeleton},
};
use crate::selector::Selector;
use pizhu_text::document::Document;
use pizhu_text::document::Section;
use pizhu_text::document::SectionId;

/// Occurrences of the heading's words looked at.
const LIMIT: usize = 4096;
/// Letters of context by which the best has to be ahead of the next.
const MARGIN: usize = 4;

/// Letters of context, and of the heading beside it, that tell where the heading was torn.
const NEAR: usize = 10;
const REST: usize = 2;
/// Letters that may have got into a heading without its being torn.
const SLACK: usize = 8;

/// A section that may be it.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    id: SectionId,
    /// Where its heading's letters begin.
    at: usize,
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
            at,
            same_path: document.outline.path(id) == selector.section,
            context: skeleton.letters.agree_before(at, &before) + skeleton.letters.agree_after(at + own.len(), &after),
            likeness: if own == heading { 1.0 } else { similarity(&own, &heading).min(0.999) },
        }
    };
    let all: Vec<Candidate> = document.outline.iter().map(candidate).collect();
    let same: Vec<Candidate> = all.iter().filter(|candidate| candidate.likeness >= 1.0).copied().collect();
    // Where the same words stand several times (also as no heading: torn from its line), one is the
    // copy of another, and only all of the context tells which.
    let letters = &skeleton.letters;
    let places = letters.find(&heading, 0..letters.len(), LIMIT);
    let is_copied = places.len() > 1 || same.len() > 1;
    let is_torn = |one: &Candidate| is_torn(letters, &heading, (&before, &after), one.at);
    if let Some(found) = decide(&same, |one| {
        let is_full = one.context >= before.len() + after.len();
        if is_full || is_copied {
            return is_full;
        }
        let witness = one.context + if one.same_path { 8 } else { 0 };
        !is_torn(one) && (witness >= 16 || (selector.lead == Some(0) && (heading.len() >= 5 || witness >= 8)))
    }) {
        return found.map_or_else(|best| review(document, best), |best| certain(document, selector, best));
    }
    // The heading was edited: the text around it, or behind it, has to be what it was.
    let like: Vec<Candidate> = all.into_iter().filter(|candidate| candidate.likeness >= 0.5).collect();
    match decide(&like, |one| one.likeness >= 0.6 && one.context >= 16 && one.same_path && !is_torn(one)) {
        Some(Ok(best)) => certain(document, selector, best),
        Some(Err(best)) => review(document, best),
        None => {
            // The words may be there, and what made a heading of them is not.
            let context = |at: usize| letters.agree_before(at, &before) + letters.agree_after(at + heading.len(), &after);
            let best = places.into_iter().max_by_key(|at| context(*at)).filter(|at| context(*at) >= 16);
            let span = best.and_then(|at| skeleton.source_span(at, at + heading.len()));
            span.map_or_else(Anchored::orphaned, Anchored::review)
        }
    }
}

/// Whether pieces of the heading stand by its context elsewhere than at `found`: something was put
/// into the heading, and what was found is a copy of it.
fn is_torn(letters: &Letters, heading: &Letters, (before, after): (&Letters, &Letters), found: usize) -> bool {
    let (before, after) = (before.last(NEAR), after.first(NEAR));
    let places = |what: &Letters| if what.len() > NEAR { letters.find(what, 0..letters.len(), LIMIT) } else { Vec::new() };
    // Where a page mark is not told from the text the heading seems to end before it does.
    let end = found..=found + heading.len() + SLACK;
    places(&before.with(&heading.first(REST))).into_iter().any(|at| at + before.len() != found)
        || places(&heading.last(REST).with(&after)).into_iter().any(|at| !end.contains(&at))
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

#[cfg(test)]
mod tests {
    use super::super::{Anchor, Anchorer};
    use crate::Annotation;
    use crate::Scope;
    use crate::Selector;
    use pizhu_text::document::Document;
    use pizhu_text::document::Hints;
    use pizhu_text::document::SectionId;
    use pizhu_text::document::parse;
    use pizhu_text::text::SourceText;

    const BEFORE: &str = "在青禾县组织工作会议上的讲话\n同志们：\n一、总体要求\n今年的任务很重，要把各项工作往前赶，把短板补起来。\n";
    const HEADING: &str = "二、抓好干部教育培训工作\n";
    const AFTER: &str = "培训要贴近实际，少讲空话，多讲办法，让干部学了就能用得上。\n三、抓好落实\n说到做到。\n";

    fn document(text: &str) -> Document {
        parse(SourceText::from(text), &Hints::default())
    }

    /// Where an annotation on the second section is found in another text.
    fn found(text: &str) -> (Anchor, Option<String>) {
        let old = document(&format!("{BEFORE}{HEADING}{AFTER}"));
        let annotation = Annotation::new(Scope::Section, Selector::section(&old, SectionId(1)).unwrap(), "测");
        let now = document(text);
        let found = Anchorer::new(&now).find(&annotation);
        let heading = found.section.and_then(|id| now.outline.get(id)).map(|section| now.quote(section.heading));
        (found.anchor, heading.or_else(|| found.proposed.map(|span| now.quote(span))))
    }

    #[test]
    fn a_copy_of_a_heading_that_was_torn_is_asked_about() {
        let (head, tail) = HEADING.split_once("教育").unwrap();
        let other =
            format!("在南浦市组织工作会议上的讲话\n同志们：\n一、形势\n形势逼人。\n{HEADING}有关情况另行通报。\n三、其他\n没有别的了。\n");
        let torn = format!("{BEFORE}{head}据统计，全年共举办培训班36期，教育{tail}{AFTER}{other}");
        assert_eq!(found(&torn).0, Anchor::Review);
        let moved = format!("{BEFORE}{AFTER}四、其他\n没有别的了。\n{HEADING}{AFTER}");
        assert_eq!(found(&moved).0, Anchor::Moved, "the whole section, with what follows it");
    }

    #[test]
    fn words_that_are_no_heading_any_more_are_proposed_where_they_stand() {
        let run_on = format!("{}这些事都要做好，特别是二、抓好干部教育培训工作，{AFTER}", BEFORE.trim_end());
        let (anchor, words) = found(&run_on);
        assert_eq!((anchor, words.as_deref()), (Anchor::Review, Some("二、抓好干部教育培训工作")));
        assert_eq!(found(&format!("{BEFORE}{AFTER}")).0, Anchor::Orphaned, "the heading is gone");
    }
}
