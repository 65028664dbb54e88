//! Letting another program have the keys for a while: the thread that reads them must not read
//! along.

use std::{
    io::{self, PipeReader, PipeWriter, Read as _, Write as _},
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

/// How long stopping waits for the reading thread; it may have ended.
const PATIENCE: Duration = Duration::from_millis(500);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    Reading,
    Asked,
    Stopped,
}

#[derive(Debug, Default)]
struct Gate {
    stage: Mutex<Stage>,
    changed: Condvar,
}

/// Stops the reading thread and lets it go on.
#[derive(Debug)]
pub struct Pause {
    bell: PipeWriter,
    gate: Arc<Gate>,
}

/// The reading thread's end.
#[derive(Debug)]
pub(super) struct Waiter {
    /// Readable when stopping is asked for.
    pub bell: PipeReader,
    gate: Arc<Gate>,
}

/// Both ends.
///
/// # Errors
/// When there is no pipe to be had.
pub(super) fn pair() -> io::Result<(Pause, Waiter)> {
    let (reader, writer) = io::pipe()?;
    let gate = Arc::new(Gate::default());
    Ok((Pause { bell: writer, gate: Arc::clone(&gate) }, Waiter { bell: reader, gate }))
}

impl Pause {
    /// Stops reading; when it returns, nothing is read any more.
    ///
    /// # Errors
    /// When the thread cannot be told.
    pub fn stop(&mut self) -> io::Result<()> {
        let mut stage = self.gate.stage.lock().unwrap_or_else(PoisonError::into_inner);
        if *stage != Stage::Reading {
            return Ok(());
        }
        *stage = Stage::Asked;
        self.bell.write_all(&[0])?;
        // A thread that has ended reads nothing either.
        drop(self.gate.changed.wait_timeout_while(stage, PATIENCE, |stage| *stage == Stage::Asked));
        Ok(())
    }

    /// Goes on reading.
    pub fn go_on(&mut self) {
        *self.gate.stage.lock().unwrap_or_else(PoisonError::into_inner) = Stage::Reading;
        self.gate.changed.notify_all();
    }
}

impl Waiter {
    /// Waits until reading may go on, if stopping was asked for.
    pub(super) fn wait(&mut self) {
        // One byte for each time it was asked.
        if self.bell.read(&mut [0]).is_err() {
            return;
        }
        let mut stage = self.gate.stage.lock().unwrap_or_else(PoisonError::into_inner);
        if *stage == Stage::Asked {
            *stage = Stage::Stopped;
            self.gate.changed.notify_all();
        }
        drop(self.gate.changed.wait_while(stage, |stage| *stage == Stage::Stopped));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn the_reading_thread_stops_and_goes_on() {
        let (mut pause, mut waiter) = pair().unwrap();
        let reading = thread::spawn(move || {
            for _ in 0..3 {
                waiter.wait();
            }
        });
        for _ in 0..3 {
            pause.stop().unwrap();
            assert_eq!(*pause.gate.stage.lock().unwrap(), Stage::Stopped);
            pause.go_on();
        }
        reading.join().unwrap();
    }
}
