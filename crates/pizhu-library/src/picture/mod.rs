//! Pictures of tables of counts as SVG: a heat map, bars, tags over the years.
//!
//! A picture stands alone: no script, no font and no file from elsewhere; its colours follow the
//! light or dark scheme of the program that shows it, and every figure is also written in it. All
//! texts are escaped, and their control characters drawn as signs.

mod bars;
mod heat;
mod style;
mod svg;
mod table;
mod years;

pub(crate) use style::STYLE;
pub use table::{PictureCell, PictureColumn, PictureRow, PictureTable};

/// The form of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureKind {
    /// Cells, the darker the larger the figure.
    Heat,
    /// A bar for the total of each row.
    Bars,
    /// For each row a bar in each year of its own scale of time, years without speeches included.
    Years,
}

/// Draws a table as a file of its own.
///
/// ```
/// use pizhu_annotation::TagRef;
/// use pizhu_library::count::{CountHeader, CountKey, CountTable};
/// use pizhu_library::picture::{PictureKind, PictureTable, draw};
///
/// let header = |name: &str, key, total| CountHeader { key, name: name.to_owned(), depth: 0, total };
/// let table = CountTable {
///     rows: vec![header("人才", CountKey::Tag(TagRef::new("人才")), 5)],
///     columns: vec![header("2020", CountKey::Year(Some("2020".to_owned())), 5)],
///     cells: vec![vec![Some(5)]],
/// };
/// let picture = PictureTable::new(&table, "标签计数：按年", &|header| header.name.clone());
/// let svg = draw(PictureKind::Years, &picture);
/// assert!(svg.starts_with("<svg xmlns=") && svg.contains("人才") && !svg.contains("<script"));
/// ```
#[must_use]
pub fn draw(kind: PictureKind, table: &PictureTable) -> String {
    drawing(kind, table).finish(&table.title, &table.note, Some(STYLE))
}

/// Draws a table as a part of a page that has the [`STYLE`] already.
pub(crate) fn draw_inside_page(kind: PictureKind, table: &PictureTable) -> String {
    drawing(kind, table).finish(&table.title, &table.note, None)
}

fn drawing(kind: PictureKind, table: &PictureTable) -> svg::SvgDrawing {
    match kind {
        PictureKind::Heat => heat::draw(table),
        PictureKind::Bars => bars::draw(table),
        PictureKind::Years => years::draw(table),
    }
}

#[cfg(test)]
mod tests;
