//! Line roles: classifies logical lines before ordinals are decoded, into title, stamps,
//! salutation, unnumbered headings, body and end matter.
//!
//! A file may hold several speeches; each has a head (boilerplate, title, date), a body and a tail
//! (signature, boilerplate).

use super::{
    Hints, Metadata, OrdinalKind, ParagraphKind,
    candidate::ordinal_at,
    date::date_in,
    line_features::{LineFeatures, MAX_SHORT_LINE_CHARS, Scratch},
    lines::LogicalLine,
    punctuation::is_closing,
};
use crate::text::Cleaning;
use crate::text::Cursor;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::fold::fold;
use crate::text::fold::fold_text;
use crate::text::parallel::par_chunks;
use std::sync::Arc;

/// The role of a logical line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineRole {
    Title,
    /// A line about the speech: date, place, speaker, table of contents.
    Metadata,
    Boilerplate,
    Salutation,
    /// A short unnumbered heading; closes all open sequences.
    Subheading,
    /// A heading of this level, of Markdown or of a rich format.
    Heading(u8),
    Body,
    Closing,
    Verbatim,
    EndMatter,
}

/// Minimum lines per thread.
const MIN_LINES_PER_THREAD: usize = 4000;
/// Maximum lines of running text before a title that the format marks.
const MAX_LINES_BEFORE_TITLE: usize = 12;
/// Maximum lines of a title.
const MAX_TITLE_LINES: usize = 4;

/// Assigns a role to each line, and extracts title, date and boilerplate.
pub(super) fn assign_roles(source: &SourceText, cleaning: &Cleaning, lines: &[LogicalLine], hints: &Hints) -> (Vec<LineRole>, Metadata) {
    let hinted: Vec<Option<LineRole>> = lines.iter().map(|line| hints.kind_at(line.span).and_then(hinted_role)).collect();
    let features = par_chunks(lines.len(), MIN_LINES_PER_THREAD, |part| {
        let mut cursor = Cursor::new(source, cleaning, Span::empty(lines.get(part.start).map_or(0, |line| line.span.start)));
        let mut scratch = Scratch::default();
        part.map(|index| {
            if let Some(role) = hinted[index].filter(|role| *role != LineRole::Title) {
                return LineFeatures { boilerplate: role == LineRole::Boilerplate, ..LineFeatures::default() };
            }
            cursor.advance_to(lines[index].span);
            scratch.features(cursor.clone(), &lines[index])
        })
        .collect::<Vec<_>>()
    })
    .concat();
    let mut roles = vec![LineRole::Body; lines.len()];
    let mut assigner = RoleAssigner {
        source,
        cleaning,
        lines,
        features: &features,
        has_paragraphs: hints.soft_breaks.is_some(),
        hinted: &hinted,
        roles: &mut roles,
    };
    assigner.mark_headings(hints);
    let mut starts = assigner.speech_starts();
    let mut metadata = Metadata::default();
    starts.push(lines.len());
    for (nth, pair) in starts.windows(2).enumerate() {
        let found = assigner.assign_speech(pair[0], pair[1], nth == 0);
        if nth == 0 {
            metadata = found;
        }
    }
    for (role, hint) in assigner.roles.iter_mut().zip(&hinted) {
        if let Some(hint @ (LineRole::Metadata | LineRole::Boilerplate | LineRole::Verbatim | LineRole::EndMatter)) = hint {
            *role = *hint;
        }
    }
    let boilerplate =
        lines.iter().zip(assigner.roles.iter()).filter(|(_, role)| **role == LineRole::Boilerplate).map(|(line, _)| line.span).collect();
    metadata.boilerplate = Arc::new(boilerplate);
    if metadata.title.is_none() {
        metadata.title = hints.title.as_deref().map(Arc::from);
    }
    (roles, metadata)
}

/// The role that corresponds to a hinted kind.
fn hinted_role(kind: ParagraphKind) -> Option<LineRole> {
    Some(match kind {
        ParagraphKind::Title => LineRole::Title,
        ParagraphKind::Metadata => LineRole::Metadata,
        ParagraphKind::Boilerplate => LineRole::Boilerplate,
        ParagraphKind::Salutation => LineRole::Salutation,
        ParagraphKind::Subheading => LineRole::Subheading,
        ParagraphKind::Body => LineRole::Body,
        ParagraphKind::Closing => LineRole::Closing,
        ParagraphKind::Verbatim => LineRole::Verbatim,
        ParagraphKind::EndMatter => LineRole::EndMatter,
        ParagraphKind::Heading(_) => return None,
    })
}

/// Assigns the roles of all lines of a file, speech by speech.
struct RoleAssigner<'a> {
    source: &'a SourceText,
    cleaning: &'a Cleaning,
    lines: &'a [LogicalLine],
    features: &'a [LineFeatures],
    /// Whether the format says where paragraphs end.
    has_paragraphs: bool,
    /// The roles that the format gives.
    hinted: &'a [Option<LineRole>],
    roles: &'a mut [LineRole],
}

impl RoleAssigner<'_> {
    fn text(&self, index: usize) -> String {
        self.cleaning.text(self.source, self.lines[index].span)
    }

    /// Assigns the roles of headings with a level and of table rows.
    fn mark_headings(&mut self, hints: &Hints) {
        let mut hinted = hints.headings.iter().peekable();
        for (index, line) in self.lines.iter().enumerate() {
            while hinted.next_if(|hint| hint.span.end <= line.span.start).is_some() {}
            if let Some(hint) = hinted.peek().filter(|hint| hint.span.overlaps(line.span)) {
                self.roles[index] = LineRole::Heading(hint.level);
            } else if line.first == '#' {
                let level = Cursor::new(self.source, self.cleaning, line.span).take_while(|(_, c)| *c == '#').count();
                let spaced = self.source.char_at(line.span.start + level).is_some_and(is_blank);
                if level <= 6 && spaced && line.span.len() > level + 1 {
                    self.roles[index] = LineRole::Heading(level as u8);
                }
            } else if line.first == '|' && line.last == '|' && line.span.len() > 2 {
                self.roles[index] = LineRole::Verbatim;
            }
        }
    }

    /// Indices of the first lines of the speeches in the file: the first line, and each later title
    /// that a salutation follows.
    fn speech_starts(&self) -> Vec<usize> {
        let mut starts = vec![0];
        let mut body = false;
        for index in 0..self.lines.len() {
            let here = &self.features[index];
            if body
                && here.open_ended
                && !here.boilerplate
                && here.ordinal.is_none()
                && self.lines[index].span.len() <= 80
                && self.roles[index] == LineRole::Body
            {
                let after = (index + 1..self.lines.len().min(index + 6)).find(|next| {
                    let next = &self.features[*next];
                    next.salutation || next.body_text || next.ordinal.is_some()
                });
                let salutation = after.is_some_and(|next| self.features[next].salutation);
                let closed = index.checked_sub(1).is_none_or(|before| {
                    is_closing(self.lines[before].last) || self.features[before].boilerplate || !self.features[before].body_text
                });
                if closed && salutation && (here.names_speech || !self.features[index + 1].names_speech) {
                    starts.push(index);
                    body = false;
                }
            }
            body |= here.body_text || here.ordinal.is_some();
        }
        starts
    }

    /// Assigns the roles of the lines of one speech; returns its metadata.
    fn assign_speech(&mut self, from: usize, to: usize, first: bool) -> Metadata {
        let body = self.assign_head(from, to, first);
        let tail = self.assign_tail(body, to);
        let title = (from..body).find(|index| self.roles[*index] == LineRole::Title);
        let mut metadata = Metadata::default();
        if let Some(index) = title {
            let last = (index..body)
                .take_while(|next| {
                    self.roles[*next] == LineRole::Title && (self.lines[*next].from_lost_break || self.is_title_part(index, *next))
                })
                .last()
                .unwrap_or(index);
            let span = self.lines[index].span.hull(self.lines[last.max(index)].span);
            let span = self.without_heading_sign(span);
            metadata.title = Some(Arc::from(
                self.cleaning.text(self.source, span).split('\n').filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(" "),
            ));
            metadata.title_span = Some(span);
        }
        self.mark_subheadings(body, tail);
        self.mark_closing(body, tail);
        metadata.date = self.find_date(from, body, tail, to);
        metadata
    }

    /// The span without the `#` of a Markdown heading.
    fn without_heading_sign(&self, span: Span) -> Span {
        let start = Cursor::new(self.source, self.cleaning, span).find(|(_, c)| *c != '#' && !is_blank(*c)).map_or(span.end, |(at, _)| at);
        Span::new(start, span.end)
    }

    /// The table of contents of the speech: lines in its head that each recur where their section
    /// begins. It begins with a label (目录), or consists of three headings at least with nothing
    /// between them.
    fn find_contents(&self, from: usize, to: usize) -> std::ops::Range<usize> {
        let none = from..from;
        let head = (from..to).take(MAX_SHORT_LINE_CHARS).take_while(|index| !self.features[*index].body_text);
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
            .take(MAX_SHORT_LINE_CHARS)
            .take_while(entry)
            // After a leader comes the page number.
            .map(|index| bare(index, usize::MAX).trim_end_matches(|c: char| c.is_ascii_digit()).to_owned())
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
        if count >= if label.is_some() { 2 } else { 3 } { label.unwrap_or(first)..first + count } else { none }
    }

    /// Assigns the roles of the head of a speech; returns the index of the first line of its body.
    fn assign_head(&mut self, from: usize, to: usize, first: bool) -> usize {
        let heading_title = (from..to)
            .find(|index| matches!(self.roles[*index], LineRole::Heading(_)) && first)
            .filter(|index| self.is_topmost_heading(*index, to));
        let contents = self.find_contents(from, to);
        let body = (from..to)
            .filter(|index| !contents.contains(index))
            .find(|&index| {
                let features = &self.features[index];
                !features.boilerplate
                    && (features.salutation || features.body_text || features.ordinal.is_some() || features.has_full_stop && !features.date)
                    || (matches!(self.roles[index], LineRole::Heading(_)) && Some(index) != heading_title)
            })
            .unwrap_or(to);
        let hinted_title = (from..to.min(body + MAX_LINES_BEFORE_TITLE)).find(|index| first && self.is_title_part(*index, *index));
        let body = hinted_title.map_or(body, |title| body.max(title + 1));
        let heading_title = heading_title.filter(|index| *index < body && self.heading_ordinal(*index).is_none());
        let hinted_title = hinted_title.map(|title| self.fuller_title(title, body));
        let title = match hinted_title.or(heading_title) {
            Some(index) => Some(index),
            None => self.find_title((from..body).filter(|index| !contents.contains(index)), body),
        };
        for index in from..body {
            let features = &self.features[index];
            self.roles[index] = match title {
                _ if contents.contains(&index) => LineRole::Metadata,
                Some(title) if index < title && self.hinted[index] == Some(LineRole::Title) => LineRole::Metadata,
                Some(title) if self.is_title_part(title, index) => LineRole::Title,
                Some(title) if index == title || (index > title && self.is_same_text(index, title)) => LineRole::Title,
                _ if features.boilerplate => LineRole::Boilerplate,
                _ if features.date => LineRole::Metadata,
                Some(title)
                    if index > title
                        && self.lines[index].from_lost_break
                        && self.lines[title].from_lost_break
                        && self.roles[index - 1] == LineRole::Title =>
                {
                    LineRole::Title
                }
                Some(title) if index < title && features.open_ended => LineRole::Boilerplate,
                _ if self.lines[index].span.len() <= 60 => LineRole::Metadata,
                _ => LineRole::Body,
            };
        }
        if self.features.get(body).is_some_and(|features| features.salutation) && body < to {
            self.roles[body] = LineRole::Salutation;
        }
        // The table may also come after the salutation.
        for index in contents {
            self.roles[index] = LineRole::Metadata;
        }
        body
    }

    /// Whether the line at `index` continues a title of several lines that begins at `title`: the
    /// format marks it and each line between them, and none has an ordinal.
    fn is_title_part(&self, title: usize, index: usize) -> bool {
        let is_part = |part: usize| self.hinted[part] == Some(LineRole::Title) && self.heading_ordinal(part).is_none();
        let repeats = index > title && self.is_same_text(title, index);
        index >= title && index - title < MAX_TITLE_LINES && !repeats && (title..=index).all(is_part)
    }

    /// The title in full, if a line after the marked one has it: programs mark the file's name, as in
    /// `某县会议讲话` before `在某县工作会议上的讲话`. Otherwise the marked line.
    fn fuller_title(&self, title: usize, body: usize) -> usize {
        let letters = |index: usize| -> Vec<char> { fold_text(&self.text(index)).chars().filter(|c| c.is_alphanumeric()).collect() };
        let marked = letters(title);
        let has_marked = |index: &usize| {
            let mut full = letters(*index);
            let longer = full.len() > marked.len();
            let shared =
                marked.iter().filter(|c| full.iter().position(|other| other == *c).map(|at| full.swap_remove(at)).is_some()).count();
            longer && shared * 5 >= marked.len() * 4
        };
        let may_be = |index: &usize| {
            self.hinted[*index] != Some(LineRole::Title)
                && self.features[*index].names_speech
                && self.lines[*index].span.len() <= MAX_SHORT_LINE_CHARS
        };
        (title..body).take(MAX_LINES_BEFORE_TITLE).filter(may_be).find(has_marked).unwrap_or(title)
    }

    /// Whether the heading at `index` may be the title: in formats with paragraphs, where a title has a
    /// style of its own, only if no later one is of its level.
    fn is_topmost_heading(&self, index: usize, to: usize) -> bool {
        let LineRole::Heading(level) = self.roles[index] else { return false };
        !self.has_paragraphs || !self.roles[index + 1..to].iter().any(|role| matches!(role, LineRole::Heading(other) if *other <= level))
    }

    /// Whether two lines have the same letters and digits.
    fn is_same_text(&self, a: usize, b: usize) -> bool {
        let bare = |index: usize| -> String { fold_text(&self.text(index)).chars().filter(|c| c.is_alphanumeric()).collect() };
        self.lines[a].span.len() <= MAX_SHORT_LINE_CHARS && bare(a) == bare(b)
    }

    /// The kind of ordinal that the heading at `index` begins with.
    fn heading_ordinal(&self, index: usize) -> Option<OrdinalKind> {
        let span = self.without_heading_sign(self.lines[index].span);
        let mut cursor = Cursor::new(self.source, self.cleaning, span);
        let (_, c) = cursor.next()?;
        ordinal_at(c, &cursor).filter(|ordinal| ordinal.well_formed).map(|ordinal| ordinal.kind)
    }

    /// Picks the title line of the head by a score.
    fn find_title(&self, head: impl Iterator<Item = usize>, body: usize) -> Option<usize> {
        let mut best: Option<(i32, usize)> = None;
        for index in head.take(60) {
            let (features, line) = (&self.features[index], &self.lines[index]);
            let length = line.span.len();
            let labelled = matches!(line.first, '[' | '【') && !features.names_speech;
            if features.boilerplate
                || features.date
                || !(2..=MAX_SHORT_LINE_CHARS).contains(&length)
                || matches!(line.first, '(' | '（' | '—')
                || labelled
            {
                continue;
            }
            let mut score = 0;
            score += if features.names_speech { 4 } else { 0 };
            score += if (6..=60).contains(&length) { 2 } else { 0 };
            score += if features.open_ended { 2 } else { -3 };
            score += i32::from(index + 1 == body);
            score += if (index + 1..body.min(index + 12)).any(|other| self.is_same_text(other, index)) { 2 } else { 0 };
            // The first of equals wins.
            if best.is_none_or(|(limit, _)| score > limit) {
                best = Some((score, index));
            }
        }
        best.filter(|(score, _)| *score > 0).map(|(_, index)| index)
    }

    /// Marks the boilerplate after a speech; returns the index of the first line after its body.
    fn assign_tail(&mut self, body: usize, to: usize) -> usize {
        let is_body = |index: &usize| {
            let features = &self.features[*index];
            let ordinal =
                features.ordinal.is_some_and(|kind| !matches!(kind, OrdinalKind::Arabic | OrdinalKind::Circled | OrdinalKind::ArabicParen));
            !features.boilerplate && (features.body_text && self.lines[*index].span.len() >= 60 || ordinal || features.salutation)
        };
        let last = (body..to).rev().find(is_body).map_or(body, |index| index + 1);
        let tail = (last..to).find(|index| self.features[*index].boilerplate).unwrap_or(to);
        for index in tail..to {
            self.roles[index] = LineRole::Boilerplate;
        }
        for index in body..tail {
            if self.features[index].certain_boilerplate {
                self.roles[index] = LineRole::Boilerplate;
            } else if self.features[index].date && self.lines[index].span.len() <= 24 && index + 4 >= tail {
                self.roles[index] = LineRole::Metadata;
            }
        }
        tail
    }

    /// Marks the unnumbered headings between `body` and `tail`.
    fn mark_subheadings(&mut self, body: usize, tail: usize) {
        for index in body..tail {
            if self.roles[index] == LineRole::Body && self.is_heading(index, body, tail) {
                self.roles[index] = LineRole::Subheading;
            }
        }
    }

    /// Whether the line is a short unnumbered heading.
    fn is_heading(&self, index: usize, body: usize, tail: usize) -> bool {
        let (features, line) = (&self.features[index], &self.lines[index]);
        let length = line.span.len();
        if !features.open_ended
            || !line.single
            || features.ordinal.is_some()
            || features.malformed_ordinal
            || features.date
            || !(3..=30).contains(&length)
            || index + 1 >= tail
        {
            return false;
        }
        if cannot_begin_heading(line.first) || matches!(line.last, '的' | '和' | '与' | '在' | '了' | '把' | '对' | '从' | '以' | '及')
        {
            return false;
        }
        // The text before must be finished, and a paragraph must follow.
        let finished = index == body || {
            let before = &self.lines[index - 1];
            is_closing(before.last) || self.features[index - 1].ordinal.is_some() || self.roles[index - 1] != LineRole::Body
        };
        let next = &self.lines[index + 1];
        let followed =
            self.features[index + 1].ordinal.is_some() || next.span.len() >= 30 || (is_closing(next.last) && next.span.len() > 12);
        let text = self.text(index);
        let commas = text.chars().filter(|c| matches!(c, '，' | ',' | '、')).count();
        finished && followed && (commas == 0 || length <= MAX_HEADING_WITH_COMMA_CHARS) && !text.contains(['。', '；', '|', '\t', '@'])
    }

    /// Marks the closing words and the end matter.
    fn mark_closing(&mut self, body: usize, tail: usize) {
        let from = body + (tail - body) / 2;
        let mut end = tail;
        let closing = (from..tail).rev().find(|index| {
            let line = &self.lines[*index];
            self.features[*index].thanks || (matches!(line.first, '同' | '各') && line.span.len() > 20 && self.is_address(*index))
        });
        if let Some(closing) = closing {
            self.roles[closing] = LineRole::Closing;
        }
        let after = closing.map_or(from, |closing| closing + 1);
        if let Some(start) = (from..tail)
            .find(|&index| self.features[index].end_matter || (index >= after && closing.is_some() && self.features[index].source_note))
        {
            end = start;
        } else if let Some(closing) = closing.filter(|closing| self.features[*closing].thanks) {
            end = (closing + 1..tail).find(|index| self.features[*index].ordinal.is_some()).unwrap_or(tail);
        }
        for index in end..tail {
            if matches!(self.roles[index], LineRole::Body | LineRole::Subheading | LineRole::Metadata) {
                self.roles[index] = LineRole::EndMatter;
            }
        }
    }

    /// Whether the line addresses the audience (同志们, 各位).
    fn is_address(&self, index: usize) -> bool {
        let start: String = Cursor::new(self.source, self.cleaning, self.lines[index].span).take(4).map(|(_, c)| fold(c)).collect();
        start.starts_with("同志们") || start.starts_with("各位")
    }

    /// The date of delivery from the head or below the speech, else the date stamp of the page.
    fn find_date(&self, from: usize, body: usize, tail: usize, to: usize) -> Option<Arc<str>> {
        let date_with_role = |range: std::ops::Range<usize>, role: LineRole| {
            range.filter(|index| self.roles[*index] == role).find_map(|index| date_in(&self.text(index)))
        };
        let found = date_with_role(from..body, LineRole::Metadata)
            .or_else(|| date_with_role(from..body, LineRole::Title))
            .or_else(|| date_with_role(body..tail, LineRole::Metadata))
            .or_else(|| date_with_role(from..body, LineRole::Boilerplate))
            .or_else(|| date_with_role(tail..to, LineRole::Boilerplate));
        found.map(Arc::from)
    }
}

/// Longest unnumbered heading with a comma in it, in chars.
const MAX_HEADING_WITH_COMMA_CHARS: usize = 20;

/// Whether no heading begins with `c`: closing or separating punctuation.
fn cannot_begin_heading(c: char) -> bool {
    matches!(
        c,
        '，' | ',' | '、' | '。' | '；' | '：' | '！' | '？' | '）' | ')' | '”' | '-' | '—' | '*' | '=' | '_' | '~' | '|' | '<' | '…'
    )
}
