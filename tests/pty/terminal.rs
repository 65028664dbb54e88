//! A terminal with the program in it: a pty, and a screen that what it writes is drawn on.

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

/// How long something may take to show before the test gives up; never how long it must take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at the screen.
const GLANCE: Duration = Duration::from_millis(15);

/// The program: the one just built, or the one that `PIZHU_BINARY` names (a release build, say).
pub fn program() -> PathBuf {
    std::env::var_os("PIZHU_BINARY").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_pizhu")), PathBuf::from)
}

/// A user's home, with speeches in it, apart from all others.
pub struct Home(TempDir);

impl Home {
    /// A home with the named built-in speeches in its folder `speeches`.
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

    /// The variables under which the program sees this home and nothing of the machine's.
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

    /// Runs a command to its end without a terminal.
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

    /// What a command prints; it must succeed.
    pub fn print(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Opens the reader in a terminal of that size.
    pub fn open(&self, columns: u16, rows: u16, arguments: &[&str]) -> Terminal {
        Terminal::new(self, &program(), columns, rows, arguments, Answers::default())
    }

    /// Opens the reader in a terminal that draws characters of ambiguous width in two cells, and
    /// says so only when told to ([`Terminal::answer`]).
    pub fn open_wide(&self, columns: u16, rows: u16, arguments: &[&str]) -> Terminal {
        Terminal::new(self, &program(), columns, rows, arguments, Answers { is_wide: true, ..Answers::default() })
    }

    /// Runs another program in a terminal.
    pub fn open_program(&self, program: &Path, arguments: &[&str]) -> Terminal {
        Terminal::new(self, program, 80, 24, arguments, Answers::default())
    }

    /// The same in a terminal that tells the colour of its ground.
    pub fn open_on(&self, ground: &'static str, columns: u16, rows: u16, arguments: &[&str]) -> Terminal {
        Terminal::new(self, &program(), columns, rows, arguments, Answers { ground: Some(ground), ..Answers::default() })
    }
}

/// Answers what the program asks the terminal.
#[derive(Default)]
struct Answers {
    bytes: Vec<u8>,
    /// Whether the cursor is said to be a cell further than it is: behind one character of
    /// ambiguous width, as in a terminal that draws it in two. Answers then wait.
    is_wide: bool,
    /// The ground, where the terminal tells it, as OSC 11 has it (`rgb:ffff/ffff/fafa`).
    ground: Option<&'static str>,
}

impl vt100::Callbacks for Answers {
    fn unhandled_csi(&mut self, screen: &mut vt100::Screen, i1: Option<u8>, _: Option<u8>, params: &[&[u16]], c: char) {
        match (i1, c, params.first().and_then(|param| param.first()).copied().unwrap_or(0)) {
            (None, 'n', 6) => {
                let (row, column) = screen.cursor_position();
                self.bytes.extend(format!("\x1b[{};{}R", row + 1, column + 1 + u16::from(self.is_wide)).bytes());
            }
            (None, 'n', 5) => self.bytes.extend(b"\x1b[0n"),
            (None, 'c', _) => self.bytes.extend(b"\x1b[?62;22c"),
            _ => {}
        }
    }

    fn unhandled_osc(&mut self, _: &mut vt100::Screen, params: &[&[u8]]) {
        if let (Some(ground), [b"11", b"?"]) = (self.ground, params) {
            self.bytes.extend(format!("\x1b]11;{ground}\x1b\\").bytes());
        }
    }
}

struct Shown {
    parser: vt100::Parser<Answers>,
    bytes: Vec<u8>,
}

/// The program in a terminal.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keyboard: Arc<Mutex<Box<dyn std::io::Write + Send>>>,
    shown: Arc<Mutex<Shown>>,
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

impl Terminal {
    fn new(home: &Home, program: &Path, columns: u16, rows: u16, arguments: &[&str], answers: Answers) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(home.path());
        command.env_clear();
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let waits = answers.is_wide;
        let parser = vt100::Parser::new_with_callbacks(NonZeroU16::new(rows).unwrap(), NonZeroU16::new(columns).unwrap(), 0, answers);
        let shown = Arc::new(Mutex::new(Shown { parser, bytes: Vec::new() }));
        let keyboard = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let mut output = pair.master.try_clone_reader().unwrap();
        let (screen, answers) = (Arc::clone(&shown), Arc::clone(&keyboard));
        thread::spawn(move || {
            let mut block = [0; 8192];
            while let Ok(read) = output.read(&mut block) {
                if read == 0 {
                    break;
                }
                let reply = {
                    let mut shown = screen.lock().unwrap();
                    shown.bytes.extend_from_slice(&block[..read]);
                    shown.parser.process(&block[..read]);
                    if waits { Vec::new() } else { std::mem::take(&mut shown.parser.callbacks_mut().bytes) }
                };
                if !reply.is_empty() {
                    let mut keyboard = answers.lock().unwrap();
                    let _ = keyboard.write_all(&reply).and_then(|()| keyboard.flush());
                }
            }
        });
        Self { child, master: pair.master, keyboard, shown }
    }

    /// Waits for the program's questions about the cursor and sends the answers that were held
    /// back.
    pub fn answer(&mut self) -> &mut Self {
        let asked = |terminal: &Self| !terminal.shown.lock().unwrap().parser.callbacks_mut().bytes.is_empty();
        self.wait("a question", asked).settle();
        let bytes = std::mem::take(&mut self.shown.lock().unwrap().parser.callbacks_mut().bytes);
        self.send(&bytes);
        self
    }

    /// The screen, a line a row.
    pub fn screen(&self) -> String {
        let shown = self.shown.lock().unwrap();
        let (_, columns) = shown.parser.screen().size();
        shown.parser.screen().rows(0, columns.get()).map(|row| row.trim_end().to_owned() + "\n").collect()
    }

    /// The screen without its spaces and line ends, to find what is broken over rows.
    pub fn screen_text(&self) -> String {
        self.screen().chars().filter(|c| !c.is_whitespace()).collect()
    }

    /// Looks at the screen's cells.
    pub fn with_screen<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.shown.lock().unwrap().parser.screen())
    }

    /// Whether neither the alternate screen, nor marked pastes, the mouse or a hidden cursor are left.
    pub fn is_restored(&self) -> bool {
        let shown = self.shown.lock().unwrap();
        let screen = shown.parser.screen();
        !screen.alternate_screen()
            && !screen.bracketed_paste()
            && !screen.hide_cursor()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
    }

    /// Whether the program has the mouse reported, with drags, as SGR.
    pub fn hears_mouse(&self) -> bool {
        self.with_screen(|screen| {
            screen.mouse_protocol_mode() == vt100::MouseProtocolMode::ButtonMotion
                && screen.mouse_protocol_encoding() == vt100::MouseProtocolEncoding::Sgr
        })
    }

    /// Every byte the program has written.
    pub fn bytes(&self) -> Vec<u8> {
        self.shown.lock().unwrap().bytes.clone()
    }

    /// Presses keys: characters as they are, and `<Enter> <Esc> <Tab> <BS> <Up> <Down> <Left>
    /// <Right> <PageUp> <PageDown> <Home> <End> <F1>` and `<C-x>`.
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

    /// Types text at once, as an input method does.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        self.send(text.as_bytes());
        self
    }

    /// Pastes text, marked as the terminal marks it.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.send(format!("\x1b[200~{text}\x1b[201~").as_bytes());
        self
    }

    fn send(&mut self, bytes: &[u8]) {
        // What is sent in the instant after Esc would be read as Alt and a key.
        if bytes == b"\x1b" {
            thread::sleep(Duration::from_millis(30));
        }
        let mut keyboard = self.keyboard.lock().unwrap();
        keyboard.write_all(bytes).unwrap();
        keyboard.flush().unwrap();
        drop(keyboard);
        if bytes == b"\x1b" {
            thread::sleep(Duration::from_millis(120));
        }
    }

    /// Waits until the screen is as wanted, and says what it was when it never is.
    pub fn wait(&self, wanted: &str, fits: impl Fn(&Self) -> bool) -> &Self {
        let start = Instant::now();
        while !fits(self) {
            assert!(start.elapsed() < PATIENCE, "never came: {wanted}\n{}", self.screen());
            thread::sleep(GLANCE);
        }
        self
    }

    /// Waits until the screen shows the text, which may be broken over rows.
    pub fn wait_for(&self, text: &str) -> &Self {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        self.wait(&text, |terminal| terminal.screen_text().contains(&text))
    }

    /// Waits until the text is gone from the screen.
    pub fn wait_gone(&self, text: &str) -> &Self {
        self.wait(&format!("no {text}"), |terminal| !terminal.screen_text().contains(text))
    }

    /// Waits until the screen has stayed as it is for a while.
    pub fn settle(&self) -> &Self {
        let start = Instant::now();
        let mut last = (self.screen(), Instant::now());
        while last.1.elapsed() < Duration::from_millis(250) {
            thread::sleep(GLANCE);
            let now = self.screen();
            if now != last.0 {
                last = (now, Instant::now());
            }
            assert!(start.elapsed() < PATIENCE, "the screen never rests\n{}", last.0);
        }
        self
    }

    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.shown.lock().unwrap().parser.set_size(NonZeroU16::new(rows).unwrap(), NonZeroU16::new(columns).unwrap());
        self.master.resize(size(columns, rows)).unwrap();
        self
    }

    /// Waits for the program's end.
    pub fn wait_exit(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // What was written last is still on its way to the screen.
                thread::sleep(Duration::from_millis(100));
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "never ended\n{}", self.screen());
            thread::sleep(GLANCE);
        }
    }

    /// The program's process.
    pub fn process(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Ends the program at once, as `kill -9` does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Whether nothing on the screen is cut or out of place: each row within the columns, no
    /// character that was replaced, and no wide character torn.
    pub fn assert_whole(&self) {
        let shown = self.shown.lock().unwrap();
        let screen = shown.parser.screen();
        let (rows, columns) = screen.size();
        for row in 0..rows.get() {
            for column in 0..columns.get() {
                let Some(cell) = screen.cell(row, column) else { continue };
                assert!(!cell.contents().contains('\u{fffd}'), "a replaced character in row {row}\n{}", screen.contents());
                if cell.is_wide() {
                    let next = screen.cell(row, column + 1);
                    assert!(next.is_some_and(vt100::Cell::is_wide_continuation), "a torn character in row {row}\n{}", screen.contents());
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
