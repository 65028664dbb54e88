//! The reading: which candidates are sections, and how they nest.
//!
//! Every candidate is either text, carries on a sequence that is open, or opens a new one. Each
//! choice has a cost by what was seen of the candidate; the reading is the cheapest row of
//! choices over the whole document, found by a beam: a fixed number of the best stacks of open
//! sequences is kept, so the work is linear in the candidates whatever the text does.

use super::{
    OrdinalKind,
    candidate::{Candidate, LAST, Place},
    find::Event,
};

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
    pub event: usize,
    /// The node above it.
    pub parent: Option<usize>,
    pub depth: u16,
    /// The number it has in its sequence; 0 for an unnumbered heading.
    pub number: u32,
    /// Its sequence: members have the same.
    sequence: usize,
}

/// An open sequence.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Frame {
    kind: OrdinalKind,
    /// The last member's number.
    number: u32,
    /// The members begin lines.
    line: bool,
    /// What it costs to close the sequence as it is: one member alone makes none.
    lone: f32,
    /// Level of the Markdown heading it is; 0 for none.
    level: u8,
}

/// One choice for a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
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
    closed: Option<(OrdinalKind, u32)>,
}

const NO_FRAME: Frame = Frame { kind: OrdinalKind::Heading, number: 0, line: false, lone: 0.0, level: 0 };

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

    /// Takes a choice for a candidate; the cost is the caller's.
    fn choose(&mut self, choice: Choice, candidate: &Candidate) {
        match choice {
            Choice::Text => {}
            Choice::Next(depth) => {
                let depth = usize::from(depth);
                self.close_to(depth + 1);
                let frame = &mut self.frames[depth];
                frame.number = number_after(frame.number, candidate);
                frame.lone = 0.0;
                frame.line = candidate.place == Place::Line;
            }
            Choice::Open(depth) => {
                let resumes = self.resumes(usize::from(depth), candidate);
                self.close_to(usize::from(depth));
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

/// Whether the candidate is a section even without a sibling.
fn stands_alone(candidate: &Candidate) -> bool {
    use OrdinalKind::{Sequence, Shi, Yao};
    candidate.level > 0 || (candidate.alone && candidate.ordinal.sound && !matches!(candidate.ordinal.kind, Shi | Yao | Sequence))
}

/// What it costs to take the candidate for text.
fn text_cost(candidate: &Candidate) -> f32 {
    use OrdinalKind::{Arabic, ArabicParen, Circled, Di, Heading, Paren, Pause, Sequence, Shi, Yao};
    let ordinal = &candidate.ordinal;
    if candidate.level > 0 {
        return 12.0;
    }
    match (ordinal.kind, candidate.place) {
        (Arabic, Place::Line) if !ordinal.sound => {
            if ordinal.shifted {
                2.5
            } else {
                1.5
            }
        }
        (Pause | Di, Place::Line) if !ordinal.sound => 3.0,
        (Sequence, Place::Line) if ordinal.sound && ordinal.number != LAST => 2.0,
        (Sequence, Place::Line) => 1.0,
        (Shi | Yao, Place::Line) => 3.0,
        (_, Place::Line) => {
            if candidate.alone {
                8.0
            } else {
                6.0
            }
        }
        (Paren, Place::Stop) => 4.0,
        (ArabicParen | Circled | Shi, Place::Stop) | (Circled, _) => 3.0,
        (Pause | Di | Yao, Place::Stop) => 2.5,
        (Arabic, Place::Stop) | (Paren | ArabicParen, Place::Comma | Place::Space) => 2.0,
        (Sequence, Place::Stop) => match (ordinal.sound, ordinal.number) {
            (_, LAST) => 0.7,
            (true, _) => 1.5,
            (false, _) => 0.6,
        },
        (Shi, Place::Comma | Place::Space) => 1.6,
        (Yao | Pause, Place::Comma | Place::Space) | (Paren, Place::Mid) => 1.1,
        (Arabic | Di, Place::Comma | Place::Space) => 0.8,
        (Sequence, Place::Comma | Place::Space) | (_, Place::Mid) => 0.5,
        (Heading, _) => 12.0,
    }
}

/// How far down in a document a kind usually stands; words may stand anywhere.
fn rank(kind: OrdinalKind) -> u8 {
    match kind {
        OrdinalKind::Pause | OrdinalKind::Heading => 0,
        OrdinalKind::Paren => 1,
        OrdinalKind::Arabic => 2,
        OrdinalKind::ArabicParen => 3,
        OrdinalKind::Circled => 4,
        OrdinalKind::Di | OrdinalKind::Shi | OrdinalKind::Yao | OrdinalKind::Sequence => 5,
    }
}

/// What it costs that one count is told in these two kinds of word; `None` where it cannot be.
fn mixture(open: OrdinalKind, next: OrdinalKind) -> Option<f32> {
    use OrdinalKind::{Di, Sequence, Shi, Yao};
    match (open, next) {
        (a, b) if a == b => Some(0.0),
        (Shi, Yao) | (Yao, Shi) | (Sequence, Di) | (Di, Sequence) => Some(0.7),
        (Sequence | Di, Shi | Yao) | (Shi | Yao, Sequence | Di) => Some(1.6),
        _ => None,
    }
}

/// What it costs to carry on `frame` with the candidate; `None` where it does not.
fn next_cost(frame: &Frame, candidate: &Candidate) -> Option<f32> {
    let ordinal = &candidate.ordinal;
    let line = candidate.place == Place::Line;
    let mut cost = mixture(frame.kind, ordinal.kind)?;
    if frame.number == LAST || frame.level != candidate.level {
        return None;
    }
    cost += match ordinal.number {
        LAST if frame.kind == OrdinalKind::Sequence => 0.3,
        LAST => 0.9,
        number if number == frame.number + 1 => 0.0,
        // 其次 may come twice, 再次 behind 第三.
        2 | 3 if ordinal.kind == OrdinalKind::Sequence && frame.number >= ordinal.number => 0.7,
        1 => return None,
        number if number > frame.number => {
            let gap = number - frame.number - 1;
            if gap > if line { 10 } else { 2 } {
                return None;
            }
            2.0 + 0.5 * gap as f32
        }
        number if line => {
            if number == frame.number {
                3.5
            } else {
                5.0
            }
        }
        _ => return None,
    };
    cost += match (frame.line, line) {
        (true, false) => 1.2,
        (false, true) => 0.6,
        _ => 0.0,
    };
    cost += match candidate.place {
        Place::Mid => 0.3,
        _ => 0.0,
    };
    Some(cost)
}

/// What it costs to open a sequence with the candidate at `depth`, closing what is deeper.
fn open_cost(open: &[Frame], depth: usize, candidate: &Candidate) -> Option<f32> {
    let ordinal = &candidate.ordinal;
    let line = candidate.place == Place::Line;
    if ordinal.number == LAST || depth >= MAX_DEPTH {
        return None;
    }
    let mut cost = if ordinal.number == 1 {
        1.0
    } else if ordinal.kind == OrdinalKind::Sequence {
        return None;
    } else if depth == 0 {
        if line { 2.0 } else { 2.4 }
    } else {
        4.5
    };
    if !ordinal.sound {
        cost += if ordinal.kind == OrdinalKind::Arabic && !ordinal.shifted { 2.0 } else { 0.6 };
    }
    cost += match candidate.place {
        Place::Line | Place::Stop => 0.0,
        Place::Comma | Place::Space => 0.2,
        Place::Mid => 0.4,
    };
    let own = rank(ordinal.kind);
    for frame in &open[..depth] {
        if frame.level > 0 {
            continue;
        }
        if frame.kind == ordinal.kind {
            cost += 1.0;
        } else if line && rank(frame.kind) > own && candidate.level == 0 {
            // A heading of its own does not stand under a point in mid-paragraph.
            cost += if !frame.line && own < 5 {
                2.5
            } else if own == 0 || (candidate.alone && rank(frame.kind) == 5) {
                2.0
            } else {
                0.6
            };
        } else if line && own == 5 && !frame.line && rank(frame.kind) == 5 && frame.kind != ordinal.kind {
            // Nor does a paragraph that a word opens.
            cost += 1.0;
        }
    }
    let popped = &open[depth..];
    if let Some(first) = popped.first() {
        // A restart belongs to what is around the sequence it restarts.
        if first.kind == ordinal.kind {
            cost += if first.line && !line { 1.0 } else { 0.0 };
        } else if line && (rank(first.kind) > own || (own == 5 && rank(first.kind) == 5 && !first.line)) {
            cost += 0.4;
        } else {
            cost += 1.5;
        }
    }
    Some(cost)
}

/// One way on from a state: what the stack would cost, which state, and the choice.
#[derive(Debug, Clone, Copy)]
struct Step {
    cost: f32,
    slot: u8,
    choice: Choice,
    /// Its place among all of them.
    nth: u16,
}

/// Reads the events as a tree, in reading order.
pub(super) fn read(events: &[Event]) -> Vec<Node> {
    let mut states = vec![State { cost: 0.0, frames: [NO_FRAME; MAX_DEPTH], depth: 0, closed: None }];
    // For each event and each state after it: the state before it, and the choice.
    let mut back: Vec<(u8, Choice)> = Vec::with_capacity(events.len() * 3);
    let mut starts: Vec<usize> = Vec::with_capacity(events.len());
    let mut steps: Vec<Step> = Vec::new();
    let mut after: Vec<State> = Vec::with_capacity(BEAM);
    for event in events {
        steps.clear();
        after.clear();
        if !matches!(event, Event::Candidate(_)) {
            for state in &mut states {
                apply_heading(state, event);
            }
        }
        for (slot, state) in states.iter().enumerate() {
            branch(state, slot as u8, event, &mut steps);
        }
        let best = steps.iter().map(|step| step.cost).min_by(f32::total_cmp).unwrap_or(0.0);
        steps.retain(|step| step.cost <= best + HOPELESS);
        // Of equals the one that was thought of first.
        steps.sort_unstable_by(|a, b| a.cost.total_cmp(&b.cost).then(a.nth.cmp(&b.nth)));
        starts.push(back.len());
        for step in &steps {
            if after.len() == BEAM {
                break;
            }
            // Only the few stacks that are kept are made.
            let mut state = states[usize::from(step.slot)];
            if let Event::Candidate(candidate) = event {
                state.choose(step.choice, candidate);
            }
            // Costs are relative, so that they stay small over a long document.
            state.cost = step.cost - best;
            if after.iter().all(|other| other.depth != state.depth || other.open() != state.open()) {
                after.push(state);
                back.push((step.slot, step.choice));
            }
        }
        std::mem::swap(&mut states, &mut after);
    }
    for state in &mut states {
        state.close_to(0);
    }
    let mut slot = states.iter().enumerate().min_by(|a, b| a.1.cost.total_cmp(&b.1.cost)).map_or(0, |(slot, _)| slot);
    let mut choices = vec![Choice::Text; events.len()];
    for index in (0..events.len()).rev() {
        let (before, choice) = back[starts[index] + slot];
        choices[index] = choice;
        slot = usize::from(before);
    }
    without_lone(events, &replay(events, &choices))
}

/// All choices for an event from one state, to which a heading has been applied already.
fn branch(state: &State, slot: u8, event: &Event, steps: &mut Vec<Step>) {
    let Event::Candidate(candidate) = event else {
        steps.push(Step { cost: state.cost, slot, choice: Choice::Text, nth: steps.len() as u16 });
        return;
    };
    let mut take = |choice: Choice, cost: f32| {
        let kept = match choice {
            Choice::Text => state.depth,
            Choice::Next(depth) => usize::from(depth) + 1,
            Choice::Open(depth) => usize::from(depth),
        };
        steps.push(Step { cost: state.cost + cost + state.closing_cost(kept), slot, choice, nth: steps.len() as u16 });
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
    take(Choice::Text, text_cost(candidate));
    for depth in lowest..=highest {
        if let Some(cost) = open.get(depth).and_then(|frame| next_cost(frame, candidate)) {
            take(Choice::Next(depth as u8), cost);
        }
        if let Some(cost) = open_cost(open, depth, candidate) {
            take(Choice::Open(depth as u8), if state.resumes(depth, candidate) { cost.min(0.5) } else { cost });
        }
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
    let mut state = State { cost: 0.0, frames: [NO_FRAME; MAX_DEPTH], depth: 0, closed: None };
    let mut nodes: Vec<Node> = Vec::new();
    // The open node of each frame.
    let mut open: Vec<usize> = Vec::new();
    for (index, (event, choice)) in events.iter().zip(choices).enumerate() {
        let last = match choice {
            Choice::Next(depth) => open.get(usize::from(*depth)).map(|node| nodes[*node]),
            _ => None,
        };
        match event {
            Event::Candidate(candidate) => state.choose(*choice, candidate),
            other => apply_heading(&mut state, other),
        }
        let opens = matches!(event, Event::Heading { .. }) || *choice != Choice::Text;
        open.truncate(if opens { state.depth.saturating_sub(1) } else { state.depth });
        if opens && state.depth > 0 {
            let number = state.frames[state.depth - 1].number;
            let parent = open.last().copied();
            // The last of a count has no number of its own.
            let number = if number == LAST { last.map_or(1, |last| last.number + 1) } else { number };
            let sequence = last.map_or(nodes.len(), |last| last.sequence);
            open.push(nodes.len());
            nodes.push(Node { event: index, parent, depth: open.len() as u16 - 1, number, sequence });
        }
    }
    nodes
}

/// Drops the nodes whose sequence has no other member, unless they stand alone on their line.
fn without_lone(events: &[Event], nodes: &[Node]) -> Vec<Node> {
    let mut members = vec![0usize; nodes.len()];
    for node in nodes {
        members[node.sequence] += 1;
    }
    let mut kept: Vec<Node> = Vec::with_capacity(nodes.len());
    // The last topmost node of each kind: a heading between may part one count into two.
    let mut topmost: Vec<(OrdinalKind, u32)> = Vec::new();
    // Where each node went: itself, or for a dropped one the node above it.
    let mut places: Vec<Option<usize>> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let parent = node.parent.and_then(|parent| places[parent]);
        let stays = members[node.sequence] > 1
            || match &events[node.event] {
                Event::Candidate(candidate) => {
                    let before = (candidate.ordinal.kind, node.number.wrapping_sub(1));
                    stands_alone(candidate) || (node.parent.is_none() && topmost.contains(&before))
                }
                _ => true,
            };
        if let Event::Candidate(candidate) = &events[node.event]
            && node.parent.is_none()
        {
            topmost.retain(|(kind, _)| *kind != candidate.ordinal.kind);
            topmost.push((candidate.ordinal.kind, node.number));
        }
        if stays {
            places.push(Some(kept.len()));
            let depth = parent.map_or(0, |parent: usize| kept[parent].depth + 1);
            kept.push(Node { parent, depth, ..*node });
        } else {
            places.push(parent);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{candidate::ordinal_at, find::Event},
        text::{Cursor, SourceText},
    };
    use OrdinalKind::{Arabic, Di, Paren, Pause, Sequence, Shi};

    /// A candidate that is written so, at a place.
    fn candidate(text: &str, place: Place) -> Candidate {
        let source = SourceText::from(text);
        let mut cursor = Cursor::raw(&source, source.span());
        let (_, c) = cursor.next().unwrap();
        Candidate { ordinal: ordinal_at(c, &cursor).unwrap(), start: 0, place, alone: false, line: 0, level: 0 }
    }

    /// The depth and kind of the sections that are read out of these ordinals.
    fn tree(ordinals: &[(&str, Place)]) -> Vec<(u16, OrdinalKind, u32)> {
        let events: Vec<Event> = ordinals.iter().map(|(text, place)| Event::Candidate(candidate(text, *place))).collect();
        let kind = |node: &Node| match &events[node.event] {
            Event::Candidate(candidate) => candidate.ordinal.kind,
            _ => OrdinalKind::Heading,
        };
        read(&events).iter().map(|node| (node.depth, kind(node), node.number)).collect()
    }

    #[test]
    fn it_costs_no_less_to_pass_over_what_stands_at_a_line_and_least_in_mid_sentence() {
        for text in ["一、甲", "（一）甲", "一是甲", "第一，甲", "1.甲"] {
            let cost = |place| text_cost(&candidate(text, place));
            assert!(cost(Place::Line) >= cost(Place::Stop) && cost(Place::Stop) > cost(Place::Comma), "{text}");
        }
    }

    #[test]
    fn a_count_is_carried_on_by_the_next_number_and_dearer_over_a_gap() {
        let frame = Frame { kind: Di, number: 2, line: true, lone: 0.0, level: 0 };
        let cost = |text: &str| next_cost(&frame, &candidate(text, Place::Line));
        assert_eq!(cost("第三，甲"), Some(0.0));
        assert!(cost("第五，甲").is_some_and(|cost| cost > 2.0));
        assert_eq!(cost("第一，甲"), None);
        assert_eq!(cost("三、甲"), None);
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
