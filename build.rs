//! Makes the table that folds traditional characters to simplified ones, char for char, out of
//! OpenCC's dictionary, so that the table need not be kept in the repository; and the list of the
//! built-in samples out of `sample-data/`; and the readings of the characters, without tones.

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use pinyin::ToPinyinMulti as _;
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::Path,
};

/// The ideographs of the Basic Multilingual Plane, which get a directly indexed table.
const DENSE: std::ops::RangeInclusive<u32> = 0x3400..=0x9FFF;
/// The supplementary ideographic planes, of which few characters have a simplified form.
const SPARSE: std::ops::RangeInclusive<u32> = 0x20000..=0x323AF;
/// Pairs the dictionary leaves alone because they depend on the word; for finding a passage the
/// common reading serves.
const MORE: [(char, char); 3] = [('瞭', '了'), ('藉', '借'), ('著', '着')];

/// Extensions of the samples that are compiled in.
const SAMPLES: [&str; 5] = ["txt", "md", "docx", "html", "epub"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out).join("simplified.rs"), simplified()?)?;
    fs::write(Path::new(&out).join("samples.rs"), samples()?)?;
    fs::write(Path::new(&out).join("gbk.rs"), gbk()?)?;
    place_at_a_fixed_address();
    place_together(Path::new(&out))?;
    fs::write(Path::new(&out).join("pinyin.rs"), readings()?)?;
    Ok(())
}

/// Links the program so that the loader need not relocate it. That costs each start a hundred
/// and seventy page faults, a third of the time of a program that only prints its version; in a
/// program without `unsafe` the random address it buys guards little.
fn place_at_a_fixed_address() {
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}

/// Has the linker put together what the reader goes through each time, as `benches/order` found
/// it. The system maps a program in pieces of 64 KB: the tenth of the code that is used lay in all
/// of them, and each start paid for reading them in and held their memory.
///
/// lld, which is Rust's own for this target, and GNU ld take the script; for others it is left out.
fn place_together(out: &Path) -> Result<(), Box<dyn Error>> {
    const ORDER: &str = "benches/order.txt";
    println!("cargo:rerun-if-changed={ORDER}");
    let known_target = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") && is("CARGO_CFG_TARGET_ARCH", "x86_64");
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let other_linker = ["mold", "gold", "wild", "linker="].iter().any(|name| flags.contains(name)) || env::var_os("RUSTC_LINKER").is_some();
    if !known_target || other_linker || !is("PROFILE", "release") {
        return Ok(());
    }
    let mut script = String::from("SECTIONS\n{\n.text.first :\n{\n*(\n");
    for name in fs::read_to_string(ORDER)?.lines().filter(|line| !line.starts_with('#')) {
        writeln!(script, ".text.{name} .text.unlikely.{name}")?;
    }
    script.push_str(")\n}\n}\nINSERT BEFORE .text;\n");
    let path = out.join("order.ld");
    fs::write(&path, script)?;
    for argument in ["-Xlinker", "-T", "-Xlinker", &path.display().to_string()] {
        println!("cargo:rustc-link-arg-bins={argument}");
    }
    Ok(())
}

/// Whether cargo says so of this build.
fn is(name: &str, value: &str) -> bool {
    env::var(name).is_ok_and(|found| found == value)
}

/// The samples, each with its bytes, by name.
fn samples() -> Result<String, Box<dyn Error>> {
    let folder = Path::new(&env::var_os("CARGO_MANIFEST_DIR").ok_or("CARGO_MANIFEST_DIR is not set")?).join("sample-data");
    println!("cargo:rerun-if-changed=sample-data");
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| SAMPLES.iter().any(|known| extension == *known)) {
            files.push(path);
        }
    }
    files.sort();
    let mut list = String::from("/// The samples, by name.\npub const SAMPLES: &[Sample] = &[\n");
    for path in files {
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("a sample's name is not UTF-8")?;
        writeln!(list, "    Sample {{ name: {name:?}, bytes: include_bytes!({:?}) }},", path.display().to_string())?;
    }
    list.push_str("];\n");
    Ok(list)
}

/// The table of the characters that two bytes are in GBK, by rows of the lead byte from 0x81 and
/// the trail byte from 0x40 on; 0 where they are none, or one for private use.
fn gbk() -> Result<String, Box<dyn Error>> {
    let mut table = String::from(
        "/// The characters of GBK by lead byte, from 0x81 on, and trail byte, from 0x40 on.\nstatic CHARS: [[u16; 191]; 126] = [\n",
    );
    for lead in 0x81..=0xFE_u8 {
        table.push('[');
        for trail in 0x40..=0xFE_u8 {
            let pair = [lead, trail];
            let text = encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(&pair);
            let mut chars = text.iter().flat_map(|text| text.chars());
            let c = chars.next().filter(|c| chars.next().is_none() && !matches!(c, '\u{E000}'..='\u{F8FF}'));
            write!(table, "{},", c.and_then(|c| u16::try_from(u32::from(c)).ok()).unwrap_or(0))?;
        }
        table.push_str("],\n");
    }
    table.push_str("];\n");
    Ok(table)
}

/// The tables for folding to simplified characters.
fn simplified() -> Result<String, Box<dyn Error>> {
    let opencc = OpenCC::from_config(BuiltinConfig::T2s)?;
    let once = |code: u32| -> Option<char> {
        let from = char::from_u32(code)?;
        if let Some((_, to)) = MORE.iter().find(|(traditional, _)| *traditional == from) {
            return Some(*to);
        }
        let converted = opencc.convert(&from.to_string());
        let mut chars = converted.chars();
        let to = chars.next()?;
        (chars.next().is_none() && to != from).then_some(to)
    };
    // A simplified form that has itself a simpler one is followed, so that folding twice is
    // folding once.
    let simplified = |code: u32| -> Option<char> {
        let mut to = once(code)?;
        while let Some(next) = once(u32::from(to)).filter(|next| u32::from(*next) != code) {
            to = next;
        }
        Some(to)
    };
    let mut table = String::from("static DENSE: [u16; 27648] = [");
    let mut sparse = String::from("static SPARSE: &[(char, char)] = &[");
    for code in DENSE {
        match simplified(code) {
            Some(to) if u16::try_from(u32::from(to)).is_ok() => write!(table, "{},", u32::from(to))?,
            Some(to) => {
                // 1 sends the look-up to the sparse table.
                table.push_str("1,");
                write!(sparse, "({:?},{to:?}),", char::from_u32(code).unwrap_or_default())?;
            }
            None => table.push_str("0,"),
        }
    }
    for code in SPARSE {
        if let Some(to) = simplified(code) {
            write!(sparse, "({:?},{to:?}),", char::from_u32(code).unwrap_or_default())?;
        }
    }
    table.push_str("];\n");
    sparse.push_str("];\n");
    Ok(table + &sparse)
}

/// The syllables there are; the sets of them that characters are read as, the empty one first; and
/// which set each ideograph of the Basic Multilingual Plane has. ü is written v.
fn readings() -> Result<String, Box<dyn Error>> {
    let mut read = Vec::new();
    let mut syllables = BTreeSet::new();
    for code in DENSE {
        let all = char::from_u32(code).and_then(|c| c.to_pinyin_multi());
        let plain = |reading: pinyin::Pinyin| reading.plain().replace('ü', "v").replace('ê', "e");
        let set: BTreeSet<String> =
            all.into_iter().flatten().map(plain).filter(|syllable| syllable.bytes().all(|b| b.is_ascii_lowercase())).collect();
        syllables.extend(set.iter().cloned());
        read.push(set);
    }
    let numbers: BTreeMap<&str, usize> = syllables.iter().enumerate().map(|(number, syllable)| (syllable.as_str(), number)).collect();
    let mut sets = vec![Vec::new()];
    let mut known = BTreeMap::from([(Vec::new(), 0)]);
    let mut table = String::new();
    for set in &read {
        let set: Vec<usize> = set.iter().filter_map(|syllable| numbers.get(syllable.as_str()).copied()).collect();
        let index = *known.entry(set.clone()).or_insert_with(|| {
            sets.push(set);
            sets.len() - 1
        });
        write!(table, "{},", u16::try_from(index)?)?;
    }
    let mut code = format!("static SYLLABLES: &[&str] = &{syllables:?};\nstatic SETS: &[&[u16]] = &[").replace('{', "[").replace('}', "]");
    for set in &sets {
        write!(code, "&{set:?},")?;
    }
    write!(code, "];\nstatic READINGS: [u16; {}] = [{table}];\n", read.len())?;
    Ok(code)
}
