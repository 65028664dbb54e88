//! Encoding detection and decoding of bytes into source text.
//!
//! Detection tries in order: a byte order mark; valid UTF-8; UTF-16 without a mark, by the parity
//! of its bytes, which no statistical detector finds; damaged UTF-8, by its many well-formed
//! sequences for few ill-formed ones; and chardetng's statistics on a sample. A sample that ends
//! inside a character misleads chardetng, so the detector is never told that it is the end of the
//! file unless it is.

use super::source::{SourceBuilder, SourceText};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, DecoderResult, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// Sample size in bytes for the detection of an encoding without a byte order mark.
const SAMPLE_BYTES: usize = 16 * 1024;

/// Damaged UTF-8 has more than this many well-formed multi-byte sequences for each ill-formed one.
const DAMAGE_RATIO: usize = 12;

/// The same ratio for sequences of three bytes and more.
const HANZI_RATIO: usize = 2;

/// A character encoding of the WHATWG Encoding Standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// UTF-8.
    pub const UTF8: Self = Self(UTF_8);
    /// GB18030, a superset of GBK and GB2312.
    pub const GB18030: Self = Self(GB18030);
    /// Big5 with the Hong Kong supplement.
    pub const BIG5: Self = Self(BIG5);
    /// UTF-16, little-endian.
    pub const UTF16LE: Self = Self(UTF_16LE);
    /// UTF-16, big-endian.
    pub const UTF16BE: Self = Self(UTF_16BE);

    /// The encoding with a WHATWG label (`gbk`, `GB2312`, `big5`, `utf-16le`, …); `None` for an
    /// unknown label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label(label.as_bytes()).map(Self::canonical)
    }

    /// Replaces GBK by its superset GB18030.
    fn canonical(encoding: &'static encoding_rs::Encoding) -> Self {
        Self(if encoding == GBK { GB18030 } else { encoding })
    }

    /// The WHATWG name of the encoding.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

/// A decoded file.
#[derive(Debug, Clone)]
pub struct Decoded {
    /// The text.
    pub source: SourceText,
    /// The encoding it was decoded from.
    pub encoding: Encoding,
    /// Whether the file began with a byte order mark.
    pub bom: bool,
    /// Number of undecodable sequences, each replaced by U+FFFD.
    pub replaced: usize,
}

/// Decodes a whole file. `forced` overrides the detection; a byte order mark of that encoding is
/// still removed. Never fails: undecodable sequences become U+FFFD. CRLF and CR become LF.
///
/// ```
/// use pizhu_text::text::{Encoding, decode};
///
/// let decoded = decode("\u{FEFF}讲话\r\n".as_bytes(), None);
/// assert_eq!((decoded.encoding, decoded.bom), (Encoding::UTF8, true));
/// assert_eq!(decoded.source.slice(decoded.source.span()), "讲话\n");
///
/// let decoded = decode(b"\xBD\xB2\xBB\xB0\xFF", Encoding::from_label("gbk"));
/// assert_eq!(decoded.source.slice(decoded.source.span()), "讲话\u{FFFD}");
/// assert_eq!(decoded.replaced, 1);
/// ```
#[must_use]
pub fn decode(bytes: &[u8], forced: Option<Encoding>) -> Decoded {
    let (encoding, bom) = detect(bytes, forced, true);
    let mut decoder = Decoder::new(encoding);
    decoder.push(&bytes[bom..], true);
    Decoded { bom: bom > 0, ..decoder.finish() }
}

/// Detects the encoding of a file that begins with `head`, and the length in bytes of its byte
/// order mark (0 if it has none). `complete` says that `head` is the whole file.
///
/// ```
/// use pizhu_text::text::{Encoding, decode::detect};
///
/// assert_eq!(detect(b"\xFF\xFE\xB2\x8B", None, true), (Encoding::UTF16LE, 2));
/// assert_eq!(detect("讲话".as_bytes(), None, true), (Encoding::UTF8, 0));
/// ```
#[must_use]
pub fn detect(head: &[u8], forced: Option<Encoding>, complete: bool) -> (Encoding, usize) {
    let marked = encoding_rs::Encoding::for_bom(head);
    if let Some(encoding) = forced {
        let bom = marked.filter(|(found, _)| *found == encoding.0).map_or(0, |(_, length)| length);
        return (encoding, bom);
    }
    if let Some((encoding, length)) = marked {
        return (Encoding::canonical(encoding), length);
    }
    (detect_unmarked(head, complete), 0)
}

fn detect_unmarked(head: &[u8], complete: bool) -> Encoding {
    match simdutf8::compat::from_utf8(head) {
        Ok(_) if !head.contains(&0) => return Encoding::UTF8,
        Err(error) if error.error_len().is_none() && !complete && !head.contains(&0) => return Encoding::UTF8,
        _ => {}
    }
    if let Some(encoding) = utf16_by_parity(head) {
        return encoding;
    }
    if is_damaged_utf8(head) {
        return Encoding::UTF8;
    }
    // ASCII does not tell the encodings apart, so the sample begins after it.
    let from = head.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let sample = &head[from..head.len().min(from + SAMPLE_BYTES)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, complete && from + sample.len() == head.len());
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess == BIG5 {
        return Encoding::BIG5;
    }
    // Prefer GB18030: a short Chinese sample is mistaken for a European or Japanese encoding more
    // often than a file in one of these occurs.
    if guess == GBK
        || guess == GB18030
        || count_malformed(sample, Encoding::GB18030) <= count_malformed(sample, Encoding(guess)) + sample.len() / 200
    {
        return Encoding::GB18030;
    }
    Encoding::canonical(guess)
}

/// Number of ill-formed sequences in `bytes` decoded as `encoding`; an incomplete one at the end
/// is not counted.
#[must_use]
pub fn count_malformed(bytes: &[u8], encoding: Encoding) -> usize {
    let mut decoder = Decoder::new(encoding);
    decoder.push(bytes, false);
    decoder.replaced
}

/// Detects UTF-16 without a byte order mark: in over 95% of the code units the high byte is one of
/// Chinese text (U+4E00–9FFF, CJK and full-width punctuation, general punctuation, ASCII with its
/// zero byte).
fn utf16_by_parity(head: &[u8]) -> Option<Encoding> {
    let head = &head[..head.len().min(SAMPLE_BYTES) & !1];
    if head.len() < 4 {
        return None;
    }
    let units = head.len() / 2;
    let fits = |high: u8, low: u8| match high {
        // Hanzi; punctuation of both widths; circled digits and symbols such as ℃; pinyin letters.
        0x4E..=0x9F | 0x30 | 0xFF | 0x20..=0x26 | 0x01 => true,
        0x00 => (0x09..0x7F).contains(&low) || low >= 0xA0,
        _ => false,
    };
    let count = |high: usize| head.chunks_exact(2).filter(|unit| fits(unit[high], unit[1 - high])).count();
    let (big, little) = (count(0), count(1));
    // Two letters of ASCII look like a hanzi of either byte order (`zu` like U+7A75). Of the low bytes of
    // real hanzi about a third are such letters, and text of hanzi alone has no zero byte.
    let printable = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~');
    let ascii = head.chunks_exact(2).filter(|unit| unit.iter().all(printable)).count();
    if ascii * 3 > units * 2 {
        return None;
    }
    let threshold = units * 95 / 100;
    // Text of hanzi alone may fit both byte orders. Line feeds and spaces decide: code units with
    // a zero high byte.
    let zeros = |high: usize| head.chunks_exact(2).filter(|unit| unit[high] == 0).count();
    match (big > threshold, little > threshold) {
        (true, false) => Some(Encoding::UTF16BE),
        (false, true) => Some(Encoding::UTF16LE),
        (true, true) if zeros(0) > 0 || zeros(1) > 0 => Some(if zeros(0) > zeros(1) { Encoding::UTF16BE } else { Encoding::UTF16LE }),
        _ => None,
    }
}

/// Whether bytes that are not valid UTF-8 are damaged UTF-8. Well-formed sequences of three bytes,
/// as of hanzi, are rare in the other encodings of Chinese.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut hanzi, mut bad) = (0, 0, 0);
    for chunk in bytes[..bytes.len().min(SAMPLE_BYTES * 4)].utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        hanzi += chunk.valid().bytes().filter(|byte| *byte >= 0xE0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * DAMAGE_RATIO || hanzi > bad * HANZI_RATIO
}

/// Decoder for a file that comes in blocks.
///
/// ```
/// use pizhu_text::text::{Decoder, Encoding};
///
/// let bytes = "讲话".as_bytes();
/// let mut decoder = Decoder::new(Encoding::UTF8);
/// decoder.push(&bytes[..4], false); // ends inside the second char
/// decoder.push(&bytes[4..], true);
/// let decoded = decoder.finish();
/// assert_eq!((decoded.source.len(), decoded.replaced), (2, 0));
/// ```
pub struct Decoder {
    encoding: Encoding,
    inner: encoding_rs::Decoder,
    builder: SourceBuilder,
    buffer: String,
    ended_in_cr: bool,
    replaced: usize,
    /// Bytes still missing from an incomplete UTF-8 char at the end of the last block.
    missing_bytes: usize,
}

impl Decoder {
    /// A decoder for bytes in `encoding`, without their byte order mark.
    #[must_use]
    pub fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            inner: encoding.0.new_decoder_without_bom_handling(),
            builder: SourceBuilder::default(),
            buffer: String::new(),
            ended_in_cr: false,
            replaced: 0,
            missing_bytes: 0,
        }
    }

    /// Decodes the next block; `last` says that no more follow.
    pub fn push(&mut self, bytes: &[u8], last: bool) {
        // Valid UTF-8 is only checked, not converted.
        let rest = if self.encoding == Encoding::UTF8 && self.replaced == 0 { self.push_valid_utf8(bytes) } else { bytes };
        self.convert(rest, last);
    }

    /// Appends the complete chars of valid UTF-8. Returns the bytes left to convert: an incomplete
    /// char at the end, or all of them if they are ill-formed.
    fn push_valid_utf8<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let (head, bytes) = bytes.split_at(self.missing_bytes.min(bytes.len()));
        if !head.is_empty() {
            self.missing_bytes -= head.len();
            self.convert(head, false);
        }
        if self.missing_bytes > 0 || self.replaced > 0 {
            return bytes;
        }
        let lead = bytes.iter().rev().take(3).position(|byte| *byte >= 0xC0);
        // Bytes of an incomplete char at the end, and how many it lacks.
        let cut = lead.map_or((0, 0), |after_lead| {
            let length = match bytes[bytes.len() - 1 - after_lead] {
                0xC0..0xE0 => 2,
                0xE0..0xF0 => 3,
                _ => 4,
            };
            if length > after_lead + 1 { (after_lead + 1, length - after_lead - 1) } else { (0, 0) }
        });
        let (whole, rest) = bytes.split_at(bytes.len() - cut.0);
        match simdutf8::basic::from_utf8(whole) {
            Ok(text) => {
                self.missing_bytes = cut.1;
                self.push_text(text);
                rest
            }
            Err(_) => bytes,
        }
    }

    /// Decodes bytes and appends them, with U+FFFD for each ill-formed sequence.
    fn convert(&mut self, mut bytes: &[u8], last: bool) {
        loop {
            self.buffer.clear();
            self.buffer.reserve(bytes.len().min(super::source::CHUNK_BYTES) + 16);
            let (result, read) = self.inner.decode_to_string_without_replacement(bytes, &mut self.buffer, last);
            bytes = &bytes[read..];
            if let DecoderResult::Malformed(..) = result {
                self.replaced += 1;
                self.buffer.push('\u{FFFD}');
            }
            let buffer = std::mem::take(&mut self.buffer);
            self.push_text(&buffer);
            self.buffer = buffer;
            if matches!(result, DecoderResult::InputEmpty) {
                return;
            }
        }
    }

    /// Appends decoded text, with CRLF and CR converted to LF.
    fn push_text(&mut self, mut rest: &str) {
        if self.ended_in_cr && !rest.is_empty() {
            rest = rest.strip_prefix('\n').unwrap_or(rest);
            self.ended_in_cr = false;
        }
        while let Some(cr) = memchr::memchr(b'\r', rest.as_bytes()) {
            self.builder.push_str(&rest[..cr]);
            self.builder.push_str("\n");
            rest = &rest[cr + 1..];
            if rest.is_empty() {
                self.ended_in_cr = true;
            } else {
                rest = rest.strip_prefix('\n').unwrap_or(rest);
            }
        }
        self.builder.push_str(rest);
    }

    /// The text decoded so far.
    #[must_use]
    pub fn snapshot(&self) -> Decoded {
        Decoded { source: self.builder.snapshot(), encoding: self.encoding, bom: false, replaced: self.replaced }
    }

    /// The complete text.
    #[must_use]
    pub fn finish(self) -> Decoded {
        Decoded { source: self.builder.finish(), encoding: self.encoding, bom: false, replaced: self.replaced }
    }
}

/// Encodes text, for test data; `None` if the encoding lacks one of its characters.
#[must_use]
pub fn encode(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
    if encoding == Encoding::UTF16LE {
        return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if encoding == Encoding::UTF16BE {
        return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    let mut encoder = encoding.0.new_encoder();
    let mut bytes = Vec::with_capacity(encoder.max_buffer_length_from_utf8_without_replacement(text.len())?);
    let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(text, &mut bytes, true);
    (matches!(result, encoding_rs::EncoderResult::InputEmpty) && read == text.len()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;
    use proptest::prelude::*;

    const SIMPLIFIED: &str = "同志们：\n一、要把青禾县的基层组织建设抓实，2025年取得新进步。\n（一）全县干部要到村里去，听听群众怎么说。\n";
    const TRADITIONAL: &str =
        "同志們：\n一、要把青禾縣的基層組織建設抓實，2025年取得新進步。\n（一）全縣幹部要到村裏去，聽聽群眾怎麼說。\n";

    fn text(decoded: &Decoded) -> String {
        decoded.source.slice(decoded.source.span()).into_owned()
    }

    #[test]
    fn each_encoding_is_detected_and_decoded() {
        for (sample, encoding) in [
            (SIMPLIFIED, Encoding::UTF8),
            (SIMPLIFIED, Encoding::GB18030),
            (TRADITIONAL, Encoding::BIG5),
            (SIMPLIFIED, Encoding::UTF16LE),
            (SIMPLIFIED, Encoding::UTF16BE),
        ] {
            let bytes = encode(sample, encoding).unwrap();
            let decoded = decode(&bytes, None);
            assert_eq!(decoded.encoding, encoding, "{}", encoding.name());
            assert_eq!(text(&decoded), sample);
            assert_eq!((decoded.replaced, decoded.bom), (0, false));
            let crlf = encode(&sample.replace('\n', "\r\n"), encoding).unwrap();
            assert_eq!(text(&decode(&crlf, None)), sample);
        }
    }

    #[test]
    fn utf16_with_pinyin_symbols_and_no_break_spaces_is_detected() {
        for sample in ["一、要发(fā)展(zhǎn)：\n\u{a0}\u{a0}①最高气温41.2℃\n", "\u{a0}\u{a0}\u{a0}\u{a0}一、抓班子\n"]
        {
            for encoding in [Encoding::UTF16LE, Encoding::UTF16BE] {
                let decoded = decode(&encode(sample, encoding).unwrap(), None);
                assert_eq!((decoded.encoding, text(&decoded).as_str()), (encoding, sample));
            }
        }
    }

    #[test]
    fn a_byte_order_mark_decides_and_is_removed() {
        for (bom, encoding) in [(&b"\xEF\xBB\xBF"[..], Encoding::UTF8), (b"\xFF\xFE", Encoding::UTF16LE), (b"\xFE\xFF", Encoding::UTF16BE)]
        {
            let bytes = [bom, &encode("讲话", encoding).unwrap()].concat();
            for forced in [None, Some(encoding)] {
                let decoded = decode(&bytes, forced);
                assert_eq!((decoded.encoding, decoded.bom, text(&decoded)), (encoding, true, "讲话".to_owned()));
            }
        }
    }

    /// Two ASCII letters look like a hanzi in UTF-16.
    #[test]
    fn mostly_latin_gbk_is_not_taken_for_utf16() {
        for latin in ["zu zhi gong zuo hui yi\n", "Work report of the county, part 1.\n", "GDP "] {
            let gbk = encode(&(latin.repeat(5) + "组织工作\n"), Encoding::GB18030).unwrap();
            for bytes in [&gbk[..], &gbk[..gbk.len() - 1]] {
                assert_eq!(decode(bytes, None).encoding, Encoding::GB18030, "{latin}");
            }
        }
        let utf16 = encode("同志们，组织工作要抓紧", Encoding::UTF16BE).unwrap();
        assert_eq!(decode(&utf16, None).encoding, Encoding::UTF16BE);
    }

    #[test]
    fn damaged_bytes_are_replaced_and_counted() {
        let mut bytes = SIMPLIFIED.repeat(4).into_bytes();
        bytes[7] = 0xFF;
        let decoded = decode(&bytes, None);
        assert_eq!(decoded.encoding, Encoding::UTF8);
        assert!(decoded.replaced >= 1);
        assert_eq!(text(&decoded).matches('\u{FFFD}').count(), decoded.replaced);
        let mut gbk = encode(&SIMPLIFIED.repeat(4), Encoding::GB18030).unwrap();
        gbk.push(0xB1);
        let decoded = decode(&gbk, None);
        assert_eq!((decoded.encoding, decoded.replaced), (Encoding::GB18030, 1));
    }

    #[test]
    fn a_forced_encoding_overrides_detection() {
        let bytes = encode(TRADITIONAL, Encoding::BIG5).unwrap();
        assert_eq!(decode(&bytes, Encoding::from_label("gbk")).encoding, Encoding::GB18030);
        assert_eq!(Encoding::from_label("klingon"), None);
    }

    #[test]
    fn carriage_returns_and_the_empty_file() {
        assert_eq!(text(&decode(b"a\rb\r\nc\r", None)), "a\nb\nc\n");
        assert!(decode(b"", None).source.is_empty());
        assert_eq!(decode(b"", None).encoding, Encoding::UTF8);
    }

    proptest! {
        /// Blocks cut anywhere, inside a char or between CR and LF, decode to the same text.
        #[test]
        fn blocks_decode_like_the_whole_file(cuts in prop::collection::vec(1usize..40, 1..60), which in 0usize..4) {
            let encoding = [Encoding::UTF8, Encoding::GB18030, Encoding::UTF16LE, Encoding::UTF16BE][which];
            let bytes = encode(&SIMPLIFIED.replace('\n', "\r\n"), encoding).unwrap();
            let mut decoder = Decoder::new(encoding);
            let mut at = 0;
            for cut in cuts {
                let to = (at + cut).min(bytes.len());
                decoder.push(&bytes[at..to], false);
                at = to;
            }
            decoder.push(&bytes[at..], true);
            let decoded = decoder.finish();
            prop_assert_eq!(text(&decoded), SIMPLIFIED);
            prop_assert_eq!(decoded.source.slice(Span::new(0, 4)), "同志们：");
        }

        /// Damaged UTF-8 decodes to the same text however it is cut into blocks.
        #[test]
        fn blocks_of_damaged_utf8_decode_like_the_whole_file(
            pieces in prop::collection::vec(prop_oneof![
                4 => "[a字é𠀀。]{1,6}".prop_map(String::into_bytes),
                1 => prop::collection::vec(0x80..=0xFF_u8, 0..3),
            ], 0..20),
            cuts in prop::collection::vec(0usize..9, 0..40),
        ) {
            let bytes = pieces.concat();
            let mut decoder = Decoder::new(Encoding::UTF8);
            let mut rest = bytes.as_slice();
            for cut in cuts {
                let (block, others) = rest.split_at(cut.min(rest.len()));
                decoder.push(block, false);
                rest = others;
            }
            decoder.push(rest, true);
            let decoded = decoder.finish();
            let replaced = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
            prop_assert_eq!(text(&decoded), String::from_utf8_lossy(&bytes));
            prop_assert_eq!(decoded.replaced, replaced);
        }

        /// Decoding accepts any bytes.
        #[test]
        fn any_bytes_decode(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let decoded = decode(&bytes, None);
            prop_assert!(!text(&decoded).contains('\r'));
        }
    }
}
