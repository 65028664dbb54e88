//! Where the passages of baskets are in the present texts.

use super::{error::StoreError, handle::Store};
use crate::anchor::{AnchorStatus, PastTexts, Resolver, is_made_from};
use crate::basket::BasketPassage;
use crate::identity::SpeechHash;
use crate::model::{Annotation, AnnotationId, Scope, Target};
use crate::selector::Selector;
use pizhu_text::document::{DamagedHeading, Document, SectionId};
use pizhu_text::text::Span;
use std::path::{Path, PathBuf};

/// The place of a passage in the present text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassagePlace {
    /// How it was found.
    pub status: AnchorStatus,
    /// The chars; `None` for review and orphaned. For a section, the whole section.
    pub span: Option<Span>,
    /// The section, for a whole section.
    pub section: Option<SectionId>,
}

impl Store {
    /// A passage of a document for a basket; `None` if there is no text at the target. The text is kept
    /// for the time when it has changed.
    #[must_use]
    pub fn basket_passage(
        &self,
        document: &Document,
        path: &Path,
        target: Target,
        annotation: Option<AnnotationId>,
    ) -> Option<BasketPassage> {
        let (scope, at, span) = match target {
            Target::Passage(span) => (Scope::Passage, Selector::for_passage(document, span)?, span),
            Target::Section(id) => (Scope::Section, Selector::for_section(document, id)?, document.outline.get(id)?.span),
            Target::Speech => (Scope::Speech, Selector::for_speech(document), document.source.span()),
        };
        if at.span().is_empty() {
            return None;
        }
        let text = document.quotation(span, DamagedHeading::Restored).trim_end().to_owned();
        let text = if text == at.cleaned_quote() { String::new() } else { text };
        let speech = SpeechHash::from_text(&document.source);
        let metadata = &document.metadata;
        let title = metadata.title.as_deref().map_or_else(
            || path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            |title| title.split_whitespace().collect::<Vec<_>>().join(" "),
        );
        let date = metadata.date.as_deref().unwrap_or_default().to_owned();
        self.keep_text(speech, document);
        Some(BasketPassage { speech, path: self.location.document_name(path), title, date, scope, at, text, annotation })
    }

    /// The places of passages of one speech in its present text. What their texts have become since is
    /// seen from the texts that were kept.
    #[must_use]
    pub fn place_passages(&self, document: &Document, passages: &[&BasketPassage]) -> Vec<PassagePlace> {
        let changed: Vec<&BasketPassage> =
            passages.iter().copied().filter(|passage| !is_made_from(&passage.at, &document.source)).collect();
        let past = if changed.is_empty() || !self.keeps_texts {
            PastTexts::default()
        } else {
            let mut hashes: Vec<SpeechHash> = changed.iter().map(|passage| passage.speech).collect();
            hashes.sort();
            hashes.dedup();
            hashes.into_iter().flat_map(|hash| self.texts_with_hash(hash)).filter(|text| *text != document.source).collect()
        };
        let resolver = Resolver::with_past(document, past);
        let place = |passage: &&BasketPassage| {
            let found = resolver.resolve(&Annotation::new(passage.scope, passage.at.clone(), ""));
            PassagePlace { status: found.status, span: found.span, section: found.section }
        };
        passages.iter().map(place).collect()
    }

    /// The paths where the speech of a passage may be: that of the time when it was put in, then those
    /// that the store has recorded of the speech since, the latest first.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn passage_paths(&self, passage: &BasketPassage) -> Result<Vec<PathBuf>, StoreError> {
        let mut paths = vec![self.location.document_path(&passage.path)];
        for (_, record) in self.speeches()? {
            if record.hash == passage.speech || record.former_hashes.contains(&passage.speech) {
                paths.extend(record.paths.iter().rev().map(|name| self.location.document_path(name)));
            }
        }
        Ok(paths)
    }
}
