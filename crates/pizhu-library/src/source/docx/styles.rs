//! Paragraph styles: which are headings, numbered, or entries of a table of contents.

use super::{
    super::{
        extract::{ExtractError, Revisions},
        xml::{XmlEvent, XmlReader},
    },
    properties::ParagraphProperties,
};
use std::{collections::HashMap, io::BufRead};

/// Maximum length of a `basedOn` chain.
const MAX_CHAIN_LENGTH: usize = 32;

/// Maximum styles of a document; word processors write some hundreds.
const MAX_STYLES: usize = 20_000;
/// Maximum chars of a style name, as in Word.
const MAX_NAME_CHARS: usize = 253;

/// A paragraph style as defined in `styles.xml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct DocxStyle {
    name: String,
    based_on: Option<String>,
    properties: ParagraphProperties,
}

/// A style resolved along its `basedOn` chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ResolvedStyle {
    /// Heading level, 1 for the topmost; `None` for body text.
    pub heading: Option<u8>,
    /// Whether it is the style of the document title.
    pub title: bool,
    /// Whether it is the style of the subtitle.
    pub subtitle: bool,
    /// Whether it is a style of the table of contents.
    pub contents: bool,
    /// Numbering instance; `Some(0)` for none, overriding the ancestors.
    pub list: Option<u32>,
    /// Level in that numbering, if given.
    pub level: Option<usize>,
}

/// The paragraph styles of a document.
#[derive(Debug, Default)]
pub(super) struct DocxStyles {
    by_id: HashMap<String, DocxStyle>,
    default: Option<String>,
}

impl DocxStyles {
    /// Reads `styles.xml`, taking changed styles from one side of the tracked changes.
    pub(super) fn read(input: impl BufRead, revisions: Revisions) -> Result<Self, ExtractError> {
        let mut styles = Self::default();
        let mut xml = XmlReader::new(input);
        let mut open: Option<(String, DocxStyle)> = None;
        let mut in_former = false;
        loop {
            match xml.next()? {
                XmlEvent::Start(tag) if tag.name() == "style" => {
                    let is_paragraph = tag.attribute("type").is_none_or(|kind| kind == "paragraph");
                    if styles.by_id.len() > MAX_STYLES {
                        return Err(ExtractError::TooLarge);
                    }
                    open = tag
                        .attribute("styleId")
                        .filter(|id| is_paragraph && id.len() <= MAX_NAME_CHARS * 4)
                        .map(|id| (id, DocxStyle::default()));
                    if let Some((id, _)) = open.as_ref().filter(|_| tag.attribute("default").is_some_and(|on| on == "1" || on == "true")) {
                        styles.default = Some(id.clone());
                    }
                }
                XmlEvent::Start(tag) => {
                    let Some((_, style)) = &mut open else { continue };
                    in_former |= tag.name() == "pPrChange" && revisions == Revisions::Accepted;
                    match tag.name() {
                        _ if in_former => {}
                        "name" => {
                            style.name = tag.attribute("val").unwrap_or_default().to_lowercase().chars().take(MAX_NAME_CHARS).collect();
                        }
                        "basedOn" => style.based_on = tag.attribute("val").filter(|id| id.len() <= MAX_NAME_CHARS * 4),
                        _ => style.properties.open(&tag, revisions),
                    }
                }
                XmlEvent::End(name) if name == "style" => styles.by_id.extend(open.take()),
                XmlEvent::End(name) => {
                    in_former &= name != "pPrChange";
                    if let Some((_, style)) = &mut open {
                        style.properties.close(&name);
                    }
                }
                XmlEvent::Text(_) => {}
                XmlEvent::Eof => return Ok(styles),
            }
        }
    }

    /// Resolves the style with this id; the default style for `None`.
    pub(super) fn resolve(&self, id: Option<&str>) -> ResolvedStyle {
        let mut resolved = ResolvedStyle::default();
        let mut outline = None;
        let mut next = id.or(self.default.as_deref());
        // The role that the nearest built-in style gives.
        let mut has_role = false;
        for _ in 0..MAX_CHAIN_LENGTH {
            let Some(style) = next.and_then(|id| self.by_id.get(id)) else { break };
            let given = if has_role || outline.is_some() { None } else { TextRole::of(&style.name) };
            has_role |= given.is_some();
            outline = outline.or(style.properties.outline).or_else(|| heading_name(&style.name).map(|level| level - 1));
            resolved.list = resolved.list.or(style.properties.list);
            resolved.level = resolved.level.or(style.properties.level);
            resolved.title |= given == Some(TextRole::Title);
            resolved.subtitle |= given == Some(TextRole::Subtitle);
            resolved.contents |= given == Some(TextRole::Contents);
            next = style.based_on.as_deref();
        }
        // A style that the file uses but does not define.
        if let Some(id) = id.filter(|id| !self.by_id.contains_key(*id)) {
            let given = TextRole::of(&id.to_lowercase());
            resolved.title = given == Some(TextRole::Title);
            resolved.subtitle = given == Some(TextRole::Subtitle);
            outline = heading_name(&id.to_lowercase()).map(|level| level - 1);
        }
        resolved.heading = outline.filter(|level| *level < 9).map(|level| level + 1);
        resolved
    }
}

/// What a built-in style says of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextRole {
    Title,
    Subtitle,
    Contents,
}

impl TextRole {
    /// The role of a built-in style by its name in lower case, also as translated or written by WPS.
    fn of(name: &str) -> Option<Self> {
        let name = name.trim();
        match name {
            "title" | "标题" | "標題" | "文章标题" | "文档标题" => return Some(Self::Title),
            "subtitle" | "副标题" | "副標題" | "子标题" => return Some(Self::Subtitle),
            "toc heading" | "目录标题" | "目錄標題" => return Some(Self::Contents),
            _ => {}
        }
        let numbered = |prefix: &str| name.strip_prefix(prefix).is_some_and(|rest| rest.trim().parse::<u8>().is_ok());
        ["toc", "目录", "目錄", "contents", "wpsoffice手动目录"].into_iter().any(numbered).then_some(Self::Contents)
    }
}

/// Level of a built-in heading style by its name: `heading 1` and `标题 1` give 1.
fn heading_name(name: &str) -> Option<u8> {
    let rest = name.strip_prefix("heading").or_else(|| name.strip_prefix("标题"))?;
    rest.trim().parse().ok().filter(|level| (1..=9).contains(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_inherit_from_their_ancestors() {
        let xml = r#"<w:styles xmlns:w="w">
          <w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
          <w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/><w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>
          <w:style w:type="paragraph" w:styleId="b"><w:name w:val="小节"/><w:basedOn w:val="1"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
          <w:style w:type="paragraph" w:styleId="c"><w:name w:val="正文式标题"/><w:basedOn w:val="1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
          <w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>
          <w:style w:type="paragraph" w:styleId="x"><w:name w:val="x"/><w:basedOn w:val="y"/></w:style>
          <w:style w:type="paragraph" w:styleId="y"><w:name w:val="toc 2"/><w:basedOn w:val="x"/></w:style></w:styles>"#;
        let styles = DocxStyles::read(xml.as_bytes(), Revisions::Accepted).unwrap();
        assert_eq!(styles.resolve(Some("1")), ResolvedStyle { heading: Some(1), list: Some(4), ..ResolvedStyle::default() });
        assert_eq!(styles.resolve(Some("b")).heading, Some(2));
        assert_eq!(styles.resolve(Some("c")).heading, None);
        assert!(styles.resolve(Some("t")).title && styles.resolve(Some("y")).contents);
        assert_eq!(styles.resolve(None), ResolvedStyle::default());
        assert_eq!(styles.resolve(Some("x")).heading, None, "a cycle of styles ends");
        assert_eq!((styles.resolve(Some("Title")).title, styles.resolve(Some("Heading2")).heading), (true, Some(2)), "by the id alone");
    }

    #[test]
    fn titles_are_known_by_their_names_and_ancestors() {
        let style = |id: &str, name: &str, based_on: &str, level: &str| {
            format!(
                "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"{based_on}\"/><w:pPr>{level}</w:pPr></w:style>"
            )
        };
        let all = [
            style("a3", "Title", "a", "<w:outlineLvl w:val=\"0\"/>"),
            style("a4", "副标题", "a", ""),
            style("own", "大标题", "a3", ""),
            style("below", "小节", "own", "<w:outlineLvl w:val=\"1\"/>"),
            style("wps", "WPSOffice手动目录 2", "a", ""),
        ];
        let xml = format!("<w:styles xmlns:w=\"w\">{}</w:styles>", all.concat());
        let styles = DocxStyles::read(xml.as_bytes(), Revisions::Accepted).unwrap();
        assert!(styles.resolve(Some("a3")).title && styles.resolve(Some("own")).title);
        assert!(styles.resolve(Some("a4")).subtitle && !styles.resolve(Some("a4")).title);
        assert!(styles.resolve(Some("wps")).contents);
        let below = styles.resolve(Some("below"));
        assert_eq!((below.title, below.heading), (false, Some(2)));
    }
}
