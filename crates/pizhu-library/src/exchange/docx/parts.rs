//! Parts of a DOCX package, and the ZIP archive that holds them.

use crate::exchange::markup::escape_xml;
use std::{
    fmt::Write as _,
    io::{self, Cursor, Write},
};
use zip::{DateTime, ZipWriter, write::SimpleFileOptions};

const NAMESPACE: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const TYPES: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Contents of a DOCX package before packing.
#[derive(Debug, Default)]
pub(crate) struct DocxPackage {
    /// XML of the paragraphs.
    pub body: String,
    /// XML of the comments.
    pub comments: String,
    /// XML of each footnote, without the separators.
    pub footnotes: Vec<String>,
}

/// XML of a paragraph in `style`; an empty `style` means the default one.
pub(crate) fn paragraph(style: &str, runs: &str) -> String {
    if style.is_empty() { format!("<w:p>{runs}</w:p>") } else { format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{runs}</w:p>") }
}

/// XML of a run of text; tabs and line ends become `w:tab` and `w:br`.
pub(crate) fn run(text: &str) -> String {
    let text = escape_xml(text)
        .replace("&#9;", "</w:t><w:tab/><w:t xml:space=\"preserve\">")
        .replace("&#10;", "</w:t><w:br/><w:t xml:space=\"preserve\">");
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

/// XML of a run with the reference to a footnote.
pub(crate) fn footnote_reference(number: usize) -> String {
    format!("<w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr><w:footnoteReference w:id=\"{number}\"/></w:r>")
}

impl DocxPackage {
    /// Adds a footnote; returns its number, from 1.
    pub(crate) fn add_footnote(&mut self, text: &str) -> usize {
        let number = self.footnotes.len() + 1;
        let mark = "<w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr><w:footnoteRef/></w:r>";
        let content = paragraph("FootnoteText", &format!("{mark}{}", run(&format!(" {text}"))));
        self.footnotes.push(format!("<w:footnote w:id=\"{number}\">{content}</w:footnote>"));
        number
    }

    /// Packs the document into a ZIP archive.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
        let mut part = |name: &str, content: &str| {
            zip.start_file(name, options).map_err(io::Error::other)?;
            zip.write_all(DECLARATION.as_bytes())?;
            zip.write_all(content.as_bytes())
        };
        let has_notes = !self.footnotes.is_empty();
        part("[Content_Types].xml", &content_types(has_notes))?;
        part(
            "_rels/.rels",
            &format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{RELATIONS}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
            ),
        )?;
        let notes = if has_notes {
            format!(
                "<Relationship Id=\"r3\" Type=\"{RELATIONS}/footnotes\" Target=\"footnotes.xml\"/><Relationship Id=\"r4\" Type=\"{RELATIONS}/settings\" Target=\"settings.xml\"/>"
            )
        } else {
            String::new()
        };
        part(
            "word/_rels/document.xml.rels",
            &format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/><Relationship Id=\"r2\" Type=\"{RELATIONS}/comments\" Target=\"comments.xml\"/>{notes}</Relationships>"
            ),
        )?;
        let page = "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1440\" w:right=\"1588\" w:bottom=\"1440\" w:left=\"1588\" w:header=\"720\" w:footer=\"720\" w:gutter=\"0\"/></w:sectPr>";
        part("word/document.xml", &format!("<w:document {NAMESPACE}><w:body>{}{page}</w:body></w:document>", self.body))?;
        part("word/comments.xml", &format!("<w:comments {NAMESPACE}>{}</w:comments>", self.comments))?;
        part("word/styles.xml", &styles())?;
        if has_notes {
            part("word/footnotes.xml", &format!("<w:footnotes {NAMESPACE}>{NOTE_SEPARATORS}{}</w:footnotes>", self.footnotes.concat()))?;
            part(
                "word/settings.xml",
                &format!(
                    "<w:settings {NAMESPACE}><w:footnotePr><w:footnote w:id=\"-1\"/><w:footnote w:id=\"0\"/></w:footnotePr></w:settings>"
                ),
            )?;
        }
        out.write_all(&zip.finish().map_err(io::Error::other)?.into_inner())
    }
}

/// The lines between text and footnotes, which Word expects among the footnotes.
const NOTE_SEPARATORS: &str = "<w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:separator/></w:r></w:p></w:footnote><w:footnote w:type=\"continuationSeparator\" w:id=\"0\"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>";

fn content_types(has_notes: bool) -> String {
    let mut xml = String::from(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>",
    );
    let notes: &[(&str, &str)] = if has_notes { &[("footnotes", "footnotes"), ("settings", "settings")] } else { &[] };
    for (name, kind) in [("document", "document.main"), ("comments", "comments"), ("styles", "styles")].iter().chain(notes) {
        let _ = write!(xml, "<Override PartName=\"/word/{name}.xml\" ContentType=\"{TYPES}.{kind}+xml\"/>");
    }
    xml + "</Types>"
}

/// The `styles.xml` part. Built-in style names make Word and WPS translate them.
fn styles() -> String {
    let mut xml = format!(
        "<w:styles {NAMESPACE}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"宋体\"/><w:sz w:val=\"24\"/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:line=\"360\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>"
    );
    let mut style = |id: &str, name: &str, paragraph: &str, run: &str| {
        let _ = write!(
            xml,
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/><w:next w:val=\"Normal\"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
        );
    };
    style("Title", "Title", "<w:jc w:val=\"center\"/>", "<w:b/><w:sz w:val=\"36\"/>");
    for level in 1..=9 {
        let size = [32, 28, 26].get(level - 1).copied().unwrap_or(24);
        let paragraph = format!("<w:keepNext/><w:spacing w:before=\"240\" w:after=\"60\"/><w:outlineLvl w:val=\"{}\"/>", level - 1);
        style(&format!("Heading{level}"), &format!("heading {level}"), &paragraph, &format!("<w:b/><w:sz w:val=\"{size}\"/>"));
    }
    style("Quote", "Quote", "<w:spacing w:before=\"120\"/><w:ind w:left=\"420\" w:right=\"420\"/>", "");
    style("Source", "Source", "<w:spacing w:after=\"240\"/><w:jc w:val=\"right\"/>", "<w:color w:val=\"666666\"/><w:sz w:val=\"20\"/>");
    style(
        "FootnoteText",
        "footnote text",
        "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"240\" w:lineRule=\"auto\"/>",
        "<w:sz w:val=\"18\"/>",
    );
    xml.push_str(
        "<w:style w:type=\"character\" w:styleId=\"FootnoteReference\"><w:name w:val=\"footnote reference\"/><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr></w:style>",
    );
    xml + "</w:styles>"
}
