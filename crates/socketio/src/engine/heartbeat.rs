//! Checks whether the client is still there.

use std::time::Duration;

use tokio::time::Instant;

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beat {
    /// Nothing, until then.
    Wait(Instant),
    /// Send a ping, and check again then.
    Ask(Instant),
    /// Give the client up.
    Dead,
}

/// Pings a client at intervals, and waits for its answers.
#[derive(Debug)]
pub(super) struct Heartbeat {
    interval: Duration,
    timeout: Duration,
    state: State,
}

#[derive(Debug)]
enum State {
    /// The next ping is due then.
    Resting(Instant),
    /// The answer is due by then.
    Asked(Instant),
}

impl Heartbeat {
    pub(super) fn new(interval: Duration, timeout: Duration, now: Instant) -> Self {
        Self {
            interval,
            timeout,
            state: State::Resting(now + interval),
        }
    }

    /// `answered` says whether the client answered since the last step, `unheard` whether its answer may
    /// not have been read yet.
    pub(super) fn step(&mut self, now: Instant, answered: bool, unheard: bool) -> Beat {
        match self.state {
            State::Asked(_) if answered => {
                let at = now + self.interval;
                self.state = State::Resting(at);
                Beat::Wait(at)
            }
            // The answer may be among what is not read because the owner is slow.
            State::Asked(by) if now >= by && unheard => {
                let by = now + self.timeout;
                self.state = State::Asked(by);
                Beat::Wait(by)
            }
            State::Asked(by) if now >= by => Beat::Dead,
            State::Resting(at) if now >= at => {
                let by = now + self.timeout;
                self.state = State::Asked(by);
                Beat::Ask(by)
            }
            State::Asked(at) | State::Resting(at) => Beat::Wait(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(25);
    const TIMEOUT: Duration = Duration::from_secs(20);

    #[test]
    fn a_client_that_answers_is_asked_again() {
        let start = Instant::now();
        let mut heart = Heartbeat::new(INTERVAL, TIMEOUT, start);
        assert_eq!(
            heart.step(start, false, false),
            Beat::Wait(start + INTERVAL)
        );
        let asked = start + INTERVAL;
        assert_eq!(heart.step(asked, false, false), Beat::Ask(asked + TIMEOUT));
        let answered = asked + TIMEOUT / 2;
        assert_eq!(
            heart.step(answered, true, false),
            Beat::Wait(answered + INTERVAL)
        );
        let again = answered + INTERVAL;
        assert_eq!(heart.step(again, false, false), Beat::Ask(again + TIMEOUT));
    }

    #[test]
    fn a_client_that_does_not_answer_is_gone() {
        let start = Instant::now();
        let mut heart = Heartbeat::new(INTERVAL, TIMEOUT, start);
        let asked = start + INTERVAL;
        assert_eq!(heart.step(asked, true, false), Beat::Ask(asked + TIMEOUT));
        assert_eq!(heart.step(asked + TIMEOUT, false, false), Beat::Dead);
    }

    #[test]
    fn a_client_that_is_not_heard_has_time() {
        let start = Instant::now();
        let mut heart = Heartbeat::new(INTERVAL, TIMEOUT, start);
        let asked = start + INTERVAL;
        assert_eq!(heart.step(asked, false, false), Beat::Ask(asked + TIMEOUT));
        let late = asked + TIMEOUT;
        assert_eq!(heart.step(late, false, true), Beat::Wait(late + TIMEOUT));
        assert_eq!(heart.step(late + TIMEOUT, false, false), Beat::Dead);
    }
}
