//! What is not text: known file types by their first bytes, and bytes that no encoding explains.

use pizhu_text::text::Encoding;
use pizhu_text::text::decode;
use std::path::Path;

/// A kind of file that holds no plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Foreign {
    /// Portable Document Format.
    Pdf,
    /// Word, Excel or PowerPoint of 97 to 2003 (an OLE compound file), or WPS.
    OldOffice,
    /// A Word document.
    Docx,
    /// An OpenDocument text.
    Odt,
    /// An e-book.
    Epub,
    /// Rich Text Format.
    Rtf,
    /// A web page.
    Html,
    /// A picture.
    Image,
    /// Sound or film.
    Media,
    /// A ZIP or other archive, or compressed data.
    Archive,
    /// A program.
    Program,
    /// A database.
    Database,
    /// Text in UTF-32.
    Utf32,
    /// Bytes that no encoding explains.
    Binary,
}

/// Known first bytes: offset, bytes, kind. The first that fits decides.
const MAGIC: &[(usize, &[u8], Foreign)] = &[
    (0, b"%PDF-", Foreign::Pdf),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Foreign::OldOffice),
    (30, b"mimetypeapplication/epub+zip", Foreign::Epub),
    (30, b"mimetypeapplication/vnd.oasis.opendocument.text", Foreign::Odt),
    (0, b"{\\rtf", Foreign::Rtf),
    (0, b"\x89PNG\r\n\x1A\n", Foreign::Image),
    (0, b"\xFF\xD8\xFF", Foreign::Image),
    (0, b"GIF87a", Foreign::Image),
    (0, b"GIF89a", Foreign::Image),
    (0, b"II*\0", Foreign::Image),
    (0, b"MM\0*", Foreign::Image),
    (8, b"WEBP", Foreign::Image),
    (8, b"AVI ", Foreign::Media),
    (8, b"WAVE", Foreign::Media),
    (4, b"ftyp", Foreign::Media),
    (0, b"ID3", Foreign::Media),
    (0, b"OggS", Foreign::Media),
    (0, b"fLaC", Foreign::Media),
    (0, b"\x1A\x45\xDF\xA3", Foreign::Media),
    (0, b"\x1F\x8B", Foreign::Archive),
    (0, b"BZh", Foreign::Archive),
    (0, b"\xFD7zXZ\0", Foreign::Archive),
    (0, b"\x28\xB5\x2F\xFD", Foreign::Archive),
    (0, b"7z\xBC\xAF\x27\x1C", Foreign::Archive),
    (0, b"Rar!\x1A\x07", Foreign::Archive),
    (257, b"ustar", Foreign::Archive),
    (0, b"\x7FELF", Foreign::Program),
    (0, b"\xCF\xFA\xED\xFE", Foreign::Program),
    (0, b"\0asm", Foreign::Program),
    (0, b"SQLite format 3\0", Foreign::Database),
    (0, b"\xFF\xFE\0\0", Foreign::Utf32),
    (0, b"\0\0\xFE\xFF", Foreign::Utf32),
];

impl Foreign {
    /// What stands for the kind in messages and in the catalogue of words.
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

    /// A command that makes plain text of such a file, `{}` standing for the file; `None` where
    /// no text can be had of it.
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

    /// What kind of file, not text, begins with `head`; `None` for text. `encoding` is what the
    /// text would be decoded as; `forced` says that the user named it, who then answers for odd
    /// bytes, but not for a file of a known type.
    #[must_use]
    pub fn of(path: &Path, head: &[u8], encoding: Encoding, forced: bool) -> Option<Self> {
        let odd = || !forced && !is_utf16(encoding) && is_no_text(head, encoding);
        Self::known(path, head).or_else(|| odd().then(|| if head.starts_with(b"MZ") { Self::Program } else { Self::Binary }))
    }

    /// The known type of a file that begins with `head`; `None` for text and for what is not
    /// known.
    #[must_use]
    pub fn known(path: &Path, head: &[u8]) -> Option<Self> {
        let fits = |offset: usize, magic: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(magic));
        if let Some((_, _, kind)) = MAGIC.iter().find(|(offset, magic, _)| fits(*offset, magic)) {
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

fn is_named(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|extension| extensions.iter().any(|name| extension.eq_ignore_ascii_case(name)))
}

/// Whether the file says it is a web page: by its first words, which no speech begins with.
/// Comments and an XML declaration may stand before them.
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

/// Whether the bytes are none of a text, however damaged: zero bytes or control bytes in numbers,
/// or fewer of them in what reads as Chinese no better than chance. Zero bytes at the end, which
/// a broken copy leaves, do not count.
fn is_no_text(head: &[u8], encoding: Encoding) -> bool {
    let length = head.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    if length == 0 {
        return !head.is_empty();
    }
    let head = &head[..length];
    let zeros = memchr::memchr_iter(0, head).count();
    // Without a branch, and in sums that a byte holds, many bytes are looked at in one step.
    let is_odd = |byte: u8| {
        u8::from(byte.wrapping_sub(1) < 8)
            + u8::from(byte.wrapping_sub(14) < 12)
            + u8::from(byte.wrapping_sub(28) < 4)
            + u8::from(byte == 127)
    };
    let odd = zeros + head.chunks(255).map(|part| usize::from(part.iter().map(|byte| is_odd(*byte)).sum::<u8>())).sum::<usize>();
    let reads = || {
        let chinese = [Encoding::UTF8, Encoding::GB18030, Encoding::BIG5].contains(&encoding);
        chinese && decode::malformed(head, encoding) <= (length / 20).max(4)
    };
    odd * 3 > length || (zeros >= 4 && zeros * 50 > length) || (odd * 20 > length && !reads())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::text::decode::decode;
    use pizhu_text::text::decode::encode;

    fn kind(name: &str, head: &[u8]) -> Option<Foreign> {
        Foreign::of(Path::new(name), head, decode(head, None).encoding, false)
    }

    #[test]
    fn known_types_are_told_by_their_first_bytes() {
        assert_eq!(kind("a.txt", b"%PDF-1.7\n%\xE2\xE3"), Some(Foreign::Pdf));
        assert_eq!(kind("a.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"), Some(Foreign::OldOffice));
        assert_eq!(kind("a.docx", b"PK\x03\x04\x14\0\x06\0"), Some(Foreign::Docx));
        assert_eq!(kind("a", b"PK\x03\x04\x14\0\x06\0word/document.xml"), Some(Foreign::Docx));
        assert_eq!(kind("a.epub", b"PK\x03\x04\x14\0\x06\0"), Some(Foreign::Epub));
        assert_eq!(kind("a.doc", b"<!-- saved -->\n<html>"), Some(Foreign::Html));
        assert_eq!(kind("a.htm", b"<p>x"), Some(Foreign::Html));
        assert_eq!(kind("a.txt", b"<p>x"), None);
        assert_eq!(kind("a.zip", b"PK\x03\x04\x14\0\x06\0"), Some(Foreign::Archive));
        assert_eq!(kind("a", b"\x7FELF\x02\x01\x01"), Some(Foreign::Program));
        assert_eq!(kind("a.txt", "\u{FEFF}\n <!DOCTYPE HTML><p>讲话".as_bytes()), Some(Foreign::Html));
        assert_eq!(kind("a.txt", b"\0\x01\x02\x03\x04rest"), Some(Foreign::Binary));
        let records: Vec<u8> = (0..200u8).flat_map(|n| [n, 0, 0, 0, b'a' + n % 26, b'b', 0, 0]).collect();
        assert_eq!(kind("records", &records), Some(Foreign::Binary));
        let noise: Vec<u8> = (0u32..4000).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert_eq!(kind("noise", &noise), Some(Foreign::Binary));
    }

    #[test]
    fn text_in_every_encoding_is_text() {
        let sample = "同志们：\n一、要把青禾县的基层组织建设抓实，2025年取得新进步。\n\u{C}";
        for encoding in [Encoding::UTF8, Encoding::GB18030, Encoding::UTF16LE, Encoding::UTF16BE] {
            let bytes = encode(sample, encoding).unwrap();
            assert_eq!(kind("a.txt", &bytes), None, "{}", encoding.name());
        }
        assert_eq!(kind("a.txt", b""), None);
        assert_eq!(kind("a.txt", b"MZ: an English text"), None);
    }

    #[test]
    fn damage_is_no_refusal_and_the_user_may_insist() {
        let mut damaged = "临江市的工作要有新的进步。".repeat(20).into_bytes();
        damaged[30] = 0;
        damaged[100] = 0xFF;
        assert_eq!(kind("a.txt", &damaged), None);
        let short = b"\x01\x02\xE5\x90\x8C\xE5\xBF\x97\x03\xE4\xBB\xAC\xFF\x04\xFE\xEF\xBC\x9A\n\xE5\xA5\xBD\xE3\x80\x82\x05\n";
        assert_eq!(kind("a.txt", short), None, "a short text, badly damaged");
        damaged.extend([0; 4096]);
        assert_eq!(kind("a.txt", &damaged), None, "zeros behind a broken copy");
        assert_eq!(Foreign::of(Path::new("a"), b"a\0b\0\x01", Encoding::GB18030, true), None);
        assert_eq!(Foreign::of(Path::new("a"), b"%PDF-1.7", Encoding::GB18030, true), Some(Foreign::Pdf));
    }
}
