//! The running program, and the channel by which other threads reach its loop.

use super::{
    error::TuiError,
    start::{StartupConfig, TuiOptions},
};
use crate::tui::annotation_controller::AnnotationController;
use crate::tui::background_jobs::BackgroundJobs;
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::AppEvent;
use crate::tui::event_sink::EventSink;
use crate::tui::message::{Size, StatusMessage};
use crate::tui::state::{LibraryScreen, State};
use crate::tui::theme::Theme;
use crate::tui::view::{self, RenderContext};
use crate::tui::widget::StyleContext;
use pizhu_annotation::WriterEvent;
use pizhu_library::reading_state::ReadingState;
use pizhu_terminal as terminal;
use pizhu_terminal::{Colors, Guard, Screen, Waker};
use std::{
    fs::File,
    sync::{Arc, mpsc::Sender},
    time::Instant,
};

/// A message of another thread to the event loop.
pub(super) enum LoopMessage {
    Terminal(terminal::TermEvent),
    App(AppEvent),
    Writer(WriterEvent),
}

/// Sends to the loop and wakes it.
#[derive(Clone)]
pub(super) struct EventSender {
    pub(super) sender: Sender<LoopMessage>,
    pub(super) waker: Waker,
}

impl EventSender {
    /// Returns whether the loop is still receiving.
    pub(super) fn send(&self, message: LoopMessage) -> bool {
        let sent = self.sender.send(message).is_ok();
        self.waker.wake();
        sent
    }
}

/// The running program: the state, and everything that does input and output.
pub(super) struct Program {
    pub(super) state: State,
    /// The key bindings in force.
    pub(super) keymap: Keymap,
    pub(super) options: TuiOptions,
    pub(super) theme: Theme,
    pub(super) colors: Colors,
    /// Whether the terminal's background is dark; `None` if unknown.
    pub(super) dark_background: Option<bool>,
    /// Whether the terminal reports the mouse.
    pub(super) mouse_reported: bool,
    /// When the settings were last changed in the program.
    pub(super) settings_changed_at: Option<Instant>,
    /// Problems with the settings and the theme.
    pub(super) config_problems: Vec<StatusMessage>,
    pub(super) guard: Guard,
    pub(super) screen: Screen<File>,
    /// Parts of the last frame for reuse.
    pub(super) frame_cache: view::FrameCache,
    pub(super) jobs: BackgroundJobs,
    pub(super) annotation_controller: AnnotationController,
    pub(super) reading_state: ReadingState,
    pub(super) running: bool,
    pub(super) started_at: Instant,
}

impl Program {
    /// Prepares the program; nothing is drawn and no job started yet.
    pub(super) fn new(
        options: TuiOptions,
        config: StartupConfig,
        library: LibraryScreen,
        size: Size,
        guard: Guard,
        events: &EventSender,
    ) -> Result<Self, TuiError> {
        let StartupConfig { settings, problems, widths, colors, dark_background, theme, locale, keymap } = config;
        let mut screen = Screen::new(guard.output()?, ratatui::layout::Size::new(size.width, size.height), colors, widths);
        screen.set_bce(std::env::var("TERM").is_ok_and(|term| terminal::color::supports_bce(&term)));
        let mut state = State::new(size, library, settings);
        state.display_options.style.ambiguous = screen.ambiguous();
        state.status = problems.first().cloned();
        state.locale = locale;
        let app_sender = events.clone();
        let event_sink: EventSink = Arc::new(move |event| app_sender.send(LoopMessage::App(event)));
        let writer_sender = events.clone();
        let annotation_controller = AnnotationController::new(
            options.store.clone(),
            options.author.clone(),
            // If the loop has ended, nobody receives.
            Arc::new(move |event| {
                writer_sender.send(LoopMessage::Writer(event));
            }),
        );
        Ok(Self {
            state,
            keymap,
            theme,
            colors,
            dark_background,
            mouse_reported: false,
            settings_changed_at: None,
            config_problems: problems,
            guard,
            screen,
            frame_cache: view::FrameCache::default(),
            jobs: BackgroundJobs::new(event_sink),
            annotation_controller,
            reading_state: ReadingState::default(),
            running: true,
            started_at: Instant::now(),
            options,
        })
    }

    /// Draws what has changed since the last frame.
    pub(super) fn draw(&mut self) -> Result<(), TuiError> {
        let styles = StyleContext { theme: &self.theme, ambiguous: self.screen.ambiguous() };
        let context = RenderContext { styles, locale: self.state.locale, frames: self.state.settings.frames, keymap: &self.keymap };
        let (state, frame_cache) = (&self.state, &mut self.frame_cache);
        self.screen.draw_incremental(|buffer, holds| {
            if !holds {
                *frame_cache = view::FrameCache::default();
            }
            view::draw_incremental(state, context, buffer, frame_cache)
        })?;
        Ok(())
    }
}
