//! The folded chars of a text that are compared, each with its offset in the source.

use super::super::boundaries::{is_visible, normalize_mark};
use pizhu_text::text::{SourceText, Span};
use std::ops::Range;

/// The visible chars of a text, folded: letters and digits, which decide where things went, and the
/// marks between them, which only decide where a mark ends.
///
/// Example: `“２个 重點，”` has the units `"2个重点,"`, of which the letters are `2个重点`.
#[derive(Debug, Default)]
pub(super) struct FoldedText {
    /// The folded letters and digits.
    pub(super) letters: Vec<char>,
    /// The unit of each letter.
    letter_units: Vec<u32>,
    /// All folded visible chars.
    pub(super) units: Vec<char>,
    /// Source char offset of each unit.
    offsets: Vec<u32>,
    /// Number of line ends before each unit.
    unit_lines: Vec<u32>,
    /// The letters of each line that has any.
    pub(super) lines: Vec<Range<usize>>,
}

impl FoldedText {
    /// Letters alone, without their places in a text.
    pub(super) fn of_letters(letters: &[char]) -> Self {
        Self { letters: letters.to_vec(), ..Self::default() }
    }

    /// Folds a text; `None` if it has more than `max` chars.
    pub(super) fn new(source: &SourceText, max: usize) -> Option<Self> {
        if source.len() > max {
            return None;
        }
        let mut text = Self::default();
        let mut line_start = 0;
        let mut line = 0;
        for (at, c) in source.chars_from(0) {
            if c == '\n' {
                text.end_line(&mut line_start);
                line += 1;
            }
            if !is_visible(c) {
                continue;
            }
            let offset = u32::try_from(at).ok()?;
            let folded = normalize_mark(c);
            if folded.is_alphanumeric() {
                text.letters.push(folded);
                text.letter_units.push(u32::try_from(text.units.len()).ok()?);
            }
            text.units.push(folded);
            text.offsets.push(offset);
            text.unit_lines.push(line);
        }
        text.end_line(&mut line_start);
        Some(text)
    }

    fn end_line(&mut self, start: &mut usize) {
        if self.letters.len() > *start {
            self.lines.push(*start..self.letters.len());
            *start = self.letters.len();
        }
    }

    /// The units within a span of the source.
    pub(super) fn units_in(&self, span: Span) -> Range<usize> {
        let index = |offset: usize| self.offsets.partition_point(|at| (*at as usize) < offset);
        index(span.start)..index(span.end)
    }

    /// The letters among these units.
    pub(super) fn letters_in(&self, units: &Range<usize>) -> Range<usize> {
        let index = |unit: usize| self.letter_units.partition_point(|at| (*at as usize) < unit);
        index(units.start)..index(units.end)
    }

    /// The unit of a letter; the end of the units for the end of the letters.
    pub(super) fn unit_of(&self, letter: usize) -> usize {
        self.letter_units.get(letter).map_or(self.units.len(), |unit| *unit as usize)
    }

    /// First unit after the letter before `letter`.
    pub(super) fn gap_before(&self, letter: usize) -> usize {
        letter.checked_sub(1).map_or(0, |before| self.unit_of(before) + 1)
    }

    /// Whether a unit is a letter or digit.
    pub(super) fn is_letter(&self, unit: usize) -> bool {
        self.units.get(unit).is_some_and(|c| c.is_alphanumeric())
    }

    /// Whether two units are on the same line.
    pub(super) fn are_on_one_line(&self, one: usize, other: usize) -> bool {
        self.unit_lines.get(one) == self.unit_lines.get(other)
    }

    /// The span in the source of a range of units, `None` if it is empty.
    pub(super) fn source_span(&self, units: &Range<usize>) -> Option<Span> {
        let first = *self.offsets.get(units.start)?;
        let last = *self.offsets.get(units.end.checked_sub(1)?)?;
        (units.start < units.end).then(|| Span::new(first as usize, last as usize + 1))
    }

    /// The source offset of a letter.
    pub(super) fn letter_offset(&self, letter: usize) -> Option<usize> {
        self.offsets.get(*self.letter_units.get(letter)? as usize).map(|offset| *offset as usize)
    }

    /// Whether these letters are all those of one line or several.
    pub(super) fn is_of_whole_lines(&self, letters: &Range<usize>) -> bool {
        !letters.is_empty() && self.is_line_start(letters.start) && self.is_line_end(letters.end - 1)
    }

    /// Whether a letter is the first of its line.
    pub(super) fn is_line_start(&self, letter: usize) -> bool {
        self.lines.get(self.line_of(letter)).is_some_and(|line| line.start == letter)
    }

    /// Whether a letter is the last of its line.
    pub(super) fn is_line_end(&self, letter: usize) -> bool {
        self.lines.get(self.line_of(letter)).is_some_and(|line| line.end == letter + 1)
    }

    /// The first and the last of these letters that are not a whole line each, if a line ends among them.
    pub(super) fn parts_of_lines(&self, letters: &Range<usize>) -> Option<[Range<usize>; 2]> {
        let first = letters.start.checked_sub(1).map_or(0, |before| self.lines.get(self.line_of(before)).map_or(0, |line| line.end));
        let last = self.lines.get(self.line_of(letters.end)).map_or(self.letters.len(), |line| line.start);
        (first <= last && letters.start <= first && last <= letters.end).then_some([letters.start..first, last..letters.end])
    }

    /// Index of the line that has this letter.
    pub(super) fn line_of(&self, letter: usize) -> usize {
        self.lines.partition_point(|line| line.end <= letter)
    }
}
