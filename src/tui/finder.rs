//! The thread that searches the open speech: the nearest hit first, then all.
//!
//! Only the newest request counts: an older one is abandoned, even halfway.

use super::{effect::Event, worker::Deliver};
use pizhu_text::document::Document;
use pizhu_text::search::Matcher;
use pizhu_text::search::Mode;
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
pub(super) struct Question {
    /// The query as typed.
    pub query: String,
    /// How the query is matched against the text.
    pub mode: Mode,
    /// Number of the query.
    pub generation: u64,
    /// The text to search.
    pub document: Arc<Document>,
    /// If set, the hit nearest to this char offset is reported first; `true` searches backwards.
    pub nearest: Option<(usize, bool)>,
}

/// The search thread, started by the first request.
#[derive(Default)]
pub(super) struct Finder(Option<Sender<Question>>);

impl Finder {
    /// Sends a request; the hits arrive as events.
    pub(super) fn find(&mut self, question: Question, deliver: &Deliver) {
        let question = match &self.0 {
            Some(asked) => match asked.send(question) {
                Ok(()) => return,
                Err(returned) => returned.0,
            },
            None => question,
        };
        let (sender, questions) = mpsc::channel();
        let deliver = Arc::clone(deliver);
        let started = thread::Builder::new().name("finding".into()).spawn(move || answer_all(&questions, &*deliver));
        if started.is_ok() && sender.send(question).is_ok() {
            self.0 = Some(sender);
        }
    }
}

/// Serves requests until either channel is closed.
fn answer_all(questions: &Receiver<Question>, deliver: &dyn Fn(Event) -> bool) {
    let mut asked = questions.recv().ok();
    while let Some(mut question) = asked.take() {
        while let Ok(newer) = questions.try_recv() {
            question = newer;
        }
        match answer(question, || questions.try_recv().ok(), deliver) {
            Outcome::Answered => asked = questions.recv().ok(),
            Outcome::Newer(newer) => asked = Some(*newer),
            Outcome::Unheard => {}
        }
    }
}

/// How a request ended.
enum Outcome {
    Answered,
    /// Abandoned for this newer request.
    Newer(Box<Question>),
    /// The receiver of events is gone.
    Unheard,
}

fn answer(question: Question, newer: impl Fn() -> Option<Question>, deliver: &dyn Fn(Event) -> bool) -> Outcome {
    let Question { query, mode, generation, document, nearest } = question;
    let tell = |hits, complete, problem| deliver(Event::Found { generation, hits, complete, problem });
    let matcher = match Matcher::new(&query, mode) {
        Ok(matcher) => matcher,
        Err(error) => return if tell(Vec::new(), true, Some(error.to_string())) { Outcome::Answered } else { Outcome::Unheard },
    };
    let (from, back) = nearest.unwrap_or_default();
    let is_wanted = |hit: &Span| if back { hit.start <= from } else { hit.start >= from };
    let mut hits: Vec<Span> = Vec::new();
    let mut waits = nearest.is_some();
    let mut outcome = Outcome::Answered;
    matcher.hits_from(&document, from, back, |found, more| {
        if let Some(newer) = newer() {
            outcome = Outcome::Newer(Box::new(newer));
            return ControlFlow::Break(());
        }
        hits.extend(found);
        // Until the first report, the part searched is contiguous around `from`.
        if waits && more && hits.iter().any(is_wanted) {
            waits = false;
            hits.sort_by_key(|hit| hit.start);
            if !tell(hits.clone(), false, None) {
                outcome = Outcome::Unheard;
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    });
    if matches!(outcome, Outcome::Answered) {
        hits.sort_by_key(|hit| hit.start);
        if !tell(hits, true, None) {
            return Outcome::Unheard;
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

    fn question(query: &str, nearest: Option<(usize, bool)>) -> Question {
        let lines: Vec<String> = (0..120_000).map(|n| format!("第{n}句，说到青禾县的工作。\n")).collect();
        let document = Arc::new(parse(SourceText::from(lines.concat().as_str()), &Hints::default()));
        Question { query: query.to_owned(), mode: Mode::Folded, generation: 7, document, nearest }
    }

    /// Events of a request as (count, first start, last start, complete).
    fn told(question: Question) -> Vec<(usize, usize, usize, bool)> {
        let events = RefCell::new(Vec::new());
        let outcome = answer(question, || None, &|event| {
            if let Event::Found { generation: 7, hits, complete, problem: None } = event {
                assert!(hits.is_sorted_by_key(|hit| hit.start));
                let at = |hit: Option<&Span>| hit.map_or(0, |hit| hit.start);
                events.borrow_mut().push((hits.len(), at(hits.first()), at(hits.last()), complete));
            }
            true
        });
        assert!(matches!(outcome, Outcome::Answered));
        events.into_inner()
    }

    #[test]
    fn the_nearest_comes_before_all() {
        let all = told(question("青禾縣", None));
        assert_eq!(all.len(), 1);
        let (count, first, last, complete) = all[0];
        assert_eq!((count, complete), (120_000, true));
        for (from, back) in [(0, false), (last / 2, false), (last / 2, true), (last, true)] {
            let told = told(question("青禾县", Some((from, back))));
            assert_eq!(told.len(), 2, "from {from}");
            assert!(!told[0].3 && told[0].0 < count / 2);
            assert!(if back { told[0].1 <= from } else { told[0].2 >= from });
            assert_eq!(told[1], (count, first, last, true));
        }
        // No hit after the last one: only the complete list is reported, and the search wraps.
        assert_eq!(told(question("青禾县", Some((last + 1, false)))), all);
        assert_eq!(told(question("白鹭县", Some((0, false)))), [(0, 0, 0, true)]);
    }

    #[test]
    fn a_newer_question_ends_an_older_one() {
        let asked = Cell::new(0);
        let newer = || {
            asked.set(asked.get() + 1);
            (asked.get() == 2).then(|| question("工作", None))
        };
        let outcome = answer(question("白鹭县", Some((0, false))), newer, &|_| panic!("nothing was found"));
        assert!(matches!(outcome, Outcome::Newer(newer) if newer.query == "工作"));
    }
}
