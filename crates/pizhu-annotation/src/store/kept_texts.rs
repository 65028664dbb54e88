//! A folder of texts kept by the hash of their chars, compressed: the latest ones.

use super::snapshots::{compress, exact_hash, unpack};
use crate::storage::{Disk, Storage, create_dir_synced};
use pizhu_text::text::SourceText;
use std::{
    io,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// Maximum number of texts kept.
const MAX_TEXTS: usize = 200;
/// Maximum size in bytes of a text that is kept.
const MAX_TEXT_BYTES: usize = 1 << 20;

/// The texts that were read last, in a folder that only the user can read.
///
/// ```
/// use pizhu_annotation::store::KeptTexts;
/// use pizhu_text::text::SourceText;
///
/// let dir = tempfile::tempdir().unwrap();
/// let texts = KeptTexts::new(dir.path().join("texts"));
/// let name = texts.keep(&SourceText::from("同志们：")).unwrap();
/// assert_eq!(texts.read(&name), Some(SourceText::from("同志们：")));
/// assert_eq!(texts.read("another"), None);
/// ```
#[derive(Debug, Clone)]
pub struct KeptTexts {
    dir: PathBuf,
}

impl KeptTexts {
    /// The texts in `dir`, which need not exist.
    #[must_use]
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// The name of a text; `None` if it is too long to be kept.
    #[must_use]
    pub fn name(source: &SourceText) -> Option<String> {
        (!source.is_empty() && source.len_bytes() <= MAX_TEXT_BYTES).then(|| exact_hash(source))
    }

    /// Keeps a text and returns its name; `None` if it is too long or cannot be written.
    #[must_use]
    pub fn keep(&self, source: &SourceText) -> Option<String> {
        let name = Self::name(source)?;
        self.try_keep(&name, source).ok()?;
        Some(name)
    }

    fn try_keep(&self, name: &str, source: &SourceText) -> io::Result<()> {
        let path = self.path(name);
        if Disk.fingerprint(&path).is_ok() {
            return Ok(());
        }
        create_dir_synced(&Disk, &self.dir, true)?;
        let draft = self.dir.join(format!(".{:032x}.new", Uuid::now_v7().as_u128()));
        let written = Disk.write(&draft, &compress(source)?, true).and_then(|()| Disk.rename(&draft, &path));
        if written.is_err() {
            let _ = Disk.remove(&draft);
        }
        self.drop_oldest();
        written
    }

    /// The text of this name, if it is kept and undamaged.
    #[must_use]
    pub fn read(&self, name: &str) -> Option<SourceText> {
        // The name comes from a file.
        if !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let path = self.path(name);
        Disk.fingerprint(&path).ok().filter(|fingerprint| fingerprint.len <= MAX_TEXT_BYTES as u64)?;
        unpack(&Disk.read(&path).ok()?, MAX_TEXT_BYTES)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.gz"))
    }

    /// Deletes the texts beyond the maximum that were written longest ago.
    fn drop_oldest(&self) {
        let files = Disk.list(&self.dir).unwrap_or_default();
        if files.len() <= MAX_TEXTS {
            return;
        }
        let modified = |path: &Path| Disk.fingerprint(path).ok().and_then(|fingerprint| fingerprint.modified);
        let mut files: Vec<_> = files.into_iter().map(|path| (modified(&path), path)).collect();
        files.sort();
        let surplus = files.len() - MAX_TEXTS;
        for (_, path) in files.into_iter().take(surplus) {
            // One too many is harmless.
            let _ = Disk.remove(&path);
        }
    }
}
