//! All tables of the store.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::port::media::FileDigest;
use domain::port::messages::Fingerprint;
use domain::{
    ClientId, Email, Epoch, Invite, InviteCode, Media, MediaId, Message, MessageId, Pair,
    PasswordHash, RoomId, Seq, User, UserId,
};

use super::webhook_table::WebhookTable;
use super::{EventTable, MessageRow, RoomRow};

/// An account.
pub(crate) struct UserRow {
    pub(crate) user: User,
    /// `None` once the account is erased.
    pub(crate) password: Option<PasswordHash>,
}

/// An upload.
pub(crate) struct MediaRow {
    pub(crate) media: Media,
    pub(crate) digest: FileDigest,
    /// The message that it was attached to, if ever. Stays set when that is deleted: an upload can be
    /// attached only once.
    pub(crate) message: Option<MessageId>,
}

/// All tables. A deleted room moves to `gone` as a whole, so that lookups through `rooms` never see any
/// of it.
pub(crate) struct State {
    pub(crate) epoch: Epoch,
    pub(crate) users: BTreeMap<UserId, UserRow>,
    pub(crate) emails: HashMap<Email, UserId>,
    /// By [`Username::key`](domain::Username::key).
    pub(crate) usernames: HashMap<String, UserId>,
    /// Blocker and blocked.
    pub(crate) blocks: BTreeSet<(UserId, UserId)>,
    pub(crate) rooms: BTreeMap<RoomId, RoomRow>,
    pub(crate) gone: BTreeMap<RoomId, RoomRow>,
    pub(crate) directs: HashMap<Pair, RoomId>,
    /// The rooms that users belong to now.
    pub(crate) belonging: HashMap<UserId, BTreeSet<RoomId>>,
    /// The location of each message.
    pub(crate) places: HashMap<MessageId, (RoomId, Seq)>,
    pub(crate) sent: HashMap<(UserId, ClientId), (MessageId, Fingerprint)>,
    pub(crate) invites: HashMap<InviteCode, Invite>,
    pub(crate) media: BTreeMap<MediaId, MediaRow>,
    pub(crate) events: EventTable,
    pub(crate) webhooks: WebhookTable,
}

impl State {
    pub(crate) fn new(epoch: Epoch) -> Self {
        Self {
            epoch,
            users: BTreeMap::new(),
            emails: HashMap::new(),
            usernames: HashMap::new(),
            blocks: BTreeSet::new(),
            rooms: BTreeMap::new(),
            gone: BTreeMap::new(),
            directs: HashMap::new(),
            belonging: HashMap::new(),
            places: HashMap::new(),
            sent: HashMap::new(),
            invites: HashMap::new(),
            media: BTreeMap::new(),
            events: EventTable::default(),
            webhooks: WebhookTable::default(),
        }
    }

    /// The rooms that a user belongs to and that are not deleted, by id.
    pub(crate) fn rooms_of(&self, user: UserId) -> impl DoubleEndedIterator<Item = &RoomRow> {
        self.belonging
            .get(&user)
            .into_iter()
            .flatten()
            .filter_map(|id| self.rooms.get(id))
    }

    /// A message of a room that is not deleted.
    pub(crate) fn message(&self, id: MessageId) -> Option<&MessageRow> {
        let (room, seq) = self.places.get(&id)?;
        self.rooms.get(room)?.log.get(seq)
    }

    /// A message as a reader sees it.
    pub(crate) fn show(&self, row: &MessageRow, reader: UserId) -> Message {
        Message {
            attachments: row
                .attachments
                .iter()
                .filter_map(|id| self.media.get(id))
                .map(|upload| upload.media.clone())
                .collect(),
            reactions: row.reactions_for(reader),
            ..row.message.clone()
        }
    }

    /// Whether something that belongs to this room, or to none, may be shown.
    pub(crate) fn stands(&self, room: Option<RoomId>) -> bool {
        room.is_none_or(|room| self.rooms.contains_key(&room))
    }

    /// The first of these users who is not registered. Stands in for a foreign key.
    pub(crate) fn stranger(&self, people: impl IntoIterator<Item = UserId>) -> Option<String> {
        people
            .into_iter()
            .find(|user| !self.users.contains_key(user))
            .map(|user| format!("there is no user {user}"))
    }
}
