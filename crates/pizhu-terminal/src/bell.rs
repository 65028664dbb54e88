//! Wakes the thread that blocks on terminal input (a self-pipe: that thread polls the terminal and
//! the pipe).

use std::{
    io::{self, PipeReader, PipeWriter, Read as _, Write as _},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Wakes the input thread; call it after sending the message that the thread is to see.
#[derive(Debug, Clone)]
pub struct Bell(Arc<Wire>);

#[derive(Debug)]
struct Wire {
    end: PipeWriter,
    /// Whether a byte is in the pipe and not yet read; at most one is.
    rung: AtomicBool,
}

/// The input thread's end of the pipe.
#[derive(Debug)]
pub struct Ear {
    /// Becomes readable on a wake-up.
    pub(super) end: PipeReader,
    wire: Arc<Wire>,
}

/// Creates a waker and its receiver.
///
/// # Errors
/// When no pipe can be created.
pub fn bell() -> io::Result<(Bell, Ear)> {
    let (reader, writer) = io::pipe()?;
    let wire = Arc::new(Wire { end: writer, rung: AtomicBool::new(false) });
    Ok((Bell(Arc::clone(&wire)), Ear { end: reader, wire }))
}

impl Bell {
    /// Wakes the input thread, or makes its next wait return at once. Everything written before the
    /// call is visible to that thread.
    pub fn ring(&self) {
        if !self.0.rung.swap(true, Ordering::AcqRel) {
            // If the receiver is gone, there is nobody to wake.
            let _ = (&self.0.end).write(&[0]);
        }
    }
}

impl Ear {
    /// Consumes the wake-up: messages sent before it are visible from now on, and a later one wakes
    /// again.
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
            // Blocks for ever if a wake-up was lost.
            ear.hear();
            taken += receiver.try_iter().count();
        }
        for sender in senders {
            sender.join().unwrap();
        }
    }
}
