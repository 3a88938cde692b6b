-- Fills a migrated, empty database like one that has been in use for years: 10,000 users, 2,000
-- rooms, two million messages, a million of them in one room. For looking at plans, see docs/data.md:
--
--     createdb tertulia_plans
--     psql -d tertulia_plans -f migrations/postgres/0001_foundation/up.sql -f docs/plans/fill.sql
--     psql -d tertulia_plans -f docs/plans/explain.sql
--
-- Five people belong to 200 rooms, the others to ten or so. Word number n of the texts is as frequent as
-- n^(-2/3), as words are; `the` is in one message of three.

\set ON_ERROR_STOP on
\set people 10000
\set rooms 2000
\set members 50
\set longest 1000000
\set usual 500
SET synchronous_commit = off;
SELECT setseed(0.5);

-- Ids as the servers generate them: they begin with the time, so they are ascending.
CREATE FUNCTION pg_temp.id(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(1700000000000 + n * 50), 12, '0') || '7' || lpad(to_hex(kind), 3, '0')
        || '8' || lpad(to_hex(n), 15, '0'))::uuid
$$;

CREATE FUNCTION pg_temp.moment(n bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT to_timestamp((1700000000000 + n * 50) / 1000.0)
$$;

INSERT INTO users (id, username, username_key, display_name, email, password, created_at)
SELECT pg_temp.id(1, n), 'person' || n, 'person' || n, 'Person ' || n, 'person' || n || '@example.org', 'hash',
    pg_temp.moment(n)
FROM generate_series(1, :people) AS n;

INSERT INTO name_starts (start, user_id)
SELECT start, pg_temp.id(1, n)
FROM generate_series(1, :people) AS n, unnest(ARRAY['person' || n, 'person ' || n, n::text]) AS start;

INSERT INTO blocks (blocker_id, blocked_id, at)
SELECT pg_temp.id(1, n), pg_temp.id(1, 1 + (n + k * 13) % :people), pg_temp.moment(n)
FROM generate_series(1, :people) AS n, generate_series(1, 2) AS k;

-- Room 1 has twenty times as many members.
INSERT INTO rooms (id, kind, name, name_key, owner_id, history, member_count, created_at, updated_at, active_at, rev,
    last_seq, last_rev)
SELECT pg_temp.id(2, n), CASE WHEN n % 4 = 0 THEN 'public' ELSE 'private' END, 'Room ' || n, 'room ' || n,
    pg_temp.id(1, n), 'all', count, pg_temp.moment(n), pg_temp.moment(n), pg_temp.moment(n), 1, last,
    last + count + 1
FROM generate_series(1, :rooms) AS n,
    LATERAL (SELECT CASE WHEN n = 1 THEN :members * 20 ELSE :members END,
        CASE WHEN n = 1 THEN :longest ELSE :usual END) AS size (count, last);

INSERT INTO memberships (room_id, user_id, role, joined_at, from_seq, rev, read_seq, delivered_seq, muted)
SELECT rooms.id, pg_temp.id(1, CASE WHEN k <= 5 AND room <= 200 THEN k ELSE 6 + (room * 97 + k) % (:people - 5) END),
    CASE WHEN k = 1 THEN 'owner' ELSE 'member' END, rooms.created_at, 0, rooms.last_seq + k,
    rooms.last_seq / 2, rooms.last_seq / 2, false
FROM generate_series(1, :rooms) AS room
JOIN rooms ON rooms.id = pg_temp.id(2, room),
    LATERAL generate_series(1, rooms.member_count) AS k;

INSERT INTO bans (room_id, user_id, at, by_id)
SELECT pg_temp.id(2, room), pg_temp.id(1, 6 + (room * 97 + 1000 + k) % (:people - 5)), pg_temp.moment(room),
    pg_temp.id(1, room)
FROM generate_series(1, :rooms) AS room, generate_series(1, 5) AS k;

INSERT INTO invites (code, room_id, created_by, created_at, uses)
SELECT md5(room || '/' || k), pg_temp.id(2, room), pg_temp.id(1, room), pg_temp.moment(room), 0
FROM generate_series(1, :rooms) AS room, generate_series(1, 5) AS k;

CREATE TEMP TABLE posted AS
SELECT n, room, seq, 6 + (room * 97 + 6 + (random() * 13)::int) % (:people - 5) AS sender,
    ARRAY(
        SELECT DISTINCT word FROM (
            SELECT 'w' || floor(power(random(), 3) * 50000)::int FROM generate_series(1, 6 + n % 5)
            UNION ALL SELECT 'the' WHERE random() < 0.33
        ) AS drawn (word)
    ) AS words
FROM (
    SELECT row_number() OVER (ORDER BY seq::float / CASE WHEN room = 1 THEN :longest ELSE :usual END) AS n, room, seq
    FROM generate_series(1, :rooms) AS room,
        LATERAL generate_series(1, CASE WHEN room = 1 THEN :longest ELSE :usual END) AS seq
) AS order_of_time;

INSERT INTO messages (room_id, seq, rev, id, sender_id, body, client_id, reply_count, mentions, created_at, pinned_at,
    words)
SELECT pg_temp.id(2, room), seq, seq, pg_temp.id(3, n), pg_temp.id(1, sender), array_to_string(words, ' '),
    pg_temp.id(4, n), 0,
    CASE WHEN n % 50 = 0 THEN ARRAY[pg_temp.id(1, 1 + n / 50 % 5)] ELSE '{}'::uuid[] END,
    pg_temp.moment(n), CASE WHEN n % 10000 = 0 THEN pg_temp.moment(n) END,
    words || ('§' || replace(pg_temp.id(2, room)::text, '-', ''))
FROM posted ORDER BY n;

INSERT INTO client_ids (sender_id, client_id, room_id, seq, fingerprint)
SELECT sender_id, client_id, room_id, seq, sha256(body::bytea) FROM messages;

INSERT INTO mentions (user_id, room_id, seq)
SELECT unnest(mentions), room_id, seq FROM messages WHERE mentions <> '{}';

INSERT INTO reactions (room_id, seq, emoji, user_id)
SELECT room_id, seq, '👍', sender_id FROM messages WHERE seq % 20 = 0;

INSERT INTO media (id, room_id, owner_id, file_name, content_type, size, thumbnail, status, created_at, attached, seq,
    place)
SELECT pg_temp.id(5, n), room_id, sender_id, 'picture.png', 'image/png', 100000, true, 'ready', created_at, true, seq, 0
FROM messages, LATERAL (SELECT (extract(epoch FROM created_at) * 1000)::bigint) AS moment (n)
WHERE seq % 20 = 0;

INSERT INTO outbox (id, lane, at, room_id, topic, subject)
SELECT pg_temp.id(6, n), n % 16, pg_temp.moment(n), pg_temp.id(2, 1), 'message.created', pg_temp.id(3, n)
FROM generate_series(1, 2000) AS n;

DROP TABLE posted;
VACUUM (ANALYZE);
