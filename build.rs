//! Makes the table that folds traditional characters to simplified ones, char for char, out of
//! OpenCC's dictionary, so that the table need not be kept in the repository.

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use std::{env, error::Error, fmt::Write as _, fs, path::Path};

/// The ideographs of the Basic Multilingual Plane, which get a directly indexed table.
const DENSE: std::ops::RangeInclusive<u32> = 0x3400..=0x9FFF;
/// The supplementary ideographic planes, of which few characters have a simplified form.
const SPARSE: std::ops::RangeInclusive<u32> = 0x20000..=0x323AF;
/// Pairs the dictionary leaves alone because they depend on the word; for finding a passage the
/// common reading serves.
const MORE: [(char, char); 3] = [('瞭', '了'), ('藉', '借'), ('著', '着')];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
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
                table.push_str("0,");
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
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out).join("simplified.rs"), table + &sparse)?;
    Ok(())
}
