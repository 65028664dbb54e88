//! Tag counts by speech, year or section level, and tag co-occurrence.
//!
//! An annotation counts for each of its tags and their ancestors, once for each. By year, level and
//! speech every annotation falls into exactly one column, so a tag's total is the sum of its row.
//! Co-occurrence counts, author by author, the distinct spans in which an annotation with one tag
//! overlaps one with the other (see [`CountOptions`] for other ways); a tag is not compared with its
//! ancestors. [`select`] lists the annotations of a cell,
//! exactly as many as the cell says.

use crate::attributes::Attributes;
use crate::count_options::{CountOptions, CountUnit, covered_chars, intersections, together};
use crate::section_level::annotation_level;
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::attribute_type::{AttributeType, number_of};
use pizhu_annotation::{Codebook, TagId, TagLookup, TagRef, TagSet};
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
};

/// What the columns of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CountBy {
    /// Speeches, by date.
    #[default]
    Speech,
    /// Years of the speeches' dates.
    Year,
    /// Levels of the annotated sections.
    Level,
    /// Other tags on the same text.
    Cooccurrence,
}

impl CountBy {
    /// All values, in menu order.
    pub const ALL: [Self; 4] = [Self::Speech, Self::Year, Self::Level, Self::Cooccurrence];

    /// Name on the command line and in message ids.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Speech => "speech",
            Self::Year => "year",
            Self::Level => "level",
            Self::Cooccurrence => "together",
        }
    }

    /// The next value, or with `back` the previous one; cyclic.
    #[must_use]
    pub fn next(self, back: bool) -> Self {
        let at = Self::ALL.iter().position(|by| *by == self).unwrap_or(0);
        Self::ALL[(at + if back { Self::ALL.len() - 1 } else { 1 }) % Self::ALL.len()]
    }
}

/// What a row or column counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CountKey {
    /// A tag with its descendants.
    Tag(TagRef),
    /// A speech, by its file.
    Speech(PathBuf),
    /// A year, `YYYY`; `None` for speeches without a date.
    Year(Option<String>),
    /// A value of an attribute; `None` for speeches without one.
    Attribute(Option<String>),
    /// A section level: 1 is the topmost, 0 is text outside any section, `None` are orphaned
    /// annotations.
    Level(Option<usize>),
}

/// Header of a row or column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountHeader {
    /// What it counts.
    pub key: CountKey,
    /// The tag's name, the speech's title, the year or the level; empty if there is none.
    pub name: String,
    /// Depth of the tag in the codebook; 0 otherwise.
    pub depth: usize,
    /// Number of annotations in the row or column.
    pub total: usize,
}

/// A table of counts; either the rows or the columns are tags.
///
/// ```
/// use pizhu_annotation::TagRef;
/// use pizhu_library::count::{CountHeader, CountKey, CountTable};
///
/// let header = |name: &str, key, total| CountHeader { key, name: name.to_owned(), depth: 0, total };
/// let table = CountTable {
///     rows: vec![header("人才", CountKey::Tag(TagRef::new("人才")), 5)],
///     columns: vec![
///         header("2020", CountKey::Year(Some("2020".to_owned())), 2),
///         header("2021", CountKey::Year(Some("2021".to_owned())), 3),
///     ],
///     cells: vec![vec![Some(2), Some(3)]],
/// };
/// assert_eq!(table.max_cell(), 3);
/// assert_eq!(table.transposed().cells, [[Some(2)], [Some(3)]]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CountTable {
    /// Row headers.
    pub rows: Vec<CountHeader>,
    /// Column headers.
    pub columns: Vec<CountHeader>,
    /// Counts, row by row; `None` for a tag and its ancestor.
    pub cells: Vec<Vec<Option<usize>>>,
}

impl CountTable {
    /// Swaps rows and columns.
    #[must_use]
    pub fn transposed(self) -> Self {
        let cells = (0..self.columns.len()).map(|column| self.cells.iter().map(|row| row[column]).collect()).collect();
        Self { rows: self.columns, columns: self.rows, cells }
    }

    /// The largest cell. Totals and the diagonal of a co-occurrence table are ignored.
    #[must_use]
    pub fn max_cell(&self) -> usize {
        let cells = self.cells.iter().zip(&self.rows).flat_map(|(cells, row)| {
            cells.iter().zip(&self.columns).filter(|(_, column)| column.key != row.key).filter_map(|(cell, _)| *cell)
        });
        cells.max().unwrap_or(0)
    }
}

/// The countable properties of an annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
struct CountableAnnotation {
    tags: TagSet,
    author: String,
    span: Option<Span>,
    level: Option<usize>,
}

/// The tagged annotations of a speech.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedSpeech {
    path: PathBuf,
    title: String,
    date: Option<String>,
    attributes: Attributes,
    /// Where the sections begin, in order.
    section_starts: Vec<usize>,
    annotations: Vec<CountableAnnotation>,
}

impl CountedSpeech {
    /// Collects the annotations of a speech that have a tag of the codebook.
    #[must_use]
    pub fn new(path: &Path, document: &Document, anchored: &[AnchoredAnnotation], codebook: &Codebook) -> Self {
        let name = || path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let title = document.metadata.title.as_deref().map(|title| title.replace('\n', " ")).filter(|title| !title.trim().is_empty());
        let annotations = anchored.iter().map(|anchored| CountableAnnotation {
            tags: codebook.current_tags(&anchored.annotation.tags),
            author: anchored.annotation.author.clone(),
            span: anchored.span,
            level: annotation_level(document, anchored),
        });
        Self {
            path: path.to_owned(),
            title: title.unwrap_or_else(name),
            date: document.metadata.date.as_deref().map(str::to_owned),
            attributes: Attributes::default(),
            section_starts: document.outline.iter().map(|(_, section)| section.span.start).collect(),
            annotations: annotations.filter(|annotation| !annotation.tags.is_empty()).collect(),
        }
    }

    /// The speech with its attributes, of which the date counts for the years.
    #[must_use]
    pub fn described(self, attributes: Attributes) -> Self {
        Self { date: attributes.date().map(str::to_owned), attributes, ..self }
    }

    /// Whether the speech has no tagged annotations.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.annotations.is_empty()
    }
}

fn year(date: Option<&str>) -> Option<String> {
    date.map(|date| date.chars().take(4).collect())
}

/// The annotations counted in a cell, or in a whole row if `column` is `None`. One of the two keys
/// is a tag. For two tags, each result is a copy of an annotation with the span of an overlap.
#[must_use]
pub fn select(
    path: &Path,
    document: &Document,
    anchored: &[AnchoredAnnotation],
    codebook: &Codebook,
    row: &CountKey,
    column: Option<&CountKey>,
) -> Vec<AnchoredAnnotation> {
    // A tag of another store's codebook is known by its name here.
    let known = |tag: &TagRef| match codebook.resolve(tag.id) {
        TagLookup::Found(there) => there.id,
        TagLookup::Deleted | TagLookup::Unknown => codebook.find(&tag.name).map_or(tag.id, |there| there.id),
    };
    let has = |anchored: &AnchoredAnnotation, tag: &TagRef| {
        let tag = known(tag);
        codebook.current_tags(&anchored.annotation.tags).iter().any(|own| codebook.is_within(own.id, tag))
    };
    let (tag, other) = match (row, column) {
        (CountKey::Tag(tag), other) => (Some(tag), other),
        (other, Some(CountKey::Tag(tag))) => (Some(tag), Some(other)),
        (other, _) => (None, Some(other)),
    };
    let tagged = anchored.iter().filter(|anchored| match tag {
        Some(tag) => has(anchored, tag),
        None => !codebook.current_tags(&anchored.annotation.tags).is_empty(),
    });
    match other {
        None => tagged.cloned().collect(),
        Some(CountKey::Speech(speech)) => tagged.filter(|_| speech == path).cloned().collect(),
        Some(CountKey::Year(wanted)) => tagged.filter(|_| year(document.metadata.date.as_deref()) == *wanted).cloned().collect(),
        Some(CountKey::Level(wanted)) => tagged.filter(|anchored| annotation_level(document, anchored) == *wanted).cloned().collect(),
        // What the attributes are is not known here.
        Some(CountKey::Attribute(_)) => Vec::new(),
        Some(CountKey::Tag(other)) if Some(other) == tag => tagged.cloned().collect(),
        Some(CountKey::Tag(other)) => {
            let mut other_spans: HashMap<&str, Vec<Span>> = HashMap::new();
            for anchored in anchored.iter().filter(|anchored| has(anchored, other)) {
                other_spans.entry(&anchored.annotation.author).or_default().extend(anchored.span);
            }
            let mut distinct = BTreeSet::new();
            let mut pieces = Vec::new();
            for one in tagged {
                let author = one.annotation.author.as_str();
                let others = other_spans.get(author).map(Vec::as_slice).unwrap_or_default();
                for span in one.span.iter().flat_map(|span| intersections(&[*span], others)) {
                    if distinct.insert((author, span)) {
                        let section = one.section.filter(|_| one.span == Some(span));
                        pieces.push(AnchoredAnnotation { span: Some(span), section, ..one.clone() });
                    }
                }
            }
            pieces.sort_by_key(|piece| piece.span);
            pieces
        }
    }
}

/// The annotations of a library, from which any table is made without reading the files again.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    speeches: Vec<CountedSpeech>,
    /// Used tags in codebook order, then tags unknown to the codebook: the tag, under the name that
    /// names it alone, depth, and the indices in this list of the tag itself and its ancestors.
    tags: Vec<(TagRef, usize, Vec<usize>)>,
}

impl Tally {
    /// Sorts the speeches by date (those without a date last). Their tags are those of `codebook`.
    #[must_use]
    pub fn new(mut speeches: Vec<CountedSpeech>, codebook: &Codebook) -> Self {
        speeches.retain(|speech| !speech.is_empty());
        // Their stores' tags may have become one in a codebook of several stores.
        for annotation in speeches.iter_mut().flat_map(|speech| &mut speech.annotations) {
            annotation.tags = codebook.current_tags(&annotation.tags);
        }
        speeches.sort_by(|a, b| (a.date.is_none(), &a.date, &a.path).cmp(&(b.date.is_none(), &b.date, &b.path)));
        let used: BTreeSet<&TagRef> =
            speeches.iter().flat_map(|speech| &speech.annotations).flat_map(|annotation| &annotation.tags).collect();
        // The used tags and what is above them.
        let known: BTreeSet<TagId> = used.iter().flat_map(|tag| codebook.ancestors(tag.id).map(|above| above.id).chain([tag.id])).collect();
        let tree = codebook.tree();
        let mut names: Vec<(TagRef, usize)> = tree
            .iter()
            .filter(|(_, tag)| known.contains(&tag.id))
            .map(|(depth, tag)| (TagRef { id: tag.id, name: codebook.label(tag.id) }, *depth))
            .collect();
        let mut unknown: Vec<&TagRef> = used.iter().copied().filter(|tag| codebook.get(tag.id).is_none()).collect();
        unknown.sort_by(|one, other| one.name.cmp(&other.name));
        names.extend(unknown.into_iter().map(|tag| (tag.clone(), 0)));
        let within = |tag: &TagRef| (0..names.len()).filter(|above| codebook.is_within(tag.id, names[*above].0.id)).collect();
        let tags = names.iter().map(|(tag, depth)| (tag.clone(), *depth, within(tag))).collect();
        Self { speeches, tags }
    }

    /// Number of annotations.
    #[must_use]
    pub fn count(&self) -> usize {
        self.speeches.iter().map(|speech| speech.annotations.len()).sum()
    }

    /// Number of speeches with annotations.
    #[must_use]
    pub fn speeches(&self) -> usize {
        self.speeches.len()
    }

    /// The table by `by`. Rows are tags, except by speech, where rows are speeches.
    #[must_use]
    pub fn table(&self, by: CountBy) -> CountTable {
        self.table_with(by, &CountOptions::default())
    }

    /// [`Self::table`] counted as `options` say.
    #[must_use]
    pub fn table_with(&self, by: CountBy, options: &CountOptions) -> CountTable {
        let index_of: HashMap<TagId, usize> = self.tags.iter().enumerate().map(|(at, (tag, ..))| (tag.id, at)).collect();
        // The tags that an annotation counts for, with ancestors.
        let tags_of = |annotation: &CountableAnnotation| -> BTreeSet<usize> {
            annotation.tags.iter().filter_map(|tag| index_of.get(&tag.id)).flat_map(|at| self.tags[*at].2.iter().copied()).collect()
        };
        let mut totals = vec![CellSum::default(); self.tags.len()];
        let mut groups: BTreeMap<(usize, CountKey), (String, Vec<CellSum>, CellSum)> = BTreeMap::new();
        let values = options.attribute.as_deref().map(|key| self.ordered_values(key));
        for (number, speech) in self.speeches.iter().enumerate() {
            for annotation in &speech.annotations {
                let (order, key, name) = match (by, &options.attribute) {
                    (_, Some(attribute)) => {
                        let value = speech.attributes.get(attribute).map(str::to_owned);
                        let order = value.as_ref().and_then(|value| values.as_ref()?.iter().position(|other| other == value));
                        (order.unwrap_or(usize::MAX), CountKey::Attribute(value.clone()), value.unwrap_or_default())
                    }
                    (CountBy::Speech, None) => (number, CountKey::Speech(speech.path.clone()), speech.title.clone()),
                    (CountBy::Year, None) => {
                        let year = year(speech.date.as_deref());
                        (usize::from(year.is_none()), CountKey::Year(year.clone()), year.unwrap_or_default())
                    }
                    (CountBy::Level | CountBy::Cooccurrence, None) => {
                        let name = annotation.level.map(|level| level.to_string()).unwrap_or_default();
                        (usize::from(annotation.level.is_none()), CountKey::Level(annotation.level), name)
                    }
                };
                let (_, sums, total) =
                    groups.entry((order, key)).or_insert_with(|| (name, vec![CellSum::default(); self.tags.len()], CellSum::default()));
                total.add(number, annotation);
                for tag in tags_of(annotation) {
                    sums[tag].add(number, annotation);
                    totals[tag].add(number, annotation);
                }
            }
        }
        let rows = self.tags.iter().zip(&totals).map(|((tag, depth, _), total)| CountHeader {
            key: CountKey::Tag(tag.clone()),
            name: tag.name.clone(),
            depth: *depth,
            total: total.value(options.unit),
        });
        let rows: Vec<CountHeader> = rows.collect();
        if by == CountBy::Cooccurrence && options.attribute.is_none() {
            return self.cooccurrence_table(rows, tags_of, options);
        }
        let columns = groups.iter().map(|((_, key), (name, _, total))| CountHeader {
            key: key.clone(),
            name: name.clone(),
            depth: 0,
            total: total.value(options.unit),
        });
        let columns: Vec<CountHeader> = columns.collect();
        let cells = (0..rows.len()).map(|tag| groups.values().map(|(_, sums, _)| Some(sums[tag].value(options.unit))).collect()).collect();
        let table = CountTable { rows, columns, cells };
        if by == CountBy::Speech && options.attribute.is_none() { table.transposed() } else { table }
    }

    /// The values of an attribute: numbers by their value, all else by code points.
    fn ordered_values(&self, key: &str) -> Vec<String> {
        let mut values: Vec<&str> = self.speeches.iter().filter_map(|speech| speech.attributes.get(key)).collect();
        values.sort_unstable();
        values.dedup();
        if AttributeType::of_all(values.iter().copied()) == AttributeType::Number {
            values.sort_by(|one, other| number_of(one).partial_cmp(&number_of(other)).unwrap_or(Ordering::Equal));
        }
        values.into_iter().map(str::to_owned).collect()
    }

    fn cooccurrence_table(
        &self,
        rows: Vec<CountHeader>,
        tags_of: impl Fn(&CountableAnnotation) -> BTreeSet<usize>,
        options: &CountOptions,
    ) -> CountTable {
        let mut cells: Vec<Vec<Option<usize>>> = vec![vec![Some(0); rows.len()]; rows.len()];
        for (tag, row) in rows.iter().enumerate() {
            cells[tag][tag] = Some(row.total);
            for above in self.tags[tag].2.iter().filter(|above| **above != tag) {
                (cells[tag][*above], cells[*above][tag]) = (None, None);
            }
        }
        for speech in &self.speeches {
            // What two coders have marked is not together, unless it is asked for.
            let mut by_author: BTreeMap<&str, BTreeMap<usize, Vec<Span>>> = BTreeMap::new();
            for (annotation, span) in speech.annotations.iter().filter_map(|annotation| Some((annotation, annotation.span?))) {
                let by_tag = by_author.entry(if options.across_authors { "" } else { &annotation.author }).or_default();
                for tag in tags_of(annotation) {
                    by_tag.entry(tag).or_default().push(span);
                }
            }
            for by_tag in by_author.values() {
                for (one, spans) in by_tag {
                    for (other, other_spans) in by_tag.range(one + 1..) {
                        let Some(count) = cells[*one][*other] else { continue };
                        let count = Some(count + together(options, spans, other_spans, &speech.section_starts));
                        (cells[*one][*other], cells[*other][*one]) = (count, count);
                    }
                }
            }
        }
        CountTable { columns: rows.clone(), rows, cells }
    }
}

/// What a cell counts.
#[derive(Debug, Clone, Default)]
struct CellSum {
    count: usize,
    /// Spans by the number of their speech.
    spans: BTreeMap<usize, Vec<Span>>,
}

impl CellSum {
    fn add(&mut self, speech: usize, annotation: &CountableAnnotation) {
        self.count += 1;
        self.spans.entry(speech).or_default().extend(annotation.span);
    }

    fn value(&self, unit: CountUnit) -> usize {
        match unit {
            CountUnit::Passages => self.count,
            CountUnit::Chars => self.spans.values().map(|spans| covered_chars(spans.iter().copied())).sum(),
        }
    }
}

/// Sorts the rows by total, largest first. The tags' hierarchy is lost, so every depth becomes 0.
pub fn sort_by_total(table: &mut CountTable) {
    let mut order: Vec<usize> = (0..table.rows.len()).collect();
    order.sort_by_key(|row| Reverse(table.rows[*row].total));
    table.rows = order.iter().map(|row| CountHeader { depth: 0, ..table.rows[*row].clone() }).collect();
    table.cells = order.iter().map(|row| table.cells[*row].clone()).collect();
}

#[cfg(test)]
mod tests;
