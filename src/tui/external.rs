//! External programs: the user's editor and clipboard tools.

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

/// Edits `text` in `editor` and returns the result. The terminal must have been released.
///
/// # Errors
/// If the file cannot be written or read, or the editor cannot run or fails.
pub(super) fn edit_text(editor: &str, text: &str) -> io::Result<String> {
    let folder = tempdir()?;
    let path = folder.join("note.md");
    let edited = fs::write(&path, text).and_then(|()| {
        // Through the shell: `$EDITOR` may contain arguments.
        let status = Command::new("sh").args(["-c", &format!("{editor} \"$1\""), "pizhu"]).arg(&path).status()?;
        if !status.success() {
            return Err(io::Error::other(format!("{editor}: {status}")));
        }
        fs::read_to_string(&path)
    });
    // If this fails, a private folder remains in the system's temporary folder.
    let _ = fs::remove_dir_all(&folder);
    edited
}

/// Creates a folder that only this user can read.
fn tempdir() -> io::Result<PathBuf> {
    let folder = env::temp_dir().join(format!("pizhu-{}", uuid::Uuid::now_v7()));
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder)?;
    Ok(folder)
}

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
    fn editor_round_trips_text() {
        assert_eq!(editor_command(|name| (name == "EDITOR").then(|| "vi".to_owned())).as_deref(), Some("vi"));
        assert_eq!(
            editor_command(|name| Some(if name == "VISUAL" { "  " } else { "code --wait" }.to_owned())).as_deref(),
            Some("code --wait")
        );
        assert_eq!(editor_command(|_| None), None);
        assert_eq!(edit_text("sed -i s/旧/新/", "一句旧话\n").unwrap(), "一句新话\n");
        assert!(edit_text("false", "话").is_err());
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
