//! Many files at once, their outcomes in the files' order.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
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
                while let Some((index, path)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|index| Some((index, files.get(index)?)))
                {
                    if sender.send((index, work(path))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut due = 0;
        for (index, outcome) in receiver {
            waiting.insert(index, outcome);
            while let Some(outcome) = waiting.remove(&due) {
                consume(&files[due], outcome)?;
                due += 1;
            }
        }
        ControlFlow::Continue(())
    })
}
