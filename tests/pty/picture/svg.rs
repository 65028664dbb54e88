//! Screens as SVG.

use std::{collections::BTreeMap, fmt::Write as _};

/// Width and height of a cell in pixels.
const CELL: (u32, u32) = (9, 21);
/// Distance of the baseline from the top of a cell, in pixels.
const BASELINE: u32 = 16;
const MARGIN: u32 = 12;
const FONTS: &str = "Menlo,Consolas,'DejaVu Sans Mono','Noto Sans Mono CJK SC','Sarasa Mono SC','Source Han Mono SC','PingFang SC','Microsoft YaHei',monospace";

const FOREGROUND: &str = "#d8d4c8";
const BACKGROUND: &str = "#1d1f21";

/// A screen of a picture that moves.
pub struct Frame {
    rows: Vec<String>,
    size: (u32, u32),
    background: String,
    seconds: f32,
}

impl Frame {
    /// The screen, shown for that long, with a line below it.
    pub fn new(screen: &vt100::Screen, caption: &str, seconds: f32) -> Self {
        let (rows, columns) = screen.size();
        let (rows, columns) = (rows.get(), columns.get());
        let background = background(screen);
        let mut drawn: Vec<String> = (0..rows).map(|row| row_svg(screen, row, &background)).collect();
        let y = u32::from(rows) * CELL.1 + MARGIN + CELL.1;
        drawn.push(format!("<text fill=\"#f0c674\" text-anchor=\"start\" x=\"{MARGIN}\" y=\"{y}\">{}</text>\n", escaped(caption)));
        let size = (u32::from(columns) * CELL.0 + 2 * MARGIN, u32::from(rows) * CELL.1 + 2 * MARGIN + 3 * CELL.1 / 2);
        Self { rows: drawn, size, background, seconds }
    }
}

/// A picture of a screen. Each character has its own position, so fonts cannot shift the next.
pub fn still(screen: &vt100::Screen) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let background = background(screen);
    let size = (u32::from(columns) * CELL.0 + 2 * MARGIN, u32::from(rows) * CELL.1 + 2 * MARGIN);
    let mut picture = opening(size, &background);
    for row in 0..rows {
        picture.push_str(&row_svg(screen, row, &background));
    }
    picture.push_str("</svg>\n");
    picture
}

/// A picture that shows the frames one after the other, without end. A row that stays the same is drawn
/// once.
pub fn animated(frames: &[Frame]) -> String {
    let Some(first) = frames.first() else { return String::new() };
    let whole: f32 = frames.iter().map(|frame| frame.seconds).sum();
    let mut picture = opening(first.size, &first.background);
    for row in 0..first.rows.len() {
        // What the row shows, with the frames in which it does.
        let mut shown: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (nth, frame) in frames.iter().enumerate() {
            shown.entry(&frame.rows[row]).or_default().push(nth);
        }
        for (content, nths) in shown.iter().filter(|(content, _)| !content.is_empty()) {
            if nths.len() == frames.len() {
                picture.push_str(content);
                continue;
            }
            let (mut times, mut values, mut passed, mut last) = (String::new(), String::new(), 0.0, None);
            for (nth, frame) in frames.iter().enumerate() {
                let visible = nths.contains(&nth);
                if last != Some(visible) {
                    let separator = if last.is_some() { ";" } else { "" };
                    let _ = write!(times, "{separator}{:.4}", passed / whole);
                    let _ = write!(values, "{separator}{}", if visible { "visible" } else { "hidden" });
                    last = Some(visible);
                }
                passed += frame.seconds;
            }
            let _ = writeln!(
                picture,
                "<g visibility=\"hidden\"><animate attributeName=\"visibility\" calcMode=\"discrete\" dur=\"{whole:.2}s\" repeatCount=\"indefinite\" keyTimes=\"{times}\" values=\"{values}\"/>{content}</g>"
            );
        }
    }
    picture.push_str("</svg>\n");
    picture
}

fn opening((width, height): (u32, u32), background: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-size=\"{}\" font-family=\"{FONTS}\" text-anchor=\"middle\">\n<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{background}\"/>\n",
        CELL.0 * 2 - 2,
    )
}

/// The background of the text: that of the last cell above the status line.
fn background(screen: &vt100::Screen) -> String {
    let (rows, columns) = screen.size();
    screen.cell(rows.get() - 2, columns.get() - 1).map_or(BACKGROUND.to_owned(), |cell| color(cell.bgcolor(), BACKGROUND))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A row of the screen: backgrounds that differ from `background`, and the characters.
fn row_svg(screen: &vt100::Screen, row: u16, background: &str) -> String {
    let columns = screen.size().1.get();
    let mut picture = String::new();
    // Runs of characters with equal attributes: attributes, x positions, text.
    let mut runs: Vec<(String, String, String)> = Vec::new();
    let mut backgrounds: Vec<(String, u32, u32)> = Vec::new();
    for column in 0..columns {
        let Some(cell) = screen.cell(row, column).filter(|cell| !cell.is_wide_continuation()) else { continue };
        let (mut foreground, mut cell_background) = (color(cell.fgcolor(), FOREGROUND), color(cell.bgcolor(), BACKGROUND));
        if cell.inverse() {
            std::mem::swap(&mut foreground, &mut cell_background);
        }
        let wide = if cell.is_wide() { 2 } else { 1 };
        let x = u32::from(column) * CELL.0 + MARGIN;
        match backgrounds.last_mut() {
            Some(run) if run.0 == cell_background && run.1 + run.2 == x => run.2 += CELL.0 * wide,
            _ => backgrounds.push((cell_background, x, CELL.0 * wide)),
        }
        let text = cell.contents();
        if text.trim().is_empty() {
            continue;
        }
        let weight = if cell.bold() { " font-weight=\"bold\"" } else { "" };
        let faint = if cell.dim() { " opacity=\".6\"" } else { "" };
        let line = if cell.underline() { " text-decoration=\"underline\"" } else { "" };
        let attributes = format!("fill=\"{foreground}\"{weight}{faint}{line}");
        let middle = x + CELL.0 * wide / 2;
        let escaped = escaped(text);
        match runs.last_mut() {
            Some(run) if run.0 == attributes => {
                let _ = write!(run.1, " {middle}");
                run.2.push_str(&escaped);
            }
            _ => runs.push((attributes, middle.to_string(), escaped)),
        }
    }
    let y = u32::from(row) * CELL.1 + MARGIN;
    for (cell_background, x, width) in backgrounds.iter().filter(|(cell_background, ..)| cell_background != background) {
        let _ = writeln!(picture, "<path fill=\"{cell_background}\" d=\"M{x} {y}h{width}v{}h-{width}z\"/>", CELL.1);
    }
    for (attributes, positions, text) in runs {
        let _ = writeln!(picture, "<text {attributes} x=\"{positions}\" y=\"{}\">{text}</text>", y + BASELINE);
    }
    picture
}

/// The colour as `#rrggbb`, in a common 256-colour palette.
fn color(color: vt100::Color, default: &str) -> String {
    const BASIC: [&str; 16] = [
        "#1d1f21", "#cc6666", "#b5bd68", "#f0c674", "#81a2be", "#b294bb", "#8abeb7", "#c5c8c6", "#666666", "#d54e53", "#b9ca4a", "#e7c547",
        "#7aa6da", "#c397d8", "#70c0b1", "#eaeaea",
    ];
    match color {
        vt100::Color::Default => default.to_owned(),
        vt100::Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        vt100::Color::Idx(index @ 0..=15) => BASIC[usize::from(index)].to_owned(),
        vt100::Color::Idx(index @ 16..=231) => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let cube = index - 16;
            format!("#{:02x}{:02x}{:02x}", level(cube / 36), level(cube / 6 % 6), level(cube % 6))
        }
        vt100::Color::Idx(index) => {
            let grey = 8 + 10 * (index - 232);
            format!("#{grey:02x}{grey:02x}{grey:02x}")
        }
    }
}
