//! The external editor: whatever it leaves is taken or said, and keys that reach the foreground do in it
//! what they do in a shell.

use crate::{
    drafts::type_note,
    terminal::{Home, Terminal, program},
};
use std::{fs, path::Path};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";

/// Writes a note, opens it in a script as the editor, and returns the reader after it.
fn edit(home: &Home, script: &str) -> Terminal {
    fs::write(home.path().join("editor.sh"), script).unwrap();
    let mut terminal = home.open_with(140, 30, &[&format!("speeches/{SPEECH}")], &[("EDITOR", "sh editor.sh")]);
    type_note(&mut terminal);
    terminal.press("<C-x>");
    terminal
}

/// Saves the note and returns it.
fn save(home: &Home, terminal: &mut Terminal) -> String {
    terminal.press("<C-s>").wait_for("批语已保存");
    crate::annotate::wait_saved(terminal);
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert!(terminal.is_restored() && terminal.is_cooked());
    let json: serde_json::Value = serde_json::from_str(&home.print(&["export", "speeches", "--format", "json"])).unwrap();
    json["annotations"][0]["note"].as_str().unwrap().to_owned()
}

/// Before, all of these lost what the editor had saved: a failing exit (`:cq`), a killed editor, GBK,
/// UTF-16.
#[test]
fn editor_text_is_kept_whatever_its_exit_status() {
    let cases = [
        "echo 改好了 > \"$1\"",
        "echo 改好了 > \"$1\"; exit 1",
        "echo 改好了 > \"$1\"; stty raw -echo; kill -9 $$",
        "printf '\\270\\304\\272\\303\\301\\313\\n' > \"$1\"",
        "printf '\\377\\376\\071\\145\\175\\131\\206\\116\\012\\000' > \"$1\"",
        "echo 改好了 > \"$1.new\"; mv \"$1.new\" \"$1\"",
    ];
    for script in cases {
        let home = Home::with_speeches(&[SPEECH]);
        let mut terminal = edit(&home, script);
        terminal.wait_for("改好了");
        assert_eq!(save(&home, &mut terminal), "改好了", "{script}");
    }
}

/// An editor that fails, truncates or removes the file leaves the note as it was.
#[test]
fn failing_editor_leaves_the_note() {
    for script in ["exit 3", ": > \"$1\"; exit 3", "rm \"$1\"", "kill -9 $$"] {
        let home = Home::with_speeches(&[SPEECH]);
        let mut terminal = edit(&home, script);
        terminal.wait_for("编辑器");
        assert_eq!(save(&home, &mut terminal), crate::drafts::NOTE, "{script}");
    }
}

/// Before, an editor that goes on in a window of its own was taken as done; what it saved was lost.
#[test]
fn forking_editor_is_waited_for() {
    let home = Home::with_speeches(&[SPEECH]);
    let script = "(while ! [ -e go ]; do sleep 0.05; done; echo 窗口里写的 > \"$1\") </dev/null >/dev/null 2>&1 &";
    let mut terminal = edit(&home, script);
    terminal.wait_for("note.md");
    fs::write(home.path().join("go"), "").unwrap();
    terminal.wait_for("窗口里写的");
    assert_eq!(save(&home, &mut terminal), "窗口里写的");
}

/// Before, Ctrl-C in a line editor ended the program, with status 0 and the note lost.
#[test]
fn interrupt_in_a_line_editor_is_the_editors() {
    let home = Home::with_speeches(&[SPEECH]);
    let script = "trap 'echo 打断 >> \"$1\"; : > trapped' INT; : > started; read line; read line; exit 0";
    let mut terminal = edit(&home, script);
    terminal.wait("the editor", |_| home.path().join("started").exists());
    terminal.press("<C-c>").wait("the interrupt in the editor", |_| home.path().join("trapped").exists());
    terminal.press("<Enter><Enter>");
    terminal.wait_for("打断");
    assert!(save(&home, &mut terminal).contains("打断"));
}

/// Before, Ctrl-Z in the editor stopped it alone, and the terminal froze.
#[test]
fn suspend_in_the_editor_stops_both_and_the_shell_continues_both() {
    if !Path::new("/bin/bash").exists() {
        eprintln!("skipped: there is no /bin/bash");
        return;
    }
    let home = Home::with_speeches(&[SPEECH]);
    fs::write(home.path().join("editor.sh"), "echo 等待输入; : > started; read line; echo \"停过：$line\" > \"$1\"").unwrap();
    let mut shell =
        home.open_program_with(Path::new("/bin/bash"), &["--norc", "--noprofile", "-i"], &[("EDITOR", "sh editor.sh"), ("PS1", "提示> ")]);
    shell.wait_for("提示>");
    shell.type_text(&format!("'{}' speeches/{SPEECH}", program().display())).press("<Enter>");
    type_note(&mut shell);
    shell.press("<C-x>").wait("the editor", |_| home.path().join("started").exists());
    shell.wait_for("等待输入");
    shell.press("<C-z>").wait_for("Stopped");
    shell.type_text("echo 还在$((40+2))").press("<Enter>").wait_for("还在42");
    // While bash edits a line itself, the terminal is raw.
    shell.type_text("fg").press("<Enter>").wait("the editor in the foreground", Terminal::is_cooked);
    shell.type_text("继续").press("<Enter>");
    shell.wait_for("停过：继续");
    shell.press("<C-s>").wait_for("批语已保存");
    shell.press("Q").wait_for("提示>");
    shell.type_text("exit").press("<Enter>");
    shell.wait_exit();
    assert!(home.print(&["export", "speeches", "--format", "json"]).contains("停过：继续"));
}

/// Before, "copied" was said also where nothing may arrive.
#[test]
fn copying_warns_if_no_clipboard_is_reachable() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    let mut terminal = home.open_with(100, 30, &[&speech], &[("TMUX", "/nowhere/tmux,1,0"), ("PATH", "/nowhere")]);
    terminal.wait_for("同志们").settle();
    terminal.press("sy").wait_for("set-clipboard");
    terminal.kill();
    let long = home.speech("长.txt");
    fs::write(&long, format!("讲话\n\n同志们：\n\n{}\n", "把每一件事都办好。".repeat(3000))).unwrap();
    let mut terminal = home.open_with(100, 30, &["speeches/长.txt"], &[("PATH", "/nowhere")]);
    terminal.wait_for("同志们").settle();
    terminal.press("GVy").wait_for("copied.txt");
    assert!(fs::read_to_string(home.state().join("copied.txt")).unwrap().contains("把每一件事都办好。"));
}
