//! Outlines of variants of the built-in speeches, with each change of [`CHANGES`] and each pair of
//! changes applied, compared with the outlines known from the model.
//!
//! 200 seeds per change and 6 per pair; `PIZHU_VARIANT_SEEDS` sets the latter.
//! `PIZHU_VARIANT_ONLY=name` or `name+name` runs only one change or pair. Each failure is printed as
//! the smallest speech that still fails.

use crate::change;
use crate::corpus;
use crate::expected;
use crate::model;
use crate::rng;
use crate::shrink;

use change::{CHANGES, Change};
use expected::Score;
use model::{ModelSpeech, SpeechFileModel};
use rng::VariantRng;
use std::fmt::Write as _;

/// Seeds per single change.
const SEEDS_PER_CHANGE: u64 = 200;
/// Default number of seeds per pair of changes.
const SEEDS_PER_PAIR: u64 = 6;
/// Required fraction of cases whose nodes are all found, with no extra node.
const MIN_FOUND: f64 = 0.99;
/// Required fraction of cases whose titles are also all equal.
const MIN_EXACT: f64 = 0.98;
/// Maximum number of failures that are shrunk and printed.
const MAX_SHOWN: usize = 12;

/// The speech of a seed, and another one for the change `second_speech`.
fn speeches(seed: u64) -> [ModelSpeech; 2] {
    let all = &corpus::SPEECHES;
    let first = seed as usize % all.len();
    let others: Vec<usize> = (0..all.len()).filter(|other| *other != first && all[*other].headings().next().is_some()).collect();
    [all[first].clone(), all[VariantRng::new(!seed).pick(&others)].clone()]
}

/// The file of a seed with the changes applied.
fn case([speech, spare]: &[ModelSpeech; 2], changes: &[&Change], seed: u64) -> SpeechFileModel {
    let mut case = SpeechFileModel::new(speech.clone(), spare.clone());
    for (at, change) in (1..).zip(changes) {
        (change.apply)(&mut case, &mut VariantRng::new(seed.wrapping_mul(31).wrapping_add(at)));
    }
    case
}

fn score(case: &SpeechFileModel) -> Score {
    case.expected().score(&case.document())
}

/// Counts of passed cases, and the failures.
#[derive(Default)]
struct VariantTally {
    cases: usize,
    found: usize,
    exact: usize,
    failures: Vec<(String, u64)>,
    report: String,
    reported_cases: usize,
}

impl VariantTally {
    fn run(&mut self, changes: &[&Change], seeds: u64) {
        let name = changes.iter().map(|change| change.name).collect::<Vec<_>>().join("+");
        if std::env::var("PIZHU_VARIANT_ONLY").is_ok_and(|only| only != name) {
            return;
        }
        let (mut failed, mut reported) = (0, false);
        for seed in 0..seeds {
            let speeches = speeches(seed);
            self.cases += 1;
            let score_here = score(&case(&speeches, changes, seed));
            self.found += usize::from(score_here.f1 >= 1.0);
            if score_here.is_perfect() {
                self.exact += 1;
                continue;
            }
            failed += 1;
            // Skips speeches that fail without changes; another test reports them.
            if !reported && self.reported_cases < MAX_SHOWN && score(&case(&speeches, &[], seed)).is_perfect() {
                reported = true;
                self.reported_cases += 1;
                self.report_failure(&name, &speeches, changes, seed);
            }
        }
        if failed > 0 {
            self.failures.push((name, failed));
        }
    }

    /// Shrinks the failing speeches and adds them to the report.
    fn report_failure(&mut self, name: &str, speeches: &[ModelSpeech; 2], changes: &[&Change], seed: u64) {
        let mut smallest = speeches.clone();
        for at in [0, 1] {
            smallest[at] = shrink::shrink(&smallest[at], |candidate| {
                let mut smaller = smallest.clone();
                smaller[at] = candidate.clone();
                !score(&case(&smaller, changes, seed)).is_perfect()
            });
        }
        let case = case(&smallest, changes, seed);
        let score = score(&case);
        let _ = writeln!(self.report, "\n=== {name}, seed {seed}, {} (F1 {:.3}, exact {:.2})", speeches[0].name, score.f1, score.exact);
        let _ = writeln!(self.report, "    {}\n{}", score.differences.join("\n    "), case.text());
    }

    fn finish(mut self) {
        self.failures.sort_by_key(|(_, failed)| std::cmp::Reverse(*failed));
        let share = |count: usize| count as f64 / self.cases.max(1) as f64;
        let summary = format!("{} cases: every node found in {}, every title equal in {}", self.cases, self.found, self.exact);
        let list: Vec<String> = self.failures.iter().map(|(name, failed)| format!("{failed:>6} {name}")).collect();
        let list = list.join("\n");
        println!("{summary}\n{list}");
        let passes = share(self.found) >= MIN_FOUND && share(self.exact) >= MIN_EXACT;
        assert!(passes, "{summary}\n{list}{}", self.report);
    }
}

#[test]
fn unchanged_speeches_match() {
    for speech in corpus::SPEECHES.iter() {
        let case = SpeechFileModel::new(speech.clone(), speech.clone());
        let score = score(&case);
        assert!(score.is_perfect(), "{}: {}\n{}", speech.name, score.differences.join("\n"), case.text());
    }
}

#[test]
fn single_changes() {
    assert!(CHANGES.len() >= 14);
    let mut tally = VariantTally::default();
    for change in CHANGES {
        tally.run(&[change], SEEDS_PER_CHANGE);
    }
    tally.finish();
}

#[test]
fn title_date_and_boilerplate_of_single_changes() {
    let (mut cases, mut faults) = (0, Vec::new());
    for change in CHANGES {
        for seed in 0..SEEDS_PER_CHANGE / 4 {
            let case = case(&speeches(seed), &[change], seed);
            // On one line, the end of a title with spaces is ambiguous.
            if case.speeches[0].title.contains(' ') && (case.lines.on_one_line || case.lines.pages.is_some()) {
                continue;
            }
            cases += 1;
            let found = case.expected().metadata_differences(&case.document());
            if !found.is_empty() {
                let summary: String = found.join("; ").chars().take(300).collect();
                faults.push(format!("{}, seed {seed}, {}: {summary}", change.name, case.speeches[0].name));
            }
        }
    }
    assert!(faults.len() as f64 <= f64::from(cases) * (1.0 - MIN_FOUND), "{} of {cases} wrong\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn pairs_of_changes() {
    let seeds = std::env::var("PIZHU_VARIANT_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS_PER_PAIR);
    let mut tally = VariantTally::default();
    for (at, first) in CHANGES.iter().enumerate() {
        for second in &CHANGES[at + 1..] {
            tally.run(&[first, second], seeds);
        }
    }
    tally.finish();
}
