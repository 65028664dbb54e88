//! A bash command line up to the cursor, and candidates quoted for it.
//!
//! bash inserts what a completion function answers as it stands, so a tag `$(rm x)` would run. Here
//! the line is read as bash reads it, except that nothing is expanded, and each candidate is
//! written in the quotes that are open at the cursor: a name arrives whole, as one argument.
//!
//! readline replaces only the end of the word being typed: from the last unquoted break (`=`, `:`)
//! or opening quote on. What stands before is *kept*, and is cut off the candidates.

use pizhu_text::text::visible::{ClusterKind, clusters};
use std::ffi::OsString;

/// The quotes around a place in the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BashQuotes {
    /// `a\ b`
    None,
    /// `'a b'`
    Single,
    /// `"a b"`
    Double,
    /// `$'a\x20b'`
    Ansi,
}

impl BashQuotes {
    /// The sign that closes them.
    fn closing(self) -> Option<u8> {
        match self {
            Self::None => None,
            Self::Single | Self::Ansi => Some(b'\''),
            Self::Double => Some(b'"'),
        }
    }
}

/// What bash is told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BashReplies {
    /// Whether the word is complete, so that a space follows it.
    pub is_whole_word: bool,
    /// Texts for `COMPREPLY`.
    pub texts: Vec<Vec<u8>>,
}

/// A line up to the cursor, split into words.
#[derive(Debug)]
pub(super) struct BashLine {
    /// The words without their quotes; the last is the one being typed. Empty if no candidates are
    /// wanted, as for the target of a redirection.
    pub words: Vec<OsString>,
    /// The kept part of the last word, without quotes.
    kept: Vec<u8>,
    /// The quotes that are open behind the kept part.
    quotes: BashQuotes,
}

impl BashLine {
    /// Reads `line`, of which readline will replace the last `replaced` bytes.
    pub(super) fn parse(line: &[u8], replaced: usize) -> Self {
        let from = line.len().saturating_sub(replaced);
        let mut scan = LineScanner { line, at: 0, quotes: BashQuotes::None, words: Vec::new(), word: None, is_target: false };
        let mut kept = None;
        while scan.at < line.len() {
            if scan.at >= from && kept.is_none() {
                kept = Some((scan.word.clone().unwrap_or_default(), scan.quotes));
            }
            scan.step();
        }
        let (kept, quotes) = kept.unwrap_or_else(|| (scan.word.clone().unwrap_or_default(), scan.quotes));
        let mut words = scan.words;
        words.push(scan.word.unwrap_or_default());
        // `LANG=C pizhu …`
        let assignments = words.iter().take_while(|word| is_assignment(word)).count();
        words.drain(..assignments.min(words.len() - 1));
        if scan.is_target || words.len() < 2 {
            words.clear();
        }
        Self { words: words.into_iter().map(os_string).collect(), kept, quotes }
    }

    /// The answer for these candidates; `all` if each of them will be inserted in turn.
    pub(super) fn replies(&self, candidates: &[Vec<u8>], all: bool) -> BashReplies {
        let fitting: Vec<&[u8]> = candidates.iter().filter_map(|candidate| candidate.strip_prefix(self.kept.as_slice())).collect();
        let quoted = |rest: &[u8]| quote(rest, self.quotes);
        let texts: Vec<Vec<u8>> = fitting.iter().map(|rest| quoted(rest)).collect();
        if let [only] = fitting.as_slice() {
            let mut texts = texts;
            let closing = self.quotes.closing();
            // readline closes the quotes itself, but not behind a text that ends with that sign.
            texts.iter_mut().filter(|text| text.last() == closing.as_ref()).for_each(|text| text.extend(closing));
            return BashReplies { is_whole_word: !only.ends_with(b"/") && !only.ends_with(b"="), texts };
        }
        if all || fitting.is_empty() {
            return BashReplies { is_whole_word: false, texts };
        }
        let typed = self.words.last().map(|word| word.as_encoded_bytes()).and_then(|word| word.strip_prefix(self.kept.as_slice()));
        let common = common_prefix(&fitting);
        // readline inserts the common start of the *quoted* texts, which may end within a quotation
        // (`a\` of `a\ b` and `a\$c`). Where no quotes are open, the start alone is an answer;
        // elsewhere readline would close them behind it.
        let grows = typed.is_some_and(|typed| common != typed && common.len() >= typed.len());
        if grows && self.quotes == BashQuotes::None {
            return BashReplies { is_whole_word: false, texts: vec![quoted(common)] };
        }
        let mut texts = texts;
        let inserted = common_prefix(&texts.iter().map(Vec::as_slice).collect::<Vec<_>>()).to_vec();
        if inserted != quoted(common) {
            // With this among them, they have no common start, and nothing is inserted.
            texts.push(b" ".to_vec());
        }
        BashReplies { is_whole_word: false, texts }
    }
}

/// State of reading a line.
struct LineScanner<'a> {
    line: &'a [u8],
    at: usize,
    quotes: BashQuotes,
    words: Vec<Vec<u8>>,
    /// The current word; `None` between words.
    word: Option<Vec<u8>>,
    /// Whether the current or next word is the target of a redirection.
    is_target: bool,
}

impl LineScanner<'_> {
    fn push(&mut self, bytes: &[u8]) {
        self.word.get_or_insert_default().extend_from_slice(bytes);
    }

    fn end_word(&mut self) {
        if let Some(word) = self.word.take()
            && !std::mem::take(&mut self.is_target)
        {
            self.words.push(word);
        }
    }

    fn open(&mut self, quotes: BashQuotes) {
        self.quotes = quotes;
        self.push(b"");
    }

    /// Reads one byte, or one escape.
    fn step(&mut self) {
        let byte = self.line[self.at];
        let next = self.line.get(self.at + 1).copied();
        self.at += 1;
        match (self.quotes, byte) {
            (BashQuotes::None, b'\\') => {
                self.push(next.filter(|next| *next != b'\n').as_slice());
                self.at += 1;
            }
            (BashQuotes::None, b'\'') => self.open(BashQuotes::Single),
            (BashQuotes::None, b'"') => self.open(BashQuotes::Double),
            (BashQuotes::None, b'$') if next == Some(b'\'') => {
                self.at += 1;
                self.open(BashQuotes::Ansi);
            }
            (BashQuotes::None, b'$') if next == Some(b'"') => {
                self.at += 1;
                self.open(BashQuotes::Double);
            }
            (BashQuotes::None, b' ' | b'\t') => self.end_word(),
            (BashQuotes::None, b';' | b'|' | b'&' | b'(' | b')' | b'\n') => {
                self.words.clear();
                (self.word, self.is_target) = (None, false);
            }
            (BashQuotes::None, b'<' | b'>') => {
                self.end_word();
                self.is_target = true;
            }
            (BashQuotes::Single | BashQuotes::Ansi, b'\'') | (BashQuotes::Double, b'"') => self.quotes = BashQuotes::None,
            (BashQuotes::Double, b'\\') if next.is_some_and(|next| matches!(next, b'$' | b'`' | b'"' | b'\\')) => {
                self.push(next.as_slice());
                self.at += 1;
            }
            (BashQuotes::Ansi, b'\\') => self.ansi_escape(),
            _ => self.push(&[byte]),
        }
        self.at = self.at.min(self.line.len());
    }

    /// Reads an escape of `$'…'` behind its backslash.
    fn ansi_escape(&mut self) {
        let Some(byte) = self.line.get(self.at).copied() else { return };
        self.at += 1;
        let value = match byte {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'a' => 7,
            b'b' => 8,
            b'v' => 11,
            b'f' => 12,
            b'e' | b'E' => 27,
            b'x' => self.number(16, 2),
            b'0'..=b'7' => {
                self.at -= 1;
                self.number(8, 3)
            }
            other => other,
        };
        self.push(&[value]);
    }

    /// Reads up to `most` digits.
    fn number(&mut self, base: u32, most: usize) -> u8 {
        let mut value = 0;
        for _ in 0..most {
            let Some(digit) = self.line.get(self.at).and_then(|byte| char::from(*byte).to_digit(base)) else { break };
            value = value * base + digit;
            self.at += 1;
        }
        value as u8
    }
}

fn is_assignment(word: &[u8]) -> bool {
    let name = word.split(|byte| *byte == b'=').next().unwrap_or_default();
    name.len() < word.len() && !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// The longest common start, in whole characters.
fn common_prefix<'a>(texts: &[&'a [u8]]) -> &'a [u8] {
    let Some((first, rest)) = texts.split_first() else { return b"" };
    let shared = |other: &&[u8]| first.iter().zip(*other).take_while(|(one, other)| one == other).count();
    let mut len = rest.iter().map(shared).min().unwrap_or(first.len());
    while len > 0 && first.get(len).is_some_and(|byte| byte & 0xC0 == 0x80) {
        len -= 1;
    }
    &first[..len]
}

/// Writes `text` so that bash reads it back where these quotes are open.
fn quote(text: &[u8], quotes: BashQuotes) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    for chunk in text.utf8_chunks() {
        for cluster in clusters(chunk.valid()) {
            let source = cluster.source.as_bytes();
            match cluster.kind {
                ClusterKind::Sign | ClusterKind::LineFeed | ClusterKind::Tab => push_codes(&mut out, source, quotes),
                _ => push_printable(&mut out, source, quotes),
            }
        }
        push_codes(&mut out, chunk.invalid(), quotes);
    }
    out
}

/// Appends a character that a terminal shows.
fn push_printable(out: &mut Vec<u8>, source: &[u8], quotes: BashQuotes) {
    let [byte] = source else { return out.extend_from_slice(source) };
    let is_plain = byte.is_ascii_alphanumeric() || b"_-./,+@%:=^".contains(byte);
    match (quotes, *byte) {
        _ if is_plain => out.push(*byte),
        (BashQuotes::None, byte) => out.extend([b'\\', byte]),
        (BashQuotes::Single, b'\'') => out.extend_from_slice(b"'\\''"),
        (BashQuotes::Double, b'\\' | b'"' | b'$' | b'`') => out.extend([b'\\', *byte]),
        // Between double quotes a `!` recalls the history, with a backslash before it too.
        (BashQuotes::Double, b'!') => out.extend_from_slice(b"\"\\!\""),
        (BashQuotes::Ansi, b'\\' | b'\'' | b'!') => push_codes(out, source, quotes),
        (_, byte) => out.push(byte),
    }
}

/// Appends bytes by their codes: control characters and what else a terminal does not show.
fn push_codes(out: &mut Vec<u8>, bytes: &[u8], quotes: BashQuotes) {
    if bytes.is_empty() {
        return;
    }
    let (before, after): (&[u8], &[u8]) = match quotes {
        BashQuotes::None => (b"$'", b"'"),
        BashQuotes::Single => (b"'$'", b"''"),
        BashQuotes::Double => (b"\"$'", b"'\""),
        BashQuotes::Ansi => (b"", b""),
    };
    out.extend_from_slice(before);
    for byte in bytes {
        out.extend_from_slice(format!("\\x{byte:02x}").as_bytes());
    }
    out.extend_from_slice(after);
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(line: &str) -> Vec<String> {
        BashLine::parse(line.as_bytes(), 0).words.into_iter().map(|word| word.into_string().unwrap()).collect()
    }

    #[test]
    fn line_is_split_as_bash_does_and_nothing_is_expanded() {
        assert_eq!(words("pizhu tag 'a b.txt' \"c $d\"\\ e "), ["pizhu", "tag", "a b.txt", "c $d e", ""]);
        assert_eq!(words("LANG=C pizhu $'a\\n\\x41\\'' \"\\$x\\y\" ''x"), ["pizhu", "a\nA'", "$x\\y", "x"]);
        assert_eq!(words("cd x; pizhu tag $(touch X"), ["touch", "X"]);
        assert_eq!(words("cd x && pizhu <in tag 2>err \"open qu"), ["pizhu", "tag", "2", "open qu"]);
        assert_eq!(words("pizhu read >ou"), [""; 0]);
        assert_eq!(words("piz"), [""; 0]);
    }

    #[test]
    fn candidates_are_quoted_for_the_place_of_the_cursor() {
        let reply = |line: &str, replaced: usize, name: &str| {
            let replies = BashLine::parse(line.as_bytes(), replaced).replies(&[name.into()], false);
            replies.texts.first().map(|text| String::from_utf8(text.clone()).unwrap())
        };
        assert_eq!(reply("pizhu a", 1, "a b$(c)").as_deref(), Some("a\\ b\\$\\(c\\)"));
        assert_eq!(reply("pizhu 'a", 1, "a b'c").as_deref(), Some("a b'\\''c"));
        assert_eq!(reply("pizhu \"a", 1, "a\"").as_deref(), Some("a\\\"\""));
        assert_eq!(reply("pizhu \"a", 1, "a b\"`!").as_deref(), Some("a b\\\"\\`\"\\!\"\""));
        assert_eq!(reply("pizhu --tag=a", 1, "--tag=a b").as_deref(), Some("a\\ b"));
        assert_eq!(reply("pizhu a:b", 1, "x:b"), None);
        assert_eq!(reply("pizhu a", 1, "a\u{1B}\u{202E}").as_deref(), Some("a$'\\x1b'$'\\xe2\\x80\\xae'"));
    }

    #[test]
    fn common_start_never_ends_within_a_quotation() {
        let replies = |line: &str, replaced: usize, names: &[&str], all: bool| {
            let names: Vec<Vec<u8>> = names.iter().map(|name| name.as_bytes().to_vec()).collect();
            let texts = BashLine::parse(line.as_bytes(), replaced).replies(&names, all).texts;
            texts.into_iter().map(|text| String::from_utf8(text).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(replies("pizhu a", 1, &["ab c", "ab$d"], false), ["ab"]);
        assert_eq!(replies("pizhu ab", 2, &["ab c", "ab$d"], false), ["ab\\ c", "ab\\$d", " "]);
        assert_eq!(replies("pizhu ab", 2, &["ab c", "ab$d"], true), ["ab\\ c", "ab\\$d"]);
        assert_eq!(replies("pizhu \"a", 1, &["ab c", "ab$d"], false), ["ab c", "ab\\$d"]);
        assert_eq!(replies("pizhu ", 0, &["引才", "育才"], false), ["引才", "育才"]);
    }

    proptest! {
        /// What is inserted reads back as the candidate, whatever quotes are open.
        #[test]
        fn quoted_candidates_read_back(name in "[ -~\\n\\t\u{1B}\u{9B}\u{202E}青二、]{1,12}", start in prop::sample::select(vec!["", "'", "\"", "$'"])) {
            let line = format!("pizhu {start}");
            let replies = BashLine::parse(line.as_bytes(), 0).replies(&[name.clone().into()], false);
            let mut typed = line.into_bytes();
            typed.extend_from_slice(&replies.texts[0]);
            // As readline does.
            typed.extend(start.bytes().last().filter(|sign| typed.last() != Some(sign) || replies.texts[0].is_empty()));
            let read = BashLine::parse(&typed, 0).words;
            prop_assert_eq!(read, [OsString::from("pizhu"), OsString::from(name)]);
        }
    }
}
