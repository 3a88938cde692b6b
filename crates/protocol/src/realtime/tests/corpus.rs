//! The fuzzer's seeds and frames derived from them, run without a fuzzer.

use std::fs;
use std::path::Path;

use super::hostile::try_frame;

/// Fragments that frames are mutated with.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "-1",
    "1.5",
    "1e999",
    "9007199254740992",
    "\"type\":",
    "\"id\":",
    "\"rooms\":",
    "\u{0}",
    "\u{feff}",
    "é",
    "\u{202e}",
    "👩‍👩‍👧‍👦",
];

fn seeds() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/read_frame");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    // Directory order is unspecified, and every run must be the same.
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Pseudo-random numbers that are the same on every run (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bound = u64::try_from(bound.max(1)).unwrap();
        usize::try_from((mixed ^ (mixed >> 31)) % bound).unwrap()
    }

    /// Some stretch of so many bytes.
    fn stretch(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        start..start + self.below(length - start + 1)
    }
}

fn broken(frame: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    let place = chance.below(frame.len() + 1);
    match chance.below(6) {
        0 if place < frame.len() => frame[place] ^= 1 << chance.below(8),
        1 => drop(frame.drain(chance.stretch(frame.len()))),
        2 => frame.truncate(place),
        3 => {
            let again = frame[chance.stretch(frame.len())].to_vec();
            frame.splice(place..place, again);
        }
        4 => {
            let piece = other[chance.stretch(other.len())].to_vec();
            frame.splice(place..place, piece);
        }
        _ => {
            let piece = PIECES[chance.below(PIECES.len())];
            frame.splice(place..place, piece.bytes());
        }
    }
}

#[test]
fn every_seed_has_an_answer() {
    let seeds = seeds();
    assert!(seeds.len() >= 12);
    for seed in seeds {
        try_frame(&String::from_utf8(seed).unwrap());
    }
}

#[test]
fn ten_thousand_broken_frames_have_an_answer() {
    let (seeds, mut chance) = (seeds(), Chance(4));
    for _ in 0..10_000 {
        let mut frame = seeds[chance.below(seeds.len())].clone();
        let other = &seeds[chance.below(seeds.len())];
        for _ in 0..=chance.below(4) {
            broken(&mut frame, other, &mut chance);
        }
        try_frame(&String::from_utf8_lossy(&frame));
    }
}
