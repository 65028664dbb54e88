//! What a report is made of.

use crate::count::{CountHeader, Tally};
use crate::exchange::Collection;
use pizhu_annotation::agreement::Coding;

/// A memo of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportMemo {
    /// Who wrote it; empty if nobody is named.
    pub author: String,
    /// Its text.
    pub text: String,
}

/// What a report is made of.
pub struct Report<'a> {
    /// The heading.
    pub title: String,
    /// What the report says of itself, each a name and a value: its day, what was chosen.
    pub facts: Vec<(String, String)>,
    /// The speeches with annotations, and these by place.
    pub collection: &'a Collection,
    /// The same annotations, to be counted.
    pub tally: &'a Tally,
    /// The codings of several authors, by section.
    pub coding: Option<&'a Coding>,
    /// Memos of the project.
    pub memos: Vec<ReportMemo>,
    /// The message of an id, in the language of the report.
    pub words: &'a dyn Fn(&str) -> String,
    /// The name of a row or column of counts.
    pub label: &'a dyn Fn(&CountHeader) -> String,
    /// The name of an attribute.
    pub attribute: &'a dyn Fn(&str) -> String,
    /// Tag of the language of the page.
    pub language: &'static str,
}

impl Report<'_> {
    pub(super) fn word(&self, id: &str) -> String {
        (self.words)(id)
    }
}
