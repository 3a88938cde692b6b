-- Webhooks: other systems to which events are delivered. There are few of them, and the node that delivers to
-- one holds a lease on it.
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

-- Pending deliveries, and for a while the outcome of past ones. Only pending ones are due. The room and the
-- subject may have been deleted.
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
