//! The thread that searches the open speech: the nearest hit first, then all.
//!
//! Only the newest request counts: an older one is abandoned, even halfway.

use super::{effect::AppEvent, event_sink::EventSink};
use pizhu_text::document::Document;
use pizhu_text::search::MatchMode;
use pizhu_text::search::Matcher;
use pizhu_text::text::Span;
use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

/// A search in one document.
pub(super) struct SearchRequest {
    /// The query as typed.
    pub query: String,
    /// How the query is matched against the text.
    pub mode: MatchMode,
    /// Number of the query.
    pub generation: u64,
    /// The text to search.
    pub document: Arc<Document>,
    /// If set, the hit nearest to this char offset is reported first; `true` searches backwards.
    pub nearest: Option<(usize, bool)>,
}

/// The search thread, started by the first request.
#[derive(Default)]
pub(super) struct SearchWorker(Option<Sender<SearchRequest>>);

impl SearchWorker {
    /// Sends a request; the hits arrive as events.
    pub(super) fn submit(&mut self, request: SearchRequest, events: &EventSink) {
        let request = match &self.0 {
            Some(next) => match next.send(request) {
                Ok(()) => return,
                Err(returned) => returned.0,
            },
            None => request,
        };
        let (sender, requests) = mpsc::channel();
        let events = Arc::clone(events);
        let started = thread::Builder::new().name("search".into()).spawn(move || serve(&requests, &*events));
        if started.is_ok() && sender.send(request).is_ok() {
            self.0 = Some(sender);
        }
    }
}

/// Serves requests until either channel is closed.
fn serve(requests: &Receiver<SearchRequest>, events: &dyn Fn(AppEvent) -> bool) {
    let mut next = requests.recv().ok();
    while let Some(mut request) = next.take() {
        while let Ok(newer) = requests.try_recv() {
            request = newer;
        }
        match run_search(request, || requests.try_recv().ok(), events) {
            SearchOutcome::Done => next = requests.recv().ok(),
            SearchOutcome::Superseded(newer) => next = Some(*newer),
            SearchOutcome::Disconnected => {}
        }
    }
}

/// How a request ended.
enum SearchOutcome {
    Done,
    /// Abandoned for this newer request.
    Superseded(Box<SearchRequest>),
    /// The receiver of events is gone.
    Disconnected,
}

fn run_search(request: SearchRequest, newer: impl Fn() -> Option<SearchRequest>, events: &dyn Fn(AppEvent) -> bool) -> SearchOutcome {
    let SearchRequest { query, mode, generation, document, nearest } = request;
    let report = |hits, complete, error| events(AppEvent::SearchHits { generation, hits, complete, error });
    let matcher = match Matcher::new(&query, mode) {
        Ok(matcher) => matcher,
        Err(error) => {
            return if report(Vec::new(), true, Some(error.to_string())) { SearchOutcome::Done } else { SearchOutcome::Disconnected };
        }
    };
    let (from, back) = nearest.unwrap_or_default();
    let is_wanted = |hit: &Span| if back { hit.start <= from } else { hit.start >= from };
    let mut hits: Vec<Span> = Vec::new();
    let mut waits = nearest.is_some();
    let mut outcome = SearchOutcome::Done;
    matcher.hits_from(&document, from, back, |found, more| {
        if let Some(newer) = newer() {
            outcome = SearchOutcome::Superseded(Box::new(newer));
            return ControlFlow::Break(());
        }
        hits.extend(found);
        // Until the first report, the part searched is contiguous around `from`.
        if waits && more && hits.iter().any(is_wanted) {
            waits = false;
            hits.sort_by_key(|hit| hit.start);
            if !report(hits.clone(), false, None) {
                outcome = SearchOutcome::Disconnected;
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    });
    if matches!(outcome, SearchOutcome::Done) {
        hits.sort_by_key(|hit| hit.start);
        if !report(hits, true, None) {
            return SearchOutcome::Disconnected;
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::document::Hints;
    use pizhu_text::document::parse;
    use pizhu_text::text::SourceText;
    use std::cell::{Cell, RefCell};

    fn request(query: &str, nearest: Option<(usize, bool)>) -> SearchRequest {
        let lines: Vec<String> = (0..120_000).map(|n| format!("第{n}句，说到青禾县的工作。\n")).collect();
        let document = Arc::new(parse(SourceText::from(lines.concat().as_str()), &Hints::default()));
        SearchRequest { query: query.to_owned(), mode: MatchMode::Folded, generation: 7, document, nearest }
    }

    /// Events of a request as (count, first start, last start, complete).
    fn reported(request: SearchRequest) -> Vec<(usize, usize, usize, bool)> {
        let events = RefCell::new(Vec::new());
        let outcome = run_search(request, || None, &|event| {
            if let AppEvent::SearchHits { generation: 7, hits, complete, error: None } = event {
                assert!(hits.is_sorted_by_key(|hit| hit.start));
                let at = |hit: Option<&Span>| hit.map_or(0, |hit| hit.start);
                events.borrow_mut().push((hits.len(), at(hits.first()), at(hits.last()), complete));
            }
            true
        });
        assert!(matches!(outcome, SearchOutcome::Done));
        events.into_inner()
    }

    #[test]
    fn nearest_hit_is_reported_before_all() {
        let all = reported(request("青禾縣", None));
        assert_eq!(all.len(), 1);
        let (count, first, last, complete) = all[0];
        assert_eq!((count, complete), (120_000, true));
        for (from, back) in [(0, false), (last / 2, false), (last / 2, true), (last, true)] {
            let partial = reported(request("青禾县", Some((from, back))));
            assert_eq!(partial.len(), 2, "from {from}");
            assert!(!partial[0].3 && partial[0].0 < count / 2);
            assert!(if back { partial[0].1 <= from } else { partial[0].2 >= from });
            assert_eq!(partial[1], (count, first, last, true));
        }
        // No hit after the last one: only the complete list is reported, and the search wraps.
        assert_eq!(reported(request("青禾县", Some((last + 1, false)))), all);
        assert_eq!(reported(request("白鹭县", Some((0, false)))), [(0, 0, 0, true)]);
    }

    #[test]
    fn newer_request_supersedes_older_one() {
        let next = Cell::new(0);
        let newer = || {
            next.set(next.get() + 1);
            (next.get() == 2).then(|| request("工作", None))
        };
        let outcome = run_search(request("白鹭县", Some((0, false))), newer, &|_| panic!("nothing was found"));
        assert!(matches!(outcome, SearchOutcome::Superseded(newer) if newer.query == "工作"));
    }
}
