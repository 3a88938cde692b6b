-- The SHA-256 of an upload's bytes, which names them to whoever has them already. Nobody could upload
-- anything before there was this column: the default is there for SQLite, which wants one.
ALTER TABLE media ADD COLUMN digest BLOB NOT NULL
    DEFAULT x'0000000000000000000000000000000000000000000000000000000000000000'
    CHECK (length(digest) = 32);
