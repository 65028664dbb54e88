//! Lists of ascending numbers in few bits: the gaps between them in Rice codes, whose parameter
//! follows from how many there are among how many; and numbers in seven bits a byte.

/// Adds a number, seven bits a byte.
pub(super) fn put_number(to: &mut Vec<u8>, mut number: u64) {
    while number > 0x7F {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// Takes a number off the front of `from`.
pub(super) fn take_number(from: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = from.split_first()?;
        *from = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// The bits of a gap that are written as they are, where `count` of `of` numbers are listed.
fn parameter(count: u32, of: u32) -> u32 {
    // Gaps are distributed geometrically; ln 2 of their mean is the best divisor.
    let mean = f64::from(of) / f64::from(count.max(1));
    (mean * std::f64::consts::LN_2).max(1.0).log2() as u32
}

/// Packs ascending numbers below `of`.
pub(super) fn pack(numbers: impl ExactSizeIterator<Item = u32>, of: u32, to: &mut Vec<u8>) {
    let k = parameter(numbers.len() as u32, of);
    let (mut bits, mut held): (u64, u32) = (0, 0);
    let mut put = |value: u64, width: u32, to: &mut Vec<u8>| {
        bits |= value << held;
        held += width;
        while held >= 8 {
            to.push(bits as u8);
            bits >>= 8;
            held -= 8;
        }
    };
    let mut next = 0;
    for number in numbers {
        let gap = number - next;
        next = number + 1;
        let mut high = gap >> k;
        // High bits in unary: so many zeros, and a one.
        while high >= 32 {
            put(0, 32, to);
            high -= 32;
        }
        put(1 << high, high + 1, to);
        if k > 0 {
            put(u64::from(gap & ((1 << k) - 1)), k, to);
        }
    }
    put(0, 7, to);
}

/// Hands `count` numbers below `of`, as [`pack`] packed them, to `take`; `None` where the bytes
/// end before.
pub(super) fn unpack(bytes: &[u8], count: u32, of: u32, mut take: impl FnMut(u32)) -> Option<()> {
    let k = parameter(count, of);
    let mut bytes = bytes.iter();
    let (mut bits, mut held): (u64, u32) = (0, 0);
    let mut next: u32 = 0;
    for _ in 0..count {
        let mut high = 0;
        loop {
            if bits != 0 {
                let zeros = bits.trailing_zeros();
                high += zeros;
                bits >>= zeros + 1;
                held -= zeros + 1;
                break;
            }
            high += held;
            bits = u64::from(*bytes.next()?);
            held = 8;
        }
        while held < k {
            bits |= u64::from(*bytes.next()?) << held;
            held += 8;
        }
        let low = (bits & ((1 << k) - 1)) as u32;
        bits >>= k;
        held -= k;
        let number = next.checked_add(high.checked_mul(1 << k)?)?.checked_add(low)?;
        take(number);
        next = number.checked_add(1)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(numbers in prop::collection::btree_set(0u32..5000, 0..300), more in 0u32..100_000) {
            let of = numbers.last().map_or(1, |last| last + 1) + more;
            let mut bytes = Vec::new();
            pack(numbers.iter().copied().collect::<Vec<_>>().into_iter(), of, &mut bytes);
            let mut found = Vec::new();
            unpack(&bytes, numbers.len() as u32, of, |number| found.push(number)).unwrap();
            prop_assert_eq!(found, numbers.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn numbers_are_taken_back(number in any::<u64>()) {
            let mut bytes = Vec::new();
            put_number(&mut bytes, number);
            prop_assert_eq!(take_number(&mut bytes.as_slice()), Some(number));
        }

        #[test]
        fn spoiled_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..40), count in 0u32..50, of in 1u32..100_000) {
            let _ = unpack(&bytes, count, of, |_| ());
            let _ = take_number(&mut bytes.as_slice());
        }
    }
}
