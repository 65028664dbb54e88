//! Pronunciation glosses in brackets, which some sites put after a character: `發(fā)展`,
//! `党(dang)`.

use crate::text::Cursor;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::fold::narrow;

/// Maximum length of a gloss in chars, brackets included: a few syllables.
const MAX_GLOSS: usize = 32;

/// Minimum number of glosses in a text for those without tone marks to count; fewer may be
/// abbreviations.
const MIN_TONELESS: usize = 3;

/// Candidate glosses of a text, accepted or rejected together.
#[derive(Debug, Default)]
pub(super) struct Glosses {
    /// The span of each with its brackets, and whether it has tone marks or bopomofo.
    candidates: Vec<(Span, bool)>,
}

impl Glosses {
    /// Adds a candidate if the bracket at `at` opens one; `before` is the char before the bracket,
    /// `cursor` is after it.
    pub(super) fn check_bracket(&mut self, at: usize, before: char, cursor: &Cursor<'_>) {
        if !is_hanzi(before) {
            return;
        }
        let mut syllable = String::new();
        let (mut toned, mut bopomofo, mut syllables) = (false, false, 0);
        for (end, c) in cursor.clone().take(MAX_GLOSS) {
            let c = narrow(c);
            match c {
                ')' | ']' | '〕' => {
                    syllables += usize::from(!syllable.is_empty());
                    let sound = toned || (syllables == 1 && is_syllable(&syllable));
                    if syllables > 0 && (sound || bopomofo) {
                        self.candidates.push((Span::new(at, end + 1), toned || bopomofo));
                    }
                    return;
                }
                'ㄅ'..='ㄯ' | 'ˊ' | 'ˇ' | 'ˋ' | '˙' => {
                    bopomofo = true;
                    syllable.push(c);
                }
                '\u{300}' | '\u{301}' | '\u{304}' | '\u{30C}' => toned = true,
                _ if is_blank(c) || c == '\'' || c == '·' => {
                    syllables += usize::from(!syllable.is_empty());
                    syllable.clear();
                }
                _ => match strip_tone(c) {
                    Some((letter, has_tone)) => {
                        toned |= has_tone;
                        syllable.push(letter);
                        if syllable.len() > 8 {
                            return;
                        }
                    }
                    None => return,
                },
            }
        }
    }

    /// Appends the candidates of the text that follows.
    pub(super) fn append(&mut self, other: Self) {
        self.candidates.extend(other.candidates);
    }

    /// The glosses to remove.
    pub(super) fn accepted(&self) -> impl Iterator<Item = Span> {
        let all = self.candidates.len() >= MIN_TONELESS;
        self.candidates.iter().filter(move |(_, toned)| all || *toned).map(|(span, _)| *span)
    }
}

/// Whether `c` is an ideograph.
fn is_hanzi(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// The letter of a pinyin letter with or without tone mark, and whether it had one: ǎ gives a,
/// and ü gives v.
fn strip_tone(c: char) -> Option<(char, bool)> {
    Some(match c {
        'a'..='z' => (c, false),
        'ā' | 'á' | 'ǎ' | 'ă' | 'à' => ('a', true),
        'ē' | 'é' | 'ě' | 'ĕ' | 'è' | 'ê' => ('e', true),
        'ī' | 'í' | 'ǐ' | 'ĭ' | 'ì' => ('i', true),
        'ō' | 'ó' | 'ǒ' | 'ŏ' | 'ò' => ('o', true),
        'ū' | 'ú' | 'ǔ' | 'ŭ' | 'ù' => ('u', true),
        'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => ('v', true),
        'ü' => ('v', false),
        'ń' | 'ň' | 'ǹ' => ('n', true),
        'ɑ' => ('a', false),
        'ɡ' => ('g', false),
        _ => return None,
    })
}

/// Whether `text` is spelled like a Mandarin syllable: an initial or none, and a final.
fn is_syllable(text: &str) -> bool {
    const INITIALS: [&str; 23] =
        ["zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", "y", "w"];
    const FINALS: [&str; 36] = [
        "a", "o", "e", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "ong", "i", "ia", "ie", "iao", "iu", "ian", "in", "iang", "ing",
        "iong", "u", "ua", "uo", "uai", "ui", "uan", "un", "uang", "ue", "v", "ve", "er", "uen", "iou",
    ];
    if text.len() < 2 {
        return false;
    }
    let final_letters = INITIALS.iter().find_map(|initial| text.strip_prefix(initial)).unwrap_or(text);
    FINALS.contains(&final_letters)
}

#[cfg(test)]
mod tests {
    use crate::text::RemovedKind;
    use crate::text::SourceText;
    use crate::text::clean::scan::scan;

    fn without_glosses(text: &str) -> String {
        let source = SourceText::from(text);
        let cleaning =
            crate::text::Cleaning::new(scan(&source).removed.into_iter().filter(|(_, kind)| *kind == RemovedKind::Gloss).collect());
        cleaning.text(&source, source.span())
    }

    #[test]
    fn a_toned_gloss_is_always_removed() {
        assert_eq!(without_glosses("發(fā)展經（jīng）濟，踔厉(chuō lì)奋发"), "發展經濟，踔厉奋发");
        assert_eq!(without_glosses("发（ｆā）展"), "发展");
    }

    #[test]
    fn toneless_glosses_are_removed_if_there_are_three() {
        assert_eq!(without_glosses("党(dang)的建设"), "党(dang)的建设");
        assert_eq!(without_glosses("党(dang)的建(jian)设(she)"), "党的建设");
    }

    #[test]
    fn other_brackets_are_kept() {
        for text in ["互联网(web)与手机(app)和系统(IT)", "增长(约三成)", "镇(区)村(社区)", "第(1)项", "（a）", "党(dāng"]
        {
            assert_eq!(without_glosses(text), text);
        }
    }
}
