//! The reader: the text column with gutter signs; see `outline` and `margin` for the panes beside it.

use super::margin;
use crate::tui::view::{
    RenderContext,
    tag_sign::{NOTE_SIGN, first_tag_color, tag_sign},
};
use crate::locale::id;
use crate::tui::state::Focus;
use crate::tui::state::Panes;
use crate::tui::state::ReaderScreen;
use crate::tui::state::State;
use crate::tui::theme::StyleRole;
use crate::tui::viewport::ScreenRow;
use crate::tui::viewport::flow::LeadRow;
use foldhash::quality::FixedState;
use pizhu_annotation::AnchorIndex;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Codebook;
use pizhu_terminal::AreaScroll;
use pizhu_terminal::color::color_key;
use pizhu_terminal::paint;
use pizhu_text::document::Document;
use pizhu_text::document::ParagraphKind;
use pizhu_text::document::SectionId;
use pizhu_text::layout::Row;
use pizhu_text::text::Span;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Modifier, Style},
};
use std::{
    collections::BTreeSet,
    hash::{BuildHasher as _, Hash as _, Hasher},
    sync::Arc,
};

/// The rows of text to draw.
pub(in crate::tui) struct TextRows<'a> {
    reader: &'a ReaderScreen,
    panes: Panes,
    ctx: RenderContext<'a>,
    list: Vec<&'a ScreenRow>,
}

/// The gutter sign of the annotations that begin on a row.
struct GutterSign {
    text: String,
    style: Style,
    /// Whether more than one annotation or tag begins there.
    has_more: bool,
}

/// Everything the drawn rows depend on besides the render context. Two rows look the same if they are
/// the same row of the same block and their 64-bit hashes of everything else are equal.
pub(in crate::tui) struct RowsFingerprint {
    panes: Panes,
    inputs: FingerprintInputs,
    rows: Vec<(ScreenRow, u64)>,
}

/// The inputs of all rows' hashes. Shared data is compared by pointer: a change replaces the `Arc`,
/// and the one held here keeps its address from being reused.
struct FingerprintInputs {
    document: Arc<Document>,
    placements: Arc<AnchorIndex>,
    codebook: Arc<Codebook>,
    pending: Arc<BTreeSet<AnnotationId>>,
    /// Whether search hits or a selection are highlighted.
    is_highlighted: bool,
    /// Offset of the char that the cursor is drawn on.
    cursor: Option<usize>,
}

impl FingerprintInputs {
    fn new(reader: &ReaderScreen) -> Self {
        Self {
            document: Arc::clone(reader.document()),
            placements: reader.annotations.shared(),
            codebook: Arc::clone(reader.annotations.shared_codebook()),
            pending: Arc::clone(reader.annotations.shared_unsaved()),
            is_highlighted: reader.search.is_highlighted() || reader.selected().is_some(),
            cursor: cursor_offset(reader),
        }
    }

    /// Whether the hash of `row` is surely the same as with the inputs `before`.
    fn is_unchanged_for(&self, before: &Self, row: &ScreenRow) -> bool {
        let is_in = |at: &usize| row.text().is_some_and(|text| text.span.contains(*at));
        Arc::ptr_eq(&self.document, &before.document)
            && Arc::ptr_eq(&self.placements, &before.placements)
            && Arc::ptr_eq(&self.codebook, &before.codebook)
            && Arc::ptr_eq(&self.pending, &before.pending)
            && !(self.is_highlighted || before.is_highlighted)
            && !(self.cursor.iter().any(is_in) || before.cursor.iter().any(is_in))
    }
}

/// Offset of the char that the cursor is drawn on; `None` while the outline has the focus.
fn cursor_offset(reader: &ReaderScreen) -> Option<usize> {
    (reader.focus == Focus::Text).then(|| reader.viewport.cursor())
}

impl RowsFingerprint {
    /// The area of the rows, including what is drawn beside them.
    pub(in crate::tui) fn area(&self) -> Rect {
        self.panes.text
    }

    /// The scroll from the frame `before` to this one.
    pub(in crate::tui) fn scroll_since(&self, before: &Self) -> Option<AreaScroll> {
        let rows: Vec<&ScreenRow> = self.rows.iter().map(|(row, _)| row).collect();
        let (rows, up) = before.offset_to(&rows)?;
        (rows > 0 && self.panes == before.panes).then(|| AreaScroll { area: self.area(), rows: rows as u16, up })
    }

    /// By how many rows, and whether up, these rows moved to become `rows`.
    fn offset_to(&self, rows: &[&ScreenRow]) -> Option<(usize, bool)> {
        let (first, first_before) = (rows.first()?, &self.rows.first()?.0);
        match self.rows.iter().position(|(known, _)| known == *first) {
            Some(rows) => Some((rows, true)),
            None => Some((rows.iter().position(|known| *known == first_before)?, false)),
        }
    }

    /// For each row of the area, whether it equals the frame `before` after the scroll.
    pub(in crate::tui) fn unchanged_rows(&self, before: &Self, moved: Option<AreaScroll>) -> Vec<bool> {
        let source = |y: usize| match moved {
            Some(AreaScroll { rows, up: true, .. }) => y.checked_add(usize::from(rows)),
            Some(AreaScroll { rows, .. }) => y.checked_sub(usize::from(rows)),
            None => Some(y),
        };
        let height = usize::from(self.area().height);
        let is_shown = |y: usize| source(y).filter(|from| *from < height).is_some_and(|from| self.rows.get(y) == before.rows.get(from));
        (0..height).map(|y| self.panes == before.panes && is_shown(y)).collect()
    }
}

impl<'a> TextRows<'a> {
    /// The rows on the screen; `None` if the outline covers them all.
    pub(in crate::tui) fn new(state: &'a State, reader: &'a ReaderScreen, ctx: RenderContext<'a>) -> Option<Self> {
        let panes = state.panes();
        let covered = !panes.outline.is_empty() && panes.outline.right() >= state.size.width;
        let list = || reader.viewport.rows().iter().take(usize::from(panes.text.height)).collect();
        (!covered && !panes.text.is_empty()).then(|| Self { reader, panes, ctx, list: list() })
    }

    /// The fingerprint of the rows; hashes known from `before` are reused.
    pub(in crate::tui) fn fingerprint(&self, before: Option<&RowsFingerprint>) -> RowsFingerprint {
        let inputs = FingerprintInputs::new(self.reader);
        let moved = before.and_then(|before| before.offset_to(&self.list)).unwrap_or_default();
        let known = |y: usize, row: &ScreenRow| {
            let before = before?;
            let from = if moved.1 { y.checked_add(moved.0) } else { y.checked_sub(moved.0) }?;
            let (known, hash) = before.rows.get(from)?;
            (known == row && inputs.is_unchanged_for(&before.inputs, row)).then_some(*hash)
        };
        let entry = |(y, row): (usize, &&ScreenRow)| (ScreenRow::clone(row), known(y, row).unwrap_or_else(|| self.hash(row)));
        let rows = self.list.iter().enumerate().map(entry).collect();
        RowsFingerprint { panes: self.panes, inputs, rows }
    }

    fn hash(&self, row: &ScreenRow) -> u64 {
        let mut hasher = FixedState::default().build_hasher();
        if let Some(text) = row.text() {
            if let Some(GutterSign { text, style, has_more }) = gutter_sign(self.reader, row, text, self.ctx) {
                (text, style_key(style), has_more).hash(&mut hasher);
            }
            RowStyles::new(self.reader, row, text, self.ctx).hash_within(text.span, &mut hasher);
        }
        hasher.finish()
    }

    /// Draws the rows that are not in `shown`, and the margin notes; returns whether there are notes.
    pub(in crate::tui) fn draw(&self, shown: &[bool], buffer: &mut Buffer) -> bool {
        for (index, row) in self.list.iter().enumerate() {
            if shown.get(index) != Some(&true) {
                self.draw_row(row, self.panes.column.y + index as u16, buffer);
            }
        }
        margin::draw(self.reader, &self.panes, self.ctx, buffer)
    }

    fn draw_row(&self, row: &ScreenRow, y: u16, buffer: &mut Buffer) {
        let (panes, ctx) = (&self.panes, self.ctx);
        if let Some(lead) = row.lead() {
            draw_lead(lead, Rect { y, height: 1, ..panes.column }, ctx, buffer);
        }
        let Some(text) = row.text() else { return };
        let styles = RowStyles::new(self.reader, row, text, ctx);
        draw_text(row, text, &styles, Rect { y, height: 1, ..panes.column }, ctx, buffer);
        if let Some(sign) = gutter_sign(self.reader, row, text, ctx).filter(|_| !panes.gutter.is_empty()) {
            let x = panes.gutter.x;
            if sign.has_more && x > panes.text.x {
                let style = ctx.styles.style(StyleRole::Text).patch(ctx.styles.style(StyleRole::Badge));
                paint::draw_grapheme(buffer, x - 1, y, "+", 1, style);
            }
            paint::draw_grapheme(buffer, x, y, &sign.text, 1, sign.style);
        }
    }
}

fn draw_lead(lead: &LeadRow, area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    if let LeadRow::Restored(title) = lead {
        let label = format!("{}{title}", ctx.locale.text(id::RESTORED_LABEL));
        let label = paint::truncate(&label, usize::from(area.width), ctx.styles.ambiguous);
        ctx.draw_text(buffer, area, &label, StyleRole::Restored);
    }
}

fn draw_text(row: &ScreenRow, text: &Row, styles: &RowStyles<'_>, column: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    // Most rows have one style from end to end.
    let (mut plain, mut until) = (Style::new(), 0);
    for glyph in text.glyphs() {
        let x = column.x + glyph.column;
        if x + u16::from(glyph.width) > buffer.area.right() {
            break;
        }
        if glyph.offset >= until {
            (plain, until) = (styles.style_at(glyph.offset), styles.next_change(glyph.offset));
        }
        let mut style = plain;
        if glyph.sign {
            style = style.patch(ctx.styles.style(StyleRole::Dim));
        }
        paint::draw_grapheme(buffer, x, column.y, &glyph.text(), u16::from(glyph.width), style);
    }
    if row.folded() > 0 {
        let x = column.x + text.width() + 1;
        let label = ctx.locale.format(id::FOLDED_COUNT, &[("count", row.folded().into())]);
        if x < column.right() {
            ctx.draw_text(buffer, Rect { x, width: column.right() - x, ..column }, &label, StyleRole::Badge);
        }
    }
}

/// A style as integers, cheaper to hash.
fn style_key(style: Style) -> (u64, u32) {
    let number = |color: Option<Color>| u64::from(color.map_or(0, color_key));
    let modifiers = u32::from(style.add_modifier.bits()) << 16 | u32::from(style.sub_modifier.bits());
    (number(style.fg) << 32 | number(style.bg), modifiers)
}

/// The styles of the chars of a row.
struct RowStyles<'a> {
    base: Style,
    headings: Vec<(Span, Style)>,
    marks: Vec<(Span, Style)>,
    hits: &'a [Span],
    hit: Style,
    current: Style,
    selection: Option<Span>,
    selected: Style,
    cursor: Option<usize>,
    cursor_style: Style,
    cursor_at: usize,
}

impl<'a> RowStyles<'a> {
    fn new(reader: &'a ReaderScreen, row: &ScreenRow, text: &Row, ctx: RenderContext<'_>) -> Self {
        let styles = ctx.styles;
        let document = reader.document();
        let cursor_at = reader.viewport.cursor();
        Self {
            base: styles.style(StyleRole::Text).patch(styles.style(paragraph_role(row.kind()))),
            headings: heading_styles(document, text.span, ctx),
            marks: annotation_styles(reader, text.span, ctx),
            hits: reader.search.hits_in(text.span),
            hit: styles.style(StyleRole::Match),
            current: styles.style(StyleRole::CurrentMatch),
            selection: reader.selected(),
            selected: styles.style(StyleRole::Selection),
            cursor: cursor_offset(reader),
            cursor_style: styles.style(StyleRole::Text).patch(styles.style(StyleRole::Cursor)).add_modifier(Modifier::REVERSED),
            cursor_at,
        }
    }

    fn style_at(&self, offset: usize) -> Style {
        let mut style = self.base;
        for (span, over) in self.headings.iter().chain(&self.marks) {
            if span.contains(offset) {
                style = style.patch(*over);
            }
        }
        if let Some(hit) = self.hits.iter().find(|hit| hit.contains(offset)) {
            style = style.patch(if hit.contains(self.cursor_at) { self.current } else { self.hit });
        }
        if self.selection.is_some_and(|span| span.contains(offset)) {
            style = style.patch(self.selected);
        }
        if self.cursor == Some(offset) {
            style = self.cursor_style;
        }
        style
    }

    /// Hashes everything that the styles of the chars in `span` depend on.
    fn hash_within(&self, span: Span, hasher: &mut impl Hasher) {
        (style_key(self.base), self.headings.len()).hash(hasher);
        for (span, style) in self.headings.iter().chain(&self.marks) {
            (span, style_key(*style)).hash(hasher);
        }
        for hit in self.hits {
            let style = if hit.contains(self.cursor_at) { self.current } else { self.hit };
            (hit, style_key(style)).hash(hasher);
        }
        self.selection.and_then(|selection| selection.intersection(span)).map(|part| (part, style_key(self.selected))).hash(hasher);
        self.cursor.filter(|at| span.contains(*at)).map(|at| (at, style_key(self.cursor_style))).hash(hasher);
    }

    /// The next offset after `offset` whose style may differ.
    fn next_change(&self, offset: usize) -> usize {
        let spans = self.headings.iter().chain(&self.marks).map(|(span, _)| span).chain(self.hits).chain(&self.selection);
        let ends = spans.flat_map(|span| [span.start, span.end]);
        let cursor = self.cursor.into_iter().flat_map(|at| [at, at + 1]);
        ends.chain(cursor).filter(|at| *at > offset).min().unwrap_or(usize::MAX)
    }
}

fn paragraph_role(kind: ParagraphKind) -> StyleRole {
    match kind {
        ParagraphKind::Title => StyleRole::Title,
        ParagraphKind::Metadata | ParagraphKind::EndMatter => StyleRole::Dim,
        ParagraphKind::Boilerplate => StyleRole::Boilerplate,
        ParagraphKind::Subheading => StyleRole::Heading4,
        ParagraphKind::Salutation | ParagraphKind::Heading(_) | ParagraphKind::Body | ParagraphKind::Closing | ParagraphKind::Verbatim => {
            StyleRole::Text
        }
    }
}

/// The headings that overlap `span`, with their styles.
fn heading_styles(document: &Document, span: Span, ctx: RenderContext<'_>) -> Vec<(Span, Style)> {
    let sections = document.outline.sections();
    // A heading longer than a row begins above it; a few hundred chars back are enough.
    let places = sections.lower_bound(span.start.saturating_sub(400))..sections.lower_bound(span.end);
    sections
        .range(places)
        .filter(|section| section.heading.overlaps(span))
        .map(|section| (section.heading, ctx.styles.theme.heading(usize::from(section.depth))))
        .collect()
}

/// The annotated passages that overlap `span`, with their styles.
fn annotation_styles(reader: &ReaderScreen, span: Span, ctx: RenderContext<'_>) -> Vec<(Span, Style)> {
    let mut marks: Vec<(Span, Style)> = Vec::new();
    for mark in reader.annotations.passages_within(span) {
        let Some(at) = mark.span else { continue };
        let background = match first_tag_color(reader, &reader.annotations.tags(&mark.annotation)) {
            Some(colour) => ctx.styles.theme.tag(colour).passage,
            None => ctx.styles.style(StyleRole::Annotated),
        };
        let style = if reader.annotations.is_unsaved(mark.annotation.id) {
            background.patch(ctx.styles.style(StyleRole::Pending))
        } else {
            background
        };
        marks.push((at, style));
    }
    marks
}

/// The gutter sign of the annotations that begin on the row, tags before notes.
fn gutter_sign(reader: &ReaderScreen, row: &ScreenRow, text: &Row, ctx: RenderContext<'_>) -> Option<GutterSign> {
    let document = reader.document();
    let mut marks: Vec<_> =
        reader.annotations.passages_within(text.span).filter(|mark| mark.span.is_some_and(|s| text.span.contains(s.start))).collect();
    if let ParagraphKind::Heading(_) = row.kind() {
        let sections = document.outline.sections();
        for place in sections.lower_bound(text.span.start)..sections.lower_bound(text.span.end) {
            marks.extend(reader.annotations.on_section(SectionId(place as u32)));
        }
    }
    let first = marks.first()?;
    let has_more = marks.len() > 1 || first.annotation.tags.len() > 1;
    let tag = marks.iter().flat_map(|mark| reader.annotations.tags(&mark.annotation)).next();
    let (sign, style) = match tag {
        Some(tag) => tag_sign(reader, &tag, ctx),
        None => (NOTE_SIGN.to_owned(), ctx.styles.style(StyleRole::Note)),
    };
    Some(GutterSign { text: sign, style: ctx.styles.style(StyleRole::Text).patch(style), has_more })
}
