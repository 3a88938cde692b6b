-- The SHA-256 of an upload's bytes, which names them to whoever has them already. Nobody could upload
-- anything before there was this column; a server of the release before still finds its inserts whole.
ALTER TABLE media ADD COLUMN digest bytea NOT NULL
    DEFAULT decode(repeat('00', 32), 'hex')
    CONSTRAINT media_digest_is_sha256 CHECK (length(digest) = 32);
