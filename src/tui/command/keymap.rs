//! The keymap: key sequences, counts and char arguments.
//!
//! Invariants: within a context no sequence is bound twice and none is a prefix of another, so each
//! key is decided at once. In contexts that take text, no sequence starts with a char key.

use super::spec::{CommandSpec, TopicSpec};
use crate::tui::key::{Key, KeyCode, NotationError, PendingKeys, name_sequence, parse_sequence};
use crate::tui::message::Context;
use std::collections::BTreeMap;

/// Maximum count: no speech has more rows.
const MAX_COUNT: usize = 9_999_999;

/// Conflict between two default bindings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The same sequence twice, or one a prefix of the other.
    #[error("{context:?}: `{keys}` is bound to {first} and to {second}")]
    Overlap {
        /// The context.
        context: Context,
        /// The sequence.
        keys: String,
        /// The command bound first.
        first: &'static str,
        /// The other command.
        second: &'static str,
    },
    /// The notation is not a key.
    #[error(transparent)]
    Notation(#[from] NotationError),
    /// A char key in a context that takes text.
    #[error("{context:?}: `{keys}` of {command} would prevent text input")]
    TypesText {
        /// The context.
        context: Context,
        /// The sequence.
        keys: String,
        /// The command.
        command: &'static str,
    },
}

/// A binding of the settings that was rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RejectedBinding {
    /// The context as named in the file.
    pub context: String,
    /// The keys as written in the file; empty if the context is unknown.
    pub keys: String,
    /// The reason.
    pub reason: RejectReason,
}

/// Why a binding was rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RejectReason {
    /// Unknown context.
    UnknownContext,
    /// Unknown command in this context.
    UnknownCommand(String),
    /// The notation is not a key.
    Notation,
    /// The keys insert text in this context.
    TypesText,
    /// The keys are a prefix of this command's keys, or vice versa.
    Conflict(&'static str),
}

/// Result of a key press.
#[derive(Debug, Clone, Copy)]
pub(crate) enum KeyOutcome {
    /// More keys are needed.
    Pending,
    /// Run this command, with count and char argument.
    Run(&'static CommandSpec, Option<usize>, Option<char>),
    /// Insert this char into the focused text.
    Type(char),
    /// Nothing is bound to the sequence.
    Unbound,
}

/// All commands, and their bindings in all contexts.
#[derive(Debug, Clone)]
pub struct Keymap {
    topics: Vec<TopicSpec>,
    bindings: BTreeMap<(Context, Vec<Key>), &'static CommandSpec>,
}

impl Keymap {
    /// A keymap of all commands, with their default bindings.
    ///
    /// # Errors
    /// If bindings conflict.
    pub fn new(topics: Vec<TopicSpec>) -> Result<Self, Conflict> {
        let mut keymap = Self { topics: Vec::new(), bindings: BTreeMap::new() };
        for command in topics.iter().flat_map(|topic| &topic.commands) {
            for &context in command.contexts {
                for notation in command.keys {
                    keymap.bind(context, notation, command)?;
                }
            }
        }
        keymap.topics = topics;
        Ok(keymap)
    }

    /// All commands by topic, bound or not.
    #[must_use]
    pub(crate) fn topics(&self) -> &[TopicSpec] {
        &self.topics
    }

    /// The command with that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&'static CommandSpec> {
        self.topics.iter().flat_map(|topic| &topic.commands).copied().find(|command| command.name == name)
    }

    /// Applies the bindings of the settings: `context → keys → command`. In `"reader": {"n":
    /// "next-section", "x": ""}`, `n` is rebound and `x` unbound. Unbinding comes first. Returns the
    /// bindings that were rejected.
    pub(crate) fn apply_settings(&mut self, keys: &BTreeMap<String, BTreeMap<String, String>>) -> Vec<RejectedBinding> {
        let mut rejected = Vec::new();
        for (context_name, bindings) in keys {
            let mut reject =
                |keys: &str, why| rejected.push(RejectedBinding { context: context_name.clone(), keys: keys.to_owned(), reason: why });
            let Some(context) = Context::ALL.into_iter().find(|context| context.name() == context_name) else {
                reject("", RejectReason::UnknownContext);
                continue;
            };
            let (freed, bound): (Vec<_>, Vec<_>) = bindings.iter().partition(|(_, command)| command.is_empty());
            for (notation, name) in freed.into_iter().chain(bound) {
                let Ok(keys) = parse_sequence(notation) else {
                    reject(notation, RejectReason::Notation);
                    continue;
                };
                let key = (context, keys);
                if name.is_empty() {
                    self.bindings.remove(&key);
                    continue;
                }
                let Some(command) = self.find(name).filter(|command| command.contexts.contains(&context)) else {
                    reject(notation, RejectReason::UnknownCommand(name.clone()));
                    continue;
                };
                let before = self.bindings.remove(&key);
                let Err(conflict) = self.bind(context, notation, command) else { continue };
                if let Some(before) = before {
                    self.bindings.insert(key, before);
                }
                reject(
                    notation,
                    match conflict {
                        Conflict::Overlap { first, .. } => RejectReason::Conflict(first),
                        Conflict::TypesText { .. } => RejectReason::TypesText,
                        Conflict::Notation(_) => RejectReason::Notation,
                    },
                );
            }
        }
        rejected
    }

    fn bind(&mut self, context: Context, notation: &str, command: &'static CommandSpec) -> Result<(), Conflict> {
        let keys = parse_sequence(notation)?;
        if context.takes_text() && keys.first().is_some_and(|key| key.typed_char().is_some()) {
            return Err(Conflict::TypesText { context, keys: notation.to_owned(), command: command.name });
        }
        let clash = (1..keys.len())
            .filter_map(|n| self.bindings.get(&(context, keys[..n].to_vec())))
            .chain(self.with_prefix(context, &keys).map(|(_, command)| command))
            .next();
        if let Some(first) = clash {
            return Err(Conflict::Overlap { context, keys: notation.to_owned(), first: first.name, second: command.name });
        }
        self.bindings.insert((context, keys), command);
        Ok(())
    }

    /// The sequences of `context` with that prefix, sorted, with their commands.
    pub(crate) fn with_prefix(&self, context: Context, prefix: &[Key]) -> impl Iterator<Item = (&[Key], &&'static CommandSpec)> {
        self.bindings
            .range((context, prefix.to_vec())..)
            .take_while(move |((at, keys), _)| *at == context && keys.starts_with(prefix))
            .map(|((_, keys), command)| (keys.as_slice(), command))
    }

    /// The command bound to a sequence in `context`.
    #[must_use]
    pub fn command(&self, context: Context, keys: &[Key]) -> Option<&'static CommandSpec> {
        self.bindings.get(&(context, keys.to_vec())).copied()
    }

    /// Name of the first sequence bound to a command.
    #[must_use]
    pub(crate) fn key_of(&self, context: Context, name: &str) -> Option<String> {
        self.keys_of(context, name).into_iter().next()
    }

    /// Names of the sequences bound to a command in `context`: remaining defaults in table order, then
    /// the user's own, shortest first.
    #[must_use]
    pub(crate) fn keys_of(&self, context: Context, name: &str) -> Vec<String> {
        let bound = self.with_prefix(context, &[]).filter(|(_, command)| command.name == name);
        let mut sequences: Vec<&[Key]> = bound.map(|(keys, _)| keys).collect();
        let defaults: Vec<Vec<Key>> =
            self.find(name).map(|command| command.keys.iter().filter_map(|keys| parse_sequence(keys).ok()).collect()).unwrap_or_default();
        let rank = |keys: &[Key]| defaults.iter().position(|default| default == keys).unwrap_or(usize::MAX);
        sequences.sort_by_key(|keys| (rank(keys), keys.len()));
        sequences.into_iter().map(name_sequence).collect()
    }

    /// Handles a key press in `context`.
    pub(crate) fn feed(&self, context: Context, pending: &mut PendingKeys, pressed: Key) -> KeyOutcome {
        if pending.waits_for_char {
            let held = std::mem::take(pending);
            return match (pressed.typed_char(), self.bindings.get(&(context, held.keys))) {
                (Some(c), Some(command)) => KeyOutcome::Run(command, held.count, Some(c)),
                _ => KeyOutcome::Unbound,
            };
        }
        if context.takes_text()
            && pending.keys.is_empty()
            && let Some(c) = pressed.typed_char()
        {
            return KeyOutcome::Type(c);
        }
        let key = if context.takes_text() { pressed } else { pressed.normalized() };
        if context.takes_counts()
            && pending.keys.is_empty()
            && let Some(digit) = key.typed_char().and_then(|c| c.to_digit(10))
            && (digit > 0 || pending.count.is_some())
        {
            let count = pending.count.unwrap_or(0).saturating_mul(10).saturating_add(digit as usize);
            pending.count = Some(count.min(MAX_COUNT));
            return KeyOutcome::Pending;
        }
        if key.code == KeyCode::Esc && !pending.is_empty() {
            *pending = PendingKeys::default();
            return KeyOutcome::Pending;
        }
        pending.keys.push(key);
        if let Some(command) = self.bindings.get(&(context, pending.keys.clone())) {
            if command.takes_char {
                pending.waits_for_char = true;
                return KeyOutcome::Pending;
            }
            let count = pending.count;
            *pending = PendingKeys::default();
            return KeyOutcome::Run(command, count, None);
        }
        if self.with_prefix(context, &pending.keys).next().is_some() {
            return KeyOutcome::Pending;
        }
        *pending = PendingKeys::default();
        KeyOutcome::Unbound
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::command::default_keymap;

    fn feed(context: Context, notation: &str) -> (KeyOutcome, PendingKeys) {
        let keymap = default_keymap().unwrap();
        let mut pending = PendingKeys::default();
        let mut outcome = KeyOutcome::Unbound;
        for key in parse_sequence(notation).unwrap() {
            outcome = keymap.feed(context, &mut pending, key);
        }
        (outcome, pending)
    }

    #[test]
    fn default_bindings_do_not_conflict() {
        if let Err(conflict) = default_keymap() {
            panic!("{conflict}");
        }
    }

    #[test]
    fn sequences_and_counts_run_commands() {
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
                KeyOutcome::Run(command, got, None) => assert_eq!((command.name, got), (name, count), "{keys}"),
                other => panic!("{keys}: {other:?}"),
            }
        }
    }

    #[test]
    fn prefix_is_pending_until_escape_or_unbound_key() {
        let (outcome, pending) = feed(Context::Reader, "3]");
        assert!(matches!(outcome, KeyOutcome::Pending));
        assert_eq!(pending.text(), "3]");
        assert!(feed(Context::Reader, "3]<Esc>").1.is_empty());
        let (outcome, pending) = feed(Context::Reader, "]Q");
        assert!(matches!(outcome, KeyOutcome::Unbound) && pending.is_empty());
    }

    #[test]
    fn char_argument_is_awaited() {
        match feed(Context::Reader, "2f。").0 {
            KeyOutcome::Run(command, Some(2), Some('。')) => assert_eq!(command.name, "find-char"),
            other => panic!("{other:?}"),
        }
        assert!(matches!(feed(Context::Reader, "f<Up>").0, KeyOutcome::Unbound));
    }

    #[test]
    fn text_contexts_insert_chars() {
        for context in [Context::Prompt, Context::Editor, Context::Picker] {
            assert!(matches!(feed(context, "j").0, KeyOutcome::Type('j')));
            assert!(matches!(feed(context, "：").0, KeyOutcome::Type('：')));
        }
    }

    #[test]
    fn settings_rebind_keys_and_report_rejections() {
        let mut keymap = default_keymap().unwrap();
        let keys = |context_name: &str, bindings: &[(&str, &str)]| {
            (context_name.to_owned(), bindings.iter().map(|(keys, command)| ((*keys).to_owned(), (*command).to_owned())).collect())
        };
        let changes = [
            keys("reader", &[("x", ""), ("n", "next-section"), ("<C-n>", "next-match"), ("g", "go-end"), ("z", "tage"), ("<No>", "tag")]),
            keys("prompt", &[("k", "accept")]),
            keys("nowhere", &[("x", "tag")]),
        ];
        let rejected = keymap.apply_settings(&changes.into());
        let reasons: Vec<(&str, &RejectReason)> = rejected.iter().map(|rejected| (rejected.keys.as_str(), &rejected.reason)).collect();
        assert_eq!(
            reasons,
            [
                ("", &RejectReason::UnknownContext),
                ("k", &RejectReason::TypesText),
                ("<No>", &RejectReason::Notation),
                ("g", &RejectReason::Conflict("count-tags")),
                ("z", &RejectReason::UnknownCommand("tage".to_owned())),
            ]
        );
        let command = |notation: &str| keymap.command(Context::Reader, &parse_sequence(notation).unwrap()).map(|command| command.name);
        assert_eq!((command("x"), command("n"), command("<C-n>")), (None, Some("next-section"), Some("next-match")));
        assert_eq!(command("gg"), Some("go-start"), "what conflicts changes nothing");
    }

    #[test]
    fn counts_are_clamped() {
        match feed(Context::Reader, "99999999999999999999999j").0 {
            KeyOutcome::Run(_, Some(count), _) => assert_eq!(count, MAX_COUNT),
            other => panic!("{other:?}"),
        }
    }
}
