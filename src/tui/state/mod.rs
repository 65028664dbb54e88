//! What the program knows while it runs, split by screen. No colours, no terminal, no input or
//! output: commands and events change it, views draw it.

mod across;
mod annotations;
mod beside;
mod command_line;
mod counts;
pub mod help;
mod library;
mod notice;
mod outline;
mod overlay;
mod places;
mod pointer;
mod prompt;
mod reader;
mod reload;
mod review;
mod search;
mod selection;
mod setting;
pub mod size;

pub use across::{Across, Answer, Arrival, Ink, Inquiry, Offer, Pieces, Row, Said, Spot, Subject};
pub use annotations::{Mark, Notes};
pub use beside::{Beside, Pane, Side};
pub use counts::{Counts, Form};
pub use help::Help;
pub use library::{Entries, Entry, Library, Order};
pub use notice::{Notice, Tone};
pub use outline::OutlinePane;
pub use overlay::{About, Bookmarks, Choosing, Draft, Editor, Exporting, Listing, Offering, Overlay, Palette, Picking};
pub use pointer::Pointer;
pub use prompt::{Prompt, PromptKind, PromptLabel};
pub use reader::{Focus, Jumps, Origin, Reader};
pub use review::Review;
pub use search::Search;
pub use selection::{Selection, Unit};
pub use setting::{Item, Setting};
pub use size::{Panes, Size};

use super::{
    command::{
        Context,
        keymap::{Keymap, Pending},
    },
    effect::Effect,
    theme::Theme,
};
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Target;
use pizhu_text::layout::Style;
use crate::locale::Locale;
use crate::settings::Settings;
use pizhu_text::text::width::Ambiguous;

/// Which screen is shown under the overlays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The list of speeches.
    Library,
    /// One speech.
    Reader,
    /// Rows out of many speeches.
    Across,
    /// Tags counted.
    Counts,
    /// Two texts side by side.
    Beside,
}

/// The whole state.
#[derive(Debug)]
pub struct State {
    /// The terminal's size.
    pub size: Size,
    /// The screen shown.
    pub screen: Screen,
    /// The list of speeches.
    pub library: Library,
    /// The open speech.
    pub reader: Option<Reader>,
    /// The rows out of many speeches.
    pub across: Option<Across>,
    /// The tags counted.
    pub counts: Option<Counts>,
    /// The two texts side by side.
    pub beside: Option<Beside>,
    /// Where the speech that is being opened is to be read.
    pub arrival: Option<Arrival>,
    /// Numbers the questions across speeches, so that only the newest is answered.
    pub asked: u64,
    /// What lies over the screen.
    pub overlay: Option<Overlay>,
    /// What that was opened from, to be shown again when it is left.
    pub beneath: Option<Overlay>,
    /// The keys.
    pub keymap: Keymap,
    /// The keys pressed towards a command.
    pub pending: Pending,
    /// The mouse.
    pub pointer: Pointer,
    /// What the status line has to say.
    pub notice: Option<Notice>,
    /// The settings as they are in the file.
    pub settings: Settings,
    /// How text is set and panes are divided, by the settings.
    pub setting: Setting,
    /// The names of the themes there are.
    pub themes: Vec<String>,
    /// The name of the theme shown.
    pub theme: String,
    /// The words of the interface.
    pub locale: Locale,
    /// The annotation taken up to be put elsewhere.
    pub moving: Option<AnnotationId>,
    /// The tags put last, for the command that repeats them.
    pub last_tags: Vec<String>,
    /// The lines typed into prompts before, by kind.
    pub history: prompt::History,
    /// Numbers the speeches opened, so that an answer about an earlier one is known as such.
    pub opened: u64,
}

impl State {
    /// A state that shows the library; `settings` are those of the file.
    #[must_use]
    pub fn new(size: Size, keymap: Keymap, library: Library, settings: Settings) -> Self {
        Self {
            size,
            screen: Screen::Library,
            library,
            reader: None,
            across: None,
            counts: None,
            beside: None,
            arrival: None,
            asked: 0,
            overlay: None,
            beneath: None,
            keymap,
            pending: Pending::default(),
            pointer: Pointer::new(settings.mouse),
            notice: None,
            setting: Setting::of(&settings, Ambiguous::default()),
            settings,
            themes: Theme::names(None),
            theme: String::new(),
            locale: Locale::default(),
            moving: None,
            last_tags: Vec::new(),
            history: prompt::History::default(),
            opened: 0,
        }
    }

    /// What has the focus.
    #[must_use]
    pub fn context(&self) -> Context {
        if let Some(overlay) = &self.overlay {
            return overlay.context();
        }
        match (self.screen, &self.reader) {
            (Screen::Reader, Some(reader)) if reader.focus == Focus::Outline => Context::Outline,
            (Screen::Reader, Some(_)) => Context::Reader,
            (Screen::Across, _) if self.across.as_ref().is_some_and(|across| across.subject == Subject::Search) => Context::Query,
            (Screen::Across, _) => Context::Across,
            (Screen::Counts, _) => Context::Counts,
            (Screen::Beside, _) => Context::Beside,
            _ => Context::Library,
        }
    }

    /// Where things are on the screen.
    #[must_use]
    pub fn panes(&self) -> Panes {
        Panes::of(self.size, &self.setting, self.reader.as_ref())
    }

    /// Fits the open speech into its pane; to be called when sizes or panes may have changed.
    pub fn arrange(&mut self) {
        self.fit_overlay();
        self.library.set_height(self.size.library().height);
        self.arrange_across();
        self.arrange_counts();
        self.arrange_beside();
        let panes = self.panes();
        if let Some(reader) = &mut self.reader {
            let style = Style { width: panes.column.width, ..self.setting.style };
            reader.arrange(style, self.setting.spacing, panes.column.height, panes.outline.height);
        }
    }

    /// Takes the terminal's new size.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
        self.arrange();
    }

    /// Opens a speech: the answer is an event.
    pub fn open(&mut self, path: &std::path::Path, effects: &mut Vec<Effect>) {
        self.keep_place(effects);
        self.opened += 1;
        self.notice = None;
        effects.push(Effect::Open { number: self.opened, path: path.to_owned() });
    }

    /// Shows a speech that was opened.
    pub fn show(&mut self, mut reader: Reader) {
        reader.outline_shown = self.settings.outline_width > 0;
        self.reader = Some(reader);
        self.moving = None;
        self.screen = Screen::Reader;
        self.overlay = None;
        self.beneath = None;
        self.arrange();
    }

    /// Closes the open speech and shows the rows it was opened from, else the library.
    pub fn close(&mut self, effects: &mut Vec<Effect>) {
        self.keep_place(effects);
        self.reader = None;
        self.beneath = None;
        self.screen = match (&self.beside, &self.across, &self.counts) {
            (Some(_), ..) => Screen::Beside,
            (None, Some(_), _) => Screen::Across,
            (None, None, Some(_)) => Screen::Counts,
            (None, None, None) => Screen::Library,
        };
        effects.push(Effect::Close);
        effects.push(self.library.rescan());
    }

    /// Has the place in the open speech remembered.
    pub fn keep_place(&mut self, effects: &mut Vec<Effect>) {
        if let Some(reader) = &self.reader {
            effects.push(Effect::KeepPlace(reader.place()));
        }
    }

    /// What tags and notes go on: the selection, else the section one is in.
    ///
    /// # Errors
    /// What to say where there is neither, or the section tree is not final yet.
    pub fn target(&self) -> Result<Target, Notice> {
        self.reader.as_ref().ok_or_else(|| Notice::hint("no-speech"))?.target()
    }

    /// Drops the selection, after it was tagged or noted.
    pub fn drop_selection(&mut self) {
        if let Some(reader) = &mut self.reader {
            reader.selection = None;
        }
    }
}
