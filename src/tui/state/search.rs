//! Search in the open speech: the query, its hits and the current one.
//!
//! Invariant: the hits are sorted and belong to the current query and generation.

use crate::tui::effect::Effect;
use pizhu_text::document::Document;
use pizhu_text::search::MatchMode;
use pizhu_text::text::Span;
use std::sync::Arc;

/// The search. Hits arrive as events.
#[derive(Debug, Clone)]
pub struct TextSearch {
    query: String,
    mode: MatchMode,
    /// Mode of the current query, if it differs from `mode`.
    mode_override: Option<MatchMode>,
    back: bool,
    /// Char offset where the search started; the first hit is searched from here.
    origin: usize,
    go_first: bool,
    hits: Arc<Vec<Span>>,
    /// Number of the query; hits of older queries are dropped.
    generation: u64,
    complete: bool,
    /// A step that waits for the complete hits: origin, backwards, count.
    step: Option<(usize, bool, usize)>,
    highlighted: bool,
}

impl Default for TextSearch {
    fn default() -> Self {
        Self {
            query: String::new(),
            // Includes folded matching, and takes letters as pinyin.
            mode: MatchMode::Pinyin,
            mode_override: None,
            back: false,
            origin: 0,
            go_first: false,
            hits: Arc::default(),
            generation: 0,
            complete: false,
            step: None,
            highlighted: false,
        }
    }
}

impl TextSearch {
    /// How queries are matched.
    #[must_use]
    pub fn mode(&self) -> MatchMode {
        self.mode
    }

    /// Switches to the next mode and searches again.
    pub(crate) fn next_mode(&mut self, document: &Arc<Document>) -> Option<Effect> {
        self.mode = self.mode.next();
        let query = std::mem::take(&mut self.query);
        self.start(&query, self.back, self.origin, true, document)
    }

    /// [`Self::start`] for words from the text, which are not pinyin.
    pub(crate) fn start_words(&mut self, words: &str, origin: usize, document: &Arc<Document>) -> Option<Effect> {
        self.start(words, false, origin, true, document);
        self.mode_override = Some(MatchMode::Folded);
        self.effect(document)
    }

    /// Highlights the hits of a query from another screen, without moving the cursor.
    pub(crate) fn start_in_mode(&mut self, mode: MatchMode, query: &str, origin: usize, document: &Arc<Document>) -> Option<Effect> {
        self.mode = mode;
        self.start(query, false, origin, false, document)
    }

    /// The query.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Whether the search goes backwards.
    #[must_use]
    pub(crate) fn is_backward(&self) -> bool {
        self.back
    }

    /// The hits; until the search is complete, only those around the nearest.
    #[must_use]
    pub fn hits(&self) -> &[Span] {
        &self.hits
    }

    /// Whether hits are highlighted in the text.
    #[must_use]
    pub(crate) fn is_highlighted(&self) -> bool {
        self.highlighted && !self.query.is_empty()
    }

    /// Whether all hits are known.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Stops highlighting; returns whether hits were highlighted.
    pub(crate) fn hide(&mut self) -> bool {
        let was = self.is_highlighted();
        self.highlighted = false;
        was
    }

    /// Starts a search from `origin`; `go_first`: the cursor goes to the first hit. Returns the effect
    /// to perform; an empty query only clears.
    pub fn start(&mut self, query: &str, back: bool, origin: usize, go_first: bool, document: &Arc<Document>) -> Option<Effect> {
        self.generation += 1;
        query.clone_into(&mut self.query);
        self.mode_override = None;
        self.back = back;
        self.origin = origin;
        self.go_first = go_first;
        self.step = None;
        self.hits = Arc::default();
        self.complete = query.is_empty();
        self.highlighted = true;
        self.effect(document)
    }

    /// Drops the hits, since the text has changed.
    pub(crate) fn invalidate(&mut self) {
        self.hits = Arc::default();
        self.generation += 1;
    }

    /// Runs the search again on a new text. If the text has only `grown` and there was no hit yet, the
    /// cursor still goes to the first hit.
    pub(crate) fn rerun(&mut self, document: &Arc<Document>, grown: bool) -> Option<Effect> {
        self.generation += 1;
        self.go_first &= grown;
        self.effect(document)
    }

    fn effect(&self, document: &Arc<Document>) -> Option<Effect> {
        (!self.query.is_empty()).then(|| Effect::Find {
            query: self.query.clone(),
            mode: self.mode_override.unwrap_or(self.mode),
            generation: self.generation,
            document: Arc::clone(document),
            nearest: self.go_first.then_some((self.origin, self.back)),
        })
    }

    /// Takes hits of a query, complete or around the nearest. Returns the offset to go to, if one was
    /// requested; `None` for hits of an older query.
    pub(crate) fn set_hits(&mut self, generation: u64, hits: Vec<Span>, complete: bool) -> Option<usize> {
        if generation != self.generation {
            return None;
        }
        self.hits = Arc::new(hits);
        self.complete = complete;
        if complete && let Some((from, back, times)) = self.step.take() {
            return self.step(from, back, times).map(|(offset, _)| offset);
        }
        if !self.go_first {
            return None;
        }
        // A backward search also accepts a hit at the origin itself.
        let from = if self.back { self.origin + 1 } else { self.origin };
        let offset = self.nearest(from, self.back).map(|index| self.hits[index].start);
        self.go_first = offset.is_none();
        offset
    }

    /// Whether hits of this generation are awaited.
    #[must_use]
    pub(crate) fn waits_for(&self, generation: u64) -> bool {
        self.generation == generation && !self.complete
    }

    /// Index of the first hit at or after `from` (before it if `back`), wrapping around.
    fn nearest(&self, from: usize, back: bool) -> Option<usize> {
        let behind = self.hits.partition_point(|hit| hit.start < from);
        match (back, self.hits.len()) {
            (_, 0) => None,
            (false, count) => Some(behind % count),
            (true, count) => Some(behind.checked_sub(1).unwrap_or(count - 1)),
        }
    }

    /// Offset of the hit `times` hits after or before `from`, and whether the search wrapped around.
    /// Highlights the hits again. `None` if there are no hits, or if it depends on hits not known yet;
    /// then [`Self::set_hits`] returns it later.
    pub fn step(&mut self, from: usize, back: bool, times: usize) -> Option<(usize, bool)> {
        self.highlighted = true;
        let count = self.hits.len();
        let next = self.hits.partition_point(|hit| hit.start <= from);
        let left = if back { self.hits.partition_point(|hit| hit.start < from) } else { count - next };
        if !self.complete && left < times {
            self.step = Some((from, back, times));
            return None;
        }
        let first = self.nearest(if back { from } else { from + 1 }, back)?;
        let more = (times - 1) % count;
        let index = if back { (first + count - more) % count } else { (first + more) % count };
        let offset = self.hits[index].start;
        let wrapped = if back { offset >= from } else { offset <= from };
        Some((offset, wrapped))
    }

    /// Position among the hits, as `2/7` (`0/7` off a hit); `…` until all are known.
    #[must_use]
    pub(crate) fn position_label(&self, offset: usize) -> String {
        if self.complete { format!("{}/{}", self.current(offset).unwrap_or(0), self.hits.len()) } else { "…".to_owned() }
    }

    /// Index, from 1, of the hit that contains `offset`.
    #[must_use]
    pub fn current(&self, offset: usize) -> Option<usize> {
        let before = self.hits.partition_point(|hit| hit.start <= offset);
        before.checked_sub(1).filter(|index| self.hits[*index].contains(offset)).map(|index| index + 1)
    }

    /// The highlighted hits that overlap `span`.
    #[must_use]
    pub(crate) fn hits_in(&self, span: Span) -> &[Span] {
        if !self.is_highlighted() {
            return &[];
        }
        let from = self.hits.partition_point(|hit| hit.end <= span.start);
        let to = self.hits.partition_point(|hit| hit.start < span.end);
        &self.hits[from..to.max(from)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(hits: &[usize]) -> TextSearch {
        let mut search = TextSearch::default();
        let document = Arc::new(Document::default());
        assert!(search.start("词", false, 5, true, &document).is_some());
        search.set_hits(1, hits.iter().map(|at| Span::new(*at, at + 1)).collect(), true);
        search
    }

    #[test]
    fn stepping_wraps_around() {
        let mut search = search(&[2, 8, 20]);
        assert_eq!(search.step(2, false, 1), Some((8, false)));
        assert_eq!(search.step(20, false, 1), Some((2, true)));
        assert_eq!(search.step(2, true, 1), Some((20, true)));
        assert_eq!(search.step(2, false, 2), Some((20, false)));
        assert_eq!(search.step(2, false, 3), Some((2, true)));
        assert_eq!(search.current(8), Some(2));
        assert_eq!(search.current(9), None);
    }

    #[test]
    fn hits_of_older_queries_are_dropped() {
        let document = Arc::new(Document::default());
        let mut search = TextSearch::default();
        search.start("一", false, 5, true, &document);
        search.start("二", true, 5, true, &document);
        assert_eq!(search.set_hits(1, vec![Span::new(0, 1)], true), None);
        assert!(search.hits().is_empty() && search.waits_for(2));
        assert_eq!(search.set_hits(2, vec![Span::new(3, 4), Span::new(9, 10)], true), Some(3));
        assert!(search.start("", false, 0, true, &document).is_none());
    }

    #[test]
    fn first_hit_is_shown_before_the_search_ends_and_steps_wait() {
        let spans = |offsets: &[usize]| offsets.iter().map(|at| Span::new(*at, at + 1)).collect::<Vec<_>>();
        let document = Arc::new(Document::default());
        let mut search = TextSearch::default();
        let effect = search.start("词", false, 50, true, &document);
        assert!(matches!(effect, Some(Effect::Find { nearest: Some((50, false)), .. })));
        assert_eq!(search.set_hits(1, spans(&[48, 60, 70]), false), Some(60));
        assert!(search.waits_for(1));
        assert_eq!(search.step(60, false, 1), Some((70, false)));
        assert_eq!(search.step(70, false, 1), None, "what follows is not known yet");
        assert_eq!(search.set_hits(1, spans(&[3, 48, 60, 70, 95]), true), Some(95));
        assert_eq!(search.step(95, false, 1), Some((3, true)));
        assert!(matches!(search.rerun(&document, true), Some(Effect::Find { nearest: None, .. })));
    }

    #[test]
    fn growing_text_is_searched_again() {
        let document = Arc::new(Document::default());
        let mut search = TextSearch::default();
        search.start("词", false, 5, true, &document);
        assert_eq!(search.set_hits(1, Vec::new(), true), None);
        assert!(matches!(search.rerun(&document, true), Some(Effect::Find { nearest: Some((5, false)), .. })));
        assert_eq!(search.set_hits(2, vec![Span::new(900, 901)], true), Some(900));
        search.start("甲", false, 5, true, &document);
        search.set_hits(3, Vec::new(), true);
        assert!(matches!(search.rerun(&document, false), Some(Effect::Find { nearest: None, .. })));
    }

    #[test]
    fn step_without_hits_does_not_move() {
        let mut search = search(&[]);
        assert_eq!(search.step(0, false, 3), None);
        assert!(search.hits_in(Span::new(0, 99)).is_empty());
    }
}
