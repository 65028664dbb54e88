//! The page of a report: its head, and its parts one after another.

use super::{agreement, codebook, data::Report, pictures, quotations, speeches, writer::HtmlWriter};
use crate::picture;
use std::io::{self, Write};

/// The style sheet of the page, beside that of the pictures.
const STYLE: &str = include_str!("report.css");

impl Report<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When writing to `out` fails.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut page = HtmlWriter::default();
        page.raw("<!DOCTYPE html>\n");
        page.raw(&format!("<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n", self.language));
        page.raw(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>",
        );
        page.text(&self.title);
        page.raw("</title>\n<style>\n");
        page.raw(STYLE);
        page.raw(picture::STYLE);
        page.raw("</style>\n</head>\n<body>\n<header><h1>");
        page.text(&self.title);
        page.raw("</h1>\n<dl class=\"facts\">\n");
        for (name, value) in &self.facts {
            page.raw("<div><dt>");
            page.text(name);
            page.raw("</dt><dd>");
            page.text(value);
            page.raw("</dd></div>\n");
        }
        page.raw("</dl></header>\n");
        let parts = self.parts();
        page.raw("<nav><ol>\n");
        for (id, heading, _) in &parts {
            page.raw(&format!("<li><a href=\"#{id}\">"));
            page.text(&self.word(heading));
            page.raw("</a></li>\n");
        }
        page.raw("</ol></nav>\n<main>\n");
        for (id, heading, part) in parts {
            page.raw(&format!("<section id=\"{id}\"><h2>"));
            page.text(&self.word(heading));
            page.raw("</h2>\n");
            part(self, &mut page);
            page.raw("</section>\n");
            // A long report is written part by part.
            out.write_all(page.take().as_bytes())?;
        }
        page.raw("</main>\n</body>\n</html>\n");
        out.write_all(page.take().as_bytes())
    }

    /// The parts that there is something to say in: the id, the id of the heading, and what writes it.
    fn parts(&self) -> Vec<(&'static str, &'static str, fn(&Self, &mut HtmlWriter))> {
        let mut parts: Vec<(&'static str, &'static str, fn(&Self, &mut HtmlWriter))> = Vec::new();
        if !self.memos.is_empty() {
            parts.push(("memos", "report-memos", Self::write_memos));
        }
        parts.push(("speeches", "report-speeches", speeches::write));
        if self.tally.count() > 0 {
            parts.push(("counts", "report-counts", pictures::write));
        }
        parts.push(("codebook", "report-codebook", codebook::write));
        if self.coding.is_some() {
            parts.push(("agreement", "report-agreement", agreement::write));
        }
        parts.push(("quotations", "report-quotations", quotations::write));
        parts
    }

    fn write_memos(&self, page: &mut HtmlWriter) {
        for memo in &self.memos {
            page.raw("<div class=\"memo\"><div class=\"words\">");
            page.lines(&memo.text);
            page.raw("</div>");
            if !memo.author.is_empty() {
                page.raw("<small>");
                page.text(&memo.author);
                page.raw("</small>");
            }
            page.raw("</div>\n");
        }
    }
}
