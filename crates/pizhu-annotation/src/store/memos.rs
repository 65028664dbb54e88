//! All memos of a store in one list, and changing the notes among them without their texts.

use super::{error::StoreError, handle::Store, speech_file::SpeechRecord, speech_key::SpeechKey};
use crate::codebook::TagRef;
use crate::edit::{Action, ActionKind, AnnotationChange, EditError};
use crate::identity::SpeechHash;
use crate::memo::{Memo, MemoSubject, NotedPlace};
use crate::merge::AnnotationEntry;
use crate::model::{Annotation, later_than};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

impl Store {
    /// All memos of the store: of the project, of its tags in the order of the codebook, and the notes on
    /// speeches, by name and place, whether or not their files are there.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn memos(&self) -> Result<Vec<Memo>, StoreError> {
        self.recover_once();
        let project = self.project()?;
        let mut memos: Vec<Memo> = project
            .memos()
            .into_iter()
            .map(|(id, author, modified, text)| Memo {
                subject: MemoSubject::Project(id),
                author: Some(author.to_owned()),
                modified: Some(modified),
                text: text.to_owned(),
            })
            .collect();
        let book = self.codebook()?;
        let with_memos = book.tree().into_iter().filter(|(_, tag)| !tag.memo.trim().is_empty());
        memos.extend(with_memos.map(|(_, tag)| Memo {
            subject: MemoSubject::Tag(TagRef { id: tag.id, name: book.path(tag.id).unwrap_or_else(|| tag.name.clone()) }),
            author: None,
            modified: None,
            text: tag.memo.clone(),
        }));
        let mut on_speeches = Vec::new();
        for files in self.files_by_speech()? {
            on_speeches.extend(self.notes_in(&files)?);
        }
        on_speeches.sort_by(|(one, _), (other, _)| {
            (&one.document, one.start, one.quote.len(), one.id).cmp(&(&other.document, other.start, other.quote.len(), other.id))
        });
        memos.extend(on_speeches.into_iter().map(|(place, annotation)| Memo {
            subject: MemoSubject::Annotation(Box::new(place)),
            author: Some(annotation.author.clone()),
            modified: Some(annotation.modified),
            text: annotation.note.clone(),
        }));
        Ok(memos)
    }

    /// The files of each speech: those of one text are one speech, unless the user has set a copy apart.
    pub(super) fn files_by_speech(&self) -> Result<Vec<Vec<PathBuf>>, StoreError> {
        let mut speeches: Vec<Vec<PathBuf>> = Vec::new();
        let mut by_text: HashMap<SpeechHash, usize> = HashMap::new();
        for (path, record) in self.headers()? {
            let Some(record) = record else { continue };
            let known = by_text.get(&record.hash).filter(|_| !record.detached);
            if let Some(files) = known.and_then(|index| speeches.get_mut(*index)) {
                files.push(path);
                continue;
            }
            if !record.detached {
                by_text.insert(record.hash, speeches.len());
            }
            speeches.push(vec![path]);
        }
        Ok(speeches)
    }

    /// The annotations with notes in the files of one speech, with their places.
    fn notes_in(&self, files: &[PathBuf]) -> Result<Vec<(NotedPlace, Arc<Annotation>)>, StoreError> {
        let mut may_have_notes = false;
        for file in files {
            let bytes = self.storage.read(file).map_err(StoreError::io(file))?;
            may_have_notes |= memchr::memmem::find(&bytes, b"note:").is_some();
        }
        // Most files are not parsed.
        let (Some(first), true) = (files.first(), may_have_notes) else { return Ok(Vec::new()) };
        let speech = self.load_files(files, &*self.book_to_read()?)?;
        let Some(record) = speech.record() else { return Ok(Vec::new()) };
        let place = |annotation: &Annotation| self.noted_place(record, first, annotation);
        let noted = speech.annotations().filter(|annotation| !annotation.note.trim().is_empty());
        Ok(noted.map(|annotation| (place(&annotation), annotation)).collect())
    }

    fn noted_place(&self, record: &SpeechRecord, file: &Path, annotation: &Annotation) -> NotedPlace {
        let selector = &annotation.selector;
        NotedPlace {
            id: annotation.id,
            scope: annotation.scope,
            hash: record.hash,
            document: record.paths.last().cloned().unwrap_or_default(),
            title: record.title.clone(),
            paths: self.known_places(record, file),
            section: selector.section.clone(),
            quote: selector.quote.clone(),
            start: selector.start,
        }
    }

    /// Sets the note of an annotation; a blank one removes it, and the annotation if it has no tag. The text
    /// of the speech need not be there. Returns what has changed, for [`Self::undo_note`].
    ///
    /// # Errors
    /// Fails if there is no such annotation, or the store cannot be read or written.
    pub fn set_note(&self, place: &NotedPlace, author: &str, note: &str) -> Result<AnnotationChange, StoreError> {
        let note = if note.trim().is_empty() { "" } else { note };
        self.change_note(place, author, |current| {
            let before = current.ok_or(EditError::Missing(place.id))?;
            let mut after = Annotation { note: note.to_owned(), ..before.clone() };
            after.touch();
            let after = (!after.is_blank()).then_some(after);
            Ok(AnnotationChange { before: Some(before.clone()), after })
        })
    }

    /// Takes back a change of a note; the annotation's tags and place stay as they are now. Returns what has
    /// changed.
    ///
    /// # Errors
    /// Fails if the note has been changed since, or the store cannot be read or written.
    pub fn undo_note(&self, place: &NotedPlace, author: &str, change: &AnnotationChange) -> Result<AnnotationChange, StoreError> {
        let note = |annotation: &Option<Annotation>| annotation.as_ref().map(|annotation| annotation.note.clone()).unwrap_or_default();
        self.change_note(place, author, |current| {
            if current.map(|annotation| annotation.note.clone()).unwrap_or_default() != note(&change.after) {
                return Err(EditError::ChangedSince(place.id));
            }
            let mut after = match (current, &change.before) {
                (Some(current), _) => current.clone(),
                // It was deleted, and is restored with a time after its tombstone's.
                (None, Some(before)) => before.clone(),
                (None, None) => return Err(EditError::Missing(place.id)),
            };
            after.note = note(&change.before);
            let known = [&change.before, &change.after].into_iter().flatten().map(|version| version.modified).max();
            after.modified = later_than(known.unwrap_or(after.modified).max(after.modified));
            Ok(AnnotationChange { before: current.cloned(), after: (!after.is_blank()).then_some(after) })
        })
    }

    fn change_note(
        &self,
        place: &NotedPlace,
        author: &str,
        plan: impl Fn(Option<&Annotation>) -> Result<AnnotationChange, EditError>,
    ) -> Result<AnnotationChange, StoreError> {
        self.check_trusted()?;
        let key = SpeechKey::without_text(place.hash, place.document.clone(), place.title.clone());
        let speech = self.load(&key)?;
        let change = plan(speech.entries.get(&place.id).and_then(AnnotationEntry::annotation))?;
        if change.before != change.after {
            self.commit(&key, &[Action::new(ActionKind::Edit, author, vec![change.clone()])])?;
        }
        Ok(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::location::StoreLocation;
    use crate::{Edit, Tag, Target};
    use pizhu_text::document::{Document, Hints, parse};
    use pizhu_text::text::{SourceText, Span};

    const TEXT: &str = "在青禾县会议上的讲话\n同志们：\n一、抓好人才工作\n要把人才放在心上。\n二、抓好基层党建\n要抓实。\n";

    fn document() -> Document {
        parse(SourceText::from(TEXT), &Hints::default())
    }

    fn store(dir: &Path) -> Store {
        Store::new(StoreLocation::from_dir(&dir.join("store")), dir.join("state"))
    }

    fn listed(store: &Store) -> Vec<(&'static str, String)> {
        store.memos().unwrap().into_iter().map(|memo| (memo.kind(), memo.text)).collect()
    }

    #[test]
    fn all_memos_are_in_one_list() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path());
        assert_eq!(store.memos().unwrap(), []);
        let document = document();
        let section = document.outline.iter().next().unwrap().0;
        let edits = vec![
            Edit::Note { target: Target::Passage(Span::new(20, 24)), note: "段".into() },
            Edit::Note { target: Target::Section(section), note: "节".into() },
            Edit::Note { target: Target::Speech, note: "篇".into() },
            Edit::Tag { target: Target::Passage(Span::new(25, 29)), tags: vec![TagRef::new("人才")] },
        ];
        store.apply(&document, &dir.path().join("讲话.txt"), "乙", edits).unwrap();
        store.edit_project("甲", |records| records.set_memo("甲", "总")).unwrap();
        store
            .edit_codebook(|book| {
                let above = book.add(Tag::new("上"))?;
                book.add_below(Some(above), Tag { memo: "签".into(), ..Tag::new("下") }).map(drop)
            })
            .unwrap();
        let wanted = [("project", "总"), ("tag", "签"), ("speech", "篇"), ("section", "节"), ("passage", "段")];
        assert_eq!(listed(&store), wanted.map(|(kind, text)| (kind, text.to_owned())));
        let memos = store.memos().unwrap();
        assert_eq!((memos[0].author.as_deref(), memos[3].author.as_deref()), (Some("甲"), Some("乙")));
        assert!(matches!(&memos[1].subject, MemoSubject::Tag(tag) if tag.name == "上/下"));
        let MemoSubject::Annotation(place) = &memos[3].subject else { panic!() };
        assert!(place.document.ends_with("讲话.txt"));
        assert_eq!((place.section.join("/").as_str(), place.title.as_str()), ("一、", "在青禾县会议上的讲话"));
    }

    #[test]
    fn a_note_is_changed_and_taken_back_without_its_text() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path());
        let path = dir.path().join("讲话.txt");
        let at = Target::Passage(Span::new(20, 24));
        store.apply(&document(), &path, "乙", vec![Edit::Note { target: at, note: "初".into() }]).unwrap();
        let place = || match store.memos().unwrap().remove(0).subject {
            MemoSubject::Annotation(place) => *place,
            other => panic!("{other:?}"),
        };
        let known = place();
        let first = store.set_note(&known, "甲", "改").unwrap();
        assert_eq!(listed(&store), [("passage", "改".to_owned())]);
        assert_eq!(store.memos().unwrap()[0].author.as_deref(), Some("乙"), "its author stays");
        let second = store.set_note(&known, "甲", " ").unwrap();
        assert!(second.after.is_none() && listed(&store).is_empty());
        assert!(store.undo_note(&known, "甲", &first).is_err(), "changed since");
        let redo = store.undo_note(&known, "甲", &second).unwrap();
        assert_eq!(listed(&store), [("passage", "改".to_owned())]);
        store.undo_note(&known, "甲", &first).unwrap();
        assert_eq!(listed(&store), [("passage", "初".to_owned())]);
        assert_eq!(redo.after.unwrap().id, known.id);
        let (anchors, _) = store.annotations(&document(), &path).unwrap();
        assert_eq!((anchors.len(), anchors.iter().next().unwrap().span), (1, Some(Span::new(20, 24))));
        // What others have done meanwhile stays.
        let third = store.set_note(&known, "甲", "三").unwrap();
        store.apply(&document(), &path, "丙", vec![Edit::AddTags { id: known.id, tags: vec![TagRef::new("人才")] }]).unwrap();
        store.undo_note(&known, "甲", &third).unwrap();
        let (anchors, _) = store.annotations(&document(), &path).unwrap();
        let now = &anchors.iter().next().unwrap().annotation;
        assert_eq!((now.note.as_str(), now.tags.names()), ("初", vec!["人才"]));
    }
}
