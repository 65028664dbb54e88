//! The outline: entries with their folding, and badges of tags and notes.

use super::{
    Face,
    reader::{NOTE_SIGN, tag_sign},
};
use pizhu_annotation::Codebook;
use pizhu_annotation::Placements;
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use crate::tui::state::Focus;
use crate::tui::state::OutlinePane;
use crate::tui::state::Reader;
use crate::tui::theme::Role;
use crate::tui::widget::Label;
use crate::tui::widget::TreeRow;
use crate::tui::widget::paint;
use ratatui::{buffer::Buffer, layout::Rect, style::Style};
use std::{collections::BTreeMap, sync::Arc};

/// Tag signs shown beside an entry; the rest is a number.
const SIGNS: usize = 3;

/// All that decides how the outline is drawn, and where, but what the frame is drawn with. What is
/// shared and changes is another thing then, as it is held here.
pub(super) struct Print {
    area: Rect,
    document: Arc<Document>,
    placements: Arc<Placements>,
    codebook: Arc<Codebook>,
    focus: Focus,
    /// The entries from the top, and which of them is selected.
    rows: Vec<(TreeRow, Option<SectionId>)>,
    selected: usize,
}

impl Print {
    /// The outline for `area`; `None` where it is hidden.
    pub(super) fn of(reader: &Reader, area: Rect) -> Option<Self> {
        if area.is_empty() {
            return None;
        }
        let tree = reader.outline.tree();
        let first = tree.list().first_shown(tree.row_count(), area.height);
        let row = |index: usize| tree.row(index).map(|row| (row, reader.outline.section(row)));
        Some(Self {
            area,
            document: Arc::clone(reader.document()),
            placements: reader.notes.placements(),
            codebook: Arc::clone(reader.notes.shared_codebook()),
            focus: reader.focus,
            rows: (first..tree.row_count()).take(usize::from(area.height)).map_while(row).collect(),
            selected: tree.list().selected().wrapping_sub(first),
        })
    }

    /// The cells that are drawn on a screen that is `whole`, the line beside the outline included.
    pub(super) fn area(&self, whole: Rect) -> Rect {
        Rect { width: self.area.width + 1, ..self.area }.intersection(whole)
    }

    /// The entry in row `y` from the top, and whether it is selected.
    fn row(&self, y: usize) -> Option<(TreeRow, Option<SectionId>, bool)> {
        self.rows.get(y).map(|(row, section)| (*row, *section, y == self.selected))
    }

    /// For each row from the top whether it is as it was `before`.
    pub(super) fn shown_by(&self, before: Option<&Self>) -> Vec<bool> {
        let alike = |before: &&Self| {
            Arc::ptr_eq(&self.document, &before.document)
                && Arc::ptr_eq(&self.placements, &before.placements)
                && Arc::ptr_eq(&self.codebook, &before.codebook)
                && (self.area, self.focus) == (before.area, before.focus)
        };
        let before = before.filter(alike);
        (0..usize::from(self.area.height)).map(|y| before.is_some_and(|before| self.row(y) == before.row(y))).collect()
    }

    /// Draws the rows that are not yet `shown`, and the line beside them where there is room.
    pub(super) fn draw(&self, shown: &[bool], reader: &Reader, face: Face<'_>, buffer: &mut Buffer) {
        let look = face.look;
        let badges = Badges::of(reader);
        let line = (self.area.right() < buffer.area.right()).then(|| look.style(Role::Gutter));
        let rows = self.area.rows().enumerate().zip(shown).filter(|(_, shown)| !**shown);
        for ((y, area), _) in rows {
            match self.row(y) {
                Some((row, section, is_selected)) => {
                    let role = match (is_selected, self.focus) {
                        (true, Focus::Outline) => Role::Selected,
                        (true, Focus::Text) => Role::OutlineCurrent,
                        (false, _) => Role::Outline,
                    };
                    let base = look.style(Role::Text).patch(look.style(role));
                    label(reader, row, section, &badges, self.area.width, face).draw(area, buffer, base, look.ambiguous);
                }
                None if y == 0 => {
                    let words = Label::new(face.locale.text("outline-empty"), look.style(Role::Dim));
                    words.draw(area, buffer, look.style(Role::Text), look.ambiguous);
                }
                None => {}
            }
            if let Some(style) = line {
                paint::put_grapheme(buffer, area.right(), area.y, "╎", 1, style);
            }
        }
    }
}

fn label<'a>(reader: &'a Reader, entry: TreeRow, section: Option<SectionId>, badges: &Badges, width: u16, face: Face<'_>) -> Label<'a> {
    let look = face.look;
    let Some((id, section)) = section.and_then(|id| Some((id, reader.document().outline.get(id)?))) else { return Label::default() };
    let indent = " ".repeat(usize::from(OutlinePane::indent(entry.depth, width)));
    let fold = match entry.folded {
        Some(true) => "▸",
        Some(false) => "▾",
        None => " ",
    };
    let mut label = Label::new(format!("{indent}{fold}"), look.style(Role::Dim));
    label = label.and(section.marker_text, look.theme.heading(usize::from(section.depth)));
    if !section.marker_text.is_empty() && section.marker_text.chars().last().is_some_and(|c| c.is_ascii() || !is_mark(c)) {
        label = label.and(" ", Style::new());
    }
    let title = section.shown_title();
    let style = if section.restored.is_some() { look.style(Role::Restored) } else { Style::new() };
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
        for (section, count) in reader.notes.all().counts() {
            let Some(id) = section else { continue };
            for (tag, count) in count.tags {
                if let Some(tag) = reader.notes.present(&tag) {
                    *badges.tags.entry(id).or_default().entry(tag.to_owned()).or_default() += count;
                }
            }
            if count.notes > 0 {
                badges.notes.insert(id, count.notes);
            }
        }
        badges
    }

    /// The signs beside an entry; a folded one speaks for those inside it.
    fn signs(&self, reader: &Reader, id: SectionId, folded: bool, face: Face<'_>) -> Vec<(String, Style)> {
        let outline = &reader.document().outline;
        let last = if folded {
            let end = outline.get(id).map_or(0, |section| section.span.end);
            SectionId(outline.sections().from(end).saturating_sub(1) as u32)
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
