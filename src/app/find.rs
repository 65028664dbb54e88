//! Searching one speech: the nearest hit first, then all.

use super::job::CancelToken;
use pizhu_text::document::Document;
use pizhu_text::search::MatchMode;
use pizhu_text::search::Matcher;
use pizhu_text::text::Span;
use std::{ops::ControlFlow, sync::Arc};

/// A search of one speech.
pub(crate) struct FindRequest {
    /// The query as typed.
    pub(crate) query: String,
    /// How the query is matched against the text.
    pub(crate) mode: MatchMode,
    /// The speech.
    pub(crate) document: Arc<Document>,
    /// If set, the hit nearest to this char offset is passed on first; `true` searches backwards.
    pub(crate) nearest: Option<(usize, bool)>,
}

/// What a search of one speech has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundSpans {
    /// The hits so far, in text order.
    pub hits: Vec<Span>,
    /// Whether these are all hits; if not, they include the nearest one.
    pub complete: bool,
    /// Error in the query.
    pub error: Option<String>,
}

/// Searches a speech. Once it is cancelled, nothing more is passed on.
pub(crate) fn find_in_speech(request: &FindRequest, cancel: &CancelToken, mut sink: impl FnMut(FoundSpans)) {
    let FindRequest { query, mode, document, nearest } = request;
    let matcher = match Matcher::new(query, *mode) {
        Ok(matcher) => matcher,
        Err(error) => return sink(FoundSpans { hits: Vec::new(), complete: true, error: Some(error.to_string()) }),
    };
    let (from, back) = nearest.unwrap_or_default();
    let is_wanted = |hit: &Span| if back { hit.start <= from } else { hit.start >= from };
    let mut hits: Vec<Span> = Vec::new();
    let mut waits = nearest.is_some();
    matcher.hits_from(document, from, back, |found, more| {
        if cancel.is_cancelled() {
            return ControlFlow::Break(());
        }
        hits.extend(found);
        // Until the first report, the part searched is contiguous around `from`.
        if waits && more && hits.iter().any(is_wanted) {
            waits = false;
            hits.sort_by_key(|hit| hit.start);
            sink(FoundSpans { hits: hits.clone(), complete: false, error: None });
        }
        ControlFlow::Continue(())
    });
    if !cancel.is_cancelled() {
        hits.sort_by_key(|hit| hit.start);
        sink(FoundSpans { hits, complete: true, error: None });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::document::Hints;
    use pizhu_text::document::parse;
    use pizhu_text::text::SourceText;

    fn request(query: &str, nearest: Option<(usize, bool)>) -> FindRequest {
        let lines: Vec<String> = (0..120_000).map(|n| format!("第{n}句，说到青禾县的工作。\n")).collect();
        let document = Arc::new(parse(SourceText::from(lines.concat().as_str()), &Hints::default()));
        FindRequest { query: query.to_owned(), mode: MatchMode::Folded, document, nearest }
    }

    /// What is passed on, as (count, first start, last start, complete).
    fn reported(request: &FindRequest) -> Vec<(usize, usize, usize, bool)> {
        let mut reported = Vec::new();
        find_in_speech(request, &CancelToken::default(), |FoundSpans { hits, complete, error }| {
            assert!(hits.is_sorted_by_key(|hit| hit.start) && error.is_none());
            let at = |hit: Option<&Span>| hit.map_or(0, |hit| hit.start);
            reported.push((hits.len(), at(hits.first()), at(hits.last()), complete));
        });
        reported
    }

    #[test]
    fn nearest_hit_is_reported_before_all() {
        let all = reported(&request("青禾縣", None));
        assert_eq!(all.len(), 1);
        let (count, first, last, complete) = all[0];
        assert_eq!((count, complete), (120_000, true));
        for (from, back) in [(0, false), (last / 2, false), (last / 2, true), (last, true)] {
            let partial = reported(&request("青禾县", Some((from, back))));
            assert_eq!(partial.len(), 2, "from {from}");
            assert!(!partial[0].3 && partial[0].0 < count / 2);
            assert!(if back { partial[0].1 <= from } else { partial[0].2 >= from });
            assert_eq!(partial[1], (count, first, last, true));
        }
        // No hit after the last one: only the complete list is reported, and the search wraps.
        assert_eq!(reported(&request("青禾县", Some((last + 1, false)))), all);
        assert_eq!(reported(&request("白鹭县", Some((0, false)))), [(0, 0, 0, true)]);
    }

    #[test]
    fn cancelled_search_passes_nothing_more_on() {
        let cancel = CancelToken::default();
        let mut count = 0;
        find_in_speech(&request("青禾县", Some((0, false))), &cancel, |found| {
            assert!(!found.complete);
            count += 1;
            cancel.cancel();
        });
        assert_eq!(count, 1, "the nearest hit, then it was cancelled");
    }
}
