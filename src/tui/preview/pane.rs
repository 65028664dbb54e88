//! The state of the preview.
//!
//! Invariant: what is shown is of the selected speech, or nothing.

use crate::tui::message::{LibraryEntry, SpeechPreview};
use std::{collections::VecDeque, path::Path, sync::Arc};

/// Number of previews kept, so that moving to and fro asks for nothing.
const MAX_KEPT: usize = 48;

/// The preview, and those kept.
#[derive(Debug, Default)]
pub(crate) struct PreviewPane {
    /// The previews with the entries of which they were made, the latest last.
    kept: VecDeque<(Arc<LibraryEntry>, Arc<SpeechPreview>)>,
    /// The entry that was asked for last and has not come.
    asked: Option<Arc<LibraryEntry>>,
}

impl PreviewPane {
    /// The preview of an entry, if it is kept and the entry has not changed since.
    #[must_use]
    pub(crate) fn of(&self, entry: &LibraryEntry) -> Option<&SpeechPreview> {
        self.kept.iter().rev().find(|(of, _)| **of == *entry).map(|(_, preview)| &**preview)
    }

    /// Whether an entry's preview is to be asked for: it is neither kept nor on its way.
    pub(crate) fn ask(&mut self, entry: &Arc<LibraryEntry>) -> bool {
        if self.of(entry).is_some() || self.asked.as_ref().is_some_and(|asked| Arc::ptr_eq(asked, entry) || asked == entry) {
            return false;
        }
        self.asked = Some(Arc::clone(entry));
        true
    }

    /// Takes a preview that was asked for.
    pub(crate) fn set(&mut self, preview: SpeechPreview) {
        let Some(asked) = self.asked.take_if(|asked| *asked.path == *preview.path) else { return };
        self.kept.retain(|(of, _)| of.path != asked.path);
        if self.kept.len() >= MAX_KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((asked, Arc::new(preview)));
    }

    /// Forgets a speech, which was open meanwhile.
    pub(crate) fn forget(&mut self, path: &Path) {
        self.kept.retain(|(of, _)| of.path != path);
    }
}
