//! `pizhu doctor`: what was found of the terminal, a ruler to check it by, how to overrule it.

use super::{CliError, Context, Status};
use crate::locale::Locale;
use crate::settings::Folders;
use pizhu_text::text::visible::visible;
use pizhu_terminal::Colors;
use pizhu_terminal::Widths;
use pizhu_terminal::examine;
use pizhu_terminal::examine::Found;
use pizhu_terminal::probe::Measured;
use pizhu_terminal::profile;
use clap::Args;
use serde::Serialize;
use std::{env, io::Write as _};

/// `pizhu doctor`
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// The shape of the output.
    #[command(flatten)]
    pub shape: super::args::ShapeArg,
}

/// The rows of the ruler.
const RULER: [&str; 6] = ["“”", "—…", "①℃", "─·", "αЯ", "éà"];
/// Characters in a row of the ruler.
const RULER_CHARS: usize = 8;

/// What is found, as JSON gives it.
#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    terminal: bool,
    term: &'a str,
    program: &'a str,
    multiplexer: Option<&'a str>,
    colors: &'a str,
    /// Cells of ambiguous characters as remembered, and as measured just now.
    remembered: Option<u8>,
    measured: Option<u8>,
    /// Cells of ❤ with the selector for its emoji.
    emoji_selector: Option<u8>,
    synchronised_output: Option<bool>,
    background: Option<&'a str>,
    clipboard_announced: bool,
}

pub(super) fn run(context: &mut Context, _: &DoctorArgs) -> Result<Status, CliError> {
    let found = examine::ask()?;
    let read = |name: &str| env::var(name).unwrap_or_default();
    let (term, colorterm) = (read("TERM"), read("COLORTERM"));
    let program = [read("TERM_PROGRAM"), read("TERM_PROGRAM_VERSION")].join(" ").trim().to_owned();
    let multiplexer = if env::var_os("TMUX").is_some() {
        Some("tmux")
    } else if env::var_os("STY").is_some() {
        Some("screen")
    } else {
        None
    };
    let folders = Folders::find(|name| env::var(name).ok());
    let remembered = folders.as_ref().map_or(Widths::Unknown, |folders| profile::load(&folders.state, &profile::key()).widths);
    let colors = if context.colorless { Colors::None } else { Colors::from_env(&read("NO_COLOR"), &colorterm, &term) };
    let report = Report {
        version: 1,
        terminal: found.is_some(),
        term: &term,
        program: &program,
        multiplexer,
        colors: match colors {
            Colors::None => "none",
            Colors::Sixteen => "16",
            Colors::Indexed => "256",
            Colors::True => "true",
        },
        remembered: cells_of(remembered),
        measured: found.and_then(|found| found.cells).map(Measured::widths).and_then(cells_of),
        emoji_selector: found.and_then(|found| found.cells).map(|cells| cells.0[cells.0.len() - 1]),
        synchronised_output: found.and_then(|found| found.synchronised),
        background: found.and_then(|found| found.is_light()).map(|light| if light { "light" } else { "dark" }),
        clipboard_announced: found.is_some_and(|found| found.clipboard),
    };
    if context.is_json() {
        context.out.json(&report)?;
        return Ok(Status::Done);
    }
    let settings = folders.map(|folders| folders.settings().display().to_string()).unwrap_or_default();
    let text = worded(&report, found, &settings, context.words);
    context.out.write_all(text.as_bytes())?;
    Ok(Status::Done)
}

fn cells_of(widths: Widths) -> Option<u8> {
    match widths {
        Widths::Unknown => None,
        Widths::Narrow => Some(1),
        Widths::Wide => Some(2),
    }
}

/// The report in words.
fn worded(report: &Report<'_>, found: Option<Found>, settings: &str, words: Locale) -> String {
    let mut text = String::new();
    let mut line = |label: &str, value: &str| {
        text.push_str(
            &words
                .format("doctor-line", &[("label", words.text(label).into_owned().into()), ("value", visible(value).into_owned().into())]),
        );
        text.push('\n');
    };
    let or_unset = |value: &str| if value.is_empty() { words.text("doctor-unset").into_owned() } else { value.to_owned() };
    let cells = |cells: Option<u8>| match cells {
        Some(1) => words.text("doctor-narrow").into_owned(),
        Some(cells) => words.format("doctor-cells", &[("count", u32::from(cells).into())]),
        None => words.text("doctor-unknown").into_owned(),
    };
    match found {
        None => line("doctor-terminal", &words.text("doctor-no-terminal")),
        Some(found) if !found.answered => line("doctor-terminal", &words.text("doctor-silent")),
        Some(_) => line("doctor-terminal", &words.text("doctor-answers")),
    }
    line("doctor-term", &or_unset(report.term));
    line("doctor-program", &or_unset(report.program));
    line("doctor-multiplexer", report.multiplexer.unwrap_or(&words.text("doctor-none")));
    let colors = match report.colors {
        "none" => words.text("doctor-colors-none"),
        "16" => words.text("doctor-colors-16"),
        "256" => words.text("doctor-colors-256"),
        _ => words.text("doctor-colors-true"),
    };
    line("doctor-colors", &colors);
    line("doctor-remembered", &cells(report.remembered));
    if found.is_some() {
        line("doctor-measured", &cells(report.measured));
        line("doctor-emoji", &cells(report.emoji_selector));
        let yes_no = |known: Option<bool>| match known {
            Some(true) => words.text("doctor-yes"),
            Some(false) => words.text("doctor-no"),
            None => words.text("doctor-unknown"),
        };
        line("doctor-synchronised", &yes_no(report.synchronised_output));
        let background = match report.background {
            Some("light") => words.text("doctor-light"),
            Some(_) => words.text("doctor-dark"),
            None => words.text("doctor-unknown"),
        };
        line("doctor-background", &background);
        line("doctor-clipboard", &words.text(if report.clipboard_announced { "doctor-yes" } else { "doctor-clipboard-silent" }));
    }
    match report.multiplexer {
        Some("tmux") => text.extend(["\n", &words.text("doctor-tmux"), "\n"]),
        Some(_) => text.extend(["\n", &words.text("doctor-screen"), "\n"]),
        None => {}
    }
    if found.is_some() {
        text.extend(["\n", &words.text("doctor-ruler"), "\n\n"]);
        text.push_str(&ruler());
    }
    let overrule = words.format("doctor-overrule", &[("path", visible(settings).into_owned().into())]);
    text.extend(["\n", &overrule, "\n"]);
    text
}

/// Rows of ambiguous characters that end in a bar: under `1` where each took one cell, under `2`
/// where each took two.
fn ruler() -> String {
    let gap = " ".repeat(RULER_CHARS);
    let mut ruler = format!("  {}1{}2\n", gap, " ".repeat(RULER_CHARS - 1));
    for sample in RULER {
        let row: String = sample.chars().cycle().take(RULER_CHARS).collect();
        ruler.extend(["  ", &row, "|\n"]);
    }
    ruler
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::text::width::Ambiguous;
    use pizhu_text::text::width::text_width;

    #[test]
    fn the_rulers_bars_stand_under_their_figures() {
        let ruler = ruler();
        let mut lines = ruler.lines();
        let head = lines.next().unwrap();
        for line in lines {
            let before = line.strip_suffix('|').unwrap();
            assert_eq!(text_width(before, Ambiguous::Narrow), head.find('1').unwrap(), "{line}");
            assert_eq!(text_width(before, Ambiguous::Wide), head.find('2').unwrap(), "{line}");
        }
    }
}
