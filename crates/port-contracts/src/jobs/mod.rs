//! Obligations of [`domain::port::Jobs`].

mod flowing;
mod full;
mod keeping;
mod scene;
mod verdicts;

pub use flowing::{
    an_event_is_with_one_consumer, an_event_reaches_the_queues_that_take_it, events_come_in_order,
};
pub use full::a_full_queue_refuses;
pub use keeping::a_published_event_is_kept_until_done;
pub use scene::Queues;
pub use verdicts::{a_dead_event_comes_no_more, a_retried_event_comes_again};

contract!(jobs {
    an_event_reaches_the_queues_that_take_it,
    events_come_in_order,
    an_event_is_with_one_consumer,
    a_published_event_is_kept_until_done,
    a_retried_event_comes_again,
    a_dead_event_comes_no_more,
    a_full_queue_refuses,
});
