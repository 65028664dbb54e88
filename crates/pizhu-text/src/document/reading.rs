//! The reading: which candidates are sections, and how they nest.
//!
//! Every candidate is either text, carries on a sequence that is open, or opens a new one. Each
//! choice has a cost by what was seen of the candidate; the reading is the cheapest row of
//! choices over the whole document, found by a beam: a fixed number of the best stacks of open
//! sequences is kept, so the work is linear in the candidates whatever the text does.

use super::{
    OrdinalKind,
    candidate::{Candidate, LAST, Place},
    cost::{Frame, NO_FRAME, instead_cost, next_cost, opening_cost, stands_alone, text_cost, under_cost},
    find::Event,
    past::Past,
};
use crate::text::parts::in_parts;

/// Stacks of open sequences kept at each step.
const BEAM: usize = 12;
/// A stack this much costlier than the best is given up.
const HOPELESS: f32 = 9.0;
/// Deepest nesting.
const MAX_DEPTH: usize = 10;

/// One section of the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    /// Which event.
    pub event: u32,
    /// The node above it; [`NONE`] at the top.
    pub parent: u32,
    pub depth: u16,
    /// The number it has in its sequence; 0 for an unnumbered heading.
    pub number: u32,
    /// Its sequence: members have the same.
    sequence: u32,
}

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// One choice for a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    Text,
    /// Carry on the sequence at this depth.
    Next(u8),
    /// Open a sequence at this depth, closing what is deeper.
    Open(u8),
}

/// A stack of open sequences and what led to it.
#[derive(Debug, Clone, Copy)]
struct State {
    cost: f32,
    frames: [Frame; MAX_DEPTH],
    depth: usize,
    /// The topmost sequence that an unnumbered heading closed; its count may go on behind it.
    closed: Closed,
}

/// A sequence that was closed while its count may go on: its kind and last number.
type Closed = Option<(OrdinalKind, u32)>;

const NO_STATE: State = State { cost: 0.0, frames: [NO_FRAME; MAX_DEPTH], depth: 0, closed: None };

impl State {
    fn open(&self) -> &[Frame] {
        &self.frames[..self.depth]
    }

    /// What it costs to close everything deeper than `depth`.
    fn closing_cost(&self, depth: usize) -> f32 {
        self.frames[depth..self.depth].iter().map(|frame| frame.lone).sum()
    }

    /// Closes everything deeper than `depth`.
    fn close_to(&mut self, depth: usize) {
        self.cost += self.closing_cost(depth);
        self.depth = depth;
    }

    fn push(&mut self, frame: Frame) {
        self.frames[self.depth] = frame;
        self.depth += 1;
    }

    /// The stack with the unnumbered headings of Markdown alone that are above `level`.
    fn headings_above(&self, level: u8) -> usize {
        self.open().iter().take_while(|frame| frame.level > 0 && frame.level < level).count()
    }

    /// Whether a sequence opened at `depth` goes on with the count that a heading interrupted.
    fn resumes(&self, depth: usize, candidate: &Candidate) -> bool {
        let top = self.open()[..depth].iter().all(|frame| frame.level > 0);
        top && self
            .closed
            .is_some_and(|(kind, number)| kind == candidate.ordinal.kind && number.checked_add(1) == Some(candidate.ordinal.number))
    }

    /// Takes a choice for a candidate; all cost is the caller's.
    fn choose(&mut self, choice: Choice, candidate: &Candidate) {
        match choice {
            Choice::Text => {}
            Choice::Next(depth) => {
                let depth = usize::from(depth);
                self.depth = depth + 1;
                let frame = &mut self.frames[depth];
                frame.number = number_after(frame.number, candidate);
                frame.lone = 0.0;
                frame.line = candidate.place == Place::Line;
            }
            Choice::Open(depth) => {
                let resumes = self.resumes(usize::from(depth), candidate);
                self.depth = usize::from(depth);
                self.push(Frame {
                    kind: candidate.ordinal.kind,
                    number: candidate.ordinal.number,
                    line: candidate.place == Place::Line,
                    lone: if resumes || stands_alone(candidate) { 0.0 } else { text_cost(candidate) + 0.2 },
                    level: candidate.level,
                });
            }
        }
    }
}

/// The number a sequence has after `candidate` carried it on.
fn number_after(last: u32, candidate: &Candidate) -> u32 {
    match candidate.ordinal.number {
        LAST => LAST,
        number if candidate.ordinal.kind == OrdinalKind::Sequence => number.max(last.saturating_add(1)),
        number => number,
    }
}

/// Steps of which nearly always as many stacks come as are kept.
const ENOUGH: usize = 2 * BEAM;

/// One way on from a state: what the stack would cost, which state, and the choice.
#[derive(Debug, Clone, Copy)]
struct Step {
    cost: f32,
    slot: u8,
    choice: Choice,
    /// Its place among all of them.
    nth: u16,
}

/// The ways on from the states that are kept, but for those that are hopeless.
#[derive(Debug, Default)]
struct Steps {
    all: Vec<Step>,
    /// The least cost so far.
    best: f32,
    /// How many have come.
    count: u16,
    /// So many of them are in order.
    ranked: usize,
}

impl Steps {
    fn clear(&mut self) {
        self.all.clear();
        self.best = f32::INFINITY;
        self.count = 0;
    }

    /// Whether what costs at least this much is given up whatever else comes.
    fn is_hopeless(&self, cost: f32) -> bool {
        cost > self.best + HOPELESS
    }

    fn push(&mut self, cost: f32, slot: u8, choice: Choice) {
        self.count += 1;
        if !self.is_hopeless(cost) {
            self.best = self.best.min(cost);
            self.all.push(Step { cost, slot, choice, nth: self.count });
        }
    }

    /// Puts the steps in order, the cheapest first; of equals the one that was thought of first.
    fn rank(&mut self) {
        let most = self.best + HOPELESS;
        self.all.retain(|step| step.cost <= most);
        // No cost is negative, so that costs compare as their bits do.
        let key = |step: &Step| (step.cost.to_bits(), step.nth);
        let behind = if self.all.len() > 2 * ENOUGH { self.all.select_nth_unstable_by_key(ENOUGH, key).2.len() } else { 0 };
        let first = self.all.len() - behind;
        self.all[..first].sort_unstable_by_key(key);
        self.ranked = first;
    }

    /// The step at that place of the order; later ones are put in order when they are asked for.
    fn nth(&mut self, place: usize) -> Option<Step> {
        if place == self.ranked && place < self.all.len() {
            self.all[place..].sort_unstable_by_key(|step| (step.cost.to_bits(), step.nth));
            self.ranked = self.all.len();
        }
        self.all.get(place).copied()
    }
}

/// Events that a thread of its own is worth.
const LEAST_EVENTS: usize = 2000;

/// Reads the events as a tree, in reading order.
pub(super) fn read(events: &[Event]) -> Vec<Node> {
    let mut nodes = replay(events, &choices(events));
    without_lone(events, &mut nodes);
    nodes
}

/// The cheapest row of choices.
///
/// Where everything open closes, the reading goes on from one state alone, of which nothing is
/// left but the count that may go on behind it. So what comes after such a place is read at the
/// same time as what comes before, as if there were no such count; where there is one, that
/// reading is mended up to the next place at which both agree.
fn choices(events: &[Event]) -> Vec<Choice> {
    let levels = events.iter().any(|event| match event {
        Event::Candidate(candidate) => candidate.level > 0,
        Event::Heading { .. } => true,
        Event::Close => false,
    });
    if levels {
        return Run::of(events, None, &[]).choices;
    }
    let behind_close = |from: usize| {
        let close = events[from..].iter().position(|event| *event == Event::Close);
        close.map_or(events.len(), |close| from + close + 1)
    };
    let parts = in_parts(events.len(), LEAST_EVENTS, |part| {
        let from = if part.start == 0 { 0 } else { behind_close(part.start) };
        let part = &events[from..behind_close(part.end).max(from)];
        (part, Run::of(part, None, &[]))
    });
    let mut choices: Vec<Choice> = Vec::with_capacity(events.len());
    let mut closed = None;
    for (part, run) in parts {
        if closed.is_none() {
            closed = run.closed;
            choices.extend(run.choices);
            continue;
        }
        let mended = Run::of(part, closed, &run.ends);
        let agreed = mended.choices.len();
        closed = if agreed < part.len() { run.closed } else { mended.closed };
        choices.extend(mended.choices);
        choices.extend(run.choices.into_iter().skip(agreed));
    }
    choices
}

/// The reading of some events that begin where nothing is open.
struct Run {
    choices: Vec<Choice>,
    /// The events that closed everything, and the count that each left.
    ends: Vec<(usize, Closed)>,
    /// The count that the last of them left.
    closed: Closed,
}

impl Run {
    /// Reads `events` behind a count that was `closed`, up to where it agrees with `other`: there
    /// both go on alike.
    fn of(events: &[Event], closed: Closed, other: &[(usize, Closed)]) -> Self {
        let mut states = vec![State { closed, ..NO_STATE }];
        let mut past = Past::with_capacity(events.len());
        let mut steps = Steps::default();
        let mut after: Vec<State> = Vec::with_capacity(BEAM);
        let mut ends = Vec::new();
        let mut others = other.iter();
        for (index, event) in events.iter().enumerate() {
            steps.clear();
            after.clear();
            if !matches!(event, Event::Candidate(_)) {
                for state in &mut states {
                    apply_heading(state, event);
                }
            }
            let costs = Costs::of(event);
            for (slot, state) in states.iter().enumerate() {
                branch(state, slot as u8, event, &costs, &mut steps);
            }
            steps.rank();
            let mut place = 0;
            while after.len() < BEAM
                && let Some(step) = steps.nth(place)
            {
                place += 1;
                // Only the few stacks that are kept are made.
                let mut state = states[usize::from(step.slot)];
                if let Event::Candidate(candidate) = event {
                    state.choose(step.choice, candidate);
                }
                // Costs are relative, so that they stay small over a long document.
                state.cost = step.cost - steps.best;
                if after.iter().all(|other| other.depth != state.depth || other.open() != state.open()) {
                    after.push(state);
                    past.push(step.slot, step.choice);
                }
            }
            past.next_event(after.len());
            std::mem::swap(&mut states, &mut after);
            if let (Event::Close, [state]) = (event, states.as_slice())
                && state.depth == 0
            {
                ends.push((index, state.closed));
                if others.next() == Some(&(index, state.closed)) {
                    break;
                }
            }
        }
        for state in &mut states {
            state.close_to(0);
        }
        let (slot, state) = states.iter().enumerate().min_by(|a, b| a.1.cost.total_cmp(&b.1.cost)).unwrap_or((0, &NO_STATE));
        Self { choices: past.into_choices(slot as u8), ends, closed: state.closed }
    }
}

/// What an event costs from whichever state.
struct Costs {
    text: f32,
    opening: Option<(f32, f32)>,
}

impl Costs {
    fn of(event: &Event) -> Self {
        match event {
            Event::Candidate(candidate) => Self { text: text_cost(candidate), opening: opening_cost(candidate) },
            _ => Self { text: 0.0, opening: None },
        }
    }
}

/// All choices for an event from one state, to which a heading has been applied already.
fn branch(state: &State, slot: u8, event: &Event, costs: &Costs, steps: &mut Steps) {
    let Event::Candidate(candidate) = event else {
        steps.push(state.cost, slot, Choice::Text);
        return;
    };
    let mut take = |choice: Choice, cost: f32| {
        let cost = state.cost + cost;
        if steps.is_hopeless(cost) {
            return;
        }
        let kept = match choice {
            Choice::Text => state.depth,
            Choice::Next(depth) => usize::from(depth) + 1,
            Choice::Open(depth) => usize::from(depth),
        };
        steps.push(cost + state.closing_cost(kept), slot, choice);
    };
    let open = state.open();
    // A Markdown heading stands under the headings above its level; other ordinals stay inside
    // the heading they are under.
    let (lowest, highest) = if candidate.level > 0 {
        let depth = state.headings_above(candidate.level);
        (depth, depth)
    } else {
        (open.iter().rposition(|frame| frame.level > 0).map_or(0, |at| at + 1), open.len())
    };
    take(Choice::Text, costs.text);
    let mut around = costs.opening.map_or(0.0, |(_, deeper)| deeper);
    for depth in 0..=highest {
        let frame = open.get(depth);
        if depth >= lowest {
            if let Some(cost) = frame.and_then(|frame| next_cost(frame, candidate)) {
                take(Choice::Next(depth as u8), cost);
            }
            if let Some((top, _)) = costs.opening
                && depth < MAX_DEPTH
            {
                let cost = if depth == 0 { top } else { around } + frame.map_or(0.0, |frame| instead_cost(frame, candidate));
                take(Choice::Open(depth as u8), if state.resumes(depth, candidate) { cost.min(0.5) } else { cost });
            }
        }
        around += frame.map_or(0.0, |frame| under_cost(frame, candidate));
    }
}

/// Applies an unnumbered heading to a stack.
fn apply_heading(state: &mut State, event: &Event) {
    match event {
        Event::Heading { level, .. } => {
            let depth = state.headings_above(*level);
            state.close_to(depth);
            if depth < MAX_DEPTH {
                state.push(Frame { kind: OrdinalKind::Heading, level: *level, ..NO_FRAME });
            }
        }
        Event::Close => {
            let depth = state.headings_above(u8::MAX);
            if let Some(frame) = state.open().get(depth) {
                state.closed = Some((frame.kind, frame.number));
            }
            state.close_to(depth);
        }
        Event::Candidate(_) => {}
    }
}

/// The nodes that the choices make.
fn replay(events: &[Event], choices: &[Choice]) -> Vec<Node> {
    let opens = |event: &Event, choice: Choice| matches!(event, Event::Heading { .. }) || choice != Choice::Text;
    let count = events.iter().zip(choices).filter(|(event, choice)| opens(event, **choice)).count();
    let mut state = NO_STATE;
    let mut nodes: Vec<Node> = Vec::with_capacity(count);
    // The open node of each frame.
    let mut open: Vec<u32> = Vec::new();
    for (index, (event, choice)) in events.iter().zip(choices).enumerate() {
        let last = match choice {
            Choice::Next(depth) => open.get(usize::from(*depth)).map(|node| nodes[*node as usize]),
            _ => None,
        };
        match event {
            Event::Candidate(candidate) => state.choose(*choice, candidate),
            other => apply_heading(&mut state, other),
        }
        let opens = opens(event, *choice);
        open.truncate(if opens { state.depth.saturating_sub(1) } else { state.depth });
        if opens && state.depth > 0 {
            let number = state.frames[state.depth - 1].number;
            let parent = open.last().copied().unwrap_or(NONE);
            // The last of a count has no number of its own.
            let number = if number == LAST { last.map_or(1, |last| last.number + 1) } else { number };
            let sequence = last.map_or(nodes.len() as u32, |last| last.sequence);
            open.push(nodes.len() as u32);
            nodes.push(Node { event: index as u32, parent, depth: open.len() as u16 - 1, number, sequence });
        }
    }
    nodes
}

/// Drops the nodes whose sequence has no other member, unless they stand alone on their line.
fn without_lone(events: &[Event], nodes: &mut Vec<Node>) {
    let mut members = vec![0u32; nodes.len()];
    for node in nodes.iter() {
        members[node.sequence as usize] += 1;
    }
    // The last topmost node of each kind: a heading between may part one count into two.
    let mut topmost: Vec<(OrdinalKind, u32)> = Vec::new();
    // Where each node went: itself, or for a dropped one the node above it.
    let mut places: Vec<u32> = Vec::with_capacity(nodes.len());
    let mut kept = 0;
    for index in 0..nodes.len() {
        let node = nodes[index];
        let parent = places.get(node.parent as usize).copied().unwrap_or(NONE);
        let event = &events[node.event as usize];
        let stays = members[node.sequence as usize] > 1
            || match event {
                Event::Candidate(candidate) => {
                    let before = (candidate.ordinal.kind, node.number.wrapping_sub(1));
                    stands_alone(candidate) || (node.parent == NONE && topmost.contains(&before))
                }
                _ => true,
            };
        if let Event::Candidate(candidate) = event
            && node.parent == NONE
        {
            topmost.retain(|(kind, _)| *kind != candidate.ordinal.kind);
            topmost.push((candidate.ordinal.kind, node.number));
        }
        if stays {
            places.push(kept as u32);
            let depth = nodes.get(parent as usize).map_or(0, |parent| parent.depth + 1);
            nodes[kept] = Node { parent, depth, ..node };
            kept += 1;
        } else {
            places.push(parent);
        }
    }
    nodes.truncate(kept);
    nodes.shrink_to_fit();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::cost::tests::candidate;
    use OrdinalKind::{Arabic, Paren, Pause, Sequence, Shi};

    /// The depth and kind of the sections that are read out of these ordinals.
    fn tree(ordinals: &[(&str, Place)]) -> Vec<(u16, OrdinalKind, u32)> {
        let events: Vec<Event> = ordinals.iter().map(|(text, place)| Event::Candidate(candidate(text, *place))).collect();
        let kind = |node: &Node| match &events[node.event as usize] {
            Event::Candidate(candidate) => candidate.ordinal.kind,
            _ => OrdinalKind::Heading,
        };
        read(&events).iter().map(|node| (node.depth, kind(node), node.number)).collect()
    }

    #[test]
    fn kinds_nest_by_the_order_they_come_in() {
        use Place::{Line, Stop};
        let ordinals = [("一、甲", Line), ("（一）甲", Line), ("一是甲", Stop), ("二是乙", Stop), ("（二）乙", Line), ("二、乙", Line)];
        let expected = [(0, Pause, 1), (1, Paren, 1), (2, Shi, 1), (2, Shi, 2), (1, Paren, 2), (0, Pause, 2)];
        assert_eq!(tree(&ordinals), expected);
        let turned = [("（一）甲", Line), ("1.甲", Line), ("2.乙", Line), ("（二）乙", Line)];
        assert_eq!(tree(&turned), [(0, Paren, 1), (1, Arabic, 1), (1, Arabic, 2), (0, Paren, 2)]);
    }

    #[test]
    fn a_lone_point_is_text_and_the_last_of_a_count_has_its_number() {
        use Place::{Line, Stop};
        assert_eq!(tree(&[("一、甲", Line), ("一是甲", Stop), ("二、乙", Line)]), [(0, Pause, 1), (0, Pause, 2)]);
        let ordinals = [("首先，甲", Line), ("其次，乙", Line), ("最后，丙", Line)];
        assert_eq!(tree(&ordinals), [(0, Sequence, 1), (0, Sequence, 2), (0, Sequence, 3)]);
    }
}
