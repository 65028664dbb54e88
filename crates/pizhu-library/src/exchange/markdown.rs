//! Markdown: quotations by section of each speech or by tag, with note, tags, section path, speech
//! and date. All text is escaped.

use super::{
    collection::{Collection, ExportOrder},
    export_entry::ExportEntry,
    format::{ExportOptions, Format},
    markup::quotation,
};
use pizhu_text::text::visible::control_sign;
use std::{
    fmt::Write as _,
    io::{self, Write},
};

/// Markdown document.
pub(super) const FORMAT: Format = Format {
    name: "markdown",
    extension: "md",
    media: "text/markdown",
    doc: "quotations with notes, by section or by tag, for reading and for Word",
    write,
    read: None,
};

fn write(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    for (author, memo) in collection.memos() {
        push_memo(&mut text, memo, author);
    }
    match collection.order() {
        ExportOrder::Position => by_section(collection, &mut text),
        ExportOrder::Tag => by_tag(collection, &mut text),
    }
    out.write_all(text.trim_start().as_bytes())
}

fn by_section(collection: &Collection, text: &mut String) {
    let mut speech = None;
    let mut section = None;
    for entry in collection.entries() {
        if speech != Some(entry.speech) {
            speech = Some(entry.speech);
            section = None;
            push_heading(text, 1, &title(collection, entry));
            push_paragraph(text, &escape(&join_facts(&[date(collection, entry), &entry.document])));
        }
        let here = heading(collection, entry);
        if section.as_ref() != Some(&here) {
            if !here.is_empty() {
                push_heading(text, 2, &here);
            }
            section = Some(here);
        }
        push_entry(collection, text, entry, "");
    }
}

fn by_tag(collection: &Collection, text: &mut String) {
    let mut under = None;
    for (tag, entry) in collection.ordered() {
        if under != Some(tag) {
            under = Some(tag);
            push_heading(text, 1, &tag.map_or_else(|| "—".to_owned(), |tag| collection.codebook().path_of(tag)));
            let memo = tag.and_then(|tag| collection.codebook().get(tag.id)).map(|tag| tag.memo.as_str());
            push_memo(text, memo.unwrap_or_default(), "");
        }
        let source = join_facts(&[&format!("《{}》", title(collection, entry)), date(collection, entry), &heading(collection, entry)]);
        push_entry(collection, text, entry, &source);
    }
}

/// Appends a quotation, its note, and a line with source, tags, author and anchor status.
fn push_entry(collection: &Collection, text: &mut String, entry: &ExportEntry, source: &str) {
    text.push('\n');
    let quoted = quotation(collection, entry);
    let lines: Vec<&str> = quoted.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect();
    for (index, line) in lines.iter().enumerate() {
        let gap = if index == 0 { "" } else { ">\n" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{gap}> {}", escape(line));
    }
    if !entry.note.is_empty() {
        text.push('\n');
        // Line breaks of a note are hard breaks.
        let lines: Vec<String> = entry.note.lines().map(|line| escape(line.trim_end())).collect();
        let _ = writeln!(text, "{}", lines.join("  \n"));
    }
    let mut facts_of: Vec<String> = Vec::new();
    facts_of.extend(Some(source).filter(|source| !source.is_empty()).map(str::to_owned));
    let tags: String = collection.tags_of(entry).flat_map(|tag| ["〔", &tag.name, "〕"]).collect();
    facts_of.extend(Some(tags).filter(|tags| !tags.is_empty()));
    facts_of.extend(Some(entry.author.clone()).filter(|author| !author.is_empty()));
    if !matches!(entry.anchor, "exact" | "moved") {
        facts_of.push(entry.anchor.to_owned());
    }
    if !facts_of.is_empty() {
        let parts: Vec<&str> = facts_of.iter().map(String::as_str).collect();
        push_paragraph(text, &escape(&format!("— {}", join_facts(&parts))));
    }
}

/// Appends a memo, its line breaks as hard breaks, with its author.
fn push_memo(text: &mut String, memo: &str, author: &str) {
    if memo.trim().is_empty() {
        return;
    }
    let mut lines: Vec<String> = memo.trim().lines().map(|line| escape(line.trim_end())).collect();
    if !author.is_empty() {
        lines.push(escape(&format!("— {author}")));
    }
    let _ = writeln!(text, "\n{}", lines.join("  \n"));
}

fn push_heading(text: &mut String, level: usize, title: &str) {
    let _ = write!(text, "\n{} {}\n", "#".repeat(level), escape(title));
}

fn push_paragraph(text: &mut String, line: &str) {
    if !line.is_empty() {
        let _ = write!(text, "\n{line}\n");
    }
}

/// Joins the nonempty parts with ` · `.
fn join_facts(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

fn title(collection: &Collection, entry: &ExportEntry) -> String {
    let name = &collection.speech(entry).name;
    entry.document_title.clone().unwrap_or_else(|| name.rsplit('/').next().unwrap_or(name).to_owned())
}

fn date<'a>(collection: &'a Collection, entry: &ExportEntry) -> &'a str {
    collection.speech(entry).document.metadata.date.as_deref().unwrap_or_default()
}

/// Path and title of the section of an annotation; empty outside sections.
fn heading(collection: &Collection, entry: &ExportEntry) -> String {
    let Some(path) = entry.section.as_deref().filter(|path| !path.is_empty()) else { return String::new() };
    let outline = &collection.speech(entry).document.outline;
    let section = entry.start.and_then(|start| outline.section_at(start)).and_then(|id| outline.get(id));
    match section {
        Some(section) if !section.marker_text.is_empty() => {
            let path = path.join("/");
            let gap = if path.ends_with(['、', '，', '）']) { "" } else { " " };
            format!("{path}{gap}{}", section.display_title())
        }
        _ => path.join("/"),
    }
}

/// Escapes Markdown in a line: `1. *抓实*` gives `1\. \*抓实\*`. The result is one line, too.
pub(crate) fn escape(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len() + 8);
    let number = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    for (at, c) in line.char_indices() {
        let opens_block = at == 0 && matches!(c, '#' | '>' | '-' | '+' | '=' | '|' | '~' | '\t' | ' ');
        let numbers_item = at == number && number > 0 && matches!(c, '.' | ')');
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&') || opens_block || numbers_item {
            escaped.push('\\');
        }
        match control_sign(c) {
            // A line break would end the block.
            Some(_) if c.is_whitespace() => escaped.push(' '),
            Some(sign) => escaped.push_str(&sign),
            None => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_escaped() {
        assert_eq!(escape("# 题"), "\\# 题");
        assert_eq!(escape("1. 抓实"), "1\\. 抓实");
        assert_eq!(escape("1.抓*实*<b>&lt;"), "1\\.抓\\*实\\*\\<b>\\&lt;");
        assert_eq!(escape("- 一"), "\\- 一");
        assert_eq!(escape("一\t二\u{1B}[31m\u{9B}\u{202E}"), "一 二␛\\[31m<9B><202E>");
        assert_eq!(escape("一、抓实a-b（1）"), "一、抓实a-b（1）");
        assert_eq!(escape("甲\n# 乙"), "甲 # 乙");
    }
}
