//! How sure a section is: a chance from its margin and from what it looks like.

use super::{
    candidate::OrdinalPosition,
    candidate_scanner::OutlineToken,
    confidence::Confidence,
    doubts::{Doubts, is_inverted},
    margin::{MAX_MARGIN, margins},
    outline_node::{NO_NODE, OutlineNode},
    parse_action::ParseAction,
    weights::Weights,
};

/// Declares the signs of a right section and their weights.
macro_rules! signs {
    ($($(#[doc = $doc:literal])+ $name:ident = $weight:literal,)+) => {
        /// What the chance of a section depends on.
        #[derive(Debug, Clone, Copy)]
        enum Sign { $($(#[doc = $doc])+ $name,)+ }

        /// The names of the signs, in order.
        pub(super) const SIGNS: &[&str] = &[$(stringify!($name),)+];

        /// Their weights in the logistic curve.
        const WEIGHTS: [f32; SIGNS.len()] = [$($weight,)+];
    };
}

// Fitted to the half of the development corpus that is looked at, by `tests/corpus/fit.py --confidence`; the last three, and
// Bias with them, to what earlier states of the parser made of its texts (see "Confidence" in `tests/corpus/README.md`).
signs! {
    /// Always.
    Bias = 2.87,
    /// The logarithm of the margin of the section.
    Margin = 0.34,
    /// That of the least margin of the sections above it.
    MarginAbove = 0.50,
    /// It fills its line, or its format marks it.
    WholeLine = 0.18,
    /// It stands in mid-paragraph.
    RunIn = -0.24,
    /// Its sequence has three members at least, from 1 on without a gap.
    FullCount = 0.58,
    /// It is or stands below an unnumbered heading without a sibling.
    LoneHeading = -1.27,
    /// It is told by a word.
    Word = -0.43,
    /// It has no ordinal.
    Heading = -0.29,
    /// A section above it does not fill its line, but stands at the start of one.
    BelowParagraph = -0.10,
    /// Its count, or one above it, begins anew beside one of the same kind.
    Restarted = -1.12,
    /// Its count, or one above it, does not begin with 1 or has a gap.
    Broken = -0.24,
    /// The share of counts in the whole text that begin anew beside one of the same kind.
    TextRestarts = -2.56,
    /// The share of counts in the whole text that do not begin with 1 or have a gap.
    TextGaps = -1.70,
    /// The share of ordinals at line starts in the whole text that are no sections.
    TextLeftOut = -2.50,
    /// The share of unnumbered headings that no format marks among the headings of the whole text.
    TextHeadings = -1.17,
    /// How many kinds of counts stand at the top of the whole text, beyond one.
    TextTopKinds = -0.53,
    /// The top of the whole text is held by ordinals that usually stand below others.
    TextLowTop = -0.64,
    /// The mean of the logarithm of the margins in the whole text, less what is usual.
    TextMargin = 0.44,
    /// The share of the sections of its kind that stand at another depth.
    Elsewhere = -0.33,
    /// It stands below one of a kind that usually stands below its own.
    Inverted = -0.38,
    /// The share of its sequence that fills lines where others do not, or the other way round.
    MixedLines = -0.41,
    /// Its sequence has two members.
    Pair = -0.22,
    /// It stands below an unnumbered heading.
    BelowHeading = -0.43,
    /// The share of sections in the whole text that stand below one of a kind that usually stands below theirs.
    TextInverted = -0.90,
    /// The logarithm of the number of sections in the whole text.
    TextSections = 0.40,
    /// The share of the sections of the whole text that a greedy reading does not have at the same depth.
    TextDisputed = -2.27,
    /// The share of the text from one section to the next where that is most.
    TextLongest = -2.57,
    /// The share of counts in the whole text that have one member; an unnumbered heading is one by itself.
    TextSingles = -1.14,
}

/// The signs of a section.
pub(super) type Signs = [f32; SIGNS.len()];

/// The usual mean of the logarithm of the margins of a text.
const USUAL_MARGIN: f32 = 1.5;

/// What holds of a section or of one above it.
#[derive(Debug, Clone, Copy)]
struct Above {
    /// The least margin.
    margin: f32,
    /// An unnumbered heading without a sibling.
    lone: bool,
    /// Stands at the start of a line and does not fill it.
    paragraph: bool,
    /// Its count begins anew.
    restarted: bool,
    /// Its count is not whole.
    broken: bool,
    /// An unnumbered heading.
    heading: bool,
}

impl Default for Above {
    fn default() -> Self {
        Self { margin: MAX_MARGIN, lone: false, paragraph: false, restarted: false, broken: false, heading: false }
    }
}

/// How a text was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct OutlineReading<'a> {
    pub tokens: &'a [OutlineToken],
    /// What the decoder chose for each token.
    pub actions: &'a [ParseAction],
    /// The nodes that a greedy decoder reads.
    pub greedy: &'a [OutlineNode],
    /// The length of the text in chars.
    pub chars: usize,
    /// The weights of the decoder.
    pub weights: &'a Weights,
}

/// Sets the confidence of the nodes that the reading led to.
pub(super) fn set_confidence(reading: &OutlineReading, nodes: &mut [OutlineNode]) {
    let mut confidences = Vec::with_capacity(nodes.len());
    for_each_signs(reading, nodes, |signs| {
        let sum: f32 = signs.iter().zip(&WEIGHTS).map(|(sign, weight)| sign * weight).sum();
        confidences.push(Confidence::new(1.0 / (1.0 + (-sum).exp())));
    });
    for (node, confidence) in nodes.iter_mut().zip(confidences) {
        node.confidence = confidence;
    }
}

/// Passes the signs of each node to `each`, in order.
pub(super) fn for_each_signs(reading: &OutlineReading, nodes: &[OutlineNode], mut each: impl FnMut(&Signs)) {
    let tokens = reading.tokens;
    let margins = margins(tokens, reading.actions, reading.weights);
    let doubts = Doubts::of(tokens, nodes, reading.greedy, reading.chars);
    let mean_margin = nodes.iter().map(|node| margins[node.token as usize].max(0.0).ln_1p()).sum::<f32>() / nodes.len().max(1) as f32;
    // How many unnumbered headings each node holds; the last counts those at the top.
    let mut headings = vec![0u32; nodes.len() + 1];
    let holder = |node: &OutlineNode| if node.parent == NO_NODE { nodes.len() } else { node.parent as usize };
    let is_heading = |node: &OutlineNode| matches!(tokens[node.token as usize], OutlineToken::Heading { .. });
    for node in nodes {
        headings[holder(node)] += u32::from(is_heading(node));
    }
    let mut down: Vec<Above> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let above = down.get(node.parent as usize).copied().unwrap_or_default();
        let margin = margins[node.token as usize].max(0.0);
        let heading = is_heading(node);
        let lone = above.lone || (heading && headings[holder(node)] == 1);
        let kind = match &tokens[node.token as usize] {
            OutlineToken::Candidate(candidate) => Some(candidate.ordinal.kind),
            _ => None,
        };
        let (whole, run_in, word) = match &tokens[node.token as usize] {
            OutlineToken::Candidate(candidate) => (
                candidate.whole_line || candidate.level > 0,
                candidate.position != OrdinalPosition::LineStart,
                candidate.ordinal.kind.is_word(),
            ),
            _ => (true, false, false),
        };
        let count = doubts.count(node);
        let full = count.members >= 3 && count.is_whole();
        let restarted = above.restarted || (!word && count.restarts);
        let broken = above.broken || (!heading && !word && !count.is_whole() && !node.carries_on);
        let mut signs = [0.0; SIGNS.len()];
        let mut set = |sign: Sign, value: f32| signs[sign as usize] = value;
        set(Sign::Bias, 1.0);
        set(Sign::Margin, margin.ln_1p());
        set(Sign::MarginAbove, above.margin.ln_1p());
        set(Sign::TextRestarts, doubts.restarts);
        set(Sign::TextGaps, doubts.gaps);
        set(Sign::TextLeftOut, doubts.left_out);
        set(Sign::TextHeadings, doubts.headings);
        set(Sign::TextTopKinds, doubts.top_kinds);
        set(Sign::TextMargin, mean_margin - USUAL_MARGIN);
        set(Sign::Elsewhere, kind.map_or(0.0, |kind| doubts.elsewhere(kind, node)));
        set(Sign::MixedLines, if heading { 0.0 } else { count.mixed_lines() });
        set(Sign::TextInverted, doubts.inverted);
        set(Sign::TextSections, (nodes.len() as f32).ln());
        set(Sign::TextDisputed, doubts.disputed);
        set(Sign::TextLongest, doubts.longest);
        set(Sign::TextSingles, doubts.singles);
        for (sign, holds) in [
            (Sign::WholeLine, whole),
            (Sign::RunIn, run_in),
            (Sign::FullCount, full && !heading),
            (Sign::LoneHeading, lone),
            (Sign::Word, word),
            (Sign::Heading, heading),
            (Sign::BelowParagraph, above.paragraph),
            (Sign::Restarted, restarted),
            (Sign::Broken, broken),
            (Sign::TextLowTop, doubts.low_top),
            (Sign::Inverted, is_inverted(tokens, nodes, node)),
            (Sign::Pair, !heading && count.members == 2),
            (Sign::BelowHeading, above.heading),
        ] {
            set(sign, f32::from(u8::from(holds)));
        }
        down.push(Above {
            margin: above.margin.min(margin),
            lone,
            paragraph: above.paragraph || !whole && !run_in,
            restarted,
            broken,
            heading: above.heading || heading,
        });
        each(&signs);
    }
}
