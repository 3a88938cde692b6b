-- Other systems that are told what happens. There are few of them, and whoever tells one holds it.
CREATE TABLE webhooks (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    url           TEXT    NOT NULL,
    topics        TEXT    NOT NULL,
    room          BLOB    CHECK (length(room) = 16),
    secret        BLOB    NOT NULL CHECK (length(secret) = 32),
    enabled       INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    failing_since INTEGER,
    holder        BLOB    CHECK (length(holder) = 16),
    held_until    INTEGER
) STRICT;

-- What they are to be told, and for a while what became of it. Only what is to be told is due. Neither the
-- room nor the subject need be there any more.
CREATE TABLE webhook_deliveries (
    num      INTEGER NOT NULL PRIMARY KEY,
    webhook  BLOB    NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event    BLOB    NOT NULL CHECK (length(event) = 16),
    at       INTEGER NOT NULL,
    room     BLOB    CHECK (length(room) = 16),
    topic    TEXT    NOT NULL,
    subject  BLOB    CHECK (length(subject) = 16),
    state    TEXT    NOT NULL CHECK (state IN ('pending', 'delivered', 'dead', 'dropped')),
    tries    INTEGER NOT NULL,
    due_at   INTEGER,
    tried_at INTEGER,
    status   INTEGER,
    error    TEXT,
    UNIQUE (webhook, event),
    CHECK ((state = 'pending') = (due_at IS NOT NULL))
) STRICT;

CREATE INDEX webhook_deliveries_by_due ON webhook_deliveries (webhook, due_at, num);
CREATE INDEX webhook_deliveries_by_state ON webhook_deliveries (webhook, state, num);
CREATE INDEX webhook_deliveries_by_num ON webhook_deliveries (webhook, num);
