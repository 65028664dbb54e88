//! The codebook: the tree of the tags with colours, definitions, keywords and memos.

use super::{data::Report, writer::HtmlWriter};
use pizhu_annotation::{Tag, TagId};
use std::collections::{HashMap, HashSet};

/// Hues in degrees of the twelve colours that a theme has for tags.
const HUES: [u16; 12] = [45, 210, 130, 0, 280, 175, 25, 240, 90, 320, 190, 60];

/// The number of annotations that have a tag itself, and those that have it or one below it.
struct TagUse {
    own: usize,
    with_below: usize,
}

/// Writes the codebook.
pub(super) fn write(report: &Report<'_>, page: &mut HtmlWriter) {
    let book = report.collection.codebook();
    let uses = uses(report);
    let tree = book.tree();
    if tree.is_empty() {
        page.element("p", "note", &report.word("report-no-tags"));
        return;
    }
    page.raw("<ul class=\"codebook\">\n");
    for (depth, tag) in tree {
        page.raw(&format!("<li class=\"d{}\"><p class=\"tag-line\">", depth.min(6)));
        swatch(report, tag.id, page);
        let found = uses.get(&tag.id);
        let own = found.map_or(0, |found| found.own);
        if own > 0 {
            page.raw(&format!("<a href=\"#tag-{}\">", tag.id));
        }
        page.element("b", "", &tag.name);
        if own > 0 {
            page.raw("</a>");
        }
        let with_below = found.map_or(0, |found| found.with_below);
        let figure = if with_below == own { own.to_string() } else { format!("{own} ({with_below})") };
        page.element("span", "count", &figure);
        page.raw("</p>\n");
        write_facts(report, tag, page);
        page.raw("</li>\n");
    }
    page.raw("</ul>\n");
}

fn write_facts(report: &Report<'_>, tag: &Tag, page: &mut HtmlWriter) {
    if !tag.definition.is_empty() {
        page.raw("<p class=\"words\">");
        page.lines(&tag.definition);
        page.raw("</p>\n");
    }
    if !tag.keywords.is_empty() {
        page.raw("<p class=\"note\">");
        page.text(&format!("{}: {}", report.word("report-keywords"), tag.keywords.join(" · ")));
        page.raw("</p>\n");
    }
    if !tag.memo.is_empty() {
        page.raw("<div class=\"memo\"><div class=\"words\">");
        page.lines(&tag.memo);
        page.raw("</div></div>\n");
    }
}

/// Writes a patch in the colour of a tag, that of the nearest tag above it if it has none.
pub(super) fn swatch(report: &Report<'_>, id: TagId, page: &mut HtmlWriter) {
    let book = report.collection.codebook();
    let own = book.get(id).into_iter().chain(book.ancestors(id)).map(|tag| tag.colour.as_str()).find(|colour| !colour.is_empty());
    let style = match own {
        Some(colour) if is_rgb(colour) => format!(" style=\"background:{colour}\""),
        Some(colour) => match colour.strip_prefix("tag").and_then(|number| number.parse::<usize>().ok()).filter(|number| *number > 0) {
            Some(number) => format!(" style=\"background:hsl({} 65% 50%)\"", HUES[(number - 1) % HUES.len()]),
            None => String::new(),
        },
        None => String::new(),
    };
    page.raw(&format!("<span class=\"swatch\"{style}></span>"));
}

/// Whether a colour is `#rrggbb`.
fn is_rgb(colour: &str) -> bool {
    colour.strip_prefix('#').is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

fn uses(report: &Report<'_>) -> HashMap<TagId, TagUse> {
    let book = report.collection.codebook();
    let mut uses: HashMap<TagId, TagUse> = HashMap::new();
    for entry in report.collection.entries() {
        let own: HashSet<TagId> = entry.tag_refs.iter().map(|tag| tag.id).collect();
        let above = own.iter().flat_map(|tag| book.ancestors(*tag).map(|tag| tag.id));
        let all: HashSet<TagId> = own.iter().copied().chain(above).collect();
        for tag in all {
            let counted = uses.entry(tag).or_insert(TagUse { own: 0, with_below: 0 });
            counted.own += usize::from(own.contains(&tag));
            counted.with_below += 1;
        }
    }
    uses
}
