//! Rooms as rows.

use diesel::pg::Pg;
use diesel::prelude::*;
use domain::{
    Description, History, InviteCode, Pair, Rev, Room, RoomId, RoomKind, RoomName, Seq, UserId,
};

use crate::columns::{Key, Moment};
use crate::failure::{Broken, Spot};
use crate::schema::rooms;

/// A room. An update writes the whole row, including empty columns.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rooms, check_for_backend(Pg))]
#[diesel(treat_none_as_null = true, treat_none_as_default_value = false)]
pub(crate) struct RoomRow {
    pub(crate) id: Key<RoomId>,
    kind: String,
    low: Option<Key<UserId>>,
    high: Option<Key<UserId>>,
    name: Option<String>,
    name_key: Option<String>,
    description: Option<String>,
    owner_id: Option<Key<UserId>>,
    history: String,
    standing_invite: Option<String>,
    member_count: i64,
    created_at: Moment,
    updated_at: Moment,
    active_at: Moment,
    rev: i64,
    last_seq: i64,
    last_rev: i64,
    pub(crate) deleted_at: Option<Moment>,
}

impl RoomRow {
    pub(crate) fn read(self) -> Result<Room, Broken> {
        let id = self.id.0;
        let spot = Spot::new("rooms", &id);
        let pair = self.low.zip(self.high);
        let kind = match (self.kind.as_str(), pair) {
            ("public", None) => Some(RoomKind::Public),
            ("private", None) => Some(RoomKind::Private),
            ("direct", Some((low, high))) => Pair::of(low.0, high.0).map(RoomKind::Direct),
            _ => None,
        };
        let invite = self.standing_invite.map(InviteCode::parse).transpose();
        let description = self.description.map(Description::parse).transpose();
        Ok(Room {
            id,
            kind: spot.known("kind", kind)?,
            name: spot.parsed("name", self.name.map(RoomName::parse).transpose())?,
            description: spot.parsed("description", description)?,
            owner: self.owner_id.map(|key| key.0),
            history: spot.known("history", history(&self.history))?,
            standing_invite: spot.parsed("standing_invite", invite)?,
            member_count: self.member_count,
            created_at: self.created_at.0,
            updated_at: self.updated_at.0,
            active_at: self.active_at.0,
            rev: spot.known("rev", Rev::new(self.rev))?,
            last_seq: spot.known("last_seq", Seq::new(self.last_seq))?,
            last_rev: spot.known("last_rev", Rev::new(self.last_rev))?,
        })
    }

    /// A room that is not deleted, as a row.
    pub(crate) fn of(room: &Room) -> Self {
        let (kind, pair) = match room.kind {
            RoomKind::Public => ("public", None),
            RoomKind::Private => ("private", None),
            RoomKind::Direct(pair) => ("direct", Some(pair)),
        };
        Self {
            id: Key(room.id),
            kind: kind.to_owned(),
            low: pair.map(|pair| Key(pair.low())),
            high: pair.map(|pair| Key(pair.high())),
            name: room.name.as_ref().map(|name| name.as_str().to_owned()),
            name_key: room.name.as_ref().map(RoomName::key),
            description: room
                .description
                .as_ref()
                .map(|text| text.as_str().to_owned()),
            owner_id: room.owner.map(Key),
            history: history_word(room.history).to_owned(),
            standing_invite: room
                .standing_invite
                .as_ref()
                .map(|code| code.as_str().to_owned()),
            member_count: room.member_count,
            created_at: Moment(room.created_at),
            updated_at: Moment(room.updated_at),
            active_at: Moment(room.active_at),
            rev: room.rev.get(),
            last_seq: room.last_seq.get(),
            last_rev: room.last_rev.get(),
            deleted_at: None,
        }
    }
}

const fn history_word(history: History) -> &'static str {
    match history {
        History::All => "all",
        History::Joined => "joined",
    }
}

fn history(word: &str) -> Option<History> {
    [History::All, History::Joined]
        .into_iter()
        .find(|history| history_word(*history) == word)
}
