//! EPUB: the chapters of the book in the order of its spine, each as a part.
//!
//! A chapter's heading is its own, or the table of contents' name of it where it has none. The
//! book's table of contents is boilerplate. References lead only to entries of the archive.

use super::{
    archive::{Archive, Input},
    extract::{ExtractError, Extracted, Lines, is_placeholder},
    html::{self, Whole},
    xml::{Node, Xml},
};
use std::{
    collections::{HashMap, HashSet},
    io::BufRead,
};

/// Bytes of names and paths that a book may have; those of a thousand chapters take a tenth.
const MAX_NAMES: usize = 2 * 1024 * 1024;

/// What the package document says of the book.
#[derive(Debug, Default)]
struct Package {
    title: String,
    /// Path in the archive and properties, by id.
    items: HashMap<String, (String, String)>,
    /// Ids of the chapters in order.
    spine: Vec<String>,
    /// Id of the table of contents of EPUB 2.
    ncx: Option<String>,
}

/// Reads the text of an EPUB file of `file_len` bytes.
///
/// # Errors
/// When it is no such file, broken, locked, or hostile.
pub(super) fn extract(input: impl Input, file_len: u64) -> Result<Extracted, ExtractError> {
    let mut archive = Archive::open(input)?;
    let missing = |what: &str| ExtractError::Damaged(format!("it has no {what}"));
    let container = archive.entry("META-INF/container.xml")?.ok_or_else(|| missing("META-INF/container.xml"))?;
    let root = root_file(container)?.ok_or_else(|| missing("package document"))?;
    let package = Package::read(archive.entry(&root)?.ok_or_else(|| missing(&root))?, &root)?;
    let locked = archive.entry("META-INF/encryption.xml")?.map(references).transpose()?.unwrap_or_default();
    let labels = package.labels(&mut archive);
    let mut lines = Lines::new(file_len);
    let mut seen = HashSet::new();
    for id in &package.spine {
        let Some((path, properties)) = package.items.get(id).filter(|(path, _)| seen.insert(path)) else { continue };
        if locked.contains(path) {
            return Err(ExtractError::Locked);
        }
        let Some(input) = archive.entry(path)? else { continue };
        let is_contents = properties.split_whitespace().any(|property| property == "nav");
        let label = labels.get(path).map(String::as_str);
        let whole = if is_contents { Whole::Contents } else { Whole::Chapter };
        lines.gap()?;
        html::chapter(input, whole, &package.title, label, &mut lines)?;
    }
    lines.set_title(&package.title);
    Ok(lines.finish())
}

impl Package {
    fn read(input: impl BufRead, path: &str) -> Result<Self, ExtractError> {
        let mut package = Self::default();
        let mut xml = Xml::new(input);
        let mut in_title = false;
        let mut names = Names::default();
        loop {
            match xml.next()? {
                Node::Open(tag) => match tag.name() {
                    "title" => in_title = package.title.is_empty(),
                    "item" => {
                        if let (Some(id), Some(path)) = (tag.attribute("id"), tag.attribute("href").and_then(|href| resolved(path, &href)))
                        {
                            let properties = tag.attribute("properties").unwrap_or_default();
                            names.take([&id, &path, &properties])?;
                            package.items.insert(id, (path, properties));
                        }
                    }
                    "spine" => package.ncx = tag.attribute("toc"),
                    "itemref" => {
                        if let Some(id) = tag.attribute("idref") {
                            names.take([&id])?;
                            package.spine.push(id);
                        }
                    }
                    _ => {}
                },
                Node::Text(text) if in_title => {
                    names.take([&text])?;
                    package.title.push_str(&text);
                }
                Node::Text(_) => {}
                Node::Close(name) => in_title &= name != "title",
                Node::End => break,
            }
        }
        package.title = package.title.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(package)
    }

    /// The names that the table of contents gives the chapters, by path. A broken one gives none.
    fn labels<R: Input>(&self, archive: &mut Archive<R>) -> HashMap<String, String> {
        let nav = self.items.values().find(|(_, properties)| properties.split_whitespace().any(|property| property == "nav"));
        let ncx = self.ncx.as_ref().and_then(|id| self.items.get(id));
        let mut labels = HashMap::new();
        for (path, _) in nav.into_iter().chain(ncx) {
            if let Ok(Some(input)) = archive.entry(path) {
                for (target, label) in contents(input, path).unwrap_or_default() {
                    labels.entry(target).or_insert(label);
                }
            }
        }
        labels
    }
}

/// Counts what names are kept.
#[derive(Debug, Default)]
struct Names {
    bytes: usize,
}

impl Names {
    /// Counts some more.
    fn take<const N: usize>(&mut self, names: [&str; N]) -> Result<(), ExtractError> {
        // What keeping one takes beside its bytes.
        let each = 32;
        self.bytes += names.iter().map(|name| name.len() + each).sum::<usize>();
        if self.bytes > MAX_NAMES { Err(ExtractError::TooLarge) } else { Ok(()) }
    }
}

/// The package document's path, by the container.
fn root_file(input: impl BufRead) -> Result<Option<String>, ExtractError> {
    let mut xml = Xml::new(input);
    loop {
        match xml.next()? {
            Node::Open(tag) if tag.name() == "rootfile" => return Ok(tag.attribute("full-path").and_then(|path| resolved("", &path))),
            Node::End => return Ok(None),
            _ => {}
        }
    }
}

/// The entries that are encrypted.
fn references(input: impl BufRead) -> Result<HashSet<String>, ExtractError> {
    let mut xml = Xml::new(input);
    let mut found = HashSet::new();
    let mut names = Names::default();
    loop {
        match xml.next()? {
            Node::Open(tag) if tag.name() == "CipherReference" => {
                if let Some(path) = tag.attribute("URI").and_then(|uri| resolved("", &uri)) {
                    names.take([&path])?;
                    found.insert(path);
                }
            }
            Node::End => return Ok(found),
            _ => {}
        }
    }
}

/// Targets and names in a table of contents, of EPUB 3 (`<a href>`) or 2 (`<navPoint>`).
fn contents(input: impl BufRead, path: &str) -> Result<Vec<(String, String)>, ExtractError> {
    let mut xml = Xml::new(input);
    let mut found = Vec::new();
    let mut label = String::new();
    let mut target = None;
    let mut listening = false;
    let mut names = Names::default();
    loop {
        match xml.next()? {
            Node::Open(tag) => match tag.name() {
                "a" => {
                    target = tag.attribute("href").and_then(|href| resolved(path, &href));
                    names.take([target.as_deref().unwrap_or_default()])?;
                    label.clear();
                    listening = true;
                }
                "navLabel" => {
                    label.clear();
                    listening = true;
                }
                "content" => {
                    let target = tag.attribute("src").and_then(|src| resolved(path, &src));
                    names.take([target.as_deref().unwrap_or_default(), &label])?;
                    found.extend(target.map(|target| (target, label.split_whitespace().collect::<Vec<_>>().join(" "))));
                }
                _ => {}
            },
            Node::Text(text) if listening => {
                names.take([&text])?;
                label.push_str(&text);
            }
            Node::Text(_) => {}
            Node::Close(name) => match name.as_str() {
                "a" => {
                    listening = false;
                    found.extend(target.take().map(|target| (target, label.split_whitespace().collect::<Vec<_>>().join(" "))));
                }
                "navLabel" => listening = false,
                _ => {}
            },
            Node::End => break,
        }
    }
    found.retain(|(_, label)| !label.is_empty() && !is_placeholder(label));
    Ok(found)
}

/// The archive's entry that `reference` in the entry `from` means; `None` where it leads out of
/// the archive.
fn resolved(from: &str, reference: &str) -> Option<String> {
    let reference = reference.split(['#', '?']).next().unwrap_or_default();
    if reference.contains(':') || reference.is_empty() {
        return None;
    }
    let decoded = percent_decoded(reference)?;
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

fn percent_decoded(text: &str) -> Option<String> {
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
    use super::super::archive::tests::packed;
    use super::*;
    use std::io::Cursor;

    fn book(opf: &str, files: &[(&str, &[u8])]) -> Result<Extracted, ExtractError> {
        let container = br#"<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>"#;
        let mut entries: Vec<(&str, &[u8])> =
            vec![("mimetype", b"application/epub+zip"), ("META-INF/container.xml", container), ("OPS/book.opf", opf.as_bytes())];
        entries.extend(files);
        let bytes = packed(&entries);
        let length = bytes.len() as u64;
        extract(Cursor::new(bytes), length)
    }

    const OPF: &str = r#"<package><metadata><dc:title>临江市讲话选</dc:title></metadata><manifest>
        <item id="nav" href="nav.xhtml" properties="nav"/><item id="a" href="text/%E4%B8%80.xhtml"/><item id="b" href="text/b.xhtml"/><item id="evil" href="../../etc/passwd"/>
        </manifest><spine><itemref idref="nav"/><itemref idref="a"/><itemref idref="b"/><itemref idref="b"/><itemref idref="evil"/></spine></package>"#;
    const NAV: &[u8] = r#"<!DOCTYPE html><html><body><nav epub:type="toc"><ol><li><a href="text/%E4%B8%80.xhtml#top">动员会讲话</a></li><li><a href="text/b.xhtml">总结会讲话</a></li></ol></nav></body></html>"#.as_bytes();

    #[test]
    fn each_chapter_is_a_part() {
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
    fn a_name_that_is_no_name_or_is_there_already_is_not_put_in() {
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
    fn references_stay_inside_the_archive() {
        assert_eq!(resolved("OPS/a/b.opf", "../c.xhtml#x").as_deref(), Some("OPS/c.xhtml"));
        assert_eq!(resolved("OPS/b.opf", "../../etc/passwd"), None);
        assert_eq!(resolved("OPS/b.opf", "file:///etc/passwd"), None);
        assert_eq!(resolved("OPS/b.opf", "%2e%2e/%2e%2e/x"), None);
    }

    #[test]
    fn what_is_no_book_is_refused() {
        let bytes = packed(&[("mimetype", b"application/epub+zip")]);
        assert!(matches!(extract(Cursor::new(bytes), 10), Err(ExtractError::Damaged(_))));
        let items: Vec<String> = (0..40_000).map(|id| format!("<item id=\"{id}\" href=\"a\"/>")).collect();
        let many = format!("<package><manifest>{}</manifest></package>", items.concat());
        assert!(matches!(book(&many, &[]), Err(ExtractError::TooLarge)));
        let locked = br#"<encryption><CipherReference URI="OPS/text/b.xhtml"/></encryption>"#;
        assert!(matches!(book(OPF, &[("META-INF/encryption.xml", locked)]), Err(ExtractError::Locked)));
    }
}
