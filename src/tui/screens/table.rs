//! The table of screens.

/// Calls a macro with all screens: the name, the module and the type of each.
macro_rules! screen_table {
    ($declare:ident) => {
        $declare! {
            /// The list of speeches.
            Library: library::LibraryScreen,
            /// One speech.
            Reader: reader::ReaderScreen,
            /// Results of a query over many speeches.
            Results: results::ResultsScreen,
            /// The table of tag counts.
            Counts: counts::CountsScreen,
            /// Two texts side by side.
            Compare: compare::CompareScreen,
            /// The tags of the codebook.
            Tags: tags::TagsScreen,
            /// All memos of a store.
            Memos: memos::MemosScreen,
            /// The entries of a basket.
            Basket: basket::BasketScreen,
        }
    };
}
