//! Reading a file in two steps: the first block at once, the rest wherever the caller likes.
//!
//! Invariant: the text of the first step is a beginning of the text of the second, unless the
//! rest of the file shows that the encoding was another; then the final text is decoded anew.

use super::{
    Foreign, Manner, STDIN, SourceError, Speech, markdown,
    rich::{Opened, Rich},
};
use pizhu_text::document;
use pizhu_text::document::Hints;
use pizhu_text::text::Decoded;
use pizhu_text::text::Decoder;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use pizhu_text::text::decode;
use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread,
    time::SystemTime,
};

/// Bytes of the first step: a file that is shorter is read whole in it.
pub const FIRST_BYTES: u64 = 64 * 1024;
/// Bytes of it that fill a screen, with some to spare.
const GLANCE_BYTES: usize = 16 * 1024;
/// Bytes of each block of the second.
const BLOCK_BYTES: usize = 1024 * 1024;
/// Chars looked at to tell Markdown.
const HEAD_CHARS: usize = 16 * 1024;

/// A speech of which the first block has been read.
pub struct Reading {
    path: PathBuf,
    first: Speech,
    rest: Option<Rest>,
}

/// What is needed to read on; gone when the first block was all.
struct Rest {
    /// What has been read and not yet decoded.
    ahead: Vec<u8>,
    input: Box<dyn Read + Send>,
    decoder: Decoder,
    /// All bytes so far, where they cannot be read a second time.
    kept: Option<Vec<u8>>,
    /// The encoding was not detected but known, by the user or by a byte order mark.
    is_certain: bool,
    hints: Hints,
}

impl Reading {
    /// Opens a file and reads its first block (64 KB); one whose text is extracted is read whole,
    /// and is final at once. `-` is standard input.
    ///
    /// # Errors
    /// When the file is missing, a folder, unreadable, or no text.
    pub fn begin(path: &Path, manner: impl Into<Manner>) -> Result<Self, SourceError> {
        Self::begin_in(path, manner.into(), usize::MAX)
    }

    /// [`Self::begin`], but with no more of the text in the first step than a first screen needs.
    ///
    /// # Errors
    /// As for [`Self::begin`].
    pub fn glance(path: &Path, manner: impl Into<Manner>) -> Result<Self, SourceError> {
        Self::begin_in(path, manner.into(), GLANCE_BYTES)
    }

    /// The first step, of `most` bytes at most.
    fn begin_in(path: &Path, manner: Manner, most: usize) -> Result<Self, SourceError> {
        let Manner { encoding: forced, .. } = manner;
        let fails = |error| SourceError::io(path, error);
        let (mut input, modified, seekable) = open_input(path).map_err(fails)?;
        let mut head = vec![0; FIRST_BYTES as usize];
        let filled = fill(&mut *input, &mut head).map_err(fails)?;
        head.truncate(filled);
        let ended = (head.len() as u64) < FIRST_BYTES;
        let (encoding, bom) = decode::detect(&head, forced, ended);
        if let Some(what) = Foreign::of(path, &head, encoding, forced.is_some()) {
            let Some(rich) = Rich::of(what) else { return Err(SourceError::NotText { path: path.to_owned(), what }) };
            let opened = Opened { path, head, rest: input, seekable, modified };
            return Ok(Self { path: path.to_owned(), first: rich.read(opened, manner)?, rest: None });
        }
        let mut decoder = Decoder::new(encoding);
        let (now, ahead) = head[bom..].split_at(most.min(head.len() - bom));
        let complete = ended && ahead.is_empty();
        decoder.push(now, complete);
        let Decoded { source, replaced, .. } = decoder.snapshot();
        let hints = hints(path, &source);
        let document = if complete { document::parse(source, &hints) } else { document::parse_provisional(source, &hints) };
        let first = Speech {
            path: path.to_owned(),
            document: Arc::new(document),
            encoding,
            bom: bom > 0,
            replaced,
            file_len: head.len() as u64,
            modified,
        };
        let ahead = ahead.to_vec();
        let rest = (!complete).then(|| Rest {
            ahead,
            input,
            decoder,
            kept: (!seekable).then_some(head),
            is_certain: forced.is_some() || bom > 0,
            hints,
        });
        Ok(Self { path: path.to_owned(), first, rest })
    }

    /// The speech as far as read. Its document is final where the first block was the whole file,
    /// else provisional.
    #[must_use]
    pub fn first(&self) -> &Speech {
        &self.first
    }

    /// Reads the rest, and parses the whole.
    ///
    /// # Errors
    /// When reading on fails.
    pub fn finish(self) -> Result<Speech, SourceError> {
        let Self { path, first, rest } = self;
        let Some(mut rest) = rest else { return Ok(first) };
        let fails = |error| SourceError::io(&path, error);
        rest.decoder.push(&std::mem::take(&mut rest.ahead), false);
        let mut file_len = first.file_len;
        let take = |block: &[u8]| {
            file_len += block.len() as u64;
            rest.decoder.push(block, false);
            if let Some(kept) = &mut rest.kept {
                kept.extend_from_slice(block);
            }
        };
        read_on(&mut *rest.input, take).map_err(fails)?;
        rest.decoder.push(&[], true);
        let mut decoded = rest.decoder.finish();
        if decoded.replaced > 0 && !rest.is_certain {
            // The first block may have been ASCII, or too little to tell by.
            let bytes = rest.kept.take().map_or_else(|| fs::read(&path), Ok).map_err(fails)?;
            let anew = decode::decode(&bytes, None);
            if anew.replaced < decoded.replaced {
                decoded = anew;
            }
        }
        let Decoded { source, encoding, replaced, .. } = decoded;
        let document = Arc::new(document::parse(source, &rest.hints));
        Ok(Speech { document, encoding, replaced, file_len, ..first })
    }

    /// [`Self::finish`] on a thread of its own, which hands the outcome to `deliver`. Nothing is
    /// delivered where the first block was the whole file.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn finish_in_background(self, deliver: impl FnOnce(Result<Speech, SourceError>) + Send + 'static) -> io::Result<()> {
        if self.rest.is_some() {
            thread::Builder::new().name("reading".into()).spawn(move || deliver(self.finish()))?;
        }
        Ok(())
    }
}

/// Reads to the end; each block is taken while the next is read.
fn read_on(input: &mut (dyn Read + Send), mut take: impl FnMut(&[u8])) -> io::Result<()> {
    let mut block = vec![0; BLOCK_BYTES];
    let filled = fill(input, &mut block)?;
    take(&block[..filled]);
    if filled < BLOCK_BYTES {
        return Ok(());
    }
    thread::scope(|scope| {
        let (empty, emptied) = mpsc::channel();
        let (full, filled) = mpsc::channel();
        for block in [block, vec![0; BLOCK_BYTES]] {
            // The other end is here still.
            let _ = empty.send(block);
        }
        let read = move || {
            while let Ok(mut block) = emptied.recv() {
                let read = fill(input, &mut block);
                let is_last = !matches!(read, Ok(BLOCK_BYTES));
                if full.send(read.map(|read| (block, read))).is_err() || is_last {
                    return;
                }
            }
        };
        thread::Builder::new().name("reading on".into()).spawn_scoped(scope, read)?;
        for read in filled {
            let (block, read) = read?;
            take(&block[..read]);
            // After the last block nobody wants it.
            let _ = empty.send(block);
        }
        Ok(())
    })
}

/// Reads until the block is full or there is no more; the bytes read.
pub(super) fn fill(input: &mut dyn Read, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match input.read(&mut block[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

type Input = (Box<dyn Read + Send>, Option<SystemTime>, bool);

/// The bytes of `path`, when it was modified, and whether it can be read a second time.
fn open_input(path: &Path) -> io::Result<Input> {
    if path == Path::new(STDIN) {
        return Ok((Box::new(io::stdin()), None, false));
    }
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let is_file = metadata.is_file();
    Ok((Box::new(file), metadata.modified().ok().filter(|_| is_file), is_file))
}

pub(super) fn hints(path: &Path, source: &SourceText) -> Hints {
    let head = source.slice(Span::new(0, HEAD_CHARS));
    if markdown::is_markdown(path, &head) { Hints::markdown() } else { Hints::default() }
}

#[cfg(test)]
mod tests {
    use super::super::open;
    use super::*;
    use pizhu_text::document::Document;
    use pizhu_text::text::Encoding;
    use pizhu_text::text::decode::encode;

    fn long_text() -> String {
        "第一行，青禾县的干部要到村里去。\n".repeat(6000)
    }

    fn whole(document: &Document) -> String {
        document.quote(document.source.span())
    }

    #[test]
    fn a_long_file_comes_in_two_steps_with_the_same_beginning() {
        let folder = tempfile::tempdir().unwrap();
        for (encoding, glance) in
            [Encoding::UTF8, Encoding::GB18030, Encoding::UTF16LE].into_iter().flat_map(|encoding| [(encoding, false), (encoding, true)])
        {
            let path = folder.path().join("a.txt");
            fs::write(&path, encode(&long_text(), encoding).unwrap()).unwrap();
            let reading = if glance { Reading::glance(&path, None) } else { Reading::begin(&path, None) }.unwrap();
            let first = reading.first().clone();
            assert!(!first.document.is_final);
            let (sender, receiver) = mpsc::channel();
            reading.finish_in_background(move |outcome| sender.send(outcome).unwrap()).unwrap();
            let last = receiver.recv().unwrap().unwrap();
            assert!(last.document.is_final);
            assert_eq!(whole(&last.document), long_text());
            assert!(long_text().starts_with(&whole(&first.document)));
            assert_eq!((last.encoding, last.file_len), (encoding, fs::metadata(&path).unwrap().len()));
        }
    }

    #[test]
    fn a_file_of_many_blocks_is_read_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let first = FIRST_BYTES as usize;
        // Up to a block's end, and one char over it.
        for len in [first + BLOCK_BYTES, first + 3 * BLOCK_BYTES, first + 3 * BLOCK_BYTES + 3, 5 * BLOCK_BYTES + 7] {
            let text = long_text().repeat(len / long_text().len() + 1);
            let text = &text[..text.floor_char_boundary(len)];
            fs::write(&path, text).unwrap();
            let speech = Reading::begin(&path, None).unwrap().finish().unwrap();
            assert_eq!((speech.file_len, speech.replaced), (text.len() as u64, 0));
            assert!(whole(&speech.document) == *text);
        }
    }

    #[test]
    fn a_short_file_is_final_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "\u{FEFF}一、题\r\n正文\r\n").unwrap();
        let reading = Reading::begin(&path, None).unwrap();
        assert!(reading.first().document.is_final && reading.first().bom && reading.first().modified.is_some());
        assert_eq!(whole(&reading.finish().unwrap().document), "一、题\n正文\n");
    }

    #[test]
    fn a_glance_takes_no_more_than_a_screen_needs() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let text = "临江市的工作要有新的进步。\n".repeat(1000);
        // Not at a char's boundary.
        for bom in ["", "\u{FEFF}"] {
            fs::write(&path, format!("{bom}a{text}")).unwrap();
            let reading = Reading::glance(&path, None).unwrap();
            let first = reading.first().clone();
            assert!(!first.document.is_final && first.document.source.len() < GLANCE_BYTES);
            assert_eq!((first.replaced, first.file_len), (0, fs::metadata(&path).unwrap().len()));
            let speech = reading.finish().unwrap();
            assert_eq!((whole(&speech.document), speech.replaced, speech.document.is_final), (format!("a{text}"), 0, true));
            assert_eq!(speech.file_len, first.file_len);
        }
        fs::write(&path, "一、题\n正文\n").unwrap();
        assert!(Reading::glance(&path, None).unwrap().first().document.is_final);
    }

    #[test]
    fn what_comes_late_in_the_file_decides_the_encoding() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let text = "plain ASCII line\n".repeat(5000) + &"临江市的工作要有新的进步。\n".repeat(50);
        fs::write(&path, encode(&text, Encoding::GB18030).unwrap()).unwrap();
        let reading = Reading::begin(&path, None).unwrap();
        assert_eq!(reading.first().encoding, Encoding::UTF8);
        let speech = reading.finish().unwrap();
        assert_eq!((speech.encoding, speech.replaced), (Encoding::GB18030, 0));
        assert_eq!(whole(&speech.document), text);
        let forced = open(&path, Some(Encoding::UTF8)).unwrap();
        assert!(forced.encoding == Encoding::UTF8 && forced.replaced > 0);
    }

    #[test]
    fn errors_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(open(&folder.path().join("none.txt"), None), Err(SourceError::Missing(_))));
        assert!(matches!(open(folder.path(), None), Err(SourceError::Folder(_))));
        let path = folder.path().join("a.pdf");
        fs::write(&path, b"%PDF-1.4\n").unwrap();
        assert!(matches!(open(&path, None), Err(SourceError::NotText { what: Foreign::Pdf, .. })));
        fs::write(&path, b"").unwrap();
        assert!(open(&path, None).unwrap().document.source.is_empty());
    }
}
