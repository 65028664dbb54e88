//! `pizhu doctor`: the terminal's capabilities, a ruler to verify them, and how to override them.

use super::{CliContext, CliError, Status};
use crate::locale::{Locale, MessageId, id};
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
    let mut line =
        |label: MessageId, value: &str| {
            text.push_str(&locale.format(
                id::DOCTOR_LINE,
                &[("label", locale.text(label).into_owned().into()), ("value", visible(value).into_owned().into())],
            ));
            text.push('\n');
        };
    let or_unset = |value: &str| if value.is_empty() { locale.text(id::DOCTOR_UNSET).into_owned() } else { value.to_owned() };
    let cells = |cells: Option<u8>| match cells {
        Some(1) => locale.text(id::DOCTOR_NARROW).into_owned(),
        Some(cells) => locale.format(id::DOCTOR_CELLS, &[("count", u32::from(cells).into())]),
        None => locale.text(id::DOCTOR_UNKNOWN).into_owned(),
    };
    match found {
        None => line(id::DOCTOR_TERMINAL, &locale.text(id::DOCTOR_NO_TERMINAL)),
        Some(found) if !found.answered => line(id::DOCTOR_TERMINAL, &locale.text(id::DOCTOR_SILENT)),
        Some(_) => line(id::DOCTOR_TERMINAL, &locale.text(id::DOCTOR_ANSWERS)),
    }
    line(id::DOCTOR_TERM, &or_unset(report.term));
    line(id::DOCTOR_PROGRAM, &or_unset(report.program));
    line(id::DOCTOR_MULTIPLEXER, report.multiplexer.unwrap_or(&locale.text(id::DOCTOR_NONE)));
    let colors = match report.colors {
        "none" => locale.text(id::DOCTOR_COLORS_NONE),
        "16" => locale.text(id::DOCTOR_COLORS_16),
        "256" => locale.text(id::DOCTOR_COLORS_256),
        _ => locale.text(id::DOCTOR_COLORS_TRUE),
    };
    line(id::DOCTOR_COLORS, &colors);
    line(id::DOCTOR_REMEMBERED, &cells(report.remembered));
    if found.is_some() {
        line(id::DOCTOR_MEASURED, &cells(report.measured));
        line(id::DOCTOR_EMOJI, &cells(report.emoji_selector));
        let yes_no = |known: Option<bool>| match known {
            Some(true) => locale.text(id::DOCTOR_YES),
            Some(false) => locale.text(id::DOCTOR_NO),
            None => locale.text(id::DOCTOR_UNKNOWN),
        };
        line(id::DOCTOR_SYNCHRONISED, &yes_no(report.synchronised_output));
        let background = match report.background {
            Some("light") => locale.text(id::DOCTOR_LIGHT),
            Some(_) => locale.text(id::DOCTOR_DARK),
            None => locale.text(id::DOCTOR_UNKNOWN),
        };
        line(id::DOCTOR_BACKGROUND, &background);
        line(id::DOCTOR_CLIPBOARD, &locale.text(if report.clipboard_announced { id::DOCTOR_YES } else { id::DOCTOR_CLIPBOARD_SILENT }));
    }
    match report.multiplexer {
        Some("tmux") => text.extend(["\n", &locale.text(id::DOCTOR_TMUX), "\n"]),
        Some(_) => text.extend(["\n", &locale.text(id::DOCTOR_SCREEN), "\n"]),
        None => {}
    }
    if found.is_some() {
        text.extend(["\n", &locale.text(id::DOCTOR_RULER), "\n\n"]);
        text.push_str(&ruler());
    }
    let overrule = locale.format(id::DOCTOR_OVERRULE, &[("path", visible(settings).into_owned().into())]);
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
