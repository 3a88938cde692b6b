//! Obligations of [`domain::port::Jobs`].

mod burying;
mod flowing;
mod full;
mod keeping;
mod scene;
mod verdicts;

pub use burying::{a_discarded_event_is_forgotten, a_revived_event_comes_again};
pub use flowing::{
    an_event_is_with_one_consumer, an_event_reaches_the_queues_that_take_it, events_come_in_order,
};
pub use full::a_full_queue_refuses;
pub use keeping::{a_published_event_is_kept_until_done, an_event_is_safe_at_last};
pub use scene::Queues;
pub use verdicts::{a_dead_event_comes_no_more, a_retried_event_comes_again};

contract!(jobs {
    an_event_reaches_the_queues_that_take_it,
    events_come_in_order,
    an_event_is_with_one_consumer,
    a_published_event_is_kept_until_done,
    an_event_is_safe_at_last,
    a_retried_event_comes_again,
    a_dead_event_comes_no_more,
    a_revived_event_comes_again,
    a_discarded_event_is_forgotten,
    a_full_queue_refuses,
});
