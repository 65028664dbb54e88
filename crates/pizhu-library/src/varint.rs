//! Variable-length numbers (unsigned LEB128).

/// Appends a varint: seven bits per byte, least significant first.
pub(crate) fn write_varint(to: &mut Vec<u8>, mut number: u64) {
    while number > 0x7F {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// Reads a varint from the front of `from`; `None` if it is truncated or too long.
pub(crate) fn read_varint(from: &mut &[u8]) -> Option<u64> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn read_inverts_write(number in any::<u64>()) {
            let mut bytes = Vec::new();
            write_varint(&mut bytes, number);
            prop_assert_eq!(read_varint(&mut bytes.as_slice()), Some(number));
        }

        #[test]
        fn reading_damaged_bytes_does_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = read_varint(&mut bytes.as_slice());
        }
    }
}
