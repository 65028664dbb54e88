//! The page while it is written. Texts go through [`HtmlWriter::text`] and [`HtmlWriter::lines`] only.

use crate::exchange::escape_xml;
use pizhu_text::text::visible::{ClusterKind, clusters};
use std::borrow::Cow;

/// A text as a browser may show it: controls, also those of direction, are signs as in a terminal; emoji of
/// several chars stay whole, as browsers draw them.
fn printable(text: &str) -> String {
    let shown = clusters(text).map(|cluster| match cluster.kind {
        ClusterKind::Plain => Cow::Borrowed(cluster.source),
        _ => cluster.visible_text(),
    });
    shown.collect()
}

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
        self.html.push_str(&escape_xml(&printable(text)));
    }

    /// Adds a text with its line breaks.
    pub(super) fn lines(&mut self, text: &str) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.html.push_str("<br>");
            }
            self.html.push_str(&escape_xml(&printable(line)));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_shown_as_it_is_and_runs_nothing() {
        let mut page = HtmlWriter::default();
        page.lines("要建设好👩\u{200D}💻\n\u{202E}<b>\u{1B}[0m e\u{301}");
        assert_eq!(page.take(), "要建设好👩\u{200D}💻<br>&lt;202E&gt;&lt;b&gt;␛[0m e\u{301}");
        page.text("一\n二\t三");
        assert_eq!(page.take(), "一␊二 三");
    }
}
