//! Exporting the annotations of the open speech: a format is chosen, then a file named.

use super::Overlay;
use pizhu_library::exchange::FORMATS;
use crate::tui::effect::Effect;
use crate::tui::effect::Export;
use crate::tui::state::Notice;
use crate::tui::state::Prompt;
use crate::tui::state::PromptKind;
use crate::tui::state::State;
use crate::tui::widget::Choice;
use crate::tui::widget::Picker;
use crate::tui::widget::PickerItem;
use std::path::{Path, PathBuf};

/// Choosing a format.
#[derive(Debug)]
pub struct Exporting {
    /// The formats, each at its place in [`FORMATS`].
    pub picker: Picker,
}

impl State {
    /// Lets a format be chosen to export the speech's annotations in.
    pub fn open_export(&mut self) {
        let Some(reader) = &self.reader else { return };
        if reader.notes.all().is_empty() {
            self.notice = Some(Notice::hint("no-annotations"));
            return;
        }
        let items = FORMATS.iter().map(|format| PickerItem {
            name: self.locale.text(&format!("format-{}", format.name)).into_owned(),
            aliases: vec![format.name.to_owned(), format.extension.to_owned()],
            detail: format!(".{}", format.extension),
            ..PickerItem::default()
        });
        let picker = Picker::new(items.collect(), false);
        self.overlay = Some(Overlay::Exporting(Exporting { picker }));
        self.fit_overlay();
    }

    pub(super) fn accept_format(&mut self, exporting: &Exporting) {
        let chosen = match exporting.picker.choice() {
            Some(Choice::Items(items)) => items.first().copied().filter(|item| *item < FORMATS.len()),
            _ => None,
        };
        let (Some(index), Some(reader)) = (chosen, &self.reader) else {
            self.notice = Some(Notice::hint("nothing-to-choose"));
            return;
        };
        // In the folder one is in: the speech's own may not be for writing.
        let stem = reader.origin.path.file_stem().map_or_else(|| "speech".into(), |stem| stem.to_string_lossy().into_owned());
        self.ask_export(index, Path::new(&format!("{stem}.{}", FORMATS[index].extension)), false);
    }

    /// Asks for the file to export to; `replaces` where it is known to be there.
    pub fn ask_export(&mut self, format: usize, path: &Path, replaces: bool) {
        let mut prompt = Prompt::new(PromptKind::Export(format), 0);
        prompt.input.set(&path.to_string_lossy());
        prompt.replaces = replaces;
        self.overlay = Some(Overlay::Prompt(prompt));
    }

    /// Has the annotations written to the file named.
    pub fn export_to(&mut self, format: usize, path: &str, replaces: bool, effects: &mut Vec<Effect>) {
        let Some(reader) = &self.reader else { return };
        if path.trim().is_empty() {
            self.notice = Some(Notice::hint("no-file-named"));
            return;
        }
        effects.push(Effect::Export(Box::new(Export {
            format,
            path: PathBuf::from(path.trim()),
            replaces,
            speech: reader.origin.path.clone(),
            document: std::sync::Arc::clone(reader.document()),
            placements: reader.notes.placements(),
            codebook: reader.notes.codebook().clone(),
        })));
    }
}
