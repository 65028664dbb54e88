//! Fuzz targets for all readers of files. The fuzz crate and the smoke test call the same functions.
//!
//! A reader may reject its input. It must not panic, hang, return offsets outside the text, or use
//! more memory than [`memory_limit`] of the input's size.

#![allow(dead_code, unreachable_pub, reason = "shared by the smoke test and the binaries of the fuzz crate; each uses a part")]

pub mod screen;
pub mod seeds;

use peak_alloc::PeakAlloc;
use pizhu_annotation::Codebook;
use pizhu_annotation::store::speech_file::SpeechFile;
use pizhu_library::exchange::import;
use pizhu_library::exchange::import_resolver;
use pizhu_library::source;
use pizhu_library::source::Revisions;
use pizhu_text::document;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
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

/// A function that accepts arbitrary bytes.
pub type FuzzTarget = fn(&[u8]);

/// All targets by name; the fuzz crate has a binary for each.
pub const FUZZ_TARGETS: &[(&str, FuzzTarget)] = &[
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
    ("speech_file", speech_file),
    ("screen", screen::screen),
];

/// Memory that any input may use, in bytes: static tables, buffers of the unpacker, and the text of a
/// long speech.
const BASE_MEMORY_LIMIT: usize = 64 * 1024 * 1024;
/// Additional memory per byte of input.
const MEMORY_PER_BYTE: usize = 10;
/// Separates the parts of an archive in the input.
pub const PART_SEPARATOR: u8 = 0;

/// Maximum memory in bytes for an input of `len` bytes.
pub fn memory_limit(len: usize) -> usize {
    len.saturating_mul(MEMORY_PER_BYTE).saturating_add(BASE_MEMORY_LIMIT)
}

/// Peak memory use of `work`, in bytes.
pub fn peak_memory(work: impl FnOnce()) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    work();
    MEMORY.peak_usage().saturating_sub(before)
}

/// Runs `work` on an input of `len` bytes.
///
/// # Panics
/// If it exceeds [`memory_limit`].
fn with_memory_limit(len: usize, work: impl FnOnce()) {
    let peak = peak_memory(work);
    assert!(peak <= memory_limit(len), "{len} bytes of input took {peak} bytes of memory");
}

pub fn plain(bytes: &[u8]) {
    with_memory_limit(bytes.len(), || {
        let decoded = decode::decode(bytes, None);
        check_document(&document::parse(decoded.source, &Hints::default()));
    });
}

pub fn markdown(bytes: &[u8]) {
    with_memory_limit(bytes.len(), || {
        let decoded = decode::decode(bytes, None);
        check_document(&document::parse(decoded.source, &Hints::markdown()));
    });
}

pub fn html(bytes: &[u8]) {
    // The doctype makes the input recognizable as HTML.
    let page = [b"<!DOCTYPE html>".as_slice(), bytes].concat();
    check_extraction("a.html", &page);
}

/// The parts of a DOCX: document, numbering, styles, footnotes.
pub fn docx(bytes: &[u8]) {
    let names = ["word/document.xml", "word/numbering.xml", "word/styles.xml", "word/footnotes.xml"];
    check_extraction("a.docx", &zip_of_parts(&[("[Content_Types].xml", b"<Types/>")], &names, bytes));
}

/// The parts of an EPUB: package, navigation, two chapters.
pub fn epub(bytes: &[u8]) {
    let fixed: [(&str, &[u8]); 2] = [
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", br#"<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>"#),
    ];
    check_extraction("a.epub", &zip_of_parts(&fixed, &["a.opf", "nav.xhtml", "a.xhtml", "b.xhtml"], bytes));
}

/// A whole ZIP archive, for each reader of archives.
pub fn archive(bytes: &[u8]) {
    check_extraction("a.docx", bytes);
    check_extraction("a.epub", bytes);
    check_import("a.qdpx", bytes);
}

pub fn json(bytes: &[u8]) {
    check_import("a.json", bytes);
}

pub fn web_annotation(bytes: &[u8]) {
    check_import("a.jsonld", bytes);
}

pub fn csv(bytes: &[u8]) {
    check_import("a.csv", bytes);
}

pub fn ron(bytes: &[u8]) {
    check_import("a.ron", bytes);
}

pub fn qdc(bytes: &[u8]) {
    check_import("a.qdc", bytes);
}

/// The parts of a REFI-QDA project: project file, one source.
pub fn qdpx(bytes: &[u8]) {
    check_import("a.qdpx", &zip_of_parts(&[], &["project.qde", "sources/a.txt"], bytes));
}

/// A speech file of the store, which a union merge or an editor may have changed in any way.
pub fn speech_file(bytes: &[u8]) {
    with_memory_limit(bytes.len(), || drop(SpeechFile::from_ron(bytes)));
}

/// Extracts and parses a text, for both ways to read tracked changes.
fn check_extraction(name: &str, bytes: &[u8]) {
    for revisions in [Revisions::Accepted, Revisions::Original] {
        with_memory_limit(bytes.len(), || {
            let Some(Ok(found)) = source::extract(Path::new(name), bytes, revisions) else { return };
            let whole = found.text.span();
            assert!(found.hints.headings.iter().all(|hint| whole.covers(hint.span)));
            assert!(found.hints.kinds.iter().all(|hint| whole.covers(hint.span)));
            check_document(&document::parse(found.text, &found.hints));
        });
    }
}

/// Asserts that offsets are inside the text and that sections nest.
fn check_document(document: &Document) {
    let whole = document.source.span();
    for (id, section) in document.outline.iter() {
        assert!(whole.covers(section.span) && section.span.covers(section.heading), "{section:?}");
        if let Some(ancestor) = document.outline.ancestors(id).find_map(|ancestor| document.outline.get(ancestor)) {
            assert!(ancestor.span.covers(section.span), "{section:?}");
        }
    }
    assert!(document.paragraphs.iter().all(|paragraph| whole.covers(paragraph.span)));
    assert!(document.paragraphs.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
}

/// Imports a file and resolves its annotations in a speech.
fn check_import(name: &str, bytes: &[u8]) {
    with_memory_limit(bytes.len(), || {
        let Ok(found) = import::read(Path::new(name), bytes) else { return };
        // The codebook stays valid, also if it rejects the file's tags.
        let mut book = Codebook::starter();
        let tags = import_resolver::add_tags(&mut book, &found.tags, &found.entries).unwrap_or_default();
        assert_eq!(book.tree().len(), book.tags().len());
        let document = document::parse(SourceText::from(seeds::SPEECH), &Hints::default());
        let target = import_resolver::ImportTarget::new(&document);
        for entry in found.entries.iter().take(64) {
            let Ok(resolved) = target.resolve(entry, &tags, "甲", |_| None) else { continue };
            let selector = &resolved.annotation.selector;
            if !resolved.needs_review {
                assert_eq!(document.quote(Span::new(selector.start, selector.end)), selector.quote);
            }
        }
    });
}

/// A ZIP archive of the `fixed` entries, and of the parts of `bytes`, separated by
/// [`PART_SEPARATOR`].
pub fn zip_of_parts(fixed: &[(&str, &[u8])], names: &[&str], bytes: &[u8]) -> Vec<u8> {
    let parts = names.iter().copied().zip(bytes.splitn(names.len(), |byte| *byte == PART_SEPARATOR));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in fixed.iter().copied().chain(parts) {
        let started = zip.start_file(name, stored);
        assert!(started.is_ok() && zip.write_all(content).is_ok());
    }
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}
