//! An expected outline, and how a document is held against it: a node is found when its marker,
//! the start of its title and the markers of all its ancestors agree, after NFKC and without
//! punctuation, symbols and spaces.

use pizhu_text::document::Document;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization as _;

/// How many characters of the title tell a node.
const TITLE_START: usize = 8;

/// A node of the expected tree.
#[derive(Debug, Clone)]
pub struct Node {
    /// Nodes above it.
    pub depth: usize,
    /// The ordinal; empty for an unnumbered Markdown heading.
    pub marker: String,
    /// The title as it stands, and, of a damaged heading, as restored: either counts.
    pub titles: Vec<String>,
}

/// What a careful reader finds in a speech.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    pub title: Option<String>,
    pub date: Option<String>,
    pub boilerplate: Vec<String>,
    pub nodes: Vec<Node>,
}

/// How a document's tree compares with the expected one.
#[derive(Debug)]
pub struct Score {
    pub f1: f64,
    /// The share of found nodes whose whole title agrees.
    pub exact: f64,
    /// Expected nodes that are not there, and nodes that should not be.
    pub differences: Vec<String>,
}

impl Score {
    pub fn is_perfect(&self) -> bool {
        self.f1 >= 1.0 && self.exact >= 1.0
    }
}

impl Expected {
    /// Reads the notation: `# key: value` lines, then one node a line, two spaces a level, marker,
    /// tab, title and, of a damaged heading, tab, the title restored.
    pub fn read(text: &str) -> Self {
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
            expected.nodes.push(Node {
                depth: (line.len() - node.len()) / 2,
                marker: fields.next().unwrap_or_default(),
                titles: fields.collect(),
            });
        }
        expected
    }

    /// Holds the document's tree against the nodes.
    pub fn score(&self, document: &Document) -> Score {
        let mut left: HashMap<(Vec<String>, String), Vec<String>> = HashMap::new();
        let sections = document.outline.sections();
        for (id, section) in document.outline.iter() {
            let mut path: Vec<String> = document
                .outline
                .ancestors(id)
                .filter_map(|id| document.outline.get(id))
                .map(|above| marker_key(above.marker_text))
                .collect();
            path.reverse();
            let title = bare(section.title_text);
            left.entry((path, start(&title))).or_default().push(title);
        }
        let (mut hits, mut exact) = (0_usize, 0_usize);
        let mut differences = Vec::new();
        let mut path: Vec<String> = Vec::new();
        for node in &self.nodes {
            path.truncate(node.depth);
            path.push(marker_key(&node.marker));
            let found = node.titles.iter().map(|title| bare(title)).find_map(|title| {
                let twins = left.get_mut(&(path.clone(), start(&title))).filter(|twins| !twins.is_empty())?;
                Some((twins.remove(0), title))
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
        let extra = left.into_iter().flat_map(|((path, _), titles)| titles.into_iter().map(move |title| (path.clone(), title)));
        differences.extend(extra.map(|(path, title)| format!("extra  {}  {title}", path.join("/"))));
        let (wanted, given) = (self.nodes.len(), sections.len());
        let f1 = if wanted + given == 0 { 1.0 } else { 2.0 * hits as f64 / (wanted + given) as f64 };
        Score { f1, exact: if hits == 0 { 1.0 } else { exact as f64 / hits as f64 }, differences }
    }

    /// What is wrong with the title, the date and the lines about the page.
    pub fn front_faults(&self, document: &Document) -> Vec<String> {
        let metadata = &document.metadata;
        let mut faults = Vec::new();
        let title = metadata.title.as_deref();
        if bare(title.unwrap_or_default()) != bare(self.title.as_deref().unwrap_or_default()) {
            faults.push(format!("title {title:?} for {:?}", self.title));
        }
        if metadata.date.as_deref() != self.date.as_deref() {
            faults.push(format!("date {:?} for {:?}", metadata.date, self.date));
        }
        let mut lines: Vec<String> = metadata.boilerplate.iter().map(|span| bare(&document.quote(*span))).collect();
        for wanted in &self.boilerplate {
            let wanted = bare(wanted);
            match lines.iter().position(|line| line.starts_with(&wanted) || (!line.is_empty() && wanted.starts_with(line.as_str()))) {
                Some(place) => drop(lines.remove(place)),
                None => faults.push(format!("boilerplate missed: {wanted}")),
            }
        }
        faults.extend(lines.into_iter().filter(|line| !line.is_empty()).map(|line| format!("not boilerplate: {line}")));
        faults
    }
}

/// NFKC, without punctuation, symbols and spaces.
pub fn bare(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).collect()
}

/// The ordinal with its kind: （一） is not 一、, nor ① 1.
pub fn marker_key(marker: &str) -> String {
    let enclosed = marker.chars().any(|c| "()（）".contains(c) || ('①'..='⑳').contains(&c));
    let mut key = bare(marker);
    if enclosed {
        key.push('*');
    }
    key
}

fn start(title: &str) -> String {
    title.chars().take(TITLE_START).collect()
}
