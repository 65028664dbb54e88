//! Which unions of tags this machine has told its user of.
//!
//! Tags of one parent and name are united whenever the codebook is read, and in its file only by the
//! next change of it. In between every process would tell the same again.
//!
//! Losing a note costs at most that a union is told once more; so writing waits for no disk, and a
//! failure is passed over.

use super::{handle::Store, warning::StoreWarning};
use crate::codebook::TagId;
use crate::journal::{decode_lines, encode_line};
use crate::storage::create_dir_synced;
use std::collections::BTreeSet;

/// Name of the file in this store's folder of the state folder.
const FILE: &str = "united.log";
/// Kind of the folder among the state folders.
const KIND: &str = "seen";

impl Store {
    /// Drops the warnings of unions that were told before, and notes that the others are told now.
    pub(super) fn retain_untold_unions(&self, warnings: &mut Vec<StoreWarning>) {
        if !self.has_state() || !warnings.iter().any(|warning| matches!(warning, StoreWarning::TagsUnited(_))) {
            return;
        }
        let dir = self.state_subdir(KIND);
        let path = dir.join(FILE);
        let told: BTreeSet<(TagId, TagId)> =
            self.storage.read(&path).map(|bytes| decode_lines(&bytes).into_iter().collect()).unwrap_or_default();
        // The first byte ends what a process may have left that died while writing.
        let mut lines = String::from("\n");
        warnings.retain(|warning| {
            let StoreWarning::TagsUnited(united) = warning else { return true };
            let pair = (united.tag.id, united.other.id);
            let is_untold = !told.contains(&pair);
            if is_untold {
                lines.extend(encode_line(&pair));
            }
            is_untold
        });
        if lines.len() > 1 && (self.storage.fingerprint(&dir).is_ok() || create_dir_synced(&*self.storage, &dir, true).is_ok()) {
            let _ = self.storage.append(&path, lines.as_bytes(), true);
        }
    }
}
