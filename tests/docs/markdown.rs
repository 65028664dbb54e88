//! Links and headings of Markdown pages.

use std::{collections::BTreeSet, fs, path::Path};

/// The targets of a page's links, outside code: `[…](target)`.
pub(crate) fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with("    ")) {
        for (index, part) in line.split("](").enumerate() {
            if index > 0 {
                found.push(part.split(')').next().unwrap().to_owned());
            }
        }
    }
    found
}

/// The names by which links reach a page's headings: `## The outline` is `#the-outline`.
pub(crate) fn anchors(text: &str) -> BTreeSet<String> {
    let titles = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let slug = |title: &str| title.to_lowercase().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>();
    titles.map(|title| slug(title).replace(' ', "-")).collect()
}

/// The links of a page whose file or heading does not exist. Web addresses are not checked.
pub(crate) fn broken_links(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let exists = |link: &String| {
        if link.starts_with("http") {
            return true;
        }
        let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
        let target = if path.is_empty() { page.to_owned() } else { page.parent().unwrap().join(path) };
        target.exists() && (anchor.is_empty() || anchors(&fs::read_to_string(&target).unwrap()).contains(anchor))
    };
    links(&text).into_iter().filter(|link| !exists(link)).collect()
}
