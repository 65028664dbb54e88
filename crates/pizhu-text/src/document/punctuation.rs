//! Punctuation that ends sentences, clauses and titles.

use crate::text::{SourceText, Span};
use memchr::memmem;

/// Whether `c` ends a sentence or clause, so that a line may end after it.
pub(super) fn is_closing(c: char) -> bool {
    is_stop(c) || matches!(c, '…' | '.' | '”' | '』' | '」' | '"' | '’' | '）' | ')' | '｡' | '》' | '】' | '］' | ']')
}

/// Whether a line that ends in `c` is complete: only a hard wrap continues it.
pub(super) fn is_finished(c: char) -> bool {
    is_closing(c) && !matches!(c, '；' | ';')
}

/// Whether a title ends before `c`: it ends a clause or sentence.
pub(super) fn is_stop(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | '：' | '!' | '?' | ';' | ':' | '｡' | '︰' | '﹔' | '﹕' | '﹖' | '﹗')
}

/// The marks that end a title or a sentence in a text: those of [`is_stop`], and `.` in a text
/// typed with half-width punctuation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SentenceEnders {
    half_width: bool,
}

impl SentenceEnders {
    /// Number of chars that are sampled.
    const SAMPLE_CHARS: usize = 64 * 1024;

    /// Detects whether the text uses `.` as full stop.
    pub(super) fn new(source: &SourceText) -> Self {
        let head = || source.pieces(Span::new(0, Self::SAMPLE_CHARS.min(source.len())));
        let is_full_stop = |piece: &str, at: usize| piece.get(..at).and_then(|head| head.chars().next_back()).is_some_and(may_precede_stop);
        let dots: usize =
            head().map(|piece| memchr::memchr_iter(b'.', piece.as_bytes()).filter(|at| is_full_stop(piece, *at)).count()).sum();
        // One or two dots are separators in names.
        let half_width =
            dots > 2 && head().flat_map(|piece| memmem::find_iter(piece.as_bytes(), "。")).take(dots / 4 + 1).count() * 4 <= dots;
        Self { half_width }
    }

    /// Whether a title ends before `c`; `before` is the char before it.
    pub(super) fn is_stop(self, before: char, c: char) -> bool {
        is_stop(c) || self.is_half_width_stop(before, c)
    }

    /// Whether `c` is a half-width full stop; `before` is the char before it.
    pub(super) fn is_half_width_stop(self, before: char, c: char) -> bool {
        c == '.' && self.half_width && may_precede_stop(before)
    }
}

/// Whether a `.` after `c` may be a full stop; it is none after figures and Latin letters.
fn may_precede_stop(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '）' | ')' | '”' | '"' | '』' | '」' | '》' | '%' | '％')
}
