//! Many files at once, their outcomes in the files' order.

use std::{
    collections::BTreeMap,
    ops::{ControlFlow, Range},
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

/// Does `work` on every file, on as many threads as there are cores, and hands the outcomes to
/// `consume` in the files' order, until that breaks; what has not been begun by then is not done.
pub fn in_order<T: Send, B>(
    files: &[PathBuf],
    work: impl Fn(&Path) -> T + Sync,
    mut consume: impl FnMut(&Path, T) -> ControlFlow<B>,
) -> ControlFlow<B> {
    each_in_order(files, |file| work(file), |file, outcome| consume(file, outcome))
}

/// [`in_order`] with whatever stands for the files.
pub fn each_in_order<F: Sync, T: Send, B>(
    files: &[F],
    work: impl Fn(&F) -> T + Sync,
    mut consume: impl FnMut(&F, T) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(files.len());
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel(workers * 16);
        for _ in 0..workers {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let part = part(next.fetch_add(1, Ordering::Relaxed));
                    let start = part.start;
                    let Some(files) = files.get(start..part.end.min(files.len())).filter(|files| !files.is_empty()) else { return };
                    let outcomes: Vec<T> = files.iter().map(work).collect();
                    if sender.send((start, outcomes)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut due = 0;
        for (start, outcomes) in receiver {
            waiting.insert(start, outcomes);
            while let Some(outcomes) = waiting.remove(&due) {
                for outcome in outcomes {
                    consume(&files[due], outcome)?;
                    due += 1;
                }
            }
        }
        ControlFlow::Continue(())
    })
}

/// The files that are worked on together, by the number of the part: the first one by one, so that
/// their outcomes come at once, and then so many that handing them over costs little.
fn part(number: usize) -> Range<usize> {
    const SINGLE: usize = 64;
    const TOGETHER: usize = 16;
    match number.checked_sub(SINGLE) {
        None => number..number + 1,
        Some(number) => SINGLE + number * TOGETHER..SINGLE + (number + 1) * TOGETHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_done_once_and_handed_over_in_order() {
        for count in [0, 1, 2, 63, 64, 65, 80, 81, 1000] {
            let files: Vec<usize> = (0..count).collect();
            let done = AtomicUsize::new(0);
            let mut found = Vec::new();
            let work = |file: &usize| {
                done.fetch_add(1, Ordering::Relaxed);
                file * 2
            };
            let ended = each_in_order(&files, work, |file, outcome| {
                assert_eq!(outcome, file * 2);
                found.push(*file);
                ControlFlow::<()>::Continue(())
            });
            assert!(ended.is_continue() && found == files && done.into_inner() == count, "{count}");
        }
    }

    #[test]
    fn what_has_not_been_begun_is_not_done_after_the_end() {
        let files: Vec<usize> = (0..1_000_000).collect();
        let done = AtomicUsize::new(0);
        let work = |_: &usize| done.fetch_add(1, Ordering::Relaxed);
        let ended = each_in_order(&files, work, |file, _| if *file == 100 { ControlFlow::Break(*file) } else { ControlFlow::Continue(()) });
        assert_eq!(ended, ControlFlow::Break(100));
        assert!(done.into_inner() < files.len());
    }
}
