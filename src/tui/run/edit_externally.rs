//! Lends the terminal to the user's editor, and takes back the note however the editor ends.

use super::program::{LoopMessage, Program};
use crate::locale::notice;
use crate::tui::effect::AppEvent;
use crate::tui::external::{self, NoteFile};
use crate::tui::message::{Size, StatusMessage};
use pizhu_terminal as terminal;
use pizhu_terminal::TermEvent;
use std::{
    io,
    process::{Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

/// An editor that ends sooner, with nothing written, has gone on in a window of its own.
const FORK_TIME: Duration = Duration::from_secs(1);
/// How long an editor may take to end when this program is to end.
const EDITOR_GRACE: Duration = Duration::from_secs(3);

impl Program {
    /// Edits a note in the external editor.
    pub(super) fn edit_externally(&mut self, text: &str) -> Vec<AppEvent> {
        let Some(editor) = external::editor_command(|name| std::env::var(name).ok()) else {
            return vec![AppEvent::Status(StatusMessage::hint(notice::NO_EDITOR))];
        };
        let failed = |reason: String| AppEvent::Status(StatusMessage::error(notice::EDITOR_FAILED).with("reason", reason));
        self.close_note_file();
        let state = self.options.folders.as_ref().map(|folders| folders.state.as_path());
        let mut file = match NoteFile::create(state, text) {
            Ok(file) => file,
            Err(error) => return vec![failed(error.to_string())],
        };
        self.set_edited_file(Some(file.path()));
        let started = Instant::now();
        let ended = self.lend_terminal(file.command(&editor));
        let problem = match &ended {
            Ok(Some(status)) if status.success() => None,
            Ok(Some(status)) => Some(format!("{editor}: {status}")),
            Ok(None) => Some(editor),
            Err(error) => Some(format!("{editor}: {error}")),
        };
        let is_running = matches!(ended, Ok(None));
        match (file.take_change(), problem) {
            // An editor that was killed while it wrote leaves an empty file.
            (Ok(Some(note)), Some(problem)) if note.text.trim().is_empty() => {
                self.end_note_file(file, is_running);
                vec![failed(problem)]
            }
            (Ok(Some(note)), problem) => {
                let message = if note.replaced > 0 {
                    Some(StatusMessage::error(notice::EDITOR_UNDECODABLE).with("path", file.path().display()))
                } else {
                    problem.map(|problem| StatusMessage::error(notice::EDITOR_TAKEN).with("reason", problem))
                };
                // What could not be decoded stays in the file.
                self.end_note_file(file, is_running || note.replaced > 0);
                std::iter::once(AppEvent::EditedExternally(note.text)).chain(message.map(AppEvent::Status)).collect()
            }
            (Ok(None), None) if started.elapsed() < FORK_TIME => {
                let path = file.path().display().to_string();
                self.watch_note_file(file);
                vec![AppEvent::Status(StatusMessage::hint(notice::EDITOR_FORKED).with("path", path))]
            }
            (Ok(None), problem) => {
                self.end_note_file(file, is_running);
                problem.map(failed).into_iter().collect()
            }
            (Err(error), _) => {
                let reason = format!("{}: {error}", file.path().display());
                self.end_note_file(file, true);
                vec![failed(reason)]
            }
        }
    }

    /// Removes the file, unless something in it may be needed.
    fn end_note_file(&mut self, file: NoteFile, keep: bool) {
        if !keep {
            file.remove();
            self.set_edited_file(None);
        }
    }

    fn watch_note_file(&mut self, mut file: NoteFile) {
        let events = self.event_sink.clone();
        file.watch(move || events(AppEvent::NoteFileChanged));
        self.note_file = Some(file);
    }

    /// Takes what an editor in a window of its own has written.
    pub(super) fn take_note_file(&mut self) -> Vec<AppEvent> {
        let Some(file) = &mut self.note_file else { return Vec::new() };
        match file.take_change() {
            Ok(Some(note)) if !note.text.trim().is_empty() => {
                vec![AppEvent::EditedExternally(note.text), AppEvent::Status(StatusMessage::done(notice::EDITOR_READ))]
            }
            // Written in several steps: it changes again.
            _ => Vec::new(),
        }
    }

    /// Ends the watch when the note is closed. What came too late stays in the file.
    pub(super) fn close_note_file(&mut self) {
        let Some(mut file) = self.note_file.take() else { return };
        match file.take_change() {
            Ok(Some(_)) => {
                self.dispatch(AppEvent::Status(StatusMessage::error(notice::EDITOR_LATE).with("path", file.path().display())));
            }
            _ => file.remove(),
        }
    }

    /// Runs a program with the terminal in its original state, in this process's group: what the
    /// terminal sends to the foreground (Ctrl-C, Ctrl-Z) reaches it, and the shell sees both stop.
    /// Only this thread reads terminal input, so the reader need not be paused. `None` if this program
    /// is to end and the other one does not.
    fn lend_terminal(&mut self, mut command: Command) -> io::Result<Option<ExitStatus>> {
        self.guard.release();
        let ended = self.run_in_foreground(&mut command);
        let taken_back = self.guard.reclaim();
        if self.ended_by.is_some() {
            // The terminal may be gone.
            return ended;
        }
        taken_back?;
        self.screen.invalidate();
        let size = terminal::size()?;
        self.screen.resize(size);
        self.dispatch(AppEvent::Resize(Size { width: size.width, height: size.height }));
        ended
    }

    fn run_in_foreground(&mut self, command: &mut Command) -> io::Result<Option<ExitStatus>> {
        let mut child = command.spawn()?;
        let id = child.id();
        let sender = self.loop_sender.clone();
        thread::Builder::new().name("waiting".into()).spawn(move || sender.send(LoopMessage::ProgramEnded(child.wait())))?;
        let mut deadline: Option<Instant> = None;
        loop {
            let message = match deadline {
                Some(deadline) => self.messages.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok(),
                None => self.messages.recv().ok(),
            };
            match message {
                None => return Ok(None),
                Some(LoopMessage::ProgramEnded(status)) => return status.map(Some),
                // The other program has stopped the group, as Ctrl-Z does.
                Some(LoopMessage::Terminal(TermEvent::Suspend)) => terminal::stop_process(),
                Some(LoopMessage::Terminal(TermEvent::Resumed | TermEvent::Resize(_))) => {}
                Some(LoopMessage::Terminal(TermEvent::Terminate(signal))) => {
                    self.ended_by.get_or_insert(signal);
                    terminal::hang_up(id);
                    deadline = Some(Instant::now() + EDITOR_GRACE);
                }
                Some(message) => self.deferred.push_back(message),
            }
        }
    }
}
