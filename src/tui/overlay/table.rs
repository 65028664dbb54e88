//! The table of overlays.

/// Calls a macro with all overlays: the name, the module and the type of each.
macro_rules! overlay_table {
    ($declare:ident) => {
        $declare! {
            /// The help screen.
            Help: help::Help,
            /// Picks tags.
            TagPicker: tag_picker::TagPicker,
            /// Picks one of several annotations.
            AnnotationPicker: annotation_picker::AnnotationPicker,
            /// Picks a command.
            Palette: palette::CommandPalette,
            /// Edits a note.
            Editor: note_editor::NoteEditor,
            /// Shows one annotation.
            Card: card::AnnotationCard,
            /// Shows the attributes of the speech.
            Attributes: attributes::AttributesCard,
            /// Lists the annotations of the speech.
            Annotations: annotation_list::AnnotationList,
            /// Lists annotations that need a decision.
            Review: review::Review,
            /// Picks an entry of the history, the disagreements or the copies.
            QuickPick: quick_pick::QuickPick,
            /// Picks a tag or a speech by name.
            NamePicker: name_picker::NamePicker,
            /// Picks an export format.
            FormatPicker: format_picker::FormatPicker,
            /// The settings.
            Settings: settings::SettingsMenu,
            /// Picks a bookmark.
            BookmarkPicker: bookmarks::BookmarkPicker,
            /// A short introduction: how to read, tag and export.
            Welcome: welcome::Welcome,
            /// The prompt in the bottom line.
            Prompt: prompt::Prompt,
        }
    };
}
