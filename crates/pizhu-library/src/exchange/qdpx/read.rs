//! Reader of REFI-QDA projects and codebooks. For untrusted files sizes and nesting are bounded, and
//! entities are not expanded.

use super::project_reader::ProjectReader;
use super::source_text::ProjectSource;
use crate::exchange::import_entry::{ImportBatch, ImportError};
use std::{
    collections::HashMap,
    io::{Cursor, Read},
};
use zip::ZipArchive;

/// Minimum limit of an entry's unpacked bytes, whatever its packed size.
const MIN_UNPACKED_LIMIT: u64 = 4 * 1024 * 1024;
/// Maximum unpacked bytes per packed byte.
const MAX_RATIO: u64 = 100;
/// Maximum entries of a project.
const MAX_ENTRIES: usize = 20_000;
/// Maximum unpacked bytes of all sources together.
const MAX_SOURCE_BYTES: usize = 128 * 1024 * 1024;

fn broken(error: impl std::fmt::Display) -> ImportError {
    ImportError::Broken(error.to_string())
}

/// Reads a project.
pub(super) fn read(bytes: &[u8]) -> Result<ImportBatch, ImportError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > MAX_ENTRIES {
        return Err(ImportError::Broken("too many entries".into()));
    }
    // Some programs call it otherwise.
    let named = archive.file_names().flatten().find(|name| name.ends_with(".qde") && !name.contains('/')).map(std::borrow::Cow::into_owned);
    let project = unpack_entry(&mut archive, named.as_deref().unwrap_or("project.qde"))?.ok_or(ImportError::Unknown)?;
    let mut walk = ProjectReader::default();
    let mut known: HashMap<String, Option<ProjectSource>> = HashMap::new();
    let mut unpacked = 0;
    walk.read(&String::from_utf8(project).map_err(broken)?, &mut |path| {
        let Some(name) = path.strip_prefix("internal://") else { return Ok(None) };
        if let Some(source) = known.get(name) {
            return Ok(source.clone());
        }
        // MAXQDA writes `sources`, NVivo `Sources`.
        let mut bytes = None;
        for folder in ["sources", "Sources"] {
            if bytes.is_none() {
                bytes = unpack_entry(&mut archive, &format!("{folder}/{name}"))?;
            }
        }
        unpacked += bytes.as_ref().map_or(0, Vec::len);
        if unpacked > MAX_SOURCE_BYTES {
            return Err(ImportError::Broken(format!("its sources unpack to over {} MB", MAX_SOURCE_BYTES >> 20)));
        }
        let source = bytes.map(|bytes| ProjectSource::decode(&bytes));
        known.insert(name.to_owned(), source.clone());
        Ok(source)
    })?;
    walk.finish()
}

/// Reads a codebook.
pub(super) fn read_codebook(bytes: &[u8]) -> Result<ImportBatch, ImportError> {
    let mut walk = ProjectReader::default();
    walk.read(std::str::from_utf8(bytes).map_err(broken)?, &mut |_| Ok(None))?;
    let found = walk.finish()?;
    if found.tags.is_empty() { Err(ImportError::Unknown) } else { Ok(found) }
}

fn unpack_entry(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<Vec<u8>>, ImportError> {
    let Some(index) = archive.index_for_name(name) else { return Ok(None) };
    let file = archive.by_index(index).map_err(broken)?;
    let most = file.compressed_size().saturating_mul(MAX_RATIO).max(MIN_UNPACKED_LIMIT);
    if file.size() > most {
        return Err(ImportError::Broken(format!("{name} unpacks to too much")));
    }
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 > most { Err(ImportError::Broken(format!("{name} unpacks to too much"))) } else { Ok(Some(bytes)) }
}
