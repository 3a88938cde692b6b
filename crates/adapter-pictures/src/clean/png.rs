//! PNG: chunks with a length and a checksum.

use super::exif;
use super::walk::{Format, MOST, Step};

/// The chunks that are needed to show the picture. No others are kept.
const SHOWING: [&[u8; 4]; 20] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP",
    b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

/// The size of a chunk besides its content.
const FRAME: u64 = 12;

/// The position in the file.
#[derive(Default)]
pub(super) struct Png {
    begun: bool,
    ended: bool,
}

impl Format for Png {
    fn next(&mut self, ahead: &[u8]) -> Step {
        if self.ended {
            return Step::End;
        }
        if !self.begun {
            self.begun = true;
            return Step::Keep(8);
        }
        let [a, b, c, d, kind @ ..] = ahead else {
            return Step::Need(8);
        };
        let Some(kind) = kind.first_chunk::<4>() else {
            return Step::Need(8);
        };
        let length = u32::from_be_bytes([*a, *b, *c, *d]);
        if length > u32::MAX / 2 {
            return Step::End;
        }
        let whole = u64::from(length) + FRAME;
        if kind == b"eXIf" {
            return held(whole, ahead);
        }
        self.ended = kind == b"IEND";
        if SHOWING.contains(&kind) {
            Step::Keep(whole)
        } else {
            Step::Drop(whole)
        }
    }
}

/// Keeps the orientation, and drops the rest of EXIF.
fn held(whole: u64, ahead: &[u8]) -> Step {
    let Some(size) = usize::try_from(whole).ok().filter(|size| *size <= MOST) else {
        return Step::Drop(whole);
    };
    if ahead.len() < size {
        return Step::Need(size);
    }
    let content = ahead.get(8..size - 4).unwrap_or_default();
    match exif::orientation(content) {
        Some(orientation) => Step::Replace(size, written(orientation)),
        None => Step::Drop(whole),
    }
}

fn written(orientation: u16) -> Vec<u8> {
    let mut chunk = b"\0\0\0\x1aeXIf".to_vec();
    chunk.extend(exif::telling(orientation));
    let sum = crc32fast::hash(chunk.get(4..).unwrap_or_default());
    chunk.extend(sum.to_be_bytes());
    chunk
}
