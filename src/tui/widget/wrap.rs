//! Wraps short texts (notes, quotes, results) by the rules of the reader's text.

use pizhu_text::document::ParagraphKind;
use pizhu_text::layout::{LayoutStyle, lay_out};
use pizhu_text::text::{CleanText, SourceText};

/// Wraps styled pieces, read as one text, into rows of `style.width` cells. Line breaks in the
/// pieces end a row and are left out; adjacent pieces of one style are merged.
///
/// Example: in 12 cells, `全县上下一心，` in style a and `共同奋斗。` in style b give the rows
/// `全县上下一`, `心，共同`, `奋斗。`, the second of them in two pieces.
#[must_use]
pub(crate) fn wrap_pieces<S: Copy + PartialEq>(pieces: &[(String, S)], style: LayoutStyle) -> Vec<Vec<(String, S)>> {
    // A kind of paragraph without indent.
    wrap_as(ParagraphKind::Boilerplate, pieces, style)
}

/// Wraps styled pieces as [`wrap_pieces`] does, as a paragraph of the reader with its first-line indent.
#[must_use]
pub(crate) fn wrap_paragraph<S: Copy + PartialEq>(pieces: &[(String, S)], style: LayoutStyle) -> Vec<Vec<(String, S)>> {
    wrap_as(ParagraphKind::Body, pieces, style)
}

fn wrap_as<S: Copy + PartialEq>(kind: ParagraphKind, pieces: &[(String, S)], style: LayoutStyle) -> Vec<Vec<(String, S)>> {
    let text: String = pieces.iter().map(|(text, _)| text.as_str()).collect();
    let text = CleanText::from(SourceText::from(text.as_str()));
    let chars: Vec<(char, S)> = pieces.iter().flat_map(|(text, style)| text.chars().map(|c| (c, *style))).collect();
    lay_out(&text, text.source.span(), kind, true, &style)
        .into_iter()
        .map(|row| {
            let mut wrapped: Vec<(String, S)> = Vec::new();
            let end = row.span.end.min(chars.len());
            let indent = row.glyphs().next().map_or(0, |glyph| usize::from(glyph.column));
            if let Some((_, style)) = chars.get(row.span.start).filter(|_| indent > 0) {
                wrapped.push((" ".repeat(indent), *style));
            }
            for (c, style) in chars[row.span.start.min(end)..end].iter().filter(|(c, _)| !matches!(c, '\n' | '\r')) {
                match wrapped.last_mut() {
                    Some((text, last)) if last == style => text.push(*c),
                    _ => wrapped.push((c.to_string(), *style)),
                }
            }
            wrapped
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_preserves_text_and_styles() {
        let pieces = [("同志们，".to_owned(), 0), ("组织工作".to_owned(), 1), ("要抓紧。".to_owned(), 0)];
        let rows = wrap_pieces(&pieces, LayoutStyle { width: 10, ..LayoutStyle::default() });
        assert!(rows.len() > 2);
        let chars = |pieces: &[(String, i32)]| -> Vec<(char, i32)> {
            pieces.iter().flat_map(|(text, style)| text.chars().map(|c| (c, *style))).collect()
        };
        assert_eq!(chars(&rows.concat()), chars(&pieces));
    }

    #[test]
    fn line_breaks_end_rows() {
        let pieces = [("第一行\r\n\n第".to_owned(), 0), ("三行\n".to_owned(), 1)];
        let rows = wrap_pieces(&pieces, LayoutStyle { width: 10, ..LayoutStyle::default() });
        assert_eq!(rows, [vec![("第一行".to_owned(), 0)], vec![], vec![("第".to_owned(), 0), ("三行".to_owned(), 1)]]);
        assert!(wrap_pieces::<()>(&[], LayoutStyle::default()).is_empty());
    }
}
