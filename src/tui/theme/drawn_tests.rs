//! The contrast of every pair of colours that is drawn, on all screens and in all themes, also those of
//! sixteen colours with the palettes that terminals have.

use super::{BUILT_IN, StyleRole, Theme, tests::XTERM};
use crate::locale::{Locale, notice};
use crate::tui::message::{Context, StatusMessage};
use crate::tui::monkey_test::scene_in;
use crate::tui::test_harness::Scene;
use crate::tui::view::{RenderContext, draw};
use crate::tui::widget::StyleContext;
use pizhu_text::text::width::AmbiguousWidth;
use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};
use std::collections::BTreeSet;

/// Least contrast of text (WCAG 2, level AA).
const LEAST: f64 = 4.5;

/// The colours of a terminal.
struct Palette {
    name: &'static str,
    colours: [u32; 16],
    text: u32,
    background: u32,
}

const DARK: [Palette; 3] = [
    Palette { name: "xterm", colours: XTERM, text: 0x00e5_e5e5, background: 0 },
    Palette { name: "Windows Terminal", colours: CAMPBELL, text: 0x00cc_cccc, background: 0x000c_0c0c },
    Palette { name: "Solarized dark", colours: SOLARIZED, text: 0x0083_9496, background: 0x0000_2b36 },
];
const LIGHT: [Palette; 3] = [
    Palette { name: "xterm, light", colours: XTERM, text: 0, background: 0x00ff_ffff },
    Palette { name: "Windows Terminal, light", colours: CAMPBELL, text: 0x000c_0c0c, background: 0x00f2_f2f2 },
    // Its own text (#657b83) has a contrast of 4.1; emphasized text has more.
    Palette { name: "Solarized light", colours: SOLARIZED, text: 0x0058_6e75, background: 0x00fd_f6e3 },
];
const CAMPBELL: [u32; 16] = [
    0x000c_0c0c,
    0x00c5_0f1f,
    0x0013_a10e,
    0x00c1_9c00,
    0x0000_37da,
    0x0088_1798,
    0x003a_96dd,
    0x00cc_cccc,
    0x0076_7676,
    0x00e7_4856,
    0x0016_c60c,
    0x00f9_f1a5,
    0x003b_78ff,
    0x00b4_009e,
    0x0061_d6d6,
    0x00f2_f2f2,
];
const SOLARIZED: [u32; 16] = [
    0x0007_3642,
    0x00dc_322f,
    0x0085_9900,
    0x00b5_8900,
    0x0026_8bd2,
    0x00d3_3682,
    0x002a_a198,
    0x00ee_e8d5,
    0x0000_2b36,
    0x00cb_4b16,
    0x0058_6e75,
    0x0065_7b83,
    0x0083_9496,
    0x006c_71c4,
    0x0093_a1a1,
    0x00fd_f6e3,
];

/// A colour as 0xRRGGBB; `default` stands for the terminal's own.
fn rgb(color: Color, palette: &Palette, default: u32) -> u32 {
    const NAMED: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    match color {
        Color::Reset => default,
        Color::Rgb(r, g, b) => u32::from_be_bytes([0, r, g, b]),
        Color::Indexed(index @ 16..=231) => {
            let level = |step: u32| if step == 0 { 0 } else { 55 + 40 * step };
            let index = u32::from(index) - 16;
            level(index / 36) << 16 | level(index / 6 % 6) << 8 | level(index % 6)
        }
        Color::Indexed(index @ 232..) => (8 + 10 * (u32::from(index) - 232)) * 0x0001_0101,
        Color::Indexed(index) => palette.colours[usize::from(index)],
        named => NAMED.iter().position(|known| *known == named).map_or(default, |index| palette.colours[index]),
    }
}

/// WCAG 2's contrast ratio.
fn contrast(a: u32, b: u32) -> f64 {
    let luminance = |code: u32| {
        let [r, g, b] = [code >> 16, code >> 8, code].map(|channel| {
            let value = f64::from(channel & 0xff) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The contrast of a cell.
fn cell_contrast(cell: &Cell, palette: &Palette) -> f64 {
    let (fg, bg) = (rgb(cell.fg, palette, palette.text), rgb(cell.bg, palette, palette.background));
    // Reversed, the pair is the same.
    contrast(fg, bg)
}

fn drawn(scene: &Scene, theme: &Theme) -> Buffer {
    let styles = StyleContext { theme, ambiguous: AmbiguousWidth::Narrow };
    let ctx = RenderContext { styles, locale: Locale::default(), frames: true, keymap: &scene.keymap };
    let mut buffer = Buffer::empty(scene.state.size.area());
    draw(&scene.state, ctx, &mut buffer);
    buffer
}

/// The palettes that a theme is drawn with: its own colours need none.
fn palettes(theme: &Theme) -> &'static [Palette] {
    match theme.name() {
        "16-dark" => &DARK,
        "16" | "none" => &LIGHT,
        _ => &DARK[..1],
    }
}

#[test]
fn every_drawn_pair_has_a_contrast_of_4_5() {
    let mut failures: BTreeSet<String> = BTreeSet::new();
    let mut scenes: Vec<(Context, Scene)> = Context::ALL.into_iter().map(|context| (context, scene_in(context, 120, 30))).collect();
    // What the status line says stands on its own background.
    for message in [StatusMessage::done(notice::COPIED), StatusMessage::hint(notice::AT_END), StatusMessage::error(notice::SPEECH_GONE)] {
        for context in [Context::Library, Context::Reader] {
            let mut scene = scene_in(context, 120, 30);
            scene.state.status = Some(message.clone());
            scenes.push((context, scene));
        }
    }
    for (context, scene) in scenes {
        for (name, text) in BUILT_IN {
            let theme = Theme::parse(text).unwrap();
            let buffer = drawn(&scene, &theme);
            // Frames, gutters and scroll bars are no text.
            let [frame, gutter] = [StyleRole::PopupFrame, StyleRole::Gutter].map(|role| theme.style(role).fg.unwrap_or_default());
            for palette in palettes(&theme) {
                for cell in buffer.content.iter().filter(|cell| !cell.symbol().trim().is_empty()) {
                    let ratio = cell_contrast(cell, palette);
                    if ratio < LEAST && cell.fg != frame && cell.fg != gutter {
                        failures.insert(format!("{name} ({}) in {context:?}: {:?} on {:?}: {ratio:.1}", palette.name, cell.fg, cell.bg));
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.into_iter().collect::<Vec<_>>().join("\n"));
}

/// In a theme of the terminal's own colours no background is forced, and the selected row is seen.
#[test]
fn themes_of_sixteen_colours_leave_the_background_alone() {
    for name in ["16", "16-dark", "none"] {
        let theme = Theme::built_in(name).unwrap();
        assert_eq!((theme.style(StyleRole::Text).fg, theme.style(StyleRole::Text).bg), (None, None), "{name}");
        for context in [Context::Library, Context::Outline, Context::Tags, Context::Basket, Context::Results, Context::Picker] {
            let buffer = drawn(&scene_in(context, 100, 24), &theme);
            assert!(buffer.content.iter().all(|cell| cell.bg == Color::Reset), "{name} in {context:?}");
            let reversed = |y: u16| (0..buffer.area.width).filter(|x| buffer[(*x, y)].modifier.contains(Modifier::REVERSED)).count();
            // The status line is the last row.
            assert!((0..buffer.area.height - 1).any(|y| reversed(y) > 15), "{name}: no selected row in {context:?}");
        }
    }
}
