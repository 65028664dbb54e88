//! Bytes to source text: which encoding, and the decoding itself.
//!
//! The order of the tests matters. A byte order mark decides; then the text being valid UTF-8;
//! then UTF-16 by the parity of its bytes, which no statistical detector finds; then the
//! statistics of chardetng, which need only a sample but are thrown by one cut in mid-character,
//! so the sample is never declared to be the end. Damaged UTF-8 stays UTF-8: it is told by the
//! well-formed sequences being many times the ill-formed.

use super::source::{SourceBuilder, SourceText};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, DecoderResult, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes looked at to tell an encoding that is not marked.
const SAMPLE_BYTES: usize = 16 * 1024;
/// Well-formed multi-byte sequences that one ill-formed may be weighed against.
const DAMAGE_RATIO: usize = 12;
/// The same, of sequences of three bytes and more.
const HANZI_RATIO: usize = 2;

/// The encoding of a file, by the WHATWG Encoding Standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// UTF-8.
    pub const UTF8: Self = Self(UTF_8);
    /// GB18030, of which GBK and GB2312 are parts.
    pub const GB18030: Self = Self(GB18030);
    /// Big5 with the Hong Kong characters.
    pub const BIG5: Self = Self(BIG5);
    /// UTF-16, low byte first.
    pub const UTF16LE: Self = Self(UTF_16LE);
    /// UTF-16, high byte first.
    pub const UTF16BE: Self = Self(UTF_16BE);

    /// The encoding that a name stands for, by the labels of the WHATWG Encoding Standard
    /// (`gbk`, `GB2312`, `big5`, `utf-16le`, …); `None` for a name it does not know.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label(label.as_bytes()).map(Self::unified)
    }

    /// GBK decodes as GB18030, its superset.
    fn unified(encoding: &'static encoding_rs::Encoding) -> Self {
        Self(if encoding == GBK { GB18030 } else { encoding })
    }

    /// The standard's name of the encoding.
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
    /// What it was decoded as.
    pub encoding: Encoding,
    /// Whether a byte order mark was there.
    pub bom: bool,
    /// How many undecodable sequences became U+FFFD.
    pub replaced: usize,
}

/// Decodes a whole file; `forced` overrules the detection (a byte order mark of the same
/// encoding is still taken off). Never fails: what cannot be decoded becomes U+FFFD.
#[must_use]
pub fn decode(bytes: &[u8], forced: Option<Encoding>) -> Decoded {
    let (encoding, bom) = detect(bytes, forced, true);
    let mut decoder = Decoder::new(encoding);
    decoder.push(&bytes[bom..], true);
    Decoded { bom: bom > 0, ..decoder.finish() }
}

/// The encoding of a file that begins with `head`, and the length in bytes of its byte order
/// mark (0 for none). `complete` says that `head` is the whole file.
#[must_use]
pub fn detect(head: &[u8], forced: Option<Encoding>, complete: bool) -> (Encoding, usize) {
    let marked = encoding_rs::Encoding::for_bom(head);
    if let Some(encoding) = forced {
        let bom = marked.filter(|(found, _)| *found == encoding.0).map_or(0, |(_, length)| length);
        return (encoding, bom);
    }
    if let Some((encoding, length)) = marked {
        return (Encoding::unified(encoding), length);
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
    // ASCII tells the encodings apart no more than spaces do: the sample begins where it ends.
    let from = head.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let sample = &head[from..head.len().min(from + SAMPLE_BYTES)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, complete && from + sample.len() == head.len());
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess == BIG5 {
        return Encoding::BIG5;
    }
    // Of what Chinese speeches are kept in, only these are left; a short sample misleads the
    // statistics to a European or Japanese encoding more often than one of those is met.
    if guess == GBK || guess == GB18030 || malformed(sample, Encoding::GB18030) <= malformed(sample, Encoding(guess)) + sample.len() / 200 {
        return Encoding::GB18030;
    }
    Encoding::unified(guess)
}

/// How many ill-formed sequences `bytes` holds in `encoding`, one cut off at the end not counted.
#[must_use]
pub fn malformed(bytes: &[u8], encoding: Encoding) -> usize {
    let mut decoder = Decoder::new(encoding);
    decoder.push(bytes, false);
    decoder.replaced
}

/// UTF-16 without a mark: in over 95% of the units the high byte is one that Chinese text has
/// (U+4E00–9FFF, CJK and full-width punctuation, general punctuation, ASCII with its zero byte).
fn utf16_by_parity(head: &[u8]) -> Option<Encoding> {
    let head = &head[..head.len().min(SAMPLE_BYTES) & !1];
    if head.len() < 4 {
        return None;
    }
    let units = head.len() / 2;
    let fits = |high: u8, low: u8| match high {
        // Hanzi; punctuation of both widths; circled digits and signs such as ℃; pinyin letters.
        0x4E..=0x9F | 0x30 | 0xFF | 0x20..=0x26 | 0x01 => true,
        0x00 => (0x09..0x7F).contains(&low) || low >= 0xA0,
        _ => false,
    };
    let count = |high: usize| head.chunks_exact(2).filter(|unit| fits(unit[high], unit[1 - high])).count();
    let (big, little) = (count(0), count(1));
    let enough = units * 95 / 100;
    // Text of CJK letters alone may fit both ways; a line feed or a space decides, and these
    // are units with a zero byte.
    let zeros = |high: usize| head.chunks_exact(2).filter(|unit| unit[high] == 0).count();
    match (big > enough, little > enough) {
        (true, false) => Some(Encoding::UTF16BE),
        (false, true) => Some(Encoding::UTF16LE),
        (true, true) if zeros(0) > 0 || zeros(1) > 0 => Some(if zeros(0) > zeros(1) { Encoding::UTF16BE } else { Encoding::UTF16LE }),
        _ => None,
    }
}

/// Whether bytes that are not valid UTF-8 are UTF-8 all the same, with some of them damaged.
/// Sequences of three bytes, as hanzi have, hardly occur in the other encodings of Chinese.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut hanzi, mut bad) = (0, 0, 0);
    for chunk in bytes[..bytes.len().min(SAMPLE_BYTES * 4)].utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        hanzi += chunk.valid().bytes().filter(|byte| *byte >= 0xE0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * DAMAGE_RATIO || hanzi > bad * HANZI_RATIO
}

/// Decodes a file that comes in blocks.
pub struct Decoder {
    encoding: Encoding,
    inner: encoding_rs::Decoder,
    builder: SourceBuilder,
    buffer: String,
    ended_in_cr: bool,
    replaced: usize,
    /// Bytes that the last char of UTF-8 still lacks.
    missing: usize,
}

impl Decoder {
    /// A decoder for text in `encoding`, its byte order mark already taken off.
    #[must_use]
    pub fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            inner: encoding.0.new_decoder_without_bom_handling(),
            builder: SourceBuilder::default(),
            buffer: String::new(),
            ended_in_cr: false,
            replaced: 0,
            missing: 0,
        }
    }

    /// Adds the next bytes; `last` says that no more follow.
    pub fn push(&mut self, bytes: &[u8], last: bool) {
        // What is in order all through need not be decoded.
        let rest = if self.encoding == Encoding::UTF8 && self.replaced == 0 { self.take_valid(bytes) } else { bytes };
        self.convert(rest, last);
    }

    /// Takes bytes of UTF-8 as far as they are whole chars; what is left to convert: the beginning
    /// of a char, or all where something is wrong.
    fn take_valid<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let (head, bytes) = bytes.split_at(self.missing.min(bytes.len()));
        if !head.is_empty() {
            self.missing -= head.len();
            self.convert(head, false);
        }
        if self.missing > 0 || self.replaced > 0 {
            return bytes;
        }
        let lead = bytes.iter().rev().take(3).position(|byte| *byte >= 0xC0);
        let cut = lead.map_or((0, 0), |behind| {
            let length = match bytes[bytes.len() - 1 - behind] {
                0xC0..0xE0 => 2,
                0xE0..0xF0 => 3,
                _ => 4,
            };
            if length > behind + 1 { (behind + 1, length - behind - 1) } else { (0, 0) }
        });
        let (whole, rest) = bytes.split_at(bytes.len() - cut.0);
        match simdutf8::basic::from_utf8(whole) {
            Ok(text) => {
                self.missing = cut.1;
                self.take(text);
                rest
            }
            Err(_) => bytes,
        }
    }

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
            self.take(&buffer);
            self.buffer = buffer;
            if matches!(result, DecoderResult::InputEmpty) {
                return;
            }
        }
    }

    /// Adds decoded text, CRLF and lone CR as LF.
    fn take(&mut self, mut rest: &str) {
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

    /// What has been decoded so far.
    #[must_use]
    pub fn snapshot(&self) -> Decoded {
        Decoded { source: self.builder.snapshot(), encoding: self.encoding, bom: false, replaced: self.replaced }
    }

    /// The text, complete.
    #[must_use]
    pub fn finish(self) -> Decoded {
        Decoded { source: self.builder.finish(), encoding: self.encoding, bom: false, replaced: self.replaced }
    }
}

/// Text in the bytes of an encoding, for writing test material; `None` where it lacks a character.
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
    fn each_encoding_is_found_and_gives_the_same_text() {
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
    fn utf16_with_pinyin_signs_and_odd_spaces_is_found() {
        for sample in ["一、要发(fā)展(zhǎn)：\n\u{a0}\u{a0}①最高气温41.2℃\n", "\u{a0}\u{a0}\u{a0}\u{a0}一、抓班子\n"]
        {
            for encoding in [Encoding::UTF16LE, Encoding::UTF16BE] {
                let decoded = decode(&encode(sample, encoding).unwrap(), None);
                assert_eq!((decoded.encoding, text(&decoded).as_str()), (encoding, sample));
            }
        }
    }

    #[test]
    fn a_byte_order_mark_decides_and_is_taken_off() {
        for (bom, encoding) in [(&b"\xEF\xBB\xBF"[..], Encoding::UTF8), (b"\xFF\xFE", Encoding::UTF16LE), (b"\xFE\xFF", Encoding::UTF16BE)]
        {
            let bytes = [bom, &encode("讲话", encoding).unwrap()].concat();
            for forced in [None, Some(encoding)] {
                let decoded = decode(&bytes, forced);
                assert_eq!((decoded.encoding, decoded.bom, text(&decoded)), (encoding, true, "讲话".to_owned()));
            }
        }
    }

    #[test]
    fn damaged_bytes_become_counted_signs() {
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
    fn the_users_word_overrules() {
        let bytes = encode(TRADITIONAL, Encoding::BIG5).unwrap();
        assert_eq!(decode(&bytes, Encoding::from_label("gbk")).encoding, Encoding::GB18030);
        assert_eq!(Encoding::from_label("klingon"), None);
    }

    #[test]
    fn lone_returns_and_the_empty_file() {
        assert_eq!(text(&decode(b"a\rb\r\nc\r", None)), "a\nb\nc\n");
        assert!(decode(b"", None).source.is_empty());
        assert_eq!(decode(b"", None).encoding, Encoding::UTF8);
    }

    proptest! {
        /// Blocks cut anywhere, in mid-character or between CR and LF, decode to the same text.
        #[test]
        fn blocks_decode_as_the_whole(cuts in prop::collection::vec(1usize..40, 1..60), which in 0usize..4) {
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

        /// Damaged UTF-8 decodes the same whatever blocks it comes in.
        #[test]
        fn damaged_utf8_decodes_as_the_whole(
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
                let (block, behind) = rest.split_at(cut.min(rest.len()));
                decoder.push(block, false);
                rest = behind;
            }
            decoder.push(rest, true);
            let decoded = decoder.finish();
            let replaced = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
            prop_assert_eq!(text(&decoded), String::from_utf8_lossy(&bytes));
            prop_assert_eq!(decoded.replaced, replaced);
        }

        /// Any bytes decode, as anything.
        #[test]
        fn any_bytes_decode(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let decoded = decode(&bytes, None);
            prop_assert!(!text(&decoded).contains('\r'));
        }
    }
}
