//! What every reader of files is tried with: bytes of anyone's making. The targets of the fuzz
//! crate and the smoke test call the same functions.
//!
//! A reader may refuse bytes. It may not panic, hang, give offsets outside the text, or take more
//! memory than [`allowance`] grants a file of that size.

#![allow(dead_code, reason = "each fuzz target uses one of the readers")]

pub mod screen;
pub mod seeds;

use peak_alloc::PeakAlloc;
use pizhu_annotation::Codebook;
use pizhu_annotation::store::sheet::Sheet;
use pizhu_text::document;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_library::exchange::incoming;
use pizhu_library::exchange::placing;
use pizhu_library::source;
use pizhu_library::source::Revisions;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use pizhu_text::text::decode;
use std::{
    io::{Cursor, Write as _},
    path::Path,
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// A function that takes bytes of anyone's making.
pub type Reader = fn(&[u8]);

/// Every reader by its name; each has a target of that name in the fuzz crate.
pub const READERS: &[(&str, Reader)] = &[
    ("plain", plain),
    ("markdown", markdown),
    ("html", html),
    ("docx", docx),
    ("epub", epub),
    ("archive", archive),
    ("json", json),
    ("web_annotation", web_annotation),
    ("csv", csv),
    ("ron", ron),
    ("qdc", qdc),
    ("qdpx", qdpx),
    ("sheet", sheet),
    ("screen", screen::screen),
];

/// Bytes that any file may cost, however small: tables that are built once, the buffers of the
/// unpacker, and a text as long as any speech.
const LEAST_ALLOWANCE: usize = 64 * 1024 * 1024;
/// Bytes that it may cost for each of its own.
const FACTOR: usize = 10;
/// Divides an archive that is made of its parts.
pub const PART: u8 = 0;

/// Bytes of memory that reading a file of `len` bytes may take at most.
pub fn allowance(len: usize) -> usize {
    len.saturating_mul(FACTOR).saturating_add(LEAST_ALLOWANCE)
}

/// The most memory that `work` takes at once, in bytes.
pub fn peak_of(work: impl FnOnce()) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    work();
    MEMORY.peak_usage().saturating_sub(before)
}

/// Runs `work` on a file of `len` bytes.
///
/// # Panics
/// When it takes more memory than such a file may.
fn bounded(len: usize, work: impl FnOnce()) {
    let peak = peak_of(work);
    assert!(peak <= allowance(len), "{len} bytes took {peak} bytes of memory");
}

pub fn plain(bytes: &[u8]) {
    bounded(bytes.len(), || {
        let decoded = decode::decode(bytes, None);
        check(&document::parse(decoded.source, &Hints::default()));
    });
}

pub fn markdown(bytes: &[u8]) {
    bounded(bytes.len(), || {
        let decoded = decode::decode(bytes, None);
        check(&document::parse(decoded.source, &Hints::markdown()));
    });
}

pub fn html(bytes: &[u8]) {
    // A page is told by its first words; the rest is the input's.
    let page = [b"<!DOCTYPE html>".as_slice(), bytes].concat();
    extracted("a.html", &page);
}

/// The parts of a document: text, numbering, styles, notes.
pub fn docx(bytes: &[u8]) {
    let names = ["word/document.xml", "word/numbering.xml", "word/styles.xml", "word/footnotes.xml"];
    extracted("a.docx", &packed(&[("[Content_Types].xml", b"<Types/>")], &names, bytes));
}

/// The parts of a book: package, contents, two chapters.
pub fn epub(bytes: &[u8]) {
    let fixed: [(&str, &[u8]); 2] = [
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", br#"<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>"#),
    ];
    extracted("a.epub", &packed(&fixed, &["a.opf", "nav.xhtml", "a.xhtml", "b.xhtml"], bytes));
}

/// An archive as it is, for each program that reads archives.
pub fn archive(bytes: &[u8]) {
    extracted("a.docx", bytes);
    extracted("a.epub", bytes);
    imported("a.qdpx", bytes);
}

pub fn json(bytes: &[u8]) {
    imported("a.json", bytes);
}

pub fn web_annotation(bytes: &[u8]) {
    imported("a.jsonld", bytes);
}

pub fn csv(bytes: &[u8]) {
    imported("a.csv", bytes);
}

pub fn ron(bytes: &[u8]) {
    imported("a.ron", bytes);
}

pub fn qdc(bytes: &[u8]) {
    imported("a.qdc", bytes);
}

/// The parts of a project: its index, a source.
pub fn qdpx(bytes: &[u8]) {
    imported("a.qdpx", &packed(&[], &["project.qde", "sources/a.txt"], bytes));
}

/// A file of the store, which a union merge or an editor may have left in any state.
pub fn sheet(bytes: &[u8]) {
    bounded(bytes.len(), || drop(Sheet::from_ron(bytes)));
}

/// Extracts a text, whichever side of its changes is wanted, and parses it.
fn extracted(name: &str, bytes: &[u8]) {
    for revisions in [Revisions::Accepted, Revisions::Original] {
        bounded(bytes.len(), || {
            let Some(Ok(found)) = source::extract(Path::new(name), bytes, revisions) else { return };
            let whole = found.text.span();
            assert!(found.hints.headings.iter().all(|hint| whole.covers(hint.span)));
            assert!(found.hints.kinds.iter().all(|hint| whole.covers(hint.span)));
            check(&document::parse(found.text, &found.hints));
        });
    }
}

/// Offsets lie in the text, and sections in those above them.
fn check(document: &Document) {
    let whole = document.source.span();
    for (id, section) in document.outline.iter() {
        assert!(whole.covers(section.span) && section.span.covers(section.heading), "{section:?}");
        if let Some(above) = document.outline.ancestors(id).find_map(|above| document.outline.get(above)) {
            assert!(above.span.covers(section.span), "{section:?}");
        }
    }
    assert!(document.paragraphs.iter().all(|paragraph| whole.covers(paragraph.span)));
    assert!(document.paragraphs.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
}

/// Reads what a file brings and puts it on a speech.
fn imported(name: &str, bytes: &[u8]) {
    bounded(bytes.len(), || {
        let Ok(found) = incoming::read(Path::new(name), bytes) else { return };
        // A codebook that the file's tags do not fit into refuses them; it stays one.
        let mut book = Codebook::starter();
        let _ = placing::add_tags(&mut book, &found.tags, &found.entries);
        assert_eq!(book.tree().len(), book.tags().len());
        let document = document::parse(SourceText::from(seeds::SPEECH), &Hints::default());
        let ground = placing::Ground::new(&document);
        for entry in found.entries.iter().take(64) {
            let Ok(arrived) = ground.place(entry, "甲", |_| None) else { continue };
            let selector = &arrived.annotation.selector;
            if !arrived.needs_review {
                assert_eq!(document.quote(Span::new(selector.start, selector.end)), selector.quote);
            }
        }
    });
}

/// An archive of the `fixed` entries, and of the parts that `bytes` are divided into by [`PART`].
pub fn packed(fixed: &[(&str, &[u8])], names: &[&str], bytes: &[u8]) -> Vec<u8> {
    let parts = names.iter().copied().zip(bytes.splitn(names.len(), |byte| *byte == PART));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in fixed.iter().copied().chain(parts) {
        let started = zip.start_file(name, stored);
        assert!(started.is_ok() && zip.write_all(content).is_ok());
    }
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}
