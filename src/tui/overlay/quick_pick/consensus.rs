//! Settling the disagreements of two coders, one unit after another, into the consensus.

use crate::locale::{MessageId, family, id, notice};
use crate::tui::effect::Effect;
use crate::tui::message::{RecordRequest, StatusMessage};
use crate::tui::state::State;
use crate::tui::overlay::{DisagreementList, OpenDisagreement, QuickPickAction};
use crate::tui::widget::PickerItem;
use pizhu_annotation::agreement::{Consensus, ConsensusChoice, UnitCoding, UnitKind, is_consensus};
use pizhu_annotation::{AnchorIndex, Edit, TagSet};
use std::{collections::BTreeSet, sync::Arc};

/// Chars of a unit in the list.
const QUOTE_CHARS: usize = 14;
/// What disagreements can be settled by.
const KINDS: [UnitKind; 3] = [UnitKind::Section, UnitKind::Paragraph, UnitKind::Sentence];

impl State {
    /// Asks whether the author is done with the speech, or takes that back.
    pub(crate) fn ask_done(&mut self) {
        let Some(reader) = &self.reader else { return };
        if !reader.annotations.is_loaded() {
            self.status = Some(StatusMessage::hint(notice::ANNOTATIONS_NOT_LOADED));
            return;
        }
        let is_done = reader.annotations.is_done();
        let [title, act, leave] = if is_done {
            [id::PROMPT_NOT_DONE, id::DONE_TAKE_BACK, id::DONE_STAYS]
        } else if reader.annotations.hides_others() {
            [id::PROMPT_DONE_BLIND, id::DONE_DECLARE_BLIND, id::DONE_GO_ON]
        } else {
            [id::PROMPT_DONE, id::DONE_DECLARE, id::DONE_GO_ON]
        };
        let item = |id: MessageId| PickerItem { name: self.locale.text(id).into_owned(), ..PickerItem::default() };
        // What is chosen at first changes nothing.
        let items = vec![item(leave), item(act)];
        self.open_quick_pick(title, items, QuickPickAction::ChangeRecords(RecordRequest::Done(!is_done)));
    }

    /// Lists where two coders of this speech disagree; of more than two, asks which.
    pub(crate) fn pick_disagreement(&mut self) {
        let Some(reader) = &self.reader else { return };
        if reader.annotations.hides_others() {
            self.status = Some(StatusMessage::hint(notice::BLIND_HIDES));
            return;
        }
        let tagged = reader.annotations.all().iter().filter(|anchored| !anchored.annotation.tags.is_empty());
        let coders: BTreeSet<&str> =
            tagged.map(|anchored| anchored.annotation.author.as_str()).filter(|author| !is_consensus(author)).collect();
        let coders: Vec<&str> = coders.into_iter().collect();
        let pairs: Vec<[String; 2]> = (0..coders.len())
            .flat_map(|one| (one + 1..coders.len()).map(move |other| [one, other]))
            .map(|pair| pair.map(|coder| coders[coder].to_owned()))
            .collect();
        match pairs.as_slice() {
            [] => self.status = Some(StatusMessage::hint(notice::ONE_CODER)),
            [pair] => self.list_disagreements(pair.clone(), UnitKind::Section),
            several => {
                let items = several.iter().map(|[one, other]| PickerItem { name: format!("{one} – {other}"), ..PickerItem::default() });
                self.open_quick_pick(id::PROMPT_CODERS, items.collect(), QuickPickAction::CompareCoders(pairs));
            }
        }
    }

    /// Lists the open disagreements of two coders.
    pub(in crate::tui) fn list_disagreements(&mut self, coders: [String; 2], kind: UnitKind) {
        let Some(reader) = &self.reader else { return };
        let anchors = reader.annotations.shared();
        self.show_disagreements(coders, kind, &anchors);
    }

    fn show_disagreements(&mut self, coders: [String; 2], kind: UnitKind, anchors: &AnchorIndex) {
        let Some(reader) = &self.reader else { return };
        let author = self.consensus_author(anchors);
        let [one, other] = [coders[0].as_str(), coders[1].as_str()];
        let Consensus { open, agreed, settled } = Consensus::of(reader.document(), anchors, [one, other], &author, kind);
        let item = |unit: &UnitCoding| {
            let text = reader.document().text(unit.span);
            let quote: String = text.chars().filter(|c| !c.is_whitespace()).take(QUOTE_CHARS).collect();
            let [first, second] = unit.disputed();
            // Of several tags the first and their number: a longer detail would not be shown.
            let side = |coder: &str, tags: &TagSet| match tags.names().as_slice() {
                [] => None,
                [one] => Some(format!("{coder} +{one}")),
                [first, rest @ ..] => Some(format!("{coder} +{first}…{}", rest.len() + 1)),
            };
            let sides: Vec<String> = [side(one, &first), side(other, &second)].into_iter().flatten().collect();
            PickerItem { name: format!("{} {quote}", unit.section.join("/")), detail: sides.join("  "), ..PickerItem::default() }
        };
        let mut items: Vec<PickerItem> = open.iter().map(item).collect();
        if !agreed.is_empty() {
            let name = self.locale.format(id::CONSENSUS_TAKE_AGREED, &[("count", agreed.len().into())]);
            items.push(PickerItem { name, ..PickerItem::default() });
        }
        let kinds: Vec<UnitKind> = KINDS.into_iter().filter(|other| *other != kind).collect();
        items.extend(kinds.iter().map(|kind| {
            let name = self.locale.text(family::CONSENSUS_BY.id(kind.name())).into_owned();
            PickerItem { name, ..PickerItem::default() }
        }));
        let facts = vec![
            ("open", open.len().to_string()),
            ("settled", settled.to_string()),
            ("unit", self.locale.text(family::CONSENSUS_UNIT.id(kind.name())).into_owned()),
        ];
        let list = DisagreementList { coders, kind, open, agreed, kinds };
        self.open_quick_pick_with(id::PROMPT_DISAGREEMENTS, facts, items, QuickPickAction::ChooseDisagreement(Box::new(list)));
    }

    /// The name that the consensus has in this speech, or would get.
    fn consensus_author(&self, anchors: &AnchorIndex) -> String {
        let existing = anchors.iter().map(|anchored| anchored.annotation.author.as_str()).find(|author| is_consensus(author));
        existing.map_or_else(|| self.locale.text(id::CONSENSUS_AUTHOR).into_owned(), str::to_owned)
    }

    /// Goes to the disagreement chosen and asks how it is settled; or does what the last entries say.
    pub(in crate::tui) fn accept_disagreement(&mut self, list: &DisagreementList, index: usize, effects: &mut Vec<Effect>) {
        if let Some(unit) = list.open.get(index) {
            self.ask_to_settle(OpenDisagreement { coders: list.coders.clone(), kind: list.kind, unit: unit.clone() });
            return;
        }
        let rest = index - list.open.len();
        if !list.agreed.is_empty() && rest == 0 {
            let units: Vec<(&UnitCoding, ConsensusChoice)> = list.agreed.iter().map(|unit| (unit, ConsensusChoice::Both)).collect();
            self.settle(&units, (&list.coders, list.kind), effects);
            return;
        }
        if let Some(kind) = list.kinds.get(rest - usize::from(!list.agreed.is_empty())) {
            self.list_disagreements(list.coders.clone(), *kind);
        }
    }

    fn ask_to_settle(&mut self, disagreement: OpenDisagreement) {
        let unit = &disagreement.unit;
        if let Some(reader) = &mut self.reader {
            reader.jump_to(unit.span.start);
        }
        self.arrange();
        let item = |choice: ConsensusChoice| {
            let id = match choice {
                ConsensusChoice::First | ConsensusChoice::Second => id::CONSENSUS_TAKE,
                ConsensusChoice::Both => id::CONSENSUS_BOTH,
                ConsensusChoice::Neither => id::CONSENSUS_NEITHER,
            };
            let coder = if choice == ConsensusChoice::Second { &disagreement.coders[1] } else { &disagreement.coders[0] };
            let tags = unit.tags(choice);
            let detail = if tags.is_empty() { self.locale.text(id::CONSENSUS_NO_TAG).into_owned() } else { tags.names().join("、") };
            PickerItem { name: self.locale.format(id, &[("coder", coder.as_str().into())]), detail, ..PickerItem::default() }
        };
        let items = ConsensusChoice::ALL.map(item).into();
        let place = format!("{} {}", unit.section.join("/"), self.locale.text(family::CONSENSUS_UNIT.id(disagreement.kind.name())));
        let facts = vec![("place", place.trim().to_owned())];
        self.open_quick_pick_with(id::PROMPT_SETTLE, facts, items, QuickPickAction::Settle(Box::new(disagreement)));
    }

    /// Settles the disagreement as chosen, and goes on with the others.
    pub(in crate::tui) fn accept_settlement(&mut self, disagreement: &OpenDisagreement, index: usize, effects: &mut Vec<Effect>) {
        if let Some(choice) = ConsensusChoice::ALL.get(index) {
            self.settle(&[(&disagreement.unit, *choice)], (&disagreement.coders, disagreement.kind), effects);
        }
    }

    fn settle(&mut self, units: &[(&UnitCoding, ConsensusChoice)], (coders, kind): (&[String; 2], UnitKind), effects: &mut Vec<Effect>) {
        let Some(reader) = &self.reader else { return };
        let mut anchors = (*reader.annotations.shared()).clone();
        let author = self.consensus_author(&anchors);
        let document = Arc::clone(reader.document());
        let mut edits = Vec::new();
        for (unit, choice) in units {
            let tags: BTreeSet<String> = unit.disputed().iter().flat_map(|tags| tags.names()).map(str::to_owned).collect();
            let tags = tags.into_iter().collect::<Vec<_>>().join("、");
            let note = self.locale.format(id::CONSENSUS_NOTE, &[("tags", tags.into())]);
            match unit.settle(*choice, &author, &note, &document) {
                Ok(edit) => edits.push(edit),
                Err(error) => {
                    self.status = Some(StatusMessage::error(notice::CANNOT_SAVE).with("reason", error));
                    return;
                }
            }
        }
        for edit in &edits {
            if let Edit::Insert(annotation) = edit {
                anchors.resolve_and_insert(&document, Arc::new((**annotation).clone()));
            }
        }
        self.status = Some(StatusMessage::done(notice::CONSENSUS_SETTLED).with("count", edits.len()).with("author", author));
        effects.push(Effect::Annotate(edits));
        self.show_disagreements(coders.clone(), kind, &anchors);
    }
}

#[cfg(test)]
mod tests {
    use crate::tui::test_harness::{SPEECH, Scene};
    use pizhu_annotation::{Edit, TagRef, Target};
    use pizhu_text::document::SectionId;

    fn tag(scene: &mut Scene, author: &'static str, section: u32, tag: &str) {
        scene.author = author;
        scene.perform(crate::tui::effect::Effect::Annotate(vec![Edit::Tag {
            target: Target::Section(SectionId(section)),
            tags: vec![TagRef::derived(tag)],
        }]));
    }

    /// What the consensus has: the section's number, tags and notes.
    fn consensus(scene: &Scene) -> Vec<(Option<u32>, Vec<String>, bool)> {
        let own = scene.annotations.iter().filter(|anchored| anchored.annotation.author == "consensus");
        own.map(|anchored| {
            let tags = anchored.annotation.tags.iter().map(|tag| tag.name.clone()).collect();
            (anchored.section.map(|id| id.0), tags, !anchored.annotation.note.is_empty())
        })
        .collect()
    }

    #[test]
    fn disagreements_are_settled_one_after_another() {
        let mut scene = Scene::reading(SPEECH, 100, 30);
        for (author, section, name) in [
            ("甲", 0, "人才工作"),
            ("甲", 1, "作风建设"),
            ("乙", 1, "人才工作"),
            ("甲", 2, "人才工作"),
            ("乙", 2, "人才工作"),
            ("乙", 5, "作风建设"),
        ] {
            tag(&mut scene, author, section, name);
        }
        scene.author = "甲";
        // 乙 sorts before 甲, whose tag it is.
        scene.keys("gd<Enter><Down><Enter>");
        assert_eq!((scene.status_id(), consensus(&scene)), ("consensus-settled", vec![(Some(0), vec!["人才工作".into()], false)]));
        // The list goes on with the next one: of both coders, then neither of the last.
        scene.keys("<Enter><Down><Down><Enter>");
        scene.keys("<Enter><Down><Down><Down><Enter>");
        let made = consensus(&scene);
        assert_eq!(made.len(), 3);
        assert_eq!(made[1].1.len(), 2, "{made:?}");
        assert_eq!(made[2], (Some(5), Vec::new(), true), "what is decided without a tag has a note");
        // Nothing is open: the first entry takes over what both gave.
        scene.keys("<Enter>");
        assert!(consensus(&scene).contains(&(Some(2), vec!["人才工作".into()], false)));
        let others = scene.annotations.iter().filter(|anchored| anchored.annotation.author != "consensus").count();
        assert_eq!(others, 6, "those of the coders stay");
    }

    #[test]
    fn of_three_coders_two_are_chosen_and_one_alone_has_no_list() {
        let mut scene = Scene::reading(SPEECH, 100, 30);
        tag(&mut scene, "甲", 0, "人才工作");
        scene.keys("gd");
        assert_eq!(scene.status_id(), "one-coder");
        tag(&mut scene, "乙", 0, "作风建设");
        tag(&mut scene, "丙", 1, "作风建设");
        scene.keys("gd<Down><Enter><Enter><Enter>");
        // The second pair in the order of code points is 丙 and 甲, who disagree about both sections.
        assert_eq!(consensus(&scene).len(), 1);
    }
}
