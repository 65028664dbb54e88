//! Folding of script, width and case, char by char.
//!
//! Traditional becomes simplified, full-width half-width, upper case lower case. One char folds to
//! one char, so char offsets of a text hold in its folded form; byte offsets may not. Queries and
//! texts are folded alike.

use std::{collections::HashMap, sync::LazyLock};
use unicode_normalization::UnicodeNormalization as _;

include!(concat!(env!("OUT_DIR"), "/simplified.rs"));

/// First ideograph of the dense table (U+3400, CJK Extension A).
const FIRST_IDEOGRAPH: u32 = 0x3400;

/// Maps a traditional ideograph to its simplified form (織 to 织); returns any other char unchanged.
#[must_use]
pub fn simplify(c: char) -> char {
    let code = u32::from(c);
    if code < FIRST_IDEOGRAPH {
        return c;
    }
    match usize::try_from(code - FIRST_IDEOGRAPH).ok().and_then(|index| DENSE.get(index)) {
        Some(0) => return c,
        Some(&to) if to > 1 => return char::from_u32(u32::from(to)).unwrap_or(c),
        _ => {}
    }
    SPARSE.binary_search_by_key(&c, |pair| pair.0).map_or(c, |found| SPARSE[found].1)
}

/// Maps a full-width char to its half-width form (Ａ to A), a small or vertical mark to the common one (﹑ to 、)
/// and a compatibility ideograph to the unified one, all by NFKC if that gives one char; returns any other char unchanged.
#[must_use]
pub fn narrow(c: char) -> char {
    match c {
        '\u{3000}' | '\u{A0}' => ' ',
        // By its look a leader of two dots, in Big5 texts the colon.
        '\u{FE30}' => ':',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{F900}'..='\u{FAFF}'
        | '\u{FE31}'..='\u{FE6F}'
        | '\u{FF5F}'..='\u{FFEF}'
        | '\u{2F800}'..='\u{2FA1F}'
        | '\u{2E80}'..='\u{2FDF}' => {
            let mut chars = std::iter::once(c).nfkc();
            match (chars.next(), chars.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        }
        _ => c,
    }
}

/// Folds script, width and case: the form in which texts are searched and compared.
///
/// ```
/// use pizhu_text::text::fold::fold;
///
/// assert_eq!((fold('織'), fold('Ａ'), fold('（')), ('织', 'a', '('));
/// ```
#[must_use]
pub fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let c = narrow(c);
    if u32::from(c) >= FIRST_IDEOGRAPH {
        return simplify(c);
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// Folds every char of a text; the char count stays the same.
///
/// ```
/// use pizhu_text::text::fold::fold_text;
///
/// assert_eq!(fold_text("組織ＡＢＣ（一）："), "组织abc(一):");
/// ```
#[must_use]
pub fn fold_text(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// All chars that fold to `folded`, with `folded` itself first if it folds to itself: the inverse
/// of [`fold`]. A search looks for any of these instead of folding the text.
///
/// ```
/// use pizhu_text::text::fold::variants;
///
/// let variants = variants('织');
/// assert_eq!(variants[0], '织');
/// assert!(variants.contains(&'織'));
/// ```
#[must_use]
pub fn variants(folded: char) -> Vec<char> {
    static UNFOLD: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
        let ideographs = (FIRST_IDEOGRAPH..).zip(&DENSE).filter(|(_, to)| **to != 0).filter_map(|(code, _)| char::from_u32(code));
        let changed = ('\0'..char::from_u32(FIRST_IDEOGRAPH).unwrap_or('\u{10FFFF}'))
            .chain(ideographs)
            .chain(SPARSE.iter().map(|pair| pair.0))
            // Above the dense table only cased alphabets and compatibility forms change.
            .chain('\u{A640}'..='\u{ABFF}')
            .chain('\u{F900}'..='\u{FFEF}')
            .chain('\u{10400}'..='\u{10DFF}')
            .chain('\u{118A0}'..='\u{118BF}')
            .chain('\u{16E40}'..='\u{16EFF}')
            .chain('\u{1D400}'..='\u{1D7FF}')
            .chain('\u{1E900}'..='\u{1E921}')
            .chain('\u{1F100}'..='\u{1F2FF}')
            .chain('\u{2F800}'..='\u{2FA1F}');
        let mut unfold: HashMap<char, Vec<char>> = HashMap::new();
        for c in changed {
            let to = fold(c);
            if to != c {
                unfold.entry(to).or_default().push(c);
            }
        }
        unfold
    });
    let itself = (fold(folded) == folded).then_some(folded);
    itself.into_iter().chain(UNFOLD.get(&folded).into_iter().flatten().copied().filter(|c| Some(*c) != itself)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn script_width_and_case_fold() {
        assert_eq!(fold_text("組織ＡＢＣ（一）："), "组织abc(一):");
        assert_eq!(fold_text("瞭解憑藉著幹部發展"), "了解凭借着干部发展");
        assert_eq!(fold('\u{F92D}'), fold('來'));
        assert_eq!(fold_text("﹙一﹚總務︰﹑︵﹗"), "(一)总务:、(!");
    }

    #[test]
    fn sparse_table_is_sorted() {
        assert!(SPARSE.is_sorted_by_key(|pair| pair.0));
    }

    #[test]
    fn variants_are_the_inverse_of_folding() {
        for c in '\0'..=char::MAX {
            let to = fold(c);
            if to != c || u32::from(c) % 97 == 0 {
                assert!(variants(to).contains(&c), "{c} folds to {to}");
                assert!(variants(to).iter().all(|variant| fold(*variant) == to), "{to}");
            }
        }
        assert_eq!(variants('织')[0], '织');
    }

    proptest! {
        #[test]
        fn folding_keeps_char_counts_and_is_idempotent(text in any::<String>()) {
            let folded = fold_text(&text);
            prop_assert_eq!(folded.chars().count(), text.chars().count());
        }
    }

    #[test]
    fn folding_twice_changes_nothing_more_for_ideographs() {
        for c in ('\u{3400}'..='\u{9FFF}').chain('\u{FF00}'..='\u{FFEF}').chain('\u{FE30}'..='\u{FE6F}') {
            assert_eq!(fold(fold(c)), fold(c), "{c}");
        }
    }
}
