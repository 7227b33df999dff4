//! The one thing worth keeping from Exif: which way up the picture is. Reads tag 0x0112 of the first directory
//! (TIFF 6.0 §8, Exif 2.32 §4.6.4) and writes a block that holds nothing else. Works on a bounded slice, follows
//! one offset, loops over at most 65,535 entries.

const ORIENTATION: u16 = 0x0112;

/// The orientation (1–8) that a TIFF block declares; `None` if it declares none or can't be read.
pub(crate) fn orientation(tiff: &[u8]) -> Option<u8> {
    let big = match tiff.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let u16_at = |at: usize| -> Option<u16> {
        let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let u32_at = |at: usize| -> Option<u32> {
        let bytes = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    };
    let directory = usize::try_from(u32_at(4)?).ok()?;
    let entries = directory.checked_add(2)?;
    for index in 0..usize::from(u16_at(directory)?) {
        let entry = entries.checked_add(index * 12)?;
        if u16_at(entry)? != ORIENTATION {
            continue;
        }
        // SHORT by the book; LONG is written by some editors and understood by all readers.
        let value = match u16_at(entry + 2)? {
            3 => u32::from(u16_at(entry + 8)?),
            4 => u32_at(entry + 8)?,
            _ => return None,
        };
        return u8::try_from(value).ok().filter(|value| (1..=8).contains(value));
    }
    None
}

/// A TIFF block with the orientation alone; `None` for 1 (upright), which is what its absence means.
pub(crate) fn minimal(orientation: u8) -> Option<[u8; 26]> {
    const HEAD: [u8; 19] = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0";
    if orientation == 1 {
        return None;
    }
    let mut block = [0; 26];
    block[..HEAD.len()].copy_from_slice(&HEAD);
    block[HEAD.len()] = orientation;
    Some(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        assert_eq!(minimal(1), None);
        for value in 2..=8 {
            assert_eq!(orientation(&minimal(value).unwrap()), Some(value));
        }
    }

    #[test]
    fn both_byte_orders_and_both_integer_types_are_read() {
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        assert_eq!(orientation(little), Some(6));
        let long = b"II*\0\x08\0\0\0\x01\0\x12\x01\x04\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        assert_eq!(orientation(long), Some(6));
    }

    #[test]
    fn nonsense_is_no_orientation() {
        let mut block = minimal(6).unwrap();
        block[19] = 9;
        assert_eq!(orientation(&block), None);
        block[4] = 0xFF; // the directory lies far outside
        assert_eq!(orientation(&block), None);
        for length in 0..20 {
            assert_eq!(orientation(&minimal(6).unwrap()[..length]), None);
        }
    }
}
