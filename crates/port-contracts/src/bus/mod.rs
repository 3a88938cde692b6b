//! Obligations of [`domain::port::Bus`].

mod hearing;
mod notices;
mod scene;
mod slow;

pub use hearing::{
    a_listener_hears_only_what_comes_after, every_listener_hears_a_notice,
    notices_of_one_room_keep_their_order,
};
pub use scene::Buses;
pub use slow::a_slow_listener_hears_of_the_gap;

contract!(bus {
    every_listener_hears_a_notice,
    notices_of_one_room_keep_their_order,
    a_slow_listener_hears_of_the_gap,
    a_listener_hears_only_what_comes_after,
});
