-- The SHA-256 of an upload's bytes, by which clients recognise a file that they already have. No uploads
-- existed before this column; inserts of the previous release still succeed.
ALTER TABLE media ADD COLUMN digest bytea NOT NULL
    DEFAULT decode(repeat('00', 32), 'hex')
    CONSTRAINT media_digest_is_sha256 CHECK (length(digest) = 32);
