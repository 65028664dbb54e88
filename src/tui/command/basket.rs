//! Commands of the basket screen, and those that put passages in.

use super::definition::{Command, Invocation};
use crate::locale::notice;
use crate::tui::message::{Context, StatusMessage};
use crate::tui::overlay::{BasketQuestion, Overlay};
use crate::tui::screens::basket::screen::BasketScreen;

const SCREENS: &[Context] = &[Context::Library, Context::Reader, Context::Outline, Context::Results, Context::Tags, Context::Annotations];
const SOURCES: &[Context] = &[Context::Reader, Context::Outline, Context::Results, Context::Annotations, Context::Card];
const QUERY: &[Context] = &[Context::Query];
const BASKET: &[Context] = &[Context::Basket];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("basket-put", SOURCES, &["p"], put),
    Command::new("basket-put-hit", QUERY, &["<C-b>", "<A-p>"], |cx| cx.state.put_result_into_basket(cx.effects)),
    Command::new("basket", SCREENS, &["gp"], |cx| cx.state.open_basket(cx.effects)),
    Command::new("basket-open", BASKET, &["<Enter>", "l", "<Right>"], |cx| cx.state.open_basket_entry(cx.effects)),
    Command::new("basket-edit", BASKET, &["e", "E"], |cx| cx.state.edit_basket_entry()),
    Command::new("basket-heading", BASKET, &["H", "t"], |cx| cx.state.ask_basket(BasketQuestion::Heading, "")),
    Command::new("basket-words", BASKET, &["a", "o"], |cx| cx.state.write_basket_words(false)),
    Command::new("basket-words-above", BASKET, &["i", "O"], |cx| cx.state.write_basket_words(true)),
    Command::new("basket-entry-down", BASKET, &["J", "<A-Down>", "<S-Down>"], |cx| move_entry(cx, false)),
    Command::new("basket-entry-up", BASKET, &["K", "<A-Up>", "<S-Up>"], |cx| move_entry(cx, true)),
    Command::new("basket-deeper", BASKET, &[">"], |cx| cx.state.relevel_basket_heading(1, cx.effects)),
    Command::new("basket-shallower", BASKET, &["<lt>"], |cx| cx.state.relevel_basket_heading(-1, cx.effects)),
    Command::new("basket-remove", BASKET, &["D", "x", "<Del>"], |cx| cx.state.remove_basket_entry(cx.effects)),
    Command::new("basket-undo", BASKET, &["u"], |cx| cx.state.undo_basket_edit(false, cx.effects)),
    Command::new("basket-redo", BASKET, &["U", "<C-r>"], |cx| cx.state.undo_basket_edit(true, cx.effects)),
    Command::new("basket-move", BASKET, &["m"], |cx| cx.state.pick_basket(true)),
    Command::new("basket-switch", BASKET, &["b", "<Tab>"], |cx| cx.state.pick_basket(false)),
    Command::new("basket-new", BASKET, &["n"], |cx| cx.state.ask_basket(BasketQuestion::New, "")),
    Command::new("basket-rename", BASKET, &["r"], |cx| cx.state.ask_basket_name()),
    Command::new("basket-delete", BASKET, &["d"], |cx| cx.state.ask_delete_basket()),
    Command::new("basket-export", BASKET, &["X"], |cx| cx.state.prompt_export_basket(None)),
    Command::new("basket-copy", BASKET, &["y"], |cx| cx.state.copy_basket_entry(cx.effects)),
    Command::new("basket-down", BASKET, &["j", "<Down>"], |cx| step(cx, false)),
    Command::new("basket-up", BASKET, &["k", "<Up>"], |cx| step(cx, true)),
    Command::new("basket-page-down", BASKET, &["<Space>", "<PageDown>", "<C-f>", "<C-d>"], |cx| with_basket(cx, |basket| basket.page(1))),
    Command::new("basket-page-up", BASKET, &["<PageUp>", "<C-b>", "<C-u>"], |cx| with_basket(cx, |basket| basket.page(-1))),
    Command::new("basket-first", BASKET, &["gg", "<Home>"], |cx| with_basket(cx, |basket| basket.select(0))),
    Command::new("basket-last", BASKET, &["G", "<End>"], |cx| with_basket(cx, |basket| basket.select(usize::MAX))),
    Command::new("basket-leave", BASKET, &["<Esc>", "h", "<Left>"], |cx| cx.state.leave_basket()),
];

/// Puts in what the screen, list or card points at.
fn put(cx: &mut Invocation<'_>) {
    match (&cx.state.overlay, cx.state.context()) {
        (Some(Overlay::Card(card)), _) => {
            let id = card.id();
            cx.state.put_annotation_into_basket(id, cx.effects);
        }
        (_, Context::Annotations) => {
            let id = cx.state.listed_annotation();
            cx.state.put_annotation_into_basket(id, cx.effects);
        }
        (_, Context::Results) => cx.state.put_result_into_basket(cx.effects),
        _ => cx.state.put_target_into_basket(cx.effects),
    }
}

fn with_basket(cx: &mut Invocation<'_>, change: impl FnOnce(&mut BasketScreen)) {
    if let Some(basket) = &mut cx.state.basket {
        change(basket);
    }
}

fn step(cx: &mut Invocation<'_>, back: bool) {
    let steps = cx.steps(back);
    if !cx.state.basket.as_mut().is_some_and(|basket| basket.step(steps)) {
        cx.set_status(StatusMessage::hint(if back { notice::AT_START } else { notice::AT_END }));
    }
}

fn move_entry(cx: &mut Invocation<'_>, back: bool) {
    let steps = cx.steps(back);
    cx.state.move_basket_entry(steps, cx.effects);
}
