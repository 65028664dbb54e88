//! Every command on every hostile folder: no hang, no memory without limit, nothing read or written
//! outside, and one line for what is wrong.
//!
//! `PIZHU_HOSTILE=fifo cargo test --test store hostile_table -- --nocapture` takes only the folders of
//! that name and prints what the commands say.

use crate::{
    hostile::{self, HostileFolder, SECRET, Telling, is_root, listing},
    program::{CommandOutput, TestProgram},
};
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

/// How long a command may compute, in seconds.
const COMPUTING_SECONDS: &str = "2";
/// How long a command may take on a busy machine before it counts as hanging.
const HANG: Duration = Duration::from_secs(30);
/// Memory for data in KB that a command may use: heap and stacks, as far as they are mapped for
/// writing (`RLIMIT_DATA`). On Linux what is resident beside it is the program's file itself.
const MEMORY_KB: &str = "300000";
/// Folders tested at the same time.
const THREADS: usize = 3;

/// Whether all that the commands say is printed.
fn shows_all() -> bool {
    std::env::var_os("PIZHU_HOSTILE").is_some()
}

/// Runs a command of the program with limits of time and memory.
pub fn run_limited(program: &TestProgram, arguments: &[&str]) -> Result<CommandOutput, String> {
    let inner = program.command(arguments);
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("ulimit -d {MEMORY_KB}; ulimit -t {COMPUTING_SECONDS}; exec \"$0\" \"$@\"")])
        .arg(inner.get_program())
        .args(inner.get_args());
    command.env_clear().envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?)))).current_dir(program.folder());
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let readers = [child.stdout.take().map(reader), child.stderr.take().map(reader)];
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > HANG {
            child.kill().unwrap();
            child.wait().unwrap();
            return Err("hangs".to_owned());
        }
        thread::sleep(Duration::from_millis(2));
    };
    let [out, err] = readers.map(|reader| reader.unwrap().join().unwrap());
    let status = status.code().ok_or_else(|| format!("{status}: {err}"))?;
    Ok(CommandOutput { status, out, err })
}

fn reader(mut pipe: impl std::io::Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// What a command reads besides the speech that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reads {
    Neither,
    Store,
    Folder,
    Both,
}

/// Every command.
const COMMANDS: [(&[&str], Reads); 40] = [
    (&["outline", "a.txt"], Reads::Neither),
    (&["read", "a.txt"], Reads::Neither),
    (&["search", "人才", "."], Reads::Folder),
    (&["search", "rencai", ".", "--mode", "pinyin"], Reads::Folder),
    (&["suggest", "a.txt"], Reads::Store),
    (&["reuse", "."], Reads::Folder),
    (&["count"], Reads::Store),
    (&["count", "."], Reads::Both),
    (&["export"], Reads::Store),
    (&["export", "."], Reads::Both),
    (&["export", "--format", "html", "--output", "../out", "--force"], Reads::Store),
    (&["export", "--format", "docx-comments", "--output", "../out", "--force"], Reads::Store),
    (&["export", "--format", "json", "--output", "../out", "--force"], Reads::Store),
    (&["export", "--format", "qdpx", "--output", "../out", "--force"], Reads::Store),
    (&["import", "in.json"], Reads::Store),
    (&["import", "in.json", "a.txt"], Reads::Store),
    (&["review"], Reads::Store),
    (&["review", "."], Reads::Both),
    (&["history", "a.txt"], Reads::Store),
    (&["agree"], Reads::Store),
    (&["agree", "."], Reads::Both),
    (&["merge", "../base.ron", "../ours.ron", "../theirs.ron"], Reads::Neither),
    (&["tag", "a.txt", "--section", "二、", "人才工作", "新题目"], Reads::Store),
    (&["note", "a.txt", "--section", "二、", "批语"], Reads::Store),
    (&["untag", "a.txt", "--section", "一、"], Reads::Store),
    (&["tags", "list"], Reads::Store),
    (&["tags", "add", "又一题目"], Reads::Store),
    (&["tags", "rename", "自定题目", "改名题目"], Reads::Store),
    (&["tags", "move", "自定题目", "--parent", "人才工作"], Reads::Store),
    (&["tags", "merge", "自定题目", "人才工作"], Reads::Store),
    (&["tags", "delete", "自定题目"], Reads::Store),
    (&["tags", "export"], Reads::Store),
    (&["tags", "import", "tags.csv"], Reads::Store),
    (&["store", "init"], Reads::Neither),
    (&["store", "init", "--git"], Reads::Neither),
    (&["store", "part", "a.txt"], Reads::Store),
    (&["store", "join", "a.txt"], Reads::Store),
    (&["doctor"], Reads::Neither),
    (&["completions", "bash"], Reads::Neither),
    (&["man"], Reads::Neither),
];

/// What the commands do wrong on a folder of this kind.
fn problems(kind: &HostileFolder, template: &Path, program: &TestProgram) -> Vec<String> {
    let top = program.folder().parent().unwrap().to_owned();
    let mut problems = Vec::new();
    let mut told = 0;
    for (arguments, reads) in COMMANDS {
        kind.build(template, &top);
        for folder in ["state", "data", "config"] {
            let _ = fs::remove_dir_all(top.join(folder));
        }
        let before = listing(&top.join("outside"));
        let (status, out, err) = match run_limited(program, arguments) {
            Ok(CommandOutput { status, out, err }) => (status, out, err),
            Err(problem) => {
                problems.push(format!("{}: {arguments:?}: {problem}", kind.name));
                continue;
            }
        };
        if shows_all() {
            eprintln!("{}\t{arguments:?}\t{status}\t{}", kind.name, err.trim_end().replace('\n', "\n\t\t\t"));
        }
        let exported = String::from_utf8_lossy(&fs::read(top.join("out")).unwrap_or_default()).into_owned();
        let lines: Vec<&str> = err.lines().collect();
        let times: Vec<usize> = kind.marks.iter().map(|mark| lines.iter().filter(|line| line.contains(mark)).count()).collect();
        told += times.iter().sum::<usize>();
        let others = lines.iter().filter(|line| !kind.marks.iter().any(|mark| line.contains(mark))).count();
        let must_tell = match kind.telling {
            Telling::Store => matches!(reads, Reads::Store | Reads::Both),
            Telling::Folder => matches!(reads, Reads::Folder | Reads::Both),
            Telling::Some | Telling::Nobody => false,
        };
        let is_plain = |line: &&str| line.starts_with("pizhu: ") && !line.contains(char::is_control) && !line.contains("panicked");
        let found = [
            (listing(&top.join("outside")) != before, "a file outside is changed"),
            (status > 2, "an unknown status"),
            (!lines.iter().all(is_plain), "a line that is no message"),
            (status == 2 && lines.is_empty(), "it fails without a word"),
            (times.iter().any(|times| *times > 1), "a fault is told twice"),
            (must_tell && times.iter().sum::<usize>() != 1, "the fault is not told"),
            // A command that cannot do its work may say so besides.
            (others > usize::from(status == 2), "a line about something else"),
            (arguments[0] == "export" && (out.contains(SECRET) || exported.contains(SECRET)), "a file from outside is taken in"),
            (listing_of_store(&top.join("work")).contains(SECRET), "a file from outside is copied"),
        ];
        problems.extend(found.iter().filter(|(is_so, _)| *is_so).map(|(_, what)| format!("{}: {arguments:?}: {what}: {err}", kind.name)));
    }
    if told == 0 && kind.telling == Telling::Some && kind.name != "speech's file: unreadable" {
        problems.push(format!("{}: no command tells of it", kind.name));
    }
    problems
}

/// The content of the regular files of a store that is a folder.
fn listing_of_store(root: &Path) -> String {
    let mut text = String::new();
    for folder in [root.join(".pizhu"), root.join(".pizhu/aside")] {
        if fs::symlink_metadata(&folder).is_ok_and(|data| data.is_dir()) {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                if entry.metadata().unwrap().is_file() && entry.metadata().unwrap().len() < 1 << 20 {
                    text.push_str(&String::from_utf8_lossy(&fs::read(entry.path()).unwrap_or_default()));
                }
            }
        }
    }
    text
}

/// R33 and R35: a link to a private key in the place of the codebook was copied into the store, a FIFO
/// hung every command, /dev/zero filled the memory, a sparse file of 4 GB was read whole, and `.lock`,
/// `aside` and `.gitignore` were written through links.
#[test]
fn no_command_is_harmed_by_a_hostile_folder() {
    let only = std::env::var("PIZHU_HOSTILE").unwrap_or_default();
    let kinds: Vec<HostileFolder> = hostile::kinds().into_iter().filter(|kind| kind.name.contains(&only)).collect();
    assert!(!only.is_empty() || kinds.len() >= 30);
    let (kinds, found) = (Mutex::new(kinds.into_iter()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let program = TestProgram::with_store();
                let top = program.folder().parent().unwrap().to_owned();
                program.run(&["--author", "王工", "tag", "a.txt", "--section", "二、/（一）", "人才工作"]).ok();
                program.write("in.json", program.run(&["export", "--format", "json"]).ok());
                program.write("tags.csv", program.run(&["tags", "export"]).ok());
                for name in ["base", "ours", "theirs"] {
                    fs::copy(program.folder().join(".pizhu/codebook.ron"), top.join(name).with_extension("ron")).unwrap();
                }
                let template = tempfile::tempdir().unwrap();
                hostile::copy_folder(&program.folder(), template.path());
                loop {
                    let next = kinds.lock().unwrap().next();
                    let Some(kind) = next else { return };
                    if !kind.needs_root || is_root(kind.name) {
                        let problems = problems(&kind, template.path(), &program);
                        found.lock().unwrap().extend(problems);
                    }
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    assert!(found.is_empty(), "{} problems:\n{}", found.len(), found.join("\n"));
}
