//! Hypotheses of the outline decoder: stacks of open sequences, and the actions possible in each.

use super::{
    OrdinalKind, PartWord,
    candidate::{FINAL_NUMBER, Interleaved, OrdinalCandidate, OrdinalPosition},
    candidate_scanner::OutlineToken,
    cost::{self, CountState, Distance, NO_SEQUENCE, OpenSequence, needs_no_sibling},
    parse_action::ParseAction,
    weights::{Feature, Weights},
};

/// Longest unnumbered heading, in chars, that heads what follows; a longer one is a sentence.
const MAX_HEADING_CHARS: u32 = 40;
/// Deepest nesting of sections.
pub(super) const MAX_DEPTH: usize = 10;

/// A hypothesis of the beam search: a stack of open sequences, with its cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hypothesis {
    pub cost: f32,
    pub sequences: [OpenSequence; MAX_DEPTH],
    pub depth: usize,
    /// The topmost sequence that an unnumbered heading closed.
    pub closed: ClosedSequence,
    /// The last of each kind since then, by [`OrdinalKind::index`].
    pub counts: [LastCounted; OrdinalKind::COUNT],
}

/// Where a kind was counted last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LastCounted {
    /// Its number.
    number: u16,
    /// Its depth.
    depth: u8,
    /// The number of its parent; 0 at the top.
    parent_number: u16,
    /// Where the parent's sequence opened: see [`OpenSequence::opened`].
    parent_opened: u16,
}

/// A closed sequence that may still resume: its kind and last number. For example 三、 after a
/// subheading may resume 一、二、.
pub(super) type ClosedSequence = Option<(OrdinalKind, u32)>;

pub(super) const NO_COUNTS: [LastCounted; OrdinalKind::COUNT] =
    [LastCounted { number: 0, depth: 0, parent_number: 0, parent_opened: 0 }; OrdinalKind::COUNT];

pub(super) const EMPTY_HYPOTHESIS: Hypothesis =
    Hypothesis { cost: 0.0, sequences: [NO_SEQUENCE; MAX_DEPTH], depth: 0, closed: None, counts: NO_COUNTS };

impl Hypothesis {
    pub(super) fn open_sequences(&self) -> &[OpenSequence] {
        &self.sequences[..self.depth]
    }

    /// The cost of closing all sequences below `depth`.
    pub(super) fn closing_cost(&self, depth: usize) -> f32 {
        self.sequences[depth..self.depth].iter().map(|sequence| sequence.singleton_cost).sum()
    }

    /// Closes all sequences below `depth`.
    pub(super) fn close_to(&mut self, depth: usize) {
        self.cost += self.closing_cost(depth);
        self.depth = depth;
    }

    pub(super) fn push(&mut self, sequence: OpenSequence) {
        self.sequences[self.depth] = sequence;
        self.depth += 1;
    }

    /// The number of open headings above heading level `level`, at the bottom of the stack. Parts stand
    /// above headings whether their format marks them or not.
    pub(super) fn headings_above(&self, level: u8) -> usize {
        let above = |sequence: &OpenSequence| match sequence.level {
            0 => matches!(sequence.kind, OrdinalKind::Part(_)),
            open => open < level,
        };
        self.open_sequences().iter().take_while(|sequence| above(sequence)).count()
    }

    /// The number of open sequences before the first heading that is not above heading level `level`: a
    /// heading may also stand below ordinals that no format marks.
    pub(super) fn headings_not_below(&self, level: u8) -> usize {
        self.open_sequences().iter().position(|sequence| sequence.level >= level).unwrap_or(self.depth)
    }

    /// The depths at which the candidate may open or carry on a sequence. A heading with a level nests
    /// under the open headings above its level; other ordinals stay inside the innermost open heading. The
    /// word of a part tells more than its level: 第一篇 and 第一章 may both be marked as `#`.
    pub(super) fn depths(&self, candidate: &OrdinalCandidate) -> (usize, usize) {
        let kind = candidate.ordinal.kind;
        if let Some(depth) = self.depth_of_decimal(candidate).or_else(|| self.depth_of_member(candidate)) {
            return (depth, depth);
        }
        if candidate.interleaved == Interleaved::Part {
            // Not below a paragraph of the other count.
            let paragraph = |sequence: &OpenSequence| sequence.level == 0 && sequence.at_line_start && !sequence.whole_line;
            return (0, self.open_sequences().iter().position(paragraph).unwrap_or(self.depth));
        }
        let part = matches!(kind, OrdinalKind::Part(_));
        // Articles that no format marks stand below any heading that is marked.
        let article = kind == OrdinalKind::Part(PartWord::Article) && candidate.level == 0;
        if candidate.level > 0 && !part {
            (self.headings_above(candidate.level), self.headings_not_below(candidate.level))
        } else {
            let open = self.open_sequences();
            // A part stands above all that is no part, but for unnumbered headings above its level.
            let holds = |sequence: &OpenSequence| match sequence.kind {
                _ if sequence.level == 0 || sequence.heads_nothing => false,
                _ if article => sequence.kind != kind,
                OrdinalKind::Heading if part => candidate.level == 0 || sequence.level < candidate.level,
                _ => !part || sequence.kind.rank() < candidate.ordinal.kind.rank(),
            };
            (open.iter().rposition(holds).map_or(0, |at| at + 1), open.len())
        }
    }

    /// The depth at which a decimal stands, whatever its format says, if what it counts on from or stands below is
    /// open: 1.2 where 1.1 is, 1.1 below `1.`.
    fn depth_of_decimal(&self, candidate: &OrdinalCandidate) -> Option<usize> {
        if candidate.ordinal.kind != OrdinalKind::Decimal {
            return None;
        }
        let (prefix, open) = (candidate.ordinal.prefix(), self.open_sequences());
        let sibling = |sequence: &OpenSequence| sequence.kind == OrdinalKind::Decimal && sequence.prefix == prefix;
        let first = || open.iter().rposition(|sequence| sequence.holds_decimals(prefix)).map(|parent| parent + 1);
        open.iter().rposition(sibling).or_else(first)
    }

    /// The depth of a member of a count that runs through headings (see [`Interleaved`]): below the open heading.
    fn depth_of_member(&self, candidate: &OrdinalCandidate) -> Option<usize> {
        let Interleaved::Member(kind) = candidate.interleaved else { return None };
        let heading = |sequence: &OpenSequence| sequence.kind == kind && sequence.whole_line;
        self.open_sequences().iter().rposition(heading).map(|at| at + 1)
    }

    /// The number of open sequences that an action keeps.
    pub(super) fn kept_depth(&self, action: ParseAction) -> usize {
        match action {
            ParseAction::Text => self.depth,
            ParseAction::Continue(depth) => usize::from(depth) + 1,
            ParseAction::Open(depth) => usize::from(depth),
        }
    }

    /// How a sequence opened at `depth` with this candidate stands to the counts before it.
    pub(super) fn count_state(&self, depth: usize, candidate: &OrdinalCandidate) -> CountState {
        let ordinal = &candidate.ordinal;
        let above = &self.open_sequences()[..depth];
        let resumes = |(kind, number): (OrdinalKind, u32)| kind == ordinal.kind && number.checked_add(1) == Some(ordinal.number);
        if above.iter().all(|sequence| sequence.level > 0) && self.closed.is_some_and(resumes) {
            return CountState::Resumes;
        }
        let last = self.counts[ordinal.kind.index()];
        let (parent_opened, parent_number) = self.parent_at(depth);
        // （六） under 二、 after （五） under 一、: a later part of the same count. But 第四条 may stand under
        // 第一章 where 第三条 stood right under 第一篇.
        let next_part = usize::from(last.depth) == depth && last.parent_opened == parent_opened && last.parent_number != parent_number;
        let carries_on = depth > 0
            && ordinal.number > 1
            && u32::from(last.number) + 1 == ordinal.number
            && (next_part || matches!(ordinal.kind, OrdinalKind::Part(_)) || matches!(candidate.interleaved, Interleaved::Member(_)))
            && ordinal.kind != OrdinalKind::Decimal
            && above.iter().all(|sequence| sequence.kind != ordinal.kind);
        if carries_on { CountState::CarriesOn } else { CountState::New }
    }

    /// Whether the kind of the candidate, which begins to count anew at `depth`, was counted at another depth before.
    fn stood_elsewhere(&self, depth: usize, candidate: &OrdinalCandidate) -> bool {
        let (kind, last) = (candidate.ordinal.kind, self.counts[candidate.ordinal.kind.index()]);
        candidate.ordinal.number == 1
            && candidate.position == OrdinalPosition::LineStart
            && !kind.is_word()
            && kind != OrdinalKind::Decimal
            && last.number > 0
            && usize::from(last.depth) != depth
    }

    /// Whether the candidate, opened at `depth`, carries on the count of the part before: 19. below (f) after 18.
    /// below (e).
    fn goes_on_in_part(&self, depth: usize, candidate: &OrdinalCandidate) -> bool {
        !matches!(candidate.ordinal.kind, OrdinalKind::Part(_)) && self.count_state(depth, candidate) == CountState::CarriesOn
    }

    /// Whether the kind of the candidate, which begins to count anew at `depth`, was counted last below an earlier
    /// member of the sequence above: I. below 3. after I., II. below 2.
    fn stood_below(&self, depth: usize, candidate: &OrdinalCandidate) -> bool {
        let (kind, last) = (candidate.ordinal.kind, self.counts[candidate.ordinal.kind.index()]);
        candidate.ordinal.number == 1
            && candidate.position == OrdinalPosition::LineStart
            && !kind.is_word()
            && kind != OrdinalKind::Decimal
            && depth > 0
            && last.number > 0
            && usize::from(last.depth) == depth
            && last.parent_opened == self.parent_at(depth).0
    }

    /// Where the sequence above `depth` opened, and its number. Unnumbered headings are one sequence,
    /// told apart by where they stand.
    fn parent_at(&self, depth: usize) -> (u16, u16) {
        let parent = depth.checked_sub(1).and_then(|above| self.open_sequences().get(above));
        parent.map_or((0, 0), |parent| match parent.kind {
            OrdinalKind::Heading => (0, parent.opened),
            _ => (parent.opened, short_number(parent.last_number)),
        })
    }

    /// Applies an action to the stack; the caller accounts for its cost.
    pub(super) fn apply(&mut self, action: ParseAction, candidate: &OrdinalCandidate, weights: &Weights) {
        let ordinal = &candidate.ordinal;
        let at_line_start = candidate.position == OrdinalPosition::LineStart;
        match action {
            ParseAction::Text => return,
            ParseAction::Continue(depth) => {
                let depth = usize::from(depth);
                self.depth = depth + 1;
                let sequence = &mut self.sequences[depth];
                *sequence = OpenSequence {
                    mixed: if sequence.kind == ordinal.kind { sequence.mixed } else { Some(ordinal.kind) },
                    last_number: number_after(sequence.last_number, candidate),
                    prefix: ordinal.prefix(),
                    line: candidate.line,
                    paragraph: candidate.paragraph,
                    at_line_start,
                    singleton_cost: 0.0,
                    indent: candidate.indent,
                    whole_line: candidate.whole_line,
                    heads_text: candidate.line > sequence.line + 1,
                    ..*sequence
                };
            }
            ParseAction::Open(depth) => {
                let alone = self.count_state(usize::from(depth), candidate) != CountState::New || needs_no_sibling(candidate);
                self.depth = usize::from(depth);
                self.push(OpenSequence {
                    kind: ordinal.kind,
                    mixed: None,
                    last_number: ordinal.number,
                    prefix: ordinal.prefix(),
                    line: candidate.line,
                    paragraph: candidate.paragraph,
                    at_line_start,
                    singleton_cost: if alone { 0.0 } else { singleton_cost(candidate, weights) },
                    level: candidate.level,
                    indent: candidate.indent,
                    opened: candidate.start as u16,
                    whole_line: candidate.whole_line,
                    heads_text: false,
                    heads_nothing: false,
                });
            }
        }
        let (parent_opened, parent_number) = self.parent_at(self.depth - 1);
        self.counts[ordinal.kind.index()] =
            LastCounted { number: short_number(ordinal.number), depth: self.depth as u8 - 1, parent_number, parent_opened };
    }
}

/// A number as [`LastCounted`] keeps it; 0 for one that no count of a speech reaches.
fn short_number(number: u32) -> u16 {
    u16::try_from(number).unwrap_or(0)
}

/// The features of a sequence that closes with this one member.
pub(super) fn singleton(candidate: &OrdinalCandidate, add: &mut impl FnMut(Feature, f32)) {
    cost::text(candidate, add);
    add(Feature::Singleton, 1.0);
}

/// The cost of [`singleton`].
pub(super) fn singleton_cost(candidate: &OrdinalCandidate, weights: &Weights) -> f32 {
    let mut cost = 0.0;
    singleton(candidate, &mut |feature, value| cost += weights.of(feature) * value);
    cost
}

/// The last number of a sequence after `candidate` continued it. 其次 may come twice, so sequence
/// words count at least one further.
pub(super) fn number_after(last: u32, candidate: &OrdinalCandidate) -> u32 {
    match candidate.ordinal.number {
        FINAL_NUMBER => FINAL_NUMBER,
        number if candidate.ordinal.kind == OrdinalKind::Sequence => number.max(last.saturating_add(1)),
        number => number,
    }
}

/// Passes each action possible for the candidate to `each`, with its cost; that of closing sequences
/// is not in it.
pub(super) fn for_each_action(
    hypothesis: &Hypothesis,
    candidate: &OrdinalCandidate,
    weights: &Weights,
    each: &mut impl FnMut(ParseAction, f32),
) {
    let open = hypothesis.open_sequences();
    let (lowest, highest) = hypothesis.depths(candidate);
    let is_member = matches!(candidate.interleaved, Interleaved::Member(_));
    let mut cost = 0.0;
    cost::text(candidate, &mut |feature, value| cost += weights.of(feature) * value);
    each(ParseAction::Text, cost);
    // The cost of standing below the sequences above the parent, and below the parent.
    let (mut above, mut below_parent) = (0.0, 0.0);
    for depth in 0..=highest.max(open.len()) {
        let sequence = open.get(depth);
        if let Some(sequence) =
            sequence.filter(|sequence| depth >= lowest || (!is_member && (sequence.level == 0 || sequence.level != candidate.level)))
        {
            let mut cost = 0.0;
            if cost::continuation(sequence, candidate, &mut |feature, value| cost += weights.of(feature) * value).is_some() {
                each(ParseAction::Continue(depth as u8), cost);
            }
        }
        if (lowest..=highest).contains(&depth) && depth < MAX_DEPTH {
            // Where a count goes on in the next part, or one of its kind begins anew there, that it stands below such
            // parts was paid for in the first.
            let nested = above + below_parent;
            let paid = || hypothesis.goes_on_in_part(depth, candidate) || hypothesis.stood_below(depth, candidate);
            let mut cost = if nested > 0.0 && paid() { 0.0 } else { nested };
            let opens = opening(hypothesis, candidate, depth, &mut |feature, value| cost += weights.of(feature) * value);
            if opens.is_some() {
                each(ParseAction::Open(depth as u8), cost);
            }
        }
        if let Some(sequence) = sequence {
            if let Some(parent) = depth.checked_sub(1).and_then(|parent| open.get(parent)) {
                cost::nesting(parent, candidate, Distance::Farther, &mut |feature, value| above += weights.of(feature) * value);
            }
            below_parent = 0.0;
            cost::nesting(sequence, candidate, Distance::Parent, &mut |feature, value| below_parent += weights.of(feature) * value);
        }
    }
}

/// The features of opening a sequence at `depth`, but for those of nesting below others.
pub(super) fn opening(
    hypothesis: &Hypothesis,
    candidate: &OrdinalCandidate,
    depth: usize,
    add: &mut impl FnMut(Feature, f32),
) -> Option<()> {
    let open = hypothesis.open_sequences();
    let count = hypothesis.count_state(depth, candidate);
    let parent = depth.checked_sub(1).and_then(|above| open.get(above));
    cost::opening(candidate, parent, count, add)?;
    if hypothesis.stood_elsewhere(depth, candidate) {
        add(Feature::OpenElsewhere, 1.0);
    }
    if let Some(sequence) = open.get(depth).filter(|_| count != CountState::Resumes) {
        cost::replacement(sequence, candidate, add);
    }
    Some(())
}

/// Passes each action possible for an unnumbered heading to `each`, with its cost: it closes the
/// ordinals above, or stands below them.
pub(super) fn for_each_heading_action(hypothesis: &Hypothesis, level: u8, weights: &Weights, each: &mut impl FnMut(ParseAction, f32)) {
    each(ParseAction::Text, 0.0);
    for depth in hypothesis.headings_above(level) + 1..=hypothesis.headings_not_below(level).min(MAX_DEPTH - 1) {
        each(ParseAction::Open(depth as u8), weights.of(Feature::HeadingBelowOrdinal));
    }
}

/// Applies an unnumbered heading or a [`Close`](OutlineToken::Close) token to a hypothesis; the caller
/// accounts for the cost of the action, but for that of closing sequences.
pub(super) fn apply_heading(hypothesis: &mut Hypothesis, token: &OutlineToken, action: ParseAction) {
    match token {
        OutlineToken::Heading { level, start, end, .. } => {
            let depth = match action {
                ParseAction::Open(depth) => usize::from(depth),
                _ => hypothesis.headings_above(*level),
            };
            hypothesis.close_to(depth);
            let heads_nothing = end - start > MAX_HEADING_CHARS;
            if depth < MAX_DEPTH {
                hypothesis.push(OpenSequence {
                    kind: OrdinalKind::Heading,
                    level: *level,
                    opened: *start as u16,
                    heads_nothing,
                    ..NO_SEQUENCE
                });
            }
        }
        OutlineToken::Close => {
            let depth = hypothesis.headings_above(u8::MAX);
            if let Some(sequence) = hypothesis.open_sequences().get(depth) {
                hypothesis.closed = Some((sequence.kind, sequence.last_number));
            }
            hypothesis.counts = NO_COUNTS;
            hypothesis.close_to(depth);
        }
        OutlineToken::Candidate(_) => {}
    }
}
