//! Shrinks a failing speech to a small one that still fails.

use crate::model::{ModelSpeech, Piece};

/// Maximum number of candidates that are run.
const MAX_TRIES: usize = 600;

/// The smallest speech found for which `fails` is still true.
pub fn shrink(speech: &ModelSpeech, fails: impl Fn(&ModelSpeech) -> bool) -> ModelSpeech {
    let mut smallest = speech.clone();
    let mut tries = 0;
    loop {
        let found = smaller(&smallest).into_iter().find(|candidate| {
            tries += 1;
            tries <= MAX_TRIES && candidate.numbering_is_consecutive() && candidate.has_no_single_heading() && fails(candidate)
        });
        match found {
            Some(candidate) => smallest = candidate,
            None => return smallest,
        }
    }
}

/// Speeches with a part removed, larger parts first.
fn smaller(speech: &ModelSpeech) -> Vec<ModelSpeech> {
    let mut candidates = Vec::new();
    let depth_of = |at: usize| {
        speech.paragraphs[at].iter().find_map(|piece| if let Piece::NumberedHeading(node) = piece { Some(node.depth) } else { None })
    };
    let tops: Vec<usize> = (0..speech.paragraphs.len()).filter(|at| depth_of(*at) == Some(0)).collect();
    // The last top-level section, then the content of each, then single paragraphs.
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
                && let Some(shorter) = shortened(text)
            {
                let mut candidate = speech.clone();
                candidate.paragraphs[at][piece] = Piece::Text(shorter);
                candidates.push(candidate);
            }
        }
    }
    candidates
}

fn without(speech: &ModelSpeech, range: std::ops::Range<usize>) -> ModelSpeech {
    let mut candidate = speech.clone();
    candidate.paragraphs.drain(range);
    candidate
}

/// A text of half the length: the first char and the second half; `None` for up to 14 chars.
fn shortened(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    (chars.len() > 14).then(|| std::iter::once(&chars[0]).chain(&chars[chars.len() / 2..]).collect())
}
