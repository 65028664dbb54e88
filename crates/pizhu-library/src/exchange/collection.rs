//! The data of an export: speeches, their filtered and ordered annotations, and the codebook.

use super::export_entry::ExportEntry;
use crate::attributes::{Attributes, ordered_keys};
use crate::date_range;
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::Codebook;
use pizhu_annotation::RecordSet;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::{TagId, TagRef};
use pizhu_text::document::Document;
use std::{collections::HashMap, sync::Arc};

/// Order of the exported annotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExportOrder {
    /// By speech, and by position in the speech.
    #[default]
    Position,
    /// By tag in the order of the codebook, each annotation under each of its tags.
    Tag,
}

/// Selects the annotations to export; `None` and an empty list select all.
#[derive(Debug, Clone, Default)]
pub struct ExportFilter {
    /// Annotations with one of these tags or their descendants.
    pub tags: Vec<TagId>,
    /// Annotations by this author.
    pub author: Option<String>,
    /// Annotations in speeches of this date or later; `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
    pub since: Option<String>,
    /// Annotations in speeches of this date or earlier; a month or year includes all its days.
    pub until: Option<String>,
}

impl ExportFilter {
    /// Whether a speech of `date` (`YYYY-MM-DD`) is selected. A speech without a date is selected
    /// only if no bound is set.
    ///
    /// ```
    /// use pizhu_library::exchange::ExportFilter;
    ///
    /// let filter = ExportFilter { until: Some("2024-05".to_owned()), ..ExportFilter::default() };
    /// assert!(filter.matches_date(Some("2024-05-31")));
    /// assert!(!filter.matches_date(Some("2024-06-01")) && !filter.matches_date(None));
    /// ```
    #[must_use]
    pub fn matches_date(&self, date: Option<&str>) -> bool {
        date_range::contains(self.since.as_deref(), self.until.as_deref(), date)
    }
}

/// A speech in a collection.
#[derive(Debug, Clone)]
pub struct ExportSpeech {
    /// Path, as in [`ExportEntry::document`].
    pub name: String,
    /// Hash that identifies the text.
    pub hash: SpeechHash,
    /// Text and section tree.
    pub document: Arc<Document>,
    /// What is known of it.
    pub attributes: Attributes,
}

/// What a store knows of a speech beside its annotations.
#[derive(Debug, Clone)]
pub struct SpeechRecords {
    /// Path, as in [`ExportEntry::document`].
    pub name: String,
    /// Hash that identifies the text.
    pub hash: SpeechHash,
    /// Title of the speech.
    pub title: Option<String>,
    /// What is known of it.
    pub attributes: Attributes,
    /// The records.
    pub records: RecordSet,
}

/// Annotations of any number of speeches, ready to be written in any format.
///
/// ```
/// use pizhu_annotation::Codebook;
/// use pizhu_library::exchange::{Collection, ExportFilter, ExportOptions, ExportOrder, Format};
///
/// let collection = Collection::new(Codebook::default(), ExportFilter::default(), ExportOrder::default());
/// let csv = Format::find("csv").expect("CSV is a format");
/// let mut bytes = Vec::new();
/// (csv.write)(&collection, ExportOptions::default(), &mut bytes)?;
/// assert!(bytes.starts_with(b"id,scope,document,"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Collection {
    codebook: Arc<Codebook>,
    filter: ExportFilter,
    order: ExportOrder,
    speeches: Vec<ExportSpeech>,
    entries: Vec<ExportEntry>,
    project: RecordSet,
    speech_records: Vec<SpeechRecords>,
    /// Speeches without annotations whose attributes users have set.
    described: Vec<ExportSpeech>,
}

impl Collection {
    /// An empty collection.
    #[must_use]
    pub fn new(codebook: impl Into<Arc<Codebook>>, filter: ExportFilter, order: ExportOrder) -> Self {
        Self {
            codebook: codebook.into(),
            filter,
            order,
            speeches: Vec::new(),
            entries: Vec::new(),
            project: RecordSet::default(),
            speech_records: Vec::new(),
            described: Vec::new(),
        }
    }

    /// Adds the records of a project: its memos, and the types of its attributes.
    pub fn add_project(&mut self, records: &RecordSet) {
        let unknown: Vec<String> = records.unknown_lines().map(str::to_owned).collect();
        self.project.bring(records.exported(None), &unknown);
    }

    /// The records of the project.
    #[must_use]
    pub fn project(&self) -> &RecordSet {
        &self.project
    }

    /// The memos of the project, of the author that is selected: author and text.
    #[must_use]
    pub fn memos(&self) -> Vec<(&str, &str)> {
        let is_wanted = |author: &str| self.filter.author.as_deref().is_none_or(|wanted| wanted == author);
        let memos = self.project.memos().into_iter().map(|(_, author, _, text)| (author, text));
        memos.filter(|(author, _)| is_wanted(author)).collect()
    }

    /// Adds what is known of a speech beside its annotations, whether or not it has any.
    pub fn add_records(&mut self, name: &str, document: &Arc<Document>, attributes: Attributes, records: RecordSet) {
        if self.filter.matches_date(attributes.date()) {
            let title = document.metadata.title.as_deref().map(str::to_owned);
            let hash = SpeechHash::from_text(&document.source);
            if records.attributes().next().is_some() && self.speeches.last().is_none_or(|speech| speech.name != name) {
                let (document, attributes) = (Arc::clone(document), attributes.clone());
                self.described.push(ExportSpeech { name: name.to_owned(), hash, document, attributes });
            }
            self.speech_records.push(SpeechRecords { name: name.to_owned(), hash, title, attributes, records });
        }
    }

    /// The speeches with annotations, and then those without of which users have set attributes: the
    /// sources of a project.
    pub(super) fn sources(&self) -> impl Iterator<Item = &ExportSpeech> {
        self.speeches.iter().chain(&self.described)
    }

    /// What is known of the speeches beside their annotations.
    #[must_use]
    pub fn speech_records(&self) -> &[SpeechRecords] {
        &self.speech_records
    }

    /// What is selected.
    #[must_use]
    pub fn filter(&self) -> &ExportFilter {
        &self.filter
    }

    /// Adds a speech with those of its annotations that pass the filter, which must be sorted by
    /// position. Omits a speech without any.
    pub fn add<'a>(&mut self, name: &str, document: &Arc<Document>, placed: impl IntoIterator<Item = &'a AnchoredAnnotation>) {
        self.add_described(name, document, Attributes::new(document, &RecordSet::default()), placed);
    }

    /// [`Self::add`] with the attributes of the speech, also those that users have set.
    pub fn add_described<'a>(
        &mut self,
        name: &str,
        document: &Arc<Document>,
        attributes: Attributes,
        placed: impl IntoIterator<Item = &'a AnchoredAnnotation>,
    ) {
        let mut placed = placed.into_iter().peekable();
        if !self.filter.matches_date(attributes.date()) || placed.peek().is_none() {
            return;
        }
        let hash = SpeechHash::from_text(&document.source);
        let speech = self.speeches.len();
        let before = self.entries.len();
        for placed in placed {
            if self.filter.author.as_deref().is_some_and(|author| author != placed.annotation.author) {
                continue;
            }
            let entry = ExportEntry::new(placed, document, name, hash, &self.codebook, speech).of_speech(&attributes);
            if self.filter.tags.is_empty() || entry.tag_refs.iter().any(|tag| self.matches_tag(tag)) {
                self.entries.push(entry);
            }
        }
        if self.entries.len() > before {
            self.speeches.push(ExportSpeech { name: name.to_owned(), hash, document: Arc::clone(document), attributes });
        }
    }

    /// The codebook of the annotations.
    #[must_use]
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// The order of [`Self::ordered`].
    #[must_use]
    pub fn order(&self) -> ExportOrder {
        self.order
    }

    /// The speeches with at least one annotation.
    #[must_use]
    pub fn speeches(&self) -> &[ExportSpeech] {
        &self.speeches
    }

    /// The keys of the attributes that a speech has.
    #[must_use]
    pub fn attribute_keys(&self) -> Vec<String> {
        ordered_keys(self.speeches.iter().flat_map(|speech| speech.attributes.iter().map(|(key, _)| key)))
    }

    /// The annotations by speech and position.
    #[must_use]
    pub fn entries(&self) -> &[ExportEntry] {
        &self.entries
    }

    /// The speech that an entry belongs to.
    #[must_use]
    pub fn speech(&self, entry: &ExportEntry) -> &ExportSpeech {
        &self.speeches[entry.speech]
    }

    fn matches_tag(&self, tag: &TagRef) -> bool {
        self.filter.tags.is_empty() || self.filter.tags.iter().any(|above| self.codebook.is_within(tag.id, *above))
    }

    /// The tags of an entry that pass the filter.
    pub fn tags_of<'a>(&'a self, entry: &'a ExportEntry) -> impl Iterator<Item = &'a TagRef> {
        entry.tag_refs.iter().filter(|tag| self.matches_tag(tag))
    }

    /// The annotations in the chosen order, each with the tag it is listed under. By position, every
    /// annotation occurs once, under no tag; by tag, once under each of its tags, and those without
    /// tags come last.
    #[must_use]
    pub fn ordered(&self) -> Vec<(Option<&TagRef>, &ExportEntry)> {
        match self.order {
            ExportOrder::Position => self.entries.iter().map(|entry| (None, entry)).collect(),
            ExportOrder::Tag => self.by_tag(),
        }
    }

    fn by_tag(&self) -> Vec<(Option<&TagRef>, &ExportEntry)> {
        let known: HashMap<TagId, usize> = self.codebook.tree().into_iter().enumerate().map(|(at, (_, tag))| (tag.id, at)).collect();
        let rank = |tag: &TagRef| known.get(&tag.id).copied().unwrap_or(known.len());
        let mut rows: Vec<(usize, Option<&TagRef>, &ExportEntry)> = Vec::new();
        for entry in &self.entries {
            let before = rows.len();
            rows.extend(self.tags_of(entry).map(|tag| (rank(tag), Some(tag), entry)));
            if rows.len() == before {
                rows.push((usize::MAX, None, entry));
            }
        }
        // Unknown tags follow, grouped by name; the sort is stable, so positions stay in order.
        let name = |tag: Option<&TagRef>| tag.map(|tag| tag.name.clone());
        rows.sort_by_cached_key(|(rank, tag, _)| (*rank, name(*tag)));
        rows.into_iter().map(|(_, tag, entry)| (tag, entry)).collect()
    }
}
