//! The screens that read across speeches: what was asked, and the rows of the answer.
//!
//! Invariant: `shown` is `rows` set for `width`, each of its rows knowing the row it comes from;
//! the list is a place in it.

use super::{Notice, Overlay, Reader, Screen, Side, State};
use pizhu_text::document::Document;
use pizhu_text::document::ParagraphKind;
use pizhu_text::layout;
use pizhu_text::layout::Style;
use pizhu_library::count::Key;
use pizhu_library::digest::Stamp;
use pizhu_text::search::Mode;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use crate::tui::effect::Effect;
use crate::tui::widget::Edit;
use crate::tui::widget::LineInput;
use crate::tui::widget::List;
use std::{path::PathBuf, sync::Arc};

/// What a piece of a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Text of a speech.
    Plain,
    /// What stands back.
    Dim,
    /// A speech's title.
    Title,
    /// The words looked for, or what differs.
    Match,
    /// A note.
    Note,
    /// A tag or a figure.
    Badge,
}

/// Text in pieces.
pub type Pieces = Vec<(String, Ink)>;

/// A place in a speech.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The speech's file.
    pub path: PathBuf,
    /// The chars.
    pub span: Span,
}

/// A tag offered for a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The tag.
    pub tag: String,
    /// The words that decided.
    pub words: Vec<String>,
}

/// What was said to an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The section.
    pub spot: Spot,
    /// What was offered.
    pub offer: Offer,
    /// Whether it was taken.
    pub accepted: bool,
}

/// One row of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// What it says; without line breaks.
    pub pieces: Pieces,
    /// What stands beside it, in a column of its own.
    pub beside: Option<Pieces>,
    /// What stands at the right edge.
    pub right: String,
    /// Where it comes from.
    pub spot: Option<Spot>,
    /// Where what stands beside comes from.
    pub other: Option<Spot>,
    /// The tag it offers for the section at its place.
    pub offer: Option<Offer>,
    /// Whether it is set in as many rows as it takes, as text is.
    pub wraps: bool,
    /// The name by which two texts side by side are aligned, of a head: a section's path.
    pub item: String,
    /// Whether one steps to it: the head of an item.
    pub heads: bool,
}

impl Row {
    /// A row of text that is not wrapped.
    #[must_use]
    pub fn line(pieces: Pieces, spot: Option<Spot>) -> Self {
        Self { pieces, spot, ..Self::default() }
    }
}

/// What a screen is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The words of the line typed.
    Search,
    /// The passages under a tag and the tags below it.
    Tagged {
        /// The tag; with more than a tag asked for, the words for it.
        tag: String,
        /// What is asked for besides: the row and column of a table that are counted.
        within: Option<Box<(Key, Option<Key>)>>,
        /// In the order of dates, else of the list of speeches.
        by_date: bool,
    },
    /// What the speeches have in common, side by side.
    Shared,
    /// The tags that the untagged sections of the open speech may deserve.
    Suggestions {
        /// The open speech's file.
        path: PathBuf,
    },
    /// How often tags are used.
    Counts,
    /// Two speeches or tags side by side.
    Beside {
        /// Which.
        sides: Box<[Side; 2]>,
    },
}

impl Subject {
    /// The message that names the keys, and the one for an answer without rows.
    #[must_use]
    pub fn hints(&self) -> (&'static str, &'static str) {
        match self {
            Self::Search => ("across-search-hint", "across-search-empty"),
            Self::Tagged { .. } => ("across-tagged-hint", "across-tagged-empty"),
            Self::Shared => ("across-shared-hint", "across-shared-empty"),
            Self::Suggestions { .. } => ("across-suggestions-hint", "across-suggestions-empty"),
            Self::Counts => ("counts-hint", "counts-empty"),
            Self::Beside { .. } => ("beside-hint", "across-tagged-empty"),
        }
    }

    /// The message that names the screen.
    #[must_use]
    pub fn message(&self) -> &'static str {
        match self {
            Self::Search => "across-search",
            Self::Tagged { .. } => "across-tagged",
            Self::Shared => "across-shared",
            Self::Suggestions { .. } => "across-suggestions",
            Self::Counts => "topic-counts",
            Self::Beside { .. } => "topic-beside",
        }
    }
}

/// What is asked of the speeches.
#[derive(Debug, Clone)]
pub struct Inquiry {
    /// Which question it is; the newest counts.
    pub generation: u64,
    /// What about.
    pub subject: Subject,
    /// The line typed.
    pub line: String,
    /// How words are compared.
    pub mode: Mode,
    /// The speeches, in order.
    pub files: Arc<[PathBuf]>,
    /// What their files are known again by, in the same order, where that is known.
    pub stamps: Arc<[Option<Stamp>]>,
    /// What was said to suggestions, to be learned first.
    pub said: Vec<Said>,
}

/// What came of a question.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The rows.
    pub rows: Vec<Row>,
    /// How many things were found, those not in the rows included.
    pub count: usize,
    /// In how many speeches.
    pub speeches: usize,
    /// What is wrong with the question.
    pub problem: Option<String>,
    /// Whether more will come.
    pub more: bool,
}

/// A screen across speeches.
#[derive(Debug)]
pub struct Across {
    /// What it is about.
    pub subject: Subject,
    /// The line being typed.
    pub input: LineInput,
    /// How words are compared.
    pub mode: Mode,
    /// The position among the rows shown.
    pub list: List,
    answer: Answer,
    shown: Vec<Row>,
    generation: u64,
    width: u16,
    height: u16,
}

impl Across {
    /// The rows as they are set.
    #[must_use]
    pub fn shown(&self) -> &[Row] {
        &self.shown
    }

    /// The answer; without rows until there is one.
    #[must_use]
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// The row one is at.
    #[must_use]
    pub fn selected(&self) -> Option<&Row> {
        self.shown.get(self.list.selected())
    }

    /// Moves by rows; whether that leads elsewhere.
    pub fn step(&mut self, steps: isize) -> bool {
        let before = self.list.selected();
        self.list.step(steps, self.shown.len(), self.height);
        self.list.selected() != before
    }

    /// Moves to the head of the next item or the one before; whether there is one.
    pub fn step_item(&mut self, back: bool) -> bool {
        let at = self.list.selected();
        let found = if back {
            self.shown[..at.min(self.shown.len())].iter().rposition(|row| row.heads)
        } else {
            self.shown.iter().skip(at + 1).position(|row| row.heads).map(|ahead| at + 1 + ahead)
        };
        if let Some(row) = found {
            self.list.select(row, self.shown.len(), self.height);
            self.list.center(self.shown.len(), self.height);
        }
        found.is_some()
    }

    /// Moves to a row.
    pub fn select(&mut self, row: usize) {
        self.list.select(row, self.shown.len(), self.height);
    }

    /// Rows on the screen.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height
    }

    fn set(&mut self, style: Style, width: u16) {
        self.shown = set_rows(&self.answer.rows, style, width);
    }
}

/// Sets rows in so many cells.
pub(super) fn set_rows(rows: &[Row], style: Style, width: u16) -> Vec<Row> {
    let half = (width.saturating_sub(3) / 2).max(layout::MIN_WIDTH);
    let mut shown = Vec::new();
    for row in rows {
        if !row.wraps {
            shown.push(row.clone());
            continue;
        }
        let style = Style { width: if row.beside.is_some() { half } else { width.saturating_sub(2).max(layout::MIN_WIDTH) }, ..style };
        let left = wrap(&row.pieces, style);
        let mut right = row.beside.as_ref().map(|pieces| wrap(pieces, style).into_iter());
        let rows = left.len().max(right.as_ref().map_or(0, ExactSizeIterator::len));
        let mut left = left.into_iter();
        for index in 0..rows {
            shown.push(Row {
                pieces: left.next().unwrap_or_default(),
                beside: right.as_mut().map(|right| right.next().unwrap_or_default()),
                heads: row.heads && index == 0,
                right: String::new(),
                ..row.clone()
            });
        }
    }
    shown
}

/// Sets pieces in rows of `style`'s width.
fn wrap(pieces: &Pieces, style: Style) -> Vec<Pieces> {
    let text: String = pieces.iter().map(|(text, _)| text.as_str()).collect();
    let document = Document { source: SourceText::from(text.as_str()), ..Document::default() };
    let chars: Vec<(char, Ink)> = pieces.iter().flat_map(|(text, ink)| text.chars().map(|c| (c, *ink))).collect();
    layout::lay_out(&document, document.source.span(), ParagraphKind::Boilerplate, &style)
        .into_iter()
        .map(|row| {
            let mut set: Pieces = Vec::new();
            let to = row.span.end.min(chars.len());
            for (c, ink) in &chars[row.span.start.min(to)..to] {
                match set.last_mut() {
                    Some((text, last)) if last == ink => text.push(*c),
                    _ => set.push((c.to_string(), *ink)),
                }
            }
            set
        })
        .collect()
}

impl State {
    /// Opens a screen across speeches and asks for its rows.
    pub fn open_across(&mut self, subject: Subject, effects: &mut Vec<Effect>) {
        let mode = self.across.as_ref().map_or(Mode::Pinyin, |across| across.mode);
        let input = match (&self.across, &subject) {
            (Some(across), Subject::Search) => across.input.clone(),
            _ => LineInput::default(),
        };
        self.across = Some(Across {
            subject,
            input,
            mode,
            list: List::default(),
            answer: Answer::default(),
            shown: Vec::new(),
            generation: 0,
            width: 0,
            height: 1,
        });
        self.screen = Screen::Across;
        (self.overlay, self.beneath) = (None, None);
        self.arrange();
        self.ask(effects);
    }

    /// Asks anew: for another line, another mode or other speeches.
    pub fn ask(&mut self, effects: &mut Vec<Effect>) {
        self.ask_after(Vec::new(), effects);
    }

    /// [`Self::ask`], after what was said to suggestions is learned.
    fn ask_after(&mut self, said: Vec<Said>, effects: &mut Vec<Effect>) {
        let (files, stamps) = self.speeches();
        let Some(across) = &mut self.across else { return };
        self.asked += 1;
        across.generation = self.asked;
        across.answer.more = true;
        effects.push(Effect::Inquire(Box::new(Inquiry {
            generation: self.asked,
            subject: across.subject.clone(),
            line: across.input.text().to_owned(),
            mode: across.mode,
            files,
            said,
            stamps,
        })));
    }

    /// The speeches that are asked about: those listed, else the open one.
    pub(super) fn speeches(&mut self) -> (Arc<[PathBuf]>, Arc<[Option<Stamp>]>) {
        if self.library.is_there() {
            self.library.files()
        } else {
            (self.reader.iter().map(|reader| reader.origin.path.clone()).collect(), Arc::default())
        }
    }

    /// Takes an answer, where it is to the newest question. The place in it is kept where the
    /// question is the same and more of the answer has come.
    pub fn take_answer(&mut self, generation: u64, answer: Answer) {
        let style = Style { first_indent: 0, ..self.setting.style };
        let Some(across) = self.across.as_mut().filter(|across| across.generation == generation) else { return };
        across.answer = answer;
        across.set(style, across.width);
        across.list.select(across.list.selected(), across.shown.len(), across.height);
    }

    /// Fits the rows to the screen.
    pub(super) fn arrange_across(&mut self) {
        let area = self.size.library();
        let style = Style { first_indent: 0, ..self.setting.style };
        let Some(across) = &mut self.across else { return };
        across.height = area.height.max(1);
        if across.width != area.width {
            across.width = area.width;
            across.set(style, area.width);
        }
        across.list.select(across.list.selected(), across.shown.len(), across.height);
    }

    /// Changes the line that is typed into on the search screen.
    pub(super) fn type_across(&mut self, change: impl FnOnce(&mut LineInput) -> bool, effects: &mut Vec<Effect>) {
        let Some(across) = self.across.as_mut().filter(|_| self.screen == Screen::Across && self.overlay.is_none()) else { return };
        if change(&mut across.input) {
            across.list = List::default();
            self.ask(effects);
        }
    }

    /// [`Self::type_across`] with an edit.
    pub(super) fn edit_across(&mut self, edit: Edit, effects: &mut Vec<Effect>) {
        self.type_across(|input| input.apply(edit), effects);
    }

    /// Opens the speech of the row one is at, at its place; `other` for what stands beside.
    pub fn open_spot(&mut self, other: bool, effects: &mut Vec<Effect>) {
        let Some(across) = &self.across else { return };
        let row = across.selected();
        let Some(spot) = row.and_then(|row| if other { row.other.clone() } else { row.spot.clone() }) else {
            self.notice = Some(Notice::hint("nothing-to-choose"));
            return;
        };
        let words = (across.subject == Subject::Search).then(|| {
            let question = pizhu_library::find::Question::typed(across.input.text(), across.mode);
            (question.words, question.mode)
        });
        self.go_to_spot(&spot, words, effects);
    }

    /// Opens a speech at a place of it, with words to mark.
    pub(super) fn go_to_spot(&mut self, spot: &Spot, words: Option<(String, Mode)>, effects: &mut Vec<Effect>) {
        match &mut self.reader {
            Some(reader) if reader.origin.path == spot.path => {
                arrive(reader, spot.span, words, effects);
                self.screen = Screen::Reader;
                self.arrange();
            }
            _ => {
                self.open(&spot.path, effects);
                self.arrival = Some(Arrival { number: self.opened, span: spot.span, words });
            }
        }
    }

    /// Goes where a speech was opened to be read at, where it is this one; whether it was.
    pub fn arrived(&mut self, effects: &mut Vec<Effect>) -> bool {
        let Some(reader) = &mut self.reader else { return false };
        let Some(arrival) = self.arrival.take_if(|arrival| arrival.number == reader.number) else { return false };
        arrive(reader, arrival.span, arrival.words, effects);
        true
    }

    /// Suggests tags for the open speech.
    pub fn open_suggestions(&mut self, effects: &mut Vec<Effect>) {
        let Some(path) = self.reader.as_ref().map(|reader| reader.origin.path.clone()) else { return };
        self.open_across(Subject::Suggestions { path }, effects);
    }

    /// Puts the tag offered on its section, and asks what is left.
    pub fn accept_suggestion(&mut self, effects: &mut Vec<Effect>) {
        let Some(across) = &self.across else { return };
        let rows = across.shown.iter().skip(across.list.selected());
        let offered = rows.take(2).find_map(|row| Some((row.offer.clone()?, row.spot.clone()?)));
        let section = |spot: &Spot, reader: &Reader| {
            let document = reader.document();
            document.outline.iter().find(|(_, section)| section.span == spot.span).map(|(id, _)| id)
        };
        let target = offered.and_then(|(offer, spot)| {
            let reader = self.reader.as_ref().filter(|reader| reader.origin.path == spot.path)?;
            Some((offer, section(&spot, reader)?, spot))
        });
        let Some((offer, id, spot)) = target else {
            self.notice = Some(Notice::hint("nothing-to-choose"));
            return;
        };
        effects.push(Effect::Annotate(vec![pizhu_annotation::Edit::Tag {
            target: pizhu_annotation::Target::Section(id),
            tags: vec![offer.tag.clone()],
        }]));
        self.notice = Some(Notice::done("tagged").with("tags", offer.tag.clone()).with("count", 1));
        self.ask_after(vec![Said { spot, offer, accepted: true }], effects);
    }

    /// Refuses the tag offered, or on a section's row all that are offered for it: they are not
    /// suggested for it again.
    pub fn refuse_suggestion(&mut self, effects: &mut Vec<Effect>) {
        let Some(across) = &self.across else { return };
        let rows = &across.shown[across.list.selected().min(across.shown.len())..];
        let refused: Vec<Said> = match rows.first() {
            Some(row) if row.offer.is_some() => rows[..1].iter().filter_map(refusal).collect(),
            Some(_) => rows[1..].iter().take_while(|row| row.offer.is_some()).filter_map(refusal).collect(),
            None => Vec::new(),
        };
        if refused.is_empty() {
            self.notice = Some(Notice::hint("nothing-to-choose"));
            return;
        }
        let tags: Vec<&str> = refused.iter().map(|said| said.offer.tag.as_str()).collect();
        self.notice = Some(Notice::done("refused").with("tags", tags.join("、")));
        self.ask_after(refused, effects);
    }

    /// Leaves the screen: back to the open speech, or to the list of speeches.
    pub fn leave_across(&mut self) {
        self.across = None;
        self.screen = match (&self.counts, &self.reader) {
            (Some(_), _) => Screen::Counts,
            (None, Some(_)) => Screen::Reader,
            (None, None) => Screen::Library,
        };
        self.arrange();
    }

    /// Asks for the file that the passages read are written to.
    pub fn ask_export_across(&mut self, path: Option<&str>, replaces: bool) {
        let Some(Across { subject: Subject::Tagged { tag, .. }, .. }) = &self.across else {
            self.notice = Some(Notice::hint("nothing-to-export"));
            return;
        };
        let mut prompt = super::Prompt::new(super::PromptKind::ExportTag, 0);
        prompt.input.set(&path.map_or_else(|| format!("{tag}.md"), str::to_owned));
        prompt.replaces = replaces;
        self.overlay = Some(Overlay::Prompt(prompt));
    }

    /// Has the passages read written to a file, in their order.
    pub(super) fn export_across(&mut self, path: &str, replaces: bool, effects: &mut Vec<Effect>) {
        let (files, stamps) = self.speeches();
        self.asked += 1;
        let Some(across) = &mut self.across else { return };
        across.generation = self.asked;
        effects.push(Effect::ExportAcross {
            inquiry: Box::new(Inquiry {
                generation: self.asked,
                subject: across.subject.clone(),
                line: String::new(),
                mode: across.mode,
                files,
                said: Vec::new(),
                stamps,
            }),
            path: PathBuf::from(path),
            replaces,
        });
    }

    /// Asks for the name of a tag to read.
    pub fn ask_tag(&mut self) {
        self.overlay = Some(Overlay::Prompt(super::Prompt::new(super::PromptKind::ReadTag, 0)));
    }
}

fn refusal(row: &Row) -> Option<Said> {
    Some(Said { spot: row.spot.clone()?, offer: row.offer.clone()?, accepted: false })
}

/// Where a speech that is being opened is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    number: u64,
    span: Span,
    /// The words to mark, and how they were compared.
    words: Option<(String, Mode)>,
}

fn arrive(reader: &mut Reader, span: Span, words: Option<(String, Mode)>, effects: &mut Vec<Effect>) {
    reader.resume_at(span.start);
    if reader.document().is_final {
        reader.viewport.align(crate::tui::viewport::Align::Middle);
    }
    if let Some((words, mode)) = words {
        let document = reader.viewport.document().clone();
        effects.extend(reader.search.begin_in(mode, &words, span.start, &document));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_rows_hold_the_text_and_its_inks() {
        let pieces = vec![("同志们，".to_owned(), Ink::Plain), ("组织工作".to_owned(), Ink::Match), ("要抓紧。".to_owned(), Ink::Plain)];
        let rows = wrap(&pieces, Style { width: 10, first_indent: 0, ..Style::default() });
        assert!(rows.len() > 2);
        let all: Vec<(char, Ink)> = rows.iter().flatten().flat_map(|(text, ink)| text.chars().map(|c| (c, *ink))).collect();
        let before: Vec<(char, Ink)> = pieces.iter().flat_map(|(text, ink)| text.chars().map(|c| (c, *ink))).collect();
        assert_eq!(all, before);
    }
}
