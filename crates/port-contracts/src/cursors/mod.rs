//! Obligations of [`domain::port::CursorStore`].

mod moving;
mod reading;
mod scene;

pub use moving::*;
pub use reading::*;

contract!(cursors {
    cursors_only_move_forward,
    what_is_read_is_delivered,
    a_cursor_stays_within_the_log,
    only_members_have_cursors,
    moving_spends_no_rev,
    progress_leaves_out_one,
    the_floor_is_the_slowest_other,
});
