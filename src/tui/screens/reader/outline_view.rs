//! The outline: foldable entries with badges of tags and notes.

use crate::tui::view::{
    RenderContext,
    tag_sign::{NOTE_SIGN, tag_sign},
};
use crate::locale::id;
use crate::tui::state::Focus;
use crate::tui::state::OutlinePane;
use crate::tui::state::ReaderScreen;
use crate::tui::theme::StyleRole;
use crate::tui::widget::Label;
use crate::tui::widget::TreeRow;
use pizhu_annotation::AnchorIndex;
use pizhu_annotation::{Codebook, TagRef};
use pizhu_terminal::paint;
use pizhu_text::document::Confidence;
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use ratatui::{buffer::Buffer, layout::Rect, style::Style};
use std::{collections::BTreeMap, sync::Arc};

/// Maximum tag signs beside an entry; the others are summed up as a number.
const MAX_TAG_SIGNS: usize = 3;

/// Everything the drawn outline depends on besides the render context. Shared data is compared by
/// pointer: a change replaces the `Arc`, and the one held here keeps its address from being reused.
pub(in crate::tui) struct OutlineFingerprint {
    area: Rect,
    document: Arc<Document>,
    placements: Arc<AnchorIndex>,
    codebook: Arc<Codebook>,
    focus: Focus,
    /// The visible entries, and the index of the selected one.
    rows: Vec<(TreeRow, Option<SectionId>)>,
    selected: usize,
}

impl OutlineFingerprint {
    /// The fingerprint of the outline in `area`; `None` if it is hidden.
    pub(in crate::tui) fn new(reader: &ReaderScreen, area: Rect) -> Option<Self> {
        if area.is_empty() {
            return None;
        }
        let tree = reader.outline.tree();
        let first = tree.list().first_shown(tree.row_count(), area.height);
        let row = |index: usize| tree.row(index).map(|row| (row, reader.outline.section(row)));
        Some(Self {
            area,
            document: Arc::clone(reader.document()),
            placements: reader.annotations.shared(),
            codebook: Arc::clone(reader.annotations.shared_codebook()),
            focus: reader.focus,
            rows: (first..tree.row_count()).take(usize::from(area.height)).map_while(row).collect(),
            selected: tree.list().selected().wrapping_sub(first),
        })
    }

    /// The area drawn on the screen `whole`, including the separator to the right.
    pub(in crate::tui) fn area(&self, whole: Rect) -> Rect {
        Rect { width: self.area.width + 1, ..self.area }.intersection(whole)
    }

    /// The entry in row `y` from the top, and whether it is selected.
    fn row(&self, y: usize) -> Option<(TreeRow, Option<SectionId>, bool)> {
        self.rows.get(y).map(|(row, section)| (*row, *section, y == self.selected))
    }

    /// For each row from the top, whether it equals the row drawn `before`.
    pub(in crate::tui) fn unchanged_rows(&self, before: Option<&Self>) -> Vec<bool> {
        let alike = |before: &&Self| {
            Arc::ptr_eq(&self.document, &before.document)
                && Arc::ptr_eq(&self.placements, &before.placements)
                && Arc::ptr_eq(&self.codebook, &before.codebook)
                && (self.area, self.focus) == (before.area, before.focus)
        };
        let before = before.filter(alike);
        (0..usize::from(self.area.height)).map(|y| before.is_some_and(|before| self.row(y) == before.row(y))).collect()
    }

    /// Draws the rows that are not in `shown`, and the separator if there is room.
    pub(in crate::tui) fn draw(&self, shown: &[bool], reader: &ReaderScreen, ctx: RenderContext<'_>, buffer: &mut Buffer) {
        let styles = ctx.styles;
        let badges = Badges::new(reader);
        let line = (self.area.right() < buffer.area.right()).then(|| styles.style(StyleRole::Gutter));
        let rows = self.area.rows().enumerate().zip(shown).filter(|(_, shown)| !**shown);
        for ((y, area), _) in rows {
            match self.row(y) {
                Some((row, section, is_selected)) => {
                    let role = match (is_selected, self.focus) {
                        (true, Focus::Outline) => StyleRole::Selected,
                        (true, Focus::Text) => StyleRole::OutlineCurrent,
                        (false, _) => StyleRole::Outline,
                    };
                    let base = styles.style(StyleRole::Text).patch(styles.style(role));
                    let label = label(reader, row, section, &badges, self.area.width, ctx);
                    let label = if is_selected { label.over(base) } else { label };
                    label.draw(area, buffer, base, styles.ambiguous);
                }
                None if y == 0 => {
                    let words = Label::new(ctx.locale.text(id::OUTLINE_EMPTY), styles.style(StyleRole::Dim));
                    words.draw(area, buffer, styles.style(StyleRole::Text), styles.ambiguous);
                }
                None => {}
            }
            if let Some(style) = line {
                paint::draw_grapheme(buffer, area.right(), area.y, "╎", 1, style);
            }
        }
    }
}

fn label<'a>(
    reader: &'a ReaderScreen,
    entry: TreeRow,
    section: Option<SectionId>,
    badges: &Badges,
    width: u16,
    ctx: RenderContext<'_>,
) -> Label<'a> {
    let styles = ctx.styles;
    let Some((id, section)) = section.and_then(|id| Some((id, reader.document().outline.get(id)?))) else { return Label::default() };
    let indent = " ".repeat(usize::from(OutlinePane::indent(entry.depth, width)));
    let fold = match entry.folded {
        Some(true) => "▸",
        Some(false) => "▾",
        None => " ",
    };
    let mut label = Label::new(format!("{indent}{fold}"), styles.style(StyleRole::Dim));
    label = label.and(section.marker_text, styles.theme.heading(usize::from(section.depth)));
    if !section.marker_text.is_empty() && section.marker_text.chars().last().is_some_and(|c| c.is_ascii() || !is_wide_mark(c)) {
        label = label.and(" ", Style::new());
    }
    let title = section.display_title();
    let style = if section.repaired_title.is_some() { styles.style(StyleRole::Restored) } else { Style::new() };
    label = label.and(if title.is_empty() && section.marker_text.is_empty() { "…" } else { title }, style);
    if section.confidence < Confidence::DOUBTFUL {
        label = label.right(" ?", styles.style(StyleRole::Dim));
    }
    if reader.document().is_mended(id) {
        label = label.right(MENDED_SIGN, styles.style(StyleRole::Dim));
    }
    let folded = entry.folded == Some(true);
    for (sign, style) in badges.signs(reader, id, folded, ctx) {
        label = label.right(sign, style);
    }
    label
}

fn is_wide_mark(c: char) -> bool {
    matches!(c, '、' | '）' | '．' | '：' | '，' | '。')
}

/// Beside a heading that the user made or moved.
const MENDED_SIGN: &str = " ·";

/// Counts of tags and notes by section; a passage counts for the innermost section it begins in.
struct Badges {
    tags: BTreeMap<SectionId, BTreeMap<TagRef, usize>>,
    notes: BTreeMap<SectionId, usize>,
}

impl Badges {
    fn new(reader: &ReaderScreen) -> Self {
        let mut badges = Self { tags: BTreeMap::new(), notes: BTreeMap::new() };
        for (section, count) in reader.annotations.all().counts() {
            let Some(id) = section else { continue };
            for (tag, count) in count.tags {
                if let Some(tag) = reader.annotations.current_tag(&tag) {
                    *badges.tags.entry(id).or_default().entry(tag).or_default() += count;
                }
            }
            if count.notes > 0 {
                badges.notes.insert(id, count.notes);
            }
        }
        badges
    }

    /// The signs beside an entry; those of a folded one include its descendants.
    fn signs(&self, reader: &ReaderScreen, id: SectionId, folded: bool, ctx: RenderContext<'_>) -> Vec<(String, Style)> {
        let outline = &reader.document().outline;
        let last = if folded {
            let end = outline.get(id).map_or(0, |section| section.span.end);
            SectionId(outline.sections().lower_bound(end).saturating_sub(1) as u32)
        } else {
            id
        };
        let mut by_tag: BTreeMap<&TagRef, usize> = BTreeMap::new();
        for (tag, count) in self.tags.range(id..=last).flat_map(|(_, tags)| tags) {
            *by_tag.entry(tag).or_default() += count;
        }
        let mut tags: Vec<(&TagRef, usize)> = by_tag.into_iter().collect();
        tags.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
        let notes: usize = self.notes.range(id..=last).map(|(_, count)| count).sum();
        let badge = ctx.styles.style(StyleRole::Badge);
        let mut signs: Vec<_> = Vec::new();
        for (tag, count) in tags.iter().take(MAX_TAG_SIGNS) {
            let (sign, style) = tag_sign(reader, tag, ctx);
            signs.push((sign, style));
            if *count > 1 {
                signs.push((count.to_string(), badge));
            }
        }
        if tags.len() > MAX_TAG_SIGNS {
            signs.push((format!("+{}", tags.len() - MAX_TAG_SIGNS), badge));
        }
        if notes > 0 {
            let count = if notes > 1 { notes.to_string() } else { String::new() };
            signs.push((format!("{NOTE_SIGN}{count}"), ctx.styles.style(StyleRole::Note)));
        }
        signs
    }
}
