//! Obligations of [`domain::port::Presence`].
//!
//! A sweep covers all subjects, so each test opens a presence that nothing else sweeps.

mod coming;
mod going;
mod scene;
mod staying;

pub use coming::{
    of_many_connections_at_once_each_has_its_number, subjects_are_told_apart,
    the_first_connection_brings_a_subject,
};
pub use going::{
    a_shortened_lease_is_a_grace, a_sweep_tells_each_departure_once,
    the_last_connection_takes_its_subject_along, who_came_back_is_not_swept,
};
pub use staying::{
    a_lapsed_lease_counts_no_more, a_renewed_lease_holds_on,
    a_subject_is_here_while_any_lease_holds,
};

contract!(presence {
    the_first_connection_brings_a_subject,
    of_many_connections_at_once_each_has_its_number,
    a_subject_is_here_while_any_lease_holds,
    subjects_are_told_apart,
    a_lapsed_lease_counts_no_more,
    a_renewed_lease_holds_on,
    a_shortened_lease_is_a_grace,
    the_last_connection_takes_its_subject_along,
    a_sweep_tells_each_departure_once,
    who_came_back_is_not_swept,
});
