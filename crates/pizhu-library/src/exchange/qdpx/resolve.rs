//! Puts together what a project holds: codings by their makers, notes where they belong, cases and sets as
//! attributes of speeches. What has no place is counted.

use super::project_reader::{CodingState, GroupState, NoteState, Owner, ProjectReader, SelectionState, attribute_key};
use crate::exchange::import_entry::{Excerpt, ImportBatch, ImportEntry, ImportError, ImportMemo, ImportSpeech, Loss};
use pizhu_annotation::{AnnotationId, Scope};
use pizhu_text::text::Span;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The name of this program among the origins of projects.
pub(super) const ORIGIN: &str = "pizhu";
/// Separates several values of one attribute.
const VALUE_DIVIDER: &str = "；";

impl ProjectReader {
    /// What was read.
    pub(super) fn finish(mut self) -> Result<ImportBatch, ImportError> {
        self.take_links();
        self.take_notes()?;
        self.take_descriptions()?;
        let selections = std::mem::take(&mut self.selections);
        for (index, selection) in selections.into_iter().enumerate() {
            self.take_selection(index, selection);
        }
        self.take_groups()?;
        self.found.texts = self.texts();
        let speeches = self.sources.iter().filter(|source| !source.attributes.is_empty()).map(|source| ImportSpeech {
            document: source.name.clone(),
            document_hash: source.source.as_ref().map(|source| source.hash),
            attributes: source.attributes.clone(),
            ..ImportSpeech::default()
        });
        self.found.speeches = speeches.collect();
        Ok(self.found)
    }

    /// Links from a note to what it is on, as NVivo writes them; others are lost.
    fn take_links(&mut self) {
        let notes: HashSet<String> = self.notes.iter().map(|note| note.guid.clone()).collect();
        for (origin, target) in std::mem::take(&mut self.links) {
            let (note, other) = if notes.contains(&origin) { (origin, target) } else { (target, origin) };
            let owner = self
                .selection_index
                .get(&other)
                .map(|index| Owner::Selection(*index))
                .or_else(|| self.source_index.get(&other).map(|index| Owner::Source(*index)))
                .or_else(|| self.code_index.get(&other).map(|index| Owner::Code(*index)));
            match owner.filter(|_| notes.contains(&note)) {
                Some(owner) => self.note_refs.push((owner, note)),
                None => self.lose(Loss::Link),
            }
        }
    }

    /// Gives notes to what refers to them; one that nothing refers to is a memo of the project.
    fn take_notes(&mut self) -> Result<(), ImportError> {
        let notes = std::mem::take(&mut self.notes);
        let by_guid: HashMap<&str, &NoteState> = notes.iter().map(|note| (note.guid.as_str(), note)).collect();
        let mut referred: HashSet<&str> = HashSet::new();
        let refs = std::mem::take(&mut self.note_refs);
        for (owner, guid) in &refs {
            let Some(note) = by_guid.get(guid.as_str()) else { continue };
            referred.insert(guid);
            self.use_chars(note.text.chars().count())?;
            let covered = |index: usize, (start, end): (usize, usize)| {
                let length = self.sources.get(index)?.source.as_ref()?.text.len();
                Some(end.min(length).saturating_sub(start.min(length)))
            };
            match (owner, note.selection) {
                (Owner::Source(index), Some(place)) => {
                    let chars = covered(*index, place).unwrap_or(0);
                    self.use_chars(chars)?;
                }
                (_, Some(_)) => self.lose(Loss::Selection),
                (_, None) => {}
            }
            self.take_note(*owner, note);
        }
        for note in notes.iter().filter(|note| !referred.contains(note.guid.as_str())) {
            self.take_note(Owner::Project, note);
        }
        Ok(())
    }

    fn take_note(&mut self, owner: Owner, note: &NoteState) {
        let text = note.text.trim();
        if text.is_empty() {
            return;
        }
        let author = note.author.clone();
        match owner {
            Owner::Project => {
                let is_own = self.origin == ORIGIN;
                let text = if note.name.is_empty() || is_own { text.to_owned() } else { format!("{}\n{text}", note.name) };
                let id = note.guid.parse().ok().filter(|_| is_own);
                self.found.project.memos.push(ImportMemo { id, author, modified: note.modified, text });
            }
            Owner::Code(index) => {
                if let Some(tag) = self.found.tags.get_mut(index) {
                    push_paragraph(&mut tag.memo, text);
                }
            }
            Owner::Source(index) => self.add_source_note(index, author, text, note.selection),
            Owner::Selection(index) | Owner::Coding(index, _) => {
                let Some(selection) = self.selections.get_mut(index) else { return };
                let is_other = author.is_some() && author != selection.entry.author;
                self.noted.insert(index);
                if is_other {
                    // A note by someone else is an annotation of its own.
                    let id = selection.entry.id.map(|id| part_id(id, "note", &note.guid));
                    let entry = ImportEntry { id, author, note: text.to_owned(), modified: note.modified, ..selection.entry.clone() };
                    self.found.entries.push(entry);
                } else {
                    push_paragraph(&mut selection.entry.note, text);
                }
            }
            Owner::Lost => self.lose(Loss::Note),
        }
    }

    /// A note on a source as a whole, or on the place in it that the note names.
    fn add_source_note(&mut self, source: usize, author: Option<String>, text: &str, selection: Option<(usize, usize)>) {
        let is_atlas = self.is_atlas();
        let Some(state) = self.sources.get(source) else { return };
        let found = state.source.as_ref();
        let place = selection.map(|(start, end)| {
            let place = |at: usize| found.map_or(at, |found| found.position(at, is_atlas));
            (place(start), place(end))
        });
        let excerpt = found.zip(place).map(|(found, (start, end))| {
            let span = Span::new(start.min(found.text.len()), end.min(found.text.len()));
            Excerpt { text: found.text.clone(), span }
        });
        self.found.entries.push(ImportEntry {
            scope: Some(if place.is_some() { Scope::Passage } else { Scope::Speech }),
            start: place.map(|(start, _)| start),
            end: place.map(|(_, end)| end),
            excerpt,
            document: state.name.clone(),
            document_hash: state.source.as_ref().map(|source| source.hash),
            author: author.or_else(|| state.author.clone()),
            note: text.to_owned(),
            ..ImportEntry::default()
        });
    }

    /// Descriptions of the project and of sources are memos; those of this program's own projects say what
    /// stands elsewhere too.
    fn take_descriptions(&mut self) -> Result<(), ImportError> {
        if self.origin == ORIGIN {
            return Ok(());
        }
        for text in std::mem::take(&mut self.descriptions) {
            if !text.trim().is_empty() {
                self.use_chars(text.chars().count())?;
                self.found.project.memos.push(ImportMemo { text: text.trim().to_owned(), ..ImportMemo::default() });
            }
        }
        for index in 0..self.sources.len() {
            let text = std::mem::take(&mut self.sources[index].description);
            if !text.trim().is_empty() {
                self.add_source_note(index, None, text.trim(), None);
            }
        }
        Ok(())
    }

    /// An entry for the codings of each author; the note and what has no author is the selection's maker's.
    fn take_selection(&mut self, index: usize, selection: SelectionState) {
        let SelectionState { entry, codings } = selection;
        let mut by_author: BTreeMap<Option<String>, Vec<CodingState>> = BTreeMap::new();
        if codings.is_empty() && entry.note.trim().is_empty() && !self.noted.contains(&index) {
            self.lose(Loss::Selection);
        }
        for coding in codings {
            if self.codes.contains_key(&coding.code) {
                let author = coding.author.clone().or_else(|| entry.author.clone());
                by_author.entry(author).or_default().push(coding);
            } else {
                self.lose(Loss::Coding);
            }
        }
        let has_note = !entry.note.trim().is_empty();
        if has_note {
            by_author.entry(entry.author.clone()).or_default();
        }
        let is_one = by_author.len() == 1;
        for (author, codings) in by_author {
            let is_maker = author == entry.author;
            // Whoever is alone has the selection's id; so has its maker.
            let id = entry.id.map(|id| if is_maker || is_one { id } else { part_id(id, "author", author.as_deref().unwrap_or_default()) });
            let tags: Vec<_> = codings.iter().filter_map(|coding| self.codes.get(&coding.code).cloned()).collect();
            let created = codings.iter().filter_map(|coding| coding.created).min().filter(|_| !is_maker);
            self.found.entries.push(ImportEntry {
                id,
                tags: tags.iter().map(|tag| tag.name.clone()).collect(),
                tag_refs: tags,
                note: if is_maker { entry.note.clone() } else { String::new() },
                created: created.or(entry.created),
                modified: created.or(entry.modified),
                author,
                ..entry.clone()
            });
        }
    }

    /// Values of cases, and the names of cases and sets, are attributes of their sources.
    fn take_groups(&mut self) -> Result<(), ImportError> {
        for case in std::mem::take(&mut self.cases) {
            let members = self.members(&case);
            if members.is_empty() {
                self.lose(Loss::Case);
                for _ in &case.values {
                    self.lose(Loss::Value);
                }
                continue;
            }
            if case.has_others {
                self.lose(Loss::Link);
            }
            for source in members {
                for (key, value) in &case.values {
                    self.use_chars(value.chars().count())?;
                    self.sources[source].attributes.entry(key.clone()).or_insert_with(|| value.clone());
                }
                // A case that stands for one source is called like it, or like its speech, in this program.
                if self.origin != ORIGIN {
                    self.add_value(source, "case", &case.name)?;
                }
            }
        }
        for set in std::mem::take(&mut self.sets) {
            let members = self.members(&set);
            if members.is_empty() || set.has_others {
                self.lose(Loss::Set);
            }
            for source in members {
                self.add_value(source, "set", &set.name)?;
            }
        }
        Ok(())
    }

    fn members(&self, group: &GroupState) -> Vec<usize> {
        let mut members: Vec<usize> = group.sources.iter().filter_map(|guid| self.source_index.get(guid).copied()).collect();
        members.sort_unstable();
        members.dedup();
        members
    }

    /// Adds one of several values of an attribute.
    fn add_value(&mut self, source: usize, key: &str, value: &str) -> Result<(), ImportError> {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        self.use_chars(value.chars().count())?;
        let Some(state) = self.sources.get_mut(source).filter(|state| !value.is_empty() && state.name != value) else { return Ok(()) };
        let values = state.attributes.entry(attribute_key(key)).or_default();
        if values.is_empty() {
            *values = value;
        } else if !values.split(VALUE_DIVIDER).any(|there| there == value) {
            values.push_str(VALUE_DIVIDER);
            values.push_str(&value);
        }
        Ok(())
    }
}

/// The id of a part of a selection, the same in every import.
fn part_id(selection: AnnotationId, kind: &str, name: &str) -> AnnotationId {
    AnnotationId::from_content(format!("{selection}\0{kind}\0{name}").as_bytes())
}

/// Appends a paragraph to a text.
fn push_paragraph(text: &mut String, more: &str) {
    if !text.trim().is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(more);
}
