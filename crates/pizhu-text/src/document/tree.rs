//! Builds the section tree and the paragraphs from the decoded nodes.

use super::{
    OrdinalKind, Outline, Paragraph, ParagraphKind, SectionId,
    candidate::OrdinalCandidate,
    candidate_scanner::{CandidateScan, OutlineToken},
    lines::LogicalLine,
    outline::{NewSection, OutlineBuilder},
    outline_node::{NO_NODE, OutlineNode},
    punctuation::SentenceEnders,
    roles::LineRole,
};
use crate::text::Cleaning;
use crate::text::Cursor;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::parallel::par_chunks;

/// Minimum sections per thread.
const MIN_NODES_PER_THREAD: usize = 4000;

/// Builds the outline from the nodes.
pub(super) fn build_outline(
    source: &SourceText,
    cleaning: &Cleaning,
    enders: SentenceEnders,
    lines: &[LogicalLine],
    scanned: &CandidateScan,
    nodes: &[OutlineNode],
) -> Outline {
    let parts = par_chunks(nodes.len(), MIN_NODES_PER_THREAD, |part| {
        let from = nodes.get(part.start).map_or(0, |node| token_start(&scanned.tokens[node.token as usize]));
        let mut builder = OutlineBuilder::with_capacity(part.len());
        let cursor = Cursor::new(source, cleaning, Span::empty(from));
        let mut reader = HeadingReader { cursor, enders, marker: String::new(), title: String::new() };
        for index in part {
            let node = &nodes[index];
            let limit = nodes.get(index + 1).map_or(usize::MAX, |next| token_start(&scanned.tokens[next.token as usize]));
            let mut repaired = None;
            let (kind, marker, title) = match &scanned.tokens[node.token as usize] {
                OutlineToken::Candidate(candidate) => {
                    repaired = scanned.repaired_titles.binary_search_by_key(&(candidate.start as usize), |(at, _)| *at).ok();
                    let marker = reader.marker(candidate.marker());
                    let title = reader.title(&lines[candidate.line as usize], candidate, limit);
                    (candidate.ordinal.kind, marker, title)
                }
                OutlineToken::Heading { start, end, .. } => {
                    let span = Span::new(*start as usize, *end as usize);
                    (OrdinalKind::Heading, reader.no_marker(span), reader.heading(span))
                }
                OutlineToken::Close => (OrdinalKind::Heading, Span::empty(0), Span::empty(0)),
            };
            builder.push(&NewSection {
                parent: (node.parent != NO_NODE).then_some(SectionId(node.parent)),
                depth: node.depth,
                kind,
                number: node.number,
                marker,
                title,
                repaired_title: repaired.map(|index| scanned.repaired_titles[index].1.as_str()),
                marker_text: &reader.marker,
                title_text: &reader.title,
                confidence: node.confidence,
            });
        }
        builder
    });
    OutlineBuilder::finish(parts, source.len(), 0)
}

/// What leads to the last member of a list, two chars each.
const LAST_MEMBER_WORDS: [&str; 6] = ["；及", "；和", "；或", ";及", ";和", ";或"];

/// Reads the cleaned texts of markers and titles, in reading order.
struct HeadingReader<'a> {
    /// Positioned at or before the next marker.
    cursor: Cursor<'a>,
    enders: SentenceEnders,
    /// Texts of the last heading read.
    marker: String,
    title: String,
}

impl HeadingReader<'_> {
    /// Reads the text of a marker, without white space; returns its span.
    fn marker(&mut self, span: Span) -> Span {
        self.cursor.advance_to(span);
        self.marker.clear();
        self.marker.extend(self.cursor.by_ref().map(|(_, c)| c).filter(|c| !c.is_whitespace()));
        span
    }

    /// Reads the title of a candidate and returns its span: the rest of the line if the heading
    /// fills it; otherwise up to the first mark that ends a clause, or to the next section at
    /// offset `limit`. Final punctuation and spaces are cut off.
    fn title(&mut self, line: &LogicalLine, candidate: &OrdinalCandidate, limit: usize) -> Span {
        let from = candidate.ordinal.title_start as usize;
        let to = line.span.end.min(limit).max(from);
        self.cursor.advance_to(Span::new(from, to));
        let text = &mut self.title;
        text.clear();
        let (mut end, mut len) = (from, 0);
        // The comma before the next section is not part of the title either.
        let mut before_comma = None;
        let mut complete = true;
        let mut before = '\0';
        for (at, c) in self.cursor.by_ref() {
            let is_stop = self.enders.is_stop(before, c);
            before = c;
            if is_stop && !candidate.whole_line {
                complete = false;
                break;
            }
            push_title_char(text, c);
            if is_blank(c) || is_stop {
                continue;
            }
            if matches!(c, '，' | ',' | '、') {
                before_comma = before_comma.or(Some((end, len)));
            } else {
                before_comma = None;
            }
            (end, len) = (at + 1, text.len());
        }
        if let Some(before) = before_comma.filter(|_| complete && to == limit) {
            (end, len) = before;
        }
        text.truncate(len);
        // The word that leads to the last member of a list: `更換水掣；及`.
        if candidate.whole_line
            && let Some(bare) = LAST_MEMBER_WORDS.iter().find_map(|word| text.strip_suffix(word))
        {
            (end, len) = (end - 2, bare.len());
            text.truncate(len);
        }
        Span::new(from, end)
    }

    /// Clears the marker: an unnumbered heading has none.
    fn no_marker(&mut self, span: Span) -> Span {
        self.marker.clear();
        Span::empty(span.start)
    }

    /// Reads an unnumbered heading as a title.
    fn heading(&mut self, span: Span) -> Span {
        self.cursor.advance_to(span);
        self.title.clear();
        for (_, c) in self.cursor.by_ref() {
            push_title_char(&mut self.title, c);
        }
        span
    }
}

/// Appends a char of a title; a remaining line break separates words and becomes a space.
fn push_title_char(text: &mut String, c: char) {
    text.push(if c == '\n' { ' ' } else { c });
}

/// The offset at which a token begins; 0 for [`OutlineToken::Close`].
fn token_start(token: &OutlineToken) -> usize {
    match token {
        OutlineToken::Candidate(candidate) => candidate.start as usize,
        OutlineToken::Heading { start, .. } => *start as usize,
        OutlineToken::Close => 0,
    }
}

/// Builds the paragraphs from the logical lines: one each, of kind heading if a section begins it.
pub(super) fn build_paragraphs(
    lines: &[LogicalLine],
    roles: &[LineRole],
    scanned: &CandidateScan,
    nodes: &[OutlineNode],
) -> Vec<Paragraph> {
    let mut next = nodes.iter().enumerate().peekable();
    let mut paragraphs = Vec::with_capacity(lines.len());
    for (index, (line, role)) in lines.iter().zip(roles).enumerate() {
        let mut kind = match role {
            LineRole::Title => ParagraphKind::Title,
            LineRole::Metadata => ParagraphKind::Metadata,
            LineRole::Boilerplate => ParagraphKind::Boilerplate,
            LineRole::Salutation => ParagraphKind::Salutation,
            LineRole::Subheading | LineRole::Heading(_) => ParagraphKind::Subheading,
            LineRole::Body | LineRole::Aside => ParagraphKind::Body,
            LineRole::Closing => ParagraphKind::Closing,
            LineRole::Verbatim => ParagraphKind::Verbatim,
            LineRole::EndMatter => ParagraphKind::EndMatter,
        };
        while let Some((id, opens)) =
            next.next_if(|(_, node)| token_line(&scanned.tokens[node.token as usize]) == Some(index)).map(|(id, node)| {
                let opens = match &scanned.tokens[node.token as usize] {
                    OutlineToken::Candidate(candidate) => candidate.position == super::candidate::OrdinalPosition::LineStart,
                    _ => true,
                };
                (id, opens)
            })
        {
            if opens {
                kind = ParagraphKind::Heading(SectionId(id as u32));
            }
        }
        paragraphs.push(Paragraph { span: line.span, kind });
    }
    paragraphs
}

/// Index of the logical line of a token.
fn token_line(token: &OutlineToken) -> Option<usize> {
    match token {
        OutlineToken::Candidate(candidate) => Some(candidate.line as usize),
        OutlineToken::Heading { line, .. } => Some(*line as usize),
        OutlineToken::Close => None,
    }
}
