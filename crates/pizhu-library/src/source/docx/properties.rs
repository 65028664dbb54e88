//! What of a paragraph's properties decides the outline, on the side of the tracked changes that
//! is read (ECMA-376 part 1, 17.13.5).
//!
//! Former properties stand inside the present ones, behind them, and replace all of them. Of a
//! list's number that was changed only the former number itself is told, not its list.

use super::super::{extract::Revisions, number_format::number, xml::Tag};

/// The properties of a paragraph or a style, while they are read and after.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Properties {
    /// The style's id.
    pub(super) style: Option<String>,
    /// 0 for the topmost; 9 for running text.
    pub(super) outline: Option<u8>,
    /// The list; `Some(0)` for none.
    pub(super) list: Option<u32>,
    /// The level in it, 0 for the topmost.
    pub(super) level: Option<usize>,
    /// The number that stood there before it was changed.
    pub(super) number: Option<String>,
    /// Its end was deleted, or not yet there: the next paragraph goes on in it.
    pub(super) runs_on: bool,
    in_numbering: bool,
    numbering_is_new: bool,
}

impl Properties {
    /// An element inside the properties begins. Former properties are to be handed in only where
    /// they are read.
    pub(super) fn open(&mut self, tag: &Tag, revisions: Revisions) {
        let original = revisions == Revisions::Original;
        match tag.name() {
            "pPrChange" => *self = Self { runs_on: self.runs_on, ..Self::default() },
            "pStyle" => self.style = tag.attribute("val"),
            "outlineLvl" => self.outline = tag.number("val"),
            "numPr" => self.in_numbering = true,
            "ilvl" => self.level = tag.number("val"),
            "numId" => self.list = tag.number("val"),
            "ins" if self.in_numbering => self.numbering_is_new = original,
            "numberingChange" if original => self.number = tag.attribute("original").and_then(|text| former_number(&text)),
            "del" | "moveFrom" => self.runs_on |= !original,
            "ins" | "moveTo" => self.runs_on |= original,
            _ => {}
        }
    }

    /// An element inside the properties ends.
    pub(super) fn close(&mut self, name: &str) {
        if name == "numPr" {
            self.in_numbering = false;
            if std::mem::take(&mut self.numbering_is_new) {
                (self.list, self.level) = (None, None);
            }
        }
    }
}

/// The number that `numberingChange` tells: as it stood, or as `%level:count:format:` with what
/// follows it, for each level shown (`（%2:3:37:）` is （三）). `None` where it cannot be read.
fn former_number(text: &str) -> Option<String> {
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, coded)) = rest.split_once('%') {
        shown.push_str(before);
        let mut fields = coded.splitn(4, ':');
        let (_level, count, format) = (fields.next()?, fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        shown.push_str(&number(count, format_of(format)));
        rest = fields.next()?;
    }
    shown.push_str(rest);
    Some(shown)
}

/// The name of a number format that old files tell by its number.
fn format_of(code: u32) -> &'static str {
    match code {
        1 => "upperRoman",
        2 => "lowerRoman",
        3 => "upperLetter",
        4 => "lowerLetter",
        14 => "decimalFullWidth",
        18 => "decimalEnclosedCircle",
        22 => "decimalZero",
        23 | 255 => "none",
        26 => "decimalEnclosedFullstop",
        27 => "decimalEnclosedParen",
        28 => "decimalEnclosedCircleChinese",
        29 => "ideographEnclosedCircle",
        30 => "ideographTraditional",
        31 => "ideographZodiac",
        33 => "taiwaneseCounting",
        34 => "ideographLegalTraditional",
        35 => "taiwaneseCountingThousand",
        36 => "taiwaneseDigital",
        37 => "chineseCounting",
        38 => "chineseLegalSimplified",
        39 => "chineseCountingThousand",
        _ => "decimal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn former_numbers_are_told_plainly_or_in_code() {
        let told = ["1)", "%1:1:0:.", "（%2:3:37:）", "第%1:12:39:章", "%1:2:0:.%2:4:0:", "", "%1:x:0:.", "100%"].map(former_number);
        let expected = [Some("1)"), Some("1."), Some("（三）"), Some("第十二章"), Some("2.4"), Some(""), None, None];
        assert_eq!(told, expected.map(|text| text.map(str::to_owned)));
    }
}
