//! Exporting the annotations of the open speech: pick a format, then enter a file name.

use crate::locale::{id, notice};
use crate::tui::effect::{Effect, ExportRequest};
use crate::tui::message::StatusMessage;
use crate::tui::overlay::{FormatPicker, Overlay, Prompt, PromptKind};
use crate::tui::state::State;
use crate::tui::widget::{Picker, PickerChoice, PickerItem};
use pizhu_library::exchange::FORMATS;
use std::path::{Path, PathBuf};

impl State {
    /// Opens the picker of formats.
    pub(crate) fn open_export(&mut self) {
        let Some(reader) = &self.reader else { return };
        if reader.annotations.all().is_empty() {
            self.status = Some(StatusMessage::hint(notice::NO_ANNOTATIONS));
            return;
        }
        let items = FORMATS.iter().map(|format| PickerItem {
            name: self.locale.about_format(format.name).into_owned(),
            aliases: vec![format.name.to_owned(), format.extension.to_owned()],
            detail: format!(".{}", format.extension),
            ..PickerItem::default()
        });
        let picker = Picker::new(items.collect(), false);
        self.overlay = Some(Overlay::FormatPicker(FormatPicker { picker }));
        self.fit_overlay();
    }

    pub(in crate::tui) fn accept_format(&mut self, format_picker: &FormatPicker) {
        let chosen = match format_picker.picker.choice() {
            Some(PickerChoice::Items(items)) => items.first().copied().filter(|item| *item < FORMATS.len()),
            _ => None,
        };
        let (Some(index), Some(reader)) = (chosen, &self.reader) else {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
            return;
        };
        // In the working directory: the speech's folder may be read-only. Never the speech's own name.
        let stem = reader.origin.path.file_stem().map_or_else(|| "speech".into(), |stem| stem.to_string_lossy().into_owned());
        let suffix = self.locale.text(id::EXPORT_SUFFIX);
        self.prompt_export(index, Path::new(&format!("{stem}-{suffix}.{}", FORMATS[index].extension)));
    }

    /// Asks for the target file.
    pub(crate) fn prompt_export(&mut self, format: usize, path: &Path) {
        let mut prompt = Prompt::new(PromptKind::Export(format), 0);
        prompt.input.set(&path.to_string_lossy());
        self.overlay = Some(Overlay::Prompt(prompt));
    }

    /// Exports the annotations to a file. `overwrite`: the user chose to replace it.
    pub(crate) fn export_annotations(&mut self, format: usize, path: &str, overwrite: bool, effects: &mut Vec<Effect>) {
        let Some(reader) = &self.reader else { return };
        if path.trim().is_empty() {
            self.status = Some(StatusMessage::hint(notice::NO_FILE_NAMED));
            return;
        }
        effects.push(Effect::Export(Box::new(ExportRequest {
            format,
            path: PathBuf::from(path.trim()),
            overwrite,
            speech: reader.origin.path.clone(),
            document: std::sync::Arc::clone(reader.document()),
            annotations: reader.annotations.shared(),
            codebook: reader.annotations.codebook().clone(),
        })));
    }
}
