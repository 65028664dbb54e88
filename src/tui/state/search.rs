//! The search in the open speech: the query, its hits, and which one is next.
//!
//! Invariant: the hits are in order and belong to the query and generation they came with.

use pizhu_text::document::Document;
use pizhu_text::search::Mode;
use pizhu_text::text::Span;
use crate::tui::effect::Effect;
use std::sync::Arc;

/// The search. The hits come as an event; until then there are none.
#[derive(Debug, Clone)]
pub struct Search {
    query: String,
    mode: Mode,
    /// The mode of this query alone.
    once: Option<Mode>,
    back: bool,
    /// Where the search began: the first hit from here on is gone to when hits come.
    origin: usize,
    go_first: bool,
    hits: Arc<Vec<Span>>,
    /// Counts the queries, so that hits of an older one are known as such.
    generation: u64,
    complete: bool,
    /// A step that waits for all hits: from where, whether back, and how many.
    step: Option<(usize, bool, usize)>,
    shown: bool,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            query: String::new(),
            // Finds what folding finds, and takes letters for pinyin.
            mode: Mode::Pinyin,
            once: None,
            back: false,
            origin: 0,
            go_first: false,
            hits: Arc::default(),
            generation: 0,
            complete: false,
            step: None,
            shown: false,
        }
    }
}

impl Search {
    /// How queries are compared with the text.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Takes the next mode for this query and those after it; what must be done for it.
    pub fn next_mode(&mut self, document: &Arc<Document>) -> Option<Effect> {
        self.mode = self.mode.next();
        let query = std::mem::take(&mut self.query);
        self.begin(&query, self.back, self.origin, true, document)
    }

    /// [`Self::begin`] for words out of the text, which are no pinyin.
    pub fn begin_words(&mut self, words: &str, origin: usize, document: &Arc<Document>) -> Option<Effect> {
        self.begin(words, false, origin, true, document);
        self.once = Some(Mode::Folded);
        self.effect(document)
    }

    /// Marks what was searched for elsewhere, in that mode, and stays at `origin`.
    pub fn begin_in(&mut self, mode: Mode, query: &str, origin: usize, document: &Arc<Document>) -> Option<Effect> {
        self.mode = mode;
        self.begin(query, false, origin, false, document)
    }

    /// What is searched for.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Whether the search goes towards the start.
    #[must_use]
    pub fn back(&self) -> bool {
        self.back
    }

    /// All hits, or those about the nearest while the search goes on.
    #[must_use]
    pub fn hits(&self) -> &[Span] {
        &self.hits
    }

    /// Whether hits are marked in the text.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.shown && !self.query.is_empty()
    }

    /// Whether all hits are there.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// No longer marks the hits; whether they were.
    pub fn hide(&mut self) -> bool {
        let was = self.is_shown();
        self.shown = false;
        was
    }

    /// Searches for `query` from `origin` on; `go_first` says whether the first hit is gone to.
    /// What must be done for it; an empty query only clears.
    pub fn begin(&mut self, query: &str, back: bool, origin: usize, go_first: bool, document: &Arc<Document>) -> Option<Effect> {
        self.generation += 1;
        query.clone_into(&mut self.query);
        self.once = None;
        self.back = back;
        self.origin = origin;
        self.go_first = go_first;
        self.step = None;
        self.hits = Arc::default();
        self.complete = query.is_empty();
        self.shown = true;
        self.effect(document)
    }

    /// Forgets the hits: the text they were found in is another now.
    pub fn outdate(&mut self) {
        self.hits = Arc::default();
        self.generation += 1;
    }

    /// The same search over the text as it is now. Where it has only `grown` and nothing was found
    /// so far, the first hit is still gone to.
    pub fn again(&mut self, document: &Arc<Document>, grown: bool) -> Option<Effect> {
        self.generation += 1;
        self.go_first &= grown;
        self.effect(document)
    }

    fn effect(&self, document: &Arc<Document>) -> Option<Effect> {
        (!self.query.is_empty()).then(|| Effect::Find {
            query: self.query.clone(),
            mode: self.once.unwrap_or(self.mode),
            generation: self.generation,
            document: Arc::clone(document),
            nearest: self.go_first.then_some((self.origin, self.back)),
        })
    }

    /// Takes the hits of a query, all of them or first those about the nearest; the hit to go to,
    /// where one was asked for. `None` also for the hits of an older query.
    pub fn take(&mut self, generation: u64, hits: Vec<Span>, complete: bool) -> Option<usize> {
        if generation != self.generation {
            return None;
        }
        self.hits = Arc::new(hits);
        self.complete = complete;
        if complete && let Some((from, back, times)) = self.step.take() {
            return self.step(from, back, times).map(|(place, _)| place);
        }
        if !self.go_first {
            return None;
        }
        // The hit one stands on counts as the first.
        let from = if self.back { self.origin + 1 } else { self.origin };
        let place = self.nearest(from, self.back).map(|index| self.hits[index].start);
        self.go_first = place.is_none();
        place
    }

    /// Whether hits of this generation are waited for.
    #[must_use]
    pub fn waits_for(&self, generation: u64) -> bool {
        self.generation == generation && !self.complete
    }

    /// The first hit at or behind `from` (before it where `back`), going round at the ends.
    fn nearest(&self, from: usize, back: bool) -> Option<usize> {
        let behind = self.hits.partition_point(|hit| hit.start < from);
        match (back, self.hits.len()) {
            (_, 0) => None,
            (false, count) => Some(behind % count),
            (true, count) => Some(behind.checked_sub(1).unwrap_or(count - 1)),
        }
    }

    /// The start of the hit `times` hits on from `from`, and whether the search went round an end.
    /// Marks the hits again. `None` where there is none, or where all hits must be known for it and
    /// are not: then [`Self::take`] gives it.
    pub fn step(&mut self, from: usize, back: bool, times: usize) -> Option<(usize, bool)> {
        self.shown = true;
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
        let place = self.hits[index].start;
        let wrapped = if back { place >= from } else { place <= from };
        Some((place, wrapped))
    }

    /// Which hit, from 1, one stands on at `place` (0 for none), and of how many; "…" until all are
    /// known.
    #[must_use]
    pub fn tally(&self, place: usize) -> String {
        if self.complete { format!("{}/{}", self.current(place).unwrap_or(0), self.hits.len()) } else { "…".to_owned() }
    }

    /// Which hit, from 1, begins at or before `place` and holds it.
    #[must_use]
    pub fn current(&self, place: usize) -> Option<usize> {
        let before = self.hits.partition_point(|hit| hit.start <= place);
        before.checked_sub(1).filter(|index| self.hits[*index].contains(place)).map(|index| index + 1)
    }

    /// The hits that share a char with `span`.
    #[must_use]
    pub fn within(&self, span: Span) -> &[Span] {
        if !self.is_shown() {
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

    fn search(hits: &[usize]) -> Search {
        let mut search = Search::default();
        let document = Arc::new(Document::default());
        assert!(search.begin("词", false, 5, true, &document).is_some());
        search.take(1, hits.iter().map(|at| Span::new(*at, at + 1)).collect(), true);
        search
    }

    #[test]
    fn stepping_goes_round_at_the_ends_and_says_so() {
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
    fn only_the_hits_of_the_last_query_are_taken() {
        let document = Arc::new(Document::default());
        let mut search = Search::default();
        search.begin("一", false, 5, true, &document);
        search.begin("二", true, 5, true, &document);
        assert_eq!(search.take(1, vec![Span::new(0, 1)], true), None);
        assert!(search.hits().is_empty() && search.waits_for(2));
        assert_eq!(search.take(2, vec![Span::new(3, 4), Span::new(9, 10)], true), Some(3));
        assert!(search.begin("", false, 0, true, &document).is_none());
    }

    #[test]
    fn the_nearest_is_gone_to_before_all_are_known_and_steps_beyond_wait() {
        let spans = |places: &[usize]| places.iter().map(|at| Span::new(*at, at + 1)).collect::<Vec<_>>();
        let document = Arc::new(Document::default());
        let mut search = Search::default();
        let effect = search.begin("词", false, 50, true, &document);
        assert!(matches!(effect, Some(Effect::Find { nearest: Some((50, false)), .. })));
        assert_eq!(search.take(1, spans(&[48, 60, 70]), false), Some(60));
        assert!(search.waits_for(1));
        assert_eq!(search.step(60, false, 1), Some((70, false)));
        assert_eq!(search.step(70, false, 1), None, "what follows is not known yet");
        assert_eq!(search.take(1, spans(&[3, 48, 60, 70, 95]), true), Some(95));
        assert_eq!(search.step(95, false, 1), Some((3, true)));
        assert!(matches!(search.again(&document, true), Some(Effect::Find { nearest: None, .. })));
    }

    #[test]
    fn a_text_that_grows_is_gone_on_in() {
        let document = Arc::new(Document::default());
        let mut search = Search::default();
        search.begin("词", false, 5, true, &document);
        assert_eq!(search.take(1, Vec::new(), true), None);
        assert!(matches!(search.again(&document, true), Some(Effect::Find { nearest: Some((5, false)), .. })));
        assert_eq!(search.take(2, vec![Span::new(900, 901)], true), Some(900));
        search.begin("甲", false, 5, true, &document);
        search.take(3, Vec::new(), true);
        assert!(matches!(search.again(&document, false), Some(Effect::Find { nearest: None, .. })));
    }

    #[test]
    fn a_search_without_hits_has_nowhere_to_go() {
        let mut search = search(&[]);
        assert_eq!(search.step(0, false, 3), None);
        assert!(search.within(Span::new(0, 99)).is_empty());
    }
}
