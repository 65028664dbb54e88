//! Where reading a speech goes on: its saved position in the text as it is now.

use pizhu_annotation::SpeechHash;
use pizhu_annotation::anchor::TextComparison;
use pizhu_annotation::store::KeptTexts;
use pizhu_library::reading_state::ReadingPosition;
use pizhu_text::document::Document;
use pizhu_text::text::SourceText;

/// Maximum length in chars of a text that is hashed at once: a few milliseconds.
const MAX_HASHED_CHARS: usize = 400_000;

/// A saved position in the open text.
pub(crate) struct PlaceInText {
    /// What is shown at once.
    pub(crate) shown: ReadingPosition,
    /// The position as it was saved, if its exact place is to be found.
    pub(crate) to_find: Option<ReadingPosition>,
}

impl PlaceInText {
    /// A position in a text. As long as the text is incomplete it is not known whether it has changed.
    pub(crate) fn new(position: &ReadingPosition, document: &Document) -> Self {
        if !document.is_final || is_saved_in(position, &document.source) {
            return Self { shown: position.clone(), to_find: None };
        }
        let to_find = position.text.is_some().then(|| position.clone());
        Self { shown: scaled_to(position, &document.source), to_find }
    }
}

/// Whether a position was saved in this very text.
fn is_saved_in(position: &ReadingPosition, source: &SourceText) -> bool {
    position.text.is_some() && position.text == KeptTexts::name(source)
}

/// The position in the text `source`, scaled to its length.
fn scaled_to(position: &ReadingPosition, source: &SourceText) -> ReadingPosition {
    let length = source.len();
    let scaled = ReadingPosition { offset: position.resume_offset(length), marks: position.scaled_marks(length), ..position.clone() };
    ReadingPosition { furthest: position.scaled_furthest(length), length, ..scaled }
}

/// The position in the text `source`, where its chars went; scaled to its length if the text it was
/// saved in is not at hand. Long texts are compared for a while: not on the drawing thread.
pub(crate) fn position_in(position: &ReadingPosition, source: &SourceText, texts: Option<&KeptTexts>) -> ReadingPosition {
    if is_saved_in(position, source) {
        return position.clone();
    }
    let kept = texts.and_then(|texts| texts.read(position.text.as_deref()?));
    let comparison = kept.as_ref().and_then(|kept| TextComparison::new(kept, source));
    let (Some(kept), Some(comparison)) = (kept, comparison) else { return scaled_to(position, source) };
    let length = source.len();
    position.placed(length, |offset| match offset {
        0 => 0,
        end if end >= kept.len() => length,
        offset => comparison.nearest(offset).unwrap_or(0),
    })
}

/// The identity of a text that has been read to its end and is short enough to be hashed before it is
/// drawn. That of a longer one comes with its annotations.
pub(crate) fn hash_if_short(document: &Document) -> Option<SpeechHash> {
    (document.is_final && document.source.len() <= MAX_HASHED_CHARS).then(|| SpeechHash::from_text(&document.source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_annotation::model::now;
    use pizhu_text::document::{Hints, parse, parse_provisional};
    use std::collections::BTreeMap;

    const TEXT: &str = "同志们：\n一、抓好人才工作。要把人才放在心上，用当其时，各展其能。\n二、抓好基层党建。把支部建在一线。\n";

    fn offset(text: &str, word: &str) -> usize {
        text.chars().count() - text[text.find(word).unwrap()..].chars().count()
    }

    #[test]
    fn reading_positions_follow_their_chars() {
        let dir = tempfile::tempdir().unwrap();
        let texts = KeptTexts::new(dir.path().join("texts"));
        let saved = ReadingPosition {
            offset: offset(TEXT, "抓好基层"),
            furthest: TEXT.chars().count(),
            length: TEXT.chars().count(),
            opened: now(),
            hash: None,
            text: texts.keep(&TEXT.into()),
            marks: BTreeMap::from([("a".to_owned(), offset(TEXT, "各展其能"))]),
        };
        let (first, rest) = TEXT.split_once('\n').unwrap();
        let edited = format!("{first}\n{}{rest}", "新添的一段话，说的是别的事。".repeat(20));
        let placed = position_in(&saved, &edited.as_str().into(), Some(&texts));
        assert_eq!((placed.offset, placed.marks["a"]), (offset(&edited, "抓好基层"), offset(&edited, "各展其能")));
        assert_eq!(placed.furthest, edited.chars().count(), "read to the end");
        // Without the text it is scaled.
        assert_ne!(position_in(&saved, &edited.as_str().into(), None).offset, placed.offset);
        assert_eq!(position_in(&saved, &TEXT.into(), Some(&texts)), saved);
    }

    #[test]
    fn place_is_shown_at_once_and_found_later_where_the_text_has_changed() {
        let dir = tempfile::tempdir().unwrap();
        let texts = KeptTexts::new(dir.path().to_owned());
        let length = TEXT.chars().count();
        let document = |text: &str| parse(text.into(), &Hints::default());
        let saved = |text| ReadingPosition {
            offset: length / 2,
            furthest: length,
            length,
            opened: now(),
            hash: None,
            text,
            marks: BTreeMap::new(),
        };
        let twice = TEXT.repeat(2);
        let kept = saved(texts.keep(&TEXT.into()));
        let same = PlaceInText::new(&kept, &document(TEXT));
        assert_eq!((same.shown.offset, same.to_find), (length / 2, None));
        let changed = PlaceInText::new(&kept, &document(&twice));
        assert_eq!((changed.shown.length, changed.to_find), (2 * length, Some(kept)));
        assert!(PlaceInText::new(&saved(None), &document(&twice)).to_find.is_none(), "the text it was saved in is not at hand");
        let provisional = parse_provisional(twice.as_str().into(), &Hints::default());
        assert_eq!(PlaceInText::new(&saved(None), &provisional).shown.length, length, "it may not have changed");
        assert!(hash_if_short(&provisional).is_none() && hash_if_short(&document(TEXT)).is_some());
    }
}
