//! Obligations of [`domain::port::Sessions`].
//!
//! The sessions belong to users that are not registered: the store of sessions need not be that of
//! users.

mod ending;
mod living;
mod rotating;
pub(crate) mod scene;
mod spent;

pub use ending::{
    ending_all_spares_the_one, ending_tells_whether_it_lived, only_its_owner_ends_a_session,
};
pub use living::{
    an_expired_session_is_unknown, an_opened_session_is_live, live_tells_ended_from_live,
    sessions_are_listed_newest_use_first,
};
pub use rotating::{
    a_repeat_within_the_grace_gets_the_same_replacement, a_revoked_session_does_not_rotate,
    an_unknown_token_is_unknown, concurrent_rotations_agree, rotation_replaces_the_token,
};
pub use spent::{
    a_spent_token_after_the_grace_ends_the_session,
    a_spent_token_whose_replacement_is_spent_ends_the_session,
    a_token_spent_long_ago_ends_the_session,
};

contract!(sessions {
    an_opened_session_is_live,
    rotation_replaces_the_token,
    a_repeat_within_the_grace_gets_the_same_replacement,
    concurrent_rotations_agree,
    a_spent_token_after_the_grace_ends_the_session,
    a_spent_token_whose_replacement_is_spent_ends_the_session,
    a_token_spent_long_ago_ends_the_session,
    a_revoked_session_does_not_rotate,
    an_expired_session_is_unknown,
    an_unknown_token_is_unknown,
    ending_tells_whether_it_lived,
    only_its_owner_ends_a_session,
    ending_all_spares_the_one,
    sessions_are_listed_newest_use_first,
    live_tells_ended_from_live,
});
