//! Snapshots: the texts that annotations were placed in, kept so that a changed text can be compared
//! with them.
//!
//! A text is kept once, compressed, under its identity and the hash of its exact chars. It is written
//! after the annotations, and whatever fails then is harmless: without a snapshot, annotations are
//! found by their selectors. A torn file has a wrong checksum and is passed over. A snapshot is dropped
//! once no speech of the store is recorded with its identity, now or formerly, and no passage of a basket
//! is from it.

use super::{error::StoreError, handle::Store, loaded_speech::LoadedSpeech, snapshot_state::SnapshotListing, speech_file::SpeechRecord};
use crate::anchor::{PastTexts, is_made_from};
use crate::identity::SpeechHash;
use crate::model::Annotation;
use crate::record::Record;
use crate::storage::create_dir_synced;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use pizhu_text::document::Document;
use pizhu_text::text::SourceText;
use std::{
    collections::BTreeSet,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, atomic::Ordering},
    time::{Duration, SystemTime},
};
use uuid::Uuid;

/// Name of the folder, among the user's or in a shared store.
pub(super) const SNAPSHOT_DIR: &str = "snapshots";
/// Maximum size in bytes of a text that is kept; a file that claims to hold more is not read on.
const MAX_TEXT_BYTES: usize = 16 << 20;
/// Maximum number of texts read for one speech.
const MAX_TEXTS: usize = 8;
/// How long a snapshot is kept that no speech refers to: the speech may be about to be saved.
const MIN_AGE: Duration = Duration::from_hours(24);
/// The same in a shared store, which may be on its way between machines.
const MIN_SHARED_AGE: Duration = Duration::from_hours(30 * 24);

impl Store {
    /// Sets whether the texts that annotations are placed in are kept and used.
    #[must_use]
    pub fn with_snapshots(self, keeps_texts: bool) -> Self {
        let mut store = self;
        store.keeps_texts = keeps_texts;
        store
    }

    /// Lets a shared store keep snapshots itself, for everyone who shares it.
    ///
    /// # Errors
    /// The folder for them cannot be created.
    pub fn share_snapshots(&self) -> Result<(), StoreError> {
        let dir = self.location.dir.join(SNAPSHOT_DIR);
        self.storage.check_folder(&dir).map_err(StoreError::io(&dir))?;
        create_dir_synced(&*self.storage, &dir, false).map_err(StoreError::io(&dir))
    }

    /// The former texts of a speech, if one of its annotations was not made from the present text.
    pub(crate) fn past_texts(&self, speech: &LoadedSpeech, document: &Document) -> PastTexts {
        let Some(record) = speech.record().filter(|_| self.keeps_texts && document.is_final) else { return PastTexts::default() };
        let is_present = |annotation: Arc<Annotation>| is_made_from(&annotation.selector, &document.source);
        let mut mended = speech.outline_edits().flat_map(|(at, stretch)| std::iter::once(at).chain(stretch));
        if speech.annotations().all(is_present) && mended.all(|selector| is_made_from(selector, &document.source)) {
            return PastTexts::default();
        }
        self.texts_of(record).into_iter().filter(|text| *text != document.source).collect()
    }

    fn texts_of(&self, record: &SpeechRecord) -> Vec<SourceText> {
        let listing = self.snapshot_listing();
        let mut texts = Vec::new();
        // The latest identity first.
        for hash in std::iter::once(&record.hash).chain(record.former_hashes.iter().rev()) {
            let prefix = format!("{hash}-");
            let files = listing.beginning_with(&prefix).take(MAX_TEXTS - texts.len());
            texts.extend(files.filter_map(|path| self.read_snapshot(&path)));
            if texts.len() >= MAX_TEXTS {
                break;
            }
        }
        texts
    }

    /// The texts kept of this identity.
    pub(super) fn texts_with_hash(&self, hash: SpeechHash) -> Vec<SourceText> {
        let listing = self.snapshot_listing();
        listing.beginning_with(&format!("{hash}-")).take(MAX_TEXTS).filter_map(|path| self.read_snapshot(&path)).collect()
    }

    /// Keeps the text of a document in which annotations were placed. Failures are passed over.
    pub(crate) fn keep_text(&self, hash: SpeechHash, document: &Document) {
        if self.keeps_texts
            && document.is_final
            && self.try_keep_text(hash, &document.source).is_ok_and(|is_new| is_new)
            && !self.snapshots.is_swept.swap(true, Ordering::Relaxed)
        {
            self.sweep_snapshots();
        }
    }

    /// Writes a snapshot if there is none; whether it did.
    fn try_keep_text(&self, hash: SpeechHash, source: &SourceText) -> io::Result<bool> {
        if source.is_empty() || source.len_bytes() > MAX_TEXT_BYTES {
            return Ok(false);
        }
        let listing = if self.keeps_listing() { self.snapshot_listing() } else { Arc::new(self.unlisted_snapshots()) };
        let (dir, private) = (listing.dir.clone(), listing.private);
        let entry = (snapshot_name(hash, source), dir.clone());
        let path = dir.join(&entry.0);
        // One that is listed may have been deleted since by another process; then it is written again the
        // next time.
        let is_there = if self.keeps_listing() { listing.files.contains(&entry) } else { self.storage.fingerprint(&path).is_ok() };
        if is_there {
            return Ok(false);
        }
        if !listing.is_prepared {
            self.storage.check_folder(&dir)?;
            create_dir_synced(&*self.storage, &dir, private)?;
        }
        drop(listing);
        let draft = dir.join(format!(".{:032x}.new", Uuid::now_v7().as_u128()));
        let written = self.storage.create(&draft, &compress(source)?, private).and_then(|()| self.storage.rename(&draft, &path));
        let mut kept = self.snapshots.listing.lock().unwrap_or_else(PoisonError::into_inner);
        if written.is_err() {
            let _ = self.storage.remove(&draft);
            kept.take();
        } else if let Some(kept) = &mut *kept {
            let kept = Arc::make_mut(kept);
            kept.files.insert(entry);
            kept.is_prepared = true;
        }
        written.map(|()| true)
    }

    /// Where snapshots are written, and whether only the user may read them: the user's own folder, or
    /// the one in a shared store that was made for them.
    fn snapshot_dir(&self) -> (PathBuf, bool) {
        let shared = self.location.dir.join(SNAPSHOT_DIR);
        if self.location.shared && self.storage.fingerprint(&shared).is_ok() {
            return (shared, false);
        }
        (self.state_subdir(SNAPSHOT_DIR), true)
    }

    /// The snapshots that may be read; one listing of them serves while one of the store is kept.
    fn snapshot_listing(&self) -> Arc<SnapshotListing> {
        let mut kept = self.snapshots.listing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listing) = &*kept {
            return Arc::clone(listing);
        }
        let mut files = BTreeSet::new();
        for dir in [self.state_subdir(SNAPSHOT_DIR), self.location.dir.join(SNAPSHOT_DIR)] {
            if self.storage.check_folder(&dir).is_ok() {
                let listed = self.storage.list(&dir).unwrap_or_default();
                files.extend(listed.iter().map(|path| (file_name(path), dir.clone())));
            }
        }
        let listing = Arc::new(SnapshotListing { files, ..self.unlisted_snapshots() });
        if self.keeps_listing() {
            *kept = Some(Arc::clone(&listing));
        }
        listing
    }

    /// A listing without files.
    fn unlisted_snapshots(&self) -> SnapshotListing {
        let (dir, private) = self.snapshot_dir();
        SnapshotListing { dir, private, ..SnapshotListing::default() }
    }

    fn read_snapshot(&self, path: &Path) -> Option<SourceText> {
        if self.storage.fingerprint(path).ok()?.len > MAX_TEXT_BYTES as u64 {
            return None;
        }
        unpack(&self.storage.read(path).ok()?, MAX_TEXT_BYTES)
    }

    /// Deletes the snapshots that no speech of the store refers to.
    fn sweep_snapshots(&self) {
        let Ok(speeches) = self.speeches() else { return };
        let records = speeches.iter().map(|(_, record)| record);
        let mut referred: BTreeSet<String> =
            records.flat_map(|record| std::iter::once(&record.hash).chain(&record.former_hashes)).map(ToString::to_string).collect();
        let Ok(project) = self.project() else { return };
        let passages = project.records().values().filter_map(|entry| match &entry.record {
            Record::BasketItem { item, .. } => item.as_passage(),
            _ => None,
        });
        referred.extend(passages.map(|passage| passage.speech.to_string()));
        let (dir, private) = self.snapshot_dir();
        let min_age = if private { MIN_AGE } else { MIN_SHARED_AGE };
        for path in self.storage.list(&dir).unwrap_or_default() {
            let name = file_name(&path);
            let is_of_use = name.split_once('-').is_some_and(|(hash, _)| referred.contains(hash));
            let is_ours = path.extension().is_some_and(|extension| extension == "gz" || extension == "new");
            let modified = || self.storage.fingerprint(&path).ok().and_then(|fingerprint| fingerprint.modified);
            let is_old = || modified().is_some_and(|time| SystemTime::now().duration_since(time).is_ok_and(|age| age >= min_age));
            if is_ours && !is_of_use && is_old() {
                // One too many is harmless.
                let _ = self.storage.remove(&path);
            }
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The name of a text's snapshot: its identity, so that it is found, and a hash of its chars.
fn snapshot_name(hash: SpeechHash, source: &SourceText) -> String {
    format!("{hash}-{}.gz", exact_hash(source))
}

/// 128 bits of the hash of a text's exact chars.
pub(super) fn exact_hash(source: &SourceText) -> String {
    let mut hasher = blake3::Hasher::new();
    for chunk in source.chunks() {
        hasher.update(chunk.text().as_bytes());
    }
    let mut exact = hasher.finalize().to_hex().to_string();
    exact.truncate(32);
    exact
}

/// Unpacks a text of at most `max` bytes; `None` if it is damaged or longer.
pub(super) fn unpack(bytes: &[u8], max: usize) -> Option<SourceText> {
    let mut text = String::new();
    let length = GzDecoder::new(bytes).take(max as u64 + 1).read_to_string(&mut text).ok()?;
    (length <= max).then(|| SourceText::from(text.as_str()))
}

pub(super) fn compress(source: &SourceText) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    for chunk in source.chunks() {
        encoder.write_all(chunk.text().as_bytes())?;
    }
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AnchorStatus, Edit, StoreLocation, Target};
    use pizhu_text::document::{Hints, parse};
    use pizhu_text::text::Span;
    use std::fs;

    const TEXT: &str = "同志们：\n今年要抓好人才工作，把短板补起来，把长板做得更长，让群众看得见变化。\n散会。\n";
    /// The passage marked is found by its selector nowhere: all around it is new.
    const EDITED: &str = "各位同志：\n今年我们抓实人才工作，短板补上，把长板做得更长，让群众看得见变化。\n散会。\n";

    fn document(text: &str) -> Document {
        parse(SourceText::from(text), &Hints::default())
    }

    fn tag_as(author: &str, store: &Store, text: &str, path: &Path) {
        let start = text.chars().position(|c| c == '抓').unwrap();
        let target = Target::Passage(Span::new(start, start + 6));
        store.apply(&document(text), path, author, vec![Edit::Tag { target, tags: vec![crate::TagRef::derived("人才")] }]).unwrap();
    }

    fn tag(store: &Store, text: &str, path: &Path) {
        tag_as("甲", store, text, path);
    }

    fn status(store: &Store, text: &str, path: &Path) -> (AnchorStatus, Option<String>) {
        let document = document(text);
        let (anchors, _) = store.annotations(&document, path).unwrap();
        (anchors[0].status, anchors[0].span.map(|span| document.quote(span)))
    }

    fn files(dir: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
            if entry.path().is_dir() { found.extend(files(&entry.path())) } else { found.push(entry.path()) }
        }
        found
    }

    #[test]
    fn a_changed_text_is_compared_with_the_one_kept() {
        let dir = tempfile::tempdir().unwrap();
        let (state, path) = (dir.path().join("state"), dir.path().join("讲话.txt"));
        let store = Store::new(StoreLocation::from_dir(&dir.path().join("store")), state.clone());
        tag(&store, TEXT, &path);
        tag_as("乙", &store, TEXT, &path);
        let kept = files(&state.join(SNAPSHOT_DIR));
        assert_eq!(kept.len(), 1, "once a text");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&kept[0]).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(fs::metadata(state.join(SNAPSHOT_DIR)).unwrap().permissions().mode() & 0o777, 0o700);
        }
        assert_eq!(status(&store, EDITED, &path), (AnchorStatus::Changed, Some("抓实人才工作".to_owned())));
        assert_eq!(status(&store.clone().with_snapshots(false), EDITED, &path).1, None, "the setting turns it off");
        // A torn file, one that unpacks without end, and a folder that cannot be read are passed over.
        fs::write(&kept[0], &fs::read(&kept[0]).unwrap()[..40]).unwrap();
        assert_eq!(status(&store, EDITED, &path).1, None);
        let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
        bomb.write_all(&vec![b'a'; MAX_TEXT_BYTES + 2]).unwrap();
        fs::write(&kept[0], bomb.finish().unwrap()).unwrap();
        assert_eq!(status(&store, EDITED, &path).1, None);
    }

    #[test]
    fn a_snapshot_that_cannot_be_written_stops_no_save() {
        let dir = tempfile::tempdir().unwrap();
        let (state, path) = (dir.path().join("state"), dir.path().join("讲话.txt"));
        fs::create_dir_all(&state).unwrap();
        fs::write(state.join(SNAPSHOT_DIR), "in the way").unwrap();
        let store = Store::new(StoreLocation::from_dir(&dir.path().join("store")), state);
        tag(&store, TEXT, &path);
        assert_eq!(status(&store, TEXT, &path).0, AnchorStatus::Exact);
        assert_eq!(status(&store, EDITED, &path).1, None);
    }

    #[test]
    fn shared_store_keeps_snapshots_if_it_has_their_folder() {
        let dir = tempfile::tempdir().unwrap();
        let shared = dir.path().join(".pizhu");
        fs::create_dir_all(shared.join(SNAPSHOT_DIR)).unwrap();
        let path = dir.path().join("讲话.txt");
        let store = Store::new(StoreLocation::from_dir(dir.path()), dir.path().join("state"));
        tag(&store, TEXT, &path);
        assert_eq!(files(&shared.join(SNAPSHOT_DIR)).len(), 1);
        let colleague = Store::new(StoreLocation::from_dir(dir.path()), dir.path().join("another"));
        assert_eq!(status(&colleague, EDITED, &path).1.as_deref(), Some("抓实人才工作"));
        assert!(colleague.inspection().passed_over.is_empty());
    }

    #[test]
    fn annotations_of_different_versions_follow_their_chars() {
        let dir = tempfile::tempdir().unwrap();
        let (state, path) = (dir.path().join("state"), dir.path().join("讲话.txt"));
        let store = Store::new(StoreLocation::from_dir(&dir.path().join("store")), state);
        tag(&store, TEXT, &path);
        tag_as("乙", &store, EDITED, &path);
        let last = document(&EDITED.replace("我们抓实人才工作，短板", "必须抓紧人才工作，弱项"));
        let (anchors, _) = store.annotations(&last, &path).unwrap();
        assert_eq!(anchors.len(), 2);
        for anchored in &anchors {
            assert_eq!(
                anchored.span.map(|span| last.quote(span)).as_deref(),
                Some("抓紧人才工作"),
                "{}",
                anchored.annotation.selector.quote
            );
        }
    }

    #[test]
    fn unreferenced_snapshots_are_deleted() {
        let dir = tempfile::tempdir().unwrap();
        let (state, path) = (dir.path().join("state"), dir.path().join("讲话.txt"));
        let open = || Store::new(StoreLocation::from_dir(&dir.path().join("store")), state.clone());
        tag(&open(), TEXT, &path);
        let folder = files(&state.join(SNAPSHOT_DIR))[0].parent().unwrap().to_owned();
        let foreign = folder.join(format!("{}-0.gz", SpeechHash::from_text(&SourceText::from("别的讲话"))));
        fs::write(&foreign, "old").unwrap();
        let open_file = fs::File::options().write(true).open(&foreign).unwrap();
        open_file.set_modified(SystemTime::now() - 2 * MIN_AGE).unwrap();
        tag_as("乙", &open(), EDITED, &path);
        assert!(!foreign.exists());
        assert_eq!(files(&folder).len(), 2, "the texts of both identities are kept");
    }
}
