//! Obligations of [`domain::port::Members`].

mod circles;
mod listing;
mod meeting;
mod mentions;
mod passages;

pub use circles::*;
pub use listing::*;
pub use meeting::*;
pub use mentions::*;
pub use passages::*;

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
    circles_are_rooms_of_so_many,
    living_pairs_are_told_from_others,
    passages_tell_of_every_room,
    mentions_are_counted_until_read,
});
