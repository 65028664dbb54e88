//! Pronunciation that a host puts in brackets behind a character: `發(fā)展`, `党(dang)`.

use crate::text::Cursor;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::fold::narrow;

/// Longest gloss in chars, brackets included: a few syllables.
const MAX_GLOSS: usize = 32;
/// Glosses without tone marks look like abbreviations; this many of them are no accident.
const MIN_TONELESS: usize = 3;

/// Collects what looks like a gloss and decides over the whole text.
#[derive(Debug, Default)]
pub(super) struct Glosses {
    found: Vec<(Span, bool)>,
}

impl Glosses {
    /// Looks at the bracket at `at`, which `cursor` is behind and `before` stands before.
    pub(super) fn look(&mut self, at: usize, before: char, cursor: &Cursor<'_>) {
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
                        self.found.push((Span::new(at, end + 1), toned || bopomofo));
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
                _ => match toneless(c) {
                    Some((letter, mark)) => {
                        toned |= mark;
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

    /// Adds what `other` found behind it.
    pub(super) fn append(&mut self, other: Self) {
        self.found.extend(other.found);
    }

    /// The glosses to take out.
    pub(super) fn accepted(&self) -> impl Iterator<Item = Span> {
        let all = self.found.len() >= MIN_TONELESS;
        self.found.iter().filter(move |(_, toned)| all || *toned).map(|(span, _)| *span)
    }
}

/// Whether `c` is an ideograph.
fn is_hanzi(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// A pinyin letter without its tone, and whether it had one.
fn toneless(c: char) -> Option<(char, bool)> {
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

/// Whether `text` is a syllable of Mandarin, so far as spelling tells: an initial and a final.
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
    let last = INITIALS.iter().find_map(|initial| text.strip_prefix(initial)).unwrap_or(text);
    FINALS.contains(&last)
}

#[cfg(test)]
mod tests {
    use crate::text::RemovedKind;
    use crate::text::SourceText;
    use crate::text::clean::scan::scan;

    fn without(text: &str) -> String {
        let source = SourceText::from(text);
        let cleaning =
            crate::text::Cleaning::new(scan(&source).removed.into_iter().filter(|(_, kind)| *kind == RemovedKind::Gloss).collect());
        cleaning.text(&source, source.span())
    }

    #[test]
    fn toned_glosses_go_at_once() {
        assert_eq!(without("發(fā)展經（jīng）濟，踔厉(chuō lì)奋发"), "發展經濟，踔厉奋发");
        assert_eq!(without("发（ｆā）展"), "发展");
    }

    #[test]
    fn toneless_ones_only_in_company() {
        assert_eq!(without("党(dang)的建设"), "党(dang)的建设");
        assert_eq!(without("党(dang)的建(jian)设(she)"), "党的建设");
    }

    #[test]
    fn other_brackets_stay() {
        for text in ["互联网(web)与手机(app)和系统(IT)", "增长(约三成)", "镇(区)村(社区)", "第(1)项", "（a）", "党(dāng"]
        {
            assert_eq!(without(text), text);
        }
    }
}
