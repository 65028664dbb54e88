//! Rice coding of posting lists: the gaps between ascending numbers, with a parameter that follows
//! from how many of how many numbers are listed.

/// The Rice parameter for `count` of `limit` numbers: the low bits of a gap that are stored
/// verbatim.
fn rice_parameter(count: u32, limit: u32) -> u32 {
    // Gaps are distributed geometrically; ln 2 of their mean is the best divisor.
    let mean = f64::from(limit) / f64::from(count.max(1));
    (mean * std::f64::consts::LN_2).max(1.0).log2() as u32
}

/// Packs ascending numbers below `limit`.
pub(super) fn pack(numbers: impl ExactSizeIterator<Item = u32>, limit: u32, to: &mut Vec<u8>) {
    let k = rice_parameter(numbers.len() as u32, limit);
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
        // The quotient in unary: that many zeros, then a one.
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

/// Calls `visit` with the `count` numbers below `limit` that [`pack`] packed; `None` if the bytes
/// end early.
pub(super) fn unpack(bytes: &[u8], count: u32, limit: u32, mut visit: impl FnMut(u32)) -> Option<()> {
    let k = rice_parameter(count, limit);
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
        visit(number);
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
        fn unpack_inverts_pack(numbers in prop::collection::btree_set(0u32..5000, 0..300), more in 0u32..100_000) {
            let limit = numbers.last().map_or(1, |last| last + 1) + more;
            let mut bytes = Vec::new();
            pack(numbers.iter().copied().collect::<Vec<_>>().into_iter(), limit, &mut bytes);
            let mut found = Vec::new();
            unpack(&bytes, numbers.len() as u32, limit, |number| found.push(number)).unwrap();
            prop_assert_eq!(found, numbers.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn unpack_of_damaged_bytes_does_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..40), count in 0u32..50, limit in 1u32..100_000) {
            let _ = unpack(&bytes, count, limit, |_| ());
        }
    }
}
