//! Parallel map over many items, with results in order.

use std::{
    collections::BTreeMap,
    ops::{ControlFlow, Range},
    path::{Path, PathBuf},
    sync::{
        Condvar, Mutex, PoisonError,
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

/// Items that a thread may be ahead of the one consumed next, for each thread.
const WINDOW_ITEMS: usize = 16;

/// How far the results of [`par_map_stream`] are consumed.
#[derive(Default)]
struct Consumed {
    /// The number of results consumed, or the greatest number, once `consume` has broken.
    count: usize,
    /// Threads that wait for this to change.
    waiting: usize,
}

/// Maps the items of an iterator on `threads` threads and passes the results to `consume` in their
/// order. Takes constant memory: an item is taken from the iterator only when it may be worked on,
/// and no more than a window of results waits for an item that takes long. If `consume` breaks, each
/// thread takes at most one further item and works on none.
///
/// ```
/// use pizhu_library::parallel::par_map_stream;
/// use std::ops::ControlFlow;
///
/// let mut results = Vec::new();
/// let end: ControlFlow<()> = par_map_stream(0..1000, 4, |item| item * 2, |result| {
///     results.push(result);
///     ControlFlow::Continue(())
/// });
/// assert!(end.is_continue());
/// assert!(results.iter().copied().eq((0..1000).map(|item| item * 2)));
/// ```
pub fn par_map_stream<I: Send, T: Send, B>(
    items: impl IntoIterator<Item = I, IntoIter: Send>,
    threads: usize,
    work: impl Fn(I) -> T + Sync,
    mut consume: impl FnMut(T) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let threads = threads.max(1);
    let window = threads * WINDOW_ITEMS;
    let feed = Mutex::new(items.into_iter().enumerate());
    let progress = (Mutex::new(Consumed::default()), Condvar::new());
    let set_consumed = |count: usize| {
        let mut consumed = progress.0.lock().unwrap_or_else(PoisonError::into_inner);
        consumed.count = count;
        // Waking nobody is a system call, too.
        if consumed.waiting > 0 {
            progress.1.notify_all();
        }
    };
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..threads {
            let (sender, feed, progress, work) = (sender.clone(), &feed, &progress, &work);
            scope.spawn(move || {
                loop {
                    let next = feed.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((index, item)) = next else { return };
                    // The item consumed next is never waited for by its own thread.
                    let mut consumed = progress.0.lock().unwrap_or_else(PoisonError::into_inner);
                    while index >= consumed.count.saturating_add(window) {
                        consumed.waiting += 1;
                        consumed = progress.1.wait(consumed).unwrap_or_else(PoisonError::into_inner);
                        consumed.waiting -= 1;
                    }
                    // The end is told here: until the receiver is dropped, sending succeeds.
                    if consumed.count == usize::MAX {
                        return;
                    }
                    drop(consumed);
                    if sender.send((index, work(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut pending = BTreeMap::new();
        let mut next_index = 0;
        for (index, result) in receiver {
            pending.insert(index, result);
            while let Some(result) = pending.remove(&next_index) {
                let flow = consume(result);
                next_index += 1;
                if flow.is_break() {
                    set_consumed(usize::MAX);
                    return flow;
                }
                set_consumed(next_index);
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
    fn stream_is_mapped_in_order_within_a_window() {
        for (threads, count) in [(1, 0), (1, 100), (2, 1), (4, 1000)] {
            let (taken, consumed) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let items = (0..count).inspect(|_| {
                let ahead = taken.fetch_add(1, Ordering::SeqCst) + 1 - consumed.load(Ordering::SeqCst);
                // Each thread may hold one item that waits for its turn.
                assert!(ahead <= threads * WINDOW_ITEMS + threads + 1, "{ahead} items are held");
            });
            let work = |item: usize| {
                // One item takes long, and all later ones come to wait for it.
                if item == 10 {
                    thread::sleep(std::time::Duration::from_millis(20));
                }
                item * 2
            };
            let mut found = Vec::new();
            let ended = par_map_stream(items, threads, work, |result| {
                consumed.fetch_add(1, Ordering::SeqCst);
                found.push(result);
                ControlFlow::<()>::Continue(())
            });
            assert!(ended.is_continue() && found.iter().copied().eq((0..count).map(|item| item * 2)));
        }
        let taken = AtomicUsize::new(0);
        let items = (0..1_000_000).inspect(|_| {
            taken.fetch_add(1, Ordering::SeqCst);
        });
        let ended =
            par_map_stream(items, 3, |item| item, |item| if item == 100 { ControlFlow::Break(item) } else { ControlFlow::Continue(()) });
        // The 101 consumed, the window before them, and one a thread that is told the end.
        let bound = 101 + 3 * WINDOW_ITEMS + 2 * 3;
        let taken = taken.into_inner();
        assert!(ended == ControlFlow::Break(100) && taken <= bound, "{taken} items are taken");
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
