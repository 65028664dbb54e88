//! The thread that finds words in the open speech: what is nearest first, then all.
//!
//! The newest question counts: an older one is given up, also while it is being answered.

use super::{effect::Event, worker::Deliver};
use crate::{
    document::Document,
    search::{Matcher, Mode},
    text::Span,
};
use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

/// Words to find.
pub(super) struct Question {
    /// The words.
    pub query: String,
    /// How they are compared with the text.
    pub mode: Mode,
    /// Which query it is.
    pub generation: u64,
    /// Where.
    pub document: Arc<Document>,
    /// Where the nearest is wanted from, as soon as it is found, and whether towards the start.
    pub nearest: Option<(usize, bool)>,
}

/// The thread, once there was a question.
#[derive(Default)]
pub(super) struct Finder(Option<Sender<Question>>);

impl Finder {
    /// Answers with events.
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

/// Answers until nobody asks or listens any more.
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

/// What came of a question.
enum Outcome {
    Answered,
    /// It was given up for this one.
    Newer(Box<Question>),
    /// Nobody listens.
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
        // What has been searched so far is one stretch of the text as long as there is nothing.
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
    use crate::{
        document::{Hints, parse},
        text::SourceText,
    };
    use std::cell::{Cell, RefCell};

    fn question(query: &str, nearest: Option<(usize, bool)>) -> Question {
        let lines: Vec<String> = (0..120_000).map(|n| format!("第{n}句，说到青禾县的工作。\n")).collect();
        let document = Arc::new(parse(SourceText::from(lines.concat().as_str()), &Hints::default()));
        Question { query: query.to_owned(), mode: Mode::Folded, generation: 7, document, nearest }
    }

    /// The events: how many hits, the first and last, whether all.
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
        // Behind the last there is none: all are told at once, and the search goes round.
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
