//! What a batch writes, column by column.

use diesel::sql_types::{BigInt, Binary, Nullable, Text, Timestamptz, Uuid};
use domain::placing::Placed;
use domain::port::messages::NewMessage;
use domain::{ClientId, MediaId, Message, MessageId, RoomId, UserId};

use crate::columnar::columnar;
use crate::columns::{Key, Moment};
use crate::words::words_of;

columnar! {
    /// The messages. Nested arrays would have to be rectangular, so a column that is itself an array is
    /// bound as text.
    NewMessages {
        room_id: Uuid = Key<RoomId>,
        seq: BigInt = i64,
        rev: BigInt = i64,
        id: Uuid = Key<MessageId>,
        sender_id: Uuid = Key<UserId>,
        body: Text = String,
        client_id: Nullable<Uuid> = Option<Key<ClientId>>,
        reply_to: Nullable<Uuid> = Option<Key<MessageId>>,
        thread: Nullable<Uuid> = Option<Key<MessageId>>,
        reply_count: BigInt = i64,
        mentions: Text = String,
        created_at: Timestamptz = Moment,
        words: Text = String,
    }
    "INSERT INTO messages (room_id, seq, rev, id, sender_id, body, client_id, reply_to, thread, \
     reply_count, mentions, created_at, words) \
     SELECT room_id, seq, rev, id, sender_id, body, client_id, reply_to, thread, reply_count, \
     mentions::uuid[], created_at, string_to_array(words, ' ') FROM",
    ""
}

columnar! {
    /// The clients' ids for the messages. One held by a deleted room is taken over; one that another
    /// transaction took in the meantime is left alone, which shows in the number of rows.
    NewNames {
        sender_id: Uuid = Key<UserId>,
        client_id: Uuid = Key<ClientId>,
        room_id: Uuid = Key<RoomId>,
        seq: BigInt = i64,
        fingerprint: Binary = [u8; 32],
    }
    "INSERT INTO client_ids (sender_id, client_id, room_id, seq, fingerprint) \
     SELECT sender_id, client_id, room_id, seq, fingerprint FROM",
    "ON CONFLICT (sender_id, client_id) DO UPDATE SET room_id = excluded.room_id, \
     seq = excluded.seq, fingerprint = excluded.fingerprint \
     WHERE NOT EXISTS (SELECT FROM rooms \
     WHERE rooms.id = client_ids.room_id AND rooms.deleted_at IS NULL)"
}

columnar! {
    /// The rooms' new heads.
    MovedHeads {
        id: Uuid = Key<RoomId>,
        last_seq: BigInt = i64,
        last_rev: BigInt = i64,
        active_at: Timestamptz = Moment,
    }
    "UPDATE rooms SET last_seq = new.last_seq, last_rev = new.last_rev, \
     active_at = new.active_at FROM",
    "WHERE rooms.id = new.id"
}

columnar! {
    /// A sender has read what they posted. Whether they have left is deliberately not in the `WHERE`
    /// clause: without statistics the planner assumes that nearly every member has left, and would scan
    /// those who have not instead of looking up these few.
    MovedCursors {
        room_id: Uuid = Key<RoomId>,
        user_id: Uuid = Key<UserId>,
        seq: BigInt = i64,
    }
    "UPDATE memberships SET \
     read_seq = CASE WHEN left_at IS NULL THEN new.seq ELSE read_seq END, \
     delivered_seq = CASE WHEN left_at IS NULL THEN new.seq ELSE delivered_seq END FROM",
    "WHERE memberships.room_id = new.room_id AND memberships.user_id = new.user_id \
     AND memberships.read_seq < new.seq"
}

columnar! {
    /// The users whom the messages mention.
    NewMentions {
        user_id: Uuid = Key<UserId>,
        room_id: Uuid = Key<RoomId>,
        seq: BigInt = i64,
    }
    "INSERT INTO mentions (user_id, room_id, seq) SELECT user_id, room_id, seq FROM",
    "ON CONFLICT DO NOTHING"
}

columnar! {
    /// The messages' uploads.
    Hung {
        id: Uuid = Key<MediaId>,
        seq: BigInt = i64,
        place: BigInt = i64,
    }
    "UPDATE media SET attached = true, seq = new.seq, place = new.place FROM",
    "WHERE media.id = new.id AND NOT media.attached"
}

columnar! {
    /// Thread roots that were stored before this batch.
    CountedThreads {
        room_id: Uuid = Key<RoomId>,
        seq: BigInt = i64,
        rev: BigInt = i64,
        reply_count: BigInt = i64,
    }
    "UPDATE messages SET rev = new.rev, reply_count = new.reply_count FROM",
    "WHERE messages.room_id = new.room_id AND messages.seq = new.seq"
}

impl NewMessages {
    pub(super) fn of(placed: &Placed<'_>) -> Self {
        let mut rows = Self::default();
        for (new, message) in placed.messages() {
            rows.push(new, message);
        }
        rows
    }

    fn push(&mut self, new: &NewMessage, message: &Message) {
        self.room_id.push(Key(message.room));
        self.seq.push(message.seq.get());
        self.rev.push(message.rev.get());
        self.id.push(Key(message.id));
        self.sender_id.push(Key(message.sender));
        self.body.push(new.body.as_str().to_owned());
        self.client_id.push(message.client_id.map(Key));
        self.reply_to.push(message.reply_to.map(Key));
        self.thread.push(message.thread.map(Key));
        self.reply_count.push(message.reply_count);
        self.mentions.push(array_of(&new.mentions));
        self.created_at.push(Moment(message.created_at));
        self.words.push(words_of(new.room, &new.body).join(" "));
    }
}

/// An array of ids as a Postgres literal.
fn array_of(ids: &[UserId]) -> String {
    let ids: Vec<String> = ids.iter().map(UserId::to_string).collect();
    format!("{{{}}}", ids.join(","))
}

impl NewNames {
    /// Sorted by client id, so that two batches cannot deadlock on each other's.
    pub(super) fn of(placed: &Placed<'_>) -> Self {
        let mut names: Vec<_> = placed
            .messages()
            .filter_map(|(new, message)| Some((new.sender, new.client?, message)))
            .collect();
        names.sort_unstable_by_key(|(sender, (client, _), _)| (*sender, *client));
        let mut rows = Self::default();
        for (sender, (client, fingerprint), message) in names {
            rows.sender_id.push(Key(sender));
            rows.client_id.push(Key(client));
            rows.room_id.push(Key(message.room));
            rows.seq.push(message.seq.get());
            rows.fingerprint.push(fingerprint.0);
        }
        rows
    }
}

impl MovedHeads {
    pub(super) fn of(placed: &Placed<'_>) -> Self {
        let mut rows = Self::default();
        for (id, standing) in placed.rooms() {
            rows.id.push(Key(*id));
            rows.last_seq.push(standing.seq.get());
            rows.last_rev.push(standing.rev.get());
            rows.active_at.push(Moment(standing.active_at));
        }
        rows
    }
}

impl MovedCursors {
    pub(super) fn of(placed: &Placed<'_>) -> Self {
        let mut rows = Self::default();
        for ((room, user), seq) in placed.cursors() {
            rows.room_id.push(Key(room));
            rows.user_id.push(Key(user));
            rows.seq.push(seq.get());
        }
        rows
    }
}

impl NewMentions {
    pub(super) fn of(placed: &Placed<'_>) -> Self {
        let mut rows = Self::default();
        for (_, message) in placed.messages() {
            rows.push(message);
        }
        rows
    }

    /// The rows of a single message.
    pub(in crate::messages) fn in_message(message: &Message) -> Self {
        let mut rows = Self::default();
        rows.push(message);
        rows
    }

    fn push(&mut self, message: &Message) {
        for user in &message.mentions {
            self.user_id.push(Key(*user));
            self.room_id.push(Key(message.room));
            self.seq.push(message.seq.get());
        }
    }
}

impl Hung {
    pub(super) fn of(placed: &Placed<'_>) -> Self {
        let mut rows = Self::default();
        for (new, message) in placed.messages() {
            for (place, id) in (0..).zip(&new.attachments) {
                rows.id.push(Key(*id));
                rows.seq.push(message.seq.get());
                rows.place.push(place);
            }
        }
        rows
    }
}

impl CountedThreads {
    pub(super) fn of(placed: &Placed<'_>) -> Self {
        let mut rows = Self::default();
        for message in placed.threads() {
            rows.room_id.push(Key(message.room));
            rows.seq.push(message.seq.get());
            rows.rev.push(message.rev.get());
            rows.reply_count.push(message.reply_count);
        }
        rows
    }
}
