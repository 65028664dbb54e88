//! The running program, and the channel by which other threads reach its loop.

use super::{
    error::TuiError,
    start::{StartupConfig, TuiOptions},
    unsaved::AutoSave,
};
use crate::app::job::{JobOrder, JobRunner};
use crate::tui::annotation_controller::AnnotationController;
use crate::tui::background_jobs::BackgroundJobs;
use crate::tui::command::keymap::Keymap;
use crate::tui::effect::AppEvent;
use crate::tui::event_sink::EventSink;
use crate::tui::external::NoteFile;
use crate::tui::message::{Size, StatusMessage};
use crate::tui::preview::jobs::PreviewJobs;
use crate::tui::screens::basket::jobs::{BasketJobs, BasketOptions};
use crate::tui::state::{LibraryScreen, State};
use crate::tui::theme::Theme;
use crate::tui::view::{self, RenderContext};
use crate::tui::widget::StyleContext;
use pizhu_annotation::WriterEvent;
use pizhu_library::reading_state::ReadingState;
use pizhu_terminal as terminal;
use pizhu_terminal::{Colors, Guard, Screen, Waker};
use std::{
    collections::VecDeque,
    fs::File,
    io,
    process::ExitStatus,
    sync::{
        Arc,
        mpsc::{Receiver, Sender},
    },
    time::Instant,
};

/// A message of another thread to the event loop.
pub(super) enum LoopMessage {
    Terminal(terminal::TermEvent),
    App(AppEvent),
    Writer(WriterEvent),
    /// The program that the terminal was lent to has ended.
    ProgramEnded(io::Result<ExitStatus>),
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
    pub(super) codebook_jobs: JobRunner,
    pub(super) memo_jobs: JobRunner,
    pub(super) basket_jobs: BasketJobs,
    pub(super) preview_jobs: PreviewJobs,
    pub(super) reading_state: ReadingState,
    pub(super) running: bool,
    /// The signal that the program is to end by; the end of the terminal counts as SIGHUP.
    pub(super) ended_by: Option<i32>,
    /// Whether the user quits although edits are not saved.
    pub(super) leave_unsaved: bool,
    pub(super) messages: Receiver<LoopMessage>,
    pub(super) loop_sender: EventSender,
    /// Messages that arrived while the terminal was lent to another program.
    pub(super) deferred: VecDeque<LoopMessage>,
    pub(super) autosave: AutoSave,
    pub(super) event_sink: EventSink,
    /// The file that an editor in a window of its own has of the note.
    pub(super) note_file: Option<NoteFile>,
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
        (events, messages): (&EventSender, Receiver<LoopMessage>),
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
        let mut annotation_controller = AnnotationController::new(
            options.store.clone(),
            options.author.clone(),
            state.settings.snapshots,
            Arc::clone(&event_sink),
            // If the loop has ended, nobody receives.
            Arc::new(move |event| {
                writer_sender.send(LoopMessage::Writer(event));
            }),
        );
        let basket_options = BasketOptions {
            store: options.store.clone(),
            author: options.author.clone(),
            read_options: options.read_options,
            snapshots: state.settings.snapshots,
        };
        state.settings.blind |= options.blind;
        annotation_controller.set_blind(state.settings.blind);
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
            jobs: BackgroundJobs::new(Arc::clone(&event_sink)),
            annotation_controller,
            codebook_jobs: JobRunner::new("codebook", JobOrder::InOrder),
            memo_jobs: JobRunner::new("memos", JobOrder::InOrder),
            preview_jobs: PreviewJobs::new(options.store.clone(), options.author.clone(), options.read_options, Arc::clone(&event_sink)),
            basket_jobs: BasketJobs::new(basket_options, Arc::clone(&event_sink)),
            reading_state: ReadingState::default(),
            running: true,
            ended_by: None,
            leave_unsaved: false,
            messages,
            loop_sender: events.clone(),
            deferred: VecDeque::new(),
            autosave: AutoSave::new(Arc::clone(&event_sink)),
            event_sink,
            note_file: None,
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
