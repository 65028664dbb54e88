//! What is exported: speeches, their annotations, the codebook; filtered and in order.

use super::Entry;
use pizhu_annotation::Codebook;
use pizhu_annotation::Placed;
use pizhu_annotation::SpeechHash;
use pizhu_text::document::Document;
use std::sync::Arc;

/// In which order annotations are exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Speech by speech, by place in each.
    #[default]
    Place,
    /// Tag by tag in the codebook's order, an annotation under each of its tags.
    Tag,
}

/// Which annotations are exported. What is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Those with one of these tags or of the tags below them; empty for all.
    pub tags: Vec<String>,
    /// Those of this author.
    pub author: Option<String>,
    /// Those in speeches of this day (YYYY-MM-DD, or the beginning of one) or later.
    pub since: Option<String>,
    /// Those in speeches of this day or earlier; a month or a year stands for all its days.
    pub until: Option<String>,
}

impl Filter {
    /// Whether a speech of `date` (YYYY-MM-DD) is meant. One without a date is not where a day is
    /// given.
    #[must_use]
    pub fn takes_date(&self, date: Option<&str>) -> bool {
        let Some(date) = date else { return self.since.is_none() && self.until.is_none() };
        self.since.as_deref().is_none_or(|since| date >= since)
            && self.until.as_deref().is_none_or(|until| date <= until || date.starts_with(until))
    }
}

/// One speech of a collection.
#[derive(Debug, Clone)]
pub struct Collected {
    /// Its path as the entries name it.
    pub name: String,
    /// Its identity.
    pub hash: SpeechHash,
    /// Its text and tree.
    pub document: Arc<Document>,
}

/// Annotations of any number of speeches, ready to be written.
#[derive(Debug, Clone)]
pub struct Collection {
    codebook: Codebook,
    filter: Filter,
    order: Order,
    speeches: Vec<Collected>,
    entries: Vec<Entry>,
}

impl Collection {
    /// An empty collection.
    #[must_use]
    pub fn new(codebook: Codebook, filter: Filter, order: Order) -> Self {
        Self { codebook, filter, order, speeches: Vec::new(), entries: Vec::new() }
    }

    /// Adds a speech with those of its annotations that pass the filter; a speech with none is
    /// left out. `placed` stands in the order of places.
    pub fn add<'a>(&mut self, name: &str, document: &Arc<Document>, placed: impl IntoIterator<Item = &'a Placed>) {
        let mut placed = placed.into_iter().peekable();
        if !self.filter.takes_date(document.metadata.date.as_deref()) || placed.peek().is_none() {
            return;
        }
        let hash = SpeechHash::of(&document.source);
        let speech = self.speeches.len();
        let before = self.entries.len();
        for placed in placed {
            if self.filter.author.as_deref().is_some_and(|author| author != placed.annotation.author) {
                continue;
            }
            let entry = Entry::new(placed, document, name, hash, &self.codebook, speech);
            if self.filter.tags.is_empty() || entry.tags.iter().any(|tag| self.takes_tag(tag)) {
                self.entries.push(entry);
            }
        }
        if self.entries.len() > before {
            self.speeches.push(Collected { name: name.to_owned(), hash, document: Arc::clone(document) });
        }
    }

    /// The codebook.
    #[must_use]
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// The order asked for.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order
    }

    /// The speeches that have annotations here.
    #[must_use]
    pub fn speeches(&self) -> &[Collected] {
        &self.speeches
    }

    /// The annotations by speech and place.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The speech of an entry.
    #[must_use]
    pub fn speech(&self, entry: &Entry) -> &Collected {
        &self.speeches[entry.speech]
    }

    fn takes_tag(&self, tag: &str) -> bool {
        self.filter.tags.is_empty() || self.filter.tags.iter().any(|above| self.codebook.is_within(tag, above))
    }

    /// The tags of an entry that are exported: all, or those asked for and those below them.
    pub fn tags_of<'a>(&'a self, entry: &'a Entry) -> impl Iterator<Item = &'a str> {
        entry.tags.iter().map(String::as_str).filter(|tag| self.takes_tag(tag))
    }

    /// The annotations in the order asked for: each once by place; by tag, under each of its
    /// tags in the codebook's order, then those without a tag. Each with the tag it stands under.
    #[must_use]
    pub fn in_order(&self) -> Vec<(Option<&str>, &Entry)> {
        match self.order {
            Order::Place => self.entries.iter().map(|entry| (None, entry)).collect(),
            Order::Tag => self.by_tag(),
        }
    }

    fn by_tag(&self) -> Vec<(Option<&str>, &Entry)> {
        let known: Vec<&str> = self.codebook.tree().into_iter().map(|(_, tag)| tag.name.as_str()).collect();
        let rank = |tag: &str| known.iter().position(|name| *name == tag).unwrap_or(known.len());
        let mut rows: Vec<(usize, Option<&str>, &Entry)> = Vec::new();
        for entry in &self.entries {
            let before = rows.len();
            rows.extend(self.tags_of(entry).map(|tag| (rank(tag), Some(tag), entry)));
            if rows.len() == before {
                rows.push((usize::MAX, None, entry));
            }
        }
        // Unknown tags follow the known, each together; within a tag the order of places stays.
        rows.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        rows.into_iter().map(|(_, tag, entry)| (tag, entry)).collect()
    }
}
