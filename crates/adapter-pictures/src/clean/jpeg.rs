//! JPEG: segments with a length, and scans without one.

use super::exif;
use super::walk::{Format, Step};

/// The position in the file.
#[derive(Default)]
pub(super) struct Jpeg {
    /// Within entropy-coded data, which ends where a segment begins.
    scanning: bool,
    ended: bool,
}

impl Format for Jpeg {
    fn next(&mut self, ahead: &[u8]) -> Step {
        if self.ended {
            // A second picture, a video, or anything else that some cameras append.
            return Step::End;
        }
        if self.scanning {
            return self.scan(ahead);
        }
        match ahead {
            [0xff] => Step::Need(2),
            // Padding.
            [0xff, 0xff, ..] => Step::Drop(1),
            [0xff, 0xd8 | 0x01 | 0xd0..=0xd7, ..] => Step::Keep(2),
            [0xff, 0xd9, ..] => {
                self.ended = true;
                Step::Keep(2)
            }
            [0xff, marker, high, low, ..] => {
                let length = u16::from_be_bytes([*high, *low]);
                self.segment(*marker, usize::from(length), ahead)
            }
            [0xff, ..] => Step::Need(4),
            other => Step::Drop(up_to_marker(other)),
        }
    }
}

impl Jpeg {
    fn segment(&mut self, marker: u8, length: usize, ahead: &[u8]) -> Step {
        if length < 2 {
            return Step::End;
        }
        let whole = length + 2;
        let (keep, drop) = (Step::Keep(wide(whole)), Step::Drop(wide(whole)));
        let begins = |word: &[u8]| ahead.get(4..).unwrap_or_default().starts_with(word);
        // As many bytes as it takes to identify a segment.
        let known = whole.min(4 + 12);
        match marker {
            0xda => {
                self.scanning = true;
                keep
            }
            0xe0 | 0xe2 | 0xee if ahead.len() < known => Step::Need(known),
            0xe0 if begins(b"JFIF\0") => keep,
            0xe2 if begins(b"ICC_PROFILE\0") => keep,
            0xee if begins(b"Adobe") => keep,
            0xe1 if ahead.len() < whole => Step::Need(whole),
            0xe1 => match turned(ahead.get(4..whole).unwrap_or_default()) {
                Some(orientation) => Step::Replace(whole, written(orientation)),
                None => drop,
            },
            // Application data and comments.
            0xe0..=0xef | 0xfe => drop,
            _ => keep,
        }
    }

    fn scan(&mut self, ahead: &[u8]) -> Step {
        match ahead {
            [0xff] => Step::Need(2),
            [0xff, 0x00 | 0xd0..=0xd7, ..] => Step::Keep(2),
            [0xff, 0xff, ..] => Step::Drop(1),
            [0xff, ..] => {
                self.scanning = false;
                self.next(ahead)
            }
            other => Step::Keep(up_to_marker(other)),
        }
    }
}

fn turned(segment: &[u8]) -> Option<u16> {
    exif::orientation(segment.strip_prefix(b"Exif\0\0")?)
}

fn written(orientation: u16) -> Vec<u8> {
    let mut segment = b"\xff\xe1\0\x22Exif\0\0".to_vec();
    segment.extend(exif::telling(orientation));
    segment
}

fn up_to_marker(bytes: &[u8]) -> u64 {
    let marker = bytes.iter().position(|byte| *byte == 0xff);
    wide(marker.unwrap_or(bytes.len()))
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
