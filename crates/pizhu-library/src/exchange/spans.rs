//! Labelled spans for machine learning: a record a speech (spaCy, Hugging Face datasets), and CoNLL
//! columns in the IOB2 scheme, a character a line.

use super::{
    collection::{Collection, ExportSpeech},
    export_entry::ExportEntry,
    format::{ExportOptions, Format},
    markup::{anchored_entries, title},
};
use pizhu_text::text::Span;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// Records of spans.
pub(super) const SPANS: Format = Format {
    name: "spans",
    extension: "spans.jsonl",
    media: "application/jsonl",
    doc: "labelled spans, one speech a line with its text, for spaCy and Hugging Face",
    write: write_spans,
    read: None,
};

/// CoNLL columns.
pub(super) const CONLL: Format = Format {
    name: "conll",
    extension: "conll",
    media: "text/plain",
    doc: "CoNLL columns, one character a line with its tags as IOB2, for sequence labelling",
    write: write_conll,
    read: None,
};

/// A speech with its spans. Offsets count chars of `text`, the end excluded.
#[derive(Serialize)]
struct SpanRecord<'a> {
    id: &'a str,
    hash: String,
    title: String,
    text: String,
    spans: Vec<LabelledSpan<'a>>,
    /// The attributes.
    meta: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct LabelledSpan<'a> {
    start: usize,
    end: usize,
    label: &'a str,
    annotator: &'a str,
    id: String,
}

fn write_spans(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    for (index, speech) in collection.speeches().iter().enumerate() {
        let entries = anchored_entries(collection, index);
        let spans = labelled(&entries).map(|(span, label, entry)| LabelledSpan {
            start: span.start,
            end: span.end,
            label,
            annotator: &entry.author,
            id: entry.id.to_string(),
        });
        let record = SpanRecord {
            id: &speech.name,
            hash: speech.hash.to_string(),
            title: title(speech),
            text: text(speech),
            spans: spans.collect(),
            meta: speech.attributes.iter().map(|(key, attribute)| (key, attribute.value.as_str())).collect(),
        };
        serde_json::to_writer(&mut *out, &record)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn text(speech: &ExportSpeech) -> String {
    speech.document.source.slice(speech.document.source.span()).into_owned()
}

/// Each tag of each annotation as a span with its path.
fn labelled<'a>(entries: &[&'a ExportEntry]) -> impl Iterator<Item = (Span, &'a str, &'a ExportEntry)> {
    let spans = entries.iter().filter_map(|entry| Some((entry.span()?, *entry)));
    spans.flat_map(|(span, entry)| entry.tag_paths.iter().map(move |label| (span, label.as_str(), entry)))
}

/// One `# newdoc id = …` a speech, an empty line after each paragraph, a line a char: the char, then a
/// column for each layer. Spans that overlap are in different layers, so that none is lost.
fn write_conll(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    for (index, speech) in collection.speeches().iter().enumerate() {
        let entries = anchored_entries(collection, index);
        let layers = layers(labelled(&entries).map(|(span, label, _)| (span, label)).collect());
        writeln!(out, "# newdoc id = {}", one_word_line(&speech.name))?;
        for paragraph in speech.document.paragraphs.iter() {
            let mut places = vec![0; layers.len().max(1)];
            for (at, c) in speech.document.source.chars_from(paragraph.span.start).take(paragraph.span.len()) {
                if c.is_whitespace() {
                    continue;
                }
                write!(out, "{c}")?;
                for (layer, place) in places.iter_mut().enumerate() {
                    let spans = layers.get(layer).map(Vec::as_slice).unwrap_or_default();
                    while spans.get(*place).is_some_and(|(span, _)| span.end <= at) {
                        *place += 1;
                    }
                    match spans.get(*place).filter(|(span, _)| span.contains(at)) {
                        // A span begins at its first char that is no blank, and anew in each paragraph.
                        Some((span, label)) => {
                            let begins = first_char(speech, *span) == at || at == paragraph.span.start;
                            write!(out, "\t{}-{}", if begins { 'B' } else { 'I' }, one_word(label))?;
                        }
                        None => write!(out, "\tO")?,
                    }
                }
                writeln!(out)?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// The first char of a span that is no blank.
fn first_char(speech: &ExportSpeech, span: Span) -> usize {
    let mut chars = speech.document.source.chars_from(span.start).take(span.len());
    chars.find(|(_, c)| !c.is_whitespace()).map_or(span.start, |(at, _)| at)
}

/// Spans in as many layers as overlap somewhere, each in the first that has room; longer ones first.
fn layers(mut spans: Vec<(Span, &str)>) -> Vec<Vec<(Span, &str)>> {
    spans.sort_by_key(|(span, label)| (span.start, usize::MAX - span.end, *label));
    let mut layers: Vec<Vec<(Span, &str)>> = Vec::new();
    for (span, label) in spans {
        let free = layers.iter().position(|layer| layer.last().is_none_or(|(last, _)| last.end <= span.start));
        match free {
            Some(layer) => layers[layer].push((span, label)),
            None => layers.push(vec![(span, label)]),
        }
    }
    layers
}

/// A label without blanks, which separate columns.
fn one_word(label: &str) -> String {
    label.chars().map(|c| if c.is_whitespace() { '_' } else { c }).collect()
}

/// A name without line ends.
fn one_word_line(name: &str) -> String {
    name.replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{ExportOrder, fixture};
    use serde_json::Value;

    #[test]
    fn spans_quote_the_text_of_their_record() {
        let out = fixture::export_text(SPANS, ExportOrder::Position);
        let record: Value = serde_json::from_str(out.trim_end()).unwrap();
        let text: Vec<char> = record["text"].as_str().unwrap().chars().collect();
        assert_eq!(text.iter().collect::<String>(), fixture::TEXT);
        let spans = record["spans"].as_array().unwrap();
        let labels: Vec<&str> = spans.iter().map(|span| span["label"].as_str().unwrap()).collect();
        assert_eq!(labels, ["=散", "人才/引才", "人才"], "one a tag; an orphan has no place");
        let quote: String = text[19..31].iter().collect();
        assert_eq!((spans[0]["start"].as_u64(), spans[0]["end"].as_u64(), quote.as_str()), (Some(19), Some(31), "要抓实&抓细，\n务求实效"));
        assert_eq!(record["meta"]["kind"], "讲话");
    }

    #[test]
    fn overlapping_spans_are_in_columns_of_their_own() {
        let out = fixture::export_text(CONLL, ExportOrder::Position);
        assert_eq!(out.lines().next(), Some("# newdoc id = 讲 话.txt"));
        let line = |token: &str| out.lines().find(|line| line.starts_with(token)).unwrap().to_owned();
        assert_eq!(line("在"), "在\tO\tO");
        assert_eq!(line("实"), "实\tI-=散\tI-人才/引才");
        assert!(out.contains("要\tB-=散\tB-人才/引才\n抓\tI-=散\tI-人才/引才\n"), "{out}");
        // A section's tag goes over its paragraphs.
        assert!(out.contains("二\tB-人才\tO\n、\tI-人才\tO\n"), "{out}");
        assert!(out.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).all(|line| line.split('\t').count() == 3));
    }
}
