//! The parts of an SVG file: rectangles, texts, the file around them.

use crate::exchange::escape_xml;
use pizhu_text::text::visible::{clusters, visible};
use pizhu_text::text::width::{AmbiguousWidth, text_width};
use std::fmt::Write as _;

/// Size of the texts, in pixels.
pub(super) const TEXT_SIZE: f64 = 14.0;
/// Width of a cell of text, in pixels: half an ideograph, with room for wide digits.
const CELL: f64 = 7.7;
/// Space around a picture.
pub(super) const MARGIN: f64 = 20.0;
/// Where the picture begins below its heading and note.
pub(super) const TOP: f64 = 74.0;

/// Where a text stands at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextAlign {
    Start,
    Middle,
    End,
}

/// The width of a text in pixels.
pub(super) fn width(text: &str) -> f64 {
    text_width(&visible(text), AmbiguousWidth::Wide) as f64 * CELL
}

/// A text cut to a width in pixels, with … at its end if it was cut.
pub(super) fn fit(text: &str, room: f64) -> String {
    let shown = visible(text);
    if width(&shown) <= room {
        return shown.into_owned();
    }
    let mut cut = String::new();
    for cluster in clusters(&shown) {
        if width(&cut) + width(cluster.source) + 2.0 * CELL > room {
            break;
        }
        cut.push_str(cluster.source);
    }
    cut + "…"
}

/// An SVG picture while it is drawn.
#[derive(Debug, Default)]
pub(super) struct SvgDrawing {
    body: String,
    width: f64,
    height: f64,
}

impl SvgDrawing {
    /// Makes room up to a point.
    pub(super) fn extend(&mut self, right: f64, bottom: f64) {
        self.width = self.width.max(right);
        self.height = self.height.max(bottom);
    }

    /// A rectangle of a class of the style, with a text that is shown where one points at it.
    pub(super) fn rect(&mut self, class: &str, [x, y, width, height]: [f64; 4], hint: &str) {
        self.extend(x + width, y + height);
        let _ = write!(self.body, "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"");
        if hint.is_empty() {
            self.body.push_str("/>\n");
        } else {
            let _ = writeln!(self.body, "><title>{}</title></rect>", escape_xml(&visible(hint)));
        }
    }

    /// A text on its base line, cut to `room` pixels; a cut one is shown whole where one points at it.
    pub(super) fn text(&mut self, class: &str, [x, y]: [f64; 2], align: TextAlign, text: &str, room: f64) {
        let anchor = match align {
            TextAlign::Start => "start",
            TextAlign::Middle => "middle",
            TextAlign::End => "end",
        };
        let at = format!("x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\"");
        self.place_text(class, &at, text, room);
        self.extend(if align == TextAlign::Start { x + width(text).min(room) } else { x }, y);
    }

    /// A text that rises to the right from its point, for a column that is narrower than its name.
    pub(super) fn slanted(&mut self, class: &str, [x, y]: [f64; 2], text: &str, room: f64) {
        let at = format!("transform=\"translate({x:.1} {y:.1}) rotate(-40)\"");
        self.place_text(class, &at, text, room);
        self.extend(x + width(text).min(room) * 0.77 + TEXT_SIZE, y);
    }

    fn place_text(&mut self, class: &str, at: &str, text: &str, room: f64) {
        let shown = fit(text, room);
        let _ = write!(self.body, "<text class=\"{class}\" {at}>{}", escape_xml(&shown));
        if shown != *visible(text) {
            let _ = write!(self.body, "<title>{}</title>", escape_xml(&visible(text)));
        }
        self.body.push_str("</text>\n");
    }

    /// The finished picture with its heading, and its style if it is a file of its own.
    pub(super) fn finish(mut self, title: &str, note: &str, style: Option<&str>) -> String {
        let body = std::mem::take(&mut self.body);
        self.text("pz-title", [MARGIN, MARGIN + 16.0], TextAlign::Start, title, 1000.0);
        self.extend(MARGIN + width(title).min(1000.0) * 1.3, 0.0);
        self.text("pz-note", [MARGIN, MARGIN + 38.0], TextAlign::Start, note, 1000.0);
        let (width, height) = (self.width + MARGIN, self.height + MARGIN);
        let head = std::mem::take(&mut self.body);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"pz\" role=\"img\" width=\"{width:.0}\" height=\"{height:.0}\" \
             viewBox=\"0 0 {width:.0} {height:.0}\">\n<title>{}</title>\n<desc>{}</desc>\n",
            escape_xml(&visible(title)),
            escape_xml(&visible(note)),
        );
        if let Some(style) = style {
            let _ = writeln!(svg, "<style>\n{style}</style>");
            let _ = writeln!(svg, "<rect class=\"pz-ground\" width=\"100%\" height=\"100%\"/>");
        }
        svg + &head + &body + "</svg>\n"
    }
}

/// Width of the names of rows, in pixels, at most `most`.
pub(super) fn names_width<'a>(names: impl Iterator<Item = (&'a str, usize)>, most: f64) -> f64 {
    names.map(|(name, depth)| width(name) + indent(depth)).fold(60.0, f64::max).min(most)
}

/// Indent of a row by the depth of its tag.
pub(super) fn indent(depth: usize) -> f64 {
    depth.min(6) as f64 * TEXT_SIZE
}
