//! Finding words in a speech within limits: a part of it, a tag, a level, a period.
//!
//! The command line and the reader ask here; each asks speech by speech, on as many threads as it
//! likes.

use pizhu_annotation::Codebook;
use pizhu_annotation::Placed;
use pizhu_annotation::Placements;
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::search::Matcher;
use pizhu_text::search::Mode;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use std::{ops::Range, sync::Arc};

/// Chars shown before and after a hit.
pub const CONTEXT_CHARS: usize = 24;

/// What of a speech is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// The whole text.
    #[default]
    Text,
    /// The speech's title.
    Title,
    /// The sections' headings.
    Heading,
    /// The notes.
    Note,
}

/// What is looked for, and where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Question {
    /// The words.
    pub words: String,
    /// How they are compared.
    pub mode: Mode,
    /// What is searched.
    pub part: Part,
    /// Only in what has this tag or one below it.
    pub tag: Option<String>,
    /// Only in sections of this level; 1 is the topmost.
    pub level: Option<u16>,
    /// Only in speeches of this day (YYYY-MM-DD, or the beginning of one) or later.
    pub since: Option<String>,
    /// Only in speeches of this day or earlier; a month or a year stands for all its days.
    pub until: Option<String>,
}

impl Question {
    /// A question as it is typed into one line: words, and limits written `in:title` (heading,
    /// note), `tag:人才工作`, `level:1`, `since:2020`, `until:2021-06`, with either colon. What is no
    /// limit is part of the words.
    #[must_use]
    pub fn typed(line: &str, mode: Mode) -> Self {
        let mut question = Self { mode, ..Self::default() };
        let mut words = Vec::new();
        for word in line.split(' ') {
            let limit = word.split_once([':', '：']).filter(|(_, value)| !value.is_empty());
            let taken = limit.is_some_and(|(name, value)| question.limit(&name.to_lowercase(), value));
            if !taken {
                words.push(word);
            }
        }
        words.join(" ").trim().clone_into(&mut question.words);
        question
    }

    /// Takes a limit; whether there is one of that name.
    fn limit(&mut self, name: &str, value: &str) -> bool {
        match name {
            "in" => match value {
                "text" => self.part = Part::Text,
                "title" => self.part = Part::Title,
                "heading" => self.part = Part::Heading,
                "note" => self.part = Part::Note,
                _ => return false,
            },
            "tag" => self.tag = Some(value.to_owned()),
            "level" => match value.parse() {
                Ok(level) if level > 0 => self.level = Some(level),
                _ => return false,
            },
            "since" => self.since = Some(value.to_owned()),
            "until" => self.until = Some(value.to_owned()),
            _ => return false,
        }
        true
    }

    /// Whether annotations must be known to answer.
    #[must_use]
    pub fn needs_annotations(&self) -> bool {
        self.tag.is_some() || self.part == Part::Note
    }

    /// Whether a speech of `date` is meant. One without a date is not where a day is given.
    #[must_use]
    pub fn takes_date(&self, date: Option<&str>) -> bool {
        let Some(date) = date else { return self.since.is_none() && self.until.is_none() };
        self.since.as_deref().is_none_or(|since| date >= since)
            && self.until.as_deref().is_none_or(|until| date <= until || date.starts_with(until))
    }

    fn takes_level(&self, document: &Document, hit: Span) -> bool {
        let Some(level) = self.level else { return true };
        let section = document.outline.at(hit.start).and_then(|id| document.outline.get(id));
        section.is_some_and(|section| section.depth + 1 == level)
    }
}

/// The annotations of one speech, and the places that have the tag asked for.
#[derive(Debug, Clone)]
pub struct Marked {
    placed: Placements,
    within: Option<Vec<Span>>,
}

impl Marked {
    /// The annotations of a speech as `question` needs them.
    #[must_use]
    pub fn new(placed: Placements, codebook: &Codebook, question: &Question) -> Self {
        let within = question.tag.as_deref().map(|above| {
            let has_tag = |placed: &&Placed| placed.annotation.tags.iter().any(|tag| codebook.is_within(tag, above));
            placed.iter().filter(has_tag).filter_map(|placed| placed.span).collect()
        });
        Self { placed, within }
    }
}

/// One hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The path of the section it begins in; shared by the hits in it.
    pub section: Arc<[String]>,
    /// The line of the source it begins in, from 0; `None` for the note of an annotation that has
    /// lost its place.
    pub line: Option<usize>,
    /// Its chars; of a note, what the note is on.
    pub span: Option<Span>,
    /// What is shown of it.
    pub shown: Shown,
    /// The note that was found; only of notes.
    pub note: Option<String>,
    /// What was annotated, where it has lost its place.
    pub lost: Option<String>,
}

/// The words of a hit with what stands around them in their line, all cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    text: String,
    /// The bytes of the words.
    words: Range<usize>,
}

impl Shown {
    fn new(before: &str, words: &str, after: &str) -> Self {
        Self { text: [before, words, after].concat(), words: before.len()..before.len() + words.len() }
    }

    /// What stands before the words, the words, and what stands behind.
    #[must_use]
    pub fn parts(&self) -> [&str; 3] {
        let Range { start, end } = self.words;
        [0..start, start..end, end..self.text.len()].map(|range| self.text.get(range).unwrap_or_default())
    }
}

/// The hits in one speech: first where they are, and each told of only when it is asked for.
pub struct Hits<'a> {
    document: &'a Document,
    places: Places<'a>,
}

enum Places<'a> {
    Text(Vec<Span>),
    /// What has a note that matches.
    Notes(Vec<&'a Placed>),
}

impl<'a> Hits<'a> {
    /// The hits in one speech, in order. `marked` is needed where
    /// [`Question::needs_annotations`] says so.
    #[must_use]
    pub fn of(document: &'a Document, matcher: &Matcher, question: &Question, marked: Option<&'a Marked>) -> Self {
        let places = if question.takes_date(document.metadata.date.as_deref()) {
            Places::of(document, matcher, question, marked)
        } else {
            Places::Text(Vec::new())
        };
        Self { document, places }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.places {
            Places::Text(spans) => spans.len(),
            Places::Notes(notes) => notes.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The hits, one after another.
    pub fn described(&self) -> impl Iterator<Item = Hit> {
        let mut describer = Describer::new(self.document);
        (0..self.len()).map(move |index| match &self.places {
            Places::Text(spans) => describer.hit(spans[index]),
            Places::Notes(notes) => describer.note(notes[index]),
        })
    }
}

impl<'a> Places<'a> {
    fn of(document: &Document, matcher: &Matcher, question: &Question, marked: Option<&'a Marked>) -> Self {
        let within = marked.and_then(|marked| marked.within.as_ref());
        let fits =
            |hit: &Span| within.is_none_or(|spans| spans.iter().any(|span| span.overlaps(*hit))) && question.takes_level(document, *hit);
        let mut spans = match question.part {
            Part::Text => matcher.hits(document, document.source.span()),
            Part::Title => document.metadata.title_span.map(|title| matcher.hits(document, title)).unwrap_or_default(),
            Part::Heading => document.outline.sections().iter().flat_map(|section| matcher.hits(document, section.heading)).collect(),
            Part::Note => {
                let noted = marked.into_iter().flat_map(|marked| marked.placed.iter());
                return Self::Notes(
                    noted
                        .filter(|placed| placed.span.map_or(within.is_none() && question.level.is_none(), |span| fits(&span)))
                        .filter(|placed| is_in_note(placed, matcher))
                        .collect(),
                );
            }
        };
        spans.retain(fits);
        Self::Text(spans)
    }
}

fn is_in_note(placed: &Placed, matcher: &Matcher) -> bool {
    let text = Document { source: SourceText::from(placed.annotation.note.as_str()), ..Document::default() };
    matcher.first(&text, text.source.span()).is_some()
}

/// The chars of the source before a hit and behind it that are given with it.
#[must_use]
pub fn around(document: &Document, hit: Span) -> (Span, Span) {
    let before = Span::new(hit.start.saturating_sub(CONTEXT_CHARS), hit.start);
    (before, Span::new(hit.end, (hit.end + CONTEXT_CHARS).min(document.source.len())))
}

/// Tells of the hits in one speech one after another, and keeps from each what holds for the next.
struct Describer<'a> {
    document: &'a Document,
    /// Where the last began, and in which line.
    at: usize,
    line: usize,
    /// The section of the last and its path.
    section: (Option<SectionId>, Arc<[String]>),
}

impl<'a> Describer<'a> {
    fn new(document: &'a Document) -> Self {
        Self { document, at: 0, line: 0, section: (None, Arc::default()) }
    }

    fn hit(&mut self, hit: Span) -> Hit {
        let document = self.document;
        self.line = document.source.line_after(self.at, self.line, hit.start);
        self.at = hit.start;
        let id = document.outline.at(hit.start);
        if id != self.section.0 {
            self.section = (id, id.map(|id| document.outline.path(id).into()).unwrap_or_default());
        }
        let section = Arc::clone(&self.section.1);
        Hit { section, line: Some(self.line), span: Some(hit), shown: shown(document, hit), note: None, lost: None }
    }

    /// What is found in a note: the place that it is on, and the note.
    fn note(&mut self, placed: &Placed) -> Hit {
        let note = &placed.annotation.note;
        let quote = &placed.annotation.selector.quote;
        let hit = placed.span.map(|span| self.hit(span));
        let on = hit.as_ref().map_or(quote.as_str(), |hit| hit.shown.parts()[1]);
        let on: String = on.chars().take(CONTEXT_CHARS).collect();
        let shown = Shown::new(&format!("{on} — "), &note.replace('\n', " "), "");
        let note = Some(note.clone());
        match hit {
            Some(hit) => Hit { shown, note, ..hit },
            None => Hit { section: Arc::default(), line: None, span: None, shown, note, lost: Some(quote.clone()) },
        }
    }
}

/// What is shown of a hit: no more than stands in its line of the cleaned text.
fn shown(document: &Document, hit: Span) -> Shown {
    let (before, after) = around(document, hit);
    let whole = Span::new(before.start, after.end);
    let mut text;
    let mut words;
    if document.cleaning.within(whole).is_empty() {
        text = document.source.slice(whole).into_owned();
        words = str_indices::chars::to_byte_idx(&text, before.len())..text.len();
        words.end = words.start + str_indices::chars::to_byte_idx(&text[words.start..], hit.len());
    } else {
        text = document.text(before);
        words = text.len()..text.len();
        text += &document.text(hit);
        words.end = text.len();
        text += &document.text(after);
    }
    if let Some(lf) = memchr::memchr(b'\n', &text.as_bytes()[words.end..]) {
        text.truncate(words.end + lf);
    }
    if let Some(lf) = memchr::memrchr(b'\n', &text.as_bytes()[..words.start]) {
        text.drain(..=lf);
        words = words.start - lf - 1..words.end - lf - 1;
    }
    if memchr::memchr(b'\n', text.as_bytes()).is_some() {
        text = text.replace('\n', " ");
    }
    Shown { text, words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_typed_among_the_words() {
        let question = Question::typed("组织 in:title tag：人才工作 工作 level:2 since:2020 until:2021-06", Mode::Folded);
        assert_eq!((question.words.as_str(), question.part), ("组织 工作", Part::Title));
        assert_eq!((question.tag.as_deref(), question.level), (Some("人才工作"), Some(2)));
        assert!(question.takes_date(Some("2021-06-30")) && !question.takes_date(Some("2021-07-01")) && !question.takes_date(None));
        let plain = Question::typed("比例1:2 level:x 注意：", Mode::Literal);
        assert_eq!((plain.words.as_str(), plain.level), ("比例1:2 level:x 注意：", None));
        assert!(plain.takes_date(None) && !plain.needs_annotations());
    }
}
