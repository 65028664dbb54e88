//! Finding words in a speech within limits: a part of it, a tag, a level, a period.
//!
//! The command line and the reader ask here; each asks speech by speech, on as many threads as it
//! likes.

use crate::{
    annotation::{Codebook, Placed, Placements},
    document::Document,
    search::{Matcher, Mode},
    text::{SourceText, Span},
};

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
    /// The path of the section it begins in.
    pub section: Vec<String>,
    /// The line of the source it begins in, from 0; `None` for the note of an annotation that has
    /// lost its place.
    pub line: Option<usize>,
    /// Its chars; of a note, what the note is on.
    pub span: Option<Span>,
    /// What stands before it in its line, the words, and what stands behind, all cleaned.
    pub shown: [String; 3],
    /// The note that was found; only of notes.
    pub note: Option<String>,
    /// What was annotated, where it has lost its place.
    pub lost: Option<String>,
}

/// The hits in one speech, in order. `marked` is needed where
/// [`Question::needs_annotations`] says so.
#[must_use]
pub fn hits(document: &Document, matcher: &Matcher, question: &Question, marked: Option<&Marked>) -> Vec<Hit> {
    if !question.takes_date(document.metadata.date.as_deref()) {
        return Vec::new();
    }
    let within = marked.and_then(|marked| marked.within.as_ref());
    let fits = |hit: &Span| within.is_none_or(|spans| spans.iter().any(|span| span.overlaps(*hit))) && question.takes_level(document, *hit);
    let places: Vec<Span> = match question.part {
        Part::Text => vec![document.source.span()],
        Part::Title => document.metadata.title_span.into_iter().collect(),
        Part::Heading => document.outline.sections().iter().map(|section| section.heading).collect(),
        Part::Note => {
            let noted = marked.into_iter().flat_map(|marked| marked.placed.iter());
            return noted
                .filter(|placed| placed.span.map_or(within.is_none() && question.level.is_none(), |span| fits(&span)))
                .filter_map(|placed| in_note(document, placed, matcher))
                .collect();
        }
    };
    let hits = places.into_iter().flat_map(|place| matcher.hits(document, place));
    hits.filter(fits).map(|hit| describe(document, hit)).collect()
}

/// The hit in a note: the place it is on, and the note. `None` where the note does not match.
fn in_note(document: &Document, placed: &Placed, matcher: &Matcher) -> Option<Hit> {
    let note = &placed.annotation.note;
    let text = Document { source: SourceText::from(note.as_str()), ..Document::default() };
    matcher.first(&text, text.source.span())?;
    let quote = &placed.annotation.selector.quote;
    let hit = match placed.span {
        Some(span) => describe(document, span),
        None => Hit {
            section: Vec::new(),
            line: None,
            span: None,
            shown: [String::new(), quote.clone(), String::new()],
            note: None,
            lost: Some(quote.clone()),
        },
    };
    let quote: String = hit.shown[1].chars().take(CONTEXT_CHARS).collect();
    Some(Hit { shown: [format!("{quote} — "), note.replace('\n', " "), String::new()], note: Some(note.clone()), ..hit })
}

/// The chars of the source before a hit and behind it that are given with it.
#[must_use]
pub fn around(document: &Document, hit: Span) -> (Span, Span) {
    let before = Span::new(hit.start.saturating_sub(CONTEXT_CHARS), hit.start);
    (before, Span::new(hit.end, (hit.end + CONTEXT_CHARS).min(document.source.len())))
}

fn describe(document: &Document, hit: Span) -> Hit {
    let (before, after) = around(document, hit);
    // What is shown stays within the line of the cleaned text.
    let (head, quote, tail) = (document.text(before), document.text(hit), document.text(after));
    let head = head.rsplit('\n').next().unwrap_or_default().to_owned();
    let tail = tail.split('\n').next().unwrap_or_default().to_owned();
    Hit {
        section: document.outline.at(hit.start).map(|id| document.outline.path(id)).unwrap_or_default(),
        line: Some(document.source.line_of(hit.start)),
        span: Some(hit),
        shown: [head, quote.replace('\n', " "), tail],
        note: None,
        lost: None,
    }
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
