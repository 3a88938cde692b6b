-- How Postgres executes the most frequent statements on a database that fill.sql has filled.
-- The statements are those that the adapter's tests capture; see docs/data.md.

\set ON_ERROR_STOP on
\pset format unaligned
\pset tuples_only on
SET enable_seqscan = off;
SET jit = off;
SELECT id AS me FROM users WHERE username_key = 'person3' \gset
SELECT id AS big FROM rooms WHERE name_key = 'room 1' \gset
SELECT id AS other FROM rooms WHERE name_key = 'room 2' \gset
SELECT id AS message, sender_id AS sender, client_id AS client FROM messages
    WHERE room_id = :'big' AND seq = 123456 \gset
SELECT array_agg(room_id) AS rooms FROM memberships WHERE user_id = :'me' \gset
SELECT array_agg(room_id) AS pair_rooms, array_agg(user_id) AS pair_users
    FROM (SELECT room_id, user_id FROM memberships ORDER BY user_id, room_id LIMIT 1000) AS seats \gset
SELECT array_agg('§' || replace(room_id::text, '-', '')) AS marks FROM memberships WHERE user_id = :'sender' \gset
SELECT array_agg(id) AS events FROM (SELECT id FROM outbox WHERE lane = 3 ORDER BY num LIMIT 100) AS oldest \gset

\echo
\echo '## Appending: lock the rooms, and learn where they stand'
SET plan_cache_mode = force_generic_plan;
PREPARE asked (uuid[]) AS
    SELECT "rooms"."id", "rooms"."last_seq", "rooms"."last_rev", "rooms"."active_at" FROM "rooms" WHERE
    (("rooms"."id" = ANY($1)) AND ("rooms"."deleted_at" IS NULL)) ORDER BY "rooms"."id" FOR NO KEY UPDATE;
BEGIN;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'big', :'other']::uuid[]);
ROLLBACK;
DEALLOCATE asked;

\echo
\echo '## Appending: what was sent before under these client ids'
PREPARE asked (uuid[], uuid[]) AS
    SELECT client_ids.sender_id, client_ids.client_id, messages.id, client_ids.fingerprint FROM unnest($1, $2)
    AS asked (sender_id, client_id) JOIN client_ids USING (sender_id, client_id) JOIN messages ON
    messages.room_id = client_ids.room_id AND messages.seq = client_ids.seq JOIN rooms ON rooms.id =
    client_ids.room_id AND rooms.deleted_at IS NULL;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'sender']::uuid[], ARRAY[:'client']::uuid[]);
DEALLOCATE asked;

\echo
\echo '## Appending: the messages'
PREPARE asked (uuid[], bigint[], bigint[], uuid[], uuid[], text[], uuid[], uuid[], uuid[], bigint[], text[], timestamptz[], text[]) AS
    INSERT INTO messages (room_id, seq, rev, id, sender_id, body, client_id, reply_to, thread, reply_count,
    mentions, created_at, words) SELECT room_id, seq, rev, id, sender_id, body, client_id, reply_to, thread,
    reply_count, mentions::uuid[], created_at, string_to_array(words, ' ') FROM unnest($1, $2, $3, $4, $5, $6, $7,
    $8, $9, $10, $11, $12, $13) AS new (room_id, seq, rev, id, sender_id, body, client_id, reply_to, thread,
    reply_count, mentions, created_at, words);
BEGIN;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'big', :'big']::uuid[], ARRAY[1000001, 1000002], ARRAY[2000001,
    2000002], ARRAY[gen_random_uuid(), gen_random_uuid()], ARRAY[:'me', :'me']::uuid[], ARRAY['one', 'two'],
    ARRAY[gen_random_uuid(), gen_random_uuid()], ARRAY[NULL, NULL]::uuid[], ARRAY[NULL, NULL]::uuid[], ARRAY[0,
    0], ARRAY['{}', '{}'], ARRAY[now(), now()], ARRAY['one', 'two']);
ROLLBACK;
DEALLOCATE asked;

\echo
\echo '## Appending: their client ids'
PREPARE asked (uuid[], uuid[], uuid[], bigint[], bytea[]) AS
    INSERT INTO client_ids (sender_id, client_id, room_id, seq, fingerprint) SELECT sender_id, client_id,
    room_id, seq, fingerprint FROM unnest($1, $2, $3, $4, $5) AS new (sender_id, client_id, room_id, seq,
    fingerprint) ON CONFLICT (sender_id, client_id) DO UPDATE SET room_id = excluded.room_id, seq =
    excluded.seq, fingerprint = excluded.fingerprint WHERE NOT EXISTS (SELECT FROM rooms WHERE rooms.id =
    client_ids.room_id AND rooms.deleted_at IS NULL);
BEGIN;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'me']::uuid[], ARRAY[gen_random_uuid()], ARRAY[:'big']::uuid[],
    ARRAY[1000000], ARRAY[sha256('one')]);
ROLLBACK;
DEALLOCATE asked;

\echo
\echo '## Appending: the room''s new place'
PREPARE asked (uuid[], bigint[], bigint[], timestamptz[]) AS
    UPDATE rooms SET last_seq = new.last_seq, last_rev = new.last_rev, active_at = new.active_at FROM unnest($1,
    $2, $3, $4) AS new (id, last_seq, last_rev, active_at) WHERE rooms.id = new.id;
BEGIN;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'big']::uuid[], ARRAY[1000002], ARRAY[2000002], ARRAY[now()]);
ROLLBACK;
DEALLOCATE asked;

\echo
\echo '## Appending: the senders'' cursors'
PREPARE asked (uuid[], uuid[], bigint[]) AS
    UPDATE memberships SET read_seq = new.seq, delivered_seq = new.seq FROM unnest($1, $2, $3) AS new (room_id,
    user_id, seq) WHERE memberships.room_id = new.room_id AND memberships.user_id = new.user_id AND
    memberships.left_at IS NULL AND memberships.read_seq < new.seq;
BEGIN;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'big']::uuid[], ARRAY[:'me']::uuid[], ARRAY[1000000]);
ROLLBACK;
DEALLOCATE asked;

\echo
\echo '## Appending: whom they mention'
PREPARE asked (uuid[], uuid[], bigint[]) AS
    INSERT INTO mentions (user_id, room_id, seq) SELECT user_id, room_id, seq FROM unnest($1, $2, $3) AS new
    (user_id, room_id, seq) ON CONFLICT DO NOTHING;
BEGIN;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'me']::uuid[], ARRAY[:'big']::uuid[], ARRAY[999999]);
ROLLBACK;
DEALLOCATE asked;

\echo
\echo '## Appending: the events'
PREPARE asked (uuid[], int[], timestamptz[], uuid[], text[], uuid[]) AS
    INSERT INTO outbox (id, lane, at, room_id, topic, subject) SELECT id, lane, at, room_id, topic, subject FROM
    unnest($1, $2, $3, $4, $5, $6) AS new (id, lane, at, room_id, topic, subject) ON CONFLICT DO NOTHING;
BEGIN;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[gen_random_uuid()], ARRAY[3], ARRAY[now()],
    ARRAY[:'big']::uuid[], ARRAY['message.created'], ARRAY[gen_random_uuid()]);
ROLLBACK;
DEALLOCATE asked;

\echo
\echo '## A room''s newest page'
PREPARE asked AS
    SELECT "messages"."id", "messages"."room_id", "messages"."seq", "messages"."rev", "messages"."sender_id",
    "messages"."body", "messages"."client_id", "messages"."reply_to", "messages"."thread",
    "messages"."reply_count", "messages"."mentions", "messages"."created_at", "messages"."edited_at",
    "messages"."deleted_at", "messages"."pinned_at", ARRAY(SELECT ROW("media"."id", "media"."room_id",
    "media"."owner_id", "media"."file_name", "media"."content_type", "media"."size", "media"."width",
    "media"."height", "media"."thumbnail", "media"."status", "media"."created_at", "media"."attached",
    "media"."seq", "media"."place") FROM media WHERE media.room_id = messages.room_id AND media.seq =
    messages.seq ORDER BY media.place), ARRAY(SELECT ROW(reactions.emoji, count(*),
    coalesce(array_agg(reactions.user_id) FILTER (WHERE reactions.user_id = ANY($1)), '{}')) FROM reactions
    WHERE reactions.room_id = messages.room_id AND reactions.seq = messages.seq GROUP BY reactions.emoji ORDER
    BY min(reactions.num)) FROM ("messages" INNER JOIN "rooms" ON ("messages"."room_id" = "rooms"."id")) WHERE
    (((("rooms"."deleted_at" IS NULL) AND ("messages"."room_id" = $2)) AND ("messages"."seq" > $3)) AND
    ("messages"."seq" <= $4)) ORDER BY "messages"."seq" DESC LIMIT $5;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'me']::uuid[], :'big', 0, 9223372036854775807, 50);
DEALLOCATE asked;

\echo
\echo '## A page in the middle of the log'
PREPARE asked AS
    SELECT "messages"."id", "messages"."room_id", "messages"."seq", "messages"."rev", "messages"."sender_id",
    "messages"."body", "messages"."client_id", "messages"."reply_to", "messages"."thread",
    "messages"."reply_count", "messages"."mentions", "messages"."created_at", "messages"."edited_at",
    "messages"."deleted_at", "messages"."pinned_at", ARRAY(SELECT ROW("media"."id", "media"."room_id",
    "media"."owner_id", "media"."file_name", "media"."content_type", "media"."size", "media"."width",
    "media"."height", "media"."thumbnail", "media"."status", "media"."created_at", "media"."attached",
    "media"."seq", "media"."place") FROM media WHERE media.room_id = messages.room_id AND media.seq =
    messages.seq ORDER BY media.place), ARRAY(SELECT ROW(reactions.emoji, count(*),
    coalesce(array_agg(reactions.user_id) FILTER (WHERE reactions.user_id = ANY($1)), '{}')) FROM reactions
    WHERE reactions.room_id = messages.room_id AND reactions.seq = messages.seq GROUP BY reactions.emoji ORDER
    BY min(reactions.num)) FROM ("messages" INNER JOIN "rooms" ON ("messages"."room_id" = "rooms"."id")) WHERE
    (((("rooms"."deleted_at" IS NULL) AND ("messages"."room_id" = $2)) AND ("messages"."seq" > $3)) AND
    ("messages"."seq" <= $4)) ORDER BY "messages"."seq" DESC LIMIT $5;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'me']::uuid[], :'big', 0, 500000, 50);
DEALLOCATE asked;

\echo
\echo '## What was said after a place'
PREPARE asked AS
    SELECT "messages"."id", "messages"."room_id", "messages"."seq", "messages"."rev", "messages"."sender_id",
    "messages"."body", "messages"."client_id", "messages"."reply_to", "messages"."thread",
    "messages"."reply_count", "messages"."mentions", "messages"."created_at", "messages"."edited_at",
    "messages"."deleted_at", "messages"."pinned_at", ARRAY(SELECT ROW("media"."id", "media"."room_id",
    "media"."owner_id", "media"."file_name", "media"."content_type", "media"."size", "media"."width",
    "media"."height", "media"."thumbnail", "media"."status", "media"."created_at", "media"."attached",
    "media"."seq", "media"."place") FROM media WHERE media.room_id = messages.room_id AND media.seq =
    messages.seq ORDER BY media.place), ARRAY(SELECT ROW(reactions.emoji, count(*),
    coalesce(array_agg(reactions.user_id) FILTER (WHERE reactions.user_id = ANY($1)), '{}')) FROM reactions
    WHERE reactions.room_id = messages.room_id AND reactions.seq = messages.seq GROUP BY reactions.emoji ORDER
    BY min(reactions.num)) FROM ("messages" INNER JOIN "rooms" ON ("messages"."room_id" = "rooms"."id")) WHERE
    (((("rooms"."deleted_at" IS NULL) AND ("messages"."room_id" = $2)) AND ("messages"."seq" > $3)) AND
    ("messages"."seq" <= $4)) ORDER BY "messages"."seq" ASC LIMIT $5;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'me']::uuid[], :'big', 999900, 9223372036854775807, 50);
DEALLOCATE asked;

\echo
\echo '## Pinned messages'
PREPARE asked AS
    SELECT "messages"."id", "messages"."room_id", "messages"."seq", "messages"."rev", "messages"."sender_id",
    "messages"."body", "messages"."client_id", "messages"."reply_to", "messages"."thread",
    "messages"."reply_count", "messages"."mentions", "messages"."created_at", "messages"."edited_at",
    "messages"."deleted_at", "messages"."pinned_at", ARRAY(SELECT ROW("media"."id", "media"."room_id",
    "media"."owner_id", "media"."file_name", "media"."content_type", "media"."size", "media"."width",
    "media"."height", "media"."thumbnail", "media"."status", "media"."created_at", "media"."attached",
    "media"."seq", "media"."place") FROM media WHERE media.room_id = messages.room_id AND media.seq =
    messages.seq ORDER BY media.place), ARRAY(SELECT ROW(reactions.emoji, count(*),
    coalesce(array_agg(reactions.user_id) FILTER (WHERE reactions.user_id = ANY($1)), '{}')) FROM reactions
    WHERE reactions.room_id = messages.room_id AND reactions.seq = messages.seq GROUP BY reactions.emoji ORDER
    BY min(reactions.num)) FROM ("messages" INNER JOIN "rooms" ON ("messages"."room_id" = "rooms"."id")) WHERE
    ((((("rooms"."deleted_at" IS NULL) AND ("messages"."room_id" = $2)) AND ("messages"."seq" > $3)) AND
    ("messages"."seq" <= $4)) AND ("messages"."pinned_at" IS NOT NULL)) ORDER BY "messages"."seq" DESC LIMIT $5;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'me']::uuid[], :'big', 0, 9223372036854775807, 50);
DEALLOCATE asked;

\echo
\echo '## What mentions somebody, up to a place'
PREPARE asked AS
    SELECT "messages"."id", "messages"."room_id", "messages"."seq", "messages"."rev", "messages"."sender_id",
    "messages"."body", "messages"."client_id", "messages"."reply_to", "messages"."thread",
    "messages"."reply_count", "messages"."mentions", "messages"."created_at", "messages"."edited_at",
    "messages"."deleted_at", "messages"."pinned_at", ARRAY(SELECT ROW("media"."id", "media"."room_id",
    "media"."owner_id", "media"."file_name", "media"."content_type", "media"."size", "media"."width",
    "media"."height", "media"."thumbnail", "media"."status", "media"."created_at", "media"."attached",
    "media"."seq", "media"."place") FROM media WHERE media.room_id = messages.room_id AND media.seq =
    messages.seq ORDER BY media.place), ARRAY(SELECT ROW(reactions.emoji, count(*),
    coalesce(array_agg(reactions.user_id) FILTER (WHERE reactions.user_id = ANY($1)), '{}')) FROM reactions
    WHERE reactions.room_id = messages.room_id AND reactions.seq = messages.seq GROUP BY reactions.emoji ORDER
    BY min(reactions.num)) FROM ("messages" INNER JOIN "rooms" ON ("messages"."room_id" = "rooms"."id")) WHERE
    ((("rooms"."deleted_at" IS NULL) AND ("messages"."room_id" = $2)) AND ("messages"."seq" = ANY(SELECT
    "mentions"."seq" FROM "mentions" WHERE (((("mentions"."user_id" = $3) AND ("mentions"."room_id" = $4)) AND
    ("mentions"."seq" > $5)) AND ("mentions"."seq" <= $6)) ORDER BY "mentions"."seq" DESC LIMIT $7))) ORDER BY
    "messages"."seq" ASC;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'me']::uuid[], :'big', :'me', :'big', 0, 999800, 20);
DEALLOCATE asked;

\echo
\echo '## A thread'
PREPARE asked AS
    SELECT "messages"."id", "messages"."room_id", "messages"."seq", "messages"."rev", "messages"."sender_id",
    "messages"."body", "messages"."client_id", "messages"."reply_to", "messages"."thread",
    "messages"."reply_count", "messages"."mentions", "messages"."created_at", "messages"."edited_at",
    "messages"."deleted_at", "messages"."pinned_at", ARRAY(SELECT ROW("media"."id", "media"."room_id",
    "media"."owner_id", "media"."file_name", "media"."content_type", "media"."size", "media"."width",
    "media"."height", "media"."thumbnail", "media"."status", "media"."created_at", "media"."attached",
    "media"."seq", "media"."place") FROM media WHERE media.room_id = messages.room_id AND media.seq =
    messages.seq ORDER BY media.place), ARRAY(SELECT ROW(reactions.emoji, count(*),
    coalesce(array_agg(reactions.user_id) FILTER (WHERE reactions.user_id = ANY($1)), '{}')) FROM reactions
    WHERE reactions.room_id = messages.room_id AND reactions.seq = messages.seq GROUP BY reactions.emoji ORDER
    BY min(reactions.num)) FROM ("messages" INNER JOIN "rooms" ON ("messages"."room_id" = "rooms"."id")) WHERE
    ((((("rooms"."deleted_at" IS NULL) AND ("messages"."room_id" = $2)) AND ("messages"."seq" > $3)) AND
    ("messages"."seq" <= $4)) AND ("messages"."thread" = $5)) ORDER BY "messages"."seq" ASC LIMIT $6;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'me']::uuid[], :'big', 0, 9223372036854775807, :'message', 50);
DEALLOCATE asked;

\echo
\echo '## Messages by id'
PREPARE asked AS
    SELECT "messages"."id", "messages"."room_id", "messages"."seq", "messages"."rev", "messages"."sender_id",
    "messages"."body", "messages"."client_id", "messages"."reply_to", "messages"."thread",
    "messages"."reply_count", "messages"."mentions", "messages"."created_at", "messages"."edited_at",
    "messages"."deleted_at", "messages"."pinned_at", ARRAY(SELECT ROW("media"."id", "media"."room_id",
    "media"."owner_id", "media"."file_name", "media"."content_type", "media"."size", "media"."width",
    "media"."height", "media"."thumbnail", "media"."status", "media"."created_at", "media"."attached",
    "media"."seq", "media"."place") FROM media WHERE media.room_id = messages.room_id AND media.seq =
    messages.seq ORDER BY media.place), ARRAY(SELECT ROW(reactions.emoji, count(*),
    coalesce(array_agg(reactions.user_id) FILTER (WHERE reactions.user_id = ANY($1)), '{}')) FROM reactions
    WHERE reactions.room_id = messages.room_id AND reactions.seq = messages.seq GROUP BY reactions.emoji ORDER
    BY min(reactions.num)) FROM ("messages" INNER JOIN "rooms" ON ("messages"."room_id" = "rooms"."id")) WHERE
    (("rooms"."deleted_at" IS NULL) AND ("messages"."id" = ANY($2)));
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'me']::uuid[], ARRAY[:'message']::uuid[]);
DEALLOCATE asked;

\echo
\echo '## A message by its client id'
PREPARE asked AS
    SELECT "client_ids"."fingerprint", "messages"."id", "messages"."room_id", "messages"."seq",
    "messages"."rev", "messages"."sender_id", "messages"."body", "messages"."client_id", "messages"."reply_to",
    "messages"."thread", "messages"."reply_count", "messages"."mentions", "messages"."created_at",
    "messages"."edited_at", "messages"."deleted_at", "messages"."pinned_at", ARRAY(SELECT ROW("media"."id",
    "media"."room_id", "media"."owner_id", "media"."file_name", "media"."content_type", "media"."size",
    "media"."width", "media"."height", "media"."thumbnail", "media"."status", "media"."created_at",
    "media"."attached", "media"."seq", "media"."place") FROM media WHERE media.room_id = messages.room_id AND
    media.seq = messages.seq ORDER BY media.place), ARRAY(SELECT ROW(reactions.emoji, count(*),
    coalesce(array_agg(reactions.user_id) FILTER (WHERE reactions.user_id = ANY($1)), '{}')) FROM reactions
    WHERE reactions.room_id = messages.room_id AND reactions.seq = messages.seq GROUP BY reactions.emoji ORDER
    BY min(reactions.num)) FROM (("client_ids" INNER JOIN "messages" ON (("messages"."room_id" =
    "client_ids"."room_id") AND ("messages"."seq" = "client_ids"."seq"))) INNER JOIN "rooms" ON ("rooms"."id" =
    "client_ids"."room_id")) WHERE ((("client_ids"."sender_id" = $2) AND ("client_ids"."client_id" = $3)) AND
    ("rooms"."deleted_at" IS NULL)) LIMIT $4;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'sender']::uuid[], :'sender', :'client', 1);
DEALLOCATE asked;

\echo
\echo '## What was said last in one''s rooms'
PREPARE asked AS
    SELECT "messages"."id", "messages"."room_id", "messages"."seq", "messages"."rev", "messages"."sender_id",
    "messages"."body", "messages"."client_id", "messages"."reply_to", "messages"."thread",
    "messages"."reply_count", "messages"."mentions", "messages"."created_at", "messages"."edited_at",
    "messages"."deleted_at", "messages"."pinned_at", ARRAY(SELECT ROW("media"."id", "media"."room_id",
    "media"."owner_id", "media"."file_name", "media"."content_type", "media"."size", "media"."width",
    "media"."height", "media"."thumbnail", "media"."status", "media"."created_at", "media"."attached",
    "media"."seq", "media"."place") FROM media WHERE media.room_id = messages.room_id AND media.seq =
    messages.seq ORDER BY media.place), ARRAY(SELECT ROW(reactions.emoji, count(*),
    coalesce(array_agg(reactions.user_id) FILTER (WHERE reactions.user_id = ANY($1)), '{}')) FROM reactions
    WHERE reactions.room_id = messages.room_id AND reactions.seq = messages.seq GROUP BY reactions.emoji ORDER
    BY min(reactions.num)) FROM ("messages" INNER JOIN "rooms" ON ("messages"."room_id" = "rooms"."id")) WHERE
    ((("rooms"."deleted_at" IS NULL) AND ("rooms"."id" = ANY($2))) AND ("messages"."seq" = "rooms"."last_seq"));
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'me']::uuid[], :'rooms'::uuid[]);
DEALLOCATE asked;

\echo
\echo '## Catching up: messages since a rev'
PREPARE asked AS
    SELECT "messages"."id", "messages"."room_id", "messages"."seq", "messages"."rev", "messages"."sender_id",
    "messages"."body", "messages"."client_id", "messages"."reply_to", "messages"."thread",
    "messages"."reply_count", "messages"."mentions", "messages"."created_at", "messages"."edited_at",
    "messages"."deleted_at", "messages"."pinned_at", ARRAY(SELECT ROW("media"."id", "media"."room_id",
    "media"."owner_id", "media"."file_name", "media"."content_type", "media"."size", "media"."width",
    "media"."height", "media"."thumbnail", "media"."status", "media"."created_at", "media"."attached",
    "media"."seq", "media"."place") FROM media WHERE media.room_id = messages.room_id AND media.seq =
    messages.seq ORDER BY media.place), ARRAY(SELECT ROW(reactions.emoji, count(*),
    coalesce(array_agg(reactions.user_id) FILTER (WHERE reactions.user_id = ANY($1)), '{}')) FROM reactions
    WHERE reactions.room_id = messages.room_id AND reactions.seq = messages.seq GROUP BY reactions.emoji ORDER
    BY min(reactions.num)) FROM "messages" WHERE ((("messages"."room_id" = $2) AND ("messages"."rev" > $3)) AND
    ("messages"."seq" > $4)) ORDER BY "messages"."rev" LIMIT $5;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'me']::uuid[], :'big', 999900, 0, 201);
DEALLOCATE asked;

\echo
\echo '## Catching up: members since a rev'
PREPARE asked AS
    SELECT "memberships"."room_id", "memberships"."user_id", "memberships"."role", "memberships"."joined_at",
    "memberships"."left_at", "memberships"."from_seq", "memberships"."rev", "memberships"."read_seq",
    "memberships"."delivered_seq", "memberships"."silenced_until", "memberships"."muted",
    "memberships"."muted_until" FROM "memberships" WHERE (("memberships"."room_id" = $1) AND
    ("memberships"."rev" > $2)) ORDER BY "memberships"."rev" LIMIT $3;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (:'big', 1000900, 201);
DEALLOCATE asked;

\echo
\echo '## Where rooms stand'
PREPARE asked AS
    SELECT "rooms"."id", "rooms"."last_seq", "rooms"."last_rev" FROM "rooms" WHERE (("rooms"."id" = ANY($1)) AND
    ("rooms"."deleted_at" IS NULL));
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (:'rooms'::uuid[]);
DEALLOCATE asked;

\echo
\echo '## Access: the room, one''s membership and ban'
PREPARE asked AS
    SELECT "rooms"."id", "rooms"."kind", "rooms"."low", "rooms"."high", "rooms"."name", "rooms"."name_key",
    "rooms"."description", "rooms"."owner_id", "rooms"."history", "rooms"."standing_invite",
    "rooms"."member_count", "rooms"."created_at", "rooms"."updated_at", "rooms"."active_at", "rooms"."rev",
    "rooms"."last_seq", "rooms"."last_rev", "rooms"."deleted_at", "memberships"."room_id",
    "memberships"."user_id", "memberships"."role", "memberships"."joined_at", "memberships"."left_at",
    "memberships"."from_seq", "memberships"."rev", "memberships"."read_seq", "memberships"."delivered_seq",
    "memberships"."silenced_until", "memberships"."muted", "memberships"."muted_until", "bans"."user_id" FROM
    (("rooms" LEFT OUTER JOIN "memberships" ON ((("memberships"."room_id" = "rooms"."id") AND
    ("memberships"."user_id" = $1)) AND ("memberships"."left_at" IS NULL))) LEFT OUTER JOIN "bans" ON
    (("bans"."room_id" = "rooms"."id") AND ("bans"."user_id" = $2))) WHERE (("rooms"."id" = $3) AND
    ("rooms"."deleted_at" IS NULL)) LIMIT $4;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (:'me', :'me', :'big', 1);
DEALLOCATE asked;

\echo
\echo '## Access to many rooms at once'
PREPARE asked (uuid[], uuid, uuid) AS
    SELECT "rooms"."id", "rooms"."kind", "rooms"."low", "rooms"."high", "rooms"."name", "rooms"."name_key",
    "rooms"."description", "rooms"."owner_id", "rooms"."history", "rooms"."standing_invite",
    "rooms"."member_count", "rooms"."created_at", "rooms"."updated_at", "rooms"."active_at", "rooms"."rev",
    "rooms"."last_seq", "rooms"."last_rev", "rooms"."deleted_at", "memberships"."room_id",
    "memberships"."user_id", "memberships"."role", "memberships"."joined_at", "memberships"."left_at",
    "memberships"."from_seq", "memberships"."rev", "memberships"."read_seq", "memberships"."delivered_seq",
    "memberships"."silenced_until", "memberships"."muted", "memberships"."muted_until", "bans"."user_id" FROM
    unnest($1) AS asked (room_id) JOIN rooms ON rooms.id = asked.room_id AND rooms.deleted_at IS NULL LEFT JOIN
    LATERAL (SELECT * FROM memberships AS seat WHERE seat.room_id = asked.room_id AND seat.left_at IS NULL AND
    seat.user_id = $2 LIMIT 1) AS memberships ON true LEFT JOIN LATERAL (SELECT user_id FROM bans AS ban WHERE
    ban.room_id = asked.room_id AND ban.user_id = $3 LIMIT 1) AS bans ON true;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (:'rooms'::uuid[], :'me', :'me');
DEALLOCATE asked;

\echo
\echo '## Who of a thousand still belongs where they are subscribed'
PREPARE asked (uuid[], uuid[]) AS
    SELECT asked.room_id, asked.user_id FROM unnest($1, $2) AS asked (room_id, user_id) JOIN memberships AS seat ON
    seat.room_id = asked.room_id AND seat.user_id = asked.user_id AND seat.left_at IS NULL JOIN rooms ON rooms.id =
    asked.room_id AND rooms.deleted_at IS NULL;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (:'pair_rooms'::uuid[], :'pair_users'::uuid[]);
DEALLOCATE asked;

\echo
\echo '## Where somebody''s coming and going is told'
PREPARE asked AS
    SELECT "memberships"."room_id" FROM ("memberships" INNER JOIN "rooms" ON ("memberships"."room_id" =
    "rooms"."id")) WHERE (((("memberships"."user_id" = $1) AND ("memberships"."left_at" IS NULL)) AND
    ("rooms"."deleted_at" IS NULL)) AND ("rooms"."member_count" <= $2)) ORDER BY "memberships"."room_id" DESC LIMIT
    $3;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (:'me', 500, 500);
DEALLOCATE asked;

\echo
\echo '## One''s rooms'
PREPARE asked AS
    SELECT "rooms"."id", "rooms"."kind", "rooms"."low", "rooms"."high", "rooms"."name", "rooms"."name_key",
    "rooms"."description", "rooms"."owner_id", "rooms"."history", "rooms"."standing_invite",
    "rooms"."member_count", "rooms"."created_at", "rooms"."updated_at", "rooms"."active_at", "rooms"."rev",
    "rooms"."last_seq", "rooms"."last_rev", "rooms"."deleted_at", "memberships"."room_id",
    "memberships"."user_id", "memberships"."role", "memberships"."joined_at", "memberships"."left_at",
    "memberships"."from_seq", "memberships"."rev", "memberships"."read_seq", "memberships"."delivered_seq",
    "memberships"."silenced_until", "memberships"."muted", "memberships"."muted_until" FROM ("memberships" INNER
    JOIN "rooms" ON ("memberships"."room_id" = "rooms"."id")) WHERE ((("memberships"."user_id" = $1) AND
    ("memberships"."left_at" IS NULL)) AND ("rooms"."deleted_at" IS NULL)) ORDER BY "rooms"."active_at" DESC,
    "rooms"."id" DESC;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (:'me');
DEALLOCATE asked;

\echo
\echo '## Unread mentions in one''s rooms'
PREPARE asked AS
    SELECT seat.room_id, unread.number FROM memberships AS seat JOIN rooms ON rooms.id = seat.room_id AND
    rooms.deleted_at IS NULL CROSS JOIN LATERAL (SELECT count(*) AS number FROM mentions WHERE mentions.user_id
    = seat.user_id AND mentions.room_id = seat.room_id AND mentions.seq > seat.read_seq) AS unread WHERE
    unread.number > 0 AND seat.left_at IS NULL AND seat.user_id = $1 AND seat.room_id = ANY($2);
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (:'me', :'rooms'::uuid[]);
DEALLOCATE asked;

\echo
\echo '## Reading on: a cursor moves'
PREPARE asked AS
    UPDATE memberships SET read_seq = greatest(read_seq, $1), delivered_seq = greatest(delivered_seq, $2) FROM
    rooms WHERE memberships.room_id = $3 AND memberships.user_id = $4 AND memberships.left_at IS NULL AND
    rooms.id = memberships.room_id AND rooms.deleted_at IS NULL AND rooms.last_seq >= $5 AND
    (memberships.read_seq < $6 OR memberships.delivered_seq < $7) RETURNING memberships.read_seq,
    memberships.delivered_seq;
BEGIN;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (900000, 900000, :'big', :'me', 900000, 900000, 900000);
ROLLBACK;
DEALLOCATE asked;

\echo
\echo '## Who has read how far, at the slowest'
PREPARE asked AS
    SELECT "memberships"."room_id", min("memberships"."read_seq"), min("memberships"."delivered_seq"),
    min("memberships"."from_seq") FROM ("memberships" INNER JOIN "rooms" ON ("memberships"."room_id" = "rooms"."id")) WHERE
    (((("memberships"."left_at" IS NULL) AND ("rooms"."deleted_at" IS NULL)) AND ("memberships"."room_id" =
    ANY($1))) AND ("memberships"."user_id" != $2)) GROUP BY "memberships"."room_id";
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (:'rooms'::uuid[], :'me');
DEALLOCATE asked;

\echo
\echo '## When people were seen'
SET plan_cache_mode = force_custom_plan;
PREPARE asked (uuid[], timestamptz[]) AS
    WITH later AS (
        SELECT users.id, seen.at
        FROM unnest($1, $2) AS seen (id, at)
        JOIN users ON users.id = seen.id
        WHERE users.last_seen_at IS NULL OR users.last_seen_at < seen.at
        ORDER BY users.id
        FOR NO KEY UPDATE OF users
    )
    UPDATE users SET last_seen_at = later.at FROM later WHERE users.id = later.id;
BEGIN;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[:'me', :'sender']::uuid[], ARRAY[now(), now()]);
ROLLBACK;
DEALLOCATE asked;

\echo
\echo '## Searching a rare word in one''s few rooms'
PREPARE asked AS
    WITH hits AS MATERIALIZED (
        SELECT room_id, seq, id
        FROM (
            SELECT room_id, seq, id, sender_id, created_at
            FROM messages
            WHERE words @> $1 AND ($2::text[] IS NULL OR words && $2)
            OFFSET 0
        ) AS found
        WHERE ($4::uuid IS NULL OR sender_id = $4)
            AND ($5::timestamptz IS NULL OR created_at < $5)
            AND ($6::timestamptz IS NULL OR created_at >= $6)
            AND ($7::uuid IS NULL OR id < $7)
        LIMIT $8
    )
    SELECT NULL::uuid AS id, NULL::uuid AS room_id, count(*) AS hits FROM hits
    UNION ALL (
        SELECT hits.id, hits.room_id, 0
        FROM hits
        JOIN memberships ON memberships.room_id = hits.room_id AND memberships.user_id = $3
        JOIN rooms ON rooms.id = hits.room_id
        WHERE memberships.left_at IS NULL
            AND rooms.deleted_at IS NULL
            AND hits.seq > memberships.from_seq
        ORDER BY hits.id DESC
        LIMIT $9
    );
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked ('{w40000}', :'marks', :'sender', NULL, NULL, NULL, NULL, 5001, 25);
DEALLOCATE asked;

\echo
\echo '## Searching two words in one''s two hundred rooms'
PREPARE asked AS
    WITH hits AS MATERIALIZED (
        SELECT room_id, seq, id
        FROM (
            SELECT room_id, seq, id, sender_id, created_at
            FROM messages
            WHERE words @> $1 AND ($2::text[] IS NULL OR words && $2)
            OFFSET 0
        ) AS found
        WHERE ($4::uuid IS NULL OR sender_id = $4)
            AND ($5::timestamptz IS NULL OR created_at < $5)
            AND ($6::timestamptz IS NULL OR created_at >= $6)
            AND ($7::uuid IS NULL OR id < $7)
        LIMIT $8
    )
    SELECT NULL::uuid AS id, NULL::uuid AS room_id, count(*) AS hits FROM hits
    UNION ALL (
        SELECT hits.id, hits.room_id, 0
        FROM hits
        JOIN memberships ON memberships.room_id = hits.room_id AND memberships.user_id = $3
        JOIN rooms ON rooms.id = hits.room_id
        WHERE memberships.left_at IS NULL
            AND rooms.deleted_at IS NULL
            AND hits.seq > memberships.from_seq
        ORDER BY hits.id DESC
        LIMIT $9
    );
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked ('{w20,w300}', NULL, :'me', NULL, NULL, NULL, NULL, 5001, 25);
DEALLOCATE asked;

\echo
\echo '## Searching a word that a third of all messages has: the index of words, followed so far and no further'
PREPARE asked AS
    WITH hits AS MATERIALIZED (
        SELECT room_id, seq, id
        FROM (
            SELECT room_id, seq, id, sender_id, created_at
            FROM messages
            WHERE words @> $1 AND ($2::text[] IS NULL OR words && $2)
            OFFSET 0
        ) AS found
        WHERE ($4::uuid IS NULL OR sender_id = $4)
            AND ($5::timestamptz IS NULL OR created_at < $5)
            AND ($6::timestamptz IS NULL OR created_at >= $6)
            AND ($7::uuid IS NULL OR id < $7)
        LIMIT $8
    )
    SELECT NULL::uuid AS id, NULL::uuid AS room_id, count(*) AS hits FROM hits
    UNION ALL (
        SELECT hits.id, hits.room_id, 0
        FROM hits
        JOIN memberships ON memberships.room_id = hits.room_id AND memberships.user_id = $3
        JOIN rooms ON rooms.id = hits.room_id
        WHERE memberships.left_at IS NULL
            AND rooms.deleted_at IS NULL
            AND hits.seq > memberships.from_seq
        ORDER BY hits.id DESC
        LIMIT $9
    );
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked ('{the}', :'marks', :'sender', NULL, NULL, NULL, NULL, 5001, 25);
DEALLOCATE asked;

\echo
\echo '## Searching a word that a third of all messages has: then by age'
PREPARE asked AS
    SELECT found.id, found.room_id, 0::bigint AS hits
    FROM (
        SELECT room_id, seq, id, sender_id, created_at, words
        FROM messages
        WHERE id < coalesce($7::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
        ORDER BY id DESC
        LIMIT $8
    ) AS found
    JOIN memberships ON memberships.room_id = found.room_id AND memberships.user_id = $3
    JOIN rooms ON rooms.id = found.room_id
    WHERE found.words @> $1 AND ($2::text[] IS NULL OR found.words && $2)
        AND ($4::uuid IS NULL OR found.sender_id = $4)
        AND ($5::timestamptz IS NULL OR found.created_at < $5)
        AND ($6::timestamptz IS NULL OR found.created_at >= $6)
        AND memberships.left_at IS NULL
        AND rooms.deleted_at IS NULL
        AND found.seq > memberships.from_seq
    ORDER BY found.id DESC
    LIMIT $9;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked ('{the}', :'marks', :'sender', NULL, NULL, NULL, NULL, 20000, 25);
DEALLOCATE asked;

\echo
\echo '## People by the beginning of a name'
PREPARE asked AS
    SELECT found.*
    FROM (
        SELECT users.*
        FROM (
            SELECT DISTINCT user_id
            FROM name_starts
            WHERE start >= $1 AND ($2::text IS NULL OR start < $2)
            OFFSET 0
        ) AS named
        JOIN users ON users.id = named.user_id
        OFFSET 0
    ) AS found
    ORDER BY found.username_key
    LIMIT $3;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked ('person12', 'person13', 20);
DEALLOCATE asked;

\echo
\echo '## The outbox: who holds the lanes'
SET plan_cache_mode = force_generic_plan;
PREPARE asked AS
    SELECT "outbox_lanes"."lane", "outbox_lanes"."holder", "outbox_lanes"."until" FROM "outbox_lanes"
    WHERE ("outbox_lanes"."lane" = ANY($1));
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[1, 3, 5]);
DEALLOCATE asked;

\echo
\echo '## The outbox: taking lanes'
PREPARE asked (integer[], uuid, timestamptz, timestamptz) AS
    INSERT INTO outbox_lanes (lane, holder, until)
    SELECT lane, $2, $4 FROM unnest($1) AS lanes (lane) ORDER BY lane
    ON CONFLICT (lane) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE outbox_lanes.holder = excluded.holder OR outbox_lanes.until <= $3;
BEGIN;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[1, 3, 5], :'me', now(), now());
ROLLBACK;
DEALLOCATE asked;

\echo
\echo '## The outbox: the oldest events of one''s lanes'
PREPARE asked (integer[], uuid, timestamptz, bigint) AS
    SELECT oldest.* FROM outbox_lanes CROSS JOIN LATERAL
    (SELECT id, lane, at, room_id, topic, subject, num FROM outbox
    WHERE outbox.lane = outbox_lanes.lane ORDER BY num LIMIT $4) AS oldest
    WHERE outbox_lanes.lane = ANY($1) AND outbox_lanes.holder = $2 AND outbox_lanes.until >= $3
    ORDER BY oldest.lane, oldest.num;
BEGIN;
INSERT INTO outbox_lanes (lane, holder, until)
    SELECT lane, :'me', now() + interval '30 s' FROM generate_series(0, 15) AS lane;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (ARRAY[1, 3, 5], :'me', now(), 100);
ROLLBACK;
DEALLOCATE asked;

\echo
\echo '## The outbox: forgetting what was told'
PREPARE asked (uuid[]) AS
    DELETE FROM outbox WHERE id = ANY($1)
    AND (SELECT set_config('synchronous_commit', 'off', true)) = 'off';
BEGIN;
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked (:'events'::uuid[]);
ROLLBACK;
DEALLOCATE asked;

\echo
\echo '## Searching a word that a third of all messages has: where they are old, the index to its end'
SET plan_cache_mode = force_custom_plan;
PREPARE asked AS
    WITH hits AS MATERIALIZED (
        SELECT room_id, seq, id
        FROM (
            SELECT room_id, seq, id, sender_id, created_at
            FROM messages
            WHERE words @> $1 AND ($2::text[] IS NULL OR words && $2)
            OFFSET 0
        ) AS found
        WHERE ($4::uuid IS NULL OR sender_id = $4)
            AND ($5::timestamptz IS NULL OR created_at < $5)
            AND ($6::timestamptz IS NULL OR created_at >= $6)
            AND ($7::uuid IS NULL OR id < $7)
        LIMIT $8
    )
    SELECT NULL::uuid AS id, NULL::uuid AS room_id, count(*) AS hits FROM hits
    UNION ALL (
        SELECT hits.id, hits.room_id, 0
        FROM hits
        JOIN memberships ON memberships.room_id = hits.room_id AND memberships.user_id = $3
        JOIN rooms ON rooms.id = hits.room_id
        WHERE memberships.left_at IS NULL
            AND rooms.deleted_at IS NULL
            AND hits.seq > memberships.from_seq
        ORDER BY hits.id DESC
        LIMIT $9
    );
EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked ('{the}', :'marks', :'sender', NULL, NULL, NULL, NULL,
    9223372036854775807, 25);
DEALLOCATE asked;
