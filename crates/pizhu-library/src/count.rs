//! How often tags are used: by speech, by year, by the level of sections, and together.
//!
//! What is counted is what reading by tag shows: annotations that have the tag or one below it,
//! each once. By year, level and speech an annotation stands in one column, so that the row's
//! total is their sum. Together, the places count where what has one tag lies over what has the
//! other, each piece of text once; a tag and one above it are not compared.
//! [`select`] gives the annotations behind a figure, and as many.

use pizhu_annotation::Codebook;
use pizhu_annotation::Placed;
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
};

/// What tags are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum By {
    /// The speeches, in the order of their dates.
    #[default]
    Speech,
    /// The years of the speeches' dates.
    Year,
    /// How deep the sections lie.
    Level,
    /// The other tags at the same place.
    Together,
}

impl By {
    /// All, in the order in which one goes through them.
    pub const ALL: [Self; 4] = [Self::Speech, Self::Year, Self::Level, Self::Together];

    /// Its name on the command line and in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Speech => "speech",
            Self::Year => "year",
            Self::Level => "level",
            Self::Together => "together",
        }
    }

    /// The next, the first after the last; `back` for the one before.
    #[must_use]
    pub fn next(self, back: bool) -> Self {
        let at = Self::ALL.iter().position(|by| *by == self).unwrap_or(0);
        Self::ALL[(at + if back { Self::ALL.len() - 1 } else { 1 }) % Self::ALL.len()]
    }
}

/// One row or column of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A tag and those below it.
    Tag(String),
    /// A speech, by its file.
    Speech(PathBuf),
    /// A year, `YYYY`; `None` for speeches without a date.
    Year(Option<String>),
    /// Sections so deep, 1 for the topmost, 0 for what stands in none; `None` for annotations
    /// that have lost their place.
    Level(Option<usize>),
}

/// A row or column with what to show of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Which it is.
    pub key: Key,
    /// The tag's name, the speech's title, the year or the level; empty where there is none.
    pub name: String,
    /// How far below the topmost tags it lies.
    pub depth: usize,
    /// Annotations in it.
    pub total: usize,
}

/// Figures in rows and columns, one side of which are tags.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What stands at the left.
    pub rows: Vec<Head>,
    /// What stands above.
    pub columns: Vec<Head>,
    /// The figures, by row; `None` where a tag meets one above it.
    pub cells: Vec<Vec<Option<usize>>>,
}

impl Table {
    /// Rows for columns.
    #[must_use]
    pub fn turned(self) -> Self {
        let cells = (0..self.columns.len()).map(|column| self.cells.iter().map(|row| row[column]).collect()).collect();
        Self { rows: self.columns, columns: self.rows, cells }
    }

    /// The largest figure, the totals left out, and of tags together those of a tag with itself.
    #[must_use]
    pub fn most(&self) -> usize {
        let cells = self.cells.iter().zip(&self.rows).flat_map(|(cells, row)| {
            cells.iter().zip(&self.columns).filter(|(_, column)| column.key != row.key).filter_map(|(cell, _)| *cell)
        });
        cells.max().unwrap_or(0)
    }
}

/// What an annotation is counted by.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    tags: BTreeSet<String>,
    span: Option<Span>,
    level: Option<usize>,
}

/// A speech's annotations as they are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    path: PathBuf,
    title: String,
    date: Option<String>,
    marks: Vec<Mark>,
}

impl Counted {
    /// The annotations of a speech that have tags.
    #[must_use]
    pub fn new(path: &Path, document: &Document, placed: &[Placed], codebook: &Codebook) -> Self {
        let name = || path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let title = document.metadata.title.as_deref().map(|title| title.replace('\n', " ")).filter(|title| !title.trim().is_empty());
        let marks = placed.iter().map(|placed| Mark {
            tags: codebook.current(&placed.annotation.tags),
            span: placed.span,
            level: level(document, placed),
        });
        Self {
            path: path.to_owned(),
            title: title.unwrap_or_else(name),
            date: document.metadata.date.as_deref().map(str::to_owned),
            marks: marks.filter(|mark| !mark.tags.is_empty()).collect(),
        }
    }

    /// Whether there is nothing to count.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }
}

/// How deep a section lies, 1 for the topmost.
fn depth(document: &Document, id: SectionId) -> usize {
    document.outline.ancestors(id).count()
}

fn level(document: &Document, placed: &Placed) -> Option<usize> {
    let span = placed.span?;
    let section = placed.section.or_else(|| document.outline.at(span.start));
    Some(section.map_or(0, |id| depth(document, id)))
}

fn year(date: Option<&str>) -> Option<String> {
    date.map(|date| date.chars().take(4).collect())
}

/// The pieces of text in both: of each that lies over one of the other, what they share.
fn shared(ones: &[Span], others: &[Span]) -> BTreeSet<Span> {
    let common = |one: &Span, other: &Span| {
        let (start, end) = (one.start.max(other.start), one.end.min(other.end));
        (start < end).then(|| Span::new(start, end))
    };
    ones.iter().flat_map(|one| others.iter().filter_map(move |other| common(one, other))).collect()
}

/// The annotations of a speech that a figure counts: those in both `row` and `column`, one of
/// which is a tag. Of two tags, the pieces of text that have both.
#[must_use]
pub fn select(path: &Path, document: &Document, placed: &[Placed], codebook: &Codebook, row: &Key, column: Option<&Key>) -> Vec<Placed> {
    let has = |placed: &Placed, tag: &str| codebook.current(&placed.annotation.tags).iter().any(|own| codebook.is_within(own, tag));
    let (tag, other) = match (row, column) {
        (Key::Tag(tag), other) => (Some(tag), other),
        (other, Some(Key::Tag(tag))) => (Some(tag), Some(other)),
        (other, _) => (None, Some(other)),
    };
    let ours = placed.iter().filter(|placed| match tag {
        Some(tag) => has(placed, tag),
        None => !codebook.current(&placed.annotation.tags).is_empty(),
    });
    match other {
        None => ours.cloned().collect(),
        Some(Key::Speech(speech)) => ours.filter(|_| speech == path).cloned().collect(),
        Some(Key::Year(wanted)) => ours.filter(|_| year(document.metadata.date.as_deref()) == *wanted).cloned().collect(),
        Some(Key::Level(wanted)) => ours.filter(|placed| level(document, placed) == *wanted).cloned().collect(),
        Some(Key::Tag(other)) if Some(other) == tag => ours.cloned().collect(),
        Some(Key::Tag(other)) => {
            let theirs: Vec<Span> = placed.iter().filter(|placed| has(placed, other)).filter_map(|placed| placed.span).collect();
            let mut seen = BTreeSet::new();
            let mut pieces = Vec::new();
            for one in ours {
                for span in one.span.iter().flat_map(|span| shared(&[*span], &theirs)) {
                    if seen.insert(span) {
                        let section = one.section.filter(|_| one.span == Some(span));
                        pieces.push(Placed { span: Some(span), section, ..one.clone() });
                    }
                }
            }
            pieces.sort_by_key(|piece| piece.span);
            pieces
        }
    }
}

/// Everything that is counted, so that tables are made without reading anything again.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    speeches: Vec<Counted>,
    /// Tags in the codebook's order with their depth, those it does not know behind; each with
    /// the places in this list of the tags that it lies within, its own included.
    tags: Vec<(String, usize, Vec<usize>)>,
}

impl Tally {
    /// Of speeches whose tags are those of `codebook`. Speeches go by date, those without behind.
    #[must_use]
    pub fn new(mut speeches: Vec<Counted>, codebook: &Codebook) -> Self {
        speeches.retain(|speech| !speech.is_empty());
        speeches.sort_by(|a, b| (a.date.is_none(), &a.date, &a.path).cmp(&(b.date.is_none(), &b.date, &b.path)));
        let used: BTreeSet<&str> =
            speeches.iter().flat_map(|speech| &speech.marks).flat_map(|mark| &mark.tags).map(String::as_str).collect();
        let tree = codebook.tree();
        let mut names: Vec<(String, usize)> = tree
            .iter()
            .filter(|(_, tag)| used.iter().any(|used| codebook.is_within(used, &tag.name)))
            .map(|(depth, tag)| (tag.name.clone(), *depth))
            .collect();
        names.extend(used.iter().filter(|used| codebook.get(used).is_none()).map(|used| ((*used).to_owned(), 0)));
        let within = |name: &str| (0..names.len()).filter(|above| codebook.is_within(name, &names[*above].0)).collect();
        let tags = names.iter().map(|(name, depth)| (name.clone(), *depth, within(name))).collect();
        Self { speeches, tags }
    }

    /// How many annotations are counted.
    #[must_use]
    pub fn count(&self) -> usize {
        self.speeches.iter().map(|speech| speech.marks.len()).sum()
    }

    /// In how many speeches.
    #[must_use]
    pub fn speeches(&self) -> usize {
        self.speeches.len()
    }

    /// The table by `by`: one row a tag; by speech, one row a speech.
    #[must_use]
    pub fn table(&self, by: By) -> Table {
        let place: HashMap<&str, usize> = self.tags.iter().enumerate().map(|(at, (name, ..))| (name.as_str(), at)).collect();
        // The tags a mark counts for, each once.
        let of = |mark: &Mark| -> BTreeSet<usize> {
            mark.tags.iter().filter_map(|tag| place.get(tag.as_str())).flat_map(|at| self.tags[*at].2.iter().copied()).collect()
        };
        let mut rows: Vec<Head> = self
            .tags
            .iter()
            .map(|(name, depth, _)| Head { key: Key::Tag(name.clone()), name: name.clone(), depth: *depth, total: 0 })
            .collect();
        for tag in self.speeches.iter().flat_map(|speech| &speech.marks).flat_map(of) {
            rows[tag].total += 1;
        }
        if by == By::Together {
            return self.together(rows, of);
        }
        let mut groups: BTreeMap<(usize, Key), (String, Vec<usize>, usize)> = BTreeMap::new();
        for (number, speech) in self.speeches.iter().enumerate() {
            for mark in &speech.marks {
                let (order, key, name) = match by {
                    By::Speech => (number, Key::Speech(speech.path.clone()), speech.title.clone()),
                    By::Year => {
                        let year = year(speech.date.as_deref());
                        (usize::from(year.is_none()), Key::Year(year.clone()), year.unwrap_or_default())
                    }
                    By::Level | By::Together => {
                        let name = mark.level.map(|level| level.to_string()).unwrap_or_default();
                        (usize::from(mark.level.is_none()), Key::Level(mark.level), name)
                    }
                };
                let (_, counts, total) = groups.entry((order, key)).or_insert_with(|| (name, vec![0; rows.len()], 0));
                *total += 1;
                for tag in of(mark) {
                    counts[tag] += 1;
                }
            }
        }
        let columns =
            groups.iter().map(|((_, key), (name, _, total))| Head { key: key.clone(), name: name.clone(), depth: 0, total: *total });
        let columns: Vec<Head> = columns.collect();
        let cells = (0..rows.len()).map(|tag| groups.values().map(|(_, counts, _)| Some(counts[tag])).collect()).collect();
        let table = Table { rows, columns, cells };
        if by == By::Speech { table.turned() } else { table }
    }

    fn together(&self, rows: Vec<Head>, of: impl Fn(&Mark) -> BTreeSet<usize>) -> Table {
        let mut cells: Vec<Vec<Option<usize>>> = vec![vec![Some(0); rows.len()]; rows.len()];
        for (tag, row) in rows.iter().enumerate() {
            cells[tag][tag] = Some(row.total);
            for above in self.tags[tag].2.iter().filter(|above| **above != tag) {
                (cells[tag][*above], cells[*above][tag]) = (None, None);
            }
        }
        for speech in &self.speeches {
            let mut spans: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
            for (mark, span) in speech.marks.iter().filter_map(|mark| Some((mark, mark.span?))) {
                for tag in of(mark) {
                    spans.entry(tag).or_default().push(span);
                }
            }
            for (one, ones) in &spans {
                for (other, others) in spans.range(one + 1..) {
                    let Some(count) = cells[*one][*other] else { continue };
                    let count = Some(count + shared(ones, others).len());
                    (cells[*one][*other], cells[*other][*one]) = (count, count);
                }
            }
        }
        Table { columns: rows.clone(), rows, cells }
    }
}

/// The rows by how much is in them, the fullest first; tags then no longer stand below their own.
pub fn by_total(table: &mut Table) {
    let mut order: Vec<usize> = (0..table.rows.len()).collect();
    order.sort_by_key(|row| Reverse(table.rows[*row].total));
    table.rows = order.iter().map(|row| Head { depth: 0, ..table.rows[*row].clone() }).collect();
    table.cells = order.iter().map(|row| table.cells[*row].clone()).collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_annotation::Edit;
    use pizhu_annotation::Place;
    use pizhu_annotation::Store;
    use pizhu_annotation::Tag;
    use pizhu_annotation::Target;
    use pizhu_text::document::Hints;
    use pizhu_text::document::parse;
    use pizhu_text::text::SourceText;
    use proptest::prelude::*;

    const TEXT: &str = "在青禾县会议上的讲话\n（2021年3月2日）\n同志们：\n开头的话。\n一、抓人才\n引来人才，用好人才。\n（一）引才\n再说引才。\n二、抓党建\n支部要强。\n";

    fn book() -> Codebook {
        let mut book = Codebook::default();
        for (name, parent) in [("人才", None), ("引才", Some("人才")), ("党建", None), ("作风", None)] {
            book.add(Tag { parent: parent.map(str::to_owned), ..Tag::new(name) }).unwrap();
        }
        book
    }

    /// A speech with annotations made through a store.
    fn speech(text: &str, edits: Vec<Edit>) -> (Document, Vec<Placed>) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(Place::given(&folder.path().join("store")), folder.path().join("state"));
        let document = parse(SourceText::from(text), &Hints::default());
        let path = folder.path().join("甲.txt");
        store.edit_codebook(|own| book().tree().into_iter().try_for_each(|(_, tag)| own.add(tag.clone()))).unwrap();
        store.apply(&document, &path, "甲", edits).unwrap();
        let placed = store.annotations(&document, &path).unwrap().0.to_vec();
        (document, placed)
    }

    fn tag(target: Target, tags: &[&str]) -> Edit {
        Edit::Tag { target, tags: tags.iter().map(|tag| (*tag).to_owned()).collect() }
    }

    fn words(text: &str, words: &str) -> Target {
        let start = text[..text.find(words).unwrap()].chars().count();
        Target::Passage(Span::new(start, start + words.chars().count()))
    }

    fn figures(table: &Table) -> Vec<(String, Vec<Option<usize>>, usize)> {
        table.rows.iter().zip(&table.cells).map(|(row, cells)| (row.name.clone(), cells.clone(), row.total)).collect()
    }

    #[test]
    fn a_parent_counts_what_lies_below_it_once() {
        let edits = vec![
            tag(Target::Section(SectionId(0)), &["人才", "引才"]),
            tag(Target::Section(SectionId(1)), &["引才"]),
            tag(words(TEXT, "用好人才"), &["作风"]),
            tag(words(TEXT, "开头的话"), &["党建"]),
        ];
        let (document, placed) = speech(TEXT, edits);
        let tally = Tally::new(vec![Counted::new(Path::new("甲.txt"), &document, &placed, &book())], &book());
        assert_eq!((tally.count(), tally.speeches()), (4, 1));
        let level = tally.table(By::Level);
        let names: Vec<&str> = level.columns.iter().map(|head| head.name.as_str()).collect();
        assert_eq!(names, ["0", "1", "2"]);
        let row = |name: &str, cells: &[usize], total| (name.to_owned(), cells.iter().copied().map(Some).collect(), total);
        assert_eq!(
            figures(&level),
            [row("人才", &[0, 1, 1], 2), row("引才", &[0, 1, 1], 2), row("党建", &[1, 0, 0], 1), row("作风", &[0, 1, 0], 1)]
        );
        assert_eq!(level.rows[1].depth, 1);
        let year = tally.table(By::Year);
        assert_eq!(year.columns[0].key, Key::Year(Some("2021".to_owned())));
        let by_speech = tally.table(By::Speech);
        assert_eq!(figures(&by_speech), [row("在青禾县会议上的讲话", &[2, 2, 1, 1], 4)]);
        let together = tally.table(By::Together);
        assert_eq!(together.cells[0], [Some(2), None, Some(0), Some(1)], "the parent, its child, apart, over a part");
        assert_eq!(together.cells[3], [Some(1), Some(1), Some(0), Some(1)]);
        assert_eq!(together.most(), 1);
    }

    #[test]
    fn speeches_without_a_date_stand_behind() {
        let edits = || vec![tag(words(TEXT, "支部要强"), &["党建"])];
        let (dated, placed) = speech(TEXT, edits());
        let without = TEXT.replace("（2021年3月2日）\n", "");
        let (undated, others) = speech(&without, vec![tag(words(&without, "支部要强"), &["党建"])]);
        let counted = |path: &str, document: &Document, placed: &[Placed]| Counted::new(Path::new(path), document, placed, &book());
        let tally = Tally::new(vec![counted("a", &undated, &others), counted("b", &dated, &placed)], &book());
        let keys: Vec<Key> = tally.table(By::Year).columns.into_iter().map(|head| head.key).collect();
        assert_eq!(keys, [Key::Year(Some("2021".to_owned())), Key::Year(None)]);
        assert_eq!(tally.table(By::Speech).rows[0].key, Key::Speech("b".into()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        /// Each figure counts as many annotations as are read behind it, and rows sum up.
        #[test]
        fn figures_are_what_is_behind_them(marks in prop::collection::vec((0..3_u32, 16..60_usize, 1..12_usize, prop::collection::btree_set(0..4_usize, 1..3)), 1..9)) {
            let names = ["人才", "引才", "党建", "作风"];
            let edits = marks.iter().map(|(kind, start, length, tags)| {
                let target = match kind {
                    0 => Target::Section(SectionId((start % 3) as u32)),
                    _ => Target::Passage(Span::new(*start, start + length)),
                };
                tag(target, &tags.iter().map(|tag| names[*tag]).collect::<Vec<_>>())
            });
            let (document, placed) = speech(TEXT, edits.collect());
            let path = Path::new("甲.txt");
            let tally = Tally::new(vec![Counted::new(path, &document, &placed, &book())], &book());
            for by in By::ALL {
                for table in [tally.table(by), tally.table(by).turned()] {
                    for (row, cells) in table.rows.iter().zip(&table.cells) {
                        let all = select(path, &document, &placed, &book(), &row.key, None);
                        prop_assert_eq!(all.len(), row.total);
                        for (column, cell) in table.columns.iter().zip(cells) {
                            let behind = select(path, &document, &placed, &book(), &row.key, Some(&column.key));
                            if let Some(cell) = cell {
                                prop_assert_eq!(behind.len(), *cell, "{:?} {:?}", row.key, column.key);
                            }
                        }
                        if matches!((by, &row.key), (By::Year | By::Level | By::Speech, Key::Tag(_))) {
                            prop_assert_eq!(cells.iter().flatten().sum::<usize>(), row.total);
                        }
                    }
                }
            }
        }
    }
}
