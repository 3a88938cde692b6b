//! Randomness, from the system.

/// A random number, unless the system has no randomness. Then those who failed together try again
/// together.
pub(crate) fn dice() -> Option<u8> {
    let mut dice = [0];
    getrandom::fill(&mut dice).ok().map(|()| dice[0])
}
