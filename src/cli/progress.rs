//! Progress of a run over many speeches, on a line of the terminal that is erased at the end.
//!
//! Invariant: nothing is shown unless standard error is a terminal, nor among output on the screen, so
//! that neither a file nor what is read there is disturbed.

use super::CliContext;
use crate::locale::{Locale, id};
use std::{
    io::{self, IsTerminal as _, Write as _},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// Time before the first line: shorter runs show nothing.
const DELAY: Duration = Duration::from_secs(1);
/// Time between two lines.
const INTERVAL: Duration = Duration::from_millis(200);
/// Back to the start of the line, and erases it.
const ERASE: &str = "\r\x1B[K";
/// The end of the row is not wrapped, so that a narrow terminal has one row to erase, too.
const NO_WRAP: &str = "\x1B[?7l";
const WRAP: &str = "\x1B[?7h";

/// Shows how many speeches are done.
pub(super) struct Progress {
    locale: Locale,
    is_shown: bool,
    start: Instant,
    /// When the last line was drawn, since the start; the delay at first.
    next: Duration,
    has_line: bool,
    done: usize,
    /// The number of all speeches, once it is known; 0 before.
    total: Arc<AtomicUsize>,
}

impl Progress {
    /// The progress of a command that writes as it goes.
    pub(super) fn new(context: &CliContext, total: Arc<AtomicUsize>) -> Self {
        let is_shown = io::stderr().is_terminal() && !context.out.target().is_terminal;
        Self::shown_if(is_shown, context.locale, total)
    }

    /// The progress of work on `total` speeches before anything is written: also shown if the output
    /// goes to the terminal.
    pub(super) fn before_output(context: &CliContext, total: usize) -> Self {
        Self::shown_if(io::stderr().is_terminal(), context.locale, Arc::new(AtomicUsize::new(total)))
    }

    fn shown_if(is_shown: bool, locale: Locale, total: Arc<AtomicUsize>) -> Self {
        Self { locale, is_shown, start: Instant::now(), next: DELAY, has_line: false, done: 0, total }
    }

    /// Counts a speech, and draws the line if it is time.
    pub(super) fn advance(&mut self) {
        self.done += 1;
        if !self.is_shown {
            return;
        }
        let elapsed = self.start.elapsed();
        if elapsed >= self.next {
            self.next = elapsed + INTERVAL;
            self.has_line = true;
            let line = line(self.done, self.total.load(Ordering::Relaxed), elapsed, self.locale);
            let _ = write!(io::stderr(), "{ERASE}{NO_WRAP}{line}{WRAP}");
        }
    }

    /// Erases the line, before something else is printed or at the end.
    pub(super) fn clear(&mut self) {
        if std::mem::take(&mut self.has_line) {
            let _ = write!(io::stderr(), "{ERASE}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// The line: the count and the speed, and if the number of all speeches is known, the time left.
fn line(done: usize, total: usize, elapsed: Duration, locale: Locale) -> String {
    let seconds = elapsed.as_secs_f64().max(0.001);
    let speed = ("speed", ((done as f64 / seconds).round() as usize).into());
    if total < done || done == 0 {
        return locale.format(id::PROGRESS_COUNT, &[("done", done.into()), speed]);
    }
    let left = (seconds * (total - done) as f64 / done as f64).ceil() as usize;
    locale.format(id::PROGRESS_SHARE, &[("done", done.into()), ("total", total.into()), speed, ("left", left.into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Language;

    #[test]
    fn line_tells_the_time_left_once_the_total_is_known() {
        let locale = Locale::new(Language::English);
        assert_eq!(line(300, 0, Duration::from_secs(2), locale), "300 speeches, 150 a second");
        assert_eq!(line(300, 1200, Duration::from_secs(2), locale), "300 of 1200 speeches, 150 a second, 6 s left");
        assert_eq!(line(0, 1200, Duration::from_secs(2), locale), "0 speeches, 0 a second");
    }
}
