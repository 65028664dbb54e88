//! The speeches: a table with their attributes and the number of their annotations.

use super::{data::Report, writer::HtmlWriter};
use std::collections::BTreeMap;

/// Writes the table of the speeches.
pub(super) fn write(report: &Report<'_>, page: &mut HtmlWriter) {
    let collection = report.collection;
    // Title and date have columns of their own.
    let keys: Vec<String> = collection.attribute_keys().into_iter().filter(|key| key != "date").collect();
    let mut annotations: BTreeMap<usize, usize> = BTreeMap::new();
    for entry in collection.entries() {
        *annotations.entry(entry.speech).or_default() += 1;
    }
    page.raw("<div class=\"wide\"><table>\n<thead><tr>");
    for id in ["report-title", "report-date"] {
        page.element("th", "", &report.word(id));
    }
    for key in &keys {
        page.element("th", "", &(report.attribute)(key));
    }
    page.element("th", "number", &report.word("report-annotations"));
    page.element("th", "", &report.word("report-file"));
    page.raw("</tr></thead>\n<tbody>\n");
    for (index, speech) in collection.speeches().iter().enumerate() {
        page.raw("<tr>");
        page.element("td", "name", &title(report, index));
        page.element("td", "date", speech.attributes.date().unwrap_or_default());
        for key in &keys {
            page.element("td", "", speech.attributes.get(key).unwrap_or_default());
        }
        page.element("td", "number", &annotations.get(&index).copied().unwrap_or(0).to_string());
        page.element("td", "file", &speech.name);
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table></div>\n");
}

/// Title of a speech on one line, or the name of its file.
pub(super) fn title(report: &Report<'_>, speech: usize) -> String {
    let speech = &report.collection.speeches()[speech];
    let found = speech.document.metadata.title.as_deref().map(|title| title.replace('\n', " "));
    found.filter(|title| !title.trim().is_empty()).unwrap_or_else(|| speech.name.rsplit('/').next().unwrap_or(&speech.name).to_owned())
}
