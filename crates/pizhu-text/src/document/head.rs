//! The head of a speech: the lines from its start to its body, with the title and what else they
//! say about the speech.

use super::{
    OrdinalKind,
    boilerplate::is_page_paragraph,
    candidate::Ordinal,
    front::{
        FrontBlock, FrontReader, HeadLineKind, LabelKind, LineText, TitleLine, complete_title, is_addressing, may_begin_label,
        may_hold_note, number_of_title, pick_title,
    },
    line_features::MAX_SHORT_LINE_CHARS,
    line_recognizers::begins_part,
    ordinal_forms::ordinal_at,
    roles::{LineRole, RoleAssigner},
};
use crate::text::Cursor;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::fold::fold;
use crate::text::fold::fold_text;
use std::ops::Range;
use std::sync::Arc;

/// Number of lines of a head whose kind is asked for.
const MAX_HEAD_LINES: usize = 120;
/// Number of lines in which a table of contents begins.
const MAX_LINES_BEFORE_CONTENTS: usize = 100;
/// Longest table of contents, in lines.
const MAX_CONTENTS_LINES: usize = 500;
/// Within how many lines a title comes again.
const MAX_REPEAT_LINES: usize = 12;
/// Number of lines of the body in which labelled lines are read.
const MAX_LABELLED_LINES: usize = 12;
/// Number of lines of running text before a title that the format marks.
const MAX_FOREWORD_LINES: usize = 12;
/// Shortest heading, in chars, that is more than a label.
const MIN_TITLE_CHARS: usize = 6;
/// Longest line of a head, in chars, whose kind is asked for.
const MAX_HEAD_LINE_CHARS: usize = 200;

/// What the head of a speech says.
pub(super) struct SpeechHead {
    /// Index of the first line below the front block.
    pub below_block: usize,
    /// Index of the first line of the body.
    pub body: usize,
    pub title: Option<Arc<str>>,
    pub title_span: Option<Span>,
    pub reader: FrontReader,
    /// The date of the front block, as YYYY-MM-DD: the stamp of the page.
    pub stamp: Option<String>,
}

/// The letters of an entry of a table of contents without the number of its page: `背景 ……… 3`, `背景　P.3`.
fn without_page(letters: &str) -> &str {
    let entry = letters.trim_end_matches(|c: char| c.is_ascii_digit());
    entry.strip_suffix('p').filter(|entry| !entry.ends_with(|c: char| c.is_ascii())).unwrap_or(entry)
}

/// A line of the head.
struct HeadLine {
    index: usize,
    line: LineText,
    kind: HeadLineKind,
}

/// The search for the first line of the body.
struct HeadScan<'a> {
    /// The line at which the head ends at the latest.
    reach: usize,
    /// The line at which the text ends.
    to: usize,
    block: &'a FrontBlock,
    /// The last heading of the format and its level.
    heading_seen: Option<(usize, u8)>,
    /// Whether the head has any line yet.
    has_lines: bool,
}

/// What a line is in the search for the body.
enum HeadStep {
    /// Neither head nor body.
    Skip,
    /// A line of the head.
    Head(HeadLine),
    /// The first line of the body.
    Body,
}

impl RoleAssigner<'_> {
    /// The table of contents of the speech: lines in its head that each recur where their section
    /// begins. It begins with a label (目录), or consists of three headings at least with nothing
    /// between them.
    fn find_contents(&self, from: usize, to: usize) -> std::ops::Range<usize> {
        let none = from..from;
        // Who adopted the text when stands above the table, in brackets: it may be as long as a sentence.
        let noted = |index: usize| matches!(self.lines[index].first, '(' | '（') && self.lines[index].span.len() <= MAX_HEAD_LINE_CHARS;
        let head = (from..to).take(MAX_LINES_BEFORE_CONTENTS).take_while(|index| !self.features[*index].body_text || noted(*index));
        let label = head.clone().find(|index| self.features[*index].contents_label);
        let entry = |index: &usize| {
            self.features[*index].open_ended && self.lines[*index].span.len() <= MAX_SHORT_LINE_CHARS && !self.features[*index].salutation
        };
        let first = match label {
            Some(label) => label + 1,
            None => match head.clone().find(|index| self.features[*index].ordinal.is_some()) {
                Some(first) if (first..to).take(3).filter(|index| self.features[*index].ordinal.is_some() && entry(index)).count() == 3 => {
                    first
                }
                _ => return none,
            },
        };
        let bare = |index: usize, limit: usize| -> String {
            let line = self.lines[index].span;
            let chars = Cursor::new(self.source, self.cleaning, line).map(|(_, c)| fold(c)).filter(|c| c.is_alphanumeric());
            chars.take(limit).collect()
        };
        let wanted: Vec<String> = (first..to)
            .take(MAX_CONTENTS_LINES)
            .take_while(entry)
            .map(|index| without_page(&bare(index, usize::MAX)).to_owned())
            .take_while(|text| text.chars().count() >= 2)
            .collect();
        let longest = wanted.iter().map(|text| text.chars().count()).max().unwrap_or(0);
        let comes_again = |text: &String, from: usize| (from..to).find(|index| bare(*index, longest).starts_with(text.as_str()));
        let Some(again) = wanted.first().and_then(|text| comes_again(text, first + 1)) else { return none };
        let mut next = again;
        let count = wanted[..wanted.len().min(again - first)]
            .iter()
            .map_while(|text| {
                next = comes_again(text, next)? + 1;
                Some(())
            })
            .count();
        // The table goes on up to where its first entry comes again: a text may be cut off before its last
        // parts.
        match label {
            Some(label) if count >= 2 => label..first + wanted.len().min(again - first),
            None if count >= 3 || (count >= 2 && wanted.len() >= 4) => first..first + wanted.len().min(again - first),
            _ => none,
        }
    }

    /// Assigns the roles of the head of a speech. `named`: the title that the format gives.
    pub(super) fn assign_head(&mut self, from: usize, to: usize, named: Option<&str>) -> SpeechHead {
        let block = if from == 0 { FrontBlock::read(to, |index| self.line_text(index)) } else { None }.unwrap_or_default();
        let contents = self.find_contents(from, to);
        let (mut body, mut lines) = self.find_body(from.max(block.lines.end), to, &contents, from == 0, &block);
        if let Some(title) = self.title_after_foreword(body, to).filter(|_| from == 0) {
            let titles = (title..to).take_while(|index| self.roles[*index] == LineRole::Title);
            lines.extend(titles.map(|index| HeadLine { index, line: self.line_text(index), kind: HeadLineKind::Other }));
            body = lines.last().map_or(body, |line| line.index + 1);
        }
        let mut candidates: Vec<TitleLine> = Vec::with_capacity(lines.len());
        let named = named.map(letters);
        let all_letters: Vec<String> = lines.iter().map(|line| line.line.letters()).collect();
        // A title may end like a person: `河水上涨惹县长关心`.
        for (line, letters) in lines.iter_mut().zip(&all_letters) {
            if matches!(line.kind, HeadLineKind::Person(_)) && block.names_title(letters) {
                line.kind = HeadLineKind::Other;
            }
        }
        for (nth, line) in lines.iter().enumerate() {
            let features = &self.features[line.index];
            let bare = &all_letters[nth];
            let styled = self.roles[line.index] == LineRole::Title;
            let heading = styled || matches!(self.roles[line.index], LineRole::Heading(_));
            candidates.push(TitleLine {
                index: line.index,
                kind: line.kind.clone(),
                // A heading above the title that is marked as less: tags.
                barred: (features.boilerplate && !heading && !is_titled(&line.kind))
                    || self.is_outranked(line.index, &lines)
                    || features.date
                    || (heading && self.heading_ordinal(line.index).is_some()),
                open_ended: features.open_ended || styled,
                repeated: self.lines[line.index].span.len() <= MAX_SHORT_LINE_CHARS
                    && lines[nth + 1..].iter().zip(&all_letters[nth + 1..]).any(|(other, letters)| {
                        other.index > line.index && other.index <= line.index + MAX_REPEAT_LINES && letters == bare
                    }),
                heading,
                styled,
                named: styled
                    || block.names_title(bare)
                    || named.as_ref().is_some_and(|named| bare.chars().count() >= 4 && named.starts_with(bare.as_str())),
                last: line.index + 1 == body,
                line: line.line.clone(),
            });
        }
        // In a file of two languages a text in the other one may stand first, below the name of the series.
        let by_block = block.chinese_title().filter(|_| !candidates.iter().any(|line| line.named || line.heading));
        let chosen = pick_title(&candidates).map(|nth| complete_title(&candidates, nth)).filter(|_| by_block.is_none());
        let mut head = SpeechHead {
            below_block: from.max(block.lines.end),
            body,
            title: None,
            title_span: None,
            reader: FrontReader::default(),
            stamp: block.date.clone(),
        };
        let mut titled = from..from;
        let mut title_line = LineText::default();
        if let Some(chosen) = chosen {
            let parts = &candidates[chosen];
            let ranges = parts.iter().map(title_range);
            let texts: Vec<String> = parts.iter().zip(ranges.clone()).map(|(part, range)| unspaced(part.line.text(range))).collect();
            let mut spans = parts.iter().zip(ranges).filter_map(|(part, range)| part.line.span(range));
            head.title_span = spans.next().map(|first| spans.fold(first, Span::hull));
            head.title = Some(Arc::from(texts.join(" ")));
            titled = parts.first().map_or(from, |part| part.index)..parts.last().map_or(from, |part| part.index + 1);
            title_line = parts.first().map(|part| part.line.clone()).unwrap_or_default();
            if parts.len() > 1 {
                title_line = LineText::new(self.source, self.cleaning, head.title_span.unwrap_or_default());
            }
        } else if let Some(title) = by_block.or(block.titles.first()) {
            head.title = Some(Arc::clone(&title.text));
            head.title_span = Some(title.span);
            title_line = LineText::new(self.source, self.cleaning, title.span);
        }
        self.mark_head((from, to), &head, &titled, &contents, &lines, &block);
        self.extend_title(&titled, &mut head);
        head.reader.read_title(&title_line);
        for line in lines.iter().filter(|line| !titled.contains(&line.index)) {
            if self.roles[line.index] != LineRole::Boilerplate || matches!(line.kind, HeadLineKind::Labelled(_)) {
                head.reader.read_head_line(&line.line, &line.kind);
            } else if !self.features[line.index].boilerplate {
                head.reader.read_letterhead(&line.line);
            }
        }
        head.reader.read_block(&block);
        if body < to && self.roles[body] == LineRole::Salutation {
            let salutation = self.line_text(body);
            head.reader.read_salutation(&salutation);
        }
        for index in (body..to).take(MAX_LABELLED_LINES).filter(|index| self.lines[*index].span.len() <= MAX_SHORT_LINE_CHARS) {
            let chars = || Cursor::new(self.source, self.cleaning, self.lines[index].span);
            if self.features[index].ordinal.is_none() && (may_begin_label(chars()) || may_hold_note(chars())) {
                head.reader.read_body_line(&self.line_text(index));
            }
        }
        head
    }

    /// The first line of the body, and the lines of the head before it.
    fn find_body(&mut self, from: usize, to: usize, contents: &Range<usize>, first: bool, block: &FrontBlock) -> (usize, Vec<HeadLine>) {
        let mut lines: Vec<HeadLine> = Vec::new();
        let reach = from + MAX_HEAD_LINES + contents.len();
        let mut scan = HeadScan { reach, to, block, heading_seen: if first { None } else { Some((from, 0)) }, has_lines: false };
        for index in from..to {
            // A tag of HTML in a Markdown file.
            let is_tag = self.lines[index].first == '<' && self.lines[index].last == '>';
            if contents.contains(&index) || is_tag {
                continue;
            }
            match self.read_as_head(index, &mut scan) {
                HeadStep::Skip => {}
                HeadStep::Head(line) => lines.push(line),
                HeadStep::Body => return (index, lines),
            }
            scan.has_lines = !lines.is_empty();
        }
        (to, lines)
    }

    /// What the line at `index` is, if all before it is head.
    fn read_as_head(&mut self, index: usize, scan: &mut HeadScan<'_>) -> HeadStep {
        let features = &self.features[index];
        let heading = matches!(self.roles[index], LineRole::Heading(_));
        let telling = features.salutation || features.body_text || features.ordinal.is_some() || features.has_full_stop && !features.date;
        let boilerplate = features.boilerplate;
        if index >= scan.reach || self.lines[index].span.len() > MAX_HEAD_LINE_CHARS {
            return if (telling && !boilerplate) || heading { HeadStep::Body } else { HeadStep::Skip };
        }
        if self.roles[index] != LineRole::Body && !heading && !boilerplate {
            return self.read_by_role(index);
        }
        let line = LineText::new(self.source, self.cleaning, self.without_heading_sign(self.lines[index].span));
        if let LineRole::Heading(level) = self.roles[index] {
            if self.heading_opens_body(index, level, &line, scan) {
                return HeadStep::Body;
            }
            scan.heading_seen = Some((index, level));
        }
        let features = &self.features[index];
        let kind = if features.ordinal.is_some() { HeadLineKind::Other } else { HeadLineKind::of(&line) };
        if boilerplate || heading {
            return HeadStep::Head(HeadLine { index, line, kind });
        }
        let bare = line.bare();
        let unusual = features.malformed_ordinal && self.is_first_of_unusual(index);
        if features.ordinal.is_some() || begins_part(&bare) || is_numbered(&line) || unusual {
            return HeadStep::Body;
        }
        if !self.is_of_head(index, &kind, scan) {
            if telling && is_page_paragraph(&bare) {
                self.roles[index] = LineRole::Boilerplate;
                return HeadStep::Skip;
            }
            if telling || (scan.has_lines && is_addressing(&bare)) {
                if self.features[index].salutation || is_addressing(&bare) {
                    self.roles[index] = LineRole::Salutation;
                }
                return HeadStep::Body;
            }
        }
        HeadStep::Head(HeadLine { index, line, kind })
    }

    /// A line whose kind the format gives.
    fn read_by_role(&self, index: usize) -> HeadStep {
        match self.roles[index] {
            LineRole::Title => HeadStep::Head(HeadLine { index, line: self.line_text(index), kind: HeadLineKind::Other }),
            LineRole::Salutation => HeadStep::Body,
            _ => HeadStep::Skip,
        }
    }

    /// Whether a heading of the format is a section: it is numbered, or not above the headings before it.
    fn heading_opens_body(&self, index: usize, level: u8, line: &LineText, scan: &HeadScan<'_>) -> bool {
        let numbered = || self.heading_ordinal(index).is_some() || begins_part(&line.bare()) || is_numbered(line);
        let of_head = |above: (usize, u8)| level < above.1 || self.is_below_label(above.0, index, scan.to);
        scan.heading_seen.is_some_and(|above| !of_head(above)) || numbered() || self.is_below_block_title(index, scan.to, scan.block)
    }

    /// Whether a line of this kind belongs to the head. A date in a sentence is none of it.
    fn is_of_head(&self, index: usize, kind: &HeadLineKind, scan: &HeadScan<'_>) -> bool {
        let features = &self.features[index];
        match kind {
            // A title may be as long as a paragraph.
            HeadLineKind::Other if !scan.has_lines && self.is_long_title(index, scan.to) => true,
            HeadLineKind::Other | HeadLineKind::Organ => false,
            HeadLineKind::Labelled(_) | HeadLineKind::Person(_) => !features.has_full_stop && !features.salutation,
            _ => true,
        }
    }

    /// Whether the line at `index` is a title that ends in a bracket right above the salutation:
    /// `高举合作的旗帜，把建设新青石的事业全面推向新世纪（第十五次大会）`.
    fn is_long_title(&self, index: usize, to: usize) -> bool {
        let (features, line) = (&self.features[index], &self.lines[index]);
        features.body_text
            && !features.has_full_stop
            && line.span.len() <= MAX_SHORT_LINE_CHARS
            && matches!(line.last, ')' | '）' | '》' | '”')
            && (index + 1..to).next().is_some_and(|next| self.features[next].salutation)
    }

    /// Whether the heading at `index` is a section because the front block gives another title: it is no
    /// heading of the whole text.
    fn is_below_block_title(&self, index: usize, to: usize, block: &FrontBlock) -> bool {
        let LineRole::Heading(level) = self.roles[index] else { return false };
        let line = LineText::new(self.source, self.cleaning, self.without_heading_sign(self.lines[index].span));
        !block.titles.is_empty()
            && !block.names_title(&line.bare())
            && (level > 1 || (index + 1..to).any(|later| self.roles[later] == LineRole::Heading(1)))
    }

    /// Whether the heading at `above` is a mere label (`招募活動`) and the one at `index`, right below it and
    /// over all sections, which no format marks, the title.
    fn is_below_label(&self, above: usize, index: usize, to: usize) -> bool {
        let is_heading = |index: &usize| matches!(self.roles[*index], LineRole::Heading(_));
        let length = |index: usize| self.without_heading_sign(self.lines[index].span).len();
        above + 1 == index
            && length(above) < MIN_TITLE_CHARS
            && length(index) >= MIN_TITLE_CHARS
            && !(index + 1..to).any(|next| is_heading(&next))
            && (index + 1..to).any(|next| self.features[next].ordinal.is_some())
    }

    /// The line that the format marks as the title where running text, such as an editor's note, stands
    /// before it.
    fn title_after_foreword(&self, body: usize, to: usize) -> Option<usize> {
        let is_title = |index: usize| self.roles[index] == LineRole::Title;
        if (0..body).any(is_title) {
            return None;
        }
        let mut reach = (body..to).take(MAX_FOREWORD_LINES + 1).take_while(|index| {
            let features = &self.features[*index];
            let begins = features.salutation || features.ordinal.is_some() || matches!(self.roles[*index], LineRole::Heading(_));
            is_title(*index) || !begins && self.roles[*index] != LineRole::Salutation
        });
        reach.find(|index| is_title(*index))
    }

    /// Extends a title that lost line breaks over the fragments that belong to it.
    fn extend_title(&self, titled: &Range<usize>, head: &mut SpeechHead) {
        let last = (titled.start..head.body)
            .take_while(|next| self.roles[*next] == LineRole::Title && self.lines[*next].from_lost_break)
            .last()
            .filter(|last| titled.len() == 1 && *last > titled.start);
        if let (Some(last), Some(span)) = (last, head.title_span) {
            let span = span.hull(self.lines[last].span);
            head.title = Some(Arc::from(self.cleaning.text(self.source, span)));
            head.title_span = Some(span);
        }
    }

    /// Gives the lines of the head of the speech `from..to` their roles.
    fn mark_head(
        &mut self,
        (from, to): (usize, usize),
        head: &SpeechHead,
        titled: &Range<usize>,
        contents: &Range<usize>,
        lines: &[HeadLine],
        block: &FrontBlock,
    ) {
        let kind = |index: usize| lines.iter().find(|line| line.index == index).map(|line| &line.kind);
        let title = (!titled.is_empty()).then_some(titled.start);
        for index in from..head.body {
            let features = &self.features[index];
            self.roles[index] = match title {
                _ if contents.contains(&index) => LineRole::Metadata,
                _ if block.lines.contains(&index) => LineRole::Boilerplate,
                _ if titled.contains(&index) => LineRole::Title,
                // The file's name, marked in place of the title.
                Some(title) if index < title && self.roles[index] == LineRole::Title => LineRole::Metadata,
                Some(title) if index > title && titled.len() == 1 && self.is_same_text(index, title) => LineRole::Title,
                _ if features.boilerplate || self.roles[index] == LineRole::Boilerplate => LineRole::Boilerplate,
                Some(title)
                    if index > title
                        && self.lines[index].from_lost_break
                        && self.lines[title].from_lost_break
                        && self.roles[index - 1] == LineRole::Title
                        && matches!(kind(index), Some(HeadLineKind::Other)) =>
                {
                    LineRole::Title
                }
                _ => match kind(index) {
                    Some(HeadLineKind::Site) => LineRole::Boilerplate,
                    Some(HeadLineKind::Other) | None => match title {
                        Some(title) if index < title && features.open_ended && !features.date => LineRole::Boilerplate,
                        _ if self.lines[index].span.len() <= 60 => LineRole::Metadata,
                        _ => LineRole::Body,
                    },
                    _ => LineRole::Metadata,
                },
            };
        }
        // A style of titles further down is used for headings.
        for role in self.roles[head.body..to].iter_mut().filter(|role| **role == LineRole::Title) {
            *role = LineRole::Body;
        }
        // The table may also come after the salutation.
        for index in contents.clone() {
            self.roles[index] = LineRole::Metadata;
        }
    }

    /// Whether a later heading of the head is marked as more than the one at `index`.
    fn is_outranked(&self, index: usize, lines: &[HeadLine]) -> bool {
        let LineRole::Heading(level) = self.roles[index] else { return false };
        lines.iter().any(|later| later.index > index && matches!(self.roles[later.index], LineRole::Heading(above) if above < level))
    }

    /// Whether two lines have the same letters and digits.
    fn is_same_text(&self, a: usize, b: usize) -> bool {
        let bare = |index: usize| -> String { fold_text(&self.text(index)).chars().filter(|c| c.is_alphanumeric()).collect() };
        self.lines[a].span.len() <= MAX_SHORT_LINE_CHARS && bare(a) == bare(b)
    }

    /// Whether the line begins with the first ordinal of a count of an unusual form: `一．总体要求`.
    fn is_first_of_unusual(&self, index: usize) -> bool {
        let mut cursor = Cursor::new(self.source, self.cleaning, self.lines[index].span);
        let ordinal = cursor.next().and_then(|(_, c)| ordinal_at(c, &cursor));
        ordinal.is_some_and(|ordinal| ordinal.kind == OrdinalKind::HanEnumComma && ordinal.number == 1)
    }

    /// The kind of ordinal that the heading at `index` begins with.
    pub(super) fn heading_ordinal(&self, index: usize) -> Option<OrdinalKind> {
        self.line_ordinal(index).map(|ordinal| ordinal.kind)
    }

    /// The well-formed ordinal that a line or a heading begins with.
    pub(super) fn line_ordinal(&self, index: usize) -> Option<Ordinal> {
        let span = self.without_heading_sign(self.lines[index].span);
        let mut cursor = Cursor::new(self.source, self.cleaning, span);
        let (_, c) = cursor.next()?;
        ordinal_at(c, &cursor).filter(|ordinal| ordinal.well_formed)
    }
}

/// The text without the blanks that set its characters apart: `政 府 工 作 报 告`.
fn unspaced(text: String) -> String {
    let apart = text.chars().count() >= 7 && text.split(is_blank).filter(|word| !word.is_empty()).all(|word| word.chars().count() == 1);
    if apart { text.chars().filter(|c| !is_blank(*c)).collect() } else { text }
}

/// Whether the line begins with a number and a blank: `1 引言`.
fn is_numbered(line: &LineText) -> bool {
    let chars = line.folded().get(line.all()).unwrap_or_default();
    let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    let title = chars.get(digits..).unwrap_or_default().iter().find(|c| !is_blank(**c));
    (1..=2).contains(&digits)
        && chars.get(digits).is_some_and(|c| is_blank(*c))
        && title.is_some_and(|c| matches!(c, '\u{3400}'..='\u{9FFF}') && !matches!(c, '年' | '月' | '日'))
}

/// Whether the line is a label with the title.
fn is_titled(kind: &HeadLineKind) -> bool {
    matches!(kind, HeadLineKind::Labelled(label) if label.kind == LabelKind::Title)
}

/// The chars of a line that are the title: without a label before it, the name of a site behind it, and a document number at
/// either end.
fn title_range(candidate: &TitleLine) -> Range<usize> {
    let line = &candidate.line;
    match &candidate.kind {
        HeadLineKind::Labelled(label) if label.kind == LabelKind::Title => label.value.clone(),
        _ => {
            let all = line.all();
            let end = line.folded().iter().position(|c| matches!(c, '|' | '_' | '丨')).filter(|at| *at >= all.start + 4);
            match number_of_title(line) {
                Some(number) if number.start == all.start => line.trim(number.end..end.unwrap_or(all.end), &[]),
                Some(number) if number.end == all.end => line.trim(all.start..number.start, &[]),
                _ => line.trim(all.start..end.unwrap_or(all.end), &[]),
            }
        }
    }
}

/// The folded letters and digits of a text.
fn letters(text: &str) -> String {
    fold_text(text).chars().filter(|c| c.is_alphanumeric()).collect()
}
