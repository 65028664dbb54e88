//! External programs: the user's editor and clipboard tools.

use super::{file_watcher::FileWatcher, message::StatusMessage};
use crate::locale::notice;
use pizhu_files::private_file;
use pizhu_text::text::{Encoding, decode};
use std::{
    env,
    ffi::OsStr,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The user's editor as a shell command line, from `$VISUAL` or `$EDITOR`; `None` if neither is set.
#[must_use]
pub(super) fn editor_command(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    ["VISUAL", "EDITOR"].into_iter().filter_map(variable).find(|line| !line.trim().is_empty())
}

/// A note as an external editor left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EditedNote {
    /// The text, without line breaks at its end.
    pub text: String,
    /// Number of undecodable sequences, each replaced by U+FFFD.
    pub replaced: usize,
}

/// Reads a note in whatever encoding an editor wrote it.
///
/// # Errors
/// If the file cannot be read.
pub(super) fn read_note(path: &Path) -> io::Result<EditedNote> {
    let bytes = fs::read(path)?;
    let mut decoded = decode(&bytes, None);
    // A note is too short for statistics; where it was not written in UTF-8 or UTF-16, it was most
    // likely in the encoding of Chinese systems.
    if ![Encoding::UTF8, Encoding::UTF16LE, Encoding::UTF16BE, Encoding::BIG5].contains(&decoded.encoding) {
        let chinese = decode(&bytes, Some(Encoding::GB18030));
        if chinese.replaced <= decoded.replaced {
            decoded = chinese;
        }
    }
    let text = decoded.source.slice(decoded.source.span()).trim_end_matches('\n').to_owned();
    Ok(EditedNote { text, replaced: decoded.replaced })
}

/// A note in a file of its own, for the external editor.
pub(super) struct NoteFile {
    folder: PathBuf,
    path: PathBuf,
    /// The text known last: as given, then as read.
    known: String,
    /// Tells of changes by an editor in a window of its own.
    watcher: Option<FileWatcher>,
}

impl NoteFile {
    /// Writes `text` to a new file that only this user can read: in the state folder, where it survives
    /// a power cut, else in the system's temporary folder.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn create(state: Option<&Path>, text: &str) -> io::Result<Self> {
        let parent = state.map_or_else(env::temp_dir, |state| state.join("drafts"));
        if state.is_some() {
            private_file::create_folder(&parent)?;
        }
        // A short name: the path is told in the status line.
        let folder = parent.join(format!("e-{:08x}", uuid::Uuid::now_v7().as_u128() as u32));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        let path = folder.join("note.md");
        private_file::write(&path, text.as_bytes())?;
        Ok(Self { folder, path, known: text.trim_end_matches('\n').to_owned(), watcher: None })
    }

    /// The file.
    #[must_use]
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Calls `changed` after each change of the file, until the value is dropped. If the system cannot
    /// watch it, nothing is called.
    pub(super) fn watch(&mut self, changed: impl Fn() -> bool + Send + 'static) {
        self.watcher = FileWatcher::watch_folder(&self.folder, changed).ok();
    }

    /// The command that edits the file.
    #[must_use]
    pub(super) fn command(&self, editor: &str) -> Command {
        // Through the shell: `$EDITOR` may contain arguments and quotes. A plain command replaces the
        // shell, so that signals reach the editor.
        let is_plain = editor.chars().all(|c| c.is_alphanumeric() || " -_./=+,:@%'\"\\~".contains(c));
        let exec = if is_plain { "exec " } else { "" };
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{exec}{editor} \"$@\""), "pizhu"]).arg(&self.path);
        command
    }

    /// Reads the file; `None` if its text is the one known last.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(super) fn take_change(&mut self) -> io::Result<Option<EditedNote>> {
        let note = read_note(&self.path)?;
        if note.text == self.known {
            return Ok(None);
        }
        self.known.clone_from(&note.text);
        Ok(Some(note))
    }

    /// Removes the file and its folder.
    pub(super) fn remove(mut self) {
        self.watcher = None;
        // If this fails, a private folder remains.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Removes the file of a draft that an external editor had, and its folder.
pub(super) fn remove_note(path: &Path) {
    if let Some(folder) = path.parent().filter(|folder| folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("e-"))) {
        let _ = fs::remove_dir_all(folder);
    }
}

/// Maximum length of a text in Base64 that terminals take (OSC 52); xterm and others cut or drop a longer
/// one.
const MAX_OSC52_LENGTH: usize = 74_000;

/// Clipboard programs that read standard input: the environment variable they need (empty for
/// none), the program and its arguments.
const CLIPBOARDS: [(&str, &str, &[&str]); 4] = [
    ("WAYLAND_DISPLAY", "wl-copy", &[]),
    ("DISPLAY", "xclip", &["-selection", "clipboard"]),
    ("DISPLAY", "xsel", &["--input", "--clipboard"]),
    ("", "pbcopy", &[]),
];

/// Copies `text` with the first clipboard program available; `false` if none took it. May block,
/// so not for the drawing thread.
pub(super) fn copy_to_clipboard(text: &str, variable: impl Fn(&str) -> Option<String>) -> bool {
    let path = variable("PATH").unwrap_or_default();
    let there = |program: &str| env::split_paths(OsStr::new(&path)).any(|folder| is_file(&folder.join(program)));
    let usable = |(needs, program, _): &&(&str, &str, &[&str])| {
        (needs.is_empty() || variable(needs).is_some_and(|value| !value.is_empty())) && there(program)
    };
    CLIPBOARDS.iter().find(usable).is_some_and(|(_, program, arguments)| pipe_to(program, arguments, &path, text).is_ok_and(|done| done))
}

/// What to tell of a text that only the terminal has; `None` if it most likely arrives. A text that
/// terminals cut is written to a file in the `state` folder.
pub(super) fn doubt_of_arrival(text: &str, state: Option<&Path>, variable: impl Fn(&str) -> Option<String>) -> Option<StatusMessage> {
    let count = text.chars().count();
    let in_tmux = variable("TMUX").is_some_and(|value| !value.is_empty());
    if in_tmux && copy_to_tmux(text, &variable) {
        return Some(StatusMessage::done(notice::COPIED_TMUX_BUFFER).with("count", count));
    }
    if text.len().div_ceil(3) * 4 > MAX_OSC52_LENGTH {
        let file = state.map(|state| state.join("copied.txt"));
        let write =
            |file: &Path| private_file::create_folder(file.parent()?).and_then(|()| private_file::write(file, text.as_bytes())).ok();
        return Some(match file.filter(|file| write(file).is_some()) {
            Some(file) => StatusMessage::hint(notice::COPIED_TO_FILE).with("count", count).with("path", file.display()),
            None => StatusMessage::hint(notice::COPIED_TOO_LONG).with("count", count),
        });
    }
    in_tmux.then(|| StatusMessage::hint(notice::COPIED_TMUX).with("count", count))
}

/// Copies `text` into a buffer of tmux, and with it into the clipboard of the terminal that tmux runs
/// in, whatever tmux's `set-clipboard` lets programs do. Returns whether tmux took it.
fn copy_to_tmux(text: &str, variable: impl Fn(&str) -> Option<String>) -> bool {
    pipe_to("tmux", &["load-buffer", "-w", "-"], &variable("PATH").unwrap_or_default(), text).is_ok_and(|done| done)
}

fn is_file(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| meta.is_file())
}

fn pipe_to(program: &str, arguments: &[&str], path: &str, text: &str) -> io::Result<bool> {
    let mut child = Command::new(program)
        .args(arguments)
        .env("PATH", path)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(text.as_bytes())?;
    }
    Ok(child.wait()?.success())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn editor_is_visual_before_editor() {
        assert_eq!(editor_command(|name| (name == "EDITOR").then(|| "vi".to_owned())).as_deref(), Some("vi"));
        assert_eq!(editor_command(|name| Some(name.to_lowercase())).as_deref(), Some("visual"));
        assert_eq!(
            editor_command(|name| Some(if name == "VISUAL" { "  " } else { "code --wait" }.to_owned())).as_deref(),
            Some("code --wait")
        );
        assert_eq!(editor_command(|_| None), None);
    }

    /// Before, what was written was lost unless the editor exited with 0 and wrote UTF-8.
    #[test]
    fn note_is_taken_however_the_editor_ends() {
        let edited = |editor: &str, text: &str| -> Option<EditedNote> {
            let state = tempfile::tempdir().unwrap();
            let mut file = NoteFile::create(Some(state.path()), text).unwrap();
            file.command(editor).status().unwrap();
            let note = file.take_change().unwrap();
            file.remove();
            note
        };
        let text = |note: Option<EditedNote>| note.map(|note| note.text);
        assert_eq!(text(edited("sed -i s/旧/新/", "一句旧话\n")).as_deref(), Some("一句新话"));
        assert_eq!(text(edited("sed -i 's/一 句/两 句/'", "一 句旧话\n")).as_deref(), Some("两 句旧话"), "quotes as in a shell");
        assert_eq!(text(edited("f() { echo 改好了 > \"$1\"; exit 3; }; f", "话")).as_deref(), Some("改好了"));
        assert_eq!(text(edited("f() { echo 改好了 > \"$1\"; kill -9 $$; }; f", "话")).as_deref(), Some("改好了"));
        assert_eq!(edited("false", "话"), None);
        assert_eq!(edited("true", "话\n"), None);
    }

    #[test]
    fn note_is_read_in_any_encoding() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("note.md");
        let read = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            read_note(&path).unwrap()
        };
        let expected = EditedNote { text: "人才".to_owned(), replaced: 0 };
        assert_eq!(read("人才\n".as_bytes()), expected);
        assert_eq!(read("\u{feff}人才\r\n".as_bytes()), expected);
        assert_eq!(read(b"\xC8\xCB\xB2\xC5\n"), expected, "GBK");
        assert_eq!(read(b"\xFF\xFE\xBA\x4E\x4D\x62\x0A\x00"), expected, "UTF-16");
    }

    #[test]
    fn copy_uses_first_available_program() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("taken");
        for program in ["xclip", "xsel"] {
            let path = folder.path().join(program);
            fs::write(&path, format!("#!/bin/sh\n(echo {program} \"$@\"; /bin/cat) > '{}'\n", taken.display())).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let path = folder.path().display().to_string();
        let variable = |display: &str| {
            let (path, display) = (path.clone(), display.to_owned());
            move |name: &str| match name {
                "PATH" => Some(path.clone()),
                "DISPLAY" => Some(display.clone()),
                _ => None,
            }
        };
        assert!(!copy_to_clipboard("人才", variable("")), "no display, no clipboard");
        assert!(copy_to_clipboard("人才", variable(":0")));
        assert_eq!(fs::read_to_string(&taken).unwrap(), "xclip -selection clipboard\n人才");
        assert!(!copy_to_clipboard("人才", |_| None));
    }
}
