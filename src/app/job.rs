//! Jobs off the calling thread: in the order in which they are submitted, or so that the newest wins.

use std::{
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Sender, channel},
    },
    thread,
    time::Duration,
};

/// Tells a job whether its result is still wanted. Clones share the answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Cancels the job, for good.
    pub(crate) fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the job is to stop.
    #[must_use]
    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Gives out tokens of which only the last is not cancelled.
#[derive(Debug, Default)]
pub(crate) struct NewestToken(Mutex<CancelToken>);

impl NewestToken {
    /// A new token; the one given out before is cancelled.
    pub(crate) fn renew(&self) -> CancelToken {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        current.cancel();
        *current = CancelToken::default();
        current.clone()
    }
}

type Job = Box<dyn FnOnce(&CancelToken) + Send>;

/// Which jobs of a runner are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JobOrder {
    /// All, one after the other on one thread.
    InOrder,
    /// The newest: it starts at once, and those before it are cancelled.
    NewestWins,
}

/// Runs jobs of one kind. Clones are the same runner.
///
/// No thread is started before the first job.
#[derive(Clone)]
pub(crate) struct JobRunner {
    name: &'static str,
    order: JobOrder,
    inner: Arc<RunnerInner>,
}

#[derive(Default)]
struct RunnerInner {
    newest: NewestToken,
    /// The queue of the thread that does jobs in order.
    queue: Mutex<Option<Sender<Job>>>,
}

impl JobRunner {
    /// A runner whose threads have this name.
    #[must_use]
    pub(crate) fn new(name: &'static str, order: JobOrder) -> Self {
        Self { name, order, inner: Arc::default() }
    }

    /// Submits a job. It looks at the token where it can stop.
    ///
    /// # Errors
    /// No thread can be started.
    pub(crate) fn submit(&self, job: impl FnOnce(&CancelToken) + Send + 'static) -> io::Result<()> {
        match self.order {
            JobOrder::InOrder => self.enqueue(Box::new(job)),
            JobOrder::NewestWins => {
                let token = self.inner.newest.renew();
                let work = move || {
                    // A newer one may have come before the thread started.
                    if !token.is_cancelled() {
                        job(&token);
                    }
                };
                thread::Builder::new().name(self.name.into()).spawn(work).map(drop)
            }
        }
    }

    fn enqueue(&self, job: Job) -> io::Result<()> {
        let mut queue = self.queue();
        let job = match queue.as_ref() {
            Some(sender) => match sender.send(job) {
                Ok(()) => return Ok(()),
                // A job has panicked: another thread takes the place of its thread.
                Err(returned) => returned.0,
            },
            None => job,
        };
        let (sender, jobs) = channel::<Job>();
        let work = move || {
            let token = CancelToken::default();
            for job in jobs {
                job(&token);
            }
        };
        thread::Builder::new().name(self.name.into()).spawn(work)?;
        // The thread waits for it.
        let _ = sender.send(job);
        *queue = Some(sender);
        Ok(())
    }

    /// Whether there was a job to do in order.
    #[must_use]
    pub(crate) fn has_started(&self) -> bool {
        self.queue().is_some()
    }

    /// Waits until the jobs submitted so far are done in their order, but no longer than `timeout`.
    pub(crate) fn flush(&self, timeout: Duration) {
        if !self.has_started() {
            return;
        }
        let (done, ended) = channel::<()>();
        if self.enqueue(Box::new(move |_| drop(done))).is_ok() {
            // Disconnected: it is done.
            let _ = ended.recv_timeout(timeout);
        }
    }

    fn queue(&self) -> MutexGuard<'_, Option<Sender<Job>>> {
        self.inner.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOR_EVER: Duration = Duration::from_mins(10);

    #[test]
    fn jobs_are_done_in_order_on_one_thread() {
        let runner = JobRunner::new("test", JobOrder::InOrder);
        let done = Arc::new(Mutex::new(Vec::new()));
        for number in 0..100 {
            let done = Arc::clone(&done);
            runner
                .submit(move |token| {
                    assert!(!token.is_cancelled());
                    done.lock().unwrap().push((number, thread::current().id()));
                })
                .unwrap();
        }
        runner.flush(FOR_EVER);
        let done = done.lock().unwrap();
        assert!(done.iter().map(|(number, _)| *number).eq(0..100));
        assert!(done.iter().all(|(_, thread)| *thread == done[0].1));
    }

    #[test]
    fn newest_job_starts_at_once_and_cancels_those_before_it() {
        let runner = JobRunner::new("test", JobOrder::NewestWins);
        let (started, starts) = channel();
        let (ended, ends) = channel();
        // Each runs until it is cancelled; none ends before the next has started.
        for number in 0..3 {
            let (started, ended) = (started.clone(), ended.clone());
            runner
                .submit(move |token| {
                    started.send(number).unwrap();
                    while !token.is_cancelled() {
                        thread::yield_now();
                    }
                    ended.send(number).unwrap();
                })
                .unwrap();
            assert_eq!(starts.recv(), Ok(number));
        }
        assert_eq!([ends.recv(), ends.recv()].map(Result::unwrap).into_iter().collect::<std::collections::BTreeSet<_>>(), [0, 1].into());
        assert!(ends.try_recv().is_err(), "the newest is not cancelled");
        runner.submit(|_| ()).unwrap();
        assert_eq!(ends.recv(), Ok(2));
    }

    #[test]
    fn queue_outlives_a_job_that_panics() {
        let runner = JobRunner::new("test", JobOrder::InOrder);
        let (sent, received) = channel();
        // The channel of its queue is closed when the thread has ended.
        let queue_ended = sent.clone();
        runner
            .submit(move |_| {
                let _held = queue_ended;
                std::panic::resume_unwind(Box::new("test"));
            })
            .unwrap();
        while runner.queue().as_ref().unwrap().send(Box::new(|_| ())).is_ok() {
            thread::yield_now();
        }
        runner.submit(move |_| sent.send(7).unwrap()).unwrap();
        assert_eq!(received.recv(), Ok(7));
    }
}
