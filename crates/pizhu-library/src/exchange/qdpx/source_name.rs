//! Names of sources, which programs take for names of files.

use crate::exchange::collection::Collection;
use std::collections::HashMap;

/// Maximum chars of a name.
const MAX_NAME_CHARS: usize = 80;

/// A name for each speech, all different and without what a file name cannot hold: the name of its file, with
/// as many of the folders above it as tell it from others: `2023/讲话.txt` gives `讲话.txt`, beside
/// `2024/讲话.txt` it gives `2023_讲话.txt`.
pub(super) fn source_names(collection: &Collection) -> Vec<String> {
    unique_names(&collection.sources().map(|speech| speech.name.as_str()).collect::<Vec<_>>())
}

fn unique_names(paths: &[&str]) -> Vec<String> {
    let ending = |path: &str, steps: usize| -> String {
        let parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
        let last = parts.get(parts.len().saturating_sub(steps)..).unwrap_or_default();
        let name: String =
            last.join("_").chars().filter(|c| !c.is_control()).map(|c| if "/\\:*?\"<>|".contains(c) { '_' } else { c }).collect();
        let excess = name.chars().count().saturating_sub(MAX_NAME_CHARS);
        name.chars().skip(excess).collect()
    };
    let mut names: Vec<String> = paths.iter().map(|path| ending(path, 1)).collect();
    let most = paths.iter().map(|path| path.matches(['/', '\\']).count() + 1).max().unwrap_or(1);
    for steps in 2..=most {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for name in &names {
            *counts.entry(name.clone()).or_default() += 1;
        }
        for (name, path) in names.iter_mut().zip(paths) {
            if counts.get(name.as_str()).is_some_and(|count| *count > 1) {
                *name = ending(path, steps);
            }
        }
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for name in &mut names {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            *name = format!("{count}_{name}");
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_different_and_can_be_file_names() {
        let names = unique_names(&["2023/讲话.txt", "2024/讲话.txt", "别的.txt", "/a/b?\u{1B}.txt", "2024/讲话.txt"]);
        assert_eq!(names, ["2023_讲话.txt", "2024_讲话.txt", "别的.txt", "b_.txt", "2_2024_讲话.txt"]);
        assert_eq!(unique_names(&[&format!("{}.txt", "长".repeat(300))])[0].chars().count(), MAX_NAME_CHARS);
    }
}
