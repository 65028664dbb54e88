//! Reading of the fields out of the lines that hold them.

use super::{
    FrontBlock, FrontField, FrontMatter, HeadLineKind, LineText,
    label::{Label, LabelKind, parse_label},
    note::NOTE_MARKS,
    number::{find_number, is_bare_number, number_of_title},
    occasion::{SPEECHES, occasion_in, occasion_without_preposition},
    organ::is_organ,
    person::{Person, ends_with_office, is_name, is_office, labelled_person, leading_person, name_before, parse_person, told_person},
};
use crate::document::date::{compact_date, date_in};
use crate::document::line_recognizers::names_speech;
use crate::text::cursor::is_blank;
use crate::text::fold::fold;
use std::ops::Range;

/// Collects the front matter of a speech, line by line in reading order; the first word on a field
/// counts.
#[derive(Debug, Default)]
pub(in crate::document) struct FrontReader {
    front: FrontMatter,
    /// Who wrote the page's text, by its label.
    author: Option<FrontField>,
    /// The name before the colon of the title: `李某某：治水要先修堤`.
    name_before_colon: Option<FrontField>,
    /// The office on the line above, which stands alone (`县长`).
    office_above: Option<FrontField>,
    /// Whether the title is that of an order (`青石县人民政府令`), which a bare number follows.
    is_order: bool,
    /// The date of delivery that a subtitle or a labelled line gives, as YYYY-MM-DD.
    pub date: Option<String>,
}

/// Longest line that names an order, in chars: `青石县人民政府令`.
const MAX_ORDER_CHARS: usize = 30;
/// Words that may follow the speaker's name in a title.
const FOLLOWERS: [&str; 24] = [
    "参选", "竞选", "宣布", "就职", "就任", "离任", "当选", "获奖", "领奖", "毕业", "新年", "讲话", "谈话", "发言", "演讲", "致辞", "演说",
    "感言", "宣言", "声明", "施政", "新春", "元旦", "国庆",
];
/// Words of a title that are no speech but are told in the first person.
const DECLARATIONS: [&str; 6] = ["宣言", "感言", "声明", "陈情", "施政", "就职"];

/// The name before the colon in a title, behind a tag: `【演講全文】|李某某|：治水要先修堤`.
fn name_before_colon(line: &LineText, all: Range<usize>) -> Option<FrontField> {
    let colon = line.find(":", all.clone())?;
    let start = line.find("】", all.start..colon).map_or(all.start, |tag| tag + 1);
    let name = line.trim(start..colon, &[]);
    line.folded().get(name.clone()).is_some_and(is_name).then(|| line.field(name)).flatten()
}

/// The name behind the last blank of `range`: `六年级二班 王小雨`.
fn name_at_end(line: &LineText, range: Range<usize>) -> Option<Person> {
    let chars = line.folded().get(range.clone())?;
    let blank = chars.iter().rposition(|c| is_blank(*c))?;
    let name = range.start + blank + 1..range.end;
    (name.len() >= 2 && line.folded().get(name.clone()).is_some_and(is_name)).then_some(Person { office: None, name })
}

impl FrontReader {
    fn set_person(&mut self, line: &LineText, person: &Person) {
        if self.front.speaker.is_none() {
            self.front.speaker = line.field(person.name.clone());
            let (office, above) = (self.front.office.take(), self.office_above.take());
            self.front.office = office.or_else(|| line.field(person.office.clone()?)).or(above);
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
        self.is_order |= line.bare().ends_with('令');
        if self.front.number.is_none() {
            let number = number_of_title(line).map(|number| line.trim(number, &['(', ')']));
            self.front.number = number.and_then(|number| line.field(number));
        }
        self.name_before_colon = name_before_colon(line, all.clone());
        let speaks = |words: &[&str]| words.iter().any(|word| line.find(word, all.clone()).is_some());
        if !names_speech(&line.bare()) && !speaks(&SPEECHES) && !speaks(&DECLARATIONS) {
            return;
        }
        // `【全文】李某某…`.
        let all = line
            .find("】", all.clone())
            .filter(|_| line.folded().get(all.start) == Some(&'【'))
            .map_or(all.clone(), |tag| tag + 1..all.end);
        if let Some((occasion, at)) = occasion_in(line, all.clone()) {
            self.set_occasion(line, occasion);
            if at > all.start
                && let Some(person) = parse_person(line, all.start..at)
            {
                self.set_person(line, &person);
            }
            return;
        }
        if let Some((mut occasion, before)) = occasion_without_preposition(line, all.clone()) {
            // `县长林某某|水利座谈会|致辞`.
            if before == occasion.start
                && let Some(person) = leading_person(line, all.clone(), |at| at + 4 < occasion.end)
            {
                occasion.start = person.name.end;
                self.set_person(line, &person);
            }
            self.set_occasion(line, occasion);
            if let Some(person) = parse_person(line, all.start..before).filter(|_| before > all.start) {
                self.set_person(line, &person);
            }
            return;
        }
        // `张三就职演说`.
        let name = [3, 2, 4].into_iter().map(|length| all.start..all.start + length).find(|name| {
            line.folded().get(name.clone()).is_some_and(is_name) && FOLLOWERS.iter().any(|word| line.starts_with(word, name.end..all.end))
        });
        if let Some(name) = name {
            self.set_person(line, &Person { office: None, name });
            return;
        }
        // `行政长官李某某二〇三一年施政报告`.
        let follows = |at: usize| {
            line.folded().get(at).is_some_and(|c| c.is_ascii_digit() || matches!(c, '二' | '一'))
                || FOLLOWERS.iter().any(|word| line.starts_with(word, at..all.end))
        };
        if let Some(person) = leading_person(line, all.clone(), follows) {
            self.set_person(line, &person);
            return;
        }
        // `…科林大山科长的讲话`.
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

    /// Reads a line above the title: the number of an order (`青石县人民政府令`, `第12号`) or of an announcement.
    pub(in crate::document) fn read_letterhead(&mut self, line: &LineText) {
        let bare = line.bare();
        self.is_order |= line.len() <= MAX_ORDER_CHARS && bare.ends_with('令');
        self.read_bare_number(line, &bare);
        self.read_number(line);
    }

    /// Reads the number of an order that stands alone on its line.
    fn read_bare_number(&mut self, line: &LineText, bare: &str) {
        if self.is_order && self.front.number.is_none() && is_bare_number(bare) {
            self.front.number = line.field(line.trim(0..line.len(), &['(', ')']));
        }
    }

    /// Reads another line of the head.
    pub(in crate::document) fn read_head_line(&mut self, line: &LineText, kind: &HeadLineKind) {
        let is_office = *kind == HeadLineKind::Other && is_office(line.folded());
        self.is_order |= *kind == HeadLineKind::Other && line.len() <= MAX_ORDER_CHARS && line.bare().ends_with('令');
        if !matches!(kind, HeadLineKind::Person(_)) {
            self.office_above = line.field(line.all()).filter(|_| is_office);
        }
        match kind {
            HeadLineKind::Number if self.front.number.is_none() => {
                let end = line.find("签发", 0..line.len()).unwrap_or(line.len());
                let all = line.trim(0..end, &['*', '#']);
                self.front.number = line.field(find_number(line, all.clone()).unwrap_or(all));
            }
            HeadLineKind::Subtitle => self.read_subtitle(line),
            HeadLineKind::Person(person) => {
                self.set_person(line, person);
                if let Some((occasion, _)) = occasion_in(line, line.all()) {
                    self.set_occasion(line, occasion);
                }
            }
            HeadLineKind::Date => {
                self.read_number(line);
                self.read_after_date(line, line.trim(0..line.len(), &['(', ')', '[', ']', '【', '】', '*']));
            }
            HeadLineKind::Labelled(label) if !label.value.is_empty() => {
                self.read_labelled(line, label);
                self.read_place_within(line);
            }
            HeadLineKind::Other => self.read_other(line),
            _ => {}
        }
    }

    /// Reads a subtitle: its date and number, and who speaks where: `——2031年1月8日在青石县会议上 区长 林某`.
    fn read_subtitle(&mut self, line: &LineText) {
        let inner = line.trim(0..line.len(), &['—', '-', '–', '―', '─', '(', ')', '*', '#']);
        self.date = self.date.take().or_else(|| date_in(&line.text(inner.clone())));
        let dashed = line.folded().iter().find(|c| !c.is_whitespace()).is_some_and(|c| *c != '(');
        if dashed && self.front.subtitle.is_none() {
            self.front.subtitle = line.field(inner.clone());
        }
        self.read_number(line);
        if let Some((occasion, at)) = occasion_in(line, inner.clone()) {
            // `…会议上 区长 林某`.
            let behind = occasion.end + 1..inner.end;
            self.set_occasion(line, occasion);
            let date = line.folded().iter().position(char::is_ascii_digit).filter(|date| *date < at && *date >= inner.start);
            for range in [inner.start..date.unwrap_or(at), behind] {
                if let Some(person) = parse_person(line, range) {
                    self.set_person(line, &person);
                }
            }
        } else if let Some(person) = parse_person(line, inner.clone()) {
            self.set_person(line, &person);
        } else if let Some(day) = line.find("日", inner.clone()) {
            // `（2031年1月26日青石县第十四届人民代表大会第五次会议）`.
            let occasion = line.trim(day + 1..inner.end, &[',']);
            let text = line.text(occasion.clone());
            if occasion.len() >= 4 && ["会议", "大会", "會議", "大會"].iter().any(|end| text.ends_with(end)) {
                self.set_occasion(line, occasion);
            } else {
                self.read_after_date(line, inner);
            }
        }
    }

    /// The person that the label of a speaker names.
    fn labelled_speaker(line: &LineText, value: &Range<usize>) -> Option<Person> {
        parse_person(line, value.clone()).or_else(|| name_at_end(line, value.clone())).or_else(|| labelled_person(line, value.clone()))
    }

    /// Reads what a label names: `主讲人：林某`, `时间：2031年1月8日`.
    fn read_labelled(&mut self, line: &LineText, label: &Label) {
        let value = label.value.clone();
        match label.kind {
            LabelKind::Speaker => match Self::labelled_speaker(line, &value) {
                Some(person) => self.set_person(line, &person),
                None if self.front.speaker.is_none() && value.len() <= 20 => self.front.speaker = line.field(value),
                None => {}
            },
            LabelKind::Office if self.front.office.is_none() => self.front.office = line.field(value),
            LabelKind::Author => {
                // `作者：李四　　发表于 2031-5-6`.
                let gap = value.clone().find(|at| line.folded().get(*at).is_some_and(|c| is_blank(*c))).unwrap_or(value.end);
                let person = parse_person(line, value.clone()).or_else(|| parse_person(line, value.start..gap));
                self.author = self.author.take().or_else(|| line.field(person?.name));
            }
            LabelKind::Place if self.front.place.is_none() => self.front.place = line.field(value),
            LabelKind::Occasion => self.set_occasion(line, value),
            LabelKind::Number if self.front.number.is_none() => self.front.number = line.field(value),
            LabelKind::Date => {
                let text = line.text(value);
                self.date = self.date.take().or_else(|| date_in(&text)).or_else(|| compact_date(&text));
            }
            _ => {}
        }
    }

    /// Reads a line of the head that is of no known kind: a note, the number of an order, a place, or the occasion
    /// in brackets.
    fn read_other(&mut self, line: &LineText) {
        const BRACKETS: [char; 8] = ['(', ')', '[', ']', '【', '】', '*', '#'];
        self.read_note(line);
        self.read_number(line);
        self.read_bare_number(line, &line.bare());
        self.read_place_within(line);
        // `【在水利年度開工典禮上的演講辭】`.
        let inner = line.trim(0..line.len(), &BRACKETS);
        if SPEECHES.iter().any(|word| line.find(word, inner.clone()).is_some())
            && let Some((occasion, _)) = occasion_in(line, inner)
        {
            self.set_occasion(line, occasion);
        }
    }

    /// Reads a document number that stands with other words: `（1996年9月5日 青政发〔1996〕37号）`.
    fn read_number(&mut self, line: &LineText) {
        if self.front.number.is_none() {
            self.front.number = find_number(line, line.all()).and_then(|number| line.field(number));
        }
    }

    /// Reads what follows a date and a gap, a comma or 于: the place, or who speaks (`2031年1月18日　青石县礼堂`,
    /// `2031年1月18日，北京`).
    fn read_after_date(&mut self, line: &LineText, inner: Range<usize>) {
        const PLACES: [&str; 22] = [
            "礼堂",
            "会议室",
            "会堂",
            "报告厅",
            "大厅",
            "会场",
            "广场",
            "宾馆",
            "酒店",
            "体育馆",
            "文化馆",
            "中心",
            "大楼",
            "学校",
            "大学",
            "中学",
            "县",
            "市",
            "区",
            "镇",
            "乡",
            "村",
        ];
        const NO_PLACES: [&str; 14] =
            ["录音", "整理", "修订", "修正", "发布", "通过", "上午", "下午", "星期", "全文", "讲话", "草案", "稿", "印发"];
        let Some(day) = line.find("日", inner.clone()) else { return };
        let Some(gap) = line.folded().get(day + 1).filter(|_| day + 1 < inner.end) else { return };
        let set_off = is_blank(*gap) || matches!(gap, ',' | '于' | '在');
        let rest = line.trim(day + 1..inner.end, &[',', '于', '在']);
        let chars = line.folded().get(rest.clone()).unwrap_or_default();
        let text: String = chars.iter().collect();
        let hanzi = chars.iter().all(|c| matches!(c, '\u{3400}'..='\u{9FFF}' | '·'));
        let bracketed = inner.start.checked_sub(1).and_then(|before| line.folded().get(before)) == Some(&'(');
        if !set_off || !hanzi || !(2..=16).contains(&rest.len()) || NO_PLACES.iter().any(|word| text.contains(word)) {
            return;
        }
        if is_name(chars) {
            self.set_person(line, &Person { office: None, name: rest });
        } else if self.front.place.is_none()
            && (PLACES.iter().any(|end| text.ends_with(end)) || (bracketed && rest.len() <= 4 && !is_organ(&text)))
        {
            self.front.place = line.field(rest);
        }
    }

    /// Reads a place that follows other labels on its line: `时间：3月1日　地点：县礼堂`.
    fn read_place_within(&mut self, line: &LineText) {
        let Some(at) = line.find("地点:", 1..line.len()).filter(|_| self.front.place.is_none()) else { return };
        let start = line.trim(at + 3..line.len(), &[]).start;
        let end = (start..line.len()).find(|at| line.folded().get(*at).is_some_and(|c| is_blank(*c))).unwrap_or(line.len());
        self.front.place = line.field(line.trim(start..end, &[',', ';', '。', ')']));
    }

    /// Reads a labelled line at the beginning of the body: when and where it was.
    pub(in crate::document) fn read_body_line(&mut self, line: &LineText) {
        self.read_note(line);
        let Some(label) = parse_label(line) else { return };
        if matches!(label.kind, LabelKind::Place | LabelKind::Date | LabelKind::Occasion | LabelKind::Speaker) {
            self.read_head_line(line, &HeadLineKind::Labelled(label));
        }
    }

    /// Reads the salutation.
    pub(in crate::document) fn read_salutation(&mut self, line: &LineText) {
        if self.front.addressees.is_none() {
            let mut range = line.trim(0..line.len(), &[':', ',', '!', '。', '*', '_']);
            for ending in ["敬启者", "敬启", "台鉴", "钧鉴", "收"] {
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
        const STARTS: [&str; 11] =
            ["这是", "本文是", "本篇是", "此文是", "本文系", "本文为", "此件是", "这篇是", "以下是", "以下为", "下面是"];
        /// Words between the speaker and the occasion.
        const WHEN: [&str; 8] = ["今日", "今天", "今早", "今晚", "昨日", "昨天", "日前", "("];
        let all = line.all();
        let Some(start) = STARTS.iter().find_map(|start| {
            let at = line.find(start, all.clone())?;
            let marked = at == all.start || line.folded().get(at.checked_sub(1)?).is_some_and(|c| NOTE_MARKS.contains(c));
            marked.then(|| at + start.chars().count())
        }) else {
            if ["全文", "如下", "以下"].iter().any(|word| line.find(word, all.clone()).is_some())
                && let Some(person) = told_person(line, all)
            {
                self.set_person(line, &person);
            }
            return;
        };
        let end = line.find("。", start..all.end).unwrap_or(all.end);
        let comrade = line.find("同志", start..end).map(|at| at + 2);
        // `这是张三同志|写给县委的信`.
        let named = comrade.is_some_and(|until| parse_person(line, start..until).is_some());
        if !named && !SPEECHES.iter().any(|word| line.find(word, start..end).is_some()) {
            return;
        }
        let mut until = comrade;
        if let Some((occasion, at)) = occasion_in(line, start..end) {
            self.set_occasion(line, occasion);
            let when = WHEN.iter().filter_map(|word| line.find(word, start..at)).chain(line.folded().iter().position(char::is_ascii_digit));
            let before = when.filter(|when| (start..at).contains(when)).min().unwrap_or(at);
            until = Some(comrade.filter(|_| named).map_or(before, |comrade| comrade.min(before)));
        }
        if let Some(person) = until.and_then(|until| parse_person(line, start..until)).or_else(|| told_person(line, all.clone())) {
            self.set_person(line, &person);
        }
    }

    /// Whether a note may still add something.
    pub(in crate::document) fn needs_note(&self) -> bool {
        self.front.speaker.is_none() || self.front.occasion.is_none()
    }

    /// The front matter read, with the signature.
    pub(in crate::document) fn finish(mut self, signature: Option<FrontField>) -> FrontMatter {
        let person_like = |field: &FrontField| is_name(&field.text.chars().map(fold).collect::<Vec<_>>());
        if self.front.speaker.is_none() {
            // Who addresses somebody speaks.
            let named = self.name_before_colon.filter(|_| self.front.addressees.is_some());
            self.front.speaker = named.or(self.author.filter(person_like));
        }
        self.front.signature = signature;
        for name in [&mut self.front.speaker, &mut self.front.signature].into_iter().flatten() {
            close_up(name);
        }
        self.front
    }
}

/// Takes the blanks out of a name that is spread out: `李　强`, `王　小　明`. Between two names they stay.
fn close_up(name: &mut FrontField) {
    let is_spread = name.text.split_whitespace().all(|part| part.chars().nth(1).is_none());
    if is_spread && name.text.contains(char::is_whitespace) {
        name.text = name.text.split_whitespace().collect::<String>().into();
    }
}

#[cfg(test)]
mod tests;
