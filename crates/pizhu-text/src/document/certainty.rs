//! How sure a section is: a chance from its margin and from what it looks like.

use super::{
    candidate::OrdinalPosition,
    candidate_scanner::OutlineToken,
    confidence::Confidence,
    margin::{MAX_MARGIN, margins},
    outline_node::{NO_NODE, OutlineNode},
    parse_action::ParseAction,
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

// Fitted to the half of the development corpus that is looked at, by `tests/corpus/fit.py --confidence`.
signs! {
    /// Always.
    Bias = 1.00,
    /// The logarithm of the margin of the section.
    Margin = 0.80,
    /// That of the least margin of the sections above it.
    MarginAbove = 0.60,
    /// It fills its line, or its format marks it.
    WholeLine = 0.40,
    /// It stands in mid-paragraph.
    RunIn = -0.20,
    /// Its sequence has three members at least, from 1 on without a gap.
    FullCount = 0.80,
    /// It is or stands below an unnumbered heading without a sibling.
    LoneHeading = -1.20,
    /// It is told by a word.
    Word = -0.50,
    /// It has no ordinal.
    Heading = -0.20,
    /// A section above it does not fill its line, but stands at the start of one.
    BelowParagraph = -0.40,
}

/// The signs of a section.
pub(super) type Signs = [f32; SIGNS.len()];

/// Sets the confidence of the nodes, which the actions led to.
pub(super) fn set_confidence(tokens: &[OutlineToken], actions: &[ParseAction], nodes: &mut [OutlineNode]) {
    let mut confidences = Vec::with_capacity(nodes.len());
    for_each_signs(tokens, actions, nodes, |signs| {
        let sum: f32 = signs.iter().zip(&WEIGHTS).map(|(sign, weight)| sign * weight).sum();
        confidences.push(Confidence::new(1.0 / (1.0 + (-sum).exp())));
    });
    for (node, confidence) in nodes.iter_mut().zip(confidences) {
        node.confidence = confidence;
    }
}

/// A count of sections: how many, and the least and greatest number.
#[derive(Debug, Clone, Copy)]
struct Count {
    members: u32,
    least: u32,
    greatest: u32,
}

/// Passes the signs of each node to `each`, in order.
pub(super) fn for_each_signs(tokens: &[OutlineToken], actions: &[ParseAction], nodes: &[OutlineNode], mut each: impl FnMut(&Signs)) {
    let margins = margins(tokens, actions);
    let mut counts = vec![Count { members: 0, least: u32::MAX, greatest: 0 }; tokens.len().max(nodes.len())];
    // How many unnumbered headings each node holds; the last counts those at the top.
    let mut headings = vec![0u32; nodes.len() + 1];
    let holder = |node: &OutlineNode| if node.parent == NO_NODE { nodes.len() } else { node.parent as usize };
    let is_heading = |node: &OutlineNode| matches!(tokens[node.token as usize], OutlineToken::Heading { .. });
    for node in nodes {
        let count = &mut counts[node.sequence as usize];
        count.members += 1;
        count.least = count.least.min(node.number);
        count.greatest = count.greatest.max(node.number);
        headings[holder(node)] += u32::from(is_heading(node));
    }
    // For each node, the least margin down to it, and whether it is or stands below a lone heading or
    // below a paragraph.
    let mut down: Vec<(f32, bool, bool)> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let (above, lone_above, paragraph_above) = down.get(node.parent as usize).copied().unwrap_or((MAX_MARGIN, false, false));
        let margin = margins[node.token as usize].max(0.0);
        let heading = is_heading(node);
        let lone = lone_above || (heading && headings[holder(node)] == 1);
        let (whole, run_in, word) = match &tokens[node.token as usize] {
            OutlineToken::Candidate(candidate) => (
                candidate.whole_line || candidate.level > 0,
                candidate.position != OrdinalPosition::LineStart,
                candidate.ordinal.kind.is_word(),
            ),
            _ => (true, false, false),
        };
        let count = counts[node.sequence as usize];
        let full = count.members >= 3 && count.least == 1 && count.greatest == count.members;
        let mut signs = [0.0; SIGNS.len()];
        let mut set = |sign: Sign, value: f32| signs[sign as usize] = value;
        set(Sign::Bias, 1.0);
        set(Sign::Margin, margin.ln_1p());
        set(Sign::MarginAbove, above.ln_1p());
        for (sign, holds) in [
            (Sign::WholeLine, whole),
            (Sign::RunIn, run_in),
            (Sign::FullCount, full && !heading),
            (Sign::LoneHeading, lone),
            (Sign::Word, word),
            (Sign::Heading, heading),
            (Sign::BelowParagraph, paragraph_above),
        ] {
            set(sign, f32::from(u8::from(holds)));
        }
        down.push((above.min(margin), lone, paragraph_above || !whole && !run_in));
        each(&signs);
    }
}
