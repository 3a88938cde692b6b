-- How to reach a signed-in device that has no connection. An endpoint identifies one browser, and belongs to
-- the session that last registered it.
CREATE TABLE push_subscriptions (
    session    BLOB    NOT NULL PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    endpoint   TEXT    NOT NULL UNIQUE,
    point      BLOB    NOT NULL CHECK (length(point) = 65),
    secret     BLOB    NOT NULL CHECK (length(secret) = 16),
    expires_at INTEGER
) STRICT, WITHOUT ROWID;

-- Whatever ends a session also deletes its subscription, without having to know of it.
CREATE TRIGGER push_subscriptions_end AFTER UPDATE OF ended_at ON sessions WHEN new.ended_at IS NOT NULL
BEGIN
    DELETE FROM push_subscriptions WHERE session = new.id;
END;
