//! Reads files to import: detects their format and calls its reader.

pub use super::import_entry::{Excerpt, ImportBatch, ImportEntry, ImportError, ImportMemo, ImportProject, ImportSpeech, ImportText, Loss};

use super::{csv, format::Format, import_entry::utf8, json, qdpx, ron, web_annotation};
use pizhu_text::text::decode;
use std::path::Path;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// The first bytes of an archive, as of a REFI-QDA project.
const ZIP_SIGNATURE: &[u8] = b"PK\x03\x04";

/// Reads a file to import; detects its format by the content, then by the name.
///
/// ```
/// use pizhu_library::exchange::import;
/// use std::path::Path;
///
/// let json = r#"[{"document": "讲话.txt", "quote": "抓好落实", "tags": ["作风"]}]"#;
/// let batch = import::read(Path::new("批注.json"), json.as_bytes())?;
/// assert_eq!(batch.entries[0].quote.as_deref(), Some("抓好落实"));
/// assert_eq!(batch.entries[0].tags, ["作风"]);
/// # Ok::<(), import::ImportError>(())
/// ```
///
/// # Errors
/// When the format is unknown or the file malformed.
pub fn read(path: &Path, bytes: &[u8]) -> Result<ImportBatch, ImportError> {
    let decoded = decode_foreign(bytes);
    let bytes = decoded.as_deref().map_or(bytes, str::as_bytes);
    let read = detect(path, bytes)?.read.ok_or(ImportError::Unknown)?;
    read(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes))
}

/// The text of a file in another encoding than UTF-8, such as a table that a Chinese Excel saved in
/// GBK or UTF-16; `None` for UTF-8 and for archives.
pub(super) fn decode_foreign(bytes: &[u8]) -> Option<String> {
    if bytes.starts_with(ZIP_SIGNATURE) || (std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0)) {
        return None;
    }
    let source = decode::decode(bytes, None).source;
    Some(source.slice(source.span()).into_owned())
}

/// Detects the format of a file.
fn detect(path: &Path, bytes: &[u8]) -> Result<Format, ImportError> {
    if bytes.starts_with(ZIP_SIGNATURE) {
        return Ok(qdpx::PROJECT);
    }
    let start = utf8(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes))?.trim_start();
    let named = |extension: &str| path.extension().is_some_and(|name| name.eq_ignore_ascii_case(extension));
    if start.starts_with('<') {
        return Ok(qdpx::CODEBOOK);
    }
    if named("ron") || start.starts_with("(version") || start.starts_with("(\n") {
        return Ok(ron::FORMAT);
    }
    if start.starts_with('{') || start.starts_with('[') {
        let head: String = start.chars().take(4096).collect();
        let is_web_annotation = ["anno.jsonld", "TextQuoteSelector", "\"AnnotationPage\""].iter().any(|word| head.contains(word));
        return Ok(if is_web_annotation { web_annotation::FORMAT } else { json::FORMAT });
    }
    if named("csv") || start.lines().next().is_some_and(|line| line.contains([',', ';', '\t'])) {
        Ok(csv::FORMAT)
    } else {
        Err(ImportError::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::text::Encoding;

    #[test]
    fn tables_of_spreadsheets_are_read_in_any_encoding_and_with_any_delimiter() {
        for delimiter in [",", ";", "\t"] {
            let table = ["document", "quote", "tag"].join(delimiter) + "\r\n" + &["讲话.txt", "抓好落实", "作风"].join(delimiter) + "\r\n";
            let utf16: Vec<u8> = [0xFEFF].into_iter().chain(table.encode_utf16()).flat_map(u16::to_le_bytes).collect();
            let gbk = decode::encode(&table, Encoding::GB18030).unwrap();
            for bytes in [table.clone().into_bytes(), format!("\u{FEFF}{table}").into_bytes(), utf16, gbk] {
                let batch = read(Path::new("批注.csv"), &bytes).unwrap();
                let entry = &batch.entries[0];
                assert_eq!(
                    (entry.document.as_str(), entry.quote.as_deref(), entry.tags.join("")),
                    ("讲话.txt", Some("抓好落实"), "作风".into())
                );
            }
        }
    }
}
