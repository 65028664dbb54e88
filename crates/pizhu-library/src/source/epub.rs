//! EPUB extraction: the chapters in the order of the spine.
//!
//! A chapter without a heading gets its label from the table of contents. The table of contents
//! itself is marked as boilerplate. References resolve only to entries of the archive.
//!
//! The crate `rbook` (0.7.12, measured in 2026) is not used: it opens no book whose package document is in
//! GBK, whose table of contents is cut off, whose `rootfile` has no media type, or whose entries are
//! spelled in another case than their references; it gives no labels of a table without list items, does
//! not say which parts are encrypted, and reads the package document and the tables without a limit (256 MB for a file of 255 KB).

use super::{
    archive::{Archive, ArchiveInput},
    extract::{ExtractError, ExtractedText, ExtractedTextBuilder, is_placeholder},
    html::{self, PageKind},
    xml::{XmlEvent, XmlReader},
};
use pizhu_text::text::{Encoding, decode};
use std::{
    collections::{HashMap, HashSet},
    io::{self, BufRead, Read},
};

/// Maximum bytes of names and paths in a book; a thousand chapters take a tenth of it.
const MAX_NAME_BYTES: usize = 2 * 1024 * 1024;
/// Maximum bytes of a chapter or other part; a whole novel takes a tenth of it.
const MAX_PART_BYTES: u64 = 64 * 1024 * 1024;

/// Contents of the package document (OPF).
#[derive(Debug, Default)]
struct EpubPackage {
    title: String,
    /// Manifest items by id: path in the archive, and properties.
    items: HashMap<String, (String, String)>,
    /// Manifest ids in reading order.
    spine: Vec<String>,
    /// Manifest id of the EPUB 2 table of contents (NCX).
    ncx: Option<String>,
}

/// Extracts the text of an EPUB file of `file_len` bytes.
///
/// # Errors
/// When the file is not an EPUB, damaged, locked, or unpacks to too much.
pub(super) fn extract(input: impl ArchiveInput, file_len: u64, forced: Option<Encoding>) -> Result<ExtractedText, ExtractError> {
    let mut archive = Archive::open(input)?;
    let missing = |what: &str| ExtractError::Damaged(format!("it has no {what}"));
    let container = archive.entry("META-INF/container.xml")?.ok_or_else(|| missing("META-INF/container.xml"))?;
    let root = root_file(container)?.ok_or_else(|| missing("package document"))?;
    let package = decoded_part(archive.entry(&root)?.ok_or_else(|| missing(&root))?, forced)?;
    let package = EpubPackage::read(package.as_bytes(), &root)?;
    let locked = archive.entry("META-INF/encryption.xml")?.map(encrypted_entries).transpose()?.unwrap_or_default();
    let labels = package.labels(&mut archive, forced);
    let mut lines = ExtractedTextBuilder::new(file_len);
    let mut seen = HashSet::new();
    let (mut replaced, mut missing_parts) = (0, Vec::new());
    for id in &package.spine {
        let Some((path, properties)) = package.items.get(id) else {
            missing_parts.push(id.clone());
            continue;
        };
        if !seen.insert(path) {
            continue;
        }
        if locked.contains(path) {
            return Err(ExtractError::Locked);
        }
        let Some(input) = archive.entry(path)? else {
            missing_parts.push(path.clone());
            continue;
        };
        let bytes = read_part(input)?;
        let is_contents = properties.split_whitespace().any(|property| property == "nav");
        let label = labels.get(path).map(String::as_str);
        let kind = if is_contents { PageKind::Contents } else { PageKind::Chapter };
        lines.push_blank_line()?;
        replaced += html::extract_chapter(&bytes, forced, kind, &package.title, label, &mut lines)?;
    }
    lines.set_title(&package.title);
    Ok(ExtractedText { replaced, missing_parts, ..lines.finish() })
}

/// Reads a part whole.
fn read_part(input: impl Read) -> Result<Vec<u8>, ExtractError> {
    let mut bytes = Vec::new();
    input.take(MAX_PART_BYTES + 1).read_to_end(&mut bytes).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => ExtractError::TooLarge,
        _ => ExtractError::Damaged(error.to_string()),
    })?;
    if bytes.len() as u64 > MAX_PART_BYTES { Err(ExtractError::TooLarge) } else { Ok(bytes) }
}

/// Reads an XML part in whatever encoding it is written.
fn decoded_part(input: impl Read, forced: Option<Encoding>) -> Result<String, ExtractError> {
    let bytes = read_part(input)?;
    let source = decode::decode(&bytes, forced.or_else(|| html::declared_encoding(&bytes))).source;
    Ok(source.slice(source.span()).into_owned())
}

impl EpubPackage {
    fn read(input: impl BufRead, path: &str) -> Result<Self, ExtractError> {
        let mut package = Self::default();
        let mut xml = XmlReader::new(input);
        let mut in_title = false;
        let mut names = NameBudget::default();
        loop {
            match xml.next()? {
                XmlEvent::Start(tag) => match tag.name() {
                    "title" => in_title = package.title.is_empty(),
                    "item" => {
                        if let (Some(id), Some(path)) =
                            (tag.attribute("id"), tag.attribute("href").and_then(|href| resolve_path(path, &href)))
                        {
                            let properties = tag.attribute("properties").unwrap_or_default();
                            names.charge([&id, &path, &properties])?;
                            package.items.insert(id, (path, properties));
                        }
                    }
                    "spine" => package.ncx = tag.attribute("toc"),
                    "itemref" => {
                        if let Some(id) = tag.attribute("idref") {
                            names.charge([&id])?;
                            package.spine.push(id);
                        }
                    }
                    _ => {}
                },
                XmlEvent::Text(text) if in_title => {
                    names.charge([&text])?;
                    package.title.push_str(&text);
                }
                XmlEvent::Text(_) => {}
                XmlEvent::End(name) => in_title &= name != "title",
                XmlEvent::Eof => break,
            }
        }
        package.title = package.title.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(package)
    }

    /// Chapter labels of the tables of contents, by path. A broken table gives none.
    fn labels<R: ArchiveInput>(&self, archive: &mut Archive<R>, forced: Option<Encoding>) -> HashMap<String, String> {
        let nav = self.items.values().find(|(_, properties)| properties.split_whitespace().any(|property| property == "nav"));
        let ncx = self.ncx.as_ref().and_then(|id| self.items.get(id));
        let mut labels = HashMap::new();
        for (path, _) in nav.into_iter().chain(ncx) {
            if let Ok(Some(input)) = archive.entry(path) {
                let contents = decoded_part(input, forced).and_then(|part| read_contents(part.as_bytes(), path));
                for (target, label) in contents.unwrap_or_default() {
                    labels.entry(target).or_insert(label);
                }
            }
        }
        labels
    }
}

/// Limits the memory taken by names and paths.
#[derive(Debug, Default)]
struct NameBudget {
    bytes: usize,
}

impl NameBudget {
    /// Adds the size of `names`; fails when the total exceeds [`MAX_NAME_BYTES`].
    fn charge<const N: usize>(&mut self, names: [&str; N]) -> Result<(), ExtractError> {
        // Overhead of a stored string.
        let each = 32;
        self.bytes += names.iter().map(|name| name.len() + each).sum::<usize>();
        if self.bytes > MAX_NAME_BYTES { Err(ExtractError::TooLarge) } else { Ok(()) }
    }
}

/// Path of the package document, from `META-INF/container.xml`.
fn root_file(input: impl BufRead) -> Result<Option<String>, ExtractError> {
    let mut xml = XmlReader::new(input);
    loop {
        match xml.next()? {
            XmlEvent::Start(tag) if tag.name() == "rootfile" => {
                return Ok(tag.attribute("full-path").and_then(|path| resolve_path("", &path)));
            }
            XmlEvent::Eof => return Ok(None),
            _ => {}
        }
    }
}

/// Paths of the encrypted entries, from `META-INF/encryption.xml`.
fn encrypted_entries(input: impl BufRead) -> Result<HashSet<String>, ExtractError> {
    let mut xml = XmlReader::new(input);
    let mut found = HashSet::new();
    let mut names = NameBudget::default();
    loop {
        match xml.next()? {
            XmlEvent::Start(tag) if tag.name() == "CipherReference" => {
                if let Some(path) = tag.attribute("URI").and_then(|uri| resolve_path("", &uri)) {
                    names.charge([&path])?;
                    found.insert(path);
                }
            }
            XmlEvent::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// Targets and labels of a table of contents of EPUB 3 (`<a href>`) or EPUB 2 (`<navPoint>`).
fn read_contents(input: impl BufRead, path: &str) -> Result<Vec<(String, String)>, ExtractError> {
    let mut xml = XmlReader::new(input);
    let mut found = Vec::new();
    let mut label = String::new();
    let mut target = None;
    let mut listening = false;
    let mut names = NameBudget::default();
    loop {
        match xml.next()? {
            XmlEvent::Start(tag) => match tag.name() {
                "a" => {
                    target = tag.attribute("href").and_then(|href| resolve_path(path, &href));
                    names.charge([target.as_deref().unwrap_or_default()])?;
                    label.clear();
                    listening = true;
                }
                "navLabel" => {
                    label.clear();
                    listening = true;
                }
                "content" => {
                    let target = tag.attribute("src").and_then(|src| resolve_path(path, &src));
                    names.charge([target.as_deref().unwrap_or_default(), &label])?;
                    found.extend(target.map(|target| (target, label.split_whitespace().collect::<Vec<_>>().join(" "))));
                }
                _ => {}
            },
            XmlEvent::Text(text) if listening => {
                names.charge([&text])?;
                label.push_str(&text);
            }
            XmlEvent::Text(_) => {}
            XmlEvent::End(name) => match name.as_str() {
                "a" => {
                    listening = false;
                    found.extend(target.take().map(|target| (target, label.split_whitespace().collect::<Vec<_>>().join(" "))));
                }
                "navLabel" => listening = false,
                _ => {}
            },
            XmlEvent::Eof => break,
        }
    }
    found.retain(|(_, label)| !label.is_empty() && !is_placeholder(label));
    Ok(found)
}

/// Resolves `reference`, found in the entry `from`, to a path in the archive; `None` if it leads
/// outside. `../c.xhtml#x` in `OPS/a/b.opf` gives `OPS/c.xhtml`.
fn resolve_path(from: &str, reference: &str) -> Option<String> {
    let reference = reference.split(['#', '?']).next().unwrap_or_default();
    if reference.contains(':') || reference.is_empty() {
        return None;
    }
    let decoded = percent_decode(reference)?;
    let mut steps: Vec<&str> = Vec::new();
    if !decoded.starts_with('/') {
        steps.extend(from.split('/'));
        steps.pop();
    }
    for step in decoded.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

/// The text that a URI's escapes stand for; `None` if it is malformed.
pub(crate) fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::super::archive::tests::zip_bytes;
    use super::*;
    use std::io::Cursor;

    fn book(opf: &str, files: &[(&str, &[u8])]) -> Result<ExtractedText, ExtractError> {
        book_in(opf, files, None)
    }

    fn book_in(opf: &str, files: &[(&str, &[u8])], forced: Option<Encoding>) -> Result<ExtractedText, ExtractError> {
        let container = br#"<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>"#;
        let mut entries: Vec<(&str, &[u8])> =
            vec![("mimetype", b"application/epub+zip"), ("META-INF/container.xml", container), ("OPS/book.opf", opf.as_bytes())];
        entries.extend(files);
        let bytes = zip_bytes(&entries);
        let length = bytes.len() as u64;
        extract(Cursor::new(bytes), length, forced)
    }

    const OPF: &str = r#"<package><metadata><dc:title>临江市讲话选</dc:title></metadata><manifest>
        <item id="nav" href="nav.xhtml" properties="nav"/><item id="a" href="text/%E4%B8%80.xhtml"/><item id="b" href="text/b.xhtml"/><item id="evil" href="../../etc/passwd"/>
        </manifest><spine><itemref idref="nav"/><itemref idref="a"/><itemref idref="b"/><itemref idref="b"/><itemref idref="evil"/></spine></package>"#;
    const NAV: &[u8] = r#"<!DOCTYPE html><html><body><nav epub:type="toc"><ol><li><a href="text/%E4%B8%80.xhtml#top">动员会讲话</a></li><li><a href="text/b.xhtml">总结会讲话</a></li></ol></nav></body></html>"#.as_bytes();

    #[test]
    fn chapters_follow_the_spine_with_their_headings() {
        let a = "<html><head><title>x</title></head><body><h1>动员会讲话</h1><p>同志们：</p><p>一、总体\n要求</p></body></html>";
        let b = "<html><body><p>同志们：</p><p>今天总结。</p></body></html>";
        let got = book(OPF, &[("OPS/nav.xhtml", NAV), ("OPS/text/一.xhtml", a.as_bytes()), ("OPS/text/b.xhtml", b.as_bytes())]).unwrap();
        let text = got.text.slice(got.text.span()).into_owned();
        assert_eq!(text, "1. 动员会讲话\n2. 总结会讲话\n\n动员会讲话\n同志们：\n一、总体要求\n\n总结会讲话\n同志们：\n今天总结。\n");
        let headings: Vec<_> = got.hints.headings.iter().map(|hint| (got.text.slice(hint.span).into_owned(), hint.level)).collect();
        assert_eq!(headings, [("动员会讲话".into(), 1), ("总结会讲话".into(), 1)]);
        assert_eq!(got.hints.title.as_deref(), Some("临江市讲话选"));
        assert_eq!(got.text.slice(got.hints.kinds[0].span), "1. 动员会讲话\n2. 总结会讲话");
    }

    #[test]
    fn placeholder_and_repeated_labels_are_not_inserted() {
        let nav = r#"<html><body><nav epub:type="toc"><a href="text/%E4%B8%80.xhtml">一、总体要求</a><a href="text/b.xhtml">Section 2</a></nav></body></html>"#;
        let a = "<html><body><p>讲话</p><p>同志们：</p><p>今天讲两点。</p><p>一、总体要求</p></body></html>";
        let b = "<html><body><p>二、重点任务</p></body></html>";
        let opf = OPF.replace("临江市讲话选", "Unknown Title");
        let got = book(&opf, &[("OPS/nav.xhtml", nav.as_bytes()), ("OPS/text/一.xhtml", a.as_bytes()), ("OPS/text/b.xhtml", b.as_bytes())])
            .unwrap();
        let text = got.text.slice(got.text.span()).into_owned();
        assert!(text.ends_with("讲话\n同志们：\n今天讲两点。\n一、总体要求\n\n二、重点任务\n"), "{text}");
        assert_eq!(got.hints.title, None);
    }

    #[test]
    fn chapters_in_any_encoding_are_decoded() {
        let chapter = |declared: &str| {
            format!(
                "<?xml version=\"1.0\" encoding=\"{declared}\"?><html><body><h1>动员会讲话</h1><p>同志们：要坚持党管人才。</p></body></html>"
            )
        };
        let utf16: Vec<u8> = [0xFEFF].into_iter().chain(chapter("utf-16").encode_utf16()).flat_map(u16::to_be_bytes).collect();
        let gb = |declared: &str| decode::encode(&chapter(declared), Encoding::GB18030).unwrap();
        for (bytes, forced) in [
            (gb("gb2312"), None),
            (gb("GB18030"), None),
            (utf16, None),
            (chapter("utf-8").into_bytes(), None),
            // A false declaration, overruled by the user.
            (gb("big5"), Some(Encoding::GB18030)),
        ] {
            let got = book_in(OPF, &[("OPS/text/一.xhtml", &bytes), ("OPS/text/b.xhtml", b"<p>b</p>")], forced).unwrap();
            assert!(got.text.slice(got.text.span()).contains("动员会讲话\n同志们：要坚持党管人才。\n"));
            assert_eq!(got.replaced, 0);
        }
    }

    #[test]
    fn missing_chapters_are_counted() {
        let opf = OPF.replace("<itemref idref=\"a\"/>", "<itemref idref=\"a\"/><itemref idref=\"nowhere\"/>");
        let got = book(&opf, &[("OPS/nav.xhtml", NAV), ("OPS/text/b.xhtml", b"<p>b</p>")]).unwrap();
        assert_eq!(got.missing_parts, ["OPS/text/一.xhtml", "nowhere", "evil"]);
    }

    #[test]
    fn references_stay_inside_the_archive() {
        assert_eq!(resolve_path("OPS/a/b.opf", "../c.xhtml#x").as_deref(), Some("OPS/c.xhtml"));
        assert_eq!(resolve_path("OPS/b.opf", "../../etc/passwd"), None);
        assert_eq!(resolve_path("OPS/b.opf", "file:///etc/passwd"), None);
        assert_eq!(resolve_path("OPS/b.opf", "%2e%2e/%2e%2e/x"), None);
    }

    #[test]
    fn damaged_oversized_and_locked_books_are_refused() {
        let bytes = zip_bytes(&[("mimetype", b"application/epub+zip")]);
        assert!(matches!(extract(Cursor::new(bytes), 10, None), Err(ExtractError::Damaged(_))));
        let items: Vec<String> = (0..40_000).map(|id| format!("<item id=\"{id}\" href=\"a\"/>")).collect();
        let many = format!("<package><manifest>{}</manifest></package>", items.concat());
        assert!(matches!(book(&many, &[]), Err(ExtractError::TooLarge)));
        let locked = br#"<encryption><CipherReference URI="OPS/text/b.xhtml"/></encryption>"#;
        assert!(matches!(book(OPF, &[("META-INF/encryption.xml", locked)]), Err(ExtractError::Locked)));
    }
}
