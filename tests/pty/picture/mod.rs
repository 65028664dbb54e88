//! Generates the READMEs' pictures from the running program: `cargo test --test pty picture -- --ignored`
//! writes `docs/reader.svg`, a screen, and `docs/tour.svg`, which moves.

mod svg;

use crate::terminal::{Home, Terminal};
use std::{fs, path::Path};
use svg::{Frame, animated, still};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";

fn write(name: &str, picture: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), picture).unwrap();
}

#[test]
#[ignore = "writes the READMEs' picture"]
fn picture() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    let note = |place: [&str; 2], text: &str| drop(home.print(&["note", &speech, place[0], place[1], text]));
    home.print(&["tag", &speech, "--section", "二、/(三)", "人才工作"]);
    home.print(&["tag", &speech, "--section", "二、/(二)", "基层党建"]);
    home.print(&["tag", &speech, "--section", "二、/(一)", "干部队伍"]);
    home.print(&["tag", &speech, "--section", "三、", "自身建设"]);
    note(["--quote", "县里已经决定，今年拿出2000万元设立人才发展专项资金，比去年翻一番。"], "与去年的数字核对");
    note(["--quote", "栽下梧桐树，引来金凤凰"], "开头可以用");
    let mut terminal = home.open(152, 32, &[&speech]);
    terminal.wait_for("看清来路").settle();
    terminal.press(":").type_text("二、/(三)").press("<Enter>").wait_for("着眼人尽其才").settle();
    terminal.press("zt").settle();
    write("reader.svg", &terminal.with_screen(still));
}

/// A run of the program, a screen for each step.
struct Tour {
    terminal: Terminal,
    frames: Vec<Frame>,
}

impl Tour {
    /// Presses the keys, waits for the text, and shows the screen for that long, with what was done.
    fn step(&mut self, caption: &str, keys: &str, text: &str, seconds: f32) -> &mut Self {
        self.terminal.press(keys).wait_for(text).settle();
        self.show(caption, seconds)
    }

    /// Types text, a char a screen.
    fn type_text(&mut self, caption: &str, text: &str) -> &mut Self {
        for c in text.chars() {
            self.terminal.type_text(&c.to_string()).settle();
            self.show(caption, 0.18);
        }
        self
    }

    fn show(&mut self, caption: &str, seconds: f32) -> &mut Self {
        let frame = self.terminal.with_screen(|screen| Frame::new(screen, caption, seconds));
        self.frames.push(frame);
        self
    }
}

#[test]
#[ignore = "writes the READMEs' picture that moves"]
fn tour() {
    let home = Home::with_speeches(&[SPEECH, "玉带市人才工作推进会讲话.txt", "云岭区基层党建述职评议会讲话.txt"]);
    home.print(&["tag", "speeches/玉带市人才工作推进会讲话.txt", "--section", "一、", "人才工作"]);
    let terminal = home.open(110, 30, &["speeches"]);
    terminal.wait_for("青禾县").settle();
    let mut tour = Tour { terminal, frames: Vec::new() };
    tour.show("pizhu speeches", 2.0)
        .step("Enter  打开", "<Enter>", "肯定进步", 2.0)
        .step("]s  下一节", "]s", "主业意识", 0.8)
        .step("]s  下一节", "]s", "主业意识", 0.8)
        .step("]s  下一节", "]s", "工作办法", 1.2)
        .step("t  标签", "t", "人才工作", 1.2)
        .type_text("拼音也能找到", "rencai")
        .step("Enter  贴上标签", "<Enter>", "已贴标签", 1.5)
        .step("s  选中一句", "s", "已选", 1.0)
        .step("a  写批语", "a", "Ctrl-S", 1.0)
        .type_text("批语", "开头可以用")
        .step("Ctrl-S  保存", "<C-s>", "已存", 2.0)
        .step("gR  按标签通读各篇", "<Esc>gR", "人才工作", 1.2)
        .type_text("拼音也能找到", "rencai")
        .step("Enter  两篇里这个标签的段落", "<Enter>", "玉带", 4.0);
    write("tour.svg", &animated(&tour.frames));
}
