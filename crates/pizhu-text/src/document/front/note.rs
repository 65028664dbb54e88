//! Notes that say whose speech a text is: where one may stand.

use crate::text::CjkSet;
use crate::text::Cursor;
use crate::text::cursor::is_blank;
use crate::text::fold::fold;

/// Chars that neither begin a note nor stand before one.
static NO_NOTE_START: CjkSet =
    CjkSet::ideographs_except(&['这', '這', '本', '此', '以', '下']).with(&['，', '。', '、', '；', '“', '”', '！', '？']);

/// Whether a line may hold a note that `FrontReader::read_note` reads: one of its first words stands
/// at the start or after a mark.
pub(in crate::document) fn may_hold_note(mut chars: Cursor<'_>) -> bool {
    let mut marked = true;
    while let Some((_, c)) = chars.next() {
        match c {
            '这' | '這' | '本' | '此' | '以' | '下' => {
                if marked && chars.peek().is_some_and(|(_, next)| matches!(next, '是' | '文' | '篇' | '件' | '下' | '面')) {
                    return true;
                }
                marked = false;
            }
            '\u{4E00}'..='\u{9FFF}' | '，' | '。' | '、' | '；' => marked = false,
            _ if is_blank(c) => marked |= NOTE_MARKS.contains(&fold(c)),
            _ => marked = NOTE_MARKS.contains(&fold(c)),
        }
        if chars.skip_run(&NO_NOTE_START).is_some() {
            marked = false;
        }
    }
    false
}

/// Marks that may stand before a note.
pub(super) const NOTE_MARKS: [char; 8] = ['*', '(', '[', '※', '【', ':', '〕', ' '];
