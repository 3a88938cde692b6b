//! Sources of new ids and random bits.

use std::sync::{Arc, Mutex};

use domain::port::{Clock, Ids};
use uuid::Uuid;

use crate::lock::lock;

/// Ids from the clock and the operating system's randomness.
///
/// Ids within the same millisecond, or after the clock went back, increase by random strides from a
/// random start: they are ordered, and still unguessable.
pub struct RandomIds {
    clock: Arc<dyn Clock>,
    source: Mutex<Source>,
}

/// How many ids' worth of random bits are drawn at once: a system call costs more than the id itself.
const DRAWN: usize = 64;

/// The state of the source.
struct Source {
    last: Position,
    drawn: [[u8; 16]; DRAWN],
    /// How many of the drawn bits are still unused.
    unused: usize,
}

/// The position of the last id: its millisecond, and 74 bits within it.
#[derive(Clone, Copy, Default)]
struct Position {
    millis: u64,
    within: u128,
}

impl RandomIds {
    /// A source that reads the time from this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            source: Mutex::new(Source {
                last: Position::default(),
                drawn: [[0; 16]; DRAWN],
                unused: 0,
            }),
        }
    }
}

impl Ids for RandomIds {
    fn uuid(&self) -> Uuid {
        let now = u64::try_from(self.clock.now().as_millis()).unwrap_or(0);
        let mut source = lock(&self.source);
        let random = source.random();
        source.last = source.last.next(now, random);
        source.last.uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        draw(bytes);
    }
}

impl Source {
    /// Random bits that have not been used before.
    fn random(&mut self) -> u128 {
        if self.unused == 0 {
            draw(self.drawn.as_flattened_mut());
            self.unused = DRAWN;
        }
        self.unused -= 1;
        let bits = self.drawn.get(self.unused).copied();
        u128::from_be_bytes(bits.unwrap_or_default())
    }
}

#[expect(
    clippy::panic,
    reason = "a guessable secret is worse than a failed request"
)]
fn draw(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        panic!("the operating system provides no randomness: {error}");
    }
}

impl Position {
    const WITHIN: u128 = (1 << 74) - 1;
    /// A start lies in the lower half of a millisecond's range, which leaves room to count up from it.
    const START: u128 = Self::WITHIN >> 1;
    const STRIDE: u128 = (1 << 32) - 1;

    const fn next(self, now: u64, random: u128) -> Self {
        let counted = self.within + 1 + (random & Self::STRIDE);
        if now > self.millis {
            Self {
                millis: now,
                within: random & Self::START,
            }
        } else if counted <= Self::WITHIN {
            Self {
                within: counted,
                ..self
            }
        } else {
            Self {
                millis: self.millis + 1,
                within: random & Self::START,
            }
        }
    }

    /// Version 7 of RFC 9562: 48 bits of time, then 12 and 62 bits of the position.
    fn uuid(self) -> Uuid {
        const LOW: u128 = (1 << 62) - 1;
        let time = u128::from(self.millis) << 80;
        let high = (self.within >> 62) << 64;
        Uuid::from_u128(time | 7 << 76 | high | 2 << 62 | (self.within & LOW))
    }
}

/// Ids and bits that depend only on the seed, for reproducible tests. The ids are a millisecond apart.
pub struct SeededIds(Mutex<Seeded>);

struct Seeded {
    position: Position,
    state: u64,
}

impl SeededIds {
    /// A source for this seed.
    pub const fn new(seed: u64) -> Self {
        Self(Mutex::new(Seeded {
            position: Position {
                millis: 1_700_000_000_000,
                within: 0,
            },
            state: seed,
        }))
    }
}

impl Ids for SeededIds {
    fn uuid(&self) -> Uuid {
        let mut seeded = lock(&self.0);
        let random = u128::from(seeded.draw()) << 64 | u128::from(seeded.draw());
        let now = seeded.position.millis.saturating_add(1);
        seeded.position = seeded.position.next(now, random);
        seeded.position.uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        let mut seeded = lock(&self.0);
        for chunk in bytes.chunks_mut(8) {
            let drawn = seeded.draw().to_le_bytes();
            for (byte, random) in chunk.iter_mut().zip(drawn) {
                *byte = random;
            }
        }
    }
}

impl Seeded {
    /// `SplitMix64`, which is short and mixes well.
    const fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;
    use crate::ManualClock;

    #[test]
    fn ids_rise_also_when_the_clock_goes_back() {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(2_000)));
        let ids = RandomIds::new(Arc::<ManualClock>::clone(&clock));
        let first = ids.uuid();
        clock.set(Timestamp::from_millis(1_000));
        let second = ids.uuid();
        assert!(second > first);
        assert_eq!(second.get_version_num(), 7);
        assert_eq!(second.get_variant(), uuid::Variant::RFC4122);
    }

    #[test]
    fn a_full_millisecond_borrows_from_the_next() {
        let full = Position {
            millis: 7,
            within: Position::WITHIN,
        };
        let next = full.next(7, 0);
        assert_eq!(next.millis, 8);
        assert!(next.uuid() > full.uuid());
    }

    #[test]
    fn an_id_tells_its_time() {
        let ids = RandomIds::new(Arc::new(ManualClock::at(Timestamp::from_millis(1_234_567))));
        let stamp = ids.uuid().get_timestamp().unwrap().to_unix();
        assert_eq!(stamp, (1_234, 567_000_000));
    }

    #[test]
    fn the_same_seed_gives_the_same() {
        let [one, other] = [SeededIds::new(1), SeededIds::new(1)];
        assert_eq!(one.uuid(), other.uuid());
        let (mut first, mut second) = ([0; 20], [0; 20]);
        one.fill(&mut first);
        other.fill(&mut second);
        assert_eq!(first, second);
        assert_ne!(SeededIds::new(2).uuid(), SeededIds::new(1).uuid());
    }
}
