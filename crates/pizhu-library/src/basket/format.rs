//! The formats that a basket is exported in.

use super::{docx, footnote::SourceWords, markdown, resolve::ResolvedBasket};
use std::io::{self, Write};
use std::path::Path;

/// A format of baskets.
#[derive(Debug, Clone, Copy)]
pub struct BasketFormat {
    /// Name on the command line.
    pub name: &'static str,
    /// File extension without the dot.
    pub extension: &'static str,
    /// Whether the files are text.
    pub is_text: bool,
    /// Writes a basket.
    pub write: fn(&ResolvedBasket, &SourceWords, &mut dyn Write) -> io::Result<()>,
}

/// The formats; the first is the default.
pub const BASKET_FORMATS: &[BasketFormat] = &[
    BasketFormat { name: "docx", extension: "docx", is_text: false, write: docx::write },
    BasketFormat { name: "markdown", extension: "md", is_text: true, write: markdown::write },
];

impl BasketFormat {
    /// The format of a file by its name.
    ///
    /// ```
    /// use pizhu_library::basket::BasketFormat;
    /// use std::path::Path;
    ///
    /// assert_eq!(BasketFormat::from_path(Path::new("素材.MD")).map(|format| format.name), Some("markdown"));
    /// assert!(BasketFormat::from_path(Path::new("素材.txt")).is_none());
    /// ```
    #[must_use]
    pub fn from_path(path: &Path) -> Option<&'static Self> {
        let extension = path.extension()?.to_string_lossy().to_lowercase();
        BASKET_FORMATS.iter().find(|format| format.extension == extension)
    }

    /// The format with this name or extension.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        BASKET_FORMATS.iter().find(|format| format.name == name || format.extension == name)
    }
}
