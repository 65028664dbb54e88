//! The outline: entries with their folding, and badges of tags and notes.

use super::{
    Face, inked,
    reader::{NOTE_SIGN, tag_sign},
};
use crate::{
    document::SectionId,
    tui::{
        state::{Focus, OutlinePane, Reader},
        theme::Role,
        widget::{Label, Look, TreeRow, paint},
    },
};
use foldhash::quality::FixedState;
use ratatui::{buffer::Buffer, layout::Rect, style::Style};
use std::{
    collections::BTreeMap,
    hash::{BuildHasher as _, Hash as _, Hasher as _},
};

/// Tag signs shown beside an entry; the rest is a number.
const SIGNS: usize = 3;

/// The outline as it is to be drawn.
pub(super) struct Outline<'a> {
    area: Rect,
    /// The labels from the top, each with the style it is laid over.
    rows: Vec<(Label<'a>, Style)>,
    look: Look<'a>,
}

/// A fingerprint of 64 bits of all that decides how the outline is drawn, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Print {
    area: Rect,
    hash: u64,
}

impl Print {
    /// The cells that are drawn, the line beside the outline included.
    pub(super) fn area(self) -> Rect {
        self.area
    }
}

impl<'a> Outline<'a> {
    /// The outline for `area`; `None` where it is hidden.
    pub(super) fn of(reader: &'a Reader, area: Rect, face: Face<'a>) -> Option<Self> {
        let (tree, look) = (reader.outline.tree(), face.look);
        if area.is_empty() {
            return None;
        }
        if tree.row_count() == 0 {
            let words = Label::new(face.locale.text("outline-empty"), look.style(Role::Dim));
            return Some(Self { area, rows: vec![(words, look.style(Role::Text))], look });
        }
        let badges = Badges::of(reader);
        let first = tree.list().first_shown(tree.row_count(), area.height);
        let row = |index: usize| {
            let selected = index == tree.list().selected();
            let role = match (selected, reader.focus) {
                (true, Focus::Outline) => Role::Selected,
                (true, Focus::Text) => Role::OutlineCurrent,
                (false, _) => Role::Outline,
            };
            Some((label(reader, tree.row(index)?, &badges, area.width, face), look.style(Role::Text).patch(look.style(role))))
        };
        let rows = (first..tree.row_count()).take(usize::from(area.height)).map_while(row).collect();
        Some(Self { area, rows, look })
    }

    /// What decides how it is drawn on a screen that is `whole`.
    pub(super) fn print(&self, whole: Rect) -> Print {
        let area = Rect { width: self.area.width + 1, ..self.area }.intersection(whole);
        let mut hasher = FixedState::default().build_hasher();
        for (label, base) in &self.rows {
            (inked(*base), label.left.len()).hash(&mut hasher);
            for (text, style) in label.left.iter().chain(&label.right) {
                (text, inked(*style)).hash(&mut hasher);
            }
        }
        Print { area, hash: hasher.finish() }
    }

    /// Draws it, and the line beside it where there is room.
    pub(super) fn draw(&self, buffer: &mut Buffer) {
        for (area, (label, base)) in self.area.rows().zip(&self.rows) {
            label.draw(area, buffer, *base, self.look.ambiguous);
        }
        let x = self.area.right();
        if x < buffer.area.right() {
            let style = self.look.style(Role::Gutter);
            for y in self.area.top()..self.area.bottom() {
                paint::put_grapheme(buffer, x, y, "╎", 1, style);
            }
        }
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
