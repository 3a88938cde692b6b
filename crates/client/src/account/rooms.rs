//! Rooms.

use futures::stream::{self, Stream};
use protocol::Timestamp;
use protocol::rest::{CreateChat, CreateRoom, EditRoom, JoinAny, JoinRoom, Mute};
use protocol::shape::{Changes, History, Room, RoomPage, Rooms};
use uuid::Uuid;

use super::{Account, Page};
use crate::Error;
use crate::call::{Call, path};

/// A request for a public room with this name, whose whole history is readable by all members.
pub fn room(name: &str) -> CreateRoom {
    CreateRoom {
        name: name.to_owned(),
        description: None,
        is_private: false,
        history: History::All,
    }
}

impl Account {
    /// The rooms that the user is in, the most recently active first.
    pub async fn my_rooms(&self) -> Result<Vec<Room>, Error> {
        let told: Rooms = self.ask(Call::get(path([&"rooms", &"mine"]))).await?;
        Ok(told.rooms)
    }

    /// Public rooms and the user's own rooms, filtered by name.
    pub async fn find_rooms(&self, q: Option<&str>, page: Page) -> Result<RoomPage, Error> {
        let call = Call::get(path([&"rooms"])).about("q", q);
        self.ask(page.of(call)).await
    }

    /// Creates a room.
    pub async fn create_room(&self, room: &CreateRoom) -> Result<Room, Error> {
        self.ask(Call::post(path([&"rooms"]), room)?).await
    }

    /// Starts a conversation. With one other user it is the direct room of the two, of which there
    /// is only one.
    pub async fn open_chat(&self, chat: &CreateChat) -> Result<Room, Error> {
        self.ask(Call::post(path([&"chat"]), chat)?).await
    }

    /// Reads a room.
    pub async fn room(&self, room: Uuid) -> Result<Room, Error> {
        self.ask(Call::get(path([&"rooms", &room]))).await
    }

    /// Changes the fields that are given.
    pub async fn change_room(&self, room: Uuid, change: &EditRoom) -> Result<Room, Error> {
        self.ask(Call::patch(path([&"rooms", &room]), change)?)
            .await
    }

    /// Deletes a room and everything in it.
    pub async fn delete_room(&self, room: Uuid) -> Result<(), Error> {
        self.tell(Call::delete(path([&"rooms", &room]))).await
    }

    /// Joins a public room. Joining again has no effect.
    pub async fn join(&self, room: Uuid) -> Result<Room, Error> {
        let call = Call::post(path([&"rooms", &room, &"join"]), &JoinRoom::default())?;
        self.ask(call.repeatable()).await
    }

    /// Joins the room that an invite leads to.
    pub async fn join_by_invite(&self, code: &str) -> Result<Room, Error> {
        let any = JoinAny::InviteCode(code.to_owned());
        self.ask(Call::post(path([&"rooms", &"join"]), &any)?).await
    }

    /// Leaves a room.
    pub async fn leave(&self, room: Uuid) -> Result<(), Error> {
        self.tell(Call::delete(path([&"rooms", &room, &"leave"])))
            .await
    }

    /// Mutes the notifications of a room, until a time or indefinitely.
    pub async fn mute(&self, room: Uuid, until: Option<Timestamp>) -> Result<(), Error> {
        let call = Call::put(path([&"rooms", &room, &"mute"])).with(&Mute { until })?;
        self.tell(call).await
    }

    /// Unmutes the notifications of a room.
    pub async fn unmute(&self, room: Uuid) -> Result<(), Error> {
        self.tell(Call::switch(path([&"rooms", &room, &"mute"]), false))
            .await
    }

    /// What changed in a room after a rev. While there is `more`, continue from `up_to`.
    pub async fn changes(
        &self,
        room: Uuid,
        since: i64,
        epoch: Option<&str>,
    ) -> Result<Changes, Error> {
        let call = Call::get(path([&"rooms", &room, &"events"]));
        self.ask(call.about("since", Some(since)).about("epoch", epoch))
            .await
    }

    /// Everything that changed in a room after a rev, page by page. Ends at a `reset`.
    pub fn all_changes(
        &self,
        room: Uuid,
        since: i64,
        epoch: Option<String>,
    ) -> impl Stream<Item = Result<Changes, Error>> {
        let from = Some((self.clone(), since, epoch));
        stream::try_unfold(from, move |from| async move {
            let Some((account, since, epoch)) = from else {
                return Ok(None);
            };
            let changes = account.changes(room, since, epoch.as_deref()).await?;
            let goes_on = changes.more && !changes.reset;
            let next = goes_on.then_some((account, changes.up_to, epoch));
            Ok(Some((changes, next)))
        })
    }
}
