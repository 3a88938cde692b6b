//! Obligations of [`domain::port::Members`].

mod listing;
mod meeting;
mod mentions;
mod relations;
mod small_rooms;

pub use listing::*;
pub use meeting::*;
pub use mentions::*;
pub use relations::*;
pub use small_rooms::*;

contract!(members {
    members_are_listed_by_id,
    rosters_name_the_first_members,
    find_leaves_out_who_does_not_belong,
    find_ever_tells_how_somebody_left,
    members_are_found_by_username,
    bans_are_listed_newest_first,
    notifications_are_the_members_own,
    companions_share_a_room,
    peers_are_listed_once,
    small_rooms_are_told_from_large_ones,
    living_pairs_are_told_from_others,
    relations_tell_of_every_room,
    mentions_are_counted_until_read,
});
