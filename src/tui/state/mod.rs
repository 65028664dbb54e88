//! Everything the program knows while it runs, one module per screen or overlay. Changed by
//! commands and events (see [`super::update`]), drawn by views; does no input or output.

mod display_options;
mod pointer;
pub(crate) mod size;

pub(crate) use super::screens::ScreenKind;
pub(crate) use crate::tui::screens::compare::screen::CompareScreen;
pub(crate) use crate::tui::screens::counts::screen::{CountsDisplay, CountsScreen};
pub use crate::tui::screens::library::screen::LibraryScreen;
pub(crate) use crate::tui::screens::library::screen::SortOrder;
pub(in crate::tui) use crate::tui::screens::library::screen::{LENGTH_WIDTH, MIN_HEADS_WIDTH, MINUTES_WIDTH};
pub(crate) use crate::tui::screens::reader::annotations::SpeechAnnotations;
pub(crate) use crate::tui::screens::reader::outline::OutlinePane;
pub(crate) use crate::tui::screens::reader::screen::Focus;
pub use crate::tui::screens::reader::screen::{Origin, ReaderScreen};
pub(crate) use crate::tui::screens::reader::search::TextSearch;
pub(crate) use crate::tui::screens::reader::selection::Selection;
pub(crate) use crate::tui::screens::reader::text_unit::TextUnit;
pub(crate) use crate::tui::screens::results::passage_layout::PassageColumn;
pub(crate) use crate::tui::screens::results::screen::{PendingJump, ResultsScreen};
pub(crate) use crate::tui::screens::tags::screen::DoneEdit;
pub(crate) use crate::tui::screens::tags::screen::TagsScreen;
pub(crate) use display_options::DisplayOptions;
pub(crate) use pointer::Pointer;
pub(crate) use size::Panes;

use super::{
    key::PendingKeys,
    message::{Context, Size, StatusMessage},
    overlay::{FoundDraft, NoteEditor, Overlay, PromptHistory, TargetLabel},
    preview::pane::PreviewPane,
    screens::basket::screen::{BasketHistory, BasketScreen},
    screens::memos::screen::MemosScreen,
    theme::Theme,
};
use crate::locale::{Locale, notice};
use crate::settings::Settings;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::AttributeType;
use pizhu_annotation::Target;
use pizhu_text::text::width::AmbiguousWidth;

/// The application state.
#[derive(Debug)]
pub struct State {
    /// The terminal's size.
    pub size: Size,
    /// The screen shown.
    pub screen: ScreenKind,
    /// The list of speeches.
    pub library: LibraryScreen,
    /// The preview beside it.
    pub(crate) preview: PreviewPane,
    /// The open speech.
    pub reader: Option<ReaderScreen>,
    /// Results of a query over many speeches.
    pub results: Option<ResultsScreen>,
    /// The table of tag counts.
    pub counts: Option<CountsScreen>,
    /// The two texts side by side.
    pub compare: Option<CompareScreen>,
    /// The tags of the codebook.
    pub tags: Option<TagsScreen>,
    /// The memos of a store.
    pub memos: Option<MemosScreen>,
    /// The entries of a basket.
    pub(crate) basket: Option<BasketScreen>,
    /// The screen that it was opened from.
    pub(crate) basket_opened_from: ScreenKind,
    /// The edits of baskets.
    pub(crate) basket_history: BasketHistory,
    /// Jump to perform when the speech being opened has arrived.
    pub pending_jump: Option<PendingJump>,
    /// Number of the last query over many speeches; results of older ones are dropped.
    pub last_query: u64,
    /// The overlay shown.
    pub(in crate::tui) overlay: Option<Overlay>,
    /// The overlays it was opened from, which are shown again when it closes; the nearest last.
    pub(in crate::tui) overlays_below: Vec<Overlay>,
    /// Drafts of the open speech that are still to be offered.
    pub(in crate::tui) found_drafts: Vec<FoundDraft>,
    /// The keys pressed of an incomplete sequence.
    pub pending_keys: PendingKeys,
    /// State of the mouse.
    pub pointer: Pointer,
    /// The message of the status line.
    pub status: Option<StatusMessage>,
    /// The settings as in their file.
    pub settings: Settings,
    /// Layout options derived from the settings.
    pub display_options: DisplayOptions,
    /// Names of the available themes.
    pub theme_names: Vec<String>,
    /// Name of the theme in use.
    pub theme_name: String,
    /// The interface language.
    pub locale: Locale,
    /// The annotation picked up to be attached elsewhere.
    pub moving_annotation: Option<AnnotationId>,
    /// The tags applied last, for the command that repeats them.
    pub last_tags: Vec<pizhu_annotation::TagRef>,
    /// The types that the project has fixed for attributes.
    pub attribute_types: Vec<(String, AttributeType)>,
    /// Lines entered in prompts, by kind.
    pub(in crate::tui) prompt_history: PromptHistory,
    /// Number of the last opening of a speech; events of earlier ones are dropped.
    pub last_opening: u64,
    /// Name of the command chosen in the palette or the command line, which runs next.
    pub queued_command: Option<&'static str>,
}

impl State {
    /// A state that shows the library.
    #[must_use]
    pub fn new(size: Size, library: LibraryScreen, settings: Settings) -> Self {
        let mut state = Self {
            size,
            screen: ScreenKind::Library,
            library,
            preview: PreviewPane::default(),
            reader: None,
            results: None,
            counts: None,
            compare: None,
            tags: None,
            memos: None,
            basket: None,
            basket_opened_from: ScreenKind::Library,
            basket_history: BasketHistory::default(),
            pending_jump: None,
            last_query: 0,
            overlay: None,
            overlays_below: Vec::new(),
            found_drafts: Vec::new(),
            pending_keys: PendingKeys::default(),
            pointer: Pointer::new(settings.mouse),
            status: None,
            display_options: DisplayOptions::new(&settings, AmbiguousWidth::default()),
            settings,
            theme_names: Theme::names(None),
            theme_name: String::new(),
            locale: Locale::default(),
            moving_annotation: None,
            last_tags: Vec::new(),
            attribute_types: Vec::new(),
            prompt_history: PromptHistory::default(),
            last_opening: 0,
            queued_command: None,
        };
        state.library.set_columns(&state.settings.library_columns);
        state.library.set_order(&state.settings.library_order);
        // A list without a height would scroll under its selection.
        state.arrange();
        state
    }

    /// The keymap context of the focused screen, pane or overlay.
    #[must_use]
    pub fn context(&self) -> Context {
        if let Some(overlay) = &self.overlay {
            return overlay.component().context();
        }
        (self.screen.functions().context)(self)
    }

    /// Areas of the reader's screen.
    #[must_use]
    pub fn panes(&self) -> Panes {
        Panes::new(self.size, &self.display_options, self.reader.as_ref())
    }

    /// The target of tags and notes: the selection, else the current section.
    ///
    /// # Errors
    /// With a status message if there is neither, or the outline is provisional.
    pub fn target(&self) -> Result<Target, StatusMessage> {
        self.reader.as_ref().ok_or_else(|| StatusMessage::hint(notice::NO_SPEECH))?.target()
    }

    /// The note editor, if one is open.
    #[must_use]
    pub(in crate::tui) fn note_editor(&self) -> Option<&NoteEditor> {
        self.overlay.iter().chain(&self.overlays_below).find_map(|overlay| match overlay {
            Overlay::Editor(editor) => Some(editor),
            _ => None,
        })
    }

    /// Label of the target of the tag picker or note editor, if one is open.
    #[must_use]
    pub(crate) fn target_label(&self) -> Option<TargetLabel> {
        self.overlay.as_ref()?.component().target_label(self)
    }

    /// Marks the selection as tagged: it stays until the cursor moves.
    pub(crate) fn spend_selection(&mut self) {
        if let Some(reader) = &mut self.reader {
            let cursor = reader.viewport.cursor();
            if let Some(selection) = &mut reader.selection {
                selection.tagged_at = Some(cursor);
            }
        }
    }

    /// Clears the selection after it was annotated.
    pub(crate) fn drop_selection(&mut self) {
        if let Some(reader) = &mut self.reader {
            reader.selection = None;
        }
    }
}
