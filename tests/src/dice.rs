//! Reproducible randomness.

/// A pseudorandom generator: the same seed gives the same numbers.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// With the seed in `TEST_SEED`, or else this one. Prints it, so that a failure can be reproduced.
    pub fn new(seed: u64) -> Self {
        let told = servers::shared("TEST_SEED").and_then(|text| text.parse().ok());
        let seed = told.unwrap_or(seed);
        eprintln!("the seed is {seed}: TEST_SEED={seed} gives the same dice again");
        Self(seed)
    }

    /// An independent generator, derived from this one.
    #[must_use]
    pub fn of(&self, whom: u64) -> Self {
        let mut dice = Self(self.0 ^ whom.wrapping_mul(0xd134_2543_de82_ef95));
        dice.any();
        dice
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap();
        usize::try_from(self.any() % end).unwrap()
    }

    /// One of these.
    pub fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// True once in `times` calls on average.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}
