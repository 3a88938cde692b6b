//! WebP: chunks within one big chunk, which states its length at the beginning. So what is removed is
//! overwritten by zeros of the same length, in a chunk that no reader knows.

use super::exif;
use super::walk::{Format, MOST, Step};

/// The chunks that are needed to show the picture.
const SHOWING: [&[u8; 4]; 6] = [b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];

/// The flag in the header of an extended file for XMP metadata.
const XMP: u8 = 0x04;

/// The position in the file.
#[derive(Default)]
pub(super) struct WebP {
    begun: bool,
    /// What is left of the outer chunk.
    left: u64,
    /// How much to zero next.
    blank: u64,
    /// How much to keep next.
    keep: u64,
}

impl Format for WebP {
    fn next(&mut self, ahead: &[u8]) -> Step {
        if !self.begun {
            return self.begin(ahead);
        }
        if self.blank > 0 {
            return Step::Blank(std::mem::take(&mut self.blank));
        }
        if self.keep > 0 {
            return Step::Keep(std::mem::take(&mut self.keep));
        }
        if self.left == 0 {
            return Step::End;
        }
        let told = ahead.first_chunk::<4>().zip(number(ahead, 4));
        let Some((kind, size)) = told else {
            return Step::Need(8);
        };
        let content = u64::from(size) + u64::from(size % 2);
        let step = match kind {
            b"VP8X" if content > 0 => {
                let Some(flags) = ahead.get(8) else {
                    return Step::Need(9);
                };
                // The flags for the chunks present, without the XMP one.
                self.keep = content - 1;
                let mut other = head(kind, size);
                other.push(flags & !XMP);
                Step::Replace(9, other)
            }
            b"EXIF" if content <= u64::try_from(MOST).unwrap_or(0) => held(ahead, content),
            kind if SHOWING.contains(&kind) => Step::Keep(8 + content),
            _ => {
                self.blank = content;
                Step::Replace(8, head(b"JUNK", size))
            }
        };
        if !matches!(step, Step::Need(_)) {
            self.left = self.left.saturating_sub(8 + content);
        }
        step
    }
}

impl WebP {
    fn begin(&mut self, ahead: &[u8]) -> Step {
        let (Some(length), 12..) = (number(ahead, 4), ahead.len()) else {
            return Step::Need(12);
        };
        self.begun = true;
        self.left = u64::from(length).saturating_sub(4);
        Step::Keep(12)
    }
}

/// Keeps the orientation, and drops the rest of EXIF.
fn held(ahead: &[u8], content: u64) -> Step {
    let content = usize::try_from(content).unwrap_or(MOST);
    let Some(told) = ahead.get(8..8 + content) else {
        return Step::Need(8 + content);
    };
    let tiff = told.strip_prefix(b"Exif\0\0").unwrap_or(told);
    let telling = exif::telling(exif::orientation(tiff).unwrap_or(1));
    let mut chunk = ahead.get(..8).unwrap_or_default().to_vec();
    if content >= telling.len() {
        chunk.extend(telling);
    }
    chunk.resize(8 + content, 0);
    Step::Replace(8 + content, chunk)
}

fn head(kind: &[u8], size: u32) -> Vec<u8> {
    [kind, &size.to_le_bytes()].concat()
}

fn number(bytes: &[u8], place: usize) -> Option<u32> {
    let bytes = bytes.get(place..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}
