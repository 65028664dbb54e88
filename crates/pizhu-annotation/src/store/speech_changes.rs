//! Changes to a speech that a checkpoint writes.

use super::{loaded_speech::LoadedSpeech, speech_key::SpeechKey};
use crate::edit::Action;

/// Changes to a speech.
#[derive(Clone, Copy)]
pub(super) struct SpeechChanges<'a> {
    pub key: &'a SpeechKey,
    pub actions: &'a [Action],
    /// Changes what is known beside the annotations; returns the action that did it.
    pub records: Option<&'a dyn Fn(&mut LoadedSpeech) -> Action>,
}
