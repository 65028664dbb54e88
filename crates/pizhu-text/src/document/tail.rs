//! The tail of a speech: closing words, signature, end matter, and the page lines below.

use super::{
    OrdinalKind, PartWord,
    date::date_in,
    front::{FrontReader, HeadLineKind, LineText, Signature, SignatureLine, find_signature, may_hold_note},
    head::SpeechHead,
    numeral::arabic_digit,
    punctuation::is_stop,
    roles::{LineRole, RoleAssigner},
};
use crate::text::Cursor;
use crate::text::Span;
use crate::text::fold::fold;
use std::ops::Range;
use std::sync::Arc;

/// Number of lines in which a signature is looked for.
const SIGNATURE_LINES: usize = 12;
/// Longest last article of a statute, in lines.
const MAX_LINES_OF_LAST_ARTICLE: usize = 4;
/// Number of annexes before which a signature is looked for.
const MAX_ANNEXES: usize = 4;
/// Shortest name of an organ that issues a text, in chars.
const MIN_ISSUER_CHARS: usize = 3;
/// Longest line, in chars with the blanks and page marks in it, that may be one of a signature.
const MAX_SIGNATURE_LINE_CHARS: usize = 100;
/// Number of chars at the end of a line in which a date stands.
const DATE_CHARS: usize = 24;
/// Number of chars at both ends of the other lines that tell whether a signature may stand near them.
const SIGNATURE_END_CHARS: usize = 8;
/// Number of lines at the end that may be the host's although they are sentences.
const MAX_HOST_LINES: usize = 8;
/// Number of lines at the end in which a note on the speech is looked for.
const NOTE_LINES: usize = 60;
/// Longest line inside which such a note is looked for, in chars.
const MAX_NOTED_CHARS: usize = 2000;
/// Longest such note, in chars.
const NOTE_CHARS: usize = 160;

impl RoleAssigner<'_> {
    /// Marks the boilerplate after a speech; returns the index of the first line after its body.
    pub(super) fn assign_tail(&mut self, body: usize, to: usize) -> usize {
        let is_body = |index: &usize| {
            let features = &self.features[*index];
            let ordinal =
                features.ordinal.is_some_and(|kind| !matches!(kind, OrdinalKind::Arabic | OrdinalKind::Circled | OrdinalKind::ArabicParen));
            // `一. 通宵留守` above lines with labels.
            let counted = ordinal || (features.malformed_ordinal && !self.lines[*index].first.is_ascii_digit());
            !features.boilerplate && (features.body_text && self.lines[*index].span.len() >= 60 || counted || features.salutation)
        };
        let last = (body..to).rev().find(is_body).map_or(body, |index| index + 1);
        // What the host adds near the end takes all that follows with it.
        let sections = |index: usize| self.features[index].salutation || self.features[index].ordinal.is_some();
        let host = (to.saturating_sub(MAX_HOST_LINES).max(body + 1)..last)
            .find(|index| self.features[*index].certain_boilerplate)
            .filter(|host| !(host + 1..last).any(sections));
        let last = host.unwrap_or(last);
        let tail = self.first_page_line(last, to);
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

    /// The first page line from `from` on after which no count of the speech goes on: `时间：第一周` in a plan is none.
    fn first_page_line(&self, from: usize, to: usize) -> usize {
        let (mut first, mut goes_on) = (to, false);
        for index in (from..to).rev() {
            if self.features[index].boilerplate {
                first = if goes_on { first } else { index };
            } else if let Some(number) = self.line_ordinal(index).map(|ordinal| ordinal.number) {
                goes_on = number > 1;
            }
        }
        first
    }

    /// Marks the closing words, the signature and the end matter; returns the signature. `title`: that of the text.
    pub(super) fn mark_closing(&mut self, body: usize, tail: usize, title: &str) -> Option<Signature> {
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
        if let Some(start) = (from..tail).find(|&index| {
            (self.features[index].end_matter && self.roles[index] != LineRole::Aside)
                || (index >= after && closing.is_some() && self.features[index].source_note)
        }) {
            end = start;
        } else if let Some(closing) = closing.filter(|closing| self.features[*closing].thanks) {
            end = (closing + 1..tail).find(|index| self.features[*index].ordinal.is_some()).unwrap_or(tail);
        }
        if let Some(annex) = (body..from.min(end)).find(|index| self.is_annex_of_statute(body, *index)) {
            end = annex;
        }
        let signature = self.find_signature((body, end, tail), title);
        let annexed = end < tail && self.features[end].end_matter;
        for index in end..tail {
            let heading = annexed && matches!(self.roles[index], LineRole::Heading(_));
            if heading || matches!(self.roles[index], LineRole::Body | LineRole::Subheading | LineRole::Metadata) {
                self.roles[index] = LineRole::EndMatter;
            }
        }
        for index in signature.iter().flat_map(|signature| signature.lines.clone()) {
            self.roles[index] = LineRole::Metadata;
        }
        signature
    }

    /// Whether an annex begins at `index` below the last article of a statute, which tells from when it is in
    /// force; the annex may be longer than the statute.
    fn is_annex_of_statute(&self, body: usize, index: usize) -> bool {
        let is_article = |index: &usize| matches!(self.features[*index].ordinal, Some(OrdinalKind::Part(PartWord::Article)));
        self.features[index].end_matter
            && self.roles[index] != LineRole::Aside
            && (body..index).rev().find(is_article).filter(|article| article + MAX_LINES_OF_LAST_ARTICLE >= index).is_some_and(|article| {
                let text = self.text(article);
                text.contains("施行") || text.contains("生效") || text.contains("實施") || text.contains("实施")
            })
            && !(index..self.lines.len()).any(|later| is_article(&later))
    }

    /// The signature of who issued the text, else the first above or below the beginning of an annex or of the
    /// end matter, else that above the tail; its lines as indices of the text.
    fn find_signature(&self, (body, end, tail): (usize, usize, usize), title: &str) -> Option<Signature> {
        let around = |annex: usize| annex.saturating_sub(SIGNATURE_LINES / 2).max(body)..(annex + SIGNATURE_LINES / 2).min(tail);
        let begins_annex = |index: &usize| self.features[*index].end_matter && self.roles[*index] != LineRole::Aside;
        // Before long annexes it stands far from the end; there it is one only with name and date.
        let far = (body..end).filter(begins_annex).take(MAX_ANNEXES).map(|annex| (around(annex), true));
        let near_end = (end < tail).then(|| (around(end), false));
        let annexed = (end + 1..tail).filter(begins_annex).take(MAX_ANNEXES).map(|annex| (around(annex), true));
        let last = (tail.saturating_sub(SIGNATURE_LINES).max(body)..tail, false);
        let mut windows = far.chain(near_end).chain(annexed).chain([last]);
        self.issuers_signature(body, tail, title).or_else(|| {
            windows.find_map(|(window, is_far)| {
                self.signature_within(window).filter(|found| !is_far || (found.signer.is_some() && found.date.is_some()))
            })
        })
    }

    /// The first dated signature of the organ with whose name the title begins: that of a circular may stand far
    /// above the end, before what it sends round, which has a signature of its own
    /// (`青石县人民政府转发水利局报告的通知` … `青石县人民政府`, `2031年2月5日` … `水利局`, `2031年1月8日`).
    fn issuers_signature(&self, body: usize, tail: usize, title: &str) -> Option<Signature> {
        let letters = |text: &str| -> String { text.chars().map(fold).filter(|c| c.is_alphanumeric()).collect() };
        let title = letters(title);
        let dates = (body + 1..tail).filter(|index| self.features[*index].date && self.lines[*index].span.len() <= DATE_CHARS);
        dates.filter_map(|index| self.signature_within(index - 1..index + 1)).find(|found| {
            let signer = found.signer.as_ref().map(|signer| letters(&signer.text)).filter(|_| found.lines.len() == 2);
            signer.is_some_and(|signer| signer.chars().count() >= MIN_ISSUER_CHARS && title.starts_with(&signer) && title != signer)
        })
    }

    /// The signature in the lines of `window`.
    fn signature_within(&self, window: Range<usize>) -> Option<Signature> {
        let lines: Vec<SignatureLine> = window
            .clone()
            .map(|index| {
                let features = &self.features[index];
                let barred = features.boilerplate
                    || features.ordinal.is_some()
                    || features.salutation
                    || !matches!(self.roles[index], LineRole::Body | LineRole::Subheading | LineRole::Metadata | LineRole::EndMatter);
                // Of a line that is no signature only the ends are asked for.
                let span = self.lines[index].span;
                let barred = barred || span.len() > MAX_SIGNATURE_LINE_CHARS || self.is_undated_sentence(index);
                let line = if barred && span.len() > 2 * SIGNATURE_END_CHARS {
                    LineText::ends_of(self.source, self.cleaning, span, SIGNATURE_END_CHARS)
                } else {
                    self.line_text(index)
                };
                SignatureLine { line, barred }
            })
            .collect();
        let signature = find_signature(&lines)?;
        Some(Signature { lines: signature.lines.start + window.start..signature.lines.end + window.start, ..signature })
    }

    /// Whether the line ends a sentence and no date ends it.
    fn is_undated_sentence(&self, index: usize) -> bool {
        let line = &self.lines[index];
        if !is_stop(line.last) || line.span.len() <= 2 * DATE_CHARS {
            return false;
        }
        let mut end = Cursor::new(self.source, self.cleaning, Span::new(line.span.end - DATE_CHARS, line.span.end));
        !end.any(|(_, c)| c == '日' || arabic_digit(c).is_some())
    }

    /// Whether the line addresses the audience (同志们, 各位).
    fn is_address(&self, index: usize) -> bool {
        let start: String = Cursor::new(self.source, self.cleaning, self.lines[index].span).take(4).map(|(_, c)| fold(c)).collect();
        start.starts_with("同志们") || start.starts_with("各位")
    }

    /// Reads the notes near the end that say whose speech it is.
    pub(super) fn read_notes(&self, body: usize, tail: usize, reader: &mut FrontReader) {
        for index in (tail.saturating_sub(NOTE_LINES).max(body)..tail).rev() {
            if !reader.needs_note() {
                return;
            }
            let span = self.lines[index].span;
            // Notes on words may follow it on its line.
            let start = Span::new(span.start, span.end.min(span.start + NOTE_CHARS));
            let end = Span::new(span.start.max(span.end.saturating_sub(NOTE_CHARS)), span.end);
            let leads = matches!(self.lines[index].first, '*' | '＊' | '※' | '(' | '（' | '[' | '这' | '這' | '本' | '此' | '以' | '下');
            let within = self.starred(Span::new(start.end.min(end.start), end.start));
            for part in [Some(end), Some(start).filter(|start| leads && *start != end), within].into_iter().flatten() {
                if may_hold_note(Cursor::new(self.source, self.cleaning, part)) {
                    reader.read_note(&LineText::new(self.source, self.cleaning, part));
                }
            }
        }
    }

    /// The rest of `span` from an asterisk before 这 or 本 on: the note of a line that was joined with others.
    fn starred(&self, span: Span) -> Option<Span> {
        if span.len() > MAX_NOTED_CHARS {
            return None;
        }
        let mut chars = Cursor::new(self.source, self.cleaning, span);
        while let Some((at, c)) = chars.next() {
            if matches!(c, '*' | '＊' | '※') && chars.peek().is_some_and(|(_, next)| matches!(next, '这' | '這' | '本')) {
                return Some(Span::new(at, span.end.min(at + NOTE_CHARS)));
            }
        }
        None
    }

    /// The date of delivery from the head, else that of the signature, else the date stamp of the page.
    pub(super) fn find_date(
        &self,
        from: usize,
        to: usize,
        head: &mut SpeechHead,
        tail: usize,
        signature: Option<&Signature>,
    ) -> Option<Arc<str>> {
        let body = head.body;
        let date_with_role = |range: Range<usize>, role: LineRole| {
            range.filter(|index| self.roles[*index] == role).find_map(|index| date_in(&self.text(index)))
        };
        let below_title = || {
            // A heading that is a date: `## 2019.04.04 声明稿内容`.
            let heading = body < to && matches!(self.roles[body], LineRole::Heading(_));
            let line = heading.then(|| LineText::new(self.source, self.cleaning, self.without_heading_sign(self.lines[body].span)))?;
            (HeadLineKind::of(&line) == HeadLineKind::Date).then(|| date_in(&line.text(line.all())))?
        };
        let found = head
            .reader
            .date
            .take()
            .or_else(|| date_with_role(head.below_block..body, LineRole::Metadata))
            .or_else(|| date_with_role(from..body, LineRole::Title))
            .or_else(below_title)
            .or_else(|| signature?.date.clone())
            .or_else(|| date_with_role(body..tail, LineRole::Metadata))
            .or_else(|| head.stamp.take())
            .or_else(|| date_with_role(from..body, LineRole::Boilerplate))
            .or_else(|| date_with_role(tail..to, LineRole::Boilerplate));
        found.map(Arc::from)
    }
}
