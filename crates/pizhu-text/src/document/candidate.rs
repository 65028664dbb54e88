//! Ordinal candidates: what is known about each.
//!
//! Nothing is decided here: the outline decoder decides over the whole document.

use super::OrdinalKind;
use crate::text::Span;

/// The number of 最后, which ends a sequence of any length.
pub(super) const FINAL_NUMBER: u32 = u32::MAX;

/// The position of a candidate in the running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum OrdinalPosition {
    /// At the start of a logical line.
    LineStart,
    /// After the end of a sentence or a colon.
    AfterStop,
    /// After a comma or 、.
    AfterComma,
    /// After white space within a sentence.
    AfterSpace,
    /// After any other character.
    MidText,
}

/// An ordinal in the text: kind, number and extent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ordinal {
    pub kind: OrdinalKind,
    /// [`FINAL_NUMBER`] for 最后.
    pub number: u32,
    /// Offset of the end of the marker.
    pub marker_end: u32,
    /// Offset of the start of the title, after separators and spaces.
    pub title_start: u32,
    /// Whether the form is usual; otherwise unusual (`一.`) or damaged (`1狈`).
    pub well_formed: bool,
    /// Whether it has no punctuation, and the title may be shifted mojibake (see
    /// [`super::mojibake_repair`]).
    pub maybe_shifted: bool,
    /// First char of the title.
    pub next: Option<char>,
    /// What more the form tells.
    pub detail: FormDetail,
}

/// What more the form of an ordinal tells than its kind and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum FormDetail {
    /// Nothing.
    #[default]
    None,
    /// An article between two others: `第三條之一`, `第 3-1 條`. It has the number of the one before it.
    Inserted,
    /// A point told without a mark (`第三在…`), which only carries on a count.
    BarePoint,
    /// The verb of `一靠`; only a verb told through makes a sequence.
    Verb(char),
    /// The numbers before the last of `1.2.3`.
    Prefix(DecimalPrefix),
    /// A lone letter that is a Roman number too (`I.`, `(v)`): its kind and number as a letter.
    LetterOrRoman { kind: OrdinalKind, number: u32 },
}

/// The numbers before the last of a decimal ordinal, four at most, in a byte each: `1.2.3` has 1, 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct DecimalPrefix(pub u32);

impl DecimalPrefix {
    /// The prefix followed by `number`; `None` when it is full.
    pub(super) fn then(self, number: u32) -> Option<Self> {
        (self.0 >> 24 == 0 && number < 256).then_some(Self(self.0 << 8 | number))
    }

    /// Its last number.
    pub(super) fn last(self) -> u32 {
        self.0 & 0xFF
    }

    /// The prefix without its last number.
    pub(super) fn parent(self) -> Self {
        Self(self.0 >> 8)
    }

    /// Number of its numbers.
    pub(super) fn len(self) -> u8 {
        (4 - self.0.leading_zeros() / 8) as u8
    }
}

impl Ordinal {
    /// Its prefix, empty unless it is a decimal.
    pub(super) fn prefix(&self) -> DecimalPrefix {
        if let FormDetail::Prefix(prefix) = self.detail { prefix } else { DecimalPrefix::default() }
    }
}

/// An ordinal that may open a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OrdinalCandidate {
    pub ordinal: Ordinal,
    /// Offset of the first char of the marker.
    pub start: u32,
    pub position: OrdinalPosition,
    /// Whether it begins its line and the line holds nothing but the heading.
    pub whole_line: bool,
    /// Index of its logical line.
    pub line: u32,
    /// Offset of the start of its paragraph: of the line, or of a part of it behind an indent that a
    /// lost line break left.
    pub paragraph: u32,
    /// Level of the heading it begins; 0 for none.
    pub level: u8,
    /// How far the list of Markdown that it belongs to is indented, in blanks; 0 elsewhere.
    pub indent: u8,
    /// Whether its count goes on below a heading of another kind: 18. below (e), 19. below (f).
    pub goes_on: bool,
    /// How it stands to another count that runs on between its members.
    pub interleaved: Interleaved,
}

/// How an ordinal stands to another count, where both run on and one began before the other: `7.` `(b)` `8.` `(c)` `9.`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Interleaved {
    /// There is no such count.
    #[default]
    No,
    /// It is a heading that holds members of the other count: `(b)`.
    Part,
    /// It stands below a heading of this kind: `8.`
    Member(OrdinalKind),
}

impl OrdinalCandidate {
    /// The span of the marker.
    pub(super) fn marker(&self) -> Span {
        Span::new(self.start as usize, self.ordinal.marker_end as usize)
    }
}
