//! Makes previews off the drawing thread. Of several only the newest is wanted.

use crate::app::job::{CancelToken, JobOrder, JobRunner};
use crate::app::open::{FirstPart, SpeechOpening};
use crate::locale::notice;
use crate::tui::effect::AppEvent;
use crate::tui::event_sink::EventSink;
use crate::tui::message::{PreviewSection, SpeechPreview, StatusMessage};
use pizhu_annotation::store::{SpeechKey, state_dir};
use pizhu_annotation::{AnchoredAnnotation, Store, StoreLocation, TagRef};
use pizhu_library::source::{ReadOptions, open};
use pizhu_text::document::{Document, ParagraphKind, SectionId};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Maximum number of sections shown.
const MAX_SECTIONS: usize = 400;
/// Number of first lines, and the chars of each.
const MAX_LINES: usize = 3;
const MAX_LINE_CHARS: usize = 300;
/// How long quitting waits for what was marked to be saved.
const QUIT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a listing of a store serves.
const LISTING_AGE: Duration = Duration::from_secs(3);

/// Makes previews, of which only the newest is wanted, and marks speeches.
pub(in crate::tui) struct PreviewJobs {
    events: EventSink,
    previews: JobRunner,
    marks: JobRunner,
    maker: Arc<Mutex<PreviewMaker>>,
}

impl PreviewJobs {
    #[must_use]
    pub(in crate::tui) fn new(store: Option<PathBuf>, author: String, read_options: ReadOptions, events: EventSink) -> Self {
        let maker = PreviewMaker { given: store, author, read_options, stores: Vec::new() };
        Self {
            events,
            previews: JobRunner::new("preview", JobOrder::NewestWins),
            marks: JobRunner::new("marking", JobOrder::InOrder),
            maker: Arc::new(Mutex::new(maker)),
        }
    }

    /// Asks for the preview of a speech; it arrives as an event.
    pub(in crate::tui) fn request(&self, path: PathBuf) {
        let (maker, events) = (Arc::clone(&self.maker), Arc::clone(&self.events));
        let preview = move |cancel: &CancelToken| {
            let mut maker = maker.lock().unwrap_or_else(PoisonError::into_inner);
            // Many may have come while another was being made.
            if !cancel.is_cancelled() {
                events(AppEvent::Previewed(Box::new(maker.preview(&path))));
            }
        };
        // Without a thread there is no preview.
        let _ = self.previews.submit(preview);
    }

    /// Marks a speech as wanted at hand, or not; that it was done arrives as an event.
    pub(in crate::tui) fn set_favourite(&self, path: PathBuf, is_favourite: bool) {
        let (maker, events) = (Arc::clone(&self.maker), Arc::clone(&self.events));
        let mark = move |_: &CancelToken| {
            let marked = maker.lock().unwrap_or_else(PoisonError::into_inner).set_favourite(&path, is_favourite);
            events(match marked {
                Ok(()) => AppEvent::FavouriteSet { path, is_favourite },
                Err(message) => AppEvent::Status(message),
            });
        };
        if let Err(error) = self.marks.submit(mark) {
            (self.events)(AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", error)));
        }
    }

    /// Waits until what was marked is saved.
    pub(in crate::tui) fn flush(&self) {
        self.marks.flush(QUIT_TIMEOUT);
    }
}

struct PreviewMaker {
    given: Option<PathBuf>,
    author: String,
    read_options: ReadOptions,
    /// The stores used lately, each listed once.
    stores: Vec<(Store, Instant)>,
}

impl PreviewMaker {
    fn preview(&mut self, path: &Path) -> SpeechPreview {
        let empty = SpeechPreview { path: path.to_owned(), ..SpeechPreview::default() };
        // Of a giant only the first block is read.
        let document = match SpeechOpening::begin(path, self.read_options, FirstPart::Block) {
            Ok(begun) => Arc::clone(&begun.first_part().document),
            Err(error) => return SpeechPreview { error: error.to_string(), ..empty },
        };
        let found = self.store(path).and_then(|store| store.speech_annotations(&document, path).ok()).filter(|_| document.is_final);
        let document = found.as_ref().map_or(document, |found| Arc::clone(&found.outline.document));
        let placed: Vec<&AnchoredAnnotation> = found.iter().flat_map(|found| found.anchors.iter()).collect();
        let notes = placed.iter().filter(|placed| !placed.annotation.note.is_empty()).count();
        let (sections, first_lines) = (sections(&document, &placed), first_lines(&document));
        SpeechPreview { sections, first_lines, notes, annotations: placed.len(), ..empty }
    }

    /// Marks a speech in its store.
    fn set_favourite(&mut self, path: &Path, is_favourite: bool) -> Result<(), StatusMessage> {
        let fails = |error: pizhu_library::source::SourceError| {
            StatusMessage::error(notice::CANNOT_OPEN).with("path", path.display()).with("reason", error)
        };
        let document = open(path, self.read_options).map_err(fails)?.document;
        let store = Store::find(Some(path), self.given.as_deref()).map_err(|error| StatusMessage::not_saved(&error))?;
        let key = SpeechKey::from_document(store.location(), &document, path);
        let author = self.author.as_str();
        let edited = store.edit_records(&key, author, |records| records.set_favourite(author, is_favourite));
        self.stores.clear();
        edited.map(drop).map_err(|error| StatusMessage::not_saved(&error))
    }

    /// The store of a speech, with one listing for the requests of a few seconds.
    fn store(&mut self, path: &Path) -> Option<Store> {
        let location = StoreLocation::find(Some(path), self.given.as_deref()).ok()?;
        self.stores.retain(|(_, since)| since.elapsed() < LISTING_AGE);
        if let Some((store, _)) = self.stores.iter().find(|(store, _)| *store.location() == location) {
            return Some(store.clone());
        }
        let store = Store::new(location, state_dir().ok()?).keep_listing();
        self.stores.push((store.clone(), Instant::now()));
        Some(store)
    }
}

/// The sections with the tags on them and in them.
fn sections(document: &Document, placed: &[&AnchoredAnnotation]) -> Vec<PreviewSection> {
    let mut tags: HashMap<SectionId, Vec<(TagRef, usize)>> = HashMap::new();
    for placed in placed {
        let section = placed.section.or_else(|| document.outline.section_at(placed.span?.start));
        let Some(section) = section else { continue };
        let counts = tags.entry(section).or_default();
        for tag in &placed.annotation.tags {
            match counts.iter_mut().find(|(known, _)| known.id == tag.id) {
                Some((_, count)) => *count += 1,
                None => counts.push((tag.clone(), 1)),
            }
        }
    }
    let section = |(id, section): (SectionId, pizhu_text::document::Section<'_>)| {
        let mut counts = tags.remove(&id).unwrap_or_default();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let heading = format!("{}{}", section.marker_text, section.display_title());
        PreviewSection {
            depth: usize::from(section.depth) + 1,
            heading: heading.split_whitespace().collect::<Vec<_>>().join(" "),
            tags: counts.into_iter().map(|(tag, _)| tag).collect(),
        }
    };
    document.outline.iter().take(MAX_SECTIONS).map(section).collect()
}

/// The first lines of the running text.
fn first_lines(document: &Document) -> Vec<String> {
    let body = document.paragraphs.iter().filter(|paragraph| paragraph.kind == ParagraphKind::Body);
    let line = |paragraph: &pizhu_text::document::Paragraph| {
        let text: String = document.text(paragraph.span).split_whitespace().collect();
        text.chars().take(MAX_LINE_CHARS).collect::<String>()
    };
    body.map(line).filter(|line| !line.is_empty()).take(MAX_LINES).collect()
}
