//! Detection of files that are not plain text: known formats by their signatures (magic bytes), and
//! binary data by its share of control bytes.

use pizhu_text::text::Encoding;
use pizhu_text::text::decode;
use std::path::Path;

/// Kind of a file that is not plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// PDF.
    Pdf,
    /// OLE compound file: Word, Excel or PowerPoint 97–2003, or WPS.
    OldOffice,
    /// Word document (OOXML).
    Docx,
    /// OpenDocument text.
    Odt,
    /// EPUB book.
    Epub,
    /// Rich Text Format.
    Rtf,
    /// HTML page.
    Html,
    /// Image.
    Image,
    /// Audio or video.
    Media,
    /// Archive or compressed data.
    Archive,
    /// Executable.
    Program,
    /// Database.
    Database,
    /// UTF-32 text.
    Utf32,
    /// Other binary data.
    Binary,
}

/// File signatures: byte offset, bytes, kind. The first match wins.
const SIGNATURES: &[(usize, &[u8], FileKind)] = &[
    (0, b"%PDF-", FileKind::Pdf),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", FileKind::OldOffice),
    (30, b"mimetypeapplication/epub+zip", FileKind::Epub),
    (30, b"mimetypeapplication/vnd.oasis.opendocument.text", FileKind::Odt),
    (0, b"{\\rtf", FileKind::Rtf),
    (0, b"\x89PNG\r\n\x1A\n", FileKind::Image),
    (0, b"\xFF\xD8\xFF", FileKind::Image),
    (0, b"GIF87a", FileKind::Image),
    (0, b"GIF89a", FileKind::Image),
    (0, b"II*\0", FileKind::Image),
    (0, b"MM\0*", FileKind::Image),
    (8, b"WEBP", FileKind::Image),
    (8, b"AVI ", FileKind::Media),
    (8, b"WAVE", FileKind::Media),
    (4, b"ftyp", FileKind::Media),
    (0, b"ID3", FileKind::Media),
    (0, b"OggS", FileKind::Media),
    (0, b"fLaC", FileKind::Media),
    (0, b"\x1A\x45\xDF\xA3", FileKind::Media),
    (0, b"\x1F\x8B", FileKind::Archive),
    (0, b"BZh", FileKind::Archive),
    (0, b"\xFD7zXZ\0", FileKind::Archive),
    (0, b"\x28\xB5\x2F\xFD", FileKind::Archive),
    (0, b"7z\xBC\xAF\x27\x1C", FileKind::Archive),
    (0, b"Rar!\x1A\x07", FileKind::Archive),
    (257, b"ustar", FileKind::Archive),
    (0, b"\x7FELF", FileKind::Program),
    (0, b"\xCF\xFA\xED\xFE", FileKind::Program),
    (0, b"\0asm", FileKind::Program),
    (0, b"SQLite format 3\0", FileKind::Database),
    (0, b"\xFF\xFE\0\0", FileKind::Utf32),
    (0, b"\0\0\xFE\xFF", FileKind::Utf32),
];

impl FileKind {
    /// Identifier of the kind in messages and locale keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::OldOffice => "old-office",
            Self::Docx => "docx",
            Self::Odt => "odt",
            Self::Epub => "epub",
            Self::Rtf => "rtf",
            Self::Html => "html",
            Self::Image => "image",
            Self::Media => "media",
            Self::Archive => "archive",
            Self::Program => "program",
            Self::Database => "database",
            Self::Utf32 => "utf32",
            Self::Binary => "binary",
        }
    }

    /// Shell command that converts such a file into a readable one, with `{}` for the file; `None`
    /// if it holds no text, or is read without conversion.
    #[must_use]
    pub fn converter(self) -> Option<&'static str> {
        match self {
            Self::Pdf => Some("pdftotext {}"),
            Self::OldOffice | Self::Rtf | Self::Odt => Some("soffice --headless --convert-to docx {}"),
            Self::Image => Some("tesseract -l chi_sim {} TEXT"),
            Self::Utf32 => Some("iconv -f UTF-32 -t UTF-8 -o TEXT.txt {}"),
            Self::Docx | Self::Epub | Self::Html | Self::Media | Self::Archive | Self::Program | Self::Database | Self::Binary => None,
        }
    }

    /// Detects the kind of a file from its first bytes; `None` for text.
    ///
    /// `encoding` is the one the text would be decoded from. If it is `forced` by the user, binary
    /// data passes as text, but not a file of a known kind.
    #[must_use]
    pub fn detect(path: &Path, head: &[u8], encoding: Encoding, forced: bool) -> Option<Self> {
        let odd = || !forced && !is_utf16(encoding) && is_binary(head, encoding);
        Self::from_signature(path, head).or_else(|| odd().then(|| if head.starts_with(b"MZ") { Self::Program } else { Self::Binary }))
    }

    /// Detects a known kind of file by its signature; `None` for text and unknown binary data.
    ///
    /// ```
    /// use pizhu_library::source::FileKind;
    /// use std::path::Path;
    ///
    /// assert_eq!(FileKind::from_signature(Path::new("a.txt"), b"%PDF-1.7"), Some(FileKind::Pdf));
    /// assert_eq!(FileKind::from_signature(Path::new("a.txt"), "同志们：".as_bytes()), None);
    /// ```
    #[must_use]
    pub fn from_signature(path: &Path, head: &[u8]) -> Option<Self> {
        let fits = |offset: usize, magic: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(magic));
        if let Some((_, _, kind)) = SIGNATURES.iter().find(|(offset, magic, _)| fits(*offset, magic)) {
            return Some(*kind);
        }
        if fits(0, b"PK\x03\x04") || fits(0, b"PK\x05\x06") {
            let inside = |name: &str| memchr::memmem::find(head, name.as_bytes()).is_some();
            return Some(match () {
                () if is_named(path, &["epub"]) || inside("META-INF/container.xml") => Self::Epub,
                () if is_named(path, &["docx", "docm", "dotx"]) || inside("word/") => Self::Docx,
                () => Self::Archive,
            });
        }
        let is_page = is_html(head) || (is_named(path, &["html", "htm", "xhtml", "shtml"]) && head.contains(&b'<'));
        is_page.then_some(Self::Html)
    }
}

fn is_utf16(encoding: Encoding) -> bool {
    encoding == Encoding::UTF16LE || encoding == Encoding::UTF16BE
}

/// Whether the path has one of `extensions`, ignoring ASCII case.
fn is_named(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|extension| extensions.iter().any(|name| extension.eq_ignore_ascii_case(name)))
}

/// Whether the file begins like an HTML page, after an optional XML declaration and up to two
/// comments.
fn is_html(head: &[u8]) -> bool {
    let mut start = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    for (open, close) in [(&b"<?xml"[..], &b"?>"[..]), (b"<!--", b"-->"), (b"<!--", b"-->")] {
        if start.starts_with(open)
            && let Some(end) = memchr::memmem::find(start, close)
        {
            start = start[end + close.len()..].trim_ascii_start();
        }
    }
    [&b"<!doctype html"[..], b"<html", b"<head", b"<body"]
        .iter()
        .any(|word| start.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word)))
}

/// Whether the bytes cannot be text, not even damaged text: more than a third control bytes, more
/// than 2 % NUL bytes, or more than 5 % control bytes in what does not decode as Chinese. Trailing
/// NUL bytes, which a broken copy leaves, do not count.
fn is_binary(head: &[u8], encoding: Encoding) -> bool {
    let length = head.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    if length == 0 {
        return !head.is_empty();
    }
    let head = &head[..length];
    let zeros = memchr::memchr_iter(0, head).count();
    // Branch-free with sums that fit a byte, so that the loop is vectorized.
    let is_odd = |byte: u8| {
        u8::from(byte.wrapping_sub(1) < 8)
            + u8::from(byte.wrapping_sub(14) < 12)
            + u8::from(byte.wrapping_sub(28) < 4)
            + u8::from(byte == 127)
    };
    let odd = zeros + head.chunks(255).map(|part| usize::from(part.iter().map(|byte| is_odd(*byte)).sum::<u8>())).sum::<usize>();
    let reads = || {
        let chinese = [Encoding::UTF8, Encoding::GB18030, Encoding::BIG5].contains(&encoding);
        chinese && decode::count_malformed(head, encoding) <= (length / 20).max(4)
    };
    odd * 3 > length || (zeros >= 4 && zeros * 50 > length) || (odd * 20 > length && !reads())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::text::decode::decode;
    use pizhu_text::text::decode::encode;

    fn kind(name: &str, head: &[u8]) -> Option<FileKind> {
        FileKind::detect(Path::new(name), head, decode(head, None).encoding, false)
    }

    #[test]
    fn known_kinds_are_detected_by_signature() {
        assert_eq!(kind("a.txt", b"%PDF-1.7\n%\xE2\xE3"), Some(FileKind::Pdf));
        assert_eq!(kind("a.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"), Some(FileKind::OldOffice));
        assert_eq!(kind("a.docx", b"PK\x03\x04\x14\0\x06\0"), Some(FileKind::Docx));
        assert_eq!(kind("a", b"PK\x03\x04\x14\0\x06\0word/document.xml"), Some(FileKind::Docx));
        assert_eq!(kind("a.epub", b"PK\x03\x04\x14\0\x06\0"), Some(FileKind::Epub));
        assert_eq!(kind("a.doc", b"<!-- saved -->\n<html>"), Some(FileKind::Html));
        assert_eq!(kind("a.htm", b"<p>x"), Some(FileKind::Html));
        assert_eq!(kind("a.txt", b"<p>x"), None);
        assert_eq!(kind("a.zip", b"PK\x03\x04\x14\0\x06\0"), Some(FileKind::Archive));
        assert_eq!(kind("a", b"\x7FELF\x02\x01\x01"), Some(FileKind::Program));
        assert_eq!(kind("a.txt", "\u{FEFF}\n <!DOCTYPE HTML><p>讲话".as_bytes()), Some(FileKind::Html));
        assert_eq!(kind("a.txt", b"\0\x01\x02\x03\x04rest"), Some(FileKind::Binary));
        let records: Vec<u8> = (0..200u8).flat_map(|n| [n, 0, 0, 0, b'a' + n % 26, b'b', 0, 0]).collect();
        assert_eq!(kind("records", &records), Some(FileKind::Binary));
        let noise: Vec<u8> = (0u32..4000).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert_eq!(kind("noise", &noise), Some(FileKind::Binary));
    }

    #[test]
    fn text_is_accepted_in_every_encoding() {
        let sample = "同志们：\n一、要把青禾县的基层组织建设抓实，2025年取得新进步。\n\u{C}";
        for encoding in [Encoding::UTF8, Encoding::GB18030, Encoding::UTF16LE, Encoding::UTF16BE] {
            let bytes = encode(sample, encoding).unwrap();
            assert_eq!(kind("a.txt", &bytes), None, "{}", encoding.name());
        }
        assert_eq!(kind("a.txt", b""), None);
        assert_eq!(kind("a.txt", b"MZ: an English text"), None);
    }

    #[test]
    fn damaged_text_and_forced_encodings_are_accepted() {
        let mut damaged = "临江市的工作要有新的进步。".repeat(20).into_bytes();
        damaged[30] = 0;
        damaged[100] = 0xFF;
        assert_eq!(kind("a.txt", &damaged), None);
        let short = b"\x01\x02\xE5\x90\x8C\xE5\xBF\x97\x03\xE4\xBB\xAC\xFF\x04\xFE\xEF\xBC\x9A\n\xE5\xA5\xBD\xE3\x80\x82\x05\n";
        assert_eq!(kind("a.txt", short), None, "a short text, badly damaged");
        damaged.extend([0; 4096]);
        assert_eq!(kind("a.txt", &damaged), None, "trailing zeros of a broken copy");
        assert_eq!(FileKind::detect(Path::new("a"), b"a\0b\0\x01", Encoding::GB18030, true), None);
        assert_eq!(FileKind::detect(Path::new("a"), b"%PDF-1.7", Encoding::GB18030, true), Some(FileKind::Pdf));
    }
}
