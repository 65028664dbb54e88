//! The event loop: sleeps until something happens, takes all that has happened by then, draws
//! once.

use super::{
    command::{
        key::{Key, KeyCode},
        keymap::{Conflict, Keymap},
    },
    desk::Desk,
    effect::{Effect, Event, Mouse, MouseKind, ReadingPlace},
    outside,
    state::{Library, Notice, Origin, Reader, Setting, Size, State, size::LEAST},
    terminal::{self, Colors, Guard, Pause, Screen, TerminalError, Widths, profile},
    theme::Theme,
    update::{origin, update},
    view::{self, Face},
    widget::Look,
    worker::{self, Deliver, Tagging, Worker},
};
use crate::{
    annotation::{Event as WriterEvent, model::now},
    layout::{self, Style},
    library::{
        reading_state::{Place, ReadingState},
        samples,
    },
    locale::{Language, Locale},
    settings::{self, Folders, Settings},
    source::{Manner, STDIN, SourceError},
    text::width::Ambiguous,
};
use crossterm::{clipboard::CopyToClipboard, event as raw, execute};
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::{Duration, Instant},
};

/// What has come in is taken for this long at most before a frame is drawn.
const BATCH: Duration = Duration::from_millis(25);

/// What the reader is started with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Files and folders; none for the last library, else the samples.
    pub paths: Vec<PathBuf>,
    /// How files are read.
    pub manner: Manner,
    /// The store that was named.
    pub store: Option<PathBuf>,
    /// Whose annotations are made.
    pub author: String,
    /// The width of ambiguous characters that was named.
    pub ambiguous: Option<Ambiguous>,
    /// No colours.
    pub colorless: bool,
    /// The user's folders; without them nothing is remembered.
    pub folders: Option<Folders>,
}

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

/// Everything that can wake the loop.
enum Wake {
    Terminal(terminal::Event),
    Happened(Event),
    Store(WriterEvent),
}

/// Runs the reader until it is left.
///
/// # Errors
/// When it cannot be started, or something could not be saved at the end.
pub fn run(options: Options) -> Result<(), Error> {
    let ((library, speech), outfit) = thread::scope(|scope| {
        // Beside the reading of the first block.
        let outfit = scope.spawn(|| Outfit::of(&options));
        let arguments = arguments(&options)?;
        Ok::<_, Error>((arguments, outfit.join().unwrap_or_else(|_| Outfit::of(&options))?))
    })?;
    let size = terminal::size().map_err(TerminalError::from)?;
    let size = Size { width: size.width, height: size.height };
    if !size.is_enough() {
        return Err(Error::TooSmall);
    }
    let guard = Guard::enter()?;
    let (sender, receiver) = mpsc::channel();
    let mut program = Program::new(options, outfit, library, size, guard, &sender)?;
    program.state.locale = program.locale;
    if let Some(first) = speech {
        program.show_first(first)?;
    } else {
        let effect = program.state.library.rescan();
        program.perform(effect);
        program.draw()?;
    }
    program.screen.probe()?;
    program.guard.set_mouse(program.state.pointer.on)?;
    let pause = terminal::listen(move |event| sender.send(Wake::Terminal(event)).is_ok()).map_err(TerminalError::from)?;
    program.pause = Some(pause);
    let ended = program.live(&receiver);
    program.leave()?;
    ended
}

/// What the paths mean: a library, or one speech.
fn arguments(options: &Options) -> Result<(Library, Option<worker::First>), Error> {
    let folder = |path: &Path| path.is_dir();
    match options.paths.as_slice() {
        [] => {
            let last = last_library(options);
            if let Some(roots) = last {
                return Ok((Library::of(roots), None));
            }
            let folder = match &options.folders {
                Some(folders) => folders.data.join("samples"),
                None => std::env::temp_dir().join("pizhu-samples"),
            };
            samples::write_to(&folder)?;
            Ok((Library::samples(folder), None))
        }
        [one] if !folder(one) => Ok((Library::default(), Some(worker::first(one, options.manner)?))),
        several => {
            for path in several {
                if path == Path::new(STDIN) {
                    continue;
                }
                if !path.exists() {
                    return Err(SourceError::Missing(path.clone()).into());
                }
            }
            if let [one] = several
                && crate::source::speeches_under(one).is_ok_and(|found| found.is_empty())
            {
                return Err(Error::NoSpeeches(one.clone()));
            }
            Ok((Library::of(several.to_vec()), None))
        }
    }
}

fn last_library(options: &Options) -> Option<Vec<PathBuf>> {
    let folders = options.folders.as_ref()?;
    let (places, _) = ReadingState::load(Some(&folders.state)).ok()?;
    let roots: Vec<PathBuf> = places.library().iter().filter(|path| path.exists()).cloned().collect();
    (!roots.is_empty()).then_some(roots)
}

/// What the reader looks and acts like here, from the settings and the environment.
struct Outfit {
    settings: Settings,
    /// What is wrong with the settings.
    problem: Option<Notice>,
    widths: Widths,
    colors: Colors,
    theme: Theme,
    locale: Locale,
    keymap: Keymap,
}

impl Outfit {
    fn of(options: &Options) -> Result<Self, Conflict> {
        let (settings, problem) = load_settings(options);
        let language =
            Language::from_tag(&settings.language).unwrap_or_else(|| Language::from_environment(|name| std::env::var(name).ok()));
        let locale = Locale::new(language);
        locale.prepare();
        let widths = match (options.ambiguous, settings.ambiguous) {
            (Some(named), _) => named.into(),
            (None, settings::Ambiguous::Narrow) => Widths::Narrow,
            (None, settings::Ambiguous::Wide) => Widths::Wide,
            (None, settings::Ambiguous::Auto) => {
                options.folders.as_ref().map_or(Widths::Unknown, |folders| profile::load(&folders.state, &profile::key()))
            }
        };
        let colors = if options.colorless { Colors::None } else { Colors::detect() };
        let theme = match (colors, settings.theme.as_str()) {
            (Colors::None, _) => Theme::plain(),
            (_, "auto") => Theme::built_in("dark").unwrap_or_else(|_| Theme::plain()),
            (_, name) => Theme::built_in(name).unwrap_or_else(|_| Theme::plain()),
        }
        .with_colors(|color| colors.degrade(color));
        Ok(Self { settings, problem, widths, colors, theme, locale, keymap: Keymap::from_table()? })
    }
}

/// The running program: the state, and everything that is not state.
struct Program {
    state: State,
    options: Options,
    theme: Theme,
    colors: Colors,
    locale: Locale,
    frames: bool,
    guard: Guard,
    screen: Screen<File>,
    pause: Option<Pause>,
    worker: Worker,
    desk: Desk,
    places: ReadingState,
    running: bool,
    begun: Instant,
}

impl Program {
    fn new(options: Options, outfit: Outfit, library: Library, size: Size, guard: Guard, sender: &Sender<Wake>) -> Result<Self, Error> {
        let Outfit { settings, problem, widths, colors, theme, locale, keymap } = outfit;
        let screen = Screen::new(guard.output()?, ratatui::layout::Size::new(size.width, size.height), colors, widths);
        let setting = setting(&settings, screen.ambiguous());
        let mut state = State::new(size, keymap, library, setting);
        state.notice = problem;
        state.pointer.on = settings.mouse;
        let happened = sender.clone();
        let deliver: Deliver = Arc::new(move |event| happened.send(Wake::Happened(event)).is_ok());
        let stored = sender.clone();
        let desk = Desk::new(
            options.store.clone(),
            options.author.clone(),
            // The loop may have ended: then nobody listens any more.
            Arc::new(move |event| drop(stored.send(Wake::Store(event)))),
        );
        Ok(Self {
            state,
            theme,
            colors,
            locale,
            frames: settings.frames,
            guard,
            screen,
            pause: None,
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
        self.load_places();
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

    fn live(&mut self, receiver: &Receiver<Wake>) -> Result<(), Error> {
        while self.running {
            // The senders live as long as the threads that listen to the terminal.
            let Ok(first) = receiver.recv() else { return Ok(()) };
            let begun = Instant::now();
            let mut next = Some(first);
            while let Some(wake) = next.take() {
                self.wake(wake)?;
                if self.running && begun.elapsed() < BATCH {
                    next = receiver.try_recv().ok();
                }
            }
            if self.running {
                self.draw()?;
            }
        }
        Ok(())
    }

    fn draw(&mut self) -> Result<(), Error> {
        let look = Look { theme: &self.theme, ambiguous: self.screen.ambiguous() };
        let face = Face { look, locale: self.locale, frames: self.frames };
        let state = &self.state;
        self.screen.draw(|buffer| view::draw(state, face, buffer))?;
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
            Wake::Terminal(event) => self.terminal(event)?,
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
            terminal::Event::Ground { .. } => {}
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
        if self.options.ambiguous.is_some() || widths == Widths::Unknown {
            return;
        }
        if widths != self.screen.widths() {
            self.screen.set_widths(widths);
            self.state.setting.style.ambiguous = self.screen.ambiguous();
            self.state.arrange();
        }
        if let Some(folders) = &self.options.folders {
            // Not remembering costs one more answer next time.
            let _ = profile::save(&folders.state, &profile::key(), widths);
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

    /// Does what belongs to a speech just opened: its marks, and the watch over its file.
    fn attend(&mut self, number: u64, path: &Path, length: usize, whole: bool) {
        if let (Some(place), Some(reader)) = (self.places.place(path, None), &mut self.state.reader) {
            // What is not read yet is as long as it was.
            reader.marks = if whole { place.marks(length) } else { place.marks.clone() };
        }
        if path != Path::new(STDIN) {
            self.worker.watch(number, path, self.options.manner);
        }
    }

    fn perform(&mut self, effect: Effect) {
        let events = match effect {
            Effect::Open { number, path } => {
                self.worker.open(number, path, self.options.manner);
                Vec::new()
            }
            Effect::Close => {
                self.worker.unwatch();
                self.desk.close();
                Vec::new()
            }
            Effect::KeepPlace(place) => self.keep(&place),
            Effect::Scan { roots } => {
                self.load_places();
                let cache = self.options.folders.as_ref().map(|folders| folders.cache.clone());
                let tagging = Tagging { store: self.options.store.clone(), writer: self.desk.writer() };
                self.worker.scan(roots, cache, self.places.clone(), tagging);
                Vec::new()
            }
            Effect::Find { query, generation, document } => {
                self.worker.find(query, generation, document);
                Vec::new()
            }
            Effect::Annotate(edits) => self.desk.annotate(edits),
            Effect::Export(export) => {
                let store = self.options.store.clone();
                self.worker.export(*export, store);
                Vec::new()
            }
            Effect::Undo => self.desk.undo(false),
            Effect::Redo => self.desk.undo(true),
            Effect::AskHistory => self.desk.history().into_iter().collect(),
            Effect::Restore(action) => self.desk.restore(action),
            Effect::Copy(text) => self.copy(&text),
            Effect::EditOutside(text) => vec![self.edit_outside(&text)],
            Effect::Suspend => match self.suspend() {
                Ok(()) => Vec::new(),
                Err(error) => vec![Event::Said(Notice::error("cannot-save").with("reason", error))],
            },
            Effect::Mouse(on) => match self.guard.set_mouse(on) {
                Ok(()) => Vec::new(),
                Err(error) => vec![Event::Said(Notice::error("cannot-save").with("reason", error))],
            },
            Effect::Redraw => {
                self.screen.invalidate();
                Vec::new()
            }
            Effect::NextTheme => vec![self.next_theme()],
            Effect::NextLanguage => {
                let language = self.locale.language().next();
                self.locale = Locale::new(language);
                self.state.locale = self.locale;
                let name = self.locale.text(&format!("language-{}", language.tag())).into_owned();
                vec![Event::Said(Notice::done("language").with("name", name))]
            }
            Effect::Quit => {
                self.running = false;
                let mut effects = Vec::new();
                self.state.keep_place(&mut effects);
                for effect in effects {
                    self.perform(effect);
                }
                Vec::new()
            }
        };
        for event in events {
            self.happened(event);
        }
    }

    fn next_theme(&mut self) -> Event {
        let themes = super::theme::BUILT_IN;
        let at = themes.iter().position(|(name, _)| *name == self.theme.name()).map_or(0, |at| (at + 1) % themes.len());
        if let Ok(theme) = Theme::built_in(themes[at].0) {
            let colors = self.colors;
            self.theme = theme.with_colors(|color| colors.degrade(color));
        }
        Event::Said(Notice::done("theme").with("name", self.theme.name()))
    }

    fn copy(&mut self, text: &str) -> Vec<Event> {
        Worker::copy(text.to_owned());
        let done = self.guard.output().and_then(|mut output| execute!(output, CopyToClipboard::to_clipboard_from(text)));
        match done {
            Ok(()) => Vec::new(),
            Err(error) => vec![Event::Said(Notice::error("cannot-copy").with("reason", error))],
        }
    }

    /// Gives the terminal to the user's editor and takes it again.
    fn edit_outside(&mut self, text: &str) -> Event {
        let Some(editor) = outside::editor(|name| std::env::var(name).ok()) else {
            return Event::Said(Notice::hint("no-editor"));
        };
        let edited = self.lend(|| outside::edit(&editor, text));
        match edited {
            Ok(text) => Event::EditedOutside(text),
            Err(error) => Event::Said(Notice::error("editor-failed").with("reason", error)),
        }
    }

    /// Does something with the terminal as it was found, its input left alone.
    fn lend<T>(&mut self, use_it: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        if let Some(pause) = &mut self.pause {
            pause.stop()?;
        }
        self.guard.give_back();
        let done = use_it();
        self.guard.resume()?;
        if let Some(pause) = &mut self.pause {
            pause.go_on();
        }
        self.screen.invalidate();
        let size = terminal::size()?;
        self.screen.resize(size);
        self.state.resize(Size { width: size.width, height: size.height });
        done
    }

    fn load_places(&mut self) {
        if let Some(folders) = &self.options.folders
            && let Ok((places, _)) = ReadingState::load(Some(&folders.state))
        {
            self.places = places;
        }
    }

    /// Where a speech was left.
    fn resume(&self, path: &Path, length: usize, whole: bool) -> Option<usize> {
        let place = self.places.place(path, None)?;
        let at = if whole { place.resume(length) } else { place.offset };
        (at > 0).then_some(at)
    }

    fn keep(&mut self, place: &ReadingPlace) -> Vec<Event> {
        if place.path == Path::new(STDIN) {
            return Vec::new();
        }
        self.load_places();
        let hash = self.desk.hash();
        self.places.record(
            &place.path,
            Place { offset: place.offset, furthest: place.seen, length: place.length, opened: now(), hash, marks: place.marks.clone() },
        );
        if !self.state.library.samples && !self.state.library.roots.is_empty() {
            self.places.set_library(absolute(&self.state.library.roots));
        }
        match self.places.save() {
            Ok(()) => Vec::new(),
            Err(error) => vec![Event::Said(Notice::error("cannot-save").with("reason", error))],
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
        self.desk.leave().map_err(Error::NotSaved)
    }
}

fn absolute(roots: &[PathBuf]) -> Vec<PathBuf> {
    roots.iter().map(|root| std::path::absolute(root).unwrap_or_else(|_| root.clone())).collect()
}

fn load_settings(options: &Options) -> (Settings, Option<Notice>) {
    let Some(folders) = &options.folders else { return (Settings::default(), None) };
    let path = folders.settings();
    match settings::load(&path) {
        Ok((settings, problems)) => {
            let notice = problems.first().map(|problem| {
                Notice::error("bad-settings").with("path", path.display()).with("line", problem.line).with("reason", &problem.kind)
            });
            (settings, notice)
        }
        Err(error) => {
            (Settings::default(), Some(Notice::error("bad-settings").with("path", path.display()).with("line", 1).with("reason", error)))
        }
    }
}

fn setting(settings: &Settings, ambiguous: Ambiguous) -> Setting {
    Setting {
        style: Style {
            width: settings.column_width.saturating_mul(2),
            ambiguous,
            first_indent: settings.first_indent.saturating_mul(2),
            kinsoku: match settings.kinsoku {
                settings::Kinsoku::Strict => layout::Kinsoku::Strict,
                settings::Kinsoku::Loose => layout::Kinsoku::Loose,
            },
            hanging: settings.hanging,
            justify: settings.justify,
        },
        spacing: settings.paragraph_spacing,
    }
}

/// A mouse report as the state knows it; other buttons and plain movement are none.
fn mouse_of(mouse: raw::MouseEvent, at: Duration) -> Option<Mouse> {
    let kind = match mouse.kind {
        raw::MouseEventKind::Down(raw::MouseButton::Left) => MouseKind::Press,
        raw::MouseEventKind::Drag(raw::MouseButton::Left) => MouseKind::Drag,
        raw::MouseEventKind::Up(_) => MouseKind::Release,
        raw::MouseEventKind::ScrollUp => MouseKind::WheelUp,
        raw::MouseEventKind::ScrollDown => MouseKind::WheelDown,
        _ => return None,
    };
    Some(Mouse { kind, column: mouse.column, row: mouse.row, at })
}

/// A key as the keymap knows it; releases and lone modifiers are none.
fn key_of(key: raw::KeyEvent) -> Option<Key> {
    if key.kind == raw::KeyEventKind::Release {
        return None;
    }
    let code = match key.code {
        raw::KeyCode::Char(c) => KeyCode::Char(c),
        raw::KeyCode::Enter => KeyCode::Enter,
        raw::KeyCode::Esc => KeyCode::Esc,
        raw::KeyCode::Tab if key.modifiers.contains(raw::KeyModifiers::SHIFT) => KeyCode::BackTab,
        raw::KeyCode::Tab => KeyCode::Tab,
        raw::KeyCode::BackTab => KeyCode::BackTab,
        raw::KeyCode::Backspace => KeyCode::Backspace,
        raw::KeyCode::Delete => KeyCode::Delete,
        raw::KeyCode::Insert => KeyCode::Insert,
        raw::KeyCode::Up => KeyCode::Up,
        raw::KeyCode::Down => KeyCode::Down,
        raw::KeyCode::Left => KeyCode::Left,
        raw::KeyCode::Right => KeyCode::Right,
        raw::KeyCode::Home => KeyCode::Home,
        raw::KeyCode::End => KeyCode::End,
        raw::KeyCode::PageUp => KeyCode::PageUp,
        raw::KeyCode::PageDown => KeyCode::PageDown,
        raw::KeyCode::F(n) => KeyCode::F(n),
        _ => return None,
    };
    let typed = matches!(code, KeyCode::Char(_) | KeyCode::BackTab);
    Some(Key {
        code,
        ctrl: key.modifiers.contains(raw::KeyModifiers::CONTROL),
        alt: key.modifiers.contains(raw::KeyModifiers::ALT),
        shift: !typed && key.modifiers.contains(raw::KeyModifiers::SHIFT),
    })
}
