//! Runs the program as a process in a temporary home folder.

#![allow(dead_code, reason = "shared by several test programs; each uses a part")]

use serde_json::Value;
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// A speech with sections on separate lines and inside a paragraph.
pub const SPEECH: &str = "\
在青禾县人才工作会议上的讲话
（2024年5月6日）

同志们：
今天的会议很重要，我讲两点意见。
一、统一思想，提高认识
青禾县的人才工作有了新的进步。一是队伍壮大了。全县引进三十人。二是平台建起来了。建成两个工作站。
二、突出重点，狠抓落实
（一）抓引进
要到外面去请人才。
（二）抓使用
要让人才留得住、用得好。
";

/// The program under test: the one just built, or `PIZHU_BINARY` (for example a release build).
pub fn binary() -> PathBuf {
    std::env::var_os("PIZHU_BINARY").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_pizhu")), PathBuf::from)
}

/// Exit status and output of a finished run.
pub struct CommandOutput {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl CommandOutput {
    /// Standard output. Panics unless the status is 0 and standard error is empty.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!((self.status, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    /// [`Self::ok`], parsed as JSON.
    #[track_caller]
    pub fn json(self) -> Value {
        serde_json::from_str(&self.ok()).unwrap()
    }

    /// The error message. Panics unless the run failed with `status`, with one line on standard error
    /// and no output.
    #[track_caller]
    pub fn error(self, status: i32) -> String {
        assert_eq!((self.status, self.out.as_str()), (status, ""), "{}", self.err);
        assert_eq!(self.err.lines().count(), 1, "{}", self.err);
        assert!(self.err.starts_with("pizhu: ") && !self.err.contains("panicked"), "{}", self.err);
        self.err.trim_end().to_owned()
    }
}

/// The program with a temporary home folder, run in the folder `work` inside it.
pub struct TestProgram {
    home: TempDir,
    environment: Vec<(&'static str, String)>,
}

impl TestProgram {
    pub fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("work")).unwrap();
        Self { home, environment: Vec::new() }
    }

    /// With [`SPEECH`] as `a.txt` in its folder.
    pub fn with_speech() -> Self {
        let program = Self::new();
        program.write("a.txt", SPEECH);
        program
    }

    /// [`Self::with_speech`] and a shared store that has tagged it, with a codebook of its own.
    pub fn with_store() -> Self {
        let program = Self::with_speech();
        program.run(&["store", "init"]).ok();
        // A codebook file is written with the first tag of one's own.
        program.run(&["tags", "add", "自定题目"]).ok();
        program.run(&["tag", "a.txt", "--section", "一、", "人才工作"]).ok();
        program
    }

    /// Sets an environment variable for all runs.
    pub fn set_env(mut self, name: &'static str, value: &str) -> Self {
        self.environment.push((name, value.to_owned()));
        self
    }

    /// The folder the program runs in.
    pub fn folder(&self) -> PathBuf {
        self.home.path().join("work")
    }

    /// Writes a file, relative to the program's folder; creates missing folders.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder().join(name)).unwrap()
    }

    /// A command with a clean environment that has only this home.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(arguments).current_dir(self.folder()).env_clear();
        for (name, folder) in [("HOME", ""), ("XDG_DATA_HOME", "data"), ("XDG_STATE_HOME", "state"), ("XDG_CONFIG_HOME", "config")] {
            command.env(name, self.home.path().join(folder));
        }
        command.env("USER", "李工").env("LANG", "en_US.UTF-8").env("TERM", "xterm-256color");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn run(&self, arguments: &[&str]) -> CommandOutput {
        self.run_with_stdin(arguments, "")
    }

    /// Runs the program with `input` on standard input.
    pub fn run_with_stdin(&self, arguments: &[&str], input: &str) -> CommandOutput {
        let mut child = self.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // At the same time: a program that works on a stream would fill its output and wait.
        let output = std::thread::scope(|scope| {
            // Fails with a broken pipe if the program does not read its input.
            scope.spawn(move || drop(stdin.write_all(input.as_bytes())));
            child.wait_with_output().unwrap()
        });
        CommandOutput {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The built-in speeches, as files of `sample-data/`.
pub fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data");
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt" || extension == "md"))
        .collect();
    found.sort();
    assert!(!found.is_empty());
    found
}
