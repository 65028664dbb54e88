//! The candidate scanner: one pass over the logical lines that emits the tokens for the outline
//! decoder, and finds white space to remove.

use super::{
    OrdinalKind, PartWord,
    candidate::{FINAL_NUMBER, FormDetail, Interleaved, Ordinal, OrdinalCandidate, OrdinalPosition},
    lines::LogicalLine,
    mojibake_repair,
    numeral::{accounting_digit, arabic_digit, chinese_digit, letter_number, roman_char, stem_number},
    ordinal_forms::ordinal_at,
    punctuation::{SentenceEnders, is_stop},
    roles::LineRole,
};
use crate::text::CjkSet;
use crate::text::Cleaning;
use crate::text::Cursor;
use crate::text::RemovedKind;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::parallel::par_chunks;

/// Quotations and brackets longer than this, in chars, count as unclosed.
const MAX_QUOTATION_CHARS: usize = 400;
/// Least white space after the end of a sentence that is the indent of a new paragraph, in chars.
const INDENT_CHARS: usize = 2;
/// Most blanks that are counted before a line.
const MAX_INDENT: usize = 32;
/// Most digits of the number of a page.
const MAX_PAGE_DIGITS: usize = 4;
/// Longest heading of several questions, in chars.
const MAX_QUESTION_CHARS: usize = 40;
/// Longest damaged heading, in chars.
const MAX_DAMAGED_CHARS: usize = 60;

/// Ideographs that begin no ordinal, and commas.
static NON_ORDINAL: CjkSet =
    CjkSet::ideographs_except(&['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '第', '首', '其', '再', '最'])
        .with(&['，', '、']);

/// Input of the outline decoder, in reading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OutlineToken {
    /// An ordinal that may open a section.
    Candidate(OrdinalCandidate),
    /// A heading with a level but without an ordinal; `start` and `end` are char offsets.
    Heading { start: u32, end: u32, level: u8, line: u32 },
    /// An unnumbered heading, or the title of another speech in the file: closes all open
    /// sequences.
    Close,
}

/// Output of the candidate scanner.
#[derive(Debug, Default)]
pub(super) struct CandidateScan {
    pub tokens: Vec<OutlineToken>,
    /// White space to remove.
    pub removed: Vec<(Span, RemovedKind)>,
    /// Repaired titles by the offset of their marker, sorted.
    pub repaired_titles: Vec<(usize, String)>,
}

/// Minimum lines per thread.
const MIN_LINES_PER_THREAD: usize = 4000;

/// Scans the logical lines that can hold sections, in parallel.
pub(super) fn scan_candidates(
    source: &SourceText,
    cleaning: &Cleaning,
    enders: SentenceEnders,
    lines: &[LogicalLine],
    roles: &[LineRole],
    markdown: bool,
) -> CandidateScan {
    let body_start = roles.iter().position(|role| matches!(role, LineRole::Body | LineRole::Salutation)).unwrap_or(roles.len());
    let mut parts = par_chunks(lines.len(), MIN_LINES_PER_THREAD, |part| {
        let from = lines.get(part.start).map_or(0, |line| line.span.start);
        let cursor = Cursor::new(source, cleaning, Span::empty(from));
        let (scan, parts) = (CandidateScan::default(), PartCounts::default());
        let mut scanner = CandidateScanner { source, cleaning, enders, markdown, cursor, scan, parts };
        for index in part {
            scanner.scan_line(index, &lines[index], roles[index], index > body_start);
        }
        scanner.scan.tokens.shrink_to_fit();
        scanner.scan
    });
    if parts.len() == 1 {
        return parts.pop().unwrap_or_default();
    }
    let mut whole =
        CandidateScan { tokens: Vec::with_capacity(parts.iter().map(|part| part.tokens.len()).sum()), ..CandidateScan::default() };
    for mut part in parts {
        whole.tokens.append(&mut part.tokens);
        whole.removed.append(&mut part.removed);
        whole.repaired_titles.append(&mut part.repaired_titles);
    }
    whole
}

struct CandidateScanner<'a> {
    source: &'a SourceText,
    cleaning: &'a Cleaning,
    enders: SentenceEnders,
    markdown: bool,
    /// Positioned at the end of the previous line.
    cursor: Cursor<'a>,
    scan: CandidateScan,
    /// The parts at the start of lines so far.
    parts: PartCounts,
}

/// How far the parts at the start of lines are counted.
#[derive(Debug, Default)]
struct PartCounts {
    /// The last number of each word.
    last: [u32; PartWord::COUNT],
    /// The line and the word of the last part behind the number of a page.
    glued: Option<(u32, PartWord)>,
}

impl PartCounts {
    fn count(&mut self, word: PartWord, number: u32, line: u32, glued: bool) {
        self.last[word as usize] = number;
        if glued {
            self.glued = Some((line, word));
        }
        // The parts below begin anew, but for articles.
        for below in word as usize + 1..PartWord::Article as usize {
            self.last[below] = 0;
        }
    }

    /// Whether a part of that number goes on from the last of its word.
    fn carries_on(&self, word: PartWord, number: u32) -> bool {
        self.last[word as usize] + 1 == number && self.last.iter().any(|last| *last > 0)
    }

    /// Whether the part would stand below one behind the number of a page in the same line.
    fn stands_below_glued(&self, word: PartWord, line: u32) -> bool {
        self.glued.is_some_and(|(glued, above)| glued == line && above < word)
    }
}

/// State of the scan within a line.
struct LineProgress {
    /// The last char that is not white space.
    before: char,
    position: OrdinalPosition,
    /// Number of tokens before the last opening quotation mark, and its offset.
    quotation: Option<(usize, usize)>,
    /// Whether a closing mark opened it.
    reversed_quotation: bool,
    /// The same for the last opening bracket.
    bracket: Option<(usize, usize)>,
    /// Number of tokens before the line.
    first_token: usize,
    /// Offset of the first mark that ends a clause.
    first_clause_end: Option<usize>,
    /// Whether a mark that ends a sentence came before the end of the line.
    has_sentence_end: bool,
    /// Whether all marks that end a clause are question marks.
    only_questions: bool,
    /// Offset of the start of the paragraph.
    paragraph: usize,
}

impl CandidateScanner<'_> {
    /// Scans the line of that index. `after_body_start`: the body of the speech has begun before
    /// it.
    fn scan_line(&mut self, index: usize, line: &LogicalLine, role: LineRole, after_body_start: bool) {
        match role {
            LineRole::Subheading => self.scan.tokens.push(OutlineToken::Close),
            LineRole::Title if after_body_start => self.scan.tokens.push(OutlineToken::Close),
            _ => {}
        }
        let mut span = line.span;
        let mut level = 0;
        if let LineRole::Heading(depth) = role {
            level = depth;
            let start = Cursor::new(self.source, self.cleaning, span).find(|(_, c)| !matches!(c, '#' | '*') && !is_blank(*c));
            let Some((at, _)) = start else { return }; // `# #` heads nothing.
            span.start = at;
        }
        let may_hold_sections = matches!(role, LineRole::Body | LineRole::Salutation | LineRole::Closing | LineRole::Heading(_));
        self.scan_chars(index as u32, LogicalLine { span, ..*line }, may_hold_sections, level);
    }

    fn scan_chars(&mut self, index: u32, line: LogicalLine, may_hold_sections: bool, level: u8) {
        let mut cursor = self.cursor.clone();
        cursor.advance_to(line.span);
        let mut gap: Option<(usize, bool)> = None;
        // Number of tokens before the text of a link.
        let mut tokens_before_link: Option<usize> = None;
        let mut progress = LineProgress {
            before: '\0',
            position: OrdinalPosition::LineStart,
            quotation: None,
            reversed_quotation: false,
            bracket: None,
            first_token: self.scan.tokens.len(),
            first_clause_end: None,
            has_sentence_end: false,
            only_questions: true,
            paragraph: line.span.start,
        };
        while let Some((at, c)) = cursor.next() {
            if is_blank(c) {
                let (_, broken) = gap.get_or_insert((at, false));
                *broken |= c == '\n';
                continue;
            }
            let spaced = gap.is_some();
            if let Some((from, broken)) = gap.take() {
                if at - from >= INDENT_CHARS && is_stop(progress.before) {
                    progress.paragraph = at;
                }
                self.remove_gap(Span::new(from, at), broken, progress.before, c, may_hold_sections);
            }
            if may_hold_sections
                && (may_begin_ordinal(c) || (progress.position == OrdinalPosition::LineStart && may_begin_line_ordinal(c)))
                // In mid-sentence only 一是 and 一要 matter.
                && (spaced
                    || progress.position != OrdinalPosition::MidText
                    || chinese_digit(c).is_none()
                    || cursor.peek().is_some_and(|(_, next)| matches!(next, '是' | '要')))
            {
                self.push_candidate(at, c, &cursor, &progress, spaced, index, level);
            }
            // A half-width full stop counts as a full-width one.
            let mark =
                if self.enders.is_half_width_stop(progress.before, c) && !is_marker_end(at, self.scan.tokens.last()) { '。' } else { c };
            if self.markdown && matches!(c, '[' | ']') {
                self.mark_link(c, &cursor, &mut tokens_before_link);
            }
            progress.advance(at, mark, line.span, &mut self.scan.tokens);
            if let Some(last) = cursor.skip_run(&NON_ORDINAL) {
                progress.position = if matches!(last, '，' | '、') { OrdinalPosition::AfterComma } else { OrdinalPosition::MidText };
                progress.before = last;
            }
        }
        self.cursor = cursor;
        if may_hold_sections {
            self.finish_line(&line, &progress, level, index);
        }
    }

    /// Drops the candidates in the text of a link at its end: `见[大选前瞻（一）：民望](https://…)`; but one that the
    /// line begins with stays: `[一、总则](#…)`.
    fn mark_link(&mut self, c: char, cursor: &Cursor<'_>, link: &mut Option<usize>) {
        if c == '[' {
            *link = Some(self.scan.tokens.len());
        } else if let Some(before) = link.take()
            && cursor.peek().is_some_and(|(_, next)| next == '(')
        {
            let begins_line =
                |token: &OutlineToken| matches!(token, OutlineToken::Candidate(first) if first.position == OrdinalPosition::LineStart);
            let kept = usize::from(self.scan.tokens.get(before).is_some_and(begins_line));
            self.scan.tokens.truncate(before + kept);
        }
    }

    /// Removes the white space `span` between the chars `before` and `after` if it separates no
    /// words. `broken`: it contains a line break.
    fn remove_gap(&mut self, span: Span, broken: bool, before: char, after: char, may_hold_sections: bool) {
        let between_cjk = is_cjk(before) && is_cjk(after);
        if broken {
            // Words of Latin letters need a space between them.
            let kept = usize::from(!is_cjk(before) && !is_cjk(after) && before != '-');
            let span = Span::new(span.start + kept, span.end);
            if !span.is_empty() {
                self.scan.removed.push((span, RemovedKind::LineBreak));
            }
        } else if between_cjk && may_hold_sections {
            self.scan.removed.push((span, RemovedKind::Space));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the state of the scan at one char")]
    fn push_candidate(&mut self, at: usize, c: char, cursor: &Cursor<'_>, progress: &LineProgress, spaced: bool, line: u32, level: u8) {
        // No ordinal begins inside a number or after 第.
        let in_number = !spaced && (continues_number(progress.before) && (chinese_digit(c).is_some() || arabic_digit(c).is_some()));
        if in_number {
            return;
        }
        let Some(mut ordinal) = ordinal_at(c, cursor) else { return };
        let position = match progress.position {
            OrdinalPosition::MidText if spaced => OrdinalPosition::AfterSpace,
            position => position,
        };
        // `第九篇　救恩（一）` is the first of two.
        // A decimal alone in its line is a date or a figure.
        if ordinal.next.is_none() && (position != OrdinalPosition::LineStart || ordinal.kind == OrdinalKind::Decimal) {
            return;
        }
        // `第六条，` after 第五条 is an article, no point.
        if ordinal.kind == OrdinalKind::Di
            && position == OrdinalPosition::LineStart
            && self.parts.carries_on(PartWord::Article, ordinal.number)
            && self.source.char_at((ordinal.marker_end as usize).saturating_sub(1)).is_some_and(|c| matches!(c, '条' | '條'))
        {
            ordinal.kind = OrdinalKind::Part(PartWord::Article);
        }
        let bare = !ordinal.well_formed && ordinal.kind == OrdinalKind::Arabic && ordinal.marker_end == ordinal.title_start;
        if bare
            && (position == OrdinalPosition::MidText || !self.repair(at, &mut ordinal, position))
            && (position != OrdinalPosition::LineStart || is_unit(ordinal.next))
        {
            return;
        }
        // The bracket after a number may close one before it: `（约10: 7）`.
        let closes_bracket = position != OrdinalPosition::LineStart
            && matches!(ordinal.kind, OrdinalKind::ArabicParen | OrdinalKind::Paren)
            && (arabic_digit(c).is_some() || chinese_digit(c).is_some())
            && progress.bracket.is_some_and(|(_, open)| at - open <= MAX_QUOTATION_CHARS);
        let goes_on = position == OrdinalPosition::MidText
            && (self.carries_on_list(&ordinal, line, progress.before) || opens_list(c, &ordinal, progress.before));
        let page = self.page_number_before(at, &ordinal, position, line);
        let position = if page.is_some() { OrdinalPosition::LineStart } else { position };
        if let OrdinalKind::Part(word) = ordinal.kind
            && position == OrdinalPosition::LineStart
        {
            self.parts.count(word, ordinal.number, line, page.is_some());
        }
        self.scan.removed.extend(page.filter(|page| !page.is_empty()).map(|page| (page, RemovedKind::PageMark)));
        if !closes_bracket && (goes_on || is_plausible(&ordinal, position, progress.before)) {
            self.scan.tokens.push(OutlineToken::Candidate(OrdinalCandidate {
                ordinal,
                start: at as u32,
                position,
                whole_line: false,
                line,
                paragraph: progress.paragraph as u32,
                level,
                goes_on: false,
                interleaved: Interleaved::No,
                indent: if self.markdown && position == OrdinalPosition::LineStart { self.indent(progress.paragraph) } else { 0 },
            }));
        }
    }

    /// Whether the ordinal carries on a list whose marks between the members were lost:
    /// `1、节省买种费用2、节省浇水人工`.
    fn carries_on_list(&self, ordinal: &Ordinal, line: u32, before: char) -> bool {
        let last = match self.scan.tokens.last() {
            Some(OutlineToken::Candidate(last)) if last.line == line => &last.ordinal,
            _ => return false,
        };
        ordinal.kind == OrdinalKind::Arabic
            && last.kind == OrdinalKind::Arabic
            && ordinal.well_formed
            && last.well_formed
            && ordinal.number == last.number + 1
            && may_begin_title(ordinal.next)
            && matches!(before, '\u{3400}'..='\u{9FFF}' if !"第表图圖款条條项項见見附至到和与及年月".contains(before))
    }

    /// The number of a page that a lost page break left before the part at `at`: `条例。8第二条　塘坝归集体所有。`;
    /// empty where the part stands right below another that has one (`自然人9第一节能力第十三条…`).
    fn page_number_before(&self, at: usize, ordinal: &Ordinal, position: OrdinalPosition, line: u32) -> Option<Span> {
        let OrdinalKind::Part(word) = ordinal.kind else { return None };
        if position == OrdinalPosition::LineStart || !self.parts.carries_on(word, ordinal.number) {
            return None;
        }
        let digits = self.source.chars_before(at).take(MAX_PAGE_DIGITS + 1).take_while(|(_, c)| c.is_ascii_digit()).count();
        if (1..=MAX_PAGE_DIGITS).contains(&digits) {
            let before = self.source.chars_before(at - digits).next().map(|(_, c)| c);
            return before.filter(|c| is_cjk(*c)).map(|_| Span::new(at - digits, at));
        }
        (digits == 0 && self.parts.stands_below_glued(word, line)).then(|| Span::empty(at))
    }

    /// The blanks before the line that begins at `start`; a tab counts as four, and a single blank sets in nothing.
    fn indent(&self, start: usize) -> u8 {
        let blanks = self.source.chars_before(start).take_while(|(_, c)| *c != '\n' && is_blank(*c)).take(MAX_INDENT);
        let indent = blanks.map(|(_, c)| if c == '\t' { 4 } else { 1 }).sum();
        if indent > 1 { indent } else { 0 }
    }

    /// Tries to repair a heading after a damaged ordinal. Returns whether the repair alone proves
    /// the heading; at the start of a line, its neighbours may prove it too.
    fn repair(&mut self, at: usize, ordinal: &mut Ordinal, position: OrdinalPosition) -> bool {
        if !ordinal.maybe_shifted {
            return false;
        }
        let from = ordinal.title_start as usize;
        let run: String = Cursor::new(self.source, self.cleaning, Span::new(from, from + MAX_DAMAGED_CHARS))
            .map(|(_, c)| c)
            .take_while(|c| *c != '\n' && !is_stop(*c))
            .collect();
        let repaired = mojibake_repair::repair(&run);
        ordinal.well_formed = repaired.as_ref().is_some_and(|repaired| repaired.is_sure);
        if let Some(repaired) = repaired.filter(|repaired| repaired.is_sure || position == OrdinalPosition::LineStart) {
            self.scan.repaired_titles.push((at, repaired.title));
        }
        ordinal.well_formed
    }

    /// Decides at the end of the line whether its first ordinal is a heading that fills the line.
    fn finish_line(&mut self, line: &LogicalLine, progress: &LineProgress, level: u8, index: u32) {
        let first = self.scan.tokens.get_mut(progress.first_token);
        match first {
            Some(OutlineToken::Candidate(candidate))
                if candidate.position == OrdinalPosition::LineStart && !(level > 0 && is_quantity(&candidate.ordinal)) =>
            {
                // `更換水掣；及` ends with its last clause.
                let leads_on = matches!(line.last, '及' | '和' | '或')
                    && self.source.char_at(line.span.end.saturating_sub(2)).is_some_and(|c| matches!(c, '；' | ';'));
                let last = line.span.end - 1 - usize::from(leads_on);
                let whole = progress.first_clause_end.is_none_or(|stop| stop >= last);
                let unfinished =
                    !leads_on && !progress.has_sentence_end && !is_stop(line.last) && line.single && line.span.len() <= MAX_DAMAGED_CHARS;
                // 依靠谁？团结谁？
                let asks = progress.only_questions && line.single && line.span.len() <= MAX_QUESTION_CHARS;
                candidate.whole_line = whole || unfinished || asks || level > 0;
                if candidate.whole_line && level > 0 {
                    candidate.ordinal.well_formed = true;
                }
            }
            _ if level > 0 => {
                self.scan.tokens.truncate(progress.first_token);
                self.scan.tokens.push(OutlineToken::Heading {
                    start: line.span.start as u32,
                    end: line.span.end as u32,
                    level,
                    line: index,
                });
            }
            _ => {}
        }
    }
}

impl LineProgress {
    /// Advances past `c` at offset `at`.
    fn advance(&mut self, at: usize, c: char, line: Span, tokens: &mut Vec<OutlineToken>) {
        match c {
            '。' | '！' | '？' | '；' | '：' | '!' | '?' | ';' | ':' | '｡' | '︰' | '﹔' | '﹕' | '﹖' | '﹗' => {
                self.position = OrdinalPosition::AfterStop;
                self.first_clause_end.get_or_insert(at);
                self.only_questions &= matches!(c, '？' | '?' | '﹖');
                self.has_sentence_end |= at + 1 < line.end && matches!(c, '。' | '！' | '？' | '!' | '?' | '｡' | '﹖' | '﹗');
            }
            // A dash or a bullet before an ordinal changes nothing.
            '—' | '-' | '*' | '•' | '·' | '●' | '○' | '◆' | '■' | '▪' | '>' if self.position == OrdinalPosition::LineStart =>
                {}
            '…' | '】' | '—' => self.position = OrdinalPosition::AfterStop,
            '，' | ',' | '、' | '､' => self.position = OrdinalPosition::AfterComma,
            // The marks may be the wrong way round: ”…“.
            '“' if self.reversed_quotation => self.close_quotation(at, tokens),
            '”' if self.quotation.is_none() => {
                self.quotation = Some((tokens.len(), at));
                self.reversed_quotation = true;
                if self.position != OrdinalPosition::AfterStop {
                    self.position = OrdinalPosition::MidText;
                }
            }
            '“' | '「' | '『' => {
                self.quotation = Some((tokens.len(), at));
                self.position = OrdinalPosition::MidText;
            }
            '”' | '」' | '』' => self.close_quotation(at, tokens),
            '"' | '＂' => {
                match self.quotation.take() {
                    Some(open) => drop_candidates_since(Some(open), at, tokens),
                    None => self.quotation = Some((tokens.len(), at)),
                }
                if self.position != OrdinalPosition::AfterStop {
                    self.position = OrdinalPosition::MidText;
                }
            }
            '（' | '(' | '《' | '〔' => {
                let own = matches!(tokens.last(), Some(OutlineToken::Candidate(candidate)) if candidate.start as usize == at);
                if !own {
                    self.bracket = Some((tokens.len(), at));
                }
                self.position = OrdinalPosition::MidText;
            }
            '）' | ')' | '》' | '〕' => {
                if !is_marker_end(at, tokens.last()) {
                    drop_candidates_since(self.bracket.take(), at, tokens);
                }
                if self.position != OrdinalPosition::AfterStop {
                    self.position = OrdinalPosition::MidText;
                }
            }
            _ => self.position = OrdinalPosition::MidText,
        }
        self.before = c;
    }

    /// Ends the quotation at `end`.
    fn close_quotation(&mut self, end: usize, tokens: &mut Vec<OutlineToken>) {
        self.reversed_quotation = false;
        drop_candidates_since(self.quotation.take(), end, tokens);
        // A full stop inside the quotation ends the sentence, too.
        if self.position != OrdinalPosition::AfterStop {
            self.position = OrdinalPosition::MidText;
        }
    }
}

/// Whether the char at `at` is the last of the marker of the token `last`.
fn is_marker_end(at: usize, last: Option<&OutlineToken>) -> bool {
    matches!(last, Some(OutlineToken::Candidate(candidate)) if candidate.ordinal.marker_end as usize == at + 1)
}

/// Removes the candidates inside a quotation or bracket that ends at `end`.
fn drop_candidates_since(open: Option<(usize, usize)>, end: usize, tokens: &mut Vec<OutlineToken>) {
    if let Some((tokens_before, start)) = open
        && end - start <= MAX_QUOTATION_CHARS
    {
        tokens.truncate(tokens_before);
    }
}

/// Whether `c` can begin an ordinal that only stands at the start of a line: 甲、 壹、 A. Ⅰ、
fn may_begin_line_ordinal(c: char) -> bool {
    accounting_digit(c).is_some() || stem_number(c).is_some() || letter_number(c).is_some() || roman_char(c).is_some()
}

/// Whether `c` can begin an ordinal.
fn may_begin_ordinal(c: char) -> bool {
    matches!(
        c,
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '第' | '首' | '其' | '再' | '最'
            | '0'..='9' | '０'..='９' | '（' | '(' | '〔' | '﹙' | '︵' | '﹝' | '〈' | '︻' | '【' | '[' | '［'
            | '①'..='⒛' | '㈠'..='㈩' | '㊀'..='㊉' | '❶'..='➓' | '㉑'..='㉟' | '㊱'..='㊿'
    )
}

/// Whether a digit after `c` belongs to a number or word that begins earlier.
fn continues_number(c: char) -> bool {
    chinese_digit(c).is_some()
        || arabic_digit(c).is_some()
        || matches!(
            c,
            '第' | '〇'
                | '零'
                | '百'
                | '千'
                | '万'
                | '萬'
                | '亿'
                | '億'
                | '两'
                | '兩'
                | '.'
                | '．'
                | '/'
                | '-'
                | '%'
                | '初'
                | '周'
                | '期'
                | '之'
                | '统'
                | '統'
        )
}

/// Whether `c` is a measure word, so that the number before it is a quantity.
fn is_unit(c: Option<char>) -> bool {
    c.is_none_or(|c| {
        !matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{FFFD}' | '□' | '■' | '?' | '？' | '◆' | '“' | '《' | '\u{E000}'..='\u{F8FF}')
            || "年月日号时分秒个個名人项項家届屆期次元万萬亿億公里亩畝吨噸米条條点點位件种種类類级級层層岁歲周天倍成多余餘十百千批所户戶村镇鎮乡鄉县縣市省座辆輛台章节節回页頁世线線比至到".contains(c)
    })
}

/// Whether an ordinal at this position is plausible; `before` is the char before it.
fn is_plausible(ordinal: &Ordinal, position: OrdinalPosition, before: char) -> bool {
    use OrdinalKind::{Arabic, ArabicParen, Circled, Di, HanEnumComma, Lai, Paren, Qi, Sequence, Shi, SquareParen, StemParen, Verb, Yao};
    use OrdinalPosition::{AfterComma, AfterSpace, AfterStop, LineStart, MidText};
    let digit_next = ordinal.next.is_some_and(|c| chinese_digit(c).is_some());
    match (ordinal.kind, position) {
        (_, LineStart)
        | (Circled, _)
        | (Paren | SquareParen | ArabicParen | Shi | Yao | Qi | StemParen, AfterStop | AfterComma | AfterSpace)
        | (Sequence, AfterStop)
        | (Lai | Verb, AfterStop | AfterComma) => true,
        (HanEnumComma, AfterStop | AfterSpace) => ordinal.well_formed && !(digit_next && position == AfterSpace),
        (Paren | SquareParen | StemParen, MidText) => {
            !matches!(before, '第' | '款' | '条' | '條' | '项' | '項' | '见' | '見' | '附' | '表' | '图' | '圖' | '至' | '到')
        }
        (Arabic, AfterStop | AfterComma | AfterSpace) => ordinal.well_formed && may_begin_title(ordinal.next),
        (Di, AfterStop | AfterComma | AfterSpace) => {
            ordinal.next != Some('第') && (ordinal.well_formed || (ordinal.detail == FormDetail::BarePoint && position == AfterStop))
        }
        (Shi | Yao, MidText) => {
            ordinal.number == 1 && matches!(before, '即' | '此' | '到' | '现' | '現' | '面' | '在' | '就' | '为' | '為' | '：')
        }
        // `三处要修，首先是大塘；其次是小塘；再次是水渠`.
        (Sequence, AfterComma) if ordinal.next == Some('是') => ordinal.number == 1,
        (Sequence, AfterComma | AfterSpace) => ordinal.well_formed && ordinal.number != FINAL_NUMBER,
        // 种树的首先要有一把好剪；其次…
        (Sequence, MidText) => ordinal.number == 1 && ordinal.next == Some('要'),
        _ => false,
    }
}

/// Whether the first of a list stands right behind the word that announces it: `靠几个因素（1）水源；（2）地势`; `c` is
/// its first char.
fn opens_list(c: char, ordinal: &Ordinal, before: char) -> bool {
    ordinal.kind == OrdinalKind::ArabicParen
        && ordinal.number == 1
        && matches!(c, '（' | '(' | '⑴')
        && may_begin_title(ordinal.next)
        && matches!(before, '\u{3400}'..='\u{9FFF}' if !"第款条條项項见見附表图圖至到式註注例章节節".contains(before))
}

/// Whether the ordinal at the start of a marked heading is a quantity: `3间学校有家长确诊`, `六宗罪`.
fn is_quantity(ordinal: &Ordinal) -> bool {
    let bare = ordinal.kind == OrdinalKind::Arabic && ordinal.marker_end == ordinal.title_start;
    !ordinal.well_formed && (bare || ordinal.kind == OrdinalKind::Verb)
}

/// Whether a title can begin with `c`.
fn may_begin_title(c: Option<char>) -> bool {
    c.is_some_and(|c| matches!(c, '\u{3400}'..='\u{9FFF}' | '“' | '《' | '「' | '『' | '"' | '‘') || c.is_ascii_alphabetic())
}

/// Whether `c` is a CJK or full-width char, written without spaces around it.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{323AF}' | '“' | '”' | '‘' | '’' | '—' | '…' | '①'..='⒛')
}
