//! The orientation, which is all that is kept of EXIF.

/// The orientation, 2 to 8, if the picture is not upright.
pub(super) fn orientation(tiff: &[u8]) -> Option<u16> {
    let (little, rest) = match tiff {
        [b'I', b'I', rest @ ..] => (true, rest),
        [b'M', b'M', rest @ ..] => (false, rest),
        _ => return None,
    };
    let short = |bytes: &[u8]| -> Option<u16> {
        let bytes = bytes.first_chunk()?;
        Some(if little {
            u16::from_le_bytes(*bytes)
        } else {
            u16::from_be_bytes(*bytes)
        })
    };
    let long = |bytes: &[u8]| -> Option<u32> {
        let bytes = bytes.first_chunk()?;
        Some(if little {
            u32::from_le_bytes(*bytes)
        } else {
            u32::from_be_bytes(*bytes)
        })
    };
    if short(rest)? != 42 {
        return None;
    }
    let place = usize::try_from(long(rest.get(2..)?)?).ok()?;
    let directory = tiff.get(place..)?;
    let count = usize::from(short(directory)?);
    let entries = directory.get(2..)?.chunks_exact(12).take(count);
    let mut tagged = entries.filter(|entry| short(entry) == Some(0x0112));
    let value = short(tagged.next()?.get(8..)?)?;
    (2..=8).contains(&value).then_some(value)
}

/// An EXIF block that contains only the orientation.
pub(super) fn telling(orientation: u16) -> [u8; 26] {
    let mut tiff = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    let [high, low] = orientation.to_be_bytes();
    let [.., first, second, _, _, _, _, _, _] = &mut tiff;
    (*first, *second) = (high, low);
    tiff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_read() {
        for value in 2..=8 {
            assert_eq!(orientation(&telling(value)), Some(value));
        }
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        assert_eq!(orientation(little), Some(6));
        for upright in [0, 1, 9] {
            assert_eq!(orientation(&telling(upright)), None);
        }
    }

    #[test]
    fn nonsense_tells_nothing() {
        let whole = telling(6);
        for length in 0..20 {
            assert_eq!(orientation(&whole[..length]), None);
        }
        assert_eq!(orientation(b"MM\0*\xff\xff\xff\xff\0\x01"), None);
        assert_eq!(orientation(b"MM\0*\0\0\0\x08\xff\xff\x01\x12"), None);
    }
}
