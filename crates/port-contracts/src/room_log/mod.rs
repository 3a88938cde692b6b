//! Obligations of [`domain::port::RoomLog`].

mod reading;
mod snapshot;
mod stretches;

pub use reading::*;
pub use snapshot::*;
pub use stretches::*;

contract!(room_log {
    changes_come_by_rev,
    changes_are_one_snapshot,
    changes_are_cut_at_the_limit,
    a_whole_room_is_nobodys_view,
    unreadable_messages_are_passed_over,
    nothing_new_is_up_to_the_last_rev,
    an_unknown_room_has_no_changes,
    heads_tell_where_rooms_stand,
    stretches_carry_the_rev_of_their_last_change,
    the_epoch_stays,
});
