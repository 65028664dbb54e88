//! Pure: a segment of a paragraph and a width in cells, into rows.
