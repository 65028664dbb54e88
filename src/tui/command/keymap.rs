//! Keys to commands: sequences, counts and the char some commands take.
//!
//! Invariants: within a context no sequence is bound twice and none is the beginning of another,
//! so a key decides at once; in contexts that take text no bound sequence begins with a key that
//! types.

use super::{
    COMMANDS, Command, Context,
    key::{Key, KeyCode, name_sequence, parse_sequence},
};
use std::collections::BTreeMap;

/// Counts above this are cut: no speech has more rows.
const MAX_COUNT: usize = 9_999_999;

/// Why two bindings cannot stand beside each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The same sequence twice, or one the beginning of the other.
    #[error("{context:?}: `{keys}` is bound to {first} and to {second}")]
    Twice {
        /// Where.
        context: Context,
        /// The sequence.
        keys: String,
        /// The one command.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// A notation that means no key.
    #[error(transparent)]
    Notation(#[from] super::key::NotationError),
    /// A key that types, in a context where it must.
    #[error("{context:?}: `{keys}` would keep {command} from being typed over")]
    Types {
        /// Where.
        context: Context,
        /// The sequence.
        keys: String,
        /// The command.
        command: &'static str,
    },
}

/// A binding of the settings that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The place, as the file has it.
    pub place: String,
    /// The keys, as the file has them; empty where the place itself is meant.
    pub keys: String,
    /// Why.
    pub why: Why,
}

/// Why a binding was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// There is no such place.
    NoPlace,
    /// There is no such command in the place.
    NoCommand(String),
    /// The keys mean none.
    Notation,
    /// The keys are for typing.
    Types,
    /// The keys begin those of this command, or those begin these.
    Conflicts(&'static str),
}

/// What a key press came to.
#[derive(Debug, Clone, Copy)]
pub enum Outcome {
    /// More keys are needed.
    Pending,
    /// Run this command.
    Run(&'static Command, Option<usize>, Option<char>),
    /// The key types a char into the text that has the focus.
    Type(char),
    /// Nothing is bound to what was pressed.
    Unbound,
}

/// The keys pressed towards a command so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pending {
    count: Option<usize>,
    keys: Vec<Key>,
    waits_for_char: bool,
}

impl Pending {
    /// Whether nothing is pending.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count.is_none() && self.keys.is_empty()
    }

    /// What was typed so far, for the status line.
    #[must_use]
    pub fn shown(&self) -> String {
        let count = self.count.map(|count| count.to_string()).unwrap_or_default();
        count + &name_sequence(&self.keys)
    }

    /// Takes a key more, for showing what was pressed in vain.
    pub fn push(&mut self, key: Key) {
        self.keys.push(key);
    }

    /// Whether the next key is a char that the command bound to the sequence takes.
    #[must_use]
    pub fn waits_for_char(&self) -> bool {
        self.waits_for_char
    }

    /// The keys of the sequence so far, without the count.
    #[must_use]
    pub fn prefix(&self) -> &[Key] {
        &self.keys
    }
}

/// The bindings of every context.
#[derive(Debug, Clone)]
pub struct Keymap {
    bound: BTreeMap<(Context, Vec<Key>), &'static Command>,
}

impl Keymap {
    /// The default keys of the command table.
    ///
    /// # Errors
    /// When two commands want the same keys in a context; the table's test keeps this from
    /// happening with the defaults.
    pub fn from_table() -> Result<Self, Conflict> {
        let mut keymap = Self { bound: BTreeMap::new() };
        for command in COMMANDS.iter().flat_map(|topic| topic.commands) {
            for &context in command.contexts {
                for notation in command.keys {
                    keymap.bind(context, notation, command)?;
                }
            }
        }
        Ok(keymap)
    }

    /// Changes bindings as the settings have it: `place → keys → command`, an empty command freeing
    /// the keys. Keys are freed first; a sequence bound already goes to the new command. What
    /// cannot be is left out and named.
    pub fn change(&mut self, keys: &BTreeMap<String, BTreeMap<String, String>>) -> Vec<Refused> {
        let mut refused = Vec::new();
        for (place, bindings) in keys {
            let mut refuse = |keys: &str, why| refused.push(Refused { place: place.clone(), keys: keys.to_owned(), why });
            let Some(context) = Context::ALL.into_iter().find(|context| context.name() == place) else {
                refuse("", Why::NoPlace);
                continue;
            };
            let (freed, bound): (Vec<_>, Vec<_>) = bindings.iter().partition(|(_, command)| command.is_empty());
            for (notation, name) in freed.into_iter().chain(bound) {
                let Ok(keys) = parse_sequence(notation) else {
                    refuse(notation, Why::Notation);
                    continue;
                };
                let key = (context, keys);
                if name.is_empty() {
                    self.bound.remove(&key);
                    continue;
                }
                let Some(command) = super::find(name).filter(|command| command.contexts.contains(&context)) else {
                    refuse(notation, Why::NoCommand(name.clone()));
                    continue;
                };
                let before = self.bound.remove(&key);
                let Err(conflict) = self.bind(context, notation, command) else { continue };
                if let Some(before) = before {
                    self.bound.insert(key, before);
                }
                refuse(
                    notation,
                    match conflict {
                        Conflict::Twice { first, .. } => Why::Conflicts(first),
                        Conflict::Types { .. } => Why::Types,
                        Conflict::Notation(_) => Why::Notation,
                    },
                );
            }
        }
        refused
    }

    fn bind(&mut self, context: Context, notation: &str, command: &'static Command) -> Result<(), Conflict> {
        let keys = parse_sequence(notation)?;
        if context.takes_text() && keys.first().is_some_and(|key| key.typed().is_some()) {
            return Err(Conflict::Types { context, keys: notation.to_owned(), command: command.name });
        }
        let clash = (1..keys.len())
            .filter_map(|n| self.bound.get(&(context, keys[..n].to_vec())))
            .chain(self.with_prefix(context, &keys).map(|(_, command)| command))
            .next();
        if let Some(first) = clash {
            return Err(Conflict::Twice { context, keys: notation.to_owned(), first: first.name, second: command.name });
        }
        self.bound.insert((context, keys), command);
        Ok(())
    }

    /// The sequences of `context` that begin with `prefix`, in order, each with its command.
    pub fn with_prefix(&self, context: Context, prefix: &[Key]) -> impl Iterator<Item = (&[Key], &&'static Command)> {
        self.bound
            .range((context, prefix.to_vec())..)
            .take_while(move |((at, keys), _)| *at == context && keys.starts_with(prefix))
            .map(|((_, keys), command)| (keys.as_slice(), command))
    }

    /// The command bound to a whole sequence in `context`.
    #[must_use]
    pub fn command(&self, context: Context, keys: &[Key]) -> Option<&'static Command> {
        self.bound.get(&(context, keys.to_vec())).copied()
    }

    /// What the sequence to name is called, where one of a command's is: the first.
    #[must_use]
    pub fn key_of(&self, context: Context, name: &str) -> Option<String> {
        self.keys_of(context, name).into_iter().next()
    }

    /// What the sequences bound to a command in `context` are called: its defaults that still hold
    /// in their order, then the user's own, the shortest first.
    #[must_use]
    pub fn keys_of(&self, context: Context, name: &str) -> Vec<String> {
        let bound = self.with_prefix(context, &[]).filter(|(_, command)| command.name == name);
        let mut sequences: Vec<&[Key]> = bound.map(|(keys, _)| keys).collect();
        let defaults: Vec<Vec<Key>> =
            super::find(name).map(|command| command.keys.iter().filter_map(|keys| parse_sequence(keys).ok()).collect()).unwrap_or_default();
        let rank = |keys: &[Key]| defaults.iter().position(|default| default == keys).unwrap_or(usize::MAX);
        sequences.sort_by_key(|keys| (rank(keys), keys.len()));
        sequences.into_iter().map(name_sequence).collect()
    }

    /// Takes one key press in `context`.
    pub fn feed(&self, context: Context, pending: &mut Pending, pressed: Key) -> Outcome {
        if pending.waits_for_char {
            let held = std::mem::take(pending);
            return match (pressed.typed(), self.bound.get(&(context, held.keys))) {
                (Some(c), Some(command)) => Outcome::Run(command, held.count, Some(c)),
                _ => Outcome::Unbound,
            };
        }
        if context.takes_text()
            && pending.keys.is_empty()
            && let Some(c) = pressed.typed()
        {
            return Outcome::Type(c);
        }
        let key = if context.takes_text() { pressed } else { pressed.meant() };
        if context.takes_counts()
            && pending.keys.is_empty()
            && let Some(digit) = key.typed().and_then(|c| c.to_digit(10))
            && (digit > 0 || pending.count.is_some())
        {
            let count = pending.count.unwrap_or(0).saturating_mul(10).saturating_add(digit as usize);
            pending.count = Some(count.min(MAX_COUNT));
            return Outcome::Pending;
        }
        if key.code == KeyCode::Esc && !pending.is_empty() {
            *pending = Pending::default();
            return Outcome::Pending;
        }
        pending.keys.push(key);
        if let Some(command) = self.bound.get(&(context, pending.keys.clone())) {
            if command.takes_char {
                pending.waits_for_char = true;
                return Outcome::Pending;
            }
            let count = pending.count;
            *pending = Pending::default();
            return Outcome::Run(command, count, None);
        }
        if self.with_prefix(context, &pending.keys).next().is_some() {
            return Outcome::Pending;
        }
        *pending = Pending::default();
        Outcome::Unbound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(context: Context, notation: &str) -> (Outcome, Pending) {
        let keymap = Keymap::from_table().unwrap();
        let mut pending = Pending::default();
        let mut outcome = Outcome::Unbound;
        for key in parse_sequence(notation).unwrap() {
            outcome = keymap.feed(context, &mut pending, key);
        }
        (outcome, pending)
    }

    #[test]
    fn no_keys_conflict() {
        if let Err(conflict) = Keymap::from_table() {
            panic!("{conflict}");
        }
    }

    #[test]
    fn sequences_and_counts_lead_to_commands() {
        for (keys, name, count) in [
            ("j", "move-down", None),
            ("12j", "move-down", Some(12)),
            ("gg", "go-start", None),
            ("3]s", "next-section", Some(3)),
            ("】s", "next-section", None),
            ("10%", "go-percent", Some(10)),
            ("0", "row-start", None),
        ] {
            match feed(Context::Reader, keys).0 {
                Outcome::Run(command, got, None) => assert_eq!((command.name, got), (name, count), "{keys}"),
                other => panic!("{keys}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_prefix_waits_escape_drops_it_and_a_wrong_key_says_so() {
        let (outcome, pending) = feed(Context::Reader, "3]");
        assert!(matches!(outcome, Outcome::Pending));
        assert_eq!(pending.shown(), "3]");
        assert!(feed(Context::Reader, "3]<Esc>").1.is_empty());
        let (outcome, pending) = feed(Context::Reader, "]Q");
        assert!(matches!(outcome, Outcome::Unbound) && pending.is_empty());
    }

    #[test]
    fn a_command_that_takes_a_char_waits_for_it() {
        match feed(Context::Reader, "2f。").0 {
            Outcome::Run(command, Some(2), Some('。')) => assert_eq!(command.name, "find-char"),
            other => panic!("{other:?}"),
        }
        assert!(matches!(feed(Context::Reader, "f<Up>").0, Outcome::Unbound));
    }

    #[test]
    fn text_contexts_take_what_is_typed() {
        for context in [Context::Prompt, Context::Editor, Context::Picker] {
            assert!(matches!(feed(context, "j").0, Outcome::Type('j')));
            assert!(matches!(feed(context, "：").0, Outcome::Type('：')));
        }
    }

    #[test]
    fn the_settings_change_keys_and_conflicts_are_named() {
        let mut keymap = Keymap::from_table().unwrap();
        let keys = |place: &str, bindings: &[(&str, &str)]| {
            (place.to_owned(), bindings.iter().map(|(keys, command)| ((*keys).to_owned(), (*command).to_owned())).collect())
        };
        let changes = [
            keys("reader", &[("x", ""), ("n", "next-section"), ("<C-n>", "next-match"), ("g", "go-end"), ("z", "tage"), ("<No>", "tag")]),
            keys("prompt", &[("k", "accept")]),
            keys("nowhere", &[("x", "tag")]),
        ];
        let refused = keymap.change(&changes.into());
        let told: Vec<(&str, &Why)> = refused.iter().map(|refused| (refused.keys.as_str(), &refused.why)).collect();
        assert_eq!(
            told,
            [
                ("", &Why::NoPlace),
                ("k", &Why::Types),
                ("<No>", &Why::Notation),
                ("g", &Why::Conflicts("count-tags")),
                ("z", &Why::NoCommand("tage".to_owned())),
            ]
        );
        let command = |notation: &str| keymap.command(Context::Reader, &parse_sequence(notation).unwrap()).map(|command| command.name);
        assert_eq!((command("x"), command("n"), command("<C-n>")), (None, Some("next-section"), Some("next-match")));
        assert_eq!(command("gg"), Some("go-start"), "what conflicts changes nothing");
    }

    #[test]
    fn huge_counts_are_cut() {
        match feed(Context::Reader, "99999999999999999999999j").0 {
            Outcome::Run(_, Some(count), _) => assert_eq!(count, MAX_COUNT),
            other => panic!("{other:?}"),
        }
    }
}
