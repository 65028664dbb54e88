//! Contrast, colour blindness, and theme files.

use super::*;
use pizhu_text::text::width::AmbiguousWidth;
use pizhu_text::text::width::grapheme_width;
use ratatui::style::{Color, Modifier};

type Rgb = [f64; 3];

/// Roles drawn on a popup's background.
const ROLES_ON_POPUP: [StyleRole; 10] = [
    StyleRole::Popup,
    StyleRole::Dim,
    StyleRole::Strong,
    StyleRole::PopupTitle,
    StyleRole::Found,
    StyleRole::Key,
    StyleRole::Badge,
    StyleRole::Notice,
    StyleRole::Warning,
    StyleRole::Error,
];
/// Roles of frames and signs, not of text.
const ROLES_WITHOUT_TEXT: [StyleRole; 2] = [StyleRole::PopupFrame, StyleRole::Gutter];

/// xterm's colours 0–15, as 0xRRGGBB.
pub(super) const XTERM: [u32; 16] = [
    0x0000_0000,
    0x00cd_0000,
    0x0000_cd00,
    0x00cd_cd00,
    0x0000_00ee,
    0x00cd_00cd,
    0x0000_cdcd,
    0x00e5_e5e5,
    0x007f_7f7f,
    0x00ff_0000,
    0x0000_ff00,
    0x00ff_ff00,
    0x005c_5cff,
    0x00ff_00ff,
    0x0000_ffff,
    0x00ff_ffff,
];

fn linear(color: Color) -> Rgb {
    let code = match color {
        Color::Rgb(r, g, b) => u32::from_be_bytes([0, r, g, b]),
        Color::Indexed(index @ 16..=231) => {
            let level = |step: u32| if step == 0 { 0 } else { 55 + 40 * step };
            let index = u32::from(index) - 16;
            level(index / 36) << 16 | level(index / 6 % 6) << 8 | level(index % 6)
        }
        Color::Indexed(index @ 232..) => (8 + 10 * (u32::from(index) - 232)) * 0x0001_0101,
        Color::Indexed(index) => XTERM[usize::from(index)],
        other => panic!("{other:?} has no fixed colour"),
    };
    [code >> 16, code >> 8, code].map(|channel| {
        let value = f64::from(channel & 0xff) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

/// WCAG 2's contrast ratio.
fn contrast(a: Color, b: Color) -> f64 {
    let luminance = |color| {
        let [r, g, b] = linear(color);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// CIE L*a*b* of linear sRGB under D65.
fn lab(color: Rgb) -> Rgb {
    const XYZ: [Rgb; 3] =
        [[0.412_456_4, 0.357_576_1, 0.180_437_5], [0.212_672_9, 0.715_152_2, 0.072_175], [0.019_333_9, 0.119_192, 0.950_304_1]];
    const WHITE: Rgb = [0.950_47, 1.0, 1.088_83];
    let [x, y, z] = [0, 1, 2].map(|row| {
        let t = dot(XYZ[row], color) / WHITE[row];
        if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn dot(row: Rgb, color: Rgb) -> f64 {
    row.iter().zip(color).map(|(m, c)| m * c).sum()
}

/// Matrices simulating colour blindness (Machado, Oliveira, Fernandes 2009, severity 1.0).
const BLINDNESS: [(&str, [Rgb; 3]); 3] = [
    ("protan", [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]]),
    ("deutan", [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]]),
    ("tritan", [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]]),
];

fn difference(a: Rgb, b: Rgb) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

/// The themes with fixed colours; the 16 named ones depend on the terminal.
fn colored() -> impl Iterator<Item = Theme> {
    BUILT_IN
        .iter()
        .map(|(name, text)| Theme::parse(text).unwrap_or_else(|error| panic!("{name}: {error}")))
        .filter(|theme| matches!(theme.style(StyleRole::Text).bg, Some(Color::Rgb(..) | Color::Indexed(_))))
}

#[test]
fn every_built_in_theme_parses_and_has_its_own_name() {
    for (name, text) in BUILT_IN {
        let theme = Theme::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(theme.name(), name);
        assert_eq!(Theme::built_in(name).unwrap(), theme);
    }
    assert!(matches!(Theme::built_in("none such"), Err(ThemeError::Unknown(_))));
}

#[test]
fn contrast_is_at_least_4_5() {
    for theme in colored() {
        let background = theme.style(StyleRole::Text).bg.unwrap();
        let check = |what: &str, fg: Color, bg: Color| {
            let ratio = contrast(fg, bg);
            assert!(ratio >= 4.5, "{}: {what} has a contrast of {ratio:.2}", theme.name());
        };
        for role in StyleRole::ALL.into_iter().filter(|role| !ROLES_WITHOUT_TEXT.contains(role)) {
            let style = theme.style(StyleRole::Text).patch(theme.style(role));
            check(&format!("{role:?}"), style.fg.unwrap(), style.bg.unwrap());
        }
        for role in ROLES_ON_POPUP {
            let style = theme.style(StyleRole::Text).patch(theme.style(StyleRole::Popup)).patch(theme.style(role));
            check(&format!("{role:?} in a popup"), style.fg.unwrap(), style.bg.unwrap());
        }
        for role in [
            StyleRole::Title,
            StyleRole::Heading1,
            StyleRole::Heading2,
            StyleRole::Heading3,
            StyleRole::Heading4,
            StyleRole::Restored,
            StyleRole::Dim,
        ] {
            for under in [StyleRole::Cursor, StyleRole::Annotated] {
                let bg = theme.style(under).bg.unwrap_or(background);
                check(&format!("{role:?} on {under:?}"), theme.style(role).fg.unwrap(), bg);
            }
        }
        for color in 1..=TAG_COLORS {
            let tag = theme.tag(color);
            let text = theme.style(StyleRole::Text).fg.unwrap();
            check(&format!("the name of tag colour {color}"), tag.label.fg.unwrap(), background);
            check(&format!("tag colour {color} in a popup"), tag.label.fg.unwrap(), theme.style(StyleRole::Popup).bg.unwrap());
            check(&format!("text on tag colour {color}"), text, tag.passage.bg.unwrap_or(background));
        }
    }
}

#[test]
fn tag_colours_differ_for_colour_blind_readers() {
    for theme in colored() {
        for a in 1..=TAG_COLORS {
            for b in 1..a {
                let (one, other) = (theme.tag(a).label.fg.unwrap(), theme.tag(b).label.fg.unwrap());
                let (one, other) = (linear(one), linear(other));
                let normal = difference(lab(one), lab(other));
                assert!(normal >= 20.0, "{}: {a} and {b} differ by {normal:.1}", theme.name());
                for (name, matrix) in BLINDNESS {
                    let seen = |color: Rgb| lab(matrix.map(|row| dot(row, color).clamp(0.0, 1.0)));
                    let apart = difference(seen(one), seen(other));
                    assert!(apart >= 12.0, "{}: {a} and {b} differ by {apart:.1} to a {name} eye", theme.name());
                }
            }
        }
    }
}

#[test]
fn every_tag_has_a_distinct_sign_of_one_cell() {
    let built_in = BUILT_IN.iter().map(|(_, text)| Theme::parse(text).unwrap());
    for theme in built_in.chain([Theme::plain()]) {
        let signs: std::collections::BTreeSet<char> = (1..=TAG_COLORS).map(|color| theme.tag(color).sign).collect();
        assert_eq!(signs.len(), TAG_COLORS, "{}", theme.name());
        for sign in signs {
            assert_eq!(grapheme_width(sign.encode_utf8(&mut [0; 4]), AmbiguousWidth::Wide), 1, "{}: {sign}", theme.name());
        }
    }
    assert_eq!(Theme::plain().tag(13), Theme::plain().tag(1));
}

#[test]
fn an_omitted_role_inherits_its_parents_style() {
    let theme =
        Theme::parse(r##"(name: "mine", roles: {text: (fg: "#101010", bg: "#ffffff"), heading1: (fg: "red", bold: true)})"##).unwrap();
    assert_eq!(theme.style(StyleRole::Heading4), theme.style(StyleRole::Heading1));
    assert_eq!(theme.style(StyleRole::Dim), theme.style(StyleRole::Text));
    assert!(theme.tag(1).passage.add_modifier.contains(Modifier::UNDERLINED));
}

#[test]
fn errors_name_the_role_or_position() {
    let error = Theme::parse(r#"(name: "x", roles: {text: (fg: "blau")})"#).unwrap_err();
    assert_eq!(error.to_string(), "text: blau is no colour");
    let error = Theme::parse("(name: \"x\",\n roles: {txet: ()})").unwrap_err().to_string();
    assert!(error.contains("2:") && error.contains("txet"), "{error}");
}

#[test]
fn all_roles_are_listed_in_order() {
    for (index, role) in StyleRole::ALL.into_iter().enumerate() {
        assert_eq!(role as usize, index);
        assert!(role.parent().is_none_or(|parent| parent != role));
    }
    let plain = Theme::plain();
    assert!(plain.styles.iter().all(|style| style.fg.is_none() && style.bg.is_none()));
    assert!(plain.tags.iter().all(|tag| tag.label.fg.is_none() && tag.passage.bg.is_none()));
}

#[test]
fn auto_chooses_a_theme_for_the_terminal() {
    let name = |setting, dark, colors| Theme::choose(setting, dark, colors, None).unwrap().name().to_owned();
    assert_eq!(name("auto", None, Colors::True), "dark");
    assert_eq!(name("auto", Some(false), Colors::True), "light");
    assert_eq!(name("auto", Some(false), Colors::Indexed), "light");
    assert_eq!(name("auto", None, Colors::Indexed), "256");
    assert_eq!(name("auto", Some(false), Colors::Sixteen), "16");
    assert_eq!(name("auto", None, Colors::Sixteen), "16");
    assert_eq!(name("auto", Some(true), Colors::Sixteen), "16-dark");
    assert_eq!(name("paper", None, Colors::True), "paper");
    assert_eq!(name("paper", None, Colors::None), "none");
    assert!(Theme::choose("none such", None, Colors::True, None).is_err());
}

#[test]
fn user_themes_shadow_built_in_ones() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("mine.ron"), r##"(name: "x", roles: {text: (fg: "#101010", bg: "#ffffff")})"##).unwrap();
    std::fs::write(folder.join("dark.ron"), "(name: ").unwrap();
    let load = |name| Theme::load(name, Some(folder));
    assert_eq!(load("mine").unwrap().name(), "mine");
    assert!(matches!(load("dark"), Err(ThemeError::Syntax(_))), "the user's own comes first");
    assert_eq!(load("light").unwrap(), Theme::built_in("light").unwrap());
    assert!(load("../mine").is_err());
    assert_eq!(Theme::names(Some(folder)).last().map(String::as_str), Some("mine"));
    assert_eq!(Theme::names(None).len(), BUILT_IN.len());
}
