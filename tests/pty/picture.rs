//! Generates the READMEs' picture from the running program:
//! `cargo test --test pty picture -- --ignored` writes `docs/reader.svg`.

use crate::terminal::Home;
use std::{fmt::Write as _, fs, path::Path};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";
/// Width and height of a cell in pixels.
const CELL: (u32, u32) = (9, 21);
/// Distance of the baseline from the top of a cell, in pixels.
const BASELINE: u32 = 16;
const MARGIN: u32 = 12;

#[test]
#[ignore = "writes the READMEs' picture"]
fn picture() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    let note = |place: [&str; 2], text: &str| drop(home.print(&["note", &speech, place[0], place[1], text]));
    home.print(&["tag", &speech, "--section", "二、/(三)", "人才工作"]);
    home.print(&["tag", &speech, "--section", "二、/(二)", "基层党建"]);
    home.print(&["tag", &speech, "--section", "二、/(一)", "干部队伍"]);
    home.print(&["tag", &speech, "--section", "三、", "自身建设"]);
    note(["--quote", "县里已经决定，今年拿出2000万元设立人才发展专项资金，比去年翻一番。"], "与去年的数字核对");
    note(["--quote", "栽下梧桐树，引来金凤凰"], "开头可以用");
    let mut terminal = home.open(152, 32, &[&speech]);
    terminal.wait_for("看清来路").settle();
    terminal.press(":").type_text("二、/(三)").press("<Enter>").wait_for("着眼人尽其才").settle();
    terminal.press("zt").settle();
    let picture = terminal.with_screen(svg);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("reader.svg"), picture).unwrap();
}

/// Renders the screen as SVG. Each character has its own position, so fonts cannot shift the next.
fn svg(screen: &vt100::Screen) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let (width, height) = (u32::from(columns) * CELL.0 + 2 * MARGIN, u32::from(rows) * CELL.1 + 2 * MARGIN);
    // The background is that of the last cell above the status line.
    let background = screen.cell(rows - 2, columns - 1).map_or(BACKGROUND.to_owned(), |cell| color(cell.bgcolor(), BACKGROUND));
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-size=\"{}\" font-family=\"Menlo,Consolas,'DejaVu Sans Mono','Noto Sans Mono CJK SC','Sarasa Mono SC','Source Han Mono SC','PingFang SC','Microsoft YaHei',monospace\" text-anchor=\"middle\">\n<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{}\"/>\n",
        CELL.0 * 2 - 2,
        background,
    );
    for row in 0..rows {
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
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            match runs.last_mut() {
                Some(run) if run.0 == attributes => {
                    let _ = write!(run.1, " {middle}");
                    run.2.push_str(&escaped);
                }
                _ => runs.push((attributes, middle.to_string(), escaped)),
            }
        }
        let y = u32::from(row) * CELL.1 + MARGIN;
        for (cell_background, x, width) in backgrounds.iter().filter(|(cell_background, ..)| *cell_background != background) {
            let _ = writeln!(picture, "<path fill=\"{cell_background}\" d=\"M{x} {y}h{width}v{}h-{width}z\"/>", CELL.1);
        }
        for (attributes, positions, text) in runs {
            let _ = writeln!(picture, "<text {attributes} x=\"{positions}\" y=\"{}\">{text}</text>", y + BASELINE);
        }
    }
    picture.push_str("</svg>\n");
    picture
}

const FOREGROUND: &str = "#d8d4c8";
const BACKGROUND: &str = "#1d1f21";

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
