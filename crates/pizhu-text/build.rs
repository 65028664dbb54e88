//! Turns `data/simplified.txt` and `data/pinyin.txt` into tables that are indexed by char. Both
//! files are written by `data/generate`; this script needs nothing but std.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::Path,
};

/// Ideographs of the Basic Multilingual Plane, which get directly indexed tables.
const DENSE: std::ops::RangeInclusive<u32> = 0x3400..=0x9FFF;

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    for (name, table) in [("simplified", simplified as fn(&str) -> Result<String, Box<dyn Error>>), ("pinyin", pinyin)] {
        let data = format!("data/{name}.txt");
        println!("cargo:rerun-if-changed={data}");
        fs::write(Path::new(&out).join(name).with_extension("rs"), table(&fs::read_to_string(data)?)?)?;
    }
    println!("cargo:rerun-if-changed=build.rs");
    Ok(())
}

/// `DENSE`: the simplified form of each ideograph from U+3400 on, 0 if there is none and 1 if it
/// lies outside the Basic Multilingual Plane; `SPARSE`: the pairs that do not fit, sorted.
fn simplified(data: &str) -> Result<String, Box<dyn Error>> {
    let pairs: BTreeMap<char, char> = data
        .lines()
        .filter_map(|line| {
            let mut chars = line.chars();
            Some((chars.next()?, chars.next()?))
        })
        .collect();
    let mut table = String::from("static DENSE: [u16; 27648] = [");
    let mut sparse = String::from("static SPARSE: &[(char, char)] = &[");
    for code in DENSE {
        let to = char::from_u32(code).and_then(|from| pairs.get(&from)).copied();
        write!(table, "{},", to.map_or(0, |to| u16::try_from(u32::from(to)).unwrap_or(1)))?;
    }
    for (from, to) in &pairs {
        if !DENSE.contains(&u32::from(*from)) || u32::from(*to) > 0xFFFF {
            write!(sparse, "({from:?},{to:?}),")?;
        }
    }
    table.push_str("];\n");
    sparse.push_str("];\n");
    Ok(table + &sparse)
}

/// `SYLLABLES`; the sets of them that chars are read as, the empty one first, one after another in
/// `SET_MEMBERS` with their bounds in `SET_BOUNDS` (a table of slices would be relocated at each
/// start of the program); `READINGS`: the set of each ideograph from U+3400 on.
fn pinyin(data: &str) -> Result<String, Box<dyn Error>> {
    let lines: Vec<(&str, &str)> = data.lines().filter_map(|line| line.split_once('\t')).collect();
    let syllables: BTreeSet<&str> = lines.iter().flat_map(|(set, _)| set.split(' ')).collect();
    let numbers: BTreeMap<&str, usize> = syllables.iter().enumerate().map(|(number, syllable)| (*syllable, number)).collect();
    let (mut members, mut bounds) = (Vec::new(), vec![0, 0]);
    let mut readings = vec![0_u16; 27648];
    for (index, (set, chars)) in lines.iter().enumerate() {
        members.extend(set.split(' ').filter_map(|syllable| numbers.get(syllable).copied()));
        bounds.push(members.len());
        for c in chars.chars() {
            let slot = readings.get_mut((u32::from(c) - DENSE.start()) as usize).ok_or("a char outside the table")?;
            *slot = u16::try_from(index + 1)?;
        }
    }
    let syllables: Vec<&str> = syllables.into_iter().collect();
    Ok(format!(
        "static SYLLABLES: &[&str] = &{syllables:?};\nstatic SET_MEMBERS: [u16; {}] = {members:?};\nstatic SET_BOUNDS: [u16; {}] = {bounds:?};\nstatic READINGS: [u16; 27648] = {readings:?};\n",
        members.len(),
        bounds.len()
    ))
}
