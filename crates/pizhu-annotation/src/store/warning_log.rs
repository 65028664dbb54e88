//! Warnings collected until somebody can tell them.

use super::warning::StoreWarning;
use std::{
    mem,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

/// The warnings of a store's handle and its clones; each is given out once.
#[derive(Debug, Default)]
pub(super) struct WarningLog(Mutex<CollectedWarnings>);

#[derive(Debug, Default)]
struct CollectedWarnings {
    untold: Vec<StoreWarning>,
    told: Vec<StoreWarning>,
}

impl WarningLog {
    /// Keeps a warning, unless it was given before.
    pub(super) fn add(&self, warning: StoreWarning) {
        let mut collected = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !collected.told.contains(&warning) && !collected.untold.contains(&warning) {
            collected.untold.push(warning);
        }
    }

    /// The warnings since the last call.
    pub(super) fn take(&self) -> Vec<StoreWarning> {
        let mut collected = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = mem::take(&mut collected.untold);
        collected.told.extend(taken.iter().cloned());
        // That a file was damaged and put aside is one event, and so is that its head was damaged.
        let put_aside: Vec<PathBuf> = taken
            .iter()
            .filter_map(|warning| if let StoreWarning::PutAside { path, .. } = warning { Some(path.clone()) } else { None })
            .collect();
        taken.retain(
            |warning| !matches!(warning, StoreWarning::Damaged { path, .. } | StoreWarning::Unrecognized(path) if put_aside.contains(path)),
        );
        taken
    }
}
