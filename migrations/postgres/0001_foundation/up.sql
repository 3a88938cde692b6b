-- Ids are uuids, times are timestamps with a time zone, enumerations are text with a check.
-- Text that is compared or sorted uses the collation "C", so that all servers agree on the order, whatever
-- their locale. The keys of everything that belongs to a room start with the room, so that rooms can be
-- partitioned or sharded.

-- Metadata of the store. The epoch identifies this incarnation of it.
CREATE TABLE meta (
    key   text COLLATE "C" PRIMARY KEY,
    value text NOT NULL
);

INSERT INTO meta (key, value) VALUES ('epoch', replace(gen_random_uuid()::text, '-', ''));

-- People ---------------------------------------------------------------------------------------

-- An erased account keeps its id and an anonymous username without a key, so that it reserves no name.
CREATE TABLE users (
    id           uuid        PRIMARY KEY,
    username     text        NOT NULL,
    username_key text        COLLATE "C",
    display_name text        NOT NULL,
    email        text        COLLATE "C",
    bio          text,
    avatar       uuid,
    password     text,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz,
    erased_at    timestamptz,
    CONSTRAINT users_username_key UNIQUE (username_key),
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_erased_are_nameless CHECK (
        (erased_at IS NULL) = (username_key IS NOT NULL)
        AND (erased_at IS NULL) = (email IS NOT NULL)
        AND (erased_at IS NULL) = (password IS NOT NULL)
    )
) WITH (fillfactor = 90);

CREATE INDEX users_by_avatar ON users (avatar) WHERE avatar IS NOT NULL;

-- Each username and display name, starting from each of its words, so that a prefix search is a range scan.
CREATE TABLE name_starts (
    start   text COLLATE "C" NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    PRIMARY KEY (start, user_id)
);

CREATE INDEX name_starts_by_user ON name_starts (user_id);

CREATE TABLE blocks (
    blocker_id uuid        NOT NULL REFERENCES users (id),
    blocked_id uuid        NOT NULL REFERENCES users (id),
    at         timestamptz NOT NULL,
    PRIMARY KEY (blocker_id, blocked_id)
);

CREATE INDEX blocks_by_blocked ON blocks (blocked_id);

-- Rooms ----------------------------------------------------------------------------------------

-- Each message updates its room's row, but no indexed column of it: with free space in the page, these are
-- HOT updates, which leave the indexes alone.
CREATE TABLE rooms (
    id              uuid        PRIMARY KEY,
    kind            text        NOT NULL CHECK (kind IN ('public', 'private', 'direct')),
    low             uuid        REFERENCES users (id),
    high            uuid        REFERENCES users (id),
    name            text,
    name_key        text        COLLATE "C",
    description     text,
    owner_id        uuid        REFERENCES users (id),
    history         text        NOT NULL CHECK (history IN ('all', 'joined')),
    standing_invite text        COLLATE "C",
    member_count    bigint      NOT NULL CHECK (member_count >= 0),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    active_at       timestamptz NOT NULL,
    rev             bigint      NOT NULL CHECK (rev > 0),
    last_seq        bigint      NOT NULL CHECK (last_seq >= 0),
    last_rev        bigint      NOT NULL CHECK (last_rev >= rev),
    deleted_at      timestamptz,
    CONSTRAINT rooms_direct_have_a_pair CHECK (
        (kind = 'direct') = (low IS NOT NULL) AND (kind = 'direct') = (high IS NOT NULL)
    ),
    CONSTRAINT rooms_pair_is_ordered CHECK (low < high),
    CONSTRAINT rooms_direct_are_nameless CHECK (
        (kind = 'direct') = (name IS NULL) AND (name IS NULL) = (name_key IS NULL)
    )
) WITH (fillfactor = 50);

CREATE UNIQUE INDEX rooms_by_pair ON rooms (low, high) WHERE low IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX rooms_by_name ON rooms (name_key, created_at, id) WHERE kind = 'public' AND deleted_at IS NULL;
CREATE INDEX rooms_public ON rooms (id) WHERE kind = 'public' AND deleted_at IS NULL;
CREATE INDEX rooms_to_clear ON rooms (deleted_at) WHERE deleted_at IS NOT NULL;

-- The row of a former member stays as a tombstone. Cursors are updated often and, like a room's counters, are
-- not indexed.
CREATE TABLE memberships (
    room_id        uuid        NOT NULL REFERENCES rooms (id),
    user_id        uuid        NOT NULL REFERENCES users (id),
    role           text        NOT NULL CHECK (role IN ('member', 'admin', 'owner')),
    joined_at      timestamptz NOT NULL,
    left_at        timestamptz,
    from_seq       bigint      NOT NULL CHECK (from_seq >= 0),
    rev            bigint      NOT NULL CHECK (rev > 0),
    read_seq       bigint      NOT NULL CHECK (read_seq >= 0),
    delivered_seq  bigint      NOT NULL,
    silenced_until timestamptz,
    muted          boolean     NOT NULL,
    muted_until    timestamptz,
    PRIMARY KEY (room_id, user_id),
    CONSTRAINT memberships_read_is_delivered CHECK (delivered_seq >= read_seq),
    CONSTRAINT memberships_muted_until CHECK (muted OR muted_until IS NULL)
) WITH (fillfactor = 70);

CREATE UNIQUE INDEX memberships_by_rev ON memberships (room_id, rev);
CREATE INDEX memberships_by_user ON memberships (user_id, room_id) WHERE left_at IS NULL;
-- So that listing members skips former ones, and reads no more of a large room than the page that it returns.
CREATE INDEX memberships_living ON memberships (room_id, user_id) WHERE left_at IS NULL;

CREATE TABLE bans (
    room_id uuid        NOT NULL REFERENCES rooms (id),
    user_id uuid        NOT NULL REFERENCES users (id),
    at      timestamptz NOT NULL,
    by_id   uuid        NOT NULL,
    PRIMARY KEY (room_id, user_id)
);

CREATE TABLE invites (
    code       text        COLLATE "C" PRIMARY KEY,
    room_id    uuid        NOT NULL REFERENCES rooms (id),
    created_by uuid        NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    max_uses   bigint,
    uses       bigint      NOT NULL CHECK (uses >= 0),
    revoked_at timestamptz
);

CREATE INDEX invites_by_room ON invites (room_id, created_at);

-- Messages -------------------------------------------------------------------------------------

-- Mentions are in the order in which the text names users. `words` are those that the domain finds in the
-- text, plus one that identifies the room, so that a search in a few rooms does not read the hits in all
-- rooms.
CREATE TABLE messages (
    room_id     uuid        NOT NULL REFERENCES rooms (id),
    seq         bigint      NOT NULL CHECK (seq > 0),
    rev         bigint      NOT NULL CHECK (rev > 0),
    id          uuid        NOT NULL,
    sender_id   uuid        NOT NULL REFERENCES users (id),
    body        text,
    client_id   uuid,
    reply_to    uuid,
    thread      uuid,
    reply_count bigint      NOT NULL CHECK (reply_count >= 0),
    mentions    uuid[]      NOT NULL,
    created_at  timestamptz NOT NULL,
    edited_at   timestamptz,
    deleted_at  timestamptz,
    pinned_at   timestamptz,
    words       text[]      COLLATE "C" NOT NULL,
    PRIMARY KEY (room_id, seq),
    CONSTRAINT messages_tombstones_are_empty CHECK ((body IS NULL) = (deleted_at IS NOT NULL))
);

CREATE UNIQUE INDEX messages_by_rev ON messages (room_id, rev);
CREATE UNIQUE INDEX messages_by_id ON messages (id, room_id);
CREATE INDEX messages_by_thread ON messages (room_id, thread, seq) WHERE thread IS NOT NULL;
CREATE INDEX messages_pinned ON messages (room_id, seq) WHERE pinned_at IS NOT NULL;
CREATE INDEX messages_by_word ON messages USING gin (words) WITH (gin_pending_list_limit = 1024);

-- The client ids of messages, unique across all rooms, with a fingerprint of what was first sent under each.
-- A separate table rather than an index on messages, which would have to span all rooms. There is no foreign
-- key to the sender, because the message that is inserted with the row has one; checking it twice took an
-- eighth of the cost of a message.
CREATE TABLE client_ids (
    sender_id   uuid   NOT NULL,
    client_id   uuid   NOT NULL,
    room_id     uuid   NOT NULL,
    seq         bigint NOT NULL,
    fingerprint bytea  NOT NULL CHECK (length(fingerprint) = 32),
    PRIMARY KEY (sender_id, client_id)
);

-- `num` records the order of first use.
CREATE TABLE reactions (
    room_id uuid   NOT NULL,
    seq     bigint NOT NULL,
    emoji   text   COLLATE "C" NOT NULL,
    user_id uuid   NOT NULL REFERENCES users (id),
    num     bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY,
    PRIMARY KEY (room_id, seq, emoji, user_id),
    FOREIGN KEY (room_id, seq) REFERENCES messages (room_id, seq)
);

-- A copy of messages' mentions, so that a user's unread mentions are counted in a single index.
CREATE TABLE mentions (
    user_id uuid   NOT NULL REFERENCES users (id),
    room_id uuid   NOT NULL,
    seq     bigint NOT NULL,
    PRIMARY KEY (user_id, room_id, seq),
    FOREIGN KEY (room_id, seq) REFERENCES messages (room_id, seq)
);

CREATE INDEX mentions_by_message ON mentions (room_id, seq);

-- An upload outlives its room until its bytes are deleted, so `room_id` by itself is no foreign key.
-- `attached` stays set after the message is deleted: an upload can be attached only once.
CREATE TABLE media (
    id           uuid        PRIMARY KEY,
    room_id      uuid,
    owner_id     uuid        NOT NULL REFERENCES users (id),
    file_name    text        NOT NULL,
    content_type text        NOT NULL,
    size         bigint      NOT NULL CHECK (size >= 0),
    width        integer,
    height       integer,
    thumbnail    boolean     NOT NULL,
    status       text        NOT NULL CHECK (status IN ('processing', 'ready', 'rejected')),
    created_at   timestamptz NOT NULL,
    attached     boolean     NOT NULL,
    seq          bigint,
    place        bigint      NOT NULL,
    CONSTRAINT media_has_both_sides CHECK ((width IS NULL) = (height IS NULL)),
    CONSTRAINT media_hangs_in_a_room CHECK (seq IS NULL OR room_id IS NOT NULL),
    FOREIGN KEY (room_id, seq) REFERENCES messages (room_id, seq)
);

CREATE INDEX media_by_owner ON media (owner_id);
CREATE INDEX media_by_message ON media (room_id, seq, place) WHERE seq IS NOT NULL;
CREATE INDEX media_loose ON media (created_at, id) WHERE seq IS NULL;

-- Jobs -----------------------------------------------------------------------------------------

-- `num` records the order in which events were stored. Within a room it is exact even under concurrency,
-- because events are stored under the room's lock. Rows are inserted and deleted all the time, so vacuuming
-- starts after a fixed number of dead rows, whatever the size of the table.
CREATE TABLE outbox (
    lane    integer     NOT NULL,
    num     bigint      NOT NULL GENERATED BY DEFAULT AS IDENTITY,
    id      uuid        NOT NULL UNIQUE,
    at      timestamptz NOT NULL,
    room_id uuid,
    topic   text        NOT NULL,
    subject uuid,
    PRIMARY KEY (lane, num)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE TABLE outbox_lanes (
    lane   integer     PRIMARY KEY,
    holder uuid        NOT NULL,
    until  timestamptz NOT NULL
);

CREATE TABLE outbox_parked (
    num     bigint      GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    id      uuid        NOT NULL UNIQUE,
    lane    integer     NOT NULL,
    at      timestamptz NOT NULL,
    room_id uuid,
    topic   text        NOT NULL,
    subject uuid,
    reason  text        NOT NULL
);
