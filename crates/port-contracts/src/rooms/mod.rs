//! Obligations of [`domain::port::Rooms`].

mod beginning;
mod belonging;
mod browsing;
mod deciding;
mod dropped;
mod ending;
mod events;
mod invites;
mod owning;
mod reading;
mod scene;
mod stepping;

pub use beginning::*;
pub use belonging::*;
pub use browsing::*;
pub use deciding::*;
pub use dropped::*;
pub use ending::*;
pub use events::*;
pub use invites::*;
pub use owning::*;
pub use reading::*;
pub use stepping::*;

contract!(rooms {
    a_new_room_has_its_members,
    a_new_room_starts_its_revs,
    a_unique_name_is_given_once,
    a_pair_has_one_direct_room,
    access_tells_member_stranger_and_banned,
    accesses_tell_the_same_of_many_rooms,
    find_keeps_the_order_asked_for,
    browsing_shows_public_rooms_and_ones_own,
    browsing_finds_by_part_of_the_name,
    of_member_lists_living_memberships,
    named_is_the_oldest_public_room_of_that_name,
    a_rule_sees_the_room_as_it_stands,
    a_refusal_changes_nothing,
    an_empty_decision_changes_nothing,
    every_step_gets_the_next_rev,
    a_dropped_decision_is_whole_or_nothing,
    admitting_counts_and_departing_uncounts,
    who_comes_back_keeps_their_cursors,
    a_newcomer_reads_from_where_history_says,
    handing_over_leaves_one_owner,
    an_invite_lets_in_as_many_as_it_says,
    becoming_public_revokes_the_invites,
    becoming_private_makes_one,
    a_private_room_gets_another_standing_invite,
    a_deleted_room_is_unknown,
    events_are_stored_with_the_change,
});
