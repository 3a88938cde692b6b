//! The fixture for tests of use cases: the real in-memory adapters, a clock that only moves when it is
//! advanced, and helpers that set things up without the use case under test.

mod accounts;
mod answers;
mod counted_passwords;
mod counted_presence;
mod counted_users;
mod ear;
mod frail_sessions;
mod messages_away;
mod profiles_away;
mod removing_rooms;
mod rooms;
mod stage;
mod users_away;
mod world;

pub(crate) use accounts::{PASSWORD, subscription};
pub(crate) use answers::{at_once, bad_field, invalid_fields, refusal};
pub(crate) use counted_passwords::CountedPasswords;
pub(crate) use counted_presence::CountedPresence;
pub(crate) use counted_users::CountedUsers;
pub(crate) use ear::Ear;
pub(crate) use frail_sessions::FrailSessions;
pub(crate) use messages_away::MessagesAway;
pub(crate) use profiles_away::ProfilesAway;
pub(crate) use removing_rooms::RemovingRooms;
pub(crate) use stage::{Spot, Stage, body, says, seq};
pub(crate) use users_away::UsersAway;
pub(crate) use world::World;
