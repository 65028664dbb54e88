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
pub struct Waker(Arc<WakePipe>);

#[derive(Debug)]
struct WakePipe {
    writer: PipeWriter,
    /// Whether a byte is in the pipe and not yet read; at most one is.
    is_pending: AtomicBool,
}

/// The input thread's end of the pipe.
#[derive(Debug)]
pub struct WakeReceiver {
    /// Becomes readable on a wake-up.
    pub(super) reader: PipeReader,
    pipe: Arc<WakePipe>,
}

/// Creates a waker and its receiver.
///
/// # Errors
/// When no pipe can be created.
pub fn wake_channel() -> io::Result<(Waker, WakeReceiver)> {
    let (reader, writer) = io::pipe()?;
    let pipe = Arc::new(WakePipe { writer, is_pending: AtomicBool::new(false) });
    Ok((Waker(Arc::clone(&pipe)), WakeReceiver { reader, pipe }))
}

impl Waker {
    /// Wakes the input thread, or makes its next wait return at once. Everything written before the
    /// call is visible to that thread.
    pub fn wake(&self) {
        if !self.0.is_pending.swap(true, Ordering::AcqRel) {
            // If the receiver is gone, there is nobody to wake.
            let _ = (&self.0.writer).write(&[0]);
        }
    }
}

impl WakeReceiver {
    /// Consumes the wake-up: messages sent before it are visible from now on, and a later one wakes
    /// again.
    pub(super) fn consume(&mut self) {
        let _ = self.reader.read(&mut [0]);
        self.pipe.is_pending.swap(false, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{sync::mpsc, thread};

    #[test]
    fn no_message_sent_before_a_wake_is_missed() {
        const MANY: usize = 20_000;
        let (bell, mut ear) = wake_channel().unwrap();
        let (sender, receiver) = mpsc::channel();
        let senders: Vec<_> = (0..2)
            .map(|_| {
                let (bell, sender) = (bell.clone(), sender.clone());
                thread::spawn(move || {
                    for n in 0..MANY {
                        sender.send(n).unwrap();
                        bell.wake();
                    }
                })
            })
            .collect();
        let mut taken = 0;
        while taken < 2 * MANY {
            // Blocks for ever if a wake-up was lost.
            ear.consume();
            taken += receiver.try_iter().count();
        }
        for sender in senders {
            sender.join().unwrap();
        }
    }
}
