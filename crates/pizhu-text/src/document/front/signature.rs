//! The signature below a text: who signs, and when.

use super::{FrontField, LineText, organ::is_organ, person::parse_person};
use crate::document::date::{date_in, is_date};
use crate::text::CjkSet;
use crate::text::cursor::is_blank;
use std::ops::Range;

/// Longest line of a signature, in chars.
const MAX_SIGNATURE_CHARS: usize = 48;
/// Number of chars in which the date at the end of a line is looked for.
const DATE_CHARS: usize = 20;

/// A line near the end of a text.
#[derive(Debug, Clone)]
pub(in crate::document) struct SignatureLine {
    pub line: LineText,
    /// Whether it can belong to no signature: a page line, a heading, an ordinal.
    pub barred: bool,
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::document) struct Signature {
    /// Who signs.
    pub signer: Option<FrontField>,
    /// The date, as YYYY-MM-DD.
    pub date: Option<String>,
    /// Its lines, as indices into the lines given.
    pub lines: Range<usize>,
}

/// Chinese digits.
static DIGITS: CjkSet = CjkSet::of("〇零○一二三四五六七八九十");

/// Where the date begins that ends the line; `None` unless one does.
fn date_at_end(line: &LineText) -> Option<(usize, String)> {
    let range = line.trim(0..line.len(), &['(', ')', '[', ']']);
    (!range.is_empty()).then_some(())?;
    let from = range.end.saturating_sub(DATE_CHARS).max(range.start);
    let is_digit = |c: &char| c.is_ascii_digit() || DIGITS.contains(*c);
    let digit = |at: usize| line.folded().get(at).is_some_and(is_digit);
    // A year has four digits.
    if line.folded().get(from..range.end).unwrap_or_default().iter().filter(|c| is_digit(c)).count() < 4 {
        return None;
    }
    let start = (from..range.end).find(|at| digit(*at) && date_in(&line.text(*at..range.end)).is_some())?;
    let text = line.text(start..range.end);
    is_date(&text).then_some(())?;
    // A longer number or word goes before.
    (start == range.start || !digit(start - 1)).then_some((start, date_in(&text)?))
}

/// Beginnings of lines that name nobody.
const NO_SIGNERS: [&str; 12] = ["附件", "附:", "注:", "抄送", "主题词", "此致", "敬礼", "特此", "联系", "电话", "谢谢", "("];

/// Whether the line may name who signs: short, no sentence.
fn may_sign(candidate: &SignatureLine) -> bool {
    let bare = candidate.line.bare();
    let length = bare.chars().count();
    !candidate.barred
        && (2..=MAX_SIGNATURE_CHARS).contains(&length)
        && !bare.ends_with(['。', ';', ':', '!', '?', ',', '、', '…'])
        && !bare.contains(['。', ';', '?', '|', '：'])
        && !NO_SIGNERS.iter().any(|start| bare.starts_with(start))
        && bare.chars().any(|c| matches!(c, '\u{3400}'..='\u{9FFF}'))
}

/// The range without a label before the name: `汇报人：|张三`.
fn without_label(line: &LineText, range: Range<usize>) -> Range<usize> {
    let label = line.find(":", range.clone()).filter(|colon| {
        let before = line.trim(range.start..*colon, &[]);
        before.len() <= 6 && line.folded().get(before.end.saturating_sub(1)).is_some_and(|c| matches!(c, '人' | '者' | '位' | '名'))
    });
    label.map_or_else(|| range.clone(), |colon| line.trim(colon + 1..range.end, &[]))
}

/// The range without the word of respect that ends a letter: `青石商会|敬上`.
fn without_respects(line: &LineText, range: Range<usize>) -> Range<usize> {
    const WORDS: [&str; 6] = ["敬上", "谨上", "谨启", "敬启", "上", "启"];
    // `青石县人民政府（印章）`.
    let range = range.start..line.find("(", range.clone()).filter(|at| *at >= range.start + 2).unwrap_or(range.end);
    let range = line.trim(range, &[]);
    let word = WORDS
        .iter()
        .map(|word| (word, word.chars().count()))
        .find(|(word, length)| range.len() >= length + 2 && line.starts_with(word, range.end - length..range.end));
    line.trim(range.start..range.end - word.map_or(0, |(_, length)| length), &[])
}

/// Whether the line may follow a signature: an annex, a note.
fn may_follow(bare: &str) -> bool {
    ["附件", "附:", "(", "抄送", "主题词", "注:", "印发", "联系", "*"].iter().any(|start| bare.starts_with(start))
        || bare.chars().count() <= 4
}

/// The signature in the last lines of a text: a date with who signs before it on the line, or in the
/// line above; without a date an organ or a person in the last line.
pub(in crate::document) fn find_signature(lines: &[SignatureLine]) -> Option<Signature> {
    // The imprint below tells who printed the text: `青石县水利局办公室　2031年4月2日印发`.
    let is_imprint = |at: usize| lines[at].line.bare().ends_with("印发");
    let find = |imprint: bool| {
        (0..lines.len()).rev().find_map(|at| {
            let candidate = &lines[at];
            if candidate.barred || candidate.line.len() > MAX_SIGNATURE_CHARS + DATE_CHARS || is_imprint(at) != imprint {
                return None;
            }
            Some((at, date_at_end(&candidate.line)?))
        })
    };
    let dated = find(false).or_else(|| find(true));
    let Some((at, (start, date))) = dated else { return undated(lines) };
    let before = lines[at].line.trim(0..start, &[',', '(', '—', '-', ':']);
    let text = lines[at].line.text(before.clone());
    if before.is_empty() {
        let above = at.checked_sub(1).filter(|above| may_sign(&lines[*above]));
        let signer = above.and_then(|above| {
            let line = &lines[above].line;
            line.field(without_label(line, without_respects(line, line.trim(0..line.len(), &['(', ')', '—', '-']))))
        });
        if signer.is_none()
            && let Some(below) = lines.get(at + 1).filter(|below| may_sign(below) && is_organ(&below.line.bare()))
        {
            return Some(Signature { signer: below.line.field(below.line.all()), date: Some(date), lines: at..at + 2 });
        }
        return Some(Signature { signer, date: Some(date), lines: above.unwrap_or(at)..at + 1 });
    }
    // What stands before the date on its line must be a name, not a sentence.
    let set_off = line_names(&lines[at].line, before.clone())
        || spaced(&lines[at].line, &before)
        || !text.ends_with(['是', '到', '于', '自', '至', '从', '在', '为', '期', '间', '起', '截']);
    let named = set_off
        && may_sign(&lines[at])
        && !text.contains(['。', '，', ',', '；', '：', '“', '《'])
        && text.chars().filter(|c| !is_blank(*c)).count() <= 30;
    named.then(|| Signature { signer: lines[at].line.field(before), date: Some(date), lines: at..at + 1 })
}

/// Whether the range names an organ or a person.
fn line_names(line: &LineText, range: Range<usize>) -> bool {
    let bare: String = line.folded().get(range.clone()).unwrap_or_default().iter().filter(|c| !is_blank(**c)).collect();
    is_organ(&bare) || parse_person(line, range).is_some()
}

/// Whether a blank or a bracket sets the range off from what follows.
fn spaced(line: &LineText, range: &Range<usize>) -> bool {
    line.folded().get(range.end).is_some_and(|c| is_blank(*c) || *c == '(')
}

/// A signature without a date.
fn undated(lines: &[SignatureLine]) -> Option<Signature> {
    let at = (0..lines.len()).rev().find(|at| !may_follow(&lines[*at].line.bare()) || may_sign(&lines[*at]))?;
    let line = &lines[at].line;
    let bare = line.bare();
    let names = || is_organ(&bare) || parse_person(line, line.all()).is_some();
    let ended = at.checked_sub(1).is_some_and(|above| lines[above].line.bare().ends_with(['。', '!', '?', ')', '”', '礼', ',']));
    (may_sign(&lines[at]) && ended && bare.chars().count() <= 24 && names()).then(|| Signature {
        signer: line.field(without_respects(line, line.all())),
        date: None,
        lines: at..at + 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Signer and date of the last lines of a text.
    fn signature(lines: &[&str]) -> Option<(String, String)> {
        let lines: Vec<SignatureLine> =
            lines.iter().map(|text| SignatureLine { line: LineText::from_text(text), barred: text.starts_with('一') }).collect();
        let signature = find_signature(&lines)?;
        Some((signature.signer.map(|field| field.text.to_string()).unwrap_or_default(), signature.date.unwrap_or_default()))
    }

    #[expect(clippy::unnecessary_wraps, reason = "shorter comparisons")]
    fn some(signer: &str, date: &str) -> Option<(String, String)> {
        Some((signer.to_owned(), date.to_owned()))
    }

    #[test]
    fn signatures_are_read_with_their_dates() {
        assert_eq!(signature(&["老化的线路一律更换。", "青石乡人民政府", "2031年2月20日"]), some("青石乡人民政府", "2031-02-20"));
        assert_eq!(signature(&["一律更换。", "青石乡人民政府　二〇三一年二月二十日"]), some("青石乡人民政府", "2031-02-20"));
        assert_eq!(signature(&["办好。", "附件：清单", "青石乡", "2031年2月20日", "（此件公开发布）"]), some("青石乡", "2031-02-20"));
        assert_eq!(signature(&["办好。", "2031年2月20日", "青石县水利局"]), some("青石县水利局", "2031-02-20"));
        assert_eq!(signature(&["办好。", "青石县水利局（印章）", "2031年2月20日"]), some("青石县水利局", "2031-02-20"));
        assert_eq!(signature(&["办好。", "汇报人：张三", "2031年2月20日"]), some("张三", "2031-02-20"));
        assert_eq!(signature(&["办好。", "2031年2月20日"]), some("", "2031-02-20"));
        let imprint = "青石县水利局办公室　　2031年2月21日印发";
        assert_eq!(signature(&["特此通知。", "青石县水利局", "2031年2月20日", imprint]), some("青石县水利局", "2031-02-20"));
        assert_eq!(signature(&["特此通知。", imprint]), some("青石县水利局办公室", "2031-02-21"));
        assert_eq!(signature(&["把事办好。", "青石县水利局"]), some("青石县水利局", ""));
    }

    #[test]
    fn sentences_are_no_signatures() {
        assert_eq!(signature(&["谢谢大家。"]), None);
        assert_eq!(signature(&["老化的线路一律更换。", "限期是2031年2月20日。", "大家要抓紧。"]), None);
        assert_eq!(signature(&["线路一律更换，时间到2031年2月20日"]), None);
    }
}
