//! The columns of the library's list, and their heads.

use super::{LibraryScreen, SortOrder};

/// Minimum width of the list, in cells, for columns.
pub(in crate::tui) const MIN_HEADS_WIDTH: u16 = 60;
/// Width of a column of an attribute, in cells.
const COLUMN_WIDTH: usize = 14;
/// Width of the reading progress, in cells, with a free one.
const READ_WIDTH: usize = 7;
/// Width of the length, in cells.
pub(in crate::tui) const LENGTH_WIDTH: usize = 8;
/// Width of the reading time, in cells.
pub(in crate::tui) const MINUTES_WIDTH: usize = 6;
/// Minimum width of the tags, in cells.
const MIN_TAGS_WIDTH: usize = 12;
/// Narrowest list, in cells, that shows an attribute.
const MIN_SPEAKER_WIDTH: usize = 80;
/// Narrowest list, in cells, that shows the length.
const MIN_LENGTH_WIDTH: usize = 72;
/// Narrowest list, in cells, that shows the reading time.
const MIN_MINUTES_WIDTH: usize = 100;
/// End of the date, in cells.
const DATE_END: u16 = 12;

impl LibraryScreen {
    /// The columns right of the title, from the left, with their widths in cells. They take half of the row
    /// at most: first the progress and the tags, then what is known of the speech, then its length.
    pub(in crate::tui) fn right_columns(&self, width: u16) -> Vec<(SortOrder, usize)> {
        if width < MIN_HEADS_WIDTH {
            return Vec::new();
        }
        let width = usize::from(width);
        let mut room = (width / 2 - 1).saturating_sub(READ_WIDTH);
        let mut take = |cells: usize| room.checked_sub(cells).map(|rest| room = rest).is_some();
        let mut tags = if self.has_tags() && take(MIN_TAGS_WIDTH) { MIN_TAGS_WIDTH } else { 0 };
        let keys = self.filled_columns().iter().filter_map(|key| self.order_of_column(key));
        let mut columns: Vec<_> =
            keys.take_while(|_| width >= MIN_SPEAKER_WIDTH && take(COLUMN_WIDTH)).map(|key| (key, COLUMN_WIDTH)).collect();
        // Beside a preview, which tells it, a narrow list leaves it out.
        let mut length = if width >= MIN_LENGTH_WIDTH && take(LENGTH_WIDTH) { LENGTH_WIDTH } else { 0 };
        if length > 0 && width >= MIN_MINUTES_WIDTH && take(MINUTES_WIDTH) {
            length += MINUTES_WIDTH;
        }
        if tags > 0 {
            tags += room.min((width / 3).saturating_sub(tags));
            columns.push((SortOrder::Tags, tags));
        }
        if length > 0 {
            columns.push((SortOrder::Length, length));
        }
        columns.push((SortOrder::Progress, READ_WIDTH));
        columns
    }

    /// The order that a click on the heads sorts by, at `x` cells from the left of a list of `width` cells.
    #[must_use]
    pub(in crate::tui) fn order_at(&self, x: u16, width: u16) -> SortOrder {
        let mut left = usize::from(width);
        for (order, cells) in self.right_columns(width).into_iter().rev() {
            left = left.saturating_sub(cells);
            if usize::from(x) >= left {
                return order;
            }
        }
        if x < DATE_END { SortOrder::Date } else { SortOrder::Title }
    }
}
