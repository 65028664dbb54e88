//! Characters of symbol fonts: check boxes, ticks, bullets, arrows.
//!
//! In a symbol font a code means a picture, not a letter: `R` of Wingdings 2 is a ticked box. Word
//! writes the code as it is or with F000 added.

/// Signs of Wingdings by their code, sorted.
const WINGDINGS: [(u8, char); 40] = [
    (0x21, '✏'),
    (0x22, '✂'),
    (0x28, '☎'),
    (0x2A, '✉'),
    (0x46, '☞'),
    (0x6C, '●'),
    (0x6D, '❍'),
    (0x6E, '■'),
    (0x6F, '□'),
    (0x70, '□'),
    (0x71, '❑'),
    (0x72, '❒'),
    (0x74, '◆'),
    (0x75, '◆'),
    (0x76, '❖'),
    (0x77, '◆'),
    (0x80, '⓪'),
    (0x81, '①'),
    (0x82, '②'),
    (0x83, '③'),
    (0x84, '④'),
    (0x85, '⑤'),
    (0x86, '⑥'),
    (0x87, '⑦'),
    (0x88, '⑧'),
    (0x89, '⑨'),
    (0x8A, '⑩'),
    (0x9F, '•'),
    (0xA1, '○'),
    (0xA7, '▪'),
    (0xA8, '□'),
    (0xD8, '➢'),
    (0xDF, '←'),
    (0xE0, '→'),
    (0xE8, '➔'),
    (0xF0, '⇨'),
    (0xFB, '✗'),
    (0xFC, '✓'),
    (0xFD, '☒'),
    (0xFE, '☑'),
];
/// Signs of Wingdings 2 by their code, sorted.
const WINGDINGS_2: [(u8, char); 12] = [
    (0x4F, '✗'),
    (0x50, '✓'),
    (0x51, '☒'),
    (0x52, '☑'),
    (0x53, '☒'),
    (0x54, '☒'),
    (0x97, '●'),
    (0x98, '●'),
    (0x99, '◉'),
    (0xA2, '■'),
    (0xA3, '□'),
    (0xAE, '◆'),
];
/// Signs of Symbol by their code, sorted.
const SYMBOL: [(u8, char); 12] = [
    (0xA3, '≤'),
    (0xAB, '↔'),
    (0xAC, '←'),
    (0xAD, '↑'),
    (0xAE, '→'),
    (0xAF, '↓'),
    (0xB0, '°'),
    (0xB1, '±'),
    (0xB3, '≥'),
    (0xB4, '×'),
    (0xB7, '•'),
    (0xB8, '÷'),
];

/// The character that shows the sign with this code of a font; `None` if there is none.
pub(super) fn symbol(font: &str, code: u32) -> Option<char> {
    let table: &[(u8, char)] = match font.trim().to_ascii_lowercase().as_str() {
        "wingdings" => &WINGDINGS,
        "wingdings 2" => &WINGDINGS_2,
        "symbol" => &SYMBOL,
        // A text font.
        _ => return char::from_u32(code).filter(|sign| !matches!(sign, '\u{E000}'..='\u{F8FF}') && !sign.is_control()),
    };
    let code = u8::try_from(if code >= 0xF000 { code - 0xF000 } else { code }).ok()?;
    let index = table.binary_search_by_key(&code, |(code, _)| *code).ok()?;
    table.get(index).map(|(_, sign)| *sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_their_font() {
        for table in [WINGDINGS.as_slice(), &WINGDINGS_2, &SYMBOL] {
            assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
        assert_eq!(symbol("Wingdings 2", 0x52), Some('☑'));
        assert_eq!(symbol("Wingdings", 0xF0FE), Some('☑'));
        assert_eq!(symbol("Wingdings 2", 0xF0A3), Some('□'));
        assert_eq!(symbol("Wingdings 3", 0xF0A3), None);
        assert_eq!((symbol("宋体", 0x25A1), symbol("Webdings", 0xF061), symbol("Symbol", 0x41)), (Some('□'), None, None));
    }
}
