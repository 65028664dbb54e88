//! No text of others stands in this repository: not even in the examples and tests of a rule that was found on it.

use pizhu_text::text::{decode, fold::fold};
use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

/// Ideographs in a row that no two texts share by chance; the formulas of meetings are shorter
/// (`在组织工作会议上的讲话`, `同志们`).
const RUN: usize = 14;

/// The ideographs of a text, folded.
fn ideographs(text: &str) -> Vec<char> {
    text.chars().map(fold).filter(|c| matches!(c, '\u{3400}'..='\u{9FFF}')).collect()
}

/// The files below a folder, without what is built.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() && name != "target" && !name.to_string_lossy().starts_with('.') {
            files(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| ["rs", "txt", "md", "ftl", "snap", "outline", "py"].iter().any(|known| extension == *known))
        {
            found.push(path);
        }
    }
}

#[test]
fn no_words_of_the_real_speeches_stand_in_the_repository() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let speeches = root.join("../shared/real-speeches");
    let mut theirs = HashSet::new();
    for entry in
        fs::read_dir(&speeches).into_iter().flatten().flatten().filter(|entry| entry.path().extension().is_some_and(|end| end == "txt"))
    {
        let text = decode(&fs::read(entry.path()).unwrap(), None).source;
        let chars: Vec<char> = text.chars_from(0).map(|(_, c)| fold(c)).filter(|c| matches!(c, '\u{3400}'..='\u{9FFF}')).collect();
        theirs.extend(chars.windows(RUN).map(<[char]>::to_vec));
    }
    if theirs.is_empty() {
        println!("skipped: the real speeches are not available");
        return;
    }
    let mut ours = Vec::new();
    for folder in ["crates", "src", "tests", "docs", "sample-data", "benches", "fuzz"] {
        files(&root.join(folder), &mut ours);
    }
    assert!(ours.len() > 300, "the files are found");
    for path in ours {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for line in text.lines() {
            let own = ideographs(line);
            let shared = own.windows(RUN).find(|run| theirs.contains(*run));
            assert!(shared.is_none(), "{}: {}", path.display(), shared.into_iter().flatten().collect::<String>());
        }
    }
}
