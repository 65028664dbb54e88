//! Features of a section: word runs and hanzi bigrams of its text and titles.

use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;
use pizhu_text::text::fold::fold_text;
use pizhu_text::text::segmentation;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Weight of a bigram in the title, the parent's title and the speech's title. In the text it
/// weighs the square root of its count.
const TITLE_BIGRAM: f64 = 3.0;
const PARENT_TITLE_BIGRAM: f64 = 1.0;
const SPEECH_TITLE_BIGRAM: f64 = 0.5;
/// Weight of a keyword in the title, the text, the parent's title and the speech's title.
pub(super) const TITLE_WORD: f64 = 0.8;
const BODY_WORD: f64 = 0.4;
const PARENT_TITLE_WORD: f64 = 0.5;
const SPEECH_TITLE_WORD: f64 = 0.3;
/// Maximum count of a keyword, and of a bigram, in one text.
const MAX_WORD_COUNT: usize = 4;
const MAX_BIGRAM_COUNT: usize = 6;
/// Maximum words in a keyword.
const MAX_RUN_WORDS: usize = 4;
/// Chars of a section that are considered.
const MAX_BODY_CHARS: usize = 4000;

/// Two adjacent hanzi.
pub(super) type HanBigram = (char, char);

/// Counts of word runs.
type WordCounts = HashMap<String, usize>;

/// Features of a section or passage.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SectionFeatures {
    title: String,
    parent_title: String,
    pub(super) speech_title: String,
    body: String,
    /// Word runs by where they occur, for looking up keywords.
    pub(super) words: Arc<WordCounts>,
    pub(super) title_words: HashSet<String>,
    parent_title_words: HashSet<String>,
    speech_title_words: HashSet<String>,
    /// Word runs of the parent section; empty for a training example.
    pub(super) parent_words: Arc<WordCounts>,
}

/// Extracts features of a document's sections; words of a section are counted once.
#[derive(Debug)]
pub struct FeatureExtractor<'a> {
    document: &'a Document,
    words: HashMap<SectionId, Arc<WordCounts>>,
}

impl<'a> FeatureExtractor<'a> {
    /// An extractor for `document`.
    #[must_use]
    pub fn new(document: &'a Document) -> Self {
        Self { document, words: HashMap::new() }
    }

    /// Features of section `id`, with those of its parent.
    pub fn extract(&mut self, id: SectionId) -> SectionFeatures {
        let Some(section) = self.document.outline.get(id) else { return SectionFeatures::default() };
        let parent_words = section.parent.map(|parent| self.words(parent)).unwrap_or_default();
        SectionFeatures { parent_words, ..SectionFeatures::from_words(self.document, id, self.words(id)) }
    }

    fn words(&mut self, id: SectionId) -> Arc<WordCounts> {
        let document = self.document;
        let count = || document.outline.get(id).map(|section| count_runs(&body(document, section.span))).unwrap_or_default();
        Arc::clone(self.words.entry(id).or_insert_with(|| Arc::new(count())))
    }
}

impl SectionFeatures {
    /// Features of section `id` as a training example, without its parent.
    #[must_use]
    pub(crate) fn from_section(document: &Document, id: SectionId) -> Self {
        let Some(section) = document.outline.get(id) else { return Self::default() };
        Self::from_words(document, id, Arc::new(count_runs(&body(document, section.span))))
    }

    fn from_words(document: &Document, id: SectionId, words: Arc<WordCounts>) -> Self {
        let Some(section) = document.outline.get(id) else { return Self::default() };
        let parent_title = section.parent.and_then(|parent| document.outline.get(parent)).map_or("", |parent| parent.display_title());
        Self::new(document, section.display_title(), parent_title, body(document, section.span), words)
    }

    /// Features of a passage; its first clause serves as the title.
    #[must_use]
    pub(crate) fn from_passage(document: &Document, span: Span) -> Self {
        let section = document.outline.section_at(span.start).and_then(|id| document.outline.get(id));
        let text = document.text(span);
        let title: String = text.chars().take_while(|c| !matches!(c, '。' | '；' | '\n')).take(30).collect();
        let body = body(document, span);
        let words = Arc::new(count_runs(&body));
        Self::new(document, &title, section.map_or("", |section| section.display_title()), body, words)
    }

    /// Features from a folded `body` and its words.
    fn new(document: &Document, title: &str, parent_title: &str, body: String, words: Arc<WordCounts>) -> Self {
        let speech_title = document.metadata.title.as_deref().unwrap_or_default();
        let [title, parent_title, speech_title] = [title, parent_title, speech_title].map(fold_text);
        let set = |text: &str| word_runs(text, MAX_RUN_WORDS).into_iter().collect();
        let (title_words, parent_title_words, speech_title_words) = (set(&title), set(&parent_title), set(&speech_title));
        Self {
            title,
            parent_title,
            speech_title,
            body,
            words,
            title_words,
            parent_title_words,
            speech_title_words,
            parent_words: Arc::default(),
        }
    }

    /// Weights of the bigrams in text and titles.
    fn bigram_weights(&self) -> HashMap<HanBigram, f64> {
        let mut counts: HashMap<HanBigram, usize> = HashMap::new();
        for bigram in han_bigrams(&self.body) {
            *counts.entry(bigram).or_default() += 1;
        }
        let mut weights: HashMap<HanBigram, f64> =
            counts.into_iter().map(|(bigram, count)| (bigram, (count.min(MAX_BIGRAM_COUNT) as f64).sqrt())).collect();
        for (text, weight) in
            [(&self.title, TITLE_BIGRAM), (&self.parent_title, PARENT_TITLE_BIGRAM), (&self.speech_title, SPEECH_TITLE_BIGRAM)]
        {
            for bigram in han_bigrams(text).collect::<HashSet<_>>() {
                *weights.entry(bigram).or_default() += weight;
            }
        }
        weights
    }

    /// [`Self::bigram_weights`] by bigram.
    pub(super) fn sorted_bigram_weights(&self) -> Vec<(HanBigram, f64)> {
        let mut weights: Vec<(HanBigram, f64)> = self.bigram_weights().into_iter().collect();
        weights.sort_unstable_by_key(|(bigram, _)| *bigram);
        weights
    }

    /// Weight of a keyword in this section.
    pub(super) fn weight(&self, word: &str) -> f64 {
        let mut weight = match (self.title_words.contains(word), self.words.get(word)) {
            (true, _) => TITLE_WORD,
            (false, Some(count)) => BODY_WORD * (*count).min(MAX_WORD_COUNT) as f64 / MAX_WORD_COUNT as f64,
            (false, None) => 0.0,
        };
        if self.parent_title_words.contains(word) {
            weight += PARENT_TITLE_WORD;
        }
        if self.speech_title_words.contains(word) {
            weight += SPEECH_TITLE_WORD;
        }
        weight
    }
}

/// The beginning of a text, folded.
fn body(document: &Document, span: Span) -> String {
    fold_text(&document.text(Span::new(span.start, span.end.min(span.start + MAX_BODY_CHARS))))
}

/// Counts the word runs of folded text.
fn count_runs(folded: &str) -> WordCounts {
    let mut words = WordCounts::new();
    for run in word_runs(folded, MAX_RUN_WORDS) {
        *words.entry(run).or_default() += 1;
    }
    words
}

/// All runs of up to `max_words` adjacent words. A keyword must match whole words: 干部 is not a run
/// of 老干部, which is one word.
fn word_runs(text: &str, max_words: usize) -> Vec<String> {
    let words: Vec<&str> = segmentation::words(text);
    let mut runs = Vec::new();
    for from in 0..words.len() {
        let mut run = String::new();
        for word in words[from..].iter().take(max_words) {
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

/// Bigrams of hanzi of a text.
fn han_bigrams(text: &str) -> impl Iterator<Item = HanBigram> {
    text.chars().zip(text.chars().skip(1)).filter(|(a, b)| is_han(*a) && is_han(*b))
}
