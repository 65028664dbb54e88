//! Suggested tags, and learning from what was said to them.

use super::{Job, titled_path};
use pizhu_annotation::store::state_dir;
use pizhu_library::lessons;
use pizhu_library::lessons::Lessons;
use pizhu_library::lessons::Verdict;
use pizhu_library::suggest::Excerpts;
use pizhu_library::suggest::Suggester;
use pizhu_library::suggest::divide;
use crate::tui::effect::Event;
use crate::tui::state::Answer;
use crate::tui::state::Ink;
use crate::tui::state::Notice;
use crate::tui::state::Offer;
use crate::tui::state::Row;
use crate::tui::state::Said;
use crate::tui::state::Spot;
use std::path::Path;

impl Job {
    /// What the untagged sections of a speech may deserve; learned from all speeches asked about.
    pub(super) fn suggestions(&self, speech: &Path) -> Option<Answer> {
        self.settle();
        let document = self.shelf.document(speech, self.sources.manner).ok()?;
        let (placed, codebook) = self.annotations(&document, speech)?;
        let lessons = lessons();
        let (mut examples, open) = divide(&document, speech, &placed, &codebook, &lessons);
        for path in self.inquiry.files.iter().filter(|path| *path != speech) {
            if self.is_old() {
                return None;
            }
            let Ok(other) = self.shelf.document(path, self.sources.manner) else { continue };
            if let Some((placed, _)) = self.annotations(&other, path).filter(|(placed, _)| !placed.is_empty()) {
                examples.extend(divide(&other, path, &placed, &codebook, &lessons).0);
            }
        }
        let suggester = Suggester::new(&codebook, &examples, lessons);
        let mut excerpts = Excerpts::new(&document);
        let mut answer = Answer { speeches: 1, ..Answer::default() };
        for (id, refused) in open {
            let Some(section) = document.outline.get(id) else { continue };
            let deserved = suggester.suggest(&excerpts.of(id), &refused);
            if deserved.is_empty() {
                continue;
            }
            answer.count += 1;
            let spot = Some(Spot { path: speech.to_owned(), span: section.span });
            answer.rows.push(Row { heads: true, ..Row::line(vec![(titled_path(&document, id), Ink::Title)], spot.clone()) });
            for one in deserved {
                let pieces = vec![(format!("    {}  ", one.tag), Ink::Badge), (one.reasons.join(" "), Ink::Dim)];
                answer.rows.push(Row {
                    offer: Some(Offer { tag: one.tag, words: one.reasons }),
                    right: format!("{:.2}", one.score),
                    ..Row::line(pieces, spot.clone())
                });
            }
        }
        Some(answer)
    }

    /// Keeps what the user said to suggestions.
    pub(super) fn learn(&self) {
        let verdicts: Vec<Verdict> = self.inquiry.said.iter().filter_map(|said| self.verdict(said)).collect();
        if verdicts.is_empty() {
            return;
        }
        let kept = state_dir()
            .map_err(|error| error.to_string())
            .and_then(|folder| Lessons::learn(&folder, &verdicts).map_err(|error| error.to_string()));
        if let Err(reason) = kept {
            (self.deliver)(Event::Said(Notice::error("cannot-save").with("reason", reason)));
        }
    }

    fn verdict(&self, said: &Said) -> Option<Verdict> {
        let document = self.shelf.document(&said.spot.path, self.sources.manner).ok()?;
        let (id, _) = document.outline.iter().find(|(_, section)| section.span == said.spot.span)?;
        let place = lessons::Place::of(&document, &said.spot.path, id);
        Some(Verdict { place, tag: said.offer.tag.clone(), words: said.offer.words.clone(), accepted: said.accepted })
    }
}

/// What was said to suggestions so far; what cannot be read is as if it had not been said.
fn lessons() -> Lessons {
    state_dir().ok().and_then(|folder| Lessons::load(&folder).ok()).unwrap_or_default()
}
