//! Folders as a stranger may send them: links, FIFOs, devices, sockets, sparse and damaged files in
//! the places that the program reads by itself.
//!
//! Each kind is built over the same harmless folder: a speech `a.txt` and a store that has tagged it.
//! Beside it lies the folder `outside`, which nothing may change, and whose secret no export may hold.

#![allow(dead_code, reason = "shared by several test programs; each uses a part")]

use std::{
    fs::{self, File, Permissions},
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _, chown, symlink},
        net::UnixListener,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A line of the file outside that must not be taken in.
pub const SECRET: &str = "这是私人日记，谁也不给看。";
/// A user other than the one who runs the tests.
pub const STRANGER: u32 = 65_533;
/// Size of a sparse file in bytes.
const SPARSE: u64 = 4 << 30;
/// Levels of the deep folders.
const DEPTH: usize = 120;

/// A kind of hostile folder.
pub struct HostileFolder {
    pub name: &'static str,
    /// Makes the folder hostile: the folder, and the folder outside.
    make: fn(&Path, &Path),
    /// Whether only the administrator can make it.
    pub needs_root: bool,
    /// How the lines name the faulty files, one for each fault, and who tells of them.
    pub marks: &'static [&'static str],
    pub telling: Telling,
}

/// The commands that tell of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// All that use the store.
    Store,
    /// All that list the folder.
    Folder,
    /// Those that read just this file.
    Some,
    /// Nobody: it is no fault.
    Nobody,
}

/// The marks and the telling of a kind.
fn faults(name: &str) -> (&'static [&'static str], Telling) {
    let (place, what) = name.split_once(": ").unwrap_or((name, ""));
    match (place, what) {
        ("codebook", "deeply nested" | "endless list" | "no UTF-8" | "empty" | "sparse") => (&["codebook.ron: "], Telling::Some),
        ("codebook", _) => (&["codebook.ron: "], Telling::Store),
        ("speech's file", "names a file outside" | "names a file above") => (&["outside/secret.txt"], Telling::Some),
        // The administrator can read an unreadable one.
        ("speech's file", "deeply nested" | "no UTF-8" | "60 MB of zeros" | "unreadable") => (&[".ron: "], Telling::Some),
        ("speech's file", _) => (&[".ron: "], Telling::Store),
        ("lock", _) => (&[".lock: "], Telling::Store),
        ("aside", _) => (&[".pizhu/aside: ", ".ron: "], Telling::Some),
        ("store", _) | ("clone", "the store is a link") => (&[".pizhu: "], Telling::Store),
        (".gitignore" | ".ignore" | "exclude", _) => (&["ignore: ", "info/exclude: "], Telling::Folder),
        ("speech", "link to a file outside") => (&["b.txt: "], Telling::Some),
        ("speech", "folder" | "no text" | "deep HTML" | "one long line") => (&[], Telling::Nobody),
        ("speech", "control characters in its name") | ("folders", "deep") => (&["and shares its annotations"], Telling::Some),
        ("speech", "sparse archive") => (&["b.docx: "], Telling::Folder),
        ("speech", _) => (&["b.txt: "], Telling::Folder),
        ("folders", _) => (&["again: ", "up: "], Telling::Folder),
        ("clone", "links") => (&["codebook.ron: ", ".lock: ", ".pizhu/aside: ", "b.txt: "], Telling::Some),
        _ => (&[], Telling::Nobody),
    }
}

/// Whether the tests run as the administrator; says that a test is skipped otherwise.
pub fn is_root(test: &str) -> bool {
    let is_root = fs::metadata("/proc/self").is_ok_and(|data| data.uid() == 0);
    if !is_root {
        eprintln!("{test}: skipped, as it needs root");
    }
    is_root
}

fn fifo(path: &Path) {
    let _ = fs::remove_file(path);
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn link(target: impl AsRef<Path>, path: &Path) {
    let _ = fs::remove_file(path);
    symlink(target, path).unwrap();
}

fn sparse(path: &Path) {
    File::create(path).unwrap().set_len(SPARSE).unwrap();
}

fn socket(path: &Path) {
    let _ = fs::remove_file(path);
    drop(UnixListener::bind(path).unwrap());
}

/// A device like /dev/zero.
fn device(path: &Path) {
    let _ = fs::remove_file(path);
    assert!(Command::new("mknod").arg(path).args(["c", "1", "5"]).status().unwrap().success());
}

fn folder(path: &Path) {
    let _ = fs::remove_file(path);
    fs::create_dir_all(path).unwrap();
}

fn codebook(root: &Path) -> PathBuf {
    root.join(".pizhu/codebook.ron")
}

/// The file of the speech in the store.
fn speech_file(root: &Path) -> PathBuf {
    let is_speech = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "ron") && !path.ends_with("codebook.ron");
    fs::read_dir(root.join(".pizhu")).unwrap().map(|entry| entry.unwrap().path()).find(is_speech).unwrap()
}

fn git(folder: &Path, arguments: &[&str]) {
    let status = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "git {arguments:?}");
}

/// Replaces `root` by a clone of it.
fn clone(root: &Path) {
    git(root, &["init", "-q"]);
    git(root, &["add", "-A", "."]);
    git(root, &["commit", "-q", "-m", "一"]);
    let original = root.with_extension("origin");
    fs::rename(root, &original).unwrap();
    git(root.parent().unwrap(), &["clone", "-q", original.to_str().unwrap(), root.to_str().unwrap()]);
}

/// A kind that anybody can make.
fn one(name: &'static str, make: fn(&Path, &Path)) -> HostileFolder {
    let (marks, telling) = faults(name);
    HostileFolder { name, make, needs_root: false, marks, telling }
}

/// A kind that only the administrator can make.
fn rooted(name: &'static str, make: fn(&Path, &Path)) -> HostileFolder {
    HostileFolder { needs_root: true, ..one(name, make) }
}

/// Files of the store.
fn store_files() -> Vec<HostileFolder> {
    vec![
        one("codebook: link to a file outside", |root, outside| link(outside.join("key"), &codebook(root))),
        one("codebook: dangling link", |root, outside| link(outside.join("none"), &codebook(root))),
        one("codebook: link to itself", |root, _| link("codebook.ron", &codebook(root))),
        one("codebook: link to /dev/zero", |root, _| link("/dev/zero", &codebook(root))),
        one("codebook: FIFO", |root, _| fifo(&codebook(root))),
        one("codebook: folder", |root, _| folder(&codebook(root))),
        one("codebook: socket", |root, _| socket(&codebook(root))),
        one("codebook: sparse", |root, _| sparse(&codebook(root))),
        one("codebook: deeply nested", |root, _| fs::write(codebook(root), "(".repeat(1 << 20)).unwrap()),
        one("codebook: endless list", |root, _| fs::write(codebook(root), "(version:1,tags:[".to_owned() + &"[".repeat(1 << 20)).unwrap()),
        one("codebook: no UTF-8", |root, _| fs::write(codebook(root), [0xff, 0xfe, 0x28, 0x80].repeat(1000)).unwrap()),
        one("codebook: empty", |root, _| fs::write(codebook(root), "").unwrap()),
        one("speech's file: link to /dev/zero", |root, _| link("/dev/zero", &root.join(".pizhu/x.ron"))),
        one("speech's file: link to /dev/full", |root, _| link("/dev/full", &speech_file(root))),
        one("speech's file: link outside", |root, outside| link(outside.join("key"), &speech_file(root))),
        one("speech's file: FIFO", |root, _| fifo(&root.join(".pizhu/x.ron"))),
        one("speech's file: in its place a FIFO", |root, _| fifo(&speech_file(root))),
        one("speech's file: dangling link", |root, outside| link(outside.join("none"), &root.join(".pizhu/x.ron"))),
        one("speech's file: socket", |root, _| socket(&root.join(".pizhu/x.ron"))),
        one("speech's file: folder", |root, _| folder(&root.join(".pizhu/x.ron"))),
        one("speech's file: in its place a folder", |root, _| folder(&speech_file(root))),
        one("speech's file: deeply nested", |root, _| {
            let (file, text) = (speech_file(root), fs::read_to_string(speech_file(root)).unwrap());
            let cut = text.find("annotations").unwrap();
            fs::write(file, text[..cut].to_owned() + "annotations: [\n" + &"(a:[".repeat(1 << 20)).unwrap();
        }),
        one("speech's file: 60 MB of zeros", |root, _| File::create(root.join(".pizhu/x.ron")).unwrap().set_len(60 << 20).unwrap()),
        one("speech's file: no UTF-8", |root, _| fs::write(root.join(".pizhu/x.ron"), [0xff, 0xfe, 0x28, 0x80].repeat(1000)).unwrap()),
        one("speech's file: sparse", |root, _| sparse(&root.join(".pizhu/x.ron"))),
        one("speech's file: control characters", |root, _| {
            fifo(&root.join(".pizhu/\u{1b}]0;名\u{7}\n.ron"));
        }),
        one("speech's file: unreadable", |root, _| fs::set_permissions(speech_file(root), Permissions::from_mode(0o0)).unwrap()),
        one("speech's file: names a file outside", |root, outside| {
            let (file, text) = (speech_file(root), fs::read_to_string(speech_file(root)).unwrap());
            let named = text.replace("\"a.txt\"", &format!("{:?}", outside.join("secret.txt").to_str().unwrap()));
            assert_ne!(named, text);
            fs::write(file, named).unwrap();
        }),
        one("speech's file: names a file above", |root, _| {
            let (file, text) = (speech_file(root), fs::read_to_string(speech_file(root)).unwrap());
            fs::write(file, text.replace("\"a.txt\"", "\"../outside/secret.txt\"")).unwrap();
        }),
        one("lock: link to a new file outside", |root, outside| link(outside.join("new"), &root.join(".pizhu/.lock"))),
        one("lock: link to a file outside", |root, outside| link(outside.join("key"), &root.join(".pizhu/.lock"))),
        one("lock: FIFO", |root, _| fifo(&root.join(".pizhu/.lock"))),
        one("lock: folder", |root, _| folder(&root.join(".pizhu/.lock"))),
    ]
}

/// The store itself, and clones.
fn stores() -> Vec<HostileFolder> {
    vec![
        one("harmless", |_, _| ()),
        one("aside: link outside, and a damaged file", |root, outside| {
            link(outside, &root.join(".pizhu/aside"));
            let (file, text) = (speech_file(root), fs::read_to_string(speech_file(root)).unwrap());
            fs::write(file, text.trim_end().trim_end_matches(')').to_owned() + "?\n").unwrap();
        }),
        one("store: link outside", |root, outside| {
            fs::rename(root.join(".pizhu"), outside.join("store")).unwrap();
            link(outside.join("store"), &root.join(".pizhu"));
        }),
        one("store: dangling link", |root, outside| {
            fs::remove_dir_all(root.join(".pizhu")).unwrap();
            link(outside.join("none"), &root.join(".pizhu"));
        }),
        one("store: FIFO", |root, _| {
            fs::remove_dir_all(root.join(".pizhu")).unwrap();
            fifo(&root.join(".pizhu"));
        }),
        one("store: a file", |root, _| {
            fs::remove_dir_all(root.join(".pizhu")).unwrap();
            fs::write(root.join(".pizhu"), "").unwrap();
        }),
        one("store: anyone may write", |root, _| {
            fs::set_permissions(root.join(".pizhu"), Permissions::from_mode(0o777)).unwrap();
        }),
        one("exclude: FIFO", |root, _| {
            fs::create_dir_all(root.join(".git/info")).unwrap();
            fifo(&root.join(".git/info/exclude"));
        }),
        one("clone: links", |root, outside| {
            link(outside.join("key"), &codebook(root));
            link(outside.join("new"), &root.join(".pizhu/.lock"));
            link(outside, &root.join(".pizhu/aside"));
            link(outside.join("secret.txt"), &root.join("b.txt"));
            clone(root);
        }),
        one("clone: the store is a link", |root, outside| {
            fs::rename(root.join(".pizhu"), outside.join("store")).unwrap();
            link(outside.join("store"), &root.join(".pizhu"));
            clone(root);
        }),
    ]
}

/// Speeches, ignore rules and folders beside the store.
fn beside_the_store() -> Vec<HostileFolder> {
    vec![
        one(".gitignore: FIFO", |root, _| fifo(&root.join(".gitignore"))),
        one(".gitignore: link to /dev/zero", |root, _| link("/dev/zero", &root.join(".gitignore"))),
        one(".gitignore: sparse", |root, _| sparse(&root.join(".gitignore"))),
        one(".gitignore: folder", |root, _| folder(&root.join(".gitignore"))),
        one(".gitignore: socket", |root, _| socket(&root.join(".gitignore"))),
        one(".gitignore: dangling link", |root, outside| link(outside.join("none"), &root.join(".gitignore"))),
        one(".gitignore: 1 MB of stars", |root, _| fs::write(root.join(".gitignore"), "*?".repeat(1 << 19) + "\n").unwrap()),
        one(".ignore: FIFO", |root, _| fifo(&root.join(".ignore"))),
        one("speech: link to a file outside", |root, outside| link(outside.join("secret.txt"), &root.join("b.txt"))),
        one("speech: FIFO", |root, _| fifo(&root.join("b.txt"))),
        one("speech: socket", |root, _| socket(&root.join("b.txt"))),
        one("speech: link to /dev/zero", |root, _| link("/dev/zero", &root.join("b.txt"))),
        one("speech: link to a regular file that waits for an event", |root, _| link("/proc/kmsg", &root.join("b.txt"))),
        one("speech: link to itself", |root, _| link("b.txt", &root.join("b.txt"))),
        one("speech: sparse", |root, _| sparse(&root.join("b.txt"))),
        one("speech: dangling link", |root, outside| link(outside.join("none"), &root.join("b.txt"))),
        one("speech: folder", |root, _| folder(&root.join("b.txt"))),
        one("speech: no text", |root, _| fs::write(root.join("b.txt"), [0x00, 0xff, 0x03, 0x80].repeat(10_000)).unwrap()),
        one("speech: sparse archive", |root, _| {
            fs::write(root.join("b.docx"), "PK\u{3}\u{4}").unwrap();
            File::options().write(true).open(root.join("b.docx")).unwrap().set_len(SPARSE).unwrap();
        }),
        one("speech: deep HTML", |root, _| fs::write(root.join("b.html"), "<div>".repeat(1 << 20)).unwrap()),
        one("speech: one long line", |root, _| fs::write(root.join("b.txt"), "一".repeat(1 << 20)).unwrap()),
        one("speech: control characters in its name", |root, _| {
            fs::copy(root.join("a.txt"), root.join("\u{1b}]0;名\u{7}\n.txt")).map(drop).unwrap();
        }),
        one("folders: deep", |root, _| {
            let deep = (0..DEPTH).fold(root.to_owned(), |path, _| path.join("深"));
            fs::create_dir_all(&deep).unwrap();
            fs::copy(root.join("a.txt"), deep.join("b.txt")).map(drop).unwrap();
        }),
        one("folders: a link to the folder itself", |root, _| link(".", &root.join("again"))),
        one("folders: a link to the folder above", |root, _| link("..", &root.join("up"))),
    ]
}

/// What only the administrator can make.
fn of_the_administrator() -> Vec<HostileFolder> {
    vec![
        rooted("store: another owner", |root, _| chown(root.join(".pizhu"), Some(STRANGER), None).unwrap()),
        rooted("store: a file of another owner", |root, _| chown(codebook(root), Some(STRANGER), None).unwrap()),
        rooted("speech's file: device", |root, _| device(&root.join(".pizhu/x.ron"))),
        rooted(".gitignore: device", |root, _| device(&root.join(".gitignore"))),
        rooted("speech: device", |root, _| device(&root.join("b.txt"))),
    ]
}

/// All kinds.
pub fn kinds() -> Vec<HostileFolder> {
    [store_files(), stores(), beside_the_store(), of_the_administrator()].into_iter().flatten().collect()
}

impl HostileFolder {
    /// Builds the folder `top/work` and `top/outside` from the harmless folder `template`.
    pub fn build(&self, template: &Path, top: &Path) {
        let (root, outside) = (top.join("work"), top.join("outside"));
        for folder in [&root, &outside] {
            let _ = fs::remove_dir_all(folder);
        }
        let _ = fs::remove_dir_all(root.with_extension("origin"));
        copy_folder(template, &root);
        fs::create_dir_all(&outside).unwrap();
        fs::write(outside.join("secret.txt"), format!("一、日记\n{SECRET}\n")).unwrap();
        fs::write(outside.join("key"), format!("-----BEGIN PRIVATE KEY-----\n{SECRET}\n")).unwrap();
        fs::set_permissions(outside.join("key"), Permissions::from_mode(0o600)).unwrap();
        (self.make)(&root, &outside);
    }
}

/// Copies a folder of regular files.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Each file under a folder with what identifies its state: mode, size, time and content.
pub fn listing(folder: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let data = fs::symlink_metadata(&path).unwrap();
        let content = if data.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
        lines.push(format!("{} {:o} {} {:?} {content:?}", path.display(), data.mode(), data.len(), data.modified().unwrap()));
        if data.is_dir() {
            lines.extend(listing(&path));
        }
    }
    lines.sort();
    lines
}
