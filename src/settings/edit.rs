//! Changing a value in the file without touching anything else.
//!
//! A scanner over RON that knows no more than strings, chars, comments and brackets: enough to
//! find the entries of the outermost struct in a text that parses.

use std::ops::Range;

/// An entry of the outermost struct, by byte ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its name.
    pub key: Range<usize>,
    /// Its value, without white space and comments around.
    pub value: Range<usize>,
}

/// A token: a bracket, a colon or comma, or anything else as one piece.
struct Token {
    range: Range<usize>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open,
    Close,
    Colon,
    Comma,
    Other,
}

/// The entries of the outermost struct of a text that parses as RON.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut key: Option<Range<usize>> = None;
    let mut value: Option<Range<usize>> = None;
    // What stands at depth 1 before a colon is a key; what follows it up to the comma its value.
    let mut named = false;
    for token in tokens(text) {
        let ends = depth == 1 && matches!(token.kind, Kind::Comma | Kind::Close);
        if ends {
            if let (true, Some(key), Some(value)) = (named, key.take(), value.take()) {
                found.push(Entry { key, value });
            }
            (key, value, named) = (None, None, false);
        }
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        // An opening bracket at depth 1 has raised the depth to 2 by now.
        if ends || depth == 0 || (depth == 1 && token.kind == Kind::Open && !named) {
            continue;
        }
        if named {
            value = Some(value.map_or(token.range.clone(), |value| value.start..token.range.end));
        } else if depth == 1 && token.kind == Kind::Colon {
            named = true;
        } else if depth == 1 && token.kind == Kind::Other {
            key = Some(token.range);
        }
    }
    found
}

/// `text` with the value of `key` in the outermost struct replaced, or added at its end.
pub(super) fn set(text: &str, key: &str, value: &str) -> String {
    let entries = entries(text);
    if let Some(entry) = entries.iter().find(|entry| &text[entry.key.clone()] == key) {
        return format!("{}{value}{}", &text[..entry.value.start], &text[entry.value.end..]);
    }
    let all: Vec<Token> = tokens(text).collect();
    let Some(close) = all.iter().rposition(|token| token.kind == Kind::Close) else {
        return format!("({key}: {value})");
    };
    // Behind the last token before the closing bracket, a comment there included by the line end.
    let at = all[close].range.start;
    let comma = match close.checked_sub(1).map(|before| all[before].kind) {
        Some(Kind::Comma | Kind::Open) if all[close - 1].kind == Kind::Comma || entries.is_empty() => None,
        _ => close.checked_sub(1).map(|before| all[before].range.end),
    };
    let before = match comma {
        Some(end) => format!("{},{}", &text[..end], &text[end..at]),
        None => text[..at].to_owned(),
    };
    let line = if before.ends_with('\n') { "" } else { "\n" };
    format!("{before}{line}    {key}: {value},\n{}", &text[at..])
}

/// The tokens of `text`, white space and comments left out.
fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += skip(&text[at..]);
        let rest = &text[at..];
        let first = rest.chars().next()?;
        let (len, kind) = match first {
            '(' | '[' | '{' => (1, Kind::Open),
            ')' | ']' | '}' => (1, Kind::Close),
            ':' => (1, Kind::Colon),
            ',' => (1, Kind::Comma),
            '"' => (string(rest), Kind::Other),
            '\'' => (character(rest), Kind::Other),
            'r' | 'b' if raw(rest).is_some() => (raw(rest).unwrap_or(1), Kind::Other),
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || "()[]{}:,\"'/".contains(c)).unwrap_or(rest.len());
                (end.max(first.len_utf8()), Kind::Other)
            }
        };
        let range = at..at + len;
        at = range.end;
        Some(Token { range, kind })
    })
}

/// The length of white space and comments at the start.
fn skip(text: &str) -> usize {
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

/// The length of a quoted string with escapes.
fn string(text: &str) -> usize {
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

/// The length of a char literal.
fn character(text: &str) -> usize {
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

/// The length of `r"…"`, `r#"…"#`, and the byte strings of either kind.
fn raw(text: &str) -> Option<usize> {
    let body = text.strip_prefix('b').unwrap_or(text);
    let bytes = text.len() - body.len();
    let Some(body) = body.strip_prefix('r') else {
        return (bytes == 1 && body.starts_with('"')).then(|| 1 + string(body));
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
    fn entries_are_found_whatever_stands_around() {
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
    fn a_value_is_replaced_or_added() {
        assert_eq!(set("(a: 1, b: 2)", "a", "3"), "(a: 3, b: 2)");
        assert_eq!(set("(a: 1)", "b", "2"), "(a: 1,\n    b: 2,\n)");
        assert_eq!(set("(\n    a: 1, // one\n)\n", "b", "2"), "(\n    a: 1, // one\n    b: 2,\n)\n");
        assert_eq!(set("(\n    a: (1) // one\n)", "b", "2"), "(\n    a: (1), // one\n    b: 2,\n)");
        assert_eq!(set("()", "b", "2"), "(\n    b: 2,\n)");
    }
}
