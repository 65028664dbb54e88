//! Drafts: notes being typed, kept on the disk until they are saved or discarded.
//!
//! In a folder of the user's state folder that nobody else can read. A draft is known by an id of its
//! own, so that two instances never write the same file, and holds all by which it is found again:
//! store, speech and the selector of its place. An instance holds a lock while it lives; drafts whose
//! instance is dead are those to offer.
//!
//! A draft has two files: `ID.typed`, which survives the program at once but not the machine, and
//! `ID.json`, which is on the disk: a busy disk may take seconds for it. The later text counts.

use super::external;
use super::message::ScreenText;
use pizhu_annotation::{Annotation, AnnotationId, Scope, Selector, SpeechHash, Target, anchor::Resolver, model::now};
use pizhu_files::private_file;
use pizhu_text::document::Document;
use serde::{Deserialize, Serialize};
use std::{
    cmp::Reverse,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use uuid::Uuid;

/// Name of the folder in the state folder.
const FOLDER: &str = "drafts";
/// Extensions of the files of a draft: of the one on the disk, and of the one that only the system has.
const SYNCED: &str = "json";
const TYPED: &str = "typed";
/// Format version of a draft's file.
const VERSION: u32 = 1;
/// A lock that no draft refers to is removed when it is this old: a younger one's instance may be about
/// to take it.
const MAX_LOCK_AGE: Duration = Duration::from_hours(24);

/// The speech that a draft belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DraftSpeech {
    /// The folder of its store.
    pub store: String,
    /// Its absolute path.
    pub path: String,
    /// Its hash, if the text was read to its end.
    pub hash: Option<SpeechHash>,
}

impl DraftSpeech {
    /// What stands for the speech in drafts of what is written on no speech: the store alone.
    pub(super) fn of_store(store: &Path) -> Self {
        Self { store: store.to_string_lossy().into_owned(), path: String::new(), hash: None }
    }

    /// Whether both are one speech: in one store, and the same path or the same text.
    fn is_same(&self, other: &Self) -> bool {
        self.store == other.store && (self.path == other.path || (self.hash.is_some() && self.hash == other.hash))
    }
}

/// The place of a draft's note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DraftPlace {
    /// The annotation whose note is edited; `None` for a new note.
    pub annotation: Option<AnnotationId>,
    /// What the note is on.
    pub scope: Scope,
    /// The place as annotations have it, by which it is found in a changed text.
    pub selector: Selector,
}

impl DraftPlace {
    /// The place of a new note.
    pub(super) fn of_target(document: &Document, target: Target) -> Option<Self> {
        let (scope, selector) = match target {
            Target::Passage(span) => (Scope::Passage, Selector::for_passage(document, span)?),
            Target::Section(id) => (Scope::Section, Selector::for_section(document, id)?),
            Target::Speech => (Scope::Speech, Selector::for_speech(document)),
        };
        Some(Self { annotation: None, scope, selector })
    }

    /// The place of an annotation.
    pub(super) fn of_annotation(annotation: &Annotation) -> Self {
        Self { annotation: Some(annotation.id), scope: annotation.scope, selector: annotation.selector.clone() }
    }

    /// Finds the place in the resolver's text; `None` if it is gone or not certain.
    pub(super) fn resolve(&self, resolver: &Resolver<'_>) -> Option<Target> {
        let found = resolver.resolve(&Annotation::new(self.scope, self.selector.clone(), ""));
        match self.scope {
            Scope::Section => found.section.map(Target::Section),
            Scope::Passage => found.span.map(Target::Passage),
            Scope::Speech => Some(Target::Speech),
        }
    }
}

/// A note being typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NoteDraft {
    version: u32,
    /// Its id, the name of its file.
    pub id: Uuid,
    /// The instance that writes it.
    instance: Uuid,
    /// The speech.
    pub speech: DraftSpeech,
    /// The place; `None` if the text at it was deleted while the note was typed.
    pub place: Option<DraftPlace>,
    /// What is written on a screen of its own; `None` for a note on the speech.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen_text: Option<ScreenText>,
    /// The text typed so far.
    pub text: String,
    /// Time of the last key.
    pub modified: jiff::Timestamp,
    /// The file in which an external editor has the note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_file: Option<PathBuf>,
}

/// The drafts of this user on the disk. Clones are the same instance.
#[derive(Debug, Clone)]
pub(super) struct DraftFolder {
    folder: PathBuf,
    instance: Arc<Instance>,
}

/// A program that writes drafts.
#[derive(Debug)]
struct Instance {
    id: Uuid,
    /// The file that is locked while it lives.
    lock_path: PathBuf,
    /// That file, from the first draft on.
    lock: Mutex<Option<File>>,
}

impl Instance {
    fn lock(&self) -> MutexGuard<'_, Option<File>> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if self.lock().is_some() {
            // Drafts that were kept for later are free without it.
            let _ = fs::remove_file(&self.lock_path);
        }
    }
}

impl DraftFolder {
    /// The drafts in a state folder. Nothing is created before the first draft.
    #[must_use]
    pub(super) fn new(state: &Path) -> Self {
        let (folder, id) = (state.join(FOLDER), Uuid::now_v7());
        let lock_path = lock_path(&folder, id);
        Self { folder, instance: Arc::new(Instance { id, lock_path, lock: Mutex::default() }) }
    }

    /// A draft of this instance.
    #[must_use]
    pub(super) fn draft(&self, id: Uuid, speech: DraftSpeech, place: Option<DraftPlace>, text: &str) -> NoteDraft {
        let (text, edited_file, screen_text) = (text.to_owned(), None, None);
        NoteDraft { version: VERSION, id, instance: self.instance.id, speech, place, screen_text, text, modified: now(), edited_file }
    }

    /// Creates the folder and takes the lock of this instance.
    fn prepare(&self) -> io::Result<()> {
        private_file::create_folder(&self.folder)?;
        let mut locked = self.instance.lock();
        if locked.is_none() {
            let file = File::create(&self.instance.lock_path)?;
            // On a file system without locks, a draft is offered while it is typed, too.
            let _ = file.try_lock();
            *locked = Some(file);
        }
        Ok(())
    }

    /// Writes a draft so that it survives this program, without waiting for the disk.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn keep(&self, draft: &NoteDraft) -> io::Result<()> {
        self.prepare()?;
        private_file::write_unsynced(&self.path(draft.id, TYPED), &serde_json::to_vec(draft)?)
    }

    /// Writes a draft; it is on the disk on return.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn save(&self, draft: &NoteDraft) -> io::Result<()> {
        self.prepare()?;
        private_file::write(&self.path(draft.id, SYNCED), &serde_json::to_vec(draft)?)
    }

    /// Removes a draft, if there is one.
    ///
    /// # Errors
    /// A file cannot be removed.
    pub(super) fn remove(&self, id: Uuid) -> io::Result<()> {
        for extension in [TYPED, SYNCED] {
            match fs::remove_file(self.path(id, extension)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// The drafts of a speech that no living instance has, oldest first. What an external editor had of
    /// a note when its instance died is the draft's text.
    #[must_use]
    pub(super) fn abandoned(&self, speech: &DraftSpeech) -> Vec<NoteDraft> {
        let mut drafts: Vec<NoteDraft> = [SYNCED, TYPED].iter().flat_map(|kind| self.files(kind)).filter_map(|path| read(&path)).collect();
        drafts.sort_by_key(|draft| (draft.id, Reverse(draft.modified)));
        drafts.dedup_by_key(|draft| draft.id);
        self.remove_old_locks(&drafts);
        let is_free = |draft: &NoteDraft| draft.instance != self.instance.id && self.is_dead(draft.instance);
        let mut found: Vec<NoteDraft> = drafts.into_iter().filter(|draft| draft.speech.is_same(speech) && is_free(draft)).collect();
        for draft in &mut found {
            let edited = draft.edited_file.as_deref().and_then(|path| external::read_note(path).ok());
            if let Some(edited) = edited.filter(|edited| !edited.text.trim().is_empty()) {
                draft.text = edited.text;
            }
        }
        found.sort_by_key(|draft| draft.modified);
        found
    }

    fn path(&self, id: Uuid, extension: &str) -> PathBuf {
        self.folder.join(format!("{id}.{extension}"))
    }

    fn files(&self, extension: &str) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let is_file = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_file());
        let paths = entries.flatten().filter(is_file).map(|entry| entry.path());
        paths.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
    }

    /// Whether an instance has ended: the system gives up its lock, however it ended.
    fn is_dead(&self, instance: Uuid) -> bool {
        File::open(lock_path(&self.folder, instance)).map_or(true, |file| file.try_lock().is_ok())
    }

    fn remove_old_locks(&self, drafts: &[NoteDraft]) {
        for path in self.files("lock") {
            let Some(instance) = path.file_stem().and_then(|name| Uuid::parse_str(&name.to_string_lossy()).ok()) else { continue };
            let is_old = fs::metadata(&path).and_then(|metadata| metadata.modified()).is_ok_and(|time| {
                let age = time.elapsed();
                age.is_ok_and(|age| age > MAX_LOCK_AGE)
            });
            if is_old && drafts.iter().all(|draft| draft.instance != instance) && self.is_dead(instance) {
                let _ = fs::remove_file(path);
            }
        }
    }
}

/// The file that an instance locks while it lives.
fn lock_path(folder: &Path, instance: Uuid) -> PathBuf {
    folder.join(format!("{instance}.lock"))
}

/// A draft in a file; `None` if it cannot be read or is of a newer version: it is left alone.
fn read(path: &Path) -> Option<NoteDraft> {
    let draft: NoteDraft = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    (draft.version <= VERSION).then_some(draft)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::{
        document::{Hints, parse},
        text::{SourceText, Span},
    };

    const TEXT: &str = "在县里的讲话\n\n一、抓班子\n\n今年要抓好人才工作，把短板补起来。\n\n二、带队伍\n\n干部要担当作为，敢抓敢管。\n";

    fn document(text: &str) -> Document {
        parse(SourceText::from(text), &Hints::default())
    }

    fn speech() -> DraftSpeech {
        DraftSpeech { store: "/store".to_owned(), path: "/讲话.txt".to_owned(), hash: None }
    }

    #[test]
    fn draft_is_found_after_its_instance_has_died_and_only_then() {
        let state = tempfile::tempdir().unwrap();
        let (typing, other) = (DraftFolder::new(state.path()), DraftFolder::new(state.path()));
        assert!(other.abandoned(&speech()).is_empty());
        let id = Uuid::now_v7();
        let draft = typing.draft(id, speech(), None, "这句");
        typing.save(&draft).unwrap();
        assert!(other.abandoned(&speech()).is_empty(), "it is being typed");
        // As after SIGKILL: the lock is given up, its file remains.
        typing.instance.lock().as_ref().unwrap().unlock().unwrap();
        assert_eq!(other.abandoned(&speech()).as_slice(), std::slice::from_ref(&draft));
        assert!(other.abandoned(&DraftSpeech { path: "/别的.txt".to_owned(), ..speech() }).is_empty());
        assert!(other.abandoned(&DraftSpeech { store: "/other".to_owned(), ..speech() }).is_empty());
        other.remove(id).unwrap();
        other.remove(id).unwrap();
        assert!(other.abandoned(&speech()).is_empty());
    }

    #[test]
    fn instances_do_not_overwrite_each_other() {
        let state = tempfile::tempdir().unwrap();
        let instances = [DraftFolder::new(state.path()), DraftFolder::new(state.path())];
        for (instance, text) in instances.iter().zip(["甲", "乙"]) {
            let draft = instance.draft(Uuid::now_v7(), speech(), None, text);
            instance.save(&draft).unwrap();
        }
        drop(instances);
        let texts: Vec<String> = DraftFolder::new(state.path()).abandoned(&speech()).into_iter().map(|draft| draft.text).collect();
        assert_eq!(texts, ["甲", "乙"]);
    }

    #[test]
    fn the_later_text_of_a_draft_is_offered() {
        let state = tempfile::tempdir().unwrap();
        let (typing, other) = (DraftFolder::new(state.path()), DraftFolder::new(state.path()));
        let (id, texts) = (Uuid::now_v7(), |drafts: Vec<NoteDraft>| drafts.into_iter().map(|draft| draft.text).collect::<Vec<_>>());
        let at = |second: i64, text: &str| NoteDraft {
            modified: jiff::Timestamp::from_second(second).unwrap(),
            ..typing.draft(id, speech(), None, text)
        };
        typing.save(&at(1, "这")).unwrap();
        typing.keep(&at(2, "这句")).unwrap();
        typing.instance.lock().as_ref().unwrap().unlock().unwrap();
        assert_eq!(texts(other.abandoned(&speech())), ["这句"], "the disk is behind");
        typing.save(&at(3, "这句话")).unwrap();
        assert_eq!(texts(other.abandoned(&speech())), ["这句话"]);
        // A file that was cut off while it was written counts for nothing.
        fs::write(typing.path(id, TYPED), "{\"version\":1,").unwrap();
        assert_eq!(texts(other.abandoned(&speech())), ["这句话"]);
        other.remove(id).unwrap();
        assert!(other.abandoned(&speech()).is_empty());
    }

    #[test]
    fn place_is_found_in_an_edited_text() {
        let old = document(TEXT);
        let start = TEXT.chars().position(|c| c == '抓').unwrap();
        let passage = Span::new(start + 8, start + 14);
        let place = DraftPlace::of_target(&old, Target::Passage(passage)).unwrap();
        let edited = document(&TEXT.replace("在县里的讲话\n", "在县里的讲话\n\n（二〇二四年三月）\n"));
        let Some(Target::Passage(found)) = place.resolve(&Resolver::brief(&edited)) else { panic!("the passage is there") };
        assert_eq!(edited.quote(found), old.quote(passage));
        let section = old.outline.resolve("二、").unwrap();
        let place = DraftPlace::of_target(&old, Target::Section(section)).unwrap();
        assert!(matches!(place.resolve(&Resolver::brief(&edited)), Some(Target::Section(_))));
        assert_eq!(place.resolve(&Resolver::brief(&document("完全不同的一篇文章，说的是水利。"))), None);
    }

    #[cfg(unix)]
    #[test]
    fn files_are_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let state = tempfile::tempdir().unwrap();
        let drafts = DraftFolder::new(state.path());
        let draft = drafts.draft(Uuid::now_v7(), speech(), None, "心里话");
        drafts.save(&draft).unwrap();
        drafts.keep(&draft).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&drafts.folder), mode(&drafts.path(draft.id, SYNCED))), (0o700, 0o600));
        assert_eq!(mode(&drafts.path(draft.id, TYPED)), 0o600);
    }
}
