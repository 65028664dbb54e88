//! The section tree of texts never seen: the built-in speeches, changed as hosts, programs and
//! writers change them, alone and two changes at a time, each with the outline that must come
//! out. By default 200 seeds a change and 6 a pair; `PIZHU_VARIANT_SEEDS=200` sets the pairs' too.
//! `PIZHU_VARIANT_ONLY=name` or `name+name` runs one case.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "outline/change.rs"]
mod change;
#[path = "outline/corpus.rs"]
mod corpus;
#[path = "outline/dice.rs"]
mod dice;
#[path = "outline/expected.rs"]
mod expected;
#[path = "outline/model.rs"]
mod model;
#[path = "outline/shrink.rs"]
mod shrink;

use change::{CHANGES, Change};
use dice::Dice;
use expected::Score;
use model::{Case, Speech};
use std::fmt::Write as _;

/// Seeds of each single change.
const SEEDS: u64 = 200;
/// Seeds of each pair, unless the environment asks for more.
const PAIR_SEEDS: u64 = 6;
/// The share of cases in which every node must be found, and no other.
const REQUIRED: f64 = 0.99;
/// The share of cases in which every title must be right to its end, too.
const REQUIRED_EXACT: f64 = 0.98;
/// Failures shrunk and shown.
const SHOWN: usize = 12;

/// The speech of that seed, and another that may come to stand behind it.
fn speeches(seed: u64) -> [Speech; 2] {
    let all = &corpus::SPEECHES;
    let first = seed as usize % all.len();
    let others: Vec<usize> = (0..all.len()).filter(|other| *other != first && all[*other].nodes().next().is_some()).collect();
    [all[first].clone(), all[Dice::new(!seed).pick(&others)].clone()]
}

/// The speeches of that seed with the changes made.
fn case([speech, spare]: &[Speech; 2], changes: &[&Change], seed: u64) -> Case {
    let mut case = Case::new(speech.clone(), spare.clone());
    for (at, change) in (1..).zip(changes) {
        (change.apply)(&mut case, &mut Dice::new(seed.wrapping_mul(31).wrapping_add(at)));
    }
    case
}

fn score(case: &Case) -> Score {
    case.expected().score(&case.document())
}

#[derive(Default)]
struct Tally {
    cases: usize,
    found: usize,
    right: usize,
    failures: Vec<(String, u64)>,
    shown: String,
    shown_cases: usize,
}

impl Tally {
    fn run(&mut self, changes: &[&Change], seeds: u64) {
        let name = changes.iter().map(|change| change.name).collect::<Vec<_>>().join("+");
        if std::env::var("PIZHU_VARIANT_ONLY").is_ok_and(|only| only != name) {
            return;
        }
        let (mut failed, mut shown) = (0, false);
        for seed in 0..seeds {
            let speeches = speeches(seed);
            self.cases += 1;
            let score_here = score(&case(&speeches, changes, seed));
            self.found += usize::from(score_here.f1 >= 1.0);
            if score_here.is_perfect() {
                self.right += 1;
                continue;
            }
            failed += 1;
            // What fails unchanged is told by its own test.
            if !shown && self.shown_cases < SHOWN && score(&case(&speeches, &[], seed)).is_perfect() {
                shown = true;
                self.shown_cases += 1;
                self.show(&name, &speeches, changes, seed);
            }
        }
        if failed > 0 {
            self.failures.push((name, failed));
        }
    }

    /// Shrinks the failure and writes it down.
    fn show(&mut self, name: &str, speeches: &[Speech; 2], changes: &[&Change], seed: u64) {
        let mut small = speeches.clone();
        for at in [0, 1] {
            small[at] = shrink::shrink(&small[at], |candidate| {
                let mut smaller = small.clone();
                smaller[at] = candidate.clone();
                !score(&case(&smaller, changes, seed)).is_perfect()
            });
        }
        let case = case(&small, changes, seed);
        let score = score(&case);
        let _ = writeln!(self.shown, "\n=== {name}, seed {seed}, {} (F1 {:.3}, exact {:.2})", speeches[0].name, score.f1, score.exact);
        let _ = writeln!(self.shown, "    {}\n{}", score.differences.join("\n    "), case.text());
    }

    fn finish(mut self) {
        self.failures.sort_by_key(|(_, failed)| std::cmp::Reverse(*failed));
        let share = |count: usize| count as f64 / self.cases.max(1) as f64;
        let told = format!("{} cases: every node found in {}, every title whole in {}", self.cases, self.found, self.right);
        let list: Vec<String> = self.failures.iter().map(|(name, failed)| format!("{failed:>6} {name}")).collect();
        let list = list.join(
            "
",
        );
        println!("{told}\n{list}");
        let enough = share(self.found) >= REQUIRED && share(self.right) >= REQUIRED_EXACT;
        assert!(enough, "{told}\n{list}{}", self.shown);
    }
}

#[test]
fn unchanged_speeches_give_their_outlines() {
    for speech in corpus::SPEECHES.iter() {
        let case = Case::new(speech.clone(), speech.clone());
        let score = score(&case);
        assert!(score.is_perfect(), "{}: {}\n{}", speech.name, score.differences.join("\n"), case.text());
    }
}

#[test]
fn each_change_alone() {
    assert!(CHANGES.len() >= 14);
    let mut tally = Tally::default();
    for change in CHANGES {
        tally.run(&[change], SEEDS);
    }
    tally.finish();
}

#[test]
fn title_date_and_page_lines_of_each_change() {
    let (mut cases, mut faults) = (0, Vec::new());
    for change in CHANGES {
        for seed in 0..SEEDS / 4 {
            let case = case(&speeches(seed), &[change], seed);
            // On one line nothing tells a space in the title from its end.
            if case.speeches[0].title.contains(' ') && (case.lines.all_on_one || case.lines.pages.is_some()) {
                continue;
            }
            cases += 1;
            let found = case.expected().front_faults(&case.document());
            if !found.is_empty() {
                let shown: String = found.join("; ").chars().take(300).collect();
                faults.push(format!("{}, seed {seed}, {}: {shown}", change.name, case.speeches[0].name));
            }
        }
    }
    assert!(faults.len() as f64 <= f64::from(cases) * (1.0 - REQUIRED), "{} of {cases} wrong\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn two_changes_at_a_time() {
    let seeds = std::env::var("PIZHU_VARIANT_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(PAIR_SEEDS);
    let mut tally = Tally::default();
    for (at, first) in CHANGES.iter().enumerate() {
        for second in &CHANGES[at + 1..] {
            tally.run(&[first, second], seeds);
        }
    }
    tally.finish();
}
