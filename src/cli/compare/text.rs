//! A comparison as text: the sections with their signs, then what differs inside them.
//!
//! Signs and brackets say everything that colours say: `[-only in A-]`, `{+only in B+}`, `[→…→]` for a
//! passage that stands in another section.

use super::report;
use crate::app::compare::ComparedSpeeches;
use crate::cli::{CliContext, CliError, output::OutputStyle, output::OutputTarget};
use crate::locale::{Locale, id};
use pizhu_library::compare::{ComparedSection, MarkKind, SectionState, percent};
use pizhu_text::document::{DamagedHeading, Document, SectionId};
use pizhu_text::text::Span;
use std::fmt::Write as _;
use std::io::Write as _;

/// Chars of unchanged text that are shown beside a change.
const CONTEXT_CHARS: usize = 14;

pub(super) fn print(context: &mut CliContext, compared: &ComparedSpeeches, is_summary: bool) -> Result<(), CliError> {
    let target = context.out.target();
    let mut lines: Vec<String> = Vec::new();
    for (side, sign) in ["-", "+"].into_iter().enumerate() {
        let metadata = &compared.documents[side].metadata;
        let title = metadata.title.as_deref().unwrap_or_default().replace('\n', " ");
        let style = if side == 0 { OutputStyle::Removed } else { OutputStyle::Added };
        let date = metadata.date.as_deref().map(|date| format!("{date} ")).unwrap_or_default();
        let name = target.styled(OutputStyle::Faint, &format!("{date}{}", compared.paths[side].display())).into_owned();
        lines.push(format!("{} {}  {name}", target.styled(style, sign), target.styled(OutputStyle::Title, &title)));
    }
    let shares = compared.comparison.kept.map(percent);
    lines.push(context.locale.format(id::COMPARE_KEPT, &[("a", shares[0].into()), ("b", shares[1].into())]));
    lines.push(String::new());
    let marks = [0, 1].map(|side| compared.comparison.marks(side));
    let alone = [SectionState::Dropped, SectionState::New].map(|state| {
        let sections = compared.comparison.sections.iter().filter(|section| section.state == state);
        let mut alone: Vec<SectionId> = sections.filter_map(|section| section.sides.iter().flatten().next()?.id).collect();
        alone.sort_unstable();
        alone
    });
    let renderer = Renderer { compared, target, locale: context.locale, alone, marks };
    let sections = &compared.comparison.sections;
    lines.extend(sections.iter().filter(|section| !renderer.is_below_same(section)).map(|section| renderer.section_line(section)));
    if !is_summary {
        for section in compared.comparison.sections.iter().filter(|section| !section.changes.is_empty()) {
            lines.push(String::new());
            lines.push(renderer.heading(section));
            lines.push(renderer.changes(section));
        }
    }
    for line in lines {
        writeln!(context.out, "{line}")?;
    }
    Ok(())
}

struct Renderer<'a> {
    compared: &'a ComparedSpeeches,
    target: OutputTarget,
    locale: Locale,
    /// The sections that only either speech has, sorted.
    alone: [Vec<SectionId>; 2],
    /// What of either source is not in the same section of the other.
    marks: [Vec<(Span, MarkKind)>; 2],
}

impl Renderer<'_> {
    fn style(state: SectionState) -> OutputStyle {
        match state {
            SectionState::Same => OutputStyle::Faint,
            SectionState::Reworded => OutputStyle::Marker,
            SectionState::Moved => OutputStyle::Moved,
            SectionState::New => OutputStyle::Added,
            SectionState::Dropped => OutputStyle::Removed,
        }
    }

    /// Whether a section is new or dropped as the one above it is: that one's line says so.
    fn is_below_same(&self, section: &ComparedSection) -> bool {
        let side = match section.state {
            SectionState::New => 1,
            SectionState::Dropped => 0,
            _ => return false,
        };
        let outline = &self.compared.documents[side].outline;
        let parent = section.sides[side].as_ref().and_then(|own| own.id).and_then(|id| outline.get(id)).and_then(|section| section.parent);
        parent.is_some_and(|parent| self.alone[side].binary_search(&parent).is_ok())
    }

    /// `→   （四）制度建设  moved from 一、/3, 71%`
    fn section_line(&self, section: &ComparedSection) -> String {
        let state = section.shown_state();
        let style = Self::style(state);
        let shown = usize::from(section.sides[1].is_some());
        let Some(side) = &section.sides[shown] else { return String::new() };
        let document: &Document = &self.compared.documents[shown];
        let name = match side.id.and_then(|id| document.outline.get(id)) {
            Some(section) => format!("{}{}", section.marker_text, section.display_title()),
            None => self.locale.text(id::COMPARE_FRONT).into_owned(),
        };
        let indent = "  ".repeat(usize::from(side.depth));
        let path =
            |side: usize| section.sides[side].as_ref().map(|one| report::path(&self.compared.documents[side], one)).unwrap_or_default();
        let words = self.locale.compared_section(section, [&path(0), &path(1)]);
        let words = self.target.styled(OutputStyle::Faint, &words).into_owned();
        format!("{} {indent}{}  {words}", self.target.styled(style, state.sign()), self.target.styled(style, &name))
    }

    /// The heading above a section's changes.
    fn heading(&self, section: &ComparedSection) -> String {
        let path = section.sides[1].as_ref().map(|side| report::path(&self.compared.documents[1], side)).unwrap_or_default();
        let title = section.sides[1].as_ref().map(|side| report::title(&self.compared.documents[1], side)).unwrap_or_default();
        let name = if path.is_empty() { self.locale.text(id::COMPARE_FRONT).into_owned() } else { format!("{path} {title}") };
        format!("{} {}", section.state.sign(), self.target.styled(OutputStyle::Title, &name))
    }

    /// The changes of a section on one line, each with some of the text around it.
    fn changes(&self, section: &ComparedSection) -> String {
        let Some(side) = &section.sides[1] else { return String::new() };
        let document: &Document = &self.compared.documents[1];
        let mut line = "  ".to_owned();
        let mut at = side.id.and_then(|id| document.outline.get(id)).map_or(side.span.start, |section| section.marker.end);
        for (index, change) in section.changes.iter().enumerate() {
            let before = one_line(document, Span::new(at.min(change[1].start), change[1].start));
            line.push_str(&self.target.sanitized(&shortened(&before, index > 0, true)));
            self.push_side(&mut line, 0, change[0]);
            self.push_side(&mut line, 1, change[1]);
            at = change[1].end.max(at);
        }
        let after = one_line(document, Span::new(at.min(side.span.end), side.span.end));
        line.push_str(&self.target.sanitized(&shortened(&after, true, false)));
        line
    }

    /// One side of a change, in brackets.
    fn push_side(&self, line: &mut String, side: usize, span: Span) {
        let marks = &self.marks[side];
        let first = marks.partition_point(|(mark, _)| mark.end <= span.start);
        for (mark, kind) in marks[first..].iter().take_while(|(mark, _)| mark.start < span.end) {
            let text = one_line(&self.compared.documents[side], *mark);
            let (open, close, style) = match (kind, side) {
                (MarkKind::Moved, _) => ("[→", "→]", OutputStyle::Moved),
                (MarkKind::Changed, 0) => ("[-", "-]", OutputStyle::Removed),
                (MarkKind::Changed, _) => ("{+", "+}", OutputStyle::Added),
            };
            // Writing to a string cannot fail.
            let _ = write!(line, "{}", self.target.styled(style, &format!("{open}{text}{close}")));
        }
    }
}

fn one_line(document: &Document, span: Span) -> String {
    document.quotation(span, DamagedHeading::Restored).replace('\n', "").trim().to_owned()
}

/// The beginning and the end of a long stretch of unchanged text, as far as there are changes there.
fn shortened(text: &str, has_before: bool, has_after: bool) -> String {
    let (head, tail) = (if has_before { CONTEXT_CHARS } else { 0 }, if has_after { CONTEXT_CHARS } else { 0 });
    let count = text.chars().count();
    if count <= head + tail + 2 {
        return text.to_owned();
    }
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - tail).collect();
    format!("{start}…{end}")
}
