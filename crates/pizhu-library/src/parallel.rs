//! Parallel map over many items, with results in order.

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

/// Maps the files in parallel, on as many threads as there are cores, and passes the results to
/// `consume` in the order of `items`. If `consume` breaks, files that have not been started are
/// skipped.
pub fn par_map_files<T: Send, B>(
    items: &[PathBuf],
    work: impl Fn(&Path) -> T + Sync,
    mut consume: impl FnMut(&Path, T) -> ControlFlow<B>,
) -> ControlFlow<B> {
    par_map_ordered(items, |item| work(item), |item, outcome| consume(item, outcome))
}

/// [`par_map_files`] over a slice of any type.
///
/// ```
/// use pizhu_library::parallel::par_map_ordered;
/// use std::ops::ControlFlow;
///
/// let mut results = Vec::new();
/// let end: ControlFlow<()> = par_map_ordered(&["甲", "乙丙"], |word| word.chars().count(), |word, count| {
///     results.push((*word, count));
///     ControlFlow::Continue(())
/// });
/// assert!(end.is_continue());
/// assert_eq!(results, [("甲", 1), ("乙丙", 2)]);
/// ```
pub fn par_map_ordered<F: Sync, T: Send, B>(
    items: &[F],
    work: impl Fn(&F) -> T + Sync,
    mut consume: impl FnMut(&F, T) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(items.len());
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel(threads * 16);
        for _ in 0..threads {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let chunk = chunk_range(next.fetch_add(1, Ordering::Relaxed));
                    let start = chunk.start;
                    let Some(items) = items.get(start..chunk.end.min(items.len())).filter(|items| !items.is_empty()) else { return };
                    let outcomes: Vec<T> = items.iter().map(work).collect();
                    if sender.send((start, outcomes)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut pending = BTreeMap::new();
        let mut next_index = 0;
        for (start, outcomes) in receiver {
            pending.insert(start, outcomes);
            while let Some(outcomes) = pending.remove(&next_index) {
                for outcome in outcomes {
                    consume(&items[next_index], outcome)?;
                    next_index += 1;
                }
            }
        }
        ControlFlow::Continue(())
    })
}

/// The items of chunk `number`. The first chunks are single items, so that the first results come
/// early; later ones are larger, to amortize the channel.
fn chunk_range(number: usize) -> Range<usize> {
    const SINGLE_ITEMS: usize = 64;
    const CHUNK_ITEMS: usize = 16;
    match number.checked_sub(SINGLE_ITEMS) {
        None => number..number + 1,
        Some(number) => SINGLE_ITEMS + number * CHUNK_ITEMS..SINGLE_ITEMS + (number + 1) * CHUNK_ITEMS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_mapped_once_and_in_order() {
        for count in [0, 1, 2, 63, 64, 65, 80, 81, 1000] {
            let items: Vec<usize> = (0..count).collect();
            let done = AtomicUsize::new(0);
            let mut found = Vec::new();
            let work = |item: &usize| {
                done.fetch_add(1, Ordering::Relaxed);
                item * 2
            };
            let ended = par_map_ordered(&items, work, |item, outcome| {
                assert_eq!(outcome, item * 2);
                found.push(*item);
                ControlFlow::<()>::Continue(())
            });
            assert!(ended.is_continue() && found == items && done.into_inner() == count, "{count}");
        }
    }

    #[test]
    fn breaking_skips_items_that_were_not_started() {
        let items: Vec<usize> = (0..1_000_000).collect();
        let done = AtomicUsize::new(0);
        let work = |_: &usize| done.fetch_add(1, Ordering::Relaxed);
        let ended =
            par_map_ordered(&items, work, |item, _| if *item == 100 { ControlFlow::Break(*item) } else { ControlFlow::Continue(()) });
        assert_eq!(ended, ControlFlow::Break(100));
        assert!(done.into_inner() < items.len());
    }
}
