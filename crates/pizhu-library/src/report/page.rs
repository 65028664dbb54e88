//! The page of a report: its head, and its parts one after another.

use super::{agreement, codebook, data::Report, pictures, quotations, speeches, writer::HtmlWriter};
use crate::picture;
use std::io::{self, Write};

/// The style sheet of the page, beside that of the pictures.
const STYLE: &str = include_str!("report.css");

/// A part of the page.
struct ReportPart {
    /// Its anchor.
    id: &'static str,
    /// Id of the message that is its heading.
    heading: &'static str,
    write: fn(&Report<'_>, &mut HtmlWriter),
}

impl ReportPart {
    fn new(id: &'static str, heading: &'static str, write: fn(&Report<'_>, &mut HtmlWriter)) -> Self {
        Self { id, heading, write }
    }
}

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
        for ReportPart { id, heading, .. } in &parts {
            page.raw(&format!("<li><a href=\"#{id}\">"));
            page.text(&self.word(heading));
            page.raw("</a></li>\n");
        }
        page.raw("</ol></nav>\n<main>\n");
        for ReportPart { id, heading, write } in parts {
            page.raw(&format!("<section id=\"{id}\"><h2>"));
            page.text(&self.word(heading));
            page.raw("</h2>\n");
            write(self, &mut page);
            page.raw("</section>\n");
            // A long report is written part by part.
            out.write_all(page.take().as_bytes())?;
        }
        page.raw("</main>\n</body>\n</html>\n");
        out.write_all(page.take().as_bytes())
    }

    /// The parts that there is something to say in.
    fn parts(&self) -> Vec<ReportPart> {
        let part = ReportPart::new;
        let memos = (!self.memos.is_empty()).then(|| part("memos", "report-memos", write_memos));
        let counts = (self.tally.count() > 0).then(|| part("counts", "report-counts", pictures::write));
        let agreement = self.coding.map(|_| part("agreement", "report-agreement", agreement::write));
        let parts = [
            memos,
            Some(part("speeches", "report-speeches", speeches::write)),
            counts,
            Some(part("codebook", "report-codebook", codebook::write)),
            agreement,
            Some(part("quotations", "report-quotations", quotations::write)),
        ];
        parts.into_iter().flatten().collect()
    }
}

/// Writes the memos of the project.
fn write_memos(report: &Report<'_>, page: &mut HtmlWriter) {
    for memo in &report.memos {
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
