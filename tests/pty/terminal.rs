//! Runs the program in a pseudo-terminal whose output is interpreted by a terminal emulator (vt100).

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use std::{
    io::{Read as _, Write as _},
    num::NonZeroU16,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Maximum time for anything to be waited for.
pub const TIMEOUT: Duration = Duration::from_secs(30);
/// Time between two checks of the screen.
const POLL_INTERVAL: Duration = Duration::from_millis(15);
/// Time without a change after which the screen counts as settled.
const SETTLE_TIME: Duration = Duration::from_millis(250);
/// Maximum time for the last output of an ended program.
const MAX_OUTPUT_DELAY: Duration = Duration::from_secs(5);
/// Pause after an Escape key. The program waits 40 ms before it reads a lone escape byte as a key; a
/// byte within that time would be read as Alt and that key.
const ESCAPE_PAUSE: Duration = Duration::from_millis(120);

/// The program under test: the one just built, or `PIZHU_BINARY` (for example a release build).
pub fn program() -> PathBuf {
    std::env::var_os("PIZHU_BINARY").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_pizhu")), PathBuf::from)
}

/// A temporary home folder with speeches.
pub struct Home(TempDir);

impl Home {
    /// A home with built-in speeches in its folder `speeches`, by file name.
    pub fn with_speeches(names: &[&str]) -> Self {
        let home = Self(TempDir::new().unwrap());
        std::fs::create_dir(home.speeches()).unwrap();
        for name in names {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data").join(name);
            std::fs::copy(from, home.speeches().join(name)).unwrap();
        }
        home
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn speeches(&self) -> PathBuf {
        self.path().join("speeches")
    }

    pub fn speech(&self, name: &str) -> PathBuf {
        self.speeches().join(name)
    }

    /// Environment variables that give the program only this home.
    fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let under = |folder: &str| self.path().join(folder);
        vec![
            ("HOME", under(".")),
            ("XDG_CONFIG_HOME", under("config")),
            ("XDG_DATA_HOME", under("data")),
            ("XDG_STATE_HOME", under("state")),
            ("XDG_CACHE_HOME", under("cache")),
            ("LANG", "zh_CN.UTF-8".into()),
            ("TERM", "xterm-256color".into()),
            ("COLORTERM", "truecolor".into()),
        ]
    }

    /// Runs a command without a terminal and waits for its end.
    pub fn run(&self, arguments: &[&str]) -> std::process::Output {
        std::process::Command::new(program())
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .envs(self.environment())
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap()
    }

    /// The output of a command. Panics if it fails.
    pub fn print(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Opens the reader in a terminal of the given size.
    pub fn open(&self, columns: u16, rows: u16, arguments: &[&str]) -> Terminal {
        self.open_with(columns, rows, arguments, &[])
    }

    /// Opens the reader with further environment variables.
    pub fn open_with(&self, columns: u16, rows: u16, arguments: &[&str], variables: &[(&str, &str)]) -> Terminal {
        Terminal::start(self, &program(), columns, rows, arguments, TerminalReplies::default(), variables)
    }

    /// Opens the reader in a terminal with wide ambiguous characters whose replies are held back
    /// until [`Terminal::send_replies`].
    pub fn open_wide(&self, columns: u16, rows: u16, arguments: &[&str]) -> Terminal {
        Terminal::new(self, &program(), columns, rows, arguments, TerminalReplies { ambiguous_wide: true, ..TerminalReplies::default() })
    }

    /// Runs another program in a terminal, with further environment variables.
    pub fn open_program_with(&self, program: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Terminal {
        Terminal::start(self, program, 100, 30, arguments, TerminalReplies::default(), variables)
    }

    /// The program's state folder.
    pub fn state(&self) -> PathBuf {
        self.path().join("state/pizhu")
    }

    /// Runs another program in a terminal.
    pub fn open_program(&self, program: &Path, arguments: &[&str]) -> Terminal {
        Terminal::new(self, program, 80, 24, arguments, TerminalReplies::default())
    }

    /// Opens the reader in a terminal that reports its background colour.
    pub fn open_with_background(&self, background: &'static str, columns: u16, rows: u16, arguments: &[&str]) -> Terminal {
        Terminal::new(
            self,
            &program(),
            columns,
            rows,
            arguments,
            TerminalReplies { background: Some(background), ..TerminalReplies::default() },
        )
    }
}

/// Replies of the terminal to queries of the program.
#[derive(Default)]
struct TerminalReplies {
    bytes: Vec<u8>,
    /// Whether cursor position reports are one column too far to the right, as after one ambiguous
    /// character in a terminal that draws it two cells wide. Replies are then held back.
    ambiguous_wide: bool,
    /// The background colour to report, in the format of OSC 11 (`rgb:ffff/ffff/fafa`).
    background: Option<&'static str>,
}

impl vt100::Callbacks for TerminalReplies {
    fn unhandled_csi(&mut self, screen: &mut vt100::Screen, i1: Option<u8>, _: Option<u8>, params: &[&[u16]], c: char) {
        match (i1, c, params.first().and_then(|param| param.first()).copied().unwrap_or(0)) {
            (None, 'n', 6) => {
                let (row, column) = screen.cursor_position();
                self.bytes.extend(format!("\x1b[{};{}R", row + 1, column + 1 + u16::from(self.ambiguous_wide)).bytes());
            }
            (None, 'n', 5) => self.bytes.extend(b"\x1b[0n"),
            (None, 'c', _) => self.bytes.extend(b"\x1b[?62;22c"),
            _ => {}
        }
    }

    fn unhandled_osc(&mut self, _: &mut vt100::Screen, params: &[&[u8]]) {
        if let (Some(background), [b"11", b"?"]) = (self.background, params) {
            self.bytes.extend(format!("\x1b]11;{background}\x1b\\").bytes());
        }
    }
}

/// The emulator, and all bytes it has received.
struct EmulatorState {
    parser: vt100::Parser<TerminalReplies>,
    bytes: Vec<u8>,
}

/// The program running in a terminal.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keyboard: Arc<Mutex<Box<dyn std::io::Write + Send>>>,
    state: Arc<Mutex<EmulatorState>>,
    /// Reads the program's output until its end.
    output_thread: thread::JoinHandle<()>,
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

impl Terminal {
    fn new(home: &Home, program: &Path, columns: u16, rows: u16, arguments: &[&str], replies: TerminalReplies) -> Self {
        Self::start(home, program, columns, rows, arguments, replies, &[])
    }

    fn start(
        home: &Home,
        program: &Path,
        columns: u16,
        rows: u16,
        arguments: &[&str],
        replies: TerminalReplies,
        variables: &[(&str, &str)],
    ) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(home.path());
        command.env_clear();
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let holds_replies = replies.ambiguous_wide;
        let parser = vt100::Parser::new_with_callbacks(NonZeroU16::new(rows).unwrap(), NonZeroU16::new(columns).unwrap(), 0, replies);
        let state = Arc::new(Mutex::new(EmulatorState { parser, bytes: Vec::new() }));
        let keyboard = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let mut output = pair.master.try_clone_reader().unwrap();
        let (screen, replies) = (Arc::clone(&state), Arc::clone(&keyboard));
        let output_thread = thread::spawn(move || {
            let mut block = [0; 8192];
            while let Ok(read) = output.read(&mut block) {
                if read == 0 {
                    break;
                }
                let reply = {
                    let mut state = screen.lock().unwrap();
                    state.bytes.extend_from_slice(&block[..read]);
                    state.parser.process(&block[..read]);
                    if holds_replies { Vec::new() } else { std::mem::take(&mut state.parser.callbacks_mut().bytes) }
                };
                if !reply.is_empty() {
                    let mut keyboard = replies.lock().unwrap();
                    let _ = keyboard.write_all(&reply).and_then(|()| keyboard.flush());
                }
            }
        });
        Self { child, master: pair.master, keyboard, state, output_thread }
    }

    /// Waits for the program's queries and sends the replies that were held back.
    pub fn send_replies(&mut self) -> &mut Self {
        let has_query = |terminal: &Self| !terminal.state.lock().unwrap().parser.callbacks_mut().bytes.is_empty();
        self.wait("a query", has_query).settle();
        let bytes = std::mem::take(&mut self.state.lock().unwrap().parser.callbacks_mut().bytes);
        self.send(&bytes);
        self
    }

    /// The screen, one line per row.
    pub fn screen(&self) -> String {
        let state = self.state.lock().unwrap();
        let (_, columns) = state.parser.screen().size();
        state.parser.screen().rows(0, columns.get()).map(|row| row.trim_end().to_owned() + "\n").collect()
    }

    /// The screen without white space, to find text that is wrapped over rows.
    pub fn screen_text(&self) -> String {
        self.screen().chars().filter(|c| !c.is_whitespace()).collect()
    }

    /// Inspects the screen's cells.
    pub fn with_screen<T>(&self, inspect: impl FnOnce(&vt100::Screen) -> T) -> T {
        inspect(self.state.lock().unwrap().parser.screen())
    }

    /// Whether the terminal modes are reset: alternate screen, bracketed paste, mouse, hidden cursor.
    pub fn is_restored(&self) -> bool {
        let state = self.state.lock().unwrap();
        let screen = state.parser.screen();
        !screen.alternate_screen()
            && !screen.bracketed_paste()
            && !screen.hide_cursor()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
    }

    /// Whether mouse reporting is on, with motion while a button is down, in SGR format.
    pub fn reports_mouse(&self) -> bool {
        self.with_screen(|screen| {
            screen.mouse_protocol_mode() == vt100::MouseProtocolMode::ButtonMotion
                && screen.mouse_protocol_encoding() == vt100::MouseProtocolEncoding::Sgr
        })
    }

    /// All bytes that the program has written.
    pub fn bytes(&self) -> Vec<u8> {
        self.state.lock().unwrap().bytes.clone()
    }

    /// Presses keys: characters, names such as `<Enter>` and `<PageDown>` (see [`named_key`]), and
    /// `<C-x>`.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let named = rest.starts_with('<').then(|| rest.find('>')).flatten().and_then(|end| Some((named_key(&rest[1..end])?, end + 1)));
            let (bytes, length) = named.unwrap_or_else(|| (first.to_string().into_bytes(), first.len_utf8()));
            self.send(&bytes);
            rest = &rest[length..];
        }
        self
    }

    /// Sends text at once, like an input method.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        self.send(text.as_bytes());
        self
    }

    /// Pastes text, as a bracketed paste.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.send(format!("\x1b[200~{text}\x1b[201~").as_bytes());
        self
    }

    fn send(&mut self, bytes: &[u8]) {
        if bytes == b"\x1b" {
            self.wait_read();
        }
        let mut keyboard = self.keyboard.lock().unwrap();
        keyboard.write_all(bytes).unwrap();
        keyboard.flush().unwrap();
        drop(keyboard);
        if bytes == b"\x1b" {
            self.wait_read();
            thread::sleep(ESCAPE_PAUSE);
        }
    }

    /// Waits until the program has read all input.
    fn wait_read(&self) {
        let Some(name) = self.master.tty_name() else { return };
        let flags = rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::NOCTTY;
        let tty = rustix::fs::open(name, flags, rustix::fs::Mode::empty()).unwrap();
        let start = Instant::now();
        while rustix::io::ioctl_fionread(&tty).unwrap() > 0 && start.elapsed() < TIMEOUT {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits until `fits`. On timeout, panics with `wanted` and the screen.
    pub fn wait(&self, wanted: &str, fits: impl Fn(&Self) -> bool) -> &Self {
        let start = Instant::now();
        while !fits(self) {
            assert!(start.elapsed() < TIMEOUT, "timeout waiting for: {wanted}\n{}", self.screen());
            thread::sleep(POLL_INTERVAL);
        }
        self
    }

    /// Waits until the screen shows the text, which may be wrapped over rows.
    pub fn wait_for(&self, text: &str) -> &Self {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        self.wait(&text, |terminal| terminal.screen_text().contains(&text))
    }

    /// Waits until the text is gone from the screen.
    pub fn wait_gone(&self, text: &str) -> &Self {
        self.wait(&format!("no {text}"), |terminal| !terminal.screen_text().contains(text))
    }

    /// Waits until the screen has not changed for [`SETTLE_TIME`].
    pub fn settle(&self) -> &Self {
        let start = Instant::now();
        let mut last = (self.screen(), Instant::now());
        while last.1.elapsed() < SETTLE_TIME {
            thread::sleep(POLL_INTERVAL);
            let now = self.screen();
            if now != last.0 {
                last = (now, Instant::now());
            }
            assert!(start.elapsed() < TIMEOUT, "the screen never settles\n{}", last.0);
        }
        self
    }

    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.state.lock().unwrap().parser.set_size(NonZeroU16::new(rows).unwrap(), NonZeroU16::new(columns).unwrap());
        self.master.resize(size(columns, rows)).unwrap();
        self
    }

    /// Waits until the program has ended and all its output is on the screen.
    pub fn wait_exit(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // A descendant of the program may hold the terminal open.
                let ended = Instant::now();
                while !self.output_thread.is_finished() && ended.elapsed() < MAX_OUTPUT_DELAY {
                    thread::sleep(Duration::from_millis(1));
                }
                return status;
            }
            assert!(start.elapsed() < TIMEOUT, "timeout waiting for the end\n{}", self.screen());
            thread::sleep(POLL_INTERVAL);
        }
    }

    /// Whether the terminal itself is in its usual mode: lines, echo, signals by keys.
    pub fn is_cooked(&self) -> bool {
        use rustix::termios::LocalModes;
        let flags = rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NOCTTY;
        let tty = rustix::fs::open(self.master.tty_name().unwrap(), flags, rustix::fs::Mode::empty()).unwrap();
        let modes = rustix::termios::tcgetattr(&tty).unwrap().local_modes;
        modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    /// Sends a signal by name (`TERM`) to the program.
    pub fn signal(&self, name: &str) -> &Self {
        let done = std::process::Command::new("kill").args([&format!("-{name}"), &self.process_id().to_string()]).status().unwrap();
        assert!(done.success());
        self
    }

    /// The id of the program's process.
    pub fn process_id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Kills the program (SIGKILL).
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asserts that the screen is intact: no replacement characters and no half wide characters.
    pub fn assert_whole(&self) {
        let state = self.state.lock().unwrap();
        let screen = state.parser.screen();
        let (rows, columns) = screen.size();
        for row in 0..rows.get() {
            for column in 0..columns.get() {
                let Some(cell) = screen.cell(row, column) else { continue };
                assert!(!cell.contents().contains('\u{fffd}'), "replacement character in row {row}\n{}", screen.contents());
                if cell.is_wide() {
                    let next = screen.cell(row, column + 1);
                    assert!(next.is_some_and(vt100::Cell::is_wide_continuation), "half wide character in row {row}\n{}", screen.contents());
                }
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn named_key(name: &str) -> Option<Vec<u8>> {
    let bytes: &[u8] = match name {
        "Enter" => b"\r",
        "Esc" => b"\x1b",
        "Tab" => b"\t",
        "S-Tab" => b"\x1b[Z",
        "BS" => b"\x7f",
        "Space" => b" ",
        "Up" => b"\x1b[A",
        "Down" => b"\x1b[B",
        "Right" => b"\x1b[C",
        "Left" => b"\x1b[D",
        "Home" => b"\x1b[H",
        "End" => b"\x1b[F",
        "PageUp" => b"\x1b[5~",
        "PageDown" => b"\x1b[6~",
        "Del" => b"\x1b[3~",
        "F1" => b"\x1bOP",
        _ => {
            let letter = name.strip_prefix("C-")?.bytes().next()?;
            return Some(vec![letter & 0x1f]);
        }
    };
    Some(bytes.to_vec())
}
