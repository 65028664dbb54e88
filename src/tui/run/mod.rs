//! The event loop: sleeps until something happens, takes all that has happened by then, draws
//! once.

mod configuration;
mod dress;
mod input;
mod memory;
mod perform;
mod start;

pub use start::Options;

use pizhu_terminal as terminal;
use pizhu_terminal::{Bell, Colors, Guard, Listener, Screen, TerminalError, Widths, profile};
use super::{
    command::keymap::Conflict,
    crash,
    desk::Desk,
    effect::{Effect, Event},
    state::{Library, Notice, Origin, Reader, Size, State, size::LEAST},
    theme::Theme,
    update::{origin, update},
    view::{self, Face},
    widget::Look,
    worker::{self, Deliver, Worker},
};
use pizhu_annotation::Event as WriterEvent;
use pizhu_library::reading_state::ReadingState;
use crate::settings;
use pizhu_library::source::SourceError;
use input::{key_of, mouse_of};
use memory::absolute;
use start::{Outfit, arguments};
use std::{
    fs::File,
    io,
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::{Duration, Instant},
};

/// What has come in is taken for this long at most before a frame is drawn.
const BATCH: Duration = Duration::from_millis(25);

/// Why the reader could not be started, or ended badly.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A speech cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// There is no terminal to use.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// The terminal is too small.
    #[error("the terminal is too small: {} columns and {} rows at least", LEAST.width, LEAST.height)]
    TooSmall,
    /// A folder holds no speeches.
    #[error("{}: no speeches in this folder", .0.display())]
    NoSpeeches(PathBuf),
    /// The keys conflict.
    #[error(transparent)]
    Keys(#[from] Conflict),
    /// Annotations could not be saved at the end.
    #[error("annotations not saved: {0}")]
    NotSaved(String),
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Everything that other threads can wake the loop with.
enum Wake {
    Signal(terminal::Event),
    Happened(Event),
    Store(WriterEvent),
}

/// Sends to the loop, and wakes it.
#[derive(Clone)]
struct Post {
    sender: Sender<Wake>,
    bell: Bell,
}

impl Post {
    /// Whether the loop still takes anything.
    fn send(&self, wake: Wake) -> bool {
        let sent = self.sender.send(wake).is_ok();
        self.bell.ring();
        sent
    }
}

/// Runs the reader until it is left.
///
/// # Errors
/// When it cannot be started, or something could not be saved at the end.
pub fn run(options: Options) -> Result<(), Error> {
    let (places, arguments, outfit) = thread::scope(|scope| {
        // Reading, which allocates little, is done beside what allocates much: a thread's heap
        // grows page by page.
        let reading = scope.spawn(|| {
            let places = start::places(&options);
            let arguments = arguments(&options, &places);
            (places, arguments)
        });
        let outfit = Outfit::of(&options);
        let (places, arguments) =
            reading.join().unwrap_or_else(|_| (ReadingState::default(), arguments(&options, &ReadingState::default())));
        (places, arguments, outfit)
    });
    let ((library, speech), outfit) = (arguments?, outfit?);
    let size = terminal::size().map_err(TerminalError::from)?;
    let size = Size { width: size.width, height: size.height };
    if !size.is_enough() {
        return Err(Error::TooSmall);
    }
    if let Some(folders) = &options.folders {
        crash::report_to(folders.state.clone(), outfit.locale);
    }
    let guard = Guard::enter()?;
    let (sender, receiver) = mpsc::channel();
    let (bell, ear) = terminal::bell()?;
    let post = Post { sender, bell };
    let mut program = Program::new(options, outfit, library, size, guard, &post)?;
    program.places = places;
    if let Some(first) = speech {
        program.show_first(first)?;
    } else {
        // What the list was like the last time is on the screen while it is read anew.
        if let Some(folders) = &program.options.folders {
            let manner = program.options.manner;
            program.state.library.take(worker::first_screen(&program.state.library.roots, &folders.cache, manner));
        }
        program.draw()?;
        let effect = program.state.library.rescan();
        program.perform(effect);
    }
    program.screen.probe()?;
    program.settle_in()?;
    let mut listener = Listener::new(ear).map_err(TerminalError::from)?;
    terminal::take_signals(move |event| post.send(Wake::Signal(event))).map_err(TerminalError::from)?;
    let ended = program.live(&mut listener, &receiver);
    program.leave()?;
    ended
}

/// The running program: the state, and everything that is not state.
struct Program {
    state: State,
    options: Options,
    theme: Theme,
    colors: Colors,
    /// Whether the terminal's ground is dark, where that is known.
    dark: Option<bool>,
    /// Whether the terminal was told to report the mouse.
    mouse: bool,
    /// When the settings were last changed from inside.
    changed: Option<Instant>,
    /// What was wrong with the settings and the theme.
    problems: Vec<Notice>,
    guard: Guard,
    screen: Screen<File>,
    /// What the last frame left to be used again.
    standing: view::Standing,
    worker: Worker,
    desk: Desk,
    places: ReadingState,
    running: bool,
    begun: Instant,
}

impl Program {
    fn new(options: Options, outfit: Outfit, library: Library, size: Size, guard: Guard, post: &Post) -> Result<Self, Error> {
        let Outfit { settings, problems, widths, colors, dark, theme, locale, keymap } = outfit;
        let mut screen = Screen::new(guard.output()?, ratatui::layout::Size::new(size.width, size.height), colors, widths);
        screen.set_erases_in_colour(std::env::var("TERM").is_ok_and(|term| terminal::color::erases_in_colour(&term)));
        let mut state = State::new(size, keymap, library, settings);
        state.setting.style.ambiguous = screen.ambiguous();
        state.notice = problems.first().cloned();
        state.locale = locale;
        let happened = post.clone();
        let deliver: Deliver = Arc::new(move |event| happened.send(Wake::Happened(event)));
        let stored = post.clone();
        let desk = Desk::new(
            options.store.clone(),
            options.author.clone(),
            // The loop may have ended: then nobody listens any more.
            Arc::new(move |event| {
                stored.send(Wake::Store(event));
            }),
        );
        Ok(Self {
            state,
            theme,
            colors,
            dark,
            mouse: false,
            changed: None,
            problems,
            guard,
            screen,
            standing: view::Standing::default(),
            worker: Worker::new(deliver),
            desk,
            places: ReadingState::default(),
            running: true,
            begun: Instant::now(),
            options,
        })
    }

    /// Shows the first block of a speech, and only then does everything else.
    fn show_first(&mut self, first: worker::First) -> Result<(), Error> {
        self.state.opened = 1;
        let setting = self.state.setting.clone();
        let origin: Origin = origin(&first.speech);
        let mut reader = Reader::new(1, origin, Arc::clone(&first.speech.document), setting.style, setting.spacing);
        if let Some(place) = self.resume(&first.speech.path, first.speech.document.source.len(), first.speech.document.is_final) {
            reader.wait_for(place);
        }
        self.state.show(reader);
        self.draw()?;
        self.attend(1, &first.speech.path, first.speech.document.source.len(), first.speech.document.is_final);
        let event = self.desk.open(1, &first.speech);
        if let Some(event) = event {
            self.happened(event);
        }
        if let Some(rest) = first.rest {
            self.worker.complete(1, rest);
        }
        Ok(())
    }

    fn live(&mut self, listener: &mut Listener, receiver: &Receiver<Wake>) -> Result<(), Error> {
        let mut may_wait = true;
        while self.running {
            let typed = listener.wait(may_wait);
            let begun = Instant::now();
            let mut changed = !typed.is_empty();
            for event in typed {
                if self.running {
                    self.terminal(event)?;
                }
            }
            may_wait = true;
            while self.running
                && let Ok(wake) = receiver.try_recv()
            {
                self.wake(wake)?;
                changed = true;
                if begun.elapsed() >= BATCH {
                    // What else was sent has rung already.
                    may_wait = false;
                    break;
                }
            }
            if self.running && changed {
                self.set_mouse()?;
                self.draw()?;
            }
        }
        Ok(())
    }

    fn draw(&mut self) -> Result<(), Error> {
        let look = Look { theme: &self.theme, ambiguous: self.screen.ambiguous() };
        let face = Face { look, locale: self.state.locale, frames: self.state.settings.frames };
        let (state, standing) = (&self.state, &mut self.standing);
        self.screen.redraw(|buffer, holds| {
            if !holds {
                *standing = view::Standing::default();
            }
            view::redraw(state, face, buffer, standing)
        })?;
        Ok(())
    }

    fn wake(&mut self, wake: Wake) -> Result<(), Error> {
        match wake {
            Wake::Happened(event) => self.happened(event),
            Wake::Store(event) => {
                for event in self.desk.handle(event) {
                    self.happened(event);
                }
            }
            Wake::Signal(event) => self.terminal(event)?,
        }
        Ok(())
    }

    fn terminal(&mut self, event: terminal::Event) -> Result<(), Error> {
        match event {
            terminal::Event::Key(key) => {
                if let Some(key) = key_of(key) {
                    self.happened(Event::Key(key));
                }
            }
            terminal::Event::Paste(text) => self.happened(Event::Paste(text)),
            terminal::Event::Mouse(mouse) => {
                if let Some(mouse) = mouse_of(mouse, self.begun.elapsed()) {
                    self.happened(Event::Mouse(mouse));
                }
            }
            terminal::Event::Resize(size) => {
                self.screen.resize(size);
                self.happened(Event::Resize(Size { width: size.width, height: size.height }));
            }
            terminal::Event::Ground { dark } => self.grounded(dark),
            terminal::Event::Measured(widths) => self.measured(widths),
            terminal::Event::Suspend => self.suspend()?,
            terminal::Event::Resumed => {
                self.guard.resume()?;
                self.screen.invalidate();
            }
            terminal::Event::Terminate(_) | terminal::Event::Closed => self.perform(Effect::Quit),
        }
        Ok(())
    }

    fn measured(&mut self, widths: Widths) {
        if self.options.ambiguous.is_some() || self.state.settings.ambiguous != settings::Ambiguous::Auto || widths == Widths::Unknown {
            return;
        }
        if widths != self.screen.widths() {
            self.screen.set_widths(widths);
            self.state.setting.style.ambiguous = self.screen.ambiguous();
            self.state.arrange();
        }
        if let Some(folders) = &self.options.folders {
            // Not remembering costs one more answer next time.
            let _ = profile::save(&folders.state, &profile::key(), |profile| profile.widths = widths);
        }
    }

    fn suspend(&mut self) -> Result<(), Error> {
        self.guard.suspend()?;
        self.screen.invalidate();
        let size = terminal::size()?;
        self.screen.resize(size);
        self.state.resize(Size { width: size.width, height: size.height });
        Ok(())
    }

    fn happened(&mut self, mut event: Event) {
        let mut completed = None;
        let mut attended = None;
        match &mut event {
            Event::Opened { number, speech, resume } if *number == self.state.opened => {
                self.load_places();
                *resume = self.resume(&speech.path, speech.document.source.len(), speech.document.is_final);
                completed = self.desk.open(*number, speech);
                attended = Some((*number, speech.path.clone(), speech.document.source.len(), speech.document.is_final));
            }
            Event::Completed { number, speech } | Event::Reloaded { number, speech } => self.desk.complete(*number, speech),
            Event::Configured => self.configured(),
            _ => {}
        }
        let mut effects = Vec::new();
        update(&mut self.state, event, &mut effects);
        if let Some(event) = completed {
            update(&mut self.state, event, &mut effects);
        }
        if let Some((number, path, length, whole)) = attended {
            self.attend(number, &path, length, whole);
        }
        for effect in effects {
            self.perform(effect);
        }
    }

    /// Saves everything, gives the terminal back.
    fn leave(mut self) -> Result<(), Error> {
        if !self.state.library.samples && !self.state.library.roots.is_empty() {
            self.load_places();
            self.places.set_library(absolute(&self.state.library.roots));
            // What the last library was is no reason to end with an error.
            let _ = self.places.save();
        }
        self.worker.finish();
        self.desk.leave().map_err(Error::NotSaved)
    }
}
