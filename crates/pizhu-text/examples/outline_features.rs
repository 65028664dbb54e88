//! Compares readings of texts, for `tests/corpus/fit.py`.
//!
//! `outline_features` prints the names of the features and the weights that
//! fitting begins with. `outline_features WEIGHTS`
//! reads the weights from a file (a name and a number a line) and, from standard input, a text a
//! line: the path of a UTF-8 file, `md` or `txt`, and the offset and depth of each section of the right
//! reading (`12:0,40:1`), between tabs. Prints for each text the number of these sections that can be
//! found and of headings that are
//! none of them, and each feature that the right reading has more or less often than the chosen one.
//! `outline_features --signs [WEIGHTS]` reads the same texts and prints the names of the signs by which confidence is
//! told, and for each text its sections: `1` if right, else `0`, and the signs, between commas.

use pizhu_text::document::{Hints, fitting};
use pizhu_text::text::SourceText;
use std::{collections::HashMap, env, error::Error, fs, io};

fn main() -> Result<(), Box<dyn Error>> {
    let names = fitting::feature_names();
    let mut weights = fitting::hand_set_weights();
    let Some(path) = env::args().nth(1) else {
        for (name, weight) in names.iter().zip(&weights) {
            println!("{name}\t{weight}");
        }
        return Ok(());
    };
    let only_signs = path == "--signs";
    if only_signs {
        println!("{}", fitting::sign_names().join("\t"));
    }
    let table = if only_signs { env::args().nth(2) } else { Some(path) };
    let chosen = table.is_some();
    let given = table.map_or(Ok(String::new()), fs::read_to_string)?;
    let given: HashMap<&str, f32> =
        given.lines().filter_map(|line| line.split_once('\t')).filter_map(|(name, weight)| Some((name, weight.parse().ok()?))).collect();
    for (name, weight) in names.iter().zip(&mut weights) {
        *weight = given.get(name).copied().unwrap_or(*weight);
    }
    for line in io::stdin().lines() {
        let line = line?;
        let fields: Vec<&str> = line.split('\t').collect();
        let [path, format, sections] = fields.as_slice() else { return Err("not a path, a format and sections".into()) };
        let right: Vec<(usize, usize)> = sections
            .split(',')
            .filter_map(|section| section.split_once(':'))
            .filter_map(|(offset, depth)| Some((offset.parse().ok()?, depth.parse().ok()?)))
            .collect();
        let hints = if *format == "md" { Hints::markdown() } else { Hints::default() };
        let source = SourceText::from(fs::read_to_string(path)?.as_str());
        if only_signs {
            let table: &[f32] = if chosen { &weights } else { &[] };
            let sections = fitting::section_signs(&source, &hints, table).into_iter().map(|(start, depth, signs)| {
                let right = u8::from(right.contains(&(start, depth)));
                signs.iter().fold(right.to_string(), |line, sign| line + "," + &sign.to_string())
            });
            println!("{}", sections.collect::<Vec<String>>().join("\t"));
            continue;
        }
        let comparison = fitting::compare(&source, &hints, &right, &weights);
        print!("{}\t{}", comparison.reachable, comparison.stray_headings);
        for ((name, right), chosen) in names.iter().zip(comparison.right).zip(comparison.chosen) {
            if (right - chosen).abs() > f32::EPSILON {
                print!("\t{name}={}", right - chosen);
            }
        }
        println!();
    }
    Ok(())
}
