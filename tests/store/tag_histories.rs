//! Random histories of two stores: what is under each tag is what a model says that knows ids only.
//!
//! `PIZHU_HISTORIES` is the number of histories; they are new ones each time. Without it 1,000 are
//! tried, always the same.

use crate::line_merge::{annotation_lines, united_lines};
use crate::memory::MemoryStorage;

use pizhu_annotation::{
    AnnotationId, Codebook, CodebookError, Edit, RestoreScope, Store, StoreLocation, Tag, TagId, TagLookup, TagRef, Target,
    store::{SpeechKey, merge_files},
};
use pizhu_library::exchange::import_resolver::add_tags;
use pizhu_text::{
    document::Document,
    text::{SourceText, Span},
};
use proptest::{prelude::*, test_runner::RngSeed};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

const SPEECHES: [&str; 2] = ["今年要抓好人才工作，把短板补起来。", "各级要转变作风，把责任压下去。"];
/// Passages of each speech.
const PASSAGES: usize = 3;
const NAMES: [&str; 4] = ["甲", "乙", "丙", "人才工作"];

#[derive(Debug, Clone)]
enum Step {
    /// Puts a tag on a passage: an existing one, or one of this name.
    Tag {
        place: u8,
        tag: u8,
        by_name: bool,
    },
    Untag {
        annotation: u8,
        tag: u8,
    },
    Add {
        name: u8,
        parent: Option<u8>,
    },
    Rename {
        tag: u8,
        name: u8,
    },
    Move {
        tag: u8,
        parent: Option<u8>,
    },
    Merge {
        from: u8,
        into: u8,
    },
    Delete {
        tag: u8,
    },
    Edit {
        tag: u8,
    },
    Split {
        tag: u8,
    },
    BringBack {
        tag: u8,
    },
    /// Imports the other store's codebook.
    Import,
    /// Restores the state of a speech's history before its last edit. What the other side changed in
    /// annotations of this history is not in it.
    Undo {
        speech: u8,
    },
    /// The two stores meet.
    Meet(Meeting),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Meeting {
    /// By `pizhu merge`; whether this store is ours.
    Driver(bool),
    /// All lines of both, as git leaves them where both sides changed.
    Union(bool),
    /// Lines changed on one side only are taken from it.
    LineMerge(bool),
}

fn step() -> impl Strategy<Value = (bool, Step)> {
    let n = 0u8..16;
    let place = || 0u8..(SPEECHES.len() * PASSAGES) as u8;
    let name = || 0u8..NAMES.len() as u8;
    let step = prop_oneof![
        5 => (place(), n.clone(), any::<bool>()).prop_map(|(place, tag, by_name)| Step::Tag { place, tag, by_name }),
        2 => (n.clone(), n.clone()).prop_map(|(annotation, tag)| Step::Untag { annotation, tag }),
        3 => (name(), prop::option::of(n.clone())).prop_map(|(name, parent)| Step::Add { name, parent }),
        3 => (n.clone(), name()).prop_map(|(tag, name)| Step::Rename { tag, name }),
        2 => (n.clone(), prop::option::of(n.clone())).prop_map(|(tag, parent)| Step::Move { tag, parent }),
        2 => (n.clone(), n.clone()).prop_map(|(from, into)| Step::Merge { from, into }),
        2 => n.clone().prop_map(|tag| Step::Delete { tag }),
        1 => n.clone().prop_map(|tag| Step::Edit { tag }),
        1 => n.clone().prop_map(|tag| Step::Split { tag }),
        1 => n.prop_map(|tag| Step::BringBack { tag }),
        1 => Just(Step::Import),
        1 => (0u8..SPEECHES.len() as u8).prop_map(|speech| Step::Undo { speech }),
        2 => prop_oneof![
            any::<bool>().prop_map(Meeting::Driver),
            any::<bool>().prop_map(Meeting::Union),
            any::<bool>().prop_map(Meeting::LineMerge),
        ].prop_map(Step::Meet),
    ];
    (any::<bool>(), step)
}

/// What the model knows of a tag: how often it was brought back, and what became of it. The greater
/// is the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fate {
    restored: u32,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Alive,
    Deleted,
    /// Of two targets the smaller id.
    Into(std::cmp::Reverse<TagId>),
}

const ALIVE: Fate = Fate { restored: 0, state: State::Alive };

/// A store in the model: ids on annotations, and the fates of ids.
#[derive(Debug, Clone, Default)]
struct Model {
    annotations: BTreeMap<(usize, AnnotationId), BTreeSet<TagId>>,
    fates: BTreeMap<TagId, Fate>,
}

impl Model {
    fn fate(&self, id: TagId) -> Fate {
        self.fates.get(&id).copied().unwrap_or(ALIVE)
    }

    fn resolve(&self, id: TagId) -> Option<TagId> {
        let mut at = id;
        for _ in 0..=self.fates.len() {
            match self.fate(at).state {
                State::Alive => return Some(at),
                State::Deleted => return None,
                State::Into(into) => at = into.0,
            }
        }
        panic!("a circle");
    }

    fn shown(&self, ids: &BTreeSet<TagId>) -> BTreeSet<TagId> {
        ids.iter().filter_map(|id| self.resolve(*id)).collect()
    }

    fn set(&mut self, id: TagId, state: State) {
        let restored = self.fate(id).restored + u32::from(state == State::Alive);
        self.fates.insert(id, Fate { restored, state });
    }

    /// Of tags merged into each other around, the smallest is alive.
    fn break_circles(&mut self) {
        let ids: Vec<TagId> = self.fates.keys().copied().collect();
        for start in ids {
            let (mut walk, mut at) = (Vec::new(), start);
            while let State::Into(into) = self.fate(at).state {
                if let Some(from) = walk.iter().position(|seen| *seen == at) {
                    let least = *walk[from..].iter().min().unwrap();
                    self.set(least, State::Alive);
                    break;
                }
                walk.push(at);
                at = into.0;
            }
        }
    }
}

/// The ids on annotations; `None` for one that was not there.
type EarlierState = BTreeMap<(usize, AnnotationId), Option<BTreeSet<TagId>>>;

/// A store with its model.
struct Side {
    storage: Arc<MemoryStorage>,
    dir: PathBuf,
    model: Model,
    /// What this side's own history says of the annotations that it has edited, whatever the other side
    /// made of them since.
    own: BTreeMap<(usize, AnnotationId), BTreeSet<TagId>>,
    /// The annotation edited last, if its state is not in [`Self::own`] yet.
    edited: Option<(usize, AnnotationId)>,
    /// The history's state before the last edit of each speech, as long as nothing else came.
    undo: BTreeMap<usize, EarlierState>,
}

fn document(speech: usize) -> Document {
    Document::from(SourceText::from(SPEECHES[speech]))
}

fn path(speech: usize) -> PathBuf {
    PathBuf::from(format!("/讲话{speech}.txt"))
}

impl Side {
    fn new(name: &str) -> Self {
        let (own, undo) = (BTreeMap::new(), BTreeMap::new());
        Self { storage: Arc::default(), dir: PathBuf::from(format!("/{name}/.pizhu")), model: Model::default(), own, edited: None, undo }
    }

    fn store(&self) -> Store {
        let storage: Arc<MemoryStorage> = Arc::clone(&self.storage);
        Store::with_storage(storage, StoreLocation::from_dir(&self.dir), PathBuf::from("/state"))
    }

    fn book(&self) -> Codebook {
        self.store().codebook().unwrap()
    }

    fn tag(book: &Codebook, n: u8) -> Option<TagRef> {
        // Starter tags would crowd out the others.
        let own: Vec<&Tag> = book.tags().iter().filter(|tag| NAMES.contains(&tag.name.as_str())).collect();
        (!own.is_empty()).then(|| TagRef::from(own[usize::from(n) % own.len()]))
    }

    fn key(&self, speech: usize) -> SpeechKey {
        SpeechKey::from_document(self.store().location(), &document(speech), &path(speech))
    }

    fn apply(&mut self, speech: usize, edit: Edit) -> AnnotationId {
        let store = self.store();
        self.settle();
        let mut before: EarlierState =
            self.own.iter().filter(|((of, _), _)| *of == speech).map(|(at, ids)| (*at, Some(ids.clone()))).collect();
        let actions = store.history(&self.key(speech)).unwrap().len();
        let id = store.apply(&document(speech), &path(speech), "甲", vec![edit]).unwrap()[0];
        if self.store().history(&self.key(speech)).unwrap().len() > actions {
            let at = (speech, id);
            before.entry(at).or_insert_with(|| self.model.annotations.get(&at).cloned());
            self.undo.insert(speech, before);
            self.edited = Some(at);
        }
        id
    }

    /// Takes the state after the last edit over from the model, which follows the edit.
    fn settle(&mut self) {
        if let Some(at) = self.edited.take()
            && let Some(ids) = self.model.annotations.get(&at)
        {
            self.own.insert(at, ids.clone());
        }
    }

    fn edit_book(&self, change: impl FnOnce(&mut Codebook) -> Result<(), CodebookError>) -> bool {
        self.store().edit_codebook(change).is_ok()
    }

    /// What is under each tag must be what the model says.
    fn check(&self) {
        let book = self.book();
        for speech in 0..SPEECHES.len() {
            let (found, _) = self.store().annotations(&document(speech), &path(speech)).unwrap();
            let found: BTreeMap<AnnotationId, BTreeSet<TagId>> =
                found.iter().map(|one| (one.id(), one.annotation.tags.iter().map(|tag| tag.id).collect())).collect();
            let expected: BTreeMap<AnnotationId, BTreeSet<TagId>> = self
                .model
                .annotations
                .iter()
                .filter(|((of, _), _)| *of == speech)
                .map(|((_, id), ids)| (*id, self.model.shown(ids)))
                .collect();
            assert_eq!(
                found,
                expected,
                "{:?}",
                book.tombstones().map(|one| (one.tag.id, one.tag.restored, one.into.as_ref().map(|into| into.id))).collect::<Vec<_>>()
            );
        }
        // Names are unique among siblings, but for those that must stay apart.
        for tag in book.tags() {
            for twin in book.named(&tag.name).filter(|twin| twin.parent == tag.parent && twin.id != tag.id) {
                let renamed = !(tag.former_names.is_empty() && twin.former_names.is_empty());
                assert!(renamed || tag.apart.contains(&twin.id) || twin.apart.contains(&tag.id), "{tag:?} {twin:?}");
            }
        }
    }

    /// Takes over the tags that have become one.
    fn take_united(&mut self) {
        for united in self.book().united() {
            let (kept, other) = (united.tag.id, united.other.id);
            assert!(kept < other && united.tag.name == united.other.name);
            if self.model.fate(other).state == State::Alive {
                self.model.set(other, State::Into(std::cmp::Reverse(kept)));
            }
        }
    }
}

/// The files that both sides had when they last met.
type Base = (BTreeMap<String, Vec<u8>>, Model, Codebook);

fn meet(sides: &mut [Side; 2], base: &mut Base, meeting: Meeting) {
    let [one, other] = [&sides[0], &sides[1]].map(|side| side.storage.files_in(&side.dir));
    let books = [sides[0].book(), sides[1].book()];
    let (turned, by_driver) = match meeting {
        Meeting::Driver(turned) => (turned, true),
        Meeting::Union(turned) | Meeting::LineMerge(turned) => (turned, false),
    };
    let (ours, theirs) = if turned { (&other, &one) } else { (&one, &other) };
    let names: BTreeSet<&String> =
        ours.keys().chain(theirs.keys()).filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "ron")).collect();
    let mut merged = BTreeMap::new();
    for name in names {
        let (was, own, their) = (base.0.get(name), ours.get(name), theirs.get(name));
        let bytes = match (own, their) {
            (Some(own), Some(their)) if own != their => match meeting {
                Meeting::Driver(_) => merge_files(was.map_or(&[], Vec::as_slice), own, their).unwrap().into_bytes(),
                Meeting::Union(_) => united_lines(None, own, their),
                Meeting::LineMerge(_) => united_lines(Some(was.map_or(&[], Vec::as_slice)), own, their),
            },
            (Some(one), _) | (None, Some(one)) => one.clone(),
            (None, None) => continue,
        };
        merged.insert(name.clone(), bytes);
    }
    // The model: ids of annotations as sets, fates by their order. Where lines are merged, it matters
    // which lines an annotation has, and not what they say: a base united from two lines differs from
    // the one line that was written for it.
    let [was_lines, our_lines, their_lines] = [&base.0, &one, &other].map(annotation_lines);
    let lines_of = |lines: &BTreeMap<String, BTreeSet<String>>, id: AnnotationId| lines.get(&id.to_string()).cloned().unwrap_or_default();
    let mut model = Model::default();
    let models = [&sides[0].model, &sides[1].model];
    let places: BTreeSet<_> = models.iter().flat_map(|model| model.annotations.keys().copied()).collect();
    for place in places {
        let none = BTreeSet::new();
        let [own, their] = models.map(|model| model.annotations.get(&place));
        let was = base.1.annotations.get(&place);
        let both: BTreeSet<TagId> = own.unwrap_or(&none).union(their.unwrap_or(&none)).copied().collect();
        let ids = match (meeting, own, their) {
            (Meeting::Driver(_), Some(own), Some(their)) => {
                let was = was.unwrap_or(&none);
                both.into_iter().filter(|id| (own.contains(id) && their.contains(id)) || !was.contains(id)).collect()
            }
            (Meeting::LineMerge(_), Some(own), Some(their)) => {
                let [was, ours, theirs] = [&was_lines, &our_lines, &their_lines].map(|lines| lines_of(lines, place.1));
                // A line that both have stays, one that a side removed goes, one that it added comes.
                let stays = |line: &&String| (ours.contains(*line) && theirs.contains(*line)) || !was.contains(*line);
                let left: BTreeSet<String> = ours.union(&theirs).filter(stays).cloned().collect();
                // A side's lines, as long as it has not written them anew, say together what it knows.
                if left == ours {
                    own.clone()
                } else if left == theirs {
                    their.clone()
                } else {
                    assert_eq!(left, ours.union(&theirs).cloned().collect(), "one line of several is left");
                    both
                }
            }
            _ => both,
        };
        model.annotations.insert(place, ids);
    }
    let ids: BTreeSet<TagId> = models.iter().flat_map(|model| model.fates.keys().copied()).collect();
    for id in ids {
        let [own, their] = models.map(|model| model.fate(id));
        let mut fate = own.max(their);
        // An edit beats a deletion, where it is known what was.
        let edited = |book: &Codebook| matches!((book.get(id), base.2.get(id)), (Some(now), Some(was)) if now != was);
        let (dead, alive) = if own > their { (own, their) } else { (their, own) };
        let is_edited = if own > their { edited(&books[1]) } else { edited(&books[0]) };
        let was = base.1.fate(id);
        let is_deleted_once = dead.state == State::Deleted && alive.state == State::Alive && dead.restored == alive.restored;
        if by_driver && is_deleted_once && is_edited && base.2.get(id).is_some() && was.restored == dead.restored {
            fate = Fate { restored: dead.restored + 1, state: State::Alive };
        }
        model.fates.insert(id, fate);
    }
    model.break_circles();
    // A tag that one side added or changed is not lost because the other merged it into one that was
    // deleted.
    if by_driver && [&one, &other].iter().all(|files| files.contains_key("codebook.ron")) {
        let changed = |book: &Codebook, id: TagId| book.get(id).is_some_and(|now| base.2.get(id) != Some(now));
        let is_lost = |id: &TagId| matches!(model.fate(*id).state, State::Into(_)) && model.resolve(*id).is_none();
        let lost: Vec<TagId> = model.fates.keys().copied().filter(is_lost).collect();
        lost.into_iter().filter(|id| books.iter().any(|book| changed(book, *id))).for_each(|id| model.set(id, State::Alive));
    }
    for side in sides.iter_mut() {
        for (name, bytes) in &merged {
            side.storage.put(&side.dir.join(name), bytes);
        }
        side.model = model.clone();
        side.undo.clear();
        side.take_united();
    }
    assert_eq!(sides[0].book(), sides[1].book());
    *base = (merged, sides[0].model.clone(), Codebook::default());
    // Without a file there is no base.
    if base.0.contains_key("codebook.ron") {
        base.2 = sides[0].book();
    }
}

#[expect(clippy::too_many_lines, reason = "one arm a step")]
fn perform(sides: &mut [Side; 2], base: &mut Base, which: bool, step: &Step) {
    let at = usize::from(which);
    if let Step::Meet(meeting) = step {
        meet(sides, base, *meeting);
        return sides.iter().for_each(Side::check);
    }
    if matches!(step, Step::Import) {
        let theirs = sides[1 - at].book().tags().to_vec();
        sides[at].store().edit_codebook(|book| add_tags(book, &theirs, &[])).unwrap();
        return;
    }
    let side = &mut sides[at];
    let book = side.book();
    let tag = |n: u8| Side::tag(&book, n);
    match step {
        Step::Tag { place, tag: n, by_name } => {
            let (speech, passage) = (usize::from(*place) / PASSAGES, usize::from(*place) % PASSAGES);
            let name = NAMES[usize::from(*n) % NAMES.len()];
            let Some(reference) = (if *by_name { book.refer(name).ok() } else { tag(*n) }) else { return };
            let target = Target::Passage(Span::new(passage * 4, passage * 4 + 3));
            let (existing, _) = side.store().annotations(&document(speech), &path(speech)).unwrap();
            let existing = existing.at_target(target).next().map(pizhu_annotation::AnchoredAnnotation::id);
            let id = existing.unwrap_or_else(|| {
                // With a note, so that it stays without tags.
                let id = side.apply(speech, Edit::Note { target, note: "记".to_owned() });
                side.model.annotations.insert((speech, id), BTreeSet::new());
                id
            });
            side.apply(speech, Edit::AddTags { id, tags: vec![reference.clone()] });
            let ids = side.model.annotations[&(speech, id)].clone();
            if !side.model.shown(&ids).contains(&reference.id) {
                side.model.annotations.get_mut(&(speech, id)).unwrap().insert(reference.id);
            }
        }
        Step::Untag { annotation, tag: n } => {
            let places: Vec<_> = side.model.annotations.keys().copied().collect();
            let Some((speech, id)) = places.get(usize::from(*annotation) % places.len().max(1)).copied() else { return };
            let ids = side.model.annotations[&(speech, id)].clone();
            let shown: Vec<TagId> = side.model.shown(&ids).into_iter().collect();
            let Some(gone) = shown.get(usize::from(*n) % shown.len().max(1)).copied() else { return };
            side.apply(speech, Edit::RemoveTags { id, tags: vec![gone] });
            let left = ids.into_iter().filter(|id| side.model.resolve(*id) != Some(gone)).collect();
            side.model.annotations.insert((speech, id), left);
        }
        Step::Add { name, parent } => {
            let parent = parent.and_then(tag).map(|tag| tag.id);
            side.edit_book(|book| book.add_below(parent, Tag::new(NAMES[usize::from(*name)])).map(drop));
        }
        Step::Rename { tag: n, name } => {
            let Some(tag) = tag(*n) else { return };
            side.edit_book(|book| book.rename(tag.id, NAMES[usize::from(*name)]));
        }
        Step::Move { tag: n, parent } => {
            let (Some(moved), parent) = (tag(*n), parent.and_then(tag).map(|tag| tag.id)) else { return };
            side.edit_book(|book| book.move_to(moved.id, parent));
        }
        Step::Merge { from, into } => {
            let (Some(from), Some(into)) = (tag(*from), tag(*into)) else { return };
            if side.edit_book(|book| book.merge(from.id, into.id)) {
                side.model.set(from.id, State::Into(std::cmp::Reverse(into.id)));
            }
        }
        Step::Delete { tag: n } => {
            let Some(tag) = tag(*n) else { return };
            if side.edit_book(|book| book.delete(tag.id)) {
                side.model.set(tag.id, State::Deleted);
            }
        }
        Step::Edit { tag: n } => {
            let Some(tag) = tag(*n) else { return };
            side.edit_book(|book| book.edit_details(tag.id, |tag| tag.definition.push('定')));
        }
        Step::Split { tag: n } => {
            let Some(tag) = tag(*n) else { return };
            if side.edit_book(|book| book.split(tag.id).map(drop)) {
                let into = State::Into(std::cmp::Reverse(tag.id));
                let merged: Vec<TagId> = side.model.fates.iter().filter(|(_, fate)| fate.state == into).map(|(id, _)| *id).collect();
                for id in merged {
                    side.model.set(id, State::Alive);
                }
            }
        }
        Step::BringBack { tag: n } => {
            let gone: Vec<TagId> = book.tombstones().map(|record| record.tag.id).collect();
            let Some(id) = gone.get(usize::from(*n) % gone.len().max(1)).copied() else { return };
            side.edit_book(|book| book.bring_back(id).map(drop).ok_or(CodebookError::Missing(String::new())));
            side.model.set(id, State::Alive);
        }
        Step::Undo { speech } => {
            let speech = usize::from(*speech);
            let Some(before) = side.undo.remove(&speech) else { return };
            let history = side.store().history(&side.key(speech)).unwrap();
            let to = history.len().checked_sub(2).map(|index| history[index].id);
            side.store().restore(&side.key(speech), to, "甲", RestoreScope::All).unwrap();
            for (at, ids) in before {
                for annotations in [&mut side.model.annotations, &mut side.own] {
                    match &ids {
                        Some(ids) => drop(annotations.insert(at, ids.clone())),
                        None => drop(annotations.remove(&at)),
                    }
                }
            }
        }
        Step::Import | Step::Meet(_) => {}
    }
    side.settle();
    side.check();
}

/// How many histories are tried, and which.
fn config() -> ProptestConfig {
    let wanted = std::env::var("PIZHU_HISTORIES").ok().and_then(|number| number.parse().ok());
    let rng_seed = if wanted.is_some() { RngSeed::Random } else { RngSeed::Fixed(2) };
    ProptestConfig { cases: wanted.unwrap_or(1000), rng_seed, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn passages_under_each_tag_are_those_of_a_model_that_knows_ids(steps in prop::collection::vec(step(), 1..24)) {
        replay(&steps);
    }
}

/// Performs a history, and lets the two stores meet at its end.
fn replay(steps: &[(bool, Step)]) {
    let mut sides = [Side::new("a"), Side::new("b")];
    let mut base: Base = (BTreeMap::new(), Model::default(), Codebook::default());
    for (which, step) in steps {
        perform(&mut sides, &mut base, *which, step);
    }
    meet(&mut sides, &mut base, Meeting::Driver(false));
    sides.iter().for_each(Side::check);
}

/// After a union a tag has two lines. One side keeps the one, the other side the other, so that a merge
/// of lines drops both; the tag was merged into, and its passages were under none.
#[test]
fn merge_target_survives_a_merge_that_drops_its_lines() {
    replay(&[
        (false, Step::Rename { tag: 0, name: 0 }),
        (false, Step::Tag { place: 0, tag: 1, by_name: true }),
        (false, Step::Meet(Meeting::Driver(false))),
        (false, Step::Merge { from: 13, into: 6 }),
        (false, Step::Rename { tag: 0, name: 3 }),
        (false, Step::Meet(Meeting::Union(false))),
        (false, Step::Rename { tag: 0, name: 0 }),
        (true, Step::Add { name: 0, parent: None }),
        (false, Step::Meet(Meeting::LineMerge(false))),
    ]);
}

/// The cases of the report that led to ids.
#[test]
fn reused_tag_name_is_a_new_tag() {
    let mut side = Side::new("a");
    let tag = |side: &mut Side, passage: usize, name: &str| {
        let reference = side.book().refer(name).unwrap();
        let target = Target::Passage(Span::new(passage * 4, passage * 4 + 3));
        side.apply(0, Edit::Tag { target, tags: vec![reference] });
    };
    let shown = |side: &Side| -> Vec<String> {
        let (found, _) = side.store().annotations(&document(0), &path(0)).unwrap();
        found.iter().map(|one| one.annotation.tags.names().join("、")).collect()
    };
    let edit = |side: &Side, change: &dyn Fn(&mut Codebook) -> Result<(), CodebookError>| assert!(side.edit_book(change));
    tag(&mut side, 0, "作风");
    edit(&side, &|book| book.rename(book.find("作风")?.id, "作风（旧）"));
    edit(&side, &|book| book.add(Tag::new("作风")).map(drop));
    assert_eq!(shown(&side), ["作风（旧）"]);
    tag(&mut side, 1, "作风");
    assert_eq!(shown(&side), ["作风（旧）", "作风"]);
    // A and C change places.
    edit(&side, &|book| book.rename(book.find("作风（旧）")?.id, "A"));
    edit(&side, &|book| book.rename(book.find("作风")?.id, "C"));
    edit(&side, &|book| book.rename(book.find("A")?.id, "B"));
    edit(&side, &|book| book.rename(book.find("C")?.id, "A"));
    assert_eq!(shown(&side), ["B", "A"]);
    edit(&side, &|book| book.delete(book.find("B")?.id));
    assert_eq!(shown(&side), ["A"], "without tags and note an annotation is not there");
    edit(&side, &|book| book.add(Tag::new("B")).map(drop));
    assert_eq!(shown(&side), ["A"]);
    edit(&side, &|book| book.delete(book.find("B")?.id));
    tag(&mut side, 2, "B");
    assert_eq!(shown(&side), ["A", "B"], "a deleted tag's name makes a new tag");
    edit(&side, &|book| book.merge(book.find("A")?.id, book.find("B")?.id));
    edit(&side, &|book| book.add(Tag::new("A")).map(drop));
    assert_eq!(shown(&side), ["B", "B"]);
    let book = side.book();
    assert!(matches!(book.resolve(book.find("A").unwrap().id), TagLookup::Found(_)));
}
