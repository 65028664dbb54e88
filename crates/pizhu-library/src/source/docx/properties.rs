//! Paragraph properties that decide the outline, on one side of the tracked changes (ECMA-376
//! part 1, 17.13.5).
//!
//! Former properties (`pPrChange`) follow the current ones inside the same element and replace all
//! of them. Of a changed list number the file has only the former number, not the former numbering.

use super::super::{extract::Revisions, number_format::format_number, xml::StartTag};

/// Properties of a paragraph or style; filled while they are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ParagraphProperties {
    /// Id of the style.
    pub(super) style: Option<String>,
    /// Outline level: 0 for the topmost, 9 for body text.
    pub(super) outline: Option<u8>,
    /// Numbering instance; `Some(0)` for none.
    pub(super) list: Option<u32>,
    /// Level in the numbering, 0 for the topmost.
    pub(super) level: Option<usize>,
    /// Former number, if it was changed.
    pub(super) number: Option<String>,
    /// The paragraph mark does not exist on this side: the next paragraph continues this one.
    pub(super) continues: bool,
    in_numbering: bool,
    numbering_is_new: bool,
}

impl ParagraphProperties {
    /// Handles a start tag inside the properties. The caller passes former properties only if that
    /// side is read.
    pub(super) fn open(&mut self, tag: &StartTag, revisions: Revisions) {
        let original = revisions == Revisions::Original;
        match tag.name() {
            "pPrChange" => *self = Self { continues: self.continues, ..Self::default() },
            "pStyle" => self.style = tag.attribute("val"),
            "outlineLvl" => self.outline = tag.number("val"),
            "numPr" => self.in_numbering = true,
            "ilvl" => self.level = tag.number("val"),
            "numId" => self.list = tag.number("val"),
            "ins" if self.in_numbering => self.numbering_is_new = original,
            "numberingChange" if original => self.number = tag.attribute("original").and_then(|text| former_number(&text)),
            "del" | "moveFrom" => self.continues |= !original,
            "ins" | "moveTo" => self.continues |= original,
            _ => {}
        }
    }

    /// Handles an end tag inside the properties.
    pub(super) fn close(&mut self, name: &str) {
        if name == "numPr" {
            self.in_numbering = false;
            if std::mem::take(&mut self.numbering_is_new) {
                (self.list, self.level) = (None, None);
            }
        }
    }
}

/// Decodes the `original` attribute of `numberingChange`: plain text, in which each level may be
/// coded as `%level:count:format:`. `（%2:3:37:）` gives （三）. `None` if it is malformed.
fn former_number(text: &str) -> Option<String> {
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, coded)) = rest.split_once('%') {
        shown.push_str(before);
        let mut fields = coded.splitn(4, ':');
        let (_level, count, format) = (fields.next()?, fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        shown.push_str(&format_number(count, format_name(format)));
        rest = fields.next()?;
    }
    shown.push_str(rest);
    Some(shown)
}

/// Name of the number format with this code, as used in old files.
fn format_name(code: u32) -> &'static str {
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
    fn former_numbers_are_plain_or_coded() {
        let decoded = ["1)", "%1:1:0:.", "（%2:3:37:）", "第%1:12:39:章", "%1:2:0:.%2:4:0:", "", "%1:x:0:.", "100%"].map(former_number);
        let expected = [Some("1)"), Some("1."), Some("（三）"), Some("第十二章"), Some("2.4"), Some(""), None, None];
        assert_eq!(decoded, expected.map(|text| text.map(str::to_owned)));
    }
}
