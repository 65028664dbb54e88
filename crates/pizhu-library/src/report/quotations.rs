//! The quotations by tag, each with its source; notes without a tag come last.

use super::{codebook::swatch, data::Report, speeches::title, writer::HtmlWriter};
use crate::exchange::ExportEntry;
use pizhu_annotation::{Scope, TagRef};
use std::collections::HashMap;

/// Chars of a quotation that are shown at once; of a longer one the rest is folded.
const SHOWN: usize = 600;

/// Writes the quotations.
pub(super) fn write(report: &Report<'_>, page: &mut HtmlWriter) {
    let collection = report.collection;
    let rank: HashMap<_, usize> = collection.codebook().tree().iter().enumerate().map(|(at, (_, tag))| (tag.id, at)).collect();
    let mut by_tag: Vec<(usize, &TagRef, Vec<&ExportEntry>)> = Vec::new();
    let mut index_of: HashMap<_, usize> = HashMap::new();
    let mut without = Vec::new();
    for entry in collection.entries() {
        let mut has_any = false;
        for tag in collection.tags_of(entry) {
            has_any = true;
            let next = by_tag.len();
            let at = *index_of.entry(tag.id).or_insert(next);
            if at == next {
                by_tag.push((rank.get(&tag.id).copied().unwrap_or(usize::MAX), tag, Vec::new()));
            }
            by_tag[at].2.push(entry);
        }
        if !has_any {
            without.push(entry);
        }
    }
    by_tag.sort_by(|(one, a, _), (other, b, _)| (one, &a.name).cmp(&(other, &b.name)));
    for (_, tag, entries) in &by_tag {
        page.raw(&format!("<section class=\"tag\" id=\"tag-{}\"><h3>", tag.id));
        swatch(report, tag.id, page);
        page.text(&collection.codebook().path_of(tag).replace('/', " / "));
        page.element("span", "count", &entries.len().to_string());
        page.raw("</h3>\n");
        for entry in entries {
            write_quotation(report, entry, page);
        }
        page.raw("</section>\n");
    }
    if !without.is_empty() {
        page.raw("<section class=\"tag\"><h3>");
        page.text(&report.word("report-untagged"));
        page.element("span", "count", &without.len().to_string());
        page.raw("</h3>\n");
        for entry in &without {
            write_quotation(report, entry, page);
        }
        page.raw("</section>\n");
    }
    if by_tag.is_empty() && without.is_empty() {
        page.element("p", "note", &report.word("report-nothing"));
    }
}

fn write_quotation(report: &Report<'_>, entry: &ExportEntry, page: &mut HtmlWriter) {
    page.raw("<article>\n");
    if entry.scope == Scope::Speech {
        page.raw("<p class=\"note\">");
        page.text(&report.word("report-whole-speech"));
        page.raw("</p>\n");
    } else {
        write_words(report, &entry.text, page);
    }
    if !entry.note.is_empty() {
        page.raw("<div class=\"memo\"><div class=\"words\">");
        page.lines(&entry.note);
        page.raw("</div></div>\n");
    }
    page.raw("<footer>");
    page.element("cite", "", &title(report, entry.speech));
    let speech = &report.collection.speeches()[entry.speech];
    let place = entry.section.as_deref().unwrap_or_default().join("/");
    let at = entry.span().map(|span| format!("{}–{}", span.start, span.end));
    let anchor = (!entry.is_placed()).then(|| report.word("report-unplaced"));
    let facts = [speech.attributes.date().map(str::to_owned), Some(place), at, anchor, Some(entry.author.clone())];
    for fact in facts.into_iter().flatten().filter(|fact| !fact.is_empty()) {
        page.raw(" · ");
        page.element("span", "fact", &fact);
    }
    page.raw("</footer>\n</article>\n");
}

fn write_words(report: &Report<'_>, text: &str, page: &mut HtmlWriter) {
    // Blank lines between paragraphs are for the screen of a text, not for a quotation.
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let text = &lines.join("\n");
    let cut = text.char_indices().nth(SHOWN).map(|(at, _)| at);
    page.raw("<blockquote>");
    match cut.and_then(|at| text.split_at_checked(at)) {
        None => page.lines(text),
        Some((shown, rest)) => {
            page.lines(shown);
            page.raw("<details><summary>");
            page.text(&report.word("report-more"));
            page.raw("</summary>");
            page.lines(rest);
            page.raw("</details>");
        }
    }
    page.raw("</blockquote>\n");
}
