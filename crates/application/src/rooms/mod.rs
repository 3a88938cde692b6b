//! Rooms and their members.

mod acts;
mod bans;
mod browse_rooms;
mod change_member;
mod create_room;
mod delete_room;
mod edit_room;
mod invites;
mod join_room;
mod leave_room;
mod list_members;
mod member_views;
mod my_rooms;
mod rank;
mod read_changes;
mod read_room;
mod remove_member;
mod set_notifications;
mod start_chat;

#[cfg(test)]
mod stage;
#[cfg(test)]
mod tests;

pub use bans::Bans;
pub use browse_rooms::BrowseRooms;
pub use change_member::{ChangeMember, MemberChanges};
pub use create_room::{CreateRoom, RoomPlan};
pub use delete_room::DeleteRoom;
pub use edit_room::{EditRoom, RoomChanges};
pub use invites::{InviteDesk, InvitePlan};
pub use join_room::{Door, JoinRoom};
pub use leave_room::LeaveRoom;
pub use list_members::{ListMembers, MemberList};
pub use my_rooms::MyRooms;
pub use read_changes::{ChangesSince, ReadChanges};
pub use read_room::ReadRoom;
pub use remove_member::RemoveMember;
pub use set_notifications::SetNotifications;
pub use start_chat::{ChatPlan, StartChat};

pub(crate) use acts::Acts;
