//! Back-pointers of the beam search.
//!
//! Some tokens back, all hypotheses of the beam share their ancestor: actions before it are
//! decided, and only the back-pointers of the later tokens are kept.

use super::parse_action::ParseAction;

/// The actions that led to each hypothesis of the beam.
#[derive(Debug, Default)]
pub(super) struct BackPointers {
    /// The actions of the first tokens, common to all hypotheses.
    decided: Vec<ParseAction>,
    /// For each later token, the number of its hypotheses.
    counts: Vec<u8>,
    /// The hypotheses of those tokens, one token after another: the slot of the parent hypothesis
    /// and the action taken from it.
    links: Vec<(u8, ParseAction)>,
    /// Number of undecided tokens at which to prune next.
    next_prune: usize,
}

/// Least number of undecided tokens to prune at.
const PRUNE_INTERVAL: usize = 1 << 12;

impl BackPointers {
    /// Empty back-pointers with room for that many tokens.
    pub(super) fn with_capacity(tokens: usize) -> Self {
        Self { decided: Vec::with_capacity(tokens), next_prune: PRUNE_INTERVAL, ..Self::default() }
    }

    /// Adds a hypothesis of the next token: reached by `action` from hypothesis `slot` of the token
    /// before.
    pub(super) fn push(&mut self, slot: u8, action: ParseAction) {
        self.links.push((slot, action));
    }

    /// Ends a token that `count` hypotheses were pushed for; `count` fits in a byte because the
    /// beam is narrow.
    pub(super) fn next_token(&mut self, count: usize) {
        self.counts.push(count as u8);
        if self.counts.len() >= self.next_prune {
            self.prune(count);
            // Doubling keeps the total work linear, however late hypotheses merge.
            self.next_prune = PRUNE_INTERVAL.max(2 * self.counts.len());
        }
    }

    /// The actions of all tokens that lead to hypothesis `slot` of the last one.
    pub(super) fn into_actions(mut self, slot: u8) -> Vec<ParseAction> {
        self.backtrace(slot);
        self.decided
    }

    /// Moves the actions that the last `count` hypotheses have in common to `decided`.
    fn prune(&mut self, count: usize) {
        let mut slots: Vec<u8> = (0..count as u8).collect();
        let mut end = self.links.len();
        for token in (0..self.counts.len()).rev() {
            if let [slot] = slots.as_slice() {
                let (slot, from) = (*slot, end);
                let later = self.counts.split_off(token + 1);
                self.backtrace(slot);
                self.links.drain(..from);
                self.counts = later;
                return;
            }
            let start = end - usize::from(self.counts[token]);
            for slot in &mut slots {
                *slot = self.links[start + usize::from(*slot)].0;
            }
            slots.sort_unstable();
            slots.dedup();
            end = start;
        }
    }

    /// Moves the actions of all undecided tokens to `decided`, following the links back from
    /// `slot`.
    fn backtrace(&mut self, slot: u8) {
        let from = self.decided.len();
        self.decided.resize(from + self.counts.len(), ParseAction::Text);
        let mut slot = usize::from(slot);
        let mut end: usize = self.counts.iter().map(|count| usize::from(*count)).sum();
        for (token, count) in self.counts.iter().enumerate().rev() {
            end -= usize::from(*count);
            let (before, action) = self.links[end + slot];
            self.decided[from + token] = action;
            slot = usize::from(before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The actions are the same whether pruned on the way or at the end.
        #[test]
        fn pruning_keeps_the_best_path(links in prop::collection::vec(prop::collection::vec((0u8..4, 0u8..9), 1..5), 1..40), next_prune in 1usize..5, last in 0u8..4) {
            let (mut early, mut late) = (BackPointers { next_prune, ..BackPointers::default() }, BackPointers { next_prune: usize::MAX, ..BackPointers::default() });
            let mut before = 1;
            for token in &links {
                for (slot, depth) in token {
                    early.push(slot % before, ParseAction::Open(*depth));
                    late.push(slot % before, ParseAction::Open(*depth));
                }
                before = token.len() as u8;
                early.next_token(token.len());
                early.next_prune = early.counts.len() + next_prune;
                late.next_token(token.len());
            }
            let last = last % before;
            prop_assert_eq!(early.into_actions(last), late.into_actions(last));
        }
    }
}
