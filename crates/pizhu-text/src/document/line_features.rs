//! Line features: what a logical line shows by itself, without its neighbours.
//!
//! Most lines are body text; [`QuickScan`] rejects them cheaply. Only a line with something telling
//! in it is folded and compared with the word lists of salutations, stamps, titles and the like.

use super::{
    OrdinalKind, boilerplate,
    date::is_date,
    line_recognizers::{is_contents_label, is_end_matter, is_salutation, is_source_note, lists_annexes, names_speech},
    lines::LogicalLine,
    ordinal_forms::ordinal_at,
    punctuation::{is_closing, is_stop},
};
use crate::text::CjkSet;
use crate::text::Cursor;
use crate::text::cursor::is_blank;
use crate::text::fold::fold;

/// Longest short line, in chars; only short lines are examined as a whole.
pub(super) const MAX_SHORT_LINE_CHARS: usize = 100;
/// Shortest line, in chars, that counts as body text if it ends a sentence.
const MIN_BODY_CHARS: usize = 40;

/// Least digits of a date: those of its year.
const MIN_DATE_DIGITS: usize = 4;

/// Features of a logical line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LineFeatures {
    /// About the web page.
    pub boilerplate: bool,
    /// Boilerplate even in the middle of a speech.
    pub certain_boilerplate: bool,
    /// Addresses the audience (`同志们：`).
    pub salutation: bool,
    /// Ends like the title of a speech (…的讲话).
    pub names_speech: bool,
    /// Nothing but a date.
    pub date: bool,
    /// The kind of the well-formed ordinal it begins with.
    pub ordinal: Option<OrdinalKind>,
    /// Begins with an ordinal of an unusual form (`一.`, `第一章总则`, `1.1概述`), or with a digit and possible mojibake.
    pub malformed_ordinal: bool,
    /// Contains a full stop, and is not a note in brackets.
    pub has_full_stop: bool,
    /// Long enough to be body text, and ended by punctuation.
    pub body_text: bool,
    /// Closing thanks (谢谢大家！).
    pub thanks: bool,
    /// Announces end matter (附件, 注释).
    pub end_matter: bool,
    /// Announces a table of contents (目录).
    pub contents_label: bool,
    /// A footnote that names a source.
    pub source_note: bool,
    /// Short, and not ended by punctuation.
    pub open_ended: bool,
}

/// Buffers for the text of a line, reused from line to line.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// The first [`MAX_SHORT_LINE_CHARS`] chars of the line.
    text: String,
    /// The same, folded and without white space.
    folded: String,
}

impl Scratch {
    /// Extracts the features of `line`, whose chars `cursor` yields.
    pub(super) fn features(&mut self, mut cursor: Cursor<'_>, line: &LogicalLine) -> LineFeatures {
        let length = line.span.len();
        let whole = cursor.clone();
        let start = cursor.next().and_then(|(_, c)| ordinal_at(c, &cursor));
        let malformed_ordinal = start.is_some_and(|ordinal| {
            !ordinal.well_formed
                && (ordinal.maybe_shifted
                    || matches!(ordinal.kind, OrdinalKind::HanEnumComma | OrdinalKind::Di | OrdinalKind::Decimal | OrdinalKind::Part(_)))
        });
        let ordinal = start.filter(|ordinal| ordinal.well_formed).map(|ordinal| ordinal.kind);
        let short = length <= MAX_SHORT_LINE_CHARS;
        let mut features = LineFeatures {
            ordinal,
            malformed_ordinal,
            body_text: length >= MIN_BODY_CHARS && (is_closing(line.last) || !short),
            ..LineFeatures::default()
        };
        // Long lines are examined only if they may be a lead-in of the page, which begins with no
        // ordinal.
        if !short && ordinal.is_some() {
            return features;
        }
        features.open_ended = short && !is_stop(line.last) && !matches!(line.last, '，' | ',' | '、' | '…' | '.');
        let scan = QuickScan::new(whole.clone(), line.span.start + MAX_SHORT_LINE_CHARS, !short);
        let bracketed = matches!(line.first, '(' | '（' | '[' | '【' | '—' | '*' | '※');
        if !scan.needs_full_scan(&features, length) {
            features.has_full_stop = short && scan.full_stop && !bracketed;
            return features;
        }
        self.text.clear();
        self.text.extend(whole.take_while(|(at, _)| *at < line.span.start + MAX_SHORT_LINE_CHARS).map(|(_, c)| c));
        self.folded.clear();
        self.folded.extend(self.text.chars().filter(|c| !is_blank(*c)).map(fold));
        let (text, folded) = (self.text.as_str(), self.folded.as_str());
        if ordinal.is_none() {
            features.boilerplate = boilerplate::is_boilerplate(text, folded);
            features.certain_boilerplate = features.boilerplate && boilerplate::is_certain_boilerplate(folded);
        }
        if short {
            features.date = (scan.suspicious || scan.digits >= MIN_DATE_DIGITS) && is_date(text);
            features.salutation = is_salutation(folded);
            features.names_speech = features.open_ended && ordinal.is_none() && names_speech(folded);
            features.thanks = length <= 20
                && (folded.starts_with("谢谢")
                    || folded.ends_with("谢谢大家!")
                    || folded.ends_with("谢谢大家。")
                    || folded.ends_with("谢谢!"));
            features.end_matter = (length <= 40 && is_end_matter(folded)) || lists_annexes(folded);
            features.has_full_stop = text.contains(['。', '｡']) && !bracketed;
            features.contents_label = is_contents_label(folded);
            features.source_note = (scan.suspicious || scan.book_title_mark) && is_source_note(folded);
            features.body_text &= !features.salutation;
        }
        features
    }
}

/// Ideographs that are in no feature: neither digits nor in words by which boilerplate or thanks
/// are recognised anywhere in a line.
static NEUTRAL: CjkSet = CjkSet::ideographs_except(&[
    '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '零', '谢', '謝', '备', '備', '版', '源', '编', '編', '订', '訂',
]);

/// A cheap scan of the chars of a line.
#[derive(Debug, Default)]
struct QuickScan {
    first: Option<char>,
    second: Option<char>,
    last: char,
    /// Number of ideographs and digits.
    letters: usize,
    digits: usize,
    /// Length of the longest run of ideographs.
    longest_run: usize,
    /// Whether it contains a full stop.
    full_stop: bool,
    /// Whether it contains `《`.
    book_title_mark: bool,
    /// Whether it contains a char that may be part of any feature.
    suspicious: bool,
}

impl QuickScan {
    /// Scans the chars before offset `end`; stops early in a `long` line once it has too many
    /// letters to be boilerplate.
    fn new(mut cursor: Cursor<'_>, end: usize, long: bool) -> Self {
        let mut scan = Self::default();
        while let Some((at, c)) = cursor.next()
            && at < end
        {
            if is_blank(c) {
                continue;
            }
            if scan.first.is_none() {
                scan.first = Some(c);
                // A blank between the two may be noise inside a listed word.
                scan.second = cursor.peek().map(|(_, c)| c);
                scan.suspicious |= scan.second.is_some_and(is_blank);
            }
            let before = std::mem::replace(&mut scan.last, c);
            match c {
                '。' => scan.full_stop = true,
                '《' => scan.book_title_mark = true,
                '0'..='9' | '０'..='９' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '零' => {
                    scan.digits += 1;
                    scan.letters += 1;
                }
                '，' | '、' | '；' | '：' | '！' | '？' | '“' | '”' | '‘' | '’' | '（' | '）' | '》' | '—' | '…' | '·' | '.' | ','
                | ':' | ';' | '!' | '?' | '(' | ')' | '%' | '-' | '/' => {}
                '谢' | '謝' | '版' | '源' | '备' | '備' | '编' | '編' | '订' | '訂' => {
                    scan.letters += 1;
                    let next = cursor.peek().map_or(' ', |(_, c)| c);
                    scan.suspicious = match c {
                        '谢' | '謝' => matches!(next, '谢' | '謝'),
                        '版' => matches!(next, '权' | '權'),
                        '源' => matches!(next, '于' | '於'),
                        '编' | '編' => before == '小',
                        '订' | '訂' => matches!(next, '户' | '戶'),
                        _ => !matches!(before, '\u{4E00}'..='\u{9FFF}' if before != '安'),
                    } || is_blank(next);
                }
                '\u{4E00}'..='\u{9FFF}' => {
                    let from = cursor.offset();
                    if let Some(last) = cursor.skip_run(&NEUTRAL) {
                        scan.last = last;
                    }
                    let run = 1 + (cursor.offset() - from).min(end.saturating_sub(from));
                    scan.longest_run = scan.longest_run.max(run);
                    scan.letters += run;
                }
                _ => scan.suspicious = true,
            }
            if scan.suspicious || (long && scan.letters > boilerplate::MAX_BOILERPLATE_CHARS) {
                break;
            }
        }
        scan
    }

    /// Whether the line, `length` chars long, may have more features than `features`.
    fn needs_full_scan(&self, features: &LineFeatures, length: usize) -> bool {
        let Some(first) = self.first else { return true };
        let short = length <= MAX_SHORT_LINE_CHARS;
        let may_be_boilerplate = features.ordinal.is_none()
            && (boilerplate::may_begin_boilerplate(first, self.second)
                || (self.longest_run <= boilerplate::MAX_WORD_CHARS && self.letters <= boilerplate::MAX_BOILERPLATE_CHARS));
        let date = self.digits >= MIN_DATE_DIGITS && self.letters <= 20;
        let salutation = matches!(self.last, '：' | ':' | '︰' | '﹕' | '！' | '!' | '，' | ',') && self.letters <= 60;
        let names_speech = features.open_ended && features.ordinal.is_none();
        let end_matter = (length <= 40 || fold(first) == '附') && may_begin_end_matter(first, self.second);
        let contents_label = features.ordinal.is_none() && self.letters <= 2;
        let source_note = self.book_title_mark && !matches!(first, '\u{4E00}'..='\u{9FFF}');
        self.suspicious
            || may_be_boilerplate
            || (short && (date || salutation || names_speech || end_matter || contents_label || source_note))
    }
}

/// Whether a line that begins with these two chars may announce end matter.
fn may_begin_end_matter(first: char, second: Option<char>) -> bool {
    match (fold(first), second.map(fold)) {
        ('附' | '注' | '(', _) => true,
        (first, Some(second)) => {
            matches!((first, second), ('名' | '尾' | '术' | '参' | '词' | '有', '词' | '注' | '语' | '考' | '汇' | '关'))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::variants;

    #[test]
    fn telling_chars_are_listed_in_both_scripts() {
        for (c, variant) in "谢备版源编订".chars().flat_map(|c| variants(c).into_iter().map(move |variant| (c, variant))) {
            assert!(!NEUTRAL.contains(variant), "{variant} for {c}");
        }
    }
}
