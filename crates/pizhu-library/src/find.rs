//! Search in one speech: the query with its filters, the hits, and a snippet of each.
//!
//! Callers (the command line, the reader) search speech by speech, on as many threads as they like.

use crate::attributes::Attributes;
use crate::condition::{Condition, ConditionError, ConditionMatcher};
use crate::date_range;
use pizhu_annotation::AnchorIndex;
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::{Codebook, CodebookError};
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::search::MatchMode;
use pizhu_text::search::Matcher;
use pizhu_text::text::CleanText;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use std::{ops::Range, sync::Arc};

/// Chars of context before and after a hit in its snippet.
pub const CONTEXT_CHARS: usize = 24;

/// The part of a speech that is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Field {
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

/// A query with its filters. All filters must hold (logical and).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The query text; a regular expression in [`MatchMode::Regex`].
    pub text: String,
    /// How the text is compared.
    pub mode: MatchMode,
    /// The part of the speech that is searched.
    pub field: Field,
    /// Only hits within an annotation that has this tag or a descendant of it.
    pub tag: Option<String>,
    /// Only hits in sections of this level; 1 is the topmost.
    pub level: Option<u16>,
    /// Only speeches dated on or after this day: `2021-06-30`, or a prefix of a day (`2021-06`,
    /// `2021`).
    pub since: Option<String>,
    /// Only speeches dated on or before this day; `2021-06` and `2021` include all their days.
    pub until: Option<String>,
    /// Only the annotations of this author count: hits within one of them, and their notes.
    pub author: Option<String>,
    /// Only hits for which this condition holds.
    pub condition: Option<Condition>,
}

impl Query {
    /// Parses a query line: words, and filters of the form `name:value` with either colon. The
    /// filters are `in:` (`text`, `title`, `heading`, `note`), `tag:`, `level:`, `since:` and
    /// `until:`. Anything else, as `比例1:2` or `level:x`, stays part of the query text.
    ///
    /// ```
    /// use pizhu_library::find::{Field, Query};
    /// use pizhu_text::search::MatchMode;
    ///
    /// let query = Query::parse("组织 in:title since:2020 工作", MatchMode::Folded);
    /// assert_eq!(query.text, "组织 工作");
    /// assert_eq!(query.field, Field::Title);
    /// assert!(query.matches_date(Some("2021-06-30")));
    /// assert!(!query.matches_date(Some("2019-06-30")));
    /// ```
    #[must_use]
    pub fn parse(line: &str, mode: MatchMode) -> Self {
        let mut query = Self { mode, ..Self::default() };
        let mut words = Vec::new();
        for word in line.split(' ') {
            let filter = word.split_once([':', '：']).filter(|(_, value)| !value.is_empty());
            let is_filter = filter.is_some_and(|(name, value)| query.set_filter(&name.to_lowercase(), value));
            if !is_filter {
                words.push(word);
            }
        }
        words.join(" ").trim().clone_into(&mut query.text);
        query
    }

    /// Sets the filter `name`; false if there is no such filter or the value does not parse.
    fn set_filter(&mut self, name: &str, value: &str) -> bool {
        match name {
            "in" => match value {
                "text" => self.field = Field::Text,
                "title" => self.field = Field::Title,
                "heading" => self.field = Field::Heading,
                "note" => self.field = Field::Note,
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

    /// Whether the query can only be answered with the speech's annotations (an
    /// [`AnnotationFilter`]).
    #[must_use]
    pub fn needs_annotations(&self) -> bool {
        self.tag.is_some() || self.field == Field::Note || self.author.is_some() || self.condition.is_some()
    }

    /// Whether a speech of this date passes `since` and `until`. A speech without a date passes
    /// only if neither is set.
    #[must_use]
    pub fn matches_date(&self, date: Option<&str>) -> bool {
        date_range::contains(self.since.as_deref(), self.until.as_deref(), date)
    }

    fn matches_level(&self, document: &Document, hit: Span) -> bool {
        let Some(level) = self.level else { return true };
        let section = document.outline.section_at(hit.start).and_then(|id| document.outline.get(id));
        section.is_some_and(|section| section.depth + 1 == level)
    }
}

/// The annotations of one speech, and what the query asks of them.
#[derive(Debug, Clone)]
pub struct AnnotationFilter {
    annotations: AnchorIndex,
    /// The spans with the query's tag, or of its author.
    tagged_spans: Option<Vec<Span>>,
    condition: Option<ConditionMatcher>,
}

impl AnnotationFilter {
    /// Collects from the annotations of a speech what `query` needs.
    ///
    /// # Errors
    /// Fails if the query's tag may be several.
    pub fn new(anchored: AnchorIndex, codebook: &Codebook, query: &Query) -> Result<Self, CodebookError> {
        let annotations = match &query.author {
            Some(author) => anchored.filtered(|anchored| anchored.annotation.author == *author),
            None => anchored,
        };
        let above = query.tag.as_deref().map(|words| codebook.wanted(words)).transpose()?;
        let is_limited = above.is_some() || query.author.is_some();
        let tagged = is_limited.then(|| {
            let has_tag = |anchored: &&AnchoredAnnotation| {
                above.is_none_or(|above| anchored.annotation.tags.iter().any(|tag| codebook.is_within(tag.id, above)))
            };
            annotations.iter().filter(has_tag).filter_map(|anchored| anchored.span).collect()
        });
        Ok(Self { annotations, tagged_spans: tagged, condition: None })
    }

    /// With the query's condition, which looks at the attributes of the speech and at the annotations.
    ///
    /// # Errors
    /// A tag of the condition may be several.
    pub fn with_condition(
        mut self,
        query: &Query,
        document: &Document,
        attributes: &Attributes,
        codebook: &Arc<Codebook>,
    ) -> Result<Self, ConditionError> {
        if let Some(condition) = &query.condition {
            let resolved = condition.resolve(codebook, |words| codebook.wanted(words))?;
            self.condition = Some(ConditionMatcher::new(&resolved, document, attributes, &self.annotations.to_vec()));
        }
        Ok(self)
    }
}

/// A hit with its snippet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Path of the section that the hit begins in; shared between the hits of a section.
    pub section: Arc<[String]>,
    /// Line of the source that the hit begins in, from 0; `None` for the note of an orphaned
    /// annotation.
    pub line: Option<usize>,
    /// Chars of the source; for a hit in a note, the span of the annotation.
    pub span: Option<Span>,
    /// The hit with its context.
    pub snippet: Snippet,
    /// The note that matched; only with [`Field::Note`].
    pub note: Option<String>,
    /// The quote of an orphaned annotation whose note matched.
    pub orphan_quote: Option<String>,
}

/// The text of a hit with its context, within one line of the cleaned text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    text: String,
    /// Bytes of the hit in `text`.
    words: Range<usize>,
}

impl Snippet {
    fn new(before: &str, words: &str, after: &str) -> Self {
        Self { text: [before, words, after].concat(), words: before.len()..before.len() + words.len() }
    }

    /// The text before the hit, the hit, and the text after it.
    #[must_use]
    pub fn parts(&self) -> [&str; 3] {
        let Range { start, end } = self.words;
        [0..start, start..end, end..self.text.len()].map(|range| self.text.get(range).unwrap_or_default())
    }
}

/// The hits in one speech. Searching finds their spans; snippets are built on demand by
/// [`Self::with_snippets`].
pub struct Hits<'a> {
    document: &'a Document,
    spans: HitSpans<'a>,
}

enum HitSpans<'a> {
    Text(Vec<Span>),
    /// Annotations whose note matches.
    Notes(Vec<&'a AnchoredAnnotation>),
}

impl<'a> Hits<'a> {
    /// Searches one speech; hits are in text order. `annotations` is required if
    /// [`Query::needs_annotations`].
    #[must_use]
    pub fn new(document: &'a Document, matcher: &Matcher, query: &Query, annotations: Option<&'a AnnotationFilter>) -> Self {
        let spans = if query.matches_date(document.metadata.date.as_deref()) {
            HitSpans::find(document, matcher, query, annotations)
        } else {
            HitSpans::Text(Vec::new())
        };
        Self { document, spans }
    }

    /// The number of hits.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.spans {
            HitSpans::Text(spans) => spans.len(),
            HitSpans::Notes(notes) => notes.len(),
        }
    }

    /// Whether there are no hits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The hits in order, each with its snippet.
    pub fn with_snippets(&self) -> impl Iterator<Item = Hit> {
        let mut describer = HitBuilder::new(self.document);
        (0..self.len()).map(move |index| match &self.spans {
            HitSpans::Text(spans) => describer.hit(spans[index]),
            HitSpans::Notes(notes) => describer.note(notes[index]),
        })
    }
}

impl<'a> HitSpans<'a> {
    fn find(document: &Document, matcher: &Matcher, query: &Query, annotations: Option<&'a AnnotationFilter>) -> Self {
        let tagged = annotations.and_then(|annotations| annotations.tagged_spans.as_ref());
        let condition = annotations.and_then(|annotations| annotations.condition.as_ref());
        let lies_in_tagged = |hit: &Span| tagged.is_none_or(|spans| spans.iter().any(|span| span.overlaps(*hit)));
        let fits = |hit: &Span| lies_in_tagged(hit) && query.matches_level(document, *hit);
        let mut spans = match query.field {
            Field::Text => matcher.hits(document, document.source.span()),
            Field::Title => document.metadata.title_span.map(|title| matcher.hits(document, title)).unwrap_or_default(),
            Field::Heading => document.outline.sections().iter().flat_map(|section| matcher.hits(document, section.heading)).collect(),
            Field::Note => {
                let all = annotations.into_iter().flat_map(|annotations| annotations.annotations.iter()).enumerate();
                let unplaced_fit = query.tag.is_none() && query.level.is_none();
                return Self::Notes(
                    all.filter(|(index, _)| condition.is_none_or(|condition| condition.holds_for(*index)))
                        .map(|(_, anchored)| anchored)
                        .filter(|anchored| anchored.span.map_or(unplaced_fit, |span| fits(&span)))
                        .filter(|anchored| note_matches(anchored, matcher))
                        .collect(),
                );
            }
        };
        spans.retain(|hit| fits(hit) && condition.is_none_or(|condition| condition.holds_for_span(*hit)));
        Self::Text(spans)
    }
}

fn note_matches(anchored: &AnchoredAnnotation, matcher: &Matcher) -> bool {
    let text = CleanText::from(SourceText::from(anchored.annotation.note.as_str()));
    matcher.first_hit(&text, text.source.span()).is_some()
}

/// Spans of the source just before and after a hit, of at most [`CONTEXT_CHARS`] chars.
#[must_use]
pub fn context_spans(document: &Document, hit: Span) -> (Span, Span) {
    let before = Span::new(hit.start.saturating_sub(CONTEXT_CHARS), hit.start);
    (before, Span::new(hit.end, (hit.end + CONTEXT_CHARS).min(document.source.len())))
}

/// Builds hits in text order; line and section of the last hit are the starting point for the next.
struct HitBuilder<'a> {
    document: &'a Document,
    /// Char offset and line of the last hit.
    at: usize,
    line: usize,
    /// Section of the last hit, and its path.
    section: (Option<SectionId>, Arc<[String]>),
}

impl<'a> HitBuilder<'a> {
    fn new(document: &'a Document) -> Self {
        Self { document, at: 0, line: 0, section: (None, Arc::default()) }
    }

    fn hit(&mut self, hit: Span) -> Hit {
        let document = self.document;
        self.line = document.source.char_to_line_from(self.at, self.line, hit.start);
        self.at = hit.start;
        let id = document.outline.section_at(hit.start);
        if id != self.section.0 {
            self.section = (id, id.map(|id| document.outline.path(id).into()).unwrap_or_default());
        }
        let section = Arc::clone(&self.section.1);
        Hit { section, line: Some(self.line), span: Some(hit), snippet: snippet(document, hit), note: None, orphan_quote: None }
    }

    /// A hit in a note. Its snippet is the annotated text, a dash, and the note: `抓基层 — 与上次相同`.
    fn note(&mut self, anchored: &AnchoredAnnotation) -> Hit {
        let note = &anchored.annotation.note;
        let quote = &anchored.annotation.selector.quote;
        let hit = anchored.span.map(|span| self.hit(span));
        let on = hit.as_ref().map_or(quote.as_str(), |hit| hit.snippet.parts()[1]);
        let on: String = on.chars().take(CONTEXT_CHARS).collect();
        let shown = Snippet::new(&format!("{on} — "), &note.replace('\n', " "), "");
        let note = Some(note.clone());
        match hit {
            Some(hit) => Hit { snippet: shown, note, ..hit },
            None => Hit { section: Arc::default(), line: None, span: None, snippet: shown, note, orphan_quote: Some(quote.clone()) },
        }
    }
}

/// Snippet of a hit, cut at the ends of its line in the cleaned text.
fn snippet(document: &Document, hit: Span) -> Snippet {
    let (before, after) = context_spans(document, hit);
    let whole = Span::new(before.start, after.end);
    let mut text;
    let mut words;
    if document.cleaning.removed_in(whole).is_empty() {
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
    Snippet { text, words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_parsed_from_the_query_line() {
        let query = Query::parse("组织 in:title tag：人才工作 工作 level:2 since:2020 until:2021-06", MatchMode::Folded);
        assert_eq!((query.text.as_str(), query.field), ("组织 工作", Field::Title));
        assert_eq!((query.tag.as_deref(), query.level), (Some("人才工作"), Some(2)));
        assert!(query.matches_date(Some("2021-06-30")) && !query.matches_date(Some("2021-07-01")) && !query.matches_date(None));
        let plain = Query::parse("比例1:2 level:x 注意：", MatchMode::Literal);
        assert_eq!((plain.text.as_str(), plain.level), ("比例1:2 level:x 注意：", None));
        assert!(plain.matches_date(None) && !plain.needs_annotations());
    }
}
