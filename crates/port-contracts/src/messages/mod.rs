//! Obligations of [`domain::port::Messages`].

mod amend;
mod append;
mod attach;
mod dropped;
mod mentioning;
mod react;
mod read;
mod refuse;
mod repeat;

pub use amend::*;
pub use append::*;
pub use attach::*;
pub use dropped::*;
pub use mentioning::*;
pub use react::*;
pub use read::*;
pub use refuse::*;
pub use repeat::*;

contract!(messages {
    seqs_and_revs_are_gapless,
    a_word_may_be_as_long_as_a_text,
    a_batch_is_answered_in_order,
    concurrent_appends_leave_no_hole,
    a_dropped_append_is_whole_or_nothing,
    a_repeat_stores_nothing,
    a_repeat_shows_the_present_state,
    a_client_id_is_for_one_message,
    posting_moves_the_senders_cursors,
    a_reply_counts_in_its_thread,
    an_attachment_hangs_once,
    only_ones_own_uploads_of_the_room_hang,
    an_unknown_room_takes_nothing,
    events_are_stored_with_the_message,
    events_for_webhooks_are_stored_where_there_are_some,
    an_edit_changes_text_mentions_and_rev,
    a_tombstone_keeps_its_place_only,
    a_tombstone_takes_no_change,
    a_reaction_counts_once_a_person,
    reactions_are_bounded,
    reactions_are_the_readers_own,
    concurrent_changes_spend_one_rev_each,
    pages_rise_and_stop_at_the_floor,
    find_keeps_the_order_asked_for,
    replies_rise_page_by_page,
    pins_fall_page_by_page,
    the_latest_is_the_last_above_the_floor,
    what_mentions_the_reader_is_found,
    sent_finds_what_a_client_sent,
});
