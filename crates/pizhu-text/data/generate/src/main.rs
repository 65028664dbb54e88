//! Writes `simplified.txt` and `pinyin.txt` of the folder above from OpenCC's and pinyin-data's
//! dictionaries, and `words.txt.gz` from a jieba dictionary named as argument (`dict.txt` in the
//! sources of the crate jieba-rs).

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use flate2::{Compression, write::GzEncoder};
use pinyin::ToPinyinMulti as _;
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt::Write as _,
    fs::{self, File},
    io::Write as _,
    path::Path,
};

/// Ideographs of the Basic Multilingual Plane.
const BMP: std::ops::RangeInclusive<u32> = 0x3400..=0x9FFF;
/// Supplementary ideographic planes.
const SUPPLEMENTARY: std::ops::RangeInclusive<u32> = 0x20000..=0x323AF;
/// Pairs that the dictionary leaves alone because they depend on the word; searching takes the
/// common reading.
const ADDED: [(char, char); 3] = [('瞭', '了'), ('藉', '借'), ('著', '着')];

fn main() -> Result<(), Box<dyn Error>> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::write(data.join("simplified.txt"), simplified()?)?;
    fs::write(data.join("pinyin.txt"), readings()?)?;
    if let Some(dictionary) = env::args().nth(1) {
        let mut packed = GzEncoder::new(File::create(data.join("words.txt.gz"))?, Compression::best());
        packed.write_all(words(&fs::read_to_string(dictionary)?)?.as_bytes())?;
        packed.finish()?;
    }
    Ok(())
}

/// One pair a line, the traditional char and its simplified form, by code point.
fn simplified() -> Result<String, Box<dyn Error>> {
    let opencc = OpenCC::from_config(BuiltinConfig::T2s)?;
    let step = |c: char| -> Option<char> {
        if let Some((_, to)) = ADDED.iter().find(|(from, _)| *from == c) {
            return Some(*to);
        }
        let converted = opencc.convert(&c.to_string());
        let mut chars = converted.chars();
        let to = chars.next()?;
        (chars.next().is_none() && to != c).then_some(to)
    };
    let mut table = String::new();
    for from in BMP.chain(SUPPLEMENTARY).filter_map(char::from_u32) {
        // A simplified form that has itself a simpler one is followed: folding is idempotent.
        let Some(mut to) = step(from) else { continue };
        while let Some(next) = step(to).filter(|next| *next != from) {
            to = next;
        }
        writeln!(table, "{from}{to}")?;
    }
    Ok(table)
}

/// One set of syllables a line, without tones and with v for ü, a tab, and the chars that are read
/// so: `chong zhong<TAB>重…`.
fn readings() -> Result<String, Box<dyn Error>> {
    let mut sets: BTreeMap<BTreeSet<String>, String> = BTreeMap::new();
    for c in BMP.filter_map(char::from_u32) {
        let plain = |reading: pinyin::Pinyin| reading.plain().replace('ü', "v").replace('ê', "e");
        let readings = c.to_pinyin_multi().into_iter().flatten().map(plain);
        let set: BTreeSet<String> = readings.filter(|syllable| syllable.bytes().all(|byte| byte.is_ascii_lowercase())).collect();
        if !set.is_empty() {
            sets.entry(set).or_default().push(c);
        }
    }
    let mut table = String::new();
    for (set, chars) in sets {
        writeln!(table, "{}\t{chars}", set.into_iter().collect::<Vec<_>>().join(" "))?;
    }
    Ok(table)
}

/// The words of a jieba dictionary with their frequencies, without the parts of speech.
fn words(dictionary: &str) -> Result<String, Box<dyn Error>> {
    let mut table = String::new();
    for line in dictionary.lines() {
        let mut fields = line.split(' ');
        let (Some(word), Some(frequency)) = (fields.next(), fields.next()) else { continue };
        writeln!(table, "{word} {frequency}")?;
    }
    Ok(table)
}
