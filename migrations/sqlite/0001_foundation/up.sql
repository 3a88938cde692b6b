-- Ids are 16-byte blobs, times are milliseconds since 1970, enumerations are text.
-- Tables that are mostly accessed by their primary key have no rowid.

-- Metadata of the store. The epoch identifies this incarnation of it.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta (key, value) VALUES ('epoch', lower(hex(randomblob(16))));

-- People ---------------------------------------------------------------------------------------

-- An erased account keeps its id and an anonymous username without a key, so that it reserves no name.
CREATE TABLE users (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    username     TEXT    NOT NULL,
    username_key TEXT    UNIQUE,
    display_name TEXT    NOT NULL,
    email        TEXT    UNIQUE,
    bio          TEXT,
    avatar       BLOB    CHECK (length(avatar) = 16),
    password     TEXT,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER,
    erased_at    INTEGER,
    CHECK ((erased_at IS NULL) = (username_key IS NOT NULL)),
    CHECK ((erased_at IS NULL) = (email IS NOT NULL)),
    CHECK ((erased_at IS NULL) = (password IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX users_by_avatar ON users (avatar) WHERE avatar IS NOT NULL;

-- Each username and display name, starting from each of its words, so that a prefix search is a range scan.
CREATE TABLE name_starts (
    start TEXT NOT NULL,
    user  BLOB NOT NULL REFERENCES users (id),
    PRIMARY KEY (start, user)
) STRICT, WITHOUT ROWID;

CREATE INDEX name_starts_by_user ON name_starts (user);

CREATE TABLE blocks (
    blocker BLOB    NOT NULL REFERENCES users (id),
    blocked BLOB    NOT NULL REFERENCES users (id),
    at      INTEGER NOT NULL,
    PRIMARY KEY (blocker, blocked)
) STRICT, WITHOUT ROWID;

CREATE TABLE profiles (
    user     BLOB NOT NULL PRIMARY KEY CHECK (length(user) = 16),
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Sessions -------------------------------------------------------------------------------------

CREATE TABLE sessions (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user         BLOB    NOT NULL CHECK (length(user) = 16),
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    ip           TEXT,
    user_agent   TEXT    NOT NULL,
    ended_at     INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Every spent digest is kept as long as its session, so that a stolen token is recognised however old it is.
CREATE TABLE refresh_tokens (
    digest      BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    session     BLOB    NOT NULL REFERENCES sessions (id),
    spent_at    INTEGER,
    replaced_by BLOB    CHECK (length(replaced_by) = 32),
    CHECK ((spent_at IS NULL) = (replaced_by IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session);

-- Rooms ----------------------------------------------------------------------------------------

CREATE TABLE rooms (
    id              BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind            TEXT    NOT NULL CHECK (kind IN ('public', 'private', 'direct')),
    low             BLOB    CHECK (length(low) = 16),
    high            BLOB    CHECK (length(high) = 16),
    name            TEXT,
    name_key        TEXT,
    description     TEXT,
    owner           BLOB    CHECK (length(owner) = 16),
    history         TEXT    NOT NULL CHECK (history IN ('all', 'joined')),
    standing_invite TEXT,
    member_count    INTEGER NOT NULL CHECK (member_count >= 0),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    active_at       INTEGER NOT NULL,
    rev             INTEGER NOT NULL,
    last_seq        INTEGER NOT NULL,
    last_rev        INTEGER NOT NULL,
    deleted_at      INTEGER,
    CHECK ((kind = 'direct') = (low IS NOT NULL)),
    CHECK ((kind = 'direct') = (high IS NOT NULL)),
    CHECK ((kind = 'direct') = (name IS NULL)),
    CHECK ((name IS NULL) = (name_key IS NULL)),
    CHECK (low < high)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX rooms_by_pair ON rooms (low, high) WHERE low IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX rooms_by_name ON rooms (name_key, created_at) WHERE deleted_at IS NULL;
CREATE INDEX rooms_by_kind ON rooms (kind, id) WHERE deleted_at IS NULL;
CREATE INDEX rooms_to_clear ON rooms (deleted_at) WHERE deleted_at IS NOT NULL;

-- The row of a former member stays as a tombstone.
CREATE TABLE memberships (
    room           BLOB    NOT NULL REFERENCES rooms (id),
    user           BLOB    NOT NULL REFERENCES users (id),
    role           TEXT    NOT NULL CHECK (role IN ('member', 'admin', 'owner')),
    joined_at      INTEGER NOT NULL,
    left_at        INTEGER,
    from_seq       INTEGER NOT NULL,
    rev            INTEGER NOT NULL,
    read_seq       INTEGER NOT NULL,
    delivered_seq  INTEGER NOT NULL,
    silenced_until INTEGER,
    muted          INTEGER NOT NULL CHECK (muted IN (0, 1)),
    muted_until    INTEGER,
    PRIMARY KEY (room, user),
    CHECK (delivered_seq >= read_seq),
    CHECK (muted = 1 OR muted_until IS NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX memberships_by_rev ON memberships (room, rev);
CREATE INDEX memberships_by_user ON memberships (user, room) WHERE left_at IS NULL;

CREATE TABLE bans (
    room BLOB    NOT NULL REFERENCES rooms (id),
    user BLOB    NOT NULL REFERENCES users (id),
    at   INTEGER NOT NULL,
    by   BLOB    NOT NULL CHECK (length(by) = 16),
    PRIMARY KEY (room, user)
) STRICT, WITHOUT ROWID;

CREATE TABLE invites (
    code       TEXT    NOT NULL PRIMARY KEY,
    room       BLOB    NOT NULL REFERENCES rooms (id),
    created_by BLOB    NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    max_uses   INTEGER,
    uses       INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX invites_by_room ON invites (room, created_at);

-- Messages -------------------------------------------------------------------------------------

-- `num` identifies a message within this database only: the text index and the small tables below refer to
-- it, because an integer is smaller than an id.
CREATE TABLE messages (
    num         INTEGER NOT NULL PRIMARY KEY,
    id          BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    room        BLOB    NOT NULL REFERENCES rooms (id),
    seq         INTEGER NOT NULL CHECK (seq > 0),
    rev         INTEGER NOT NULL CHECK (rev > 0),
    sender      BLOB    NOT NULL REFERENCES users (id),
    body        TEXT,
    client_id   BLOB    CHECK (length(client_id) = 16),
    fingerprint BLOB    CHECK (length(fingerprint) = 32),
    reply_to    BLOB    CHECK (length(reply_to) = 16),
    thread      BLOB    CHECK (length(thread) = 16),
    reply_count INTEGER NOT NULL CHECK (reply_count >= 0),
    created_at  INTEGER NOT NULL,
    edited_at   INTEGER,
    deleted_at  INTEGER,
    pinned_at   INTEGER,
    CHECK ((body IS NULL) = (deleted_at IS NOT NULL)),
    CHECK ((client_id IS NULL) = (fingerprint IS NULL))
) STRICT;

CREATE UNIQUE INDEX messages_by_seq ON messages (room, seq);
CREATE UNIQUE INDEX messages_by_rev ON messages (room, rev);
-- The client id comes first, because a batch looks up many of them in one statement.
CREATE UNIQUE INDEX messages_by_client ON messages (client_id, sender) WHERE client_id IS NOT NULL;
CREATE INDEX messages_by_thread ON messages (thread, seq) WHERE thread IS NOT NULL;
CREATE INDEX messages_pinned ON messages (room, seq) WHERE pinned_at IS NOT NULL;

-- The words of a message as the domain splits them, and its room as an additional word. `ascii` splits only
-- at the spaces between them, so the index and the domain always agree.
CREATE VIRTUAL TABLE message_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- `num` records the order of first use.
CREATE TABLE reactions (
    num     INTEGER NOT NULL PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES messages (num),
    emoji   TEXT    NOT NULL,
    user    BLOB    NOT NULL CHECK (length(user) = 16)
) STRICT;

CREATE UNIQUE INDEX reactions_by_message ON reactions (message, emoji, user);

-- Room and seq are repeated here, so that unread mentions are counted in a single index.
CREATE TABLE mentions (
    message INTEGER NOT NULL REFERENCES messages (num),
    place   INTEGER NOT NULL,
    user    BLOB    NOT NULL CHECK (length(user) = 16),
    room    BLOB    NOT NULL CHECK (length(room) = 16),
    seq     INTEGER NOT NULL,
    PRIMARY KEY (message, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX mentions_by_user ON mentions (user, room, seq);

-- An upload outlives its room until its bytes are deleted, so `room` is no foreign key.
-- `attached` stays set after the message is deleted: an upload can be attached only once.
CREATE TABLE media (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    room         BLOB    CHECK (length(room) = 16),
    owner        BLOB    NOT NULL REFERENCES users (id),
    file_name    TEXT    NOT NULL,
    content_type TEXT    NOT NULL,
    size         INTEGER NOT NULL CHECK (size >= 0),
    width        INTEGER,
    height       INTEGER,
    thumbnail    INTEGER NOT NULL CHECK (thumbnail IN (0, 1)),
    status       TEXT    NOT NULL CHECK (status IN ('processing', 'ready', 'rejected')),
    created_at   INTEGER NOT NULL,
    attached     INTEGER NOT NULL CHECK (attached IN (0, 1)),
    message      INTEGER REFERENCES messages (num),
    place        INTEGER NOT NULL,
    CHECK ((width IS NULL) = (height IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX media_by_owner ON media (owner);
CREATE INDEX media_by_message ON media (message, place) WHERE message IS NOT NULL;
CREATE INDEX media_loose ON media (created_at) WHERE message IS NULL;

-- Jobs -----------------------------------------------------------------------------------------

-- `num` records the order in which events were stored.
CREATE TABLE outbox (
    num     INTEGER NOT NULL PRIMARY KEY,
    id      BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    lane    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    room    BLOB    CHECK (length(room) = 16),
    topic   TEXT    NOT NULL,
    subject BLOB    CHECK (length(subject) = 16)
) STRICT;

CREATE INDEX outbox_by_lane ON outbox (lane, num);

CREATE TABLE outbox_lanes (
    lane   INTEGER NOT NULL PRIMARY KEY,
    holder BLOB    NOT NULL CHECK (length(holder) = 16),
    until  INTEGER NOT NULL
) STRICT;

CREATE TABLE outbox_parked (
    num     INTEGER NOT NULL PRIMARY KEY,
    id      BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    lane    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    room    BLOB    CHECK (length(room) = 16),
    topic   TEXT    NOT NULL,
    subject BLOB    CHECK (length(subject) = 16),
    reason  TEXT    NOT NULL
) STRICT;
