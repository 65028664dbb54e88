//! One pass over the logical lines that finds every candidate, and the white space that does not
//! belong.

use super::{
    OrdinalKind,
    candidate::{Candidate, LAST, Ordinal, Place, ordinal_at},
    lines::{Logical, Stops, is_stop},
    numeral::{chinese_digit, digit, formal_digit},
    restore,
    roles::Role,
};
use crate::text::Cleaning;
use crate::text::Cursor;
use crate::text::PlainSet;
use crate::text::RemovedKind;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::parts::in_parts;

/// Quotations and brackets longer than this, in chars, are taken as unclosed.
const MAX_QUOTATION: usize = 400;
/// How much of a line a damaged heading can take, in chars.
const DAMAGED: usize = 60;

/// Ideographs that begin no ordinal, and the commas.
static PLAIN: PlainSet =
    PlainSet::ideographs_but(&['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '第', '首', '其', '再', '最'])
        .and(&['，', '、']);

/// What the reading goes through, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// Something that may be an ordinal.
    Candidate(Candidate),
    /// A Markdown heading without an ordinal, by its offsets.
    Heading { start: u32, end: u32, level: u8, line: u32 },
    /// An unnumbered heading or another speech's title: everything open closes.
    Close,
}

/// What the pass over the lines found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub events: Vec<Event>,
    /// White space that does not belong.
    pub removed: Vec<(Span, RemovedKind)>,
    /// Repaired titles by the offset of their marker, sorted.
    pub restored: Vec<(usize, String)>,
}

/// Lines that a thread of its own is worth.
const LEAST_LINES: usize = 4000;

/// Goes through the lines that can hold sections.
pub(super) fn find(source: &SourceText, cleaning: &Cleaning, stops: Stops, lines: &[Logical], roles: &[Role]) -> Found {
    let body = roles.iter().position(|role| matches!(role, Role::Body | Role::Salutation)).unwrap_or(roles.len());
    let mut parts = in_parts(lines.len(), LEAST_LINES, |part| {
        let from = lines.get(part.start).map_or(0, |line| line.span.start);
        let cursor = Cursor::new(source, cleaning, Span::empty(from));
        let mut finder = Finder { source, cleaning, stops, cursor, found: Found::default() };
        for index in part {
            finder.role(index, &lines[index], roles[index], index > body);
        }
        finder.found.events.shrink_to_fit();
        finder.found
    });
    if parts.len() == 1 {
        return parts.pop().unwrap_or_default();
    }
    let mut whole = Found { events: Vec::with_capacity(parts.iter().map(|part| part.events.len()).sum()), ..Found::default() };
    for mut part in parts {
        whole.events.append(&mut part.events);
        whole.removed.append(&mut part.removed);
        whole.restored.append(&mut part.restored);
    }
    whole
}

struct Finder<'a> {
    source: &'a SourceText,
    cleaning: &'a Cleaning,
    stops: Stops,
    /// At the end of the last line.
    cursor: Cursor<'a>,
    found: Found,
}

/// What has been seen of a line so far.
struct Progress {
    /// The last char that is no white space.
    before: char,
    place: Place,
    /// Index of the first event since the last opening quotation mark, and its offset.
    quotation: Option<(usize, usize)>,
    bracket: Option<(usize, usize)>,
    /// Index of the line's first event.
    first_event: usize,
    /// The first mark that ends a clause, and whether one of them ends a sentence.
    first_stop: Option<usize>,
    sentence: bool,
}

impl Finder<'_> {
    /// Goes through the line of that index. `behind_body`: the speech has begun before it.
    fn role(&mut self, index: usize, line: &Logical, role: Role, behind_body: bool) {
        match role {
            Role::Subheading => self.found.events.push(Event::Close),
            Role::Title if behind_body => self.found.events.push(Event::Close),
            _ => {}
        }
        let mut span = line.span;
        let mut level = 0;
        if let Role::Markdown(depth) = role {
            level = depth;
            let start = Cursor::new(self.source, self.cleaning, span).find(|(_, c)| !matches!(c, '#' | '*') && !is_blank(*c));
            span.start = start.map_or(span.end, |(at, _)| at);
        }
        let sections = matches!(role, Role::Body | Role::Salutation | Role::Closing | Role::Markdown(_));
        self.line(index as u32, Logical { span, ..*line }, sections, level);
    }

    fn line(&mut self, index: u32, line: Logical, sections: bool, level: u8) {
        let mut cursor = self.cursor.clone();
        cursor.move_to(line.span);
        let mut gap: Option<(usize, bool)> = None;
        let mut progress = Progress {
            before: '\0',
            place: Place::Line,
            quotation: None,
            bracket: None,
            first_event: self.found.events.len(),
            first_stop: None,
            sentence: false,
        };
        while let Some((at, c)) = cursor.next() {
            if is_blank(c) {
                let (_, broken) = gap.get_or_insert((at, false));
                *broken |= c == '\n';
                continue;
            }
            let spaced = gap.is_some();
            if let Some((from, broken)) = gap.take() {
                self.gap(Span::new(from, at), broken, progress.before, c, sections);
            }
            if sections && (may_open(c) || (progress.place == Place::Line && formal_digit(c).is_some())) {
                self.candidate(at, c, &cursor, &progress, spaced, index, level);
            }
            // A full stop in half width is passed as one in full width.
            let mark = if self.stops.is_half(progress.before, c) && !is_marker_end(at, self.found.events.last()) { '。' } else { c };
            progress.pass(at, mark, line.span, &mut self.found.events);
            if let Some(last) = cursor.skip_run(&PLAIN) {
                progress.place = if matches!(last, '，' | '、') { Place::Comma } else { Place::Mid };
                progress.before = last;
            }
        }
        self.cursor = cursor;
        if sections {
            self.settle(&line, &progress, level, index);
        }
    }

    /// Takes out white space between `before` and `after` where it does not belong.
    fn gap(&mut self, span: Span, broken: bool, before: char, after: char, sections: bool) {
        let wide = is_wide(before) && is_wide(after);
        if broken {
            // Between words of Latin letters a space must remain.
            let keep = usize::from(!is_wide(before) && !is_wide(after) && before != '-');
            let span = Span::new(span.start + keep, span.end);
            if !span.is_empty() {
                self.found.removed.push((span, RemovedKind::LineBreak));
            }
        } else if wide && sections {
            self.found.removed.push((span, RemovedKind::Space));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the scan's state at one char")]
    fn candidate(&mut self, at: usize, c: char, cursor: &Cursor<'_>, progress: &Progress, spaced: bool, line: u32, level: u8) {
        // Inside a number or behind 第 no ordinal begins.
        let inside = !spaced && (continues_number(progress.before) && (chinese_digit(c).is_some() || digit(c).is_some()));
        if inside {
            return;
        }
        let Some(mut ordinal) = ordinal_at(c, cursor) else { return };
        let place = match progress.place {
            Place::Mid if spaced => Place::Space,
            place => place,
        };
        let bare = !ordinal.sound && ordinal.kind == OrdinalKind::Arabic && ordinal.marker_end == ordinal.title_start;
        if bare && (place == Place::Mid || !self.mend(at, &mut ordinal, place)) && (place != Place::Line || is_unit(ordinal.next)) {
            return;
        }
        if accept(&ordinal, place, progress.before) {
            self.found.events.push(Event::Candidate(Candidate { ordinal, start: at as u32, place, alone: false, line, level }));
        }
    }

    /// Tries to restore a heading whose ordinal was destroyed. Whether that alone tells that it is
    /// one; at the start of a line its neighbours may tell it too.
    fn mend(&mut self, at: usize, ordinal: &mut Ordinal, place: Place) -> bool {
        if !ordinal.shifted {
            return false;
        }
        let from = ordinal.title_start as usize;
        let run: String = Cursor::new(self.source, self.cleaning, Span::new(from, from + DAMAGED))
            .map(|(_, c)| c)
            .take_while(|c| *c != '\n' && !is_stop(*c))
            .collect();
        let restored = restore::restore(&run);
        ordinal.sound = restored.as_ref().is_some_and(|restored| restored.is_sure);
        if let Some(restored) = restored.filter(|restored| restored.is_sure || place == Place::Line) {
            self.found.restored.push((at, restored.title));
        }
        ordinal.sound
    }

    /// Sees at the line's end whether its first ordinal is a heading alone.
    fn settle(&mut self, line: &Logical, progress: &Progress, level: u8, index: u32) {
        let first = self.found.events.get_mut(progress.first_event);
        match first {
            Some(Event::Candidate(candidate)) if candidate.place == Place::Line => {
                let last = line.span.end - 1;
                let whole = progress.first_stop.is_none_or(|stop| stop >= last);
                let unfinished = !progress.sentence && !is_stop(line.last) && line.single && line.span.len() <= DAMAGED;
                candidate.alone = whole || unfinished || level > 0;
                if candidate.alone && level > 0 {
                    candidate.ordinal.sound = true;
                }
            }
            _ if level > 0 => {
                self.found.events.truncate(progress.first_event);
                self.found.events.push(Event::Heading { start: line.span.start as u32, end: line.span.end as u32, level, line: index });
            }
            _ => {}
        }
    }
}

impl Progress {
    /// Moves past `c` at `at`.
    fn pass(&mut self, at: usize, c: char, line: Span, events: &mut Vec<Event>) {
        match c {
            '。' | '！' | '？' | '；' | '：' | '!' | '?' | ';' | ':' | '｡' => {
                self.place = Place::Stop;
                self.first_stop.get_or_insert(at);
                self.sentence |= at + 1 < line.end && matches!(c, '。' | '！' | '？' | '!' | '?' | '｡');
            }
            '…' => self.place = Place::Stop,
            '，' | ',' | '、' | '､' => self.place = Place::Comma,
            '“' | '「' | '『' => {
                self.quotation = Some((events.len(), at));
                self.place = Place::Mid;
            }
            '”' | '」' | '』' => {
                drop_since(self.quotation.take(), at, events);
                // A stop inside the quotation ends the sentence too.
                if self.place != Place::Stop {
                    self.place = Place::Mid;
                }
            }
            '"' | '＂' => {
                match self.quotation.take() {
                    Some(open) => drop_since(Some(open), at, events),
                    None => self.quotation = Some((events.len(), at)),
                }
                if self.place != Place::Stop {
                    self.place = Place::Mid;
                }
            }
            '（' | '(' | '《' | '〔' => {
                let own = matches!(events.last(), Some(Event::Candidate(candidate)) if candidate.start as usize == at);
                if !own {
                    self.bracket = Some((events.len(), at));
                }
                self.place = Place::Mid;
            }
            '）' | ')' | '》' | '〕' => {
                if !is_marker_end(at, events.last()) {
                    drop_since(self.bracket.take(), at, events);
                }
                if self.place != Place::Stop {
                    self.place = Place::Mid;
                }
            }
            _ => self.place = Place::Mid,
        }
        self.before = c;
    }
}

/// Whether the char at `at` is the last of the marker of `last`.
fn is_marker_end(at: usize, last: Option<&Event>) -> bool {
    matches!(last, Some(Event::Candidate(candidate)) if candidate.ordinal.marker_end as usize == at + 1)
}

/// Forgets the candidates inside a quotation or bracket that ends at `end`.
fn drop_since(open: Option<(usize, usize)>, end: usize, events: &mut Vec<Event>) {
    if let Some((events_before, start)) = open
        && end - start <= MAX_QUOTATION
    {
        events.truncate(events_before);
    }
}

/// Whether `c` can begin an ordinal.
fn may_open(c: char) -> bool {
    matches!(
        c,
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '第' | '首' | '其' | '再' | '最'
            | '0'..='9' | '０'..='９' | '（' | '(' | '〔' | '﹙'
            | '①'..='⒛' | '㈠'..='㈩' | '㊀'..='㊉' | '❶'..='➓' | '㉑'..='㉟' | '㊱'..='㊿'
    )
}

/// Whether a digit behind `c` belongs to a number or word that has begun before.
fn continues_number(c: char) -> bool {
    chinese_digit(c).is_some()
        || digit(c).is_some()
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

/// Whether `c` counts or measures, so that a number before it is a quantity.
fn is_unit(c: Option<char>) -> bool {
    c.is_none_or(|c| {
        !matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{FFFD}' | '□' | '■' | '?' | '？' | '◆' | '“' | '《' | '\u{E000}'..='\u{F8FF}')
            || "年月日号时分秒个個名人项項家届屆期次元万萬亿億公里亩畝吨噸米条條点點位件种種类類级級层層岁歲周天倍成多余餘十百千批所户戶村镇鎮乡鄉县縣市省座辆輛台章节節回页頁世线線比至到".contains(c)
    })
}

/// Whether an ordinal in such a place may be one.
fn accept(ordinal: &Ordinal, place: Place, before: char) -> bool {
    use OrdinalKind::{Arabic, ArabicParen, Circled, Di, Heading, Paren, Pause, Sequence, Shi, Yao};
    let numeral_next = ordinal.next.is_some_and(|c| chinese_digit(c).is_some());
    match (ordinal.kind, place) {
        (_, Place::Line)
        | (Circled, _)
        | (Paren | ArabicParen | Shi | Yao, Place::Stop | Place::Comma | Place::Space)
        | (Sequence, Place::Stop) => true,
        (Pause, Place::Stop | Place::Space) => ordinal.sound && !(numeral_next && place == Place::Space),
        (Paren, Place::Mid) => !matches!(before, '第' | '款' | '条' | '條' | '项' | '項' | '见' | '見' | '附' | '表' | '图' | '圖'),
        (Arabic, Place::Stop | Place::Comma | Place::Space) => ordinal.sound && is_text(ordinal.next),
        (Di, Place::Stop | Place::Comma | Place::Space) => ordinal.next != Some('第') && ordinal.sound,
        (Shi | Yao, Place::Mid) => {
            ordinal.number == 1 && matches!(before, '即' | '此' | '到' | '现' | '現' | '面' | '在' | '就' | '为' | '為' | '：')
        }
        (Sequence, Place::Comma | Place::Space) => ordinal.sound && ordinal.number != LAST,
        (Pause | Heading, _) | (Arabic | ArabicParen | Di | Sequence, Place::Mid) => false,
    }
}

/// Whether a title can begin with `c`.
fn is_text(c: Option<char>) -> bool {
    c.is_some_and(|c| matches!(c, '\u{3400}'..='\u{9FFF}' | '“' | '《' | '「' | '『' | '"' | '‘') || c.is_ascii_alphabetic())
}

/// Whether `c` is written without spaces around it.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{323AF}' | '“' | '”' | '‘' | '’' | '—' | '…' | '①'..='⒛')
}
