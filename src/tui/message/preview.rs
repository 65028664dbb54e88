//! What the preview beside the library shows of a speech.

use pizhu_annotation::TagRef;
use std::path::PathBuf;

/// A section in the preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewSection {
    /// 1 for the topmost.
    pub depth: usize,
    /// Its marker and title.
    pub heading: String,
    /// The tags of the section and of the passages in it, most used first.
    pub tags: Vec<TagRef>,
}

/// A speech as it is previewed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpeechPreview {
    /// Its file.
    pub path: PathBuf,
    /// Its first lines, without its title.
    pub first_lines: Vec<String>,
    /// Its sections; of a very long speech the first ones.
    pub sections: Vec<PreviewSection>,
    /// Number of notes.
    pub notes: usize,
    /// Number of annotations.
    pub annotations: usize,
    /// Why there is nothing to show; empty if there is.
    pub error: String,
}
