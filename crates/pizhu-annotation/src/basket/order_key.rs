//! Order keys of the entries of a basket: texts between any two of which there is another, so that an
//! entry that is put in or moved changes no other entry, and two users' orders merge.
//!
//! A key is a fraction in base 36 without the leading `0.`: `i` is the middle, `hzi` lies between `hz`
//! and `i`. It never ends in `0`, so that there is always room before it.

/// The digits, in the order of their bytes.
const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Number of digits.
const BASE: u8 = 36;
/// Digits that are counted up at the ends, where most entries are put in: keys stay short there.
const COUNTED_DIGITS: usize = 4;
/// Distance between two entries put in one after the other.
const STEP: u32 = 64;
/// Maximum length of a key; a longer one is not extended.
const MAX_LENGTH: usize = 60;

/// A key between two others; `None` stands for an end. `None` if there is no key between them, or one
/// of them is no key.
pub(super) fn key_between(lower: Option<&str>, upper: Option<&str>) -> Option<String> {
    let low = lower.map_or(Some(Vec::new()), digits)?;
    let high = upper.map(digits);
    let high = match high {
        Some(None) => return None,
        Some(Some(high)) => Some(high),
        None => None,
    };
    if lower.is_some() && high.as_ref().is_some_and(|high| low >= *high) {
        return None;
    }
    let counted = match (lower, &high) {
        (Some(_), None) => leading(&low).checked_add(STEP),
        (None, Some(high)) => leading(high).checked_sub(STEP).filter(|number| *number > 0),
        _ => None,
    };
    let key = counted.and_then(from_number).unwrap_or_else(|| midpoint(&low, high.as_deref()));
    (key.len() <= MAX_LENGTH).then(|| key.iter().map(|digit| char::from(DIGITS[usize::from(*digit % BASE)])).collect())
}

/// Keys for `count` entries from the start, in order.
pub(super) fn fresh_keys(count: usize) -> Vec<String> {
    let mut keys: Vec<String> = Vec::with_capacity(count);
    for _ in 0..count {
        keys.extend(key_between(keys.last().map(String::as_str), None));
    }
    keys
}

/// The values of a key's digits; `None` if it is no key.
fn digits(key: &str) -> Option<Vec<u8>> {
    let values: Option<Vec<u8>> =
        key.bytes().map(|byte| DIGITS.iter().position(|digit| *digit == byte).and_then(|value| u8::try_from(value).ok())).collect();
    values.filter(|values| values.last().is_some_and(|last| *last > 0))
}

/// The number that the leading digits make.
fn leading(digits: &[u8]) -> u32 {
    (0..COUNTED_DIGITS).fold(0, |number, at| number * u32::from(BASE) + u32::from(digits.get(at).copied().unwrap_or(0)))
}

/// The key of a number; `None` if it has too many digits.
fn from_number(number: u32) -> Option<Vec<u8>> {
    let (mut rest, mut key) = (number, Vec::new());
    for _ in 0..COUNTED_DIGITS {
        key.push(u8::try_from(rest % u32::from(BASE)).ok()?);
        rest /= u32::from(BASE);
    }
    key.reverse();
    while key.last() == Some(&0) {
        key.pop();
    }
    (rest == 0 && !key.is_empty()).then_some(key)
}

/// A short fraction between two, of which the first is the smaller; `None` stands for 1.
fn midpoint(low: &[u8], high: Option<&[u8]>) -> Vec<u8> {
    let digit = |digits: &[u8], at: usize| digits.get(at).copied().unwrap_or(0);
    if let Some(high) = high {
        let common = (0..high.len()).take_while(|at| digit(low, *at) == high[*at]).count();
        if common > 0 {
            let rest = midpoint(low.get(common..).unwrap_or_default(), high.get(common..));
            return [&high[..common], &rest].concat();
        }
    }
    let (first, last) = (digit(low, 0), high.and_then(|high| high.first().copied()).unwrap_or(BASE));
    if last.saturating_sub(first) > 1 {
        return vec![first.midpoint(last)];
    }
    match high {
        // A prefix of it is less, and more than `low` by its first digit.
        Some(high) if high.len() > 1 && last > first => vec![last],
        _ => [&[first], midpoint(low.get(1..).unwrap_or_default(), None).as_slice()].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_at_the_ends_stay_short() {
        let keys = fresh_keys(2000);
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]) && keys.iter().all(|key| key.len() <= COUNTED_DIGITS));
        let mut first = keys[0].clone();
        for _ in 0..2000 {
            let before = key_between(None, Some(&first)).unwrap();
            assert!(before < first && before.len() <= COUNTED_DIGITS);
            first = before;
        }
    }

    #[test]
    fn malformed_order_keys_are_rejected() {
        for (lower, upper) in [("b", "a"), ("a", "a"), ("a0", "b"), ("A", "b"), ("", "b"), ("a", "人")] {
            assert_eq!(key_between(Some(lower), Some(upper)), None, "{lower} {upper}");
        }
        assert_eq!(key_between(None, None).as_deref(), Some("i"));
        assert_eq!(key_between(Some("hz"), Some("i")).as_deref(), Some("hzi"));
        assert_eq!(key_between(None, Some("01")).as_deref(), Some("00y8"));
    }

    proptest! {
        #[test]
        fn there_is_always_a_key_between(places in prop::collection::vec(0_usize..1000, 1..150)) {
            let mut keys: Vec<String> = Vec::new();
            for place in places {
                let at = place % (keys.len() + 1);
                let before = at.checked_sub(1).map(|before| keys[before].clone());
                match key_between(before.as_deref(), keys.get(at).map(String::as_str)) {
                    Some(key) => keys.insert(at, key),
                    // As long as the longest ones are.
                    None => prop_assert!(keys.iter().any(|key| key.len() + 1 >= MAX_LENGTH)),
                }
                prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
            }
        }
    }
}
