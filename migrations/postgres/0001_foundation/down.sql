DROP TABLE outbox_parked, outbox_lanes, outbox;
DROP TABLE media, mentions, reactions, client_ids, messages;
DROP TABLE invites, bans, memberships, rooms;
DROP TABLE blocks, name_starts, users;
DROP TABLE meta;
