//! What is looked at of a section: its words and pairs of characters, and those of what is above
//! and around it.

use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;
use pizhu_text::text::fold::fold_text;
use pizhu_text::text::segment;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// What a pair of characters in the title, in the heading above and in the speech's title weighs;
/// one in the text weighs the root of how often it stands there.
const TITLE_PAIR: f64 = 3.0;
const ABOVE_PAIR: f64 = 1.0;
const SPEECH_PAIR: f64 = 0.5;
/// What a keyword weighs in each of them.
pub(super) const TITLE_WORD: f64 = 0.8;
const BODY_WORD: f64 = 0.4;
const ABOVE_WORD: f64 = 0.5;
const SPEECH_WORD: f64 = 0.3;
/// How often a keyword or a pair counts in one text.
const MOST_WORDS: usize = 4;
const MOST_PAIRS: usize = 6;
/// Words of a keyword.
const MOST_RUN: usize = 4;
/// Chars of a section that are looked at.
const REACH: usize = 4000;

/// A pair of characters that follow one another.
pub(super) type Pair = (char, char);

/// How often runs of words stand in a text.
type Words = HashMap<String, usize>;

/// What is looked at of a section.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Excerpt {
    title: String,
    above: String,
    pub(super) speech: String,
    body: String,
    /// Keywords that stand here, by place, are looked up in these.
    pub(super) words: Arc<Words>,
    pub(super) title_words: HashSet<String>,
    above_words: HashSet<String>,
    speech_words: HashSet<String>,
    /// Those of the section around, where it is known.
    pub(super) around: Arc<Words>,
}

/// The excerpts of a document's sections with what stands around them; the words of each section
/// are counted once.
#[derive(Debug)]
pub struct Excerpts<'a> {
    document: &'a Document,
    words: HashMap<SectionId, Arc<Words>>,
}

impl<'a> Excerpts<'a> {
    /// Those of `document`.
    #[must_use]
    pub fn new(document: &'a Document) -> Self {
        Self { document, words: HashMap::new() }
    }

    /// What is looked at of section `id`.
    pub fn of(&mut self, id: SectionId) -> Excerpt {
        let Some(section) = self.document.outline.get(id) else { return Excerpt::default() };
        let around = section.parent.map(|parent| self.words(parent)).unwrap_or_default();
        Excerpt { around, ..Excerpt::with(self.document, id, self.words(id)) }
    }

    fn words(&mut self, id: SectionId) -> Arc<Words> {
        let document = self.document;
        let count = || document.outline.get(id).map(|section| counted(&body(document, section.span))).unwrap_or_default();
        Arc::clone(self.words.entry(id).or_insert_with(|| Arc::new(count())))
    }
}

impl Excerpt {
    /// What is looked at of section `id` to learn from it; what is around it is not.
    #[must_use]
    pub fn of(document: &Document, id: SectionId) -> Self {
        let Some(section) = document.outline.get(id) else { return Self::default() };
        Self::with(document, id, Arc::new(counted(&body(document, section.span))))
    }

    fn with(document: &Document, id: SectionId, words: Arc<Words>) -> Self {
        let Some(section) = document.outline.get(id) else { return Self::default() };
        let above = section.parent.and_then(|parent| document.outline.get(parent)).map_or("", |parent| parent.shown_title());
        Self::new(document, section.shown_title(), above, body(document, section.span), words)
    }

    /// What is looked at of a passage: its text stands for a title too.
    #[must_use]
    pub fn of_passage(document: &Document, span: Span) -> Self {
        let section = document.outline.at(span.start).and_then(|id| document.outline.get(id));
        let text = document.text(span);
        let title: String = text.chars().take_while(|c| !matches!(c, '。' | '；' | '\n')).take(30).collect();
        let body = body(document, span);
        let words = Arc::new(counted(&body));
        Self::new(document, &title, section.map_or("", |section| section.shown_title()), body, words)
    }

    /// Of folded `body` and its words.
    fn new(document: &Document, title: &str, above: &str, body: String, words: Arc<Words>) -> Self {
        let speech = document.metadata.title.as_deref().unwrap_or_default();
        let [title, above, speech] = [title, above, speech].map(fold_text);
        let set = |text: &str| runs_of(text, MOST_RUN).into_iter().collect();
        let (title_words, above_words, speech_words) = (set(&title), set(&above), set(&speech));
        Self { title, above, speech, body, words, title_words, above_words, speech_words, around: Arc::default() }
    }

    pub(super) fn pairs(&self) -> HashMap<Pair, f64> {
        let mut counts: HashMap<Pair, usize> = HashMap::new();
        for pair in pairs(&self.body) {
            *counts.entry(pair).or_default() += 1;
        }
        let mut all: HashMap<Pair, f64> = counts.into_iter().map(|(pair, count)| (pair, (count.min(MOST_PAIRS) as f64).sqrt())).collect();
        for (text, weight) in [(&self.title, TITLE_PAIR), (&self.above, ABOVE_PAIR), (&self.speech, SPEECH_PAIR)] {
            for pair in pairs(text).collect::<HashSet<_>>() {
                *all.entry(pair).or_default() += weight;
            }
        }
        all
    }

    /// What a keyword weighs here.
    pub(super) fn weight(&self, word: &str) -> f64 {
        let mut weight = match (self.title_words.contains(word), self.words.get(word)) {
            (true, _) => TITLE_WORD,
            (false, Some(count)) => BODY_WORD * (*count).min(MOST_WORDS) as f64 / MOST_WORDS as f64,
            (false, None) => 0.0,
        };
        if self.above_words.contains(word) {
            weight += ABOVE_WORD;
        }
        if self.speech_words.contains(word) {
            weight += SPEECH_WORD;
        }
        weight
    }
}

/// What is looked at of a text, folded.
fn body(document: &Document, span: Span) -> String {
    fold_text(&document.text(Span::new(span.start, span.end.min(span.start + REACH))))
}

fn counted(folded: &str) -> Words {
    let mut words = Words::new();
    for run in runs_of(folded, MOST_RUN) {
        *words.entry(run).or_default() += 1;
    }
    words
}

/// All runs of up to `most` words of a text that follow one another, so that a keyword is found
/// where it begins and ends with words: 干部 does not stand in 老干部.
fn runs_of(text: &str, most: usize) -> Vec<String> {
    let words: Vec<&str> = segment::words(text);
    let mut runs = Vec::new();
    for from in 0..words.len() {
        let mut run = String::new();
        for word in words[from..].iter().take(most) {
            if !word.chars().all(char::is_alphanumeric) {
                break;
            }
            run.push_str(word);
            runs.push(run.clone());
        }
    }
    runs
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}

/// The pairs of Han characters of a text.
fn pairs(text: &str) -> impl Iterator<Item = Pair> {
    text.chars().zip(text.chars().skip(1)).filter(|(a, b)| is_han(*a) && is_han(*b))
}
