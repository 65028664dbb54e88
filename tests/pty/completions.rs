//! Completion in real shells: names of files, tags and sections that a shell would evaluate or
//! split, completed with Tab and run with Enter. Before, bash ran the `$(…)` of a tag or a file, and
//! split names at blanks.

use crate::terminal::{Home, Terminal, program};
use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

/// What a name must not make a shell do: `MARK` is a file that then exists.
const HOSTILE: [&str; 54] = [
    "$(touch MARK)",
    "$(touch${IFS}MARK)",
    "`touch MARK`",
    "`touch${IFS}MARK`",
    "a;touch MARK",
    "a&&touch MARK",
    "a||touch MARK",
    "a|touch MARK",
    "a&touch MARK&",
    "a>MARK",
    "a<MARK",
    "<(touch MARK)",
    ">(touch MARK)",
    "=(touch MARK)",
    "(touch MARK)",
    "';touch MARK;'",
    "\";touch MARK;\"",
    "\"$(touch MARK)\"",
    "'$(touch MARK)'",
    "'`touch MARK`'",
    "\\$(touch MARK)",
    "\\",
    "a\\\\b",
    "'",
    "\"",
    "a b",
    "a  b c",
    "引才 育才",
    "“引才”——①",
    "*",
    "?",
    "[a-z]",
    "{a,b}",
    "~",
    "~root",
    "$HOME",
    "${HOME}",
    "$((1+1))",
    "$[1+1]",
    "!!",
    "!a",
    "#a",
    "%1",
    "^a^b",
    "=ls",
    "a=b",
    "a:b",
    "a=b:c d",
    "@(a|b)",
    "%s",
    "--force",
    "-x",
    "a,b+c",
    "\u{202E}txt\u{200B}",
];

/// Names that only files can have.
const HOSTILE_FILES: [&str; 4] = ["a\u{1B}[31m", "a\u{7}\u{7F}", "a\u{9B}2J", "e\u{301}❤\u{FE0F}"];

/// A shell whose `pizhu` writes its arguments to a file, unless it is asked for completions.
struct Shell {
    terminal: Terminal,
    folder: PathBuf,
}

impl Shell {
    /// Types a line with Tab and Enter; the arguments that the shell made of it.
    fn arguments(&mut self, line: &str) -> Vec<String> {
        let out = self.folder.join("out");
        let _ = fs::remove_file(&out);
        self.terminal.type_text(&format!("{line}\t\r"));
        let start = Instant::now();
        while !out.exists() {
            assert!(start.elapsed() < Duration::from_secs(20), "{line:?} does not end:\n{}", self.terminal.screen());
            thread::sleep(Duration::from_millis(5));
        }
        let bytes = fs::read(&out).unwrap();
        let arguments = bytes.strip_suffix(b"\0").unwrap_or(&bytes).split(|byte| *byte == 0);
        arguments.map(|argument| String::from_utf8(argument.to_vec()).unwrap()).collect()
    }
}

/// A folder with hostile files, tags and sections.
fn hostile_home() -> (Home, PathBuf) {
    let home = Home::with_speeches(&[]);
    let folder = home.path().join("work");
    fs::create_dir(&folder).unwrap();
    for (index, name) in HOSTILE.iter().chain(&HOSTILE_FILES).enumerate() {
        let below = folder.join(format!("d{index:02}"));
        fs::create_dir(&below).unwrap();
        fs::write(below.join(format!("{name}.txt")), "讲话").unwrap();
    }
    let speech: Vec<String> = HOSTILE.iter().enumerate().map(|(index, name)| format!("# s{index:02}{name}\n\n正文。\n\n")).collect();
    fs::write(folder.join("speech.md"), speech.concat()).unwrap();
    let codebook: Vec<String> =
        HOSTILE.iter().enumerate().map(|(index, name)| format!("\"t{index:02}{}\"\n", name.replace('"', "\"\""))).collect();
    fs::write(folder.join("tags.csv"), format!("tag\n{}", codebook.concat())).unwrap();
    home.print(&["tags", "import", "work/tags.csv"]);
    (home, folder)
}

/// Opens a shell, with `script` in a file that it reads first; `None` if it is not installed.
fn open(home: &Home, folder: &Path, shell: &str, script: &str, arguments: &[&str]) -> Option<Shell> {
    let found = ["/bin", "/usr/bin", "/usr/local/bin"].iter().any(|bin| Path::new(bin).join(shell).exists());
    if !found {
        println!("skipped: {shell} is not installed");
        return None;
    }
    let ready = folder.join("ready");
    fs::write(folder.join(".zshrc"), script).unwrap();
    let path = format!("PATH={}:/usr/local/bin:/usr/bin:/bin", program().parent().unwrap().display());
    let zdotdir = format!("ZDOTDIR={}", folder.display());
    let work = folder.display().to_string();
    let begin = ["-C", &work, &path, &zdotdir, "LC_ALL=C.UTF-8", shell];
    let terminal = home.open_program(Path::new("/usr/bin/env"), &[&begin[..], arguments].concat());
    let start = Instant::now();
    while !ready.exists() {
        assert!(start.elapsed() < Duration::from_secs(20), "{shell} does not start:\n{}", terminal.screen());
        thread::sleep(Duration::from_millis(10));
    }
    Some(Shell { terminal, folder: folder.to_owned() })
}

/// Completes all names in the shell.
fn complete_all(home: &Home, folder: &Path, mut shell: Shell) {
    let mark = |line: &str| {
        let marks = [folder.join("MARK"), home.path().join("MARK")].into_iter().filter(|path| path.exists()).count();
        assert_eq!(marks, 0, "{line:?} has run");
    };
    for (index, name) in HOSTILE.iter().chain(&HOSTILE_FILES).enumerate() {
        let file = format!("d{index:02}/{name}.txt");
        // Every third name also within quotes.
        let quotes: &[&str] = if index % 3 == 0 { &["", "\"", "'"] } else { &[""] };
        for quote in quotes {
            let line = format!("pizhu outline {quote}d{index:02}/");
            let arguments = shell.arguments(&line);
            mark(&line);
            assert_eq!(arguments, ["outline", &file], "{line:?}");
        }
    }
    for (index, name) in HOSTILE.iter().enumerate() {
        let quotes: &[&str] = if index % 3 == 1 { &["", "\"", "'"] } else { &[""] };
        for quote in quotes {
            let line = format!("pizhu export --tag {quote}t{index:02}");
            let arguments = shell.arguments(&line);
            mark(&line);
            assert_eq!(arguments, ["export", "--tag", &format!("t{index:02}{name}")], "{line:?}");
        }
    }
    let outline: serde_json::Value = serde_json::from_str(&home.print(&["outline", "work/speech.md", "--format", "json"])).unwrap();
    for section in outline["sections"].as_array().unwrap() {
        let path = section["path"].as_str().unwrap();
        let line = format!("pizhu tag speech.md --section {}", &path[..3]);
        let arguments = shell.arguments(&line);
        mark(&line);
        assert_eq!(arguments, ["tag", "speech.md", "--section", path], "{line:?}");
    }
    assert!(outline["sections"].as_array().unwrap().len() >= 50, "{outline}");
    shell.terminal.kill();
}

#[test]
fn bash_evaluates_no_name() {
    let (home, folder) = hostile_home();
    let script = "source <(pizhu completions bash)\n\
        pizhu() { [ -z \"$PIZHU_COMPLETE\" ] || { command pizhu \"$@\"; return; }; printf '%s\\0' \"$@\" >out.new; mv out.new out; }\n\
        set -o history -o histexpand\nPS1='> '\ntouch ready\n";
    fs::write(folder.join("rc"), script).unwrap();
    let Some(shell) = open(&home, &folder, "bash", "", &["--noprofile", "--rcfile", "rc", "-i"]) else { return };
    complete_all(&home, &folder, shell);
}

#[test]
fn zsh_evaluates_no_name() {
    let (home, folder) = hostile_home();
    let script = "autoload -U compinit\ncompinit -u -D\nsource <(pizhu completions zsh)\n\
        pizhu() { [ -z \"$PIZHU_COMPLETE\" ] || { command pizhu \"$@\"; return; }; printf '%s\\0' \"$@\" >out.new; mv out.new out; }\n\
        PS1='> '\ntouch ready\n";
    let Some(shell) = open(&home, &folder, "zsh", script, &["-d", "-i"]) else { return };
    complete_all(&home, &folder, shell);
}

#[test]
fn fish_evaluates_no_name() {
    let (home, folder) = hostile_home();
    let script = "pizhu completions fish | source\n\
        function pizhu; if set -q PIZHU_COMPLETE; command pizhu $argv; return; end\n\
        printf '%s\\0' $argv >out.new; mv out.new out; end\ntouch ready\n";
    let Some(shell) = open(&home, &folder, "fish", "", &["--no-config", "--private", "-i", "-C", script]) else { return };
    complete_all(&home, &folder, shell);
}
