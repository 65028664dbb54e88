//! Colours of tags for other programs.

/// The theme's colours `tag1` to `tag12`, of which QualCoder has each in its own palette, as it takes the
/// nearest of that.
const THEME_COLOURS: [&str; 12] =
    ["#f7be81", "#81bef7", "#81f781", "#f78181", "#be81f7", "#81f7f3", "#f4fa58", "#5882fa", "#9afe2e", "#fa58f4", "#7ea793", "#ffc599"];

/// A colour as `#rrggbb`, the only form that all programs read; `None` for a tag without one.
///
/// `#A30` gives `#aa3300`, `tag2` what stands for it.
pub(super) fn rgb(colour: &str) -> Option<String> {
    if let Some(number) = colour.strip_prefix("tag").and_then(|number| number.parse::<usize>().ok()) {
        return THEME_COLOURS.get(number.checked_sub(1)?).map(|colour| (*colour).to_owned());
    }
    let digits = colour.trim().strip_prefix('#').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    match digits.len() {
        6 => Some(format!("#{}", digits.to_lowercase())),
        3 => Some(digits.to_lowercase().chars().fold("#".to_owned(), |colour, digit| colour + &String::from_iter([digit, digit]))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_have_six_digits() {
        let of = |colour: &str| rgb(colour);
        assert_eq!((of("#A30"), of("#aa3300"), of("tag2")), (Some("#aa3300".into()), Some("#aa3300".into()), Some("#81bef7".into())));
        for none in ["", "tag0", "tag13", "#12", "#12345g", "red", "#１２３"] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
