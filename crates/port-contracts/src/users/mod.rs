//! Obligations of [`domain::port::Users`].

mod account;
mod profile;
mod registering;
mod scene;

pub use account::*;
pub use profile::*;
pub use registering::*;

contract!(users {
    registering_makes_an_account,
    an_email_is_taken_once,
    a_username_is_taken_once_in_any_case,
    a_refused_registration_stores_nothing,
    find_keeps_the_order_asked_for,
    a_profile_change_touches_only_what_is_given,
    a_username_may_change_its_case,
    a_taken_username_changes_nothing,
    a_password_changes_only_from_the_known_one,
    an_erased_account_is_nameless,
    erasing_again_changes_nothing,
    last_seen_only_moves_forward,
});
