//! Work over a long text in several threads.

use std::{
    num::NonZero,
    ops::Range,
    panic,
    sync::OnceLock,
    thread::{self, available_parallelism},
};

/// Most threads that share one piece of work; a text is read by its own program, not by a server.
const MOST: usize = 8;

/// Does `work` over `0..len` in as many parts as there are cores, each of them at least `least`
/// long; what it gave, in order. Work of less than two such parts is done here and now.
pub fn in_parts<R: Send>(len: usize, least: usize, work: impl Fn(Range<usize>) -> R + Sync) -> Vec<R> {
    static CORES: OnceLock<usize> = OnceLock::new();
    let most = len / least.max(1);
    if most < 2 {
        return vec![work(0..len)];
    }
    let cores = *CORES.get_or_init(|| available_parallelism().map_or(1, NonZero::get).min(MOST));
    split(len, cores.min(most), work)
}

fn split<R: Send>(len: usize, count: usize, work: impl Fn(Range<usize>) -> R + Sync) -> Vec<R> {
    let part = |index: usize| len * index / count..len * (index + 1) / count;
    thread::scope(|scope| {
        let others: Vec<_> = (1..count)
            .map(|index| {
                scope.spawn({
                    let work = &work;
                    move || work(part(index))
                })
            })
            .collect();
        let mut results = Vec::with_capacity(count);
        results.push(work(part(0)));
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
        fn the_parts_are_the_whole_in_order(len in 0usize..1000, count in 1usize..9) {
            let parts: Vec<usize> = split(len, count, Iterator::collect::<Vec<_>>).concat();
            prop_assert_eq!(parts, (0..len).collect::<Vec<_>>());
        }
    }

    #[test]
    fn little_work_is_done_at_once() {
        let here = thread::current().id();
        assert_eq!(in_parts(19, 10, |part| (part, thread::current().id())), [(0..19, here)]);
    }
}
