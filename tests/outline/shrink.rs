//! Makes a failing speech as small as it still fails with, so that the case can be read.

use crate::model::{Piece, Speech};

/// Tries at most; each runs the case once.
const TRIES: usize = 600;

/// The smallest speech found that still fails.
pub fn shrink(speech: &Speech, fails: impl Fn(&Speech) -> bool) -> Speech {
    let mut smallest = speech.clone();
    let mut tries = 0;
    loop {
        let found = smaller(&smallest).into_iter().find(|candidate| {
            tries += 1;
            tries <= TRIES && candidate.counts_on() && candidate.has_no_lone_node() && fails(candidate)
        });
        match found {
            Some(candidate) => smallest = candidate,
            None => return smallest,
        }
    }
}

/// Speeches with something taken away, the largest pieces first.
fn smaller(speech: &Speech) -> Vec<Speech> {
    let mut candidates = Vec::new();
    let depth_of =
        |at: usize| speech.paragraphs[at].iter().find_map(|piece| if let Piece::Node(node) = piece { Some(node.depth) } else { None });
    let tops: Vec<usize> = (0..speech.paragraphs.len()).filter(|at| depth_of(*at) == Some(0)).collect();
    // The last of the topmost sections, then what stands under each, then single paragraphs.
    if tops.len() > 2 {
        candidates.push(without(speech, tops[tops.len() - 1]..speech.paragraphs.len()));
    }
    for (index, top) in tops.iter().enumerate() {
        let end = tops.get(index + 1).copied().unwrap_or(speech.paragraphs.len());
        if end - top > 1 {
            candidates.push(without(speech, top + 1..end));
        }
    }
    for at in 0..speech.paragraphs.len() {
        if depth_of(at) != Some(0) {
            candidates.push(without(speech, at..at + 1));
        }
    }
    for at in 0..speech.paragraphs.len() {
        for piece in 0..speech.paragraphs[at].len() {
            if let Piece::Text(text) = &speech.paragraphs[at][piece]
                && let Some(short) = shortened(text)
            {
                let mut candidate = speech.clone();
                candidate.paragraphs[at][piece] = Piece::Text(short);
                candidates.push(candidate);
            }
        }
    }
    candidates
}

fn without(speech: &Speech, range: std::ops::Range<usize>) -> Speech {
    let mut candidate = speech.clone();
    candidate.paragraphs.drain(range);
    candidate
}

/// Half of a text: its first char and its end.
fn shortened(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    (chars.len() > 14).then(|| std::iter::once(&chars[0]).chain(&chars[chars.len() / 2..]).collect())
}
