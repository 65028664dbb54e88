//! Visible text: a form of any text that is safe to send to a terminal.
//!
//! A *sign* is a printable replacement. Control characters (C0, C1, and so every escape sequence),
//! bidirectional and other format controls, zero-width characters, combining marks without a base,
//! private use and noncharacters are shown as signs: C0 as control pictures (`␛`), the rest as
//! their code in angle brackets (`<202E>`). Every char of a sign is one cell wide in every
//! terminal. Variation selectors and the joiners inside emoji sequences are omitted.
//!
//! A *cluster* is the smallest piece of text that is drawn and selected as one: an extended
//! grapheme cluster (UAX #29), but emoji sequences are split into their parts, which all terminals
//! draw alike, and clusters of unlimited length are cut.
//!
//! Invariants: the clusters of a text are contiguous and hold all its chars; visible text has no
//! control character; time is linear in the length of the text.

use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthChar as _;

/// Maximum combining marks in a cluster; further ones are shown as signs.
const MAX_MARKS: usize = 8;

/// Maximum cells of a cluster of several letters.
const MAX_CELLS: usize = 2;

/// Kind of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClusterKind {
    /// Text that is drawn unchanged.
    Plain,
    /// White space other than a line feed.
    Space,
    /// A tab, drawn as one space, or wider in a layout with tab stops.
    Tab,
    /// A line feed, drawn as a sign if the text must stay on one line.
    LineFeed,
    /// A char that is drawn as a sign.
    Sign,
}

/// A cluster of a text, and how it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisibleCluster<'a> {
    /// Its text.
    pub source: &'a str,
    /// Its kind.
    pub kind: ClusterKind,
}

impl<'a> VisibleCluster<'a> {
    /// The text to draw: never empty, without control characters.
    #[must_use]
    pub fn visible_text(&self) -> Cow<'a, str> {
        match self.kind {
            ClusterKind::Plain if self.source.chars().any(is_omitted) => {
                Cow::Owned(self.source.chars().filter(|c| !is_omitted(*c)).collect())
            }
            ClusterKind::Plain => Cow::Borrowed(self.source),
            ClusterKind::Space if self.source == "\u{3000}" => Cow::Borrowed(self.source),
            ClusterKind::Space | ClusterKind::Tab => Cow::Borrowed(" "),
            ClusterKind::LineFeed | ClusterKind::Sign => Cow::Owned(self.source.chars().map(sign).collect()),
        }
    }
}

/// The clusters of `text`, in order.
///
/// ```
/// use pizhu_text::text::visible::clusters;
///
/// let drawn: Vec<_> = clusters("e\u{301}\u{7}👨\u{200D}👩").map(|cluster| cluster.visible_text()).collect();
/// assert_eq!(drawn, ["e\u{301}", "␇", "👨", "👩"]);
/// ```
#[must_use]
pub fn clusters(text: &str) -> VisibleClusters<'_> {
    clusters_from(text, 0)
}

/// The clusters of `text` from byte `at` on, where a cluster must begin.
#[must_use]
pub fn clusters_from(text: &str, at: usize) -> VisibleClusters<'_> {
    VisibleClusters { text, at, cluster_end: 0 }
}

/// Whether `c` is always a cluster of its own next to another char for which this holds: hanzi,
/// ASCII, CJK punctuation, spaces and line feeds.
#[must_use]
pub fn is_always_alone(c: char) -> bool {
    is_simple(c) || matches!(c, ' ' | '\n' | '\u{3000}')
}

/// Iterator over the clusters of a text.
#[derive(Debug, Clone)]
pub struct VisibleClusters<'a> {
    text: &'a str,
    at: usize,
    /// End, in bytes, of the grapheme cluster that is being split.
    cluster_end: usize,
}

impl<'a> Iterator for VisibleClusters<'a> {
    type Item = VisibleCluster<'a>;

    fn next(&mut self) -> Option<VisibleCluster<'a>> {
        let rest = &self.text[self.at..];
        let mut chars = rest.chars();
        let first = chars.next()?;
        if self.at >= self.cluster_end {
            // Fast path: neither this char nor the next can be part of a larger cluster.
            if is_always_alone(first) && chars.next().is_none_or(is_always_alone) {
                return Some(self.emit(first.len_utf8(), kind_of(first)));
            }
            let cluster = rest.graphemes(true).next().unwrap_or(rest);
            if cluster.len() == first.len_utf8() {
                return Some(self.emit(cluster.len(), kind_of(first)));
            }
            if let Some(len) = unsplit_len(cluster) {
                return Some(self.emit(len, ClusterKind::Plain));
            }
            self.cluster_end = self.at + cluster.len();
        }
        // A part of a split grapheme cluster: one char and the omitted chars after it.
        let part = &self.text[self.at..self.cluster_end.max(self.at + first.len_utf8())];
        let kind = kind_of(first);
        let more = match kind {
            ClusterKind::Plain if !is_zero_width(first) => part[first.len_utf8()..]
                .chars()
                .take_while(|c| is_omitted(*c) || *c == '\u{200D}')
                .take(MAX_MARKS)
                .map(char::len_utf8)
                .sum(),
            _ => 0,
        };
        Some(self.emit(first.len_utf8() + more, kind))
    }
}

impl<'a> VisibleClusters<'a> {
    /// Whether the next cluster is a further part of a grapheme cluster that is being split.
    #[must_use]
    pub fn is_within_grapheme(&self) -> bool {
        self.at < self.cluster_end
    }

    /// The cluster of the next `len` bytes.
    fn emit(&mut self, len: usize, kind: ClusterKind) -> VisibleCluster<'a> {
        let source = &self.text[self.at..self.at + len];
        self.at += len;
        VisibleCluster { source, kind }
    }
}

/// Bytes at the start of a grapheme cluster of several chars that stay together; `None` if it must
/// be split into chars: emoji sequences, and clusters with a char that needs a sign.
fn unsplit_len(cluster: &str) -> Option<usize> {
    let mut chars = cluster.chars();
    let base = chars.next()?;
    if kind_of(base) != ClusterKind::Plain {
        return None;
    }
    let joins = |c: char| c == '\u{200D}' || matches!(c, '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}');
    let mut len = base.len_utf8();
    let mut marks = 0;
    let mut cells = base.width().unwrap_or(0);
    for c in chars {
        if joins(c) || (needs_sign(c) && !is_zero_width(c)) {
            return None;
        }
        marks += usize::from(!is_omitted(c));
        let own = c.width().unwrap_or(0);
        cells += own;
        // Letters that join without limit (Korean initials, Indic conjuncts) are cut before they
        // take more cells than a terminal gives to one character.
        if marks > MAX_MARKS || (own > 0 && cells > MAX_CELLS) {
            break;
        }
        len += c.len_utf8();
    }
    Some(len)
}

/// Whether `c` is drawn unchanged and never forms a larger cluster with another such char.
fn is_simple(c: char) -> bool {
    matches!(c,
        '!'..='~' | '\u{3400}'..='\u{9FFF}' | '\u{3001}'..='\u{3029}' | '\u{FF01}'..='\u{FF5E}' | '\u{2010}'..='\u{2027}' | '\u{3041}'..='\u{3096}'
        | '\u{30A0}'..='\u{30FF}')
}

/// The kind of a cluster that is this char alone.
#[must_use]
pub fn kind_of(c: char) -> ClusterKind {
    match c {
        '\n' => ClusterKind::LineFeed,
        '\t' => ClusterKind::Tab,
        ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => ClusterKind::Space,
        _ if is_simple(c) => ClusterKind::Plain,
        _ if needs_sign(c) => ClusterKind::Sign,
        _ => ClusterKind::Plain,
    }
}

/// Whether the char, as a cluster of its own, is drawn as a sign.
fn needs_sign(c: char) -> bool {
    c.is_control() || is_format(c) || is_private(c) || is_zero_width(c)
}

/// Format controls (Unicode category Cf), the line and paragraph separators, and blank letters and
/// fillers.
fn is_format(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{890}' | '\u{891}' | '\u{8E2}' | '\u{115F}' | '\u{1160}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Private use and noncharacters.
fn is_private(c: char) -> bool {
    let code = u32::from(c);
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{F0000}'..) || code & 0xFFFE == 0xFFFE
}

fn is_zero_width(c: char) -> bool {
    c.width().is_none_or(|width| width == 0)
}

/// Variation selectors and the joiner, which are omitted from visible text.
fn is_omitted(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{200D}')
}

/// The sign for one char.
fn sign(c: char) -> Cow<'static, str> {
    match c {
        '\0'..='\u{1F}' => Cow::Owned(char::from_u32(0x2400 + u32::from(c)).unwrap_or('?').to_string()),
        '\u{7F}' => Cow::Borrowed("␡"),
        _ => Cow::Owned(format!("<{:02X}>", u32::from(c))),
    }
}

/// The sign for a char that drives a terminal, turns the order of what follows, or hides: control
/// characters, bidirectional controls, zero-width spaces. For documents, in which all else is kept
/// as it is.
///
/// ```
/// use pizhu_text::text::visible::control_sign;
///
/// assert_eq!(control_sign('\u{1B}').as_deref(), Some("␛"));
/// assert_eq!(control_sign('\u{A0}'), None);
/// ```
#[must_use]
pub fn control_sign(c: char) -> Option<Cow<'static, str>> {
    let is_invisible = matches!(c,
        '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
    (c.is_control() || is_invisible).then(|| sign(c))
}

/// The visible form of a text in one line: control characters, including line feeds and tabs,
/// become signs. Borrowed if nothing changes.
///
/// ```
/// use pizhu_text::text::visible::{visible, visible_lines};
///
/// assert_eq!(visible("青禾县\u{1B}[31m红\n"), "青禾县␛[31m红␊");
/// assert_eq!(visible_lines("一\n二\r"), "一\n二␍");
/// ```
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    to_visible(text, false)
}

/// The visible form of a text of several lines: as [`visible`], but line feeds are kept and a tab
/// becomes a space.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    to_visible(text, true)
}

/// Whether the text is safe to send to a terminal: [`visible`] would change only spaces and omit
/// selectors.
#[must_use]
pub fn is_terminal_safe(text: &str) -> bool {
    text.chars().all(is_simple) || clusters(text).all(|cluster| matches!(cluster.kind, ClusterKind::Plain | ClusterKind::Space))
}

fn to_visible(text: &str, keep_lines: bool) -> Cow<'_, str> {
    if text.chars().all(|c| is_simple(c) || matches!(c, ' ' | '\u{3000}') || (keep_lines && c == '\n')) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for cluster in clusters(text) {
        match cluster.kind {
            ClusterKind::LineFeed if keep_lines => out.push('\n'),
            ClusterKind::Tab if !keep_lines => out.push_str(&sign('\t')),
            _ => out.push_str(&cluster.visible_text()),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::width::AmbiguousWidth;
    use crate::text::width::grapheme_width;
    use proptest::prelude::*;

    #[test]
    fn controls_become_signs() {
        assert_eq!(visible("青禾县\u{1b}[31m红\u{7}"), "青禾县␛[31m红␇");
        assert_eq!(visible("a\u{9b}2Jb\u{7f}"), "a<9B>2Jb␡");
        assert_eq!(visible("x\u{202e}y\u{200b}z\u{feff}"), "x<202E>y<200B>z<FEFF>");
        assert_eq!(visible("\u{301}字\u{e000}"), "<301>字<E000>");
        assert_eq!(visible("一\n二\t三"), "一␊二␉三");
        assert_eq!(visible_lines("一\n二\r"), "一\n二␍");
    }

    #[test]
    fn ordinary_text_is_unchanged() {
        assert_eq!(visible("“青禾”——α é e\u{301} ①"), "“青禾”——α é e\u{301} ①");
        assert!(matches!(visible("青禾县 2024 年"), Cow::Borrowed(_)));
        assert_eq!(visible("❤\u{fe0f}"), "❤");
        assert_eq!(visible("葛\u{e0100}"), "葛");
        assert_eq!(visible("\u{a0}"), " ");
    }

    #[test]
    fn emoji_sequences_are_split() {
        let parts: Vec<_> = clusters("👨\u{200d}👩\u{200d}👧").map(|cluster| cluster.visible_text().into_owned()).collect();
        assert_eq!(parts, ["👨", "👩", "👧"]);
        assert_eq!(clusters("👍🏽").count(), 2);
        assert_eq!(clusters("🇨🇳").count(), 2);
        assert_eq!(clusters("e\u{301}").count(), 1);
    }

    #[test]
    fn long_sequences_of_marks_are_cut() {
        let text = format!("e{}", "\u{301}".repeat(100_000));
        let all: Vec<_> = clusters(&text).collect();
        assert_eq!(all[0].source.chars().count(), 1 + MAX_MARKS);
        assert_eq!(all.len(), 1 + 100_000 - MAX_MARKS);
    }

    #[test]
    fn long_conjuncts_are_cut() {
        let shown = |text: &str| clusters(text).map(|cluster| cluster.source.to_owned()).collect::<Vec<_>>();
        assert_eq!(shown(&"\u{1100}".repeat(9)).len(), 9);
        assert_eq!(shown("\u{1100}\u{1161}\u{11a8}").len(), 1);
        assert_eq!(shown("\u{1100}\u{1100}\u{1161}"), ["\u{1100}", "\u{1100}\u{1161}"]);
    }

    fn dirty() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            Just("青".to_owned()),
            Just("\u{200d}".to_owned()),
            Just("\u{301}".to_owned()),
            Just("👩".to_owned()),
            Just("\u{1f3fd}".to_owned()),
            Just("\u{1f1e8}".to_owned()),
            Just("\u{fe0f}".to_owned()),
            Just("\r\n".to_owned()),
            Just("각".to_owned()),
            Just("\u{1100}\u{1161}".to_owned()),
        ];
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn clusters_hold_all_chars_and_draw_no_control(text in dirty()) {
            let all: Vec<_> = clusters(&text).collect();
            prop_assert_eq!(all.iter().map(|cluster| cluster.source).collect::<String>(), text.clone());
            for cluster in &all {
                let shown = cluster.visible_text();
                prop_assert!(!shown.is_empty());
                prop_assert!(!shown.chars().any(|c| c.is_control() || is_format(c) || is_private(c)), "{:?}", shown);
                if cluster.kind != ClusterKind::LineFeed {
                    prop_assert!(grapheme_width(&shown, AmbiguousWidth::Narrow) > 0, "{:?}", cluster);
                }
            }
            prop_assert!(!visible(&text).chars().any(char::is_control));
        }
    }
}
