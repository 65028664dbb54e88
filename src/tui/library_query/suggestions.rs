//! Tag suggestions, and recording the user's feedback on them.

use super::{QueryJob, rows::titled_path};
use crate::tui::effect::AppEvent;
use crate::tui::message::PieceStyle;
use crate::tui::message::QueryResults;
use crate::tui::message::ResultRow;
use crate::tui::message::SpeechSpan;
use crate::tui::message::StatusMessage;
use crate::tui::message::SuggestedTag;
use crate::tui::message::SuggestionFeedback;
use pizhu_annotation::store::state_dir;
use pizhu_library::feedback;
use pizhu_library::feedback::Feedback;
use pizhu_library::feedback::Verdict;
use pizhu_library::suggest::FeatureExtractor;
use pizhu_library::suggest::Suggester;
use pizhu_library::suggest::collect_examples;
use std::path::Path;

impl QueryJob {
    /// Suggests tags for the untagged sections of a speech; trained on all speeches of the query.
    pub(super) fn suggestions(&self, speech: &Path) -> Option<QueryResults> {
        self.flush_writer();
        let document = self.document(speech).ok()?;
        let (placed, codebook) = self.annotations(&document, speech)?;
        let feedback = load_feedback();
        let (mut examples, untagged) = collect_examples(&document, speech, &placed, &codebook, &feedback);
        for path in self.query.files.iter().filter(|path| *path != speech) {
            if self.is_outdated() {
                return None;
            }
            let Ok(other) = self.document(path) else { continue };
            if let Some((placed, _)) = self.annotations(&other, path).filter(|(placed, _)| !placed.is_empty()) {
                examples.extend(collect_examples(&other, path, &placed, &codebook, &feedback).0);
            }
        }
        let suggester = Suggester::new(&codebook, &examples, feedback);
        let mut excerpts = FeatureExtractor::new(&document);
        let mut results = QueryResults { speeches: 1, ..QueryResults::default() };
        for (id, refused) in untagged {
            let Some(section) = document.outline.get(id) else { continue };
            let proposals = suggester.suggest(&excerpts.extract(id), &refused);
            if proposals.is_empty() {
                continue;
            }
            results.count += 1;
            let source = Some(SpeechSpan { path: speech.to_owned(), span: section.span });
            results.rows.push(ResultRow {
                is_head: true,
                ..ResultRow::line(vec![(titled_path(&document, id), PieceStyle::Title)], source.clone())
            });
            for one in proposals {
                let pieces = vec![(format!("    {}  ", one.tag), PieceStyle::Badge), (one.reasons.join(" "), PieceStyle::Dim)];
                results.rows.push(ResultRow {
                    suggestion: Some(SuggestedTag { tag: one.tag, words: one.reasons }),
                    right_label: format!("{:.2}", one.score),
                    ..ResultRow::line(pieces, source.clone())
                });
            }
        }
        Some(results)
    }

    /// Records the user's feedback on suggestions.
    pub(super) fn record_feedback(&self) {
        let verdicts: Vec<Verdict> = self.query.feedback.iter().filter_map(|feedback| self.verdict(feedback)).collect();
        if verdicts.is_empty() {
            return;
        }
        let recorded = state_dir()
            .map_err(|error| error.to_string())
            .and_then(|folder| Feedback::record(&folder, &verdicts).map_err(|error| error.to_string()));
        if let Err(reason) = recorded {
            (self.events)(AppEvent::Status(StatusMessage::error("cannot-save").with("reason", reason)));
        }
    }

    fn verdict(&self, feedback: &SuggestionFeedback) -> Option<Verdict> {
        let document = self.document(&feedback.source.path).ok()?;
        let (id, _) = document.outline.iter().find(|(_, section)| section.span == feedback.source.span)?;
        let section = feedback::SectionKey::new(&document, &feedback.source.path, id);
        Some(Verdict {
            section,
            tag: feedback.suggestion.tag.clone(),
            words: feedback.suggestion.words.clone(),
            accepted: feedback.accepted,
        })
    }
}

/// The feedback recorded so far; empty if it cannot be read.
fn load_feedback() -> Feedback {
    state_dir().ok().and_then(|folder| Feedback::load(&folder).ok()).unwrap_or_default()
}
