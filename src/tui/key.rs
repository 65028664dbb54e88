//! Keys, their notation in the settings (`j`, `<C-f>`, `<PageDown>`, `]s`) and their names on the
//! screen (`j`, `Ctrl-F`, `PageDown`, `]s`).
//!
//! Invariant: parsing the `Display` of a [`Key`] gives the same key. A char key carries no shift
//! (the char includes it); a named key may.

use std::{fmt, str::FromStr};

/// A key without modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyCode {
    /// A key that types this char.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab, which terminals report as a key of its own.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, from 1.
    F(u8),
}

/// A key press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The key.
    pub code: KeyCode,
    /// Whether Control was held.
    pub ctrl: bool,
    /// Whether Alt was held.
    pub alt: bool,
    /// Whether Shift was held; never set for a char.
    pub shift: bool,
}

/// Error: the notation is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a key")]
pub struct NotationError(String);

const NAMES: &[(&str, KeyCode)] = &[
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("S-Tab", KeyCode::BackTab),
    ("BS", KeyCode::Backspace),
    ("Del", KeyCode::Delete),
    ("Ins", KeyCode::Insert),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("PageUp", KeyCode::PageUp),
    ("PageDown", KeyCode::PageDown),
    ("Space", KeyCode::Char(' ')),
    ("lt", KeyCode::Char('<')),
];

impl Key {
    /// A key without modifiers.
    #[must_use]
    pub fn plain(code: KeyCode) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// The char the key inserts into a text; `None` for named keys and with Control or Alt.
    #[must_use]
    pub(crate) fn typed_char(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// Maps full-width and Chinese punctuation, as typed with an input method on, to the ASCII key, e.g.
    /// `：` to `:` and `【` to `[`.
    #[must_use]
    pub fn normalized(self) -> Self {
        let KeyCode::Char(c) = self.code else { return self };
        let ascii = match c {
            '。' => '.',
            '、' => '/',
            '【' | '「' => '[',
            '】' | '」' => ']',
            '《' | '〈' => '<',
            '》' | '〉' => '>',
            '‘' | '’' => '\'',
            '“' | '”' => '"',
            '￥' | '¥' => '$',
            '…' => '^',
            '—' => '_',
            '·' => '`',
            c => pizhu_text::text::fold::narrow(c),
        };
        Self { code: KeyCode::Char(ascii), ..self }
    }
}

impl Key {
    /// Its name on the screen: `Ctrl-F`, `Alt-Left`, `Space`.
    #[must_use]
    pub fn name(self) -> String {
        let mut name = String::new();
        for (held, prefix) in [(self.ctrl, "Ctrl-"), (self.alt, "Alt-"), (self.shift, "Shift-")] {
            if held {
                name.push_str(prefix);
            }
        }
        match self.code {
            KeyCode::Char(' ') => name.push_str("Space"),
            KeyCode::Char(c) if self.ctrl => name.extend(c.to_uppercase()),
            KeyCode::Char(c) => name.push(c),
            KeyCode::BackTab => name.push_str("Shift-Tab"),
            KeyCode::Backspace => name.push_str("Backspace"),
            KeyCode::Delete => name.push_str("Delete"),
            KeyCode::F(n) => name.extend(["F", n.to_string().as_str()]),
            code => name.push_str(NAMES.iter().find(|(_, known)| *known == code).map_or("", |(name, _)| name)),
        }
        name
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(_, code)| *code == self.code).map(|(name, _)| *name);
        let bare = !self.ctrl && !self.alt && !self.shift;
        match (self.code, name) {
            (KeyCode::Char(c), None) if bare => write!(f, "{c}"),
            _ => {
                f.write_str("<")?;
                for (held, prefix) in [(self.ctrl, "C-"), (self.alt, "A-"), (self.shift, "S-")] {
                    if held {
                        f.write_str(prefix)?;
                    }
                }
                match (self.code, name) {
                    (_, Some(name)) => f.write_str(name)?,
                    (KeyCode::Char(c), _) => write!(f, "{c}")?,
                    (KeyCode::F(n), _) => write!(f, "F{n}")?,
                    _ => {}
                }
                f.write_str(">")
            }
        }
    }
}

impl FromStr for Key {
    type Err = NotationError;

    fn from_str(notation: &str) -> Result<Self, NotationError> {
        match parse_sequence(notation)?.as_slice() {
            [key] => Ok(*key),
            _ => Err(NotationError(notation.to_owned())),
        }
    }
}

/// Parses a key sequence such as `gg`, `]s` or `<C-w>o`.
///
/// # Errors
/// If a name in angle brackets is not a key, or the sequence is empty.
pub fn parse_sequence(notation: &str) -> Result<Vec<Key>, NotationError> {
    let wrong = || NotationError(notation.to_owned());
    let mut keys = Vec::new();
    let mut rest = notation;
    while let Some(c) = rest.chars().next() {
        if c == '<' {
            let (name, after) = rest[1..].split_once('>').ok_or_else(wrong)?;
            keys.push(parse_named(name).ok_or_else(wrong)?);
            rest = after;
        } else {
            keys.push(Key::plain(KeyCode::Char(c)));
            rest = &rest[c.len_utf8()..];
        }
    }
    if keys.is_empty() { Err(wrong()) } else { Ok(keys) }
}

/// Name of a key sequence on the screen: `gg`, `]s`; names longer than one char are separated by a
/// space, as in `g Enter`.
#[must_use]
pub(crate) fn name_sequence(keys: &[Key]) -> String {
    let mut names = String::new();
    let mut long = false;
    for (index, key) in keys.iter().enumerate() {
        let name = key.name();
        let is_long = name.chars().nth(1).is_some();
        if index > 0 && (long || is_long) {
            names.push(' ');
        }
        names.push_str(&name);
        long = is_long;
    }
    names
}

/// An incomplete key sequence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PendingKeys {
    pub(super) count: Option<usize>,
    pub(super) keys: Vec<Key>,
    pub(super) waits_for_char: bool,
}

impl PendingKeys {
    /// Whether no key is pending.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count.is_none() && self.keys.is_empty()
    }

    /// The count and keys typed so far, as text.
    #[must_use]
    pub fn text(&self) -> String {
        let count = self.count.map(|count| count.to_string()).unwrap_or_default();
        count + &name_sequence(&self.keys)
    }

    /// Adds a key, to show the whole sequence if it is unbound.
    pub fn push(&mut self, key: Key) {
        self.keys.push(key);
    }

    /// Whether the next key is the command's char argument.
    #[must_use]
    pub(crate) fn waits_for_char(&self) -> bool {
        self.waits_for_char
    }

    /// The keys typed so far, without the count.
    #[must_use]
    pub fn prefix(&self) -> &[Key] {
        &self.keys
    }
}

fn parse_named(name: &str) -> Option<Key> {
    let mut key = Key::plain(KeyCode::Esc);
    let mut rest = name;
    loop {
        if let Some((_, code)) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(rest)) {
            key.code = *code;
            return Some(key);
        }
        match rest.split_at_checked(2) {
            Some(("C-", after)) => (key.ctrl, rest) = (true, after),
            Some(("A-", after)) => (key.alt, rest) = (true, after),
            Some(("S-", after)) => (key.shift, rest) = (true, after),
            _ => break,
        }
    }
    let mut chars = rest.chars();
    key.code = match (chars.next(), chars.as_str()) {
        (Some('F'), number) if !number.is_empty() => KeyCode::F(number.parse().ok().filter(|n| (1..=24).contains(n))?),
        (Some(c), "") if !key.shift => KeyCode::Char(c),
        _ => return None,
    };
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_names() {
        let names = [
            ("gg", "gg"),
            ("]s", "]s"),
            ("<C-p>", "Ctrl-P"),
            ("<C-Space>", "Ctrl-Space"),
            ("<A-Left>", "Alt-Left"),
            ("<A-b>", "Alt-b"),
            ("<lt>", "<"),
            ("<S-Tab>", "Shift-Tab"),
            ("<BS>", "Backspace"),
            ("g<Enter>", "g Enter"),
            ("<C-w>gg", "Ctrl-W gg"),
            ("<F9>", "F9"),
        ];
        for (notation, name) in names {
            assert_eq!(name_sequence(&parse_sequence(notation).unwrap()), name);
        }
    }
    use proptest::prelude::*;

    fn any_key() -> impl Strategy<Value = Key> {
        let named: Vec<KeyCode> = NAMES.iter().map(|(_, code)| *code).collect();
        let code = prop_oneof![prop::sample::select(named), any::<char>().prop_map(KeyCode::Char), (1u8..=24).prop_map(KeyCode::F)];
        (code, any::<(bool, bool, bool)>()).prop_map(|(code, (ctrl, alt, shift))| {
            let shift = shift && !matches!(code, KeyCode::Char(_) | KeyCode::BackTab);
            // Shift and Tab is always the key of its own.
            let code = if shift && code == KeyCode::Tab { KeyCode::BackTab } else { code };
            Key { code, ctrl, alt, shift: shift && code != KeyCode::BackTab }
        })
    }

    proptest! {
        #[test]
        fn display_round_trips(keys in prop::collection::vec(any_key(), 1..4)) {
            // `>` inside brackets would end them.
            prop_assume!(keys.iter().all(|key| key.code != KeyCode::Char('>')));
            prop_assert_eq!(parse_sequence(&keys.iter().map(Key::to_string).collect::<String>()), Ok(keys));
        }
    }

    #[test]
    fn parses_sequences() {
        let shown = |notation: &str| parse_sequence(notation).map(|keys| keys.len());
        assert_eq!(shown("gg"), Ok(2));
        assert_eq!(shown("]s"), Ok(2));
        assert_eq!(shown("<C-f>x<PageDown>"), Ok(3));
        assert!(parse_sequence("<Nope>").is_err() && parse_sequence("<C-").is_err() && parse_sequence("").is_err());
        assert_eq!("<lt>".parse::<Key>().map(|key| key.code), Ok(KeyCode::Char('<')));
    }

    #[test]
    fn input_method_punctuation_maps_to_ascii() {
        for (typed, meant) in [('、', '/'), ('】', ']'), ('：', ':'), ('？', '?'), ('。', '.'), ('ｊ', 'j'), ('‘', '\''), ('字', '字')]
        {
            assert_eq!(Key::plain(KeyCode::Char(typed)).normalized().code, KeyCode::Char(meant));
        }
    }
}
