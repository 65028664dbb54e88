//! What an import says it has done.

use crate::cli::{CliError, error::codebook_line};
use crate::locale::{Language, Locale, family, id};
use pizhu_annotation::AnnotationId;
use pizhu_library::exchange::import::ImportEntry;
use pizhu_library::exchange::import_resolver::ResolveError;
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};

/// The report of an import, in JSON.
#[derive(Debug, Default, Serialize)]
pub(super) struct ImportReport {
    pub(super) version: u32,
    pub(super) created: usize,
    pub(super) merged: usize,
    pub(super) review: usize,
    /// Names of the new tags.
    pub(super) tags: Vec<String>,
    pub(super) to_review: Vec<ReviewEntry>,
    pub(super) failed: Vec<FailedEntry>,
    /// The files that texts of the project were written to.
    pub(super) texts: Vec<String>,
    /// Number of attributes and other records of speeches that were set or added.
    pub(super) records: usize,
    /// Number of memos, types and other records of the project that were added.
    pub(super) project: usize,
    /// What the file holds and was not kept, by kind.
    pub(super) lost: BTreeMap<&'static str, usize>,
}

/// An imported entry that needs review.
#[derive(Debug, Serialize)]
pub(super) struct ReviewEntry {
    /// Number of the entry in the file, from 1.
    pub(super) entry: usize,
    pub(super) id: AnnotationId,
    pub(super) document: String,
    pub(super) quote: String,
}

/// An entry that could not be imported.
#[derive(Debug, Serialize)]
pub(super) struct FailedEntry {
    /// Number of the entry in the file, from 1.
    pub(super) entry: usize,
    pub(super) document: String,
    pub(super) reason: FailureReason,
}

/// Why an entry could not be imported.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum FailureReason {
    #[error("no such speech")]
    NoSpeech,
    #[error(transparent)]
    Placing(#[from] ResolveError),
    /// The speech cannot be read, or its annotations not be written.
    #[error("{}", .0.message(Locale::new(Language::English)))]
    Speech(Arc<CliError>),
}

impl Serialize for FailureReason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FailureReason {
    pub(super) fn localize(&self, locale: Locale) -> String {
        let id = match self {
            Self::NoSpeech => id::IMPORT_NO_SPEECH,
            Self::Placing(ResolveError::NoTarget) => id::IMPORT_NO_PLACE,
            Self::Placing(ResolveError::Empty) => id::IMPORT_EMPTY,
            Self::Placing(ResolveError::OutOfBounds) => id::IMPORT_OUT_OF_TEXT,
            Self::Placing(ResolveError::Tag(error)) => return codebook_line(error, locale),
            Self::Placing(ResolveError::NoSection(section)) => {
                return locale.format(id::IMPORT_NO_SECTION, &[("section", section.as_str().into())]);
            }
            Self::Speech(error) => return error.message(locale),
        };
        locale.text(id).into_owned()
    }
}

impl ImportReport {
    /// Notes that a speech cannot be read or written.
    pub(super) fn fail_all(&mut self, entries: &[NumberedEntry<'_>], error: CliError) {
        let error = Arc::new(error);
        for (index, entry) in entries {
            self.fail(*index, entry, FailureReason::Speech(Arc::clone(&error)));
        }
    }

    pub(super) fn fail(&mut self, index: usize, entry: &ImportEntry, reason: FailureReason) {
        self.failed.push(FailedEntry { entry: index + 1, document: entry.document.clone(), reason });
    }
}

/// An entry with its number in the file, from 0.
pub(super) type NumberedEntry<'a> = (usize, &'a ImportEntry);

/// Chars shown of a quote.
const QUOTE_CHARS: usize = 40;

/// The report as lines of text: counts, new tags, entries to review, failed entries.
pub(super) fn report_lines(report: &ImportReport, locale: Locale) -> Vec<String> {
    let counts = [("created", report.created), ("merged", report.merged), ("review", report.review), ("failed", report.failed.len())];
    let mut lines = vec![locale.format(id::IMPORT_REPORT, &counts.map(|(name, count)| (name, count.into())))];
    if !report.tags.is_empty() {
        lines.push(locale.format(id::WARNING_TAGS_CREATED, &[("tags", report.tags.join(", ").into())]));
    }
    for text in &report.texts {
        lines.push(locale.format(id::IMPORT_TEXT, &[("path", text.as_str().into())]));
    }
    if report.records + report.project > 0 {
        lines.push(locale.format(id::IMPORT_RECORDS, &[("records", report.records.into()), ("project", report.project.into())]));
    }
    if !report.lost.is_empty() {
        let lost = |(kind, count): (&&'static str, &usize)| locale.format(family::IMPORT_LOST.id(kind), &[("count", (*count).into())]);
        let lost: Vec<String> = report.lost.iter().map(lost).collect();
        lines.push(locale.format(id::IMPORT_LOST, &[("what", lost.join(", ").into())]));
    }
    for uncertain in &report.to_review {
        let quote: String = uncertain.quote.chars().take(QUOTE_CHARS).map(|c| if c == '\n' { ' ' } else { c }).collect();
        let facts = [("entry", uncertain.entry.into()), ("document", uncertain.document.as_str().into()), ("quote", quote.into())];
        lines.push(locale.format(id::IMPORT_REVIEW, &facts));
    }
    for failure in &report.failed {
        let reason = failure.reason.localize(locale);
        let facts = [("entry", failure.entry.into()), ("document", failure.document.as_str().into()), ("reason", reason.into())];
        lines.push(locale.format(id::IMPORT_FAILED, &facts));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_is_localized_in_every_language() {
        let reasons = [
            FailureReason::NoSpeech,
            ResolveError::NoTarget.into(),
            ResolveError::Empty.into(),
            ResolveError::OutOfBounds.into(),
            ResolveError::NoSection("九、".into()).into(),
        ];
        let failed = (1..).zip(reasons).map(|(entry, reason)| FailedEntry { entry, document: "讲话.txt".into(), reason }).collect();
        let uncertain = ReviewEntry { entry: 9, id: AnnotationId::new(), document: "讲话.txt".into(), quote: "甲\n乙".repeat(40) };
        let report = ImportReport {
            created: 3,
            merged: 2,
            review: 1,
            tags: vec!["引才".into()],
            to_review: vec![uncertain],
            failed,
            ..ImportReport::default()
        };
        let reports = Language::ALL.map(|language| report_lines(&report, Locale::new(language)));
        for lines in &reports {
            assert_eq!(lines.len(), 1 + 1 + 1 + 5);
            assert!(lines.iter().all(|line| !line.contains("import-") && !line.contains(['\n', '{'])), "{lines:?}");
            assert!(lines[2].chars().count() < 100 && lines[7].contains("九、") && lines[1].contains("引才"));
        }
        assert!(reports[0] != reports[1] && reports[1] != reports[2] && reports[0] != reports[2]);
    }
}
