//! Obligations of [`domain::port::Search`].

mod messages;
mod people;

pub use messages::*;
pub use people::*;

contract!(search {
    all_words_must_be_in_a_message,
    a_search_finds_the_present_text,
    a_search_stays_within_ones_rooms,
    a_search_is_narrowed_by_room_sender_and_time,
    hits_are_newest_first_page_by_page,
    operators_are_plain_text,
    people_are_found_by_the_start_of_a_name,
});
