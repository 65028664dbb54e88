//! The outline: entries with their folding, and badges of tags and notes.

use super::{
    Face,
    reader::{NOTE_SIGN, tag_sign},
};
use crate::{
    document::SectionId,
    tui::{
        state::{Focus, OutlinePane, Reader},
        theme::Role,
        widget::{Label, TreeRow},
    },
};
use ratatui::{buffer::Buffer, layout::Rect};
use std::collections::BTreeMap;

/// Tag signs shown beside an entry; the rest is a number.
const SIGNS: usize = 3;

pub(super) fn draw(reader: &Reader, area: Rect, face: Face<'_>, buffer: &mut Buffer) {
    let tree = reader.outline.tree();
    let look = face.look;
    if tree.row_count() == 0 {
        face.put(buffer, area, &face.locale.text("outline-empty"), Role::Dim);
        return;
    }
    let badges = Badges::of(reader);
    let first = tree.list().first_shown(tree.row_count(), area.height);
    for (row, index) in area.rows().zip(first..tree.row_count()) {
        let Some(entry) = tree.row(index) else { break };
        let selected = index == tree.list().selected();
        let role = match (selected, reader.focus) {
            (true, Focus::Outline) => Role::Selected,
            (true, Focus::Text) => Role::OutlineCurrent,
            (false, _) => Role::Outline,
        };
        let base = look.style(Role::Text).patch(look.style(role));
        label(reader, entry, &badges, area.width, face).draw(row, buffer, base, look.ambiguous);
    }
}

fn label<'a>(reader: &'a Reader, entry: TreeRow, badges: &Badges, width: u16, face: Face<'_>) -> Label<'a> {
    let look = face.look;
    let Some(id) = reader.outline.section(entry) else { return Label::default() };
    let Some(section) = reader.document().outline.get(id) else { return Label::default() };
    let indent = " ".repeat(usize::from(OutlinePane::indent(entry.depth, width)));
    let fold = match entry.folded {
        Some(true) => "▸",
        Some(false) => "▾",
        None => " ",
    };
    let mut label = Label::new(format!("{indent}{fold}"), look.style(Role::Dim));
    label = label.and(section.marker_text.as_ref(), look.theme.heading(usize::from(section.depth)));
    if !section.marker_text.is_empty() && section.marker_text.chars().last().is_some_and(|c| c.is_ascii() || !is_mark(c)) {
        label = label.and(" ", ratatui::style::Style::new());
    }
    let title = section.shown_title();
    let style = if section.restored.is_some() { look.style(Role::Restored) } else { ratatui::style::Style::new() };
    label = label.and(if title.is_empty() && section.marker_text.is_empty() { "…" } else { title }, style);
    let folded = entry.folded == Some(true);
    for (sign, style) in badges.signs(reader, id, folded, face) {
        label = label.right(sign, style);
    }
    label
}

fn is_mark(c: char) -> bool {
    matches!(c, '、' | '）' | '．' | '：' | '，' | '。')
}

/// Tags and notes by section, each passage counted for the innermost section it begins in.
struct Badges {
    tags: BTreeMap<SectionId, BTreeMap<String, usize>>,
    notes: BTreeMap<SectionId, usize>,
}

impl Badges {
    fn of(reader: &Reader) -> Self {
        let mut badges = Self { tags: BTreeMap::new(), notes: BTreeMap::new() };
        for mark in reader.notes.all() {
            let Some(id) = mark.section.or_else(|| reader.document().outline.at(mark.span?.start)) else { continue };
            for tag in reader.notes.tags(&mark.annotation) {
                *badges.tags.entry(id).or_default().entry(tag).or_default() += 1;
            }
            if !mark.annotation.note.is_empty() {
                *badges.notes.entry(id).or_default() += 1;
            }
        }
        badges
    }

    /// The signs beside an entry; a folded one speaks for those inside it.
    fn signs(&self, reader: &Reader, id: SectionId, folded: bool, face: Face<'_>) -> Vec<(String, ratatui::style::Style)> {
        let outline = &reader.document().outline;
        let last = if folded {
            let end = outline.get(id).map_or(0, |section| section.span.end);
            SectionId(outline.sections().partition_point(|section| section.span.start < end).saturating_sub(1) as u32)
        } else {
            id
        };
        let mut tags: BTreeMap<&str, usize> = BTreeMap::new();
        for (tag, count) in self.tags.range(id..=last).flat_map(|(_, tags)| tags) {
            *tags.entry(tag).or_default() += count;
        }
        let notes: usize = self.notes.range(id..=last).map(|(_, count)| count).sum();
        let badge = face.look.style(Role::Badge);
        let mut signs: Vec<_> = Vec::new();
        for (tag, count) in tags.iter().take(SIGNS) {
            let (sign, style) = tag_sign(reader, tag, face);
            signs.push((sign, style));
            if *count > 1 {
                signs.push((count.to_string(), badge));
            }
        }
        if tags.len() > SIGNS {
            signs.push((format!("+{}", tags.len() - SIGNS), badge));
        }
        if notes > 0 {
            let count = if notes > 1 { notes.to_string() } else { String::new() };
            signs.push((format!("{NOTE_SIGN}{count}"), face.look.style(Role::Note)));
        }
        signs
    }
}
