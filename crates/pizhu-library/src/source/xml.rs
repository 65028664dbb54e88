//! Streaming reader of untrusted XML: no declared entities, only the five predefined ones and
//! character references; bounded nesting; bounded size of a tag or text.

use super::extract::ExtractError;
use quick_xml::{
    Reader,
    errors::Error,
    events::{BytesStart, Event},
};
use std::{
    borrow::Cow,
    io::{self, BufRead, Read},
};

/// Maximum nesting of elements; word processors stay under a hundred.
const MAX_DEPTH: usize = 512;
/// Maximum bytes of a tag, text or comment.
const MAX_EVENT_BYTES: usize = 16 * 1024 * 1024;

/// Event of the XML stream.
#[derive(Debug)]
pub(super) enum XmlEvent {
    /// Start tag. An empty element, too, gives a start and an end.
    Start(StartTag),
    /// End tag, with the local name of the element.
    End(String),
    /// Text with references resolved.
    Text(String),
    /// End of the document.
    Eof,
}

/// A start tag.
#[derive(Debug)]
pub(super) struct StartTag(BytesStart<'static>);

impl StartTag {
    /// Local name of the element, without its prefix.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// Value of the attribute with this local name.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let found = attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().into_inner() == name)?;
        let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0);
        Some(value.map_or_else(|_| found.value.into_owned(), Cow::into_owned))
    }

    /// Value of an attribute, parsed as a number.
    pub(super) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// Whether a toggle such as `<w:vanish/>` is on: its `val` is absent or not `0`, `false`, `off`.
    pub(super) fn is_on(&self) -> bool {
        !self.attribute("val").is_some_and(|value| matches!(value.as_str(), "0" | "false" | "off"))
    }
}

/// Streaming reader of an XML document.
pub(super) struct XmlReader<R: BufRead> {
    reader: Reader<MeteredReader<R>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<R: BufRead> XmlReader<R> {
    pub(super) fn new(input: R) -> Self {
        let mut reader = Reader::from_reader(MeteredReader { inner: input, left: MAX_EVENT_BYTES });
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// Reads the next event; skips comments, declarations and processing instructions.
    pub(super) fn next(&mut self) -> Result<XmlEvent, ExtractError> {
        loop {
            self.buffer.clear();
            self.reader.get_mut().left = MAX_EVENT_BYTES;
            let event = self.reader.read_event_into(&mut self.buffer).map_err(xml_error)?;
            match event {
                Event::Start(_) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(ExtractError::TooDeep);
                    }
                }
                Event::End(_) => self.depth = self.depth.saturating_sub(1),
                Event::DocType(kind) if kind.contains('[') => return Err(ExtractError::Damaged("it declares entities".into())),
                Event::DocType(_) | Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::Empty(_) => continue,
                Event::Eof if self.depth > 0 => return Err(ExtractError::Damaged("the file is cut off".into())),
                _ => {}
            }
            return Ok(match event {
                Event::Start(tag) => XmlEvent::Start(StartTag(tag.into_owned())),
                Event::End(tag) => XmlEvent::End(tag.local_name().into_inner().to_owned()),
                Event::Text(text) => XmlEvent::Text(text.xml10_content().into_owned()),
                Event::CData(text) => XmlEvent::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(name) => XmlEvent::Text(resolve_reference(&name)),
                _ => XmlEvent::Eof,
            });
        }
    }
}

/// Resolves the reference `&name;`; an unknown one is left as it is.
fn resolve_reference(name: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return c.to_string();
    }
    let name = name.xml10_content();
    quick_xml::escape::resolve_predefined_entity(&name).map_or_else(|| format!("&{name};"), str::to_owned)
}

fn xml_error(error: Error) -> ExtractError {
    match error {
        Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => ExtractError::TooLarge,
        error => ExtractError::Damaged(error.to_string()),
    }
}

/// A stream that fails after `left` bytes; reset for every event.
struct MeteredReader<R> {
    inner: R,
    left: usize,
}

impl<R: BufRead> Read for MeteredReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl<R: BufRead> BufRead for MeteredReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 { Err(io::ErrorKind::FileTooLarge.into()) } else { self.inner.fill_buf() }
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount);
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(xml: &str) -> Result<String, ExtractError> {
        let mut reader = XmlReader::new(xml.as_bytes());
        let mut text = String::new();
        loop {
            match reader.next()? {
                XmlEvent::Text(piece) => text.push_str(&piece),
                XmlEvent::Eof => return Ok(text),
                XmlEvent::Start(_) | XmlEvent::End(_) => {}
            }
        }
    }

    #[test]
    fn references_are_resolved_but_declared_entities_refused() {
        assert_eq!(text_of("<a>&lt;&#x9752;<![CDATA[<&]]>&evil;</a>").unwrap(), "<青<&&evil;");
        let laughs = "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
        assert!(matches!(text_of(laughs), Err(ExtractError::Damaged(_))));
    }

    #[test]
    fn depth_and_size_are_bounded() {
        assert!(matches!(text_of(&"<a>".repeat(100_000)), Err(ExtractError::TooDeep)));
        let tag = format!("<a b=\"{}\"/>", "x".repeat(MAX_EVENT_BYTES + 100_000));
        assert!(matches!(XmlReader::new(io::BufReader::new(tag.as_bytes())).next(), Err(ExtractError::TooLarge)));
        assert!(matches!(text_of("<a><b></a>"), Err(ExtractError::Damaged(_))));
        assert!(matches!(text_of("<a>"), Err(ExtractError::Damaged(_))));
    }
}
