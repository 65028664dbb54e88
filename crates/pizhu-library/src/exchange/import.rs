//! Reads files to import: detects their format and calls its reader.

pub use super::import_entry::{Excerpt, ImportBatch, ImportEntry, ImportError};

use super::{csv, format::Format, import_entry::utf8, json, qdpx, ron, web_annotation};
use std::path::Path;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

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
    let read = detect(path, bytes)?.read.ok_or(ImportError::Unknown)?;
    read(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes))
}

/// Detects the format of a file.
fn detect(path: &Path, bytes: &[u8]) -> Result<Format, ImportError> {
    if bytes.starts_with(b"PK\x03\x04") {
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
    if named("csv") || start.lines().next().is_some_and(|line| line.contains(',')) { Ok(csv::FORMAT) } else { Err(ImportError::Unknown) }
}
