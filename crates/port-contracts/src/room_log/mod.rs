//! Obligations of [`domain::port::RoomLog`].

mod reading;
mod snapshot;

pub use reading::*;
pub use snapshot::*;

contract!(room_log {
    changes_come_by_rev,
    changes_are_one_snapshot,
    changes_are_cut_at_the_limit,
    a_whole_room_is_nobodys_view,
    unreadable_messages_are_passed_over,
    nothing_new_is_up_to_the_last_rev,
    an_unknown_room_has_no_changes,
    heads_tell_where_rooms_stand,
    the_epoch_stays,
});
