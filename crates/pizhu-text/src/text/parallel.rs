//! Data parallelism over one long text, with scoped threads.

use std::{
    num::NonZero,
    ops::Range,
    panic,
    sync::OnceLock,
    thread::{self, available_parallelism},
};

/// Maximum threads for one call: this is an interactive program, not a server.
const MAX_THREADS: usize = 8;

/// Maps contiguous chunks of `0..len` in parallel; results in order.
///
/// There is one chunk for each core (8 at most), each of at least `min_len`. A range too short
/// for two chunks is mapped whole on the calling thread. A panic in `work` resumes in the caller.
///
/// ```
/// use pizhu_text::text::parallel::par_chunks;
///
/// // Too short for two chunks of 100.
/// assert_eq!(par_chunks(10, 100, |range| range.len()), [10]);
///
/// let lengths = par_chunks(1000, 100, |range| range.len());
/// assert_eq!(lengths.iter().sum::<usize>(), 1000);
/// ```
pub fn par_chunks<R: Send>(len: usize, min_len: usize, work: impl Fn(Range<usize>) -> R + Sync) -> Vec<R> {
    static CORES: OnceLock<usize> = OnceLock::new();
    let max_chunks = len / min_len.max(1);
    if max_chunks < 2 {
        return vec![work(0..len)];
    }
    let cores = *CORES.get_or_init(|| available_parallelism().map_or(1, NonZero::get).min(MAX_THREADS));
    map_chunks(len, cores.min(max_chunks), work)
}

fn map_chunks<R: Send>(len: usize, count: usize, work: impl Fn(Range<usize>) -> R + Sync) -> Vec<R> {
    let chunk = |index: usize| len * index / count..len * (index + 1) / count;
    thread::scope(|scope| {
        let others: Vec<_> = (1..count)
            .map(|index| {
                scope.spawn({
                    let work = &work;
                    move || work(chunk(index))
                })
            })
            .collect();
        let mut results = Vec::with_capacity(count);
        results.push(work(chunk(0)));
        results.extend(others.into_iter().map(|other| other.join().unwrap_or_else(|panic| panic::resume_unwind(panic))));
        results
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn chunks_cover_the_range_in_order(len in 0usize..1000, count in 1usize..9) {
            let mapped: Vec<usize> = map_chunks(len, count, Iterator::collect::<Vec<_>>).concat();
            prop_assert_eq!(mapped, (0..len).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_short_range_is_mapped_on_the_calling_thread() {
        let here = thread::current().id();
        assert_eq!(par_chunks(19, 10, |range| (range, thread::current().id())), [(0..19, here)]);
    }
}
