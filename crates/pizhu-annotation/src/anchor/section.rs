//! Anchors a section in a changed text by heading, section path and context.
//!
//! All lengths are in significant chars (letters and digits).

use super::{
    boundaries::{classify, stands_as_before},
    claims::Wanted,
    normalized_text::{NormalizedText, SignificantChars},
    resolution::Resolution,
    similarity::similarity,
    work_budget::WorkBudget,
};
use crate::selector::Selector;
use pizhu_text::document::Document;
use pizhu_text::document::Section;
use pizhu_text::document::SectionId;
use std::ops::Range;

/// Maximum number of occurrences of the heading's words examined.
const MAX_OCCURRENCES: usize = 4096;
/// Context by which the best candidate must beat the next.
const MIN_LEAD: usize = 4;

/// Context, and part of the heading next to it, that show where a heading was torn apart.
const TEARS: [(usize, usize); 2] = [(10, 1), (6, 2)];
/// Least half of a heading that is not elsewhere by chance.
const MIN_HALF: usize = 4;
/// Chars that may be inserted into a heading without tearing it.
const MAX_INSERTED: usize = 8;

/// A candidate section.
#[derive(Debug, Clone, Copy)]
struct SectionCandidate {
    id: SectionId,
    /// Offset of the heading in the normalized text.
    at: usize,
    same_path: bool,
    context: usize,
    score: f64,
}

/// The headings of a document, prepared once for all its annotations.
#[derive(Debug)]
pub(super) struct Headings(Vec<Heading>);

#[derive(Debug)]
struct Heading {
    id: SectionId,
    /// Offset in the normalized text.
    at: usize,
    chars: SignificantChars,
    path: Vec<String>,
}

impl Headings {
    pub(super) fn new(document: &Document, normalized: &NormalizedText) -> Self {
        let heading = |(id, section): (SectionId, Section<'_>)| Heading {
            id,
            at: normalized.index_of(section.heading.start),
            chars: SignificantChars::from_text(&document.text(section.heading)),
            path: document.outline.path(id),
        };
        Self(document.outline.iter().map(heading).collect())
    }
}

/// Similarity of two headings, 1 only if they are equal; 0 if their lengths alone make it less than
/// a half.
fn heading_similarity(own: &SignificantChars, heading: &SignificantChars) -> f64 {
    let (shorter, longer) = (own.len().min(heading.len()), own.len().max(heading.len()));
    if own == heading {
        1.0
    } else if 2 * shorter < longer {
        0.0
    } else {
        similarity(own, heading).min(0.999)
    }
}

/// Finds the section that `selector` describes.
pub(super) fn find(
    document: &Document,
    normalized: &NormalizedText,
    headings: &Headings,
    selector: &Selector,
    work: &WorkBudget,
) -> Resolution {
    let heading = SignificantChars::from_text(selector.cleaned_quote());
    let (before, after) = (SignificantChars::from_text(&selector.before), SignificantChars::from_text(&selector.after));
    let candidate = |one: &Heading| {
        let Heading { id, at, chars: own, path } = one;
        SectionCandidate {
            id: *id,
            at: *at,
            same_path: *path == selector.section,
            context: normalized.chars.agree_before(*at, &before) + normalized.chars.agree_after(at + own.len(), &after),
            score: heading_similarity(own, &heading),
        }
    };
    let all: Vec<SectionCandidate> = headings.0.iter().map(candidate).collect();
    let same: Vec<SectionCandidate> = all.iter().filter(|candidate| candidate.score >= 1.0).copied().collect();
    // If the words occur several times (also outside headings, torn from their line), one is a copy
    // of another, and only the full context tells which is meant.
    let chars = &normalized.chars;
    let occurrences = chars.find(&heading, 0..chars.len(), MAX_OCCURRENCES);
    let is_copied = occurrences.len() > 1 || same.len() > 1;
    let is_torn = |one: &SectionCandidate| is_torn(chars, &heading, (&before, &after), one.at);
    let is_doubled = |one: &SectionCandidate| {
        let len = headings.0.get(one.id.0 as usize).map_or(0, |own| own.chars.len());
        len > heading.len() && has_half_beyond(chars, &heading, one.at..one.at + len)
    };
    let comparisons = work.for_annotation();
    let has_rival = |one: &SectionCandidate| {
        let len = headings.0.get(one.id.0 as usize).map_or(heading.len(), |heading| heading.chars.len());
        let wanted = Wanted { before: &before, quote: &heading, after: &after };
        wanted.has_rival(normalized, one.at..one.at + len, &comparisons)
    };
    if let Some(found) = pick_best(&same, |one| {
        let has_marks = |section: Section<'_>| stands_as_before(document, selector, section.heading);
        let is_full = one.context >= before.len() + after.len() && document.outline.get(one.id).is_some_and(has_marks);
        if is_full || is_copied {
            return is_full;
        }
        let witness = one.context + if one.same_path { 8 } else { 0 };
        !is_torn(one) && (witness >= 16 || (selector.unique_before == Some(0) && (heading.len() >= 5 || witness >= 8))) && !has_rival(one)
    }) {
        return found.map_or_else(|best| review(document, best), |best| certain(document, selector, best));
    }
    // The heading was edited: the text around it must be unchanged.
    let like: Vec<SectionCandidate> = all.into_iter().filter(|candidate| candidate.score >= 0.5).collect();
    match pick_best(&like, |one| {
        one.score >= 0.6 && one.context >= 16 && one.same_path && !is_torn(one) && !is_doubled(one) && !has_rival(one)
    }) {
        Some(Ok(best)) => certain(document, selector, best),
        Some(Err(best)) => review(document, best),
        None => {
            // The words may still be there without being a heading.
            let context = |at: usize| chars.agree_before(at, &before) + chars.agree_after(at + heading.len(), &after);
            let best = occurrences.into_iter().max_by_key(|at| context(*at)).filter(|at| context(*at) >= 16);
            let span = best.and_then(|at| normalized.source_span(at, at + heading.len()));
            span.map_or_else(Resolution::orphaned, Resolution::review)
        }
    }
}

/// Whether parts of the heading occur next to its context elsewhere than at `found`: something was
/// inserted into the heading, and the match is a copy.
fn is_torn(
    chars: &SignificantChars,
    heading: &SignificantChars,
    (before, after): (&SignificantChars, &SignificantChars),
    found: usize,
) -> bool {
    // An undetected page mark makes the heading seem to end early.
    let end = found..=found + heading.len() + MAX_INSERTED;
    TEARS.into_iter().any(|(context, part)| {
        let (before, after) = (before.last(context), after.first(context));
        let occurrences =
            |what: &SignificantChars| if what.len() > context { chars.find(what, 0..chars.len(), MAX_OCCURRENCES) } else { Vec::new() };
        occurrences(&before.concat(&heading.first(part))).into_iter().any(|at| at + before.len() != found)
            || occurrences(&heading.last(part).concat(&after)).into_iter().any(|at| !end.contains(&at))
    })
}

/// Whether the first or the last half of the heading is also beyond the place `found`: what was put in there may be a copy of
/// the rest.
///
/// Example: of the heading `抓好教育培训`, is left `抓好抓好教育培训，年底抓好教育培训`; it may be `抓好` and the last four letters.
fn has_half_beyond(chars: &SignificantChars, heading: &SignificantChars, found: Range<usize>) -> bool {
    let half = heading.len().div_ceil(2).max(MIN_HALF);
    [heading.first(half), heading.last(half)].into_iter().any(|part| {
        chars.find(&part, 0..chars.len(), MAX_OCCURRENCES).into_iter().any(|at| at < found.start || found.end < at + part.len())
    })
}

/// Picks the best candidate: `Ok` if it clearly beats the next and is `enough`, else `Err`.
fn pick_best(
    candidates: &[SectionCandidate],
    enough: impl Fn(&SectionCandidate) -> bool,
) -> Option<Result<SectionCandidate, SectionCandidate>> {
    let rank = |candidate: &SectionCandidate| candidate.context + if candidate.same_path { 4 } else { 0 };
    let mut sorted = candidates.to_vec();
    sorted.sort_by(|a, b| rank(b).cmp(&rank(a)).then(b.score.total_cmp(&a.score)));
    let best = *sorted.first()?;
    let clear = sorted.get(1).is_none_or(|next| rank(next) + MIN_LEAD <= rank(&best));
    Some(if clear && enough(&best) { Ok(best) } else { Err(best) })
}

fn certain(document: &Document, selector: &Selector, found: SectionCandidate) -> Resolution {
    let Some(section) = document.outline.get(found.id) else { return Resolution::orphaned() };
    let status = classify(document, selector, section.heading);
    Resolution { section: Some(found.id), ..Resolution::found(status, section.span) }
}

fn review(document: &Document, found: SectionCandidate) -> Resolution {
    document.outline.get(found.id).map_or_else(Resolution::orphaned, |section| Resolution::review(section.span))
}

#[cfg(test)]
mod tests {
    use super::super::{AnchorStatus, Resolver};
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

    /// Anchors an annotation on the second section of the standard text in `text`.
    fn found(text: &str) -> (AnchorStatus, Option<String>) {
        let old = document(&format!("{BEFORE}{HEADING}{AFTER}"));
        let annotation = Annotation::new(Scope::Section, Selector::for_section(&old, SectionId(1)).unwrap(), "测");
        let now = document(text);
        let found = Resolver::new(&now).resolve(&annotation);
        let heading = found.section.and_then(|id| now.outline.get(id)).map(|section| now.quote(section.heading));
        (found.status, heading.or_else(|| found.proposed.map(|span| now.quote(span))))
    }

    #[test]
    fn a_copy_of_a_heading_is_asked_about_when_the_original_was_torn_apart() {
        let (head, tail) = HEADING.split_once("教育").unwrap();
        let other =
            format!("在南浦市组织工作会议上的讲话\n同志们：\n一、形势\n形势逼人。\n{HEADING}有关情况另行通报。\n三、其他\n没有别的了。\n");
        let torn = format!("{BEFORE}{head}据统计，全年共举办培训班36期，教育{tail}{AFTER}{other}");
        assert_eq!(found(&torn).0, AnchorStatus::Review);
        let moved = format!("{BEFORE}{AFTER}四、其他\n没有别的了。\n{HEADING}{AFTER}");
        assert_eq!(found(&moved).0, AnchorStatus::Moved, "the whole section, with what follows it");
    }

    #[test]
    fn a_heading_with_doubled_words_is_asked_about_when_its_other_half_stands_elsewhere() {
        let doubled = HEADING.replace("抓好干部", "抓好抓好干部");
        let torn = format!("{BEFORE}{}。培训要贴近桥，干部教育培训工作\n{AFTER}", doubled.trim_end());
        assert_eq!(found(&torn).0, AnchorStatus::Review);
        let whole = format!("{BEFORE}{doubled}{AFTER}");
        assert_eq!(found(&whole).0, AnchorStatus::Changed);
    }

    #[test]
    fn a_heading_that_became_part_of_a_line_is_proposed_there() {
        let run_on = format!("{}这些事都要做好，特别是二、抓好干部教育培训工作，{AFTER}", BEFORE.trim_end());
        let (status, words) = found(&run_on);
        assert_eq!((status, words.as_deref()), (AnchorStatus::Review, Some("二、抓好干部教育培训工作")));
        assert_eq!(found(&format!("{BEFORE}{AFTER}")).0, AnchorStatus::Orphaned, "the heading is gone");
    }
}
