//! The reader: the text in its column, the signs beside it, the outline.

use super::{Face, inked, margin};
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Codebook;
use pizhu_annotation::Placements;
use pizhu_text::document::Document;
use pizhu_text::document::ParagraphKind;
use pizhu_text::document::SectionId;
use pizhu_text::layout::Row;
use pizhu_text::text::Span;
use crate::tui::state::Focus;
use crate::tui::state::Panes;
use crate::tui::state::Reader;
use crate::tui::state::State;
use pizhu_terminal::Moved;
use crate::tui::theme::Role;
use crate::tui::viewport::ScreenRow;
use crate::tui::viewport::flow::Lead;
use crate::tui::widget::paint;
use foldhash::quality::FixedState;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
};
use std::{
    collections::BTreeSet,
    hash::{BuildHasher as _, Hash as _, Hasher},
    sync::Arc,
};

/// The text's rows as they are to be drawn.
pub(super) struct Rows<'a> {
    reader: &'a Reader,
    panes: Panes,
    face: Face<'a>,
    list: Vec<&'a ScreenRow>,
}

/// The sign of the annotations that begin on a row.
struct Sign {
    text: String,
    style: Style,
    /// Whether there is more than one.
    several: bool,
}

/// What decides how the rows are drawn, and where, but what the frame is drawn with. Rows of text
/// are the same where they are the same row of the same block, and a fingerprint of 64 bits of the
/// rest is.
pub(super) struct RowsPrint {
    panes: Panes,
    basis: Basis,
    rows: Vec<(ScreenRow, u64)>,
}

/// What the fingerprints of all rows depend on. What is shared and changes is another thing then,
/// as it is held here.
struct Basis {
    document: Arc<Document>,
    placements: Arc<Placements>,
    codebook: Arc<Codebook>,
    pending: Arc<BTreeSet<AnnotationId>>,
    /// Whether hits are marked, or something is selected.
    is_marked: bool,
    /// Where the text's cursor is drawn.
    cursor: Option<usize>,
}

impl Basis {
    fn of(reader: &Reader) -> Self {
        Self {
            document: Arc::clone(reader.document()),
            placements: reader.notes.placements(),
            codebook: Arc::clone(reader.notes.shared_codebook()),
            pending: Arc::clone(reader.notes.shared_pending()),
            is_marked: reader.search.is_shown() || reader.selected().is_some(),
            cursor: cursor(reader),
        }
    }

    /// Whether the fingerprint of a row is as it was `before`.
    fn holds(&self, before: &Self, row: &ScreenRow) -> bool {
        let is_in = |at: &usize| row.text().is_some_and(|text| text.span.contains(*at));
        Arc::ptr_eq(&self.document, &before.document)
            && Arc::ptr_eq(&self.placements, &before.placements)
            && Arc::ptr_eq(&self.codebook, &before.codebook)
            && Arc::ptr_eq(&self.pending, &before.pending)
            && !(self.is_marked || before.is_marked)
            && !(self.cursor.iter().any(is_in) || before.cursor.iter().any(is_in))
    }
}

/// The char that the cursor is drawn on.
fn cursor(reader: &Reader) -> Option<usize> {
    (reader.focus == Focus::Text).then(|| reader.viewport.cursor())
}

impl RowsPrint {
    /// Where the rows lie, with all that is beside them.
    pub(super) fn area(&self) -> Rect {
        self.panes.text
    }

    /// By how many rows, and whether up, what `before` shows has moved in this.
    pub(super) fn moved_since(&self, before: &Self) -> Option<Moved> {
        let rows: Vec<&ScreenRow> = self.rows.iter().map(|(row, _)| row).collect();
        let (rows, up) = before.moved_to(&rows)?;
        (rows > 0 && self.panes == before.panes).then(|| Moved { area: self.area(), rows: rows as u16, up })
    }

    /// By how many rows, and whether up, these have moved to where `rows` stand.
    fn moved_to(&self, rows: &[&ScreenRow]) -> Option<(usize, bool)> {
        let (first, first_before) = (rows.first()?, &self.rows.first()?.0);
        match self.rows.iter().position(|(known, _)| known == *first) {
            Some(rows) => Some((rows, true)),
            None => Some((rows.iter().position(|known| *known == first_before)?, false)),
        }
    }

    /// For each row of the area whether it is shown after that move.
    pub(super) fn shown_by(&self, before: &Self, moved: Option<Moved>) -> Vec<bool> {
        let source = |y: usize| match moved {
            Some(Moved { rows, up: true, .. }) => y.checked_add(usize::from(rows)),
            Some(Moved { rows, .. }) => y.checked_sub(usize::from(rows)),
            None => Some(y),
        };
        let height = usize::from(self.area().height);
        let is_shown = |y: usize| source(y).filter(|from| *from < height).is_some_and(|from| self.rows.get(y) == before.rows.get(from));
        (0..height).map(|y| self.panes == before.panes && is_shown(y)).collect()
    }
}

impl<'a> Rows<'a> {
    /// The rows on the screen; `None` where the outline has all of it.
    pub(super) fn of(state: &'a State, reader: &'a Reader, face: Face<'a>) -> Option<Self> {
        let panes = state.panes();
        let covered = !panes.outline.is_empty() && panes.outline.right() >= state.size.width;
        let list = || reader.viewport.rows().iter().take(usize::from(panes.text.height)).collect();
        (!covered && !panes.text.is_empty()).then(|| Self { reader, panes, face, list: list() })
    }

    /// What decides how they are drawn; what was known `before` is not worked out again.
    pub(super) fn print(&self, before: Option<&RowsPrint>) -> RowsPrint {
        let basis = Basis::of(self.reader);
        let moved = before.and_then(|before| before.moved_to(&self.list)).unwrap_or_default();
        let known = |y: usize, row: &ScreenRow| {
            let before = before?;
            let from = if moved.1 { y.checked_add(moved.0) } else { y.checked_sub(moved.0) }?;
            let (known, hash) = before.rows.get(from)?;
            (known == row && basis.holds(&before.basis, row)).then_some(*hash)
        };
        let print = |(y, row): (usize, &&ScreenRow)| (ScreenRow::clone(row), known(y, row).unwrap_or_else(|| self.hash(row)));
        let rows = self.list.iter().enumerate().map(print).collect();
        RowsPrint { panes: self.panes, basis, rows }
    }

    fn hash(&self, row: &ScreenRow) -> u64 {
        let mut hasher = FixedState::default().build_hasher();
        if let Some(text) = row.text() {
            if let Some(Sign { text, style, several }) = sign(self.reader, row, text, self.face) {
                (text, inked(style), several).hash(&mut hasher);
            }
            RowStyles::of(self.reader, row, text, self.face).hash_within(text.span, &mut hasher);
        }
        hasher.finish()
    }

    /// Draws the rows that are not yet `shown`, and the notes beside them; whether there are notes.
    pub(super) fn draw(&self, shown: &[bool], buffer: &mut Buffer) -> bool {
        for (index, row) in self.list.iter().enumerate() {
            if shown.get(index) != Some(&true) {
                self.draw_row(row, self.panes.column.y + index as u16, buffer);
            }
        }
        margin::draw(self.reader, &self.panes, self.face, buffer)
    }

    fn draw_row(&self, row: &ScreenRow, y: u16, buffer: &mut Buffer) {
        let (panes, face) = (&self.panes, self.face);
        if let Some(lead) = row.lead() {
            draw_lead(lead, Rect { y, height: 1, ..panes.column }, face, buffer);
        }
        let Some(text) = row.text() else { return };
        let styles = RowStyles::of(self.reader, row, text, face);
        draw_text(row, text, &styles, Rect { y, height: 1, ..panes.column }, face, buffer);
        if let Some(sign) = sign(self.reader, row, text, face).filter(|_| !panes.gutter.is_empty()) {
            let x = panes.gutter.x;
            if sign.several && x > panes.text.x {
                let style = face.look.style(Role::Text).patch(face.look.style(Role::Badge));
                paint::put_grapheme(buffer, x - 1, y, "+", 1, style);
            }
            paint::put_grapheme(buffer, x, y, &sign.text, 1, sign.style);
        }
    }
}

fn draw_lead(lead: &Lead, area: Rect, face: Face<'_>, buffer: &mut Buffer) {
    if let Lead::Restored(title) = lead {
        let label = format!("{}{title}", face.locale.text("restored-label"));
        let label = paint::truncate(&label, usize::from(area.width), face.look.ambiguous);
        face.put(buffer, area, &label, Role::Restored);
    }
}

fn draw_text(row: &ScreenRow, text: &Row, styles: &RowStyles<'_>, column: Rect, face: Face<'_>, buffer: &mut Buffer) {
    // Most rows have one style from end to end.
    let (mut plain, mut until) = (Style::new(), 0);
    for glyph in text.glyphs() {
        let x = column.x + glyph.column;
        if x + u16::from(glyph.width) > buffer.area.right() {
            break;
        }
        if glyph.offset >= until {
            (plain, until) = (styles.at(glyph.offset), styles.change_after(glyph.offset));
        }
        let mut style = plain;
        if glyph.sign {
            style = style.patch(face.look.style(Role::Dim));
        }
        paint::put_grapheme(buffer, x, column.y, &glyph.text(), u16::from(glyph.width), style);
    }
    if row.folded() > 0 {
        let x = column.x + text.width() + 1;
        let note = format!("▸ {}", row.folded());
        if x < column.right() {
            face.put(buffer, Rect { x, width: column.right() - x, ..column }, &note, Role::Badge);
        }
    }
}

/// What decides the style of each char of a row.
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
    fn of(reader: &'a Reader, row: &ScreenRow, text: &Row, face: Face<'_>) -> Self {
        let look = face.look;
        let document = reader.document();
        let cursor_at = reader.viewport.cursor();
        Self {
            base: look.style(Role::Text).patch(look.style(role_of(row.kind()))),
            headings: headings(document, text.span, face),
            marks: marks(reader, text.span, face),
            hits: reader.search.within(text.span),
            hit: look.style(Role::Match),
            current: look.style(Role::CurrentMatch),
            selection: reader.selected(),
            selected: look.style(Role::Selection),
            cursor: cursor(reader),
            cursor_style: look.style(Role::Text).patch(look.style(Role::Cursor)).add_modifier(Modifier::REVERSED),
            cursor_at,
        }
    }

    fn at(&self, offset: usize) -> Style {
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

    /// All that decides the styles of the chars in `span`.
    fn hash_within(&self, span: Span, hasher: &mut impl Hasher) {
        (inked(self.base), self.headings.len()).hash(hasher);
        for (span, style) in self.headings.iter().chain(&self.marks) {
            (span, inked(*style)).hash(hasher);
        }
        for hit in self.hits {
            let style = if hit.contains(self.cursor_at) { self.current } else { self.hit };
            (hit, inked(style)).hash(hasher);
        }
        self.selection.and_then(|selection| selection.intersection(span)).map(|part| (part, inked(self.selected))).hash(hasher);
        self.cursor.filter(|at| span.contains(*at)).map(|at| (at, inked(self.cursor_style))).hash(hasher);
    }

    /// The next offset behind `offset` whose style may be another.
    fn change_after(&self, offset: usize) -> usize {
        let spans = self.headings.iter().chain(&self.marks).map(|(span, _)| span).chain(self.hits).chain(&self.selection);
        let ends = spans.flat_map(|span| [span.start, span.end]);
        let cursor = self.cursor.into_iter().flat_map(|at| [at, at + 1]);
        ends.chain(cursor).filter(|at| *at > offset).min().unwrap_or(usize::MAX)
    }
}

fn role_of(kind: ParagraphKind) -> Role {
    match kind {
        ParagraphKind::Title => Role::Title,
        ParagraphKind::Metadata | ParagraphKind::EndMatter => Role::Dim,
        ParagraphKind::Boilerplate => Role::Boilerplate,
        ParagraphKind::Subheading => Role::Heading4,
        ParagraphKind::Salutation | ParagraphKind::Heading(_) | ParagraphKind::Body | ParagraphKind::Closing | ParagraphKind::Verbatim => {
            Role::Text
        }
    }
}

/// The headings that share a char with `span`.
fn headings(document: &Document, span: Span, face: Face<'_>) -> Vec<(Span, Style)> {
    let sections = document.outline.sections();
    // A heading longer than a row begins in a row above: sections begin in order, so a few back
    // are enough.
    let places = sections.from(span.start.saturating_sub(400))..sections.from(span.end);
    sections
        .range(places)
        .filter(|section| section.heading.overlaps(span))
        .map(|section| (section.heading, face.look.theme.heading(usize::from(section.depth))))
        .collect()
}

/// The annotated passages that share a char with `span`.
fn marks(reader: &Reader, span: Span, face: Face<'_>) -> Vec<(Span, Style)> {
    let mut marks: Vec<(Span, Style)> = Vec::new();
    for mark in reader.notes.passages_within(span) {
        let Some(at) = mark.span else { continue };
        let ground = match first_colour(reader, &mark.annotation.tags) {
            Some(colour) => face.look.theme.tag(colour).ground,
            None => face.look.style(Role::Annotated),
        };
        let style = if reader.notes.is_pending(mark.annotation.id) { ground.patch(face.look.style(Role::Pending)) } else { ground };
        marks.push((at, style));
    }
    marks
}

/// The number of the first coloured tag's colour.
pub(super) fn first_colour(reader: &Reader, tags: &BTreeSet<String>) -> Option<usize> {
    tags.iter().find_map(|tag| colour_of(reader, tag))
}

/// The number of a tag's colour, of the tag above it where it has none of its own.
pub(super) fn colour_of(reader: &Reader, tag: &str) -> Option<usize> {
    let book = reader.notes.codebook();
    let mut at = book.get(tag);
    for _ in 0..8 {
        let here = at?;
        if let Some(number) = here.colour.strip_prefix("tag").and_then(|number| number.parse().ok()) {
            return Some(number);
        }
        at = here.parent.as_deref().and_then(|parent| book.get(parent));
    }
    None
}

/// The sign of a tag with its style; of a tag without colour and sign, the one for notes.
pub(super) fn tag_sign(reader: &Reader, tag: &str, face: Face<'_>) -> (String, Style) {
    match colour_of(reader, tag) {
        Some(colour) => {
            let look = face.look.theme.tag(colour);
            (look.sign.to_string(), look.name)
        }
        None => ("▪".to_owned(), face.look.style(Role::Badge)),
    }
}

/// The sign for a note.
pub(super) const NOTE_SIGN: &str = "✎";

/// The sign of the annotations that begin on the row, the tags' first.
fn sign(reader: &Reader, row: &ScreenRow, text: &Row, face: Face<'_>) -> Option<Sign> {
    let document = reader.document();
    let mut marks: Vec<_> =
        reader.notes.passages_within(text.span).filter(|mark| mark.span.is_some_and(|s| text.span.contains(s.start))).collect();
    if let ParagraphKind::Heading(_) = row.kind() {
        let sections = document.outline.sections();
        for place in sections.from(text.span.start)..sections.from(text.span.end) {
            marks.extend(reader.notes.on_section(SectionId(place as u32)));
        }
    }
    let first = marks.first()?;
    let several = marks.len() > 1 || first.annotation.tags.len() > 1;
    let tag = marks.iter().flat_map(|mark| reader.notes.tags(&mark.annotation)).next();
    let (sign, style) = match tag {
        Some(tag) => tag_sign(reader, &tag, face),
        None => (NOTE_SIGN.to_owned(), face.look.style(Role::Note)),
    };
    Some(Sign { text: sign, style: face.look.style(Role::Text).patch(style), several })
}
