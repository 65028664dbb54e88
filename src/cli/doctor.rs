//! `pizhu doctor`: the terminal's capabilities, a ruler to verify them, and how to override them.

use super::{CliContext, CliError, Status};
use crate::locale::Locale;
use crate::settings::Folders;
use clap::Args;
use pizhu_terminal::Colors;
use pizhu_terminal::Widths;
use pizhu_terminal::capabilities;
use pizhu_terminal::capabilities::Capabilities;
use pizhu_terminal::probe::SampleWidths;
use pizhu_terminal::profile;
use pizhu_text::text::visible::visible;
use serde::Serialize;
use std::{env, io::Write as _};

/// `pizhu doctor`
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Output options.
    #[command(flatten)]
    pub output: super::args::common::OutputArgs,
}

/// Sample characters, one ruler row each.
const RULER: [&str; 6] = ["“”", "—…", "①℃", "─·", "αЯ", "éà"];
/// Characters in a ruler row.
const RULER_CHARS: usize = 8;

/// The report in JSON.
#[derive(Serialize)]
struct DoctorReport<'a> {
    version: u32,
    terminal: bool,
    term: &'a str,
    program: &'a str,
    multiplexer: Option<&'a str>,
    colors: &'a str,
    /// Cells of ambiguous characters: from the terminal profile, and as measured now.
    remembered: Option<u8>,
    measured: Option<u8>,
    /// Cells of ❤ with the emoji variation selector (VS16).
    emoji_selector: Option<u8>,
    synchronised_output: Option<bool>,
    background: Option<&'a str>,
    clipboard_announced: bool,
}

pub(super) fn run(context: &mut CliContext, _: &DoctorArgs) -> Result<Status, CliError> {
    let found = capabilities::query()?;
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
    let report = DoctorReport {
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
        remembered: width_in_cells(remembered),
        measured: found.and_then(|found| found.sample_widths).map(SampleWidths::widths).and_then(width_in_cells),
        emoji_selector: found.and_then(|found| found.sample_widths).map(|cells| cells.0[cells.0.len() - 1]),
        synchronised_output: found.and_then(|found| found.synchronized_output),
        background: found.and_then(|found| found.is_light()).map(|light| if light { "light" } else { "dark" }),
        clipboard_announced: found.is_some_and(|found| found.clipboard),
    };
    if context.is_json() {
        context.out.json(&report)?;
        return Ok(Status::Done);
    }
    let settings = folders.map(|folders| folders.settings().display().to_string()).unwrap_or_default();
    let text = report_text(&report, found, &settings, context.locale);
    context.out.write_all(text.as_bytes())?;
    Ok(Status::Done)
}

fn width_in_cells(widths: Widths) -> Option<u8> {
    match widths {
        Widths::Unknown => None,
        Widths::Narrow => Some(1),
        Widths::Wide => Some(2),
    }
}

/// The report as text.
fn report_text(report: &DoctorReport<'_>, found: Option<Capabilities>, settings: &str, locale: Locale) -> String {
    let mut text = String::new();
    let mut line = |label: &str, value: &str| {
        text.push_str(
            &locale
                .format("doctor-line", &[("label", locale.text(label).into_owned().into()), ("value", visible(value).into_owned().into())]),
        );
        text.push('\n');
    };
    let or_unset = |value: &str| if value.is_empty() { locale.text("doctor-unset").into_owned() } else { value.to_owned() };
    let cells = |cells: Option<u8>| match cells {
        Some(1) => locale.text("doctor-narrow").into_owned(),
        Some(cells) => locale.format("doctor-cells", &[("count", u32::from(cells).into())]),
        None => locale.text("doctor-unknown").into_owned(),
    };
    match found {
        None => line("doctor-terminal", &locale.text("doctor-no-terminal")),
        Some(found) if !found.answered => line("doctor-terminal", &locale.text("doctor-silent")),
        Some(_) => line("doctor-terminal", &locale.text("doctor-answers")),
    }
    line("doctor-term", &or_unset(report.term));
    line("doctor-program", &or_unset(report.program));
    line("doctor-multiplexer", report.multiplexer.unwrap_or(&locale.text("doctor-none")));
    let colors = match report.colors {
        "none" => locale.text("doctor-colors-none"),
        "16" => locale.text("doctor-colors-16"),
        "256" => locale.text("doctor-colors-256"),
        _ => locale.text("doctor-colors-true"),
    };
    line("doctor-colors", &colors);
    line("doctor-remembered", &cells(report.remembered));
    if found.is_some() {
        line("doctor-measured", &cells(report.measured));
        line("doctor-emoji", &cells(report.emoji_selector));
        let yes_no = |known: Option<bool>| match known {
            Some(true) => locale.text("doctor-yes"),
            Some(false) => locale.text("doctor-no"),
            None => locale.text("doctor-unknown"),
        };
        line("doctor-synchronised", &yes_no(report.synchronised_output));
        let background = match report.background {
            Some("light") => locale.text("doctor-light"),
            Some(_) => locale.text("doctor-dark"),
            None => locale.text("doctor-unknown"),
        };
        line("doctor-background", &background);
        line("doctor-clipboard", &locale.text(if report.clipboard_announced { "doctor-yes" } else { "doctor-clipboard-silent" }));
    }
    match report.multiplexer {
        Some("tmux") => text.extend(["\n", &locale.text("doctor-tmux"), "\n"]),
        Some(_) => text.extend(["\n", &locale.text("doctor-screen"), "\n"]),
        None => {}
    }
    if found.is_some() {
        text.extend(["\n", &locale.text("doctor-ruler"), "\n\n"]);
        text.push_str(&ruler());
    }
    let overrule = locale.format("doctor-overrule", &[("path", visible(settings).into_owned().into())]);
    text.extend(["\n", &overrule, "\n"]);
    text
}

/// Rows of ambiguous characters that end in a bar: below `1` if each took one cell, below `2` if
/// each took two.
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
    use pizhu_text::text::width::AmbiguousWidth;
    use pizhu_text::text::width::text_width;

    #[test]
    fn ruler_bars_align_with_their_digits() {
        let ruler = ruler();
        let mut lines = ruler.lines();
        let head = lines.next().unwrap();
        for line in lines {
            let before = line.strip_suffix('|').unwrap();
            assert_eq!(text_width(before, AmbiguousWidth::Narrow), head.find('1').unwrap(), "{line}");
            assert_eq!(text_width(before, AmbiguousWidth::Wide), head.find('2').unwrap(), "{line}");
        }
    }
}
