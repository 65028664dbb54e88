//! Generates the constants of [`MessageId`] from the English messages, so that the compiler finds a
//! message that is asked for and does not exist, and one that exists and nobody asks for.
//!
//! Members of a family (`command-…`), whose names are known only at run time, have no constant.
//!
//! `tag-none = …` becomes `id::TAG_NONE`, `notice-not-found = …` becomes `notice::NOT_FOUND`.

use std::{env, fmt::Write as _, fs, io, path::Path};

/// A prefix a line.
const FAMILIES: &str = include_str!("src/locale/families.txt");

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src/locale/en.ftl");
    println!("cargo::rerun-if-changed=src/locale/families.txt");
    let english = fs::read_to_string("src/locale/en.ftl")?;
    let mut ids: Vec<&str> = english
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" ="))
        .map(|(id, _)| id)
        .collect();
    ids.sort_unstable();
    let families: Vec<&str> = FAMILIES.lines().filter(|line| !line.starts_with('#')).collect();
    let (mut messages, mut notices) = (String::new(), String::new());
    for id in ids.iter().filter(|id| !families.iter().any(|family| id.starts_with(family))) {
        let (module, name) = match id.strip_prefix("notice-") {
            Some(name) => (&mut notices, name),
            None => (&mut messages, *id),
        };
        let _ = writeln!(module, "pub(crate) const {}: MessageId = MessageId({id:?});", name.replace('-', "_").to_uppercase());
    }
    let mut code = format!("static IDS: [&str; {}] = {ids:?};\n", ids.len());
    for (module, about, constants) in [("id", "Messages.", messages), ("notice", "Messages of the status line.", notices)] {
        let _ = write!(code, "/// {about}\npub(crate) mod {module} {{\nuse super::MessageId;\n{constants}}}\n");
    }
    let _ = writeln!(code, "/// Families of messages.\npub(crate) mod family {{\nuse super::Family;");
    for prefix in families {
        let name = prefix.trim_end_matches('-').replace('-', "_").to_uppercase();
        let _ = writeln!(code, "pub(crate) const {name}: Family = Family({prefix:?});");
    }
    code.push_str("}\n");
    let folder = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&folder).join("message_ids.rs"), code)
}
