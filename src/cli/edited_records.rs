//! Changing what is known of speeches beside their annotations.

use super::{CliContext, CliError, Status, context::warn, error::store_warning, named_speeches};
use pizhu_annotation::store::SpeechKey;
use pizhu_annotation::{RecordSet, Store};
use pizhu_library::source::Speech;
use std::path::PathBuf;

impl CliContext {
    /// Changes what is known of a speech, and saves it.
    pub(super) fn edit_records(&self, store: &Store, speech: &Speech, change: impl Fn(&mut RecordSet)) -> Result<(), CliError> {
        let key = SpeechKey::from_document(store.location(), &speech.document, &speech.path);
        let outcome = store.edit_records(&key, &self.annotator(), change)?;
        for warning in outcome.warnings {
            warn(&store_warning(&warning, self.locale));
        }
        named_speeches::remember(&speech.path, store.location());
        Ok(())
    }

    /// Does something with each of some speeches.
    pub(super) fn with_each_speech(
        &mut self,
        files: &[PathBuf],
        act: impl Fn(&Self, &Store, &Speech) -> Result<(), CliError>,
    ) -> Result<Status, CliError> {
        for file in files {
            let done = self.open_to_annotate(file).and_then(|speech| {
                let store = self.store_of(file)?;
                act(self, &store, &speech)
            });
            // A value that does not fit is wrong for every speech.
            match done {
                Err(error @ CliError::Attribute(_)) => return Err(error),
                done => {
                    self.unless_among(done, files)?;
                }
            }
        }
        Ok(self.done())
    }
}
