//! Loads a file in two steps: the first block at once, the rest on whatever thread the caller likes.
//!
//! Invariant: the text of the first step is a prefix of the final text, unless the rest of the
//! file reveals another encoding; then the whole file is decoded again.

use super::{
    error::SourceError,
    extracted_format::OpenedFile,
    first_block::{DetectedContent, FIRST_BLOCK_BYTES, decode_again, detect, fill, hints},
    speech::{ReadOptions, STDIN, Speech},
};
use pizhu_files::regular_file::{IrregularFile, open_source};
use pizhu_text::document;
use pizhu_text::document::Hints;
use pizhu_text::text::Decoded;
use pizhu_text::text::Decoder;
use std::{
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread,
    time::SystemTime,
};

/// Bytes of the first block that [`Loader::begin_screenful`] decodes: more than a screen shows.
const SCREENFUL_BYTES: usize = 16 * 1024;
/// Maximum size in bytes of a file that is read as a speech: some 80 million characters. A sparse
/// file or a device would fill the memory.
pub(super) const MAX_SPEECH_BYTES: u64 = 256 << 20;
/// Bytes per block in the second step.
const BLOCK_BYTES: usize = 1024 * 1024;

/// A speech whose first block has been read.
///
/// ```
/// use pizhu_library::source::Loader;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("讲话.txt");
/// std::fs::write(&path, "青禾县的工作要抓实。\n".repeat(10_000))?;
/// let loader = Loader::begin(&path, None)?;
/// let shown_at_once = loader.first_part().document.source.len();
/// let speech = loader.finish()?;
/// assert!(shown_at_once > 0 && shown_at_once < speech.document.source.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Loader {
    path: PathBuf,
    first_part: Speech,
    rest: Option<RemainingInput>,
}

/// State needed to read on after the first block.
struct RemainingInput {
    /// Bytes read but not yet decoded.
    undecoded: Vec<u8>,
    input: Box<dyn Read + Send>,
    decoder: Decoder,
    /// All bytes so far, if the input cannot be read a second time.
    all_bytes: Option<Vec<u8>>,
    /// The encoding was given by the user or a byte order mark, not guessed.
    is_certain: bool,
    hints: Hints,
}

impl Loader {
    /// Opens a file and reads its first block (`FIRST_BLOCK_BYTES`). A file whose text is extracted
    /// (DOCX, HTML, EPUB) is read whole and final at once. `-` is standard input.
    ///
    /// # Errors
    /// When the file is missing, a folder, unreadable, or not text.
    pub fn begin(path: &Path, options: impl Into<ReadOptions>) -> Result<Self, SourceError> {
        Self::begin_limited(path, options.into(), usize::MAX)
    }

    /// Like [`Self::begin`], but decodes and parses only as much text as a first screen shows.
    ///
    /// # Errors
    /// As for [`Self::begin`].
    pub fn begin_screenful(path: &Path, options: impl Into<ReadOptions>) -> Result<Self, SourceError> {
        Self::begin_limited(path, options.into(), SCREENFUL_BYTES)
    }

    /// Runs the first step, decoding at most `max_bytes` bytes.
    fn begin_limited(path: &Path, options: ReadOptions, max_bytes: usize) -> Result<Self, SourceError> {
        let ReadOptions { encoding: forced, .. } = options;
        let fails = |error| SourceError::io(path, error);
        let (mut input, modified, seekable) = open_input(path).map_err(fails)?;
        let mut head = vec![0; FIRST_BLOCK_BYTES as usize];
        let filled = fill(&mut *input, &mut head).map_err(fails)?;
        head.truncate(filled);
        let ended = (head.len() as u64) < FIRST_BLOCK_BYTES;
        let (encoding, bom) = match detect(path, &head, forced, ended)? {
            DetectedContent::Text { encoding, bom } => (encoding, bom),
            DetectedContent::Extracted(format) => {
                let opened = OpenedFile { path, head, rest: input, seekable, modified };
                return Ok(Self { path: path.to_owned(), first_part: format.read(opened, options)?, rest: None });
            }
        };
        let mut decoder = Decoder::new(encoding);
        let (first_bytes, undecoded) = head[bom..].split_at(max_bytes.min(head.len() - bom));
        let complete = ended && undecoded.is_empty();
        decoder.push(first_bytes, complete);
        let Decoded { source, replaced, .. } = decoder.snapshot();
        let hints = hints(path, &source);
        let document = if complete { document::parse(source, &hints) } else { document::parse_provisional(source, &hints) };
        let first_part = Speech {
            path: path.to_owned(),
            document: Arc::new(document),
            encoding,
            bom: bom > 0,
            replaced,
            missing_parts: Arc::default(),
            file_len: head.len() as u64,
            modified,
        };
        let undecoded = undecoded.to_vec();
        let rest = (!complete).then(|| RemainingInput {
            undecoded,
            input,
            decoder,
            all_bytes: (!seekable).then_some(head),
            is_certain: forced.is_some() || bom > 0,
            hints,
        });
        Ok(Self { path: path.to_owned(), first_part, rest })
    }

    /// The speech as far as decoded. Its document is final if that was the whole file, otherwise
    /// provisional.
    #[must_use]
    pub fn first_part(&self) -> &Speech {
        &self.first_part
    }

    /// Reads the rest and parses the whole text.
    ///
    /// # Errors
    /// When reading fails.
    pub fn finish(self) -> Result<Speech, SourceError> {
        let Self { path, first_part, rest } = self;
        let Some(mut rest) = rest else { return Ok(first_part) };
        let fails = |error| SourceError::io(&path, error);
        rest.decoder.push(&std::mem::take(&mut rest.undecoded), false);
        let mut file_len = first_part.file_len;
        let take = |block: &[u8]| {
            file_len += block.len() as u64;
            rest.decoder.push(block, false);
            if let Some(all_bytes) = &mut rest.all_bytes {
                all_bytes.extend_from_slice(block);
            }
        };
        read_to_end(&mut *rest.input, take).map_err(fails)?;
        if file_len > MAX_SPEECH_BYTES {
            return Err(fails(IrregularFile::TooLarge.into()));
        }
        rest.decoder.push(&[], true);
        let mut decoded = rest.decoder.finish();
        if decoded.replaced > 0 && !rest.is_certain {
            let bytes = rest.all_bytes.take().map_or_else(|| read_again(&path), Ok).map_err(fails)?;
            decoded = decode_again(decoded, &bytes);
        }
        let Decoded { source, encoding, replaced, .. } = decoded;
        let document = Arc::new(document::parse(source, &rest.hints));
        Ok(Speech { document, encoding, replaced, file_len, ..first_part })
    }
}

/// Reads and parses a whole speech. `-` is standard input.
///
/// ```
/// use pizhu_library::source;
/// use pizhu_text::text::Encoding;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("讲话.txt");
/// std::fs::write(&path, "在动员会上的讲话\r\n一、提高认识\r\n")?;
/// let speech = source::open(&path, None)?;
/// assert_eq!((speech.encoding, speech.bom, speech.replaced), (Encoding::UTF8, false, 0));
/// let text = &speech.document.source;
/// assert_eq!(text.slice(text.span()), "在动员会上的讲话\n一、提高认识\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the file is missing, a folder, unreadable, or not text.
pub fn open(path: &Path, options: impl Into<ReadOptions>) -> Result<Speech, SourceError> {
    Loader::begin(path, options)?.finish()
}

/// Reads to the end, passing each block to `take` while the next one is being read.
fn read_to_end(input: &mut (dyn Read + Send), mut take: impl FnMut(&[u8])) -> io::Result<()> {
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
            // Cannot fail: the receiver is alive.
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
            // Fails after the last block, when the reading thread has ended.
            let _ = empty.send(block);
        }
        Ok(())
    })
}

fn read_again(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_source(path)?.0.take(MAX_SPEECH_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A byte stream, its modification time, and whether it can be read a second time.
type OpenedInput = (Box<dyn Read + Send>, Option<SystemTime>, bool);

/// Opens a file, or standard input for `-`.
fn open_input(path: &Path) -> io::Result<OpenedInput> {
    if path == Path::new(STDIN) {
        return Ok((Box::new(io::stdin().take(MAX_SPEECH_BYTES + 1)), None, false));
    }
    let (file, metadata) = open_source(path)?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let is_file = metadata.is_file();
    if is_file && metadata.len() > MAX_SPEECH_BYTES {
        return Err(IrregularFile::TooLarge.into());
    }
    Ok((Box::new(file.take(MAX_SPEECH_BYTES + 1)), metadata.modified().ok().filter(|_| is_file), is_file))
}

#[cfg(test)]
mod tests {
    use super::super::FileKind;
    use super::*;
    use pizhu_text::document::Document;
    use pizhu_text::text::Encoding;
    use pizhu_text::text::decode::encode;
    use std::fs;

    fn long_text() -> String {
        "第一行，青禾县的干部要到村里去。\n".repeat(6000)
    }

    fn whole(document: &Document) -> String {
        document.quote(document.source.span())
    }

    #[test]
    fn first_step_is_a_prefix_of_the_whole_text() {
        let folder = tempfile::tempdir().unwrap();
        for (encoding, screenful) in
            [Encoding::UTF8, Encoding::GB18030, Encoding::UTF16LE].into_iter().flat_map(|encoding| [(encoding, false), (encoding, true)])
        {
            let path = folder.path().join("a.txt");
            fs::write(&path, encode(&long_text(), encoding).unwrap()).unwrap();
            let reading = if screenful { Loader::begin_screenful(&path, None) } else { Loader::begin(&path, None) }.unwrap();
            let first = reading.first_part().clone();
            assert!(!first.document.is_final);
            let last = reading.finish().unwrap();
            assert!(last.document.is_final);
            assert_eq!(whole(&last.document), long_text());
            assert!(long_text().starts_with(&whole(&first.document)));
            assert_eq!((last.encoding, last.file_len), (encoding, fs::metadata(&path).unwrap().len()));
        }
    }

    #[test]
    fn file_of_many_blocks_is_read_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let first = FIRST_BLOCK_BYTES as usize;
        // Ending at a block boundary, and one char after it.
        for len in [first + BLOCK_BYTES, first + 3 * BLOCK_BYTES, first + 3 * BLOCK_BYTES + 3, 5 * BLOCK_BYTES + 7] {
            let text = long_text().repeat(len / long_text().len() + 1);
            let text = &text[..text.floor_char_boundary(len)];
            fs::write(&path, text).unwrap();
            let speech = Loader::begin(&path, None).unwrap().finish().unwrap();
            assert_eq!((speech.file_len, speech.replaced), (text.len() as u64, 0));
            assert!(whole(&speech.document) == *text);
        }
    }

    #[test]
    fn short_file_is_final_after_first_step() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "\u{FEFF}一、题\r\n正文\r\n").unwrap();
        let reading = Loader::begin(&path, None).unwrap();
        assert!(reading.first_part().document.is_final && reading.first_part().bom && reading.first_part().modified.is_some());
        assert_eq!(whole(&reading.finish().unwrap().document), "一、题\n正文\n");
    }

    #[test]
    fn screenful_stays_within_its_byte_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let text = "临江市的工作要有新的进步。\n".repeat(1000);
        // The limit falls inside a char.
        for bom in ["", "\u{FEFF}"] {
            fs::write(&path, format!("{bom}a{text}")).unwrap();
            let reading = Loader::begin_screenful(&path, None).unwrap();
            let first = reading.first_part().clone();
            assert!(!first.document.is_final && first.document.source.len() < SCREENFUL_BYTES);
            assert_eq!((first.replaced, first.file_len), (0, fs::metadata(&path).unwrap().len()));
            let speech = reading.finish().unwrap();
            assert_eq!((whole(&speech.document), speech.replaced, speech.document.is_final), (format!("a{text}"), 0, true));
            assert_eq!(speech.file_len, first.file_len);
        }
        fs::write(&path, "一、题\n正文\n").unwrap();
        assert!(Loader::begin_screenful(&path, None).unwrap().first_part().document.is_final);
    }

    #[test]
    fn late_bytes_can_change_the_detected_encoding() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let text = "plain ASCII line\n".repeat(5000) + &"临江市的工作要有新的进步。\n".repeat(50);
        fs::write(&path, encode(&text, Encoding::GB18030).unwrap()).unwrap();
        let reading = Loader::begin(&path, None).unwrap();
        assert_eq!(reading.first_part().encoding, Encoding::UTF8);
        let speech = reading.finish().unwrap();
        assert_eq!((speech.encoding, speech.replaced), (Encoding::GB18030, 0));
        assert_eq!(whole(&speech.document), text);
        let forced = open(&path, Some(Encoding::UTF8)).unwrap();
        assert!(forced.encoding == Encoding::UTF8 && forced.replaced > 0);
    }

    #[test]
    fn errors_are_distinguished() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(open(&folder.path().join("none.txt"), None), Err(SourceError::Missing(_))));
        assert!(matches!(open(folder.path(), None), Err(SourceError::Folder(_))));
        let path = folder.path().join("a.pdf");
        fs::write(&path, b"%PDF-1.4\n").unwrap();
        assert!(matches!(open(&path, None), Err(SourceError::NotText { what: FileKind::Pdf, .. })));
        fs::write(&path, b"").unwrap();
        assert!(open(&path, None).unwrap().document.source.is_empty());
    }
}
