//! Expected outlines and their comparison with parsed documents. A node counts as found if its
//! marker, the start of its title and the markers of all ancestors are equal, after NFKC and without
//! punctuation, symbols and spaces.

#![allow(dead_code, reason = "shared by two test programs; each uses a part")]

use pizhu_text::document::Document;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization as _;

/// Number of title characters that identify a node.
const TITLE_START: usize = 8;

/// A node of the expected outline.
#[derive(Debug, Clone)]
pub struct ExpectedNode {
    /// Number of ancestors.
    pub depth: usize,
    /// The ordinal; empty for an unnumbered Markdown heading.
    pub marker: String,
    /// The title as written and, for a damaged heading, the restored one; either is accepted.
    pub titles: Vec<String>,
}

/// The outline and metadata of a speech, as annotated by a human reader.
#[derive(Debug, Clone, Default)]
pub struct ExpectedOutline {
    pub title: Option<String>,
    pub date: Option<String>,
    pub boilerplate: Vec<String>,
    pub nodes: Vec<ExpectedNode>,
}

/// Result of comparing a document's outline with the expected one.
#[derive(Debug)]
pub struct Score {
    pub f1: f64,
    /// Fraction of the found nodes whose whole title is equal.
    pub exact: f64,
    /// Missing nodes, extra nodes and differing titles, one line each.
    pub differences: Vec<String>,
}

impl Score {
    pub fn is_perfect(&self) -> bool {
        self.f1 >= 1.0 && self.exact >= 1.0
    }
}

impl ExpectedOutline {
    /// Parses the notation: `# key: value` lines, then one node per line: two spaces per level,
    /// marker, tab, title and, for a damaged heading, tab, restored title.
    pub fn parse(text: &str) -> Self {
        let mut expected = Self::default();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            if let Some((key, value)) = line.strip_prefix("# ").and_then(|rest| rest.split_once(": ")) {
                match key {
                    "title" => expected.title = Some(value.to_owned()),
                    "date" => expected.date = Some(value.to_owned()),
                    "boilerplate" => expected.boilerplate.push(value.to_owned()),
                    other => panic!("unknown key {other}"),
                }
                continue;
            }
            let node = line.trim_start_matches(' ');
            let mut fields = node.split('\t').map(str::to_owned);
            expected.nodes.push(ExpectedNode {
                depth: (line.len() - node.len()) / 2,
                marker: fields.next().unwrap_or_default(),
                titles: fields.collect(),
            });
        }
        expected
    }

    /// Compares the document's outline with the expected nodes.
    pub fn score(&self, document: &Document) -> Score {
        let mut unmatched: HashMap<(Vec<String>, String), Vec<String>> = HashMap::new();
        let sections = document.outline.sections();
        for (id, section) in document.outline.iter() {
            let mut path: Vec<String> = document
                .outline
                .ancestors(id)
                .filter_map(|id| document.outline.get(id))
                .map(|ancestor| marker_key(ancestor.marker_text))
                .collect();
            path.reverse();
            let title = alphanumeric(section.title_text);
            unmatched.entry((path, title_start(&title))).or_default().push(title);
        }
        let (mut hits, mut exact) = (0_usize, 0_usize);
        let mut differences = Vec::new();
        let mut path: Vec<String> = Vec::new();
        for node in &self.nodes {
            path.truncate(node.depth);
            path.push(marker_key(&node.marker));
            let found = node.titles.iter().map(|title| alphanumeric(title)).find_map(|title| {
                let candidates = unmatched.get_mut(&(path.clone(), title_start(&title))).filter(|candidates| !candidates.is_empty())?;
                Some((candidates.remove(0), title))
            });
            match found {
                Some((ours, title)) => {
                    hits += 1;
                    exact += usize::from(ours == title);
                    if ours != title {
                        differences.push(format!("title  {}  {ours:?} for {title:?}", path.join("/")));
                    }
                }
                None => differences.push(format!("missed {}  {}", path.join("/"), node.titles.join(" | "))),
            }
        }
        let extra = unmatched.into_iter().flat_map(|((path, _), titles)| titles.into_iter().map(move |title| (path.clone(), title)));
        differences.extend(extra.map(|(path, title)| format!("extra  {}  {title}", path.join("/"))));
        let (expected, given) = (self.nodes.len(), sections.len());
        let f1 = if expected + given == 0 { 1.0 } else { 2.0 * hits as f64 / (expected + given) as f64 };
        Score { f1, exact: if hits == 0 { 1.0 } else { exact as f64 / hits as f64 }, differences }
    }

    /// Differences in title, date and boilerplate lines.
    pub fn metadata_differences(&self, document: &Document) -> Vec<String> {
        let metadata = &document.metadata;
        let mut faults = Vec::new();
        let title = metadata.title.as_deref();
        if alphanumeric(title.unwrap_or_default()) != alphanumeric(self.title.as_deref().unwrap_or_default()) {
            faults.push(format!("title {title:?} for {:?}", self.title));
        }
        if metadata.date.as_deref() != self.date.as_deref() {
            faults.push(format!("date {:?} for {:?}", metadata.date, self.date));
        }
        let mut lines: Vec<String> = metadata.boilerplate.iter().map(|span| alphanumeric(&document.quote(*span))).collect();
        for expected in &self.boilerplate {
            let expected = alphanumeric(expected);
            match lines.iter().position(|line| line.starts_with(&expected) || (!line.is_empty() && expected.starts_with(line.as_str()))) {
                Some(index) => drop(lines.remove(index)),
                None => faults.push(format!("boilerplate missed: {expected}")),
            }
        }
        faults.extend(lines.into_iter().filter(|line| !line.is_empty()).map(|line| format!("not boilerplate: {line}")));
        faults
    }
}

/// The text in NFKC, without punctuation, symbols and spaces.
pub fn alphanumeric(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).collect()
}

/// Comparison key of an ordinal, which keeps its kind: （一） differs from 一、, ① from 1.
pub fn marker_key(marker: &str) -> String {
    let enclosed = marker.chars().any(|c| "()（）".contains(c) || ('①'..='⑳').contains(&c));
    let mut key = alphanumeric(marker);
    if enclosed {
        key.push('*');
    }
    key
}

fn title_start(title: &str) -> String {
    title.chars().take(TITLE_START).collect()
}
