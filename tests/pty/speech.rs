//! Reads, tags, notes and exports a whole real speech by keyboard in under sixty keys. The real
//! speeches are not part of this repository; without them the test is skipped.

use crate::terminal::{Home, Terminal};
use std::path::Path;

/// A terminal with a count of the keys pressed.
struct KeyCounter {
    terminal: Terminal,
    keys: usize,
}

impl KeyCounter {
    /// Presses keys one by one; a named key such as `<Enter>` counts as one.
    fn press(&mut self, keys: &[&str]) {
        for key in keys {
            self.terminal.press(key).settle();
            self.keys += 1;
        }
    }

    fn is_at_end(&self) -> bool {
        self.terminal.screen_text().lines().last().is_some_and(|status| status.trim_end().ends_with("100%"))
    }
}

#[test]
fn real_speech_is_read_tagged_and_exported_in_under_sixty_keys() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real-speeches");
    let files = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let longest =
        files.filter(|path| path.extension().is_some_and(|e| e == "txt")).max_by_key(|path| path.metadata().map_or(0, |m| m.len()));
    let Some(speech) = longest else {
        println!("skipped: no speeches in {}", folder.display());
        return;
    };
    let home = Home::with_speeches(&[]);
    std::fs::copy(&speech, home.speech("讲话.txt")).unwrap();
    let mut reader = KeyCounter { terminal: home.open(120, 48, &["speeches/讲话.txt"]), keys: 0 };
    reader.terminal.wait_for("%").settle().assert_whole();

    // Pages to the end.
    while !reader.is_at_end() {
        reader.press(&["<PageDown>"]);
        reader.terminal.assert_whole();
        assert!(reader.keys < 30, "the end is not reached");
    }
    // Tags the first section, and repeats this for up to three of its siblings.
    reader.press(&["g", "g", "]", "s", "t", "1", "<Enter>"]);
    reader.terminal.wait_for("已贴标签").settle();
    reader.press(&["J", ".", "J", ".", "J", "."]);
    // Notes a sentence of the last one.
    reader.press(&["}", "s", "a", "好", "<C-s>"]);
    reader.terminal.wait("all saved", |terminal| terminal.screen_text().contains("已存")).settle();
    // Exports to CSV.
    reader.press(&["X", "c", "s", "v", "<Enter>", "<Enter>"]);
    reader.terminal.wait_for("已导出").settle();
    reader.press(&["q"]);
    assert!(reader.terminal.wait_exit().success());
    println!("{} keys", reader.keys);
    assert!(reader.keys < 60, "{} keys", reader.keys);

    let mut table = csv::Reader::from_path(home.path().join("讲话-批注.csv")).unwrap();
    let rows = table.records().count();
    let json: serde_json::Value = serde_json::from_str(&home.print(&["export", "speeches", "--format", "json"])).unwrap();
    let annotations = json["annotations"].as_array().unwrap();
    let sections = annotations.iter().filter(|entry| entry["scope"] == "section").count();
    assert!((2..=4).contains(&sections), "up to four top-level sections: {sections}");
    assert_eq!(annotations.iter().filter(|entry| entry["note"] == "好").count(), 1);
    assert_eq!((annotations.len(), rows), (sections + 1, sections + 1), "all annotations are exported");
}
