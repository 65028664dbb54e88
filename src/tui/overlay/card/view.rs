//! The card of an annotation: its text, place, tags, note, author and dates.

use crate::locale::id;
use crate::tui::overlay::AnnotationCard;
use crate::tui::state::{ReaderScreen, State};
use crate::tui::theme::StyleRole;
use crate::tui::view::{RenderContext, tag_sign::tag_sign};
use crate::tui::widget::{Label, Popup, wrap_pieces};
use jiff::{Timestamp, tz::TimeZone};
use pizhu_annotation::{AnchorStatus, AnchoredAnnotation, Scope};
use pizhu_text::layout::LayoutStyle;
use pizhu_text::text::Span;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
};

/// Maximum rows of the quoted text.
const QUOTE_ROWS: usize = 3;
/// Maximum chars of the quoted text.
const QUOTE_CHARS: usize = 300;

pub(in crate::tui) fn draw(state: &State, card: &AnnotationCard, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let Some((reader, mark)) = state.reader.as_ref().and_then(|reader| Some((reader, reader.annotations.get(card.id()?)?))) else { return };
    let styles = ctx.styles;
    let (number, count) = card.position();
    let title = if count > 1 {
        ctx.format(id::CARD_TITLE_OF, &[("number", number.into()), ("count", count.into())])
    } else {
        ctx.locale.text(id::CARD_TITLE).into_owned()
    };
    let hint = ctx.locale.text(if count > 1 { id::CARD_HINT_SEVERAL } else { id::CARD_HINT });
    let inside = Popup { title: &title, hint: &hint, bare: !ctx.frames }.draw(state.size.editor(), buffer, styles);
    let base = styles.style(StyleRole::Text).patch(styles.style(StyleRole::Popup));
    let layout = LayoutStyle { width: inside.width, ambiguous: styles.ambiguous, ..LayoutStyle::default() };
    let mut lines: Vec<Label<'_>> = Vec::new();
    lines.push(Label::new(place(reader, mark), styles.style(StyleRole::Dim)).right(anchor(mark, ctx), styles.style(StyleRole::Warning)));
    let quote = quote(reader, mark);
    let wrapped = wrap_pieces(&[(quote, ())], layout);
    let is_cut = wrapped.len() > QUOTE_ROWS;
    for (index, row) in wrapped.into_iter().take(QUOTE_ROWS).enumerate() {
        let more = if is_cut && index + 1 == QUOTE_ROWS { " …" } else { "" };
        let text: String = row.into_iter().map(|(text, ())| text).collect();
        lines.push(Label::new(format!("{text}{more}"), Style::new()));
    }
    let tags = reader.annotations.tags(&mark.annotation);
    if !tags.is_empty() {
        let mut label = Label::default();
        for tag in &tags {
            let (sign, style) = tag_sign(reader, tag, ctx);
            label = label.and(format!("{sign} {}  ", reader.annotations.codebook().path_of(tag)), style.add_modifier(Modifier::BOLD));
        }
        lines.push(label);
    }
    let room = usize::from(inside.height).saturating_sub(lines.len() + 1);
    let note = wrap_pieces(&[(mark.annotation.note.clone(), ())], layout);
    let is_cut = note.len() > room;
    for (index, row) in note.into_iter().take(room).enumerate() {
        let more = if is_cut && index + 1 == room { " …" } else { "" };
        let text: String = row.into_iter().map(|(text, ())| text).collect();
        lines.push(Label::new(format!("{text}{more}"), styles.style(StyleRole::Note)));
    }
    let Some(last) = inside.rows().next_back() else { return };
    for (row, line) in inside.rows().zip(&lines).take(usize::from(inside.height).saturating_sub(1)) {
        line.draw(row, buffer, base, styles.ambiguous);
    }
    made(mark, ctx).draw(Rect { height: 1, ..last }, buffer, base, styles.ambiguous);
}

/// The section of an annotation, or the speech.
fn place(reader: &ReaderScreen, mark: &AnchoredAnnotation) -> String {
    let annotation = &mark.annotation;
    if annotation.scope == Scope::Speech {
        return reader.title();
    }
    let outline = &reader.document().outline;
    let start = mark.span.or(mark.proposed).map(|span| span.start);
    let Some(id) = mark.section.or_else(|| outline.section_at(start?)) else { return annotation.selector.section.join("/") };
    let title = outline.get(id).map(|section| section.display_title().to_owned()).unwrap_or_default();
    format!("{} {title}", outline.path_text(id))
}

/// The text of an annotation: the passage, or the beginning of the section below its heading, which is told
/// above.
fn quote(reader: &ReaderScreen, mark: &AnchoredAnnotation) -> String {
    let annotation = &mark.annotation;
    let text = match (annotation.scope, mark.span) {
        (Scope::Speech, _) => return String::new(),
        (Scope::Section, Some(span)) => {
            let section = mark.section.and_then(|id| reader.document().outline.get(id));
            let below = section.map(|section| section.heading.end).filter(|end| span.start < *end && *end < span.end);
            reader.document().text(Span::new(below.unwrap_or(span.start), span.end)).trim_start().to_owned()
        }
        (_, Some(span)) => reader.document().text(span),
        (_, None) => annotation.selector.cleaned_quote().to_owned(),
    };
    let text: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).take(QUOTE_CHARS).collect();
    if annotation.scope == Scope::Passage { format!("“{text}”") } else { text }
}

fn anchor(mark: &AnchoredAnnotation, ctx: RenderContext<'_>) -> String {
    let id = match mark.status {
        AnchorStatus::Exact => return String::new(),
        AnchorStatus::Moved => id::ANCHOR_MOVED,
        AnchorStatus::Changed => id::ANCHOR_CHANGED,
        AnchorStatus::Review => id::ANCHOR_REVIEW,
        AnchorStatus::Orphaned => id::ANCHOR_ORPHANED,
    };
    ctx.locale.text(id).into_owned()
}

/// Who made it, and when.
fn made(mark: &AnchoredAnnotation, ctx: RenderContext<'_>) -> Label<'static> {
    let annotation = &mark.annotation;
    let time = |at: Timestamp| at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string();
    let (created, modified) = (time(annotation.created), time(annotation.modified));
    let facts = [("author", annotation.author.clone().into()), ("created", created.clone().into()), ("modified", modified.clone().into())];
    let words = if created == modified { ctx.format(id::CARD_MADE, &facts[..2]) } else { ctx.format(id::CARD_MADE_AND_CHANGED, &facts) };
    // The author may be unknown.
    Label::new(words.trim_start_matches([',', '，', ' ']).to_owned(), ctx.styles.style(StyleRole::Dim))
}

#[cfg(test)]
mod tests {
    use crate::tui::test_harness::{SPEECH, Scene};
    use crate::tui::view::tests::screen_text;
    use pizhu_text::text::width::AmbiguousWidth::Narrow;

    /// The heading ran into the text below it, and before the date stood the comma after no author.
    #[test]
    fn a_section_is_quoted_below_its_heading_and_an_unknown_author_leaves_no_comma() {
        let mut scene = Scene::reading(SPEECH, 100, 24);
        scene.author = "";
        scene.keys("]st人才工作<Enter><Enter>");
        let text = screen_text(&scene, Narrow);
        assert!(!text.contains("的信心过去一年") && text.contains("╎ 过去一年，全县组织工作"), "{text}");
        assert!(text.contains("╎ 20") && !text.contains("╎ , 20"), "{text}");
    }
}
