//! What each logical line is to the speech, before its ordinals are read: title, stamps,
//! salutation, unnumbered headings, end matter.
//!
//! A file may hold several speeches; each has a head (page lines, title, date), a body and a tail
//! (signature, page lines).

use super::{
    Hints, Metadata, OrdinalKind, ParagraphKind,
    candidate::ordinal_at,
    date::date_in,
    lines::{Logical, is_closing},
    traits::{BRIEF, Looked, Traits},
};
use crate::text::Cleaning;
use crate::text::Cursor;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::fold::fold;
use crate::text::fold::fold_text;
use crate::text::parts::in_parts;
use std::sync::Arc;

/// What a logical line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Metadata,
    Boilerplate,
    Salutation,
    /// A short unnumbered heading; closes what is open.
    Subheading,
    /// A Markdown heading of this level.
    Markdown(u8),
    Body,
    Closing,
    Verbatim,
    EndMatter,
}

/// Lines that a thread of its own is worth.
const LEAST_LINES: usize = 4000;

/// The roles of all lines, and the title, date and page lines found on the way.
pub(super) fn roles(source: &SourceText, cleaning: &Cleaning, lines: &[Logical], hints: &Hints) -> (Vec<Role>, Metadata) {
    let told: Vec<Option<Role>> = lines.iter().map(|line| hints.kind_of(line.span).and_then(told_role)).collect();
    let seen = in_parts(lines.len(), LEAST_LINES, |part| {
        let mut cursor = Cursor::new(source, cleaning, Span::empty(lines.get(part.start).map_or(0, |line| line.span.start)));
        let mut looked = Looked::default();
        part.map(|index| {
            if let Some(role) = told[index] {
                return Traits { page: role == Role::Boilerplate, ..Traits::default() };
            }
            cursor.move_to(lines[index].span);
            looked.traits(cursor.clone(), &lines[index])
        })
        .collect::<Vec<_>>()
    })
    .concat();
    let mut roles = vec![Role::Body; lines.len()];
    let mut page = Page { source, cleaning, lines, seen: &seen, roles: &mut roles };
    page.mark_markdown(hints);
    let mut starts = page.speeches();
    let mut metadata = Metadata::default();
    starts.push(lines.len());
    for (nth, pair) in starts.windows(2).enumerate() {
        let found = page.speech(pair[0], pair[1], nth == 0);
        if nth == 0 {
            metadata = found;
        }
    }
    let boilerplate =
        lines.iter().zip(page.roles.iter()).filter(|(_, role)| **role == Role::Boilerplate).map(|(line, _)| line.span).collect();
    metadata.boilerplate = Arc::new(boilerplate);
    if metadata.title.is_none() {
        metadata.title = hints.title.as_deref().map(Arc::from);
    }
    (roles, metadata)
}

/// The role of a line of which the format tells the kind.
fn told_role(kind: ParagraphKind) -> Option<Role> {
    Some(match kind {
        ParagraphKind::Title => Role::Title,
        ParagraphKind::Metadata => Role::Metadata,
        ParagraphKind::Boilerplate => Role::Boilerplate,
        ParagraphKind::Salutation => Role::Salutation,
        ParagraphKind::Subheading => Role::Subheading,
        ParagraphKind::Body => Role::Body,
        ParagraphKind::Closing => Role::Closing,
        ParagraphKind::Verbatim => Role::Verbatim,
        ParagraphKind::EndMatter => Role::EndMatter,
        ParagraphKind::Heading(_) => return None,
    })
}

struct Page<'a> {
    source: &'a SourceText,
    cleaning: &'a Cleaning,
    lines: &'a [Logical],
    seen: &'a [Traits],
    roles: &'a mut [Role],
}

impl Page<'_> {
    fn text(&self, index: usize) -> String {
        self.cleaning.text(self.source, self.lines[index].span)
    }

    /// Gives Markdown headings and table rows their roles.
    fn mark_markdown(&mut self, hints: &Hints) {
        let mut hinted = hints.headings.iter().peekable();
        for (index, line) in self.lines.iter().enumerate() {
            while hinted.next_if(|hint| hint.span.end <= line.span.start).is_some() {}
            if let Some(hint) = hinted.peek().filter(|hint| hint.span.overlaps(line.span)) {
                self.roles[index] = Role::Markdown(hint.level);
            } else if line.first == '#' {
                let level = Cursor::new(self.source, self.cleaning, line.span).take_while(|(_, c)| *c == '#').count();
                let spaced = self.source.char_at(line.span.start + level).is_some_and(is_blank);
                if level <= 6 && spaced && line.span.len() > level + 1 {
                    self.roles[index] = Role::Markdown(level as u8);
                }
            } else if line.first == '|' && line.last == '|' && line.span.len() > 2 {
                self.roles[index] = Role::Verbatim;
            }
        }
    }

    /// Where the speeches of this file begin: the first line, and each later title that is
    /// followed by a salutation.
    fn speeches(&self) -> Vec<usize> {
        let mut starts = vec![0];
        let mut body = false;
        for index in 0..self.lines.len() {
            let here = &self.seen[index];
            if body
                && here.open_ended
                && !here.page
                && here.ordinal.is_none()
                && self.lines[index].span.len() <= 80
                && self.roles[index] == Role::Body
            {
                let after = (index + 1..self.lines.len().min(index + 6)).find(|next| {
                    let next = &self.seen[*next];
                    next.salutation || next.running || next.ordinal.is_some()
                });
                let salutation = after.is_some_and(|next| self.seen[next].salutation);
                let closed = index
                    .checked_sub(1)
                    .is_none_or(|before| is_closing(self.lines[before].last) || self.seen[before].page || !self.seen[before].running);
                if closed && salutation && (here.titled || !self.seen[index + 1].titled) {
                    starts.push(index);
                    body = false;
                }
            }
            body |= here.running || here.ordinal.is_some();
        }
        starts
    }

    /// Gives the lines of one speech their roles.
    fn speech(&mut self, from: usize, to: usize, first: bool) -> Metadata {
        let body = self.head(from, to, first);
        let tail = self.tail(body, to);
        let title = (from..body).find(|index| self.roles[*index] == Role::Title);
        let mut metadata = Metadata::default();
        if let Some(index) = title {
            let last = (index..body).take_while(|next| self.roles[*next] == Role::Title && self.lines[*next].soft).last().unwrap_or(index);
            let span = self.lines[index].span.hull(self.lines[last.max(index)].span);
            let span = self.heading_text(span);
            metadata.title = Some(Arc::from(self.cleaning.text(self.source, span)));
            metadata.title_span = Some(span);
        }
        self.headings(body, tail);
        self.ends(body, tail);
        metadata.date = self.date(from, body, tail, to);
        metadata
    }

    /// The span without the signs of a Markdown heading.
    fn heading_text(&self, span: Span) -> Span {
        let start = Cursor::new(self.source, self.cleaning, span).find(|(_, c)| *c != '#' && !is_blank(*c)).map_or(span.end, |(at, _)| at);
        Span::new(start, span.end)
    }

    /// The table of contents of the speech: lines in its head of which each comes again where its
    /// section begins. Announced as such, or else three headings at least with nothing between.
    fn contents(&self, from: usize, to: usize) -> std::ops::Range<usize> {
        let none = from..from;
        let head = (from..to).take(BRIEF).take_while(|index| !self.seen[*index].running);
        let label = head.clone().find(|index| self.seen[*index].contents);
        let entry = |index: &usize| self.seen[*index].open_ended && self.lines[*index].span.len() <= BRIEF && !self.seen[*index].salutation;
        let first = match label {
            Some(label) => label + 1,
            None => match head.clone().find(|index| self.seen[*index].ordinal.is_some()) {
                Some(first) if (first..to).take(3).filter(|index| self.seen[*index].ordinal.is_some() && entry(index)).count() == 3 => {
                    first
                }
                _ => return none,
            },
        };
        let bare = |index: usize, most: usize| -> String {
            let line = self.lines[index].span;
            let chars = Cursor::new(self.source, self.cleaning, line).map(|(_, c)| fold(c)).filter(|c| c.is_alphanumeric());
            chars.take(most).collect()
        };
        let wanted: Vec<String> = (first..to)
            .take(BRIEF)
            .take_while(entry)
            // Behind a leader stands the page.
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

    /// Reads the head of a speech; the index of its first line of body.
    fn head(&mut self, from: usize, to: usize, first: bool) -> usize {
        let markdown_title = (from..to).find(|index| matches!(self.roles[*index], Role::Markdown(_)) && first);
        let contents = self.contents(from, to);
        let body = (from..to)
            .filter(|index| !contents.contains(index))
            .find(|&index| {
                let seen = &self.seen[index];
                !seen.page && (seen.salutation || seen.running || seen.ordinal.is_some() || seen.sentence && !seen.date)
                    || (matches!(self.roles[index], Role::Markdown(_)) && Some(index) != markdown_title)
            })
            .unwrap_or(to);
        let title = match markdown_title.filter(|index| *index < body && self.markdown_ordinal(*index).is_none()) {
            Some(index) => Some(index),
            None => self.title((from..body).filter(|index| !contents.contains(index)), body),
        };
        for index in from..body {
            let seen = &self.seen[index];
            self.roles[index] = match title {
                _ if contents.contains(&index) => Role::Metadata,
                Some(title) if index == title || (index > title && self.same(index, title)) => Role::Title,
                _ if seen.page => Role::Boilerplate,
                _ if seen.date => Role::Metadata,
                Some(title)
                    if index > title && self.lines[index].soft && self.lines[title].soft && self.roles[index - 1] == Role::Title =>
                {
                    Role::Title
                }
                Some(title) if index < title && seen.open_ended => Role::Boilerplate,
                _ if self.lines[index].span.len() <= 60 => Role::Metadata,
                _ => Role::Body,
            };
        }
        if self.seen.get(body).is_some_and(|seen| seen.salutation) && body < to {
            self.roles[body] = Role::Salutation;
        }
        // Where the table stands behind the salutation.
        for index in contents {
            self.roles[index] = Role::Metadata;
        }
        body
    }

    fn same(&self, a: usize, b: usize) -> bool {
        let bare = |index: usize| -> String { fold_text(&self.text(index)).chars().filter(|c| c.is_alphanumeric()).collect() };
        self.lines[a].span.len() <= BRIEF && bare(a) == bare(b)
    }

    /// Whether the Markdown heading at `index` begins with an ordinal.
    fn markdown_ordinal(&self, index: usize) -> Option<OrdinalKind> {
        let span = self.heading_text(self.lines[index].span);
        let mut cursor = Cursor::new(self.source, self.cleaning, span);
        let (_, c) = cursor.next()?;
        ordinal_at(c, &cursor).filter(|ordinal| ordinal.sound).map(|ordinal| ordinal.kind)
    }

    /// The line of the head that is the title.
    fn title(&self, head: impl Iterator<Item = usize>, body: usize) -> Option<usize> {
        let mut best: Option<(i32, usize)> = None;
        for index in head.take(60) {
            let (seen, line) = (&self.seen[index], &self.lines[index]);
            let length = line.span.len();
            let labelled = matches!(line.first, '[' | '【') && !seen.titled;
            if seen.page || seen.date || !(2..=BRIEF).contains(&length) || matches!(line.first, '(' | '（' | '—') || labelled {
                continue;
            }
            let mut score = 0;
            score += if seen.titled { 4 } else { 0 };
            score += if (6..=60).contains(&length) { 2 } else { 0 };
            score += if seen.open_ended { 2 } else { -3 };
            score += i32::from(index + 1 == body);
            score += if (index + 1..body.min(index + 12)).any(|other| self.same(other, index)) { 2 } else { 0 };
            // Of equals the first.
            if best.is_none_or(|(most, _)| score > most) {
                best = Some((score, index));
            }
        }
        best.filter(|(score, _)| *score > 0).map(|(_, index)| index)
    }

    /// Marks the page lines behind a speech; the index of the first line that is no body.
    fn tail(&mut self, body: usize, to: usize) -> usize {
        let strong = |index: &usize| {
            let seen = &self.seen[*index];
            let ordinal =
                seen.ordinal.is_some_and(|kind| !matches!(kind, OrdinalKind::Arabic | OrdinalKind::Circled | OrdinalKind::ArabicParen));
            !seen.page && (seen.running && self.lines[*index].span.len() >= 60 || ordinal || seen.salutation)
        };
        let last = (body..to).rev().find(strong).map_or(body, |index| index + 1);
        let tail = (last..to).find(|index| self.seen[*index].page).unwrap_or(to);
        for index in tail..to {
            self.roles[index] = Role::Boilerplate;
        }
        for index in body..tail {
            if self.seen[index].surely_page {
                self.roles[index] = Role::Boilerplate;
            } else if self.seen[index].date && self.lines[index].span.len() <= 24 && index + 4 >= tail {
                self.roles[index] = Role::Metadata;
            }
        }
        tail
    }

    /// Finds the unnumbered headings between `body` and `tail`.
    fn headings(&mut self, body: usize, tail: usize) {
        for index in body..tail {
            if self.roles[index] == Role::Body && self.is_heading(index, body, tail) {
                self.roles[index] = Role::Subheading;
            }
        }
    }

    fn is_heading(&self, index: usize, body: usize, tail: usize) -> bool {
        let (seen, line) = (&self.seen[index], &self.lines[index]);
        let length = line.span.len();
        if !seen.open_ended
            || !line.single
            || seen.ordinal.is_some()
            || seen.unsound
            || seen.date
            || !(3..=30).contains(&length)
            || index + 1 >= tail
        {
            return false;
        }
        if is_opening_or_punctuation(line.first) || matches!(line.last, '的' | '和' | '与' | '在' | '了' | '把' | '对' | '从' | '以' | '及')
        {
            return false;
        }
        // What stands before must be finished, and paragraphs must follow.
        let finished = index == body || {
            let before = &self.lines[index - 1];
            is_closing(before.last) || self.seen[index - 1].ordinal.is_some() || self.roles[index - 1] != Role::Body
        };
        let next = &self.lines[index + 1];
        let followed = self.seen[index + 1].ordinal.is_some() || next.span.len() >= 30 || (is_closing(next.last) && next.span.len() > 12);
        let text = self.text(index);
        let clause = text.chars().filter(|c| matches!(c, '，' | ',' | '、')).count();
        finished && followed && (clause == 0 || length <= SHORT_HEADING) && !text.contains(['。', '；', '|', '\t', '@'])
    }

    /// Marks closing words and what follows a speech.
    fn ends(&mut self, body: usize, tail: usize) {
        let from = body + (tail - body) / 2;
        let mut end = tail;
        let closing = (from..tail).rev().find(|index| {
            let line = &self.lines[*index];
            self.seen[*index].thanks || (matches!(line.first, '同' | '各') && line.span.len() > 20 && self.addresses(*index))
        });
        if let Some(closing) = closing {
            self.roles[closing] = Role::Closing;
        }
        let after = closing.map_or(from, |closing| closing + 1);
        if let Some(start) =
            (from..tail).find(|&index| self.seen[index].end_matter || (index >= after && closing.is_some() && self.seen[index].note))
        {
            end = start;
        } else if let Some(closing) = closing.filter(|closing| self.seen[*closing].thanks) {
            end = (closing + 1..tail).find(|index| self.seen[*index].ordinal.is_some()).unwrap_or(tail);
        }
        for index in end..tail {
            if matches!(self.roles[index], Role::Body | Role::Subheading | Role::Metadata) {
                self.roles[index] = Role::EndMatter;
            }
        }
    }

    fn addresses(&self, index: usize) -> bool {
        let start: String = Cursor::new(self.source, self.cleaning, self.lines[index].span).take(4).map(|(_, c)| fold(c)).collect();
        start.starts_with("同志们") || start.starts_with("各位")
    }

    /// The date of delivery told in the head or below the speech; else the page's stamp.
    fn date(&self, from: usize, body: usize, tail: usize, to: usize) -> Option<Arc<str>> {
        let of = |range: std::ops::Range<usize>, role: Role| {
            range.filter(|index| self.roles[*index] == role).find_map(|index| date_in(&self.text(index)))
        };
        let found = of(from..body, Role::Metadata)
            .or_else(|| of(from..body, Role::Title))
            .or_else(|| of(body..tail, Role::Metadata))
            .or_else(|| of(from..body, Role::Boilerplate))
            .or_else(|| of(tail..to, Role::Boilerplate));
        found.map(Arc::from)
    }
}

/// Longest unnumbered heading with a comma in it, in chars.
const SHORT_HEADING: usize = 20;

fn is_opening_or_punctuation(c: char) -> bool {
    matches!(
        c,
        '，' | ',' | '、' | '。' | '；' | '：' | '！' | '？' | '）' | ')' | '”' | '-' | '—' | '*' | '=' | '_' | '~' | '|' | '<' | '…'
    )
}
