//! Lone surrogates in JSON: `"\ud83d"` alone, which Python writes of text that it could not decode, is
//! half of a character above U+FFFF and cannot be read as text.

use std::borrow::Cow;

/// Length in bytes of an escape `\uXXXX`.
const ESCAPE: usize = 6;

/// JSON with `\ufffd` in place of each escape of a lone surrogate, as an undecodable sequence of a file
/// is read as U+FFFD. Example: `"甲\ud83d"` gives `"甲\ufffd"`, and `"\ud83d\ude00"` stays.
pub(super) fn replace_lone_surrogates(json: &[u8]) -> Cow<'_, [u8]> {
    let mut replaced = Cow::Borrowed(json);
    let mut at = 0;
    while let Some(found) = json.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\\')) {
        at += found;
        let (unit, next) = (code_unit(json, at), code_unit(json, at + ESCAPE));
        at += match (unit, next) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 2 * ESCAPE,
            (Some(0xD800..=0xDFFF), _) => {
                replaced.to_mut()[at..at + ESCAPE].copy_from_slice(br"\ufffd");
                ESCAPE
            }
            (Some(_), _) => ESCAPE,
            // `\\`, `\"`, `\n` …
            (None, _) => 2,
        };
    }
    replaced
}

/// The UTF-16 code unit of the escape `\uXXXX` at a byte offset; `None` if there is no such escape.
fn code_unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + ESCAPE)?.strip_prefix(br"\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_surrogates_are_replaced() {
        let replaced = |json: &str| String::from_utf8(replace_lone_surrogates(json.as_bytes()).into_owned()).unwrap();
        assert_eq!(replaced(r#""a\ud83d\n\uDE00b\ud83d""#), r#""a\ufffd\n\ufffdb\ufffd""#);
        assert_eq!(replaced(r#""\ud83d\ud83d\ude00""#), r#""\ufffd\ud83d\ude00""#);
        for same in [r#""\ud83d\ude00\u7532""#, r#""\\ud83d""#, r#""\ud8"#, r#""\ud83""#, "\"甲\\", ""] {
            assert_eq!(replaced(same), same);
        }
    }
}
