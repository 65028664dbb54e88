//! Words and brackets of a condition. Full-width blanks, brackets, colons and quotation marks count as
//! the half-width ones.

use super::error::{ConditionError, ConditionProblem};

/// A word: what stands before the first colon outside quotation marks, and what follows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct QuotedWord {
    /// The text before the colon, or the whole word.
    pub(super) name: String,
    /// The text after the colon; `None` without a colon.
    pub(super) value: Option<String>,
    /// Whether the word begins with a quotation mark, so that it is a tag whatever it says.
    pub(super) is_quoted: bool,
}

/// A word or bracket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Word(QuotedWord),
}

/// A token and its column, from 1.
pub(super) type PlacedToken = (usize, Token);

fn is_open_bracket(c: char) -> bool {
    matches!(c, '(' | '（')
}

fn is_close_bracket(c: char) -> bool {
    matches!(c, ')' | '）')
}

/// The mark that closes a quotation.
fn closing_mark(c: char) -> Option<char> {
    match c {
        '"' => Some('"'),
        '“' => Some('”'),
        _ => None,
    }
}

/// The tokens of a condition.
pub(super) fn tokens(text: &str) -> Result<Vec<PlacedToken>, ConditionError> {
    let chars: Vec<char> = text.chars().collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(&c) = chars.get(at) {
        let column = at + 1;
        if c.is_whitespace() {
            at += 1;
        } else if is_open_bracket(c) || is_close_bracket(c) {
            found.push((column, if is_open_bracket(c) { Token::Open } else { Token::Close }));
            at += 1;
        } else {
            let (word, end) = word(&chars, at);
            let word = word.map_err(|open| ConditionError { column: open + 1, problem: ConditionProblem::OpenQuote })?;
            found.push((column, Token::Word(word)));
            at = end;
        }
    }
    Ok(found)
}

/// The word that begins at a char, and its end; an error names the place of a quotation mark that is
/// not closed.
fn word(chars: &[char], start: usize) -> (Result<QuotedWord, usize>, usize) {
    let mut word = QuotedWord { is_quoted: closing_mark(chars[start]).is_some(), ..QuotedWord::default() };
    let mut at = start;
    while let Some(&c) = chars.get(at) {
        if c.is_whitespace() || is_open_bracket(c) || is_close_bracket(c) {
            break;
        }
        if let Some(close) = closing_mark(c) {
            let open = at;
            at += 1;
            loop {
                match chars.get(at) {
                    None => return (Err(open), at),
                    Some(c) if *c == close => break,
                    // A quotation mark or backslash inside.
                    Some('\\') if chars.get(at + 1).is_some_and(|next| *next == close || *next == '\\') => {
                        word.text().push(chars[at + 1]);
                        at += 2;
                    }
                    Some(c) => {
                        word.text().push(*c);
                        at += 1;
                    }
                }
            }
        } else if matches!(c, ':' | '：') && word.value.is_none() && !word.is_quoted {
            word.value = Some(String::new());
        } else {
            word.text().push(c);
        }
        at += 1;
    }
    (Ok(word), at)
}

impl QuotedWord {
    /// The part that is being read.
    fn text(&mut self) -> &mut String {
        self.value.as_mut().unwrap_or(&mut self.name)
    }
}

/// The last word of an unfinished condition, for completion, and the byte at which it begins; an
/// empty word after a blank or bracket. A quotation mark that is still open is no error.
///
/// `人才 and attr.pla`: the word `attr.pla` at byte 11.
pub(super) fn last_word(text: &str) -> (usize, QuotedWord) {
    let chars: Vec<char> = text.chars().collect();
    let byte = |at: usize| chars.iter().take(at).map(|c| c.len_utf8()).sum();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if c.is_whitespace() || is_open_bracket(c) || is_close_bracket(c) {
            at += 1;
            continue;
        }
        let (found, end) = word(&chars, at);
        if end >= chars.len() {
            let open = || {
                let mut rest: Vec<char> = chars[at..].to_vec();
                rest.push(if rest.iter().rev().any(|c| *c == '“') { '”' } else { '"' });
                word(&rest, 0).0.unwrap_or_default()
            };
            return (byte(at), found.unwrap_or_else(|_| open()));
        }
        at = end;
    }
    (text.len(), QuotedWord::default())
}
