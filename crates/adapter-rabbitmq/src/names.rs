//! The names of everything in RabbitMQ.

use domain::port::jobs::{Patience, Queue};
use lapin::types::ShortString;

/// The header that holds the number of an event's attempt.
pub(crate) const ATTEMPT: &str = "x-attempt";

/// Makes names that begin with the prefix.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    prefix: String,
}

impl Names {
    pub(crate) fn new(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
        }
    }

    /// The exchange to which events are published.
    pub(crate) fn exchange(&self) -> ShortString {
        self.of("chat")
    }

    pub(crate) fn queue(&self, queue: Queue) -> ShortString {
        self.of(queue.name())
    }

    /// The queue of dead letters.
    pub(crate) fn dead(&self, queue: Queue) -> ShortString {
        self.of(&format!("{}.dead", queue.name()))
    }

    /// The name of the exchange, and of its queue, where events wait for their next attempt.
    pub(crate) fn retry(&self, level: u32) -> ShortString {
        self.of(&format!("chat.retry.{level}"))
    }

    fn of(&self, name: &str) -> ShortString {
        format!("{}{name}", self.prefix).into()
    }
}

/// The topics that are routed to a queue.
pub(crate) const fn topics(queue: Queue) -> &'static [&'static str] {
    match queue {
        Queue::Messages => &["message.*", "member.*", "room.*"],
        Queue::Notifications => &["message.created"],
        Queue::Media => &["media.*"],
    }
}

/// How many retry queues there are: one for each delay, since a queue only expires messages at its
/// head.
pub(crate) fn levels(patience: Patience) -> u32 {
    level(patience, u32::MAX)
}

/// The retry queue in which an event waits after this many attempts.
pub(crate) fn level(patience: Patience, tries: u32) -> u32 {
    let mut level = 1;
    while level < tries.min(32)
        && level + 1 < patience.tries
        && patience.wait(level, 0) != patience.wait(level + 1, 0)
    {
        level += 1;
    }
    level
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_topic_flows_where_the_domain_says() {
        for topic in [
            "message.created",
            "message.edited",
            "member.left",
            "room.updated",
            "media.uploaded",
        ] {
            for queue in Queue::ALL {
                let flows = topics(queue).iter().any(|pattern| fits(pattern, topic));
                assert_eq!(flows, queue.takes(topic), "{topic} into {}", queue.name());
            }
        }
    }

    fn fits(pattern: &str, topic: &str) -> bool {
        let start = pattern.strip_suffix('*');
        start.map_or(pattern == topic, |start| topic.starts_with(start))
    }

    #[test]
    fn each_wait_has_a_queue_of_its_own() {
        let patience = |longest, tries| Patience {
            first: Duration::from_secs(5),
            longest: Duration::from_secs(longest),
            tries,
        };
        // 5, 10, 20, 40, 40, 40, 40.
        assert_eq!(levels(patience(40, 8)), 4);
        let level_of = |tries| level(patience(40, 8), tries);
        assert_eq!([1, 2, 4, 5, 7].map(level_of), [1, 2, 4, 4, 4]);
        // 5, 10.
        assert_eq!(levels(patience(600, 3)), 2);
        assert_eq!(levels(patience(600, 1)), 1);
        assert_eq!(levels(patience(5, 100)), 1);
    }
}
