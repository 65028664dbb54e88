//! Line roles: classifies logical lines before ordinals are decoded, into title, stamps,
//! salutation, unnumbered headings, body and end matter.
//!
//! A file may hold several speeches; each has a head (boilerplate, title, date), a body and a tail
//! (signature, boilerplate).

use super::{
    Hints, Metadata, OrdinalKind, ParagraphKind,
    front::{FrontBlock, LineText, bare_site_name, is_lead_in},
    line_features::{LineFeatures, Scratch},
    line_recognizers::{announces_list, is_caption, is_footnote, is_note_label},
    lines::LogicalLine,
    ordinal_forms::ordinal_at,
    punctuation::{is_closing, is_stop},
};
use crate::text::Cleaning;
use crate::text::Cursor;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::cursor::is_blank;
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
    /// A note (`注：…`), a footnote or a caption between paragraphs: it holds no section, and neither
    /// opens nor closes one.
    Aside,
    EndMatter,
}

/// Longest heading that a row of `=` or `-` underlines, in chars.
const MAX_UNDERLINED_CHARS: usize = 80;
/// Minimum lines per thread.
const MIN_LINES_PER_THREAD: usize = 4000;

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
    let mut roles: Vec<LineRole> = hinted.iter().map(|role| role.unwrap_or(LineRole::Body)).collect();
    let mut assigner = RoleAssigner { source, cleaning, lines, features: &features, roles: &mut roles };
    assigner.mark_headings(hints);
    let headings: Vec<(usize, u8)> = assigner.headings();
    let mut starts = assigner.speech_starts();
    let mut metadata = Metadata::default();
    starts.push(lines.len());
    for (nth, pair) in starts.windows(2).enumerate() {
        let found = assigner.assign_speech(pair[0], pair[1], hints.title.as_deref().filter(|_| nth == 0));
        if nth == 0 {
            metadata = found;
        }
    }
    // The title of a front block.
    let named = metadata.title.is_some() && lines.first().is_some_and(|line| line.first == '-');
    if let Some((title, span)) = assigner.take_root_heading(&headings, hints.markdown, named) {
        metadata.title = Some(title);
        metadata.title_span = Some(span);
    }
    if metadata.title.is_none() {
        metadata.title = hints.title.as_deref().and_then(bare_site_name).map(Arc::from);
    }
    for (role, hinted) in roles.iter_mut().zip(&hinted) {
        if let Some(hinted) = hinted.filter(|hinted| *hinted != LineRole::Title) {
            *role = hinted;
        }
    }
    let boilerplate = lines.iter().zip(&roles).filter(|(_, role)| **role == LineRole::Boilerplate).map(|(line, _)| line.span).collect();
    metadata.boilerplate = Arc::new(boilerplate);
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
pub(super) struct RoleAssigner<'a> {
    pub(super) source: &'a SourceText,
    pub(super) cleaning: &'a Cleaning,
    pub(super) lines: &'a [LogicalLine],
    pub(super) features: &'a [LineFeatures],
    pub(super) roles: &'a mut [LineRole],
}

impl RoleAssigner<'_> {
    pub(super) fn text(&self, index: usize) -> String {
        self.cleaning.text(self.source, self.lines[index].span)
    }

    /// The chars of a line, for reading fields out of it.
    pub(super) fn line_text(&self, index: usize) -> LineText {
        LineText::new(self.source, self.cleaning, self.lines[index].span)
    }

    /// Assigns the roles of headings with a level and of table rows. A line with an ordinal in a style of
    /// titles is none.
    fn mark_headings(&mut self, hints: &Hints) {
        let markdown = hints.markdown || self.looks_like_markdown();
        let mut hinted = hints.headings.iter().peekable();
        let quotes = if hints.markdown { self.lines.iter().filter(|line| line.first == '>').count() } else { 0 };
        let quotes_are_text = quotes > 0 && self.only_quotations_count();
        // Where a block of code began that has not ended yet, and the sign of its fence.
        let mut fence: Option<(usize, char)> = None;
        for (index, line) in self.lines.iter().enumerate() {
            if hints.markdown && self.is_fence(line) {
                match fence {
                    None => fence = Some((index, line.first)),
                    Some((from, sign)) if sign == line.first => {
                        self.roles[from..=index].fill(LineRole::Verbatim);
                        fence = None;
                    }
                    Some(_) => {}
                }
            }
            while hinted.next_if(|hint| hint.span.end <= line.span.start).is_some() {}
            if let Some(hint) = hinted.peek().filter(|hint| hint.span.overlaps(line.span)) {
                self.roles[index] = LineRole::Heading(hint.level);
            } else if self.roles[index] == LineRole::Title && self.heading_ordinal(index).is_some() {
                self.roles[index] = LineRole::Body;
            } else if line.first == '#' && markdown {
                let level = Cursor::new(self.source, self.cleaning, line.span).take_while(|(_, c)| *c == '#').count();
                let after = self.source.char_at(line.span.start + level);
                let marked = after.is_some_and(is_blank) || (hints.markdown && self.is_unspaced_heading(line, level));
                if level <= 6 && marked && line.span.len() > level + 1 {
                    self.roles[index] = LineRole::Heading(level as u8);
                }
            } else if line.first == '>' && quotes > 0 && quotes * 2 < self.lines.len() && !quotes_are_text {
                // A quotation of Markdown, unless the text itself is set as one.
                self.roles[index] = LineRole::Aside;
            } else if line.first == '|' && line.last == '|' && line.span.len() > 2 {
                self.roles[index] = LineRole::Verbatim;
            } else if markdown && let Some(level) = self.underlined(index) {
                self.roles[index - 1] = LineRole::Heading(level);
                self.roles[index] = LineRole::Verbatim;
            }
        }
    }

    /// Whether ordinals begin lines of the quotations of Markdown and no others, and headings do not divide the
    /// text: a letter or a decree set as a quotation.
    fn only_quotations_count(&self) -> bool {
        let (mut inside, mut headings) = (0, 0);
        for (line, features) in self.lines.iter().zip(self.features) {
            headings += usize::from(line.first == '#');
            if headings > 1 || (line.first != '>' && features.ordinal.is_some()) {
                return false;
            }
            if line.first == '>' {
                let mut cursor = Cursor::new(self.source, self.cleaning, line.span);
                let first = cursor.find(|(_, c)| *c != '>' && !is_blank(*c));
                inside += usize::from(first.and_then(|(_, c)| ordinal_at(c, &cursor)).is_some_and(|ordinal| ordinal.well_formed));
            }
        }
        inside >= 2
    }

    /// Whether the line opens or closes a block of code of Markdown.
    fn is_fence(&self, line: &LogicalLine) -> bool {
        if !matches!(line.first, '`' | '~') {
            return false;
        }
        let mut chars = Cursor::raw(self.source, line.span).map(|(_, c)| c).peekable();
        let mut signs = 0;
        while chars.next_if_eq(&line.first).is_some() {
            signs += 1;
        }
        signs >= 3 && chars.all(|c| c != line.first)
    }

    /// Whether `##总则` is a heading although no blank stands after its signs, as many write it; `#话题#` is
    /// none.
    fn is_unspaced_heading(&self, line: &LogicalLine, level: usize) -> bool {
        let rest = Span::new(line.span.start + level, line.span.end);
        let opens = |c: char| c.is_alphabetic() || c.is_ascii_digit() || matches!(c, '[' | '【' | '《' | '（' | '(' | '“');
        let single = || !Cursor::new(self.source, self.cleaning, rest).any(|(_, c)| c == '#') && !is_stop(line.last);
        line.single
            && rest.len() <= MAX_UNDERLINED_CHARS
            && self.source.char_at(rest.start).is_some_and(if level > 1 { opens } else { |c| matches!(c, '\u{3400}'..='\u{9FFF}') })
            && (level > 1 || single())
    }

    /// The headings that the format marks: line and level.
    fn headings(&self) -> Vec<(usize, u8)> {
        let level = |role: &LineRole| if let LineRole::Heading(level) = role { Some(*level) } else { None };
        self.roles.iter().enumerate().filter_map(|(index, role)| Some((index, level(role)?))).collect()
    }

    /// Makes the first heading the title where it is none yet, has no ordinal, and all later headings are
    /// below it: a section over all sections is none.
    fn take_root_heading(&mut self, headings: &[(usize, u8)], markdown: bool, named: bool) -> Option<(Arc<str>, Span)> {
        let titled = headings.iter().position(|(index, _)| self.roles[*index] == LineRole::Title);
        // A page may have a heading of its own over that of the text; Markdown has one title.
        let from = match titled {
            Some(_) if markdown => return None,
            Some(titled) => titled + 1,
            None => 0,
        };
        let ((first, root), rest) = headings.get(from..)?.split_first().map(|(first, rest)| (*first, rest))?;
        // The front block names the text, and this heading has a level below that of a title.
        if titled.is_none() && named && root > 1 {
            return None;
        }
        let above = !rest.is_empty() && rest.iter().all(|(_, level)| *level > root);
        let body_before = self.features[..first].iter().any(|features| features.body_text && !features.boilerplate);
        if !above || body_before || self.heading_ordinal(first).is_some() || !matches!(self.roles[first], LineRole::Heading(_)) {
            return None;
        }
        self.roles[first] = LineRole::Title;
        let span = self.without_heading_sign(self.lines[first].span);
        Some((Arc::from(self.cleaning.text(self.source, span)), span))
    }

    /// The level of the heading that the line at `index` underlines: a row of `=` or `-` right below a
    /// short line.
    fn underlined(&self, index: usize) -> Option<u8> {
        let line = &self.lines[index];
        let level = match line.first {
            '=' => 1,
            '-' => 2,
            _ => return None,
        };
        let before = self.lines.get(index.checked_sub(1)?)?;
        let short = before.single && before.span.len() <= MAX_UNDERLINED_CHARS && self.roles[index - 1] == LineRole::Body;
        let plain = !matches!(before.first, '-' | '*' | '+' | '>' | '|' | '`') && !is_closing(before.last);
        let same = Cursor::new(self.source, self.cleaning, line.span).all(|(_, c)| c == line.first);
        let breaks = self.source.chars_from(before.span.end).take(line.span.start - before.span.end).filter(|(_, c)| *c == '\n').count();
        // Nor does a rule below a list underline its last line.
        let listed = index >= 2 && {
            let above = &self.lines[index - 2];
            let marked = matches!(above.first, '-' | '*' | '+') || self.heading_ordinal(index - 2).is_some();
            marked && above.span.end + 1 >= before.span.start
        };
        // The end of a block of front matter underlines nothing.
        let block = level == 2 && self.lines[0].first == '-' && self.lines[1..index].iter().all(|line| line.first != '-');
        (short && plain && same && !listed && line.span.len() >= 3 && breaks == 1 && !block).then_some(level)
    }

    /// Whether lines with `#` are headings in a text that is not known to be Markdown: it begins with
    /// one, another one follows, and none ends a sentence.
    fn looks_like_markdown(&self) -> bool {
        let spaced = |line: &&LogicalLine| {
            line.first == '#'
                && Cursor::new(self.source, self.cleaning, line.span).find(|(_, c)| *c != '#').is_some_and(|(_, c)| is_blank(c))
        };
        let headings = || self.lines.iter().filter(spaced);
        self.lines.first().is_some_and(|first| spaced(&first)) && headings().nth(1).is_some() && !headings().any(|line| is_stop(line.last))
    }

    /// Indices of the first lines of the speeches in the file: the first line, and each later title
    /// that a salutation follows.
    fn speech_starts(&self) -> Vec<usize> {
        let mut starts = vec![0];
        let mut body = false;
        let block = FrontBlock::read(self.lines.len(), |index| self.line_text(index)).unwrap_or_default();
        for index in block.lines.end..self.lines.len() {
            let here = &self.features[index];
            if body
                && here.open_ended
                && !here.boilerplate
                && here.ordinal.is_none()
                && self.lines[index].span.len() <= 80
                && matches!(self.roles[index], LineRole::Body | LineRole::Title)
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
            let tag = self.lines[index].first == '<' && self.lines[index].last == '>';
            body |= (here.body_text && !tag) || here.ordinal.is_some();
        }
        starts
    }

    /// Assigns the roles of the lines of one speech; returns its metadata.
    fn assign_speech(&mut self, from: usize, to: usize, named: Option<&str>) -> Metadata {
        let mut head = self.assign_head(from, to, named);
        let body = head.body;
        let tail = self.assign_tail(body, to);
        self.mark_subheadings(body, tail);
        let signature = self.mark_closing(body, tail, head.title.as_deref().unwrap_or_default());
        let date = self.find_date(from, to, &mut head, tail, signature.as_ref());
        self.read_notes(body, tail, &mut head.reader);
        Metadata {
            title: head.title,
            title_span: head.title_span,
            date,
            front: Arc::new(head.reader.finish(signature.and_then(|signature| signature.signer))),
            boilerplate: Arc::default(),
        }
    }

    /// The span without the `#` of a Markdown heading.
    pub(super) fn without_heading_sign(&self, span: Span) -> Span {
        let start = Cursor::new(self.source, self.cleaning, span).find(|(_, c)| *c != '#' && !is_blank(*c)).map_or(span.end, |(at, _)| at);
        Span::new(start, span.end)
    }

    /// Marks the notes, captions and unnumbered headings between `body` and `tail`.
    fn mark_subheadings(&mut self, body: usize, tail: usize) {
        for index in body..tail {
            if self.roles[index] != LineRole::Body {
                continue;
            }
            match self.lines[index].first {
                '注' | '註' | '图' | '圖' | '表' | '#' | '※' => self.mark_aside(index, tail),
                _ => {}
            }
            if self.roles[index] == LineRole::Body && self.is_heading(index, body, tail) {
                self.roles[index] = LineRole::Subheading;
            }
        }
    }

    /// Marks a note or caption that begins at `index`.
    fn mark_aside(&mut self, index: usize, tail: usize) {
        let bare = LineText::new(self.source, self.cleaning, self.lines[index].span).bare();
        let label = is_note_label(&bare);
        if !(is_caption(&bare) || (label && self.count_carries_on(index, tail)) || bare.starts_with('※') || is_footnote(&bare)) {
            return;
        }
        self.roles[index] = LineRole::Aside;
        if label {
            self.mark_counted_note(index, tail);
        }
        if label && bare.chars().count() <= 3 {
            // The note stands in the next lines.
            for next in (index + 1..tail).take(MAX_NOTE_LINES) {
                let features = &self.features[next];
                if features.ordinal.is_some() || features.open_ended || self.roles[next] != LineRole::Body {
                    break;
                }
                self.roles[next] = LineRole::Aside;
            }
        }
    }

    /// Marks the further lines of a note that is counted: `注：1.不含议价粮。` / `2.截至十月底。`
    fn mark_counted_note(&mut self, index: usize, tail: usize) {
        let mut cursor = Cursor::new(self.source, self.cleaning, self.lines[index].span);
        let label = cursor.by_ref().take(MAX_NOTE_LABEL_CHARS).find(|(_, c)| matches!(c, ':' | '：'));
        let first = label.and_then(|_| cursor.find(|(_, c)| !is_blank(*c))).and_then(|(_, c)| ordinal_at(c, &cursor));
        let Some(first) = first.filter(|first| first.well_formed && first.number == 1) else { return };
        for (next, number) in (index + 1..tail).zip(2..) {
            let mut cursor = Cursor::new(self.source, self.cleaning, self.lines[next].span);
            let ordinal = cursor.next().and_then(|(_, c)| ordinal_at(c, &cursor));
            if !ordinal.is_some_and(|ordinal| ordinal.kind == first.kind && ordinal.number == number) {
                break;
            }
            self.roles[next] = LineRole::Aside;
        }
    }

    /// Whether the count of an ordinal above goes on after the line `index`: the next line with an
    /// ordinal is not the first of its count.
    fn count_carries_on(&self, index: usize, tail: usize) -> bool {
        (index + 1..tail).find(|next| self.features[*next].ordinal.is_some()).is_some_and(|next| {
            let mut cursor = Cursor::new(self.source, self.cleaning, self.lines[next].span);
            cursor.next().and_then(|(_, c)| ordinal_at(c, &cursor)).is_some_and(|ordinal| ordinal.number > 1)
        })
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
        let remark = matches!((line.first, line.last), ('[', ']') | ('「', '」') | ('“', '”') | ('『', '』'));
        if remark
            || cannot_begin_heading(line.first)
            || matches!(line.last, '的' | '和' | '与' | '在' | '了' | '把' | '对' | '从' | '以' | '及')
        {
            return false;
        }
        // `1 概述` is counted, though without a mark.
        if line.first.is_ascii_digit() {
            let mut cursor = Cursor::new(self.source, self.cleaning, line.span);
            let number = cursor.next().and_then(|(_, c)| ordinal_at(c, &cursor));
            if number.is_some_and(|number| number.kind == OrdinalKind::Arabic && number.marker_end < number.title_start) {
                return false;
            }
        }
        // The text before must be finished, and a paragraph must follow.
        let finished = index == body || {
            let before = &self.lines[index - 1];
            is_closing(before.last) || self.features[index - 1].ordinal.is_some() || self.roles[index - 1] != LineRole::Body
        };
        // What a numbered line that ends in a colon announces: `3、新当选的村长：` / `林某、陈某`.
        if index > body && self.features[index - 1].ordinal.is_some() && matches!(self.lines[index - 1].last, '：' | ':') {
            return false;
        }
        let next = &self.lines[index + 1];
        // `关于极端民主化` / `纠正的方法：` / `（一）…`.
        let leads_in = matches!(next.last, '：' | ':') && self.features.get(index + 2).is_some_and(|features| features.ordinal.is_some());
        let followed = self.features[index + 1].ordinal.is_some()
            || next.span.len() >= 30
            || (is_closing(next.last) && (next.span.len() > 12 || leads_in));
        let text = self.text(index);
        // It leads in to a list: `主要措施是`.
        let announces = |folded: &str| is_lead_in(folded) || announces_list(folded);
        if self.features[index + 1].ordinal.is_some() && announces(&fold_text(&text)) {
            return false;
        }
        let commas = text.chars().filter(|c| matches!(c, '，' | ',' | '、')).count();
        // `点开窗口（如图）` is a sentence.
        let shown = ["如图", "如下图", "所示"].iter().any(|end| fold_text(&text).trim_end_matches(')').ends_with(end));
        !shown
            && !is_labelled(&text)
            && finished
            && followed
            && (commas == 0 || length <= MAX_HEADING_WITH_COMMA_CHARS)
            && !text.contains(['。', '；', '|', '\t', '@'])
    }
}

/// Longest label of a note, in chars.
const MAX_NOTE_LABEL_CHARS: usize = 4;
/// Longest note under its label, in lines.
const MAX_NOTE_LINES: usize = 6;
/// Longest label of a value, in chars.
const MAX_LABEL_CHARS: usize = 5;
/// Longest unnumbered heading with a comma in it, in chars.
const MAX_HEADING_WITH_COMMA_CHARS: usize = 20;

/// Whether a line is a value with its label: `主席：林某`, `开会时间：上午九时`; but not `结语：往后怎么修`.
fn is_labelled(line: &str) -> bool {
    const PARTS: [&str; 12] = ["前言", "引言", "导言", "導言", "序言", "绪论", "結語", "结语", "结论", "結論", "小结", "小結"];
    line.split_once(['：', ':']).is_some_and(|(label, value)| {
        let label = label.trim();
        (2..=MAX_LABEL_CHARS).contains(&label.chars().count()) && !PARTS.contains(&label) && !value.trim().is_empty()
    })
}

/// Whether no heading begins with `c`: closing or separating punctuation.
fn cannot_begin_heading(c: char) -> bool {
    matches!(
        c,
        '，' | ',' | '、' | '。' | '；' | '：' | '！' | '？' | '）' | ')' | '”' | '-' | '—' | '*' | '=' | '_' | '~' | '|' | '<' | '…'
            // The members of a list.
            | '●' | '•' | '·'
    )
}
