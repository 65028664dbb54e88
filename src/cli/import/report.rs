//! What an import says it has done.

use crate::app::import::{FailedEntry, ImportFailure, ImportReport, ReviewEntry};
use crate::cli::{CliError, error::codebook_line};
use crate::locale::{Language, Locale, family, id};
use pizhu_library::exchange::import_resolver::ResolveError;
use serde::Serialize;
use std::collections::BTreeMap;

/// The report of an import, in JSON; the reasons are English there.
#[derive(Debug, Default, Serialize)]
pub(super) struct WordedReport {
    version: u32,
    created: usize,
    merged: usize,
    review: usize,
    tags: Vec<String>,
    to_review: Vec<ReviewEntry>,
    pub(super) failed: Vec<WordedFailure>,
    texts: Vec<String>,
    records: usize,
    project: usize,
    lost: BTreeMap<&'static str, usize>,
}

/// An entry that could not be imported, and why.
#[derive(Debug, Serialize)]
pub(super) struct WordedFailure {
    entry: usize,
    document: String,
    /// In English, for programs.
    reason: String,
    #[serde(skip)]
    localized: String,
}

/// Chars shown of a quote.
const QUOTE_CHARS: usize = 40;

impl WordedReport {
    pub(super) fn new(report: ImportReport, locale: Locale) -> Self {
        let ImportReport { created, merged, review, tags, to_review, failed, texts, records, project, lost, speech_errors } = report;
        let errors: Vec<CliError> = speech_errors.into_iter().map(CliError::from).collect();
        let failure = |FailedEntry { entry, document, reason }| {
            let (english, localized) = match &reason {
                ImportFailure::NoSpeech => (reason.to_string(), locale.text(id::IMPORT_NO_SPEECH).into_owned()),
                ImportFailure::Placing(error) => (error.to_string(), localize(error, locale)),
                ImportFailure::Speech(index) => {
                    let words = |locale| errors.get(*index).map(|error| error.message(locale)).unwrap_or_default();
                    (words(Locale::new(Language::English)), words(locale))
                }
            };
            WordedFailure { entry, document, reason: english, localized }
        };
        let failed = failed.into_iter().map(failure).collect();
        Self { version: 1, created, merged, review, tags, to_review, failed, texts, records, project, lost }
    }

    /// The report as lines of text: counts, new tags, entries to review, failed entries.
    pub(super) fn lines(&self, locale: Locale) -> Vec<String> {
        let counts = [("created", self.created), ("merged", self.merged), ("review", self.review), ("failed", self.failed.len())];
        let mut lines = vec![locale.format(id::IMPORT_REPORT, &counts.map(|(name, count)| (name, count.into())))];
        if !self.tags.is_empty() {
            lines.push(locale.format(id::WARNING_TAGS_CREATED, &[("tags", self.tags.join(", ").into())]));
        }
        for text in &self.texts {
            lines.push(locale.format(id::IMPORT_TEXT, &[("path", text.as_str().into())]));
        }
        if self.records + self.project > 0 {
            lines.push(locale.format(id::IMPORT_RECORDS, &[("records", self.records.into()), ("project", self.project.into())]));
        }
        if !self.lost.is_empty() {
            let lost = |(kind, count): (&&'static str, &usize)| locale.format(family::IMPORT_LOST.id(kind), &[("count", (*count).into())]);
            let lost: Vec<String> = self.lost.iter().map(lost).collect();
            lines.push(locale.format(id::IMPORT_LOST, &[("what", lost.join(", ").into())]));
        }
        for uncertain in &self.to_review {
            let quote: String = uncertain.quote.chars().take(QUOTE_CHARS).map(|c| if c == '\n' { ' ' } else { c }).collect();
            let facts = [("entry", uncertain.entry.into()), ("document", uncertain.document.as_str().into()), ("quote", quote.into())];
            lines.push(locale.format(id::IMPORT_REVIEW, &facts));
        }
        for failure in &self.failed {
            let facts = [
                ("entry", failure.entry.into()),
                ("document", failure.document.as_str().into()),
                ("reason", failure.localized.as_str().into()),
            ];
            lines.push(locale.format(id::IMPORT_FAILED, &facts));
        }
        lines
    }
}

/// Why an entry has no place in its speech, in the user's language.
fn localize(error: &ResolveError, locale: Locale) -> String {
    let id = match error {
        ResolveError::NoTarget => id::IMPORT_NO_PLACE,
        ResolveError::Empty => id::IMPORT_EMPTY,
        ResolveError::OutOfBounds => id::IMPORT_OUT_OF_TEXT,
        ResolveError::Tag(error) => return codebook_line(error, locale),
        ResolveError::NoSection(section) => return locale.format(id::IMPORT_NO_SECTION, &[("section", section.as_str().into())]),
    };
    locale.text(id).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_annotation::AnnotationId;

    #[test]
    fn report_is_localized_in_every_language() {
        let report = || {
            let reasons = [
                ImportFailure::NoSpeech,
                ResolveError::NoTarget.into(),
                ResolveError::Empty.into(),
                ResolveError::OutOfBounds.into(),
                ResolveError::NoSection("九、".into()).into(),
            ];
            let failed = |(entry, reason)| FailedEntry { entry, document: "讲话.txt".into(), reason };
            let uncertain = ReviewEntry { entry: 9, id: AnnotationId::new(), document: "讲话.txt".into(), quote: "甲\n乙".repeat(40) };
            ImportReport {
                created: 3,
                merged: 2,
                review: 1,
                tags: vec!["引才".into()],
                to_review: vec![uncertain],
                failed: (1..).zip(reasons).map(failed).collect(),
                ..ImportReport::default()
            }
        };
        let reports = Language::ALL.map(Locale::new).map(|locale| WordedReport::new(report(), locale).lines(locale));
        for lines in &reports {
            assert_eq!(lines.len(), 1 + 1 + 1 + 5);
            assert!(lines.iter().all(|line| !line.contains("import-") && !line.contains(['\n', '{'])), "{lines:?}");
            assert!(lines[2].chars().count() < 100 && lines[7].contains("九、") && lines[1].contains("引才"));
        }
        assert!(reports[0] != reports[1] && reports[1] != reports[2] && reports[0] != reports[2]);
    }
}
