//! The tags screen: the tree with the use of each tag, and all that is known of the selected one.

use crate::tui::view::{RenderContext, tag_sign::sign_in};
use crate::locale::{family, id};
use crate::tui::message::TagField;
use crate::tui::overlay::{Overlay, PromptKind, TagQuestion};
use crate::tui::state::{State, TagsScreen};
use crate::tui::theme::{StyleRole, TAG_COLORS};
use crate::tui::widget::{Label, TreeRow, draw_list, fit_hint, wrap_pieces};
use pizhu_annotation::Tag;
use pizhu_annotation::store::TagUse;
use pizhu_terminal::paint;
use pizhu_text::layout::LayoutStyle;
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

pub(in crate::tui) fn draw(state: &State, tags: &TagsScreen, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let styles = ctx.styles;
    let area = state.size.above_status_line().intersection(buffer.area);
    let plain = styles.style(StyleRole::Text);
    let count = ctx.format(id::TAGS_COUNT, &[("count", tags.book().tags().len().into())]);
    let head = Label::new(format!(" {}", ctx.locale.text(family::TOPIC.id("tags"))), styles.style(StyleRole::Title))
        .and(format!("  {}", tags.store().display()), styles.style(StyleRole::Dim))
        .right(format!("{count} "), styles.style(StyleRole::Dim));
    head.draw(Rect { height: 1, ..area }, buffer, plain, styles.ambiguous);
    let second = Rect { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: 1 };
    if tags.filter().is_empty() {
        let hint = ctx.locale.text(id::TAGS_HINT);
        ctx.draw_text(buffer, second, fit_hint(&hint, usize::from(second.width), styles), StyleRole::Dim);
    } else {
        let words = ctx.format(id::FILTER_LIFTED_BY, &[("filter", tags.filter().into())]);
        ctx.draw_text(buffer, second, &words, StyleRole::Notice);
    }
    let (list, details) = state.size.tags_areas();
    let (list, details) = (list.intersection(buffer.area), details.intersection(buffer.area));
    let tree = tags.tree();
    if tree.is_empty() && tags.loaded {
        let words = if tags.filter().is_empty() {
            ctx.locale.text(id::TAGS_EMPTY).into_owned()
        } else {
            ctx.format(id::TAGS_NONE_FIT, &[("filter", tags.filter().into())])
        };
        ctx.draw_text(buffer, Rect { x: list.x + 1, width: list.width.saturating_sub(2), ..list }, &words, StyleRole::Dim);
    }
    draw_list(tree.list(), tree.row_count(), list, buffer, styles, |row| {
        tree.row(row).and_then(|row| Some(tag_label(tags, row, tags.tag(row)?, ctx))).unwrap_or_default()
    });
    if let Some(tag) = tags.selected()
        && !details.is_empty()
    {
        draw_separator(list, details, ctx, buffer);
        draw_details(tags, tag, details, ctx, buffer);
    }
    if let (Some(Overlay::Prompt(prompt)), Some(tag)) = (&state.overlay, tags.selected())
        && let PromptKind::Tag(question) = prompt.kind
    {
        draw_touched(tags, tag, question, area, ctx, buffer);
    }
}

fn tag_label<'a>(tags: &TagsScreen, row: TreeRow, tag: &Tag, ctx: RenderContext<'_>) -> Label<'a> {
    let styles = ctx.styles;
    let fold = match row.folded {
        Some(true) => "+",
        Some(false) => "-",
        None => " ",
    };
    let (sign, style) = sign_in(tags.book(), tag.id, ctx);
    let name = tags.book().reference(tag).name;
    let mut label = Label::new(format!(" {}{fold} ", "  ".repeat(usize::from(row.depth))), styles.style(StyleRole::Dim))
        .and(format!("{sign} "), style)
        .and(name, style);
    if let Some(key) = tag.key() {
        label = label.right(format!("t{key}  "), styles.style(StyleRole::Key));
    }
    // A folded tag stands for those below it too.
    let used = if row.folded == Some(true) { tags.report().within(tag.id) } else { tags.report().own(tag.id) };
    let figures = match used {
        TagUse { annotations: 0, .. } => format!("{:>10} ", "·"),
        TagUse { annotations, speeches } => format!("{:>10} ", format!("{annotations} / {speeches}")),
    };
    label.right(figures, styles.style(StyleRole::Badge))
}

pub(in crate::tui) fn draw_separator(list: Rect, details: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let style = ctx.styles.style(StyleRole::Gutter);
    if details.x > list.x {
        for y in list.y..list.bottom() {
            paint::draw_grapheme(buffer, list.right(), y, "╎", 1, style);
        }
    } else {
        for x in list.x..list.right() {
            paint::draw_grapheme(buffer, x, list.bottom(), "╌", 1, style);
        }
    }
}

/// What is known of a tag, as much of it as fits.
fn draw_details(tags: &TagsScreen, tag: &Tag, area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let styles = ctx.styles;
    let layout = LayoutStyle { width: area.width.saturating_sub(1).max(4), ambiguous: styles.ambiguous, ..LayoutStyle::default() };
    let mut rows = area.rows();
    for (label, text) in facts(tags, tag, ctx) {
        let pieces = [(label, StyleRole::Dim), (text, StyleRole::Text)];
        for line in wrap_pieces(&pieces, layout) {
            let Some(row) = rows.next() else { return };
            let mut label = Label::default();
            for (text, role) in line {
                label = label.and(text, styles.style(role));
            }
            label.draw(row, buffer, styles.style(StyleRole::Text), styles.ambiguous);
        }
    }
}

fn facts(tags: &TagsScreen, tag: &Tag, ctx: RenderContext<'_>) -> Vec<(String, String)> {
    let book = tags.book();
    let (own, within) = (tags.report().own(tag.id), tags.report().within(tag.id));
    let path = book.path(tag.id).unwrap_or_default();
    let mut facts = vec![(String::new(), if tag.english.is_empty() { path } else { format!("{path} · {}", tag.english) })];
    let used = ctx.format(id::TAGS_USED, &[("count", own.annotations.into()), ("speeches", own.speeches.into())]);
    let used = if within == own {
        used
    } else {
        let below = ctx.format(id::TAGS_USED_BELOW, &[("count", within.annotations.into()), ("speeches", within.speeches.into())]);
        format!("{used} · {below}")
    };
    facts.push((String::new(), used));
    let merged: Vec<&str> = book
        .tombstones()
        .filter(|record| record.into.as_ref().is_some_and(|into| into.id == tag.id))
        .map(|record| record.tag.name.as_str())
        .collect();
    let former: Vec<&str> = tag.former_names.iter().map(String::as_str).collect();
    // Of the theme's colours, the number; the sign is the one that is drawn.
    let colour = tag.colour.strip_prefix("tag").map_or_else(|| tag.colour.clone(), |number| format!("{number} / {TAG_COLORS}"));
    let known = [
        (id::TAGS_DEFINITION, crate::tui::message::field_text(tag, TagField::Definition)),
        (id::TAGS_MEMO, crate::tui::message::field_text(tag, TagField::Memo)),
        (id::TAGS_KEY, tag.key().map(|key| format!("t {key}")).unwrap_or_default()),
        (id::TAGS_COLOUR, colour),
        (id::TAGS_SIGN, sign_in(book, tag.id, ctx).0),
        (id::TAGS_KEYWORDS, crate::tui::message::field_text(tag, TagField::Keywords)),
        (id::TAGS_MERGED, merged.join("、")),
        (id::TAGS_FORMER, former.join("、")),
    ];
    facts.extend(known.into_iter().filter(|(_, text)| !text.is_empty()).map(|(id, text)| (format!("{} ", ctx.locale.text(id)), text)));
    facts
}

/// Above the prompt: what the change will touch.
fn draw_touched(tags: &TagsScreen, tag: &Tag, question: TagQuestion, area: Rect, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let used = tags.report().own(tag.id);
    let facts = [("name", tags.book().label(tag.id).into()), ("count", used.annotations.into()), ("speeches", used.speeches.into())];
    let words = match question {
        TagQuestion::Rename => ctx.format(id::TOUCHED_RENAME, &facts),
        TagQuestion::Add => match tag.parent_id() {
            Some(parent) => ctx.format(id::TOUCHED_ADD_BELOW, &[("name", tags.book().label(parent).into())]),
            None => ctx.locale.text(id::TOUCHED_ADD).into_owned(),
        },
        TagQuestion::AddBelow => ctx.format(id::TOUCHED_ADD_BELOW, &facts[..1]),
        TagQuestion::Keywords | TagQuestion::Sign => ctx.format(id::TOUCHED_DETAIL, &facts),
        TagQuestion::Key => match tag.key() {
            Some(key) => ctx.format(id::TOUCHED_KEY_NOW, &[("name", tags.book().label(tag.id).into()), ("key", key.to_string().into())]),
            None => ctx.format(id::TOUCHED_KEY, &facts[..1]),
        },
    };
    let row = Rect { y: area.bottom().saturating_sub(1), height: 1, ..area };
    let style: Style = ctx.styles.style(StyleRole::Text).patch(ctx.styles.style(StyleRole::Popup));
    Label::new(format!(" {words}"), ctx.styles.style(StyleRole::Notice)).draw(row, buffer, style, ctx.styles.ambiguous);
}
