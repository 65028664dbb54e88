//! The beam: the transitions out of the current hypotheses, from which the next ones are chosen.

use super::parse_action::ParseAction;

/// Hypotheses kept per token.
pub(super) const BEAM_WIDTH: usize = 12;
/// Hypotheses costlier than the best by more than this are pruned.
pub(super) const PRUNE_MARGIN: f32 = 9.0;
/// Number of transitions that usually suffice to fill the beam: only these are sorted at first.
pub(super) const SORTED_PREFIX: usize = 2 * BEAM_WIDTH;

/// A candidate transition: an action taken from one hypothesis of the beam.
#[derive(Debug, Clone, Copy)]
pub(super) struct Transition {
    pub cost: f32,
    pub slot: u8,
    pub action: ParseAction,
    /// Order of generation, which breaks ties.
    order: u16,
}

/// The transitions out of the current hypotheses, from which the next ones are chosen.
#[derive(Debug, Default)]
pub(super) struct Beam {
    transitions: Vec<Transition>,
    /// Least cost so far.
    pub best_cost: f32,
    /// Number of transitions pushed, pruned ones included.
    pushed: u16,
    /// Length of the sorted prefix of `transitions`.
    sorted: usize,
}

impl Beam {
    pub(super) fn clear(&mut self) {
        self.transitions.clear();
        self.best_cost = f32::INFINITY;
        self.pushed = 0;
    }

    /// Whether a transition of at least this cost is pruned, whatever comes later.
    pub(super) fn is_pruned(&self, cost: f32) -> bool {
        cost > self.best_cost + PRUNE_MARGIN
    }

    pub(super) fn push(&mut self, cost: f32, slot: u8, action: ParseAction) {
        self.pushed += 1;
        if !self.is_pruned(cost) {
            self.best_cost = self.best_cost.min(cost);
            self.transitions.push(Transition { cost, slot, action, order: self.pushed });
        }
    }

    /// Sorts the transitions by cost, then by order of generation; only a prefix of
    /// [`SORTED_PREFIX`] if there are many.
    pub(super) fn sort(&mut self) {
        let limit = self.best_cost + PRUNE_MARGIN;
        self.transitions.retain(|transition| transition.cost <= limit);
        // Costs are not negative, so they compare as their bits do.
        let key = |transition: &Transition| (transition.cost.to_bits(), transition.order);
        let rest = if self.transitions.len() > 2 * SORTED_PREFIX {
            self.transitions.select_nth_unstable_by_key(SORTED_PREFIX, key).2.len()
        } else {
            0
        };
        let first = self.transitions.len() - rest;
        self.transitions[..first].sort_unstable_by_key(key);
        self.sorted = first;
    }

    /// The transition of that rank; sorts the rest when it is first needed.
    pub(super) fn nth(&mut self, rank: usize) -> Option<Transition> {
        if rank == self.sorted && rank < self.transitions.len() {
            self.transitions[rank..].sort_unstable_by_key(|transition| (transition.cost.to_bits(), transition.order));
            self.sorted = self.transitions.len();
        }
        self.transitions.get(rank).copied()
    }
}
