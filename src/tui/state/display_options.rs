//! Display options derived from the settings, and the settings that can be changed in the program.

use crate::settings;
use crate::settings::Settings;
use crate::tui::viewport::flow::Spacing;
use pizhu_text::layout;
use pizhu_text::layout::LayoutStyle;
use pizhu_text::text::width::AmbiguousWidth;

/// Layout of text and panes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayOptions {
    /// Layout style; its width is the maximum width of the text column.
    pub style: LayoutStyle,
    /// Blank rows between rows and paragraphs.
    pub spacing: Spacing,
    /// Width of the outline in cells, if there is room for it.
    pub outline_width: u16,
    /// Whether the outline takes more on a wide screen; not if the user has chosen a width.
    pub outline_grows: bool,
    /// Whether panes may stand beside the text. Off for screen readers, which read row by row: then the
    /// outline replaces the text.
    pub side_panes: bool,
    /// Whether notes are shown in the margin, if there is room.
    pub margin_notes: bool,
}

/// Width of the outline, in cells, if the user has chosen none: on a wide screen it takes more.
const DEFAULT_OUTLINE_WIDTH: u16 = 32;

impl DisplayOptions {
    /// Derives the options from the settings and the terminal's width of ambiguous characters.
    #[must_use]
    pub fn new(settings: &Settings, ambiguous: AmbiguousWidth) -> Self {
        Self {
            style: LayoutStyle {
                width: settings.column_width.saturating_mul(2),
                ambiguous,
                first_indent: settings.first_indent.saturating_mul(2),
                kinsoku: match settings.kinsoku {
                    settings::KinsokuLevel::Strict => layout::KinsokuStrictness::Strict,
                    settings::KinsokuLevel::Loose => layout::KinsokuStrictness::Loose,
                },
                hanging: settings.hanging,
                justify: settings.justify,
            },
            spacing: Spacing { paragraph: settings.paragraph_spacing, line: settings.line_spacing },
            outline_width: if settings.outline_width == 0 { DEFAULT_OUTLINE_WIDTH } else { settings.outline_width },
            outline_grows: matches!(settings.outline_width, 0 | DEFAULT_OUTLINE_WIDTH),
            side_panes: settings.frames,
            margin_notes: settings.notes_pane && settings.frames,
        }
    }
}
