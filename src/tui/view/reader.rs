//! The reader: the text in its column, the signs beside it, the outline.

use super::{Face, margin};
use crate::{
    document::{Document, ParagraphKind},
    layout::Row,
    text::Span,
    tui::{
        state::{Focus, Panes, Reader, State},
        theme::Role,
        viewport::{ScreenRow, flow::Lead},
        widget::paint,
    },
};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
};

pub(super) fn draw(state: &State, reader: &Reader, face: Face<'_>, buffer: &mut Buffer) {
    let panes = state.panes();
    if !panes.outline.is_empty() && panes.outline.right() >= buffer.area.right() {
        // The outline has the whole screen.
        return;
    }
    for (index, row) in reader.viewport.rows().iter().enumerate() {
        let y = panes.column.y + index as u16;
        if let Some(lead) = row.lead() {
            draw_lead(lead, Rect { y, height: 1, ..panes.column }, face, buffer);
        }
        if let Some(text) = row.text() {
            draw_row(reader, row, text, &panes, y, face, buffer);
            draw_gutter(reader, row, text, &panes, y, face, buffer);
        }
    }
    margin::draw(reader, &panes, face, buffer);
}

fn draw_lead(lead: &Lead, area: Rect, face: Face<'_>, buffer: &mut Buffer) {
    if let Lead::Restored(title) = lead {
        let label = format!("{}{title}", face.locale.text("restored-label"));
        let label = paint::truncate(&label, usize::from(area.width), face.look.ambiguous);
        face.put(buffer, area, &label, Role::Restored);
    }
}

fn draw_row(reader: &Reader, row: &ScreenRow, text: &Row, panes: &Panes, y: u16, face: Face<'_>, buffer: &mut Buffer) {
    let styles = RowStyles::of(reader, row, text, face);
    let column = panes.column;
    // Most rows have one style from end to end.
    let (mut plain, mut until) = (Style::new(), 0);
    for glyph in &text.glyphs {
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
        paint::put_grapheme(buffer, x, y, &glyph.text, u16::from(glyph.width), style);
    }
    if row.folded() > 0 {
        let x = column.x + text.width() + 1;
        let note = format!("▸ {}", row.folded());
        if x < column.right() {
            face.put(buffer, Rect { x, y, width: column.right() - x, height: 1 }, &note, Role::Badge);
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
        let focused = reader.focus == Focus::Text;
        Self {
            base: look.style(Role::Text).patch(look.style(role_of(row.kind()))),
            headings: headings(document, text.span, face),
            marks: marks(reader, text.span, face),
            hits: reader.search.within(text.span),
            hit: look.style(Role::Match),
            current: look.style(Role::CurrentMatch),
            selection: reader.selected(),
            selected: look.style(Role::Selection),
            cursor: focused.then_some(cursor_at),
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
    let to = sections.partition_point(|section| section.span.start < span.end);
    // A heading longer than a row begins in a row above: sections begin in order, so a few back
    // are enough.
    let from = sections.partition_point(|section| section.span.start + 400 < span.start);
    sections[from.min(to)..to]
        .iter()
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
pub(super) fn first_colour(reader: &Reader, tags: &std::collections::BTreeSet<String>) -> Option<usize> {
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

/// Signs of the annotations that begin on the row, the tags' first.
fn draw_gutter(reader: &Reader, row: &ScreenRow, text: &Row, panes: &Panes, y: u16, face: Face<'_>, buffer: &mut Buffer) {
    if panes.gutter.is_empty() {
        return;
    }
    let document = reader.document();
    let mut marks: Vec<_> =
        reader.notes.passages_within(text.span).filter(|mark| mark.span.is_some_and(|s| text.span.contains(s.start))).collect();
    if let ParagraphKind::Heading(_) = row.kind() {
        let sections = document.outline.iter().skip(document.outline.sections().partition_point(|s| s.span.start < text.span.start));
        for (id, _) in sections.take_while(|(_, section)| section.span.start < text.span.end) {
            marks.extend(reader.notes.on_section(id));
        }
    }
    let Some(first) = marks.first() else { return };
    let several = marks.len() > 1 || first.annotation.tags.len() > 1;
    let tag = marks.iter().flat_map(|mark| reader.notes.tags(&mark.annotation)).next();
    let (sign, style) = match tag {
        Some(tag) => tag_sign(reader, &tag, face),
        None => (NOTE_SIGN.to_owned(), face.look.style(Role::Note)),
    };
    let style = face.look.style(Role::Text).patch(style);
    let x = panes.gutter.x;
    if several && x > panes.text.x {
        paint::put_grapheme(buffer, x - 1, y, "+", 1, face.look.style(Role::Text).patch(face.look.style(Role::Badge)));
    }
    paint::put_grapheme(buffer, x, y, &sign, 1, style);
}
