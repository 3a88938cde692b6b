-- Events that could not be processed are parked per queue that gave up on them, possibly for several. Nothing
-- was ever parked before, because nothing read the outbox: the table is created anew.
DROP TABLE outbox_parked;

CREATE TABLE outbox_parked (
    num     INTEGER NOT NULL PRIMARY KEY,
    queue   TEXT    NOT NULL CHECK (queue IN ('messages.queue', 'notifications.queue', 'media.queue')),
    id      BLOB    NOT NULL CHECK (length(id) = 16),
    lane    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    room    BLOB    CHECK (length(room) = 16),
    topic   TEXT    NOT NULL,
    subject BLOB    CHECK (length(subject) = 16),
    reason  TEXT    NOT NULL,
    UNIQUE (queue, id)
) STRICT;

CREATE INDEX outbox_parked_by_queue ON outbox_parked (queue, num);
