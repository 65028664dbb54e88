//! Tests the screen against a terminal emulator: it shows what was drawn, whatever came before.

use super::super::paint;
use super::*;
use ratatui::style::{Color, Modifier, Style};

const WIDTH: u16 = 40;
const HEIGHT: u16 = 12;

fn screen(widths: Widths) -> Screen<Vec<u8>> {
    Screen::new(Vec::new(), Size::new(WIDTH, HEIGHT), Colors::True, widths)
}

fn emulator() -> vt100::Parser {
    vt100::Parser::new(HEIGHT.try_into().unwrap(), WIDTH.try_into().unwrap(), 0)
}

/// The emulator's screen, one string a cell: text and style.
fn cells(emulator: &vt100::Parser) -> Vec<String> {
    let screen = emulator.screen();
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let cell = screen.cell(y, x).unwrap();
            let text = if cell.contents().is_empty() && !cell.is_wide_continuation() { " " } else { cell.contents() };
            let look = if text == " " {
                format!("{:?}", cell.bgcolor())
            } else {
                format!("{:?}{:?}{}{}", cell.fgcolor(), cell.bgcolor(), cell.bold(), cell.inverse())
            };
            rows.push(format!("{x},{y} {text:?} {} {look}", cell.is_wide_continuation()));
        }
    }
    rows
}

fn show(emulator: &mut vt100::Parser, screen: &mut Screen<Vec<u8>>) -> usize {
    let bytes = std::mem::take(&mut screen.out);
    emulator.process(&bytes);
    bytes.len()
}

/// A deterministic random number generator, so that failures can be repeated.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

const LINES: [&str; 9] = [
    "青禾县召开全县组织工作会议，部署今年任务",
    "  会议强调“抓落实”——要见实效……",
    "plain ascii text, quite ordinary",
    "混排 mixed 文字 with 汉字 and é α Я",
    "",
    "一、修好水渠，疏通沟道",
    "③ ℃ · ─│ 表格│ ★",
    "控制\u{1b}[31m字符\u{202e}与 e\u{301} 👩\u{200d}👧 emoji😀",
    "临江市",
];

/// Applies one random change to a view: a scroll, a popup, a highlight, another text.
fn change(numbers: &mut Lcg, state: &mut (usize, Option<Rect>, Option<Rect>, u64)) {
    let mut below = |bound: usize| numbers.below(bound) as u16;
    match below(8) {
        0 | 1 => state.0 = state.0.wrapping_add(1),
        2 => state.0 = state.0.saturating_sub(1),
        3 => state.0 = usize::from(below(200)),
        4 => state.1 = Some(Rect::new(below(30), below(9), 3 + below(12), 1 + below(5))),
        5 => state.1 = None,
        6 => state.2 = Some(Rect::new(below(38), below(12), 1 + below(9), 1)),
        _ => state.3 = numbers.0,
    }
}

fn view(buffer: &mut Buffer, state: &(usize, Option<Rect>, Option<Rect>, u64), ambiguous: AmbiguousWidth) -> Option<Position> {
    let area = buffer.area;
    buffer.reset();
    for y in 0..area.height {
        let line = LINES[(state.0 + usize::from(y)) * 7 % 9];
        let style = if (state.0 + usize::from(y)).is_multiple_of(5) {
            Style::new().fg(Color::Red).add_modifier(Modifier::BOLD)
        } else {
            Style::new()
        };
        let x = (state.3 % 4) as u16;
        paint::draw_text(buffer, x, y, x + area.width - 4, line, style, ambiguous);
    }
    if let Some(mark) = state.2 {
        buffer.set_style(mark.intersection(area), Style::new().bg(Color::Yellow));
    }
    if let Some(popup) = state.1.map(|popup| popup.intersection(area)) {
        for y in popup.top()..popup.bottom() {
            for x in popup.left()..popup.right() {
                paint::draw_grapheme(buffer, x, y, " ", 1, Style::new().bg(Color::Blue).fg(Color::White));
            }
            paint::draw_text(buffer, popup.x, y, popup.right(), "选择标签“人才”", Style::new().bg(Color::Blue), ambiguous);
        }
    }
    state.3.is_multiple_of(3).then(|| Position::new((state.3 % 40) as u16, (state.3 % 12) as u16))
}

/// Checks after each of many random changes that the emulator shows what a fresh screen would.
fn check_never_stale(widths: Widths, seed: u64) {
    check_never_stale_on(Color::Reset, widths, seed);
}

/// The same on a background of that colour, which the terminal erases with.
fn check_never_stale_on(ground: Color, widths: Widths, seed: u64) {
    let view = |buffer: &mut Buffer, state: &_, ambiguous| {
        let cursor = view(buffer, state, ambiguous);
        for cell in buffer.content.iter_mut().filter(|cell| cell.bg == Color::Reset) {
            cell.bg = ground;
        }
        cursor
    };
    let mut numbers = Lcg(seed);
    let mut state = (0, None, None, 0);
    let mut emulator = self::emulator();
    let mut kept = screen(widths);
    kept.set_bce(true);
    for round in 0..5000 {
        change(&mut numbers, &mut state);
        kept.draw(|buffer| view(buffer, &state, widths.ambiguous())).unwrap();
        show(&mut emulator, &mut kept);
        let mut fresh_emulator = self::emulator();
        let mut fresh = screen(widths);
        fresh.draw(|buffer| view(buffer, &state, widths.ambiguous())).unwrap();
        show(&mut fresh_emulator, &mut fresh);
        let (ours, theirs) = (cells(&emulator), cells(&fresh_emulator));
        assert_eq!(ours.iter().zip(&theirs).find(|(a, b)| a != b), None, "round {round}, {state:?}");
        assert_eq!(emulator.screen().hide_cursor(), fresh_emulator.screen().hide_cursor());
        if !emulator.screen().hide_cursor() {
            assert_eq!(emulator.screen().cursor_position(), fresh_emulator.screen().cursor_position());
        }
    }
}

#[test]
fn no_cell_is_stale_with_background_color_erase() {
    check_never_stale_on(Color::Indexed(234), Widths::Narrow, 3);
    check_never_stale_on(Color::Indexed(234), Widths::Unknown, 4);
}

#[test]
fn no_cell_is_stale_in_a_narrow_terminal() {
    check_never_stale(Widths::Narrow, 1);
}

#[test]
fn no_cell_is_stale_with_unknown_widths() {
    check_never_stale(Widths::Unknown, 2);
}

#[test]
fn a_full_screen_of_hanzi_takes_one_cursor_move_a_row() {
    let mut screen = self::screen(Widths::Narrow);
    screen
        .draw(|buffer| {
            for y in 0..HEIGHT {
                paint::draw_text(buffer, 0, y, WIDTH, &"青禾县组织工作".repeat(3), Style::new(), AmbiguousWidth::Narrow);
            }
            None
        })
        .unwrap();
    let sent = String::from_utf8(screen.out.clone()).unwrap();
    assert!(sent.matches('H').count() <= usize::from(HEIGHT), "{sent:?}");
    assert_eq!(sent.matches('G').count(), 0);
}

#[test]
fn an_equal_frame_sends_nothing() {
    let mut screen = self::screen(Widths::Unknown);
    let state = (3, None, None, 0);
    screen.draw(|buffer| view(buffer, &state, AmbiguousWidth::Wide)).unwrap();
    screen.out.clear();
    screen.draw(|buffer| view(buffer, &state, AmbiguousWidth::Wide)).unwrap();
    assert_eq!(screen.out.len(), 0);
}

#[test]
fn scrolling_by_a_row_sends_little_more_than_the_row() {
    let mut screen = self::screen(Widths::Narrow);
    let text: Vec<String> = (0..40).map(|n| format!("第{n}行青禾县召开会议部署任务{n}")).collect();
    let draw = |screen: &mut Screen<Vec<u8>>, top: usize| {
        screen
            .draw(|buffer| {
                buffer.reset();
                for y in 0..HEIGHT - 1 {
                    paint::draw_text(buffer, 2, y, WIDTH, &text[top + usize::from(y)], Style::new(), AmbiguousWidth::Narrow);
                }
                paint::draw_text(buffer, 0, HEIGHT - 1, WIDTH, "状态", Style::new(), AmbiguousWidth::Narrow);
                None
            })
            .unwrap();
    };
    draw(&mut screen, 0);
    screen.out.clear();
    draw(&mut screen, 1);
    assert!(screen.out.len() < 150, "{:?}", String::from_utf8_lossy(&screen.out));
}

/// Removes every sequence that the screen may send from `bytes`; what is left is text.
fn allowed_text(bytes: &str) -> String {
    let sequence =
        regex::Regex::new(r"\x1b\[(\?(2026|25)[hl]|[0-9;]*m|[0-9]*(;[0-9]+)?H|[0-9]+G|K|[0-9]+[ST]|([0-9]+;[0-9]+)?r|6n)").unwrap();
    sequence.replace_all(bytes, "").into_owned()
}

#[test]
fn only_text_and_our_own_sequences_are_sent() {
    let mut numbers = Lcg(7);
    let mut state = (0, None, None, 0);
    let mut screen = self::screen(Widths::Unknown);
    for round in 0..300 {
        change(&mut numbers, &mut state);
        screen
            .draw(|buffer| {
                let cursor = view(buffer, &state, AmbiguousWidth::Wide);
                // Raw bytes set without the painter, as a careless view might.
                for (x, evil) in ["\u{1b}", "\u{9b}", "\u{202e}", "\u{7}\u{8}", "a\u{1b}[2J", "\u{200b}", "\n"].into_iter().enumerate() {
                    if round % 3 == 0 {
                        buffer[(x as u16 * 3, 2)].set_symbol(evil);
                    }
                }
                cursor
            })
            .unwrap();
        if round == 150 {
            screen.probe_widths().unwrap();
        }
    }
    let sent = String::from_utf8(screen.out).unwrap();
    let left = allowed_text(&sent);
    assert!(
        !left.chars().any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{200b}')),
        "{:?}",
        left.chars().find(|c| c.is_control())
    );
}

#[test]
fn a_probe_leaves_the_screen_unchanged() {
    let mut emulator = self::emulator();
    let mut screen = self::screen(Widths::Narrow);
    let state = (0, None, None, 3);
    screen.draw(|buffer| view(buffer, &state, AmbiguousWidth::Narrow)).unwrap();
    show(&mut emulator, &mut screen);
    let before = cells(&emulator);
    screen.probe_widths().unwrap();
    show(&mut emulator, &mut screen);
    assert_eq!(cells(&emulator), before);
}
