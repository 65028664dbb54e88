//! The page while it is written. Texts go through [`HtmlWriter::text`] and [`HtmlWriter::lines`] only.

use crate::exchange::escape_xml;
use pizhu_text::text::visible::{visible, visible_lines};

/// A page of HTML while it is written.
#[derive(Debug, Default)]
pub(super) struct HtmlWriter {
    html: String,
}

impl HtmlWriter {
    /// Adds markup of our own.
    pub(super) fn raw(&mut self, markup: &str) {
        self.html.push_str(markup);
    }

    /// Adds a text on one line, for an element or an attribute in double quotation marks.
    pub(super) fn text(&mut self, text: &str) {
        self.html.push_str(&escape_xml(&visible(text)));
    }

    /// Adds a text with its line breaks.
    pub(super) fn lines(&mut self, text: &str) {
        for (index, line) in visible_lines(text).split('\n').enumerate() {
            if index > 0 {
                self.html.push_str("<br>");
            }
            self.html.push_str(&escape_xml(line));
        }
    }

    /// Adds an element with a text on one line; `class` may be empty.
    pub(super) fn element(&mut self, name: &str, class: &str, text: &str) {
        self.raw(&if class.is_empty() { format!("<{name}>") } else { format!("<{name} class=\"{class}\">") });
        self.text(text);
        self.raw(&format!("</{name}>"));
    }

    /// What has been written since the last call.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.html)
    }
}
