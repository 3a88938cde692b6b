-- The SHA-256 of an upload's bytes, by which clients recognise a file that they already have. No uploads
-- existed before this column: the default is only there because SQLite requires one.
ALTER TABLE media ADD COLUMN digest BLOB NOT NULL
    DEFAULT x'0000000000000000000000000000000000000000000000000000000000000000'
    CHECK (length(digest) = 32);
