//! Waking the thread that waits for keys: it listens to the terminal and to this.

use std::{
    io::{self, PipeReader, PipeWriter, Read as _, Write as _},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Rung by other threads after they have put something where the waiting one looks.
#[derive(Debug, Clone)]
pub struct Bell(Arc<Wire>);

#[derive(Debug)]
struct Wire {
    end: PipeWriter,
    /// Whether it was rung and not heard yet: one byte is under way at most.
    rung: AtomicBool,
}

/// The waiting thread's end.
#[derive(Debug)]
pub struct Ear {
    /// Readable when the bell was rung.
    pub(super) end: PipeReader,
    wire: Arc<Wire>,
}

/// Both ends.
///
/// # Errors
/// When there is no pipe to be had.
pub fn bell() -> io::Result<(Bell, Ear)> {
    let (reader, writer) = io::pipe()?;
    let wire = Arc::new(Wire { end: writer, rung: AtomicBool::new(false) });
    Ok((Bell(Arc::clone(&wire)), Ear { end: reader, wire }))
}

impl Bell {
    /// Wakes the thread that waits, or keeps it from waiting the next time. It sees what was done
    /// before.
    pub fn ring(&self) {
        if !self.0.rung.swap(true, Ordering::AcqRel) {
            // Where nobody hears any more, nothing need be said.
            let _ = (&self.0.end).write(&[0]);
        }
    }
}

impl Ear {
    /// The ring was heard: what was put before it can be seen from now on, and what is put later
    /// rings again.
    pub(super) fn hear(&mut self) {
        let _ = self.end.read(&mut [0]);
        self.wire.rung.swap(false, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{sync::mpsc, thread};

    #[test]
    fn nothing_that_was_sent_before_a_ring_is_missed() {
        const MANY: usize = 20_000;
        let (bell, mut ear) = bell().unwrap();
        let (sender, receiver) = mpsc::channel();
        let senders: Vec<_> = (0..2)
            .map(|_| {
                let (bell, sender) = (bell.clone(), sender.clone());
                thread::spawn(move || {
                    for n in 0..MANY {
                        sender.send(n).unwrap();
                        bell.ring();
                    }
                })
            })
            .collect();
        let mut taken = 0;
        while taken < 2 * MANY {
            // Would wait for ever where a ring was missed.
            ear.hear();
            taken += receiver.try_iter().count();
        }
        for sender in senders {
            sender.join().unwrap();
        }
    }
}
