//! Paragraph styles: which are headings, which are numbered, which belong to a table of contents.

use super::{
    super::{
        extract::{ExtractError, Revisions},
        xml::{Node, Xml},
    },
    properties::Properties,
};
use std::{collections::HashMap, io::BufRead};

/// Longest chain of styles that are based on one another.
const MAX_CHAIN: usize = 32;

/// Most styles a document may have; word processors make some hundreds.
const MAX_STYLES: usize = 20_000;
/// Longest name of a style in chars, as Word has it.
const NAME_CHARS: usize = 253;

/// What a style says of its paragraphs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Style {
    name: String,
    based_on: Option<String>,
    properties: Properties,
}

/// What a style means for a paragraph, its ancestors asked as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Meaning {
    /// 1 for the topmost heading; `None` for running text.
    pub heading: Option<u8>,
    /// Whether it is the document's title.
    pub title: bool,
    /// Whether it is an entry of the table of contents.
    pub contents: bool,
    /// The list it belongs to; `Some(0)` for none, whatever the ancestors say.
    pub list: Option<u32>,
    /// The level in that list, where the style says it.
    pub level: Option<usize>,
}

/// The paragraph styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    default: Option<String>,
}

impl Styles {
    /// Reads `styles.xml`; a style that was changed, as it is on one side of the changes.
    pub(super) fn read(input: impl BufRead, revisions: Revisions) -> Result<Self, ExtractError> {
        let mut styles = Self::default();
        let mut xml = Xml::new(input);
        let mut open: Option<(String, Style)> = None;
        let mut in_former = false;
        loop {
            match xml.next()? {
                Node::Open(tag) if tag.name() == "style" => {
                    let is_paragraph = tag.attribute("type").is_none_or(|kind| kind == "paragraph");
                    if styles.by_id.len() > MAX_STYLES {
                        return Err(ExtractError::TooLarge);
                    }
                    open =
                        tag.attribute("styleId").filter(|id| is_paragraph && id.len() <= NAME_CHARS * 4).map(|id| (id, Style::default()));
                    if let Some((id, _)) = open.as_ref().filter(|_| tag.attribute("default").is_some_and(|on| on == "1" || on == "true")) {
                        styles.default = Some(id.clone());
                    }
                }
                Node::Open(tag) => {
                    let Some((_, style)) = &mut open else { continue };
                    in_former |= tag.name() == "pPrChange" && revisions == Revisions::Accepted;
                    match tag.name() {
                        _ if in_former => {}
                        "name" => style.name = tag.attribute("val").unwrap_or_default().to_lowercase().chars().take(NAME_CHARS).collect(),
                        "basedOn" => style.based_on = tag.attribute("val").filter(|id| id.len() <= NAME_CHARS * 4),
                        _ => style.properties.open(&tag, revisions),
                    }
                }
                Node::Close(name) if name == "style" => styles.by_id.extend(open.take()),
                Node::Close(name) => {
                    in_former &= name != "pPrChange";
                    if let Some((_, style)) = &mut open {
                        style.properties.close(&name);
                    }
                }
                Node::Text(_) => {}
                Node::End => return Ok(styles),
            }
        }
    }

    /// What the style of this id means; of no id, the default style.
    pub(super) fn meaning(&self, id: Option<&str>) -> Meaning {
        let mut meaning = Meaning::default();
        let mut outline = None;
        let mut next = id.or(self.default.as_deref());
        for _ in 0..MAX_CHAIN {
            let Some(style) = next.and_then(|id| self.by_id.get(id)) else { break };
            let own_name = meaning == Meaning::default() && outline.is_none();
            outline = outline.or(style.properties.outline).or_else(|| heading_name(&style.name).map(|level| level - 1));
            meaning.list = meaning.list.or(style.properties.list);
            meaning.level = meaning.level.or(style.properties.level);
            meaning.title |= own_name && matches!(style.name.as_str(), "title" | "标题" | "文章标题");
            meaning.contents |= own_name && (style.name.starts_with("toc ") || style.name == "toc heading");
            next = style.based_on.as_deref();
        }
        meaning.heading = outline.filter(|level| *level < 9).map(|level| level + 1);
        meaning
    }
}

/// The level of a built-in heading style, by its name in the file (`heading 1`, `标题 1`).
fn heading_name(name: &str) -> Option<u8> {
    let rest = name.strip_prefix("heading").or_else(|| name.strip_prefix("标题"))?;
    rest.trim().parse().ok().filter(|level| (1..=9).contains(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_mean_what_their_ancestors_say() {
        let xml = r#"<w:styles xmlns:w="w">
          <w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
          <w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/><w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>
          <w:style w:type="paragraph" w:styleId="b"><w:name w:val="小节"/><w:basedOn w:val="1"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
          <w:style w:type="paragraph" w:styleId="c"><w:name w:val="正文式标题"/><w:basedOn w:val="1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
          <w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>
          <w:style w:type="paragraph" w:styleId="x"><w:name w:val="x"/><w:basedOn w:val="y"/></w:style>
          <w:style w:type="paragraph" w:styleId="y"><w:name w:val="toc 2"/><w:basedOn w:val="x"/></w:style></w:styles>"#;
        let styles = Styles::read(xml.as_bytes(), Revisions::Accepted).unwrap();
        assert_eq!(styles.meaning(Some("1")), Meaning { heading: Some(1), list: Some(4), ..Meaning::default() });
        assert_eq!(styles.meaning(Some("b")).heading, Some(2));
        assert_eq!(styles.meaning(Some("c")).heading, None);
        assert!(styles.meaning(Some("t")).title && styles.meaning(Some("y")).contents);
        assert_eq!(styles.meaning(None), Meaning::default());
        assert_eq!(styles.meaning(Some("x")).heading, None, "a circle of styles ends");
    }
}
