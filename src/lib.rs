//! pizhu (批注): a terminal reader and annotator for long Chinese speeches.
//!
//! This crate is the application: the command line and the interactive reader. It builds on four
//! crates, each of which depends only on those before it:
//!
//! | crate | contents |
//! |---|---|
//! | `pizhu-text` | decoded text, cleaning, outline parser, layout, search; no input or output |
//! | `pizhu-annotation` | annotations, anchors, codebook, merging; store, journal, session |
//! | `pizhu-library` | source formats, catalogue, library search, counts, suggestions, exchange |
//! | `pizhu-terminal` | screen, input, terminal probing; uses only `pizhu-text` |
//!
//! Data flows one way: bytes → decoded text → cleaned text → outline → layout → view; and
//! key → keymap → command → update → effects → draw.
//!
//! `app` holds the use cases, which `cli` and `tui` both call; it words, prints and draws nothing.
//! `settings`, `locale` and `samples` do not depend on `tui` or `cli`, and `tui` not on `cli`.

mod app;
mod cli;
mod locale;
mod samples;
mod settings;
mod tui;

pub use cli::{Arguments, CliError, Preferences, Status, complete, run};

/// What benches, fuzz targets and integration tests drive the application by; not an API.
#[doc(hidden)]
pub mod harness {
    pub use crate::{
        cli::{command, localized_command},
        locale::{Language, Locale},
        samples::SAMPLES,
        settings::Settings,
        tui::{
            command::{COMMANDS, default_keymap, keymap::Keymap, table_markdown},
            crash::report_to,
            effect::AppEvent,
            key::{Key, parse_sequence},
            message::{Context, Size},
            state::{LibraryScreen, Origin, ReaderScreen, State},
            theme::Theme,
            update::update,
            view::{FrameCache, RenderContext, draw, draw_incremental},
            widget::StyleContext,
        },
    };
}
