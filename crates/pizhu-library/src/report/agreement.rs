//! The agreement of several authors: over all tags, of every two authors, and of each tag.

use super::{data::Report, writer::HtmlWriter};
use pizhu_annotation::agreement::{Agreement, BOOTSTRAP_DRAWS, Coding};

/// Writes the table of the coefficients.
pub(super) fn write(report: &Report<'_>, page: &mut HtmlWriter) {
    let Some(coding) = report.coding else { return };
    let all: Vec<usize> = (0..coding.coders().len()).collect();
    page.element("p", "note", &report.word("report-agreement-over"));
    page.raw("<div class=\"wide\"><table>\n<thead><tr><th></th>");
    for id in ["report-units", "report-pairs", "report-percent"] {
        page.element("th", "number", &report.word(id));
    }
    page.raw("<th class=\"number\">κ</th><th class=\"number\">α</th>");
    page.element("th", "number", &report.word("agree-interval"));
    page.raw("</tr></thead>\n<tbody>\n");
    let overall = coding.agreement(None, &all, BOOTSTRAP_DRAWS);
    write_row(page, &report.word("agree-overall"), overall, all.len() == 2);
    if all.len() > 2 {
        for (one, other) in all.iter().flat_map(|one| (one + 1..all.len()).map(move |other| (*one, other))) {
            let name = format!("{} – {}", coding.coders()[one], coding.coders()[other]);
            write_row(page, &name, coding.agreement(None, &[one, other], BOOTSTRAP_DRAWS), true);
        }
    }
    for tag in coding.tags() {
        let name = report.collection.codebook().label_of(tag);
        write_row(page, &name, coding.agreement(Some(tag), &all, BOOTSTRAP_DRAWS), all.len() == 2);
    }
    page.raw("</tbody></table></div>\n");
    write_disagreements(report, coding, page);
}

fn write_row(page: &mut HtmlWriter, name: &str, agreement: Agreement, is_pair: bool) {
    let measures = agreement.measures;
    let number = |value: f64| format!("{value:.3}").replace('-', "−");
    let figure = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), number);
    page.raw("<tr>");
    page.element("th", "name", name);
    page.element("td", "number", &measures.units.to_string());
    page.element("td", "number", &format!("{:.0}", agreement.pairs));
    page.element("td", "number", &measures.percent.map_or_else(|| "–".to_owned(), |share| format!("{:.1}%", 100.0 * share)));
    page.element("td", "number", &figure(measures.kappa.filter(|_| is_pair)));
    page.element("td", "number", &figure(measures.alpha));
    let interval = agreement.intervals.alpha;
    page.element("td", "number", &interval.map_or_else(|| "–".to_owned(), |ends| format!("[{}, {}]", number(ends.low), number(ends.high))));
    page.raw("</tr>\n");
}

fn write_disagreements(report: &Report<'_>, coding: &Coding, page: &mut HtmlWriter) {
    let found = coding.disagreements();
    if found.is_empty() {
        return;
    }
    page.raw("<details><summary>");
    page.text(&format!("{}: {}", report.word("report-disagreements"), found.len()));
    page.raw("</summary>\n<div class=\"wide\"><table>\n<tbody>\n");
    for disagreement in found {
        page.raw("<tr>");
        page.element("td", "name", &report.collection.codebook().label_of(disagreement.tag));
        page.element("td", "", &disagreement.unit.document);
        page.element("td", "", &disagreement.unit.section.join("/"));
        page.element("td", "", &format!("+ {}", disagreement.with.join(" ")));
        page.element("td", "", &format!("− {}", disagreement.without.join(" ")));
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table></div></details>\n");
}
