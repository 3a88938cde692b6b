DROP TABLE outbox_parked;

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
