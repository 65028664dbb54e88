//! DOCX: quotations with the sources as real footnotes (ECMA-376 part 1, 17.11).

use super::{
    footnote::{SourceWords, footnote},
    resolve::ResolvedBasket,
};
use crate::exchange::docx_parts::{DocxPackage, footnote_reference, paragraph, run};
use pizhu_annotation::BasketItem;
use std::io::{self, Write};

pub(super) fn write(basket: &ResolvedBasket, words: &SourceWords, out: &mut dyn Write) -> io::Result<()> {
    let mut package = DocxPackage { body: paragraph("Title", &run(&basket.label)), ..DocxPackage::default() };
    for entry in &basket.entries {
        match (&entry.item, &entry.passage) {
            (BasketItem::Heading { level, text }, _) => package.body.push_str(&paragraph(&format!("Heading{level}"), &run(text))),
            (BasketItem::Words { text }, _) => {
                for line in text.lines().filter(|line| !line.trim().is_empty()) {
                    package.body.push_str(&paragraph("", &run(line)));
                }
            }
            (BasketItem::Passage(_), Some(passage)) => {
                let number = package.add_footnote(&footnote(passage, words));
                let lines: Vec<&str> = passage.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                for (index, line) in lines.iter().enumerate() {
                    let reference = if index + 1 == lines.len() { footnote_reference(number) } else { String::new() };
                    package.body.push_str(&paragraph("Quote", &format!("{}{reference}", run(line))));
                }
            }
            (BasketItem::Passage(_), None) => {}
        }
    }
    package.write(out)
}
