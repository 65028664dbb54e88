//! The consensus of two coders: their disagreements are settled unit by unit into annotations of an
//! author of its own. Theirs stay as they are.
//!
//! A unit is settled once the consensus has an annotation of it: with the tags decided, or where none
//! was, with a note. So it is kept, merged, undone and exported as any other.

use super::{Coding, UnitKind};
use crate::{
    anchor_index::AnchorIndex,
    codebook::TagRef,
    edit::{EditError, new_annotation},
    model::{Edit, Scope, Target},
    tag_set::TagSet,
};
use pizhu_text::document::{Document, SectionId};
use pizhu_text::text::Span;

/// The names of the author of a consensus, one for each language of the interface; a consensus that
/// exists under one of them goes on under it.
pub const CONSENSUS_NAMES: [&str; 3] = ["共识", "共識", "consensus"];

/// Whether an author is the consensus of others.
#[must_use]
pub fn is_consensus(author: &str) -> bool {
    CONSENSUS_NAMES.contains(&author)
}

/// What is decided about a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConsensusChoice {
    /// The tags of the first coder.
    First,
    /// The tags of the second coder.
    Second,
    /// The tags of both.
    Both,
    /// None of the tags that only one of them gave.
    Neither,
}

impl ConsensusChoice {
    /// All values, in the order of the menu.
    pub const ALL: [Self; 4] = [Self::First, Self::Second, Self::Both, Self::Neither];
}

/// A unit to which two coders gave different tags, or a unit on which they agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitCoding {
    /// What is annotated to settle it.
    pub target: Target,
    /// Its span.
    pub span: Span,
    /// Path of its section; empty before the first.
    pub section: Vec<String>,
    /// The tags of the first coder.
    pub first: TagSet,
    /// The tags of the second coder.
    pub second: TagSet,
}

impl UnitCoding {
    /// The tags of a choice; those that both gave are in each.
    #[must_use]
    pub fn tags(&self, choice: ConsensusChoice) -> TagSet {
        let both = |tag: &&TagRef| self.first.contains(tag.id) && self.second.contains(tag.id);
        match choice {
            ConsensusChoice::First => self.first.clone(),
            ConsensusChoice::Second => self.second.clone(),
            ConsensusChoice::Both => self.first.iter().chain(&self.second).cloned().collect(),
            ConsensusChoice::Neither => self.first.iter().filter(both).cloned().collect(),
        }
    }

    /// The tags that only one of the coders gave.
    #[must_use]
    pub fn disputed(&self) -> [TagSet; 2] {
        let only = |one: &TagSet, other: &TagSet| one.iter().filter(|tag| !other.contains(tag.id)).cloned().collect();
        [only(&self.first, &self.second), only(&self.second, &self.first)]
    }

    /// The edit that settles the unit, as an annotation of `author`; `note` says so where no tag is left.
    ///
    /// # Errors
    /// Fails if the unit is not in the document.
    pub fn settle(&self, choice: ConsensusChoice, author: &str, note: &str, document: &Document) -> Result<Edit, EditError> {
        let mut annotation = new_annotation(self.target, author, document)?;
        annotation.tags = self.tags(choice);
        if annotation.tags.is_empty() {
            note.clone_into(&mut annotation.note);
        }
        Ok(Edit::Insert(Box::new(annotation)))
    }
}

/// How far the consensus of two coders is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consensus {
    /// The disagreements that are still open, in the order of the text.
    pub open: Vec<UnitCoding>,
    /// The units with the same tags of both that the consensus has not yet taken over.
    pub agreed: Vec<UnitCoding>,
    /// The number of units that are settled.
    pub settled: usize,
}

impl Consensus {
    /// Compares two coders by units of a kind (chars are no units that one could settle), and both with
    /// what `author` has settled.
    ///
    /// ```
    /// use pizhu_annotation::agreement::{Consensus, ConsensusChoice, UnitKind};
    /// use pizhu_annotation::{AnchorIndex, Edit, EditError, TagRef, Target, edit::plan};
    /// use pizhu_text::document::{Hints, SectionId, parse};
    /// use pizhu_text::text::SourceText;
    /// use std::sync::Arc;
    ///
    /// let document = parse(SourceText::from("讲话\n同志们：\n一、抓人才\n要引进人才。\n二、抓党建\n要建强支部。\n"), &Hints::default());
    /// let mut anchors = AnchorIndex::default();
    /// let apply = |edit, author: &str, anchors: &mut AnchorIndex| {
    ///     let (_, changes) = plan(edit, author, &document, anchors)?;
    ///     for annotation in changes.into_iter().filter_map(|change| change.after) {
    ///         anchors.resolve_and_insert(&document, Arc::new(annotation));
    ///     }
    ///     Ok::<(), EditError>(())
    /// };
    /// let tag = |section| Edit::Tag { target: Target::Section(SectionId(section)), tags: vec![TagRef::new("人才工作")] };
    /// apply(tag(0), "甲", &mut anchors)?;
    /// let found = Consensus::of(&document, &anchors, ["甲", "乙"], "共识", UnitKind::Section);
    /// assert_eq!((found.open.len(), found.settled), (1, 0));
    /// let edit = found.open[0].settle(ConsensusChoice::First, "共识", "", &document)?;
    /// apply(edit, "甲", &mut anchors)?;
    /// let found = Consensus::of(&document, &anchors, ["甲", "乙"], "共识", UnitKind::Section);
    /// assert_eq!((found.open.len(), found.settled), (0, 1));
    /// # Ok::<(), pizhu_annotation::EditError>(())
    /// ```
    #[must_use]
    pub fn of(document: &Document, anchors: &AnchorIndex, coders: [&str; 2], author: &str, kind: UnitKind) -> Self {
        let rows = coders.map(|coder| anchors.filtered(|anchored| anchored.annotation.author == coder));
        let mut coding = Coding::new(coders.map(str::to_owned).into()).by(kind, false);
        coding.add("", document, &[Some(&rows[0]), Some(&rows[1])]);
        let mut sets = vec![[TagSet::default(), TagSet::default()]; coding.units.len()];
        for (tag, found) in &coding.found {
            for (unit, coder) in found {
                sets[*unit][*coder].extend([tag.clone()]);
            }
        }
        let own = anchors.filtered(|anchored| anchored.annotation.author == author);
        let mut consensus = Self::default();
        for (index, (unit, [first, second])) in coding.units.iter().zip(sets).enumerate() {
            if first.is_empty() && second.is_empty() {
                continue;
            }
            let section = (kind == UnitKind::Section && index > 0).then(|| u32::try_from(index - 1).map(SectionId).ok()).flatten();
            let target = section.map_or(Target::Passage(unit.span), Target::Section);
            let is_settled = match section {
                Some(id) => own.on_section(id).any(|anchored| anchored.annotation.scope == Scope::Section),
                None => own.overlapping(unit.span).any(|anchored| {
                    anchored.annotation.scope == Scope::Passage && anchored.span.is_some_and(|span| unit.span.covers(span))
                }),
            };
            if is_settled {
                consensus.settled += 1;
                continue;
            }
            let is_agreed = first == second;
            let coding = UnitCoding { target, span: unit.span, section: unit.section.clone(), first, second };
            if is_agreed { &mut consensus.agreed } else { &mut consensus.open }.push(coding);
        }
        consensus
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{anchored::AnchoredAnnotation, edit::plan};
    use pizhu_text::document::{Hints, parse};
    use pizhu_text::text::SourceText;
    use proptest::prelude::*;
    use std::sync::Arc;

    const TEXT: &str = "在青禾县会议上的讲话\n同志们：\n开头的话很长。\n一、抓人才\n要引进人才。要用好人才！\n（一）引才\n多引进。少空谈。\n（二）用才\n用在实处。\n二、抓党建\n要建强支部。要管好党员。\n";
    const TAGS: [&str; 3] = ["人才", "党建", "作风"];

    fn apply(document: &Document, anchors: &mut AnchorIndex, author: &str, edit: Edit) {
        let (_, changes) = plan(edit, author, document, anchors).unwrap();
        for change in changes {
            anchors.resolve_and_insert(document, Arc::new(change.after.unwrap()));
        }
    }

    fn of_others(anchors: &AnchorIndex) -> Vec<AnchoredAnnotation> {
        anchors.iter().filter(|anchored| !is_consensus(&anchored.annotation.author)).cloned().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Settling all leaves nothing open, gives each unit the tags decided, so that the consensus
        /// agrees with itself and, where only one coder was taken, with that coder, and leaves the
        /// marks of the coders as they were.
        #[test]
        fn settling_all_gives_the_decided_coding(
            marks in prop::collection::vec((any::<bool>(), any::<bool>(), 0..4_u32, 12..70_usize, 1..20_usize, 0..3_usize), 0..14),
            choices in prop::collection::vec(0..4_usize, 30),
            same in any::<bool>(),
            kind in prop::sample::select(vec![UnitKind::Section, UnitKind::Paragraph, UnitKind::Sentence]),
        ) {
            let document = parse(SourceText::from(TEXT), &Hints::default());
            prop_assert_eq!(document.outline.sections().len(), 4);
            let mut anchors = AnchorIndex::default();
            let end = document.source.len();
            for (second, whole, section, start, length, tag) in marks {
                let target = if whole { Target::Section(SectionId(section)) } else { Target::Passage(Span::new(start.min(end - 1), (start + length).min(end))) };
                let edit = Edit::Tag { target, tags: vec![TagRef::derived(TAGS[tag])] };
                apply(&document, &mut anchors, if second { "乙" } else { "甲" }, edit);
            }
            let before = of_others(&anchors);
            let found = Consensus::of(&document, &anchors, ["甲", "乙"], "共识", kind);
            prop_assert_eq!(found.settled, 0);
            let choice = |index: usize| if same { ConsensusChoice::First } else { ConsensusChoice::ALL[choices[index % choices.len()]] };
            let mut decided: Vec<(Span, TagSet)> = Vec::new();
            for (index, unit) in found.open.iter().chain(&found.agreed).enumerate() {
                let edit = unit.settle(choice(index), "共识", "均不取", &document).unwrap();
                decided.push((unit.span, unit.tags(choice(index))));
                apply(&document, &mut anchors, "甲", edit);
            }
            let after = Consensus::of(&document, &anchors, ["甲", "乙"], "共识", kind);
            prop_assert!(after.open.is_empty() && after.agreed.is_empty(), "{:?}", after);
            prop_assert_eq!(after.settled, found.open.len() + found.agreed.len());
            prop_assert_eq!(of_others(&anchors), before);
            // The consensus has in each unit what was decided.
            let own = anchors.filtered(|anchored| anchored.annotation.author == "共识");
            let itself = Consensus::of(&document, &own, ["共识", "共识"], "", kind);
            prop_assert!(itself.open.is_empty());
            let mut has: Vec<(Span, TagSet)> = itself.agreed.iter().map(|unit| (unit.span, unit.first.clone())).collect();
            decided.retain(|(_, tags)| !tags.is_empty());
            decided.sort_by_key(|(span, _)| *span);
            has.sort_by_key(|(span, _)| *span);
            prop_assert_eq!(&has, &decided);
            if same {
                prop_assert!(Consensus::of(&document, &anchors, ["甲", "共识"], "", kind).open.is_empty());
            }
        }
    }

    #[test]
    fn choosing_neither_keeps_shared_tags_and_notes_empty_results() {
        let document = parse(SourceText::from(TEXT), &Hints::default());
        let mut anchors = AnchorIndex::default();
        let tag = |section, tag| Edit::Tag { target: Target::Section(SectionId(section)), tags: vec![TagRef::derived(tag)] };
        for (author, section, name) in [("甲", 0, "人才"), ("乙", 0, "人才"), ("乙", 0, "作风"), ("甲", 3, "党建")] {
            apply(&document, &mut anchors, author, tag(section, name));
        }
        let found = Consensus::of(&document, &anchors, ["甲", "乙"], "共识", UnitKind::Section);
        let disputed: Vec<[Vec<String>; 2]> =
            found.open.iter().map(|unit| unit.disputed().map(|tags| tags.iter().map(|tag| tag.name.clone()).collect())).collect();
        assert_eq!(disputed, [[vec![], vec!["作风".to_owned()]], [vec!["党建".to_owned()], vec![]]]);
        for unit in &found.open {
            apply(&document, &mut anchors, "甲", unit.settle(ConsensusChoice::Neither, "共识", "均不取", &document).unwrap());
        }
        let settled: Vec<(Vec<&str>, &str)> = anchors
            .iter()
            .filter(|anchored| anchored.annotation.author == "共识")
            .map(|anchored| (anchored.annotation.tags.names(), anchored.annotation.note.as_str()))
            .collect();
        assert_eq!(settled, [(vec!["人才"], ""), (vec![], "均不取")]);
        assert_eq!(Consensus::of(&document, &anchors, ["甲", "乙"], "共识", UnitKind::Section).settled, 2);
    }
}
