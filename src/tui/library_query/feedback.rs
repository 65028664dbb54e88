//! Recording the user's feedback on suggested tags.

use super::source::LibraryReader;
use crate::tui::message::SuggestionFeedback;
use pizhu_annotation::store::state_dir;
use pizhu_library::feedback;
use pizhu_library::feedback::Feedback;
use pizhu_library::feedback::Verdict;

/// Records the user's feedback; fails with the reason.
pub(super) fn record(given: &[SuggestionFeedback], reader: &LibraryReader) -> Result<(), String> {
    let verdicts: Vec<Verdict> = given.iter().filter_map(|feedback| verdict(feedback, reader)).collect();
    if verdicts.is_empty() {
        return Ok(());
    }
    let folder = state_dir().map_err(|error| error.to_string())?;
    Feedback::record(&folder, &verdicts).map(drop).map_err(|error| error.to_string())
}

fn verdict(feedback: &SuggestionFeedback, reader: &LibraryReader) -> Option<Verdict> {
    let document = reader.document(&feedback.source.path).ok()?;
    let (id, _) = document.outline.iter().find(|(_, section)| section.span == feedback.source.span)?;
    let section = feedback::SectionKey::new(&document, &feedback.source.path, id);
    let SuggestionFeedback { suggestion, accepted, .. } = feedback;
    Some(Verdict { section, tag: suggestion.tag.clone(), words: suggestion.words.clone(), accepted: *accepted })
}

/// The feedback recorded so far; empty if it cannot be read.
pub(super) fn load() -> Feedback {
    state_dir().ok().and_then(|folder| Feedback::load(&folder).ok()).unwrap_or_default()
}
