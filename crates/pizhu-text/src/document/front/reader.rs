//! Reading of the fields out of the lines that hold them.

use super::{
    FrontBlock, FrontField, FrontMatter, HeadLineKind, LineText,
    label::LabelKind,
    person::{Person, ends_with_office, name_before, parse_person},
};
use crate::document::date::date_in;
use crate::document::line_recognizers::names_speech;
use std::ops::Range;

/// Collects the front matter of a speech, line by line in reading order; the first word on a field
/// counts.
#[derive(Debug, Default)]
pub(in crate::document) struct FrontReader {
    front: FrontMatter,
    /// Who wrote the page's text, by its label.
    author: Option<FrontField>,
    /// The date of delivery that a subtitle or a labelled line gives, as YYYY-MM-DD.
    pub date: Option<String>,
}

/// Words for what is held.
const OCCASIONS: [&str; 14] = ["会", "典礼", "仪式", "论坛", "班", "活动", "集会", "峰会", "课", "座谈", "纪念日", "宴", "论证", "研讨"];
/// Words for a speech, as they follow its occasion.
const SPEECHES: [&str; 16] =
    ["讲话", "演讲", "致辞", "致词", "发言", "报告", "讲演", "贺词", "谈话", "主持", "总结", "开幕", "闭幕", "演说", "答辞", "汇报"];

/// The occasion that `range` tells (`在|县委全会|上的讲话`, `于|开学典礼|的演讲`), and where its
/// preposition begins.
fn occasion_in(line: &LineText, range: Range<usize>) -> Option<(Range<usize>, usize)> {
    let chars = line.folded();
    let speech_at = |at: usize| SPEECHES.iter().any(|word| line.starts_with(word, at..range.end));
    for preposition in ["在", "于"] {
        let Some(at) = line.find(preposition, range.clone()) else { continue };
        let start = at + 1;
        let ends_here = |end: usize| match chars.get(end) {
            Some('上') => {
                chars.get(end + 1).is_none_or(|next| end + 1 >= range.end || ")的讲发致演作谈,。".contains(*next)) || speech_at(end + 1)
            }
            Some('的') => speech_at(end + 1),
            Some('期') => line.starts_with("期间", end..range.end),
            _ => false,
        };
        let end = (start + 2..range.end).rev().find(|end| ends_here(*end)).or_else(|| {
            // A subtitle may break off: `在…会议`.
            let bare = line.trim(start..range.end, &[')']);
            (!bare.is_empty() && OCCASIONS.iter().any(|word| line.text(bare.clone()).ends_with(word))).then_some(bare.end)
        })?;
        let occasion = line.trim(start..end, &[]);
        let text: String = chars.get(occasion.clone())?.iter().collect();
        if (3..=60).contains(&occasion.len()) && OCCASIONS.iter().any(|word| text.contains(word)) && !text.contains(['。', ';']) {
            return Some((occasion, at));
        }
    }
    None
}

impl FrontReader {
    fn set_person(&mut self, line: &LineText, person: &Person) {
        if self.front.speaker.is_none() {
            self.front.speaker = line.field(person.name.clone());
            self.front.office = self.front.office.take().or_else(|| line.field(person.office.clone()?));
        }
    }

    fn set_occasion(&mut self, line: &LineText, range: Range<usize>) {
        if self.front.occasion.is_none() {
            self.front.occasion = line.field(range);
        }
    }

    /// Reads the front block of a Markdown file.
    pub(in crate::document) fn read_block(&mut self, block: &FrontBlock) {
        let front = &mut self.front;
        let fill = |field: &mut Option<FrontField>, value: &Option<FrontField>| *field = field.take().or_else(|| value.clone());
        fill(&mut front.subtitle, &block.subtitle);
        fill(&mut front.speaker, &block.speaker);
        fill(&mut front.place, &block.place);
        fill(&mut front.occasion, &block.occasion);
        fill(&mut self.author, &block.author);
    }

    /// Reads the title: `县长张三在县委全会上的讲话`.
    pub(in crate::document) fn read_title(&mut self, line: &LineText) {
        let all = line.all();
        if !names_speech(&line.bare()) && !SPEECHES.iter().any(|word| line.find(word, all.clone()).is_some()) {
            return;
        }
        if let Some((occasion, at)) = occasion_in(line, all.clone()) {
            self.set_occasion(line, occasion);
            if at > all.start
                && let Some(person) = parse_person(line, all.start..at)
            {
                self.set_person(line, &person);
            }
            return;
        }
        // `…司韩志峰处长的讲话`.
        let Some(end) = SPEECHES.iter().filter_map(|word| line.find_last(&format!("的{word}"), all.clone())).max() else { return };
        if let Some(person) = parse_person(line, all.start..end) {
            self.set_person(line, &person);
        } else if self.front.speaker.is_none() {
            let stem = (2..6).filter_map(|length| end.checked_sub(length)).filter(|from| *from >= all.start).find(|from| {
                let chars = line.folded().get(*from..end).unwrap_or_default();
                ends_with_office(chars) || chars == ['同', '志'] || chars == ['先', '生'] || chars == ['女', '士']
            });
            let name = name_before(line, all.start, stem.unwrap_or(end));
            self.front.speaker = name.and_then(|name| line.field(name));
        }
    }

    /// Reads another line of the head. `issuing`: the document number has been read or the line is
    /// below the title.
    pub(in crate::document) fn read_head_line(&mut self, line: &LineText, kind: &HeadLineKind) {
        const BRACKETS: [char; 8] = ['(', ')', '[', ']', '【', '】', '*', '#'];
        match kind {
            HeadLineKind::Number if self.front.number.is_none() => self.front.number = line.field(line.trim(0..line.len(), &['*', '#'])),
            HeadLineKind::Subtitle => {
                let inner = line.trim(0..line.len(), &['—', '-', '–', '―', '─', '(', ')', '*', '#']);
                self.date = self.date.take().or_else(|| date_in(&line.text(inner.clone())));
                let dashed = line.folded().iter().find(|c| !c.is_whitespace()).is_some_and(|c| *c != '(');
                if dashed && self.front.subtitle.is_none() {
                    self.front.subtitle = line.field(inner.clone());
                }
                if let Some((occasion, at)) = occasion_in(line, inner.clone()) {
                    self.set_occasion(line, occasion);
                    if let Some(person) = parse_person(line, inner.start..at) {
                        self.set_person(line, &person);
                    }
                } else if let Some(person) = parse_person(line, inner) {
                    self.set_person(line, &person);
                }
            }
            HeadLineKind::Person(person) => self.set_person(line, person),
            HeadLineKind::Labelled(label) if !label.value.is_empty() => {
                let value = label.value.clone();
                match label.kind {
                    LabelKind::Speaker => match parse_person(line, value.clone()) {
                        Some(person) => self.set_person(line, &person),
                        None if self.front.speaker.is_none() && value.len() <= 20 => self.front.speaker = line.field(value),
                        None => {}
                    },
                    LabelKind::Author => self.author = self.author.take().or_else(|| line.field(parse_person(line, value)?.name)),
                    LabelKind::Place if self.front.place.is_none() => self.front.place = line.field(value),
                    LabelKind::Occasion => self.set_occasion(line, value),
                    LabelKind::Number if self.front.number.is_none() => self.front.number = line.field(value),
                    LabelKind::Date => self.date = self.date.take().or_else(|| date_in(&line.text(value))),
                    _ => {}
                }
            }
            HeadLineKind::Other if self.front.occasion.is_none() => {
                // `【在法律年度開啟典禮上的演講辭】`.
                let inner = line.trim(0..line.len(), &BRACKETS);
                if SPEECHES.iter().any(|word| line.find(word, inner.clone()).is_some())
                    && let Some((occasion, _)) = occasion_in(line, inner)
                {
                    self.set_occasion(line, occasion);
                }
            }
            _ => {}
        }
    }

    /// Reads the salutation.
    pub(in crate::document) fn read_salutation(&mut self, line: &LineText) {
        if self.front.addressees.is_none() {
            let mut range = line.trim(0..line.len(), &[':', ',', '!', '。', '*', '_']);
            for ending in ["敬启", "台鉴", "钧鉴", "收"] {
                let length = ending.chars().count();
                if range.len() > length + 2 && line.starts_with(ending, range.end - length..range.end) {
                    range.end -= length;
                }
            }
            self.front.addressees = line.field(range);
        }
    }

    /// Reads a note that says whose speech it is: `*这是张三同志在县委全会上讲话的一部分。`
    pub(in crate::document) fn read_note(&mut self, line: &LineText) {
        const STARTS: [&str; 8] = ["这是", "本文是", "本篇是", "此文是", "本文系", "本文为", "此件是", "这篇是"];
        let all = line.all();
        let Some(start) = STARTS.iter().find_map(|start| {
            let at = line.find(start, all.clone())?;
            let marked =
                at == all.start || matches!(line.folded().get(at.checked_sub(1)?), Some('*' | '(' | '[' | '※' | '【' | ':' | '〕' | ' '));
            marked.then(|| at + start.chars().count())
        }) else {
            return;
        };
        let end = line.find("。", start..all.end).unwrap_or(all.end);
        if !SPEECHES.iter().any(|word| line.find(word, start..end).is_some()) {
            return;
        }
        if let Some((occasion, at)) = occasion_in(line, start..end) {
            self.set_occasion(line, occasion);
            if let Some(person) = parse_person(line, start..at) {
                self.set_person(line, &person);
            }
        }
    }

    /// Whether a note may still add something.
    pub(in crate::document) fn needs_note(&self) -> bool {
        self.front.speaker.is_none() || self.front.occasion.is_none()
    }

    /// The front matter read, with the signature.
    pub(in crate::document) fn finish(mut self, signature: Option<FrontField>) -> FrontMatter {
        let person_like = |field: &FrontField| super::person::is_name(&field.text.chars().map(crate::text::fold::fold).collect::<Vec<_>>());
        if self.front.speaker.is_none() {
            self.front.speaker = self.author.filter(person_like);
        }
        self.front.signature = signature;
        self.front
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Speaker, office and occasion that a title gives.
    fn title(text: &str) -> [Option<String>; 3] {
        let mut reader = FrontReader::default();
        reader.read_title(&LineText::from_text(text));
        let front = reader.finish(None);
        [front.speaker, front.office, front.occasion].map(|field| field.map(|field| field.text.to_string()))
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn titles_tell_speaker_office_and_occasion() {
        assert_eq!(title("在青石縣城市工作會議上的報告提綱"), [None, None, some("青石縣城市工作會議")]);
        assert_eq!(
            title("青石律師公會主席戴某於法律年度開啟典禮的演講辭"),
            [some("戴某"), some("青石律師公會主席"), some("法律年度開啟典禮")]
        );
        assert_eq!(title("县发展改革委投资司韩小峰处长的讲话"), [some("韩小峰"), None, None]);
        assert_eq!(title("张三同志在县委全会上的讲话"), [some("张三"), None, some("县委全会")]);
        assert_eq!(title("关于在全县开展查塘坝工作的通知"), [None, None, None]);
    }

    #[test]
    fn head_lines_and_notes_are_read() {
        let mut reader = FrontReader::default();
        for text in ["青政发〔2031〕12号", "——2031年1月26日在青石县人民代表大会第五次会议上", "县长　张三", "会议地点：县礼堂"]
        {
            let line = LineText::from_text(text);
            reader.read_head_line(&line, &HeadLineKind::of(&line));
        }
        reader.read_salutation(&LineText::from_text("各位代表："));
        assert_eq!(reader.date.as_deref(), Some("2031-01-26"));
        let front = reader.finish(None);
        let texts = front.fields().map(|(_, field)| field.map(|field| field.text.to_string()).unwrap_or_default());
        assert_eq!(
            texts,
            [
                "2031年1月26日在青石县人民代表大会第五次会议上",
                "张三",
                "县长",
                "青石县人民代表大会第五次会议",
                "县礼堂",
                "青政发〔2031〕12号",
                "各位代表",
                ""
            ]
        );
        let mut reader = FrontReader::default();
        reader.read_note(&LineText::from_text("*这是张三同志在青石县文件起草组会议上讲话的一部分。"));
        let front = reader.finish(None);
        assert_eq!(front.speaker.map(|field| field.text.to_string()), some("张三"));
        assert_eq!(front.occasion.map(|field| field.text.to_string()), some("青石县文件起草组会议"));
    }
}
