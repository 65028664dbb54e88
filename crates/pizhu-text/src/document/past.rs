//! The choices that led to each of the states of a reading.
//!
//! A reading follows several states at a time, but a little way back they all come from one: what
//! stands before that is decided, and only the last few events are kept with all their steps.

use super::reading::Choice;

/// Which choices led to the states: for each event the steps that were taken, until all states
/// come from the same ones, which are then decided.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// The choices of the first events.
    decided: Vec<Choice>,
    /// For the events behind them how many steps were taken, and the steps: the state before and
    /// the choice.
    counts: Vec<u8>,
    steps: Vec<(u8, Choice)>,
    /// How many events the past is looked through at.
    due: usize,
}

/// Events after which the past is first looked through for what is decided.
const LOOK_BACK: usize = 1 << 12;

impl Past {
    /// The past of a document of that many events.
    pub(super) fn with_capacity(events: usize) -> Self {
        Self { decided: Vec::with_capacity(events), due: LOOK_BACK, ..Self::default() }
    }

    /// Notes that the next state behind the event that comes was made by `choice` from the state
    /// `slot` before it.
    pub(super) fn push(&mut self, slot: u8, choice: Choice) {
        self.steps.push((slot, choice));
    }

    /// Closes an event: the states behind it are those of the last `count` steps.
    pub(super) fn next_event(&mut self, count: usize) {
        self.counts.push(count as u8);
        if self.counts.len() >= self.due {
            self.decide(count);
            // However late it is decided, the work stays linear.
            self.due = LOOK_BACK.max(2 * self.counts.len());
        }
    }

    /// All choices, where `slot` is the state that the last event ended in.
    pub(super) fn into_choices(mut self, slot: u8) -> Vec<Choice> {
        self.trace(slot);
        self.decided
    }

    /// Decides what all of the last `count` states have in common.
    fn decide(&mut self, count: usize) {
        let mut slots: Vec<u8> = (0..count as u8).collect();
        let mut end = self.steps.len();
        for event in (0..self.counts.len()).rev() {
            if let [slot] = slots.as_slice() {
                let (slot, from) = (*slot, end);
                let later = self.counts.split_off(event + 1);
                self.trace(slot);
                self.steps.drain(..from);
                self.counts = later;
                return;
            }
            let start = end - usize::from(self.counts[event]);
            for slot in &mut slots {
                *slot = self.steps[start + usize::from(*slot)].0;
            }
            slots.sort_unstable();
            slots.dedup();
            end = start;
        }
    }

    /// Decides the events of `counts`, of which `slot` is the last state.
    fn trace(&mut self, slot: u8) {
        let from = self.decided.len();
        self.decided.resize(from + self.counts.len(), Choice::Text);
        let mut slot = usize::from(slot);
        let mut end: usize = self.counts.iter().map(|count| usize::from(*count)).sum();
        for (event, count) in self.counts.iter().enumerate().rev() {
            end -= usize::from(*count);
            let (before, choice) = self.steps[end + slot];
            self.decided[from + event] = choice;
            slot = usize::from(before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The choices are the same whether the past is decided on the way or at the end.
        #[test]
        fn what_is_decided_early_is_what_is_decided_late(steps in prop::collection::vec(prop::collection::vec((0u8..4, 0u8..9), 1..5), 1..40), due in 1usize..5, last in 0u8..4) {
            let (mut early, mut late) = (Past { due, ..Past::default() }, Past { due: usize::MAX, ..Past::default() });
            let mut before = 1;
            for event in &steps {
                for (slot, depth) in event {
                    early.push(slot % before, Choice::Open(*depth));
                    late.push(slot % before, Choice::Open(*depth));
                }
                before = event.len() as u8;
                early.next_event(event.len());
                early.due = early.counts.len() + due;
                late.next_event(event.len());
            }
            let last = last % before;
            prop_assert_eq!(early.into_choices(last), late.into_choices(last));
        }
    }
}
