//! The event loop: sleeps until there are events, handles all that are pending, draws once.

mod apply_settings;
mod autosave;
mod configuration;
mod edit_externally;
mod error;
mod input;
mod perform;
mod program;
mod reading_position;
mod start;
mod unsaved;

pub(crate) use error::TuiError;
pub(crate) use start::TuiOptions;

use super::{
    background_jobs, crash,
    effect::{AppEvent, Effect},
    message::Size,
    state::{Origin, ReaderScreen},
    update::{speech_origin, update},
};
use crate::app::open::SpeechOpening;
use crate::settings;
use input::{convert_key, convert_mouse};
use pizhu_annotation::{CopyLink, SessionEvent};
use pizhu_library::reading_state::ReadingState;
use pizhu_library::source::Speech;
use pizhu_terminal as terminal;
use pizhu_terminal::{Guard, Listener, TerminalError, Widths, profile};
use program::{EventSender, LoopMessage, Program};
use reading_position::absolute_paths;
use start::{StartupConfig, resolve_paths};
use std::{
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

/// Maximum time draining events before a draw.
const MAX_DRAIN_TIME: Duration = Duration::from_millis(25);

/// SIGHUP, by which a program ends whose terminal is gone.
const HANGUP: i32 = 1;

/// Runs the reader until the user quits. Returns the signal that ended it, if one did.
///
/// # Errors
/// If it cannot start, or something could not be saved on exit.
pub(crate) fn run(options: TuiOptions) -> Result<Option<i32>, TuiError> {
    let mut entered = false;
    match read(options, &mut entered) {
        Err(error) if entered && error.is_hangup() => Ok(Some(HANGUP)),
        ended => ended,
    }
}

/// Runs the reader; sets `entered` once it has a terminal.
fn read(options: TuiOptions, entered: &mut bool) -> Result<Option<i32>, TuiError> {
    let (positions, resolved, config) = thread::scope(|scope| {
        // The thread that allocates little reads the file; the main thread loads the rest, since a new
        // thread's heap grows page by page.
        let reading = scope.spawn(|| {
            let positions = start::load_positions(&options);
            let resolved = resolve_paths(&options, &positions);
            (positions, resolved)
        });
        let config = StartupConfig::load(&options);
        let (positions, resolved) =
            reading.join().unwrap_or_else(|_| (ReadingState::default(), resolve_paths(&options, &ReadingState::default())));
        (positions, resolved, config)
    });
    let ((library, speech), config) = (resolved?, config?);
    let size = terminal::size().map_err(TerminalError::from)?;
    let size = Size { width: size.width, height: size.height };
    if !size.is_large_enough() {
        return Err(TuiError::TooSmall);
    }
    if let Some(folders) = &options.folders {
        crash::report_to(folders.state.clone(), config.locale);
    }
    let (sender, receiver) = mpsc::channel();
    let (waker, wake_receiver) = terminal::wake_channel()?;
    let events = EventSender { sender, waker };
    // Before the modes are entered, so that no signal leaves the terminal in them.
    let signals = events.clone();
    terminal::spawn_signal_thread(move |event| signals.send(LoopMessage::Terminal(event))).map_err(TerminalError::from)?;
    let guard = Guard::enter()?;
    *entered = true;
    let mut program = Program::new(options, config, library, size, guard, (&events, receiver))?;
    program.reading_state = positions;
    if let Some(first) = speech {
        program.show_first(first)?;
    } else {
        // Until the scan is done, the list of the last scan is shown.
        if let Some(folders) = &program.options.folders {
            let read_options = program.options.read_options;
            program.state.library.apply_update(background_jobs::cached_first_screen(
                &program.state.library.roots,
                &folders.cache,
                read_options,
            ));
        }
        program.draw()?;
        let effect = program.state.library.rescan();
        program.perform(effect);
    }
    program.screen.probe_widths()?;
    program.after_first_frame()?;
    let mut listener = Listener::new(wake_receiver).map_err(TerminalError::from)?;
    let ended = program.event_loop(&mut listener);
    if ended.as_ref().is_err_and(TuiError::is_hangup) {
        program.ended_by.get_or_insert(HANGUP);
        program.perform_quit();
    }
    let by_signal = program.quit()?;
    match ended {
        Err(error) if !error.is_hangup() => Err(error),
        _ => Ok(by_signal),
    }
}

impl Program {
    /// Draws the first block of a speech, then does everything else.
    fn show_first(&mut self, begun: SpeechOpening) -> Result<(), TuiError> {
        let first = begun.first_part().clone();
        self.state.last_opening = 1;
        let display_options = self.state.display_options.clone();
        let origin: Origin = speech_origin(&first);
        let mut reader = ReaderScreen::new(1, origin, Arc::clone(&first.document), display_options.style, display_options.spacing);
        if let Some(offset) = self.saved_cursor(&first.path, &first.document) {
            reader.resume_later(offset);
        }
        self.state.show_reader(reader);
        self.draw()?;
        self.restore_marks_and_watch(1, &first.path, &first.document);
        let event = self.annotation_controller.open(1, &first);
        if let Some(event) = event {
            self.dispatch(event);
        }
        if !first.document.is_final {
            self.jobs.read_rest(1, begun);
        }
        Ok(())
    }

    fn event_loop(&mut self, listener: &mut Listener) -> Result<(), TuiError> {
        let mut may_wait = true;
        while self.running {
            self.notice_unsaved();
            let limit = if may_wait && self.deferred.is_empty() { self.autosave.time_left() } else { Some(Duration::ZERO) };
            let terminal_events = listener.wait(limit);
            self.save_due();
            let started = Instant::now();
            let mut changed = !terminal_events.is_empty();
            for event in terminal_events {
                if self.running {
                    self.handle_terminal_event(event)?;
                }
            }
            may_wait = true;
            while self.running
                && let Some(message) = self.deferred.pop_front().or_else(|| self.messages.try_recv().ok())
            {
                self.handle_message(message)?;
                changed = true;
                if started.elapsed() >= MAX_DRAIN_TIME {
                    // The waker has already fired for the remaining messages.
                    may_wait = false;
                    break;
                }
            }
            if self.running && changed {
                self.sync_mouse_reports()?;
                self.draw()?;
            }
        }
        Ok(())
    }

    fn handle_message(&mut self, message: LoopMessage) -> Result<(), TuiError> {
        match message {
            LoopMessage::App(event) => self.dispatch(event),
            LoopMessage::Writer(event) => {
                for event in self.annotation_controller.handle(event) {
                    self.dispatch(event);
                }
            }
            LoopMessage::Terminal(event) => self.handle_terminal_event(event)?,
            // Of a program that was not waited for to its end.
            LoopMessage::ProgramEnded(_) => {}
        }
        Ok(())
    }

    fn handle_terminal_event(&mut self, event: terminal::TermEvent) -> Result<(), TuiError> {
        match event {
            terminal::TermEvent::Key(key) => {
                if let Some(key) = convert_key(key) {
                    self.dispatch(AppEvent::Key(key));
                }
            }
            terminal::TermEvent::Paste(text) => self.dispatch(AppEvent::Paste(text)),
            terminal::TermEvent::Mouse(mouse) => {
                if let Some(mouse) = convert_mouse(mouse, self.started_at.elapsed()) {
                    self.dispatch(AppEvent::Mouse(mouse));
                }
            }
            terminal::TermEvent::Resize(size) => {
                self.screen.resize(size);
                self.dispatch(AppEvent::Resize(Size { width: size.width, height: size.height }));
            }
            terminal::TermEvent::Background { dark } => self.set_background(dark),
            terminal::TermEvent::Measured(widths) => self.set_measured_widths(widths),
            terminal::TermEvent::Suspend => self.suspend()?,
            terminal::TermEvent::Resumed => {
                self.guard.resume()?;
                self.screen.invalidate();
            }
            terminal::TermEvent::Terminate(signal) => {
                self.ended_by.get_or_insert(signal);
                self.perform_quit();
            }
            terminal::TermEvent::Closed => {
                self.ended_by.get_or_insert(HANGUP);
                self.perform_quit();
            }
        }
        Ok(())
    }

    fn set_measured_widths(&mut self, widths: Widths) {
        if self.options.ambiguous.is_some()
            || self.state.settings.ambiguous != settings::AmbiguousSetting::Auto
            || widths == Widths::Unknown
        {
            return;
        }
        if let Some(event) = self.set_widths(widths) {
            self.dispatch(event);
        }
        if let Some(folders) = &self.options.folders {
            // If this is lost, the next start measures again.
            let _ = profile::save(&folders.state, &profile::key(), |profile| profile.widths = widths);
        }
    }

    fn suspend(&mut self) -> Result<(), TuiError> {
        self.guard.suspend()?;
        self.screen.invalidate();
        let size = terminal::size()?;
        self.screen.resize(size);
        self.dispatch(AppEvent::Resize(Size { width: size.width, height: size.height }));
        Ok(())
    }

    /// Passes an event to `update`, which alone changes the state, and performs the effects. What else
    /// holds something of a speech — the annotations, the saved places — follows the event.
    fn dispatch(&mut self, event: AppEvent) {
        match event {
            AppEvent::NoteFileChanged => {
                for event in self.take_note_file() {
                    self.dispatch(event);
                }
                return;
            }
            AppEvent::FirstBlockRead { opening, speech } => return self.open_first_block(opening, speech),
            _ => {}
        }
        let may_show_drafts = matches!(event, AppEvent::Annotations { .. });
        let screen_filled = matches!(event, AppEvent::Baskets(_) | AppEvent::Tags(_) | AppEvent::Memos(_));
        let (mut completed, mut changed) = (None, None);
        match &event {
            AppEvent::Completed { opening, speech } => {
                self.annotation_controller.complete(*opening, speech);
                completed = Some((*opening, speech.path.clone(), Arc::clone(&speech.document)));
            }
            // The annotations stay in the text that is shown until there is another.
            AppEvent::Reloaded { opening, speech } | AppEvent::TextsCompared { opening, speech, .. } => {
                changed = Some((*opening, speech.clone()));
            }
            AppEvent::PlaceFound { opening, text, place } => self.take_found_place(*opening, text, place),
            AppEvent::Session(event) => {
                // Place and marks go with the annotations that were taken over.
                if let SessionEvent::Copies { request: CopyLink::Take(hash), unchanged: false, copies: Ok(_) } = &**event
                    && let Some(path) = self.state.reader.as_ref().map(|reader| reader.origin.path.clone())
                {
                    self.take_place(&path, *hash);
                }
            }
            AppEvent::ConfigChanged => self.reload_config(),
            _ => {}
        }
        let mut effects = Vec::new();
        update(&mut self.state, &self.keymap, event, &mut effects);
        if let Some((opening, path, document)) = completed {
            self.find_place_in_whole_text(opening, &path, &document);
        }
        if let Some((opening, speech)) = changed
            && self.state.reader.as_ref().is_some_and(|reader| Arc::ptr_eq(reader.document(), &speech.document))
        {
            self.annotation_controller.complete(opening, &speech);
        }
        if may_show_drafts {
            self.find_place_by_text();
        }
        for effect in effects {
            self.perform(effect);
        }
        if may_show_drafts && let Some(event) = self.find_drafts() {
            self.dispatch(event);
        }
        if screen_filled && let Some(event) = self.find_screen_drafts() {
            self.dispatch(event);
        }
        if self.running && self.ended_by.is_some() {
            self.perform_quit();
        }
    }

    /// Opens a speech whose first block was read, at its saved place; nothing if another has been opened
    /// since.
    fn open_first_block(&mut self, opening: u64, speech: Box<Speech>) {
        if opening != self.state.last_opening {
            return;
        }
        self.jobs.show_newest();
        self.load_positions();
        let resume = self.saved_cursor(&speech.path, &speech.document);
        let codebook_event = self.annotation_controller.open(opening, &speech);
        let (path, document) = (speech.path.clone(), Arc::clone(&speech.document));
        self.dispatch(AppEvent::Opened { opening, speech, resume });
        if let Some(event) = codebook_event {
            self.dispatch(event);
        }
        self.restore_marks_and_watch(opening, &path, &document);
    }

    /// Quits without a question: there is nobody to answer. A note being typed is kept as a draft.
    fn perform_quit(&mut self) {
        self.perform(Effect::QuitUnsaved);
    }

    /// Saves everything and restores the terminal. Returns the signal that the program ends by.
    fn quit(mut self) -> Result<Option<i32>, TuiError> {
        self.keep_everything();
        self.close_note_file();
        if !self.state.library.samples && !self.state.library.roots.is_empty() {
            self.load_positions();
            self.reading_state.set_library(absolute_paths(&self.state.library.roots));
            // Failing to save the library's path is no reason to exit with an error.
            let _ = self.reading_state.save();
        }
        self.basket_jobs.flush();
        self.preview_jobs.flush();
        self.jobs.flush_settings();
        let saved = self.annotation_controller.flush().map_err(TuiError::NotSaved);
        // A signal that came while saving.
        let signal = |message: LoopMessage| match message {
            LoopMessage::Terminal(terminal::TermEvent::Terminate(signal)) => Some(signal),
            _ => None,
        };
        let ended_by = self.ended_by.or_else(|| self.messages.try_iter().find_map(signal));
        if self.leave_unsaved && self.ended_by.is_none() {
            // The user was asked, and left.
            return Ok(ended_by);
        }
        saved.map(|()| ended_by)
    }
}
