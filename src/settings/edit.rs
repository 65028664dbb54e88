//! Edits single values of a RON file and leaves everything else as it is.
//!
//! The tokenizer knows only strings, chars, comments and brackets of RON: enough to find the
//! entries of the outermost struct in a text that parses.

use std::ops::Range;

/// Byte ranges of an entry of the outermost struct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EntryRange {
    /// The name.
    pub key: Range<usize>,
    /// The value, without surrounding white space and comments.
    pub value: Range<usize>,
}

/// A token: a bracket, colon or comma, or any other piece.
struct Token {
    range: Range<usize>,
    kind: TokenKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    Open,
    Close,
    Colon,
    Comma,
    Other,
}

/// The entries of the outermost struct; `text` must parse as RON.
pub(super) fn entries(text: &str) -> Vec<EntryRange> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut key: Option<Range<usize>> = None;
    let mut value: Option<Range<usize>> = None;
    // At depth 1, a key is the token before a colon; the value extends to the comma.
    let mut after_colon = false;
    for token in tokens(text) {
        let ends = depth == 1 && matches!(token.kind, TokenKind::Comma | TokenKind::Close);
        if ends {
            if let (true, Some(key), Some(value)) = (after_colon, key.take(), value.take()) {
                found.push(EntryRange { key, value });
            }
            (key, value, after_colon) = (None, None, false);
        }
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        // An opening bracket at depth 1 has already raised the depth to 2.
        if ends || depth == 0 || (depth == 1 && token.kind == TokenKind::Open && !after_colon) {
            continue;
        }
        if after_colon {
            value = Some(value.map_or(token.range.clone(), |value| value.start..token.range.end));
        } else if depth == 1 && token.kind == TokenKind::Colon {
            after_colon = true;
        } else if depth == 1 && token.kind == TokenKind::Other {
            key = Some(token.range);
        }
    }
    found
}

/// Replaces the value of `key` in the outermost struct, or adds the entry at its end.
///
/// `set_value("(a: 1)", "b", "2")` gives `(a: 1,\n    b: 2,\n)`.
pub(super) fn set_value(text: &str, key: &str, value: &str) -> String {
    let entries = entries(text);
    if let Some(entry) = entries.iter().find(|entry| &text[entry.key.clone()] == key) {
        return format!("{}{value}{}", &text[..entry.value.start], &text[entry.value.end..]);
    }
    let all: Vec<Token> = tokens(text).collect();
    let Some(close) = all.iter().rposition(|token| token.kind == TokenKind::Close) else {
        return format!("({key}: {value})");
    };
    // Insert before the closing bracket, after a comment there; a missing comma goes after the last
    // token.
    let at = all[close].range.start;
    let comma = match close.checked_sub(1).map(|before| all[before].kind) {
        Some(TokenKind::Comma | TokenKind::Open) if all[close - 1].kind == TokenKind::Comma || entries.is_empty() => None,
        _ => close.checked_sub(1).map(|before| all[before].range.end),
    };
    let before = match comma {
        Some(end) => format!("{},{}", &text[..end], &text[end..at]),
        None => text[..at].to_owned(),
    };
    let line = if before.ends_with('\n') { "" } else { "\n" };
    format!("{before}{line}    {key}: {value},\n{}", &text[at..])
}

/// The tokens of `text` without white space and comments.
fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += skip_len(&text[at..]);
        let rest = &text[at..];
        let first = rest.chars().next()?;
        let (len, kind) = match first {
            '(' | '[' | '{' => (1, TokenKind::Open),
            ')' | ']' | '}' => (1, TokenKind::Close),
            ':' => (1, TokenKind::Colon),
            ',' => (1, TokenKind::Comma),
            '"' => (string_len(rest), TokenKind::Other),
            '\'' => (char_len(rest), TokenKind::Other),
            'r' | 'b' if raw_string_len(rest).is_some() => (raw_string_len(rest).unwrap_or(1), TokenKind::Other),
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || "()[]{}:,\"'/".contains(c)).unwrap_or(rest.len());
                (end.max(first.len_utf8()), TokenKind::Other)
            }
        };
        let range = at..at + len;
        at = range.end;
        Some(Token { range, kind })
    })
}

/// Byte length of leading white space and comments.
fn skip_len(text: &str) -> usize {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.starts_with("//") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if rest.starts_with("/*") {
            // Block comments nest.
            let mut depth = 0;
            let mut at = 0;
            loop {
                let here = &rest[at..];
                if here.starts_with("/*") {
                    depth += 1;
                    at += 2;
                } else if here.starts_with("*/") {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        break;
                    }
                } else if let Some(c) = here.chars().next() {
                    at += c.len_utf8();
                } else {
                    break;
                }
            }
            rest = &rest[at..];
        } else {
            return text.len() - rest.len();
        }
    }
}

/// Byte length of a string literal with escapes.
fn string_len(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Byte length of a char literal.
fn char_len(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Byte length of `r"…"`, `r#"…"#`, or a byte string of either kind.
fn raw_string_len(text: &str) -> Option<usize> {
    let body = text.strip_prefix('b').unwrap_or(text);
    let bytes = text.len() - body.len();
    let Some(body) = body.strip_prefix('r') else {
        return (bytes == 1 && body.starts_with('"')).then(|| 1 + string_len(body));
    };
    let hashes = body.len() - body.trim_start_matches('#').len();
    let inside = body[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let len = inside.find(&end)? + end.len();
    Some(bytes + 1 + hashes + 1 + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(&str, &str)> {
        entries(text).into_iter().map(|entry| (&text[entry.key], &text[entry.value])).collect()
    }

    #[test]
    fn entries_are_found_among_comments_and_nested_values() {
        let text = r##"// (x: 1)
            ( a : "b,\"c: ) 人", /* d: 2, /* ( */ */ e: {"f": (g: 1), 'h': ':'}, // i: 3
              j: Some(r#"k" , l: 1"#), m: b"n:", o: r"p\", q: [1, 2] )"##;
        let expected = [
            ("a", r#""b,\"c: ) 人""#),
            ("e", r#"{"f": (g: 1), 'h': ':'}"#),
            ("j", r##"Some(r#"k" , l: 1"#)"##),
            ("m", "b\"n:\""),
            ("o", r#"r"p\""#),
            ("q", "[1, 2]"),
        ];
        assert_eq!(pairs(text), expected);
        assert!(pairs("()").is_empty() && pairs("").is_empty() && pairs("(\"a").is_empty());
    }

    #[test]
    fn set_value_replaces_or_adds_an_entry() {
        assert_eq!(set_value("(a: 1, b: 2)", "a", "3"), "(a: 3, b: 2)");
        assert_eq!(set_value("(a: 1)", "b", "2"), "(a: 1,\n    b: 2,\n)");
        assert_eq!(set_value("(\n    a: 1, // one\n)\n", "b", "2"), "(\n    a: 1, // one\n    b: 2,\n)\n");
        assert_eq!(set_value("(\n    a: (1) // one\n)", "b", "2"), "(\n    a: (1), // one\n    b: 2,\n)");
        assert_eq!(set_value("()", "b", "2"), "(\n    b: 2,\n)");
    }
}
